//! The oracle: a program's tree, evaluated by the letter of the notation over numbers with
//! infinitesimals. It knows nothing of graphs, adjoints or simplification.

use super::number::{self, Num};
use super::tree::{Definition, Dim, Kind, Node, Pattern, Program, Sub, Ty};
use std::rc::Rc;

/// Why there is no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Stop {
    /// An index is outside, or an integer too large.
    Fault,
    /// Too many steps.
    Long,
    /// A name that is not there: a program that was cut.
    Broken,
}

#[derive(Debug, Clone)]
pub enum Val {
    Num(Num),
    Int(i64),
    Bool(bool),
    Array(Vec<usize>, Rc<Vec<Num>>),
    Ints(Vec<usize>, Rc<Vec<i64>>),
    Tuple(Vec<Val>),
    Record(Vec<(String, Val)>),
    Function(Rc<Closure>),
}

#[derive(Debug)]
pub enum Closure {
    Lambda(Vec<String>, Node, Env),
    /// A definition or a function of the notation.
    Named(String),
}

/// Names with values, the newest first.
#[derive(Debug, Clone, Default)]
pub struct Env(Option<Rc<(String, Val, Env)>>);

impl Env {
    pub fn with(&self, name: &str, val: Val) -> Env {
        Env(Some(Rc::new((name.to_string(), val, self.clone()))))
    }

    fn get(&self, name: &str) -> Option<&Val> {
        let mut at = self;
        while let Some(entry) = &at.0 {
            if entry.0 == name {
                return Some(&entry.1);
            }
            at = &entry.2;
        }
        None
    }

    fn bind(&self, pattern: &Pattern, val: Val) -> Result<Env, Stop> {
        match (pattern, val) {
            (Pattern::Name(name), val) => Ok(self.with(name, val)),
            (Pattern::Tuple(names), Val::Tuple(vals)) if names.len() == vals.len() => {
                Ok(names.iter().zip(vals).fold(self.clone(), |env, (name, val)| env.with(name, val)))
            }
            _ => Err(Stop::Broken),
        }
    }
}

type Result<T, E = Stop> = std::result::Result<T, E>;

impl Val {
    pub fn num(&self) -> Result<Num> {
        match self {
            Val::Num(x) => Ok(x.clone()),
            Val::Int(n) => Ok(Num::Real(*n as f64)),
            _ => Err(Stop::Broken),
        }
    }

    fn int(&self) -> Result<i64> {
        if let Val::Int(n) = self { Ok(*n) } else { Err(Stop::Broken) }
    }

    fn bool(&self) -> Result<bool> {
        if let Val::Bool(b) = self { Ok(*b) } else { Err(Stop::Broken) }
    }

    fn shape(&self) -> Vec<usize> {
        match self {
            Val::Array(shape, _) | Val::Ints(shape, _) => shape.clone(),
            _ => vec![],
        }
    }

    /// All real numbers in it.
    pub fn nums(&self) -> Vec<Num> {
        match self {
            Val::Num(x) => vec![x.clone()],
            Val::Int(n) => vec![Num::Real(*n as f64)],
            Val::Bool(b) => vec![Num::Real(f64::from(u8::from(*b)))],
            Val::Array(_, nums) => nums.to_vec(),
            Val::Ints(_, ints) => ints.iter().map(|&n| Num::Real(n as f64)).collect(),
            Val::Tuple(vals) => vals.iter().flat_map(Val::nums).collect(),
            Val::Record(fields) => fields.iter().flat_map(|(_, v)| v.nums()).collect(),
            Val::Function(_) => vec![],
        }
    }

    fn map(&self, f: &mut dyn FnMut(&Num) -> Num) -> Val {
        match self {
            Val::Num(x) => Val::Num(f(x)),
            Val::Array(shape, nums) => Val::Array(shape.clone(), Rc::new(nums.iter().map(f).collect())),
            Val::Tuple(vals) => Val::Tuple(vals.iter().map(|v| v.map(f)).collect()),
            Val::Record(fields) => Val::Record(fields.iter().map(|(n, v)| (n.clone(), v.map(f))).collect()),
            Val::Int(_) | Val::Bool(_) | Val::Ints(..) | Val::Function(_) => self.clone(),
        }
    }
}

