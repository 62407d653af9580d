//! Expressions as text with places to break. A stack of its own in place of recursion: an operator
//! puts its parts on the stack in the order in which they are to be printed.

use super::super::build::is_number;
use super::super::precedence::{
    ATOM, COMPARE, JUXTAPOSE, NEG, NOT, OPEN, OR, POSTFIX, POWER, PRODUCT, WHERE, level,
};
use super::super::tree::{
    Ast, BinaryOp, CompareOp, Derivative, Expr, For, Name, Pattern, Reducer, Subscript, Tree, UnaryOp,
};
use super::layout::{Doc, Style};
use super::number;

/// The surroundings of an expression.
#[derive(Debug, Clone, Copy)]
pub struct Around {
    /// What binds less tightly than this takes brackets.
    pub least: u8,
    /// Whether a leading minus sign needs no brackets.
    pub lead: bool,
    /// Whether sums are written without spaces, as in an index.
    pub tight: bool,
}

/// The surroundings of an expression that stands alone.
pub const ALONE: Around = Around { least: WHERE, lead: true, tight: false };

impl Around {
    pub fn least(self, least: u8) -> Around {
        Around { least, ..self }
    }

    /// To the right of an operator.
    fn right(self, least: u8) -> Around {
        Around { least, lead: false, ..self }
    }
}

/// What is still to be printed.
#[derive(Debug)]
enum Work {
    Expr(Ast, Around),
    Word(&'static str),
    Name(Name),
    Number(f64, Option<i64>),
    Primes(u32),
    Pattern(Pattern),
    Space,
    Cut,
    Open(Style, u8),
    Close,
}

/// Prints expressions into one document.
pub struct Printer<'t> {
    pub tree: &'t Tree,
    pub doc: Doc,
    work: Vec<Work>,
    /// The parts of the expression at hand, in order.
    parts: Vec<Work>,
}

impl<'t> Printer<'t> {
    pub fn new(tree: &'t Tree) -> Self {
        Printer { tree, doc: Doc::default(), work: Vec::new(), parts: Vec::new() }
    }

    pub fn finish(self) -> String {
        self.doc.layout()
    }

    /// Prints an expression that stands alone.
    pub fn expression(&mut self, ast: Ast) {
        self.print(ast, ALONE);
    }

    pub fn print(&mut self, ast: Ast, around: Around) {
        self.work.push(Work::Expr(ast, around));
        self.run();
    }

    /// Prints `where a = 1, b = 2`, or the bindings of a `let`.
    pub fn bindings(&mut self, bindings: &[(Pattern, Ast)]) {
        self.binding_parts(bindings);
        self.flush();
        self.run();
    }

    fn run(&mut self) {
        while let Some(work) = self.work.pop() {
            match work {
                Work::Expr(ast, around) => {
                    self.expr(ast, around);
                    self.flush();
                }
                Work::Word(word) => self.doc.text(word),
                Work::Name(name) => self.doc.text(self.tree.text(name)),
                Work::Number(value, integer) => self.doc.text(&number(value, integer)),
                Work::Primes(order) => self.doc.text(&"'".repeat(order as usize)),
                Work::Pattern(pattern) => self.pattern_parts(pattern),
                Work::Space => self.doc.space(),
                Work::Cut => self.doc.cut(),
                Work::Open(style, indent) => self.doc.open(style, indent),
                Work::Close => self.doc.close(),
            }
        }
    }

    /// Puts the parts of an expression on the stack, the first on top.
    fn flush(&mut self) {
        self.work.extend(self.parts.drain(..).rev());
    }

    fn put(&mut self, parts: impl IntoIterator<Item = Work>) {
        self.parts.extend(parts);
    }

    fn word(&mut self, word: &'static str) {
        self.parts.push(Work::Word(word));
    }

    fn sub(&mut self, ast: Ast, around: Around) {
        self.parts.push(Work::Expr(ast, around));
    }

