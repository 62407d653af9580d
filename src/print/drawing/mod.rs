//! An expression as a tree of lines, a node a line.
//!
//! ```text
//! f(x, y)
//! └─ +
//!    ├─ *
//!    │  ├─ x
//!    │  └─ t1 = exp
//!    │     └─ y
//!    └─ t1
//! ```
//!
//! What a name stands for is drawn where the name comes first; after that the name says it. What
//! lies very deep is drawn after the rest, under a name or a number. Takes a syntax tree, of the
//! parser or the raiser; gives text. A stack stands in for recursion.

mod labels;

use crate::syntax::tree::{Ast, Expr, Item, ItemKind, Name, Pattern, Tree};
use std::collections::{HashMap, VecDeque};

/// What lies deeper than this is drawn apart.
const DEEPEST: usize = 40;

/// An expression; in ASCII the lines are `|--`, `` `-- `` and `|`.
pub fn expression(tree: &Tree, ast: Ast, ascii: bool) -> String {
    let mut drawing = Drawing::new(tree, ascii);
    drawing.root(ast);
    drawing.finish()
}

/// A definition under its head; other items give nothing.
pub fn item(tree: &Tree, item: &Item, ascii: bool) -> String {
    let mut drawing = Drawing::new(tree, ascii);
    match &item.kind {
        ItemKind::Function { name, params, body, .. } => {
            let params: Vec<&str> = params.iter().map(|param| tree.text(param.name)).collect();
            drawing.head(&format!("{}({})", tree.text(*name), params.join(", ")));
            drawing.child(*body);
        }
        ItemKind::Constant { name, value, .. } => {
            drawing.head(tree.text(*name));
            drawing.child(*value);
        }
        ItemKind::Type { .. } | ItemKind::Import { .. } | ItemKind::Rule { .. } | ItemKind::Test { .. } => {}
    }
    drawing.finish()
}

/// Where a node stands.
struct Place {
    /// What stands before the branches of its siblings.
    before: String,
    depth: usize,
    /// The last of its siblings; roots have no branch.
    branch: Option<bool>,
    /// What the node is to its parent: `then: `.
    role: String,
    scope: ScopeId,
}

impl Place {
    fn root(role: String, scope: ScopeId) -> Place {
        Place { before: String::new(), depth: 0, branch: None, role, scope }
    }
}

/// The names that an expression sees.
type ScopeId = usize;

/// The bindings of one `let`, and the scope that it stands in; scope 0 has none.
#[derive(Default)]
struct Scope {
    bindings: HashMap<Name, usize>,
    outer: ScopeId,
}

/// A binding: its pattern as text, its value and what that sees, whether it was drawn.
struct Binding {
    text: String,
    value: Ast,
    scope: ScopeId,
    drawn: bool,
}

struct Drawing<'t> {
    tree: &'t Tree,
    ascii: bool,
    out: String,
    /// What is still to be drawn, the next last.
    work: Vec<(Ast, Place)>,
    bindings: Vec<Binding>,
    scopes: Vec<Scope>,
    /// What is to be drawn after the rest.
    later: VecDeque<(Ast, Place)>,
    numbered: usize,
}

/// A node: its label, and its children with their roles.
type Shown = (String, Vec<(String, Ast)>);

impl<'t> Drawing<'t> {
    fn new(tree: &'t Tree, ascii: bool) -> Self {
        Drawing {
            tree,
            ascii,
            out: String::new(),
            work: Vec::new(),
            bindings: Vec::new(),
            scopes: vec![Scope::default()],
            later: VecDeque::new(),
            numbered: 0,
        }
    }

    fn finish(mut self) -> String {
        while let Some((ast, place)) = self.work.pop().or_else(|| self.later.pop_front()) {
            self.node(ast, place);
        }
        self.out
    }

    fn head(&mut self, text: &str) {
        self.out.push_str(text);
        self.out.push('\n');
    }

    fn root(&mut self, ast: Ast) {
        self.work.push((ast, Place::root(String::new(), 0)));
    }

    fn child(&mut self, ast: Ast) {
        self.work.push((ast, Place { depth: 1, branch: Some(true), ..Place::root(String::new(), 0) }));
    }

