//! The support functions in other languages: `src/primitive/support/*.rs` are written in a small part of
//! Rust (functions over numbers, slices of tables, loops, branches, pairs), and this prints it again. Part
//! of the build script. What is outside of that part is an error with the name of the item.

use crate::others::Item;
use crate::table::{Row, Spelling};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use syn::{BinOp, Block, Expr, FnArg, Lit, Member, Pat, ReturnType, Stmt, Type, UnOp};

/// A language, by its place among `LANGUAGES`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum To {
    C,
    Python,
    Julia,
}

pub const ALL: [To; 3] = [To::C, To::Python, To::Julia];

/// All items of the Rust files, translated.
pub fn items(folder: &Path, rows: &[Row], to: To, prefix: &str) -> Result<Vec<Item>, String> {
    let problem = |e: std::io::Error| format!("{}: {e}", folder.display());
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(problem)? {
        paths.push(entry.map_err(problem)?.path());
    }
    paths.retain(|path| path.extension().is_some_and(|e| e == "rs"));
    paths.sort();
    let methods: BTreeMap<String, Spelling> = rows
        .iter()
        .filter_map(|row| match &row.rust {
            Spelling::Method(name) => Some((name.clone(), row.others[to as usize].0.clone())),
            _ => None,
        })
        .collect();
    let (mut constants, mut functions) = (Vec::new(), Vec::new());
    for path in paths {
        let text = fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
        let file = syn::parse_file(&text).map_err(|e| format!("{}: {e}", path.display()))?;
        for item in file.items {
            match item {
                syn::Item::Const(item) => {
                    let named = |e: String| format!("{}: {e}", item.ident);
                    constants.push(constant(&item, to, prefix, &methods).map_err(named)?);
                }
                syn::Item::Fn(item) => {
                    let named = |e: String| format!("{}: {e}", item.sig.ident);
                    functions.push(function(&item, to, prefix, &methods).map_err(named)?);
                }
                _ => return Err(format!("{}: neither a function nor a constant", path.display())),
            }
        }
    }
    constants.extend(functions);
    Ok(constants)
}

/// What is known of a variable.
#[derive(Clone, PartialEq)]
enum Kind {
    Real,
    Int,
    Bool,
    /// A table or a slice: of how many, where that is known, and of rows.
    Table(Option<usize>, bool),
    Tuple(usize),
}

struct Writer<'a> {
    to: To,
    prefix: &'a str,
    methods: &'a BTreeMap<String, Spelling>,
    /// What a variable is called here, and what it is.
    names: BTreeMap<String, (String, Kind)>,
    used: BTreeSet<String>,
    lines: Vec<String>,
    indent: usize,
    result: Kind,
}

/// Where the value of a block goes.
#[derive(Clone)]
enum Goal {
    Return,
    Set(Vec<String>),
    Nowhere,
}

fn docs(attrs: &[syn::Attribute], mark: &str) -> String {
    let mut out = String::new();
    for attr in attrs {
        if let syn::Meta::NameValue(meta) = &attr.meta
            && let Expr::Lit(lit) = &meta.value
            && let Lit::Str(text) = &lit.lit
        {
            out.push_str(&format!("{mark}{}\n", text.value()));
        }
    }
    out
}

fn mark(to: To) -> &'static str {
    if to == To::C { "//" } else { "#" }
}

fn constant(
    item: &syn::ItemConst,
    to: To,
    prefix: &str,
    methods: &BTreeMap<String, Spelling>,
) -> Result<Item, String> {
    let mut w = Writer::new(to, prefix, methods);
    let name = format!("{prefix}{}", item.ident);
    let doc = docs(&item.attrs, mark(to));
    let value = w.table(&item.expr)?;
    let kind = kind_of(&item.ty)?;
    let text = match (to, kind) {
        (To::C, Kind::Table(_, true)) => format!("static const double {name}[][3] = {value};"),
        (To::C, Kind::Table(..)) => format!("static const double {name}[] = {value};"),
        (To::C, _) => format!("static const double {name} = {value};"),
        (To::Python, _) => format!("{name} = {value}"),
        (To::Julia, _) => format!("const {name} = {value}"),
    };
    let text = format!("{doc}{text}\n");
    // Constants stand before everything.
    let head = if to == To::C { text.trim_end().to_string() } else { String::new() };
    let text = if to == To::C { String::new() } else { text };
    Ok(Item { name, head, text })
}

