//! The rows of one sentence over many claims, in batches. First its cheap tests are put to the columns, one after the other, each over the
//! claims that are left; then the slots of what is left are filled. Where there are very many claims, several threads share them, each with
//! a worker of its own, and what they found is put together in the order of the claims.
//!
//! What is asked of a claim beyond the columns (figures, fields, the way it came) is left to [`Evaluator::claim`], one claim at a time.

use super::candidates::Candidates;
use super::fill::{Chained, Fill};
use super::lists::Values;
use super::said::Said;
use super::{Evaluator, Flow, Halt, Stopped, UNBOUND};
use crate::graph::{ClaimColumns, ClaimRow, Graph, HopColumns, ListsView};
use crate::model::{Act, ClaimId, Content, EntityId, Mode, VerbId};
use crate::plan::{ClaimPattern, ContentTest, EntityTest, ListTest, Quantifier, Slot, SlotKind};
use crate::threads::{in_threads, threads_for};
use smallvec::SmallVec;
use std::hint::black_box;
use std::ops::Range;

/// How many claims are looked at in one go: what is known of them stays in the nearest memory.
const BATCH: usize = scaled(1024);

/// Some claims with what the columns tell of each. All of it is read at once: many reads are under way then, where claim by claim, with tests
/// between them, each would wait for the one before.
type Batch = Vec<(ClaimId, ClaimRow)>;

/// So few claims are not worth a table of what is the same for many.
const FEW: usize = scaled(128);

/// Beyond this many claims their columns are read as a whole.
pub(super) const MANY: usize = scaled(1 << 13);

/// As many claims are worth a thread.
pub(super) const PER_THREAD: usize = scaled(1 << 15);

/// A size as it is in earnest; where assertions are on, next to nothing, so that the tests go every way with a handful of claims.
pub(super) const fn scaled(size: usize) -> usize {
    if cfg!(debug_assertions) { 4 } else { size }
}

/// A sentence that comes first in a question.
#[derive(Clone, Copy)]
pub(super) struct Sentence<'q> {
    /// Which step it is.
    pub step: usize,
    /// What it asks for.
    pub pattern: &'q ClaimPattern,
    /// The slots of the question.
    pub slots: &'q [Slot],
}

/// A sentence over the columns of claims.
pub(super) struct Scan<'q> {
    pub(super) pattern: &'q ClaimPattern,
    pub(super) columns: ClaimColumns<'q>,
    pub(super) subjects: ListsView<'q>,
    pub(super) hops: HopColumns<'q>,
    /// What each verb comes to; none of them where there are few claims.
    verbs: Vec<Verb>,
    /// The slots that it fills, where that is all that is left to do.
    fills: Option<SmallVec<[(usize, Fill); 4]>>,
    /// What chains have to do with it.
    pub(super) chained: Chained<'q>,
    /// Whether more of chains is read than whether they pass a claim on.
    reads_chains: bool,
    /// What it asks of when a claim was said.
    said: Option<Said<'q>>,
    /// Which of the lists of topics the candidates meet already.
    met: Option<usize>,
    /// How many cells a row has.
    pub(super) width: usize,
}

/// What a verb comes to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Verb {
    /// It was not asked for.
    Other,
    /// It was asked for.
    Asked,
    /// An assertion: of a negation, it is the denial that was asked for.
    Asserts,
}

