//! Parts of something long, worked on by several threads and taken in their order by one. Nothing here knows what the parts are.

use std::ops::ControlFlow;
use std::panic::resume_unwind;
use std::sync::mpsc::{Receiver, Sender, SyncSender, TryRecvError, channel, sync_channel};
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};
use std::thread::available_parallelism;

/// How many parts may be done or begun before they are taken: bounds what is in memory at once.
const AHEAD: usize = 32;

/// How many other threads work at most: taking, which one does, mostly takes as long as the work of one or two.
const MOST: usize = 4;

/// A part in its turn: whoever works on it tells it when it is done, and wants it back when it was taken, so that memory is freed by the thread
/// that took it.
struct Turn<D> {
    done: Receiver<D>,
    used: Sender<D>,
}

/// What there is to do, and where its turns are told; nothing once there is no more.
type Source<N, D> = Mutex<Option<(N, SyncSender<Turn<D>>)>>;

/// Takes every part that `next` gives, done by `work`, in order, until `take` breaks off. The thread that takes works too where nothing is done
/// yet: every core has something to do, and none of few threads waits for another that waits for a core.
pub(crate) fn in_turn<P, D: Send>(
    next: impl FnMut() -> Option<P> + Send,
    work: impl Fn(P) -> D + Sync,
    mut take: impl FnMut(&mut D) -> ControlFlow<()>,
) {
    let (order, turns) = sync_channel(AHEAD);
    let source: Source<_, D> = Mutex::new(Some((next, order)));
    let (source, work) = (&source, &work);
    // This thread is busy too.
    let others = available_parallelism().map_or(1, |cores| usize::from(cores) - 1).clamp(1, MOST);
    std::thread::scope(|scope| {
        let turns = turns;
        let work_on = || {
            scope.spawn(|| {
                let (used, returned) = channel();
                let begin = || {
                    begin(source.lock().unwrap_or_else(PoisonError::into_inner), |order, done| {
                        order.send(Turn { done, used: used.clone() }).is_ok()
                    })
                };
                while let Some((part, done)) = begin() {
                    // Nobody may want it any more.
                    let _ = done.send(work(part));
                    returned.try_iter().for_each(drop);
                }
            })
        };
        let others: Vec<_> = (0..others).map(|_| work_on()).collect();
        let (own, returned) = channel();
        let help = || {
            let source = match source.try_lock() {
                Ok(source) => source,
                Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
                Err(TryLockError::WouldBlock) => return false,
            };
            let begun = begin(source, |order, done| order.try_send(Turn { done, used: own.clone() }).is_ok());
            begun.map(|(part, done)| done.send(work(part))).is_some()
        };
        while let Some(Turn { done, used }) = soon(&turns, help) {
            // Nothing comes where there was no more, or whoever worked on it panicked, which is told when all threads have ended.
            let Some(mut part) = soon(&done, help) else { continue };
            let goes_on = take(&mut part);
            // Nobody wants it back once all is done.
            let _ = used.send(part);
            returned.try_iter().for_each(drop);
            if goes_on.is_break() {
                break;
            }
        }
        // So that nobody waits for room in it.
        drop(turns);
        others.into_iter().for_each(|other| other.join().unwrap_or_else(|panicked| resume_unwind(panicked)));
    });
}

/// Begins the next part, its turn told in time. Nothing where there is none, or its turn cannot be told.
fn begin<P, D, N: FnMut() -> Option<P>>(
    mut source: MutexGuard<'_, Option<(N, SyncSender<Turn<D>>)>>,
    tell: impl FnOnce(&SyncSender<Turn<D>>, Receiver<D>) -> bool,
) -> Option<(P, SyncSender<D>)> {
    let (next, order) = source.as_mut()?;
    let (done, waited) = sync_channel(1);
    if !tell(order, waited) {
        return None;
    }
    let part = next();
    if part.is_none() {
        *source = None;
    }
    Some((part?, done))
}

/// What comes, once it is there: until then this helps, as long as it can. Nothing where nothing comes any more.
fn soon<T>(coming: &Receiver<T>, help: impl Fn() -> bool) -> Option<T> {
    loop {
        match coming.try_recv() {
            Ok(come) => return Some(come),
            Err(TryRecvError::Disconnected) => return None,
            Err(TryRecvError::Empty) if help() => {}
            Err(TryRecvError::Empty) => return coming.recv().ok(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_taken_in_their_order_until_somebody_breaks_off() {
        for most in [0, 1, 7, 1000, 2000] {
            let (mut parts, mut taken) = (0..1000u64, Vec::new());
            let work = |part: u64| {
                // Of very different length.
                let rounds = if part.is_multiple_of(17) { 20_000 } else { 10 };
                (part, (0..rounds).fold(part, |sum, round| sum.rotate_left(3) ^ round))
            };
            in_turn(
                || parts.next(),
                work,
                |(part, _)| {
                    taken.push(*part);
                    if taken.len() < most { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
                },
            );
            assert_eq!(taken, (0..(most.clamp(1, 1000) as u64)).collect::<Vec<_>>());
        }
    }

    #[test]
    #[should_panic(expected = "the tenth")]
    fn who_panics_is_heard() {
        let mut parts = 0..100;
        in_turn(|| parts.next(), |part| assert_ne!(part, 10, "the tenth"), |()| ControlFlow::Continue(()));
    }
}