pub struct Oracle<'a> {
    program: &'a Program,
    /// What every function sees.
    base: Env,
    fuel: u32,
    depth: u32,
    tag: u32,
}

impl<'a> Oracle<'a> {
    pub fn new(program: &'a Program, globals: &[Num], fuel: u32) -> Self {
        let mut base = Env::default();
        for (name, value) in &program.constants {
            base = base.with(name, Val::Num(Num::Real(*value)));
        }
        for ((name, _), value) in program.globals.iter().zip(globals) {
            base = base.with(name, Val::Num(value.clone()));
        }
        Oracle { program, base, fuel, depth: 0, tag: 100 }
    }

    /// The value of the last function at these arguments.
    pub fn main(&mut self, args: &[Val]) -> Result<Val> {
        self.apply(self.program.main(), args)
    }

    fn apply(&mut self, d: &'a Definition, args: &[Val]) -> Result<Val> {
        if d.params.len() != args.len() {
            return Err(Stop::Broken);
        }
        let mut env = self.base.clone();
        for ((_, ty), arg) in d.params.iter().zip(args) {
            // Lengths are names too.
            if let Ty::Array(_, dims) = ty {
                for (dim, n) in dims.iter().zip(arg.shape()) {
                    if let Dim { name: Some(name), add } = dim {
                        env = env.with(name, Val::Int(n as i64 - add));
                    }
                }
            }
        }
        for ((name, ty), arg) in d.params.iter().zip(args) {
            let arg = if *ty == Ty::Real { Val::Num(arg.num()?) } else { arg.clone() };
            env = env.with(name, arg);
        }
        self.depth += 1;
        if self.depth > 100 {
            return Err(Stop::Long);
        }
        let found = self.eval(&d.body, &env);
        self.depth -= 1;
        found
    }

    fn eval(&mut self, node: &Node, env: &Env) -> Result<Val> {
        self.fuel = self.fuel.checked_sub(1).ok_or(Stop::Long)?;
        let kids = &node.kids;
        match &node.kind {
            Kind::Real(x) => Ok(Val::Num(Num::Real(*x))),
            Kind::Int(n) => Ok(Val::Int(*n)),
            Kind::Bool(b) => Ok(Val::Bool(*b)),
            Kind::Var(name) => match (env.get(name), &node.ty) {
                (Some(val), _) => Ok(val.clone()),
                (None, Ty::Function(..)) => Ok(Val::Function(Rc::new(Closure::Named(name.clone())))),
                (None, _) => Err(Stop::Broken),
            },
            Kind::Widen => Ok(Val::Num(self.eval(&kids[0], env)?.num()?)),
            Kind::Unary(op) => {
                let a = self.eval(&kids[0], env)?;
                unary(op, a)
            }
            Kind::Binary(op @ ("and" | "or")) => {
                let first = self.eval(&kids[0], env)?.bool()?;
                if first == (*op == "or") {
                    return Ok(Val::Bool(first));
                }
                self.eval(&kids[1], env)
            }
            Kind::Binary(op) => {
                let (a, b) = (self.eval(&kids[0], env)?, self.eval(&kids[1], env)?);
                binary(op, &a, &b)
            }
            Kind::Compare(ops) => {
                let mut left = self.eval(&kids[0], env)?;
                for (op, kid) in ops.iter().zip(&kids[1..]) {
                    let right = self.eval(kid, env)?;
                    if !compare(op, &left, &right)? {
                        return Ok(Val::Bool(false));
                    }
                    left = right;
                }
                Ok(Val::Bool(true))
            }
            Kind::If { .. } => {
                let (otherwise, arms) = kids.split_last().ok_or(Stop::Broken)?;
                for arm in arms.chunks(2) {
                    if self.eval(&arm[0], env)?.bool()? {
                        return self.eval(&arm[1], env);
                    }
                }
                self.eval(otherwise, env)
            }
            Kind::Let { patterns, .. } => {
                let (body, values) = kids.split_last().ok_or(Stop::Broken)?;
                let mut env = env.clone();
                for (pattern, value) in patterns.iter().zip(values) {
                    let value = self.eval(value, &env)?;
                    env = env.bind(pattern, value)?;
                }
                self.eval(body, &env)
            }
            Kind::Lambda(names) => {
                let closure = Closure::Lambda(names.clone(), kids[0].clone(), env.clone());
                Ok(Val::Function(Rc::new(closure)))
            }
            Kind::Call(name) => {
                let args = self.all(kids, env)?;
                self.call(name, &args, env)
            }
            Kind::Each(name) => self.each(name, kids, env),
            Kind::Prime(name, order) => {
                let at = self.eval(&kids[0], env)?.num()?;
                self.prime(name, *order, &at, env)
            }
            Kind::Tuple => Ok(Val::Tuple(self.all(kids, env)?)),
            Kind::Record(names) => {
                let vals = self.all(kids, env)?;
                Ok(Val::Record(names.iter().cloned().zip(vals).collect()))
            }
            Kind::Field(name) => match self.eval(&kids[0], env)? {
                Val::Record(fields) => {
                    fields.into_iter().find(|(n, _)| n == name).map(|(_, v)| v).ok_or(Stop::Broken)
                }
                _ => Err(Stop::Broken),
            },
            Kind::Index | Kind::Slice(_) | Kind::List | Kind::Build { .. } | Kind::Scatter(_) => {
                self.array(node, env)
            }
            Kind::Reduce { .. } | Kind::Fold { .. } | Kind::Iterate(_) => self.looping(node, env),
            Kind::Derivative(kind, names) => self.derivative(kind, names, &kids[0], env),
        }
    }

