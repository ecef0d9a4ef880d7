//! A run of numbers that is either owned or a file's own pages. Nothing here knows what the numbers mean, and nothing is decoded.
//!
//! This is the only module with `unsafe`, in three places: mapping a file, a view into that mapping that lives beside it, and advice to the
//! system about memory. What is read of a mapped file is checked against its checksums, chunk by chunk, when it is first touched; a chunk that
//! does not match reads as nothing, and the damage is noted for whoever answers from it.

use bytemuck::Pod;
use memmap2::Mmap;
use std::fs::File;
use std::marker::PhantomData;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

/// How many bytes of a file share one checksum: a page, from the beginning of the file. What a few rows cost whose pages nobody has
/// touched is mostly the reading of these bytes.
const CHUNK: usize = 1 << 12;

/// How many bytes a checksum has.
const SUM: usize = size_of::<u64>();

/// How many checksums of chunks share a checksum of their own: that of half a mebibyte of a file.
const GROUP: usize = 128;

/// A file in memory, all of it, as the system pages it in. Not checked yet.
#[derive(Debug)]
pub struct FileMap(Mmap);

impl FileMap {
    /// Maps a file for reading. The file must not be changed or cut short while it is mapped: writers replace it by rename, so that what was
    /// opened stays as it was.
    #[expect(unsafe_code, reason = "mapping a file; see the comment")]
    pub fn open(file: &File) -> std::io::Result<Self> {
        // SAFETY: the map is read-only and private to this process, and every number type that is read from it (`Pod`) may have any bits. What
        // remains is that somebody changes the file in place meanwhile. This program never does; whoever does so from outside gets checksum
        // errors or, where the file becomes shorter than what is read, a signal that ends this process.
        let map = unsafe { Mmap::map(file) }?;
        // In huge pages a question that needs forty rows would bring in megabytes for each. It is advice: without it all is well.
        #[cfg(target_os = "linux")]
        let _ = map.advise(memmap2::Advice::NoHugePage);
        Ok(FileMap(map))
    }

    /// All bytes, unchecked.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// A huge page, where the system has them.
const HUGE_PAGE: usize = 2 << 20;

/// Asks the system for huge pages for the room that a large run has. What a load reads here and there of hundreds of megabytes takes up to a
/// quarter less time with them: not each read has to be found through tables that lie in memory too. It is advice: without it all is well.
pub(super) fn prefer_huge_pages<T>(run: &mut Vec<T>) {
    #[cfg(target_os = "linux")]
    {
        let start = run.as_mut_ptr().cast::<u8>();
        let room = run.capacity().saturating_mul(size_of::<T>());
        let before = start.align_offset(HUGE_PAGE);
        let whole = room.saturating_sub(before) / HUGE_PAGE * HUGE_PAGE;
        if before < room && whole >= 2 * HUGE_PAGE {
            advise_huge_pages(start.wrapping_add(before), whole);
        }
    }
}

#[cfg(target_os = "linux")]
#[expect(unsafe_code, reason = "advice about memory that changes nothing in it")]
fn advise_huge_pages(start: *mut u8, length: usize) {
    // SAFETY: this advice changes in what pages the system keeps memory, and not what is in it; a range that is not mapped, or not all of it, is
    // an error and nothing else.
    let _ = unsafe { rustix::mm::madvise(start.cast(), length, rustix::mm::Advice::LinuxHugepage) };
}

/// The checksum of everything in a file: XXH3, 64 bits.
pub fn checksum(bytes: &[u8]) -> u64 {
    xxh3_64(bytes)
}

/// The same, begun from a number: other numbers give other checksums of the same bytes.
pub fn checksum_from(seed: u64, bytes: &[u8]) -> u64 {
    xxh3_64_with_seed(bytes, seed)
}

/// The checksums of a run of bytes that begins somewhere in a file: one for each chunk, and one for each group of these.
#[derive(Debug)]
pub struct Sums {
    /// Where in its chunk the next byte stands.
    place: usize,
    /// The bytes of the last chunk so far.
    bytes: Vec<u8>,
    chunks: Vec<u64>,
}

impl Sums {
    /// Of bytes that begin at this place of a file.
    pub fn from(start: usize) -> Self {
        Sums { place: start % CHUNK, bytes: Vec::with_capacity(CHUNK), chunks: Vec::new() }
    }

