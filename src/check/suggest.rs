//! "Did you mean …?": the nearest name by edit distance.

/// The candidate nearest to a misspelt name, if one is near.
pub fn nearest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    nearest_of(name, candidates, std::iter::empty())
}

/// The same among the names of the file and the others: of equally near ones, the file's own.
pub fn nearest_of<'a>(
    name: &str,
    own: impl Iterator<Item = &'a str>,
    others: impl Iterator<Item = &'a str>,
) -> Option<&'a str> {
    let wanted: Vec<char> = folded(name);
    let limit = match wanted.len() {
        0 => return None,
        1..=4 => 1,
        more => more / 3 + usize::from(more > 6),
    };
    // The distance, whether it is another's, and the name, so that the answer does not hang on their order.
    let mut best: Option<(usize, bool, &str)> = None;
    let all = own.map(|name| (false, name)).chain(others.map(|name| (true, name)));
    for (other, candidate) in all {
        let given: Vec<char> = folded(candidate);
        // For names of one or two letters a single change is a different name, unless a key was pressed twice.
        let doubled = wanted.len() == 2 && wanted[0] == wanted[1] && wanted[..1] == given[..];
        if given.len().abs_diff(wanted.len()) > limit || (wanted.len().min(given.len()) < 2 && !doubled) {
            continue;
        }
        let distance = distance(&wanted, &given);
        let nearer = best.is_none_or(|best| (distance, other, candidate) < best);
        if distance <= limit && distance < wanted.len().max(given.len()) && nearer {
            best = Some((distance, other, candidate));
        }
    }
    best.map(|(_, _, name)| name)
}

/// The letters of a name: capitals are no different name to who mistypes one.
fn folded(name: &str) -> Vec<char> {
    name.chars().flat_map(char::to_lowercase).collect()
}

/// How many insertions, deletions, changes and swaps of neighbours make one word the other.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut rows = [vec![0; b.len() + 1], (0..=b.len()).collect::<Vec<_>>(), vec![0; b.len() + 1]];
    for i in 1..=a.len() {
        let [before, above, row] = &mut rows;
        row[0] = i;
        for j in 1..=b.len() {
            let change = above[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            row[j] = change.min(above[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        rows.rotate_left(1);
    }
    rows[1][b.len()]
}

#[cfg(test)]
mod tests {
    use super::{nearest, nearest_of};

    #[test]
    fn finds_slips_and_refuses_strangers() {
        let names = ["sin", "cos", "sinh", "softmax", "logsumexp", "x"];
        assert_eq!(nearest("sni", names.into_iter()), Some("sin"));
        assert_eq!(nearest("sotfmax", names.into_iter()), Some("softmax"));
        assert_eq!(nearest("banana", names.into_iter()), None);
        assert_eq!(nearest("y", names.into_iter()), None);
        assert_eq!(nearest("Cos", names.into_iter()), Some("cos"));
        assert_eq!(nearest("foo", names.into_iter()), None);
    }

    #[test]
    fn own_names_win_at_equal_distance() {
        let of = |name, own: &[&'static str]| {
            nearest_of(name, own.iter().copied(), ["pi", "sin", "y"].into_iter())
        };
        assert_eq!(of("pp", &["p"]), Some("p"));
        assert_eq!(of("pp", &[]), Some("pi"));
        assert_eq!(of("sim", &["slm"]), Some("slm"));
        assert_eq!(of("sinn", &["sibm", "other"]), Some("sin"));
        assert_eq!(of("ab", &["a"]), None);
    }
}
