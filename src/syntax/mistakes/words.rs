//! The words of a sentence that does not parse, as far as they can be told apart without a grammar.

use crate::diag::Span;
use crate::syntax::ast::CommandVerb;

/// What a piece of a sentence looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// Letters that begin with a capital.
    Capital,
    /// Any other letters.
    Lower,
    /// Text in quotes.
    Quoted,
    /// Something in brackets, a variable, an id, an address: what is never a mistake by itself.
    Marked,
    /// Digits, and what may stand between them.
    Digits,
    /// Anything else, one character.
    Mark,
}

/// One piece.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token<'s> {
    pub text: &'s str,
    pub span: Span,
    pub look: Look,
}

/// A sentence in pieces, and whether another would parse.
pub(super) struct Words<'s> {
    pub text: &'s str,
    pub tokens: Vec<Token<'s>>,
    fits: &'s dyn Fn(&str) -> bool,
}

/// The words that mean something in the language and can be no name or verb.
pub(super) const KEYWORDS: &[&str] = &[
    "contradicts",
    "reportedly",
    "allegedly",
    "anything",
    "corrects",
    "directly",
    "possibly",
    "probably",
    "retracts",
    "supports",
    "verbatim",
    "between",
    "exactly",
    "anyone",
    "before",
    "source",
    "about",
    "after",
    "cites",
    "first",
    "rates",
    "which",
    "also",
    "last",
    "none",
    "same",
    "that",
    "what",
    "when",
    "whom",
    "with",
    "all",
    "and",
    "any",
    "for",
    "not",
    "via",
    "who",
    "as",
    "by",
    "if",
    "in",
    "is",
    "of",
    "on",
    "or",
    "to",
];

/// The words that begin a stage, the reasoning verbs among them.
pub(super) fn stages() -> impl Iterator<Item = &'static str> + Clone {
    let plain = ["where", "show", "count", "summarize", "sort", "take", "skip"];
    plain.into_iter().chain(CommandVerb::WORDS)
}

impl<'s> Words<'s> {
    pub(super) fn of(text: &'s str, fits: &'s dyn Fn(&str) -> bool) -> Self {
        let mut tokens = Vec::new();
        let mut at = 0;
        while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
            let (length, look) = piece(rest);
            if let (Some(look), Some(text)) = (look, rest.get(..length)) {
                tokens.push(Token { text, span: Span::new(at, at + length), look });
            }
            at += length.max(1);
        }
        Words { text, tokens, fits }
    }

    /// The sentence with this text in place of a span, where that parses.
    pub(super) fn with(&self, span: Span, replacement: &str) -> Option<String> {
        self.with_all(&[(span, replacement)])
    }

    /// The sentence with each text in place of its span, where that parses. The spans are in order.
    pub(super) fn with_all(&self, changes: &[(Span, &str)]) -> Option<String> {
        let mut changed = String::with_capacity(self.text.len() + 16);
        let mut at = 0;
        for (span, replacement) in changes {
            changed.push_str(self.text.get(at..span.start)?);
            changed.push_str(replacement);
            at = span.end;
        }
        changed.push_str(self.text.get(at..)?);
        (self.fits)(&changed).then_some(changed)
    }

    /// The text of some tokens, the last one included.
    pub(super) fn between(&self, first: usize, last: usize) -> Option<Span> {
        Some(self.tokens.get(first)?.span.to(self.tokens.get(last)?.span))
    }

    /// What a token looks like; nothing behind the last.
    pub(super) fn look(&self, at: usize) -> Option<Look> {
        self.tokens.get(at).map(|token| token.look)
    }

    /// The text of a token; nothing behind the last.
    pub(super) fn text(&self, at: usize) -> &'s str {
        self.tokens.get(at).map_or("", |token| token.text)
    }

    /// Where the run of names ends that begins at a token: `Anna, Boris`, `[Bank of America]`, `?x`; `at` where none does.
    pub(super) fn names_end(&self, at: usize) -> usize {
        let mut end = at;
        while matches!(self.look(end), Some(Look::Capital | Look::Marked))
            || end > at
                && self.text(end) == ","
                && matches!(self.look(end + 1), Some(Look::Capital | Look::Marked))
        {
            end += 1;
        }
        if end == at && matches!(self.text(at), "who" | "whom" | "anyone") { at + 1 } else { end }
    }

    /// Where the first verb stands: the first word in lower case that is no keyword, behind a name or blank.
    pub(super) fn verb(&self) -> Option<usize> {
        (1..self.tokens.len()).find(|at| {
            self.look(*at) == Some(Look::Lower)
                && !KEYWORDS.contains(&self.text(*at))
                && stages().all(|stage| stage != self.text(*at))
        })
    }

    /// Whether a text parses.
    pub(super) fn fits(&self, text: &str) -> bool {
        (self.fits)(text)
    }

    /// The text of a span.
    pub(super) fn slice(&self, span: Span) -> &'s str {
        self.text.get(span.start..span.end).unwrap_or("")
    }

    /// The word at a place; nothing where something else stands.
    pub(super) fn word(&self, at: usize) -> Option<&'s str> {
        let token = self.tokens.get(at)?;
        matches!(token.look, Look::Capital | Look::Lower).then_some(token.text)
    }

    /// The text with everything in quotes blanked out, byte for byte: for looking only at what is outside.
    pub(super) fn outside_quotes(&self) -> String {
        let mut outside = self.text.as_bytes().to_vec();
        for token in self.tokens.iter().filter(|token| matches!(token.look, Look::Quoted | Look::Marked)) {
            if let Some(inside) = outside.get_mut(token.span.start..token.span.end) {
                inside.fill(b' ');
            }
        }
        String::from_utf8(outside).unwrap_or_default()
    }
}

