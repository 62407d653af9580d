//! Random programs: well typed, with indices inside and values of moderate size.

use super::tree::{Definition, Dim, Elem, Kind, Node, Pattern, Program, Rule, Sub, Ty};

/// A fixed sequence of numbers for each seed.
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Random {
        Random(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }

    /// True once in so many times.
    pub fn once_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    pub fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    /// Between -1 and 1.
    pub fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 52) as f64 - 1.0
    }
}

/// A name in scope.
#[derive(Debug, Clone)]
struct Bind {
    name: String,
    ty: Ty,
    /// An integer that is an index of arrays of this length.
    range: Option<Dim>,
    /// Whether other names in scope may have been computed from it, or it from them.
    tied: bool,
}

/// What can be called.
#[derive(Debug, Clone)]
struct Known {
    name: String,
    params: Vec<Ty>,
    result: Ty,
}

const NAMES: &[&str] = &[
    "x", "y", "z", "θ", "theta", "λ", "α", "alpha", "x_bar", "t1", "u", "f_grad", "value", "match", "fn",
    "self", "loop", "impl", "dyn", "x₁", "x1", "out", "s", "d", "r", "tmp", "vec", "main_", "v_bar", "q",
    "ε", "sum_", "use", "mut", "Self", "super", "x2", "y_dot", "a", "b", "c", "f64", "len_v", "grad_x", "ẋ",
    "w_", "i_", "str",
];
const ARRAYS: &[&str] =
    &["v", "w", "p", "g", "ω", "data", "A", "B", "M", "xs", "box", "row", "v2", "move", "trace_", "ref"];
const INDICES: &[&str] = &["i", "j", "k", "l", "ii", "κ", "i1", "in_", "idx", "as_"];
const FUNCTIONS: &[&str] =
    &["h", "step", "φ", "phi", "gr", "energy", "h_grad", "yield", "kernel", "F", "struct"];

/// Functions of one number that are smooth on all reals.
const SMOOTH: &[&str] = &[
    "sin", "cos", "tanh", "atan", "asinh", "sigmoid", "softplus", "erf", "normcdf", "logcosh", "swish",
    "sin", "cos", "abs2", "log1psq", "exp", "sinh", "cosh", "expm1", "xexpx",
];
/// Functions of positive numbers.
const POSITIVE: &[&str] = &["log", "log2", "sqrt", "cbrt", "log1p"];
const KINKED: &[&str] = &["abs", "relu", "sign", "floor", "round"];

pub struct Generator {
    r: Random,
    scope: Vec<Bind>,
    known: Vec<Known>,
    /// A function that calls itself: no more calls inside its arguments.
    fuel: i32,
    /// How many derivatives enclose the place.
    order: usize,
    /// How many loops enclose the place.
    loops: usize,
    taken: Vec<String>,
}

/// A program of about this size.
pub fn program(seed: u64, size: i32) -> Program {
    let mut g = Generator {
        r: Random::new(seed),
        scope: vec![],
        known: vec![],
        fuel: 0,
        order: 0,
        loops: 0,
        taken: vec![],
    };
    g.program(size)
}

impl Generator {
    fn program(&mut self, size: i32) -> Program {
        let (mut globals, mut constants) = (vec![], vec![]);
        for (list, names) in [(&mut globals, ["k0", "μ"]), (&mut constants, ["c0", "ħ"])] {
            for name in names {
                if self.r.once_in(5) {
                    list.push((name.to_string(), (self.r.unit() * 20.0).round() / 10.0 + 0.05));
                    self.push(name, &Ty::Real, None, false);
                }
            }
        }
        let mut definitions = vec![];
        for _ in 0..self.r.below(4) {
            let definition = self.helper(size / 2);
            self.known.push(Known {
                name: definition.name.clone(),
                params: definition.params.iter().map(|(_, ty)| ty.clone()).collect(),
                result: definition.body.ty.clone(),
            });
            definitions.push(definition);
        }
        definitions.push(self.main(size));
        Program { globals, constants, definitions }
    }

    fn push(&mut self, name: &str, ty: &Ty, range: Option<Dim>, tied: bool) {
        self.scope.push(Bind { name: name.to_string(), ty: ty.clone(), range, tied });
    }

    /// A name from the list; seldom one that is in scope already.
    fn fresh(&mut self, names: &[&str]) -> String {
        let shadow = self.r.once_in(12);
        for _ in 0..20 {
            let name = self.r.pick(names);
            let used = self.scope.iter().any(|b| b.name == name) || self.taken.iter().any(|t| t == name);
            let function = self.known.iter().any(|k| k.name == name) || self.taken.iter().any(|t| t == name);
            if !used || (shadow && !function) {
                return name.to_string();
            }
        }
        format!("{}{}", names[0], self.r.below(100_000))
    }

    fn name_for(&mut self, ty: &Ty) -> String {
        match ty {
            Ty::Array(..) => self.fresh(ARRAYS),
            Ty::Int => self.fresh(INDICES),
            Ty::Function(..) => self.fresh(FUNCTIONS),
            Ty::Real | Ty::Bool | Ty::Tuple(_) | Ty::Record(_) => self.fresh(NAMES),
        }
    }

    /// Runs with more names in scope.
    fn inside<T>(&mut self, binds: Vec<Bind>, run: impl FnOnce(&mut Self) -> T) -> T {
        let depth = self.scope.len();
        self.scope.extend(binds);
        let found = run(self);
        self.scope.truncate(depth);
        found
    }

    /// The names that are not hidden by later ones.
    fn visible(&self, fits: impl Fn(&Bind) -> bool) -> Vec<Bind> {
        let mut found: Vec<Bind> = vec![];
        for (at, bind) in self.scope.iter().enumerate() {
            if fits(bind) && !self.scope[at + 1..].iter().any(|b| b.name == bind.name) {
                found.push(bind.clone());
            }
        }
        found
    }

    fn any(&mut self, binds: &[Bind]) -> Option<Bind> {
        if binds.is_empty() { None } else { Some(binds[self.r.below(binds.len())].clone()) }
    }

    // ── definitions ────────────────────────────────────────────────────────────────────────────────

    fn params(&mut self, tys: &[Ty]) -> Vec<(String, Ty)> {
        let mut params: Vec<(String, Ty)> = vec![];
        for ty in tys {
            let mut name = self.name_for(ty);
            while params.iter().any(|(n, _)| *n == name) {
                name.push('_');
            }
            params.push((name, ty.clone()));
        }
        params
    }

    fn binds(&self, params: &[(String, Ty)], tied: bool) -> Vec<Bind> {
        let mut binds: Vec<Bind> = vec![];
        for (_, ty) in params {
            if let Ty::Array(_, dims) = ty {
                for dim in dims {
                    if let Dim { name: Some(name), .. } = dim
                        && !binds.iter().any(|b| b.name == *name)
                    {
                        let own = Dim::named(name);
                        binds.push(Bind { name: name.clone(), ty: Ty::Int, range: Some(own), tied: true });
                    }
                }
            }
        }
        for (name, ty) in params {
            binds.push(Bind { name: name.clone(), ty: ty.clone(), range: None, tied });
        }
        binds
    }

