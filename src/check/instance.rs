//! Functions that take functions: lowered once for each function that they are given. What such a
//! function captures becomes further parameters.

use super::bindings::fresh_like;
use super::builtins::Builtin;
use super::lower::Lowerer;
use super::names::Ref;
use super::scope::DefId;
use super::state::{FnInfo, Frame, GenericInfo};
use super::types::Ty;
use super::value::{FnValue, Value};
use super::walk::operands;
use crate::core::{Ex, FnId, Origin, Type, VarId};
use crate::syntax::diagnostic::{Code, Diagnostic};
use crate::syntax::tree::{Ast, ItemKind};
use std::rc::Rc;

/// A function given to functions at this depth of instances is refused.
const MOST_INSTANCES: usize = 24;

/// What tells apart the uses of a function that takes functions.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Key {
    def: DefId,
    args: Vec<ValueKey>,
}

/// The functions in a value, and the types of what they capture.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum ValueKey {
    Plain(Type),
    Many(Vec<ValueKey>),
    Def(DefId),
    Builtin(Builtin),
    Lambda(Ast, Vec<ValueKey>),
    Prime(Box<ValueKey>, u32),
}

/// A function for certain functions.
#[derive(Debug, Clone)]
pub struct Instance {
    info: Rc<FnInfo>,
    /// It called itself before its result was known.
    assumed: bool,
    failed: bool,
}

