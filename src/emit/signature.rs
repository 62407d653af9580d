//! How an emitted function is called: its parameters, the sizes beside them, its results.

use super::{EmitError, Interface, Length};
use crate::block::{Local, Procedure};
use crate::core::Type;

/// A size of the parameters' shapes.
#[derive(Debug, Clone)]
pub(super) struct Size {
    /// The author's name for it.
    pub name: String,
    /// The parameter and axis that it is the length of, up to `shift`: length = size + shift.
    pub param: usize,
    pub axis: usize,
    pub shift: i64,
    /// Passed as a parameter of its own, after the array.
    pub explicit: bool,
}

/// The length along an axis of a parameter.
#[derive(Debug, Clone)]
pub(super) enum Extent {
    /// What `.len()` says.
    Own,
    /// A sum of sizes.
    Sum { terms: Vec<(Term, i64)>, add: i64 },
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Term {
    Size(usize),
    /// An integer parameter.
    Param(usize),
}

#[derive(Debug, Clone)]
pub(super) enum Returned {
    Scalar,
    /// A `Vec`, followed by its lengths if it has several axes.
    Made,
    /// Written to a slice of the caller's.
    Out {
        shape: Vec<Extent>,
    },
}

#[derive(Debug, Clone)]
pub(super) struct Signature {
    pub name: String,
    /// Arrays that the function writes to: pieces of longer functions only.
    pub written: Vec<bool>,
    /// The shapes of the parameters.
    pub shapes: Vec<Vec<Extent>>,
    pub sizes: Vec<Size>,
    pub results: Vec<(Type, Returned)>,
}

/// How functions learn the lengths of arrays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sizes {
    /// Arrays of one axis know their length, others are flat.
    Vectors,
    /// Arrays know their lengths along all axes.
    Arrays,
    /// All lengths are parameters.
    Parameters,
}

/// The signature of a procedure, by its face if it has one.
pub(super) fn of(
    p: &Procedure,
    face: Option<&Interface>,
    name: String,
    written: Option<&Vec<bool>>,
) -> Result<Signature, EmitError> {
    with(p, face, name, written, Sizes::Vectors)
}

/// The same where functions learn lengths in this way.
pub(super) fn with(
    p: &Procedure,
    face: Option<&Interface>,
    name: String,
    written: Option<&Vec<bool>>,
    sizes: Sizes,
) -> Result<Signature, EmitError> {
    let ty = |l: &Local| p.locals[l.0 as usize].ty;
    let params: Vec<Type> = p.params.iter().map(ty).collect();
    if let Some(face) = face
        && (face.params.len() != params.len() || face.results.len() != p.results.len())
    {
        let message = format!("the face of {} does not fit its parameters and results", face.name);
        return Err(EmitError { message, origin: 0 });
    }
    let names: Vec<&str> = match face {
        Some(face) => face.params.iter().map(|f| f.name.as_str()).collect(),
        None => p.params.iter().map(|l| p.locals[l.0 as usize].name.as_str()).collect(),
    };
    let declared: Vec<Vec<Option<Length>>> = params
        .iter()
        .enumerate()
        .map(|(k, ty)| {
            let shape = face.map(|f| f.params[k].shape.clone()).unwrap_or_default();
            if shape.len() == ty.rank as usize { shape } else { vec![None; ty.rank as usize] }
        })
        .collect();
    let mut builder = Builder { params: &params, names: &names, known: sizes, sizes: Vec::new() };
    builder.find_sizes(&declared);
    let shapes = builder.shapes(&declared);
    let results = p.results.iter().enumerate().map(|(k, local)| {
        let ty = ty(local);
        let shape = face.map(|f| f.results[k].shape.as_slice()).unwrap_or_default();
        (ty, builder.returned(ty, shape))
    });
    let results = results.collect();
    let written = written.cloned().unwrap_or_else(|| vec![false; params.len()]);
    Ok(Signature { written, name, sizes: builder.sizes.clone(), shapes, results })
}

struct Builder<'a> {
    params: &'a [Type],
    names: &'a [&'a str],
    known: Sizes,
    sizes: Vec<Size>,
}

