//! Printing and parsing are inverse: every tree that the notation can say prints as text that parses
//! to the same tree. All pairs of operators are tried in all places, and random trees.

use proptest::prelude::*;
use zgrad::syntax::tree::{
    Ast, BinaryOp, CompareOp, Derivative, Expr, For, Pattern, Reducer, Span, Subscript, Tree, UnaryOp,
};
use zgrad::syntax::{parse, print};

/// Asserts that a tree prints as text that parses to the same tree, and prints the same again.
fn round_trip(tree: &Tree, ast: Ast) {
    let text = print::expression(tree, ast);
    let mut again = Tree::default();
    let parsed = parse::parse_expression(&mut again, "<printed>", &text);
    let parsed = parsed.unwrap_or_else(|errors| panic!("`{text}` does not parse: {errors:?}"));
    let other = print::expression(&again, parsed);
    assert!(print::same(tree, ast, &again, parsed), "`{text}` parses to another tree, `{other}`");
    assert_eq!(text, other);
}

/// Makes trees by choices that are read from bytes; when they run out, small ones.
struct Maker<'b> {
    tree: Tree,
    choices: std::slice::Iter<'b, u8>,
}

impl Maker<'_> {
    fn choose(&mut self, count: usize) -> usize {
        self.choices.next().map_or(0, |byte| usize::from(*byte) % count)
    }

    fn add(&mut self, expr: Expr) -> Ast {
        self.tree.add(expr, Span::default())
    }

    fn named(&mut self, text: &str) -> Ast {
        let name = self.tree.intern(text);
        self.add(Expr::Name(name))
    }

    fn leaf(&mut self) -> Ast {
        let names = ["x", "y", "e", "E2", "e3", "n", "sum", "θ", "T", "_a", "inf", "diff"];
        let numbers = [0.5, 1e200, 1e-7, 2.0, 0.1, 123456789.125, 5e-324];
        match self.choose(5) {
            0..=2 => {
                let at = self.choose(names.len());
                self.named(names[at])
            }
            3 => {
                let integer = self.choose(12) as i64;
                self.add(Expr::Number { value: integer as f64, integer: Some(integer) })
            }
            _ => {
                let at = self.choose(numbers.len());
                self.add(Expr::Number { value: numbers[at], integer: None })
            }
        }
    }

    fn many(&mut self, least: usize, depth: usize) -> Vec<Ast> {
        let count = least + self.choose(3);
        (0..count).map(|_| self.expr(depth)).collect()
    }

    fn pattern(&mut self) -> Pattern {
        let name = |maker: &mut Self, text| Pattern::Name(maker.tree.intern(text), Span::default());
        let (a, b, c) = (name(self, "a"), name(self, "b"), name(self, "c"));
        match self.choose(4) {
            0..=1 => a,
            2 => Pattern::Tuple(vec![a, b]),
            _ => Pattern::Tuple(vec![a, Pattern::Tuple(vec![b, c])]),
        }
    }

    fn over(&mut self, depth: usize) -> Vec<For> {
        let count = 1 + self.choose(3);
        (0..count).map(|_| self.index(depth)).collect()
    }

    fn index(&mut self, depth: usize) -> For {
        let name = self.tree.intern("i");
        let range = (self.choose(3) > 0).then(|| (self.expr(depth), self.expr(depth)));
        For { name, span: Span::default(), range }
    }

    fn cond(&mut self, depth: usize) -> Option<Ast> {
        (self.choose(2) > 0).then(|| self.expr(depth))
    }

    fn bindings(&mut self, depth: usize) -> Vec<(Pattern, Ast)> {
        let count = 1 + self.choose(2);
        (0..count).map(|_| (self.pattern(), self.expr(depth))).collect()
    }

    fn callee(&mut self) -> Ast {
        let name = ["f", "log", "argmax", "e2"][self.choose(4)];
        let name = self.named(name);
        let field = self.tree.intern("g");
        match self.choose(4) {
            0 => self.add(Expr::Prime { of: name, order: 2 }),
            1 => self.add(Expr::Field { of: name, name: field }),
            _ => name,
        }
    }

    fn expr(&mut self, depth: usize) -> Ast {
        if depth == 0 {
            return self.leaf();
        }
        let depth = depth - 1;
        let expr = match self.choose(24) {
            0..=1 => return self.leaf(),
            2..=6 => {
                let op = BINARY[self.choose(BINARY.len())];
                let (left, right) = (self.expr(depth), self.expr(depth));
                Expr::Binary(op, left, right)
            }
            7 => {
                let number = self.choose(10) as i64;
                let left = self.add(Expr::Number { value: number as f64, integer: Some(number) });
                let left = if self.choose(2) > 0 { left } else { self.add(Expr::Unary(UnaryOp::Neg, left)) };
                let right = self.expr(depth);
                Expr::Binary(BinaryOp::Juxtapose, left, right)
            }
            8..=9 => {
                let op = UNARY[self.choose(UNARY.len())];
                Expr::Unary(op, self.expr(depth))
            }
            10 => {
                let first = self.expr(depth);
                let op = |maker: &mut Self| {
                    [CompareOp::Less, CompareOp::NotEqual, CompareOp::Equal][maker.choose(3)]
                };
                let links = self.many(1, depth).into_iter().map(|right| (op(self), right)).collect();
                Expr::Compare(first, links)
            }
            11 => {
                let arms = self.many(1, depth).into_iter().map(|cond| (cond, self.expr(depth))).collect();
                let otherwise = self.expr(depth);
                Expr::If { arms, otherwise, braces: self.choose(2) > 0 }
            }
            12 => {
                let (bindings, body) = (self.bindings(depth), self.expr(depth));
                Expr::Let { bindings, body, after: self.choose(2) > 0 }
            }
            13 => {
                let count = 1 + self.choose(2);
                let names = ["x", "y"][..count].iter();
                let params = names.map(|name| (self.tree.intern(name), Span::default())).collect();
                Expr::Lambda { params, body: self.expr(depth) }
            }
            14 => {
                let (args, callee) = (self.many(0, depth), self.callee());
                Expr::Call { callee, args, elementwise: self.choose(3) == 0 }
            }
            15 => {
                let array = self.expr(depth);
                let at = self.many(1, depth).into_iter().map(|at| self.subscript(at, depth)).collect();
                Expr::Index { array, at }
            }
            16 => {
                let (of, name) = (self.expr(depth), self.tree.intern("part"));
                if self.choose(2) > 0 { Expr::Field { of, name } } else { Expr::Prime { of, order: 1 } }
            }
            17 => Expr::Array(self.many(0, depth)),
            18 => Expr::Tuple(self.many(1, depth)),
            19 => {
                let name = self.tree.intern("x");
                Expr::Record(self.many(1, depth).into_iter().map(|value| (name, value)).collect())
            }
            20 => {
                let (body, over, cond) = (self.expr(depth), self.over(depth), self.cond(depth));
                match self.choose(3) {
                    0 => Expr::Comprehension { body, over: over.into(), cond },
                    at => Expr::Reduce {
                        op: [Reducer::Sum, Reducer::Max][at - 1],
                        body,
                        over: over.into(),
                        cond,
                    },
                }
            }
            21 => {
                let (state, init, over) =
                    (Box::new(self.pattern()), self.expr(depth), Box::new(self.index(depth)));
                Expr::Fold { state, init, over, next: self.expr(depth), trace: self.choose(2) > 0 }
            }
            22 => {
                let (state, init, cond) = (Box::new(self.pattern()), self.expr(depth), self.expr(depth));
                Expr::Iterate { state, init, cond, next: self.expr(depth) }
            }
            _ => {
                let by = vec![(self.tree.intern("x"), Span::default())];
                Expr::Derivative { kind: Derivative::Diff, body: self.expr(depth), by }
            }
        };
        self.add(expr)
    }

    fn subscript(&mut self, at: Ast, depth: usize) -> Subscript {
        match self.choose(4) {
            0 => Subscript::All,
            1 => Subscript::Range(at, self.expr(depth)),
            _ => Subscript::At(at),
        }
    }
}