    fn all(&mut self, nodes: &[Node], env: &Env) -> Result<Vec<Val>> {
        nodes.iter().map(|node| self.eval(node, env)).collect()
    }

    fn call(&mut self, name: &str, args: &[Val], env: &Env) -> Result<Val> {
        if let Some(Val::Function(function)) = env.get(name) {
            let function = function.clone();
            return self.run(&function, args);
        }
        if let Some(d) = self.program.definitions.iter().find(|d| d.name == name) {
            return self.apply(d, args);
        }
        super::builtin::call(name, args)
    }

    fn run(&mut self, function: &Closure, args: &[Val]) -> Result<Val> {
        match function {
            Closure::Lambda(names, body, env) => {
                let env =
                    names.iter().zip(args).fold(env.clone(), |env, (name, arg)| env.with(name, arg.clone()));
                self.eval(body, &env)
            }
            Closure::Named(name) => self.call(name, args, &Env::default()),
        }
    }

    fn each(&mut self, name: &str, kids: &[Node], env: &Env) -> Result<Val> {
        let args = self.all(kids, env)?;
        let shape = args.iter().map(Val::shape).find(|s| !s.is_empty()).unwrap_or_default();
        let count = shape.iter().product();
        let mut nums = vec![];
        for k in 0..count {
            let pick = |arg: &Val| match arg {
                Val::Array(s, nums) if *s == shape => Ok(Val::Num(nums[k].clone())),
                Val::Array(..) => Err(Stop::Fault),
                scalar => Ok(scalar.clone()),
            };
            let own = args.iter().map(pick).collect::<Result<Vec<_>>>()?;
            nums.push(self.call(name, &own, env)?.num()?);
        }
        Ok(Val::Array(shape, Rc::new(nums)))
    }

    /// The derivative of a function of one number.
    fn prime(&mut self, name: &str, order: usize, at: &Num, env: &Env) -> Result<Val> {
        if order == 0 {
            return self.call(name, &[Val::Num(at.clone())], env);
        }
        self.tag += 1;
        let tag = self.tag;
        let moved = Num::dual(tag, at.clone(), Num::Real(1.0));
        let value = self.prime(name, order - 1, &moved, env)?;
        self.tag -= 1;
        Ok(value.map(&mut |x| x.slope(tag)))
    }

