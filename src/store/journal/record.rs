//! The bytes of a journal: a header that names the snapshot, then frames, each with a checksum. With the codec of snapshots the only
//! file that sees bincode.

use crate::graph::{checksum, checksum_from};
use bincode::{Decode, Encode};

/// The first bytes of every journal.
pub(super) const MARK: [u8; 8] = *b"DIXIT\r\nJ";

/// The version of journals that this program writes, and the newest that it reads.
pub(super) const JOURNAL_VERSION: u32 = 1;

/// Bytes of the header; the first frame starts here.
pub(super) const HEADER: usize = 48;

/// The first bytes of every frame.
pub(super) const FRAME_MARK: [u8; 4] = *b"\x1aREC";

/// Bytes of a frame before its payload.
pub(super) const FRAME: usize = 16;

/// The longest payload of a frame. A sentence is at most 1 MiB; what is more at once goes into a new snapshot.
pub(super) const MAX_PAYLOAD: usize = 1 << 23;

/// Which snapshot: its length, and the checksum of its prelude, which covers the checksums of everything else in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Identity {
    /// Its length in bytes.
    pub length: u64,
    /// The checksum of its prelude.
    pub checksum: u64,
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Entry {
    /// Somebody began to write: no document is in force, and no `$name` has a value.
    Began,
    /// The time from now on, in seconds since 1970: when things are recorded, and what `today` means.
    Clock(i64),
    /// A `$name` has a value from now on.
    Param {
        /// The name, without `$`.
        name: String,
        /// The value.
        value: String,
    },
    /// A document is in force from now on that was so when the snapshot was saved; whom it names stands by number.
    Document {
        /// Its address or name.
        key: String,
        /// Whether that is an address.
        is_url: bool,
        /// Who publishes it.
        outlet: Option<u32>,
        /// The sources it cites, from the outermost inwards.
        citing: Vec<u32>,
    },
    /// A statement as it was told, its end mark included.
    Told(String),
    /// The document in force ended.
    DocumentEnded,
    /// Everything before is also in this snapshot.
    Folded(Identity),
}

impl Entry {
    /// No fewer bytes than it takes in a frame.
    pub fn weight(&self) -> usize {
        const NUMBER: usize = 8;
        let own = match self {
            Entry::Began | Entry::DocumentEnded => 0,
            Entry::Clock(_) => NUMBER,
            Entry::Param { name, value } => 2 * NUMBER + name.len() + value.len(),
            Entry::Document { key, citing, .. } => NUMBER * (4 + citing.len()) + key.len(),
            Entry::Told(statement) => NUMBER + statement.len(),
            Entry::Folded(_) => 2 * NUMBER,
        };
        NUMBER + own
    }
}

#[derive(Encode, Decode)]
struct Header {
    version: u32,
    language: u32,
    snapshot: Identity,
    /// Over everything before it.
    checksum: u64,
}

#[derive(Encode, Decode)]
struct Frame {
    mark: [u8; 4],
    length: u32,
    checksum: u64,
}

fn config() -> impl bincode::config::Config {
    bincode::config::standard().with_little_endian().with_fixed_int_encoding().with_limit::<MAX_PAYLOAD>()
}

/// What a header says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Headed {
    /// The journal of this snapshot.
    Of(Identity),
    /// A journal that only a newer program reads.
    Newer,
    /// No journal, or a damaged one.
    Foreign,
}

/// The bytes of a header; `language` is that of the sentences.
pub(super) fn encode_header(snapshot: Identity, language: u32) -> std::io::Result<[u8; HEADER]> {
    let mut bytes = [0u8; HEADER];
    bytes[..8].copy_from_slice(&MARK);
    let mut header = Header { version: JOURNAL_VERSION, language, snapshot, checksum: 0 };
    let written = |bytes: &mut [u8; HEADER], header: &Header| {
        bincode::encode_into_slice(header, &mut bytes[8..], config()).map_err(std::io::Error::other)
    };
    written(&mut bytes, &header)?;
    header.checksum = checksum(&bytes[..HEADER - 16]);
    written(&mut bytes, &header)?;
    Ok(bytes)
}

/// What a header says; `language` is the newest that this program reads.
pub(super) fn decode_header(bytes: &[u8], language: u32) -> Headed {
    let decoded =
        bytes.get(8..).and_then(|rest| bincode::decode_from_slice::<Header, _>(rest, config()).ok());
    let Some((header, 32)) = decoded.filter(|_| bytes.starts_with(&MARK)) else { return Headed::Foreign };
    let padding = bytes.get(HEADER - 8..).unwrap_or(&[]);
    if bytes.get(..HEADER - 16).map(checksum) != Some(header.checksum) || padding.iter().any(|b| *b != 0) {
        return Headed::Foreign;
    }
    if header.version > JOURNAL_VERSION || header.language > language {
        return Headed::Newer;
    }
    Headed::Of(header.snapshot)
}

/// A frame of entries, to stand at byte `at` of the journal of a snapshot. Nothing where they are too much for one frame.
pub(super) fn encode_frame(entries: &[Entry], snapshot: Identity, at: u64) -> Option<Vec<u8>> {
    let payload =
        bincode::encode_to_vec(entries, config()).ok().filter(|bytes| bytes.len() <= MAX_PAYLOAD)?;
    let checksum = checksum_from(seed(snapshot, at), &payload);
    let frame = Frame { mark: FRAME_MARK, length: payload.len() as u32, checksum };
    let mut bytes = bincode::encode_to_vec(frame, config()).ok()?;
    bytes.extend(payload);
    Some(bytes)
}

