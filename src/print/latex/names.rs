//! Names and numbers in LaTeX.

use super::{ATOM, NEG, PRODUCT};

const GREEK: &[(&str, char)] = &[
    ("alpha", 'α'),
    ("beta", 'β'),
    ("gamma", 'γ'),
    ("delta", 'δ'),
    ("epsilon", 'ε'),
    ("zeta", 'ζ'),
    ("eta", 'η'),
    ("theta", 'θ'),
    ("iota", 'ι'),
    ("kappa", 'κ'),
    ("lambda", 'λ'),
    ("mu", 'μ'),
    ("nu", 'ν'),
    ("xi", 'ξ'),
    ("pi", 'π'),
    ("rho", 'ρ'),
    ("sigma", 'σ'),
    ("tau", 'τ'),
    ("upsilon", 'υ'),
    ("phi", 'φ'),
    ("chi", 'χ'),
    ("psi", 'ψ'),
    ("omega", 'ω'),
    ("Gamma", 'Γ'),
    ("Delta", 'Δ'),
    ("Theta", 'Θ'),
    ("Lambda", 'Λ'),
    ("Xi", 'Ξ'),
    ("Pi", 'Π'),
    ("Sigma", 'Σ'),
    ("Upsilon", 'Υ'),
    ("Phi", 'Φ'),
    ("Psi", 'Ψ'),
    ("Omega", 'Ω'),
];

const ACCENTS: &[(&str, &str)] =
    &[("bar", "\\bar"), ("dot", "\\dot"), ("hat", "\\hat"), ("tilde", "\\tilde"), ("vec", "\\vec")];

/// A name: `theta_1` is `\theta_{1}`, `x_bar` is `\bar{x}`, `df_dx` is `\frac{\partial f}{\partial x}`.
pub(super) fn latex_name(text: &str) -> String {
    if matches!(text, "inf" | "∞") {
        return "\\infty".to_string();
    }
    if let Some((above, below)) = text.strip_prefix('d').and_then(|rest| rest.split_once("_d"))
        && [above, below].iter().all(|part| part.starts_with(char::is_alphabetic))
    {
        return format!("\\frac{{\\partial {}}}{{\\partial {}}}", latex_name(above), latex_name(below));
    }
    let mut parts = text.split('_').filter(|part| !part.is_empty());
    let Some(first) = parts.next() else { return "\\_".to_string() };
    let (stem, number) = split_number(first);
    let mut base = word(stem);
    let mut below: Vec<String> = number.into_iter().collect();
    for part in parts {
        match ACCENTS.iter().find(|(accent, _)| *accent == part) {
            Some((_, accent)) => base = format!("{accent}{{{base}}}"),
            None => {
                // `x_bar2`: the number belongs to the name.
                let (stem, number) = split_number(part);
                match ACCENTS.iter().find(|(accent, _)| *accent == stem) {
                    Some((_, accent)) => base = format!("{accent}{{{base}}}"),
                    None => below.push(word(stem)),
                }
                below.extend(number);
            }
        }
    }
    if below.is_empty() { base } else { format!("{base}_{{{}}}", below.join(",")) }
}

/// The digits at the end of a word, small ones too.
fn split_number(part: &str) -> (&str, Option<String>) {
    let stem = part.trim_end_matches(|c: char| c.is_ascii_digit() || ('₀'..='₉').contains(&c));
    if stem.is_empty() || stem.len() == part.len() {
        return (part, None);
    }
    let digit =
        |c: char| if c.is_ascii_digit() { c } else { char::from(b'0' + (c as u32 - '₀' as u32) as u8) };
    (stem, Some(part[stem.len()..].chars().map(digit).collect()))
}

fn word(text: &str) -> String {
    if let Some((name, _)) = GREEK.iter().find(|(name, letter)| *name == text || text.chars().eq([*letter])) {
        return format!("\\{name}");
    }
    let mut chars = text.chars();
    match (chars.next(), chars.next()) {
        (Some('∂'), None) => "\\partial".to_string(),
        (Some('∇'), None) => "\\nabla".to_string(),
        (Some(_), None) => text.to_string(),
        _several if text.chars().all(|c| c.is_ascii_digit()) => text.to_string(),
        _several => format!("\\mathrm{{{}}}", text.replace('∂', "\\partial ").replace('∇', "\\nabla ")),
    }
}

/// A number in the shortest form that reads back to the same double, and how tightly it binds.
pub(super) fn latex_number(value: f64) -> (String, u8) {
    if value.is_nan() {
        return ("\\mathrm{NaN}".to_string(), ATOM);
    }
    if value.is_sign_negative() {
        return (format!("-{}", latex_number(-value).0), NEG);
    }
    if value.is_infinite() {
        return ("\\infty".to_string(), ATOM);
    }
    let text = format!("{value:?}");
    match text.split_once('e') {
        Some(("1.0" | "1", exponent)) => (format!("10^{{{exponent}}}"), PRODUCT),
        Some((mantissa, exponent)) => {
            (format!("{} \\cdot 10^{{{exponent}}}", mantissa.trim_end_matches(".0")), PRODUCT)
        }
        None => (text.trim_end_matches(".0").to_string(), ATOM),
    }
}
