//! The functions of the notation on arrays, for the oracle.

use super::number::{self, Num, add, div, mul};
use super::oracle::{Stop, Val};
use std::rc::Rc;

type Result<T> = std::result::Result<T, Stop>;

fn sum(nums: impl IntoIterator<Item = Num>) -> Num {
    nums.into_iter().fold(Num::Real(0.0), |s, x| add(&s, &x))
}

fn vector(nums: Vec<Num>) -> Val {
    Val::Array(vec![nums.len()], Rc::new(nums))
}

/// A reduction of values in order.
pub fn reduce(op: &str, vals: Vec<Val>, int: bool) -> Result<Val> {
    let bools = || vals.iter().map(|v| if let Val::Bool(b) = v { Ok(*b) } else { Err(Stop::Broken) });
    match op {
        "any" => return Ok(Val::Bool(bools().collect::<Result<Vec<_>>>()?.contains(&true))),
        "all" => return Ok(Val::Bool(!bools().collect::<Result<Vec<_>>>()?.contains(&false))),
        "count" => {
            let count = bools().collect::<Result<Vec<_>>>()?.into_iter().filter(|b| *b).count();
            return Ok(Val::Int(count as i64));
        }
        _ => {}
    }
    if int {
        let mut total: Option<i64> = match op {
            "sum" => Some(0),
            "prod" => Some(1),
            _ => None,
        };
        for v in &vals {
            let Val::Int(n) = v else { return Err(Stop::Broken) };
            total = Some(match (op, total) {
                ("sum", Some(t)) => t.checked_add(*n).ok_or(Stop::Fault)?,
                ("prod", Some(t)) => t.checked_mul(*n).ok_or(Stop::Fault)?,
                ("max", Some(t)) => t.max(*n),
                ("min", Some(t)) => t.min(*n),
                (_, None) => *n,
                _ => return Err(Stop::Broken),
            });
        }
        return total.map(Val::Int).ok_or(Stop::Fault);
    }
    let nums = vals.iter().map(Val::num).collect::<Result<Vec<_>>>()?;
    Ok(Val::Num(fold(op, &nums)))
}

fn fold(op: &str, nums: &[Num]) -> Num {
    match op {
        "sum" => sum(nums.iter().cloned()),
        "prod" => nums.iter().fold(Num::Real(1.0), |p, x| mul(&p, x)),
        _ => {
            let larger = op == "max";
            if nums.is_empty() {
                number::infinite();
            }
            let none = Num::Real(if larger { f64::NEG_INFINITY } else { f64::INFINITY });
            nums.iter().fold(none, |m, x| number::extreme(&m, x, larger))
        }
    }
}

/// A matrix product, of vectors the inner one.
pub fn product((s, x): (&Vec<usize>, &Rc<Vec<Num>>), (t, y): (&Vec<usize>, &Rc<Vec<Num>>)) -> Result<Val> {
    let (m, k) = if s.len() == 2 { (s[0], s[1]) } else { (1, s[0]) };
    let n = if t.len() == 2 { t[1] } else { 1 };
    if k != t[0] {
        return Err(Stop::Fault);
    }
    let entry = |i: usize, j: usize| sum((0..k).map(|l| mul(&x[i * k + l], &y[l * n + j])));
    let nums: Vec<Num> = (0..m).flat_map(|i| (0..n).map(move |j| (i, j))).map(|(i, j)| entry(i, j)).collect();
    Ok(match (s.len(), t.len()) {
        (1, 1) => Val::Num(nums[0].clone()),
        (2, 2) => Val::Array(vec![m, n], Rc::new(nums)),
        _ => vector(nums),
    })
}

fn logsumexp(x: &[Num]) -> Num {
    let most = x.iter().map(Num::re).fold(f64::NEG_INFINITY, f64::max);
    let total = sum(x.iter().map(|x| number::exp(&number::sub(x, &Num::Real(most)))));
    add(&number::log(&total), &Num::Real(most))
}

/// A call of a function that the notation brings along.
pub fn call(name: &str, args: &[Val]) -> Result<Val> {
    let array = |k: usize| match args.get(k) {
        Some(Val::Array(shape, nums)) => Ok((shape, nums)),
        _ => Err(Stop::Broken),
    };
    let int = |k: usize| match args.get(k) {
        Some(Val::Int(n)) => Ok(*n),
        _ => Err(Stop::Broken),
    };
    let ints = args.iter().all(|a| matches!(a, Val::Int(_)));
    Ok(match name {
        "mod" | "max" | "min" | "abs" if ints => {
            let (a, b) = (int(0)?, int(args.len() - 1)?);
            match name {
                "mod" if b == 0 => return Err(Stop::Fault),
                // The result has the sign of the second.
                "mod" => Val::Int(((a % b) + b) % b),
                "max" => Val::Int(a.max(b)),
                "min" => Val::Int(a.min(b)),
                _ => Val::Int(a.checked_abs().ok_or(Stop::Fault)?),
            }
        }
        "len" => match &args[0] {
            Val::Array(shape, _) | Val::Ints(shape, _) => Val::Int(shape[0] as i64),
            _ => return Err(Stop::Broken),
        },
        "size" => Val::Int(array(0)?.0[int(1)? as usize - 1] as i64),
        "zeros" | "ones" => {
            let shape: Vec<usize> =
                (0..args.len()).map(|k| int(k).map(|n| n.max(0) as usize)).collect::<Result<_>>()?;
            let x = Num::Real(f64::from(u8::from(name == "ones")));
            Val::Array(shape.clone(), Rc::new(vec![x; shape.iter().product()]))
        }
        "stop" => match &args[0] {
            Val::Num(x) => Val::Num(Num::Real(x.re())),
            Val::Array(shape, nums) => {
                Val::Array(shape.clone(), Rc::new(nums.iter().map(|x| Num::Real(x.re())).collect()))
            }
            _ => return Err(Stop::Broken),
        },
        "sum" | "prod" | "max" | "min" if args.len() == 1 => Val::Num(fold(name, array(0)?.1)),
        "dot" => product(array(0)?, array(1)?)?,
        "norm" => Val::Num(number::sqrt(&sum(array(0)?.1.iter().map(|x| number::powi(x, 2))))),
        "outer" => {
            let (x, y) = (array(0)?.1, array(1)?.1);
            let nums = x.iter().flat_map(|x| y.iter().map(move |y| mul(x, y))).collect();
            Val::Array(vec![x.len(), y.len()], Rc::new(nums))
        }
        "cumsum" => {
            let mut total = Num::Real(0.0);
            let mut next = |x: &Num| {
                total = add(&total, x);
                total.clone()
            };
            vector(array(0)?.1.iter().map(&mut next).collect())
        }
        "logsumexp" => Val::Num(logsumexp(array(0)?.1)),
        "softmax" => {
            let x = array(0)?.1;
            let most = x.iter().map(Num::re).fold(f64::NEG_INFINITY, f64::max);
            let powers: Vec<Num> = x.iter().map(|x| number::exp(&number::sub(x, &Num::Real(most)))).collect();
            let total = sum(powers.iter().cloned());
            vector(powers.iter().map(|p| div(p, &total)).collect())
        }
        "argmax" => {
            let x = array(0)?.1;
            let mut best = 0;
            for k in 1..x.len() {
                if x[k].re() > x[best].re() {
                    best = k;
                }
            }
            Val::Int(best as i64 + 1)
        }
        _ => {
            let nums = args.iter().map(Val::num).collect::<Result<Vec<_>>>()?;
            Val::Num(number::function(name, &nums))
        }
    })
}