impl Evaluator<'_> {
    /// Every row of a sentence that comes first, given in runs of rows to `take`, which keeps what it wants in an `S` for each thread; these
    /// come back in the order of the claims. The sentence is over claims.
    pub(super) fn scanned<S: Send>(
        &self,
        sentence: Sentence<'_>,
        candidates: &Candidates,
        make: impl Fn() -> S + Sync,
        take: impl Fn(&Evaluator<'_>, &mut S, &[u64]) -> Flow + Sync,
    ) -> Result<Vec<S>, Stopped> {
        let Sentence { step, pattern, slots } = sentence;
        let scan = self.scan(pattern, slots, candidates);
        let part = |worker: &Evaluator<'_>, claims: Range<usize>| {
            let mut kept = make();
            let (mut ids, mut batch, mut rows) = (Vec::new(), Batch::new(), Vec::new());
            let mut found = 0;
            for start in claims.clone().step_by(BATCH) {
                worker.looked_at(BATCH as u64)?;
                ids.clear();
                candidates.copy(start..claims.end.min(start + BATCH), &mut ids);
                batch.clear();
                batch.extend(ids.iter().map(|id| (ClaimId(*id), scan.columns.row(ClaimId(*id)))));
                rows.clear();
                let flow = scan.rows(worker, &mut batch, &mut rows);
                found += (rows.len() / scan.width) as u64;
                let flow = if flow.is_break() { flow } else { take(worker, &mut kept, &rows) };
                if let Flow::Break(Halt::Stopped(stopped)) = flow {
                    return Err(stopped);
                }
            }
            Ok((kept, found))
        };
        let many = candidates.len();
        let threads = if is_shareable(slots) { threads_for(many, PER_THREAD) } else { 1 };
        let found: Vec<Result<(S, u64), Stopped>> = if threads < 2 {
            vec![part(self, 0..many)]
        } else {
            let workers: Vec<Evaluator<'_>> = (0..threads).map(|_| self.worker()).collect();
            let ranges = (0..threads).map(|at| many * at / threads..many * (at + 1) / threads);
            in_threads(workers.into_iter().zip(ranges).collect(), |(worker, range)| part(&worker, range))
        };
        let mut kept = Vec::with_capacity(found.len());
        for one in found {
            let (state, rows) = one?;
            self.count_many(step, rows);
            kept.push(state);
        }
        Ok(kept)
    }

    /// Whether a sentence is about claims that are found by their columns: not about speech, and not about one claim alone.
    pub(super) fn is_over_claims(pattern: &ClaimPattern) -> bool {
        pattern.id.is_none() && !pattern.content.is_speech()
    }

    /// The rows of a sentence over a few claims, once more: they were counted before.
    pub(super) fn rescanned(
        &self,
        sentence: Sentence<'_>,
        candidates: &Candidates,
    ) -> Result<Vec<Vec<u64>>, Stopped> {
        let uncounted = Sentence { step: usize::MAX, ..sentence };
        self.scanned(uncounted, candidates, Vec::new, |_, kept, rows| {
            kept.extend_from_slice(rows);
            Flow::Continue(())
        })
    }

    /// A sentence over columns, its slots all open.
    fn scan<'q>(&'q self, pattern: &'q ClaimPattern, slots: &[Slot], candidates: &Candidates) -> Scan<'q> {
        let graph = self.graph;
        let whole = candidates.len() >= MANY;
        // With few claims each verb is looked at when it is met.
        let verbs =
            if candidates.len() < FEW { 0 } else { pattern.verbs.len().max(graph.lexicon.len()) as u32 };
        let chained = Chained::of(pattern);
        Scan {
            pattern,
            columns: graph.claims.columns(whole),
            subjects: graph.propositions.all_subjects(whole),
            hops: graph.chains.columns(whole),
            verbs: (0..verbs).map(|verb| asked(graph, pattern, VerbId(verb))).collect(),
            fills: self.fills(pattern),
            reads_chains: !matches!(chained, Chained::No) || pattern.chain.document.is_some(),
            chained,
            said: self.said_of(pattern, candidates.len()),
            met: candidates.met,
            width: slots.len().max(1),
        }
    }

    /// Another one over the same graph, for a thread of its own.
    pub(super) fn worker(&self) -> Evaluator<'_> {
        Evaluator {
            graph: self.graph,
            sight: self.sight,
            options: self.options,
            interned: super::RefCell::default(),
            rules: super::RefCell::default(),
            walking: super::RefCell::default(),
            least: super::RefCell::default(),
            chains_met: super::RefCell::default(),
            texts: self.texts.clone(),
            slots: super::Cell::new(self.slots.get()),
            alleged: self.alleged.clone(),
            is_own: self.is_own.clone(),
            found: Vec::new(),
            found_by: Vec::new(),
            held: self.held.clone(),
            linked: self.linked.clone(),
            trying: super::Cell::new(usize::MAX),
            ticks: super::Cell::new(0),
        }
    }
}

/// What a verb comes to in a sentence.
fn asked(graph: &Graph, pattern: &ClaimPattern, verb: VerbId) -> Verb {
    if pattern.verbs.get(verb.index()).copied().unwrap_or(false) {
        Verb::Asked
    } else if pattern.denials && graph.lexicon.verb(verb).act.is_under(Act::Assert) {
        Verb::Asserts
    } else {
        Verb::Other
    }
}

/// Whether several workers may fill these slots: texts, times and figures have numbers that one worker alone knows.
pub(super) fn is_shareable(slots: &[Slot]) -> bool {
    !slots.iter().any(|slot| matches!(slot.kind, SlotKind::Text | SlotKind::Time | SlotKind::Figure))
}

