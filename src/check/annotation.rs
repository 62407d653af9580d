//! Types as written to types as meant: names given by `type` are looked up, sizes taken apart.

use super::scope::{DefKind, Scopes};
use super::suggest;
use super::types::{Dim, Ty};
use crate::core::Elem;
use crate::syntax::diagnostic::{Code, Diagnostic};
use crate::syntax::tree::{Ast, Expr, ItemKind, Name, Span, Tree, TypeExpr};

/// Names of types may stand for one another this often, types be nested this deeply.
const MOST_NESTING: usize = 50;
/// A type may be made of so many.
const MOST_PARTS: usize = 10_000;
/// The highest rank of an array.
const MOST_AXES: usize = 4;

/// Reads annotations.
pub struct Annotations<'a> {
    pub tree: &'a Tree,
    pub scopes: &'a Scopes,
    pub diagnostics: &'a mut Vec<Diagnostic>,
    /// How many types one annotation may still be made of.
    left: usize,
}

impl<'a> Annotations<'a> {
    pub fn new(tree: &'a Tree, scopes: &'a Scopes, diagnostics: &'a mut Vec<Diagnostic>) -> Self {
        Annotations { tree, scopes, diagnostics, left: MOST_PARTS }
    }

    /// The type that an annotation at `span` means.
    pub fn read(&mut self, ty: &TypeExpr, span: Span) -> Ty {
        self.left = MOST_PARTS;
        self.nested(ty, span, 0)
    }

    fn nested(&mut self, ty: &TypeExpr, span: Span, depth: usize) -> Ty {
        if depth > MOST_NESTING {
            return self.error(
                Code::CircularType,
                span,
                "this type contains itself",
                "a type must have a size: end it somewhere",
            );
        }
        if self.left == 0 {
            return Ty::Error;
        }
        self.left -= 1;
        if self.left == 0 {
            let message = format!("this type has more than {MOST_PARTS} parts");
            return self.error(Code::NestedTooDeep, span, &message, "use arrays");
        }
        let inner = depth + 1;
        match ty {
            TypeExpr::Real => Ty::Real,
            TypeExpr::Int => Ty::Int,
            TypeExpr::Bool => Ty::Bool,
            TypeExpr::Array(element, dims) => self.array(element, dims, span, inner),
            TypeExpr::Tuple(parts) => {
                Ty::Tuple(parts.iter().map(|part| self.nested(part, span, inner)).collect())
            }
            TypeExpr::Record(fields) => {
                let field = |(name, ty): &(Name, TypeExpr)| {
                    (self.tree.text(*name).to_string(), self.nested(ty, span, inner))
                };
                Ty::Record(fields.iter().map(field).collect())
            }
            TypeExpr::Function(params, result) => {
                let params = params.iter().map(|param| self.nested(param, span, inner)).collect();
                Ty::Function(params, Box::new(self.nested(result, span, inner)))
            }
            TypeExpr::Named(name, span) => self.named(*name, *span, inner),
        }
    }

    fn named(&mut self, name: Name, span: Span, depth: usize) -> Ty {
        let text = self.tree.text(name);
        let def = self.scopes.lookup(span.file, name).map(|def| self.scopes.def(def));
        match def {
            Some(def) if def.kind == DefKind::Type => match &self.tree.items[def.item].kind {
                ItemKind::Type { ty, .. } => self.nested(ty, span, depth),
                _other => unreachable!("a type is defined by `type`"),
            },
            Some(_) => self.error(
                Code::UnknownType,
                span,
                &format!("`{text}` is no type"),
                "types are R, Int, Bool and those given by `type`",
            ),
            None => {
                let types = self.scopes.defs.iter().filter(|def| def.kind == DefKind::Type);
                let known = types.map(|def| self.tree.text(def.name)).chain(["Real", "Int", "Bool", "R"]);
                let help = match suggest::nearest(text, known) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "types are R, Int, Bool and those given by `type`".to_string(),
                };
                self.error(Code::UnknownType, span, &format!("there is no type `{text}`"), &help)
            }
        }
    }

    fn array(&mut self, element: &TypeExpr, sizes: &[Ast], span: Span, depth: usize) -> Ty {
        let mut dims: Vec<Dim> = sizes.iter().map(|&size| self.dim(size)).collect();
        let elem = match self.nested(element, span, depth) {
            Ty::Real => Elem::Real,
            Ty::Int => Elem::Int,
            Ty::Bool => Elem::Bool,
            Ty::Array { elem, dims: inner } => {
                dims.extend(inner);
                elem
            }
            Ty::Error => return Ty::Error,
            Ty::Tuple(_) | Ty::Record(_) | Ty::Function(..) => {
                return self.error(
                    Code::ElementType,
                    span,
                    "the elements of an array are numbers or conditions",
                    "use a record of arrays",
                );
            }
        };
        if dims.len() > MOST_AXES {
            return self.error(Code::TooManyAxes, span, "an array has at most four axes", "");
        }
        Ty::Array { elem, dims }
    }

    fn dim(&mut self, size: Ast) -> Dim {
        match self.tree.expr(size) {
            Expr::Number { integer: Some(n), .. } if *n >= 0 => Dim::Fixed(*n),
            Expr::Name(name) => Dim::Name(self.tree.text(*name).to_string()),
            _formula => Dim::Formula { text: self.tree.source(self.tree.span(size)).to_string(), ast: size },
        }
    }

    fn error(&mut self, code: Code, span: Span, message: &str, help: &str) -> Ty {
        let error = Diagnostic::new(code, span, message);
        self.diagnostics.push(if help.is_empty() { error } else { error.help(help) });
        Ty::Error
    }
}
