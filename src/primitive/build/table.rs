//! From the text of `table.yaml` to rows, checked, and from rows to the text of a static Rust table.
//! Part of the build script; knows nothing of the kernels but their names.

use serde_yaml::{Mapping, Value};
use std::collections::BTreeMap;
use std::fmt::Write;

/// How an emitted program spells a primitive; see `Spelling` in `src/primitive/mod.rs`.
#[derive(Clone)]
pub enum Spelling {
    Infix(String, String),
    Prefix(String, String),
    Method(String),
    Call(String),
    Template(String, String),
    Support(String),
}

impl Spelling {
    /// The support function that the spelling calls.
    pub fn support(&self) -> Option<&str> {
        match self {
            Spelling::Support(name) => Some(name),
            Spelling::Infix(..)
            | Spelling::Prefix(..)
            | Spelling::Method(_)
            | Spelling::Call(_)
            | Spelling::Template(..) => None,
        }
    }
}

/// A value and partials known from elsewhere at one point.
pub struct Check {
    at: Vec<f64>,
    value: f64,
    partials: Vec<Option<f64>>,
}

/// One row of the table, as read.
pub struct Row {
    name: String,
    aliases: Vec<String>,
    overload: Option<String>,
    args: Vec<String>,
    kind: String,
    partials: Vec<Option<String>>,
    integral: bool,
    domain: String,
    beyond: bool,
    latex: String,
    pub rust: Spelling,
    pub rust_int: Option<Spelling>,
    /// In the other languages, for reals and for Int arguments.
    pub others: [(Spelling, Option<Spelling>); 3],
    edge: String,
    kink: String,
    samples: Vec<(f64, f64)>,
    check: Option<Check>,
}

const KINDS: [&str; 6] = ["RealToReal", "Arith", "Compare", "Logic", "ToReal", "ToInt"];
const CLASSES: [&str; 8] = ["Or", "And", "Compare", "Sum", "Product", "Cast", "Unary", "Call"];
/// The languages beside Rust, in the order of `Language` in `src/primitive/mod.rs`.
pub const LANGUAGES: [&str; 3] = ["c", "python", "julia"];
const FIELDS: [&str; 22] = [
    "name",
    "aliases",
    "overload",
    "args",
    "kind",
    "partials",
    "integral",
    "domain",
    "beyond",
    "latex",
    "rust",
    "rust_int",
    "c",
    "c_int",
    "python",
    "python_int",
    "julia",
    "julia_int",
    "edge",
    "kink",
    "samples",
    "check",
];

/// Reads and checks the whole table.
pub fn parse(yaml: &str) -> Result<Vec<Row>, String> {
    let Value::Sequence(list) = serde_yaml::from_str(yaml).map_err(|e| e.to_string())? else {
        return Err("a list of rows is expected".into());
    };
    let rows = list.iter().map(parse_row).collect::<Result<Vec<_>, _>>()?;
    let mut seen = BTreeMap::new();
    for (at, row) in rows.iter().enumerate() {
        for name in std::iter::once(&row.name).chain(&row.aliases) {
            if seen.insert(name.clone(), at).is_some() {
                return Err(format!("the name {name} is given twice"));
            }
        }
    }
    Ok(rows)
}

fn parse_row(value: &Value) -> Result<Row, String> {
    let map = value.as_mapping().ok_or("a row is a mapping")?;
    let name = text(map, "name").ok_or("a row has no name")?;
    read_row(map, name.clone()).map_err(|e| format!("row {name}: {e}"))
}

