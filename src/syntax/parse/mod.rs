//! Text to tree. Takes the text of a file, adds its items to the tree and gives every error and
//! warning, one error for each definition that has one. Knows nothing of what a name means.

mod read;
mod rules;

use super::build;
use super::fold::fold;
use super::scan::{self, Piece};
use super::tree::{Ast, Expr, Item, ItemKind, Name, Param, Source, Span, Tree, TypeExpr};
use crate::syntax::diagnostic::{Code, Diagnostic, Severity};
use read::Reader;
use rules::{Head, HeadParam, HeadType, ItemForm};
use std::borrow::Cow;

/// The largest file that is read, since places in it are kept in 32 bits.
const LARGEST: usize = 1 << 30;

/// Parses a file: appends its source and items to the tree. A definition with an error is left out.
pub fn parse(tree: &mut Tree, name: &str, text: &str) -> Vec<Diagnostic> {
    let text = &*with_newlines(text);
    let file = add_source(tree, name, text);
    let blanked = read::blank_comments(text);
    let reader = Reader { file, text, blanked: &blanked };
    if text.len() > LARGEST {
        return vec![reader.too_large()];
    }
    let (pieces, closing) = scan::cut(text);
    let mut parser = Parser { tree, reader, warnings: Vec::new() };
    let mut diagnostics = Vec::new();
    read::each(reader, pieces, |piece, read| {
        let span = reader.span(piece.start, piece.end);
        match read.and_then(|read| parser.item(&piece, read)) {
            Ok(kind) => {
                let Piece { doc, comments, trailing, .. } = piece;
                parser.tree.items.push(Item { span, doc, comments, kind });
                if let Some(comment) = trailing {
                    parser.tree.trailing.insert((file, span.end), comment);
                }
            }
            Err(error) => diagnostics.push(error),
        }
        diagnostics.append(&mut parser.warnings);
    });
    parser.tree.closing.insert(file, closing);
    diagnostics
}

/// Parses one expression, as after `--at x=`.
pub fn parse_expression(tree: &mut Tree, name: &str, text: &str) -> Result<Ast, Vec<Diagnostic>> {
    let text = &*with_newlines(text);
    let file = add_source(tree, name, text);
    let blanked = read::blank_comments(text);
    let reader = Reader { file, text, blanked: &blanked };
    if text.len() > LARGEST {
        return Err(vec![reader.too_large()]);
    }
    if text.trim().is_empty() {
        return Err(vec![
            Diagnostic::new(Code::MissingExpression, reader.span(0, 0), "an expression is missing")
                .label("nothing here"),
        ]);
    }
    let mut parser = Parser { tree, reader, warnings: Vec::new() };
    parser.expression(0, text.len()).map_err(|error| vec![error])
}

/// Whether any of these is an error, and not only a warning.
pub fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
}

/// The text with newlines where a carriage return alone ends a line, each in its place.
fn with_newlines(text: &str) -> Cow<'_, str> {
    let alone = |at: usize| text.as_bytes().get(at + 1) != Some(&b'\n');
    if !text.match_indices('\r').any(|(at, _)| alone(at)) {
        return Cow::Borrowed(text);
    }
    let new = |(at, c): (usize, char)| if c == '\r' && alone(at) { '\n' } else { c };
    Cow::Owned(text.char_indices().map(new).collect())
}

fn add_source(tree: &mut Tree, name: &str, text: &str) -> u32 {
    tree.files.push(Source { name: name.to_string(), text: text.to_string() });
    tree.files.len() as u32 - 1
}

struct Parser<'p, 't> {
    tree: &'p mut Tree,
    reader: Reader<'t>,
    warnings: Vec<Diagnostic>,
}

impl Parser<'_, '_> {
    fn intern(&mut self, name: &str) -> Name {
        self.tree.intern(&fold(name))
    }

    /// The expression between two places.
    fn expression(&mut self, start: usize, end: usize) -> Result<Ast, Diagnostic> {
        let words = rules::words(self.reader.slice(start, end));
        build::expression(self.tree, &words, &mut self.warnings)
    }