fn function(
    item: &syn::ItemFn,
    to: To,
    prefix: &str,
    methods: &BTreeMap<String, Spelling>,
) -> Result<Item, String> {
    let mut w = Writer::new(to, prefix, methods);
    let name = format!("{prefix}{}", item.sig.ident);
    w.result = match &item.sig.output {
        ReturnType::Default => return Err("gives nothing".into()),
        ReturnType::Type(_, ty) => kind_of(ty)?,
    };
    let mut params = Vec::new();
    for arg in &item.sig.inputs {
        let FnArg::Typed(arg) = arg else { return Err("a method".into()) };
        let kind = kind_of(&arg.ty)?;
        let own = w.declare(&ident_of(&arg.pat)?, kind.clone());
        params.push(match (to, kind) {
            (To::C, Kind::Real) => format!("double {own}"),
            (To::C, Kind::Int) => format!("int64_t {own}"),
            (To::C, Kind::Bool) => format!("bool {own}"),
            (To::C, Kind::Table(_, false)) => format!("const double *{own}, int64_t {own}_len"),
            (To::C, Kind::Table(_, true)) => format!("const double (*{own})[3], int64_t {own}_len"),
            (To::C, Kind::Tuple(_)) => return Err("a pair as argument".into()),
            (To::Python | To::Julia, _) => own,
        });
    }
    let params = params.join(", ");
    let ty = match w.result {
        Kind::Real => "double",
        Kind::Int => "int64_t",
        Kind::Bool => "bool",
        Kind::Tuple(n) => tuple_type(n)?,
        Kind::Table(..) => return Err("this result".into()),
    };
    w.indent = 1;
    w.block(&item.block, &Goal::Return)?;
    let doc = docs(&item.attrs, mark(to));
    let (head, open, close) = match to {
        To::C => {
            (format!("static {ty} {name}({params});"), format!("static {ty} {name}({params}) {{"), "}\n")
        }
        To::Python => (String::new(), format!("def {name}({params}):"), ""),
        To::Julia => (String::new(), format!("function {name}({params})"), "end\n"),
    };
    let body: String = w.lines.iter().map(|l| format!("{l}\n")).collect();
    Ok(Item { name, head, text: format!("{doc}{open}\n{body}{close}") })
}

fn kind_of(ty: &Type) -> Result<Kind, String> {
    match ty {
        Type::Path(path) => match path.path.get_ident().map(|i| i.to_string()).as_deref() {
            Some("f64") => Ok(Kind::Real),
            Some("i32" | "i64" | "usize") => Ok(Kind::Int),
            Some("bool") => Ok(Kind::Bool),
            _ => Err("this type".into()),
        },
        Type::Reference(r) => kind_of(&r.elem),
        Type::Slice(s) => Ok(Kind::Table(None, matches!(*s.elem, Type::Array(_)))),
        Type::Array(a) => {
            let Expr::Lit(lit) = &a.len else { return Err("this length".into()) };
            let Lit::Int(n) = &lit.lit else { return Err("this length".into()) };
            let n = n.base10_parse().map_err(|e| e.to_string())?;
            Ok(Kind::Table(Some(n), matches!(*a.elem, Type::Array(_))))
        }
        Type::Tuple(t) => Ok(Kind::Tuple(t.elems.len())),
        _ => Err("this type".into()),
    }
}

fn ident_of(pat: &Pat) -> Result<String, String> {
    match pat {
        Pat::Ident(ident) => Ok(ident.ident.to_string()),
        Pat::Type(typed) => ident_of(&typed.pat),
        Pat::Wild(_) => Ok("_".into()),
        _ => Err("this pattern".into()),
    }
}

/// Names that a variable must not have: it would hide a function, or is a word of the language.
const TAKEN: &[&str] = &[
    "sin", "cos", "tan", "exp", "log", "sqrt", "abs", "gamma", "floor", "round", "trunc", "end", "begin",
    "function", "mod", "rem", "y0", "y1", "j0", "j1", "jn", "yn", "index", "lambda", "not", "and", "or",
    "is", "in", "from", "def", "class", "pass", "global", "del", "max", "min", "math", "int", "float",
    "double", "beta", "sinh", "cosh", "tanh", "range", "reversed", "len", "pow", "digamma", "hypot", "cbrt",
];

