//! The small structures of a snapshot file, in bincode 2 with fixed-size integers and a length cap. Nothing else in the crate sees
//! bincode, so that it can be replaced here alone.

use crate::graph::checksum;
use bincode::{Decode, Encode};

/// The format that this program writes, and the newest that it reads.
pub const FORMAT_VERSION: u32 = 1;

/// The first bytes of every snapshot. The line ends in it catch a file that was copied as text.
pub(super) const MARK: [u8; 8] = *b"DIXIT\r\n\x1a";

/// Bytes of the prelude; the first section starts here.
pub(super) const PRELUDE: usize = 64;

/// Every section starts at a multiple of this, which fits every number type and a cache line.
pub(super) const ALIGNMENT: u64 = 64;

/// No directory is longer: a hostile file cannot ask for more memory than this.
const MAX_DIRECTORY: usize = 1 << 20;

/// What stands in the prelude behind the mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub(super) struct Prelude {
    pub format: u32,
    /// Zero; there to keep what follows aligned.
    pub reserved: u32,
    pub directory_start: u64,
    pub directory_length: u64,
    pub directory_checksum: u64,
    pub file_length: u64,
    /// Over everything before it, the mark included.
    pub checksum: u64,
}

/// What stands at the end of the file.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(super) struct Directory {
    pub language: u32,
    pub lexicon: u32,
    /// Where the checksums of the chunks start, which is where the sections end.
    pub sums_start: u64,
    /// Over the checksums of their groups, which stand behind them.
    pub groups_checksum: u64,
    pub sections: Vec<Entry>,
}

/// One section.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(super) struct Entry {
    pub name: String,
    pub start: u64,
    pub length: u64,
}

fn config() -> impl bincode::config::Config {
    bincode::config::standard().with_little_endian().with_fixed_int_encoding().with_limit::<MAX_DIRECTORY>()
}

/// The bytes of a prelude, its checksum set.
pub(super) fn encode_prelude(mut prelude: Prelude) -> Result<[u8; PRELUDE], bincode::error::EncodeError> {
    let mut bytes = [0u8; PRELUDE];
    bytes[..8].copy_from_slice(&MARK);
    prelude.checksum = 0;
    let length = bincode::encode_into_slice(prelude, &mut bytes[8..], config())?;
    prelude.checksum = checksum(&bytes[..8 + length - 8]);
    bincode::encode_into_slice(prelude, &mut bytes[8..], config())?;
    Ok(bytes)
}

/// The prelude of some bytes; nothing where they are too few, not a prelude, or do not match their checksum or padding.
pub(super) fn decode_prelude(bytes: &[u8]) -> Option<Prelude> {
    let bytes = bytes.get(..PRELUDE)?;
    let (prelude, length): (Prelude, usize) = bincode::decode_from_slice(bytes.get(8..)?, config()).ok()?;
    let padding = bytes.get(8 + length..)?;
    (prelude.checksum == checksum(bytes.get(..length)?) && padding.iter().all(|b| *b == 0)).then_some(prelude)
}

/// The format number of a prelude, also of one that this program cannot read.
pub(super) fn format_of(bytes: &[u8]) -> Option<u32> {
    let number = bytes.get(8..12)?;
    Some(u32::from_le_bytes(number.try_into().ok()?))
}

/// The bytes of a directory.
pub(super) fn encode_directory(directory: &Directory) -> Result<Vec<u8>, bincode::error::EncodeError> {
    bincode::encode_to_vec(directory, config())
}

/// The directory of some bytes, if they are one and nothing more.
pub(super) fn decode_directory(bytes: &[u8]) -> Option<Directory> {
    let (directory, length) = bincode::decode_from_slice(bytes, config()).ok()?;
    (length == bytes.len()).then_some(directory)
}
