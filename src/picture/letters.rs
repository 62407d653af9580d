//! How much room text takes in a picture, and how it is made safe in a document.

/// The size of the text of boxes.
pub const SIZE: f64 = 13.0;

/// Fonts whose letters are all as wide, so that a picture knows how much room its text takes.
pub const FONTS: &str = "ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace";

/// The widest letter of these fonts, as a part of their size.
const LETTER: f64 = 0.61;

/// The width of a text at the size of the text of boxes.
pub fn width(text: &str) -> f64 {
    text.chars().map(cells).sum::<f64>() * LETTER * SIZE
}

/// How many letters' width a letter takes: what another font may have to stand in for takes more.
fn cells(letter: char) -> f64 {
    match letter {
        // Marks above and below the letter before them.
        '\u{300}'..='\u{36f}' => 0.0,
        ' '..='~' | 'α'..='ω' | 'Α'..='Ω' => 1.0,
        '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}' => 2.0,
        '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ff60}' | '\u{1f000}'.. => 2.0,
        _other => 1.2,
    }
}

/// Text inside an element or an attribute.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // Controls have no place in XML.
            c if c.is_control() && !matches!(c, '\n' | '\t') => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

/// A text of at most so many letters.
pub fn clipped(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_string();
    }
    text.chars().take(most - 1).chain(['…']).collect()
}

/// A length in a picture: one digit after the point.
pub fn length(x: f64) -> String {
    let text = format!("{:.1}", if x.abs() < 0.05 { 0.0 } else { x });
    text.strip_suffix(".0").map_or(text.clone(), str::to_string)
}

/// A number for a picture: six digits.
pub fn number(x: f64) -> String {
    if x == 0.0 || !x.is_finite() {
        return match x {
            x if x.is_nan() => "NaN".to_string(),
            x if x.is_infinite() => if x > 0.0 { "∞" } else { "−∞" }.to_string(),
            _zero => "0".to_string(),
        };
    }
    let exponent = x.abs().log10().floor();
    let text = if (-5.0..7.0).contains(&exponent) {
        let digits = (5.0 - exponent).clamp(0.0, 10.0) as usize;
        let text = format!("{x:.digits$}");
        match text.contains('.') {
            true => text.trim_end_matches('0').trim_end_matches('.').to_string(),
            false => text,
        }
    } else {
        let text = format!("{x:.5e}");
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let mantissa = match mantissa.contains('.') {
            true => mantissa.trim_end_matches('0').trim_end_matches('.'),
            false => mantissa,
        };
        format!("{mantissa}e{exponent}")
    };
    text.replace('-', "−")
}
