//! What a caller may ask of a module beside its functions.

/// How the module is to be, and what it has beside its functions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Options {
    /// Beside each function that may refuse its arguments, one that returns an error instead.
    pub tries: bool,
    /// For crates without the standard library.
    pub no_std: bool,
    /// A module of tests.
    pub tests: bool,
    /// A test that prints how long the functions take.
    pub bench: bool,
}
