//! From a source text to its sentences: where each begins and ends, by which mark, and the comments between. It parses nothing. Whatever is
//! never closed is reported at its opening, and the text after that line is still read. One pass, no recursion.

use crate::diag::{Code, Diagnostic, Span};

/// One sentence of a source text, not yet parsed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// Where it stands, its end mark included, without surrounding blanks and comments.
    pub span: Span,
    /// `.`, `?`, `;`, or nothing at the end of the text.
    pub end: Option<char>,
}

/// A source text taken apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pieces {
    /// Its sentences in order.
    pub pieces: Vec<Piece>,
    /// Its comments in order, each from `--` to the end of its line.
    pub comments: Vec<Span>,
    /// What is never closed, too long or too deep.
    pub diagnostics: Vec<Diagnostic>,
}

/// The longest sentence, in bytes. Longer texts than any person's sentence belong in a JSONL file.
pub const MAX_SENTENCE: usize = 1 << 20;

/// Takes a source text apart.
pub fn split(source: &str) -> Pieces {
    let mut splitter = Splitter { source, at: 0, unclosing: Vec::new(), out: Pieces::default() };
    if source.starts_with('\u{FEFF}') {
        splitter.at = '\u{FEFF}'.len_utf8();
    }
    while splitter.sentence() {}
    splitter.out
}

struct Splitter<'s> {
    source: &'s str,
    at: usize,
    /// Openings that nothing behind the place reached closes: looked for to the end of the text once, and not for each of them.
    unclosing: Vec<char>,
    out: Pieces,
}

/// How the scan of a sentence went on at one place.
enum Step {
    Inside,
    End(char),
    /// Something was never closed: the sentence is lost up to this byte.
    Lost(usize),
}

