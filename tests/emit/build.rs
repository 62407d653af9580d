//! Procedures made by hand.

use zgrad::block::{Fill, Local, LocalInfo, Op, Procedure, Stmt};
use zgrad::core::{Elem, FnId, Type};
use zgrad::emit::{Header, Interface, Length, ParamFace, ResultFace};
use zgrad::primitive::Prim;

/// A procedure in the making.
pub struct Build {
    locals: Vec<LocalInfo>,
    params: Vec<Local>,
    blocks: Vec<Vec<Stmt>>,
}

impl Build {
    pub fn new() -> Build {
        Build { locals: Vec::new(), params: Vec::new(), blocks: vec![Vec::new()] }
    }

    pub fn local(&mut self, name: &str, ty: Type) -> Local {
        let name = if name.is_empty() { format!("t{}", self.locals.len()) } else { name.to_string() };
        self.locals.push(LocalInfo {
            name,
            wish: String::new(),
            bound: false,
            ty,
            mutable: false,
            origin: 0,
        });
        Local(self.locals.len() as u32 - 1)
    }

    pub fn param(&mut self, name: &str, ty: Type) -> Local {
        let local = self.local(name, ty);
        self.params.push(local);
        local
    }

    pub fn push(&mut self, stmt: Stmt) {
        self.blocks.last_mut().unwrap().push(stmt);
    }

    pub fn set(&mut self, dst: Local, op: Op) {
        self.push(Stmt::Let { dst, op });
    }

    pub fn named(&mut self, name: &str, ty: Type, op: Op) -> Local {
        let dst = self.local(name, ty);
        self.set(dst, op);
        dst
    }

    pub fn real(&mut self, v: f64) -> Local {
        self.named("", Type::REAL, Op::Real(v))
    }

    pub fn int(&mut self, v: i64) -> Local {
        self.named("", Type::INT, Op::Int(v))
    }

    /// A primitive of reals.
    pub fn prim(&mut self, p: Prim, args: &[Local]) -> Local {
        let ints = args.iter().all(|a| self.locals[a.0 as usize].ty == Type::INT);
        let ty = match p.row().kind {
            zgrad::primitive::Kind::Compare | zgrad::primitive::Kind::Logic => Type::BOOL,
            zgrad::primitive::Kind::ToInt => Type::INT,
            zgrad::primitive::Kind::Arith if ints => Type::INT,
            _ => Type::REAL,
        };
        self.named("", ty, Op::Prim(p, args.to_vec()))
    }

    pub fn load(&mut self, array: Local, at: &[Local]) -> Local {
        let ty = Type { rank: 0, ..self.locals[array.0 as usize].ty };
        self.named("", ty, Op::Load { array, at: at.to_vec() })
    }

    pub fn size(&mut self, array: Local, axis: usize) -> Local {
        self.named("n", Type::INT, Op::Size { array, axis })
    }

    pub fn alloc(&mut self, name: &str, dims: &[Local]) -> Local {
        let dst = self.local(name, Type::array(Elem::Real, dims.len()));
        self.push(Stmt::Alloc { dst, dims: dims.to_vec(), fill: Fill::Zero(Elem::Real) });
        dst
    }

    pub fn add_to(&mut self, array: Local, at: &[Local], value: Local) {
        self.push(Stmt::AddTo { array, at: at.to_vec(), value });
    }

    /// Begins an inner block of statements, that `close` gives.
    pub fn open(&mut self) {
        self.blocks.push(Vec::new());
    }

    pub fn close(&mut self) -> Vec<Stmt> {
        self.blocks.pop().unwrap()
    }

    pub fn block(&mut self, fill: impl FnOnce(&mut Build)) -> Vec<Stmt> {
        self.open();
        fill(self);
        self.close()
    }

    pub fn repeat(&mut self, name: &str, len: Local, fill: impl FnOnce(&mut Build, Local)) {
        let index = self.local(name, Type::INT);
        let body = self.block(|b| fill(b, index));
        self.push(Stmt::For { index, len, body });
    }

    pub fn choose(&mut self, cond: Local, then: impl FnOnce(&mut Build), els: impl FnOnce(&mut Build)) {
        let then = self.block(then);
        let els = self.block(els);
        self.push(Stmt::If { cond, then, els });
    }

    pub fn finish(mut self, id: u32, name: &str, results: &[Local]) -> Procedure {
        Procedure {
            id: FnId(id),
            name: name.to_string(),
            params: self.params,
            results: results.to_vec(),
            locals: self.locals,
            body: self.blocks.pop().unwrap(),
        }
    }
}

/// A public face with names from the procedure and shapes given as size names.
pub fn face(p: &Procedure, shapes: &[&[&str]], results: &[(&str, &[&str])]) -> Interface {
    let shape = |names: &&[&str]| -> Vec<Option<Length>> { names.iter().map(|n| length(n)).collect() };
    Interface {
        id: p.id,
        name: p.name.clone(),
        public: true,
        doc: Vec::new(),
        formula: Vec::new(),
        params: p
            .params
            .iter()
            .zip(shapes)
            .map(|(l, s)| ParamFace { name: p.locals[l.0 as usize].name.clone(), shape: shape(s) })
            .collect(),
        results: results
            .iter()
            .map(|(name, s)| ResultFace { name: name.to_string(), shape: shape(s) })
            .collect(),
    }
}

/// `n`, `3`, `n+1`, `n-1`; `?` is any length.
fn length(text: &str) -> Option<Length> {
    if text == "?" {
        return None;
    }
    if let Ok(n) = text.parse() {
        return Some(Length::number(n));
    }
    match text.find(['+', '-']) {
        Some(at) => Some(Length::name(&text[..at]).plus(text[at..].trim_start_matches('+').parse().unwrap())),
        None => Some(Length::name(text)),
    }
}

pub fn header() -> Header {
    Header {
        program: "zgrad 0.1.0".to_string(),
        source: "f.math".to_string(),
        advice: "change f.math and run zgrad again.".to_string(),
    }
}
