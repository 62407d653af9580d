//! Sparse derivatives by few sweeps: columns that have no row in common go through one sweep together, and each entry
//! is read off the one sweep that it is in.

use super::derive::{Deriver, Mode};
use super::evaluate::{Request, run};
use super::plan::real_leaves;
use super::sparsity::{Block, Found, Matrix, found, known_at};
use super::{Session, Variable};
use crate::check::Signature;
use crate::core::FnId;
use crate::eval::{Array, Limits, Value};
use anyhow::Result;

/// A matrix of derivatives at a point: the entries of its pattern with their values.
pub struct Compressed {
    pub found: Found,
    /// One for each entry of the pattern.
    pub values: Vec<f64>,
    /// How many sweeps it took, and whether they went backwards.
    pub sweeps: usize,
    pub backwards: bool,
}

/// The entries of a Jacobian or Hessian that can differ from 0.
pub fn matrix(
    session: &mut Session,
    signature: &Signature,
    request: &Request,
    matrix: Matrix,
    args: &[Value],
) -> Result<Compressed> {
    let variables = session.variables(signature, &request.wrt)?;
    let known = known_at(session, signature, args);
    let found = found(session, signature, &variables, &known, matrix, request.limits)?;
    let backwards = match (matrix, request.mode) {
        (Matrix::Hessian, _) | (Matrix::Jacobian, Mode::Forward) => false,
        (Matrix::Jacobian, Mode::Reverse) => true,
        (Matrix::Jacobian, Mode::Auto) => found.by_rows.1 < found.by_columns.1,
    };
    let sweep = Sweep::new(session, signature, &variables, matrix, backwards)?;
    let (colors, sweeps) = if backwards { &found.by_rows } else { &found.by_columns };
    let (colors, sweeps) = (colors.clone(), *sweeps);
    let seeded = if backwards { &found.rows } else { &found.columns };
    let products = sweep.products(session, seeded, &colors, sweeps, args, request.limits)?;
    let results = run(session, signature.id, args, request.limits)?;
    let undefined = undefined_rows(&results, &found);
    let entry = |&(row, column): &(u32, u32)| {
        let (row, column) = (row as usize, column as usize);
        let (seeded, read) = if backwards { (row, column) } else { (column, row) };
        if undefined[row] { f64::NAN } else { products[colors[seeded] as usize][read] }
    };
    let values = found.pattern.entries.iter().map(entry).collect();
    Ok(Compressed { found, values, sweeps, backwards })
}

/// The elements of a block among those of all.
fn shaped(block: &Block, all: &[f64]) -> Value {
    let own = &all[block.first..block.first + block.count()];
    match block.shape.is_empty() {
        true => Value::Real(own[0]),
        false => Value::Array(Array::reals(&block.shape, own.to_vec())),
    }
}

/// Rows whose result is not a number: their derivatives are none either.
fn undefined_rows(results: &[Value], found: &Found) -> Vec<bool> {
    let elements: Vec<f64> = results.iter().flat_map(super::notes::reals).copied().collect();
    match found.matrix {
        Matrix::Jacobian => elements.iter().map(|x| x.is_nan()).collect(),
        Matrix::Hessian => vec![elements[0].is_nan(); found.pattern.rows],
    }
}

/// A function that multiplies the matrix, or its transpose, by a vector.
struct Sweep {
    function: FnId,
    /// The results before this number are not the product.
    first: usize,
}

impl Sweep {
    fn new(
        session: &mut Session,
        signature: &Signature,
        variables: &[Variable],
        matrix: Matrix,
        backwards: bool,
    ) -> Result<Sweep> {
        let (forms, f) = (session.forms, signature.id);
        let module = &mut session.module;
        let leaves = real_leaves(&module.graph, variables);
        let count = module.graph.function(f).results.len();
        let mut deriver =
            Deriver { graph: &mut module.graph, rules: &mut module.partials, mode: Mode::Auto, forms };
        let made = match (matrix, backwards) {
            (Matrix::Hessian, _) => deriver.hvp_function(f, &leaves).map(|f| (f, 0)),
            (Matrix::Jacobian, false) => deriver.jvp_function(f, &leaves).map(|f| (f, count)),
            (Matrix::Jacobian, true) => deriver.vjp_function(f, &leaves).map(|f| (f, 0)),
        };
        let (function, first) = made.map_err(|unknown| session.unknown(&unknown))?;
        Ok(Sweep { function, first })
    }

    /// For each colour the product with the vector that is 1 at the elements of that colour.
    fn products(
        &self,
        session: &mut Session,
        seeded: &[Block],
        colors: &[u32],
        sweeps: usize,
        args: &[Value],
        limits: Limits,
    ) -> Result<Vec<Vec<f64>>> {
        let mut products = Vec::new();
        for color in 0..sweeps as u32 {
            let seeds: Vec<f64> = colors.iter().map(|&own| f64::from(u8::from(own == color))).collect();
            let seeds = seeded.iter().map(|block| shaped(block, &seeds));
            let args: Vec<Value> = args.iter().cloned().chain(seeds).collect();
            let results = run(session, self.function, &args, limits)?;
            products.push(results[self.first..].iter().flat_map(super::notes::reals).copied().collect());
        }
        Ok(products)
    }
}
