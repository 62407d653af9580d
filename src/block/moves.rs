//! Copies of arrays that nothing reads any more become moves, so that a sum or a state that goes
//! on from an array goes on in its place.

use super::{Local, LocalInfo, Stmt};

/// The arrays whose values are still to be read.
#[derive(Debug, Clone)]
struct Live(Vec<u64>);

impl Live {
    fn has(&self, local: Local) -> bool {
        self.0[local.0 as usize / 64] >> (local.0 % 64) & 1 == 1
    }

    fn add(&mut self, local: Local) {
        self.0[local.0 as usize / 64] |= 1 << (local.0 % 64);
    }

    fn remove(&mut self, local: Local) {
        self.0[local.0 as usize / 64] &= !(1 << (local.0 % 64));
    }

    fn join(&mut self, other: &Live) {
        self.0.iter_mut().zip(&other.0).for_each(|(a, b)| *a |= b);
    }
}

/// Numbers for the arrays among the locals, parameters left out.
struct Arrays {
    number: Vec<Option<u32>>,
}

impl Arrays {
    fn get(&self, local: Local) -> Option<Local> {
        self.number[local.0 as usize].map(Local)
    }
}

/// Makes moves of the copies in a procedure's body whose source is not read again.
pub(super) fn moves(body: &mut [Stmt], locals: &[LocalInfo], params: &[Local], results: &[Local]) {
    let mut copies = false;
    super::walk::each(body, &mut |stmt| copies |= matches!(stmt, Stmt::Clone { .. }));
    if !copies {
        return;
    }
    let mut count = 0;
    let number = locals.iter().enumerate().map(|(k, info)| {
        let own = info.ty.is_array() && !params.contains(&Local(k as u32));
        own.then(|| {
            count += 1;
            count - 1
        })
    });
    let arrays = Arrays { number: number.collect() };
    let mut live = Live(vec![0; count as usize / 64 + 1]);
    results.iter().filter_map(|&result| arrays.get(result)).for_each(|result| live.add(result));
    block(body, &arrays, &mut live, true);
}

/// Goes backwards over a block; `live` is what is read after it, then what is read from its start on.
fn block(stmts: &mut [Stmt], arrays: &Arrays, live: &mut Live, change: bool) {
    for stmt in stmts.iter_mut().rev() {
        match stmt {
            Stmt::If { then, els, .. } => {
                let mut other = live.clone();
                block(then, arrays, live, change);
                block(els, arrays, &mut other, change);
                live.join(&other);
            }
            Stmt::For { body, .. } => {
                let mut probe = live.clone();
                block(body, arrays, &mut probe, false);
                probe.join(live);
                block(body, arrays, &mut probe, change);
                live.join(&probe);
            }
            Stmt::While { head, body, .. } => {
                // Before the body's end the head is known to follow, and the end of the loop.
                let mut start = live.clone();
                block(head, arrays, &mut start, false);
                for pass in [false, true] {
                    let mut end = start.clone();
                    block(body, arrays, &mut end, pass && change);
                    end.join(live);
                    block(head, arrays, &mut end, pass && change);
                    start.join(&end);
                }
                *live = start;
            }
            Stmt::Clone { dst, src } => {
                let (dst, src) = (*dst, *src);
                arrays.get(dst).iter().for_each(|&dst| live.remove(dst));
                if let Some(number) = arrays.get(src) {
                    if change && !live.has(number) {
                        *stmt = Stmt::Move { dst, src };
                    }
                    live.add(number);
                }
            }
            simple => {
                simple.sets(|dst| arrays.get(dst).iter().for_each(|&dst| live.remove(dst)));
                simple.reads(|src| arrays.get(src).iter().for_each(|&src| live.add(src)));
                simple.updates().and_then(|a| arrays.get(a)).iter().for_each(|&array| live.add(array));
            }
        }
    }
}
