//! Any bytes that are text.
#![no_main]

#[path = "../../tests/random/swallow.rs"]
#[allow(dead_code)]
mod swallow;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    if let Ok(text) = std::str::from_utf8(data) {
        swallow::swallow(text);
    }
});
