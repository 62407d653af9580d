use crate::emitted;
use crate::measure::{By, Contest, Random, Table, What};
use crate::reference::{self, RESULTS};

pub fn run(table: &mut Table) {
    for n in if table.options.full { vec![1000, 1_000_000] } else { vec![1000] } {
        let mut random = Random::new();
        let bounds = [(80.0, 120.0), (80.0, 120.0), (0.1, 2.0), (0.0, 0.05), (0.1, 0.5)];
        let rows: Vec<[f64; 5]> =
            (0..n).map(|_| bounds.map(|(low, high)| random.uniform(low, high))).collect();
        let rows = &rows;
        let mut contest = Contest::new(format!("{n} rows"));
        contest.add(By::Reference, What::Function, &[n], |r| {
            for (row, out) in rows.iter().zip(&mut r[0]) {
                *out = reference::price(*row);
            }
        });
        contest.add(By::Emitted, What::Function, &[n], |r| {
            for (&[s, k, t, r, sigma], out) in rows.iter().zip(&mut r[0]) {
                *out = emitted::call(s, k, t, r, sigma);
            }
        });
        contest.add(By::Reference, What::Derivative, &[RESULTS * n], |r| {
            for (row, out) in rows.iter().zip(r[0].as_chunks_mut().0) {
                reference::greeks(*row, out);
            }
        });
        contest.add(By::Emitted, What::Derivative, &[RESULTS * n], |r| {
            for (&[s, k, t, r, sigma], out) in rows.iter().zip(r[0].as_chunks_mut().0) {
                emitted_greeks(s, k, t, r, sigma, out);
            }
        });
        table.row(contest);
    }
}

fn emitted_greeks(s: f64, k: f64, t: f64, r: f64, sigma: f64, out: &mut [f64; RESULTS]) {
    let (price, s1, k1, t1, r1, v1) = emitted::call_grad(s, k, t, r, sigma);
    let (a0, a1, a2, a3, a4, b0, b1, b2, b3, b4, c0, c1, c2, c3, c4, d0, d1, d2, d3, d4, e0, e1, e2, e3, e4) =
        emitted::call_hess(s, k, t, r, sigma);
    *out = [
        price, s1, k1, t1, r1, v1, //
        a0, a1, a2, a3, a4, b0, b1, b2, b3, b4, c0, c1, c2, c3, c4, d0, d1, d2, d3, d4, e0, e1, e2, e3, e4,
    ];
}
