use crate::emitted;
use crate::measure::{By, Contest, Random, Table, What};
use crate::reference::{self, Problem, Tape};

const BITS: usize = 14;

pub fn run(table: &mut Table) {
    let quick: &[[usize; 2]] = &[[2, 1024]];
    let full: &[[usize; 2]] = &[[2, 1024], [4, 1024], [2, 4096], [4, 4096], [6, 8192]];
    for &[l, n] in if table.options.full { full } else { quick } {
        let problem = problem(l, n);
        let p = &problem;
        let mut tape = Tape::new(p);
        let lengths = [1, 4 * l * BITS, 4 * l * BITS, 3 * BITS];
        let mut contest = Contest::new(format!("{l} layers, {n} steps"));
        contest.add(By::Reference, What::Function, &[1], |r| r[0][0] = reference::value(p));
        contest.add(By::Emitted, What::Function, &[1], |r| {
            r[0][0] = emitted::loss(&p.w, l, BITS, &p.bias, &p.e, &p.h, &p.c, &p.x, n);
        });
        contest.add(By::Reference, What::Derivative, &lengths, |r| {
            let [value, w, bias, e] = &mut r[..] else { unreachable!() };
            value[0] = reference::gradient(p, &mut tape, [w, bias, e]);
        });
        contest.add(By::Emitted, What::Derivative, &lengths, |r| {
            let [value, w, bias, e] = &mut r[..] else { unreachable!() };
            value[0] = emitted::loss_grad(&p.w, l, BITS, &p.bias, &p.e, &p.h, &p.c, &p.x, n, w, bias, e);
        });
        #[cfg(target_arch = "x86_64")]
        lanes(&mut contest, p, &lengths);
        table.row(contest);
    }
}

/// The network with 16 instead of 14 bits, which is four registers; what the two add is cut off.
#[cfg(target_arch = "x86_64")]
fn lanes<'a>(contest: &mut Contest<'a>, p: &Problem, lengths: &[usize]) {
    const WIDE: usize = 16;
    let widen = |a: &[f64]| -> Vec<f64> {
        let rows = a.chunks(BITS).flat_map(|row| row.iter().copied().chain([0.0; WIDE - BITS]));
        rows.collect()
    };
    let narrow = |a: &[f64], into: &mut [f64]| {
        for (row, into) in a.chunks(WIDE).zip(into.chunks_mut(BITS)) {
            into.copy_from_slice(&row[..BITS]);
        }
    };
    let wide = Problem {
        l: p.l,
        b: WIDE,
        n: p.n,
        w: widen(&p.w),
        bias: widen(&p.bias),
        e: widen(&p.e),
        h: widen(&p.h),
        c: widen(&p.c),
        x: widen(&p.x),
        used: BITS,
    };
    let wide = std::rc::Rc::new(wide);
    let (again, mut tape) = (wide.clone(), Tape::new(&wide));
    let [mut w, mut bias, mut e] = [4 * p.l, 4 * p.l, 3].map(|rows| vec![0.0; rows * WIDE]);
    // SAFETY: only called where the machine has these instructions.
    contest.add_lanes(What::Function, &[1], move |r| r[0][0] = unsafe { reference::value_lanes(&again) });
    contest.add_lanes(What::Derivative, lengths, move |r| {
        r[0][0] = unsafe { reference::gradient_lanes(&wide, &mut tape, [&mut w, &mut bias, &mut e]) };
        narrow(&w, &mut r[1]);
        narrow(&bias, &mut r[2]);
        narrow(&e, &mut r[3]);
    });
}

fn problem(l: usize, n: usize) -> Problem {
    let mut random = Random::new();
    let mut rows = |rows: usize| random.uniforms(rows * BITS, -1.0, 1.0);
    let (w, bias, e, h, c) = (rows(4 * l), rows(4 * l), rows(3), rows(l), rows(l));
    let x = (0..n * BITS).map(|_| random.below(2) as f64).collect();
    Problem { l, b: BITS, n, w, bias, e, h, c, x, used: BITS }
}
