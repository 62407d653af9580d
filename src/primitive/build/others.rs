//! The items that programs in other languages than Rust carry: those written in the language itself, in
//! `src/primitive/support/`, and the translations of the Rust ones. Part of the build script.

use crate::table::Row;
use crate::translate;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;

/// The files of the languages' own items, and what all names of items begin with.
const FILES: [(&str, &str); 3] = [("c.c", "zg_"), ("python.py", "_"), ("julia.jl", "_")];

/// A function or constant.
pub struct Item {
    pub name: String,
    pub head: String,
    pub text: String,
}

/// The generated module text: `OTHERS`, the items of each language, and `PREFIXES`.
pub fn to_rust(folder: &Path, rows: &[Row]) -> Result<String, String> {
    let mut out = String::from("static OTHERS: [&[Item]; 3] = [\n");
    for ((file, prefix), to) in FILES.iter().zip(translate::ALL) {
        let path = folder.join(file);
        let own = fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
        let mut items = paragraphs(&own, prefix)?;
        let own: Vec<String> = items.iter().map(|item| item.name.clone()).collect();
        let translated = translate::items(folder, rows, to, prefix)?;
        items.extend(translated.into_iter().filter(|item| !own.contains(&item.name)));
        write_items(&items, &mut out);
    }
    out.push_str("];\n");
    let prefixes: Vec<&str> = FILES.iter().map(|(_, prefix)| *prefix).collect();
    writeln!(out, "static PREFIXES: [&str; 3] = {prefixes:?};").unwrap();
    Ok(out)
}

/// The items of a file: an empty line and then a line at the margin begin a new one.
fn paragraphs(file: &str, prefix: &str) -> Result<Vec<Item>, String> {
    let mut texts: Vec<String> = Vec::new();
    let mut after_empty = true;
    for line in file.lines() {
        let begins = after_empty && !line.is_empty() && !line.starts_with([' ', '}']);
        after_empty = line.is_empty();
        if begins {
            texts.push(String::new());
        }
        if let Some(text) = texts.last_mut() {
            text.push_str(line);
            text.push('\n');
        }
    }
    texts.iter().map(|text| item(text.trim_end(), prefix)).collect()
}

fn item(text: &str, prefix: &str) -> Result<Item, String> {
    let code = |line: &&str| !line.starts_with(['/', '#']);
    let first = text.lines().find(code).ok_or("an item without code")?;
    let name = words(first).find(|word| word.starts_with(prefix)).ok_or(format!("no name in: {first}"))?;
    if first.starts_with("typedef ") {
        return Ok(Item { name: name.to_string(), head: text.to_string(), text: String::new() });
    }
    let head = match first.strip_suffix(" {") {
        Some(head) if first.starts_with("static ") => format!("{head};"),
        _ => String::new(),
    };
    Ok(Item { name: name.to_string(), head, text: format!("{text}\n") })
}

fn write_items(items: &[Item], out: &mut String) {
    let places: BTreeMap<&str, usize> =
        items.iter().enumerate().map(|(at, i)| (i.name.as_str(), at)).collect();
    out.push_str("    &[\n");
    for (at, Item { name, head, text }) in items.iter().enumerate() {
        let mut uses: Vec<usize> = words(&format!("{head}\n{text}"))
            .filter_map(|word| places.get(word).copied())
            .filter(|&u| u != at)
            .collect();
        uses.sort();
        uses.dedup();
        writeln!(out, "        Item {{ name: {name:?}, head: {head:?}, text: {text:?}, uses: &{uses:?} }},")
            .unwrap();
    }
    out.push_str("    ],\n");
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(|word| !word.is_empty())
}
