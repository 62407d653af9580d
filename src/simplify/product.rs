//! A product as a number and factors: what a scalar looks like through its multiplications,
//! divisions, signs and whole powers, and how it is written again.

use crate::core::{Ex, Graph, Node, Type};
use crate::primitive::Prim;
use smallvec::{SmallVec, smallvec};

/// A product of more factors keeps the rest in one of them.
const MOST: usize = 24;
/// The same where products are taken apart that others share.
const MOST_SHARED: usize = 8;
/// Numbers beyond these, or their inverses, stay where they are: moved, they might overflow.
const LARGEST: f64 = 1e30;

/// A base with the power that multiplies and the powers that divide, each apart: `x^3/x/x^2`.
#[derive(Debug, Clone, PartialEq)]
pub struct Factor {
    pub base: Ex,
    pub up: u32,
    pub downs: SmallVec<[u32; 2]>,
}

impl Factor {
    pub fn down(&self) -> u32 {
        self.downs.iter().sum()
    }

    /// Takes `n` of the powers that divide away, the last ones first.
    pub fn lower(&mut self, mut n: u32) {
        while n > 0
            && let Some(last) = self.downs.last_mut()
        {
            let less = n.min(*last);
            *last -= less;
            n -= less;
            if *last == 0 {
                self.downs.pop();
            }
        }
    }
}

/// A number times factors, in the order in which they were met.
#[derive(Debug, Clone, PartialEq)]
pub struct Product {
    pub number: f64,
    pub factors: SmallVec<[Factor; 4]>,
}

/// What there is one of for each factor.
type Few<T> = SmallVec<[T; 4]>;

/// Which nodes below the first may be taken apart.
#[derive(Clone, Copy)]
pub struct Open<'a> {
    pub products: &'a dyn Fn(Ex) -> bool,
    pub quotients: &'a dyn Fn(Ex) -> bool,
    /// Also quotients by lengths that are multiplied by something: for a look, not to be written so.
    pub lengths: bool,
    /// A product of more factors keeps the rest in one of them.
    pub most: usize,
}

impl Open<'_> {
    /// Everything, for a look.
    pub const ALL: Open<'static> =
        Open { products: &|_| true, quotients: &|_| true, lengths: true, most: MOST };

    /// What is loose.
    pub fn loose<'a>(loose: &'a dyn Fn(Ex) -> bool) -> Open<'a> {
        Open { products: loose, quotients: loose, lengths: false, most: MOST }
    }

    /// All products, those that others share too.
    pub fn shared<'a>(quotients: &'a dyn Fn(Ex) -> bool) -> Open<'a> {
        Open { products: &|_| true, quotients, lengths: false, most: MOST_SHARED }
    }
}

impl Product {
    /// One factor.
    pub fn single(base: Ex) -> Product {
        Product { number: 1.0, factors: smallvec![Factor { base, up: 1, downs: SmallVec::new() }] }
    }

