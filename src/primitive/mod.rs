//! stub
#[derive(Copy, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Prim(pub u16);
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Kind {
    RealToReal,
    Arith,
    Compare,
    Logic,
    ToReal,
    ToInt,
}
pub struct Row {
    pub name: &'static str,
    pub args: &'static [&'static str],
    pub kind: Kind,
    pub partials: &'static [Option<&'static str>],
}
macro_rules! rows { ($($c:ident $name:literal [$($a:literal),*] $kind:ident [$($p:expr),*];)*) => {
  #[allow(non_camel_case_types)] enum N { $($c),* }
  impl Prim { $(pub const $c: Prim = Prim(N::$c as u16);)* pub fn row(self) -> &'static Row { &ROWS[self.0 as usize] } pub fn name(self) -> &'static str { self.row().name } }
  pub static ROWS: &[Row] = &[$(Row { name: $name, args: &[$($a),*], kind: Kind::$kind, partials: &[$($p),*] }),*];
}}
rows! {
 ADD "add" ["x","y"] Arith [Some("1"),Some("1")]; SUB "sub" ["x","y"] Arith [Some("1"),Some("-1")];
 MUL "mul" ["x","y"] Arith [Some("y"),Some("x")]; DIV "div" ["x","y"] RealToReal [Some("1/y"),Some("-out/y")];
 NEG "neg" ["x"] Arith [Some("-1")]; POW "pow" ["x","y"] RealToReal [Some("y*x^(y-1)"),Some("out*log(x)")];
 LT "lt" ["x","y"] Compare []; LE "le" ["x","y"] Compare []; GT "gt" ["x","y"] Compare []; GE "ge" ["x","y"] Compare []; EQ "eq" ["x","y"] Compare []; NE "ne" ["x","y"] Compare [];
 AND "and" ["x","y"] Logic []; OR "or" ["x","y"] Logic []; NOT "not" ["x"] Logic [];
 TO_REAL "to_real" ["x"] ToReal []; TO_INT "to_int" ["x"] ToInt [];
 MAX "max" ["x","y"] Arith [None, None]; MIN "min" ["x","y"] Arith [None, None];
 SIN "sin" ["x"] RealToReal [Some("cos(x)")]; COS "cos" ["x"] RealToReal [Some("-sin(x)")]; EXP "exp" ["x"] RealToReal [Some("out")];
}
pub fn eval_real(p: Prim, a: &[f64]) -> f64 {
    match p {
        Prim::ADD => a[0] + a[1],
        Prim::SUB => a[0] - a[1],
        Prim::MUL => a[0] * a[1],
        Prim::DIV => a[0] / a[1],
        Prim::NEG => -a[0],
        Prim::POW => a[0].powf(a[1]),
        Prim::SIN => a[0].sin(),
        Prim::COS => a[0].cos(),
        Prim::EXP => a[0].exp(),
        _ => f64::NAN,
    }
}
pub fn compare_real(p: Prim, a: f64, b: f64) -> bool {
    match p {
        Prim::LT => a < b,
        Prim::LE => a <= b,
        Prim::GT => a > b,
        Prim::GE => a >= b,
        Prim::EQ => a == b,
        _ => a != b,
    }
}
pub fn compare_int(p: Prim, a: i64, b: i64) -> bool {
    match p {
        Prim::LT => a < b,
        Prim::LE => a <= b,
        Prim::GT => a > b,
        Prim::GE => a >= b,
        Prim::EQ => a == b,
        _ => a != b,
    }
}