    /// Adds bytes.
    pub fn add(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let (some, more) = bytes.split_at(bytes.len().min(CHUNK - self.place));
            let is_whole = some.len() == CHUNK;
            if !is_whole {
                self.bytes.extend_from_slice(some);
            }
            self.place += some.len();
            if self.place == CHUNK {
                self.chunks.push(checksum(if is_whole { some } else { &self.bytes }));
                self.bytes.clear();
                self.place = 0;
            }
            bytes = more;
        }
    }

    /// Those of the chunks, then those of their groups.
    pub fn finish(mut self) -> (Vec<u64>, Vec<u64>) {
        if !self.bytes.is_empty() {
            self.chunks.push(checksum(&self.bytes));
        }
        let groups = self.chunks.chunks(GROUP).map(|sums| checksum(bytemuck::cast_slice(sums))).collect();
        (self.chunks, groups)
    }

    /// How many checksums the bytes of a range have: of chunks and of groups.
    pub fn of(range: &Range<usize>) -> (usize, usize) {
        let chunks =
            if range.is_empty() { 0 } else { range.end.div_ceil(CHUNK).saturating_sub(range.start / CHUNK) };
        (chunks, chunks.div_ceil(GROUP))
    }
}

/// A mapped file whose bytes are checked when they are first touched.
#[derive(Debug, Clone)]
pub struct FileBytes(Arc<Guarded>);

#[derive(Debug)]
struct Guarded {
    map: FileMap,
    /// The bytes that are checked. Chunks are counted from the beginning of the file; the first may begin before.
    range: Range<usize>,
    /// Where the checksums of these chunks stand in the map. They stay there: of a large file they are megabytes, and few of them are needed.
    sums: Range<usize>,
    /// Those of their groups, as they were when the file was opened: whatever is changed since in a file, with or without its checksums, is
    /// noticed.
    groups: Vec<u64>,
    /// A bit for each chunk that was found to match.
    matched: Vec<AtomicU64>,
    /// Where the first chunk starts that does not match; the largest number for none.
    damaged: AtomicUsize,
}

impl Guarded {
    /// The number of the chunk of a byte, from the first that is checked.
    #[inline]
    fn chunk(&self, at: usize) -> usize {
        (at / CHUNK).wrapping_sub(self.range.start / CHUNK)
    }

    /// The bytes of a chunk.
    fn bytes(&self, chunk: usize) -> Range<usize> {
        let start = (self.range.start / CHUNK).saturating_add(chunk).saturating_mul(CHUNK);
        start.max(self.range.start)..start.saturating_add(CHUNK).min(self.range.end)
    }

    /// The checksum of a chunk; nothing where it is not what it was.
    fn sum(&self, chunk: usize) -> Option<u64> {
        let (group, place) = (chunk / GROUP, chunk % GROUP);
        let sums = self.map.bytes().get(self.sums.clone())?.chunks(GROUP * SUM).nth(group)?;
        let sum = sums.as_chunks::<SUM>().0.get(place)?;
        (self.groups.get(group) == Some(&checksum(sums))).then_some(u64::from_le_bytes(*sum))
    }
}

impl FileBytes {
    /// Guards the bytes of `range` by the checksums of its chunks, which stand in `sums`, and of their groups. Nothing where there are not as
    /// many.
    pub fn guarded(map: FileMap, range: Range<usize>, sums: Range<usize>, groups: Vec<u64>) -> Option<Self> {
        let (length, (chunks, of_chunks)) = (map.bytes().len(), Sums::of(&range));
        let fits = range.end <= length && sums.end <= length && chunks.checked_mul(SUM) == Some(sums.len());
        let matched = (0..chunks.div_ceil(64)).map(|_| AtomicU64::new(0)).collect();
        let damaged = AtomicUsize::new(usize::MAX);
        let fits = fits && groups.len() == of_chunks;
        fits.then(|| FileBytes(Arc::new(Guarded { map, range, sums, groups, matched, damaged })))
    }

    /// Checks the chunk of a byte where that was not done yet. False where it does not match.
    #[inline]
    fn touch(&self, at: usize) -> bool {
        self.touch_chunk(self.0.chunk(at))
    }