    /// What the expression is as a product; its own node is always taken apart. Nothing where its
    /// numbers must stay where they are.
    pub fn of(graph: &mut Graph, ex: Ex, open: Open) -> Option<Product> {
        let mut product = Product { number: 1.0, factors: SmallVec::new() };
        let mut divisors: SmallVec<[(Ex, f64); 2]> = SmallVec::new();
        // What is left with whether it is the whole, and whether it is multiplied by something.
        let mut stack: SmallVec<[(Ex, bool, bool); 8]> = smallvec![(ex, true, false)];
        while let Some((ex, opened, multiplied)) = stack.pop() {
            let room = stack.len() + product.factors.len() < open.most;
            match graph.node(ex) {
                _ if !opened && !open.lengths && is_bound(graph, ex) => product.raise(ex, 1),
                Node::Real(_) => {
                    if !product.scale(graph.as_real(ex).unwrap_or(f64::NAN)) {
                        return None;
                    }
                }
                Node::Prim(Prim::NEG, args) => {
                    product.number = -product.number;
                    stack.push((Ex(graph.words(args)[0]), opened, multiplied));
                }
                Node::Prim(Prim::MUL, args)
                    if room && (opened || (open.products)(ex) || is_scaled(graph, ex)) =>
                {
                    let &[a, b] = graph.words(args) else { unreachable!("two factors") };
                    stack.extend([(Ex(b), false, true), (Ex(a), false, true)]);
                }
                Node::Prim(Prim::DIV, args) if room => {
                    let &[a, b] = graph.words(args) else { unreachable!("two operands") };
                    let (a, b) = (Ex(a), Ex(b));
                    let balanced = multiplied && !open.lengths && is_length(graph, b);
                    let loose = opened || ((open.quotients)(ex) && !balanced);
                    if loose || graph.as_real(a).is_some() {
                        match graph.as_real(b) {
                            Some(c) => divisors.push((b, c)),
                            None => product.divide(graph, b, open)?,
                        }
                        stack.push((a, false, multiplied));
                    } else {
                        product.raise(ex, 1);
                    }
                }
                _ => {
                    let (base, n) = power(graph, ex);
                    product.raise(base, n);
                }
            }
        }
        // x/2 stays as it is, 6*x/2 is 3*x.
        for (divisor, c) in divisors.into_iter().rev() {
            if product.number.abs() == 1.0 || !product.scale_down(c) {
                product.factor(divisor).downs.push(1);
            }
        }
        Some(product)
    }

    /// Multiplies by a number, unless the result could not stand for the two.
    fn scale(&mut self, c: f64) -> bool {
        let number = self.number * c;
        let sound = number.is_normal() && (LARGEST.recip()..=LARGEST).contains(&number.abs());
        if sound {
            self.number = number;
        }
        sound
    }

    fn factor(&mut self, base: Ex) -> &mut Factor {
        let at = self.factors.iter().position(|f| f.base == base).unwrap_or_else(|| {
            self.factors.push(Factor { base, up: 0, downs: SmallVec::new() });
            self.factors.len() - 1
        });
        &mut self.factors[at]
    }

    pub fn raise(&mut self, base: Ex, n: u32) {
        self.factor(base).up += n;
    }

    /// Divides by an expression: by its number where that is exact, and by the rest as it is.
    fn divide(&mut self, graph: &mut Graph, ex: Ex, open: Open) -> Option<()> {
        if graph.as_prim(ex, Prim::MUL).is_some() && !is_bound(graph, ex) {
            let mut below = Product::of(graph, ex, Open { quotients: &|_| false, ..open })?;
            if below.number.abs() != 1.0 && self.scale_down(below.number) {
                below.number = 1.0;
                match &below.factors[..] {
                    [only] if only.downs.is_empty() => self.factor(only.base).downs.insert(0, only.up),
                    _ => {
                        let rest = below.write(graph);
                        self.factor(rest).downs.insert(0, 1);
                    }
                }
                return Some(());
            }
        }
        let (base, n) = power(graph, ex);
        self.factor(base).downs.insert(0, n);
        Some(())
    }

    /// Divides by a number if the quotient is exact.
    fn scale_down(&mut self, c: f64) -> bool {
        let quotient = self.number / c;
        let exact = quotient.mul_add(c, -self.number) == 0.0;
        exact && c.is_normal() && self.scale(c.recip()) && {
            self.number = quotient;
            true
        }
    }

    /// Cancels powers that both multiply and divide, where the whole stays undefined at the base's
    /// zeros: because it is still divided by the base, or because `guarded` knows another reason.
    pub fn cancel(&mut self, guarded: &dyn Fn(Ex) -> bool) {
        for factor in &mut self.factors {
            let (up, down) = (factor.up, factor.down());
            if up > 0 && down > 0 && (down > up || guarded(factor.base)) {
                let both = up.min(down);
                factor.up -= both;
                factor.lower(both);
            }
        }
        self.factors.retain(|f| f.up > 0 || !f.downs.is_empty());
    }