impl Splitter<'_> {
    fn rest(&self) -> &str {
        self.source.get(self.at..).unwrap_or("")
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn line_end(&self) -> usize {
        self.rest().find('\n').map_or(self.source.len(), |at| self.at + at)
    }

    fn skip_blanks_and_comments(&mut self) {
        while let Some(c) = self.peek() {
            if c.is_whitespace() {
                self.at += c.len_utf8();
            } else if self.rest().starts_with("--") {
                self.comment();
            } else {
                return;
            }
        }
    }

    fn comment(&mut self) {
        let end = self.line_end();
        let text = self.source.get(self.at..end).unwrap_or("").trim_end();
        self.out.comments.push(Span::new(self.at, self.at + text.len()));
        self.at = end;
    }

    /// Scans one sentence; false at the end of the text.
    fn sentence(&mut self) -> bool {
        self.skip_blanks_and_comments();
        let start = self.at;
        // The sentence ends where its last own byte does: comments behind it are not part of it.
        let mut last = start;
        let mut depth = 0usize;
        let mut deepest = 0;
        let end = loop {
            let Some(c) = self.peek() else { break None };
            if c.is_whitespace() {
                self.at += c.len_utf8();
                continue;
            }
            if self.rest().starts_with("--") {
                self.comment();
                continue;
            }
            match c {
                '(' | '{' => depth += 1,
                ')' | '}' => depth = depth.saturating_sub(1),
                _ => {}
            }
            deepest = deepest.max(depth);
            match self.step(c) {
                Step::Inside => last = self.at,
                Step::End(mark) => {
                    last = self.at;
                    break Some(mark);
                }
                Step::Lost(until) => {
                    self.at = until;
                    return true;
                }
            }
        };
        let span = Span::new(start, last);
        if start == last {
            return self.at < self.source.len();
        }
        if last - start > MAX_SENTENCE {
            self.refuse(
                Code::TooLong,
                Span::new(start, start + 1),
                "this sentence is longer than a mebibyte",
                "put bulk data in a .jsonl file",
            );
        } else if deepest > super::build::MAX_DEPTH {
            let message = super::build::TOO_DEEP;
            self.refuse(
                Code::TooDeep,
                Span::new(start, start + 1),
                message,
                "take it apart into several sentences",
            );
        } else {
            self.out.pieces.push(Piece { span, end });
        }
        true
    }

    fn refuse(&mut self, code: Code, span: Span, message: &str, help: &str) {
        // A span must end on a character border, whatever the first character is.
        let length = self.source.get(span.start..).and_then(|s| s.chars().next()).map_or(0, char::len_utf8);
        let span = Span::new(span.start, span.start + length);
        self.out.diagnostics.push(Diagnostic::error(code, span, message).help(help));
    }

    fn step(&mut self, c: char) -> Step {
        let here = self.at;
        match c {
            '"' if self.rest().starts_with("\"\"\"") => {
                self.closed_by(c, 3, |rest| rest.find("\"\"\"").map(|at| at + 3))
            }
            '"' => self.straight_quote(),
            '“' => self.closed_by(c, c.len_utf8(), |rest| behind(rest, &['”'])),
            '«' => self.closed_by(c, c.len_utf8(), |rest| behind(rest, &['»'])),
            '„' => self.closed_by(c, c.len_utf8(), |rest| behind(rest, &['“', '”'])),
            '[' => self.bracket(),
            '<' => {
                let address = self.rest().find(['>', ' ', '\n', '\t']);
                let closes = address.filter(|at| *at > 1 && self.rest().as_bytes().get(*at) == Some(&b'>'));
                self.at += closes.map_or(1, |at| at + 1);
                Step::Inside
            }
            // The two dots of a range; a third one ends the sentence: `for 2031-03-18...`
            '.' if self.is_range() => {
                self.at += 2;
                Step::Inside
            }
            '.' | '?' | ';' => {
                self.at += 1;
                if self.is_end(c, here) { Step::End(c) } else { Step::Inside }
            }
            _ => {
                self.at += c.len_utf8();
                Step::Inside
            }
        }
    }

    fn is_range(&self) -> bool {
        let digit = |c: char| c.is_ascii_digit();
        let before = self.source.get(..self.at).and_then(|s| s.chars().next_back());
        let behind = self.rest().strip_prefix("..");
        behind.is_some_and(|rest| {
            before.is_some_and(|c| digit(c) || c == 'Z') || rest.starts_with(digit) || rest.starts_with('$')
        })
    }

    fn is_end(&self, mark: char, here: usize) -> bool {
        let before = self.source.get(..here).and_then(|s| s.chars().next_back());
        let after = self.peek();
        match mark {
            '?' => !after.is_some_and(char::is_alphabetic),
            '.' => {
                let in_number =
                    before.is_some_and(|c| c.is_ascii_digit()) && after.is_some_and(|c| c.is_ascii_digit());
                let in_field = before.is_some_and(|c| c.is_alphanumeric() || c == '_')
                    && after.is_some_and(char::is_alphabetic);
                !(in_number || in_field)
            }
            _ => true,
        }
    }

    fn straight_quote(&mut self) -> Step {
        let behind = self.source.get(self.at + 1..).unwrap_or("");
        let mut escaped = false;
        for (at, c) in behind.char_indices() {
            match c {
                '\n' => break,
                '\\' if !escaped => {
                    escaped = true;
                    continue;
                }
                '"' if !escaped => {
                    self.at += 1 + at + 1;
                    return Step::Inside;
                }
                _ => {}
            }
            escaped = false;
        }
        self.unclosed(
            1,
            "this quote is not closed on its line",
            "close it with \", or use \"\"\" … \"\"\" for text over several lines",
        )
    }

    fn bracket(&mut self) -> Step {
        let inside = self.source.get(self.at + 1..).unwrap_or("");
        let stop = inside.find([']', '\n']).filter(|at| inside.as_bytes().get(*at) == Some(&b']'));
        match stop {
            Some(length) => {
                self.at += 1 + length + 1;
                Step::Inside
            }
            None => self.unclosed(1, "this bracket is not closed on its line", "close the name with ]"),
        }
    }

    /// What a mark opens that may go over several lines; `end` tells where it ends in what is behind the mark.
    fn closed_by(&mut self, mark: char, opening: usize, end: impl Fn(&str) -> Option<usize>) -> Step {
        let from = self.at + opening;
        let behind = self.source.get(from..).filter(|_| !self.unclosing.contains(&mark));
        match behind.and_then(end) {
            Some(length) => {
                self.at = from + length;
                Step::Inside
            }
            None => {
                if !self.unclosing.contains(&mark) {
                    self.unclosing.push(mark);
                }
                self.unclosed(
                    opening,
                    "this quote is never closed",
                    "close it with the quote that matches it",
                )
            }
        }
    }

    fn unclosed(&mut self, length: usize, message: &str, help: &str) -> Step {
        let span = Span::new(self.at, self.at + length);
        let help = self.closed_otherwise(length).unwrap_or_else(|| help.into());
        self.out.diagnostics.push(Diagnostic::error(Code::Unclosed, span, message).help(help));
        Step::Lost(self.line_end())
    }

    /// What to write where a quote is closed on its line with the mark of another pair, or stands the other way round: »so«.
    fn closed_otherwise(&self, length: usize) -> Option<String> {
        const MARKS: [char; 4] = ['"', '”', '“', '»'];
        let line_start = self.source.get(..self.at)?.rfind('\n').map_or(0, |at| at + 1);
        let before = self.source.get(line_start..self.at)?;
        let behind = self.source.get(self.at + length..self.line_end())?;
        let said = match self.peek()? {
            '[' => return None,
            '«' if before.contains('»') => before.rsplit('»').next()?,
            _ => behind.get(..behind.find(MARKS)?)?,
        };
        Some(format!("write \"{said}\": the quotes on both sides belong to one pair"))
    }
}