    #[inline]
    fn touch_chunk(&self, chunk: usize) -> bool {
        let Some(matched) = self.0.matched.get(chunk / 64) else { return false };
        matched.load(Ordering::Relaxed) >> (chunk % 64) & 1 == 1 || self.check(chunk)
    }

    /// Checks every chunk of some bytes.
    #[inline]
    fn touch_all(&self, bytes: Range<usize>) -> bool {
        bytes.is_empty()
            || (self.0.chunk(bytes.start)..=self.0.chunk(bytes.end - 1)).all(|chunk| self.touch_chunk(chunk))
    }

    #[cold]
    fn check(&self, chunk: usize) -> bool {
        let Guarded { map, matched, damaged, .. } = self.0.as_ref();
        let bytes = self.0.bytes(chunk);
        let start = bytes.start;
        let ok = map.bytes().get(bytes).map(checksum).is_some_and(|found| self.0.sum(chunk) == Some(found));
        if ok {
            if let Some(bits) = matched.get(chunk / 64) {
                bits.fetch_or(1 << (chunk % 64), Ordering::Relaxed);
            }
        } else {
            damaged.fetch_min(start, Ordering::Relaxed);
        }
        ok
    }

    /// Where damage was found so far: the start of the first chunk that does not match.
    pub fn damaged(&self) -> Option<usize> {
        Some(self.0.damaged.load(Ordering::Relaxed)).filter(|at| *at != usize::MAX)
    }

    /// Checks everything. Linear in the file.
    pub fn verify(&self) -> Option<usize> {
        (0..self.0.sums.len() / SUM).for_each(|chunk| {
            self.touch_chunk(chunk);
        });
        self.damaged()
    }
}

/// A run of numbers: owned, or a part of a file.
#[derive(Debug, Clone)]
pub struct Section<T>(Source<T>);

#[derive(Debug, Clone)]
enum Source<T> {
    /// No numbers, and no memory for them: most sections of a graph that is made are a file's at once.
    Nothing,
    /// Shared, so that a graph that is cloned for its readers copies none of it.
    Owned(Arc<Vec<T>>),
    Lent(Lent<T>),
}

/// A view into a mapped file, with the file, which keeps it in place.
#[derive(Debug, Clone)]
struct Lent<T> {
    start: *const T,
    len: usize,
    /// Where it starts in the file, in bytes.
    at: usize,
    file: FileBytes,
    numbers: PhantomData<T>,
}

#[expect(unsafe_code, reason = "the view is read-only and moves with its file; see the comment")]
// SAFETY: a view is never written through and its file is shared by an `Arc`; sharing it between threads is sharing a `&[T]`.
unsafe impl<T: Pod + Sync> Send for Lent<T> {}
#[expect(unsafe_code, reason = "the view is read-only and moves with its file; see the comment")]
// SAFETY: as above.
unsafe impl<T: Pod + Sync> Sync for Lent<T> {}

impl<T: Pod> Lent<T> {
    /// The numbers, unchecked.
    #[inline]
    #[expect(unsafe_code, reason = "a view into a mapping that this value keeps alive")]
    fn raw(&self) -> &[T] {
        // SAFETY: `start` and `len` are those of a slice of `T` within the mapping of `file`, made in `Section::lent`. A mapping neither moves
        // nor ends while an `Arc` of it is held, as `self` does, and the slice returned lives no longer than `self`.
        unsafe { std::slice::from_raw_parts(self.start, self.len) }
    }

    fn bytes(&self, from: usize, to: usize) -> Range<usize> {
        self.at + from * size_of::<T>()..self.at + to * size_of::<T>()
    }
}

impl<T> Default for Section<T> {
    fn default() -> Self {
        Section(Source::Nothing)
    }
}

impl<T: Pod> Section<T> {
    /// Bytes `start..end` of a file; nothing where they are not among those guarded, are not aligned or are no whole numbers.
    pub fn lent(file: &FileBytes, start: usize, end: usize) -> Option<Self> {
        let guarded = &file.0.range;
        if start == end {
            return Some(Section::default());
        }
        if start < guarded.start || end > guarded.end {
            return None;
        }
        let numbers = bytemuck::try_cast_slice::<u8, T>(file.0.map.bytes().get(start..end)?).ok()?;
        let lent = Lent {
            start: numbers.as_ptr(),
            len: numbers.len(),
            at: start,
            file: file.clone(),
            numbers: PhantomData,
        };
        Some(Section(Source::Lent(lent)))
    }

