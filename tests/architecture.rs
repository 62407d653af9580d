//! Dependencies between the folders of src/ go one way, and each folder uses only what it is
//! stated to use in the crate's documentation.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Each folder with those that it may use; only folders above it.
const LAYERS: &[(&str, &[&str])] = &[
    ("syntax", &[]),
    ("primitive", &[]),
    ("core", &["primitive"]),
    ("diff", &["core", "primitive"]),
    ("sparse", &["core", "primitive"]),
    ("simplify", &["core", "primitive"]),
    ("check", &["syntax", "core", "diff", "simplify", "primitive"]),
    ("block", &["core", "primitive"]),
    ("eval", &["block", "core", "primitive"]),
    ("print", &["syntax", "core", "primitive"]),
    ("emit", &["block", "core", "primitive"]),
    ("explain", &["syntax", "primitive", "core", "diff", "eval", "print"]),
    ("picture", &["syntax", "primitive", "core", "print"]),
    (
        "session",
        &[
            "syntax",
            "primitive",
            "core",
            "diff",
            "sparse",
            "simplify",
            "check",
            "block",
            "eval",
            "print",
            "emit",
            "explain",
            "picture",
        ],
    ),
    ("build", &["syntax", "simplify", "session"]),
    ("lsp", &["syntax", "session"]),
    (
        "cli",
        &[
            "syntax",
            "primitive",
            "simplify",
            "check",
            "eval",
            "print",
            "explain",
            "picture",
            "session",
            "lsp",
        ],
    ),
];

fn sources(path: &Path, out: &mut Vec<PathBuf>) {
    if path.is_dir() {
        fs::read_dir(path).unwrap().for_each(|entry| sources(&entry.unwrap().path(), out));
    } else if path.extension().is_some_and(|e| e == "rs") {
        out.push(path.to_path_buf());
    }
}

/// The modules that a source names as `crate::module`, alone or in braces.
fn named(source: &str) -> BTreeSet<String> {
    let code = source.lines().filter(|line| !line.trim_start().starts_with("//"));
    let code: String = code.collect::<Vec<_>>().join("\n");
    let mut found = BTreeSet::new();
    for rest in code.split("crate::").skip(1) {
        let word = |text: &str| -> String {
            text.trim_start().chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect()
        };
        match rest.strip_prefix('{') {
            // Only the heads of the list: what stands after a comma outside inner braces.
            Some(list) => {
                let mut depth = 0;
                let mut start = true;
                for (at, c) in list.char_indices() {
                    match c {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => start = true,
                        c if start && !c.is_whitespace() => {
                            found.insert(word(&list[at..]));
                            start = false;
                        }
                        _ => {}
                    }
                }
            }
            None => {
                found.insert(word(rest));
            }
        }
    }
    found
}

/// Each folder with the others that it uses, and the file that shows it.
fn uses() -> BTreeMap<String, BTreeMap<String, PathBuf>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    let mut uses: BTreeMap<String, BTreeMap<String, PathBuf>> = BTreeMap::new();
    for file in files {
        let inside = file.strip_prefix(&root).unwrap().to_path_buf();
        let first = inside.iter().next().unwrap().to_str().unwrap();
        let module = first.trim_end_matches(".rs").to_string();
        if module == "lib" || module == "main" {
            continue;
        }
        let entry = uses.entry(module.clone()).or_default();
        for used in named(&fs::read_to_string(&file).unwrap()) {
            if used != module && root.join(&used).is_dir() {
                entry.entry(used).or_insert(inside.clone());
            }
        }
    }
    uses
}

#[test]
fn dependencies_go_one_way() {
    let mut wrong = Vec::new();
    for (module, used) in uses() {
        let Some((_, may)) = LAYERS.iter().find(|(name, _)| *name == module) else {
            wrong.push(format!("src/{module} has no place in the order of tests/architecture.rs"));
            continue;
        };
        for (name, file) in used {
            if !may.contains(&name.as_str()) {
                wrong.push(format!("src/{} uses {name}: {module} may use only {may:?}", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_stated_order_has_no_circle() {
    for (at, (module, may)) in LAYERS.iter().enumerate() {
        for used in *may {
            let above = LAYERS[..at].iter().any(|(name, _)| name == used);
            assert!(above, "{module} may use {used}, which does not stand above it");
        }
    }
}

#[test]
fn what_is_stated_is_used() {
    let uses = uses();
    for (module, may) in LAYERS {
        for used in *may {
            let is = uses.get(*module).is_some_and(|u| u.contains_key(*used));
            assert!(is, "{module} no longer uses {used}: take it out of the order");
        }
    }
}

/// Only the input and output of `session` touch files, and only `cli` the process.
#[test]
fn only_session_touches_files() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    for file in files {
        let inside = file.strip_prefix(&root).unwrap();
        let first = inside.iter().next().unwrap().to_str().unwrap();
        let text = fs::read_to_string(&file).unwrap();
        // The build script reads the table and the grammar at build time.
        let build = inside.iter().skip(1).any(|part| part == "build");
        if first != "session" && !build {
            assert!(
                !text.contains("std::fs") && !text.contains("fs::"),
                "src/{} touches files",
                inside.display()
            );
        }
    }
}
