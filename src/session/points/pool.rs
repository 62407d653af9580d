//! Pieces of a stream through the threads of the machine, and back in their order.

use super::chunks::{Chunk, Chunks};
use crate::refuse;
use crate::syntax::diagnostic::Code;
use anyhow::Result;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread;

/// Pieces that are under way at once, for each thread.
const UNDER_WAY: usize = 3;

/// What the threads tell.
enum Sent<T> {
    /// What the piece with this number is made into, or why it cannot be read.
    Done(u64, Result<T>),
    /// A thread broke off.
    Broken,
}

/// What a piece is made into, by a thread of its own memory.
pub trait Work: Send + Sync + 'static {
    type Done: Send + 'static;

    /// Does all that `next` gives, and hands each over.
    fn work(&self, next: &mut dyn FnMut() -> Option<Chunk>, done: &mut dyn FnMut(u64, Self::Done));
}

/// Sends the first piece, if there is one, and all others through the threads; takes what comes of them in their
/// order. After an error the threads are not waited for: the one that reads may stand at a pipe that stays open.
pub fn run<W: Work>(
    work: &Arc<W>,
    first: Option<Chunk>,
    chunks: Chunks,
    mut take: impl FnMut(W::Done) -> Result<()>,
) -> Result<()> {
    let start = first.as_ref().map_or(chunks.number(), |chunk| chunk.number);
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let (done, results) = channel::<Sent<W::Done>>();
    let (tickets, permits) = sync_channel::<()>(threads * UNDER_WAY);
    for _ in 0..threads * UNDER_WAY {
        let _ = tickets.send(());
    }
    let (jobs, queue) = sync_channel::<Chunk>(threads);
    let queue = Arc::new(Mutex::new(queue));
    for _ in 0..threads {
        let (work, queue, done) = (Arc::clone(work), Arc::clone(&queue), done.clone());
        thread::spawn(move || worker(&*work, &queue, &done));
    }
    thread::spawn(move || {
        let mut first = first;
        let mut chunks = chunks;
        // A permit for each piece: whoever takes the results gives it back.
        while permits.recv().is_ok() {
            let number = chunks.number();
            match first.take().map_or_else(|| chunks.next(), |chunk| Ok(Some(chunk))) {
                Ok(Some(chunk)) => {
                    if jobs.send(chunk).is_err() {
                        return;
                    }
                }
                Ok(None) => return,
                Err(error) => return drop(done.send(Sent::Done(number, Err(error)))),
            }
        }
    });
    let mut waiting: BTreeMap<u64, Result<W::Done>> = BTreeMap::new();
    let mut next = start;
    for sent in results {
        let Sent::Done(number, result) = sent else {
            refuse!(Code::Interrupted, "the evaluation of the points broke off")
        };
        waiting.insert(number, result);
        while let Some(result) = waiting.remove(&next) {
            take(result?)?;
            let _ = tickets.try_send(());
            next += 1;
        }
    }
    Ok(())
}

fn worker<W: Work>(work: &W, queue: &Mutex<Receiver<Chunk>>, done: &Sender<Sent<W::Done>>) {
    let mut next = || queue.lock().ok()?.recv().ok();
    let mut hand = |number, result| drop(done.send(Sent::Done(number, Ok(result))));
    // Else the piece would be waited for.
    if catch_unwind(AssertUnwindSafe(|| work.work(&mut next, &mut hand))).is_err() {
        let _ = done.send(Sent::Broken);
    }
}