    /// One number; nothing where there is none, or where it is damaged.
    #[inline]
    pub fn get(&self, row: usize) -> Option<T> {
        self.at(row).copied()
    }

    /// The same where it stands.
    #[inline]
    pub fn at(&self, row: usize) -> Option<&T> {
        match &self.0 {
            Source::Nothing => None,
            Source::Owned(numbers) => numbers.get(row),
            Source::Lent(lent) => {
                // So that none reaches from one chunk into the next: a section starts at a multiple of 64.
                const { assert!(size_of::<T>().is_power_of_two() && size_of::<T>() <= 64) };
                let value = lent.raw().get(row)?;
                lent.file.touch(lent.at + row * size_of::<T>()).then_some(value)
            }
        }
    }

    /// Some numbers; nothing where they are not all there, or damaged.
    #[inline]
    pub fn range(&self, from: usize, to: usize) -> Option<&[T]> {
        match &self.0 {
            Source::Nothing => [].get(from..to),
            Source::Owned(numbers) => numbers.get(from..to),
            Source::Lent(lent) => {
                let numbers = lent.raw().get(from..to)?;
                lent.file.touch_all(lent.bytes(from, to)).then_some(numbers)
            }
        }
    }

    /// All numbers; none where any is damaged. The first time linear, as all are checked.
    pub fn as_slice(&self) -> &[T] {
        self.range(0, self.len()).unwrap_or(&[])
    }

    /// How many numbers there are.
    #[inline]
    pub fn len(&self) -> usize {
        match &self.0 {
            Source::Nothing => 0,
            Source::Owned(numbers) => numbers.len(),
            Source::Lent(lent) => lent.len,
        }
    }

    /// The numbers for changing; nothing where they are a file's. Copied first where somebody else has them too.
    pub fn owned_mut(&mut self) -> Option<&mut Vec<T>> {
        if matches!(self.0, Source::Nothing) {
            self.0 = Source::Owned(Arc::default());
        }
        match &mut self.0 {
            Source::Owned(numbers) => Some(Arc::make_mut(numbers)),
            Source::Nothing | Source::Lent(_) => None,
        }
    }
}

impl<T> From<Vec<T>> for Section<T> {
    fn from(numbers: Vec<T>) -> Self {
        Section(Source::Owned(Arc::new(numbers)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Seek, SeekFrom, Write};

    #[test]
    fn what_is_changed_with_its_checksum_is_noticed() {
        let mut file = tempfile::tempfile().unwrap();
        let bytes = [1, 2, 3].map(|byte| vec![byte; CHUNK]).concat();
        let mut sums = Sums::from(64);
        // In pieces of any size the checksums are the same.
        bytes[64..].chunks(1000).for_each(|some| sums.add(some));
        let (sums, groups) = sums.finish();
        let mut whole = Sums::from(64);
        whole.add(&bytes[64..]);
        assert_eq!((whole.finish(), Sums::of(&(64..bytes.len()))), ((sums.clone(), groups.clone()), (3, 1)));
        file.write_all(&bytes).unwrap();
        file.write_all(bytemuck::cast_slice(&sums)).unwrap();
        let end = bytes.len();
        let guarded = |sums| FileBytes::guarded(FileMap::open(&file).unwrap(), 64..end, sums, groups.clone());
        assert!(guarded(end..end + 2 * SUM).is_none() && guarded(end..end + 4 * SUM).is_none());
        let bytes = guarded(end..end + 3 * SUM).unwrap();
        let section = Section::<u8>::lent(&bytes, 64, end).unwrap();
        assert_eq!((section.get(0), section.get(end - 65), bytes.damaged()), (Some(1), Some(3), None));
        let other = vec![4; CHUNK];
        let mut write = |at: usize, bytes: &[u8]| {
            file.seek(SeekFrom::Start(at as u64)).unwrap();
            file.write_all(bytes).unwrap();
        };
        write(CHUNK, &other);
        write(end + SUM, &checksum(&other).to_le_bytes());
        assert_eq!((section.get(CHUNK), bytes.damaged()), (None, Some(CHUNK)));
    }
}