impl Lowerer<'_> {
    /// A call of a function that takes functions.
    pub fn call_generic(&mut self, def: DefId, generic: &GenericInfo, args: Vec<Value>, ast: Ast) -> Value {
        if !self.check_count(&generic.name, args.len(), generic.params.len(), ast) {
            return Value::Error;
        }
        let Some(args) = self.arguments(&generic.name, &generic.params, args, ast) else {
            return Value::Error;
        };
        let keys = args.iter().zip(generic.params.iter()).map(|(arg, (_, ty))| {
            if ty.has_function() { self.value_key(arg) } else { ValueKey::Many(Vec::new()) }
        });
        let key = Key { def, args: keys.collect() };
        let info = match self.instances.get_mut(&key) {
            Some(instance) if instance.failed => return Value::Error,
            Some(instance) => {
                instance.assumed = true;
                instance.info.clone()
            }
            None => {
                let Some(info) = self.instance(&key, generic, &args, ast) else { return Value::Error };
                info
            }
        };
        self.mark(ast);
        let mut flat: Vec<Ex> = Vec::new();
        for arg in &args {
            collect(arg, &mut flat);
        }
        for &global in info.globals.iter() {
            flat.extend(self.globals[global as usize].flatten());
        }
        let call = self.graph.call(info.id, &flat);
        let count = self.graph.function(info.id).result_types.len();
        let parts: Vec<Ex> = (0..count).map(|k| self.graph.part(call, k)).collect();
        Value::from_flat(&info.result, &mut parts.into_iter())
    }

    fn value_key(&self, value: &Value) -> ValueKey {
        match value {
            Value::Ex(ex) | Value::Row(ex) => ValueKey::Plain(self.graph.ty(*ex)),
            Value::Tuple(parts) => ValueKey::Many(parts.iter().map(|part| self.value_key(part)).collect()),
            Value::Record(fields) => {
                ValueKey::Many(fields.iter().map(|(_, field)| self.value_key(field)).collect())
            }
            Value::Function(function) => self.function_key(function),
            Value::Error => ValueKey::Many(Vec::new()),
        }
    }

    fn function_key(&self, function: &FnValue) -> ValueKey {
        match function {
            FnValue::Def(def) => ValueKey::Def(*def),
            FnValue::Builtin(builtin) => ValueKey::Builtin(*builtin),
            FnValue::Lambda { ast, captured } => {
                ValueKey::Lambda(*ast, captured.iter().map(|(_, value)| self.value_key(value)).collect())
            }
            FnValue::Prime(of, order) => ValueKey::Prime(Box::new(self.function_key(of)), *order),
        }
    }

    /// The globals that a function needs, and those of the functions that it is given.
    fn globals_with(&self, generic: &GenericInfo, args: &[Value]) -> Rc<[u32]> {
        let mut globals = generic.globals.to_vec();
        let mut stack: Vec<&Value> = args.iter().collect();
        let mut functions: Vec<&FnValue> = Vec::new();
        while let Some(value) = stack.pop() {
            match value {
                Value::Tuple(parts) => stack.extend(parts.iter()),
                Value::Record(fields) => stack.extend(fields.iter().map(|(_, field)| field)),
                Value::Function(function) => functions.push(function),
                Value::Ex(_) | Value::Row(_) | Value::Error => {}
            }
            while let Some(function) = functions.pop() {
                match function {
                    FnValue::Def(def) => globals.extend_from_slice(&self.program.def(*def).globals),
                    FnValue::Builtin(_) => {}
                    FnValue::Lambda { ast, captured } => {
                        self.globals_below(*ast, &mut globals);
                        stack.extend(captured.iter().map(|(_, value)| value));
                    }
                    FnValue::Prime(of, _) => functions.push(of),
                }
            }
        }
        globals.sort_unstable();
        globals.dedup();
        globals.into()
    }

    /// The globals that the names of an expression need.
    fn globals_below(&self, ast: Ast, globals: &mut Vec<u32>) {
        let mut stack = vec![ast];
        while let Some(ast) = stack.pop() {
            let by = self.program.names.by.get(&ast).into_iter().flatten().copied();
            for name in by.chain([self.program.names.of(ast)]) {
                if let Ref::Def(def) = name {
                    globals.extend_from_slice(&self.program.def(def).globals);
                }
            }
            operands(self.tree, ast, |operand| stack.push(operand));
        }
    }

    /// Lowers a function for the functions it is given.
    fn instance(&mut self, key: &Key, generic: &GenericInfo, args: &[Value], ast: Ast) -> Option<Rc<FnInfo>> {
        let nested = self
            .instances
            .values()
            .filter(|instance| self.graph.function(instance.info.id).results.is_empty());
        if nested.count() > MOST_INSTANCES {
            let message = format!("`{}` is given ever new functions", generic.name);
            self.error(
                Diagnostic::new(Code::EndlessInstances, self.span(ast), message)
                    .help("pass on the function that it was given"),
            );
            return None;
        }
        let locals = self.program.def(key.def).params.locals.clone();
        let range = locals.start as usize..locals.end as usize;
        let kept = self.env[range.clone()].to_vec();
        let frame = std::mem::take(&mut self.frame);
        let globals = self.globals_with(generic, args);
        let generic = &GenericInfo { globals, ..generic.clone() };
        let mut result = generic.result.clone();
        let mut info = None;
        let reported = self.diagnostics.len();
        for attempt in 0..3 {
            self.frame = Frame::default();
            let (made, found) = self.instance_body(key, generic, args, result.clone());
            match found {
                Some(actual) if actual != result && attempt < 2 => {
                    self.diagnostics.truncate(reported);
                    result = actual;
                }
                Some(actual) if actual != result => {
                    let message = format!("the result type of `{}` cannot be inferred", generic.name);
                    self.error(
                        Diagnostic::new(Code::ResultTypeUnknown, self.span(ast), message)
                            .help("write it: `f(x) -> R = …`"),
                    );
                }
                Some(_) => {
                    info = Some(made);
                    break;
                }
                None => break,
            }
        }
        self.frame = frame;
        self.env[range].clone_from_slice(&kept);
        if info.is_none()
            && let Some(instance) = self.instances.get_mut(key)
        {
            instance.failed = true;
        }
        info
    }

    /// One attempt, which assumes a result type; gives the function and the type that it has.
    fn instance_body(
        &mut self,
        key: &Key,
        generic: &GenericInfo,
        args: &[Value],
        assumed: Ty,
    ) -> (Rc<FnInfo>, Option<Ty>) {
        let item = self.program.item(key.def);
        let ItemKind::Function { body, params, .. } = &item.kind else { unreachable!("a function") };
        let names = self.program.def(key.def).params.clone();
        let mut vars: Vec<VarId> = Vec::new();
        let mut values = Vec::new();
        for (arg, (name, ty)) in args.iter().zip(generic.params.iter()) {
            let graph = &mut self.graph;
            let value = if ty.has_function() {
                arg.map(&mut |ex| {
                    let var = fresh_like(graph, name, ex);
                    // Its lengths are not those of this one argument.
                    graph.var_mut(var).shape = None;
                    vars.push(var);
                    graph.variable(var)
                })
            } else {
                self.parameter(name, ty, &mut vars)
            };
            values.push(value);
        }
        self.global_variables(&generic.globals, &mut vars);
        let id = self.graph.declare(
            &instance_name(self, generic, args),
            vars.clone(),
            assumed.flat(),
            Origin::Source,
        );
        let made = Rc::new(FnInfo {
            id,
            name: generic.name.clone(),
            params: generic.params.clone(),
            result: assumed.clone(),
            globals: generic.globals.clone(),
        });
        self.instances.insert(key.clone(), Instance { info: made.clone(), assumed: false, failed: false });
        self.frame.params = vars;
        let tys: Vec<Ty> = generic.params.iter().map(|(_, ty)| ty.clone()).collect();
        self.bind_parameters(&names, &tys, &values, item.span.file);
        self.assumptions(params);
        let value = self.eval(*body);
        let value = match &self.program.def(key.def).result {
            Some(ty) => self.convert(value, ty, "the result", self.span(*body)),
            None => self.as_result(value),
        };
        self.finish_instance(key, id, made, value)
    }

    fn finish_instance(
        &mut self,
        key: &Key,
        id: FnId,
        made: Rc<FnInfo>,
        value: Value,
    ) -> (Rc<FnInfo>, Option<Ty>) {
        let actual = value.ty(&self.graph);
        let used = self.instances.get(key).is_some_and(|instance| instance.assumed);
        if value.is_error() || actual.has_function() {
            self.abandon(id);
            return (made, None);
        }
        if used && actual.flat() != made.result.flat() {
            // What was assumed was relied on and wrong: begin again.
            self.abandon(id);
            return (made, Some(actual));
        }
        self.graph.functions[id.0 as usize].requires = std::mem::take(&mut self.frame.requires);
        self.graph.functions[id.0 as usize].result_types = actual.flat();
        self.graph.define(id, value.flatten());
        let result = made.result.clone();
        let made = Rc::new(FnInfo { result: actual, ..(*made).clone() });
        self.instances.insert(key.clone(), Instance { info: made.clone(), assumed: used, failed: false });
        (made, Some(result))
    }
}

/// The scalars and arrays of a value, those that its functions capture included.
fn collect(value: &Value, flat: &mut Vec<Ex>) {
    value.map(&mut |ex| {
        flat.push(ex);
        ex
    });
}

/// `apply_sin`: the names of the functions that it was given, as far as they have names.
fn instance_name(lowerer: &Lowerer, generic: &GenericInfo, args: &[Value]) -> String {
    let mut name = generic.name.clone();
    for arg in args {
        if let Value::Function(function) = arg {
            let mut of = function;
            while let FnValue::Prime(inner, _) = &**of {
                of = inner;
            }
            match &**of {
                FnValue::Def(def) => {
                    name.push('_');
                    name.push_str(lowerer.tree.text(lowerer.program.scopes.def(*def).name));
                }
                FnValue::Builtin(builtin) => {
                    name.push('_');
                    name.push_str(builtin.name());
                }
                FnValue::Lambda { .. } | FnValue::Prime(..) => {}
            }
        }
    }
    name
}
