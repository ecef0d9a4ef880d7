//! The bytes of a table as UTF-8, whatever they are on disk, kept as far as the row that is being read goes: so that a refused row can be given
//! back as it was, and reading can begin again behind a quote that nobody closed.

use super::MAX_ROW;
use encoding_rs::{CoderResult, Decoder, Encoding, UTF_8};
use std::cell::RefCell;
use std::io::{self, Read};
use std::rc::Rc;

/// How much is read at once.
const CHUNK: usize = 256 << 10;

/// A text that is decoded while it is read. A mark at the beginning says more than a name: what has one is read as it says.
pub(super) struct Text<R> {
    inner: R,
    decoder: Option<Decoder>,
    raw: Vec<u8>,
    ready: Vec<u8>,
    at: usize,
    ended: bool,
}

impl<R: Read> Text<R> {
    pub(super) fn new(mut inner: R, named: &'static Encoding) -> io::Result<Self> {
        let mut start = Vec::with_capacity(4);
        inner.by_ref().take(3).read_to_end(&mut start)?;
        let (encoding, mark) = Encoding::for_bom(&start).unwrap_or((named, 0));
        let decoder = (encoding != UTF_8).then(|| encoding.new_decoder_without_bom_handling());
        let rest = start.split_off(mark.min(start.len()));
        let (raw, ready) = if decoder.is_some() { (rest, Vec::new()) } else { (Vec::new(), rest) };
        Ok(Text { inner, decoder, raw, ready, at: 0, ended: false })
    }

    /// Whether what is read here is another text than the one on disk.
    pub(super) fn is_decoded(&self) -> bool {
        self.decoder.is_some()
    }

    fn more(&mut self) -> io::Result<()> {
        let Some(decoder) = &mut self.decoder else { return Ok(()) };
        let from = self.raw.len();
        self.raw.resize(from + CHUNK, 0);
        let count = loop {
            match self.inner.read(self.raw.get_mut(from..).unwrap_or(&mut [])) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => break read,
            }
        };
        self.raw.truncate(from + count.as_ref().copied().unwrap_or(0));
        self.ended = count? == 0;
        let most = decoder.max_utf8_buffer_length(self.raw.len()).unwrap_or(CHUNK * 4);
        self.ready.resize(most, 0);
        let (result, read, written, _) = decoder.decode_to_utf8(&self.raw, &mut self.ready, self.ended);
        self.ready.truncate(written);
        self.at = 0;
        self.raw.drain(..read);
        // The room was enough for all of it.
        debug_assert_eq!(result, CoderResult::InputEmpty);
        Ok(())
    }
}

impl<R: Read> Read for Text<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        loop {
            let rest = self.ready.get(self.at..).unwrap_or(&[]);
            if !rest.is_empty() {
                let count = rest.len().min(out.len());
                out.get_mut(..count).unwrap_or(&mut []).copy_from_slice(rest.get(..count).unwrap_or(&[]));
                self.at += count;
                return Ok(count);
            }
            if self.decoder.is_none() {
                return self.inner.read(out);
            }
            if self.ended {
                return Ok(0);
            }
            self.more()?;
        }
    }
}

/// What was read and may be wanted again.
struct Inside<R> {
    source: R,
    /// What was given back, to be read before anything else.
    again: Vec<u8>,
    /// How much of that was read.
    again_at: usize,
    /// What was read since some byte, which is the first of it.
    kept: Vec<u8>,
    first: u64,
    /// The byte at which the row begins.
    row: u64,
    ended: bool,
    too_long: bool,
}

/// A reader that keeps the row that is being read. Its clones are one.
pub(super) struct Kept<R>(Rc<RefCell<Inside<R>>>);

impl<R> Clone for Kept<R> {
    fn clone(&self) -> Self {
        Kept(self.0.clone())
    }
}

impl<R: Read> Kept<R> {
    pub(super) fn new(source: R) -> Self {
        let inside = Inside {
            source,
            again: Vec::new(),
            again_at: 0,
            kept: Vec::new(),
            first: 0,
            row: 0,
            ended: false,
            too_long: false,
        };
        Kept(Rc::new(RefCell::new(inside)))
    }

    /// Takes whole lines off the beginning, as far as there are any.
    pub(super) fn skip_lines(&self, count: u64) -> io::Result<Vec<u8>> {
        let mut inside = self.0.borrow_mut();
        let mut lines = Vec::new();
        let mut found = 0;
        while found < count && lines.len() < MAX_ROW {
            let mut chunk = vec![0; 4096];
            let read = inside.source.read(&mut chunk)?;
            if read == 0 {
                break;
            }
            chunk.truncate(read);
            let end = chunk.iter().position(|byte| {
                found += u64::from(*byte == b'\n');
                found == count
            });
            let rest = end.map_or_else(Vec::new, |end| chunk.split_off(end + 1));
            lines.extend(chunk);
            inside.again.extend(rest);
        }
        Ok(lines)
    }

    /// Forgets what lies before a byte: a row begins there.
    pub(super) fn row_begins(&self, at: u64) {
        let mut inside = self.0.borrow_mut();
        inside.row = at;
        let gone = at.saturating_sub(inside.first) as usize;
        // Seldom, so that each byte is moved but a few times.
        if gone > 4 * CHUNK {
            inside.kept.drain(..gone);
            inside.first = at;
        }
    }

    /// What was read between two bytes.
    pub(super) fn between(&self, from: u64, to: u64) -> Vec<u8> {
        let inside = self.0.borrow();
        let (from, to) =
            (from.saturating_sub(inside.first) as usize, to.saturating_sub(inside.first) as usize);
        inside.kept.get(from..to.min(inside.kept.len())).unwrap_or(&[]).to_vec()
    }

    /// Whether all was read, and where that ended.
    pub(super) fn end(&self) -> Option<u64> {
        let inside = self.0.borrow();
        (inside.ended && inside.again_at == inside.again.len())
            .then(|| inside.first + inside.kept.len() as u64)
    }

    /// Whether reading failed because the row is longer than any may be.
    pub(super) fn is_too_long(&self) -> bool {
        self.0.borrow().too_long
    }

    /// Begins again behind a byte: what was read after it will be read once more, and bytes count from there.
    pub(super) fn again_from(&self, at: u64) {
        let mut inside = self.0.borrow_mut();
        let from = (at.saturating_sub(inside.first) as usize).min(inside.kept.len());
        let mut again = inside.kept.split_off(from);
        again.extend_from_slice(inside.again.get(inside.again_at..).unwrap_or(&[]));
        (inside.again, inside.again_at) = (again, 0);
        inside.kept.clear();
        (inside.first, inside.row, inside.too_long) = (0, 0, false);
    }
}

impl<R: Read> Read for Kept<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let mut inside = self.0.borrow_mut();
        let held = inside.first + inside.kept.len() as u64 - inside.row;
        if held > (MAX_ROW + 2 * CHUNK) as u64 {
            inside.too_long = true;
            return Err(io::Error::other("a row is too long"));
        }
        let again = inside.again.get(inside.again_at..).unwrap_or(&[]);
        let count = if again.is_empty() {
            inside.source.read(out)?
        } else {
            let count = again.len().min(out.len());
            out.get_mut(..count).unwrap_or(&mut []).copy_from_slice(again.get(..count).unwrap_or(&[]));
            inside.again_at += count;
            count
        };
        inside.ended |= count == 0 && !out.is_empty();
        let read = out.get(..count).unwrap_or(&[]);
        inside.kept.extend_from_slice(read);
        Ok(count)
    }
}
