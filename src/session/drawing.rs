//! `graph`: a function as a picture of its operations, with their numbers at a point.

use super::Session;
use super::explaining::{self, Walk};
use crate::check::types::Dim;
use crate::check::{Signature, Ty};
use crate::core::{Ex, VarId};
use crate::picture::diagram::Diagram;
use crate::picture::network::{Detail, Numbers, Subject, network};
use crate::refuse;
use crate::syntax::diagnostic::Code;
use crate::syntax::message::Message;
use anyhow::Result;
use std::collections::HashMap;

/// What was asked of `graph`.
pub struct Request {
    /// The function, the point and the seed; without a point there are no numbers.
    pub walk: explaining::Request,
    pub pointed: bool,
    /// A picture of more boxes is not drawn.
    pub most: usize,
}

/// The picture of a function, and what is to be said beside it.
pub struct Drawn {
    pub diagram: Diagram,
    pub notes: Vec<Message>,
}

/// The diagram of a function.
pub fn draw(session: &mut Session, request: &Request) -> Result<Drawn> {
    let signature = session.function(request.walk.function.as_deref())?;
    let walk = match request.pointed {
        true => Some(explaining::walk(session, &signature, &request.walk)?),
        false => None,
    };
    let numbers = walk.as_ref().map(Found::new);
    let lengths = lengths(session);
    spell_fields(session);
    let params = session.module.graph.function(signature.id).params.clone();
    let input = |var: VarId| {
        let leaf = params.iter().position(|&param| param == var)?;
        numbers.as_ref()?.input(leaf)
    };
    let found = |chain: &[Ex], ex: Ex| numbers.as_ref()?.node(chain, ex);
    let subject =
        Subject { name: &signature.name, f: signature.id, lengths: &lengths, input: &input, found: &found };
    let graph = &mut session.module.graph;
    let mut notes = Vec::new();
    let whole = network(graph, &subject, Detail::Calls, request.most);
    let diagram = match whole {
        Some(diagram) => Some(diagram),
        None => {
            let message = format!(
                "more than {} boxes with the functions that are called: those are boxes themselves",
                request.most
            );
            notes.push(Message::new(Code::NotShown, message));
            network(graph, &subject, Detail::Own, request.most)
        }
    };
    let Some(mut diagram) = diagram else {
        refuse!(
            Code::NotDrawn,
            "the graph of `{}` has more than {} boxes: too many for a picture; draw a function that it calls with --fn, \
             or raise the limit with --most",
            signature.name,
            request.most
        );
    };
    if diagram.nodes.is_empty() {
        refuse!(
            Code::NotDrawn,
            "`{}` takes and gives no real number: there is nothing to draw",
            signature.name
        );
    }
    if walk.as_ref().is_some_and(|walk| walk.sweep.stop.is_some()) {
        let message = "an adjoint is not finite, and the walk back ends there; `zgrad explain` shows where";
        notes.push(Message::new(Code::NotShown, message));
    }
    words(&mut diagram, &signature, walk.as_ref());
    Ok(Drawn { diagram, notes })
}

/// The title and the description of a diagram.
fn words(diagram: &mut Diagram, signature: &Signature, walk: Option<&Walk>) {
    let names: Vec<&str> = signature.params.iter().map(|(name, _)| name.as_str()).collect();
    let call = format!("{}({})", signature.name, names.join(", "));
    diagram.title = format!("Computation graph of {call}");
    let operations = diagram.edges.iter().map(|edge| edge.to).collect::<std::collections::HashSet<_>>().len();
    let at = match walk {
        Some(walk) => {
            let point: Vec<String> = walk
                .inputs
                .iter()
                .map(|input| {
                    explaining::argument(&format!("{} = {}", input.name, input.datum.text()), &input.datum)
                })
                .collect();
            format!(", with values and adjoints at {}", point.join(", "))
        }
        None => String::new(),
    };
    diagram.description = format!(
        "{call} as {operations} operation{}: arrows go from what is used to what uses it, from the parameters above to the result below{at}.",
        if operations == 1 { "" } else { "s" }
    );
}

/// The names of lengths of parameters.
fn lengths(session: &Session) -> HashMap<(VarId, u32), String> {
    let mut found = HashMap::new();
    for signature in &session.module.functions {
        for variable in
            session.parameters(signature).iter().chain(session.globals(signature).iter().map(|(_, v)| v))
        {
            for ((_, ty), &leaf) in variable.ty.leaves().iter().zip(&variable.leaves) {
                let Ty::Array { dims, .. } = ty else { continue };
                for (axis, dim) in (0..).zip(dims) {
                    if let Dim::Name(name) = dim {
                        found.insert((leaf, axis), name.clone());
                    }
                }
            }
        }
    }
    found
}

/// Gives the fields of records the names that the notation has for them: `p.x`.
fn spell_fields(session: &mut Session) {
    let mut names: Vec<(VarId, String)> = Vec::new();
    for signature in &session.module.functions {
        let own = session.parameters(signature).into_iter();
        for variable in own.chain(session.globals(signature).into_iter().map(|(_, global)| global)) {
            let mut spelled = Vec::new();
            spell(variable.name, &variable.ty, &mut spelled);
            names.extend(variable.leaves.into_iter().zip(spelled));
        }
    }
    for (leaf, name) in names {
        session.module.graph.var_mut(leaf).name = name;
    }
}

/// The names of the leaves of a value, in order.
fn spell(name: String, ty: &Ty, names: &mut Vec<String>) {
    match ty {
        Ty::Real | Ty::Int | Ty::Bool | Ty::Array { .. } => names.push(name),
        Ty::Tuple(parts) => {
            (1..).zip(parts).for_each(|(at, part)| spell(format!("{name}_{at}"), part, names));
        }
        Ty::Record(fields) => {
            fields.iter().for_each(|(field, part)| spell(format!("{name}.{field}"), part, names));
        }
        Ty::Function(..) | Ty::Error => {}
    }
}

/// The numbers of a walk by what they belong to.
struct Found<'a> {
    walk: &'a Walk,
    steps: HashMap<(usize, Ex), Vec<usize>>,
}

impl<'a> Found<'a> {
    fn new(walk: &'a Walk) -> Found<'a> {
        let tape = &walk.kept.tape;
        let mut steps: HashMap<(usize, Ex), Vec<usize>> = HashMap::new();
        for (at, step) in tape.steps.iter().enumerate() {
            if let Some(of) = tape.sites[step.site].of {
                steps.entry(of).or_default().push(at);
            }
        }
        Found { walk, steps }
    }

    fn numbers(&self, steps: &[usize]) -> Numbers {
        Numbers {
            values: steps.iter().map(|&step| self.walk.kept.tape.steps[step].value).collect(),
            adjoints: steps.iter().map(|&step| self.walk.sweep.adjoints[step]).collect(),
        }
    }

    fn input(&self, leaf: usize) -> Option<Numbers> {
        let leaf = self.walk.inputs.iter().flat_map(|input| &input.leaves).nth(leaf)?;
        let steps: Vec<usize> = leaf.nums.iter().filter_map(|num| num.step).collect();
        Some(self.numbers(&steps))
    }

    fn node(&self, chain: &[Ex], ex: Ex) -> Option<Numbers> {
        let mut path = 0;
        for &call in chain {
            path = *self.walk.kept.paths.get(&(path, call))?;
        }
        Some(self.numbers(self.steps.get(&(path, ex))?))
    }
}
