//! Expressions to nodes of the graph. A stack of tasks and a stack of values stand for the call
//! stack, so that an expression may be as deep as it likes; only loops, functions as values and
//! derivatives nest for real, to a limit.

use super::names::{LocalId, Ref};
use super::partials::Partials;
use super::program::Program;
use super::scope::DefId;
use super::state::{Frame, State};
use super::value::{FnValue, Value};
use crate::core::{Ex, Graph, VarId};
use crate::simplify::Forms;
use crate::syntax::diagnostic::{Code, Diagnostic};
use crate::syntax::tree::{Ast, Expr, Span, Tree};
use std::collections::HashMap;
use std::rc::Rc;

/// How deeply loops, lambdas and derivatives may nest.
const MOST_NESTING: usize = 80;

/// How deeply tuples and records may nest.
const MOST_STRUCTURE: usize = 24;
/// Tuples and records have at most so many parts, those in their parts counted.
const MOST_PARTS: usize = 10_000;

/// What is still to do.
enum Task {
    /// Push the value of an expression.
    Lower(Ast),
    /// The values of its operands are on the stack: replace them by its own.
    Finish(Ast),
    /// The value on the stack is that of the binding of a `let`.
    Bind(Ast, usize),
    /// The body of a `let` is done; what was made since is no variable any more.
    EndLet(usize),
    /// The value on the stack is a condition under which the next is evaluated.
    Assume,
    /// From here on the condition does not hold.
    Otherwise,
}

/// The pass from tree to graph.
pub struct Lowerer<'p> {
    pub graph: Graph,
    pub program: &'p Program<'p>,
    pub tree: &'p Tree,
    pub partials: Partials,
    pub diagnostics: Vec<Diagnostic>,
    /// What the local names stand for, by their number.
    pub env: Vec<Option<Value>>,
    /// What the definitions have become.
    pub states: Vec<State>,
    /// The values of the `param`s as variables of the graph.
    pub globals: Vec<Value>,
    pub made_globals: Vec<(u32, super::Global)>,
    /// The default of each variable of a `param`.
    pub defaults: HashMap<VarId, Ex>,
    pub frame: Frame,
    pub instances: HashMap<super::instance::Key, super::instance::Instance>,
    /// Whether nodes get the marks of their expressions.
    pub marks: bool,
    /// How formulas are taken before a derivative of them is.
    pub forms: Forms,
    /// How many nodes the derivatives written in the file have made.
    pub derived: usize,
    tasks: Vec<Task>,
    values: Vec<Value>,
    depth: usize,
}

impl<'p> Lowerer<'p> {
    pub fn new(graph: Graph, program: &'p Program<'p>) -> Self {
        Lowerer {
            graph,
            program,
            tree: program.tree,
            partials: Partials::default(),
            diagnostics: Vec::new(),
            env: vec![None; program.names.locals.len()],
            states: vec![State::Pending; program.defs.len()],
            globals: vec![Value::Error; program.scopes.globals.len()],
            made_globals: Vec::new(),
            defaults: HashMap::new(),
            frame: Frame::default(),
            instances: HashMap::new(),
            marks: true,
            forms: Forms::AsWritten,
            derived: 0,
            tasks: Vec::new(),
            values: Vec::new(),
            depth: 0,
        }
    }

    /// Reports an error; its value silences what follows from it.
    pub fn error(&mut self, error: Diagnostic) -> Value {
        self.diagnostics.push(error);
        Value::Error
    }

    /// The place of an expression.
    pub fn span(&self, ast: Ast) -> Span {
        self.tree.span(ast)
    }

    /// New nodes come from this expression.
    pub fn mark(&mut self, ast: Ast) {
        if self.marks {
            self.graph.current_origin = ast.0 + 1;
        }
    }

    /// The value of an expression.
    pub fn eval(&mut self, ast: Ast) -> Value {
        if self.depth >= MOST_NESTING {
            let message = "loops and functions are nested too deeply here";
            let error = Diagnostic::new(Code::NestedTooDeep, self.span(ast), message);
            if self.diagnostics.last().is_none_or(|last| last.message != message) {
                self.error(error.help("give the inner part a name of its own: `f(x) = …`"));
            }
            return Value::Error;
        }
        self.depth += 1;
        let base = self.tasks.len();
        self.tasks.push(Task::Lower(ast));
        while self.tasks.len() > base {
            let task = self.tasks.pop().expect("there are tasks");
            self.step(task);
        }
        self.depth -= 1;
        self.values.pop().expect("an expression has a value")
    }

