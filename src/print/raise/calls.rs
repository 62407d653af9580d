//! Calls, structures folded back along faces, and names for values.

use super::{Grade, Look, Raised, Raiser};
use crate::core::{Elem, Ex, FnId};
use crate::print::face::Shape;
use crate::syntax::tree::{Expr, Pattern};

impl Raiser<'_> {
    /// A call. One value stands where it is used; several become names.
    pub(super) fn call(&mut self, ex: Ex, f: FnId, args: &[Ex]) -> Raised {
        let face = self.faces.get(self.graph, f);
        let mut args = args.iter();
        let mut given = Vec::new();
        for param in &face.params {
            let flat: Vec<Raised> =
                args.by_ref().take(param.vars.len()).map(|&arg| self.argument(arg)).collect();
            if !param.global {
                given.push(self.structure(&param.shape, &mut flat.into_iter()));
            }
        }
        let call = self.apply(&face.name, &given);
        let types = self.graph.function(f).result_types.clone();
        let values = match &face.result {
            Shape::Leaf(_) => vec![call],
            Shape::Tuple(_) | Shape::Record(_) => {
                let wishes: Vec<String> = (0..types.len()).map(|k| self.graph.result_name(f, k)).collect();
                self.open(&face.result, call, &mut wishes.into_iter())
            }
        };
        let look = |elem: Elem| if elem == Elem::Int { Look::Int } else { Look::Plain };
        let noted =
            values.iter().zip(types).map(|(&value, ty)| Some(Raised { look: look(ty.elem), ..value }));
        let noted = noted.collect();
        self.parts.insert(ex, noted);
        call
    }

    fn argument(&mut self, arg: Ex) -> Raised {
        let raised = self.form(arg);
        if self.graph.ty(arg).elem == Elem::Int { self.as_int(raised) } else { raised }
    }

    /// Flat values as a structure.
    pub(super) fn structure(&mut self, shape: &Shape, flat: &mut dyn Iterator<Item = Raised>) -> Raised {
        match shape {
            Shape::Leaf(_) => flat.next().expect("a value for each leaf"),
            Shape::Tuple(shapes) => {
                let mut parts = Vec::new();
                for shape in shapes {
                    parts.push(self.structure(shape, flat));
                }
                let width = parts.iter().map(|part| part.width + 2).sum();
                self.formula(Expr::Tuple(parts.iter().map(|part| part.ast).collect()), width)
            }
            Shape::Record(shapes) => {
                let mut fields = Vec::new();
                let mut width = 0;
                for (name, shape) in shapes {
                    let field = self.structure(shape, flat);
                    width += field.width + name.len() as u32 + 4;
                    fields.push((self.tree.intern(name), field.ast));
                }
                self.formula(Expr::Record(fields), width)
            }
        }
    }

    /// The scalars and arrays of a structure, with names where there is no other way to say them.
    pub(super) fn open(
        &mut self,
        shape: &Shape,
        whole: Raised,
        wishes: &mut dyn Iterator<Item = String>,
    ) -> Vec<Raised> {
        match shape {
            Shape::Leaf(_) => {
                wishes.next();
                vec![whole]
            }
            Shape::Record(fields) => {
                let base =
                    if whole.grade <= Grade::Element { whole } else { self.bind_value(None, whole.ast) };
                let mut values = Vec::new();
                for (field, shape) in fields {
                    let name = self.tree.intern(field);
                    let width = base.width + field.len() as u32 + 1;
                    let part = self.formula(Expr::Field { of: base.ast, name }, width);
                    let part = Raised { grade: Grade::Element, ..part };
                    values.extend(self.open(shape, part, wishes));
                }
                values
            }
            Shape::Tuple(shapes) => {
                let mut names = Vec::new();
                let mut records = Vec::new();
                let pattern = self.tuple_names(shapes, wishes, &mut names, &mut records);
                self.bind(pattern, whole.ast);
                let mut values = Vec::new();
                for (name, record) in names.into_iter().zip(records) {
                    match record {
                        Some(shape) => values.extend(self.open(&shape, name, wishes)),
                        None => values.push(name),
                    }
                }
                values
            }
        }
    }

    /// The pattern of a tuple: a name for each part, with its shape where that is a record.
    fn tuple_names(
        &mut self,
        shapes: &[Shape],
        wishes: &mut dyn Iterator<Item = String>,
        names: &mut Vec<Raised>,
        records: &mut Vec<Option<Shape>>,
    ) -> Pattern {
        let mut patterns = Vec::new();
        for shape in shapes {
            let (wish, record) = match shape {
                Shape::Tuple(inner) => {
                    patterns.push(self.tuple_names(inner, wishes, names, records));
                    continue;
                }
                Shape::Leaf(_) => (wishes.next(), None),
                Shape::Record(_) => (None, Some(shape.clone())),
            };
            let text = self.names.part(wish.as_deref());
            patterns.push(self.pattern(&text));
            names.push(self.name(&text));
            records.push(record);
        }
        Pattern::Tuple(patterns)
    }

    /// Binds several values to names like these.
    pub(super) fn bind_values(&mut self, wishes: &[String], of: crate::syntax::tree::Ast) -> Vec<Raised> {
        let texts: Vec<String> = wishes.iter().map(|wish| self.names.part(Some(wish))).collect();
        let patterns = texts.iter().map(|text| self.pattern(text)).collect();
        self.bind(Self::tuple_pattern(patterns), of);
        texts.iter().map(|text| self.name(text)).collect()
    }

    fn bind_value(&mut self, wish: Option<&str>, of: crate::syntax::tree::Ast) -> Raised {
        let text = self.names.part(wish);
        let pattern = self.pattern(&text);
        self.bind(pattern, of);
        self.name(&text)
    }

    /// A binding of the innermost scope.
    fn bind(&mut self, pattern: Pattern, value: crate::syntax::tree::Ast) {
        self.scopes.last_mut().expect("a scope is open").bindings.push((pattern, value));
    }
}
