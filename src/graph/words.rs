//! Which words stand in which texts: every word in the order of its letters, with the rows of the texts that have it. It covers the rows up to
//! the last time that everything was folded in; of later rows it says nothing, and of a row that it names it promises nothing about the order
//! of words: whoever asks looks into the text.

use super::column::{Column, Texts};
use super::index::hash_bytes;
use super::layout::Visit;
use crate::model::fold;
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;

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
        let mut rows = Vec::new();
        let (mut row, mut distance, mut shift) = (0_u32, 0_u32, 0_u32);
        for byte in self.range(at).map_while(|place| self.rows.get(place)) {
            distance |= u32::from(byte & 0x7F).checked_shl(shift).unwrap_or(0);
            shift += 7;
            if byte & 0x80 == 0 {
                row = row.wrapping_add(distance);
                rows.push(row);
                (distance, shift) = (0, 0);
            }
        }
        rows
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

    /// Covers all rows. Linear in the texts added since, and in the words and lists there are.
    pub(super) fn cover(&mut self, texts: &Texts) {
        let covered = self.covered();
        if covered >= texts.len() {
            return;
        }
        let mut added = Added::default();
        for row in covered..texts.len() {
            let folded = fold(texts.get(row));
            for word in words_of(&folded) {
                added.note(self, word, row as u32);
            }
            added.stream.push(END);
        }
        *self = added.merged(self, covered, texts.len());
    }
}

/// The end of a row in the stream of words.
const END: u32 = u32::MAX;

/// A word of the rows added.
struct AddedWord {
    /// Where it stands in the letters.
    start: usize,
    end: usize,
    /// Its place among the words known before.
    known: Option<usize>,
    /// The row noted last, by which the next is told.
    last: u32,
    /// Whether that row is one of those added.
    is_noted: bool,
    /// How many bytes its added rows take.
    bytes: usize,
}

/// The words of some rows.
#[derive(Default)]
struct Added {
    letters: String,
    words: Vec<AddedWord>,
    by_hash: HashTable<(u64, u32)>,
    /// The words of each row, in order, each once.
    stream: Vec<u32>,
}

impl Added {
    fn note(&mut self, before: &Words, word: &str, row: u32) {
        let hash = hash_bytes(word.as_bytes());
        let next = self.words.len() as u32;
        let is_it = |id: u32| {
            self.words
                .get(id as usize)
                .is_some_and(|known| self.letters.get(known.start..known.end) == Some(word))
        };
        let entry = self.by_hash.entry(hash, |known| known.0 == hash && is_it(known.1), |known| known.0);
        let id = match entry {
            Entry::Occupied(known) => known.get().1,
            Entry::Vacant(free) => {
                free.insert((hash, next));
                let start = self.letters.len();
                self.letters.push_str(word);
                let known = before.place(word).ok();
                let last = known.and_then(|at| before.list(at).last().copied()).unwrap_or(0);
                let end = self.letters.len();
                self.words.push(AddedWord { start, end, known, last, is_noted: false, bytes: 0 });
                next
            }
        };
        let Some(known) = self.words.get_mut(id as usize) else { return };
        if known.is_noted && known.last == row {
            return;
        }
        known.bytes += length(row - known.last);
        (known.last, known.is_noted) = (row, true);
        self.stream.push(id);
    }

    /// The words known before together with these.
    fn merged(self, before: &Words, first_row: usize, covered: usize) -> Words {
        let Added { letters, words, stream, by_hash } = self;
        drop(by_hash);
        let text = |word: &AddedWord| letters.get(word.start..word.end).unwrap_or("");
        let mut order: Vec<(&str, usize)> = words.iter().map(text).zip(0..).collect();
        order.sort_unstable();
        let total = before.rows.len() + words.iter().map(|word| word.bytes).sum::<usize>();
        let mut all = Words { covered: Column::over(vec![covered as u32].into()), ..Words::default() };
        let mut rows: Vec<u8> = Vec::with_capacity(total);
        // Where the next row of each added word goes.
        let mut next = vec![0_usize; words.len()];
        let mut added = order.into_iter().peekable();
        let mut known = 0..before.words.len();
        let mut settled = known.next();
        loop {
            let old = settled.map(|at| before.words.get(at));
            let takes_old = match (old, added.peek()) {
                (None, None) => break,
                (Some(old), Some((new, _))) => old <= *new,
                (old, None) => old.is_some(),
                (None, Some(_)) => false,
            };
            let mut word = old.unwrap_or("");
            if let Some(at) = settled.filter(|_| takes_old) {
                rows.extend(before.range(at).map_while(|place| before.rows.get(place)));
                settled = known.next();
            }
            if let Some((new, id)) = added.next_if(|(new, _)| !takes_old || *new == word) {
                word = new;
                if let Some(place) = next.get_mut(id) {
                    *place = rows.len();
                }
                rows.resize(rows.len() + words.get(id).map_or(0, |word| word.bytes), 0);
            }
            all.words.push(word);
            all.ends.push(rows.len() as u64);
        }
        let mut last: Vec<u32> = words
            .iter()
            .map(|word| word.known.and_then(|at| before.list(at).last().copied()).unwrap_or(0))
            .collect();
        let mut row = first_row as u32;
        for id in stream {
            if id == END {
                row += 1;
                continue;
            }
            if let (Some(place), Some(last)) = (next.get_mut(id as usize), last.get_mut(id as usize)) {
                let mut distance = row - *last;
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
        all.rows = Column::over(rows.into());
        all.words.fold_in();
        all.ends.fold_in();
        all
    }
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
}
