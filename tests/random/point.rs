//! The point at which a random program is evaluated, for the oracle and for the library.

use super::generate::Random;
use super::number::Num;
use super::oracle::Val;
use super::tree::{Definition, Dim, Elem, Program, Ty};
use std::collections::HashMap;
use std::rc::Rc;
use zgrad::eval::{Array, Value};

/// Arguments: each leaf with its lengths and its numbers.
#[derive(Debug, Clone)]
pub struct Point {
    leaves: Vec<Leaf>,
    pub globals: Vec<f64>,
    sizes: HashMap<&'static str, usize>,
}

#[derive(Debug, Clone)]
struct Leaf {
    elem: Option<Elem>,
    dims: Vec<usize>,
    nums: Vec<f64>,
}

impl Point {
    /// A point for the last function.
    pub fn new(program: &Program, seed: u64) -> Point {
        let mut r = Random::new(seed ^ 0x5eed);
        let sizes: HashMap<&'static str, usize> =
            ["n", "m"].into_iter().map(|name| (name, 1 + r.below(4))).collect();
        let mut leaves = vec![];
        for (_, ty) in &program.main().params {
            sample(ty, &sizes, &mut r, &mut leaves);
        }
        Point { leaves, globals: program.globals.iter().map(|(_, value)| *value).collect(), sizes }
    }

    /// A direction: a number for each real of the arguments, then for each `param`.
    pub fn direction(&self, seed: u64) -> Vec<f64> {
        let mut r = Random::new(seed ^ 0xd1f);
        let count = self.reals();
        (0..count).map(|_| r.unit()).collect()
    }

    fn reals(&self) -> usize {
        let own = self.leaves.iter().filter(|l| l.elem == Some(Elem::Real));
        own.map(|l| l.nums.len()).sum::<usize>() + self.globals.len()
    }

    /// The arguments and `param`s for the oracle, each real moved along directions by tags.
    pub fn for_oracle(
        &self,
        main: &Definition,
        along: &[(u32, &[f64])],
        noise: &dyn Fn(f64) -> f64,
    ) -> (Vec<Val>, Vec<Num>) {
        let mut at = 0;
        let mut number = |x: f64| {
            let moved = along
                .iter()
                .fold(Num::Real(noise(x)), |x, (tag, dir)| Num::dual(*tag, x, Num::Real(dir[at])));
            at += 1;
            moved
        };
        let mut leaves = self.leaves.iter();
        let args = main.params.iter().map(|(_, ty)| whole(ty, &mut leaves, &mut number)).collect();
        let globals = self.globals.iter().map(|&x| number(x)).collect();
        (args, globals)
    }

    /// The arguments as flat values.
    pub fn values(&self) -> Vec<Value> {
        self.leaves.iter().map(Leaf::value).collect()
    }

    /// The direction as values for the real leaves, then for the `param`s that are kept.
    pub fn tangents(&self, direction: &[f64], kept: &[usize]) -> Vec<Value> {
        let mut rest = direction.iter().copied();
        let mut found = vec![];
        for leaf in self.leaves.iter().filter(|l| l.elem == Some(Elem::Real)) {
            let nums = rest.by_ref().take(leaf.nums.len()).collect();
            found.push(Leaf { nums, ..leaf.clone() }.value());
        }
        let globals: Vec<f64> = rest.collect();
        found.extend(kept.iter().map(|&k| Value::Real(globals[k])));
        found
    }

    /// As arguments of Rust code.
    pub fn rust(&self, globals: &[f64]) -> Vec<String> {
        let one = |leaf: &Leaf| {
            let number =
                |x: &f64| if leaf.elem == Some(Elem::Int) { format!("{x:.0}") } else { format!("{x:?}") };
            let nums: Vec<String> = leaf.nums.iter().map(number).collect();
            if leaf.dims.is_empty() { nums[0].clone() } else { format!("&[{}]", nums.join(", ")) }
        };
        self.leaves.iter().map(one).chain(globals.iter().map(|x| format!("{x:?}"))).collect()
    }

    /// How many numbers each array of reals has.
    pub fn array_lengths(&self) -> Vec<usize> {
        let arrays = self.leaves.iter().filter(|l| l.elem == Some(Elem::Real) && !l.dims.is_empty());
        arrays.map(|l| l.nums.len()).collect()
    }

