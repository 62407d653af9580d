//! Definitions, types and whole files as text.

use super::super::precedence::{OPEN, OR};
use super::super::tree::{Ast, Expr, Item, ItemKind, Name, Param, Pattern, Tree, TypeExpr};
use super::expr::{ALONE, Around, Printer};
use super::layout::Style;

pub fn item(tree: &Tree, item: &Item) -> String {
    let mut printer = Printer::new(tree);
    printer.item(&item.kind);
    printer.finish()
}

pub fn file(tree: &Tree, items: &[Item]) -> String {
    let mut out = String::new();
    let mut previous_is_long = false;
    for (at, item) in items.iter().enumerate() {
        let text = self::item(tree, item);
        let is_test = matches!(item.kind, ItemKind::Test { .. });
        let is_long = text.contains('\n');
        let asked = item.comments.first().is_some_and(String::is_empty);
        if at > 0 && (asked || (!is_test && (is_long || previous_is_long))) {
            out.push('\n');
        }
        out.push_str(&with_comments(tree, item, &text));
        out.push('\n');
        previous_is_long = is_long;
    }
    // A derived item stands in no file.
    let last = items.last().map_or(Some(0), |item| (item.span.end > 0).then_some(item.span.file));
    let closing = last.and_then(|file| tree.closing.get(&file));
    for (at, line) in closing.into_iter().flatten().enumerate() {
        if at > 0 || !line.is_empty() || !out.is_empty() {
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}

/// An item with its comments and documentation before it, and the comment on its last line.
fn with_comments(tree: &Tree, item: &Item, printed: &str) -> String {
    let mut text = String::new();
    for line in item.comments.iter().skip_while(|line| line.is_empty()) {
        text.push_str(line);
        text.push('\n');
    }
    for line in &item.doc {
        text.push_str(format!("## {line}").trim_end());
        text.push('\n');
    }
    text.push_str(printed);
    if let Some(comment) = tree.trailing.get(&(item.span.file, item.span.end)) {
        text.push_str("  ");
        text.push_str(comment);
    }
    text
}

impl Printer<'_> {
    fn item(&mut self, kind: &ItemKind) {
        match kind {
            ItemKind::Function { name, params, result, body, .. } => {
                self.name(*name);
                self.params(params);
                if let Some(result) = result {
                    self.doc.text(" -> ");
                    self.type_expr(result);
                }
                self.body(*body);
            }
            ItemKind::Constant { name, ty, value, param, .. } => {
                self.doc.text(if *param { "param " } else { "" });
                self.name(*name);
                if let Some(ty) = ty {
                    self.doc.text(": ");
                    self.type_expr(ty);
                }
                self.body(*value);
            }
            ItemKind::Type { name, ty, .. } => {
                self.doc.text("type ");
                self.name(*name);
                self.doc.text(" = ");
                self.type_expr(ty);
            }
            ItemKind::Import { path, alias } => {
                self.doc.text("import \"");
                self.doc.text(path);
                self.doc.text("\"");
                if let Some(alias) = alias {
                    self.doc.text(" as ");
                    self.name(*alias);
                }
            }
            ItemKind::Rule { name, params, cotangent, body, .. } => {
                self.doc.text("rule ");
                self.name(*name);
                self.params(params);
                if let Some((cotangent, _)) = cotangent {
                    self.doc.text(" pullback ");
                    self.name(*cotangent);
                }
                self.body(*body);
            }
            ItemKind::Test { left, right, tolerance, bindings } => {
                self.test(*left, *right, *tolerance, bindings);
            }
        }
    }

    /// `= body`; a long `let` or `if` begins on a line of its own.
    fn body(&mut self, body: Ast) {
        self.doc.text(" =");
        let apart =
            matches!(self.tree.expr(body), Expr::Let { after: false, .. } | Expr::If { braces: false, .. });
        if apart {
            self.doc.open(Style::Every, 2);
            self.doc.space();
        } else {
            self.doc.text(" ");
        }
        self.expression(body);
        if apart {
            self.doc.close();
        }
    }

    fn test(&mut self, left: Ast, right: Option<Ast>, tolerance: Option<Ast>, bindings: &[(Pattern, Ast)]) {
        self.doc.open(Style::Fill, 2);
        self.doc.text("test ");
        self.print(left, ALONE.least(OPEN));
        for (sign, part) in [("= ", right), ("~ ", tolerance)] {
            if let Some(part) = part {
                self.doc.space();
                self.doc.text(sign);
                self.print(part, ALONE.least(OPEN));
            }
        }
        if !bindings.is_empty() {
            self.doc.space();
            self.doc.text("where ");
            self.bindings(bindings);
        }
        self.doc.close();
    }

    fn name(&mut self, name: Name) {
        self.doc.text(self.tree.text(name));
    }

    fn params(&mut self, params: &[Param]) {
        self.doc.text("(");
        self.doc.open(Style::Fill, 2);
        for (at, param) in params.iter().enumerate() {
            self.comma(at);
            self.name(param.name);
            if let Some(ty) = &param.ty {
                self.doc.text(": ");
                self.type_expr(ty);
            }
            if let Some(assume) = param.assume {
                self.doc.text(" where ");
                self.print(assume, ALONE.least(OR));
            }
        }
        self.doc.close();
        self.doc.text(")");
    }

    /// A comma before every element but the first.
    fn comma(&mut self, at: usize) {
        if at > 0 {
            self.doc.text(",");
            self.doc.space();
        }
    }

    /// Types nest no deeper than the parser lets them, or than a program that was checked.
    fn type_expr(&mut self, ty: &TypeExpr) {
        match ty {
            TypeExpr::Real => self.doc.text("R"),
            TypeExpr::Int => self.doc.text("Int"),
            TypeExpr::Bool => self.doc.text("Bool"),
            TypeExpr::Named(name, _) => self.name(*name),
            TypeExpr::Array(of, sizes) => {
                self.type_expr(of);
                self.doc.text("[");
                for (at, size) in sizes.iter().enumerate() {
                    self.doc.text(if at > 0 { ", " } else { "" });
                    self.print(*size, Around { tight: true, ..ALONE.least(OPEN) });
                }
                self.doc.text("]");
            }
            TypeExpr::Tuple(parts) => self.types(parts),
            TypeExpr::Record(fields) => {
                self.doc.text("{");
                for (at, (name, ty)) in fields.iter().enumerate() {
                    self.comma(at);
                    self.name(*name);
                    self.doc.text(": ");
                    self.type_expr(ty);
                }
                self.doc.text("}");
            }
            TypeExpr::Function(params, result) => {
                match params.as_slice() {
                    [single @ (TypeExpr::Function(..) | TypeExpr::Tuple(_))] => {
                        self.types(std::slice::from_ref(single));
                    }
                    [single] => self.type_expr(single),
                    several => self.types(several),
                }
                self.doc.text(" -> ");
                self.type_expr(result);
            }
        }
    }

    fn types(&mut self, types: &[TypeExpr]) {
        self.doc.text("(");
        for (at, ty) in types.iter().enumerate() {
            self.comma(at);
            self.type_expr(ty);
        }
        self.doc.text(")");
    }
}
