//! Which words stand in which texts: every word in the order of its letters, with the rows of the texts that have it. It covers the rows up to
//! the last time that everything was folded in; of later rows it says nothing, and of a row that it names it promises nothing about the order
//! of words: whoever asks looks into the text.

use super::column::{Column, Texts};
use super::index::{Index, hash_bytes};
use super::layout::Visit;
use super::section::prefer_huge_pages;
use crate::model::fold;
use crate::threads::{in_threads, threads_for};
use std::ops::Range;

/// How something looked for must stand in a text, both folded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Looked {
    /// Anywhere, with nothing of a word directly before or after it.
    Whole,
    /// Anywhere.
    Part,
    /// Where the text begins.
    Start,
}

/// Words with the rows that have them.
#[derive(Debug, Clone, Default)]
pub struct Words {
    words: Texts,
    /// The rows of each word, ascending, each as its distance from the one before in groups of seven bits, the lowest first.
    rows: Column<u8>,
    ends: Column<u64>,
    /// How many rows are covered; one number.
    covered: Column<u32>,
}

/// The words of a folded text: runs of letters and digits.
fn words_of(folded: &str) -> impl Iterator<Item = &str> {
    folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// A word that what is looked for tells something of.
enum Clue<'w> {
    /// It stands there whole.
    Word(&'w str),
    /// It begins so.
    Begins(&'w str),
    /// It has this in it.
    Has(&'w str),
}

fn clues(looked: Looked, wanted: &str) -> Vec<Clue<'_>> {
    let words: Vec<&str> = words_of(wanted).collect();
    let last = words.len().saturating_sub(1);
    // More of a word may stand before the first and behind the last, unless what is looked for begins or ends there with something else.
    let starts_open = looked == Looked::Part && wanted.starts_with(char::is_alphanumeric);
    let ends_open = looked != Looked::Whole && wanted.ends_with(char::is_alphanumeric);
    let clue = |(at, word)| match (at == 0 && starts_open, at == last && ends_open) {
        (false, false) => Clue::Word(word),
        (false, true) => Clue::Begins(word),
        (true, _) => Clue::Has(word),
    };
    words.into_iter().enumerate().map(clue).collect()
}

impl Words {
    /// How many rows it covers.
    pub fn covered(&self) -> usize {
        self.covered.get(0).unwrap_or(0) as usize
    }

    /// Rows of which every text of `texts` rows that has what is looked for is one, in ascending order; nothing where that would be too many
    /// to be worth it. Reads the lists of the words looked for; of a part of a word all words.
    pub fn rows_with(&self, looked: Looked, wanted: &str, texts: usize) -> Option<Vec<u32>> {
        let clues = clues(looked, wanted);
        let mut found: Option<Vec<u32>> = None;
        let mut whole: Vec<(usize, usize)> = Vec::new();
        for clue in &clues {
            if let Clue::Word(word) = clue {
                match self.place(word) {
                    Ok(at) => whole.push((self.range(at).len(), at)),
                    Err(_) => found = Some(Vec::new()),
                }
            }
        }
        whole.sort_unstable();
        for (_, at) in whole {
            let of_word = self.list(at);
            found = Some(match found {
                None => of_word,
                Some(known) => known.into_iter().filter(|row| of_word.binary_search(row).is_ok()).collect(),
            });
        }
        let mut found = match found {
            Some(found) => found,
            None => self.rows_of_parts(&clues, texts)?,
        };
        found.extend(self.covered() as u32..texts as u32);
        (found.len() <= texts / 2 + 64).then_some(found)
    }

    /// The rows of all words of which the longest clue is a part; nothing where these are too many.
    fn rows_of_parts(&self, clues: &[Clue<'_>], texts: usize) -> Option<Vec<u32>> {
        let length = |clue: &&Clue<'_>| match clue {
            Clue::Word(word) | Clue::Begins(word) | Clue::Has(word) => word.len(),
        };
        let words: Vec<usize> = match clues.iter().max_by_key(length)? {
            Clue::Begins(start) => {
                let first = self.place(start).unwrap_or_else(|at| at);
                (first..self.words.len()).take_while(|at| self.words.get(*at).starts_with(start)).collect()
            }
            Clue::Word(part) | Clue::Has(part) => {
                (0..self.words.len()).filter(|at| self.words.get(*at).contains(part)).collect()
            }
        };
        if words.iter().map(|at| self.range(*at).len()).sum::<usize>() > texts {
            return None;
        }
        let mut rows: Vec<u32> = words.into_iter().flat_map(|at| self.list(at)).collect();
        rows.sort_unstable();
        rows.dedup();
        Some(rows)
    }

    /// Where a word stands, or would. Logarithmic.
    fn place(&self, word: &str) -> Result<usize, usize> {
        let (mut low, mut high) = (0, self.words.len());
        while low < high {
            let middle = low + (high - low) / 2;
            match self.words.get(middle).cmp(word) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return Ok(middle),
            }
        }
        Err(low)
    }

    fn range(&self, at: usize) -> std::ops::Range<usize> {
        let end = |at: usize| self.ends.get(at).map_or(0, |end| end as usize);
        at.checked_sub(1).map_or(0, end)..end(at)
    }

    /// The rows of a word, as far as they can be read.
    fn list(&self, at: usize) -> Vec<u32> {
        let range = self.range(at);
        rows_in(self.rows.view(false).run(range.start, range.end).unwrap_or(&[])).collect()
    }

    /// Whether words ascend, and so do the rows of each, all of them covered. Reads everything.
    pub(super) fn is_sound(&self, texts: usize) -> bool {
        let words = self.words.len();
        self.ends.len() == words
            && self.range(words.wrapping_sub(1)).end == self.rows.len()
            && self.covered() <= texts
            && (1..words).all(|at| self.words.get(at - 1) < self.words.get(at))
            && (0..words).all(|at| {
                let rows = self.list(at);
                rows.is_sorted_by(|a, b| a < b)
                    && rows.last().is_some_and(|last| (*last as usize) < self.covered())
            })
    }

    pub(super) fn visit(&mut self, name: &str, v: &mut impl Visit) {
        v.texts(&format!("{name}.text"), &mut self.words);
        v.column(&format!("{name}.rows"), &mut self.rows);
        v.column(&format!("{name}.ends"), &mut self.ends);
        v.column(&format!("{name}.covered"), &mut self.covered);
    }

    /// Covers all rows. Linear in the texts added since, and in the words and lists there are. Where many were added, threads share them.
    pub(super) fn cover(&mut self, texts: &Texts) {
        const PER_THREAD: usize = 1 << 13;
        let covered = self.covered();
        let count = texts.len().saturating_sub(covered);
        if count == 0 {
            return;
        }
        let share = count.div_ceil(threads_for(count, PER_THREAD));
        let starts = (covered..texts.len()).step_by(share).collect();
        let parts = in_threads(starts, |from: usize| Added::of(texts, from..texts.len().min(from + share)));
        *self = self.merged(&parts, texts.len());
    }

    /// These words together with those of the rows behind them, part by part.
    fn merged(&self, parts: &[Added], covered: usize) -> Words {
        let added = parts.iter().flat_map(|part| &part.words).map(|word| length(word.first) + word.bytes);
        let mut all = Words { covered: Column::over(vec![covered as u32].into()), ..Words::default() };
        let known_rows = self.rows.flat();
        let mut rows: Vec<u8> = Vec::with_capacity(known_rows.len() + added.sum::<usize>());
        prefer_huge_pages(&mut rows);
        let mut known = (0..self.words.len()).peekable();
        // In a file made on purpose lists may overlap: nothing is copied twice.
        let mut copied = 0;
        // Of each part its words in the order of their letters, and where the next row of each goes, with the row before it.
        let mut heads: Vec<_> = parts.iter().map(|part| part.order.iter().peekable()).collect();
        let mut next: Vec<Vec<Next>> = parts.iter().map(Added::places).collect();
        loop {
            let heads_now = parts.iter().zip(&mut heads).map(|(part, head)| (part, head.peek()));
            let new = heads_now.filter_map(|(part, id)| Some(part.text(**id?))).min();
            let old = known.peek().map(|at| self.words.get(*at));
            let Some(word) = old.into_iter().chain(new).min() else { break };
            let mut last = 0;
            if let Some(at) = known.next_if(|_| old == Some(word)) {
                let Range { start, end } = self.range(at);
                let of_word = known_rows.get(start.max(copied)..end).unwrap_or(&[]);
                copied = copied.max(end);
                rows.extend_from_slice(of_word);
                if new == Some(word) {
                    last = rows_in(of_word).last().unwrap_or(0);
                }
            }
            for ((part, head), next) in parts.iter().zip(&mut heads).zip(&mut next) {
                let Some(id) = head.next_if(|id| part.text(**id) == word) else { continue };
                let (Some(of_word), Some(next)) = (part.words.get(*id as usize), next.get_mut(*id as usize))
                else {
                    continue;
                };
                *next = Next { place: rows.len(), last };
                rows.resize(rows.len() + length(of_word.first.wrapping_sub(last)) + of_word.bytes, 0);
                last = of_word.last;
            }
            all.words.push(word);
            all.ends.push(rows.len() as u64);
        }
        for (part, next) in parts.iter().zip(&mut next) {
            part.write(next, &mut rows);
        }
        all.rows = Column::over(rows.into());
        all.words.fold_in();
        all.ends.fold_in();
        all
    }
}

/// The end of a row in the stream of words.
const END: u32 = u32::MAX;

/// A word of the rows added.
struct AddedWord {
    /// Where it stands in the letters.
    start: usize,
    end: usize,
    /// The first row that has it, and the last.
    first: u32,
    last: u32,
    /// How many bytes its rows take behind the first.
    bytes: usize,
}

/// Where the next row of a word is written, and the row before that.
#[derive(Clone, Default)]
struct Next {
    place: usize,
    last: u32,
}

/// The words of some rows.
#[derive(Default)]
struct Added {
    first_row: u32,
    letters: String,
    words: Vec<AddedWord>,
    by_hash: Index,
    /// The words of each row, in order, each once.
    stream: Vec<u32>,
    /// The words in the order of their letters.
    order: Vec<u32>,
}

impl Added {
    fn of(texts: &Texts, rows: Range<usize>) -> Added {
        let mut added = Added { first_row: rows.start as u32, ..Added::default() };
        for row in rows {
            let folded = fold(texts.get(row));
            for word in words_of(&folded) {
                added.note(word, row as u32);
            }
            added.stream.push(END);
        }
        added.by_hash = Index::default();
        let mut order: Vec<(&str, u32)> =
            (0..added.words.len() as u32).map(|id| (added.text(id), id)).collect();
        order.sort_unstable();
        added.order = order.into_iter().map(|(_, id)| id).collect();
        added
    }

    /// A place for each word, for which nothing is known yet.
    fn places(&self) -> Vec<Next> {
        let mut places = Vec::with_capacity(self.words.len());
        prefer_huge_pages(&mut places);
        places.resize(self.words.len(), Next::default());
        places
    }

    fn text(&self, id: u32) -> &str {
        let word = self.words.get(id as usize);
        word.and_then(|word| self.letters.get(word.start..word.end)).unwrap_or("")
    }

    fn note(&mut self, word: &str, row: u32) {
        let hash = hash_bytes(word.as_bytes());
        let Some(id) = self.by_hash.find(hash, |id| self.text(id) == word) else {
            let (id, start) = (self.words.len() as u32, self.letters.len());
            self.letters.push_str(word);
            self.words.push(AddedWord { start, end: self.letters.len(), first: row, last: row, bytes: 0 });
            self.by_hash.add(hash, id);
            return self.stream.push(id);
        };
        if let Some(known) = self.words.get_mut(id as usize).filter(|known| known.last != row) {
            known.bytes += length(row - known.last);
            known.last = row;
            self.stream.push(id);
        }
    }

    /// Writes the rows of each word where there is room for them.
    fn write(&self, next: &mut [Next], rows: &mut [u8]) {
        let mut row = self.first_row;
        for id in &self.stream {
            if *id == END {
                row += 1;
                continue;
            }
            let Some(Next { place, last }) = next.get_mut(*id as usize) else { continue };
            let mut distance = row.wrapping_sub(*last);
            *last = row;
            while let Some(byte) = rows.get_mut(*place) {
                *place += 1;
                *byte = (distance & 0x7F) as u8;
                distance >>= 7;
                if distance == 0 {
                    break;
                }
                *byte |= 0x80;
            }
        }
    }
}

/// The rows of a list, of which each stands as its distance from the one before.
fn rows_in(list: &[u8]) -> impl Iterator<Item = u32> {
    let (mut bytes, mut row) = (list.iter(), 0_u32);
    std::iter::from_fn(move || {
        let (mut distance, mut shift) = (0_u32, 0_u32);
        loop {
            let byte = bytes.next()?;
            distance |= u32::from(byte & 0x7F).checked_shl(shift).unwrap_or(0);
            shift += 7;
            if byte & 0x80 == 0 {
                row = row.wrapping_add(distance);
                return Some(row);
            }
        }
    })
}

/// How many bytes a distance takes.
fn length(distance: u32) -> usize {
    (32 - distance.leading_zeros()).div_ceil(7).max(1) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(all: &[&str]) -> Texts {
        let mut texts = Texts::default();
        for text in all {
            texts.push(text);
        }
        texts
    }

    #[test]
    fn words_lead_to_their_rows_however_they_were_covered() {
        let all = ["The dam burst", "a Dam, a plan", "", "Damascus fell", "ДАМБА прорвана", "the plan burst"];
        let mut whole = Words::default();
        whole.cover(&texts(&all));
        let mut in_parts = Words::default();
        for rows in 1..=all.len() {
            in_parts.cover(&texts(&all[..rows]));
        }
        let mut later = Words::default();
        later.cover(&texts(&all[..4]));
        let one = |looked, wanted: &str| {
            let found = whole.rows_with(looked, wanted, all.len());
            assert_eq!(in_parts.rows_with(looked, wanted, all.len()), found, "{wanted}");
            found.unwrap()
        };
        assert_eq!(one(Looked::Whole, "dam"), [0, 1]);
        assert_eq!(one(Looked::Whole, "the dam"), [0]);
        assert!(one(Looked::Whole, "nothing").is_empty());
        assert_eq!(one(Looked::Start, "dam"), [0, 1, 3]);
        assert_eq!(one(Looked::Part, "amas"), [3]);
        assert_eq!(one(Looked::Part, "амба"), [4]);
        assert_eq!(one(Looked::Part, "dam burst"), [0, 5]);
        assert_eq!(one(Looked::Part, "a dam burst"), [0, 1]);
        assert_eq!(later.rows_with(Looked::Whole, "fell", all.len()).unwrap(), [3, 4, 5]);
        assert_eq!(whole.rows_with(Looked::Whole, "?!", all.len()), None);
        assert!([&whole, &in_parts, &later].iter().all(|words| words.is_sound(all.len())));
        assert!(Words::default().is_sound(0) && !whole.is_sound(all.len() - 1));
        let mut damaged = whole.clone();
        damaged.rows.set(0, 100);
        assert!(!damaged.is_sound(all.len()));
    }

    #[test]
    fn lists_that_overlap_are_not_copied_again_and_again() {
        let many: Vec<String> = (0..200).map(|row| format!("word{row} common")).collect();
        let mut texts = texts(&many.iter().map(String::as_str).collect::<Vec<_>>());
        let mut words = Words::default();
        words.cover(&texts);
        let all = words.rows.len();
        for at in 0..words.ends.len() {
            words.ends.set(at, if at % 2 == 0 { all as u64 } else { 0 });
        }
        texts.push("more");
        words.cover(&texts);
        assert!(words.rows.len() <= all + 8);
    }

    #[test]
    fn far_rows_keep_their_numbers() {
        let mut texts = Texts::default();
        for row in 0..40_000 {
            texts.push(if row % 20_011 == 0 { "rare" } else { "common" });
        }
        let mut words = Words::default();
        words.cover(&texts);
        assert_eq!(words.rows_with(Looked::Whole, "rare", 40_000).unwrap(), [0, 20_011]);
        assert_eq!(words.rows_with(Looked::Whole, "common", 40_000), None);
    }

    #[test]
    fn words_lie_alike_however_many_threads_covered_them() {
        let (mut texts, mut in_parts) = (Texts::default(), Words::default());
        for row in 0..40_000 {
            texts.push(&format!("word {} of {} words {row}", row % 7, row / 300));
            if row % 10_007 == 0 {
                in_parts.cover(&texts);
            }
        }
        in_parts.cover(&texts);
        let mut whole = Words::default();
        whole.cover(&texts);
        assert!(whole.words.iter().eq(in_parts.words.iter()));
        assert_eq!(whole.rows.flat(), in_parts.rows.flat());
        assert_eq!(whole.ends.flat(), in_parts.ends.flat());
    }
}