    /// The item of a piece that has been read.
    fn item(&mut self, piece: &Piece, (form, head): (ItemForm, Head)) -> Result<ItemKind, Diagnostic> {
        let reader = self.reader;
        let name = head.name.map(|(name, span)| (self.intern(name), span));
        let path = head.path.map(str::to_string);
        let params = self.params(&head.params)?;
        let ty = head.ty.as_ref().map(|ty| self.type_expr(ty)).transpose()?;
        let second = head.second.map(|(name, span)| (self.intern(name), span));
        let Some((name, name_span)) = name else {
            return match (form, path, &head.words) {
                (ItemForm::Import, Some(path), _) => {
                    Ok(ItemKind::Import { path, alias: second.map(|(name, _)| name) })
                }
                (ItemForm::Test, _, Some(words)) => {
                    let parts = build::test(self.tree, words, &mut self.warnings)?;
                    let left = parts.left.ok_or_else(|| reader.not_a_definition(piece))?;
                    let build::Test { mut right, mut tolerance, bindings, .. } = parts;
                    if right.is_none() && tolerance.is_some() {
                        // `test e ~ v`: about `v`.
                        right = tolerance;
                        let span = right.map_or(reader.span(piece.start, piece.end), |v| self.tree.span(v));
                        let close = Expr::Number { value: 1e-6, integer: None };
                        tolerance = Some(self.tree.add(close, span));
                    }
                    Ok(ItemKind::Test { left, right, tolerance, bindings })
                }
                _ => Err(reader.not_a_definition(piece)),
            };
        };
        let Some(words) = &head.words else {
            return match ty {
                Some(ty) => Ok(ItemKind::Type { name, name_span, ty }),
                None => Err(reader.not_a_definition(piece)),
            };
        };
        let body = build::expression(self.tree, words, &mut self.warnings)?;
        Ok(match form {
            ItemForm::Rule => ItemKind::Rule { name, name_span, params, cotangent: second, body },
            ItemForm::Function => ItemKind::Function { name, name_span, params, result: ty, body },
            ItemForm::Constant | ItemForm::Param | ItemForm::Type | ItemForm::Import | ItemForm::Test => {
                let param = form == ItemForm::Param;
                ItemKind::Constant { name, name_span, ty, value: body, param }
            }
        })
    }

    // ── Heads ────────────────────────────────────────────────────────────────────────────────────

    fn params(&mut self, params: &[HeadParam]) -> Result<Vec<Param>, Diagnostic> {
        params.iter().map(|param| self.param(param)).collect()
    }

    fn param(&mut self, param: &HeadParam) -> Result<Param, Diagnostic> {
        let name = self.intern(param.name);
        let ty = param.ty.as_ref().map(|ty| self.type_expr(ty)).transpose()?;
        let assume = param.assume.map(|place| self.extent(place)).transpose()?;
        Ok(Param { name, span: param.span, ty, assume })
    }

    fn type_expr(&mut self, ty: &HeadType) -> Result<TypeExpr, Diagnostic> {
        Ok(match ty {
            HeadType::Named(name, span) => match *name {
                "R" | "Real" | "ℝ" => TypeExpr::Real,
                "Int" | "ℤ" => TypeExpr::Int,
                "Bool" => TypeExpr::Bool,
                other => TypeExpr::Named(self.intern(other), *span),
            },
            HeadType::Array(of, sizes) => {
                let of = Box::new(self.type_expr(of)?);
                let sizes = sizes.iter().map(|size| self.size(size)).collect::<Result<_, _>>()?;
                TypeExpr::Array(of, sizes)
            }
            HeadType::Tuple(parts) => {
                TypeExpr::Tuple(parts.iter().map(|part| self.type_expr(part)).collect::<Result<_, _>>()?)
            }
            HeadType::Record(fields) => {
                let fields = fields.iter().map(|(name, ty)| Ok((self.intern(name), self.type_expr(ty)?)));
                TypeExpr::Record(fields.collect::<Result<_, Diagnostic>>()?)
            }
            HeadType::Function(params, result) => {
                let params = params.iter().map(|part| self.type_expr(part)).collect::<Result<_, _>>()?;
                TypeExpr::Function(params, Box::new(self.type_expr(result)?))
            }
        })
    }

    /// A size: part of the text, or a raised sign, which is read as the text that it stands for.
    fn size(&mut self, size: &rules::Size) -> Result<Ast, Diagnostic> {
        match size {
            rules::Size::Text(place) => self.extent(*place),
            rules::Size::Raised(text, place) => {
                let expr = match text.parse::<i64>() {
                    Ok(number) => Expr::Number { value: number as f64, integer: Some(number) },
                    Err(_) => Expr::Name(self.tree.intern(text)),
                };
                Ok(self.tree.add(expr, *place))
            }
        }
    }

    /// An expression in a head, at this place.
    fn extent(&mut self, place: Span) -> Result<Ast, Diagnostic> {
        let text = &self.reader.text[place.start as usize..place.end as usize];
        let end = place.start as usize + text.trim_end().len();
        self.expression(place.start as usize, end)
    }
}
