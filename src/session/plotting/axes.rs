//! Which arguments of a function vary, over which ranges; and the values of the others.

use super::Request;
use crate::check::{Signature, Ty};
use crate::eval::Value;
use crate::picture::letters::clipped;
use crate::refuse;
use crate::session::evaluate::{at_point, global_values, value_of};
use crate::session::point::Given;
use crate::session::{Session, suggestion};
use crate::syntax::diagnostic::Code;
use anyhow::Result;

/// A range as it was given.
pub struct Range {
    pub name: Option<String>,
    pub ends: (f64, f64),
    pub in_pi: bool,
}

/// A function with values for all its arguments, some of which are to vary.
pub struct Bound {
    pub signature: Signature,
    pub args: Vec<Value>,
    /// For each axis the name and the place of the argument.
    pub axes: Vec<(String, usize)>,
    /// `f(x, 2)`
    pub call: String,
}

/// Reads a range of an option.
pub fn range(session: &mut Session, text: &str, option: &str) -> Result<Range> {
    let (name, ends) = match text.split_once('=') {
        Some((name, ends)) => (Some(name.trim().to_string()), ends),
        None => (None, text),
    };
    let Some((low, high)) = ends.split_once("..") else {
        refuse!(
            Code::Range,
            "`{option} {text}` is no range: write LOW..HIGH, such as `{option} -3..3` or `{option} t=0..2*pi`"
        );
    };
    let mut end = |text: &str| -> Result<f64> {
        let datum = value_of(session, option, &Ty::Real, &Given::Text(text.trim().to_string()))?;
        Ok(datum.entries().first().map_or(f64::NAN, |(_, x)| *x))
    };
    let found = (end(low)?, end(high)?);
    let width = found.1 - found.0;
    if !(width.is_finite() && width > 1e-12 * found.0.abs().max(found.1.abs())) {
        refuse!(Code::Range, "the range `{option} {text}` is empty or not finite: write the lower end first");
    }
    Ok(Range { name, ends: found, in_pi: ends.contains("pi") || ends.contains('π') })
}

/// Gives values to the arguments that do not vary, and finds those that do.
pub fn bind(
    session: &mut Session,
    signature: Signature,
    x: &Range,
    y: Option<&Range>,
    request: &Request,
) -> Result<Bound> {
    let f = &signature.name;
    if signature.result != Ty::Real {
        refuse!(
            Code::Question,
            "`{f}` has no single real result to draw; define a function of one of its parts"
        );
    }
    let given = |name: &str| request.at.iter().any(|(known, _)| known == name);
    let free: Vec<String> =
        signature.params.iter().map(|(name, _)| name.clone()).filter(|name| !given(name)).collect();
    let first = axis(session, &signature, x, &free, &[], "x")?;
    let rest: Vec<String> = free.iter().filter(|name| **name != first).cloned().collect();
    // For a function of one variable, the second range is that of its values.
    let second = match y {
        Some(y) if y.name.is_some() || !rest.is_empty() => {
            Some(axis(session, &signature, y, &rest, std::slice::from_ref(&first), "y")?)
        }
        _one => None,
    };
    let names: Vec<String> = [Some(first), second].into_iter().flatten().collect();
    if let Some(open) = rest.iter().find(|name| !names.contains(name)) {
        let real = signature.params.iter().any(|(name, ty)| name == open && *ty == Ty::Real);
        let map = match (real, &names[..]) {
            (true, [_]) => format!(", or draw a contour map with --y {open}=LOW..HIGH"),
            _other => String::new(),
        };
        refuse!(
            Code::NoValue,
            "`{f}` has the parameter `{open}` too: give it a value with --at {open}=…{map}"
        );
    }
    let mut at = request.at.clone();
    let own = |name: &String| signature.params.iter().any(|(known, _)| known == name);
    let placeholder = |name: &String| (name.clone(), Given::Text("0".to_string()));
    at.extend(names.iter().filter(|name| own(name)).map(placeholder));
    let mut set = request.set.clone();
    set.extend(names.iter().filter(|name| !own(name)).map(placeholder));
    let point = at_point(session, &signature, &at)?;
    let shown = point.iter().map(|(name, datum)| match names.contains(name) {
        true => name.clone(),
        false => clipped(&datum.text(), 12),
    });
    let call = format!("{f}({})", shown.collect::<Vec<_>>().join(", "));
    let mut args = Vec::new();
    point.into_iter().for_each(|(_, datum)| datum.into_flat(&mut args));
    args.extend(global_values(session, &signature, &set)?);
    let places = places(session, &signature);
    let place = |name: String| {
        let found = places.iter().find(|(known, _)| *known == name).map_or(0, |(_, place)| *place);
        (name, found)
    };
    let axes = names.into_iter().map(place).collect();
    Ok(Bound { args, axes, call, signature })
}

/// The argument that a range is for: as it says, else by the name of the axis, else the first.
fn axis(
    session: &Session,
    signature: &Signature,
    range: &Range,
    free: &[String],
    taken: &[String],
    own: &str,
) -> Result<String> {
    let f = &signature.name;
    let types: Vec<(String, Ty)> = session
        .parameters(signature)
        .into_iter()
        .chain(session.globals(signature).into_iter().map(|(_, v)| v))
        .map(|v| (v.name, v.ty))
        .collect();
    let by_name = free.iter().find(|name| *name == own).or(free.first());
    let Some(name) = range.name.as_ref().or(by_name) else {
        refuse!(Code::Question, "no parameter of `{f}` is left to vary: leave one out of --at");
    };
    let Some((_, ty)) = types.iter().find(|(known, _)| known == name) else {
        let names: Vec<&str> = types.iter().map(|(name, _)| name.as_str()).collect();
        refuse!(Code::NoSuchVariable, "`{f}` has no parameter `{name}`{}", suggestion(name, &names));
    };
    if *ty != Ty::Real {
        refuse!(
            Code::Range,
            "`{name}` of `{f}` is no real number: give it a value with --at {name}=…, and name the one to vary, as in --{own} NAME=LOW..HIGH"
        );
    }
    if taken.contains(name) {
        refuse!(Code::Question, "`{name}` cannot vary along both axes");
    }
    Ok(name.clone())
}

/// The place of each parameter and `param` among the flat arguments.
fn places(session: &Session, signature: &Signature) -> Vec<(String, usize)> {
    let params = session.parameters(signature).into_iter();
    let all = params.chain(session.globals(signature).into_iter().map(|(_, v)| v));
    let mut next = 0;
    all.map(|variable| {
        let place = next;
        next += variable.leaves.len();
        (variable.name, place)
    })
    .collect()
}
