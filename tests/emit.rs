//! Emitted programs: what they look like, that compilers, formatters and linters accept them, and what they
//! compute.

#[path = "emit/build.rs"]
mod build;
#[path = "emit/checks.rs"]
mod checks;
#[path = "emit/edges.rs"]
mod edges;
#[path = "emit/files.rs"]
mod files;
#[path = "emit/interpret.rs"]
mod interpret;
#[path = "emit/languages.rs"]
mod languages;
#[path = "emit/long.rs"]
mod long;
#[path = "emit/programs.rs"]
mod programs;
#[path = "emit/random.rs"]
mod random;
#[path = "emit/rows.rs"]
mod rows;
#[path = "emit/sparse.rs"]
mod sparse;
#[path = "emit/tools.rs"]
mod tools;