    /// The parts of one expression, in brackets if its surroundings ask for them.
    fn expr(&mut self, ast: Ast, around: Around) {
        let ast = self.plain(ast);
        let own = self.level(ast);
        let minus = !around.lead && (own == NEG || self.is_negative_multiple(ast));
        if own < around.least || minus {
            self.word("(");
            self.put([Work::Open(Style::Fill, 2)]);
            self.bare(ast, Around { least: WHERE, lead: true, tight: around.tight });
            self.put([Work::Close]);
            self.word(")");
        } else {
            self.bare(ast, around);
        }
    }

    /// Whether this is `-2x`, whose sign cannot have brackets of its own.
    fn is_negative_multiple(&self, ast: Ast) -> bool {
        match self.tree.expr(ast) {
            Expr::Binary(BinaryOp::Juxtapose, left, _) => {
                is_number(self.tree, *left) && self.level(*left) == NEG
            }
            _ => false,
        }
    }

    /// Looks through constructs that say nothing: a `let` without bindings, an `if` without cases.
    fn plain(&self, mut ast: Ast) -> Ast {
        loop {
            ast = match self.tree.expr(ast) {
                Expr::Let { bindings, body, .. } if bindings.is_empty() => *body,
                Expr::If { arms, otherwise, .. } if arms.is_empty() => *otherwise,
                Expr::Compare(first, links) if links.is_empty() => *first,
                _ => return ast,
            }
        }
    }

    fn level(&self, ast: Ast) -> u8 {
        match self.tree.expr(ast) {
            Expr::Number { value, .. } if value.is_sign_negative() && !value.is_nan() => NEG,
            Expr::Number { .. } | Expr::Bool(_) | Expr::Name(_) => ATOM,
            Expr::Unary(UnaryOp::Neg, _) => NEG,
            Expr::Unary(UnaryOp::Not, _) => NOT,
            Expr::Unary(UnaryOp::Factorial | UnaryOp::Transpose, _) => POSTFIX,
            Expr::Binary(BinaryOp::Juxtapose, left, _) if !is_number(self.tree, *left) => PRODUCT,
            Expr::Binary(op, ..) => level(*op),
            Expr::Compare(..) => COMPARE,
            Expr::If { braces: true, .. } => ATOM,
            Expr::If { .. } | Expr::Lambda { .. } => OPEN,
            Expr::Let { after, .. } => {
                if *after {
                    WHERE
                } else {
                    OPEN
                }
            }
            Expr::Call { .. }
            | Expr::Prime { .. }
            | Expr::Index { .. }
            | Expr::Field { .. }
            | Expr::Reduce { .. }
            | Expr::Fold { .. }
            | Expr::Iterate { .. }
            | Expr::Derivative { .. } => POSTFIX,
            Expr::Array(_) | Expr::Tuple(_) | Expr::Record(_) | Expr::Comprehension { .. } => ATOM,
        }
    }