impl Scan<'_> {
    /// The rows of some claims, of which only those that pass are left.
    fn rows(&self, worker: &Evaluator<'_>, claims: &mut Batch, rows: &mut Vec<u64>) -> Flow {
        self.sift(worker, claims);
        if let Some(fills) = &self.fills {
            self.bring(claims);
            return self.fill_each(worker, fills, claims, rows);
        }
        let mut row = vec![UNBOUND; self.width];
        claims.iter().try_for_each(|(claim, _)| {
            worker.claim(self.pattern, *claim, &mut row, &mut |row| {
                rows.extend_from_slice(row);
                Flow::Continue(())
            })
        })
    }

    /// Leaves the claims that pass what the columns tell.
    fn sift(&self, worker: &Evaluator<'_>, claims: &mut Batch) {
        let pattern = self.pattern;
        let wants_content = matches!(pattern.content, ContentTest::OneOf(_));
        let has_same = worker.graph.same.has_contents();
        let denies = |content: Content| worker.denies(&pattern.content, content);
        claims.retain(|(claim, known)| {
            // Of a speaker's claims a day leaves the fewest.
            if self.said.as_ref().is_some_and(|asked| !asked.may_be(known.said())) {
                return false;
            }
            let (flags, content) = (known.flags(), || known.content());
            let verb = self.verbs.get(known.verb().index()).copied();
            let verb_fits = match verb.unwrap_or_else(|| asked(worker.graph, pattern, known.verb())) {
                Verb::Other => false,
                Verb::Asked => true,
                Verb::Asserts => {
                    (flags.negated() || wants_content) && content().is_some()
                        || has_same && content().is_some_and(denies)
                }
            };
            let content_fits = || match &pattern.content {
                ContentTest::Anything => content().is_some(),
                ContentTest::Negative => content().is_some_and(denies),
                ContentTest::OneOf(wanted) => {
                    content().is_some_and(|content| wanted.contains(&worker.graph.same.content(content)))
                }
                _ => true,
            };
            verb_fits
                && (pattern.labels || flags.mode() != Mode::Label)
                && (!pattern.verbatim || flags.verbatim())
                && worker.sight.is_on_record(*claim)
                && content_fits()
        });
        if is_fixed(&pattern.sources) {
            claims.retain(|(_, known)| fits(&pattern.sources, &worker.party_members(known.source())));
        }
        if let Some(listeners) = pattern.listeners.as_ref().filter(|list| is_fixed(list)) {
            claims.retain(|(claim, _)| {
                let listener = worker.graph.claims.listener(*claim);
                fits(listeners, &worker.party_members(listener))
            });
        }
        for (at, list) in pattern.about.iter().enumerate() {
            if is_fixed(list) && self.met != Some(at) {
                claims.retain(|(_, known)| {
                    known.content().is_some_and(|content| fits(list, &self.topics(worker, content)))
                });
            }
        }
    }

    /// Brings what will be read of the claims that passed into the nearest memory.
    fn bring(&self, claims: &Batch) {
        if self.reads_chains {
            let read = claims.iter().map(|(_, known)| self.hops.touch(known.hop()));
            black_box(read.fold(0, |all, one| all ^ one));
        }
        if !self.pattern.about.is_empty() && self.met.is_none() {
            for content in claims.iter().filter_map(|(_, known)| known.content()) {
                black_box(self.subjects.run(content.proposition.0).and_then(<[u32]>::first));
            }
        }
    }

    pub(super) fn topics(&self, worker: &Evaluator<'_>, content: Content) -> Values {
        if worker.graph.same.is_joined(content) {
            worker.topics_of(content)
        } else {
            worker.canonical(self.subjects.get(content.proposition.0).map(EntityId))
        }
    }
}

/// Whether a list names no slot: it only lets through or not.
fn is_fixed(list: &ListTest) -> bool {
    list.terms.iter().all(|term| !matches!(term, EntityTest::Slot(..)))
}

/// Whether members pass a list that names no slot.
fn fits(list: &ListTest, members: &[u64]) -> bool {
    let one = |term: &EntityTest| match term {
        EntityTest::Anyone => !members.is_empty(),
        EntityTest::OneOf(wanted) => {
            members.iter().any(|member| wanted.binary_search(&EntityId(*member as u32)).is_ok())
        }
        EntityTest::Slot(..) => false,
    };
    match list.quantifier {
        Quantifier::All => list.terms.iter().all(one),
        Quantifier::Any => list.terms.iter().any(one),
        Quantifier::None => !list.terms.iter().any(one),
    }
}
