//! Arrays of C: the caller's memory, a few elements beside the variables, or memory of their own.

use super::super::EmitError;
use super::super::expression::{Piece, infix};
use super::super::integer::{Form, Leaf};
use super::super::shared::{Arrays, Filled, Memory, Writer, made_as};
use super::super::signature::{Returned, Signature};
use super::super::walk::visit;
use super::{C, element, frame};
use crate::block::{Local, Op, Stmt};
use crate::core::FnId;
use crate::primitive::Class;
use std::collections::HashSet;

/// Arrays of up to this many elements, if that is a constant, need no memory of their own.
const FIXED: i64 = 64;

/// Names an array of its own and what stands beside it.
fn own_names(w: &mut Writer<'_>, array: Local) {
    if w.procedure.params.contains(&array) {
        // The parameter keeps its name.
        let name = w.name[array.0 as usize].clone().unwrap_or_default();
        w.name[array.0 as usize] = Some(w.names.fresh(&format!("own_{name}")));
    }
    let name = w.name_only(array);
    if let Some(Memory::Own(Some(_))) = w.memory.get(&array) {
        let sizes: Vec<u16> =
            axis_names(&name, w.ty(array).rank).iter().map(|wish| w.new_size(wish)).collect();
        w.shapes.insert(array, sizes.iter().map(|&k| Form::leaf(Leaf::Size(k))).collect());
        w.memory.insert(array, Memory::Own(Some(sizes)));
    }
}

/// The names of the lengths beside an array.
pub(super) fn axis_names(array: &str, rank: u8) -> Vec<String> {
    match rank {
        1 => vec![format!("{array}_len")],
        2 => vec![format!("{array}_rows"), format!("{array}_cols")],
        rank => (0..rank).map(|axis| format!("{array}_len{axis}")).collect(),
    }
}

fn number(w: &Writer<'_>, local: Local) -> Option<i64> {
    match w.usage.ops[local.0 as usize].as_slice() {
        [Op::Int(n)] => Some(*n),
        _ => None,
    }
}

/// Whether a called function makes the array.
fn taken_from_call(w: &Writer<'_>, array: Local) -> bool {
    let mut found = false;
    visit(&w.procedure.body, &mut |stmt| {
        if let Stmt::Call { dst, f, .. } = stmt
            && let Some(signature) = w.module.signatures.get(f)
        {
            let made = |(d, r): (&Local, &(_, Returned))| *d == array && matches!(r.1, Returned::Made);
            found |= dst.iter().zip(&signature.results).any(made);
        }
    });
    found
}

/// Names the results, and finds the arrays that are made in the caller's memory.
fn name_results(w: &mut Writer<'_>, signature: &Signature) {
    if !w.fails {
        return;
    }
    let procedure = w.procedure;
    let face = w.module.faces.get(&procedure.id).copied();
    for (k, &result) in procedure.results.iter().enumerate() {
        let wish = face.map_or("out", |f| f.results[k].name.as_str());
        let name = w.names.fresh(&w.language.dialect().identifier(wish));
        let mut copied = Some(result);
        if matches!(signature.results[k].1, Returned::Out { .. }) {
            let twice = procedure.results.iter().filter(|r| **r == result).count() > 1;
            let target = if twice { None } else { made_as(procedure, &w.usage, result) };
            if let Some(local) = target
                && !w.memory.contains_key(&local)
                && !procedure.params.contains(&local)
                && !taken_from_call(w, local)
            {
                w.name[local.0 as usize] = Some(name.clone());
                w.touched[local.0 as usize] = true;
                w.memory.insert(local, Memory::Out);
                if local != result {
                    w.alias(result, local);
                }
                copied = None;
            }
        }
        if matches!(signature.results[k].1, Returned::Made) {
            for axis in axis_names(&name, w.ty(result).rank) {
                w.names.reserve([axis.as_str()]);
            }
        }
        w.outs.push((name, copied));
    }
}