    fn bare(&mut self, ast: Ast, around: Around) {
        let tree = self.tree;
        match tree.expr(ast) {
            Expr::Number { value, integer } => self.put([Work::Number(*value, *integer)]),
            Expr::Bool(true) => self.word("true"),
            Expr::Bool(false) => self.word("false"),
            Expr::Name(name) => self.put([Work::Name(*name)]),
            Expr::Unary(op, of) => self.unary(*op, *of, around),
            Expr::Binary(BinaryOp::Pow, base, exponent) => self.power(*base, *exponent, around),
            Expr::Binary(BinaryOp::Juxtapose, left, right) if is_number(self.tree, *left) => {
                self.juxtaposed(*left, *right, around);
            }
            Expr::Binary(..) => self.chain(ast, around),
            Expr::Compare(first, links) => {
                self.put([Work::Open(Style::Fill, 2)]);
                self.sub(*first, around.least(COMPARE + 1));
                for (op, right) in links {
                    self.put([Work::Space, Work::Word(comparison(*op))]);
                    self.sub(*right, around.right(COMPARE + 1));
                }
                self.put([Work::Close]);
            }
            Expr::If { arms, otherwise, braces: true } => self.cases(arms, *otherwise),
            Expr::If { arms, otherwise, braces: false } => self.branches(arms, *otherwise),
            Expr::Let { bindings, body, after } => self.binding(bindings, *body, *after),
            Expr::Lambda { params, body } => self.lambda(params, *body),
            Expr::Call { callee, args, elementwise } => {
                self.base(*callee);
                self.list(if *elementwise { ".(" } else { "(" }, args, ")");
            }
            Expr::Prime { of, order } => {
                let nested = matches!(tree.expr(*of), Expr::Prime { .. });
                self.sub(*of, ALONE.right(if nested { ATOM } else { POSTFIX }));
                self.put([Work::Primes(*order)]);
            }
            Expr::Index { array, at } => {
                self.base(*array);
                self.subscripts(at);
            }
            Expr::Field { of, name } => {
                self.base(*of);
                self.put([Work::Word("."), Work::Name(*name)]);
            }
            Expr::Array(items) => self.list("[", items, "]"),
            Expr::Tuple(items) => self.list("(", items, if items.len() == 1 { ",)" } else { ")" }),
            Expr::Record(fields) => self.record(fields),
            Expr::Comprehension { body, over, cond } => {
                self.put([Work::Word("["), Work::Open(Style::Fill, 2)]);
                self.sub(*body, ALONE.least(OPEN));
                self.loops(over, *cond);
                self.put([Work::Close, Work::Word("]")]);
            }
            Expr::Reduce { op, body, over, cond } => {
                self.put([Work::Word(reduction(*op)), Work::Open(Style::Fill, 2)]);
                self.sub(*body, ALONE.least(OPEN));
                self.loops(over, *cond);
                self.put([Work::Close, Work::Word(")")]);
            }
            Expr::Fold { state, init, over, next, trace } => {
                self.word(if *trace { "scan(" } else { "fold(" });
                self.put([Work::Open(Style::Every, 2), Work::Pattern(state.clone()), Work::Word(" = ")]);
                self.sub(*init, ALONE.least(OR));
                self.loops(std::slice::from_ref(over), None);
                self.put([Work::Word(":"), Work::Space]);
                self.sub(*next, ALONE);
                self.put([Work::Close, Work::Word(")")]);
            }
            Expr::Iterate { state, init, cond, next } => {
                self.word("iterate(");
                self.put([Work::Open(Style::Every, 2), Work::Pattern(state.clone()), Work::Word(" = ")]);
                self.sub(*init, ALONE.least(OR));
                self.put([Work::Space, Work::Word("while ")]);
                self.sub(*cond, ALONE.least(OR));
                self.put([Work::Word(":"), Work::Space]);
                self.sub(*next, ALONE);
                self.put([Work::Close, Work::Word(")")]);
            }
            Expr::Derivative { kind, body, by } => {
                self.put([Work::Word(derivative(*kind)), Work::Open(Style::Fill, 2)]);
                self.sub(*body, ALONE.least(OPEN));
                for (name, _) in by {
                    self.put([Work::Word(","), Work::Space, Work::Name(*name)]);
                }
                self.put([Work::Close, Work::Word(")")]);
            }
        }
    }

    // ── Operators ────────────────────────────────────────────────────────────────────────────────

    fn unary(&mut self, op: UnaryOp, of: Ast, around: Around) {
        match op {
            UnaryOp::Neg => {
                self.word("-");
                self.sub(of, around.right(NEG));
            }
            UnaryOp::Not => {
                self.word("not ");
                self.sub(of, Around { lead: true, ..around.least(NOT) });
            }
            UnaryOp::Factorial | UnaryOp::Transpose => {
                self.sub(of, around.right(POSTFIX));
                self.word(if op == UnaryOp::Factorial { "!" } else { "ᵀ" });
            }
        }
    }

