//! Colours for columns: those of a colour have no entry in a common row, so the sum of them shows each.

use super::Pattern;

/// More looks at neighbours are not worth the sweeps that they might save.
const MOST_LOOKS: usize = 200_000_000;

/// A colour for each column, and how many there are: those with the most entries first, each the smallest colour
/// that none of its neighbours has. Where rows are so full that looking for few is too much, each has its own.
pub fn columns(pattern: &Pattern) -> (Vec<u32>, usize) {
    let by_row = lists(pattern.rows, pattern.entries.iter().map(|&(row, column)| (row, column)));
    let looks = (0..pattern.rows).map(|row| by_row.of(row).len().saturating_pow(2)).sum::<usize>();
    if looks > MOST_LOOKS {
        return ((0..pattern.columns as u32).collect(), pattern.columns);
    }
    let by_column = lists(pattern.columns, pattern.entries.iter().map(|&(row, column)| (column, row)));
    let neighbours = |column: usize| {
        by_column.of(column).iter().flat_map(|&row| by_row.of(row as usize)).map(|&other| other as usize)
    };
    greedy(pattern.columns, |column| by_column.of(column).len(), neighbours)
}

/// Colours vertices, those of the highest degree first.
fn greedy<N: Iterator<Item = usize>>(
    count: usize,
    degree: impl Fn(usize) -> usize,
    neighbours: impl Fn(usize) -> N,
) -> (Vec<u32>, usize) {
    const NONE: u32 = u32::MAX;
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by_key(|&vertex| std::cmp::Reverse(degree(vertex)));
    let mut colors = vec![NONE; count];
    // For each colour the last vertex that had a neighbour of it.
    let mut taken: Vec<usize> = Vec::new();
    for vertex in order {
        for other in neighbours(vertex).filter(|&other| other != vertex) {
            if colors[other] != NONE {
                taken[colors[other] as usize] = vertex;
            }
        }
        let free = taken.iter().position(|&last| last != vertex).unwrap_or(taken.len());
        if free == taken.len() {
            taken.push(count);
        }
        colors[vertex] = free as u32;
    }
    (colors, taken.len())
}

/// Lists of numbers, one after another.
struct Lists {
    starts: Vec<usize>,
    items: Vec<u32>,
}

impl Lists {
    fn of(&self, list: usize) -> &[u32] {
        &self.items[self.starts[list]..self.starts[list + 1]]
    }
}

/// The second of each pair, by the first.
fn lists(count: usize, pairs: impl Iterator<Item = (u32, u32)> + Clone) -> Lists {
    let mut starts = vec![0; count + 1];
    pairs.clone().for_each(|(list, _)| starts[list as usize + 1] += 1);
    for list in 0..count {
        starts[list + 1] += starts[list];
    }
    let mut next = starts.clone();
    let mut items = vec![0; starts[count]];
    for (list, item) in pairs {
        items[next[list as usize]] = item;
        next[list as usize] += 1;
    }
    Lists { starts, items }
}
