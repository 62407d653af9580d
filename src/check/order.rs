//! Strongly connected components: an order of definitions in which each comes after those that it
//! uses, and those that use one another come together.

use super::scope::DefId;

/// The components of `count` definitions, users after used.
pub fn components<'a>(count: usize, uses: impl Fn(usize) -> &'a Vec<DefId>) -> Vec<Vec<DefId>> {
    const NEW: u32 = u32::MAX;
    let mut number = vec![NEW; count];
    let mut low = vec![NEW; count];
    let mut open = vec![false; count];
    let mut path: Vec<usize> = Vec::new();
    let mut found = Vec::new();
    let mut next = 0;
    for root in 0..count {
        if number[root] != NEW {
            continue;
        }
        let mut work = vec![(root, 0)];
        while let Some(&mut (def, ref mut at)) = work.last_mut() {
            if *at == 0 {
                (number[def], low[def], open[def]) = (next, next, true);
                next += 1;
                path.push(def);
            }
            if let Some(used) = uses(def).get(*at) {
                *at += 1;
                let used = used.0 as usize;
                if number[used] == NEW {
                    work.push((used, 0));
                } else if open[used] {
                    low[def] = low[def].min(number[used]);
                }
                continue;
            }
            work.pop();
            if let Some(&(user, _)) = work.last() {
                low[user] = low[user].min(low[def]);
            }
            if low[def] == number[def] {
                let start = path.iter().rposition(|&other| other == def).expect("it is on the path");
                let component: Vec<usize> = path.drain(start..).collect();
                component.iter().for_each(|&member| open[member] = false);
                found.push(component.into_iter().map(|member| DefId(member as u32)).collect());
            }
        }
    }
    found
}
