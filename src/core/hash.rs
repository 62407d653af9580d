//! Hashing of nodes and lists: multiplicative, since the keys are small words that no adversary
//! chooses.

use crate::primitive::Prim;
use std::hash::{Hash, Hasher};

#[derive(Debug, Default)]
struct WordHasher(u64);

impl WordHasher {
    fn add(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
}

impl Hasher for WordHasher {
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.add(u64::from_le_bytes(word));
        }
    }

    fn write_u8(&mut self, word: u8) {
        self.add(word as u64);
    }

    fn write_u16(&mut self, word: u16) {
        self.add(word as u64);
    }

    fn write_u32(&mut self, word: u32) {
        self.add(word as u64);
    }

    fn write_isize(&mut self, word: isize) {
        self.add(word as u64);
    }

    fn finish(&self) -> u64 {
        // The high bits are the well mixed ones.
        of_half((self.0 >> 32) as u32)
    }
}

/// The hash of which this is the lower half: a table takes low bits and the top seven.
pub fn of_half(half: u32) -> u64 {
    u64::from(half) << 32 | u64::from(half)
}

/// The hash of a node.
pub fn of(key: &impl Hash) -> u64 {
    let mut hasher = WordHasher::default();
    key.hash(&mut hasher);
    hasher.finish()
}

/// The hash of the words of a list.
pub fn of_words(words: &[u32]) -> u64 {
    let mut hasher = WordHasher(words.len() as u64);
    words.iter().for_each(|&word| hasher.add(word as u64));
    hasher.finish()
}

/// The hash of a primitive with its arguments; two arguments in either order have the same.
pub fn of_prim(p: Prim, mut args: impl ExactSizeIterator<Item = u32>) -> u64 {
    let mut hasher = WordHasher::default();
    p.hash(&mut hasher);
    if args.len() == 2
        && let (Some(a), Some(b)) = (args.next(), args.next())
    {
        hasher.add(u64::from(a.min(b)));
        hasher.add(u64::from(a.max(b)));
    }
    args.for_each(|arg| hasher.add(u64::from(arg)));
    hasher.finish()
}
