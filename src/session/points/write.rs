//! Points with their results as text: rows of a table, or objects.

use super::layout::{Layout, Source};
use super::read::Record;
use super::{Format, Keep};
use crate::core::{Graph, Type};
use crate::eval::Value;
use crate::session::columns::columns;
use crate::session::datum::{Datum, index_text, item, write_value};
use crate::session::evaluate::Report;
use crate::session::plan::{Plan, Step};
use serde_json::Value as Json;
use std::fmt::Write;

/// Writes rows.
pub struct Writer {
    format: Format,
    /// The columns of the input that stand before the results; all as they are read, or these.
    kept: Kept,
    /// The results under their names: each leaf of a result holds, as a real, the number of its value.
    template: Vec<(String, Datum)>,
    /// The leaves of the template in order.
    leaves: Vec<ResultLeaf>,
    /// Which values of the steps are scalars.
    scalar: Vec<bool>,
}

enum Kept {
    AsRead,
    Columns(Vec<usize>),
    /// Arguments, and columns that are none.
    Items(Vec<Item>),
}

enum Item {
    Argument(usize),
    Column(usize),
}

/// A scalar or an array among the results.
struct ResultLeaf {
    name: String,
    /// The number of its value; none where it is always 0.
    value: Option<usize>,
}

/// The lengths of the arrays among the results of a row.
pub type Shapes = Vec<Vec<usize>>;

impl Writer {
    /// A writer of what a plan gives; the results of its functions are known to the graph.
    pub fn new(graph: &Graph, plan: &Plan, layout: &Layout, keep: Keep, format: Format) -> Writer {
        let types = |step: &Step| graph.function(step.function).result_types.clone();
        let types: Vec<Vec<Type>> = plan.steps.iter().map(types).collect();
        let mut numbers = (0..).map(|number| Value::Real(f64::from(number)));
        let steps = types.iter().map(|own| numbers.by_ref().take(own.len()).collect()).collect();
        let mut report = Report::new(&plan.signature.name);
        plan.report(steps, &mut report);
        let template: Vec<(String, Datum)> =
            columns(&report).into_iter().map(|(name, datum)| (name, datum.clone())).collect();
        let mut leaves = Vec::new();
        for (name, datum) in &template {
            leaves.extend(datum.leaves().into_iter().map(|(path, value)| ResultLeaf {
                name: format!("{name}{path}"),
                value: value.as_real().map(|number| number as usize),
            }));
        }
        let scalar = types.iter().flatten().map(|ty| ty.is_scalar()).collect();
        Writer { format, kept: kept(layout, keep, format), template, leaves, scalar }
    }

    pub fn format(&self) -> Format {
        self.format
    }

    /// Whether every row has the same columns, whatever its arguments are.
    pub fn is_fixed(&self) -> bool {
        self.format == Format::Jsonl || self.scalar.iter().all(|&scalar| scalar)
    }

