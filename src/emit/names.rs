//! Identifiers: the author's names in ASCII, and names that are free.

use std::collections::{HashMap, HashSet};

/// Gives names that are in use nowhere else in a scope.
#[derive(Debug, Clone, Default)]
pub(super) struct Names<'a> {
    /// Names of an outer scope.
    outer: Option<&'a HashSet<String>>,
    used: HashSet<String>,
    /// The number to try next, for each name asked for before.
    next: HashMap<String, u32>,
}

impl<'a> Names<'a> {
    /// Names beside those of an outer scope.
    pub fn within(outer: &'a HashSet<String>) -> Names<'a> {
        Names { outer: Some(outer), ..Names::default() }
    }

    /// Takes the name if it is free.
    fn take(&mut self, name: &str) -> bool {
        !self.outer.is_some_and(|outer| outer.contains(name)) && self.used.insert(name.to_string())
    }

    /// Gives a name free: what had it is gone.
    pub fn release(&mut self, name: &str) {
        self.used.remove(name);
    }

    /// Takes these names out of use.
    pub fn reserve<'n>(&mut self, names: impl IntoIterator<Item = &'n str>) {
        self.used.extend(names.into_iter().map(str::to_string));
    }

    /// A free name of a letter and a number, counting from 1.
    pub fn numbered(&mut self, stem: char) -> String {
        let count = self.next.get(stem.encode_utf8(&mut [0; 4]) as &str).copied().unwrap_or(1);
        let mut number = count;
        loop {
            let name = format!("{stem}{number}");
            number += 1;
            if self.take(&name) {
                self.next.insert(stem.to_string(), number);
                return name;
            }
        }
    }

    /// A free name in the spirit of `wish`: itself, or numbered from 2.
    pub fn fresh(&mut self, wish: &str) -> String {
        if self.take(wish) {
            return wish.to_string();
        }
        let mut number = self.next.get(wish).copied().unwrap_or(2);
        loop {
            let name = format!("{wish}_{number}");
            number += 1;
            if self.take(&name) {
                self.next.insert(wish.to_string(), number);
                return name;
            }
        }
    }
}

/// The name in ASCII letters, digits and `_`, not beginning with a digit: `θ₁` is `theta1`, `x̂` is
/// `x_hat`. Different names may give the same.
pub fn ascii(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.chars() {
        match c {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '_' => out.push(c),
            _ => push_ascii(&mut out, c),
        }
    }
    if out.is_empty() || out.bytes().all(|b| b == b'_') {
        out.push('v');
    }
    if out.starts_with(|c: char| c.is_ascii_digit()) {
        out.insert(0, 'v');
    }
    out
}

/// Appends a character that is not ASCII.
fn push_ascii(out: &mut String, c: char) {
    if let Some(digit) = digit_of(c) {
        out.push(digit);
    } else if let Some(&(_, text)) = SPELLED.iter().find(|entry| entry.0 == c) {
        // Words that would run into a letter before them are set off.
        if text.len() > 2 && out.ends_with(|p: char| p.is_ascii_alphanumeric()) && !text.starts_with('_') {
            out.push('_');
        }
        out.push_str(text);
    } else if let Some(plain) = plain_letter(c) {
        out.push(plain);
    } else if c.is_alphanumeric() {
        out.push_str(&format!("u{:x}", c as u32));
    } else {
        out.push('_');
    }
}

/// The digit of a subscript or superscript.
fn digit_of(c: char) -> Option<char> {
    let from = |first: char| char::from_digit(c as u32 - first as u32, 10);
    match c {
        '₀'..='₉' => from('₀'),
        '⁰' | '⁴'..='⁹' => from('⁰'),
        '¹' => Some('1'),
        '²' => Some('2'),
        '³' => Some('3'),
        _ => None,
    }
}

