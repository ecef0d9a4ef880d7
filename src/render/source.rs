//! The text that diagnostics point into: which line and column a byte is at, and what stands around it. However many places are asked
//! for, the text is read through once.

use std::borrow::Cow;
use std::cell::OnceCell;

/// Bytes from one place that is known to the next.
const STEP: usize = 1 << 16;

/// A text and where it comes from.
#[derive(Debug, Clone)]
pub struct SourceText<'a> {
    /// Its file; empty where there is none.
    pub name: Cow<'a, str>,
    /// All of it.
    pub text: Cow<'a, str>,
    /// Of every [`STEP`] bytes the first character: the bytes, the line breaks, and the characters of its line that stand before it.
    places: OnceCell<Vec<(usize, usize, usize)>>,
}

impl<'a> SourceText<'a> {
    /// A text of a file; of none where the name is empty.
    pub fn new(name: impl Into<Cow<'a, str>>, text: impl Into<Cow<'a, str>>) -> Self {
        SourceText { name: name.into(), text: text.into(), places: OnceCell::new() }
    }

    /// The line and the column of a byte, both from 1, columns in characters. Constant, but linear in the text the first time.
    pub(super) fn position(&self, at: usize) -> (usize, usize) {
        let at = floor(&self.text, at);
        let places = self.places.get_or_init(|| {
            let mut known = vec![(0, 0, 0)];
            let mut last = (0, 0, 0);
            for step in (STEP..self.text.len()).step_by(STEP) {
                last = self.count(last, floor(&self.text, step));
                known.push(last);
            }
            known
        });
        let known = places.get(at / STEP).copied().unwrap_or_default();
        let (_, breaks, before) = self.count(known, at);
        (breaks + 1, before + 1)
    }

    /// What stands before a place, from one before it where that is known.
    fn count(&self, (from, breaks, before): (usize, usize, usize), to: usize) -> (usize, usize, usize) {
        let between = self.text.get(from..to).unwrap_or("");
        match between.rfind('\n') {
            None => (to, breaks, before + between.chars().count()),
            Some(last) => {
                let line = between.get(last + 1..).unwrap_or("");
                (to, breaks + between.bytes().filter(|byte| *byte == b'\n').count(), line.chars().count())
            }
        }
    }
}

/// The last place where a character begins, at or before this byte.
pub(super) fn floor(text: &str, at: usize) -> usize {
    text.floor_char_boundary(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_those_counted_from_the_beginning() {
        let mut text = "первая\nvery ".repeat(STEP / 8);
        text.push_str(&"é".repeat(2 * STEP));
        text.push_str("\nlast");
        let source = SourceText::new("", text.as_str());
        for at in (0..text.len() + 2).step_by(1009).chain([text.len(), text.len() + 9]) {
            let before = &text[..floor(&text, at)];
            let line = before.rfind('\n').map_or(before, |last| &before[last + 1..]);
            let counted = (before.matches('\n').count() + 1, line.chars().count() + 1);
            assert_eq!(source.position(at), counted, "byte {at}");
        }
    }
}
