//! In which lines two texts differ, as `diff -u` prints it.

use std::fmt::Write;

/// Lines shown round a change.
const AROUND: usize = 3;

/// More changed lines than this are shown as one piece that is replaced by another.
const MOST_CHANGES: usize = 2000;

/// One step from the old text to the new one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Keep,
    Delete,
    Insert,
}

/// The number of the first line that differs, from 1; nothing if none does.
pub fn first_difference(old: &str, new: &str) -> Option<usize> {
    if old == new {
        return None;
    }
    Some(old.split('\n').zip(new.split('\n')).take_while(|(a, b)| a == b).count() + 1)
}

/// What to change in the old text to get the new one; empty if nothing.
pub fn unified(name: &str, old: &str, new: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) =
        (old.split_inclusive('\n').collect(), new.split_inclusive('\n').collect());
    let steps = steps(&old, &new);
    let mut text = String::new();
    for (from, to) in pieces(&steps) {
        if text.is_empty() {
            let _ = write!(text, "--- {name}\n+++ {name}\n");
        }
        piece(&mut text, &steps, (from, to), &old, &new);
    }
    text
}

/// The ranges of steps that hold changes, with the lines around them.
fn pieces(steps: &[Step]) -> Vec<(usize, usize)> {
    let mut pieces: Vec<(usize, usize)> = Vec::new();
    for at in (0..steps.len()).filter(|&at| steps[at] != Step::Keep) {
        let (from, to) = (at.saturating_sub(AROUND), (at + AROUND + 1).min(steps.len()));
        match pieces.last_mut() {
            Some((_, end)) if from <= *end => *end = to,
            Some(_) | None => pieces.push((from, to)),
        }
    }
    pieces
}

fn piece(text: &mut String, steps: &[Step], (from, to): (usize, usize), old: &[&str], new: &[&str]) {
    let count = |range: &[Step], not: Step| range.iter().filter(|step| **step != not).count();
    let (mut a, mut b) = (count(&steps[..from], Step::Insert), count(&steps[..from], Step::Delete));
    let (m, n) = (count(&steps[from..to], Step::Insert), count(&steps[from..to], Step::Delete));
    // A range without lines is named by the line before it.
    let start = |at: usize, len: usize| if len == 0 { at } else { at + 1 };
    let _ = writeln!(text, "@@ -{},{m} +{},{n} @@", start(a, m), start(b, n));
    for step in &steps[from..to] {
        let (sign, line) = match step {
            Step::Keep => (' ', old[a]),
            Step::Delete => ('-', old[a]),
            Step::Insert => ('+', new[b]),
        };
        a += usize::from(*step != Step::Insert);
        b += usize::from(*step != Step::Delete);
        let end = if line.ends_with('\n') { "" } else { "\n\\ No newline at end of file\n" };
        let _ = write!(text, "{sign}{line}{end}");
    }
}

/// A shortest way from one list of lines to the other, deletions first.
fn steps(old: &[&str], new: &[&str]) -> Vec<Step> {
    let same = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let rest = old.len().min(new.len()) - same;
    let tail = old.iter().rev().zip(new.iter().rev()).take(rest).take_while(|(a, b)| a == b).count();
    let (a, b) = (&old[same..old.len() - tail], &new[same..new.len() - tail]);
    let mut steps = vec![Step::Keep; same];
    steps.extend(shortest(a, b).unwrap_or_else(|| {
        let mut all = vec![Step::Delete; a.len()];
        all.resize(a.len() + b.len(), Step::Insert);
        all
    }));
    steps.resize(steps.len() + tail, Step::Keep);
    steps
}

