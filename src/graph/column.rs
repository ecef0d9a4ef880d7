//! Columns: one value a row, addressed by row number. The base may be a file's own pages; rows added since stand in a tail.
//! Columns hold plain numbers and texts; what a row means is the graph's business.

use super::index::hash_bytes;
use super::section::Section;
use bytemuck::Pod;
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// A column of numbers.
#[derive(Debug, Clone)]
pub struct Column<T> {
    base: Section<T>,
    tail: Vec<T>,
    /// Rows of the base that were changed since it was made.
    changed: BTreeMap<usize, T>,
}

impl<T> Default for Column<T> {
    fn default() -> Self {
        Column { base: Section::default(), tail: Vec::new(), changed: BTreeMap::new() }
    }
}

impl<T: Pod> Column<T> {
    /// A column over a section.
    pub fn over(base: Section<T>) -> Self {
        Column { base, ..Column::default() }
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.base.len() + self.tail.len()
    }

    /// The value of a row, or nothing for a row that is not there.
    #[inline]
    pub fn get(&self, row: usize) -> Option<T> {
        self.at(row).copied()
    }

    /// The same where it stands: of a wide row mostly little is read.
    #[inline]
    fn at(&self, row: usize) -> Option<&T> {
        let base = self.base.len();
        if row >= base {
            return self.tail.get(row - base);
        }
        if !self.changed.is_empty()
            && let Some(value) = self.changed.get(&row)
        {
            return Some(value);
        }
        self.base.at(row)
    }

    /// The rows added since the base was made.
    pub(super) fn tail_mut(&mut self) -> &mut Vec<T> {
        &mut self.tail
    }

    /// Adds a row.
    pub fn push(&mut self, value: T) {
        self.tail.push(value);
    }

    /// Changes a row; a row that is not there stays so. The base itself is changed by folding in.
    pub fn set(&mut self, row: usize, value: T) {
        let base = self.base.len();
        if row < base {
            self.changed.insert(row, value);
        } else if let Some(slot) = self.tail.get_mut(row - base) {
            *slot = value;
        }
    }

    /// Every value in the order of rows.
    pub fn iter(&self) -> impl Iterator<Item = T> + '_ {
        let base = self.base.as_slice().iter().enumerate().map(|(row, value)| {
            if self.changed.is_empty() { *value } else { self.changed.get(&row).copied().unwrap_or(*value) }
        });
        base.chain(self.tail.iter().copied())
    }

    /// The values as one run: borrowed where there is no tail.
    pub fn flat(&self) -> std::borrow::Cow<'_, [T]> {
        if self.tail.is_empty() && self.changed.is_empty() {
            self.base.as_slice().into()
        } else {
            self.iter().collect::<Vec<_>>().into()
        }
    }

    /// The column for reading many of its rows. `whole` tells that these are so many that a file's pages are better checked all at once.
    pub fn view(&self, whole: bool) -> View<'_, T> {
        let is_flat = whole && self.changed.is_empty();
        View { column: self, runs: is_flat.then(|| (self.base.as_slice(), &self.tail[..])) }
    }

    /// The values as runs, one behind the other, without a copy of the base.
    pub fn runs(&self) -> impl Iterator<Item = &[T]> {
        let base = self.base.as_slice();
        let mut at = 0;
        let changed = self.changed.iter().flat_map(move |(row, value)| {
            let before = base.get(at..*row).unwrap_or(&[]);
            at = row + 1;
            [before, std::slice::from_ref(value)]
        });
        let last = self.changed.last_key_value().map_or(0, |(row, _)| row + 1);
        changed.chain([base.get(last..).unwrap_or(&[]), &self.tail])
    }

    /// Makes what was changed and added part of the base, unless that is a file's: what stands beside a file stays there, for nobody is
    /// served by a copy of the file.
    pub fn fold_in(&mut self) {
        if self.base.len() == 0 {
            self.base = std::mem::take(&mut self.tail).into();
        } else if let Some(base) = self.base.owned_mut() {
            for (row, value) in std::mem::take(&mut self.changed) {
                if let Some(slot) = base.get_mut(row) {
                    *slot = value;
                }
            }
            base.append(&mut self.tail);
        }
    }
}

impl Column<u32> {
    /// Where a value stands, if all are in ascending order. By hand, so that of a file only what is looked at is touched.
    pub(super) fn place_of(&self, value: u32) -> Option<usize> {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low + (high - low) / 2;
            match self.get(middle)?.cmp(&value) {
                Ordering::Less => low = middle + 1,
                Ordering::Greater => high = middle,
                Ordering::Equal => return Some(middle),
            }
        }
        None
    }
}

/// A column for reading many of its rows: the runs of the base and of the tail, where nothing else counts.
#[derive(Debug)]
pub struct View<'a, T> {
    column: &'a Column<T>,
    runs: Option<(&'a [T], &'a [T])>,
}

