//! Names and numbers as marks.

use super::mark::{Accent, Form, Mark, Sign};
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

const ACCENTS: &[(&str, Accent)] = &[
    ("bar", Accent::Bar),
    ("dot", Accent::Dot),
    ("hat", Accent::Hat),
    ("tilde", Accent::Tilde),
    ("vec", Accent::Vector),
];

/// The Greek letter with this name.
pub(super) fn greek_letter(name: &str) -> Option<char> {
    GREEK.iter().find(|(known, _)| *known == name).map(|&(_, letter)| letter)
}

/// The name of a Greek letter.
pub(super) fn greek_name(letter: char) -> Option<&'static str> {
    GREEK.iter().find(|(_, known)| *known == letter).map(|&(name, _)| name)
}

/// A name: `theta_1` is θ with the index 1, `x_bar` is x with a bar, `d2f_dx2` a quotient of differentials.
/// if what it names is known, or a letter.
pub(super) fn name_marks(text: &str, known: &dyn Fn(&str) -> bool) -> Vec<Mark> {
    if matches!(text, "inf" | "∞") {
        return vec![Mark::Sign(Sign::Infinity)];
    }
    quotient(text, known).unwrap_or_else(|| plain(text))
}

/// `df_dx`, `d3f_dx2dy`: a derivative, as `diff` names it.
fn quotient(text: &str, known: &dyn Fn(&str) -> bool) -> Option<Vec<Mark>> {
    let (above, below) = text.strip_prefix('d')?.split_once("_d")?;
    let function = above.trim_start_matches(|c: char| c.is_ascii_digit());
    let order: usize = match &above[..above.len() - function.len()] {
        "" => 1,
        digits => digits.parse().ok()?,
    };
    let by: Vec<(&str, usize)> = if order == 1 { vec![(below, 1)] } else { factors(below, order)? };
    let letter = |text: &str| {
        let (stem, _) = split_number(text);
        stem.chars().count() == 1 && stem.chars().all(char::is_alphabetic) || greek_letter(stem).is_some()
    };
    let sound = |text: &str| text.starts_with(char::is_alphabetic) && (known(text) || letter(text));
    if !sound(function) || !by.iter().all(|(variable, _)| sound(variable)) {
        return None;
    }
    let mut marks = vec![Mark::At(Form::Fraction, 0)];
    marks.extend(power(Mark::Sign(Sign::Partial), order));
    marks.extend(plain(function));
    marks.push(Mark::At(Form::Fraction, 1));
    for (at, (variable, times)) in by.into_iter().enumerate() {
        marks.extend((at > 0).then_some(Mark::Sign(Sign::Juxtaposed)));
        marks.push(Mark::Sign(Sign::Partial));
        marks.extend(raised(plain(variable), times));
    }
    marks.push(Mark::At(Form::Fraction, 2));
    Some(marks)
}

/// The variables of `x2dy`, with how often each occurs; `order` times in all.
fn factors(text: &str, order: usize) -> Option<Vec<(&str, usize)>> {
    let mut left = order;
    let mut rest = text;
    let mut found = Vec::new();
    while left > 0 {
        // A variable ends where the next differential begins: at each `d`, the first that comes out even.
        let next = rest.match_indices('d').map(|(at, _)| at).filter(|&at| at > 0);
        let ends = next.chain([rest.len()]);
        let mut taken = None;
        for end in ends {
            let (stem, times) = times(&rest[..end]);
            let last = end == rest.len();
            if stem.starts_with(char::is_alphabetic) && ((last && times == left) || (!last && times < left)) {
                taken = Some((stem, times, end));
                break;
            }
        }
        let (stem, times, end) = taken?;
        found.push((stem, times));
        left -= times;
        rest = rest[end..].strip_prefix('d').unwrap_or_default();
    }
    rest.is_empty().then_some(found)
}

/// `x2` is x twice.
fn times(text: &str) -> (&str, usize) {
    let stem = text.trim_end_matches(|c: char| c.is_ascii_digit());
    (stem, text[stem.len()..].parse().unwrap_or(1))
}

/// A base, with its exponent unless that is 1.
pub(super) fn raised(base: Vec<Mark>, exponent: usize) -> Vec<Mark> {
    if exponent == 1 {
        return base;
    }
    let mut marks = vec![Mark::At(Form::Sup, 0)];
    marks.extend(base);
    marks.extend([Mark::At(Form::Sup, 1), Mark::Digits(exponent.to_string()), Mark::At(Form::Sup, 2)]);
    marks
}