    fn step(&mut self, task: Task) {
        match task {
            Task::Lower(ast) => self.start(ast),
            Task::Finish(ast) => {
                self.mark(ast);
                let value = self.finish(ast);
                self.values.push(value);
            }
            Task::Bind(ast, k) => {
                let tree = self.tree;
                let Expr::Let { bindings, .. } = tree.expr(ast) else { unreachable!("only `let` binds") };
                let value = self.values.pop().expect("the value of a binding");
                self.bind(&bindings[k].0, bindings[k].1, value);
            }
            Task::EndLet(fresh) => {
                let value = self.values.pop().expect("the value of a body");
                let value = self.settle(fresh, value);
                self.values.push(value);
            }
            Task::Assume => {
                let cond = self.values.last().and_then(Value::plain);
                let unknown = self.graph.boolean(true);
                self.frame.conditions.push((cond.unwrap_or(unknown), true));
            }
            Task::Otherwise => {
                if let Some(last) = self.frame.conditions.last_mut() {
                    last.1 = false;
                }
            }
        }
    }

    /// Pushes the tasks of an expression, or its value.
    fn start(&mut self, ast: Ast) {
        let from = self.tasks.len();
        let tree = self.tree;
        match tree.expr(ast) {
            Expr::Number { .. } | Expr::Bool(_) | Expr::Name(_) | Expr::Lambda { .. } => {
                self.mark(ast);
                let value = self.leaf(ast);
                return self.values.push(value);
            }
            Expr::Comprehension { .. }
            | Expr::Reduce { .. }
            | Expr::Fold { .. }
            | Expr::Iterate { .. }
            | Expr::Derivative { .. } => {
                let value = self.binding_form(ast);
                return self.values.push(value);
            }
            Expr::Call { callee, args, elementwise: false } if self.is_form(*callee, args) => {
                let value = self.loop_form(*callee, args, ast);
                return self.values.push(value);
            }
            Expr::Field { .. } if self.program.names.of(ast) != Ref::None => {
                let value = self.leaf(ast);
                return self.values.push(value);
            }
            Expr::If { arms, otherwise, .. } => {
                for &(cond, value) in arms {
                    self.tasks.extend([Task::Lower(cond), Task::Assume, Task::Lower(value), Task::Otherwise]);
                }
                self.tasks.push(Task::Lower(*otherwise));
            }
            Expr::Let { bindings, body, .. } => {
                for (k, (_, value)) in bindings.iter().enumerate() {
                    self.tasks.extend([Task::Lower(*value), Task::Bind(ast, k)]);
                }
                self.tasks.extend([Task::Lower(*body), Task::EndLet(self.frame.fresh.len())]);
                return self.tasks[from..].reverse();
            }
            Expr::Binary(_, a, b) if self.program.names.of(*b) == Ref::Transpose => {
                self.tasks.push(Task::Lower(*a))
            }
            Expr::Unary(..)
            | Expr::Binary(..)
            | Expr::Compare(..)
            | Expr::Call { .. }
            | Expr::Prime { .. }
            | Expr::Index { .. }
            | Expr::Field { .. }
            | Expr::Array(_)
            | Expr::Tuple(_)
            | Expr::Record(_) => {
                let tasks = &mut self.tasks;
                super::walk::operands(tree, ast, |operand| tasks.push(Task::Lower(operand)));
            }
        }
        self.tasks.push(Task::Finish(ast));
        self.tasks[from..].reverse();
    }

    /// Takes the last values, first pushed first.
    fn take(&mut self, count: usize) -> Vec<Value> {
        self.values.split_off(self.values.len() - count)
    }

    fn pop(&mut self) -> Value {
        self.values.pop().expect("an operand has a value")
    }

    fn finish(&mut self, ast: Ast) -> Value {
        let tree = self.tree;
        match tree.expr(ast) {
            Expr::Unary(op, _) => {
                let operand = self.pop();
                self.unary(*op, operand, ast)
            }
            Expr::Binary(_, _, b) if self.program.names.of(*b) == Ref::Transpose => {
                let operand = self.pop();
                self.transpose(operand, ast)
            }
            Expr::Binary(op, a, b) => {
                let (right, left) = (self.pop(), self.pop());
                self.binary(*op, (left, *a), (right, *b), ast)
            }
            Expr::Compare(_, rest) => {
                let operands = self.take(rest.len() + 1);
                self.compare(operands, ast)
            }
            Expr::If { arms, .. } => {
                let kept = self.frame.conditions.len() - arms.len();
                self.frame.conditions.truncate(kept);
                let values = self.take(2 * arms.len() + 1);
                self.choose(values, ast)
            }
            Expr::Call { args, elementwise, .. } => {
                let args = self.take(args.len());
                let callee = self.pop();
                if *elementwise {
                    self.apply_elementwise(callee, args, ast)
                } else {
                    self.apply(callee, args, ast)
                }
            }
            Expr::Prime { order, .. } => {
                let function = self.pop();
                self.prime(function, *order, ast)
            }
            Expr::Index { .. } | Expr::Field { .. } | Expr::Array(_) | Expr::Tuple(_) | Expr::Record(_) => {
                self.finish_data(ast)
            }
            Expr::Number { .. }
            | Expr::Bool(_)
            | Expr::Name(_)
            | Expr::Let { .. }
            | Expr::Lambda { .. }
            | Expr::Comprehension { .. }
            | Expr::Reduce { .. }
            | Expr::Fold { .. }
            | Expr::Iterate { .. }
            | Expr::Derivative { .. } => unreachable!("has no tasks to finish"),
        }
    }

