//! The functions of a module: which ones it has, in what pieces and in what order, and what of the
//! primitive table they use.

use super::support::Used;
use super::walk::visit;
use super::{EmitError, Interface, cut};
use crate::block::{Op, Procedure, Stmt};
use crate::core::FnId;
use crate::primitive::Prim;
use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::panic::resume_unwind;
use std::thread;

/// From so many functions on it pays to write them on all cores.
const MANY: usize = 64;

/// The functions of a module.
pub(super) struct Functions<'a> {
    /// In the order in which they are written.
    pub all: Vec<Cow<'a, Procedure>>,
    pub faces: HashMap<FnId, &'a Interface>,
    /// The pieces of functions, and which of their parameters they write to.
    pub pieces: HashMap<FnId, Vec<bool>>,
    pub prims: BTreeSet<Prim>,
}

/// The public functions among `faces` and all that they call, long ones in pieces.
pub(super) fn functions<'a>(procedures: &'a [Procedure], faces: &'a [Interface]) -> Functions<'a> {
    let faces: HashMap<FnId, &Interface> = faces.iter().map(|face| (face.id, face)).collect();
    let wanted = reachable(procedures, &faces);
    let mut prims = BTreeSet::new();
    for p in &wanted {
        visit(&p.body, &mut |stmt| {
            if let Stmt::Let { op: Op::Prim(prim, _), .. } = stmt {
                prims.insert(*prim);
            }
        });
    }
    let (all, pieces) = cut_long(&wanted, procedures, &faces);
    Functions { all, faces, pieces, prims }
}

impl Functions<'_> {
    /// Those that a caller names, then the others: the order in which they choose their names.
    pub fn public_first(&self) -> impl Iterator<Item = &Procedure> {
        let is_public = |p: &&Procedure| self.faces.get(&p.id).is_some_and(|f| f.public);
        let of = move |public: bool| self.all.iter().map(Cow::as_ref).filter(move |p| is_public(p) == public);
        of(true).chain(of(false))
    }
}

/// A stretch of a module as text, the support functions that it calls, and what its writer gave for each
/// function.
pub(super) type Written<T> = Result<(String, Used, Vec<T>), EmitError>;

/// The functions in order, an empty line before each: so many that it takes a while, on all cores.
pub(super) fn write_all<T: Send>(
    all: &[Cow<'_, Procedure>],
    write: impl Fn(&Procedure, &mut Used, &mut String) -> Result<T, EmitError> + Sync,
) -> Vec<Written<T>> {
    let write = |stretch: &[Cow<'_, Procedure>]| -> Written<T> {
        let (mut text, mut used, mut given) = (String::new(), Used::default(), Vec::new());
        for p in stretch {
            text.push('\n');
            given.push(write(p, &mut used, &mut text)?);
        }
        Ok((text, used, given))
    };
    if all.len() < MANY {
        return vec![write(all)];
    }
    let cores = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let stretches = all.chunks(all.len().div_ceil(cores));
        let write = &write;
        let writers: Vec<_> = stretches.map(|stretch| scope.spawn(move || write(stretch))).collect();
        writers.into_iter().map(|writer| writer.join().unwrap_or_else(|panic| resume_unwind(panic))).collect()
    })
}

/// The procedures with the long ones in pieces, each piece after the function that it is of.
fn cut_long<'a>(
    wanted: &[&'a Procedure],
    procedures: &[Procedure],
    faces: &HashMap<FnId, &Interface>,
) -> (Vec<Cow<'a, Procedure>>, HashMap<FnId, Vec<bool>>) {
    let mut next = procedures.iter().map(|p| p.id.0 + 1).max().unwrap_or(0);
    let mut all = Vec::new();
    let mut written = HashMap::new();
    for &p in wanted {
        let Some((main, pieces)) = cut::cut(p, &mut next) else {
            all.push(Cow::Borrowed(p));
            continue;
        };
        all.push(Cow::Owned(main));
        let name = faces.get(&p.id).map_or(&p.name, |face| &face.name);
        for (k, piece) in pieces.into_iter().enumerate() {
            written.insert(piece.procedure.id, piece.written);
            all.push(Cow::Owned(Procedure { name: format!("{name}_part{}", k + 1), ..piece.procedure }));
        }
    }
    (all, written)
}

/// The public procedures and those that they call, in the order given.
fn reachable<'a>(procedures: &'a [Procedure], faces: &HashMap<FnId, &Interface>) -> Vec<&'a Procedure> {
    let at: HashMap<FnId, usize> = procedures.iter().enumerate().map(|(k, p)| (p.id, k)).collect();
    let is_public = |p: &Procedure| faces.get(&p.id).is_some_and(|f| f.public);
    let mut wanted: Vec<bool> = procedures.iter().map(is_public).collect();
    let mut open: Vec<usize> = (0..procedures.len()).filter(|&k| wanted[k]).collect();
    while let Some(k) = open.pop() {
        visit(&procedures[k].body, &mut |stmt| {
            if let Stmt::Call { f, .. } = stmt
                && let Some(&callee) = at.get(f)
                && !std::mem::replace(&mut wanted[callee], true)
            {
                open.push(callee);
            }
        });
    }
    procedures.iter().zip(wanted).filter(|(_, wanted)| *wanted).map(|(p, _)| p).collect()
}