    fn define(
        &mut self,
        size: i32,
        name: String,
        tys: &[Ty],
        make: impl FnOnce(&mut Self, &[(String, Ty)]) -> Node,
    ) -> Definition {
        let params = self.params(tys);
        self.fuel = size;
        self.order = 0;
        self.loops = 0;
        let body = self.inside(self.binds(&params, false), |g| make(g, &params));
        self.taken.push(name.clone());
        Definition { name, params, body, rule: None, typed: true }
    }

    fn helper(&mut self, size: i32) -> Definition {
        let name = self.fresh(FUNCTIONS);
        let n = Dim::named("n");
        let vector = Ty::vector(&n);
        match self.r.below(9) {
            0 | 1 => {
                let tys = vec![Ty::Real; 1 + self.r.below(3)];
                let mut d = self.define(size, name, &tys, |g, _| g.real());
                d.typed = self.r.once_in(2);
                if self.r.once_in(3) {
                    let rule = if self.r.once_in(2) { Rule::Partials } else { Rule::Pullback };
                    d.rule = Some(rule);
                }
                d
            }
            2 => {
                let mut d = self.define(size, name, &[vector, Ty::Real], |g, _| g.real());
                if self.r.once_in(4) {
                    d.rule = Some(if self.r.once_in(2) { Rule::Partials } else { Rule::Pullback });
                }
                d
            }
            3 => self.define(size, name, &[vector.clone(), Ty::Real], |g, _| g.array(&[Dim::named("n")])),
            4 => {
                let function = Ty::Function(vec![Ty::Real], Box::new(Ty::Real));
                self.define(size, name, &[function, Ty::Real], |g, _| g.real())
            }
            5 => self.define(size, name, &[Ty::Real, Ty::Int], |g, params| {
                let pair = Ty::Tuple(vec![Ty::Real, Ty::Real]);
                let _ = params;
                g.value(&pair)
            }),
            _ => self.recursive(size, name),
        }
    }

    /// A function that calls itself on a smaller number or a shorter array.
    fn recursive(&mut self, size: i32, name: String) -> Definition {
        let n = Dim::named("n");
        let vector = Ty::vector(&n);
        let (tys, result) = match self.r.below(5) {
            0 | 1 => (vec![Ty::Real, Ty::Int], Ty::Real),
            2 => (vec![vector.clone(), Ty::Int], Ty::Real),
            3 => (vec![vector.clone(), Ty::Int], vector.clone()),
            _ => return self.shrinking(size, name),
        };
        let own = name.clone();
        self.taken.push(name.clone());
        self.define(size, name, &tys, |g, params| {
            let k = Node::var(&params[1].0, &Ty::Int);
            let stop = Node::new(Kind::Compare(vec!["<="]), Ty::Bool, vec![k.clone(), Node::int(0)]);
            g.fuel /= 3;
            let base = g.value(&result);
            let arg = g.value(&params[0].1);
            let less = Node::binary("-", Ty::Int, k, Node::int(1));
            let again = Node::call(&own, result.clone(), vec![arg, less]);
            let rest = g.bound(again, |g| g.value(&result));
            Node::new(Kind::If { braces: false }, result.clone(), vec![stop, base, rest])
        })
    }

    /// `s(v: R[n]) = if n <= 1 then … else … s(v[2..n])`
    fn shrinking(&mut self, size: i32, name: String) -> Definition {
        let n = Dim::named("n");
        let own = name.clone();
        self.taken.push(name.clone());
        self.define(size, name, &[Ty::vector(&n)], |g, params| {
            let length = Node::var("n", &Ty::Int);
            let stop = Node::new(Kind::Compare(vec!["<="]), Ty::Bool, vec![length.clone(), Node::int(1)]);
            g.fuel /= 2;
            let base = g.real();
            let v = Node::var(&params[0].0, &params[0].1);
            let shorter = Ty::vector(&n.plus(-1));
            let tail = Node::new(Kind::Slice(vec![Sub::Range]), shorter, vec![v, Node::int(2), length]);
            let again = Node::call(&own, Ty::Real, vec![tail]);
            let rest = g.bound(again, Self::real);
            Node::new(Kind::If { braces: false }, Ty::Real, vec![stop, base, rest])
        })
    }

    fn main(&mut self, size: i32) -> Definition {
        let (n, m) = (Dim::named("n"), Dim::named("m"));
        let mut tys = vec![Ty::Real];
        let all = [
            (2, Ty::Real),
            (2, Ty::vector(&n)),
            (4, Ty::vector(&n)),
            (3, Ty::vector(&m)),
            (3, Ty::Array(Elem::Real, vec![n.clone(), m.clone()])),
            (5, Ty::Array(Elem::Real, vec![n.clone(), n.clone()])),
            (3, Ty::Int),
            (3, Ty::Array(Elem::Int, vec![n.clone()])),
            (6, Ty::vector(&n.plus(1))),
            (6, Ty::Array(Elem::Real, vec![Dim::fixed(3)])),
            (8, Ty::Record(vec![("x".into(), Ty::Real), ("w".into(), Ty::vector(&n))])),
            (8, Ty::Tuple(vec![Ty::Real, Ty::Real])),
        ];
        for (one_in, ty) in all {
            if self.r.once_in(one_in) {
                tys.push(ty);
            }
        }
        // A length with an addition alone gives no name its value.
        let named =
            |ty: &Ty, name: &str| matches!(ty, Ty::Array(_, dims) if dims.contains(&Dim::named(name)));
        if !tys.iter().any(|ty| named(ty, "n")) {
            tys.insert(0, Ty::vector(&n));
        }
        let name = self.fresh(&["f", "f", "f", "main", "objective", "type_", "Φ"]);
        self.define(size, name, &tys, |g, _| g.real())
    }

    // ── values of any type ─────────────────────────────────────────────────────────────────────────

    fn value(&mut self, ty: &Ty) -> Node {
        match ty {
            Ty::Real => self.real(),
            Ty::Int => self.int(),
            Ty::Bool => self.condition(),
            Ty::Array(Elem::Real, dims) => self.array(dims),
            Ty::Array(Elem::Int, dims) => self.int_array(dims),
            Ty::Tuple(tys) => {
                let kids = tys.iter().map(|ty| self.value(ty)).collect();
                Node::new(Kind::Tuple, ty.clone(), kids)
            }
            Ty::Record(fields) => {
                let kids = fields.iter().map(|(_, ty)| self.value(ty)).collect();
                Node::new(Kind::Record(fields.iter().map(|(n, _)| n.clone()).collect()), ty.clone(), kids)
            }
            Ty::Function(params, result) => {
                let params: Vec<(String, Ty)> = self.params(params);
                let names = params.iter().map(|(name, _)| name.clone()).collect();
                let body = self.inside(self.binds(&params, true), |g| g.value(result));
                Node::new(Kind::Lambda(names), ty.clone(), vec![body])
            }
        }
    }