impl<'a> Writer<'a> {
    fn new(to: To, prefix: &'a str, methods: &'a BTreeMap<String, Spelling>) -> Writer<'a> {
        Writer {
            to,
            prefix,
            methods,
            names: BTreeMap::new(),
            used: BTreeSet::new(),
            lines: Vec::new(),
            indent: 0,
            result: Kind::Real,
        }
    }

    fn line(&mut self, text: String) {
        let end = if self.to == To::C && !text.ends_with('{') && text != "}" { ";" } else { "" };
        self.lines.push(format!("{}{text}{end}", "    ".repeat(self.indent)));
    }

    fn fresh(&mut self, wish: &str) -> String {
        let stem = if TAKEN.contains(&wish) { format!("{wish}_x") } else { wish.to_string() };
        let mut name = stem.clone();
        let mut k = 2;
        while !self.used.insert(name.clone()) {
            name = format!("{stem}_{k}");
            k += 1;
        }
        name
    }

    fn declare(&mut self, name: &str, kind: Kind) -> String {
        let own = self.fresh(name);
        self.names.insert(name.to_string(), (own.clone(), kind));
        own
    }

    /// The line that begins a variable.
    fn begin(&mut self, own: &str, kind: &Kind, value: Option<&str>) -> Result<(), String> {
        let text = match (self.to, kind, value) {
            (To::C, Kind::Real, Some(v)) => format!("double {own} = {v}"),
            (To::C, Kind::Int, Some(v)) => format!("int64_t {own} = {v}"),
            (To::C, Kind::Bool, Some(v)) => format!("bool {own} = {v}"),
            (To::C, Kind::Real, None) => format!("double {own}"),
            (To::C, Kind::Int, None) => format!("int64_t {own}"),
            (To::C, Kind::Bool, None) => format!("bool {own}"),
            (To::C, Kind::Table(Some(n), false), Some(v)) => format!("double {own}[{n}] = {v}"),
            (To::C, _, _) => return Err("this variable".into()),
            (To::Python | To::Julia, _, Some(v)) => format!("{own} = {v}"),
            (To::Julia, _, None) => format!("local {own}"),
            (To::Python, _, None) => return Ok(()),
        };
        self.line(text);
        Ok(())
    }

    fn end(&mut self) {
        match self.to {
            To::C => self.line("}".into()),
            To::Python => {}
            To::Julia => self.line("end".into()),
        }
    }

    /// A block with variables of its own.
    fn block(&mut self, block: &Block, goal: &Goal) -> Result<(), String> {
        let names = self.names.clone();
        let last = block.stmts.len().saturating_sub(1);
        for (k, stmt) in block.stmts.iter().enumerate() {
            match stmt {
                Stmt::Local(local) => self.let_stmt(local)?,
                Stmt::Expr(expr, None) if k == last => self.give(expr, goal)?,
                Stmt::Expr(expr, _) => self.statement(expr)?,
                Stmt::Item(_) | Stmt::Macro(_) => return Err("this statement".into()),
                #[allow(unreachable_patterns)]
                _ => return Err("this statement".into()),
            }
        }
        self.names = names;
        Ok(())
    }

    /// The value of an expression to where it goes.
    fn give(&mut self, expr: &Expr, goal: &Goal) -> Result<(), String> {
        if let Expr::If(branch) = expr {
            return self.branch(branch, goal, true);
        }
        if let Expr::Block(inner) = expr {
            return self.block(&inner.block, goal);
        }
        match goal {
            Goal::Nowhere => self.statement(expr),
            Goal::Return => {
                let text = self.result_of(expr)?;
                self.line(format!("return {text}"));
                Ok(())
            }
            Goal::Set(names) => {
                let values = self.values(expr, names.len())?;
                for (name, value) in names.iter().zip(values) {
                    self.line(format!("{name} = {value}"));
                }
                Ok(())
            }
        }
    }

    /// The values of a tuple one by one.
    fn values(&mut self, expr: &Expr, count: usize) -> Result<Vec<String>, String> {
        match expr {
            Expr::Tuple(tuple) if tuple.elems.len() == count => {
                tuple.elems.iter().map(|e| self.expr(e)).collect()
            }
            Expr::MethodCall(call) if call.method == "sin_cos" => {
                let sin = self.method("sin", &[&call.receiver])?;
                Ok(vec![sin, self.method("cos", &[&call.receiver])?])
            }
            expr if count == 1 => Ok(vec![self.expr(expr)?]),
            expr => {
                let text = self.expr(expr)?;
                let pair = self.fresh("pair");
                let ty = if self.to == To::C { tuple_type(count)? } else { "" };
                self.line(format!("{ty} {pair} = {text}").trim_start().to_string());
                Ok((0..count).map(|k| self.part(&pair, k)).collect())
            }
        }
    }

    fn part(&self, tuple: &str, k: usize) -> String {
        match self.to {
            To::C => format!("{tuple}.{}", ["a", "b", "c", "d"][k]),
            To::Python => format!("{tuple}[{k}]"),
            To::Julia => format!("{tuple}[{}]", k + 1),
        }
    }

    fn result_of(&mut self, expr: &Expr) -> Result<String, String> {
        let Kind::Tuple(n) = self.result else { return self.expr(expr) };
        if !matches!(expr, Expr::Tuple(_)) && !is_sin_cos(expr) {
            return self.expr(expr);
        }
        let values = self.values(expr, n)?.join(", ");
        Ok(match self.to {
            To::C => format!("({}){{{values}}}", tuple_type(n)?),
            To::Python | To::Julia => format!("({values})"),
        })
    }

    fn let_stmt(&mut self, local: &syn::Local) -> Result<(), String> {
        let init = &local.init.as_ref().ok_or("a variable without a value")?.expr;
        let patterns: Vec<&Pat> = match &local.pat {
            Pat::Tuple(tuple) => tuple.elems.iter().collect(),
            pat => vec![pat],
        };
        let names = patterns.iter().map(|p| ident_of(p)).collect::<Result<Vec<_>, _>>()?;
        if let Expr::If(branch) = &**init {
            let kinds: Vec<Kind> = match names.len() {
                1 => vec![self.kind(init)],
                n => vec![Kind::Real; n],
            };
            let own: Vec<String> = names.iter().map(|n| self.fresh(n)).collect();
            for (own, kind) in own.iter().zip(&kinds) {
                self.begin(own, kind, None)?;
            }
            self.branch(branch, &Goal::Set(own.clone()), true)?;
            for ((name, own), kind) in names.iter().zip(own).zip(kinds) {
                self.names.insert(name.clone(), (own, kind));
            }
            return Ok(());
        }
        let kinds: Vec<Kind> = match &**init {
            Expr::Tuple(tuple) if names.len() > 1 => tuple.elems.iter().map(|e| self.kind(e)).collect(),
            init if names.len() == 1 => vec![self.kind(init)],
            _ => vec![Kind::Real; names.len()],
        };
        let values = self.values(init, names.len())?;
        let mut made = Vec::new();
        for ((name, kind), value) in names.iter().zip(kinds).zip(values) {
            if name == "_" {
                continue;
            }
            let own = self.fresh(name);
            self.begin(&own, &kind, Some(&value))?;
            made.push((name.clone(), (own, kind)));
        }
        self.names.extend(made);
        Ok(())
    }

    fn statement(&mut self, expr: &Expr) -> Result<(), String> {
        match expr {
            Expr::If(branch) => self.branch(branch, &Goal::Nowhere, true),
            Expr::While(repeat) => {
                let cond = self.expr(&repeat.cond)?;
                self.line(match self.to {
                    To::C => format!("while ({cond}) {{"),
                    To::Python => format!("while {cond}:"),
                    To::Julia => format!("while {cond}"),
                });
                self.inner(&repeat.body)
            }
            Expr::ForLoop(repeat) => {
                let names = self.names.clone();
                self.for_head(&repeat.pat, &repeat.expr)?;
                self.inner(&repeat.body)?;
                self.names = names;
                Ok(())
            }
            Expr::Return(given) => {
                let value = given.expr.as_ref().ok_or("a bare return")?;
                self.give(value, &Goal::Return)
            }
            Expr::Break(_) => {
                self.line("break".into());
                Ok(())
            }
            Expr::Assign(assign) => self.assign(&assign.left, &assign.right),
            Expr::Binary(binary) => {
                let op = match binary.op {
                    BinOp::AddAssign(_) => "+=",
                    BinOp::SubAssign(_) => "-=",
                    BinOp::MulAssign(_) => "*=",
                    BinOp::DivAssign(_) => "/=",
                    _ => return Err("this statement".into()),
                };
                let left = self.expr(&binary.left)?;
                let right = self.expr(&binary.right)?;
                self.line(match (self.to, op) {
                    (To::Python, "/=") => format!("{left} = {}div({left}, {right})", self.prefix),
                    _ => format!("{left} {op} {right}"),
                });
                Ok(())
            }
            _ => Err("this statement".into()),
        }
    }

    fn inner(&mut self, body: &Block) -> Result<(), String> {
        self.indent += 1;
        self.block(body, &Goal::Nowhere)?;
        self.indent -= 1;
        self.end();
        Ok(())
    }

    fn assign(&mut self, left: &Expr, right: &Expr) -> Result<(), String> {
        if let Expr::Tuple(tuple) = left {
            let targets = tuple.elems.iter().map(|e| self.expr(e)).collect::<Result<Vec<_>, _>>()?;
            let values = self.values(right, targets.len())?;
            if self.to != To::C {
                self.line(format!("{} = {}", targets.join(", "), values.join(", ")));
                return Ok(());
            }
            let made: Vec<String> = targets.iter().map(|t| self.fresh(&format!("next_{t}"))).collect();
            for (made, value) in made.iter().zip(&values) {
                self.line(format!("const double {made} = {value}"));
            }
            for (target, made) in targets.iter().zip(&made) {
                self.line(format!("{target} = {made}"));
            }
            return Ok(());
        }
        let target = self.expr(left)?;
        if let Expr::If(branch) = right {
            return self.branch(branch, &Goal::Set(vec![target]), true);
        }
        let value = self.expr(right)?;
        let array = matches!(self.kind(left), Kind::Table(..));
        self.line(match (self.to, array) {
            (To::C, true) => format!("memcpy({target}, {value}, sizeof {target})"),
            _ => format!("{target} = {value}"),
        });
        Ok(())
    }

    fn branch(&mut self, branch: &syn::ExprIf, goal: &Goal, first: bool) -> Result<(), String> {
        let before = self.lines.len();
        let cond = self.expr(&branch.cond)?;
        if !first && self.lines.len() > before {
            return Err("this condition after an else".into());
        }
        let word = if first { "if" } else { "else if" };
        if !first && self.to == To::C {
            self.lines.pop();
        }
        self.line(match self.to {
            To::C if first => format!("if ({cond}) {{"),
            To::C => format!("}} else if ({cond}) {{"),
            To::Python => format!("{} {cond}:", if first { "if" } else { "elif" }),
            To::Julia => format!("{} {cond}", word.replace("else if", "elseif")),
        });
        self.indent += 1;
        self.block(&branch.then_branch, goal)?;
        self.indent -= 1;
        if self.to == To::C {
            self.line("}".into());
        }
        if let Some((_, els)) = &branch.else_branch {
            match &**els {
                Expr::If(next) => return self.branch(next, goal, false),
                Expr::Block(inner) => {
                    if self.to == To::C {
                        self.lines.pop();
                    }
                    self.line(match self.to {
                        To::C => "} else {".into(),
                        To::Python => "else:".into(),
                        To::Julia => "else".into(),
                    });
                    self.indent += 1;
                    self.block(&inner.block, goal)?;
                    self.indent -= 1;
                    if self.to == To::C {
                        self.line("}".into());
                    }
                }
                _ => return Err("this branch".into()),
            }
        }
        if self.to == To::Julia {
            self.line("end".into());
        }
        Ok(())
    }

    /// The first line of a loop over a range or a table; declares what it counts.
    fn for_head(&mut self, pat: &Pat, over: &Expr) -> Result<(), String> {
        let name = ident_of(pat)?;
        let (over, reversed) = match over {
            Expr::MethodCall(call) if call.method == "rev" => (&*call.receiver, true),
            over => (over, false),
        };
        let bare = match over {
            Expr::Paren(paren) => &*paren.expr,
            over => over,
        };
        if let Expr::Range(range) = bare {
            let start = self.expr(range.start.as_ref().ok_or("an open range")?)?;
            let end = self.expr(range.end.as_ref().ok_or("an open range")?)?;
            let closed = matches!(range.limits, syn::RangeLimits::Closed(_));
            let own = self.declare(if name == "_" { "step" } else { &name }, Kind::Int);
            self.line(match (self.to, reversed, closed) {
                (To::C, false, false) => format!("for (int64_t {own} = {start}; {own} < {end}; ++{own}) {{"),
                (To::C, false, true) => format!("for (int64_t {own} = {start}; {own} <= {end}; ++{own}) {{"),
                (To::C, true, false) => {
                    format!("for (int64_t {own} = {end} - 1; {own} >= {start}; --{own}) {{")
                }
                (To::C, true, true) => format!("for (int64_t {own} = {end}; {own} >= {start}; --{own}) {{"),
                (To::Python, false, false) => format!("for {own} in range({start}, {end}):"),
                (To::Python, false, true) => format!("for {own} in range({start}, {end} + 1):"),
                (To::Python, true, false) => format!("for {own} in range({end} - 1, {start} - 1, -1):"),
                (To::Python, true, true) => format!("for {own} in range({end}, {start} - 1, -1):"),
                (To::Julia, false, false) => format!("for {own} in ({start}):({end} - 1)"),
                (To::Julia, false, true) => format!("for {own} in ({start}):({end})"),
                (To::Julia, true, false) => format!("for {own} in ({end} - 1):-1:({start})"),
                (To::Julia, true, true) => format!("for {own} in ({end}):-1:({start})"),
            });
            return Ok(());
        }
        let table = match over {
            Expr::MethodCall(call) if call.method == "iter" => &*call.receiver,
            over => over,
        };
        let text = self.expr(table)?;
        let own = self.declare(&name, Kind::Real);
        match self.to {
            To::C => {
                let (text, count) = self.with_length(table)?;
                let at = self.fresh("at");
                self.line(match reversed {
                    false => format!("for (int64_t {at} = 0; {at} < {count}; ++{at}) {{"),
                    true => format!("for (int64_t {at} = {count} - 1; {at} >= 0; --{at}) {{"),
                });
                self.indent += 1;
                self.line(format!("const double {own} = {text}[{at}]"));
                self.indent -= 1;
            }
            To::Python if reversed => self.line(format!("for {own} in reversed({text}):")),
            To::Python => self.line(format!("for {own} in {text}:")),
            To::Julia if reversed => self.line(format!("for {own} in Iterators.reverse({text})")),
            To::Julia => self.line(format!("for {own} in {text}")),
        }
        Ok(())
    }

    /// A table of C and its length.
    fn with_length(&mut self, expr: &Expr) -> Result<(String, String), String> {
        match expr {
            Expr::Reference(r) => self.with_length(&r.expr),
            Expr::Path(path) => {
                let name = path.path.get_ident().ok_or("this path")?.to_string();
                match self.names.get(&name) {
                    Some((own, Kind::Table(None, _))) => Ok((own.clone(), format!("{own}_len"))),
                    Some((own, Kind::Table(Some(n), _))) => Ok((own.clone(), n.to_string())),
                    Some(_) => Err(format!("{name} is no table")),
                    None => {
                        let own = format!("{}{name}", self.prefix);
                        Ok((own.clone(), format!("(int64_t)(sizeof {own} / sizeof *{own})")))
                    }
                }
            }
            Expr::Index(index) => {
                let Expr::Range(range) = &*index.index else { return Err("this table".into()) };
                let start = self.expr(range.start.as_ref().ok_or("this range")?)?;
                let (table, count) = self.with_length(&index.expr)?;
                Ok((format!("{table} + {start}"), format!("{count} - {start}")))
            }
            Expr::Array(array) => {
                let elems = array.elems.iter().map(|e| self.expr(e)).collect::<Result<Vec<_>, _>>()?;
                Ok((format!("(const double[]){{{}}}", elems.join(", ")), elems.len().to_string()))
            }
            _ => Err("this table".into()),
        }
    }

    /// What an expression gives, as far as it matters: integers divide in another way.
    fn kind(&self, expr: &Expr) -> Kind {
        match expr {
            Expr::Lit(lit) => match &lit.lit {
                Lit::Int(_) => Kind::Int,
                Lit::Bool(_) => Kind::Bool,
                _ => Kind::Real,
            },
            Expr::Paren(paren) => self.kind(&paren.expr),
            Expr::Reference(r) => self.kind(&r.expr),
            Expr::Unary(unary) => match unary.op {
                UnOp::Not(_) => Kind::Bool,
                _ => self.kind(&unary.expr),
            },
            Expr::Path(path) => {
                let name = path.path.get_ident().map(|i| i.to_string()).unwrap_or_default();
                self.names.get(&name).map_or(Kind::Real, |(_, kind)| kind.clone())
            }
            Expr::Binary(binary) => match binary.op {
                BinOp::Add(_) | BinOp::Sub(_) | BinOp::Mul(_) | BinOp::Div(_) | BinOp::Rem(_) => {
                    self.kind(&binary.left)
                }
                _ => Kind::Bool,
            },
            Expr::Cast(cast) => kind_of(&cast.ty).unwrap_or(Kind::Real),
            Expr::MethodCall(call) if call.method == "len" => Kind::Int,
            Expr::MethodCall(call)
                if ["is_nan", "is_infinite", "is_finite", "contains"].iter().any(|m| call.method == m) =>
            {
                Kind::Bool
            }
            Expr::Call(call) => match &*call.func {
                Expr::Path(path)
                    if path.path.get_ident().is_some_and(|i| i.to_string().starts_with("is_")) =>
                {
                    Kind::Bool
                }
                _ => Kind::Real,
            },
            Expr::Repeat(repeat) => Kind::Table(length_of(&repeat.len), false),
            Expr::Array(array) => Kind::Table(Some(array.elems.len()), false),
            Expr::If(branch) => match branch.then_branch.stmts.last() {
                Some(Stmt::Expr(expr, None)) => self.kind(expr),
                _ => Kind::Real,
            },
            _ => Kind::Real,
        }
    }

    fn expr(&mut self, expr: &Expr) -> Result<String, String> {
        match expr {
            Expr::Lit(lit) => literal(&lit.lit),
            Expr::Paren(paren) => Ok(format!("({})", self.expr(&paren.expr)?)),
            Expr::Reference(r) => self.expr(&r.expr),
            Expr::Unary(unary) => {
                let inner = self.expr(&unary.expr)?;
                match unary.op {
                    UnOp::Neg(_) => Ok(format!("-{inner}")),
                    UnOp::Not(_) if self.to == To::Python => Ok(format!("(not {inner})")),
                    UnOp::Not(_) => Ok(format!("!{inner}")),
                    _ => Err("this operator".into()),
                }
            }
            Expr::Path(path) => self.path(&path.path),
            Expr::Binary(binary) => self.binary(binary),
            Expr::Cast(cast) => {
                let inner = self.expr(&cast.expr)?;
                Ok(match (self.to, kind_of(&cast.ty)?) {
                    (To::C, Kind::Int) => format!("(int64_t){inner}"),
                    (To::C, _) => format!("(double){inner}"),
                    (To::Python, Kind::Int) => format!("int({inner})"),
                    (To::Python, _) => format!("float({inner})"),
                    (To::Julia, Kind::Int) => format!("trunc(Int, {inner})"),
                    (To::Julia, _) => format!("Float64({inner})"),
                })
            }
            Expr::Field(field) => {
                let Member::Unnamed(index) = &field.member else { return Err("this field".into()) };
                let base = self.expr(&field.base)?;
                Ok(self.part(&base, index.index as usize))
            }
            Expr::Index(index) => self.element(index),
            Expr::Call(call) => self.call(call),
            Expr::MethodCall(call) => self.method_call(call),
            Expr::If(branch) => self.ternary(branch),
            Expr::Repeat(repeat) => {
                let n = length_of(&repeat.len).ok_or("this length")?;
                Ok(match self.to {
                    To::C => "{0.0}".to_string(),
                    To::Python => format!("[0.0] * {n}"),
                    To::Julia => format!("zeros({n})"),
                })
            }
            Expr::Array(array) => {
                let elems = array.elems.iter().map(|e| self.expr(e)).collect::<Result<Vec<_>, _>>()?;
                Ok(match self.to {
                    To::C => format!("{{{}}}", elems.join(", ")),
                    To::Python | To::Julia => format!("[{}]", elems.join(", ")),
                })
            }
            Expr::Tuple(tuple) => {
                let elems = tuple.elems.iter().map(|e| self.expr(e)).collect::<Result<Vec<_>, _>>()?;
                match self.to {
                    To::C => Err("a pair in an expression".into()),
                    To::Python | To::Julia => Ok(format!("({})", elems.join(", "))),
                }
            }
            _ => Err("this expression".into()),
        }
    }

    /// A table as the value of a constant.
    fn table(&mut self, expr: &Expr) -> Result<String, String> {
        let Expr::Array(array) = expr else { return self.expr(expr) };
        let elems = array.elems.iter().map(|e| self.table(e)).collect::<Result<Vec<_>, _>>()?;
        let (open, close) = if self.to == To::C { ("{", "}") } else { ("[", "]") };
        let text = format!("{open}{}{close}", elems.join(", "));
        if text.len() < 80 {
            return Ok(text);
        }
        let lines: String = elems.iter().map(|e| format!("    {e},\n")).collect();
        Ok(format!("{open}\n{lines}{close}"))
    }

    fn path(&self, path: &syn::Path) -> Result<String, String> {
        let words: Vec<String> = path.segments.iter().map(|s| s.ident.to_string()).collect();
        if let [name] = words.as_slice() {
            return Ok(match self.names.get(name) {
                Some((own, _)) => own.clone(),
                None => format!("{}{name}", self.prefix),
            });
        }
        let last = words.last().map(String::as_str).unwrap_or_default();
        let special =
            |c: &str, python: &str, julia: &str| Ok([c, python, julia][self.to as usize].to_string());
        use std::f64::consts;
        let value = match last {
            "NAN" => return special("(double)NAN", "math.nan", "NaN"),
            "INFINITY" => return special("HUGE_VAL", "math.inf", "Inf"),
            "NEG_INFINITY" => return special("-HUGE_VAL", "-math.inf", "-Inf"),
            "PI" => consts::PI,
            "E" => consts::E,
            "LN_2" => consts::LN_2,
            "FRAC_1_PI" => consts::FRAC_1_PI,
            "FRAC_2_PI" => consts::FRAC_2_PI,
            "FRAC_1_SQRT_2" => consts::FRAC_1_SQRT_2,
            "FRAC_2_SQRT_PI" => consts::FRAC_2_SQRT_PI,
            "FRAC_PI_2" => consts::FRAC_PI_2,
            "FRAC_PI_4" => consts::FRAC_PI_4,
            _ => return Err(format!("the constant {last}")),
        };
        Ok(format!("{value:?}"))
    }

    fn binary(&mut self, binary: &syn::ExprBinary) -> Result<String, String> {
        let ints = self.kind(&binary.left) == Kind::Int;
        let (left, right) = (self.expr(&binary.left)?, self.expr(&binary.right)?);
        let op = match binary.op {
            BinOp::Add(_) => "+",
            BinOp::Sub(_) => "-",
            BinOp::Mul(_) => "*",
            BinOp::Div(_) => match (self.to, ints) {
                (To::Python, true) => "//",
                (To::Julia, true) => return Ok(format!("div({left}, {right})")),
                (To::Python, false) if !is_nonzero(&binary.right) => {
                    return Ok(format!("{}div({left}, {right})", self.prefix));
                }
                _ => "/",
            },
            BinOp::Rem(_) => match (self.to, ints) {
                (To::C, true) => "%",
                (To::C, false) => return Ok(format!("fmod({left}, {right})")),
                (To::Python, true) => return Ok(format!("{}rem_int({left}, {right})", self.prefix)),
                (To::Python, false) => return Ok(format!("{}rem({left}, {right})", self.prefix)),
                (To::Julia, _) => return Ok(format!("rem({left}, {right})")),
            },
            BinOp::And(_) if self.to == To::Python => "and",
            BinOp::Or(_) if self.to == To::Python => "or",
            BinOp::And(_) => "&&",
            BinOp::Or(_) => "||",
            BinOp::Eq(_) => "==",
            BinOp::Ne(_) => "!=",
            BinOp::Lt(_) => "<",
            BinOp::Le(_) => "<=",
            BinOp::Gt(_) => ">",
            BinOp::Ge(_) => ">=",
            _ => return Err("this operator".into()),
        };
        // Compilers warn of `a || b && c`.
        let clause = |e: &Expr, text: String| match e {
            Expr::Binary(b) if op == "||" && matches!(b.op, BinOp::And(_)) => format!("({text})"),
            _ => text,
        };
        Ok(format!("{} {op} {}", clause(&binary.left, left), clause(&binary.right, right)))
    }

    fn element(&mut self, index: &syn::ExprIndex) -> Result<String, String> {
        if let Expr::Range(range) = &*index.index {
            let table = self.expr(&index.expr)?;
            let start = self.expr(range.start.as_ref().ok_or("this range")?)?;
            return match self.to {
                To::C => Err("a slice outside of a call".into()),
                To::Python => Ok(format!("{table}[{start}:]")),
                To::Julia => Ok(format!("{table}[({start} + 1):end]")),
            };
        }
        let (table, at) = (self.expr(&index.expr)?, self.expr(&index.index)?);
        Ok(match (self.to, at.parse::<usize>()) {
            (To::Julia, Ok(n)) => format!("{table}[{}]", n + 1),
            (To::Julia, Err(_)) => format!("{table}[{at} + 1]"),
            _ => format!("{table}[{at}]"),
        })
    }

    fn call(&mut self, call: &syn::ExprCall) -> Result<String, String> {
        let Expr::Path(path) = &*call.func else { return Err("this call".into()) };
        let words: Vec<String> = path.path.segments.iter().map(|s| s.ident.to_string()).collect();
        if let [ty, method] = words.as_slice()
            && ty == "f64"
        {
            let args: Vec<&Expr> = call.args.iter().collect();
            if method == "from" {
                let inner = self.expr(args[0])?;
                let bare = matches!(args[0], Expr::Path(_));
                let inner = if bare || self.to != To::C { inner } else { format!("({inner})") };
                return Ok(match self.to {
                    To::C => format!("(double){inner}"),
                    To::Python => format!("float({inner})"),
                    To::Julia => format!("Float64({inner})"),
                });
            }
            return self.method(method, &args);
        }
        let [name] = words.as_slice() else { return Err("this call".into()) };
        let mut args = Vec::new();
        for arg in &call.args {
            let is_table = matches!(arg, Expr::Reference(_)) || matches!(self.kind(arg), Kind::Table(..));
            if is_table && self.to == To::C {
                let (table, count) = self.with_length(arg)?;
                args.push(format!("{table}, {count}"));
            } else {
                args.push(self.expr(arg)?);
            }
        }
        Ok(format!("{}{name}({})", self.prefix, args.join(", ")))
    }

    fn method_call(&mut self, call: &syn::ExprMethodCall) -> Result<String, String> {
        let method = call.method.to_string();
        if method == "fold" {
            return self.fold(call);
        }
        if method == "contains" {
            return self.contains(call);
        }
        if method == "len" {
            let text = self.expr(&call.receiver)?;
            return match self.to {
                To::C => Ok(self.with_length(&call.receiver)?.1),
                To::Python => Ok(format!("len({text})")),
                To::Julia => Ok(format!("length({text})")),
            };
        }
        let args: Vec<&Expr> = std::iter::once(&*call.receiver).chain(&call.args).collect();
        self.method(&method, &args)
    }

    /// A method of numbers as a function.
    fn method(&mut self, method: &str, args: &[&Expr]) -> Result<String, String> {
        let mut texts = Vec::new();
        for arg in args {
            // What stands in brackets needs them no more.
            let bare = if let Expr::Paren(paren) = arg { &*paren.expr } else { arg };
            texts.push(self.expr(bare)?);
        }
        let own: Option<[String; 3]> = match method {
            "powf" => Some(["pow".into(), "_powf".into(), "_powf".into()]),
            "is_nan" => Some(["isnan".into(), "math.isnan".into(), "isnan".into()]),
            "is_infinite" => Some(["isinf".into(), "math.isinf".into(), "isinf".into()]),
            "is_finite" => Some(["isfinite".into(), "math.isfinite".into(), "isfinite".into()]),
            "asinh" => Some(["asinh".into(), "math.asinh".into(), "asinh".into()]),
            "clamp" => Some([format!("{}clamp", self.prefix), "_clamp".into(), "_clamp".into()]),
            _ => None,
        };
        if let Some(own) = own {
            return Ok(format!("{}({})", own[self.to as usize], texts.join(", ")));
        }
        let spelling = self.methods.get(method).ok_or_else(|| format!("the method {method}"))?;
        match spelling {
            Spelling::Call(name) => Ok(format!("{name}({})", texts.join(", "))),
            Spelling::Support(name) => Ok(format!("{}{name}({})", self.prefix, texts.join(", "))),
            Spelling::Template(text, _) => {
                let mut filled = text.clone();
                let bracketed = !text.contains("({0}");
                for (k, arg) in texts.iter().enumerate() {
                    let arg = if bracketed { format!("({arg})") } else { arg.clone() };
                    filled = filled.replace(&format!("{{{k}}}"), &arg);
                }
                Ok(if bracketed { format!("({filled})") } else { filled })
            }
            Spelling::Infix(..) | Spelling::Prefix(..) | Spelling::Method(_) => {
                Err(format!("the method {method}"))
            }
        }
    }

    /// `(a..b).contains(&x)`
    fn contains(&mut self, call: &syn::ExprMethodCall) -> Result<String, String> {
        let Expr::Paren(paren) = &*call.receiver else { return Err("this range".into()) };
        let Expr::Range(range) = &*paren.expr else { return Err("this range".into()) };
        let start = self.expr(range.start.as_ref().ok_or("an open range")?)?;
        let end = self.expr(range.end.as_ref().ok_or("an open range")?)?;
        let x = self.expr(call.args.first().ok_or("no argument")?)?;
        let less = if matches!(range.limits, syn::RangeLimits::Closed(_)) { "<=" } else { "<" };
        let and = if self.to == To::Python { "and" } else { "&&" };
        Ok(format!("({start} <= {x} {and} {x} {less} {end})"))
    }

    /// `over.fold(start, |sum, k| value)`: a loop before the statement.
    fn fold(&mut self, call: &syn::ExprMethodCall) -> Result<String, String> {
        let (Some(start), Some(Expr::Closure(closure))) = (call.args.first(), call.args.last()) else {
            return Err("this fold".into());
        };
        let inputs: Vec<&Pat> = closure.inputs.iter().collect();
        let [sum, k] = inputs[..] else { return Err("this fold".into()) };
        let names = self.names.clone();
        let start = self.expr(start)?;
        let own = self.declare(&ident_of(sum)?, Kind::Real);
        self.begin(&own, &Kind::Real, Some(&start))?;
        // An iterator of a table is its own receiver.
        self.for_head(k, &call.receiver)?;
        self.indent += 1;
        self.give(&closure.body, &Goal::Set(vec![own.clone()]))?;
        self.indent -= 1;
        self.end();
        self.names = names;
        Ok(own)
    }

    /// A branch inside of an expression.
    fn ternary(&mut self, branch: &syn::ExprIf) -> Result<String, String> {
        let cond = self.expr(&branch.cond)?;
        let one = |w: &mut Self, block: &Block| match block.stmts.as_slice() {
            [Stmt::Expr(expr, None)] => w.expr(expr),
            _ => Err("this branch in an expression".to_string()),
        };
        let then = one(self, &branch.then_branch)?;
        let Some((_, els)) = &branch.else_branch else { return Err("no else".into()) };
        let els = match &**els {
            Expr::Block(inner) => one(self, &inner.block)?,
            els => self.expr(els)?,
        };
        Ok(match self.to {
            To::C | To::Julia => format!("({cond} ? {then} : {els})"),
            To::Python => format!("({then} if {cond} else {els})"),
        })
    }
}