/// Copies the parameters that change.
fn copy_parameters(w: &mut Writer<'_>, signature: &Signature) {
    for (k, &p) in w.procedure.params.iter().enumerate() {
        if !matches!(w.memory.get(&p), Some(Memory::Own(_))) {
            continue;
        }
        let shape: Vec<Form> =
            signature.shapes[k].iter().enumerate().map(|(axis, e)| w.extent(e, p, axis)).collect();
        set_lengths(w, p, &shape);
        let count = w.product(&shape);
        reserve(w, p, &count);
        let name = w.name_of(p);
        let given = w.given[k].clone();
        copy(w, &name, &given, &count);
    }
}

/// The variables of the arrays of their own.
pub(super) fn variables(w: &Writer<'_>) -> Vec<String> {
    let mut lines = Vec::new();
    let idle = idle_rooms(w);
    for (array, sizes) in own(w) {
        let name = w.name[array.0 as usize].clone().unwrap_or_default();
        lines.push(format!("{} *{name} = NULL;", element(w.ty(array).elem)));
        let room = format!("{name}_room");
        if !idle.contains(&room) {
            lines.push(format!("int64_t {room} = 0;"));
        }
        for k in sizes {
            lines.push(format!("int64_t {} = 0;", w.sizes[k as usize].0));
        }
    }
    lines
}

/// The variables that keep how much memory there is, where nobody asks.
pub(super) fn idle_rooms(w: &Writer<'_>) -> Vec<String> {
    let rooms =
        own(w).map(|(array, _)| format!("{}_room", w.name[array.0 as usize].as_deref().unwrap_or_default()));
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let asked: HashSet<&str> = w
        .lines
        .iter()
        .flat_map(|line| {
            let text = line.text.as_str();
            // What stands before ` = ` is set only.
            let read = text.split_once(" = ").map_or(text, |(_, value)| value);
            read.split(|c| !is_part(c))
        })
        .collect();
    rooms.filter(|room| !asked.contains(room.as_str())).collect()
}

/// The statements that give memory back.
pub(super) fn freed(w: &Writer<'_>) -> Vec<String> {
    own(w)
        .map(|(array, _)| format!("free({});", w.name[array.0 as usize].as_deref().unwrap_or_default()))
        .collect()
}

/// The arrays of their own, in order, with the sizes that are their lengths.
fn own<'a>(w: &'a Writer<'_>) -> impl Iterator<Item = (Local, Vec<u16>)> + use<'a> {
    let mut all: Vec<(Local, Vec<u16>)> = w
        .memory
        .iter()
        .filter_map(|(&array, memory)| match memory {
            Memory::Own(sizes) => Some((array, sizes.clone().unwrap_or_default())),
            Memory::Given | Memory::Out | Memory::Fixed(_) => None,
        })
        .collect();
    all.sort();
    all.into_iter()
}

/// Takes memory for so many elements.
fn reserve(w: &mut Writer<'_>, array: Local, count: &Piece) {
    let name = w.name_of(array);
    w.line(format!("{name} = zg_array({name}, &{name}_room, {}, sizeof *{name});", count.text));
    w.used.call("array");
    w.line(format!("if ({name} == NULL) {{"));
    frame::fail(w, "ZG_MEMORY");
    w.line("}");
}

/// Notes the lengths of an array that has just been made.
fn set_lengths(w: &mut Writer<'_>, array: Local, shape: &[Form]) {
    let Some(Memory::Own(Some(sizes))) = w.memory.get(&array).cloned() else {
        let known: Vec<Form> = shape.to_vec();
        w.shapes.insert(array, known);
        return;
    };
    w.before_change(array);
    let texts: Vec<String> = shape.iter().map(|form| w.count(form).text).collect();
    for (k, text) in sizes.into_iter().zip(texts) {
        let size = w.size_text(k);
        if size != text {
            w.line(format!("{size} = {text};"));
        }
    }
}

/// Makes a shape of lengths that do not change: those that may are kept in variables.
fn fixed_shape(w: &mut Writer<'_>, array: Local, shape: &[Form]) -> Vec<Form> {
    if matches!(w.memory.get(&array), Some(Memory::Own(Some(_)))) {
        return shape.to_vec();
    }
    let name = w.name_only(array);
    let names = axis_names(&name, shape.len() as u8);
    let mut out = Vec::new();
    for (form, wish) in shape.iter().zip(names) {
        if w.is_fixed(form) {
            out.push(form.clone());
            continue;
        }
        let count = w.count(form);
        let k = w.new_size(&wish);
        let text = w.size_text(k);
        w.line(format!("const int64_t {text} = {};", count.text));
        out.push(Form::leaf(Leaf::Size(k)));
    }
    out
}

