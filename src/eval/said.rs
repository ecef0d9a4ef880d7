//! A quick look at when claims were said: of many claims of a speaker most are not of the days asked for. What it lets through is tested in full
//! where all tests are (`claim.rs`), but where all of them ask for a time within another: then this is all that they ask.

use super::Evaluator;
use super::scan::scaled;
use crate::graph::Intervals;
use crate::model::{Time, TimeId};
use crate::plan::{ClaimPattern, TimeOp, TimeOperand, TimeTest};

/// For so many claims it pays to have all times at hand.
const MANY: usize = scaled(256);

/// Whether a test asks that a claim was said within a time that is known.
pub(super) fn is_within(test: &TimeTest) -> bool {
    matches!((test.time, test.op), (TimeOperand::Fixed(_), TimeOp::On | TimeOp::In | TimeOp::Between))
}

/// The time within which a claim has to have been said; nothing where any will do.
#[derive(Debug, Clone, Copy)]
pub(super) struct Within(Option<Time>);

impl Within {
    pub(super) fn of(pattern: &ClaimPattern) -> Self {
        let fixed = pattern.said.iter().filter(|test| is_within(test)).filter_map(|test| match test.time {
            TimeOperand::Fixed(time) => Some(time),
            TimeOperand::Slot(_) => None,
        });
        Within(fixed.reduce(|a, b| Time { from: a.from.max(b.from), to: a.to.min(b.to) }))
    }

    /// Of a claim of unknown date it is known when it was published, which only tells of *before*.
    #[inline]
    pub(super) fn may_be(self, said: Option<Time>) -> bool {
        let Within(Some(wanted)) = self else { return true };
        said.is_some_and(|said| said.from >= wanted.from && said.to <= wanted.to)
    }
}

/// The same for many claims, by the numbers of their times.
#[derive(Debug)]
pub(super) struct Said<'g> {
    within: Within,
    times: Intervals<'g>,
    /// Of each time, whether it will do; none where there are more times than claims.
    known: Vec<bool>,
}

impl Said<'_> {
    #[inline]
    pub(super) fn may_be(&self, time: TimeId) -> bool {
        self.known.get(time.index()).copied().unwrap_or_else(|| self.within.may_be(self.times.get(time)))
    }
}

impl Evaluator<'_> {
    /// What a sentence asks of when so many claims were said; nothing where it asks for nothing.
    pub(super) fn said_of(&self, pattern: &ClaimPattern, claims: usize) -> Option<Said<'_>> {
        if pattern.said.is_empty() {
            return None;
        }
        let within = Within::of(pattern);
        let all = self.graph.times.len();
        let known = if all > claims {
            Vec::new()
        } else {
            let times = self.graph.times.intervals(true);
            (0..all as u32).map(|time| within.may_be(times.get(TimeId(time)))).collect()
        };
        Some(Said { within, times: self.graph.times.intervals(claims >= MANY), known })
    }
}
