//! Reasoning about attribution over a graph: who carried what, who stands behind it, and what follows. Every answer is made of acts that the
//! graph holds, so that anyone can follow it back, and `verify` does. Where the record leaves something open the answer is a range with its
//! reasons. Nothing here scores truth.
//!
//! This room reads the graph and returns plain data; it knows no question and draws nothing. To add a verb: a file here that returns its own
//! type with its witnesses, its check in `verify`, its columns in `plan`, its rows in `eval`, its definition in `docs/reasoning.md`.

mod changes;
mod circular;
mod conflicts;
mod contradict;
mod corroborate;
mod cut;
mod drift;
mod figures;
mod impact;
mod independence;
mod record;
mod reliance;
mod silence;
mod stop;
mod support;
mod timeline;
mod trace;
pub mod verify;

pub use changes::{Changed, ChangedKind, changes};
pub use circular::{Circle, Step, circular};
pub use conflicts::{Between, Comparable, Conflict, ConflictReason, TooMany, conflicts};
pub use contradict::{ContradictionKind, Doubt, contradiction};
pub use corroborate::{Corroboration, Reckoning, corroborate, independent};
pub use cut::{SmallestCut, on_every_way, smallest_cut};
pub use drift::{Drift, Versions, hop_drift};
pub use figures::{Claimed, Fit, NotCompared, figures};
pub use impact::{Affected, Effect, Hinge, Weakness, impact, weakest};
pub use independence::{
    Dependence, Independence, Origin, OriginKind, Range, independence, is_outlet, kind_of,
};
pub use record::{Hands, Record, Retracted, Stance, Way, Withdrawn};
pub use reliance::{Reliance, reliance};
pub use silence::{Silence, SilenceKind, silence};
pub use stop::{Stop, Why};
pub use support::{Backed, Support, support};
pub use timeline::{Change, ChangeKind, Clock, Event, timeline};
pub use trace::{Traced, trace};
pub use verify::{Refuted, Verifier};