    fn some_dim(&mut self) -> Dim {
        let sizes = self.visible(|b| b.range.as_ref().is_some_and(|r| r.name.as_ref() == Some(&b.name)));
        match self.any(&sizes) {
            Some(size) if !self.r.once_in(5) => Dim::named(&size.name),
            _ => Dim::fixed(2 + self.r.below(2) as i64),
        }
    }

    /// `let name = value in …`, with the value used at least once as a rule.
    fn bound(&mut self, value: Node, body: impl FnOnce(&mut Self) -> Node) -> Node {
        let ty = value.ty.clone();
        let (pattern, binds) = self.pattern(&ty, true);
        let body = self.inside(binds, body);
        let after = self.r.once_in(3);
        Node::new(Kind::Let { patterns: vec![pattern], after }, body.ty.clone(), vec![value, body])
    }

    /// Names for a value: of a tuple, one for each part.
    fn pattern(&mut self, ty: &Ty, tied: bool) -> (Pattern, Vec<Bind>) {
        let Ty::Tuple(tys) = ty else {
            let name = self.name_for(ty);
            return (Pattern::Name(name.clone()), vec![Bind { name, ty: ty.clone(), range: None, tied }]);
        };
        let mut binds: Vec<Bind> = vec![];
        for ty in tys {
            let mut name = self.name_for(ty);
            while binds.iter().any(|b| b.name == name) {
                name.push('_');
            }
            binds.push(Bind { name, ty: ty.clone(), range: None, tied });
        }
        (Pattern::Tuple(binds.iter().map(|b| b.name.clone()).collect()), binds)
    }

    // ── reals ──────────────────────────────────────────────────────────────────────────────────────

    fn literal(&mut self) -> Node {
        Node::real(match self.r.below(8) {
            0 => 1.0,
            1 => 2.0,
            2 => 0.5,
            3 => 3.0,
            4 => -1.0,
            _ => (self.r.unit() * 200.0).round() / 100.0,
        })
    }

    fn leaf(&mut self) -> Node {
        let reals = self.visible(|b| b.ty == Ty::Real);
        match self.any(&reals) {
            Some(bind) if !self.r.once_in(8) => Node::var(&bind.name, &bind.ty),
            _ if self.r.once_in(2) => self.element(),
            _ => self.literal(),
        }
    }

    pub fn real(&mut self) -> Node {
        self.fuel -= 1;
        if self.fuel <= 0 || self.r.once_in(9) {
            return self.leaf();
        }
        let arithmetic = |g: &mut Self, op| {
            let (a, b) = (g.real(), g.real());
            Node::binary(op, Ty::Real, a, b)
        };
        match self.r.below(50) {
            0..=3 => arithmetic(self, "+"),
            4..=6 => arithmetic(self, "-"),
            7..=11 => arithmetic(self, "*"),
            12 => {
                let (a, b) = (self.real(), self.positive());
                Node::binary("/", Ty::Real, a, b)
            }
            13 => {
                let a = self.real();
                Node::new(Kind::Unary("-"), Ty::Real, vec![a])
            }
            14 | 15 => self.power(),
            16..=19 => self.function(),
            20 => self.widened(),
            21 | 22 => self.choice(&Ty::Real),
            23 | 24 => self.binding(&Ty::Real),
            25..=27 => self.element(),
            28 => self.guarded(),
            29..=32 => self.sum(),
            33 | 34 => self.reduced(),
            35 | 36 => self.fold(&Ty::Real, false),
            37 => self.states(),
            38 => self.iterate(),
            39..=41 => self.call(&Ty::Real),
            42 => self.local_function(),
            43..=45 => self.derivative(),
            46 => self.record(),
            47 => {
                let a = self.real();
                if self.r.once_in(3) { Node::call("stop", Ty::Real, vec![a]) } else { a }
            }
            _ => self.product(),
        }
    }

    /// A number that is surely positive.
    fn positive(&mut self) -> Node {
        let a = self.real();
        match self.r.below(5) {
            0 => {
                let two = Node::int(2);
                let square = Node::binary("^", Ty::Real, a, two);
                Node::binary("+", Ty::Real, Node::real(1.5), square)
            }
            1 => Node::binary("+", Ty::Real, Node::real(2.0), Node::call("sin", Ty::Real, vec![a])),
            2 => Node::binary("+", Ty::Real, Node::call("softplus", Ty::Real, vec![a]), Node::real(0.25)),
            3 => Node::binary("+", Ty::Real, Node::call("abs", Ty::Real, vec![a]), Node::real(0.75)),
            _ => Node::binary("+", Ty::Real, Node::call("sigmoid", Ty::Real, vec![a]), Node::real(0.5)),
        }
    }

    fn power(&mut self) -> Node {
        match self.r.below(5) {
            0 | 1 => {
                let (a, n) = (self.real(), Node::int(2 + self.r.below(2) as i64));
                Node::binary("^", Ty::Real, a, n)
            }
            2 => {
                let (a, n) = (self.positive(), Node::real(self.r.pick(&[-1.0, 0.5, 1.5, -0.5, -2.0])));
                Node::binary("^", Ty::Real, a, n)
            }
            3 => {
                let a = self.positive();
                let b = self.real();
                Node::binary("^", Ty::Real, a, Node::call("tanh", Ty::Real, vec![b]))
            }
            _ => {
                let (a, n) = (self.positive(), self.small_int());
                Node::binary("^", Ty::Real, a, n)
            }
        }
    }

    fn function(&mut self) -> Node {
        match self.r.below(12) {
            0 | 1 => {
                let a = self.positive();
                Node::call(self.r.pick(POSITIVE), Ty::Real, vec![a])
            }
            2 => {
                let a = self.real();
                Node::call(self.r.pick(KINKED), Ty::Real, vec![a])
            }
            3 => {
                let (a, b) = (self.real(), self.real());
                Node::call(self.r.pick(&["max", "min", "logaddexp"]), Ty::Real, vec![a, b])
            }
            4 => {
                let (a, b) = (self.real(), self.positive());
                Node::call(self.r.pick(&["hypot", "atan2", "xlogy"]), Ty::Real, vec![a, b])
            }
            5 => {
                let args = vec![self.real(), self.real(), self.real()];
                Node::call("fma", Ty::Real, args)
            }
            6 => {
                // Large arguments are tamed.
                let a = self.real();
                let a = Node::call("tanh", Ty::Real, vec![a]);
                Node::call(self.r.pick(&["exp", "sinh", "cosh", "xexpx", "expm1"]), Ty::Real, vec![a])
            }
            _ => {
                let a = self.real();
                Node::call(self.r.pick(&SMOOTH[..15]), Ty::Real, vec![a])
            }
        }
    }