    fn line(&mut self, place: &Place, label: &str) {
        self.out.push_str(&place.before);
        self.out.push_str(match (place.branch, self.ascii) {
            (None, _) => "",
            (Some(false), false) => "├─ ",
            (Some(true), false) => "└─ ",
            (Some(false), true) => "|-- ",
            (Some(true), true) => "`-- ",
        });
        self.out.push_str(&place.role);
        self.out.push_str(label);
        self.out.push('\n');
    }

    /// What stands before the children of a node.
    fn inner(&self, place: &Place) -> String {
        let more = match (place.branch, self.ascii) {
            (None, _) => "",
            (Some(false), false) => "│  ",
            (Some(true), false) => "   ",
            (Some(false), true) => "|   ",
            (Some(true), true) => "    ",
        };
        format!("{}{more}", place.before)
    }

    fn node(&mut self, ast: Ast, mut place: Place) {
        let tree = self.tree;
        let mut ast = ast;
        loop {
            match tree.expr(ast) {
                Expr::Let { bindings, body, .. } => {
                    place.scope = self.enter(bindings, place.scope);
                    ast = *body;
                }
                Expr::Name(name) => {
                    let Some(at) = self.undrawn(*name, place.scope) else {
                        return self.line(&place, tree.text(*name));
                    };
                    let binding = &mut self.bindings[at];
                    binding.drawn = true;
                    let role = format!("{} = ", binding.text);
                    if place.depth >= DEEPEST {
                        let apart = (binding.value, Place::root(role, binding.scope));
                        self.later.push_back(apart);
                        return self.line(&place, tree.text(*name));
                    }
                    place.role.push_str(&role);
                    place.scope = binding.scope;
                    ast = binding.value;
                }
                _other => break,
            }
        }
        let (label, children) = self.shown(ast, place.scope);
        if place.depth >= DEEPEST && !children.is_empty() {
            self.numbered += 1;
            let number = format!("#{}", self.numbered);
            self.line(&place, &number);
            return self.later.push_back((ast, Place::root(format!("{number} = "), place.scope)));
        }
        self.line(&place, &label);
        let before = self.inner(&place);
        let count = children.len();
        for (at, (role, child)) in children.into_iter().enumerate().rev() {
            let (before, depth, scope) = (before.clone(), place.depth + 1, place.scope);
            let branch = Some(at + 1 == count);
            self.work.push((child, Place { before, depth, branch, role, scope }));
        }
    }

    /// The binding that a name stands for, if that is still to be drawn.
    fn undrawn(&self, name: Name, scope: ScopeId) -> Option<usize> {
        let mut scope = scope;
        while scope != 0 {
            if let Some(&at) = self.scopes[scope].bindings.get(&name) {
                return (!self.bindings[at].drawn).then_some(at);
            }
            scope = self.scopes[scope].outer;
        }
        None
    }

    /// The scope of the body of a `let`. (The values see it as well: they are drawn once anyway.)
    fn enter(&mut self, bindings: &[(Pattern, Ast)], outer: ScopeId) -> ScopeId {
        let scope = self.scopes.len();
        let mut names = HashMap::new();
        for (pattern, value) in bindings {
            let text = self.pattern_text(pattern);
            self.bindings.push(Binding { text, value: *value, drawn: false, scope });
            let mut stack = vec![pattern];
            while let Some(pattern) = stack.pop() {
                match pattern {
                    Pattern::Name(name, _) => {
                        names.insert(*name, self.bindings.len() - 1);
                    }
                    Pattern::Tuple(parts) => stack.extend(parts),
                }
            }
        }
        self.scopes.push(Scope { bindings: names, outer });
        scope
    }

    fn pattern_text(&self, pattern: &Pattern) -> String {
        match pattern {
            Pattern::Name(name, _) => self.tree.text(*name).to_string(),
            Pattern::Tuple(parts) => {
                let parts: Vec<String> = parts.iter().map(|part| self.pattern_text(part)).collect();
                format!("({})", parts.join(", "))
            }
        }
    }
}
