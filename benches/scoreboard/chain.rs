//! `chain`: a formula of twelve inputs, composed until it has so many operations, without loops. Here zgrad itself is
//! timed, from the text of the formula to the text of its value and gradient in Rust.

use crate::clock::process_time;
use std::fmt::Write;
use std::path::Path;
use zgrad::session::Session;
use zgrad::session::emitting::{self, Asked, Part};

/// Operations of a step: each makes a value of four of the twelve before it.
const STEP: usize = 6;

pub fn run(full: bool) -> anyhow::Result<()> {
    if cfg!(debug_assertions) {
        println!("{:10} zgrad is not built for release here: these times mean little", "chain");
    }
    let sizes: &[usize] = if full { &[10_000, 100_000, 1_000_000] } else { &[1000, 10_000, 100_000] };
    let mut last: Option<(usize, f64)> = None;
    for &size in sizes {
        let text = formula(size);
        let start = process_time();
        let mut session = Session::from_text(Path::new("chain.math"), &text)?;
        let read = (process_time() - start) / 1e9;
        let asked = Asked { functions: &[], wrt: &[], parts: &[Part::Grad] };
        let code = emitting::rust(&mut session, asked, Default::default())?;
        let all = (process_time() - start) / 1e9;
        let growth = last.map_or("-".into(), |(before, time)| {
            format!("{:.2}", (all / time).ln() / (size as f64 / before as f64).ln())
        });
        println!(
            "{:10} {:26} {:.4} s to read, {:.4} s in all, {:.0} ns an operation, growth exponent {growth}, {} bytes of Rust",
            "chain",
            format!("{size} operations"),
            read,
            all,
            1e9 * all / size as f64,
            code.len(),
        );
        last = Some((size, all));
    }
    Ok(())
}

/// The text of the function.
fn formula(operations: usize) -> String {
    let steps = operations / STEP;
    let inputs: Vec<String> = (1..=12).map(|i| format!("v{i}")).collect();
    let mut text = format!("chain({}) =\n  let ", inputs.join(", "));
    for i in 13..13 + steps {
        let comma = if i == 13 { "" } else { ",\n      " };
        let [a, b, c, d] = [12, 5, 1, 7].map(|back| i - back);
        write!(text, "{comma}v{i} = sin(v{a})*v{b} + v{c}/(1 + v{d}^2)").expect("a string takes all");
    }
    write!(text, "\n  in v{}\n", 12 + steps).expect("a string takes all");
    text
}