/// By the greedy algorithm of Myers: how far one gets with so many changes, on each diagonal.
fn shortest(a: &[&str], b: &[&str]) -> Option<Vec<Step>> {
    let (m, n) = (a.len() as isize, b.len() as isize);
    let most = (a.len() + b.len()).min(MOST_CHANGES) as isize;
    let middle = most + 1;
    let mut furthest = vec![0isize; 2 * middle as usize + 1];
    let mut history: Vec<Vec<isize>> = Vec::new();
    for changes in 0..=most {
        // Only the diagonals that so many changes reach.
        history.push(furthest[(middle - changes - 1) as usize..=(middle + changes + 1) as usize].to_vec());
        for diagonal in (-changes..=changes).step_by(2) {
            let at = (middle + diagonal) as usize;
            let down = diagonal == -changes || (diagonal != changes && furthest[at - 1] < furthest[at + 1]);
            let mut x = if down { furthest[at + 1] } else { furthest[at - 1] + 1 };
            while x < m && x - diagonal < n && a[x as usize] == b[(x - diagonal) as usize] {
                x += 1;
            }
            furthest[at] = x;
            if x >= m && x - diagonal >= n {
                return Some(traced(&history, m, n));
            }
        }
    }
    None
}

/// The way back from the end; how far each number of changes got before it was the next one's turn.
fn traced(history: &[Vec<isize>], m: isize, n: isize) -> Vec<Step> {
    let (mut x, mut y) = (m, n);
    let mut steps = Vec::new();
    for (changes, furthest) in history.iter().enumerate().rev() {
        if changes == 0 {
            steps.resize(steps.len() + x as usize, Step::Keep);
            break;
        }
        let changes = changes as isize;
        let reached = |diagonal: isize| furthest[(diagonal + changes + 1) as usize];
        let diagonal = x - y;
        let down =
            diagonal == -changes || (diagonal != changes && reached(diagonal - 1) < reached(diagonal + 1));
        let before = if down { diagonal + 1 } else { diagonal - 1 };
        let from = reached(before);
        let changed = if down { from } else { from + 1 };
        steps.resize(steps.len() + (x - changed) as usize, Step::Keep);
        steps.push(if down { Step::Insert } else { Step::Delete });
        (x, y) = (from, from - before);
    }
    steps.reverse();
    steps
}

#[cfg(test)]
mod tests {
    use super::unified;

    /// What `patch` would make of it.
    fn patched(old: &str, patch: &str) -> String {
        let old: Vec<&str> = old.split_inclusive('\n').collect();
        let (mut new, mut at) = (String::new(), 0);
        let mut lines = patch.split_inclusive('\n').skip(2).peekable();
        while let Some(line) = lines.next() {
            let unended = lines.peek().is_some_and(|next| next.starts_with('\\'));
            let text = if unended { line[1..].trim_end_matches('\n') } else { &line[1..] };
            match line.as_bytes()[0] {
                b'@' => {
                    let (start, len) = line[4..].split_once(' ').unwrap().0.split_once(',').unwrap();
                    let start: usize = start.parse().unwrap();
                    let start = if len == "0" { start } else { start - 1 };
                    new.extend(old[at..start].iter().copied());
                    at = start;
                }
                b' ' | b'-' => {
                    assert_eq!(old[at], text);
                    at += 1;
                    if line.starts_with(' ') {
                        new.push_str(text);
                    }
                }
                b'+' => new.push_str(text),
                _ => {}
            }
        }
        new.extend(old[at..].iter().copied());
        new
    }

    #[test]
    fn a_difference_leads_from_one_text_to_the_other() {
        let mut seed = 7u64;
        let mut random = |n: u64| {
            seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (seed >> 33) % n
        };
        for _ in 0..2000 {
            let mut text = || {
                let lines: Vec<String> = (0..random(12)).map(|_| format!("{}\n", random(4))).collect();
                let end = if random(3) == 0 { "end" } else { "" };
                lines.concat() + end
            };
            let (old, new) = (text(), text());
            let patch = unified("f", &old, &new);
            assert_eq!(patch.is_empty(), old == new);
            assert_eq!(patched(&old, &patch), new, "{old:?} to {new:?}:\n{patch}");
        }
    }

    #[test]
    fn a_small_change_is_a_small_difference() {
        let old: String = (1..=20).map(|k| format!("{k}\n")).collect();
        let new = old.replace("10\n", "ten\n");
        assert_eq!(
            unified("f", &old, &new),
            "--- f\n+++ f\n@@ -7,7 +7,7 @@\n 7\n 8\n 9\n-10\n+ten\n 11\n 12\n 13\n"
        );
    }
}