    fn widened(&mut self) -> Node {
        let n = self.int();
        let n = Node::new(Kind::Widen, Ty::Real, vec![n]);
        let a = self.real();
        Node::binary(self.r.pick(&["*", "+", "-"]), Ty::Real, n, a)
    }

    fn choice(&mut self, ty: &Ty) -> Node {
        let mut kids = vec![];
        for _ in 0..1 + usize::from(self.r.once_in(3)) {
            kids.push(self.condition());
            kids.push(self.value(ty));
        }
        kids.push(self.value(ty));
        Node::new(Kind::If { braces: self.r.once_in(3) }, ty.clone(), kids)
    }

    fn binding(&mut self, ty: &Ty) -> Node {
        let count = 1 + self.r.below(2);
        let (depth, mut patterns, mut kids) = (self.scope.len(), vec![], vec![]);
        for _ in 0..count {
            let of = match self.r.below(8) {
                0 => Ty::Tuple(vec![Ty::Real, Ty::Real]),
                1 => Ty::vector(&self.some_dim()),
                2 => Ty::Int,
                3 => Ty::Bool,
                4 => Ty::Array(Elem::Real, vec![self.some_dim(), self.some_dim()]),
                _ => Ty::Real,
            };
            kids.push(self.value(&of));
            let (pattern, binds) = self.pattern(&of, true);
            patterns.push(pattern);
            self.scope.extend(binds);
        }
        kids.push(self.value(ty));
        self.scope.truncate(depth);
        Node::new(Kind::Let { patterns, after: self.r.once_in(2) }, ty.clone(), kids)
    }

    /// An array in scope, or one that is made.
    fn some_array(&mut self, rank: usize) -> (Node, Vec<Dim>) {
        let arrays = self.visible(|b| matches!(&b.ty, Ty::Array(Elem::Real, dims) if dims.len() == rank));
        if let Some(bind) = self.any(&arrays)
            && (self.fuel <= 0 || !self.r.once_in(4))
        {
            let Ty::Array(_, dims) = &bind.ty else { unreachable!("an array") };
            return (Node::var(&bind.name, &bind.ty), dims.clone());
        }
        let dims: Vec<Dim> = (0..rank).map(|_| self.some_dim()).collect();
        (self.array(&dims), dims)
    }

    fn element(&mut self) -> Node {
        let rank = 1 + usize::from(self.r.once_in(4));
        let (array, dims) = self.some_array(rank);
        let mut kids = vec![array];
        for dim in &dims {
            kids.push(self.index(dim));
        }
        Node::new(Kind::Index, Ty::Real, kids)
    }

    /// `if i < n then v[i + 1] else …`
    fn guarded(&mut self) -> Node {
        let (array, dims) = self.some_array(1);
        let at = self.int();
        let shift = Node::binary(self.r.pick(&["+", "-"]), Ty::Int, at, Node::int(1));
        let other = self.real();
        let inside = Node::new(
            Kind::Compare(vec!["<=", "<="]),
            Ty::Bool,
            vec![Node::int(1), shift.clone(), Node::dim(&dims[0])],
        );
        let element = Node::new(Kind::Index, Ty::Real, vec![array, shift]);
        let element = match self.r.below(3) {
            0 => {
                let x = self.real();
                Node::binary("*", Ty::Real, element, x)
            }
            _ => element,
        };
        Node::new(Kind::If { braces: self.r.once_in(2) }, Ty::Real, vec![inside, element, other])
    }

    fn index_bind(&mut self, dim: &Dim) -> Bind {
        let name = self.fresh(INDICES);
        Bind { name, ty: Ty::Int, range: Some(dim.clone()), tied: true }
    }

    fn sum(&mut self) -> Node {
        if self.loops >= 3 {
            return self.leaf();
        }
        self.loops += 1;
        let op = self.r.pick(&["sum", "sum", "sum", "sum", "prod", "max", "min"]);
        let mut names: Vec<String> = vec![];
        let mut bounds = vec![];
        let depth = self.scope.len();
        for _ in 0..1 + usize::from(self.r.once_in(4)) {
            // A range may depend on the index before it.
            let earlier = self.visible(|b| names.contains(&b.name));
            // An extreme of nothing is infinite, and what 0·∞ is depends on the way.
            let full = matches!(op, "max" | "min");
            let (low, high, bind) = match (self.any(&earlier), self.r.below(4)) {
                (Some(outer), 0) => {
                    let range = outer.range.clone().expect("an index");
                    (Node::int(1), Node::var(&outer.name, &Ty::Int), self.index_bind(&range))
                }
                (_, 1) if !full => {
                    let dim = self.some_dim();
                    let bind = self.index_bind(&dim.plus(-1));
                    (Node::int(1), Node::dim(&dim.plus(-1)), bind)
                }
                _ => {
                    let dim = self.some_dim();
                    let bind = self.index_bind(&dim);
                    (Node::int(1 + i64::from(!full && self.r.once_in(6))), Node::dim(&dim), bind)
                }
            };
            if names.contains(&bind.name) {
                continue;
            }
            names.push(bind.name.clone());
            bounds.extend([low, high]);
            self.scope.push(bind);
        }
        let mut body = self.real();
        if op == "prod" && self.r.once_in(2) {
            body = Node::binary("+", Ty::Real, Node::real(1.5), Node::call("sin", Ty::Real, vec![body]));
        }
        let filter = matches!(op, "sum" | "prod") && self.r.once_in(4);
        let mut kids = vec![body];
        kids.extend(bounds);
        if filter {
            kids.push(self.condition());
        }
        self.scope.truncate(depth);
        self.loops -= 1;
        Node::new(Kind::Reduce { op, names, ranged: true, filter }, Ty::Real, kids)
    }

    /// A number from a whole array.
    fn reduced(&mut self) -> Node {
        match self.r.below(6) {
            0 => {
                // The range from what the index indexes.
                let (array, dims) = self.some_array(1);
                if !matches!(array.kind, Kind::Var(_)) {
                    return Node::call("sum", Ty::Real, vec![array]);
                }
                let bind = self.index_bind(&dims[0]);
                let name = bind.name.clone();
                let at = Node::new(Kind::Index, Ty::Real, vec![array, Node::var(&name, &Ty::Int)]);
                let body = self.inside(vec![bind], Self::leaf);
                let body = Node::binary("*", Ty::Real, at, body);
                let kids = vec![body, Node::int(1), Node::dim(&dims[0])];
                let names = vec![name];
                Node::new(Kind::Reduce { op: "sum", names, ranged: false, filter: false }, Ty::Real, kids)
            }
            1 => {
                let rank = 1 + self.r.below(2);
                let (a, _) = self.some_array(rank);
                Node::call(self.r.pick(&["sum", "max", "min", "sum"]), Ty::Real, vec![a])
            }
            2 => {
                let (a, dims) = self.some_array(1);
                let b = self.array(&dims);
                if self.r.once_in(2) {
                    Node::call("dot", Ty::Real, vec![a, b])
                } else {
                    Node::binary("·", Ty::Real, a, b)
                }
            }
            3 => {
                let (a, _) = self.some_array(1);
                Node::call("logsumexp", Ty::Real, vec![a])
            }
            4 => {
                let (a, _) = self.some_array(1);
                let one = Node::binary(".+", a.ty.clone(), Node::call("abs", Ty::Real, vec![self.leaf()]), a);
                Node::call("norm", Ty::Real, vec![one])
            }
            _ => {
                let (a, _) = self.some_array(1);
                Node::call("prod", Ty::Real, vec![a])
            }
        }
    }