/// Memory for an array that a called function fills, or that is filled next.
pub(super) fn make_room(w: &mut Writer<'_>, dst: Local, shape: &[Form]) {
    let shape = fixed_shape(w, dst, shape);
    w.before_change(dst);
    let count = w.product(&shape);
    match w.memory.get(&dst).cloned() {
        Some(Memory::Fixed(n)) => {
            let name = w.name_of(dst);
            w.line(format!("{} {name}[{}];", element(w.ty(dst).elem), n.max(1)));
        }
        Some(Memory::Own(_)) | None => reserve(w, dst, &count),
        Some(Memory::Out | Memory::Given) => {}
    }
    set_lengths(w, dst, &shape);
    w.set[dst.0 as usize] = true;
}

/// A count as a `size_t`.
fn sized(count: &Piece) -> String {
    match count.text.bytes().all(|b| b.is_ascii_digit()) {
        true => count.text.clone(),
        false => format!("(size_t){}", count.within(Class::Call)),
    }
}

pub(super) fn copy(w: &mut Writer<'_>, to: &str, from: &str, count: &Piece) {
    // Of an array without elements there may be no memory.
    let text = format!("memcpy({to}, {from}, {} * sizeof *{to});", sized(count));
    match count.text.parse::<i64>() {
        Ok(0) => {}
        Ok(_) => w.line(text),
        Err(_) => {
            w.line(format!("if ({} > 0) {{", count.text));
            w.line(format!("    {text}"));
            w.line("}");
        }
    }
}

/// What a called function is given to make an array: it sets these.
pub(super) fn taken(w: &mut Writer<'_>, dst: Local) -> Vec<String> {
    w.before_change(dst);
    let name = w.name_of(dst);
    w.line(format!("free({name});"));
    w.line(format!("{name} = NULL;"));
    w.line(format!("{name}_room = 0;"));
    let Some(Memory::Own(Some(sizes))) = w.memory.get(&dst).cloned() else { return vec![format!("&{name}")] };
    let lengths = sizes.into_iter().map(|k| format!("&{}", w.size_text(k)));
    std::iter::once(format!("&{name}")).chain(lengths.collect::<Vec<_>>()).collect()
}

/// Notes how much memory came with the array.
pub(super) fn note_taken(w: &mut Writer<'_>, dst: Local) {
    let name = w.name_of(dst);
    let shape = w.shapes.get(&dst).cloned().unwrap_or_default();
    let count = w.product(&shape);
    w.line(format!("{name}_room = {};", count.text));
    w.set[dst.0 as usize] = true;
}

/// Hands an array to the caller, who gives its memory back.
pub(super) fn give_away(w: &mut Writer<'_>, result: Local, k: usize) {
    let result = w.resolve(result);
    let out = w.outs[k].0.clone();
    let shape = w.shapes.get(&result).cloned().unwrap_or_default();
    let lengths: Vec<String> = shape.iter().map(|form| w.count(form).text).collect();
    let count = w.product(&shape);
    let later = w.procedure.results[k + 1..].iter().any(|&r| w.resolve(r) == result);
    let name = w.name_of(result);
    if matches!(w.memory.get(&result), Some(Memory::Own(_))) && !later {
        w.line(format!("*{out} = {name};"));
        w.line(format!("{name} = NULL;"));
    } else {
        let (made, room) = (w.names.fresh("made"), w.names.fresh("room"));
        w.used.call("array");
        w.line(format!("int64_t {room} = 0;"));
        let elem = element(w.ty(result).elem);
        w.line(format!("{elem} *const {made} = zg_array(NULL, &{room}, {}, sizeof *{made});", count.text));
        w.line(format!("if ({made} == NULL) {{"));
        frame::fail(w, "ZG_MEMORY");
        w.line("}");
        copy(w, &made, &name, &count);
        w.line(format!("*{out} = {made};"));
    }
    for (axis, text) in axis_names(&out, shape.len() as u8).iter().zip(lengths) {
        w.line(format!("*{axis} = {text};"));
    }
}