    /// How many operations it takes to compute it from its bases.
    pub fn cost(&self) -> usize {
        let factors =
            self.factors.iter().map(|f| usize::from(f.up > 0) + usize::from(f.up > 1) + f.downs.len());
        (factors.sum::<usize>() + usize::from(self.number.abs() != 1.0)).saturating_sub(1)
    }

    /// Whether the products differ in their numbers and in the order of their factors alone.
    pub fn is_like(&self, other: &Product) -> bool {
        self.factors.len() == other.factors.len()
            && self.factors.iter().all(|f| {
                let found = other.factors.iter().find(|g| g.base == f.base);
                found.is_some_and(|g| g.up == f.up && g.down() == f.down())
            })
    }

    /// The product as a node: the number, the factors, then the divisors.
    pub fn write(&self, graph: &mut Graph) -> Ex {
        let negative = self.number.is_sign_negative();
        // Variables stand before what is made of them.
        let plain = |f: &&Factor| matches!(graph.node(f.base), Node::Var(_) | Node::Index { .. });
        let (variables, others): (Few<&Factor>, Few<&Factor>) =
            self.factors.iter().filter(|f| f.up > 0).partition(plain);
        let ups: Few<Ex> = variables.into_iter().chain(others).map(|f| raised(graph, f.base, f.up)).collect();
        if ups.is_empty() {
            return self.write_number(graph);
        }
        let mut number = self.number.abs();
        let mut below = None;
        if is_inverse(number)
            && self.factors.iter().any(|f| !f.downs.is_empty() && graph.as_real(f.base).is_none())
        {
            below = Some(graph.real(number.recip()));
            number = 1.0;
        }
        let plain = number == 1.0;
        let first = (!plain).then(|| graph.real(if negative { -number } else { number }));
        let mut whole = first.into_iter().chain(ups).reduce(|a, b| times(graph, a, b)).expect("a factor");
        for (base, n) in self.divisors() {
            let mut divisor = raised(graph, base, n);
            if graph.as_real(base).is_none()
                && let Some(number) = below.take()
            {
                divisor = times(graph, number, divisor);
            }
            whole = graph.div(whole, divisor);
        }
        if plain && negative { graph.neg(whole) } else { whole }
    }

    /// The powers that divide: `x/h/h` stays, since `h^2` may overflow, and `1/x^2/x` is `1/x^3`.
    fn divisors(&self) -> Few<(Ex, u32)> {
        let powers = |f: &Factor| match f.downs.iter().any(|&n| n > 1) {
            true => (f.base, f.down(), 1),
            false => (f.base, 1, f.downs.len()),
        };
        let times = |(base, n, times): (Ex, u32, usize)| std::iter::repeat_n((base, n), times);
        self.factors.iter().map(powers).flat_map(times).collect()
    }

    /// Multiplies by another product.
    pub fn times(&mut self, other: &Product) {
        self.number *= other.number;
        for factor in &other.factors {
            let own = self.factor(factor.base);
            own.up += factor.up;
            own.downs.extend_from_slice(&factor.downs);
        }
    }

    /// A number over divisors. Over powers of one base, or over two bases, the divisors can be one:
    /// where that overflows the quotient vanishes either way.
    fn write_number(&self, graph: &mut Graph) -> Ex {
        let mut number = self.number;
        let mut divisors: Few<(Ex, u32)> = self.factors.iter().map(|f| (f.base, f.down())).collect();
        let mut rest = Few::new();
        match divisors[..] {
            [] => return graph.real(number),
            [_] | [(_, 1), (_, 1)] => {}
            _ => {
                divisors.truncate(1);
                rest = self.divisors();
                rest.retain(|(base, _)| *base != divisors[0].0);
            }
        }
        let mut below = None;
        if is_inverse(number.abs()) {
            below = Some(graph.real(number.abs().recip()));
            number = 1.0_f64.copysign(number);
        }
        for (base, n) in divisors {
            let divisor = raised(graph, base, n);
            below = Some(match below {
                Some(below) => times(graph, below, divisor),
                None => divisor,
            });
        }
        let plain = number == -1.0;
        let top = graph.real(if plain { 1.0 } else { number });
        let mut whole = graph.div(top, below.expect("a divisor"));
        for (base, n) in rest {
            let divisor = raised(graph, base, n);
            whole = graph.div(whole, divisor);
        }
        if plain { graph.neg(whole) } else { whole }
    }
}