    fn product(&mut self) -> Node {
        let (a, b) = (self.leaf(), self.real());
        Node::binary("*", Ty::Real, a, b)
    }

    fn steps(&mut self) -> (Node, Node, Bind) {
        let dim = self.some_dim();
        let bind = self.index_bind(&dim);
        (Node::int(1), Node::dim(&dim), bind)
    }

    /// A value that keeps what is made of a state of moderate size.
    fn tame(&mut self, ty: &Ty) -> Node {
        let value = self.value(ty);
        match ty {
            Ty::Real if self.r.once_in(2) => Node::call("sin", Ty::Real, vec![value]),
            Ty::Array(Elem::Real, _) if self.r.once_in(2) => {
                Node::new(Kind::Each("tanh".into()), ty.clone(), vec![value])
            }
            _ => value,
        }
    }

    fn fold(&mut self, ty: &Ty, trace: bool) -> Node {
        if self.loops >= 2 {
            return self.leaf_of(ty);
        }
        let init = self.value(ty);
        let (low, high, index) = self.steps();
        let (state, binds) = self.pattern(ty, true);
        let name = index.name.clone();
        let next = self.body(vec![index].into_iter().chain(binds).collect(), ty);
        let result = match (trace, ty) {
            (true, Ty::Real) => Ty::Array(Elem::Real, vec![self.dim_of(&high)]),
            (true, Ty::Array(elem, dims)) => {
                let dims = std::iter::once(self.dim_of(&high)).chain(dims.iter().cloned()).collect();
                Ty::Array(*elem, dims)
            }
            _ => ty.clone(),
        };
        Node::new(Kind::Fold { state, name, trace }, result, vec![init, low, high, next])
    }

    fn body(&mut self, binds: Vec<Bind>, ty: &Ty) -> Node {
        self.loops += 1;
        let next = self.inside(binds, |g| match ty {
            Ty::Tuple(tys) => {
                let kids = tys.iter().map(|ty| g.tame(ty)).collect();
                Node::new(Kind::Tuple, ty.clone(), kids)
            }
            _ => g.tame(ty),
        });
        self.loops -= 1;
        next
    }

    fn dim_of(&self, high: &Node) -> Dim {
        match &high.kind {
            Kind::Int(n) => Dim::fixed(*n),
            Kind::Var(name) => Dim::named(name),
            other => unreachable!("{other:?} is no length"),
        }
    }

    fn leaf_of(&mut self, ty: &Ty) -> Node {
        let known = self.visible(|b| b.ty == *ty);
        if let Some(bind) = self.any(&known) {
            return Node::var(&bind.name, &bind.ty);
        }
        match ty {
            Ty::Real => self.leaf(),
            Ty::Array(Elem::Real, dims) => self.plain_array(dims),
            _ => self.value(ty),
        }
    }

    /// A loop over several states, arrays among them; a number from what it ends with.
    fn states(&mut self) -> Node {
        let dim = self.some_dim();
        let mut tys = vec![Ty::Real, Ty::vector(&dim)];
        match self.r.below(4) {
            0 => tys.push(Ty::Real),
            1 => tys.push(Ty::vector(&dim)),
            2 => {
                tys.remove(0);
            }
            _ => {}
        }
        let ty = if tys.len() == 1 { tys[0].clone() } else { Ty::Tuple(tys) };
        let last = self.fold(&ty, false);
        if !matches!(last.kind, Kind::Fold { .. }) {
            return self.leaf();
        }
        self.bound(last, |g| {
            let reals = g.real();
            let arrays = g.reduced();
            Node::binary("+", Ty::Real, reals, arrays)
        })
    }

    /// `iterate((x, k) = (…, 0) while k < 3 and …: (…, k + 1))`
    fn iterate(&mut self) -> Node {
        if self.loops >= 2 {
            return self.leaf();
        }
        let part = if self.r.once_in(3) { Ty::vector(&self.some_dim()) } else { Ty::Real };
        let ty = Ty::Tuple(vec![part.clone(), Ty::Int]);
        let init = vec![self.value(&part), Node::int(0)];
        let init = Node::new(Kind::Tuple, ty.clone(), init);
        let (pattern, binds) = self.pattern(&ty, true);
        let count = Node::var(&binds[1].name, &Ty::Int);
        let limit = Node::int(1 + self.r.below(3) as i64);
        let below = Node::new(Kind::Compare(vec!["<"]), Ty::Bool, vec![count.clone(), limit]);
        self.loops += 1;
        let (cond, next) = self.inside(binds, |g| {
            let cond = if g.r.once_in(2) {
                let more = g.condition();
                Node::binary("and", Ty::Bool, below, more)
            } else {
                below
            };
            let next = vec![g.tame(&part), Node::binary("+", Ty::Int, count, Node::int(1))];
            (cond, Node::new(Kind::Tuple, ty.clone(), next))
        });
        self.loops -= 1;
        let last = Node::new(Kind::Iterate(pattern), ty, vec![init, cond, next]);
        self.bound(last, Self::real)
    }

    /// A call of a definition with this result.
    fn call(&mut self, ty: &Ty) -> Node {
        let fits = |result: &Ty| match (result, ty) {
            (Ty::Array(_, a), Ty::Array(_, b)) => a.len() == b.len(),
            (Ty::Tuple(_), Ty::Real) => true,
            (a, b) => a == b,
        };
        let fitting: Vec<Known> = self.known.iter().filter(|k| fits(&k.result)).cloned().collect();
        let locals = self.visible(|b| matches!(&b.ty, Ty::Function(_, result) if **result == *ty));
        if let Some(local) = self.any(&locals)
            && (fitting.is_empty() || self.r.once_in(2))
        {
            let Ty::Function(params, _) = &local.ty else { unreachable!("a function") };
            let args = params.iter().map(|ty| self.value(ty)).collect();
            return Node::call(&local.name, ty.clone(), args);
        }
        if fitting.is_empty() || self.loops > 2 {
            return self.leaf_of(ty);
        }
        let known = fitting[self.r.below(fitting.len())].clone();
        let dim = match ty {
            Ty::Array(_, dims) => dims[0].clone(),
            _ => self.some_dim(),
        };
        let mut args = vec![];
        for param in &known.params {
            args.push(match param {
                Ty::Array(..) => self.array(std::slice::from_ref(&dim)),
                Ty::Int => self.small_int(),
                Ty::Function(..) => self.function_argument(param),
                other => self.value(other),
            });
        }
        let result = if matches!(known.result, Ty::Array(..)) { ty.clone() } else { known.result.clone() };
        let call = Node::call(&known.name, result.clone(), args);
        if let (Ty::Tuple(_), Ty::Real) = (&result, ty) {
            return self.bound(call, Self::real);
        }
        call
    }

