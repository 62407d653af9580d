//! A sum as its addends: like ones collected, common factors in front.

use super::domain::{excludes_zero, is_total_product};
use super::product::{Factor, Open, Product, is_bound, is_one_of};
use crate::core::{Ex, Graph, Node};
use crate::primitive::Prim;
use smallvec::{SmallVec, smallvec};

/// A sum of more addends keeps the rest in one of them.
const MOST: usize = 24;

/// One addend.
#[derive(Debug, Clone)]
struct Addend {
    product: Product,
    /// Its node and whether it is subtracted, while the addend is as it was.
    node: Option<(Ex, bool)>,
    /// How many operations its node takes that nothing else needs.
    cost: usize,
}

impl Addend {
    fn new(product: Product) -> Addend {
        Addend { product, node: None, cost: 0 }
    }

    fn cost(&self) -> usize {
        if self.node.is_some() { self.cost } else { self.product.cost() }
    }
}

/// The addends of a sum, each with its sign: `true` if subtracted.
pub fn addends(graph: &Graph, ex: Ex, open: &dyn Fn(Ex) -> bool) -> SmallVec<[(Ex, bool); 4]> {
    let mut found = SmallVec::new();
    let mut stack: SmallVec<[(Ex, bool, bool); 4]> = smallvec![(ex, false, true)];
    while let Some((ex, minus, opened)) = stack.pop() {
        let room = stack.len() + found.len() < MOST;
        match graph.node(ex) {
            _ if !opened && is_bound(graph, ex) => found.push((ex, minus)),
            Node::Prim(Prim::NEG, args) => stack.push((Ex(graph.words(args)[0]), !minus, opened)),
            Node::Prim(p @ (Prim::ADD | Prim::SUB), args)
                if room && (opened || open(ex) || is_shifted(graph, ex)) =>
            {
                let &[a, b] = graph.words(args) else { unreachable!("two addends") };
                stack.push((Ex(b), minus != (p == Prim::SUB), false));
                stack.push((Ex(a), minus, false));
            }
            _ => found.push((ex, minus)),
        }
    }
    found
}

/// One term and a number: it costs nothing to take apart.
fn is_shifted(graph: &Graph, ex: Ex) -> bool {
    let Node::Prim(_, args) = graph.node(ex) else { return false };
    let number = |e: Ex| graph.as_real(e).is_some();
    let sum = |e: Ex| is_one_of(graph, e, &[Prim::ADD, Prim::SUB]);
    graph.exs(args).any(number) && !graph.exs(args).any(sum)
}

/// The sum, collected and with common factors in front; nothing where it is so already.
pub fn tidy(graph: &mut Graph, ex: Ex, loose: &dyn Fn(Ex) -> bool) -> Option<Ex> {
    let listed = addends(graph, ex, loose);
    let own = viewed(graph, &listed, loose, Open::loose(loose));
    if is_tidy(graph, ex, &listed, &own, loose) {
        return None;
    }
    let shared = |f: &Factor| f.up > 0 && is_one_of(graph, f.base, &[Prim::MUL]);
    let deeper = own.iter().any(|addend| addend.product.factors.iter().any(shared));
    let (plain, own) = match deeper {
        true => {
            let mut plain = viewed(graph, &listed, loose, Open::shared(loose));
            plain.iter_mut().zip(&own).for_each(|(addend, own)| addend.cost = own.cost);
            (plain, Some(own))
        }
        false => (own, None),
    };
    let count = plain.len();
    let spread = distribute(graph, &plain, loose);
    let mut best = collect(graph, plain);
    if let Some(spread) = spread {
        let count = spread.len();
        let collected = collect(graph, spread);
        // Only where it makes addends meet, and the sum no longer.
        if collected.len() < count && collected.len() <= best.len() {
            best = collected;
        }
    }
    let met = cancel(graph, &mut best) || best.len() < count;
    let mut best = Factored::of(graph, best);
    if let Some(own) = own.filter(|_| !met) {
        // What is taken out of products that others share is computed again: only where that pays.
        let own = Factored::of(graph, own);
        if own.cost() < best.cost() {
            best = own;
        }
    }
    let new = best.write(graph);
    (new != ex).then_some(new)
}

