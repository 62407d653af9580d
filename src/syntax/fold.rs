//! One spelling per name: letters that look alike and symbols that stand for a word become the
//! same text before they are interned. Takes and gives text; knows nothing of the tree.

use std::borrow::Cow;

/// The spelling under which a name is interned: `π` is `pi`, the micro sign is the Greek letter.
pub fn fold(name: &str) -> Cow<'_, str> {
    if name.is_ascii() {
        return Cow::Borrowed(name);
    }
    match name {
        "π" | "𝜋" => return Cow::Borrowed("pi"),
        "∞" => return Cow::Borrowed("inf"),
        "∑" => return Cow::Borrowed("sum"),
        "∏" => return Cow::Borrowed("prod"),
        "ℝ" => return Cow::Borrowed("R"),
        "ℤ" => return Cow::Borrowed("Int"),
        "ℯ" => return Cow::Borrowed("e"),
        _ => {}
    }
    if name.chars().any(|c| look_alike(c) != c) {
        return Cow::Owned(name.chars().map(look_alike).collect());
    }
    Cow::Borrowed(name)
}

/// The letter that a compatibility sign stands for.
fn look_alike(c: char) -> char {
    match c {
        '\u{B5}' => 'μ',
        '\u{2126}' => 'Ω',
        '\u{212A}' => 'K',
        '\u{212B}' => 'Å',
        _ => c,
    }
}

/// A superscript as ordinary text: `⁻¹²` is `-12`, `ⁿ` is `n`.
pub fn lower(raised: &str) -> String {
    raised.chars().map(lower_char).collect()
}

fn lower_char(c: char) -> char {
    match c {
        '⁰' => '0',
        '¹' => '1',
        '²' => '2',
        '³' => '3',
        '⁴'..='⁹' => char::from(b'4' + (c as u32 - '⁴' as u32) as u8),
        '⁻' => '-',
        'ⁿ' => 'n',
        'ⁱ' => 'i',
        'ʲ' => 'j',
        'ᵏ' => 'k',
        'ᵐ' => 'm',
        'ˣ' => '×',
        other => other,
    }
}