impl Builder<'_> {
    /// An integer parameter of this name.
    fn int_param(&self, name: &str) -> Option<usize> {
        (0..self.params.len()).find(|&k| self.names[k] == name && self.params[k] == Type::INT)
    }

    fn size(&self, name: &str) -> Option<usize> {
        self.sizes.iter().position(|s| s.name == name)
    }

    /// Binds every size once: by the length of a vector if there is one, else as a parameter.
    fn find_sizes(&mut self, declared: &[Vec<Option<Length>>]) {
        for exact in [true, false] {
            for (param, shape) in declared.iter().enumerate() {
                if let [Some(length)] = shape.as_slice()
                    && let Some((name, shift)) = length.as_shifted()
                    && (!exact || shift == 0)
                {
                    self.bind(name, param, 0, shift, false);
                }
            }
        }
        for exact in [true, false] {
            for (param, shape) in declared.iter().enumerate() {
                for (axis, length) in shape.iter().enumerate() {
                    self.find_explicit(param, axis, length.as_ref(), shape.len(), exact);
                }
            }
        }
        self.sizes.sort_by_key(|s| (s.param, s.axis));
    }

    fn find_explicit(
        &mut self,
        param: usize,
        axis: usize,
        length: Option<&Length>,
        rank: usize,
        exact: bool,
    ) {
        match length {
            Some(length) if exact => {
                if let Some(name) = length.as_name() {
                    self.bind(name, param, axis, 0, true);
                }
            }
            Some(length) => {
                let shift = length.as_shifted().map_or(0, |s| s.1);
                for (name, _) in &length.terms {
                    self.bind(name, param, axis, shift, true);
                }
            }
            None if self.names_length(rank) => {
                self.bind(&axis_name(self.names[param], axis, rank), param, axis, 0, true)
            }
            None => {}
        }
    }

    /// Whether a length that the author has not named gets a name.
    fn names_length(&self, rank: usize) -> bool {
        match self.known {
            Sizes::Vectors => rank > 1,
            Sizes::Arrays => false,
            Sizes::Parameters => true,
        }
    }

    fn bind(&mut self, name: &str, param: usize, axis: usize, shift: i64, explicit: bool) {
        let explicit = match self.known {
            Sizes::Vectors => explicit,
            Sizes::Arrays => false,
            Sizes::Parameters => true,
        };
        if self.size(name).is_none() && self.int_param(name).is_none() {
            self.sizes.push(Size { name: name.to_string(), param, axis, shift, explicit });
        }
    }

    /// The length over the sizes; `None` if it names one that nothing binds.
    fn extent(&self, length: &Length) -> Option<Extent> {
        let term = |name: &str| self.size(name).map(Term::Size).or(self.int_param(name).map(Term::Param));
        let terms =
            length.terms.iter().map(|(name, k)| Some((term(name)?, *k))).collect::<Option<Vec<_>>>()?;
        Some(Extent::Sum { terms, add: length.add })
    }

    fn shapes(&self, declared: &[Vec<Option<Length>>]) -> Vec<Vec<Extent>> {
        let shape = |(param, shape): (usize, &Vec<Option<Length>>)| {
            let extent = |(axis, length): (usize, &Option<Length>)| match length {
                Some(length) => self.extent(length).unwrap_or(Extent::Own),
                None if self.names_length(shape.len()) => {
                    let name = axis_name(self.names[param], axis, shape.len());
                    self.extent(&Length::name(&name)).unwrap_or(Extent::Own)
                }
                None => Extent::Own,
            };
            shape.iter().enumerate().map(extent).collect()
        };
        declared.iter().enumerate().map(shape).collect()
    }

    fn returned(&self, ty: Type, shape: &[Option<Length>]) -> Returned {
        if ty.is_scalar() {
            return Returned::Scalar;
        }
        let known: Option<Vec<Extent>> = shape.iter().map(|l| self.extent(l.as_ref()?)).collect();
        match known {
            Some(shape) if shape.len() == ty.rank as usize => Returned::Out { shape },
            _ => Returned::Made,
        }
    }
}

/// The name of the length of an array whose shape has no names.
fn axis_name(array: &str, axis: usize, rank: usize) -> String {
    match axis {
        0 if rank == 1 => format!("{array}_len"),
        0 => format!("{array}_rows"),
        1 => format!("{array}_cols"),
        _ => format!("{array}_axis{axis}"),
    }
}