impl Arrays for C {
    /// Says where every array stands.
    fn begin(&self, w: &mut Writer<'_>, signature: &Signature) {
        name_results(w, signature);
        let procedure = w.procedure;
        for (k, &p) in procedure.params.iter().enumerate() {
            if w.ty(p).is_scalar() {
                continue;
            }
            if signature.written[k] {
                w.memory.insert(p, Memory::Out);
            } else if w.variable[p.0 as usize] {
                w.memory.insert(p, Memory::Own(None));
            } else {
                w.memory.insert(p, Memory::Given);
            }
        }
        let mut made: Vec<Local> = Vec::new();
        let mut constant: Vec<(Local, i64)> = Vec::new();
        visit(&procedure.body, &mut |stmt| {
            stmt.sets(|dst| made.push(dst));
            match stmt {
                Stmt::Alloc { dst, dims, .. } => {
                    let count = dims.iter().try_fold(1_i64, |n, d| n.checked_mul(number(w, *d)?.max(0)));
                    constant.extend(count.map(|n| (*dst, n)));
                }
                Stmt::Array { dst, elems, .. } => constant.push((*dst, elems.len() as i64)),
                _ => {}
            }
        });
        made.sort();
        made.dedup();
        for array in made {
            if w.ty(array).is_scalar() || w.memory.contains_key(&array) {
                continue;
            }
            let l = array.0 as usize;
            let sizes = constant.iter().filter(|c| c.0 == array).map(|c| c.1).collect::<Vec<_>>();
            let fixed = match sizes[..] {
                [n] if n <= FIXED && !w.usage.owned[l] && !w.usage.declared[l] && w.usage.sets[l] == 1 => {
                    Some(n)
                }
                _ => None,
            };
            let memory = match fixed {
                Some(n) => Memory::Fixed(n),
                None => Memory::Own(None),
            };
            w.memory.insert(array, memory);
        }
        // The lengths of arrays that are made more than once stand in variables.
        for (array, memory) in w.memory.clone() {
            let l = array.0 as usize;
            let changing =
                w.usage.changes(array) || w.usage.declared[l] || w.grows(array) || taken_from_call(w, array);
            if memory == Memory::Own(None) && changing {
                // Names in the order of the locals.
                w.memory.insert(array, Memory::Own(Some(Vec::new())));
            }
        }
        let mut all: Vec<Local> = w.memory.keys().copied().collect();
        all.sort();
        for array in all {
            if matches!(w.memory.get(&array), Some(Memory::Own(_))) {
                own_names(w, array);
            }
        }
        copy_parameters(w, signature);
    }

    fn make(&self, w: &mut Writer<'_>, dst: Local, shape: &[Form], fill: Filled) {
        if let (Some(Memory::Fixed(n)), Filled::Zero) = (w.memory.get(&dst).cloned(), fill) {
            let name = w.name_of(dst);
            w.line(format!("{} {name}[{}] = {{0}};", element(w.ty(dst).elem), n.max(1)));
            set_lengths(w, dst, shape);
            return;
        }
        let value = match fill {
            Filled::Value(v) => Some(w.fit(w.room(30), |w| w.operand(v))),
            Filled::Zero | Filled::Unset => None,
        };
        make_room(w, dst, shape);
        let shape = w.shapes.get(&dst).cloned().unwrap_or_default();
        let count = w.product(&shape);
        let name = w.name_of(dst);
        match (fill, value) {
            (Filled::Value(_), Some(value)) => {
                let k = w.names.fresh("k");
                w.line(format!("for (int64_t {k} = 0; {k} < {}; ++{k}) {{", count.text));
                w.line(format!("    {name}[{k}] = {};", value.text));
                w.line("}");
                w.names.release(&k);
            }
            (Filled::Zero, _) => w.line(format!("memset({name}, 0, {} * sizeof *{name});", sized(&count))),
            (Filled::Unset | Filled::Value(_), _) => {}
        }
    }

