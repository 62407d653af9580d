//! Calls of what the notation brings along: primitives, reductions of arrays, array functions.

use super::builtins::{ArrayFn, Builtin};
use super::lower::Lowerer;
use super::value::{Value, describe};
use crate::core::{AccumOp, Elem, Ex, Type};
use crate::primitive::{self, Kind, Prim};
use crate::simplify::Forms;
use crate::syntax::diagnostic::{Code, Diagnostic};
use crate::syntax::tree::{Ast, Expr, Reducer, Span};

impl Lowerer<'_> {
    /// The place of an argument of a call.
    pub fn argument(&self, ast: Ast, k: usize) -> Ast {
        match self.tree.expr(ast) {
            Expr::Call { args, .. } => args.get(k).copied().unwrap_or(ast),
            _other => ast,
        }
    }

    pub fn argument_span(&self, ast: Ast, k: usize) -> Span {
        self.span(self.argument(ast, k))
    }

    /// Reports a call with a wrong number of arguments.
    pub fn check_count(&mut self, name: &str, given: usize, wanted: usize, ast: Ast) -> bool {
        if given == wanted {
            return true;
        }
        let noun = if wanted == 1 { "argument" } else { "arguments" };
        let message = format!("`{name}` takes {wanted} {noun}, not {given}");
        self.error(Diagnostic::new(Code::ArgumentCount, self.span(ast), message));
        false
    }

    pub fn builtin(&mut self, builtin: Builtin, args: Vec<Value>, ast: Ast) -> Value {
        if args.iter().any(Value::is_error) {
            return Value::Error;
        }
        match builtin {
            Builtin::Scalar(p) => self.primitive(p, &args, ast),
            Builtin::Reduce(op) => self.reduction(op, &args, ast),
            Builtin::Array(function) => self.array_function(function, builtin.name(), args, ast),
            Builtin::Stop => self.through("stop", Prim::STOP, args, ast),
            // It is a node of its own only for who explains: formulas as they are written.
            Builtin::Show if self.forms == Forms::AsWritten => self.through("show", Prim::SHOW, args, ast),
            Builtin::Show => match (self.check_count("show", args.len(), 1, ast), args.into_iter().next()) {
                (true, Some(value)) => value,
                _wrong => Value::Error,
            },
            Builtin::States => {
                let error = Diagnostic::new(Code::BuiltinForm, self.span(ast), "`states` takes a loop");
                self.error(error.help("write `states(fold(…))` or `states(iterate(…))`"))
            }
            Builtin::Scatter => {
                let error = Diagnostic::new(
                    Code::BuiltinForm,
                    self.span(ast),
                    "`scatter` takes an array and what to add where",
                );
                self.error(error.help("write `scatter(a, [(i, v) for …])`"))
            }
            Builtin::Later(name) => self.later(name, ast),
        }
    }

    fn later(&mut self, name: &str, ast: Ast) -> Value {
        let error =
            Diagnostic::new(Code::NotAvailable, self.span(ast), format!("`{name}` is not available yet"));
        self.error(error.help("define a function of this name, or compute it with `fold`"))
    }

    /// A row of the table at scalars.
    fn primitive(&mut self, p: Prim, args: &[Value], ast: Ast) -> Value {
        let Some(p) = primitive::find_call(p.name(), args.len()).or_else(|| {
            // A name that only overloads have; `atan2` is not read as `atan`.
            let overload = p.row().overload.filter(|name| primitive::find(name).is_none())?;
            primitive::find_call(overload, args.len())
        }) else {
            self.check_count(p.name(), args.len(), p.row().args.len(), ast);
            return Value::Error;
        };
        let mut exs = Vec::new();
        for (k, arg) in args.iter().enumerate() {
            let of = self.argument(ast, k);
            let Some(ex) = self.number_or_array(arg, of) else { return Value::Error };
            let ty = self.graph.ty(ex);
            if ty.is_array() {
                let given = describe(&arg.ty(&self.graph));
                let error = Diagnostic::new(
                    Code::NumberWanted,
                    self.span(of),
                    format!("`{}` takes a number, not {given}", p.name()),
                );
                return self.error(error.help(format!("for every element write `{}.(…)`", p.name())));
            }
            if ty == Type::BOOL {
                return self.not_a_number(arg, of);
            }
            exs.push(ex);
        }
        let ints = exs.iter().all(|&ex| self.graph.ty(ex) == Type::INT);
        if p.row().kind != Kind::Arith || !ints {
            exs = exs.into_iter().map(|ex| self.graph.to_real(ex)).collect();
        }
        Value::Ex(self.graph.prim(p, &exs))
    }

    /// `sum(v)`, `max(a, b, c)`.
    fn reduction(&mut self, op: Reducer, args: &[Value], ast: Ast) -> Value {
        let name = Builtin::Reduce(op).name();
        let [only] = args else {
            return self.extreme(op, name, args, ast);
        };
        let of = self.argument(ast, 0);
        let Some(array) = self.number_or_array(only, of) else { return Value::Error };
        if self.graph.ty(array).is_scalar() {
            if matches!(op, Reducer::Max | Reducer::Min) && self.graph.ty(array) != Type::BOOL {
                return only.clone();
            }
            let ty = describe(&only.ty(&self.graph));
            let error = Diagnostic::new(
                Code::ArrayWanted,
                self.span(of),
                format!("`{name}` takes an array, not {ty}"),
            );
            return self.error(error.help(format!("or an index: `{name}(… for i in 1..n)`")));
        }
        let over = self.binders(array);
        let element = self.element(array, &over);
        self.reduce_scalars(op, &over, None, element, of)
    }

    fn extreme(&mut self, op: Reducer, name: &str, args: &[Value], ast: Ast) -> Value {
        let p = match op {
            Reducer::Max => Prim::MAX,
            Reducer::Min => Prim::MIN,
            Reducer::Sum | Reducer::Prod | Reducer::Any | Reducer::All | Reducer::Count => {
                self.check_count(name, args.len(), 1, ast);
                return Value::Error;
            }
        };
        let Some((first, rest)) = args.split_first() else {
            let error = Diagnostic::new(Code::EmptyReduction, self.span(ast), format!("`{name}` of nothing"));
            return self.error(error);
        };
        let chain =
            rest.iter().fold(first.clone(), |so_far, next| self.primitive(p, &[so_far, next.clone()], ast));
        // Of three that tie each has a third of the derivative, as the elements of an array have.
        if args.len() < 3 || !matches!(chain, Value::Ex(ex) if self.graph.ty(ex) == Type::REAL) {
            return chain;
        }
        let elements = args.iter().filter_map(Value::plain);
        let elements: Vec<Ex> = elements.map(|ex| self.graph.to_real(ex)).collect();
        let array = self.graph.lit(&elements, &[elements.len()]);
        let over = self.binders(array);
        let element = self.element(array, &over);
        self.reduce_scalars(op, &over, None, element, ast)
    }

    /// A value whose real numbers each go through a primitive of one argument.
    fn through(&mut self, name: &str, p: Prim, args: Vec<Value>, ast: Ast) -> Value {
        if !self.check_count(name, args.len(), 1, ast) {
            return Value::Error;
        }
        args[0].map(&mut |ex| {
            if self.graph.ty(ex).elem != Elem::Real {
                return ex;
            }
            self.map_elements(ex, |this, x| this.graph.prim(p, &[x]))
        })
    }

    fn array_function(&mut self, function: ArrayFn, name: &str, args: Vec<Value>, ast: Ast) -> Value {
        let ranks: &[u8] = match function {
            ArrayFn::Dot | ArrayFn::Outer | ArrayFn::Cross => &[1, 1],
            ArrayFn::Trace => &[2],
            ArrayFn::Cumsum | ArrayFn::Softmax | ArrayFn::LogSumExp | ArrayFn::ArgMax => &[1],
            ArrayFn::Norm | ArrayFn::Len | ArrayFn::Diag | ArrayFn::Transpose => &[u8::MAX],
            ArrayFn::Size => return self.size_function(&args, ast),
            ArrayFn::Eye | ArrayFn::Zeros | ArrayFn::Ones => {
                return self.constant_array(function, name, &args, ast);
            }
        };
        if !self.check_count(name, args.len(), ranks.len(), ast) {
            return Value::Error;
        }
        let mut exs = Vec::new();
        for (k, (arg, &rank)) in args.iter().zip(ranks).enumerate() {
            let of = self.argument(ast, k);
            let Some(ex) = self.number_or_array(arg, of) else { return Value::Error };
            let ty = self.graph.ty(ex);
            if ty.elem == Elem::Bool || !ty.is_array() || rank != u8::MAX && ty.rank != rank {
                let wanted =
                    ["an array", "a vector", "a matrix"][if rank == u8::MAX { 0 } else { rank as usize }];
                let given = describe(&arg.ty(&self.graph));
                let error = Diagnostic::new(
                    Code::ArgumentType,
                    self.span(of),
                    format!("`{name}` takes {wanted}, not {given}"),
                );
                return self.error(error);
            }
            exs.push(ex);
        }
        match function {
            ArrayFn::Dot => self.dot(exs[0], exs[1], ast).map_or(Value::Error, Value::Ex),
            ArrayFn::Outer => self.outer(exs[0], exs[1]),
            ArrayFn::Cross => self.cross(exs[0], exs[1], ast),
            ArrayFn::Len => Value::Ex(self.graph.size(exs[0], 0)),
            ArrayFn::Transpose => self.transpose(args.into_iter().next().unwrap_or(Value::Error), ast),
            ArrayFn::Trace => self.trace(exs[0], ast),
            ArrayFn::Diag => self.diag(exs[0], ast),
            ArrayFn::Norm => {
                let array = self.reals(exs[0]);
                Value::Ex(self.graph.norm(array))
            }
            ArrayFn::Cumsum => Value::Ex(self.cumsum(exs[0])),
            ArrayFn::Softmax => Value::Ex(self.softmax(exs[0])),
            ArrayFn::LogSumExp => Value::Ex(self.logsumexp(exs[0])),
            ArrayFn::ArgMax => Value::Ex(self.argmax(exs[0])),
            ArrayFn::Size | ArrayFn::Eye | ArrayFn::Zeros | ArrayFn::Ones => Value::Error,
        }
    }

    /// `size(A, k)`
    fn size_function(&mut self, args: &[Value], ast: Ast) -> Value {
        if !self.check_count("size", args.len(), 2, ast) {
            return Value::Error;
        }
        let of = self.argument(ast, 1);
        let (Some(array), Some(axis)) =
            (self.number_or_array(&args[0], self.argument(ast, 0)), self.integer(&args[1], of))
        else {
            return Value::Error;
        };
        let rank = self.graph.ty(array).rank as i64;
        match self.graph.as_int(axis) {
            Some(axis) if 1 <= axis && axis <= rank => Value::Ex(self.graph.size(array, axis as usize - 1)),
            Some(axis) => {
                let error = Diagnostic::new(Code::NoAxis, self.span(of), format!("there is no axis {axis}"));
                self.error(error.help(format!("this has {rank}; they count from 1")))
            }
            None => {
                let error = Diagnostic::new(Code::BuiltinForm, self.span(of), "the axis is a literal");
                self.error(error.help("write `size(A, 1)`"))
            }
        }
    }

    /// `zeros(n, m)`, `ones(n)`, `eye(n)`.
    fn constant_array(&mut self, function: ArrayFn, name: &str, args: &[Value], ast: Ast) -> Value {
        let square = function == ArrayFn::Eye;
        if square && !self.check_count(name, args.len(), 1, ast) {
            return Value::Error;
        }
        if args.is_empty() || args.len() > 4 {
            let error = Diagnostic::new(
                Code::TooManyAxes,
                self.span(ast),
                format!("`{name}` takes the lengths of one to four axes"),
            );
            return self.error(error);
        }
        let mut lens = Vec::new();
        for (k, arg) in args.iter().enumerate() {
            let of = self.argument(ast, k);
            let Some(len) = self.integer(arg, of) else { return Value::Error };
            lens.push(self.graph.count(len));
        }
        if square {
            lens.push(lens[0]);
        }
        let over: Vec<_> =
            lens.iter().zip(["i", "j", "k", "l"]).map(|(&len, name)| self.binder(name, len)).collect();
        let (zero, one) = (self.graph.real(0.0), self.graph.real(1.0));
        let body = match function {
            ArrayFn::Eye => {
                let (i, j) = (self.graph.variable(over[0]), self.graph.variable(over[1]));
                let same = self.graph.eq(i, j);
                self.graph.select(same, one, zero)
            }
            ArrayFn::Ones => one,
            _zeros => zero,
        };
        Value::Ex(self.graph.build(&over, body))
    }

    fn trace(&mut self, matrix: Ex, ast: Ast) -> Value {
        let (m, n) = (self.graph.size(matrix, 0), self.graph.size(matrix, 1));
        let Some(len) = self.same_length(m, n, ast) else { return Value::Error };
        let i = self.binder("i", len);
        let term = self.element(matrix, &[i, i]);
        Value::Ex(self.sum(&[i], term))
    }

    /// The diagonal of a matrix, or the matrix with a diagonal.
    fn diag(&mut self, array: Ex, ast: Ast) -> Value {
        if self.graph.ty(array).rank == 2 {
            let (m, n) = (self.graph.size(array, 0), self.graph.size(array, 1));
            let Some(len) = self.same_length(m, n, ast) else { return Value::Error };
            let i = self.binder("i", len);
            let element = self.element(array, &[i, i]);
            return Value::Ex(self.graph.build(&[i], element));
        }
        let array = self.reals(array);
        let len = self.graph.size(array, 0);
        let over = [self.binder("i", len), self.binder("j", len)];
        let (i, j) = (self.graph.variable(over[0]), self.graph.variable(over[1]));
        let (same, zero) = (self.graph.eq(i, j), self.graph.real(0.0));
        let element = self.element(array, &over[..1]);
        let body = self.graph.select(same, element, zero);
        Value::Ex(self.graph.build(&over, body))
    }

    /// A value without derivative.
    fn without_derivative(&mut self, ex: Ex) -> Ex {
        match primitive::find("stop") {
            Some(stop) => self.graph.prim(stop, &[ex]),
            None => ex,
        }
    }

    fn cumsum(&mut self, array: Ex) -> Ex {
        let len = self.graph.size(array, 0);
        let i = self.binder("i", len);
        let zero =
            if self.graph.ty(array).elem == Elem::Int { self.graph.int(0) } else { self.graph.real(0.0) };
        let state = self.graph.state("total", i, zero);
        let (so_far, element) = (self.graph.variable(state), self.element(array, &[i]));
        let next = self.graph.add(so_far, element);
        let whole = self.graph.sequential(crate::core::LoopParts {
            len: Some(len),
            cond: None,
            index: i,
            states: vec![state],
            inits: vec![zero],
            nexts: vec![next],
            traces: vec![true],
        });
        let trace = self.graph.part(whole, 1);
        let j = self.binder("i", len);
        let (at, one) = (self.graph.variable(j), self.graph.int(1));
        let at = self.graph.add(at, one);
        let element = self.graph.index(trace, &[at]);
        self.graph.build(&[j], element)
    }

    /// The largest element, as a constant for the derivative; 0 where that is infinite.
    fn shift(&mut self, array: Ex) -> Ex {
        let over = self.binders(array);
        let element = self.element(array, &over);
        let (low, high) = (self.graph.real(f64::NEG_INFINITY), self.graph.real(f64::INFINITY));
        let largest = self.graph.accum(AccumOp::Max, low, &over, &[], element);
        let largest = self.without_derivative(largest);
        let (above, below) = (self.graph.lt(low, largest), self.graph.lt(largest, high));
        let finite = self.graph.and(above, below);
        let zero = self.graph.real(0.0);
        self.graph.select(finite, largest, zero)
    }

    /// `exp(v[i] - shift)` over a new index variable.
    fn shifted_exp(&mut self, array: Ex, shift: Ex) -> (crate::core::VarId, Ex) {
        let len = self.graph.size(array, 0);
        let i = self.binder("i", len);
        let element = self.element(array, &[i]);
        let difference = self.graph.sub(element, shift);
        (i, self.graph.prim(Prim::EXP, &[difference]))
    }

    fn softmax(&mut self, array: Ex) -> Ex {
        let array = self.reals(array);
        let shift = self.shift(array);
        let (i, term) = self.shifted_exp(array, shift);
        let sum = self.sum(&[i], term);
        let (j, term) = self.shifted_exp(array, shift);
        let share = self.graph.div(term, sum);
        self.graph.build(&[j], share)
    }

    fn logsumexp(&mut self, array: Ex) -> Ex {
        let array = self.reals(array);
        let shift = self.shift(array);
        let (i, term) = self.shifted_exp(array, shift);
        let sum = self.sum(&[i], term);
        let log = self.graph.prim(Prim::LOG, &[sum]);
        self.graph.add(shift, log)
    }

    /// The first index of the largest element.
    fn argmax(&mut self, array: Ex) -> Ex {
        let array = self.reals(array);
        let over = self.binders(array);
        let element = self.element(array, &over);
        let low = self.graph.real(f64::NEG_INFINITY);
        let largest = self.graph.accum(AccumOp::Max, low, &over, &[], element);
        let len = self.graph.size(array, 0);
        let i = self.binder("i", len);
        let (element, at) = (self.element(array, &[i]), self.graph.variable(i));
        // What is not a number is larger than all, as it is for the maximum.
        let (equal, number) = (self.graph.eq(element, largest), self.graph.eq(element, element));
        let nan = self.graph.not(number);
        let hit = self.graph.or(equal, nan);
        let value = self.graph.select(hit, at, len);
        let first = self.graph.accum(AccumOp::Min, len, &[i], &[], value);
        let one = self.graph.int(1);
        self.graph.add(first, one)
    }
}
