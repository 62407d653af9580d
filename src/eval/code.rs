//! The register programs that procedures become.
//!
//! Scalars live in two banks of registers, one of reals and one of integers (conditions are 0 and
//! 1); each bank has arrays too. A register's number is relative to the frame of the call.

/// Number of a register, an array, a target or a table entry.
pub(super) type Reg = u32;

/// The element type of an array instruction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bank {
    Real,
    Int,
}

/// An instruction on reals.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum RealOp {
    Const {
        dst: Reg,
        of: u32,
    },
    Copy {
        dst: Reg,
        a: Reg,
    },
    Add {
        dst: Reg,
        a: Reg,
        b: Reg,
    },
    Sub {
        dst: Reg,
        a: Reg,
        b: Reg,
    },
    Mul {
        dst: Reg,
        a: Reg,
        b: Reg,
    },
    Div {
        dst: Reg,
        a: Reg,
        b: Reg,
    },
    Neg {
        dst: Reg,
        a: Reg,
    },
    /// A kernel of the machine's table.
    Unary {
        f: u16,
        dst: Reg,
        a: Reg,
    },
    Binary {
        f: u16,
        dst: Reg,
        a: Reg,
        b: Reg,
    },
    Ternary {
        f: u16,
        dst: Reg,
        args: u32,
    },
    FromInt {
        dst: Reg,
        a: Reg,
    },
}

/// An instruction on integers and conditions.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum IntOp {
    Const { dst: Reg, of: u32 },
    Copy { dst: Reg, a: Reg },
    Add { dst: Reg, a: Reg, b: Reg },
    Sub { dst: Reg, a: Reg, b: Reg },
    Mul { dst: Reg, a: Reg, b: Reg },
    Unary { f: u16, dst: Reg, a: Reg },
    Binary { f: u16, dst: Reg, a: Reg, b: Reg },
    CompareReal { op: Order, dst: Reg, a: Reg, b: Reg },
    Compare { op: Order, dst: Reg, a: Reg, b: Reg },
    And { dst: Reg, a: Reg, b: Reg },
    Or { dst: Reg, a: Reg, b: Reg },
    Not { dst: Reg, a: Reg },
    FromReal { dst: Reg, a: Reg },
    Size { bank: Bank, dst: Reg, array: Reg, axis: u8 },
}

/// A comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    Lt,
    Le,
    Gt,
    Ge,
    Eq,
    Ne,
}

impl Order {
    #[inline(always)]
    pub fn holds<T: PartialOrd>(self, a: T, b: T) -> bool {
        match self {
            Order::Lt => a < b,
            Order::Le => a <= b,
            Order::Gt => a > b,
            Order::Ge => a >= b,
            Order::Eq => a == b,
            Order::Ne => a != b,
        }
    }
}

/// An instruction on arrays.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum ArrayOp {
    Load1 {
        bank: Bank,
        dst: Reg,
        array: Reg,
        i: Reg,
    },
    Load2 {
        bank: Bank,
        dst: Reg,
        array: Reg,
        at: [Reg; 2],
    },
    Load {
        bank: Bank,
        dst: Reg,
        array: Reg,
        at: u32,
    },
    Store1 {
        bank: Bank,
        array: Reg,
        i: Reg,
        value: Reg,
    },
    Store {
        bank: Bank,
        array: Reg,
        at: u32,
        value: Reg,
    },
    AddTo1 {
        bank: Bank,
        array: Reg,
        i: Reg,
        value: Reg,
    },
    AddTo {
        bank: Bank,
        array: Reg,
        at: u32,
        value: Reg,
    },
    /// Lengths in the list `dims`; filled with a register, or with zeros.
    Alloc {
        bank: Bank,
        dst: Reg,
        dims: u32,
        fill: Option<Reg>,
    },
    /// Elements in the list `elems`, lengths in the list `dims` themselves.
    Array {
        bank: Bank,
        dst: Reg,
        elems: u32,
        dims: u32,
    },
    Move {
        bank: Bank,
        dst: Reg,
        src: Reg,
    },
    Clone {
        bank: Bank,
        dst: Reg,
        src: Reg,
    },
    StoreRow {
        bank: Bank,
        array: Reg,
        index: Reg,
        row: Reg,
    },
    PushRow {
        bank: Bank,
        array: Reg,
        row: Reg,
    },
    Push {
        bank: Bank,
        array: Reg,
        value: Reg,
    },
}

impl ArrayOp {
    /// The register of reals that an element is loaded into.
    pub(super) fn loads_real(self) -> Option<Reg> {
        match self {
            ArrayOp::Load1 { bank: Bank::Real, dst, .. }
            | ArrayOp::Load2 { bank: Bank::Real, dst, .. }
            | ArrayOp::Load { bank: Bank::Real, dst, .. } => Some(dst),
            ArrayOp::Load1 { .. }
            | ArrayOp::Load2 { .. }
            | ArrayOp::Load { .. }
            | ArrayOp::Store1 { .. }
            | ArrayOp::Store { .. }
            | ArrayOp::AddTo1 { .. }
            | ArrayOp::AddTo { .. }
            | ArrayOp::Alloc { .. }
            | ArrayOp::Array { .. }
            | ArrayOp::Move { .. }
            | ArrayOp::Clone { .. }
            | ArrayOp::StoreRow { .. }
            | ArrayOp::PushRow { .. }
            | ArrayOp::Push { .. } => None,
        }
    }
}

/// An instruction that may go elsewhere.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Flow {
    Jump {
        to: u32,
    },
    Unless {
        cond: Reg,
        to: u32,
    },
    /// Starts a counted loop, or goes past it.
    For {
        index: Reg,
        len: Reg,
        end: u32,
    },
    /// The next step of a counted loop.
    Next {
        index: Reg,
        len: Reg,
        body: u32,
    },
    /// The next step of a loop with a condition.
    Again {
        index: Reg,
        head: u32,
    },
    Call {
        site: u32,
    },
    Return,
    Require {
        cond: Reg,
        site: u32,
    },
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Ins {
    Real(RealOp),
    Int(IntOp),
    Array(ArrayOp),
    Flow(Flow),
}

const _: () = assert!(size_of::<Ins>() <= 24);

/// A register of either bank, or an array.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub bank: Bank,
    pub array: bool,
    pub reg: Reg,
}

/// A call: the procedure, what goes in and where the results go.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct CallSite {
    pub callee: usize,
    pub args: Vec<Place>,
    pub dst: Vec<Place>,
}

/// A condition that must hold, and the comparisons that it is made of, if it is.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Demand {
    pub message: String,
    pub compared: Vec<Comparison>,
}

/// A comparison of two registers of one bank.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Comparison {
    pub op: Order,
    pub bank: Bank,
    pub a: Reg,
    pub b: Reg,
}

/// How many registers of each kind a frame has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub reals: u32,
    pub ints: u32,
    pub real_arrays: u32,
    pub int_arrays: u32,
}

/// A compiled procedure.
#[derive(Debug, Default)]
pub(super) struct Code {
    pub name: String,
    pub ins: Vec<Ins>,
    /// The mark of the place in the file of each instruction.
    pub origins: Vec<u32>,
    pub counts: Counts,
    pub params: Vec<Place>,
    pub results: Vec<Place>,
    pub reals: Vec<f64>,
    pub ints: Vec<i64>,
    pub lists: Vec<Vec<u32>>,
    pub calls: Vec<CallSite>,
    pub demands: Vec<Demand>,
    /// The author's names of arrays, by bank.
    pub names: [Vec<Option<String>>; 2],
}