/// What to write: the whole sentence where it is short, else only the part that differs.
pub(super) fn write(sentence: &str, part: &str) -> String {
    let blanks_made_one = || {
        let words = sentence.split_whitespace().collect::<Vec<_>>().join(" ");
        [" .", " ?", " ;"]
            .iter()
            .find_map(|end| Some(format!("{}{}", words.strip_suffix(end)?, end.trim())))
            .unwrap_or(words)
    };
    let short = sentence.chars().count() <= 100 && !sentence.contains('\n');
    format!("write {}", if short { blanks_made_one() } else { part.trim().to_string() })
}

/// Whether a character belongs to a word.
fn is_letter(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '\'' | '’')
}

fn piece(rest: &str) -> (usize, Option<Look>) {
    let Some(first) = rest.chars().next() else { return (0, None) };
    if first.is_whitespace() {
        return (first.len_utf8(), None);
    }
    if rest.starts_with("--") {
        return (rest.find('\n').unwrap_or(rest.len()), None);
    }
    let close = match first {
        '"' if rest.starts_with("\"\"\"") => return (between(rest, 3, "\"\"\""), Some(Look::Quoted)),
        '"' => return (straight(rest), Some(Look::Quoted)),
        '“' | '„' => "”",
        '«' => "»",
        '[' => "]",
        '<' if rest.get(1..).is_some_and(|rest| rest.starts_with(char::is_alphabetic))
            && rest.contains('>') =>
        {
            ">"
        }
        _ => "",
    };
    if !close.is_empty() {
        let look = if matches!(first, '[' | '<') { Look::Marked } else { Look::Quoted };
        return (between(rest, first.len_utf8(), close), Some(look));
    }
    let after = rest.get(first.len_utf8()..).unwrap_or("");
    if rest.starts_with("$[") {
        return (1 + between(after, 1, "]"), Some(Look::Marked));
    }
    if matches!(first, '?' | '$' | '#') && after.starts_with(|c: char| c.is_alphanumeric() || c == '[') {
        let length = after
            .find(|c: char| !(is_letter(c) || matches!(c, '[' | ']' | '/' | '~')))
            .unwrap_or(after.len());
        return (first.len_utf8() + length, Some(Look::Marked));
    }
    if is_letter(first) {
        let digits = first.is_ascii_digit();
        let inside = |c: char| is_letter(c) || digits && matches!(c, '.' | '/' | ',' | ':');
        let mut length = rest.find(|c: char| !inside(c)).unwrap_or(rest.len());
        if digits {
            length =
                rest.get(..length).map_or(length, |word| word.trim_end_matches(['.', ',', ':', '/']).len());
        }
        let look = if digits {
            Look::Digits
        } else if first.is_uppercase() || first.is_alphabetic() && !first.is_lowercase() {
            Look::Capital
        } else {
            Look::Lower
        };
        return (length, Some(look));
    }
    (first.len_utf8(), Some(Look::Mark))
}

/// How far a paired mark reaches, both marks included.
fn between(rest: &str, open: usize, close: &str) -> usize {
    rest.get(open..).and_then(|inside| inside.find(close)).map_or(rest.len(), |at| open + at + close.len())
}

fn straight(rest: &str) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    rest.len()
}
