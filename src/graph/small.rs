//! Interned small things: short texts and times. Each distinct one is stored once and addressed by id.

use super::column::{Column, Texts, View};
use super::index::{Index, hash_bytes, hash_numbers};
use super::layout::Visit;
use crate::model::{StringId, Time, TimeId};

/// Short texts: hedges, units, roles, keys and values of free fields.
#[derive(Debug, Clone, Default)]
pub struct Strings {
    texts: Texts,
    index: Index,
}

impl Strings {
    /// The text of an id; empty for none.
    pub fn get(&self, id: StringId) -> &str {
        if id.is_some() { self.texts.get(id.index()) } else { "" }
    }

    /// The id of a text, if it was ever interned.
    pub fn find(&self, text: &str) -> Option<StringId> {
        self.index.find(hash_bytes(text.as_bytes()), |row| self.texts.is(row as usize, text)).map(StringId)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    pub(super) fn intern(&mut self, text: &str) -> StringId {
        if let Some(id) = self.find(text) {
            return id;
        }
        let row = self.texts.push(text) as u32;
        self.index.add(hash_bytes(text.as_bytes()), row);
        StringId(row)
    }

    pub(super) fn visit(&mut self, v: &mut impl Visit) {
        v.texts("strings", &mut self.texts);
        v.index("strings.index", &mut self.index);
    }

    pub(super) fn fold_in(&mut self) {
        self.texts.fold_in();
        self.index.fold_in(|| self.texts.hashes());
    }
}

/// Times: the interval, the expression as written, and what it was resolved against.
#[derive(Debug, Clone, Default)]
pub struct Times {
    from: Column<i64>,
    to: Column<i64>,
    written: Column<u32>,
    anchor: Column<i64>,
    index: Index,
}

/// A time with everything that is known of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WrittenTime {
    /// The interval.
    pub time: Time,
    /// The expression as the source had it; none where the interval itself was written.
    pub written: StringId,
    /// The start of the day that the expression was resolved against.
    pub anchor: Option<i64>,
}

impl From<Time> for WrittenTime {
    fn from(time: Time) -> Self {
        WrittenTime { time, written: StringId::NONE, anchor: None }
    }
}

const NO_ANCHOR: i64 = i64::MIN;

/// So many times fill a few pages.
const FEW_TIMES: usize = 1 << 13;

/// The intervals of times, for reading very many.
#[derive(Debug)]
pub struct Intervals<'g> {
    from: View<'g, i64>,
    to: View<'g, i64>,
}

impl Intervals<'_> {
    /// The interval of an id; nothing for none.
    #[inline]
    pub fn get(&self, id: TimeId) -> Option<Time> {
        let at = id.index();
        Some(Time { from: self.from.get(at)?, to: self.to.get(at)? })
    }

    /// When it begins; nothing for none.
    #[inline]
    pub fn start(&self, id: TimeId) -> Option<i64> {
        self.from.get(id.index())
    }
}

impl Times {
    /// The interval of an id; nothing for none.
    #[inline]
    pub fn get(&self, id: TimeId) -> Option<Time> {
        let at = id.index();
        Some(Time { from: self.from.get(at)?, to: self.to.get(at)? })
    }

    /// The intervals for reading very many; see [`Column::view`].
    pub fn intervals(&self, whole: bool) -> Intervals<'_> {
        // Mostly there are so few that to look at all of them is less than to look for each.
        let whole = whole || self.len() <= FEW_TIMES;
        Intervals { from: self.from.view(whole), to: self.to.view(whole) }
    }

    /// Everything known of a time.
    pub fn written(&self, id: TimeId) -> Option<WrittenTime> {
        let anchor = self.anchor.get(id.index()).filter(|anchor| *anchor != NO_ANCHOR);
        Some(WrittenTime { time: self.get(id)?, written: StringId(self.written.get(id.index())?), anchor })
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.from.len()
    }

    fn hash(time: &WrittenTime) -> u64 {
        let anchor = time.anchor.unwrap_or(NO_ANCHOR);
        hash_numbers(&[time.time.from as u64, time.time.to as u64, time.written.0.into(), anchor as u64])
    }

    /// Reads what will be read to find a time of which no words are kept.
    pub(super) fn touch(&self, time: Time) -> Option<u32> {
        self.index.near(Times::hash(&WrittenTime { time, written: StringId::NONE, anchor: None }))
    }

    pub(super) fn intern(&mut self, time: WrittenTime) -> TimeId {
        let hash = Times::hash(&time);
        if let Some(row) = self.index.find(hash, |row| self.written(TimeId(row)) == Some(time)) {
            return TimeId(row);
        }
        let row = self.len() as u32;
        self.from.push(time.time.from);
        self.to.push(time.time.to);
        self.written.push(time.written.0);
        self.anchor.push(time.anchor.unwrap_or(NO_ANCHOR));
        self.index.add(hash, row);
        TimeId(row)
    }

    pub(super) fn visit(&mut self, v: &mut impl Visit) {
        v.column("times.from", &mut self.from);
        v.column("times.to", &mut self.to);
        v.column("times.written", &mut self.written);
        v.column("times.anchor", &mut self.anchor);
        v.index("times.index", &mut self.index);
    }

    pub(super) fn fold_in(&mut self) {
        self.from.fold_in();
        self.to.fold_in();
        self.written.fold_in();
        self.anchor.fold_in();
        let mut index = std::mem::take(&mut self.index);
        let hash = |row: u32| self.written(TimeId(row)).as_ref().map_or(0, Times::hash);
        index.fold_in(|| (0..self.len() as u32).map(|row| (hash(row), row)).collect());
        self.index = index;
    }
}
