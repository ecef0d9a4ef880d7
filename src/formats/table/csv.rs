//! The rows of a table with separators: split by the `csv` crate, checked for their number of cells and for quotes that nobody closed.

use super::dialect::Dialect;
use super::input::{Kept, Text};
use super::{MAX_ROW, Wrong};
use crate::diag::Code;
use csv::{ByteRecord, Reader, ReaderBuilder};
use std::io::{self, Read};

/// What comes next in a table.
pub(super) enum Next {
    /// A row.
    Row,
    /// Something that is no row.
    Bad(Wrong),
    /// Nothing.
    End,
}

/// The rows of a table.
pub(super) struct Rows<R> {
    dialect: Dialect,
    kept: Kept<Text<R>>,
    reader: Reader<Kept<Text<R>>>,
    record: ByteRecord,
    /// What stands above the first row: skipped lines and the head line.
    pub(super) above: Vec<u8>,
    /// The names of the columns; empty where there is no head line.
    pub(super) header: Vec<String>,
    width: Option<usize>,
    pub(super) is_decoded: bool,
    /// Lines before those that the reader counts.
    lines: u64,
    start: u64,
    begun: u32,
    /// The line that was refused alone, with its number, where reading began again behind it.
    alone: Option<(u64, Vec<u8>)>,
}

/// How often reading may begin again behind a quote that nobody closed.
const MAX_BEGUN: u32 = 100;

fn line_ends(bytes: &[u8]) -> usize {
    bytes.split(|byte| *byte == b'\n').count() - 1
}

fn reader<R: Read>(dialect: &Dialect, kept: &Kept<R>) -> Reader<Kept<R>> {
    ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(dialect.separator)
        .quote(dialect.quote.unwrap_or(b'"'))
        .quoting(dialect.quote.is_some())
        .escape(dialect.escape)
        .comment(dialect.comment)
        .buffer_capacity(128 << 10)
        .from_reader(kept.clone())
}

impl<R: Read> Rows<R> {
    /// Opens a table and reads its head line.
    pub(super) fn open(input: R, dialect: &Dialect) -> io::Result<Result<Self, Wrong>> {
        let text = Text::new(input, dialect.encoding)?;
        let is_decoded = text.is_decoded();
        let kept = Kept::new(text);
        let above = kept.skip_lines(dialect.skip)?;
        let mut rows = Rows {
            reader: reader(dialect, &kept),
            dialect: dialect.clone(),
            kept,
            record: ByteRecord::new(),
            above,
            header: Vec::new(),
            width: None,
            is_decoded,
            lines: dialect.skip,
            start: 0,
            begun: 0,
            alone: None,
        };
        if !dialect.header {
            return Ok(Ok(rows));
        }
        match rows.next()? {
            Next::Row => {}
            Next::Bad(wrong) => return Ok(Err(wrong)),
            Next::End => {
                let help = "a table has a head line that names its columns; without one write `header none`";
                return Ok(Err(Wrong::new(Code::BadTableRow, "the table has no head line", help)));
            }
        }
        for cell in &rows.record {
            match std::str::from_utf8(cell) {
                Ok(name) => rows.header.push(name.trim().into()),
                Err(_) => {
                    let help = "name the encoding of the table: from csv encoding \"windows-1252\"";
                    return Ok(Err(Wrong::new(Code::Encoding, "the head line is not UTF-8", help)));
                }
            }
        }
        rows.width = Some(rows.header.len());
        let head = rows.raw();
        rows.above.extend(head);
        Ok(Ok(rows))
    }

