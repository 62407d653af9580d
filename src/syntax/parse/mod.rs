//! Text to tree. Takes the text of a file, adds its items to the tree and gives every error and
//! warning, one error for each definition that has one. Knows nothing of what a name means.

mod rules;

use super::build;
use super::fold::fold;
use super::scan::{self, Piece};
use super::tree::{Ast, Expr, Item, ItemKind, Name, Param, Source, Span, Tree, TypeExpr};
use crate::syntax::diagnostic::{Code, Diagnostic, Severity};
use rules::{HeadParam, HeadType, ItemForm, Slice};
use std::borrow::Cow;

/// How deep brackets may nest before the `=` of a definition, where types and sizes stand.
const HEAD_DEPTH: usize = 60;

/// The largest file that is read, since places in it are kept in 32 bits.
const LARGEST: usize = 1 << 30;

/// Parses a file: appends its source and items to the tree. A definition with an error is left out.
pub fn parse(tree: &mut Tree, name: &str, text: &str) -> Vec<Diagnostic> {
    let file = add_source(tree, name, text);
    let mut parser = Parser { tree, file, text, warnings: Vec::new() };
    if text.len() > LARGEST {
        return vec![parser.too_large()];
    }
    let (pieces, closing) = scan::cut(text);
    let mut diagnostics = Vec::new();
    for piece in pieces {
        let span = parser.span(piece.start, piece.end);
        match parser.item(&piece) {
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
    }
    parser.tree.closing.insert(file, closing);
    diagnostics
}

/// Parses one expression, as after `--at x=`.
pub fn parse_expression(tree: &mut Tree, name: &str, text: &str) -> Result<Ast, Vec<Diagnostic>> {
    let file = add_source(tree, name, text);
    let mut parser = Parser { tree, file, text, warnings: Vec::new() };
    if text.len() > LARGEST {
        return Err(vec![parser.too_large()]);
    }
    if text.trim().is_empty() {
        return Err(vec![
            Diagnostic::new(Code::MissingExpression, parser.span(0, 0), "an expression is missing")
                .label("nothing here"),
        ]);
    }
    parser.expression(0, text.len()).map_err(|error| vec![error])
}

/// Whether any of these is an error, and not only a warning.
pub fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
}

fn add_source(tree: &mut Tree, name: &str, text: &str) -> u32 {
    tree.files.push(Source { name: name.to_string(), text: text.to_string() });
    tree.files.len() as u32 - 1
}

/// The text with spaces in place of comments, so that the grammar need not look for them.
fn blank_comments(text: &str) -> Cow<'_, str> {
    if !text.contains('#') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let (body, end) = line.strip_suffix('\n').map_or((line, ""), |body| (body, "\n"));
        let mut quoted = false;
        let comment = body.bytes().position(|byte| {
            quoted ^= byte == b'"';
            byte == b'#' && !quoted
        });
        let code = &body[..comment.unwrap_or(body.len())];
        out.push_str(code);
        out.extend(std::iter::repeat_n(' ', body.len() - code.len()));
        out.push_str(end);
    }
    Cow::Owned(out)
}

struct Parser<'p> {
    tree: &'p mut Tree,
    file: u32,
    text: &'p str,
    warnings: Vec<Diagnostic>,
}

