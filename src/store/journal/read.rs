//! Reading a journal: every whole frame from the first on. What the last crash left unfinished is told and left out; damage before whole
//! frames is an error, for what stands behind it was acknowledged.

use super::super::{StoreError, beside};
use super::record::{
    Entry, FRAME, FRAME_MARK, HEADER, Headed, Identity, MAX_PAYLOAD, decode_frame, decode_header,
};
use crate::model::LANGUAGE_VERSION;
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;

/// The longest journal that is read; none is written that is longer.
pub(super) const MAX_JOURNAL: u64 = 1 << 28;

/// How many places are looked at for a whole frame behind a broken one.
const MOST_TRIED: usize = 4096;

/// What a journal holds that its snapshot does not.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Journaled {
    /// In the order in which it happened.
    pub entries: Vec<Entry>,
    /// What the end of the file holds that is no whole frame.
    pub cut: Option<Cut>,
    /// The snapshot that its header names; nothing where there is no journal, or one that holds nothing.
    pub(super) of: Option<Identity>,
    /// Where its whole frames end.
    pub(super) end: u64,
}

/// The unfinished end of a journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cut {
    /// At which byte of the journal it begins.
    pub at: u64,
    /// How many bytes there are.
    pub length: u64,
    /// What can be read of it.
    pub text: String,
}

impl Journaled {
    /// How many statements there are.
    pub fn statements(&self) -> usize {
        self.entries.iter().filter(|entry| matches!(entry, Entry::Told(_))).count()
    }
}

/// Reads what the journal of a snapshot holds beyond it; nothing where there is no journal. Linear in the journal.
pub(in crate::store) fn read(snapshot: &Path, identity: Identity) -> Result<Journaled, StoreError> {
    let (whole, journaled) = parts(snapshot, identity)?;
    whole.map_or(Ok(journaled), Err)
}

/// The same up to the first damage, with what is wrong there.
pub(in crate::store) fn parts(
    snapshot: &Path,
    identity: Identity,
) -> Result<(Option<StoreError>, Journaled), StoreError> {
    let path = beside(snapshot, ".journal");
    let failed = |source| StoreError::Io { action: "read", path: path.clone(), source };
    let mut bytes = Vec::new();
    match File::open(&path) {
        Ok(file) => file.take(MAX_JOURNAL + 1).read_to_end(&mut bytes).map_err(failed)?,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok((None, Journaled::default())),
        Err(error) => return Err(failed(error)),
    };
    if bytes.len() as u64 > MAX_JOURNAL {
        let error = std::io::Error::new(ErrorKind::FileTooLarge, "it is longer than any journal");
        return Err(failed(error));
    }
    let (of, is_headed) = match decode_header(bytes.get(..HEADER).unwrap_or(&bytes), LANGUAGE_VERSION) {
        Headed::Of(of) => (of, true),
        Headed::Newer => return Err(StoreError::NewerWords { what: "journal" }),
        // Frames tell by their checksums whose they are: those of this snapshot are not lost with the header.
        Headed::Foreign => (identity, false),
    };
    let mut journaled = Journaled { of: Some(of), end: HEADER as u64, ..Journaled::default() };
    // Whether what was read goes on from this snapshot.
    let mut belongs = of == identity;
    let mut at = HEADER;
    while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
        let Some((entries, length)) = decode_frame(rest, of, at as u64) else { break };
        for entry in entries {
            match entry {
                Entry::Folded(into) if into == identity && of != identity => {
                    journaled.entries.clear();
                    belongs = true;
                }
                Entry::Folded(_) => {}
                entry => journaled.entries.push(entry),
            }
        }
        at += length;
    }
    journaled.end = at as u64;
    let rest = bytes.get(at..).unwrap_or(&[]);
    if !is_headed {
        let damaged = StoreError::JournalDamaged { path, at: 0, statements: journaled.statements() };
        return Ok((Some(damaged), journaled));
    }
    if !belongs && journaled.statements() == 0 && rest.is_empty() {
        return Ok((None, Journaled::default()));
    }
    if !belongs {
        return Err(StoreError::JournalForeign { path });
    }
    let mut wrong = None;
    if !rest.is_empty() {
        if frames_within(rest, of, at as u64) {
            wrong =
                Some(StoreError::JournalDamaged { path, at: at as u64, statements: journaled.statements() });
        } else {
            let cut = Cut { at: at as u64, length: rest.len() as u64, text: readable(rest) };
            journaled.cut = Some(cut);
        }
    }
    Ok((wrong, journaled))
}

/// Whether whole frames stand somewhere behind the start of these bytes, where none does. Only the last frame may be unfinished, so that what
/// stands before a whole one is damaged, and so is what is longer than any frame.
fn frames_within(rest: &[u8], of: Identity, at: u64) -> bool {
    if rest.len() > FRAME + MAX_PAYLOAD {
        return true;
    }
    let starts = rest.windows(FRAME_MARK.len()).enumerate().skip(1);
    let mut starts = starts.filter(|(_, four)| **four == FRAME_MARK).map(|(start, _)| start);
    let found = starts.by_ref().take(MOST_TRIED).any(|start| {
        rest.get(start..).is_some_and(|rest| decode_frame(rest, of, at + start as u64).is_some())
    });
    found || starts.next().is_some()
}

/// What people can read of some bytes: the longest run of text, cut short.
fn readable(bytes: &[u8]) -> String {
    const MOST: usize = 200;
    let text = String::from_utf8_lossy(bytes);
    let runs = text.split(|c: char| c == '\u{FFFD}' || (c.is_control() && !c.is_whitespace()));
    let longest = runs.map(str::trim).rev().max_by_key(|run| run.len()).unwrap_or("");
    longest.chars().take(MOST).collect()
}