    /// Goes to the next row.
    pub(super) fn next(&mut self) -> io::Result<Next> {
        self.alone = None;
        self.start = self.reader.position().byte();
        self.kept.row_begins(self.start);
        match self.reader.read_byte_record(&mut self.record) {
            Err(error) if self.kept.is_too_long() => {
                let _ = error;
                let message = "this row is longer than 16 mebibytes, or a quote in it is never closed";
                return self.begin_again(message);
            }
            Err(error) => return Err(error.into()),
            Ok(false) => return Ok(Next::End),
            Ok(true) => {}
        }
        if self.reader.position().byte() - self.start > MAX_ROW as u64 {
            let help = "a row is one line of the table";
            return Ok(Next::Bad(Wrong::new(Code::TooLong, "this row is longer than 16 mebibytes", help)));
        }
        // A comment that the table ends with, without a line end.
        if self.record.len() <= 1 && self.cell(0).is_empty() && self.raw().is_empty() {
            return Ok(Next::End);
        }
        if self.is_unclosed() {
            return self.begin_again("a quote is opened here and never closed");
        }
        let width = *self.width.get_or_insert(self.record.len());
        if self.record.len() != width {
            let breaks = line_ends(self.raw().trim_ascii_end());
            let over = if breaks > 0 { format!(" over {} lines", breaks + 1) } else { String::new() };
            let cells = self.record.len();
            let message = format!("this row has {cells} cells{over}, and the table has {width} columns");
            let help =
                "put a cell that holds the separator into quotes; an empty cell still needs its separator";
            return Ok(Next::Bad(Wrong::new(Code::BadTableRow, message, help)));
        }
        Ok(Next::Row)
    }

    /// How many columns there are, known from the first row on.
    pub(super) fn width(&self) -> usize {
        self.width.unwrap_or(0)
    }

    pub(super) fn cell(&self, at: usize) -> &[u8] {
        self.record.get(at).unwrap_or(&[])
    }

    /// The row as it stands in the table.
    pub(super) fn raw(&self) -> Vec<u8> {
        if let Some((_, raw)) = &self.alone {
            return raw.clone();
        }
        let raw = self.kept.between(self.start, self.reader.position().byte());
        raw.get(self.lead(&raw)..).unwrap_or(&[]).to_vec()
    }

    /// The line in which the row begins.
    pub(super) fn line(&self) -> u64 {
        if let Some((line, _)) = self.alone {
            return line;
        }
        let raw = self.kept.between(self.start, self.reader.position().byte());
        let above = raw.get(..self.lead(&raw)).unwrap_or(&[]);
        let before = self.record.position().map_or(1, csv::Position::line);
        self.lines + before + line_ends(above) as u64
    }

    /// How much of what was read stands before the row: empty lines and comments.
    fn lead(&self, raw: &[u8]) -> usize {
        let mut at = 0;
        loop {
            let rest = raw.get(at..).unwrap_or(&[]);
            match rest.first() {
                Some(b'\n' | b'\r') => at += 1,
                Some(first) if Some(*first) == self.dialect.comment => {
                    at += rest.iter().position(|byte| *byte == b'\n').map_or(rest.len(), |end| end + 1);
                }
                _ => return at,
            }
        }
    }

    /// Whether this is the last row, and ends inside quotes.
    fn is_unclosed(&self) -> bool {
        let Some(quote) = self.dialect.quote else { return false };
        let end = self.reader.position().byte();
        if self.kept.end() != Some(end) {
            return false;
        }
        let raw = self.raw();
        let (mut inside, mut fresh) = (false, true);
        let mut bytes = raw.iter().copied().peekable();
        while let Some(byte) = bytes.next() {
            if inside {
                if Some(byte) == self.dialect.escape {
                    bytes.next();
                } else if byte == quote && bytes.next_if_eq(&quote).is_none() {
                    inside = false;
                }
            } else {
                inside = fresh && byte == quote;
                fresh = byte == self.dialect.separator;
            }
        }
        inside
    }

    /// Refuses the line in which the row begins, and goes on in the next one.
    fn begin_again(&mut self, message: &str) -> io::Result<Next> {
        // What the reader has not taken yet is read again as well.
        let line = self.line();
        let raw = self.kept.between(self.start, u64::MAX);
        let lead = self.lead(&raw);
        let own = raw.get(lead..).unwrap_or(&[]);
        let length = own.iter().position(|byte| *byte == b'\n').map_or(own.len(), |end| end + 1);
        self.begun += 1;
        if self.begun > MAX_BEGUN {
            return Err(io::Error::other("more than a hundred quotes are never closed: write `quote none`"));
        }
        self.alone = Some((line, own.get(..length).unwrap_or(&[]).to_vec()));
        self.kept.again_from(self.start + (lead + length) as u64);
        self.lines = line;
        self.reader = reader(&self.dialect, &self.kept);
        let help = "close it, or write `quote none` in the mapping where quotes mean nothing";
        Ok(Next::Bad(Wrong::new(Code::BadTableRow, message, help)))
    }
}
