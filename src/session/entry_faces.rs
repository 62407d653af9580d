//! The faces of the functions of sparse derivatives in emitted modules.

use super::Session;
use super::entries::{Entries, Layout};
use super::faces::result_faces;
use crate::check::Signature;
use crate::core::{Ex, Graph, Node};
use crate::emit::{Interface, Length, ParamFace, ResultFace};

/// The faces of a sparse Jacobian: that of the places of its entries, and that of their values.
pub(super) fn jacobian_faces(
    session: &Session,
    signature: &Signature,
    entries: &Entries,
    params: &[ParamFace],
    layout: Layout,
    by: &[String],
    language: &str,
) -> [Interface; 2] {
    let name = &signature.name;
    let reals = result_faces(session, signature, true);
    let prefix = |face: &ResultFace| match reals.len() {
        1 => String::new(),
        _ => format!("{}_", face.name),
    };
    let (mut places, mut values) = (Vec::new(), Vec::new());
    let first = match layout {
        Layout::Coo => "rows",
        Layout::Csr => "row_offsets",
    };
    for (face, shape) in reals.iter().zip(&entries.shapes) {
        for what in [first, "columns"] {
            places.push(ResultFace { name: format!("{}{what}", prefix(face)), shape: vec![None] });
        }
        let length = |&len: &Ex| length(&session.module.graph, signature, params, len);
        let shape = shape.iter().map(length).collect();
        values.push(ResultFace { name: format!("{}values", prefix(face)), shape });
    }
    let taken = params.iter().zip(&entries.params).filter(|(_, taken)| **taken).map(|(p, _)| p.clone());
    let from = if language == "julia" { 1 } else { 0 };
    let columns = match by {
        [only] => format!("elements of {only}"),
        several => format!("elements of {}, one after the other", several.join(", ")),
    };
    let order = if language == "julia" { "as `vec` lists them" } else { "rows of arrays first" };
    let doc = match layout {
        Layout::Coo => vec![
            format!("The rows and columns of the entries of the Jacobian of `{name}`, counted from {from}."),
            String::new(),
            format!(
                "Rows are elements of the result, columns {columns}; {order}. Entries of the same place add up."
            ),
        ],
        Layout::Csr => vec![
            format!(
                "Where each row of the Jacobian of `{name}` begins among its entries, and where the last one"
            ),
            format!("ends; and the columns of the entries, in order. All counted from {from}."),
            String::new(),
            format!("Rows are elements of the result, columns {columns}; {order}."),
        ],
    };
    let value_doc = format!("The entries of the Jacobian of `{name}`, in the order of `{name}_jac_pattern`.");
    let face = |id, suffix: &str, doc, params, results| Interface {
        id,
        name: format!("{name}_jac_{suffix}"),
        public: true,
        doc,
        formula: Vec::new(),
        params,
        results,
    };
    [
        face(entries.pattern, "pattern", doc, taken.collect(), places),
        face(entries.values, "values", vec![value_doc], params.to_vec(), values),
    ]
}

/// A length over the names in the shapes of the parameters.
fn length(graph: &Graph, signature: &Signature, params: &[ParamFace], count: Ex) -> Option<Length> {
    let own = &graph.function(signature.id).params;
    let face = |ex: Ex| match graph.node(ex) {
        Node::Var(var) => own.iter().position(|&p| p == var).map(|at| &params[at]),
        _ => None,
    };
    let sum = graph.affine(count);
    let mut length = Length::number(sum.constant);
    for (term, factor) in sum.terms {
        let own = match graph.node(term) {
            Node::Size { array, axis } => face(array)?.shape[axis as usize].clone()?,
            _ => Length::name(&face(term)?.name),
        };
        length.add += own.add * factor;
        length.terms.extend(own.terms.into_iter().map(|(name, own)| (name, own * factor)));
    }
    Some(length)
}