    fn array(&mut self, node: &Node, env: &Env) -> Result<Val> {
        let kids = &node.kids;
        match &node.kind {
            Kind::Index => {
                let vals = self.all(kids, env)?;
                let at = vals[1..].iter().map(Val::int).collect::<Result<Vec<_>>>()?;
                element(&vals[0], &at)
            }
            Kind::Slice(subs) => {
                let vals = self.all(kids, env)?;
                slice(&vals, subs)
            }
            Kind::List => {
                let vals = self.all(kids, env)?;
                let nums = vals.iter().map(Val::num).collect::<Result<Vec<_>>>()?;
                Ok(Val::Array(vec![nums.len()], Rc::new(nums)))
            }
            Kind::Build { names, filter: _ } => {
                let mut nums = vec![];
                let mut shape = vec![];
                for k in 0..names.len() {
                    let (low, high) = self.range(&kids[1 + 2 * k..], env)?;
                    shape.push((high - low + 1).max(0) as usize);
                }
                let mut inner = vec![];
                self.points(names, &kids[1..], None, env, &mut |this, env| {
                    let value = this.eval(&kids[0], env)?;
                    inner = value.shape();
                    nums.push(value);
                    Ok(true)
                })?;
                shape.extend(inner);
                if let Some(Val::Int(_) | Val::Ints(..)) = nums.first() {
                    let ints = nums.iter().map(Val::int).collect::<Result<Vec<_>>>()?;
                    return Ok(Val::Ints(shape, Rc::new(ints)));
                }
                Ok(Val::Array(shape, Rc::new(nums.iter().flat_map(Val::nums).collect())))
            }
            Kind::Scatter(name) => {
                let Val::Array(shape, nums) = self.eval(&kids[0], env)? else { return Err(Stop::Broken) };
                let (low, high) = self.range(&kids[3..], env)?;
                let mut nums = nums.to_vec();
                for i in low..=high {
                    let env = env.with(name, Val::Int(i));
                    let at = self.eval(&kids[1], &env)?.int()?;
                    let value = self.eval(&kids[2], &env)?.num()?;
                    if at < 1 || at > nums.len() as i64 {
                        return Err(Stop::Fault);
                    }
                    let place = &mut nums[at as usize - 1];
                    *place = number::add(place, &value);
                }
                Ok(Val::Array(shape, Rc::new(nums)))
            }
            _ => Err(Stop::Broken),
        }
    }

    fn range(&mut self, bounds: &[Node], env: &Env) -> Result<(i64, i64)> {
        Ok((self.eval(&bounds[0], env)?.int()?, self.eval(&bounds[1], env)?.int()?))
    }

