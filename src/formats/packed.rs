//! Packed files read as what is in them: gzip and zstd, told by their first bytes and not by their name. Unpacked as it is read, so that no
//! file, however it was made, takes more memory than a window; several packed parts one behind the other are one text.

use flate2::bufread::MultiGzDecoder;
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

const GZIP: &[u8] = b"\x1F\x8B";
const ZSTD: &[u8] = b"\x28\xB5\x2F\xFD";

/// How much is read at once.
const CHUNK: usize = 1 << 18;

/// What a file of a name holds when it is unpacked: the name without `.gz`, `.zst` and the like.
pub fn inner_name(path: &Path) -> &Path {
    let packed = path.extension().is_some_and(|extension| {
        ["gz", "gzip", "zst", "zstd"].iter().any(|known| extension.eq_ignore_ascii_case(known))
    });
    if packed { path.file_stem().map_or(path, Path::new) } else { path }
}

/// Opens a file for reading what is in it.
///
/// # Errors
///
/// What the file system says. Reading fails where a packed file ends early or is damaged, and tells how far it came.
pub fn open(path: &Path) -> io::Result<Box<dyn Read + Send>> {
    unpacked(BufReader::with_capacity(CHUNK, File::open(path)?))
}

/// The same for anything that is read.
pub fn unpacked(mut source: impl BufRead + Send + 'static) -> io::Result<Box<dyn Read + Send>> {
    // The first bytes of a file come together, those of a pipe may not: then it is read as it is.
    let start = source.fill_buf()?;
    if start.starts_with(GZIP) {
        return Ok(Box::new(Told { inner: MultiGzDecoder::new(source), form: "gzip", read: 0 }));
    }
    if start.starts_with(ZSTD) {
        let inner = Zstd { source, decoder: FrameDecoder::new(), is_inside: false };
        return Ok(Box::new(Told { inner, form: "zstd", read: 0 }));
    }
    Ok(Box::new(source))
}

/// Tells how far reading came when it fails.
struct Told<R> {
    inner: R,
    form: &'static str,
    read: u64,
}

impl<R: Read> Read for Told<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        match self.inner.read(out) {
            Ok(count) => {
                self.read += count as u64;
                Ok(count)
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Err(error),
            Err(error) => {
                let (form, read) = (self.form, self.read);
                let told =
                    format!("the {form} ends early or is damaged behind {read} unpacked bytes ({error})");
                Err(io::Error::new(io::ErrorKind::InvalidData, told))
            }
        }
    }
}

/// Frames of zstd, one behind the other.
struct Zstd<R> {
    source: R,
    decoder: FrameDecoder,
    /// Whether a frame is being read.
    is_inside: bool,
}

impl<R: BufRead> Read for Zstd<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        loop {
            if self.is_inside {
                while self.decoder.can_collect() < out.len() && !self.decoder.is_finished() {
                    let wanted = BlockDecodingStrategy::UptoBytes(out.len());
                    self.decoder.decode_blocks(&mut self.source, wanted).map_err(io::Error::other)?;
                }
                let count = self.decoder.read(out)?;
                if count > 0 || out.is_empty() {
                    return Ok(count);
                }
                let (stated, found) =
                    (self.decoder.get_checksum_from_data(), self.decoder.get_calculated_checksum());
                if stated.is_some() && stated != found {
                    return Err(io::Error::other("the checksum does not fit"));
                }
                self.is_inside = false;
            }
            if self.source.fill_buf()?.is_empty() {
                return Ok(0);
            }
            match self.decoder.reset(&mut self.source) {
                Ok(()) => self.is_inside = true,
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame {
                    length,
                    ..
                })) => {
                    let length = u64::from(length);
                    if io::copy(&mut self.source.by_ref().take(length), &mut io::sink())? < length {
                        return Err(io::ErrorKind::UnexpectedEof.into());
                    }
                }
                Err(error) => return Err(io::Error::other(error)),
            }
        }
    }
}