/// The type of several numbers in C.
fn tuple_type(count: usize) -> Result<&'static str, String> {
    match count {
        2 => Ok("zg_pair"),
        3 => Ok("zg_triple"),
        4 => Ok("zg_four"),
        _ => Err(format!("{count} numbers at once")),
    }
}

fn is_sin_cos(expr: &Expr) -> bool {
    matches!(expr, Expr::MethodCall(call) if call.method == "sin_cos")
}

/// A literal that one can divide by.
fn is_nonzero(expr: &Expr) -> bool {
    match expr {
        Expr::Lit(lit) => {
            matches!(&lit.lit, Lit::Float(f) if f.base10_parse::<f64>().is_ok_and(|v| v != 0.0))
        }
        Expr::Paren(paren) => is_nonzero(&paren.expr),
        _ => false,
    }
}

fn length_of(expr: &Expr) -> Option<usize> {
    match expr {
        Expr::Lit(lit) => match &lit.lit {
            Lit::Int(n) => n.base10_parse().ok(),
            _ => None,
        },
        _ => None,
    }
}

fn literal(lit: &Lit) -> Result<String, String> {
    match lit {
        Lit::Float(f) => Ok(format!("{:?}", f.base10_parse::<f64>().map_err(|e| e.to_string())?)),
        Lit::Int(n) => Ok(n.base10_digits().to_string()),
        Lit::Bool(b) => Ok(b.value.to_string()),
        _ => Err("this literal".into()),
    }
}