/// The entries of the frame that starts these bytes, which stand at `at`, and how long it is; nothing where it is not whole.
pub(super) fn decode_frame(bytes: &[u8], snapshot: Identity, at: u64) -> Option<(Vec<Entry>, usize)> {
    let payload = bytes.get(FRAME..FRAME + payload_length(bytes)?)?;
    let (frame, _) = bincode::decode_from_slice::<Frame, _>(bytes, config()).ok()?;
    if frame.checksum != checksum_from(seed(snapshot, at), payload) {
        return None;
    }
    // One by one: the codec would count what many of them take in memory as if the bytes said so.
    let (count, mut read) = bincode::decode_from_slice::<u64, _>(payload, config()).ok()?;
    let mut entries = Vec::new();
    for _ in 0..count {
        let (entry, length) = bincode::decode_from_slice(payload.get(read..)?, config()).ok()?;
        entries.push(entry);
        read += length;
    }
    (read == payload.len()).then_some((entries, FRAME + read))
}

/// How long the payload is of the frame that starts these bytes; nothing where none starts.
pub(super) fn payload_length(bytes: &[u8]) -> Option<usize> {
    let length = bytes.strip_prefix(&FRAME_MARK)?.get(..4)?;
    let length = u32::from_le_bytes(length.try_into().ok()?) as usize;
    (length <= MAX_PAYLOAD && bytes.len() >= FRAME).then_some(length)
}

/// A frame is one only in its own journal at its own place: what a sentence quotes is none.
fn seed(snapshot: Identity, at: u64) -> u64 {
    snapshot.checksum ^ snapshot.length.rotate_left(32) ^ at
}

#[cfg(test)]
mod tests {
    use super::*;

    const SNAPSHOT: Identity = Identity { length: 4096, checksum: 0x1234_5678_9abc_def0 };

    fn entries() -> Vec<Entry> {
        vec![
            Entry::Began,
            Entry::Clock(-5),
            Entry::Param { name: "who".into(), value: "Ann".into() },
            Entry::Document { key: "a".into(), is_url: true, outlet: Some(3), citing: vec![1, 2] },
            Entry::Told("Ann said \"a\".".into()),
            Entry::DocumentEnded,
            Entry::Folded(SNAPSHOT),
        ]
    }

    #[test]
    fn frames_and_headers_come_back_and_any_flip_is_noticed() {
        let header = encode_header(SNAPSHOT, 1).unwrap();
        assert_eq!(decode_header(&header, 1), Headed::Of(SNAPSHOT));
        assert_eq!(decode_header(&header, 0), Headed::Newer);
        let frame = encode_frame(&entries(), SNAPSHOT, 99).unwrap();
        assert_eq!(decode_frame(&frame, SNAPSHOT, 99), Some((entries(), frame.len())));
        assert_eq!(decode_frame(&frame, SNAPSHOT, 100), None, "a frame elsewhere is none");
        for at in 0..header.len() {
            let mut header = header;
            header[at] ^= 1;
            assert_eq!(decode_header(&header, 1), Headed::Foreign, "{at}");
        }
        for at in 0..frame.len() {
            let mut frame = frame.clone();
            frame[at] ^= 1;
            assert_eq!(decode_frame(&frame, SNAPSHOT, 99), None, "{at}");
            assert_eq!(decode_frame(&frame[..at], SNAPSHOT, 99), None, "{at}");
        }
    }

    #[test]
    fn what_asks_for_too_much_is_refused() {
        let mut frame = encode_frame(&entries(), SNAPSHOT, 0).unwrap();
        frame[4..8].copy_from_slice(&u32::MAX.to_le_bytes());
        assert_eq!(payload_length(&frame), None);
        let long = Entry::Told("x".repeat(MAX_PAYLOAD));
        assert_eq!(encode_frame(&[long], SNAPSHOT, 0), None);
        // More entries than there are bytes for, with a checksum that fits.
        let mut frame = encode_frame(&[Entry::Began], SNAPSHOT, 0).unwrap();
        frame[FRAME..FRAME + 8].copy_from_slice(&u64::MAX.to_le_bytes());
        let sum = checksum_from(seed(SNAPSHOT, 0), &frame[FRAME..]);
        frame[8..16].copy_from_slice(&sum.to_le_bytes());
        assert_eq!(decode_frame(&frame, SNAPSHOT, 0), None);
    }

    #[test]
    fn whatever_is_written_is_read_and_is_no_longer_than_its_entries_weigh() {
        for entry in entries() {
            let frame = encode_frame(std::slice::from_ref(&entry), SNAPSHOT, 0).unwrap();
            assert!(frame.len() <= FRAME + 8 + entry.weight(), "{entry:?}");
        }
        // So many that what they take in memory is far more than a frame holds.
        let many = vec![Entry::Told("A x.".into()); 400_000];
        let frame = encode_frame(&many, SNAPSHOT, 7).unwrap();
        assert_eq!(decode_frame(&frame, SNAPSHOT, 7), Some((many, frame.len())));
    }
}