    fn power(&mut self, base: Ast, exponent: Ast, around: Around) {
        self.sub(base, around.least(POSTFIX));
        self.word("^");
        let signed = match self.tree.expr(exponent) {
            Expr::Number { .. } => true,
            Expr::Unary(UnaryOp::Neg, of) => match self.tree.expr(*of) {
                Expr::Number { value, .. } => value.is_sign_positive(),
                Expr::Name(_) => true,
                _ => false,
            },
            _ => false,
        };
        self.sub(exponent, Around { least: if signed { NEG } else { POWER }, lead: signed, tight: true });
    }

    /// `2x`, with brackets where the two would run together.
    fn juxtaposed(&mut self, left: Ast, right: Ast, around: Around) {
        self.sub(left, around.least(JUXTAPOSE));
        let least = if self.begins_apart(right, around.tight) { NEG } else { ATOM + 1 };
        self.sub(right, around.right(least));
    }

    /// Whether this is printed so that it can directly follow a number.
    fn begins_apart(&self, ast: Ast, tight: bool) -> bool {
        let mut ast = ast;
        loop {
            if self.level(ast) < POWER {
                return true; // in brackets
            }
            ast = match self.tree.expr(ast) {
                Expr::Name(name) => {
                    let text = self.tree.text(*name);
                    let exponent = text.strip_prefix(['e', 'E']);
                    return match exponent {
                        Some("") => !tight,
                        Some(rest) => !rest.starts_with(|c: char| c.is_ascii_digit()),
                        None => !text.starts_with('_'),
                    };
                }
                Expr::Array(_) | Expr::Tuple(_) | Expr::Comprehension { .. } => return true,
                Expr::Reduce { .. } | Expr::Fold { .. } | Expr::Iterate { .. } | Expr::Derivative { .. } => {
                    return true;
                }
                Expr::Binary(BinaryOp::Pow, base, _) if self.level(*base) < POSTFIX => return true,
                Expr::Binary(_, base, _) => *base,
                Expr::Unary(_, of) | Expr::Prime { of, .. } | Expr::Field { of, .. } => *of,
                Expr::Call { callee: of, .. } | Expr::Index { array: of, .. } => *of,
                _ => return false,
            }
        }
    }

    /// A chain of operators of one level, which lean to the left: `a + b - c`.
    fn chain(&mut self, ast: Ast, around: Around) {
        let own = self.level(ast);
        let mut links = Vec::new();
        let mut first = ast;
        while let Expr::Binary(op, left, right) = self.tree.expr(first)
            && self.level(first) == own
        {
            links.push((*op, *right));
            first = *left;
        }
        self.put([Work::Open(Style::Fill, 2)]);
        self.sub(first, around.least(own));
        for (op, right) in links.into_iter().rev() {
            let (spaced, text) = symbol(op, around.tight);
            self.put([if spaced { Work::Space } else { Work::Cut }, Work::Word(text)]);
            // `a/2x` would draw a warning.
            let least = if op == BinaryOp::Div { NEG } else { own + 1 };
            self.sub(right, around.right(least));
        }
        self.put([Work::Close]);
    }

    /// What is called or indexed.
    fn base(&mut self, ast: Ast) {
        let is_number = matches!(self.tree.expr(ast), Expr::Number { .. } | Expr::Bool(_));
        self.sub(ast, ALONE.right(if is_number { ATOM + 1 } else { POSTFIX }));
    }

    // ── Lists and loops ──────────────────────────────────────────────────────────────────────────

    fn list(&mut self, open: &'static str, items: &[Ast], close: &'static str) {
        self.put([Work::Word(open), Work::Open(Style::Fill, 2)]);
        let least = if items.len() == 1 && close == ")" { WHERE } else { OPEN };
        for (at, item) in items.iter().enumerate() {
            if at > 0 {
                self.put([Work::Word(","), Work::Space]);
            }
            self.sub(*item, ALONE.least(least));
        }
        self.put([Work::Close, Work::Word(close)]);
    }