/// Whether there is surely nothing to do: no two addends have anything in common, and the sum is written
/// as they stand.
fn is_tidy(graph: &Graph, ex: Ex, listed: &[(Ex, bool)], own: &[Addend], loose: &dyn Fn(Ex) -> bool) -> bool {
    let factors = || own.iter().flat_map(|addend| &addend.product.factors);
    let whole = |f: &Factor| {
        let arithmetic = [Prim::MUL, Prim::DIV, Prim::NEG, Prim::ADD, Prim::SUB];
        f.up > 0
            && f.downs.is_empty()
            && !(is_one_of(graph, f.base, &arithmetic) && loose(f.base))
            && !is_one_of(graph, f.base, &[Prim::MUL])
    };
    let mut bases: SmallVec<[Ex; 8]> = factors().map(|f| f.base).collect();
    let count = bases.len();
    bases.sort_unstable();
    bases.dedup();
    let number = |product: &Product| product.number.abs() != 1.0 || product.factors.is_empty();
    let numbers = own.iter().filter(|addend| number(&addend.product)).count();
    if bases.len() < count || !factors().all(whole) || numbers > 1 {
        return false;
    }
    let mut rest = ex;
    for &(node, minus) in listed.iter().skip(1).rev() {
        match graph.node(rest) {
            Node::Prim(p @ (Prim::ADD | Prim::SUB), args) if minus == (p == Prim::SUB) => {
                let &[a, b] = graph.words(args) else { unreachable!("two addends") };
                if Ex(b) != node {
                    return false;
                }
                rest = Ex(a);
            }
            _ => return false,
        }
    }
    listed.first().is_some_and(|&(first, minus)| first == rest && !minus)
        && own.iter().zip(listed).all(|(addend, &(_, minus))| minus == (addend.product.number < 0.0))
}

/// The addends as products; those below the first that are `open` are taken apart.
fn viewed(graph: &mut Graph, listed: &[(Ex, bool)], loose: &dyn Fn(Ex) -> bool, open: Open) -> Vec<Addend> {
    let view = |&(node, minus): &(Ex, bool)| {
        let apart = is_bound(graph, node) || (is_one_of(graph, node, &[Prim::DIV]) && !loose(node));
        let inverse = graph.as_prim(node, Prim::DIV).is_some_and(|a| graph.as_real(Ex(a[0])).is_some());
        let known = (apart && !inverse) || (is_one_of(graph, node, &[Prim::MUL]) && !(open.products)(node));
        let seen = if known { None } else { Product::of(graph, node, open) };
        let mut product = seen.unwrap_or_else(|| Product::single(node));
        turn_differences(graph, &mut product);
        if minus {
            product.number = -product.number;
        }
        let cost = product.cost();
        Addend { product, node: Some((node, minus)), cost }
    };
    listed.iter().map(view).collect()
}

/// Takes `a - b` and `b - a` for one base: the one that is older.
fn turn_differences(graph: &mut Graph, product: &mut Product) {
    let mut any = false;
    for factor in product.factors.iter_mut().filter(|f| f.up + f.down() == 1) {
        if let Some(&[a, b]) = graph.as_prim(factor.base, Prim::SUB) {
            let turned = graph.sub(Ex(b), Ex(a));
            if turned < factor.base {
                factor.base = turned;
                product.number = -product.number;
                any = true;
            }
        }
    }
    if !any {
        return;
    }
    // What is turned may be a factor already.
    let factors = std::mem::take(&mut product.factors);
    product.times(&Product { number: 1.0, factors });
}