const BINARY: [BinaryOp; 13] = [
    BinaryOp::Add,
    BinaryOp::Sub,
    BinaryOp::Mul,
    BinaryOp::Div,
    BinaryOp::Pow,
    BinaryOp::DotAdd,
    BinaryOp::DotSub,
    BinaryOp::DotMul,
    BinaryOp::DotDiv,
    BinaryOp::Inner,
    BinaryOp::Cross,
    BinaryOp::And,
    BinaryOp::Or,
];

const UNARY: [UnaryOp; 4] = [UnaryOp::Neg, UnaryOp::Not, UnaryOp::Factorial, UnaryOp::Transpose];

/// Every form an operand can take, by number, with `x` in its innermost place.
fn form(maker: &mut Maker, number: usize, inner: Ast) -> Option<Ast> {
    let two = maker.add(Expr::Number { value: 2.0, integer: Some(2) });
    let y = maker.named("y");
    let name = maker.tree.intern("s");
    let bound = || vec![(Pattern::Name(name, Span::default()), two)];
    let expr = match number {
        0..=12 => Expr::Binary(BINARY[number], inner, y),
        13..=25 => Expr::Binary(BINARY[number - 13], y, inner),
        26..=29 => Expr::Unary(UNARY[number - 26], inner),
        30 => Expr::Binary(BinaryOp::Juxtapose, two, inner),
        31 => Expr::Compare(inner, vec![(CompareOp::Less, y)]),
        32 => Expr::Compare(y, vec![(CompareOp::Less, inner), (CompareOp::LessEqual, y)]),
        33 => Expr::If { arms: vec![(inner, y)], otherwise: y, braces: false },
        34 => Expr::If { arms: vec![(y, inner)], otherwise: y, braces: false },
        35 => Expr::If { arms: vec![(y, y)], otherwise: inner, braces: false },
        36 => Expr::If { arms: vec![(y, inner)], otherwise: inner, braces: true },
        37 => Expr::Let { bindings: bound(), body: inner, after: false },
        38 => Expr::Let { bindings: bound(), body: inner, after: true },
        39 => Expr::Lambda { params: vec![(name, Span::default())], body: inner },
        40 => Expr::Call { callee: y, args: vec![inner], elementwise: false },
        41 => Expr::Call { callee: y, args: vec![inner, inner], elementwise: true },
        42 => Expr::Index { array: inner, at: vec![Subscript::At(y)] },
        43 => Expr::Index { array: y, at: vec![Subscript::At(inner), Subscript::Range(inner, inner)] },
        44 => Expr::Field { of: inner, name },
        45 => Expr::Prime { of: inner, order: 1 },
        46 => Expr::Array(vec![inner, inner]),
        47 => Expr::Tuple(vec![inner]),
        48 => {
            let over = [For { name, span: Span::default(), range: Some((inner, inner)) }].into();
            Expr::Reduce { op: Reducer::Sum, body: inner, over, cond: Some(inner) }
        }
        49 => Expr::Number { value: -2.0, integer: Some(-2) },
        _ => return None,
    };
    Some(maker.add(expr))
}