impl<T> Clone for View<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for View<'_, T> {}

impl<'a, T: Pod> View<'a, T> {
    /// Some rows of the base as they stand there; nothing where they are not all there, or any was changed.
    #[inline]
    pub fn run(&self, from: usize, to: usize) -> Option<&'a [T]> {
        match self.runs {
            Some((base, _)) => base.get(from..to),
            None if self.column.changed.is_empty() => self.column.base.range(from, to),
            None => None,
        }
    }

    /// The value of a row, or nothing for a row that is not there.
    #[expect(clippy::inline_always, reason = "read for every claim of a scan, column by column")]
    #[inline(always)]
    pub fn get(&self, row: usize) -> Option<T> {
        match self.runs {
            Some((base, tail)) => base.get(row).or_else(|| tail.get(row.checked_sub(base.len())?)).copied(),
            None => self.column.at(row).copied(),
        }
    }
}

/// Rows in a block of texts. Within a block, positions are 32 bits: half the size of plain 64-bit offsets.
const BLOCK: usize = 4096;

/// The longest text that a row holds, in bytes: a whole block of such rows still has 32-bit positions.
pub const MAX_TEXT: usize = (1 << 20) - 1;

/// A column of texts, all in one arena.
#[derive(Debug, Clone, Default)]
pub struct Texts {
    bytes: Column<u8>,
    /// Where each block starts in `bytes`.
    blocks: Column<u64>,
    /// Where each row ends, counted from the start of its block.
    ends: Column<u32>,
    total: u64,
}

impl Texts {
    /// Texts over the three sections of a file.
    pub fn over(bytes: Section<u8>, blocks: Section<u64>, ends: Section<u32>) -> Self {
        let total = bytes.len() as u64;
        Texts { bytes: Column::over(bytes), blocks: Column::over(blocks), ends: Column::over(ends), total }
    }

    /// The three sections for a file: bytes, starts of blocks, ends of rows.
    pub fn parts(&self) -> (&Column<u8>, &Column<u64>, &Column<u32>) {
        (&self.bytes, &self.blocks, &self.ends)
    }

    pub(super) fn parts_mut(&mut self) -> (&mut Column<u8>, &mut Column<u64>, &mut Column<u32>) {
        (&mut self.bytes, &mut self.blocks, &mut self.ends)
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    fn bounds(&self, row: usize) -> Option<(usize, usize)> {
        let block = self.blocks.get(row / BLOCK)?;
        let start = if row.is_multiple_of(BLOCK) { 0 } else { self.ends.get(row - 1)? };
        let end = self.ends.get(row)?;
        let at = |offset: u32| usize::try_from(block.checked_add(offset.into())?).ok();
        Some((at(start)?, at(end)?))
    }

    /// The text of a row; empty for a row that is not there or not readable.
    pub fn get(&self, row: usize) -> &str {
        self.bytes_of(row).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or("")
    }

    fn bytes_of(&self, row: usize) -> Option<&[u8]> {
        let (start, end) = self.bounds(row)?;
        let base = self.bytes.base.len();
        if start >= base {
            self.bytes.tail.get(start - base..end.saturating_sub(base))
        } else {
            self.bytes.base.range(start, end)
        }
    }

    /// Whether the text of a row is this one.
    #[inline]
    pub fn is(&self, row: usize, text: &str) -> bool {
        self.bytes_of(row).is_some_and(|bytes| bytes == text.as_bytes())
    }

    /// Reads where a row ends, to have that in the cache.
    pub(super) fn near(&self, row: usize) -> u32 {
        self.ends.get(row).unwrap_or(0)
    }

    /// Reads something of each part of a row, to have it in the cache.
    pub fn touch(&self, row: usize) -> u8 {
        let bytes = self.bytes_of(row).unwrap_or(&[]);
        bytes.iter().step_by(64).chain(bytes.last()).fold(0, |all, byte| all ^ byte)
    }

    /// Adds a row, cut at a character boundary where it is longer than [`MAX_TEXT`]. Callers refuse such texts before.
    pub fn push(&mut self, text: &str) -> usize {
        let text = &text[..text.floor_char_boundary(MAX_TEXT)];
        let row = self.len();
        if row.is_multiple_of(BLOCK) {
            self.blocks.push(self.total);
        }
        self.bytes.tail.extend_from_slice(text.as_bytes());
        self.total += text.len() as u64;
        let block = self.blocks.get(row / BLOCK).unwrap_or(0);
        self.ends.push((self.total - block) as u32);
        row
    }

    /// Every text in the order of rows.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|row| self.get(row))
    }

    /// Every row with the hash of its text.
    pub fn hashes(&self) -> Vec<(u64, u32)> {
        self.iter().zip(0..).map(|(text, row)| (hash_bytes(text.as_bytes()), row)).collect()
    }