/// The addends with what multiplies sums taken inside; nothing where there is no such thing, or too much.
fn distribute(graph: &mut Graph, plain: &[Addend], loose: &dyn Fn(Ex) -> bool) -> Option<Vec<Addend>> {
    let inner_sum = |graph: &Graph, addend: &Addend| {
        addend.product.factors.iter().position(|f| {
            f.up == 1
                && f.downs.is_empty()
                && loose(f.base)
                && is_one_of(graph, f.base, &[Prim::ADD, Prim::SUB])
        })
    };
    if !plain.iter().any(|addend| inner_sum(graph, addend).is_some()) {
        return None;
    }
    let mut spread = Vec::new();
    for addend in plain {
        let Some(at) = inner_sum(graph, addend) else {
            spread.push(addend.clone());
            continue;
        };
        let mut others = addend.product.clone();
        let base = others.factors.remove(at).base;
        let inner = addends(graph, base, loose);
        for mut more in viewed(graph, &inner, loose, Open::shared(loose)) {
            more.product.times(&others);
            more.node = None;
            spread.push(more);
        }
    }
    (plain.len() < spread.len() && spread.len() <= MOST).then_some(spread)
}

/// Like addends as one. What adds up to 0 goes if it surely has a value.
fn collect(graph: &Graph, addends: Vec<Addend>) -> Vec<Addend> {
    let mut collected: Vec<Addend> = Vec::with_capacity(addends.len());
    for addend in addends {
        let Addend { product, .. } = &addend;
        // The last one like it: there are few.
        match collected.iter_mut().rfind(|known| known.product.is_like(product)) {
            // Numbers alone only where they add exactly: 1e16 + x + 1 must not change.
            Some(known)
                if !product.factors.is_empty() || adds_exactly(known.product.number, product.number) =>
            {
                known.product.number += product.number;
                known.node = None;
            }
            _ => collected.push(addend),
        }
    }
    collected.retain(|a| a.product.number != 0.0 || !is_total_product(graph, &a.product));
    collected
}

fn adds_exactly(a: f64, b: f64) -> bool {
    let sum = a + b;
    sum - b == a && sum - a == b
}

/// Cancels in each addend what another addend has no value without; whether there was any.
fn cancel(graph: &Graph, addends: &mut [Addend]) -> bool {
    let mut any = false;
    for at in 0..addends.len() {
        if !addends[at].product.factors.iter().any(|f| f.up > 0 && !f.downs.is_empty()) {
            continue;
        }
        let mut product = addends[at].product.clone();
        let guarded = |base: Ex| {
            addends.iter().enumerate().any(|(k, other)| k != at && excludes_zero(graph, &other.product, base))
        };
        product.cancel(&guarded);
        if product != addends[at].product {
            addends[at] = Addend::new(product);
            any = true;
        }
    }
    any
}

/// A sum with what all addends have in common in front.
struct Factored {
    common: Option<Product>,
    addends: Vec<Addend>,
}

impl Factored {
    fn of(graph: &Graph, mut addends: Vec<Addend>) -> Factored {
        let common = if addends.len() > 1 { take_common(graph, &mut addends) } else { None };
        Factored { common, addends }
    }

    /// How many operations it takes beside what others need as well.
    fn cost(&self) -> usize {
        self.addends.iter().map(Addend::cost).sum::<usize>()
            + self.common.as_ref().map_or(0, |common| common.cost() + 1)
    }

    fn write(mut self, graph: &mut Graph) -> Ex {
        match &self.addends[..] {
            [] => return graph.real(0.0),
            [only] => match only.node {
                Some((node, false)) => return node,
                Some((node, true)) => return graph.neg(node),
                None => return written(graph, &only.product),
            },
            _ => {}
        }
        let Some(mut common) = self.common else { return summed(graph, &self.addends) };
        if self.addends.iter().all(|a| a.product.number < 0.0) {
            for addend in &mut self.addends {
                addend.product.number = -addend.product.number;
                addend.node = addend.node.map(|(node, minus)| (node, !minus)).filter(|(_, minus)| !minus);
            }
            common.number = -common.number;
        }
        let sum = summed(graph, &self.addends);
        in_front(graph, common, sum)
    }
}

