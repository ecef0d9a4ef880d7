//! How a table is written: separator, quotes, encoding, what counts as empty. It reads no table.

use super::Refused;
use crate::diag::{Code, Diagnostic, Span};
use crate::syntax::ast::{Mapping, TableKind, TablePart, Word};
use encoding_rs::Encoding;

/// The form of a table.
#[derive(Debug, Clone)]
pub struct Dialect {
    pub(super) kind: TableKind,
    pub(super) separator: u8,
    pub(super) quote: Option<u8>,
    pub(super) escape: Option<u8>,
    pub(super) comment: Option<u8>,
    pub(super) encoding: &'static Encoding,
    pub(super) header: bool,
    pub(super) skip: u64,
    /// Values that stand for none.
    pub(super) empty: Vec<String>,
}

impl Dialect {
    /// The kind of table.
    pub fn kind(&self) -> TableKind {
        self.kind
    }

    pub(super) fn of(mapping: &Mapping) -> Refused<Dialect> {
        let mut dialect = Dialect {
            kind: mapping.kind,
            separator: if mapping.kind == TableKind::Tsv { b'\t' } else { b',' },
            quote: Some(b'"'),
            escape: None,
            comment: None,
            encoding: encoding_rs::UTF_8,
            header: true,
            skip: 0,
            empty: Vec::new(),
        };
        let mut seen = Vec::new();
        for part in &mapping.parts {
            let what = std::mem::discriminant(part);
            if seen.contains(&what) {
                return refuse(
                    Code::MisplacedWord,
                    span_of(part),
                    "this is told twice",
                    "keep one of the two",
                );
            }
            seen.push(what);
            dialect.take(part)?;
        }
        let marks = [Some(dialect.separator), dialect.quote, dialect.escape, dialect.comment];
        let twice = (0..4).any(|at| marks[at].is_some() && marks[..at].contains(&marks[at]));
        if twice {
            return refuse(
                Code::BadValue,
                mapping.span,
                "one character cannot be two of separator, quote, escape and comment",
                "give each a character of its own",
            );
        }
        Ok(dialect)
    }

    fn take(&mut self, part: &TablePart) -> Refused<()> {
        let of_cells = !matches!(part, TablePart::Encoding(_) | TablePart::Skip(_) | TablePart::Empty(..));
        if of_cells && self.kind == TableKind::Jsonl {
            let message = "JSON lines have no separators, quotes, comments or head line";
            return refuse(Code::MisplacedWord, span_of(part), message, "leave it away");
        }
        match part {
            TablePart::Separator(word) => self.separator = mark(word)?,
            TablePart::Quote(Some(word), _) => self.quote = Some(mark(word)?),
            TablePart::Quote(None, _) => self.quote = None,
            TablePart::Escape(word) => self.escape = Some(mark(word)?),
            TablePart::Comment(word) => self.comment = Some(mark(word)?),
            TablePart::Encoding(word) => {
                let found = Encoding::for_label_no_replacement(word.text.as_bytes());
                let Some(encoding) = found else {
                    return refuse(
                        Code::BadValue,
                        word.span,
                        format!("`{}` is no encoding that is known", word.text),
                        "write utf-8, utf-16le, windows-1252, windows-1251, iso-8859-2, koi8-r, gb18030, shift_jis or another name that browsers know",
                    );
                };
                self.encoding = encoding;
            }
            TablePart::NoHeader(_) => self.header = false,
            TablePart::Skip(word) => match word.text.parse() {
                Ok(lines) if lines <= 10_000 => self.skip = lines,
                _ => {
                    let help = "write how many lines stand above the head line, as skip 2";
                    return refuse(Code::BadValue, word.span, "this many lines cannot be skipped", help);
                }
            },
            TablePart::Empty(words, _) => {
                self.empty = words.iter().map(|word| word.text.trim().into()).collect();
            }
        }
        Ok(())
    }
}

/// A separator and the like: one character of ASCII.
fn mark(word: &Word) -> Refused<u8> {
    match word.text.as_bytes() {
        [one] if one.is_ascii() && !matches!(one, b'\n' | b'\r' | b'\0') => Ok(*one),
        _ => refuse(
            Code::BadValue,
            word.span,
            "this must be one character of ASCII",
            "write one, as \";\" or \"|\" or \"\\t\"",
        ),
    }
}

fn span_of(part: &TablePart) -> Span {
    match part {
        TablePart::Separator(word)
        | TablePart::Escape(word)
        | TablePart::Comment(word)
        | TablePart::Encoding(word)
        | TablePart::Skip(word) => word.span,
        TablePart::Quote(_, span) | TablePart::NoHeader(span) | TablePart::Empty(_, span) => *span,
    }
}

pub(super) fn refuse<T>(
    code: Code,
    span: Span,
    message: impl Into<String>,
    help: impl Into<String>,
) -> Refused<T> {
    Err(Box::new(Diagnostic::error(code, span, message).help(help)))
}