    /// Visits all values of the names; `bounds` are their ranges, each seeing the names before.
    fn points(
        &mut self,
        names: &[String],
        bounds: &[Node],
        cond: Option<&Node>,
        env: &Env,
        visit: &mut dyn FnMut(&mut Self, &Env) -> Result<bool>,
    ) -> Result<bool> {
        let Some((first, rest)) = names.split_first() else {
            if let Some(cond) = cond
                && !self.eval(cond, env)?.bool()?
            {
                return Ok(true);
            }
            return visit(self, env);
        };
        let (low, high) = self.range(bounds, env)?;
        for i in low..=high {
            let env = env.with(first, Val::Int(i));
            if !self.points(rest, &bounds[2..], cond, &env, visit)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn looping(&mut self, node: &Node, env: &Env) -> Result<Val> {
        let kids = &node.kids;
        match &node.kind {
            Kind::Reduce { op, names, filter, .. } => {
                let cond = if *filter { kids.last() } else { None };
                let mut vals: Vec<Val> = vec![];
                self.points(names, &kids[1..], cond, env, &mut |this, env| {
                    let value = this.eval(&kids[0], env)?;
                    // A condition that decides is the last one looked at.
                    let more = match (*op, &value) {
                        ("any", Val::Bool(b)) => !b,
                        ("all", Val::Bool(b)) => *b,
                        _ => true,
                    };
                    vals.push(value);
                    Ok(more)
                })?;
                super::builtin::reduce(op, vals, node.ty == Ty::Int)
            }
            Kind::Fold { state, name, trace } => {
                let mut value = self.eval(&kids[0], env)?;
                let (low, high) = self.range(&kids[1..], env)?;
                let mut shape = value.shape();
                let mut all = vec![];
                for i in low..=high {
                    let env = env.with(name, Val::Int(i));
                    let env = env.bind(state, value)?;
                    value = self.eval(&kids[3], &env)?;
                    if *trace {
                        all.extend(value.nums());
                    }
                }
                if *trace {
                    shape.insert(0, (high - low + 1).max(0) as usize);
                    return Ok(Val::Array(shape, Rc::new(all)));
                }
                Ok(value)
            }
            Kind::Iterate(state) => {
                let mut value = self.eval(&kids[0], env)?;
                loop {
                    let env = env.bind(state, value.clone())?;
                    if !self.eval(&kids[1], &env)?.bool()? {
                        return Ok(value);
                    }
                    value = self.eval(&kids[2], &env)?;
                }
            }
            _ => Err(Stop::Broken),
        }
    }

    fn derivative(&mut self, kind: &str, names: &[String], body: &Node, env: &Env) -> Result<Val> {
        let (kind, names) = match (kind, names) {
            ("hess", [one]) => ("diff", vec![one.clone(), one.clone()]),
            _ => (kind, names.to_vec()),
        };
        let _ = kind;
        self.by(&names, body, env)
    }

    /// The derivative by each of the names in turn: indices of the body first, then of the first name.
    fn by(&mut self, names: &[String], body: &Node, env: &Env) -> Result<Val> {
        let Some((name, rest)) = names.split_last() else { return self.eval(body, env) };
        let by = env.get(name).cloned().ok_or(Stop::Broken)?;
        // Functions see a `param` too.
        let global = match (env.get(name), self.base.get(name)) {
            (Some(here), Some(there)) => std::ptr::eq(here, there),
            _ => false,
        };
        let base = self.base.clone();
        self.tag += 1;
        let tag = self.tag;
        let nums = by.nums();
        let mut columns: Vec<Vec<Num>> = vec![];
        let mut shape = vec![];
        for k in 0..nums.len() {
            let mut at = 0;
            let moved = by.map(&mut |x| {
                at += 1;
                if at - 1 == k { Num::dual(tag, x.clone(), Num::Real(1.0)) } else { x.clone() }
            });
            if global {
                self.base = base.with(name, moved.clone());
            }
            let value = self.by(rest, body, &env.with(name, moved))?;
            shape = value.shape();
            columns.push(value.nums().iter().map(|x| x.slope(tag)).collect());
        }
        self.base = base;
        self.tag -= 1;
        shape.extend(by.shape());
        if shape.is_empty() {
            return Ok(Val::Num(columns[0][0].clone()));
        }
        let rows = columns.first().map_or(0, Vec::len);
        let nums = (0..rows).flat_map(|r| columns.iter().map(move |c| c[r].clone())).collect();
        Ok(Val::Array(shape, Rc::new(nums)))
    }
}

fn unary(op: &str, a: Val) -> Result<Val> {
    Ok(match (op, a) {
        ("-", Val::Int(n)) => Val::Int(n.checked_neg().ok_or(Stop::Fault)?),
        ("-", a) => a.map(&mut number::neg),
        ("not", Val::Bool(b)) => Val::Bool(!b),
        ("ᵀ", Val::Array(shape, nums)) if shape.len() == 2 => {
            let (m, n) = (shape[0], shape[1]);
            let turned = (0..n).flat_map(|j| (0..m).map(move |i| i * n + j)).map(|k| nums[k].clone());
            Val::Array(vec![n, m], Rc::new(turned.collect()))
        }
        _ => return Err(Stop::Broken),
    })
}

fn compare(op: &str, a: &Val, b: &Val) -> Result<bool> {
    let order = match (a, b) {
        (Val::Int(a), Val::Int(b)) => a.partial_cmp(b),
        _ => a.num()?.re().partial_cmp(&b.num()?.re()),
    };
    let Some(order) = order else { return Ok(op == "!=") };
    Ok(match op {
        "<" => order.is_lt(),
        "<=" => order.is_le(),
        ">" => order.is_gt(),
        ">=" => order.is_ge(),
        "==" => order.is_eq(),
        _ => order.is_ne(),
    })
}

fn binary(op: &str, a: &Val, b: &Val) -> Result<Val> {
    if let (Val::Int(a), Val::Int(b)) = (a, b) {
        let whole = match op {
            "+" => a.checked_add(*b),
            "-" => a.checked_sub(*b),
            "*" => a.checked_mul(*b),
            _ => None,
        };
        if matches!(op, "+" | "-" | "*") {
            return whole.map(Val::Int).ok_or(Stop::Fault);
        }
    }
    let plain = op.trim_start_matches('.');
    match (a, b) {
        (Val::Array(s, x), Val::Array(t, y)) => match op {
            "*" | "·" => super::builtin::product((s, x), (t, y)),
            _ if s != t => Err(Stop::Fault),
            _ => {
                let pairs = x.iter().zip(y.iter());
                Ok(Val::Array(s.clone(), Rc::new(pairs.map(|(x, y)| arithmetic(plain, x, y)).collect())))
            }
        },
        (Val::Array(s, x), y) => {
            let y = y.num()?;
            Ok(Val::Array(s.clone(), Rc::new(x.iter().map(|x| arithmetic(plain, x, &y)).collect())))
        }
        (x, Val::Array(s, y)) => {
            let x = x.num()?;
            Ok(Val::Array(s.clone(), Rc::new(y.iter().map(|y| arithmetic(plain, &x, y)).collect())))
        }
        (_, Val::Int(n)) if op == "^" => Ok(Val::Num(number::powi(&a.num()?, *n))),
        (a, b) => Ok(Val::Num(arithmetic(plain, &a.num()?, &b.num()?))),
    }
}

fn arithmetic(op: &str, a: &Num, b: &Num) -> Num {
    match op {
        "+" => number::add(a, b),
        "-" => number::sub(a, b),
        "*" => number::mul(a, b),
        "/" => number::div(a, b),
        _ => number::pow(a, b),
    }
}

fn element(array: &Val, at: &[i64]) -> Result<Val> {
    let shape = array.shape();
    let mut offset = 0;
    if shape.len() != at.len() {
        return Err(Stop::Broken);
    }
    for (&n, &i) in shape.iter().zip(at) {
        if i < 1 || i > n as i64 {
            return Err(Stop::Fault);
        }
        offset = offset * n + i as usize - 1;
    }
    match array {
        Val::Array(_, nums) => Ok(Val::Num(nums[offset].clone())),
        Val::Ints(_, ints) => Ok(Val::Int(ints[offset])),
        _ => Err(Stop::Broken),
    }
}

fn slice(vals: &[Val], subs: &[Sub]) -> Result<Val> {
    let Val::Array(shape, nums) = &vals[0] else { return Err(Stop::Broken) };
    let mut bounds = vals[1..].iter();
    let mut next = || bounds.next().ok_or(Stop::Broken).and_then(Val::int);
    let mut kept = vec![];
    let mut offsets = vec![0usize];
    for (sub, &n) in subs.iter().zip(shape) {
        let (low, high) = match sub {
            Sub::At => next().map(|i| (i, i))?,
            Sub::Range => (next()?, next()?),
            Sub::All => (1, n as i64),
        };
        if high >= low && (low < 1 || high > n as i64) {
            return Err(Stop::Fault);
        }
        if *sub != Sub::At {
            kept.push((high - low + 1).max(0) as usize);
        }
        offsets = offsets.iter().flat_map(|&o| (low..=high).map(move |i| o * n + i as usize - 1)).collect();
    }
    if subs.len() != shape.len() {
        return Err(Stop::Broken);
    }
    Ok(Val::Array(kept, Rc::new(offsets.into_iter().map(|o| nums[o].clone()).collect())))
}