/// Whether the expression may be as large as what it divides: a root, an extreme, a sum over an index.
/// `x/h` with such an `h` is moderate where `x*y` may overflow, so it stays a whole in a product.
fn is_length(graph: &Graph, ex: Ex) -> bool {
    match graph.node(ex) {
        Node::Prim(Prim::MUL, args) if graph.as_real(Ex(graph.words(args)[0])).is_some() => {
            graph.as_prim(Ex(graph.words(args)[1]), Prim::MUL).is_none()
                && is_length(graph, Ex(graph.words(args)[1]))
        }
        Node::Prim(p, _) => {
            [Prim::SQRT, Prim::HYPOT, Prim::ABS, Prim::MAX, Prim::MIN, Prim::STOP, Prim::SHOW].contains(&p)
        }
        Node::Real(_) | Node::Int(_) | Node::Bool(_) | Node::Var(_) => false,
        Node::If { .. } | Node::Index { .. } | Node::Size { .. } | Node::Lit { .. } => true,
        Node::Build { .. } | Node::Accum { .. } | Node::Loop(_) => true,
        Node::Call { .. } | Node::Part { .. } => true,
    }
}

/// Whether the author named the node: then it stays a whole.
pub fn is_bound(graph: &Graph, ex: Ex) -> bool {
    graph.name(ex).is_some_and(|name| name.bound)
}

/// Whether the number is the inverse of a power of two: then the power is exact.
fn is_inverse(number: f64) -> bool {
    number < 1.0 && number.is_normal() && number.to_bits() << 12 == 0
}

/// A number times one factor: it costs nothing to take apart.
fn is_scaled(graph: &Graph, ex: Ex) -> bool {
    graph.as_prim(ex, Prim::MUL).is_some_and(|args| {
        graph.as_real(Ex(args[0])).is_some() && graph.as_prim(Ex(args[1]), Prim::MUL).is_none()
    })
}

/// A factor that is a whole power, as its base and exponent.
fn power(graph: &Graph, ex: Ex) -> (Ex, u32) {
    if let Some(&[base, exponent]) = graph.as_prim(ex, Prim::POW)
        && let Some(n) = graph.as_real(Ex(exponent))
        && (1.0..=64.0).contains(&n)
        && n.fract() == 0.0
    {
        return (Ex(base), n as u32);
    }
    (ex, 1)
}

fn raised(graph: &mut Graph, base: Ex, n: u32) -> Ex {
    if n == 1 {
        return base;
    }
    let exponent = graph.real(f64::from(n));
    graph.prim(Prim::POW, &[base, exponent])
}

/// The product in this order; two plain factors may be one node with the same two turned.
fn times(graph: &mut Graph, a: Ex, b: Ex) -> Ex {
    let unit = graph.as_real(a).is_some_and(|c| c.abs() == 1.0);
    let chain = graph.as_real(a).is_some() || graph.as_prim(a, Prim::MUL).is_some();
    match chain && !unit && graph.as_real(b).is_none() {
        true => graph.mul_in_order(a, b),
        false => graph.mul(a, b),
    }
}

/// Whether the node is a real scalar made by one of these primitives.
pub fn is_one_of(graph: &Graph, ex: Ex, prims: &[Prim]) -> bool {
    graph.ty(ex) == Type::REAL && matches!(graph.node(ex), Node::Prim(p, _) if prims.contains(&p))
}
