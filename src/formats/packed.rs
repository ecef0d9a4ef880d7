//! Bytes that may be packed, unpacked while they are read: gzip and zstd, told by their first bytes and never by a name. Several members or
//! frames one behind the other are one text. Memory stays bounded whatever comes out; nothing here knows what that means.

use flate2::bufread::MultiGzDecoder;
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};
use std::io::{self, BufRead, Chain, Cursor, Read};

/// How bytes are packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Packing {
    Gzip,
    Zstd,
}

impl Packing {
    fn of(start: &[u8]) -> Option<Packing> {
        match start {
            [0x1F, 0x8B, ..] => Some(Packing::Gzip),
            // A frame, or one that is to be skipped, with which some programs begin.
            [0x28, 0xB5, 0x2F, 0xFD, ..] | [0x50..=0x5F, 0x2A, 0x4D, 0x18, ..] => Some(Packing::Zstd),
            _ => None,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Packing::Gzip => "gzip",
            Packing::Zstd => "zstd",
        }
    }
}

/// The largest window of a zstd frame: what has to be kept of what came out. `zstd` itself takes no larger one unasked.
const MAX_WINDOW: u64 = 128 << 20;

/// How files are called that are packed: such an ending says nothing of what is inside.
pub const ENDINGS: [&str; 4] = ["gz", "gzip", "zst", "zstd"];

/// The bytes as they are on disk, with how many were taken.
struct Counted<R> {
    inner: Chain<Cursor<Vec<u8>>, R>,
    taken: u64,
}

impl<R: BufRead> Read for Counted<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(out)?;
        self.taken += count as u64;
        Ok(count)
    }
}

impl<R: BufRead> BufRead for Counted<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        self.taken += count as u64;
        self.inner.consume(count);
    }
}

/// A reader of what is inside.
pub struct Unpacked<R>(Inside<R>);

enum Inside<R> {
    Plain(Counted<R>),
    Gzip { decoder: Box<MultiGzDecoder<Counted<R>>>, out: u64 },
    Zstd { frames: Box<Frames<R>>, out: u64 },
}

impl<R: BufRead> Unpacked<R> {
    /// Looks at the first bytes, and unpacks if they say so.
    pub fn new(mut input: R) -> io::Result<Self> {
        let mut start = Vec::with_capacity(4);
        input.by_ref().take(4).read_to_end(&mut start)?;
        let packing = Packing::of(&start);
        let counted = Counted { inner: Cursor::new(start).chain(input), taken: 0 };
        Ok(Unpacked(match packing {
            None => Inside::Plain(counted),
            Some(Packing::Gzip) => Inside::Gzip { decoder: Box::new(MultiGzDecoder::new(counted)), out: 0 },
            Some(Packing::Zstd) => Inside::Zstd { frames: Box::new(Frames::new(counted)), out: 0 },
        }))
    }

    /// Whether anything had to be unpacked.
    pub fn is_packed(&self) -> bool {
        !matches!(self.0, Inside::Plain(_))
    }
}

impl<R: BufRead> Read for Unpacked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match &mut self.0 {
            Inside::Plain(input) => input.read(buffer),
            Inside::Gzip { decoder, out } => {
                let read = decoder.read(buffer);
                told(read, Packing::Gzip, decoder.get_ref().taken, out)
            }
            Inside::Zstd { frames, out } => {
                let read = frames.read(buffer);
                told(read, Packing::Zstd, frames.input.taken, out)
            }
        }
    }
}

/// Counts what came out, and says of an error how far it was read.
fn told(read: io::Result<usize>, packing: Packing, taken: u64, out: &mut u64) -> io::Result<usize> {
    read.inspect(|count| *out += *count as u64).map_err(|error| {
        if error.kind() == io::ErrorKind::Interrupted {
            return error;
        }
        let name = packing.name();
        let why = match error.kind() {
            io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput | io::ErrorKind::UnexpectedEof => {
                "ends early or is damaged"
            }
            _ => "cannot be unpacked",
        };
        let kind = error.kind();
        io::Error::new(
            kind,
            format!("the {name} {why} at byte {taken}, behind {out} unpacked bytes ({error})"),
        )
    })
}

/// Zstd frames one behind the other.
struct Frames<R> {
    input: Counted<R>,
    decoder: FrameDecoder,
    /// How much came out of the frame that is being read; nothing between frames.
    frame: Option<u64>,
}

impl<R: BufRead> Frames<R> {
    fn new(input: Counted<R>) -> Self {
        let mut decoder = FrameDecoder::new();
        decoder.set_max_window_size(MAX_WINDOW);
        Frames { input, decoder, frame: None }
    }

    /// Goes to the next frame with something in it; false at the end.
    fn begin(&mut self) -> io::Result<bool> {
        while !self.input.fill_buf()?.is_empty() {
            match self.decoder.init(&mut self.input) {
                Ok(()) => {
                    self.frame = Some(0);
                    return Ok(true);
                }
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame {
                    length,
                    ..
                })) => {
                    let length = u64::from(length);
                    if io::copy(&mut self.input.by_ref().take(length), &mut io::sink())? < length {
                        return Err(io::ErrorKind::UnexpectedEof.into());
                    }
                }
                Err(error) => return Err(refused(error)),
            }
        }
        Ok(false)
    }

    /// Whether all that came out of a frame is what was packed, as far as the frame tells.
    fn end(&mut self, length: u64) -> io::Result<()> {
        let sum = self.decoder.get_checksum_from_data();
        let said = self.decoder.content_size();
        if sum.is_some() && sum != self.decoder.get_calculated_checksum() || said != 0 && said != length {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "its checksum does not match"));
        }
        self.frame = None;
        Ok(())
    }
}

impl<R: BufRead> Read for Frames<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let Some(so_far) = self.frame else {
                if self.begin()? {
                    continue;
                }
                return Ok(0);
            };
            if self.decoder.can_collect() > 0 || buffer.is_empty() {
                let count = self.decoder.read(buffer)?;
                self.frame = Some(so_far + count as u64);
                return Ok(count);
            }
            if self.decoder.is_finished() {
                self.end(so_far)?;
            } else {
                let some = BlockDecodingStrategy::UptoBlocks(1);
                self.decoder.decode_blocks(&mut self.input, some).map_err(refused)?;
            }
        }
    }
}

fn refused(error: FrameDecoderError) -> io::Error {
    match error {
        FrameDecoderError::WindowSizeTooBig { requested, .. } => io::Error::other(format!(
            "it needs {} mebibytes at once, and {} are the most: pack it without --long or --ultra",
            requested >> 20,
            MAX_WINDOW >> 20
        )),
        FrameDecoderError::DictNotProvided { .. } => {
            io::Error::other("it needs a dictionary: pack it without one")
        }
        other => io::Error::new(io::ErrorKind::InvalidData, other),
    }
}
