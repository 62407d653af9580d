//! The f64 kernels. What emitted programs carry stands in `support/*.rs`, one name space of private
//! functions that use the standard library alone; it is included here, so that there is one source of
//! every formula. What remains are the operators.

use super::{Kernel, discrete};

include!("support/airy.rs");
include!("support/basic.rs");
include!("support/bessel.rs");
include!("support/bessel_pairs.rs");
include!("support/bessel_scaled.rs");
include!("support/bessel_tables.rs");
include!("support/bessel_uniform.rs");
include!("support/dawson_tables.rs");
include!("support/differences.rs");
include!("support/elliptic.rs");
include!("support/erf.rs");
include!("support/erf_inverse.rs");
include!("support/error_derivatives.rs");
include!("support/exponential.rs");
include!("support/exponential_integral.rs");
include!("support/exponential_tables.rs");
include!("support/fine_pairs.rs");
include!("support/beta.rs");
include!("support/gamma.rs");
include!("support/digamma.rs");
include!("support/gamma_incomplete.rs");
include!("support/gamma_tables.rs");
include!("support/hyperbolic.rs");
include!("support/network.rs");
include!("support/network_tables.rs");
include!("support/pairs.rs");
include!("support/trigonometric.rs");
include!(concat!(env!("OUT_DIR"), "/primitive_kernels.rs"));

fn add(x: f64, y: f64) -> f64 {
    x + y
}

fn sub(x: f64, y: f64) -> f64 {
    x - y
}

fn mul(x: f64, y: f64) -> f64 {
    x * y
}

fn div(x: f64, y: f64) -> f64 {
    x / y
}

fn neg(x: f64) -> f64 {
    -x
}

fn stop(x: f64) -> f64 {
    x
}

/// The value; who explains the program tells what reaches it.
fn show(x: f64) -> f64 {
    x
}

fn rem(x: f64, y: f64) -> f64 {
    x % y
}

fn inv(x: f64) -> f64 {
    1.0 / x
}

fn ldiv(x: f64, y: f64) -> f64 {
    y / x
}

/// `mod` of integers, for `discrete`.
pub(super) fn modulo_of_ints(x: i64, y: i64) -> i64 {
    modulo_int(x, y)
}