    fn record(&mut self, fields: &[(Name, Ast)]) {
        self.put([Work::Word("{"), Work::Open(Style::Fill, 1)]);
        for (at, (name, value)) in fields.iter().enumerate() {
            if at > 0 {
                self.put([Work::Word(","), Work::Space]);
            }
            self.put([Work::Name(*name), Work::Word(": ")]);
            self.sub(*value, ALONE.least(OPEN));
        }
        self.put([Work::Close, Work::Word("}")]);
    }

    fn subscripts(&mut self, at: &[Subscript]) {
        let tight = Around { tight: true, ..ALONE };
        self.put([Work::Word("["), Work::Open(Style::Fill, 2)]);
        for (index, subscript) in at.iter().enumerate() {
            if index > 0 {
                self.put([Work::Word(","), Work::Space]);
            }
            match subscript {
                Subscript::At(at) => self.sub(*at, tight.least(OPEN)),
                Subscript::Range(low, high) => {
                    self.sub(*low, tight.least(OR));
                    self.word("..");
                    self.sub(*high, tight.least(OR));
                }
                Subscript::All => self.word(":"),
            }
        }
        self.put([Work::Close, Work::Word("]")]);
    }

    /// ` for i in 1..n, j in 1..m if c`
    fn loops(&mut self, over: &[For], cond: Option<Ast>) {
        let tight = Around { tight: true, ..ALONE };
        let mut bare = true;
        for (at, index) in over.iter().enumerate() {
            // After an index without a range, a comma would leave open whose range follows.
            if at > 0 && (!bare || index.range.is_none()) {
                self.put([Work::Word(","), Work::Space]);
            } else {
                self.put([Work::Space, Work::Word("for ")]);
            }
            bare = index.range.is_none();
            self.put([Work::Name(index.name)]);
            if let Some((low, high)) = index.range {
                self.word(" in ");
                self.sub(low, tight.least(OR));
                self.word("..");
                self.sub(high, tight.least(OR));
            }
        }
        if let Some(cond) = cond {
            self.put([Work::Space, Work::Word("if ")]);
            self.sub(cond, ALONE.least(OR));
        }
    }

    // ── Words ────────────────────────────────────────────────────────────────────────────────────

    fn cases(&mut self, arms: &[(Ast, Ast)], otherwise: Ast) {
        self.put([Work::Open(Style::Every, 2), Work::Word("{"), Work::Space]);
        for (cond, value) in arms {
            self.sub(*value, ALONE.least(OR));
            self.word(" if ");
            self.sub(*cond, ALONE.least(OR));
            self.put([Work::Word(";"), Work::Space]);
        }
        self.sub(otherwise, ALONE.least(OR));
        self.put([Work::Word(" otherwise }"), Work::Close]);
    }

    fn branches(&mut self, arms: &[(Ast, Ast)], otherwise: Ast) {
        self.put([Work::Open(Style::Every, 2)]);
        for (at, (cond, value)) in arms.iter().enumerate() {
            if at > 0 {
                self.put([Work::Space, Work::Word("else ")]);
            }
            self.word("if ");
            self.sub(*cond, ALONE.least(OR));
            self.put([Work::Space, Work::Word("then ")]);
            self.sub(*value, ALONE.least(OR));
        }
        self.put([Work::Space, Work::Word("else ")]);
        let last = self.plain(otherwise);
        // Without brackets it would read as one more `else if`.
        let nested = matches!(self.tree.expr(last), Expr::If { braces: false, .. });
        self.sub(last, ALONE.least(if nested { OR } else { OPEN }));
        self.put([Work::Close]);
    }

