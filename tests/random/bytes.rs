//! Bytes and words in any order: an answer or an error, never a panic, for every text.

use super::generate::{self, Random};
use super::swallow::{WORDS, swallow};
use super::{judge, text};
use std::time::{Duration, Instant};

/// A text like a program: one with pieces taken out, doubled, moved, replaced.
fn mutated(r: &mut Random, seed: u64) -> String {
    let program = text::program(&generate::program(seed, 12));
    let mut pieces: Vec<String> = vec![];
    for c in program.chars() {
        let word = |c: char| c.is_alphanumeric() || c == '_';
        match pieces.last_mut() {
            Some(last) if word(c) && last.chars().all(word) => last.push(c),
            _ => pieces.push(c.to_string()),
        }
    }
    for _ in 0..1 + r.below(4) {
        let at = r.below(pieces.len());
        let other = r.below(pieces.len());
        match r.below(5) {
            0 => drop(pieces.remove(at)),
            1 => pieces.insert(at, pieces[other].clone()),
            2 => pieces.swap(at, other),
            3 => pieces[at] = r.pick(WORDS).to_string(),
            _ => pieces.insert(at, r.pick(WORDS).to_string()),
        }
        if pieces.is_empty() {
            break;
        }
    }
    pieces.concat()
}

/// Words, or bytes, in any order.
fn any(r: &mut Random) -> String {
    let count = r.below(40);
    if r.once_in(3) {
        let bytes: Vec<u8> = (0..count).map(|_| r.next() as u8).collect();
        return String::from_utf8_lossy(&bytes).into_owned();
    }
    let start = if r.once_in(2) { "f(x) = " } else { "" };
    (0..count).fold(start.to_string(), |text, _| {
        let space = if r.once_in(2) { " " } else { "" };
        text + space + r.pick(WORDS)
    })
}

#[test]
fn any_text_gets_an_answer() {
    judge::quiet();
    let (start, seconds) = (Instant::now(), super::number_of("ZGRAD_SECONDS").unwrap_or(6));
    let first = super::number_of("ZGRAD_SEED").unwrap_or(0);
    let mut failures = vec![];
    let mut count = 0;
    for seed in first.. {
        if start.elapsed() > Duration::from_secs(seconds) || count == 1_000_000 {
            break;
        }
        count += 1;
        let mut r = Random::new(seed);
        let text = if seed % 3 == 0 { any(&mut r) } else { mutated(&mut r, seed) };
        let before = Instant::now();
        if let Err(message) = judge::caught(|| swallow(&text)) {
            failures.push(format!("seed {seed}: {message}\n{text}"));
        }
        if before.elapsed() > Duration::from_secs(20) {
            failures.push(format!("seed {seed}: {:?}\n{text}", before.elapsed()));
        }
    }
    println!("{count} texts");
    assert!(failures.is_empty(), "{} fail:\n{}", failures.len(), failures.join("\n──\n"));
}