    fn function_argument(&mut self, ty: &Ty) -> Node {
        if self.r.once_in(3) {
            return Node::var(self.r.pick(&["sin", "tanh", "cos", "abs2"]), ty);
        }
        let unary: Vec<Known> =
            self.known.iter().filter(|k| k.params == [Ty::Real] && k.result == Ty::Real).cloned().collect();
        if !unary.is_empty() && self.r.once_in(2) {
            let known = &unary[self.r.below(unary.len())];
            return Node::var(&known.name, ty);
        }
        self.value(ty)
    }

    /// `let h = x -> … in h(…) + h'(…)`
    fn local_function(&mut self) -> Node {
        let ty = Ty::Function(vec![Ty::Real], Box::new(Ty::Real));
        let function = self.value(&ty);
        let name = self.fresh(FUNCTIONS);
        let bind = Bind { name: name.clone(), ty, range: None, tied: true };
        let body = self.inside(vec![bind], |g| {
            let (a, b) = (g.real(), g.real());
            let first = Node::call(&name, Ty::Real, vec![a]);
            let second = match g.r.below(3) {
                0 if g.order < 2 => Node::new(Kind::Prime(name.clone(), 1), Ty::Real, vec![b]),
                1 if g.order < 1 => Node::new(Kind::Prime(name.clone(), 2), Ty::Real, vec![b]),
                _ => Node::call(&name, Ty::Real, vec![b]),
            };
            Node::binary(g.r.pick(&["+", "*"]), Ty::Real, first, second)
        });
        let patterns = vec![Pattern::Name(name)];
        Node::new(Kind::Let { patterns, after: self.r.once_in(2) }, Ty::Real, vec![function, body])
    }

    /// A derivative of a closure, by a name of its own or a parameter.
    fn derivative(&mut self) -> Node {
        if self.order >= 2 {
            return self.leaf();
        }
        self.order += 1;
        self.fuel = self.fuel * 2 / 3;
        let found = match self.r.below(7) {
            0 => {
                let unary: Vec<Known> = self
                    .known
                    .iter()
                    .filter(|k| k.params == [Ty::Real] && k.result == Ty::Real)
                    .cloned()
                    .collect();
                let name = match unary.first() {
                    Some(known) if self.r.once_in(2) => known.name.clone(),
                    _ => self.r.pick(&["sin", "tanh", "log1psq", "softplus"]).to_string(),
                };
                let at = self.real();
                Node::new(Kind::Prime(name, 1 + self.r.below(2)), Ty::Real, vec![at])
            }
            1 | 2 => {
                // By a parameter, which nothing else in scope depends on.
                let free = if self.scope.iter().any(|b| b.tied && b.ty != Ty::Int) {
                    vec![]
                } else {
                    self.visible(|b| b.ty == Ty::Real && !b.tied)
                };
                match self.any(&free) {
                    Some(bind) if !["c0", "ħ"].contains(&bind.name.as_str()) => {
                        let body = self.inside(vec![], Self::real);
                        Node::new(Kind::Derivative("diff", vec![bind.name]), Ty::Real, vec![body])
                    }
                    _ => self.by_own(),
                }
            }
            3 => {
                let (array, dims) = self.some_array(1);
                let name = self.fresh(ARRAYS);
                let bind = Bind { name: name.clone(), ty: array.ty.clone(), range: None, tied: true };
                let body = self.inside(vec![bind], Self::real);
                let second = self.r.once_in(3);
                let mut shape = dims.clone();
                if second {
                    shape.push(dims[0].clone());
                }
                let kind = if second { "hess" } else { "grad" };
                let ty = Ty::Array(Elem::Real, shape.clone());
                let derivative = Node::new(Kind::Derivative(kind, vec![name.clone()]), ty, vec![body]);
                let patterns = vec![Pattern::Name(name)];
                let whole = Node::new(
                    Kind::Let { patterns, after: false },
                    derivative.ty.clone(),
                    vec![array, derivative],
                );
                let mut kids = vec![whole];
                for dim in &shape {
                    kids.push(self.index(dim));
                }
                Node::new(Kind::Index, Ty::Real, kids)
            }
            _ => self.by_own(),
        };
        self.order -= 1;
        found
    }

    /// `let t = … in diff(…, t)`
    fn by_own(&mut self) -> Node {
        let value = self.real();
        let name = self.fresh(NAMES);
        let bind = Bind { name: name.clone(), ty: Ty::Real, range: None, tied: true };
        let body = self.inside(vec![bind], Self::real);
        let names = vec![name.clone(); 1 + usize::from(self.r.once_in(4))];
        let derivative = Node::new(Kind::Derivative("diff", names), Ty::Real, vec![body]);
        let patterns = vec![Pattern::Name(name)];
        Node::new(Kind::Let { patterns, after: self.r.once_in(3) }, Ty::Real, vec![value, derivative])
    }

    fn record(&mut self) -> Node {
        let records = self.visible(|b| matches!(b.ty, Ty::Record(_)));
        let record = match self.any(&records) {
            Some(bind) => Node::var(&bind.name, &bind.ty),
            None => self.value(&Ty::Record(vec![("a".into(), Ty::Real), ("b".into(), Ty::Real)])),
        };
        let Ty::Record(fields) = &record.ty else { unreachable!("a record") };
        let (name, ty) = fields[self.r.below(fields.len())].clone();
        let field = |record: Node| Node::new(Kind::Field(name.clone()), ty.clone(), vec![record]);
        let field = if matches!(record.kind, Kind::Var(_)) {
            field(record)
        } else {
            let own = self.fresh(NAMES);
            let var = Node::var(&own, &record.ty);
            let patterns = vec![Pattern::Name(own)];
            Node::new(Kind::Let { patterns, after: false }, ty.clone(), vec![record, field(var)])
        };
        if let Ty::Array(_, dims) = &ty {
            let at = self.index(&dims[0].clone());
            return Node::new(Kind::Index, Ty::Real, vec![field, at]);
        }
        field
    }

    // ── integers ───────────────────────────────────────────────────────────────────────────────────

    fn small_int(&mut self) -> Node {
        let n = self.int();
        if matches!(n.kind, Kind::Int(_)) {
            return n;
        }
        match self.r.below(3) {
            0 => Node::int(self.r.below(4) as i64),
            _ => Node::call("mod", Ty::Int, vec![n, Node::int(3)]),
        }
    }