    fn list(&self, w: &mut Writer<'_>, dst: Local, elems: &[Local], dims: &[usize]) {
        let shape: Vec<Form> = dims.iter().map(|&n| Form::number(n as i64)).collect();
        let fixed = matches!(w.memory.get(&dst), Some(Memory::Fixed(_)));
        let mut items = Vec::new();
        if !fixed {
            make_room(w, dst, &shape);
        }
        for (k, &e) in elems.iter().enumerate() {
            let name = w.name_of(dst);
            let piece = w.fit(w.room(name.len() + 12), |w| w.operand(e));
            match fixed {
                true => items.push(piece.text),
                false => w.line(format!("{name}[{k}] = {};", piece.text)),
            }
        }
        if fixed {
            let name = w.name_of(dst);
            let mark = if w.variable[dst.0 as usize] { "" } else { "const " };
            if items.is_empty() {
                items.push("0".to_string());
            }
            let start = format!("{mark}{} {name}[{}] = {{", element(w.ty(dst).elem), items.len());
            if w.room(start.len() + 2) >= items.iter().map(|i| i.len() + 2).sum::<usize>() {
                w.line(format!("{start}{}}};", items.join(", ")));
            } else {
                w.line(start);
                let mut line = String::new();
                for item in items {
                    if line.len() + item.len() + 8 > w.room(0) {
                        w.line(std::mem::take(&mut line));
                    }
                    line.push_str(if line.is_empty() { "    " } else { " " });
                    line.push_str(&item);
                    line.push(',');
                }
                w.line(line);
                w.line("};");
            }
            set_lengths(w, dst, &shape);
        }
    }

    fn hand_over(&self, w: &mut Writer<'_>, dst: Local, src: Local, copied: bool) {
        let own = |w: &Writer<'_>, array: Local| matches!(w.memory.get(&array), Some(Memory::Own(_)));
        let shape = w.shapes.get(&src).cloned().unwrap_or_default();
        let l = dst.0 as usize;
        if !copied && own(w, src) && own(w, dst) {
            if !w.variable[l] && w.usage.sets[l] == 1 {
                w.alias(dst, src);
                return;
            }
            // The two change places, so that the memory is used again.
            w.before_change(dst);
            w.before_change(src);
            set_lengths(w, dst, &shape);
            let (to, from) = (w.name_of(dst), w.name_of(src));
            let (held, room) = (w.names.fresh("held"), w.names.fresh("held_room"));
            w.line(format!("{} *const {held} = {to};", element(w.ty(dst).elem)));
            w.line(format!("const int64_t {room} = {to}_room;"));
            w.line(format!("{to} = {from};"));
            w.line(format!("{to}_room = {from}_room;"));
            w.line(format!("{from} = {held};"));
            w.line(format!("{from}_room = {room};"));
            w.set[l] = true;
            return;
        }
        if !w.variable[l] && !w.variable[src.0 as usize] && !matches!(w.memory.get(&dst), Some(Memory::Out)) {
            // Nobody changes either.
            w.alias(dst, src);
            return;
        }
        make_room(w, dst, &shape);
        let count = w.product(&shape);
        let (to, from) = (w.name_of(dst), w.array_name(src));
        copy(w, &to, &from.text, &count);
    }

    fn store_row(&self, w: &mut Writer<'_>, array: Local, index: Local, row: Local) {
        let shape = w.shapes.get(&array).cloned().unwrap_or_default();
        let form = w.form_of(index);
        let mut count = Piece::literal("1");
        let piece = w.fit(w.room(30), |w| {
            count = w.product(&shape[1..]);
            let name = w.array_name(array);
            let index = w.render(&form);
            let offset = infix("*", Class::Product, &index, &count);
            infix("+", Class::Sum, &name, &offset)
        });
        w.before_change(array);
        let row = w.resolve(row);
        let from = w.array_name(row);
        let at = Piece::atom(piece.within(Class::Call));
        copy(w, &at.text, &from.text, &count);
    }