/// What is common to all addends, taken out of them.
fn take_common(graph: &Graph, addends: &mut [Addend]) -> Option<Product> {
    let mut common = Product { number: 1.0, factors: SmallVec::new() };
    let number = addends[0].product.number.abs();
    // What is 0 times something stays so in each addend: it may be infinite.
    let same = number != 1.0
        && number != 0.0
        && addends.iter().all(|a| a.product.number.abs() == number && !a.product.factors.is_empty());
    for Factor { base, up, .. } in addends[0].product.factors.clone() {
        let all = addends.iter().map(|a| a.product.factors.iter().find(|f| f.base == base));
        let Some(all) = all.collect::<Option<Vec<&Factor>>>() else { continue };
        let least = all.iter().map(|f| f.up).min().unwrap_or(0);
        let plain = matches!(graph.node(base), Node::Var(_) | Node::Index { .. });
        // 3*x^2 + 4*x stays as it is.
        if least > 0 && all.iter().all(|f| f.downs.is_empty() && (!plain || f.up == up)) {
            common.factors.push(Factor { base, up: least, downs: SmallVec::new() });
            continue;
        }
        let fewest = all.iter().map(|f| f.down()).min().unwrap_or(0);
        let above = addends.iter().any(|a| a.product.factors.iter().any(|f| f.up > 0));
        if fewest > 0 && above && all.iter().all(|f| f.up == 0) {
            let mut shortest = all.into_iter().min_by_key(|f| f.down()).expect("addends").clone();
            shortest.up = 0;
            common.factors.push(shortest);
        }
    }
    if same {
        common.number = number;
    }
    if common.factors.is_empty() && !same {
        return None;
    }
    for addend in addends {
        addend.node = None;
        addend.product.number /= common.number;
        for taken in &common.factors {
            for factor in addend.product.factors.iter_mut().filter(|f| f.base == taken.base) {
                factor.up -= taken.up;
                factor.lower(taken.down());
            }
        }
        addend.product.factors.retain(|f| f.up > 0 || !f.downs.is_empty());
    }
    Some(common)
}

/// The common factors times the sum: variables before it, all else after it.
fn in_front(graph: &mut Graph, mut common: Product, sum: Ex) -> Ex {
    let simple = |graph: &Graph, f: &Factor| matches!(graph.node(f.base), Node::Var(_) | Node::Index { .. });
    let (mut ups, downs): (SmallVec<[Factor; 4]>, SmallVec<[Factor; 4]>) =
        common.factors.into_iter().partition(|f| f.up > 0);
    ups.sort_by_key(|f| !simple(graph, f));
    let at = ups.iter().take_while(|f| simple(graph, f)).count();
    ups.insert(at, Factor { base: sum, up: 1, downs: SmallVec::new() });
    ups.extend(downs);
    common.factors = ups;
    common.write(graph)
}

/// The sum, left to right; what is added comes before what is subtracted, if that stood first.
fn summed(graph: &mut Graph, addends: &[Addend]) -> Ex {
    let first = addends.iter().position(|a| a.product.number > 0.0).unwrap_or(0);
    let order = std::iter::once(first).chain((0..addends.len()).filter(|&at| at != first));
    let mut sum: Option<Ex> = None;
    for at in order {
        let Addend { product, node, .. } = &addends[at];
        let minus = product.number < 0.0;
        if sum.is_none() && minus {
            sum = Some(written(graph, product));
            continue;
        }
        let size = match node {
            Some((node, subtracted)) if *subtracted == minus => *node,
            _ => {
                let size = Product { number: product.number.abs(), ..product.clone() };
                written(graph, &size)
            }
        };
        sum = Some(match (sum, minus) {
            (None, _) => size,
            (Some(sum), false) => graph.add(sum, size),
            (Some(sum), true) => graph.sub(sum, size),
        });
    }
    sum.expect("an addend")
}

/// The product; 0 times what may have no value stays so.
fn written(graph: &mut Graph, product: &Product) -> Ex {
    if product.number != 0.0 {
        return product.write(graph);
    }
    let rest = Product { number: 1.0, ..product.clone() }.write(graph);
    let zero = graph.real(0.0);
    graph.mul(zero, rest)
}