impl Parser<'_> {
    fn span(&self, start: usize, end: usize) -> Span {
        Span { file: self.file, start: start as u32, end: end as u32 }
    }

    fn too_large(&self) -> Diagnostic {
        Diagnostic::new(Code::FileTooLarge, self.span(0, 0), "this file is larger than 1 GB")
            .help("divide it and use `import`")
    }

    fn intern(&mut self, name: &str) -> Name {
        self.tree.intern(&fold(name))
    }

    /// The expression between two places.
    fn expression(&mut self, start: usize, end: usize) -> Result<Ast, Diagnostic> {
        let blanked = blank_comments(&self.text[start..end]);
        let slice = Slice { file: self.file, whole: self.text, text: &blanked, base: start };
        let words = rules::words(self.tree, slice);
        build::expression(self.tree, &words, &mut self.warnings)
    }

    fn item(&mut self, piece: &Piece) -> Result<ItemKind, Diagnostic> {
        let form = self.form(piece)?;
        self.check_head_depth(piece, form)?;
        let blanked = blank_comments(&self.text[piece.start..piece.end]);
        let slice = Slice { file: self.file, whole: self.text, text: &blanked, base: piece.start };
        let head = rules::head(self.tree, slice, form)?;
        let name = head.name.map(|(name, span)| (self.intern(name), span));
        let path = head.path.map(str::to_string);
        let params = self.params(&head.params)?;
        let ty = head.ty.as_ref().map(|ty| self.type_expr(ty)).transpose()?;
        let second = head.second.map(|name| self.intern(name));
        let Some((name, name_span)) = name else {
            return match (form, path, &head.words) {
                (ItemForm::Import, Some(path), _) => Ok(ItemKind::Import { path, alias: second }),
                (ItemForm::Test, _, Some(words)) => {
                    let parts = build::test(self.tree, words, &mut self.warnings)?;
                    let left = parts.left.ok_or_else(|| self.not_a_definition(piece))?;
                    let build::Test { mut right, mut tolerance, bindings, .. } = parts;
                    if right.is_none() && tolerance.is_some() {
                        // `test e ~ v`: about `v`.
                        right = tolerance;
                        let span = right.map_or(self.span(piece.start, piece.end), |v| self.tree.span(v));
                        let close = Expr::Number { value: 1e-6, integer: None };
                        tolerance = Some(self.tree.add(close, span));
                    }
                    Ok(ItemKind::Test { left, right, tolerance, bindings })
                }
                _ => Err(self.not_a_definition(piece)),
            };
        };
        let Some(words) = &head.words else {
            return match ty {
                Some(ty) => Ok(ItemKind::Type { name, name_span, ty }),
                None => Err(self.not_a_definition(piece)),
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

    /// What kind of item a piece is, by its first words.
    fn form(&self, piece: &Piece) -> Result<ItemForm, Diagnostic> {
        let text = &self.text[piece.start..piece.end];
        let is_letter =
            |c: char| c.is_alphanumeric() || matches!(c, '_' | '∂' | '∇') || pest::unicode::MARK(c);
        let word_end = text.find(|c: char| !is_letter(c)).unwrap_or(text.len());
        let (word, rest) = text.split_at(word_end);
        let after = rest.trim_start();
        let spaced = after.len() < rest.len();
        match word {
            "import" => return Ok(ItemForm::Import),
            "param" => return Ok(ItemForm::Param),
            "type" => return Ok(ItemForm::Type),
            "rule" => return Ok(ItemForm::Rule),
            "test" if spaced && (!after.starts_with('=') || after.starts_with("==")) => {
                return Ok(ItemForm::Test);
            }
            _ => {}
        }
        let begins_with_name = word.starts_with(|c: char| !c.is_ascii_digit()) && !word.is_empty();
        match after.chars().next() {
            Some('(') if begins_with_name && !spaced && self.defines(piece, word_end) => {
                Ok(ItemForm::Function)
            }
            Some('(') if begins_with_name && spaced && self.defines(piece, word_end) => {
                let at = piece.end - after.len();
                Err(Diagnostic::new(
                    Code::SpaceBeforeBracket,
                    self.span(at, at + 1),
                    "a space before the bracket of a definition",
                )
                .label("no space here")
                .help(format!("write `{word}(…) = …`")))
            }
            Some('=') if begins_with_name && !after.starts_with("==") => Ok(ItemForm::Constant),
            Some(':' | '∈') if begins_with_name => Ok(ItemForm::Constant),
            _ => Err(self.not_a_definition(piece)),
        }
    }

    /// Whether an `=` follows somewhere outside brackets, so that this is meant as a definition.
    fn defines(&self, piece: &Piece, from: usize) -> bool {
        let bytes = &self.text.as_bytes()[piece.start + from..piece.end];
        let mut at = 0;
        while at < bytes.len() {
            match bytes[at] {
                b'=' if bytes.get(at + 1) != Some(&b'=') => return true,
                b'=' | b'<' | b'>' | b'!' => at += 1,
                _ => {}
            }
            at += 1;
        }
        false
    }

    fn not_a_definition(&self, piece: &Piece) -> Diagnostic {
        let text = &self.text[piece.start..piece.end];
        let line = text.lines().next().unwrap_or(text).trim_end();
        let span = self.span(piece.start, piece.start + line.len());
        let error = Diagnostic::new(Code::NotADefinition, span, "this is not a definition")
            .label("expected `name = …` or `name(…) = …`");
        if text.trim() == "test" {
            return error.help("a test is `test f(2) = 3`");
        }
        if text.split(['(', '=']).next().is_some_and(|head| head.contains(['\'', '′'])) {
            return error.help("a name has no primes: `f'(x)` is the derivative of `f(x) = …`");
        }
        if text.starts_with("//") || text.starts_with("/*") || text.starts_with('%') {
            return error.help("a comment begins with `#`");
        }
        if let Some(name) = ["def ", "fn ", "function ", "func "].iter().find_map(|w| text.strip_prefix(w)) {
            let name = name.split('(').next().unwrap_or_default().trim();
            return error.help(format!("write `{name}(…) = …`: the body is one expression"));
        }
        if let Some((head, body)) = head_and_body(line) {
            return error.help(format!("write `{head} = {body}`"));
        }
        let is_expression = line.len() == text.len()
            && line.len() <= 40
            && parse_expression(&mut Tree::default(), "", line).is_ok();
        if is_expression {
            error.help(format!("write `f(x) = {line}`"))
        } else {
            error.help("a definition begins with `name =` or `name(…) =`")
        }
    }

    /// Types and sizes nest only so deep.
    fn check_head_depth(&self, piece: &Piece, form: ItemForm) -> Result<(), Diagnostic> {
        if form == ItemForm::Test || form == ItemForm::Import {
            return Ok(());
        }
        let bytes = &self.text.as_bytes()[piece.start..piece.end];
        let mut open = 0_usize;
        for (at, byte) in bytes.iter().enumerate() {
            match byte {
                b'(' | b'[' | b'{' => open += 1,
                b')' | b']' | b'}' => open = open.saturating_sub(1),
                b'=' if open == 0 && form != ItemForm::Type => return Ok(()),
                _ => {}
            }
            if open > HEAD_DEPTH {
                let place = self.span(piece.start + at, piece.start + at + 1);
                return Err(Diagnostic::new(
                    Code::NestedTooDeep,
                    place,
                    format!("brackets nest more than {HEAD_DEPTH} deep here"),
                )
                .label("before `=` this is the bracket too many"));
            }
        }
        Ok(())
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
        let text = &self.text[place.start as usize..place.end as usize];
        let end = place.start as usize + text.trim_end().len();
        self.expression(place.start as usize, end)
    }
}

/// `f(x)` and `x^2` of a line `f(x) x^2`, which lacks its `=`.
fn head_and_body(line: &str) -> Option<(&str, &str)> {
    let (head, body) = line.split_at(line.find(')')? + 1);
    let name = head.split('(').next()?;
    let is_name =
        name.starts_with(char::is_alphabetic) && name.chars().all(|c| c.is_alphanumeric() || c == '_');
    let body = body.strip_prefix(' ')?.trim();
    let fits = is_name && line.len() <= 60 && !body.contains('=');
    (fits && parse_expression(&mut Tree::default(), "", body).is_ok()).then_some((head, body))
}