    fn push(&self, w: &mut Writer<'_>, array: Local, value: Local) {
        let Some(Memory::Own(Some(sizes))) = w.memory.get(&array).cloned() else { return };
        let scalar = w.ty(value).is_scalar();
        let name = w.name_of(array);
        let length = w.size_text(sizes[0]);
        let value = w.resolve(value);
        let item = if scalar { Some(w.fit(w.room(30), |w| w.operand(value))) } else { None };
        w.before_change(array);
        let stride = match scalar {
            true => Piece::literal("1"),
            false => {
                let shape = w.shapes.get(&value).cloned().unwrap_or_default();
                for (&k, form) in sizes[1..].iter().zip(&shape) {
                    let (size, text) = (w.size_text(k), w.count(form).text);
                    w.line(format!("{size} = {text};"));
                }
                w.product(&shape)
            }
        };
        let count = match scalar {
            true => format!("{length} + 1"),
            false => format!("({length} + 1) * {}", stride.within(Class::Call)),
        };
        let more = w.names.fresh("more");
        w.used.call("more");
        let elem = element(w.ty(array).elem);
        w.line(format!("{elem} *const {more} = zg_more({name}, &{name}_room, {count}, sizeof *{name});"));
        w.line(format!("if ({more} == NULL) {{"));
        frame::fail(w, "ZG_MEMORY");
        w.line("}");
        w.line(format!("{name} = {more};"));
        match item {
            Some(item) => w.line(format!("{name}[{length}] = {};", item.text)),
            None => {
                let from = w.array_name(value);
                let at = format!("({name} + {length} * {})", stride.within(Class::Call));
                copy(w, &at, &from.text, &stride);
            }
        }
        w.line(format!("{length} += 1;"));
    }

    /// `array[index]`
    fn element(&self, w: &mut Writer<'_>, array: Local, at: &[Form]) -> Piece {
        let shape = w.shapes.get(&array).cloned().unwrap_or_default();
        let name = w.array_name(array);
        let mut sum = at[0].clone();
        let mut text: Option<Piece> = None;
        for (axis, form) in at.iter().enumerate().skip(1) {
            let length = shape.get(axis).cloned().unwrap_or_default();
            // While the lengths are numbers the distance is one sum.
            if text.is_none()
                && let Some(next) =
                    length.as_number().and_then(|n| sum.times(n)).and_then(|s| s.plus(form, 1))
            {
                sum = next;
                continue;
            }
            let before = text.take().unwrap_or_else(|| w.render(&sum));
            let count = w.count(&length);
            let rows = match before.text.as_str() {
                "0" => None,
                "1" => Some(count),
                _ => Some(infix("*", Class::Product, &before, &count)),
            };
            text = Some(match (rows, form.as_number()) {
                (None, _) => w.render(form),
                (Some(rows), Some(0)) => rows,
                (Some(rows), _) => {
                    let index = w.render(form);
                    Piece::of(format!("{} + {}", rows.text, index.text), Class::Sum, &[&rows, &index])
                }
            });
        }
        let index = text.unwrap_or_else(|| w.render(&sum));
        Piece::of(format!("{}[{}]", name.text, index.text), Class::Call, &[&name, &index])
    }

    /// The length along an axis, from the variable that keeps it.
    fn measured(&self, w: &mut Writer<'_>, array: Local, axis: usize) -> Piece {
        let array = w.resolve(array);
        match w.length(array, axis) {
            Some(form) => {
                let mut piece = w.count(&form);
                if w.variable[array.0 as usize] {
                    piece.reads.push(array);
                }
                piece
            }
            None => Piece::literal("0"),
        }
    }

    fn passed(&self, w: &mut Writer<'_>, array: Local, _: bool) -> Piece {
        w.array_name(array)
    }

    fn call(
        &self,
        w: &mut Writer<'_>,
        dst: &[Local],
        callee: (&Signature, FnId),
        args: &[Local],
    ) -> Result<(), EmitError> {
        frame::call(w, dst, callee, args)
    }

    fn finish(&self, w: &mut Writer<'_>, signature: &Signature) {
        frame::finish(w, signature);
    }
}