/// `∂`, `∂²`
pub(super) fn power(sign: Mark, order: usize) -> Vec<Mark> {
    raised(vec![sign], order)
}

fn plain(text: &str) -> Vec<Mark> {
    let mut parts = text.split('_').filter(|part| !part.is_empty());
    let Some(first) = parts.next() else { return vec![Mark::Word(text.to_string())] };
    let (stem, number) = split_number(first);
    let mut base = word(stem);
    let mut below: Vec<Vec<Mark>> = number.into_iter().map(|digits| vec![Mark::Digits(digits)]).collect();
    let accented = |base: Vec<Mark>, accent: Accent| {
        let form = Form::Accent(accent);
        [Mark::At(form, 0)].into_iter().chain(base).chain([Mark::At(form, 1)]).collect()
    };
    for part in parts {
        let accent = |word: &str| ACCENTS.iter().find(|(accent, _)| *accent == word).map(|found| found.1);
        // `x_bar2`: the number belongs to the name.
        let (stem, number) = if accent(part).is_some() { (part, None) } else { split_number(part) };
        match accent(stem) {
            Some(accent) => base = accented(base, accent),
            None => below.push(word(stem)),
        }
        below.extend(number.map(|digits| vec![Mark::Digits(digits)]));
    }
    if below.is_empty() {
        return base;
    }
    let mut marks = vec![Mark::At(Form::Sub, 0)];
    marks.extend(base);
    marks.push(Mark::At(Form::Sub, 1));
    for (at, part) in below.into_iter().enumerate() {
        marks.extend((at > 0).then_some(Mark::Sign(Sign::IndexComma)));
        marks.extend(part);
    }
    marks.push(Mark::At(Form::Sub, 2));
    marks
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

fn word(text: &str) -> Vec<Mark> {
    if let Some(letter) = greek_letter(text) {
        return vec![Mark::Letter(letter)];
    }
    let special = |c: char| match c {
        '∂' => Mark::Sign(Sign::Partial),
        '∇' => Mark::Sign(Sign::Nabla),
        letter => Mark::Letter(letter),
    };
    let mut chars = text.chars();
    match (chars.next(), chars.next()) {
        (Some(c), None) if c.is_ascii_digit() => vec![Mark::Digits(text.to_string())],
        (Some(c), None) => vec![special(c)],
        _several if text.chars().all(|c| c.is_ascii_digit()) => vec![Mark::Digits(text.to_string())],
        (Some(c @ ('∂' | '∇')), Some(_)) => {
            [special(c)].into_iter().chain(word(&text[c.len_utf8()..])).collect()
        }
        _several => vec![Mark::Word(text.to_string())],
    }
}

/// A number in the shortest form that reads back to the same double.
pub(super) fn number_marks(value: f64) -> Vec<Mark> {
    if value.is_nan() {
        return vec![Mark::Word("NaN".to_string())];
    }
    if value.is_sign_negative() {
        return [Mark::Sign(Sign::Negative)].into_iter().chain(number_marks(-value)).collect();
    }
    if value.is_infinite() {
        return vec![Mark::Sign(Sign::Infinity)];
    }
    let text = format!("{value:?}");
    let digits = |text: &str| Mark::Digits(text.strip_suffix(".0").unwrap_or(text).to_string());
    let Some((mantissa, exponent)) = text.split_once('e') else { return vec![digits(&text)] };
    let mut marks = Vec::new();
    if !matches!(mantissa, "1.0" | "1") {
        marks.extend([digits(mantissa), Mark::Sign(Sign::Dot)]);
    }
    marks.extend([Mark::At(Form::Sup, 0), Mark::Digits("10".to_string()), Mark::At(Form::Sup, 1)]);
    if exponent.starts_with('-') {
        marks.push(Mark::Sign(Sign::Negative));
    }
    marks.extend([Mark::Digits(exponent.trim_start_matches('-').to_string()), Mark::At(Form::Sup, 2)]);
    marks
}

/// How tightly a number binds.
pub(super) fn number_level(value: f64) -> u8 {
    if value.is_nan() || value == f64::INFINITY {
        ATOM
    } else if value.is_sign_negative() {
        NEG
    } else if format!("{value:?}").contains('e') {
        PRODUCT
    } else {
        ATOM
    }
}
