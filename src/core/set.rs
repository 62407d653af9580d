//! Sets of binders, as sorted interned lists.

use super::{Graph, List};

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

    /// The union of many sets.
    pub(super) fn union_all(&mut self, sets: &[List]) -> List {
        if let [only] = sets {
            return *only;
        }
        let mut words: Vec<u32> = sets.iter().flat_map(|&set| self.words(set)).copied().collect();
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