    /// Parts taken from values, and values put together.
    fn finish_data(&mut self, ast: Ast) -> Value {
        let tree = self.tree;
        match tree.expr(ast) {
            Expr::Index { at, .. } => {
                let count: usize = at.iter().map(super::indexing::operands).sum();
                let subscripts = self.take(count);
                let array = self.pop();
                self.index(array, at, subscripts, ast)
            }
            Expr::Field { name, .. } => {
                let record = self.pop();
                self.field(record, *name, ast)
            }
            Expr::Array(parts) => {
                let parts = self.take(parts.len());
                self.array(parts, ast)
            }
            Expr::Tuple(parts) => {
                let parts = self.take(parts.len());
                self.structure(Value::Tuple(parts), ast)
            }
            Expr::Record(fields) => {
                let values = self.take(fields.len());
                let names = fields.iter().map(|&(name, _)| tree.text(name).to_string());
                self.structure(Value::Record(names.zip(values).collect()), ast)
            }
            _other => unreachable!("no data"),
        }
    }

    /// A tuple or record, unless it is nested too deeply.
    fn structure(&mut self, value: Value, ast: Ast) -> Value {
        if value.is_error() {
            return Value::Error;
        }
        if value.is_larger(MOST_STRUCTURE, &mut MOST_PARTS.clone()) {
            let error = Diagnostic::new(
                Code::NestedTooDeep,
                self.span(ast),
                "too many tuples or records are nested here",
            );
            return self.error(error.help("use an array, or name the parts"));
        }
        value
    }

    /// The value of an expression without operands.
    fn leaf(&mut self, ast: Ast) -> Value {
        let tree = self.tree;
        match tree.expr(ast) {
            Expr::Number { value, integer } => Value::Ex(match integer {
                Some(i) => self.graph.int(*i),
                None => self.graph.real(*value),
            }),
            Expr::Bool(b) => Value::Ex(self.graph.boolean(*b)),
            Expr::Lambda { .. } => {
                let captured = &self.program.names.lambdas[&ast].captured;
                let captured = captured.iter().map(|&local| (local, self.local(local))).collect();
                Value::Function(Rc::new(FnValue::Lambda { ast, captured }))
            }
            _name => match self.program.names.of(ast) {
                Ref::None | Ref::Transpose => Value::Error,
                Ref::Local(local) => self.local(local),
                Ref::Def(def) => self.definition(def, ast),
                Ref::Constant(value) => Value::Ex(self.graph.real(value)),
                Ref::Builtin(builtin) => Value::Function(Rc::new(FnValue::Builtin(builtin))),
            },
        }
    }

    /// What a local name stands for.
    pub fn local(&self, local: LocalId) -> Value {
        self.env.get(local.0 as usize).cloned().flatten().unwrap_or(Value::Error)
    }

    pub fn set(&mut self, local: LocalId, value: Value) {
        self.env[local.0 as usize] = Some(value);
    }

    /// What the name of a definition stands for.
    pub fn definition(&mut self, def: DefId, ast: Ast) -> Value {
        match &self.states[def.0 as usize] {
            State::Value(value) => value.clone(),
            State::Function(_) | State::Generic(_) => Value::Function(Rc::new(FnValue::Def(def))),
            State::Failed => Value::Error,
            State::Pending => {
                let name = self.tree.text(self.program.scopes.def(def).name);
                let error = Diagnostic::new(
                    Code::Circular,
                    self.span(ast),
                    format!("`{name}` is used in its own definition"),
                );
                self.error(error.help("only functions may use themselves"))
            }
            State::Type => {
                let name = self.tree.text(self.program.scopes.def(def).name);
                let error = Diagnostic::new(
                    Code::TypeAsValue,
                    self.span(ast),
                    format!("`{name}` is a type, not a value"),
                );
                self.error(error)
            }
        }
    }
}
