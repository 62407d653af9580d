//! The operations of a graph as the signs of mathematics; a dot stands for an operand.

use crate::primitive::Prim;
use crate::syntax::print::decimal;

/// An operation in a box: what is written there, and which operand is which where that matters.
pub struct Shown {
    pub label: String,
    pub roles: &'static [&'static str],
}

/// An operation of which some operands are numbers; those are written in the box.
pub fn shown(p: Prim, operands: &[Option<f64>]) -> Shown {
    let number = |at: usize| operands.get(at).copied().flatten().map(decimal);
    let plain = |label: String| Shown { label, roles: &[] };
    match (p, number(0), number(1)) {
        (Prim::ADD, None, None) => plain("· + ·".to_string()),
        (Prim::ADD, None, Some(c)) | (Prim::ADD, Some(c), _) => plain(format!("· + {c}")),
        (Prim::MUL, None, None) => plain("· × ·".to_string()),
        (Prim::MUL, None, Some(c)) | (Prim::MUL, Some(c), _) => plain(format!("{c} × ·")),
        (Prim::SUB, None, None) => Shown { label: "a − b".to_string(), roles: &["a", "b"] },
        (Prim::SUB, None, Some(c)) => plain(format!("· − {c}")),
        (Prim::SUB, Some(c), _) => plain(format!("{c} − ·")),
        (Prim::DIV, None, None) => Shown { label: "a ÷ b".to_string(), roles: &["a", "b"] },
        (Prim::DIV, None, Some(c)) => plain(format!("· ÷ {c}")),
        (Prim::DIV, Some(c), _) => plain(format!("{c} ÷ ·")),
        (Prim::POW, None, None) => Shown { label: "a ^ b".to_string(), roles: &["a", "b"] },
        (Prim::POW, None, Some(c)) => plain(raised(&c)),
        (Prim::POW, Some(c), _) => plain(format!("{c} ^ ·")),
        (Prim::NEG, ..) => plain("−·".to_string()),
        (Prim::SQRT, ..) => plain("√·".to_string()),
        (Prim::ABS, ..) => plain("|·|".to_string()),
        _function => function(p.name(), operands),
    }
}

/// A power with a fixed exponent: `·²`.
fn raised(exponent: &str) -> String {
    let small = |c: char| match c {
        '0' => Some('⁰'),
        '1' => Some('¹'),
        '2' => Some('²'),
        '3' => Some('³'),
        '4'..='9' => char::from_u32('⁴' as u32 + (c as u32 - '4' as u32)),
        '-' => Some('⁻'),
        _other => None,
    };
    let digits: Option<String> = exponent.chars().map(small).collect();
    digits.map_or_else(|| format!("· ^ {exponent}"), |digits| format!("·{digits}"))
}

fn function(name: &str, operands: &[Option<f64>]) -> Shown {
    const ROLES: [&str; 4] = ["a", "b", "c", "d"];
    let symmetric = matches!(name, "max" | "min" | "hypot" | "logaddexp");
    if operands.len() > 1 && symmetric && operands.iter().all(Option::is_none) {
        return Shown { label: format!("{name}({})", vec!["·"; operands.len()].join(", ")), roles: &[] };
    }
    let open = operands.iter().filter(|operand| operand.is_none()).count();
    let mut left = 0;
    let mut argument = |operand: &Option<f64>| match operand {
        Some(x) => decimal(*x),
        None if open == 1 => "·".to_string(),
        None => {
            left += 1;
            ROLES[(left - 1).min(3)].to_string()
        }
    };
    let args: Vec<String> = operands.iter().map(&mut argument).collect();
    let roles: &'static [&'static str] = if open > 1 {
        &["a", "b", "c", "d", "d", "d", "d", "d", "d", "d", "d", "d"][..open.min(12)]
    } else {
        &[]
    };
    Shown { label: format!("{name}({})", args.join(", ")), roles }
}
