//! Cuts the files of `src/primitive/support/` into their top-level items (functions and constants, each
//! with its comments) and finds which item uses which. Part of the build script.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::Path;

/// A function or constant of the support files.
pub struct Item {
    name: String,
    text: String,
    /// The indices of the items it names.
    uses: Vec<usize>,
}

/// All items, in the order of the files' names and of their places there.
pub fn read_items(folder: &Path) -> Result<Vec<Item>, String> {
    let problem = |e: std::io::Error| format!("{}: {e}", folder.display());
    let entries = fs::read_dir(folder).map_err(problem)?.collect::<Result<Vec<_>, _>>().map_err(problem)?;
    let mut paths: Vec<_> = entries.iter().map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|e| e == "rs"));
    paths.sort();
    let mut items = Vec::new();
    for path in paths {
        cut(&fs::read_to_string(&path).map_err(problem)?, &mut items);
    }
    let names: BTreeMap<String, usize> =
        items.iter().enumerate().map(|(at, i)| (i.name.clone(), at)).collect();
    if names.len() < items.len() {
        return Err("two support functions have one name".into());
    }
    for (at, item) in items.iter_mut().enumerate() {
        let used = used_names(&item.text).filter_map(|word| names.get(word).copied()).filter(|&i| i != at);
        item.uses = used.collect::<BTreeSet<_>>().into_iter().collect();
    }
    Ok(items)
}

/// The items of one file: paragraphs that end at the margin. One without `fn` or `const` is the comment
/// that opens the file.
fn cut(file: &str, items: &mut Vec<Item>) {
    let mut text = String::new();
    for line in file.lines().chain([""]) {
        let last = text.lines().last().unwrap_or_default();
        let ended = last == "}" || last.starts_with("//") || (!last.starts_with(' ') && last.ends_with(';'));
        if line.is_empty() && ended {
            if let Some(name) = item_name(&text) {
                items.push(Item { name: name.to_owned(), text: text.clone(), uses: Vec::new() });
            }
            text.clear();
        } else {
            text.push_str(line);
            text.push('\n');
        }
    }
}

fn item_name(text: &str) -> Option<&str> {
    let head = text.lines().find(|line| line.starts_with("fn ") || line.starts_with("const "))?;
    words(head).nth(1)
}

/// The names that a text calls or reads as constants: identifiers outside comments, before a bracket or in
/// capitals, that are no methods.
fn used_names(text: &str) -> impl Iterator<Item = &str> {
    let code = text.lines().map(|line| line.split("//").next().unwrap_or(line));
    code.flat_map(|line| {
        words(line).filter(move |word| {
            let start = word.as_ptr() as usize - line.as_ptr() as usize;
            let called = line[start + word.len()..].starts_with('(');
            let constant = word.contains(|c: char| c.is_ascii_uppercase());
            !line[..start].ends_with('.') && (called || constant)
        })
    })
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(|word| !word.is_empty())
}

/// The generated module text: `SUPPORT`, each row's support function with all that it needs, sorted by name.
pub fn to_rust(items: &[Item], roots: &[&str]) -> Result<String, String> {
    let mut out = String::from("static SUPPORT: &[(&str, &[&str])] = &[\n");
    let mut roots: Vec<&str> = roots.to_vec();
    roots.sort_unstable();
    roots.dedup();
    for root in roots {
        let at = items.iter().position(|item| item.name == root);
        let at = at.ok_or_else(|| format!("table.yaml: there is no support function {root}"))?;
        let needed: Vec<String> = closure(items, at).into_iter().map(|i| format!("ITEM_{i}")).collect();
        writeln!(out, "    ({root:?}, &[{}]),", needed.join(", ")).unwrap();
    }
    out.push_str("];\n");
    for (at, item) in items.iter().enumerate() {
        writeln!(out, "const ITEM_{at}: &str = {:?};", item.text).unwrap();
    }
    Ok(out)
}

/// An item and all that it needs, in the order of the files.
fn closure(items: &[Item], root: usize) -> BTreeSet<usize> {
    let mut found = BTreeSet::from([root]);
    let mut open = vec![root];
    while let Some(at) = open.pop() {
        for &next in &items[at].uses {
            if found.insert(next) {
                open.push(next);
            }
        }
    }
    found
}