#[test]
fn every_pair_of_forms_in_every_place() {
    let mut pairs = 0;
    for outer in 0.. {
        let mut maker = Maker { tree: Tree::default(), choices: [].iter() };
        let x = maker.named("x");
        if form(&mut maker, outer, x).is_none() {
            break;
        }
        for middle in 0.. {
            let mut maker = Maker { tree: Tree::default(), choices: [].iter() };
            let x = maker.named("x");
            let Some(inside) = form(&mut maker, middle, x) else { break };
            let Some(whole) = form(&mut maker, outer, inside) else { break };
            if outer == 49 || middle == 49 {
                // A negative literal is no tree of the parser's; it prints as text of the same meaning.
                let text = print::expression(&maker.tree, whole);
                parse::parse_expression(&mut Tree::default(), "<printed>", &text).expect(&text);
                continue;
            }
            round_trip(&maker.tree, whole);
            pairs += 1;
        }
    }
    assert!(pairs > 2000, "{pairs} pairs were tried");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_trees_round_trip(choices in proptest::collection::vec(any::<u8>(), 0..300)) {
        let mut maker = Maker { tree: Tree::default(), choices: choices.iter() };
        let ast = maker.expr(6);
        round_trip(&maker.tree, ast);
    }

    #[test]
    fn random_texts_do_not_panic(text in "[-+*/^()\\[\\]{}x2e.,;:=~<>!' \n#\"π²ᵀ√∑]{0,60}") {
        let mut tree = Tree::default();
        parse::parse(&mut tree, "<random>", &text);
        parse::parse(&mut tree, "<random>", &format!("f(x) = {text}"));
        print::file(&tree, &tree.items);
    }

    #[test]
    fn random_words_do_not_panic(words in proptest::collection::vec(0..WORDS.len(), 0..30)) {
        let words: Vec<&str> = words.into_iter().map(|word| WORDS[word]).collect();
        let text = words.join(" ");
        let mut tree = Tree::default();
        for text in [format!("f(x) = {text}"), text.clone(), format!("f({text}"), format!("test {text}")] {
            parse::parse(&mut tree, "<random>", &text);
        }
        for item in &tree.items {
            let printed = print::item(&tree, item);
            let mut again = Tree::default();
            let diagnostics = parse::parse(&mut again, "<printed>", &printed);
            prop_assert!(diagnostics.is_empty(), "{text} prints as {printed}, {diagnostics:?}");
            prop_assert_eq!(print::item(&again, &again.items[0]), printed);
        }
    }
}

const WORDS: [&str; 58] = [
    "x",
    "y",
    "2",
    "1.5",
    "+",
    "-",
    "*",
    "/",
    "^",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ",",
    ";",
    ":",
    "=",
    "..",
    "->",
    "for",
    "in",
    "if",
    "then",
    "else",
    "otherwise",
    "let",
    "where",
    "while",
    "and",
    "not",
    "<",
    "==",
    "f(",
    "sum(",
    "fold(s = 0",
    "iterate(s = 0",
    "a[",
    "x'",
    "n!",
    "x²",
    "√",
    "2x",
    "2(",
    "(a, b) =",
    "for i",
    "for i in 1..2",
    "a = 1",
    "(x, y) ->",
    "R[n]",
    "~",
    ".part",
    "diff(x, x)",
    "diff(",
    "x)",
    "{x: 1",
    "1..2",
];
