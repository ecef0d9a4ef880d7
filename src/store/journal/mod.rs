//! The journal of a snapshot: what was told since it was saved, sentence by sentence, each on disk before it is acknowledged. It holds
//! texts and knows nothing of their meaning; who replays them is `db`. The bytes are drawn in `docs/file-format.md`.
//!
//! A journal belongs to one snapshot by its [`Identity`]. Saving writes the new snapshot beside the old one, notes its identity in the
//! journal, and only then puts it in its place: whichever of the two snapshots a crash leaves, the journal says from which entry on it
//! goes on.

mod read;
mod record;
mod write;

pub use read::{Cut, Journaled};
pub(super) use read::{parts, read};
pub use record::{Entry, Identity};
pub(super) use write::{Journal, keep_damaged};
