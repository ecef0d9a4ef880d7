//! Work that several threads share. Nothing here knows what the work is, and what comes out has the order of its pieces, however many threads
//! there are.

mod turns;

pub(crate) use turns::in_turn;

use std::panic::resume_unwind;
use std::sync::{Mutex, PoisonError};
use std::thread::available_parallelism;

/// No more threads than this, however many there might be.
const MOST: usize = 8;

/// How many threads so much is worth here, where so much of it is worth one.
pub(crate) fn threads_for(many: usize, per_thread: usize) -> usize {
    if many < 2 * per_thread {
        return 1;
    }
    available_parallelism().map_or(1, usize::from).min(MOST).min(many / per_thread)
}

/// Does each piece of work in a thread of its own, the first in this one; gives what came out in the order of the pieces.
pub(crate) fn in_threads<T: Send, R: Send>(work: Vec<T>, job: impl Fn(T) -> R + Sync) -> Vec<R> {
    let mut work = work.into_iter();
    let Some(first) = work.next() else { return Vec::new() };
    if work.len() == 0 {
        return vec![job(first)];
    }
    let job = &job;
    std::thread::scope(|scope| {
        let others: Vec<_> = work.map(|one| scope.spawn(move || job(one))).collect();
        let mut done = vec![job(first)];
        done.extend(
            others.into_iter().map(|other| other.join().unwrap_or_else(|panicked| resume_unwind(panicked))),
        );
        done
    })
}

/// Does pieces of work, of which nobody knows how long each takes, in some threads: whoever is free takes the next. What came out is given in the
/// order of the pieces; each thread has a state of its own.
pub(crate) fn by_who_is_free<T: Send, S: Send, R: Send>(
    work: Vec<T>,
    mut states: Vec<S>,
    job: impl Fn(&mut S, T) -> R + Sync,
) -> Vec<R> {
    if let [state] = &mut states[..] {
        return work.into_iter().map(|one| job(state, one)).collect();
    }
    let next = Mutex::new(work.into_iter().enumerate());
    let take = || next.lock().unwrap_or_else(PoisonError::into_inner).next();
    let done = in_threads(states, |mut state| {
        let mut done = Vec::new();
        while let Some((at, one)) = take() {
            done.push((at, job(&mut state, one)));
        }
        done
    });
    let mut done: Vec<(usize, R)> = done.into_iter().flatten().collect();
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, one)| one).collect()
}
