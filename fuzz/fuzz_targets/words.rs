//! Words of the notation in any order.
#![no_main]

#[path = "../../tests/random/swallow.rs"]
mod swallow;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let words = data.iter().map(|&byte| swallow::WORDS[byte as usize % swallow::WORDS.len()]);
    swallow::swallow(&format!("f(x) = {}", words.collect::<Vec<_>>().join(" ")));
});