fn read_row(map: &Mapping, name: String) -> Result<Row, String> {
    if let Some(field) = map.keys().filter_map(Value::as_str).find(|key| !FIELDS.contains(key)) {
        return Err(format!("unknown field {field}"));
    }
    let args = texts(map, "args")?;
    let kind = text(map, "kind").unwrap_or_else(|| "RealToReal".into());
    one_of(&KINDS, &kind)?;
    let differentiable = kind == "RealToReal" || kind == "Arith";
    let partials: Vec<_> =
        texts(map, "partials")?.into_iter().map(|p| (p != "unknown").then_some(p)).collect();
    if partials.len() != if differentiable { args.len() } else { 0 } {
        return Err(format!("{} partials for {} arguments", partials.len(), args.len()));
    }
    let samples = match map.get("samples") {
        Some(ranges) => list(ranges)?.iter().map(range).collect::<Result<_, _>>()?,
        None => vec![(-3.0, 3.0); args.len()],
    };
    let check = map.get("check").map(|check| read_check(check, args.len())).transpose()?;
    if samples.len() != args.len() || (differentiable && check.is_none()) {
        return Err("a sample range for each argument and a check are needed".into());
    }
    let rust = read_spelling(map.get("rust").ok_or("no rust spelling")?)?;
    let rust_int = map.get("rust_int").map(read_spelling).transpose()?;
    let other = |language: &str| {
        let own = map.get(language).map(read_spelling).transpose()?.unwrap_or_else(|| rust.clone());
        let int = map.get(format!("{language}_int")).map(read_spelling).transpose()?.or(rust_int.clone());
        match (&own, &int) {
            (Spelling::Method(_), _) | (_, Some(Spelling::Method(_))) => {
                Err(format!("no spelling in {language}"))
            }
            _ => Ok((own, int)),
        }
    };
    let others = [other(LANGUAGES[0])?, other(LANGUAGES[1])?, other(LANGUAGES[2])?];
    let holes = (0..args.len()).map(|i| format!("{{{i}}}")).collect::<Vec<_>>().join(", ");
    Ok(Row {
        aliases: texts(map, "aliases")?,
        overload: text(map, "overload"),
        kind,
        partials,
        integral: map.get("integral").and_then(Value::as_bool).unwrap_or(false),
        domain: text(map, "domain").unwrap_or_default(),
        beyond: map.get("beyond").and_then(Value::as_bool).unwrap_or(false),
        latex: text(map, "latex")
            .unwrap_or_else(|| format!(r"\operatorname{{{}}}({holes})", name.replace('_', r"\_"))),
        rust,
        rust_int,
        others,
        edge: text(map, "edge").unwrap_or_default(),
        kink: text(map, "kink").unwrap_or_default(),
        samples,
        check,
        args,
        name,
    })
}

fn read_spelling(value: &Value) -> Result<Spelling, String> {
    let map = value.as_mapping().ok_or("a spelling is a mapping")?;
    let class = text(map, "class").unwrap_or_default();
    if map.contains_key("class") {
        one_of(&CLASSES, &class)?;
    }
    let make: [(&str, &dyn Fn(String) -> Spelling); 6] = [
        ("infix", &|op| Spelling::Infix(op, class.clone())),
        ("prefix", &|op| Spelling::Prefix(op, class.clone())),
        ("template", &|template| Spelling::Template(template, class.clone())),
        ("method", &Spelling::Method),
        ("call", &Spelling::Call),
        ("support", &Spelling::Support),
    ];
    let found = make.iter().find_map(|(key, make)| text(map, key).map(make));
    found.ok_or_else(|| "one of infix, prefix, template, method, call, support is needed".into())
}

fn read_check(value: &Value, args: usize) -> Result<Check, String> {
    let map = value.as_mapping().ok_or("check: a mapping is expected")?;
    let numbers = |key: &str| list(map.get(key).ok_or(format!("check: no {key}"))?);
    let at = numbers("at")?.iter().map(number).collect::<Result<Vec<_>, _>>()?;
    let partials: Vec<_> = numbers("partials")?.iter().map(|v| number(v).ok()).collect();
    let value = number(map.get("value").ok_or("check: no value")?)?;
    if at.len() != args || partials.len() != args {
        return Err("check: a number for each argument is needed".into());
    }
    Ok(Check { at, value, partials })
}

fn text(map: &Mapping, key: &str) -> Option<String> {
    map.get(key).and_then(Value::as_str).map(str::to_owned)
}

fn texts(map: &Mapping, key: &str) -> Result<Vec<String>, String> {
    let Some(value) = map.get(key) else { return Ok(Vec::new()) };
    let text = |v: &Value| v.as_str().map(str::to_owned).ok_or(format!("{key}: write each entry as text"));
    list(value)?.iter().map(text).collect()
}

fn list(value: &Value) -> Result<&Vec<Value>, String> {
    value.as_sequence().ok_or_else(|| "a list is expected".into())
}

fn number(value: &Value) -> Result<f64, String> {
    value.as_f64().ok_or_else(|| "a number is expected".into())
}

fn range(value: &Value) -> Result<(f64, f64), String> {
    match list(value)?.as_slice() {
        [low, high] => Ok((number(low)?, number(high)?)),
        _ => Err("a range is [low, high]".into()),
    }
}

fn one_of(known: &[&str], word: &str) -> Result<(), String> {
    if known.contains(&word) { Ok(()) } else { Err(format!("{word} is none of {known:?}")) }
}

