//! Lines of a file in batches, parsed: each within a limit, each with its number. Nothing here knows the graph.

use super::convert::{self, Told, Wrong, wrong};
use super::numbers::Numbers;
use super::row::{Object, Row};
use super::strict;
use crate::diag::Code;
use crate::graph::Hashes;
use crate::model::Lexicon;
use std::io::{self, BufRead, Read};

/// The longest line, in bytes.
pub const MAX_LINE: usize = 16 << 20;

/// How many bytes of lines make a batch: few enough that a batch is still in the cache of a core when it is recorded, and when it is freed.
const BATCH: usize = 1 << 15;

/// How many bytes are read, parsed and handed on in one go, some batches, so that threads seldom wake each other. One with a very long line is a
/// go of its own: how many are on their way is bounded by their number.
const IN_ONE_GO: usize = 8 * BATCH;

/// As many lines as a batch has mostly, or more.
const LINES: usize = BATCH >> 8;

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
pub(super) type AllReady<'a> = Vec<(u64, Result<Ready<'a>, Wrong>)>;

self_cell::self_cell!(
    /// Some lines with what they say.
    pub(super) struct Batch {
        owner: Lines,
        #[not_covariant]
        dependent: AllReady,
    }
);

impl Batch {
    /// Does something with each row and the number of its line.
    pub(super) fn with_rows<T>(&self, does: impl FnOnce(&AllReady<'_>) -> T) -> T {
        self.with_dependent(|_, rows| does(rows))
    }
}

/// Where a line stands in the bytes of its batch; nothing for one that is too long and was passed over.
type Place = Option<(usize, usize)>;

/// Lines on their way: read one batch after the other.
pub(super) struct Reading<R> {
    input: R,
    /// The number of the next line.
    next: u64,
    is_over: bool,
}

/// Some lines as they were read.
pub(super) struct Unparsed {
    first: u64,
    bytes: Vec<u8>,
    places: Vec<Place>,
}

impl<R: BufRead> Reading<R> {
    pub(super) fn new(input: R) -> Self {
        Reading { input, next: 1, is_over: false }
    }

    /// The next batches, none at the end. Where reading fails, the last of them is the error.
    pub(super) fn next(&mut self) -> Option<Vec<io::Result<Unparsed>>> {
        let (mut unparsed, mut length) = (Vec::with_capacity(IN_ONE_GO / BATCH), 0);
        while !self.is_over && length < IN_ONE_GO {
            let mut bytes = Vec::with_capacity(BATCH + (BATCH >> 2));
            let read = lines(&mut self.input, &mut bytes);
            self.is_over = read.as_ref().map_or(true, Vec::is_empty);
            if read.as_ref().is_ok_and(Vec::is_empty) {
                break;
            }
            length += bytes.len().max(BATCH);
            let first = self.next;
            self.next += read.as_ref().map_or(0, Vec::len) as u64;
            unparsed.push(read.map(|places| Unparsed { first, bytes, places }));
        }
        (!unparsed.is_empty()).then_some(unparsed)
    }
}

/// What parsing needs to know, for all threads that parse.
pub(super) struct Parser {
    lexicon: Lexicon,
    numbers: Numbers,
}

impl Parser {
    pub(super) fn new(lexicon: Lexicon) -> Self {
        Parser { lexicon, numbers: Numbers::default() }
    }

    /// Parses what was read.
    pub(super) fn parse(&self, unparsed: Vec<io::Result<Unparsed>>) -> Vec<io::Result<Batch>> {
        unparsed.into_iter().map(|lines| lines.map(|lines| self.batch(lines))).collect()
    }

    fn batch(&self, Unparsed { first, bytes, places }: Unparsed) -> Batch {
        let lines = Lines::new(bytes, |bytes| {
            // As many as there are lines at most: to grow on the way would copy them.
            let mut rows = Vec::with_capacity(places.len());
            let numbered = (first..).zip(places);
            rows.extend(numbered.filter_map(|(line, place)| Some((line, row(bytes, line, place)?))));
            rows
        });
        Batch::new(lines, |lines| {
            let rows = lines.borrow_dependent().iter();
            let ready = rows.map(|(line, row)| match row {
                Ok(row) => (*line, ready(&self.lexicon, row)),
                Err(wrong) => (*line, Err(wrong.clone())),
            });
            let mut ready: AllReady<'_> = ready.collect();
            self.numbers.give(ready.iter_mut().filter_map(|(_, ready)| ready.as_mut().ok()?.told.as_mut()));
            ready
        })
    }
}

/// Makes a row ready: what the thread that records need not do.
fn ready<'a>(lexicon: &Lexicon, row: &'a Row<'a>) -> Result<Ready<'a>, Wrong> {
    if row.sentence.is_some() {
        return Ok(Ready { row, told: None });
    }
    match convert::told_alone(lexicon, row) {
        None => Ok(Ready { row, told: None }),
        Some(Err(wrong)) => Err(wrong),
        Some(Ok(mut told)) => {
            told.draft.hashes = Some(Hashes::of(&told.draft));
            Ok(Ready { row, told: Some(told) })
        }
    }
}

/// Reads lines until they make a batch; none at the end.
fn lines(input: &mut impl BufRead, bytes: &mut Vec<u8>) -> io::Result<Vec<Place>> {
    let mut places = Vec::with_capacity(LINES);
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
