//! Sets of binders, as sorted interned lists, and the hasher of the arena.

use super::{Graph, List};
use std::hash::BuildHasherDefault;

/// Multiplicative hashing: the keys are small words, not chosen by an adversary.
#[derive(Debug, Default, Clone, Copy)]
pub struct WordHasher(u64);

pub type Hasher = BuildHasherDefault<WordHasher>;

impl WordHasher {
    fn add(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
}

impl std::hash::Hasher for WordHasher {
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

    fn write_u64(&mut self, word: u64) {
        self.add(word);
    }

    fn write_usize(&mut self, word: usize) {
        self.add(word as u64);
    }

    fn finish(&self) -> u64 {
        let mut hasher = *self;
        hasher.add(0);
        hasher.0 ^ (hasher.0 >> 32)
    }
}

impl Graph {
    /// The union of two sets.
    pub(super) fn union(&mut self, a: List, b: List) -> List {
        if a == b || self.words(b).is_empty() {
            return a;
        }
        if self.words(a).is_empty() {
            return b;
        }
        let mut words: Vec<u32> = self.words(a).iter().chain(self.words(b)).copied().collect();
        words.sort_unstable();
        words.dedup();
        self.list(&words)
    }

    /// The set without these elements.
    pub(super) fn without(&mut self, set: List, gone: &[u32]) -> List {
        if !self.words(set).iter().any(|w| gone.contains(w)) {
            return set;
        }
        let words: Vec<u32> = self.words(set).iter().copied().filter(|w| !gone.contains(w)).collect();
        self.list(&words)
    }
}
