//! Turns `src/primitive/table.yaml` into the static Rust table that `src/primitive/mod.rs` includes, and
//! cuts `src/primitive/support/*.rs` into the single functions that emitted programs carry; and
//! `src/syntax/code/table.yaml` into the kinds of messages. Nothing of this is parsed when zgrad runs.

#[path = "src/syntax/code/generate.rs"]
mod codes;
#[path = "src/primitive/build/others.rs"]
mod others;
#[path = "src/primitive/build/support.rs"]
mod support;
#[path = "src/primitive/build/table.rs"]
mod table;
#[path = "src/primitive/build/translate.rs"]
mod translate;

use std::path::Path;
use std::{env, fs};

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/primitive/build");
    println!("cargo::rerun-if-changed=src/primitive/table.yaml");
    println!("cargo::rerun-if-changed=src/primitive/support");
    println!("cargo::rerun-if-changed=src/syntax/code");
    if let Err(problem) = generate() {
        println!("cargo::error={problem}");
    }
}

/// Writes `primitive_table.rs`, `primitive_support.rs` and `codes.rs` into cargo's output directory.
fn generate() -> Result<(), String> {
    let out = env::var("OUT_DIR").map_err(|e| e.to_string())?;
    let yaml = read(Path::new("src/primitive/table.yaml"))?;
    let codes = read(Path::new("src/syntax/code/table.yaml"))?;
    let codes = codes::to_rust(&codes).map_err(|e| format!("src/syntax/code/table.yaml: {e}"))?;
    write(&Path::new(&out).join("codes.rs"), &codes)?;
    let rows = table::parse(&yaml).map_err(|e| format!("src/primitive/table.yaml: {e}"))?;
    write(&Path::new(&out).join("primitive_table.rs"), &table::to_rust(&rows))?;
    write(&Path::new(&out).join("primitive_kernels.rs"), &table::kernels_to_rust(&rows))?;
    let items = support::read_items(Path::new("src/primitive/support"))?;
    let roots: Vec<&str> = rows
        .iter()
        .flat_map(|row| row.rust.support().into_iter().chain(row.rust_int.as_ref().and_then(|r| r.support())))
        .collect();
    let mut text = support::to_rust(&items, &roots)?;
    text.push_str(&others::to_rust(Path::new("src/primitive/support"), &rows)?);
    write(&Path::new(&out).join("primitive_support.rs"), &text)
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    fs::write(path, text).map_err(|e| format!("{}: {e}", path.display()))
}