    pub fn int(&mut self) -> Node {
        self.fuel -= 1;
        let ints = self.visible(|b| b.ty == Ty::Int);
        if let Some(bind) = self.any(&ints)
            && (self.fuel <= 0 || self.r.once_in(2))
        {
            return Node::var(&bind.name, &Ty::Int);
        }
        if self.fuel <= 0 {
            return Node::int(self.r.below(4) as i64);
        }
        match self.r.below(9) {
            0 | 1 => Node::int(self.r.below(4) as i64),
            2..=4 => {
                let (a, b) = (self.int(), self.int());
                Node::binary(self.r.pick(&["+", "-", "*"]), Ty::Int, a, b)
            }
            5 => {
                let (a, b) = (self.int(), self.int());
                Node::call(self.r.pick(&["max", "min"]), Ty::Int, vec![a, b])
            }
            6 => {
                let (c, a, b) = (self.condition(), self.int(), self.int());
                Node::new(Kind::If { braces: false }, Ty::Int, vec![c, a, b])
            }
            7 if self.loops < 2 => {
                let dim = self.some_dim();
                let bind = self.index_bind(&dim);
                let name = bind.name.clone();
                self.loops += 1;
                let (op, body) = self.inside(vec![bind], |g| {
                    if g.r.once_in(2) { ("count", g.condition()) } else { ("sum", g.int()) }
                });
                self.loops -= 1;
                let kids = vec![body, Node::int(1), Node::dim(&dim)];
                Node::new(Kind::Reduce { op, names: vec![name], ranged: true, filter: false }, Ty::Int, kids)
            }
            _ => {
                let (a, dims) = self.some_array(1);
                let name = if dims[0].name.is_some() && self.r.once_in(3) { "argmax" } else { "len" };
                Node::call(name, Ty::Int, vec![a])
            }
        }
    }

    /// An integer from 1 to the length.
    fn index(&mut self, dim: &Dim) -> Node {
        let fitting = self.visible(|b| {
            b.range.as_ref().is_some_and(|r| {
                r.name == dim.name && (r.add <= dim.add) && (b.name != "n" || r.add == dim.add)
            })
        });
        if let Some(bind) = self.any(&fitting)
            && !self.r.once_in(4)
        {
            let at = Node::var(&bind.name, &Ty::Int);
            let range = bind.range.clone().expect("an index");
            if range.add < dim.add && self.r.once_in(2) {
                return Node::binary("+", Ty::Int, at, Node::int(dim.add - range.add));
            }
            if self.r.once_in(6) {
                return Node::binary("-", Ty::Int, Node::dim(&range.plus(1)), at);
            }
            return at;
        }
        let gathers = self.visible(|b| b.ty == Ty::Array(Elem::Int, vec![dim.clone()]));
        if let Some(bind) = self.any(&gathers)
            && self.fuel > 0
            && self.r.once_in(2)
        {
            self.fuel -= 3;
            let inner = self.index(dim);
            let array = Node::var(&bind.name, &bind.ty);
            // What is in it is an index of the same length for the parameters; of others nobody knows.
            let at = Node::new(Kind::Index, Ty::Int, vec![array, inner]);
            return self.wrapped(at, dim);
        }
        if dim.add >= 1 && (self.r.once_in(2) || self.fuel <= 0) {
            return Node::int(1);
        }
        if self.fuel <= 0 && dim.add >= 0 {
            return Node::dim(dim);
        }
        let n = self.int();
        self.wrapped(n, dim)
    }

    /// `mod(n, length) + 1`
    fn wrapped(&mut self, n: Node, dim: &Dim) -> Node {
        let rest = Node::call("mod", Ty::Int, vec![n, Node::dim(dim)]);
        Node::binary("+", Ty::Int, rest, Node::int(1))
    }

    fn int_array(&mut self, dims: &[Dim]) -> Node {
        let bind = self.index_bind(&dims[0]);
        let name = bind.name.clone();
        let body = self.inside(vec![bind], Self::int);
        let ty = Ty::Array(Elem::Int, dims.to_vec());
        Node::new(
            Kind::Build { names: vec![name], filter: false },
            ty,
            vec![body, Node::int(1), Node::dim(&dims[0])],
        )
    }

    // ── conditions ─────────────────────────────────────────────────────────────────────────────────

    fn condition(&mut self) -> Node {
        self.fuel -= 1;
        let bools = self.visible(|b| b.ty == Ty::Bool);
        if let Some(bind) = self.any(&bools)
            && self.r.once_in(4)
        {
            return Node::var(&bind.name, &Ty::Bool);
        }
        let less = ["<", "<=", ">", ">="];
        match self.r.below(12) {
            0 if self.fuel > 0 => {
                let (a, b) = (self.condition(), self.condition());
                Node::binary(self.r.pick(&["and", "or"]), Ty::Bool, a, b)
            }
            1 if self.fuel > 0 => {
                let a = self.condition();
                Node::new(Kind::Unary("not"), Ty::Bool, vec![a])
            }
            2 if self.fuel > 0 && self.loops < 3 => {
                let dim = self.some_dim();
                let bind = self.index_bind(&dim);
                let name = bind.name.clone();
                self.loops += 1;
                let body = self.inside(vec![bind], Self::condition);
                self.loops -= 1;
                let op = self.r.pick(&["any", "all"]);
                let kids = vec![body, Node::int(1), Node::dim(&dim)];
                Node::new(Kind::Reduce { op, names: vec![name], ranged: true, filter: false }, Ty::Bool, kids)
            }
            3..=6 => {
                let (a, b) = (self.int(), self.int());
                let op = self.r.pick(&["<", "<=", ">", ">=", "==", "!="]);
                Node::new(Kind::Compare(vec![op]), Ty::Bool, vec![a, b])
            }
            7 => {
                let (a, b, c) = (self.literal(), self.real(), self.literal());
                let ops = vec![self.r.pick(&["<", "<="]), self.r.pick(&["<", "<="])];
                Node::new(Kind::Compare(ops), Ty::Bool, vec![a, b, c])
            }
            _ => {
                let (a, b) = (self.real(), self.real());
                Node::new(Kind::Compare(vec![self.r.pick(&less)]), Ty::Bool, vec![a, b])
            }
        }
    }

    // ── arrays ─────────────────────────────────────────────────────────────────────────────────────

    fn plain_array(&mut self, dims: &[Dim]) -> Node {
        let ty = Ty::Array(Elem::Real, dims.to_vec());
        let known = self.visible(|b| b.ty == ty);
        if let Some(bind) = self.any(&known)
            && !self.r.once_in(6)
        {
            return Node::var(&bind.name, &ty);
        }
        let args = dims.iter().map(Node::dim).collect();
        Node::call(self.r.pick(&["zeros", "ones"]), ty, args)
    }