    fn binding(&mut self, bindings: &[(Pattern, Ast)], body: Ast, after: bool) {
        self.put([Work::Open(Style::Every, if after { 2 } else { 0 })]);
        if after {
            self.sub(body, ALONE.least(OPEN));
            self.put([Work::Space, Work::Word("where ")]);
        } else {
            self.word("let ");
        }
        self.binding_parts(bindings);
        if !after {
            self.put([Work::Space, Work::Word("in ")]);
            self.sub(body, ALONE.least(OPEN));
        }
        self.put([Work::Close]);
    }

    fn binding_parts(&mut self, bindings: &[(Pattern, Ast)]) {
        self.put([Work::Open(Style::Every, 4)]);
        for (at, (pattern, value)) in bindings.iter().enumerate() {
            if at > 0 {
                self.put([Work::Word(","), Work::Space]);
            }
            self.put([Work::Pattern(pattern.clone()), Work::Word(" = ")]);
            self.sub(*value, ALONE.least(OPEN));
        }
        self.put([Work::Close]);
    }

    fn lambda(&mut self, params: &[(Name, super::super::tree::Span)], body: Ast) {
        let single = params.len() == 1;
        self.word(if single { "" } else { "(" });
        for (at, (name, _)) in params.iter().enumerate() {
            self.put([Work::Word(if at > 0 { ", " } else { "" }), Work::Name(*name)]);
        }
        self.word(if single { " -> " } else { ") -> " });
        self.sub(body, ALONE.least(OPEN));
    }

    fn pattern_parts(&mut self, pattern: Pattern) {
        match pattern {
            Pattern::Name(name, _) => self.doc.text(self.tree.text(name)),
            Pattern::Tuple(parts) => {
                self.work.push(Work::Word(")"));
                for (at, part) in parts.into_iter().enumerate().rev() {
                    self.work.push(Work::Pattern(part));
                    self.work.push(Work::Word(if at > 0 { ", " } else { "(" }));
                }
            }
        }
    }
}

/// How an operator is written: whether a space stands before it, and its text with what follows.
fn symbol(op: BinaryOp, tight: bool) -> (bool, &'static str) {
    match op {
        BinaryOp::Add if tight => (false, "+"),
        BinaryOp::Sub if tight => (false, "-"),
        BinaryOp::Add => (true, "+ "),
        BinaryOp::Sub => (true, "- "),
        BinaryOp::Mul | BinaryOp::Juxtapose => (false, "*"),
        BinaryOp::Div => (false, "/"),
        BinaryOp::DotAdd => (true, ".+ "),
        BinaryOp::DotSub => (true, ".- "),
        BinaryOp::DotMul => (true, ".* "),
        BinaryOp::DotDiv => (true, "./ "),
        BinaryOp::Inner => (false, "·"),
        BinaryOp::Cross => (false, "×"),
        BinaryOp::Pow => (false, "^"),
        BinaryOp::And => (true, "and "),
        BinaryOp::Or => (true, "or "),
    }
}

fn comparison(op: CompareOp) -> &'static str {
    match op {
        CompareOp::Less => "< ",
        CompareOp::LessEqual => "<= ",
        CompareOp::Greater => "> ",
        CompareOp::GreaterEqual => ">= ",
        CompareOp::Equal => "== ",
        CompareOp::NotEqual => "!= ",
    }
}

fn reduction(op: Reducer) -> &'static str {
    match op {
        Reducer::Sum => "sum(",
        Reducer::Prod => "prod(",
        Reducer::Max => "max(",
        Reducer::Min => "min(",
        Reducer::Any => "any(",
        Reducer::All => "all(",
        Reducer::Count => "count(",
    }
}

fn derivative(kind: Derivative) -> &'static str {
    match kind {
        Derivative::Diff => "diff(",
        Derivative::Grad => "grad(",
        Derivative::Jac => "jac(",
        Derivative::Hess => "hess(",
    }
}
