//! A report as columns of a table: each result under a name that a program can use. The names are those of
//! the functions that `zgrad diff` prints.

use super::datum::Datum;
use super::evaluate::Report;

/// The results with their names: `f`, `df_dx`, `d2f_dxdy`, `f_dot`, ….
pub fn columns(report: &Report) -> Vec<(String, &Datum)> {
    let f = &report.function;
    let mut all: Vec<(String, &Datum)> = Vec::new();
    all.extend(report.value.iter().map(|value| (f.clone(), value)));
    if let Some((x, list)) = &report.orders {
        all.extend((1..).zip(list).map(|(order, datum)| (derivative(f, order, &power(x, order)), datum)));
    }
    for (x, datum) in report.grad.iter().chain(&report.jac).flatten() {
        all.push((derivative(f, 1, &format!("d{x}")), datum));
    }
    for (x, y, datum) in second(report) {
        let by = if x == y { power(&x, 2) } else { format!("d{x}d{y}") };
        all.push((derivative(f, 2, &by), datum));
    }
    for (x, datum) in report.hess_diag.iter().flatten() {
        all.push((derivative(f, 2, &power(x, 2)), datum));
    }
    all.extend(report.jvp.iter().map(|jvp| (format!("{f}_dot"), jvp)));
    all.extend(report.vjp.iter().flatten().map(|(x, datum)| (format!("{x}_bar"), datum)));
    all.extend(report.hvp.iter().flatten().map(|(x, datum)| (format!("hvp_{x}"), datum)));
    all
}

fn derivative(f: &str, order: usize, by: &str) -> String {
    if order == 1 { format!("d{f}_{by}") } else { format!("d{order}{f}_{by}") }
}

/// `dx`, `dx2`
fn power(x: &str, order: usize) -> String {
    if order == 1 { format!("d{x}") } else { format!("d{x}{order}") }
}

/// The blocks of the Hessian: the variable, or the part of it, and the variable that they are by.
pub fn second(report: &Report) -> Vec<(String, String, &Datum)> {
    let names: Vec<&str> = report.hess.iter().flatten().map(|(name, _)| name.as_str()).collect();
    let mut blocks = Vec::new();
    for (x, row) in report.hess.iter().flatten() {
        rows(x, row, &names, &mut blocks);
    }
    blocks
}

/// The blocks of a row of the Hessian: by `x`, or a part of it, and then by each of the names.
fn rows<'a>(x: &str, row: &'a Datum, names: &[&str], blocks: &mut Vec<(String, String, &'a Datum)>) {
    match row {
        Datum::Record(entries) if entries.iter().map(|(name, _)| name).eq(names) => {
            blocks.extend(entries.iter().map(|(y, datum)| (x.to_string(), y.clone(), datum)));
        }
        Datum::Record(parts) => {
            parts.iter().for_each(|(part, row)| rows(&format!("{x}.{part}"), row, names, blocks));
        }
        Datum::Tuple(parts) => {
            (1..).zip(parts).for_each(|(part, row)| rows(&format!("{x}.{part}"), row, names, blocks));
        }
        Datum::Leaf(_) => {}
    }
}