    /// Makes the tail part of the base.
    pub fn fold_in(&mut self) {
        self.bytes.fold_in();
        self.blocks.fold_in();
        self.ends.fold_in();
    }

    /// Whether every row is readable: bounds in order, all of it UTF-8. Reads everything.
    pub fn is_sound(&self) -> bool {
        let bytes = self.bytes.flat();
        let mut at = 0;
        (0..self.len()).all(|row| match self.bounds(row) {
            Some((start, end)) => {
                let ok = start == at
                    && bytes.get(start..end).is_some_and(|text| std::str::from_utf8(text).is_ok())
                    && end - start <= MAX_TEXT;
                at = end;
                ok
            }
            None => false,
        }) && at == bytes.len()
            && self.blocks.len() == self.len().div_ceil(BLOCK)
    }
}

/// A column that most rows leave empty: sorted row numbers with their values, and what was set since.
#[derive(Debug, Clone)]
pub struct Sparse<T> {
    rows: Column<u32>,
    values: Column<T>,
    recent: BTreeMap<u32, T>,
}

impl<T> Default for Sparse<T> {
    fn default() -> Self {
        Sparse { rows: Column::default(), values: Column::default(), recent: BTreeMap::new() }
    }
}

impl<T: Pod> Sparse<T> {
    /// A sparse column over its two sections.
    pub fn over(rows: Section<u32>, values: Section<T>) -> Self {
        Sparse { rows: Column::over(rows), values: Column::over(values), recent: BTreeMap::new() }
    }

    /// The two sections for a file. Only whole after [`Sparse::fold_in`].
    pub fn parts(&self) -> (&Column<u32>, &Column<T>) {
        (&self.rows, &self.values)
    }

    pub(super) fn parts_mut(&mut self) -> (&mut Column<u32>, &mut Column<T>) {
        (&mut self.rows, &mut self.values)
    }

    /// Whether no row has a value.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.rows.len() == 0 && self.recent.is_empty()
    }

    /// The value of a row, if it has one. Logarithmic in the number of filled rows.
    pub fn get(&self, row: u32) -> Option<T> {
        if !self.recent.is_empty()
            && let Some(value) = self.recent.get(&row)
        {
            return Some(*value);
        }
        self.values.get(self.rows.place_of(row)?)
    }

    /// Sets the value of a row. Rows set in ascending order cost nothing extra.
    pub fn set(&mut self, row: u32, value: T) {
        let last = self.rows.len().checked_sub(1).and_then(|at| self.rows.get(at));
        if last.is_none_or(|last| last < row) && self.recent.is_empty() {
            self.rows.push(row);
            self.values.push(value);
        } else {
            self.recent.insert(row, value);
        }
    }

    /// Every filled row with its value, in the order of rows.
    pub fn iter(&self) -> impl Iterator<Item = (u32, T)> + '_ {
        let mut recent = self.recent.iter().map(|(row, value)| (*row, *value)).peekable();
        let mut settled = self.rows.iter().zip(self.values.iter()).peekable();
        std::iter::from_fn(move || match (settled.peek(), recent.peek()) {
            (Some(a), Some(b)) if a.0 == b.0 => {
                settled.next();
                recent.next()
            }
            (Some(a), Some(b)) if a.0 > b.0 => recent.next(),
            (Some(_), _) => settled.next(),
            (None, _) => recent.next(),
        })
    }

    /// Makes what was set since part of the base.
    pub fn fold_in(&mut self) {
        if !self.recent.is_empty() {
            let (rows, values): (Vec<u32>, Vec<T>) = self.iter().unzip();
            *self = Sparse::over(rows.into(), values.into());
        }
        self.rows.fold_in();
        self.values.fold_in();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_survive_block_borders_and_folding() {
        let mut texts = Texts::default();
        for i in 0..BLOCK * 2 + 5 {
            assert_eq!(texts.push(&format!("text {i}")), i);
            if i == BLOCK + 7 {
                texts.fold_in();
            }
        }
        for i in [0, 1, BLOCK - 1, BLOCK, BLOCK + 7, BLOCK + 8, BLOCK * 2 + 4] {
            assert_eq!(texts.get(i), format!("text {i}"));
        }
        assert_eq!(texts.get(usize::MAX), "");
        assert!(texts.is_sound());
    }

    #[test]
    fn sparse_rows_may_be_set_in_any_order() {
        let mut sparse = Sparse::<u32>::default();
        for row in [3, 9, 5, 9, 1] {
            sparse.set(row, row * 10);
        }
        sparse.set(9, 7);
        let expected = vec![(1, 10), (3, 30), (5, 50), (9, 7)];
        assert_eq!(sparse.iter().collect::<Vec<_>>(), expected);
        sparse.fold_in();
        assert_eq!(sparse.iter().collect::<Vec<_>>(), expected);
        assert_eq!((sparse.get(5), sparse.get(4)), (Some(50), None));
    }
}
