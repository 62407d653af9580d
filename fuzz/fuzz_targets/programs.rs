//! Valid programs, which must keep every promise.
#![no_main]

#[path = "../../tests/random/builtin.rs"]
#[allow(dead_code)]
mod builtin;
#[path = "../../tests/random/generate.rs"]
#[allow(dead_code)]
mod generate;
#[path = "../../tests/random/judge.rs"]
#[allow(dead_code)]
mod judge;
#[path = "../../tests/random/number.rs"]
#[allow(dead_code)]
mod number;
#[path = "../../tests/random/oracle.rs"]
#[allow(dead_code)]
mod oracle;
#[path = "../../tests/random/point.rs"]
#[allow(dead_code)]
mod point;
#[path = "../../tests/random/text.rs"]
#[allow(dead_code)]
mod text;
#[path = "../../tests/random/tree.rs"]
#[allow(dead_code)]
mod tree;

libfuzzer_sys::fuzz_target!(|data: (u64, u8)| {
    let (seed, size) = data;
    let program = generate::program(seed, i32::from(size % 60));
    if let judge::Verdict::Fails { what, how } = judge::Case::new(&program, seed).judge() {
        panic!("{what}: {how}\n{}", text::program(&program));
    }
});