/// The generated module text: a constant per row, `ROWS`, `NAMES` and `OVERLOADS`.
pub fn to_rust(rows: &[Row]) -> String {
    let mut out = String::from("impl Prim {\n");
    for (at, row) in rows.iter().enumerate() {
        let doc = format!("`{}({})`", row.name, row.args.join(", "));
        writeln!(out, "    /// {doc}\n    pub const {}: Prim = Prim({at});", row.name.to_uppercase())
            .unwrap();
    }
    out.push_str("}\n\n/// Every row, at the index that its `Prim` holds.\n#[allow(clippy::approx_constant)]\npub static ROWS: &[Row] = &[\n");
    for row in rows {
        write_row(&mut out, row);
    }
    out.push_str("];\n\n");
    let names = rows.iter().enumerate().flat_map(|(at, row)| {
        std::iter::once(&row.name).chain(&row.aliases).map(move |name| (name.clone(), at))
    });
    write_names(&mut out, "NAMES", names.collect());
    let overloads =
        rows.iter().enumerate().filter_map(|(at, row)| row.overload.clone().map(|name| (name, at)));
    write_names(&mut out, "OVERLOADS", overloads.collect());
    out
}

/// A sorted array of names with their rows, for binary search.
fn write_names(out: &mut String, array: &str, mut names: Vec<(String, usize)>) {
    names.sort();
    writeln!(out, "static {array}: &[(&str, Prim)] = &[").unwrap();
    for (name, at) in names {
        writeln!(out, "    ({name:?}, Prim({at})),").unwrap();
    }
    out.push_str("];\n\n");
}

fn write_row(out: &mut String, row: &Row) {
    let rust = spelling_to_rust(&row.rust);
    let rust_int = spelling_to_rust(row.rust_int.as_ref().unwrap_or(&row.rust));
    let int = |(own, int): &(Spelling, Option<Spelling>)| {
        let (own, int) = (spelling_to_rust(own), spelling_to_rust(int.as_ref().unwrap_or(own)));
        format!("[{own}, {int}]")
    };
    let others = row.others.iter().map(int).collect::<Vec<_>>().join(", ");
    let check = row.check.as_ref().map_or("None".to_owned(), |check| {
        let Check { at, value, partials } = check;
        format!("Some(Check {{ at: &{at:?}, value: {value:?}, partials: &{partials:?} }})")
    });
    writeln!(
        out,
        "    Row {{\n        name: {:?},\n        aliases: &{:?},\n        overload: {:?},\n        args: &{:?},\n        \
         kind: Kind::{},\n        partials: &{:?},\n        integral: {:?},\n        domain: {:?},\n        \
         beyond: {:?},\n        latex: {:?},\n        rust: {rust},\n        rust_int: {rust_int},\n        others: [{others}],\n        edge: {:?},\n        kink: {:?},\n        samples: &{:?},\n        check: {check},\n    }},",
        row.name,
        row.aliases,
        row.overload,
        row.args,
        row.kind,
        row.partials,
        row.integral,
        row.domain,
        row.beyond,
        row.latex,
        row.edge,
        row.kink,
        row.samples,
    )
    .unwrap();
}

fn spelling_to_rust(spelling: &Spelling) -> String {
    match spelling {
        Spelling::Infix(op, class) => format!("Spelling::Infix {{ op: {op:?}, class: Class::{class} }}"),
        Spelling::Prefix(op, class) => format!("Spelling::Prefix {{ op: {op:?}, class: Class::{class} }}"),
        Spelling::Template(text, class) => {
            format!("Spelling::Template {{ text: {text:?}, class: Class::{class} }}")
        }
        Spelling::Method(name) => format!("Spelling::Method {{ name: {name:?} }}"),
        Spelling::Call(name) => format!("Spelling::Call {{ name: {name:?} }}"),
        Spelling::Support(name) => format!("Spelling::Support {{ name: {name:?} }}"),
    }
}

/// The generated text of `KERNELS`, parallel to `ROWS`, for the module that holds the functions.
pub fn kernels_to_rust(rows: &[Row]) -> String {
    let mut out = String::from("/// What computes each row.\npub(super) static KERNELS: &[Kernel] = &[\n");
    for row in rows {
        writeln!(out, "    {}, // {}", kernel(row), row.name).unwrap();
    }
    out.push_str("];\n");
    out
}

/// The functions that compute the row: a method of `f64`, or a function of the name of the row (of its
/// support function, where it has one) in `kernels`; on integers and conditions in `discrete`.
fn kernel(row: &Row) -> String {
    let name = row.rust.support().unwrap_or(&row.name);
    let real = match &row.rust {
        Spelling::Method(method) => format!("f64::{method}"),
        Spelling::Infix(..)
        | Spelling::Prefix(..)
        | Spelling::Template(..)
        | Spelling::Call(_)
        | Spelling::Support(_) => name.to_owned(),
    };
    let count = row.args.len();
    match row.kind.as_str() {
        "RealToReal" => format!("Kernel::Real{count}({real})"),
        "Arith" => format!("Kernel::Arith{count}({real}, discrete::{name})"),
        "Compare" => format!("Kernel::Compare(discrete::{name}_real, discrete::{name}_int)"),
        "Logic" => format!("Kernel::Logic{count}(discrete::{name})"),
        kind => format!("Kernel::{kind}"),
    }
}