    pub fn array(&mut self, dims: &[Dim]) -> Node {
        self.fuel -= 1;
        let ty = Ty::Array(Elem::Real, dims.to_vec());
        let known = self.visible(|b| b.ty == ty);
        if self.fuel <= 0 {
            return self.plain_array(dims);
        }
        if let Some(bind) = self.any(&known)
            && self.r.once_in(3)
        {
            return Node::var(&bind.name, &ty);
        }
        let (two, deep) = (dims.len() == 2, self.loops >= 3);
        match self.r.below(22) {
            0..=4 if !deep => self.build(dims),
            5 | 6 => {
                let (a, b) = (self.array(dims), self.array(dims));
                Node::binary(self.r.pick(&["+", "-", ".*", ".+", ".-"]), ty, a, b)
            }
            7 => {
                let (a, b) = (self.real(), self.array(dims));
                Node::binary(self.r.pick(&["*", ".*", ".+", ".-"]), ty, a, b)
            }
            8 => {
                let a = self.array(dims);
                Node::new(Kind::Each(self.r.pick(&SMOOTH[..13]).into()), ty, vec![a])
            }
            9 => self.choice(&ty),
            10 => self.binding(&ty),
            11 | 12 if !deep => {
                let fold = self.fold(&ty, false);
                if fold.ty == ty { fold } else { self.plain_array(dims) }
            }
            13 if !two && !deep => self.scan(&dims[0]),
            13 if two => {
                let other = [dims[1].clone(), dims[0].clone()];
                let a = self.array(&other);
                Node::new(Kind::Unary("ᵀ"), ty, vec![a])
            }
            14 if two => {
                let (a, b) = (self.array(&dims[..1]), self.array(&dims[1..]));
                Node::call("outer", ty, vec![a, b])
            }
            14 => {
                let a = self.array(dims);
                Node::call(self.r.pick(&["softmax", "cumsum"]), ty, vec![a])
            }
            15 if !two => {
                let inner = self.some_dim();
                let (a, b) = (self.array(&[dims[0].clone(), inner.clone()]), self.array(&[inner]));
                Node::binary("*", ty, a, b)
            }
            15 => {
                let inner = self.some_dim();
                let (a, b) =
                    (self.array(&[dims[0].clone(), inner.clone()]), self.array(&[inner, dims[1].clone()]));
                Node::binary("*", ty, a, b)
            }
            16 if !two => self.row(&dims[0]),
            17 | 18 if !two => self.scatter(&dims[0]),
            19 if !two => self.call(&ty),
            20 if self.order < 2 => self.gradient(dims),
            21 if dims.iter().all(|d| d.name.is_none()) && !two => {
                let kids = (0..dims[0].add).map(|_| self.real()).collect();
                Node::new(Kind::List, ty, kids)
            }
            21 if !two && dims[0].add >= 0 => self.slice(&dims[0]),
            _ if deep => self.plain_array(dims),
            _ => self.build(dims),
        }
    }

    fn build(&mut self, dims: &[Dim]) -> Node {
        let ty = Ty::Array(Elem::Real, dims.to_vec());
        let mut binds: Vec<Bind> = vec![];
        for dim in dims {
            let mut bind = self.index_bind(dim);
            while binds.iter().any(|b| b.name == bind.name) {
                bind.name.push('_');
            }
            binds.push(bind);
        }
        let names = binds.iter().map(|b| b.name.clone()).collect();
        let bounds: Vec<Node> = dims.iter().flat_map(|dim| [Node::int(1), Node::dim(dim)]).collect();
        self.loops += dims.len();
        let body = self.inside(binds, Self::real);
        self.loops -= dims.len();
        Node::new(Kind::Build { names, filter: false }, ty, std::iter::once(body).chain(bounds).collect())
    }

    fn scan(&mut self, dim: &Dim) -> Node {
        if self.loops >= 2 {
            return self.plain_array(std::slice::from_ref(dim));
        }
        let init = self.real();
        let index = self.index_bind(dim);
        let (state, binds) = self.pattern(&Ty::Real, true);
        let name = index.name.clone();
        let next = self.body(vec![index].into_iter().chain(binds).collect(), &Ty::Real);
        let kids = vec![init, Node::int(1), Node::dim(dim), next];
        Node::new(Kind::Fold { state, name, trace: true }, Ty::vector(dim), kids)
    }

    /// A row or column of a matrix.
    fn row(&mut self, dim: &Dim) -> Node {
        let other = self.some_dim();
        let column = self.r.once_in(2);
        let dims = if column { [dim.clone(), other.clone()] } else { [other.clone(), dim.clone()] };
        let array = self.leaf_of(&Ty::Array(Elem::Real, dims.to_vec()));
        let at = self.index(&other);
        let subs = if column { vec![Sub::All, Sub::At] } else { vec![Sub::At, Sub::All] };
        Node::new(Kind::Slice(subs), Ty::vector(dim), vec![array, at])
    }

    fn slice(&mut self, dim: &Dim) -> Node {
        let longer = dim.plus(1);
        let array = self.leaf_of(&Ty::vector(&longer));
        let bounds = if self.r.once_in(2) {
            [Node::int(1), Node::dim(dim)]
        } else {
            [Node::int(2), Node::dim(&longer)]
        };
        let kids = std::iter::once(array).chain(bounds).collect();
        Node::new(Kind::Slice(vec![Sub::Range]), Ty::vector(dim), kids)
    }

    fn scatter(&mut self, dim: &Dim) -> Node {
        let init = self.plain_array(std::slice::from_ref(dim));
        let over = if self.r.once_in(2) { dim.clone() } else { self.some_dim() };
        let bind = self.index_bind(&over);
        let name = bind.name.clone();
        self.loops += 1;
        let (at, value) = self.inside(vec![bind], |g| (g.index(dim), g.real()));
        self.loops -= 1;
        let kids = vec![init, at, value, Node::int(1), Node::dim(&over)];
        Node::new(Kind::Scatter(name), Ty::vector(dim), kids)
    }

    /// `let v = … in grad(…, v)`, or a Jacobian.
    fn gradient(&mut self, dims: &[Dim]) -> Node {
        self.order += 1;
        self.fuel = self.fuel * 2 / 3;
        let ty = Ty::Array(Elem::Real, dims.to_vec());
        let jacobian = dims.len() == 2;
        let by = dims.last().expect("a length");
        let array = self.array(std::slice::from_ref(by));
        let name = self.fresh(ARRAYS);
        let bind = Bind { name: name.clone(), ty: array.ty.clone(), range: None, tied: true };
        let body = self.inside(vec![bind], |g| if jacobian { g.array(&dims[..1]) } else { g.real() });
        self.order -= 1;
        let kind = if jacobian { "jac" } else { "grad" };
        let derivative = Node::new(Kind::Derivative(kind, vec![name.clone()]), ty.clone(), vec![body]);
        let patterns = vec![Pattern::Name(name)];
        Node::new(Kind::Let { patterns, after: self.r.once_in(2) }, ty, vec![array, derivative])
    }
}