/// Where a text is over behind the first of some marks.
fn behind(text: &str, marks: &[char]) -> Option<usize> {
    text.char_indices().find(|(_, c)| marks.contains(c)).map(|(at, c)| at + c.len_utf8())
}

#[cfg(test)]
mod tests {
    use super::split;

    fn sentences(source: &str) -> Vec<&str> {
        split(source).pieces.iter().map(|piece| piece.span.of(source)).collect()
    }

    #[test]
    fn splits_only_where_sentences_end() {
        for (source, expected) in [
            ("A said \"x. y?\". who said what?", vec!["A said \"x. y?\".", "who said what?"]),
            ("who said what | where ?k.date = 1.5", vec!["who said what | where ?k.date = 1.5"]),
            ("a?b; c.", vec!["a?b;", "c."]),
            ("X said “a. b” on 2025..2026.", vec!["X said “a. b” on 2025..2026."]),
            (
                "[J. D. Vance] said \"x\" source <https://a.b/c?d=e.f>.",
                vec!["[J. D. Vance] said \"x\" source <https://a.b/c?d=e.f>."],
            ),
            (
                "-- one\nA said \"x\" -- two. three\n about B. -- four",
                vec!["A said \"x\" -- two. three\n about B."],
            ),
            ("\u{feff}who said what", vec!["who said what"]),
            ("  \n -- only a comment", vec![]),
            ("who said what with deaths < 5?", vec!["who said what with deaths < 5?"]),
        ] {
            assert_eq!(sentences(source), expected, "{source}");
        }
    }

    #[test]
    fn what_is_never_closed_costs_its_own_line_only() {
        let source = "A said \"x about B.\nC said \"y\".\n[D said \"z\".\nE said \"\"\"w.\nF said \"v\".";
        let pieces = split(source);
        assert_eq!(sentences(source), ["C said \"y\".", "F said \"v\"."]);
        let opened: Vec<&str> = pieces.diagnostics.iter().map(|d| d.span.of(source)).collect();
        assert_eq!(opened, ["\"", "[", "\"\"\""]);
    }

    #[test]
    fn endless_text_is_refused_at_once() {
        assert_eq!(split(&"(".repeat(10_000)).diagnostics.len(), 1);
        assert_eq!(split(&"é ".repeat(5_000_000)).diagnostics.len(), 1);
        assert_eq!(split(&"[".repeat(500)).diagnostics.len(), 1);
    }
}
