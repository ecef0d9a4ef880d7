//! Lines of a file in batches, parsed: each within a limit, each with its number. Nothing here knows the graph.

use super::convert::{self, Told, Wrong, wrong};
use super::numbers::Numbers;
use super::row::{Object, Row};
use super::strict;
use crate::diag::Code;
use crate::graph::Hashes;
use crate::model::Lexicon;
use std::io::{BufRead, Read};
use std::sync::mpsc::{Receiver, SyncSender};

/// The longest line, in bytes.
pub const MAX_LINE: usize = 16 << 20;

/// How many bytes of lines make a batch: few enough that a batch is still in the cache of a core when it is recorded, and when it is freed.
const BATCH: usize = 1 << 15;

/// The rows of a batch with the numbers of their lines; blank lines are none.
type Rows<'a> = Vec<(u64, Result<Row<'a>, Wrong>)>;

self_cell::self_cell!(
    /// Some lines with their rows.
    struct Lines {
        owner: Vec<u8>,
        #[covariant]
        dependent: Rows,
    }
);

/// A row, with what it tells where that is known without the rows before it.
pub(super) struct Ready<'a> {
    pub row: &'a Row<'a>,
    pub told: Option<Told<'a>>,
}

/// The rows of a batch, ready to be recorded, with the numbers of their lines.
type AllReady<'a> = Vec<(u64, Result<Ready<'a>, Wrong>)>;

self_cell::self_cell!(
    /// Some lines with what they say.
    pub(super) struct Batch {
        owner: Lines,
        #[covariant]
        dependent: AllReady,
    }
);

impl Batch {
    /// Each row with the number of its line.
    pub(super) fn rows(&self) -> &AllReady<'_> {
        self.borrow_dependent()
    }
}

/// Makes rows ready: what the thread that records need not do.
struct Preparing {
    lexicon: Lexicon,
    numbers: Numbers,
}

impl Preparing {
    fn ready<'a>(&mut self, row: &'a Row<'a>) -> Result<Ready<'a>, Wrong> {
        if row.sentence.is_some() {
            return Ok(Ready { row, told: None });
        }
        match convert::told_alone(&self.lexicon, row) {
            None => Ok(Ready { row, told: None }),
            Some(Err(wrong)) => Err(wrong),
            Some(Ok(mut told)) => {
                self.numbers.give(&mut told.draft, told.document.as_mut());
                told.draft.hashes = Some(Hashes::of(&told.draft));
                Ok(Ready { row, told: Some(told) })
            }
        }
    }
}

/// Where a line stands in the bytes of its batch; nothing for one that is too long and was passed over.
type Place = Option<(usize, usize)>;

/// Reads and parses everything, batch by batch, until nobody takes them any more.
pub(super) fn read_all(
    mut input: impl BufRead,
    batches: &SyncSender<std::io::Result<Batch>>,
    returned: &Receiver<Batch>,
    lexicon: Lexicon,
) {
    let mut preparing = Preparing { lexicon, numbers: Numbers::default() };
    let mut next = 1;
    loop {
        let mut bytes = Vec::with_capacity(BATCH + (BATCH >> 2));
        let first = next;
        let places = match lines(&mut input, &mut bytes) {
            Ok(places) => places,
            Err(error) => {
                // It may be told to nobody: reading was given up.
                let _ = batches.send(Err(error));
                return;
            }
        };
        if places.is_empty() {
            return;
        }
        next += places.len() as u64;
        let lines = Lines::new(bytes, |bytes| {
            // As many as there are lines at most: to grow on the way would copy them.
            let mut rows = Vec::with_capacity(places.len());
            let numbered = (first..).zip(places);
            rows.extend(numbered.filter_map(|(line, place)| Some((line, row(bytes, line, place)?))));
            rows
        });
        let batch = Batch::new(lines, |lines| {
            let rows = lines.borrow_dependent().iter();
            let ready = rows.map(|(line, row)| match row {
                Ok(row) => (*line, preparing.ready(row)),
                Err(wrong) => (*line, Err(wrong.clone())),
            });
            ready.collect()
        });
        if batches.send(Ok(batch)).is_err() {
            return;
        }
        returned.try_iter().for_each(drop);
    }
}

/// Reads lines until they make a batch; none at the end.
fn lines(input: &mut impl BufRead, bytes: &mut Vec<u8>) -> std::io::Result<Vec<Place>> {
    let mut places = Vec::new();
    while bytes.len() < BATCH {
        let start = bytes.len();
        if input.by_ref().take(MAX_LINE as u64).read_until(b'\n', bytes)? == 0 {
            break;
        }
        if bytes.len() - start < MAX_LINE || bytes.ends_with(b"\n") {
            places.push(Some((start, bytes.len())));
        } else {
            bytes.truncate(start);
            input.skip_until(b'\n')?;
            places.push(None);
        }
    }
    Ok(places)
}

fn row(bytes: &[u8], line: u64, place: Place) -> Option<Result<Row<'_>, Wrong>> {
    let Some((start, end)) = place else {
        return Some(wrong(
            Code::TooLong,
            "this line is longer than 16 mebibytes",
            "a row is one claim: put each on a line of its own",
        ));
    };
    let text = bytes.get(start..end)?;
    let text = if line == 1 { text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text) } else { text };
    if text.iter().all(u8::is_ascii_whitespace) { None } else { Some(parse(text)) }
}

fn parse(line: &[u8]) -> Result<Row<'_>, Wrong> {
    let Ok(text) = std::str::from_utf8(line) else {
        let at = std::str::from_utf8(line).err().map_or(0, |error| error.valid_up_to());
        return wrong(
            Code::Encoding,
            format!("byte {} of this line is not UTF-8", at + 1),
            "save the file as UTF-8",
        );
    };
    let Object(mut row): Object<Row<'_>> = serde_json::from_str(text).or_else(|error| {
        let message = error.to_string();
        let message = message.split(" at line ").next().unwrap_or(&message);
        let place = format!("{message} (column {})", error.column());
        if message.starts_with("unknown field") {
            wrong(Code::UnknownKey, place, "put keys of your own under \"extra\"")
        } else {
            wrong(Code::BadJson, place, "write one JSON object on the line; docs/jsonl.md lists its keys")
        }
    })?;
    if row.sentence.is_some() {
        strict::alone(text)?;
    } else {
        row.tidy();
        strict::texts(&row)?;
    }
    Ok(row)
}