/// A letter without its accent.
fn plain_letter(c: char) -> Option<char> {
    const ACCENTED: &[(char, &str)] = &[
        ('a', "àáâãäåāăąª"),
        ('c', "çćč"),
        ('d', "ďđ"),
        ('e', "èéêëēėęě"),
        ('g', "ğ"),
        ('i', "ìíîïīı"),
        ('l', "łľℓ"),
        ('n', "ñńň"),
        ('o', "òóôõöøō"),
        ('r', "řŕ"),
        ('s', "śšş"),
        ('t', "ťţ"),
        ('u', "ùúûüūů"),
        ('y', "ýÿ"),
        ('z', "źžż"),
        ('A', "ÀÁÂÃÄÅ"),
        ('C', "ÇĆČ"),
        ('E', "ÈÉÊË"),
        ('I', "ÌÍÎÏİ"),
        ('L', "Ł"),
        ('N', "Ñℕ"),
        ('O', "ÒÓÔÕÖØ"),
        ('R', "ℝ"),
        ('S', "ŚŠ"),
        ('U', "ÙÚÛÜ"),
        ('Z', "ŹŽŻℤ"),
    ];
    ACCENTED.iter().find(|entry| entry.1.contains(c)).map(|entry| entry.0)
}

/// Characters that are spelled out.
const SPELLED: &[(char, &str)] = &[
    ('α', "alpha"),
    ('β', "beta"),
    ('γ', "gamma"),
    ('δ', "delta"),
    ('ε', "epsilon"),
    ('ϵ', "epsilon"),
    ('ζ', "zeta"),
    ('η', "eta"),
    ('θ', "theta"),
    ('ϑ', "theta"),
    ('ι', "iota"),
    ('κ', "kappa"),
    ('λ', "lambda"),
    ('μ', "mu"),
    ('µ', "mu"),
    ('ν', "nu"),
    ('ξ', "xi"),
    ('ο', "o"),
    ('π', "pi"),
    ('ρ', "rho"),
    ('σ', "sigma"),
    ('ς', "sigma"),
    ('τ', "tau"),
    ('υ', "upsilon"),
    ('φ', "phi"),
    ('ϕ', "phi"),
    ('χ', "chi"),
    ('ψ', "psi"),
    ('ω', "omega"),
    ('Α', "Alpha"),
    ('Β', "Beta"),
    ('Γ', "Gamma"),
    ('Δ', "Delta"),
    ('Ε', "Epsilon"),
    ('Ζ', "Zeta"),
    ('Η', "Eta"),
    ('Θ', "Theta"),
    ('Ι', "Iota"),
    ('Κ', "Kappa"),
    ('Λ', "Lambda"),
    ('Μ', "Mu"),
    ('Ν', "Nu"),
    ('Ξ', "Xi"),
    ('Ο', "O"),
    ('Π', "Pi"),
    ('Ρ', "Rho"),
    ('Σ', "Sigma"),
    ('Τ', "Tau"),
    ('Υ', "Upsilon"),
    ('Φ', "Phi"),
    ('Χ', "Chi"),
    ('Ψ', "Psi"),
    ('Ω', "Omega"),
    ('Ω', "Omega"),
    ('∂', "d_"),
    ('∇', "grad_"),
    ('∆', "Delta"),
    ('∞', "infinity"),
    ('′', "_prime"),
    ('\'', "_prime"),
    ('″', "_second"),
    ('\u{302}', "_hat"),
    ('\u{303}', "_tilde"),
    ('\u{304}', "_bar"),
    ('\u{305}', "_bar"),
    ('\u{307}', "_dot"),
    ('\u{308}', "_ddot"),
    ('\u{20d7}', "_vec"),
    ('ẋ', "x_dot"),
    ('ẏ', "y_dot"),
    ('ż', "z_dot"),
    ('ẍ', "x_ddot"),
    ('ŷ', "y_hat"),
    ('ȳ', "y_bar"),
    ('ẑ', "z_hat"),
    ('ŵ', "w_hat"),
    ('ß', "ss"),
    ('æ', "ae"),
    ('œ', "oe"),
    ('₊', "_plus"),
    ('₋', "_minus"),
    ('⁺', "_plus"),
    ('⁻', "_minus"),
    ('*', "_star"),
    ('ₐ', "a"),
    ('ₑ', "e"),
    ('ₕ', "h"),
    ('ᵢ', "i"),
    ('ⱼ', "j"),
    ('ₖ', "k"),
    ('ₗ', "l"),
    ('ₘ', "m"),
    ('ₙ', "n"),
    ('ₒ', "o"),
    ('ₚ', "p"),
    ('ᵣ', "r"),
    ('ₛ', "s"),
    ('ₜ', "t"),
    ('ᵤ', "u"),
    ('ᵥ', "v"),
    ('ₓ', "x"),
];