    /// The length that a name stands for.
    pub fn size(&self, name: &str) -> usize {
        self.sizes[name]
    }

    pub fn text(&self, main: &Definition) -> String {
        let names: Vec<&str> = main.params.iter().map(|(name, _)| name.as_str()).collect();
        let leaves: Vec<String> = self.leaves.iter().map(|l| format!("{:?} {:?}", l.dims, l.nums)).collect();
        format!("({}) = {}", names.join(", "), leaves.join(", "))
    }
}

impl Leaf {
    fn value(&self) -> Value {
        let ints = || self.nums.iter().map(|&x| x as i64).collect::<Vec<_>>();
        match (self.elem, self.dims.is_empty()) {
            (Some(Elem::Real), true) => Value::Real(self.nums[0]),
            (Some(Elem::Int), true) => Value::Int(self.nums[0] as i64),
            (Some(Elem::Real), false) => Value::Array(Array::reals(&self.dims, self.nums.clone())),
            (Some(Elem::Int), false) => Value::Array(Array::ints(&self.dims, ints())),
            (None, _) => Value::Bool(self.nums[0] != 0.0),
        }
    }
}

fn length(dim: &Dim, sizes: &HashMap<&str, usize>) -> usize {
    let base = dim.name.as_ref().map_or(0, |name| sizes[name.as_str()] as i64);
    (base + dim.add).max(0) as usize
}

fn sample(ty: &Ty, sizes: &HashMap<&str, usize>, r: &mut Random, out: &mut Vec<Leaf>) {
    let real = |r: &mut Random| (0.3 + 1.2 * r.unit().abs()) * if r.once_in(3) { -1.0 } else { 1.0 };
    match ty {
        Ty::Real => out.push(Leaf { elem: Some(Elem::Real), dims: vec![], nums: vec![real(r)] }),
        Ty::Int => out.push(Leaf { elem: Some(Elem::Int), dims: vec![], nums: vec![r.below(4) as f64] }),
        Ty::Bool => out.push(Leaf { elem: None, dims: vec![], nums: vec![r.below(2) as f64] }),
        Ty::Array(elem, dims) => {
            let dims: Vec<usize> = dims.iter().map(|dim| length(dim, sizes)).collect();
            let count = dims.iter().product();
            let most = dims[0];
            let one = |r: &mut Random| if *elem == Elem::Real { real(r) } else { 1.0 + r.below(most) as f64 };
            let nums = (0..count).map(|_| one(r)).collect();
            out.push(Leaf { elem: Some(*elem), dims, nums });
        }
        Ty::Tuple(tys) => tys.iter().for_each(|ty| sample(ty, sizes, r, out)),
        Ty::Record(fields) => fields.iter().for_each(|(_, ty)| sample(ty, sizes, r, out)),
        Ty::Function(..) => unreachable!("a point holds no functions"),
    }
}

fn whole(ty: &Ty, leaves: &mut dyn Iterator<Item = &Leaf>, number: &mut dyn FnMut(f64) -> Num) -> Val {
    match ty {
        Ty::Tuple(tys) => Val::Tuple(tys.iter().map(|ty| whole(ty, leaves, number)).collect()),
        Ty::Record(fields) => {
            Val::Record(fields.iter().map(|(n, ty)| (n.clone(), whole(ty, leaves, number))).collect())
        }
        Ty::Real | Ty::Int | Ty::Bool | Ty::Array(..) | Ty::Function(..) => {
            let leaf = leaves.next().expect("a leaf for each");
            let ints = || leaf.nums.iter().map(|&x| x as i64);
            match (leaf.elem, leaf.dims.is_empty()) {
                (Some(Elem::Real), true) => Val::Num(number(leaf.nums[0])),
                (Some(Elem::Real), false) => {
                    Val::Array(leaf.dims.clone(), Rc::new(leaf.nums.iter().map(|&x| number(x)).collect()))
                }
                (Some(Elem::Int), true) => Val::Int(leaf.nums[0] as i64),
                (Some(Elem::Int), false) => Val::Ints(leaf.dims.clone(), Rc::new(ints().collect())),
                (None, _) => Val::Bool(leaf.nums[0] != 0.0),
            }
        }
    }
}