    /// The names of the results.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.template.iter().map(|(name, _)| name.as_str())
    }

    /// A column of the input that is kept and has the name of a result.
    pub fn clash(&self, layout: &Layout) -> Option<String> {
        let own = |name: &str| {
            self.leaves.iter().any(|leaf| {
                name.strip_prefix(leaf.name.as_str())
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('['))
            })
        };
        let header = layout.header.iter().enumerate();
        let kept = header.filter(|(column, _)| match &self.kept {
            Kept::AsRead => true,
            Kept::Columns(columns) => columns.contains(column),
            Kept::Items(items) => items.iter().any(|item| matches!(item, Item::Column(c) if c == column)),
        });
        kept.map(|(_, name)| name.trim().to_string()).find(|name| own(name))
    }

    /// The shapes of a row's results, if they matter.
    pub fn shapes(&self, values: &[Value]) -> Shapes {
        if self.format == Format::Jsonl {
            return Vec::new();
        }
        let arrays = self.leaves.iter().filter_map(|leaf| values[leaf.value?].as_array());
        arrays.map(|array| array.shape().to_vec()).collect()
    }

    /// The header of a table, given the lengths of arrays; `scalars` has which values are scalars.
    pub fn header(&self, layout: &Layout, raw: &str, shapes: Option<&Shapes>) -> String {
        let Some(delimiter) = self.format.delimiter() else { return String::new() };
        let mut line = Line { out: String::new(), delimiter, begun: false };
        match &self.kept {
            Kept::AsRead => line.raw(raw),
            Kept::Columns(columns) => columns.iter().for_each(|&c| line.field(&layout.header[c])),
            Kept::Items(_) => {}
        }
        let mut shapes = shapes.map(|shapes| shapes.iter());
        for leaf in &self.leaves {
            let array = leaf.value.is_some_and(|value| !self.scalar[value]);
            match shapes.as_mut().filter(|_| array).and_then(|shapes| shapes.next()) {
                Some(shape) => {
                    let count: usize = shape.iter().product();
                    (0..count).for_each(|at| line.field(&format!("{}{}", leaf.name, index_text(at, shape))));
                }
                None => line.field(&leaf.name),
            }
        }
        line.out.push('\n');
        line.out
    }

    /// Appends a row: with the values of its steps, or without.
    pub fn row(
        &self,
        layout: &Layout,
        record: &Record,
        args: &[Value],
        values: Option<&[Value]>,
        shapes: &Shapes,
        out: &mut String,
    ) {
        match self.format.delimiter() {
            Some(delimiter) => {
                let mut line = Line { out: std::mem::take(out), delimiter, begun: false };
                self.kept_fields(layout, record, values.is_some(), &mut line);
                self.result_fields(values, shapes, &mut line);
                *out = line.out;
                out.push('\n');
            }
            None => {
                out.push('{');
                let start = out.len();
                self.kept_members(layout, record, args, out);
                self.result_members(values, start, out);
                out.push_str("}\n");
            }
        }
    }

    fn kept_fields(&self, layout: &Layout, record: &Record, whole: bool, line: &mut Line) {
        match (&self.kept, record) {
            (Kept::AsRead, Record::Fields(_)) if whole || record.len() == layout.header.len() => {
                line.raw(record.raw());
            }
            (Kept::AsRead, _) => {
                (0..layout.header.len()).for_each(|column| line.field(record.field(column)));
            }
            (Kept::Columns(columns), Record::Fields(_)) => {
                columns.iter().for_each(|&column| line.field(record.field(column)));
            }
            (Kept::Columns(columns), Record::Members(members, _)) => {
                for &column in columns {
                    let name = &layout.header[column];
                    match members.iter().find(|(known, _)| known == name) {
                        None => line.field(""),
                        Some((_, data)) => match data.get() {
                            "null" => line.field(""),
                            text if text.starts_with('"') => {
                                line.field(&serde_json::from_str::<String>(text).unwrap_or_default());
                            }
                            text => line.field(text),
                        },
                    }
                }
            }
            (Kept::Items(_), _) => {}
        }
    }

    fn result_fields(&self, values: Option<&[Value]>, shapes: &Shapes, line: &mut Line) {
        let mut shapes = shapes.iter();
        for ResultLeaf { value, .. } in &self.leaves {
            let Some(number) = *value else {
                line.value(&Value::Int(0));
                continue;
            };
            match (values, self.scalar[number]) {
                (Some(values), true) => line.value(&values[number]),
                (Some(values), false) => {
                    let Some(array) = values[number].as_array() else { continue };
                    let count: usize = array.shape().iter().product();
                    (0..count).for_each(|at| line.value(&item(array, at)));
                }
                (None, true) => line.value(&Value::Real(f64::NAN)),
                (None, false) => {
                    let count = shapes.next().map_or(1, |shape| shape.iter().product());
                    (0..count).for_each(|_| line.value(&Value::Real(f64::NAN)));
                }
            }
        }
    }

    fn kept_members(&self, layout: &Layout, record: &Record, args: &[Value], out: &mut String) {
        let start = out.len();
        match &self.kept {
            Kept::AsRead => out.push_str(inside(record.raw())),
            Kept::Columns(_) => {}
            Kept::Items(items) => {
                let mut flat = args.iter().cloned();
                let all = layout.arguments.iter().map(|a| Datum::from_flat(&a.ty, &mut flat));
                let all: Vec<Datum> = if args.is_empty() { Vec::new() } else { all.collect() };
                for item in items {
                    match item {
                        Item::Argument(at) => {
                            let data = all.get(*at).map_or(Json::Null, Datum::json);
                            member(&layout.arguments[*at].name, &data.to_string(), start, out);
                        }
                        Item::Column(column) => {
                            let (name, text) = (layout.header[*column].trim(), record.field(*column));
                            // A number stays as it is written.
                            match serde_json::from_str::<serde_json::Number>(text) {
                                Ok(_) => member(name, text.trim(), start, out),
                                Err(_) => {
                                    member(name, &Json::String(text.to_string()).to_string(), start, out)
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    fn result_members(&self, values: Option<&[Value]>, start: usize, out: &mut String) {
        for (name, datum) in &self.template {
            member(name, &filled(datum, values).json().to_string(), start, out);
        }
    }
}

/// Which columns stand before the results.
fn kept(layout: &Layout, keep: Keep, format: Format) -> Kept {
    let used = |column: &usize| match layout.format {
        Format::Jsonl => layout.arguments.iter().any(|a| a.name == layout.header[*column]),
        Format::Csv | Format::Tsv => layout.arguments.iter().any(|a| a.source.has(*column)),
    };
    let all = 0..layout.header.len();
    match (keep, format) {
        (Keep::None, Format::Jsonl) => Kept::Items(Vec::new()),
        (Keep::None, Format::Csv | Format::Tsv) => Kept::Columns(Vec::new()),
        (Keep::All, _) if layout.format == format => Kept::AsRead,
        (Keep::All | Keep::Params, Format::Jsonl) if layout.format == Format::Jsonl => {
            let arguments = layout.arguments.iter().enumerate();
            let read = arguments.filter(|(_, a)| !matches!(a.source, Source::Fixed(_)));
            Kept::Items(read.map(|(at, _)| Item::Argument(at)).collect())
        }
        (Keep::All | Keep::Params, Format::Jsonl) => {
            let mut items: Vec<Item> = Vec::new();
            for column in all {
                let argument = layout.arguments.iter().position(|a| a.source.has(column));
                match argument {
                    Some(at) if items.iter().any(|item| matches!(item, Item::Argument(a) if *a == at)) => {}
                    Some(at) => items.push(Item::Argument(at)),
                    None if keep == Keep::All => items.push(Item::Column(column)),
                    None => {}
                }
            }
            Kept::Items(items)
        }
        (Keep::All, Format::Csv | Format::Tsv) => Kept::Columns(all.collect()),
        (Keep::Params, Format::Csv | Format::Tsv) => Kept::Columns(all.filter(used).collect()),
    }
}

impl Source {
    /// Whether the argument is from a column.
    fn has(&self, column: usize) -> bool {
        use super::layout::Leaf;
        match self {
            Source::Fixed(_) | Source::Member(_) => false,
            Source::Whole(own) => *own == column,
            Source::Leaves(leaves) => leaves.iter().any(|leaf| match leaf {
                Leaf::Scalar { column: own, .. } => *own == column,
                Leaf::Array { columns, .. } => columns.contains(&column),
            }),
        }
    }
}

/// What stands between the braces of an object.
fn inside(raw: &str) -> &str {
    let inner = raw.trim().strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
    inner.unwrap_or_default().trim()
}

/// Appends a member of an object that begins at `start`, its value as JSON.
fn member(name: &str, data: &str, start: usize, out: &mut String) {
    if out.len() > start {
        out.push(',');
    }
    let _ = write!(out, "{}:{data}", Json::String(name.to_string()));
}

/// A result with its values in place of their numbers; NaN where there are none.
fn filled(datum: &Datum, values: Option<&[Value]>) -> Datum {
    match datum {
        Datum::Leaf(Value::Real(number)) => {
            Datum::Leaf(values.map_or(Value::Real(f64::NAN), |values| values[*number as usize].clone()))
        }
        Datum::Leaf(zero) => Datum::Leaf(zero.clone()),
        Datum::Tuple(parts) => Datum::Tuple(parts.iter().map(|part| filled(part, values)).collect()),
        Datum::Record(fields) => {
            Datum::Record(fields.iter().map(|(name, field)| (name.clone(), filled(field, values))).collect())
        }
    }
}

/// A row of a table that is being written.
struct Line {
    out: String,
    delimiter: u8,
    begun: bool,
}

impl Line {
    fn next(&mut self) {
        if self.begun {
            self.out.push(char::from(self.delimiter));
        }
        self.begun = true;
    }

    /// Fields as they were read.
    fn raw(&mut self, text: &str) {
        self.next();
        self.out.push_str(text);
    }

    /// A field, in quotes where it must be.
    fn field(&mut self, text: &str) {
        self.next();
        let special = |byte: u8| byte == self.delimiter || matches!(byte, b'"' | b'\n' | b'\r');
        if text.bytes().any(special) {
            self.out.push('"');
            self.out.push_str(&text.replace('"', "\"\""));
            self.out.push('"');
        } else {
            self.out.push_str(text);
        }
    }

    fn value(&mut self, value: &Value) {
        self.next();
        write_value(value, &mut self.out);
    }
}
