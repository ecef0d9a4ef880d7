//! The rows of foreign JSON lines: of each object only what the mapping names is looked at.

use super::cell::Cell;
use super::csv::Next;
use super::dialect::Dialect;
use super::input::Text;
use super::{MAX_ROW, Wrong};
use crate::diag::Code;
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;
use std::io::{self, BufRead, BufReader, Read};

/// The lines of a table.
pub(super) struct Lines<R> {
    input: BufReader<Text<R>>,
    bytes: Vec<u8>,
    pub(super) above: Vec<u8>,
    pub(super) line: u64,
    pub(super) is_decoded: bool,
    skip: u64,
}

impl<R: Read> Lines<R> {
    pub(super) fn open(input: R, dialect: &Dialect) -> io::Result<Self> {
        let text = Text::new(input, dialect.encoding)?;
        let is_decoded = text.is_decoded();
        let input = BufReader::with_capacity(256 << 10, text);
        Ok(Lines { input, bytes: Vec::new(), above: Vec::new(), line: 0, is_decoded, skip: dialect.skip })
    }

    /// Goes to the next line that is not blank.
    pub(super) fn next(&mut self) -> io::Result<Next> {
        loop {
            self.bytes.clear();
            if self.input.by_ref().take(MAX_ROW as u64).read_until(b'\n', &mut self.bytes)? == 0 {
                return Ok(Next::End);
            }
            self.line += 1;
            let whole = self.bytes.len() < MAX_ROW || self.bytes.ends_with(b"\n");
            if !whole {
                self.input.skip_until(b'\n')?;
            }
            if self.line <= self.skip {
                // What is above is kept for the refused rows, and no more of it than a row may have.
                if self.above.len() + self.bytes.len() <= MAX_ROW {
                    self.above.extend_from_slice(&self.bytes);
                }
                continue;
            }
            if !whole {
                let help = "a row is one object: put each on a line of its own";
                return Ok(Next::Bad(Wrong::new(
                    Code::TooLong,
                    "this line is longer than 16 mebibytes",
                    help,
                )));
            }
            if !self.bytes.iter().all(u8::is_ascii_whitespace) {
                return Ok(Next::Row);
            }
        }
    }

    pub(super) fn raw(&self) -> &[u8] {
        &self.bytes
    }
}

/// A text as JSON has it, borrowed where it can be.
#[derive(Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

/// The values of some keys in an object, and whether each key was there.
struct Wanted<'w> {
    names: &'w [&'w str],
}

impl<'de> DeserializeSeed<'de> for Wanted<'_> {
    type Value = Vec<Option<&'de RawValue>>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Wanted<'_> {
    type Value = Vec<Option<&'de RawValue>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut values: Vec<Option<&'de RawValue>> = vec![None; self.names.len()];
        while let Some(Key(key)) = map.next_key()? {
            let Some(at) = self.names.iter().position(|name| *name == key) else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            let value = map.next_value()?;
            if values.get_mut(at).and_then(|slot| slot.replace(value)).is_some() {
                return Err(A::Error::custom(format!("the key `{key}` stands twice")));
            }
        }
        Ok(values)
    }
}

/// The cells of a line for the columns named: by the key itself, or by a path of keys with points between. Marks in `seen` what was there.
pub(super) fn cells<'r>(
    line: &'r [u8],
    names: &[&str],
    empty: &[String],
    seen: &mut [bool],
) -> Result<Vec<Cell<'r>>, Wrong> {
    let text = std::str::from_utf8(line).map_err(|error| {
        let message = format!("byte {} of this line is not UTF-8", error.valid_up_to() + 1);
        Wrong::new(Code::Encoding, message, "name the encoding: from jsonl encoding \"windows-1252\"")
    })?;
    // The keys themselves, then where each path begins.
    let heads = names.iter().filter_map(|name| name.split_once('.').map(|(head, _)| head));
    let mut keys: Vec<&str> = names.iter().copied().chain(heads).collect();
    keys.sort_unstable();
    keys.dedup();
    let values = object(text, &keys).map_err(|error| {
        let message = error.to_string();
        let message = message.split(" at line ").next().unwrap_or(&message);
        let message = format!("{message} (column {})", error.column());
        Wrong::new(Code::BadJson, message, "write one JSON object on the line")
    })?;
    let value = |key: &str| {
        let at = keys.binary_search(&key).ok()?;
        values.get(at).copied().flatten()
    };
    let mut cells = Vec::with_capacity(names.len());
    for (at, name) in names.iter().enumerate() {
        let found = value(name).or_else(|| {
            let (head, rest) = name.split_once('.')?;
            inside(value(head)?, rest)
        });
        if let Some(seen) = seen.get_mut(at) {
            *seen |= found.is_some();
        }
        cells.push(found.map_or(Cell::Empty, |raw| cell(raw.get(), empty)));
    }
    Ok(cells)
}

fn object<'r>(text: &'r str, keys: &[&str]) -> serde_json::Result<Vec<Option<&'r RawValue>>> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let values = Wanted { names: keys }.deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(values)
}

/// What a path leads to inside a value.
fn inside<'r>(value: &'r RawValue, path: &str) -> Option<&'r RawValue> {
    let mut value = value;
    for key in path.split('.') {
        value = object(value.get(), &[key]).ok()?.pop()??;
    }
    Some(value)
}

fn cell<'r>(json: &'r str, empty: &[String]) -> Cell<'r> {
    match json.as_bytes().first() {
        Some(b'"') => text_of(json).map_or(Cell::Json(json), |text| Cell::of(text, empty)),
        Some(b'n') => Cell::Empty,
        Some(b'{') => Cell::Json(json),
        Some(b'[') => {
            let Ok(parts) = serde_json::from_str::<Vec<&RawValue>>(json) else { return Cell::Json(json) };
            let texts: Option<Vec<Cow<'_, str>>> = parts
                .iter()
                .map(|part| match part.get().as_bytes().first() {
                    Some(b'"') => text_of(part.get()),
                    Some(b'n') => Some("".into()),
                    Some(b'{' | b'[') | None => None,
                    _ => Some(part.get().into()),
                })
                .collect();
            match texts {
                Some(texts) if texts.iter().all(|text| text.trim().is_empty()) => Cell::Empty,
                Some(texts) => Cell::List(texts),
                None => Cell::Json(json),
            }
        }
        _ => Cell::of(json, empty),
    }
}

fn text_of(json: &str) -> Option<Cow<'_, str>> {
    serde_json::from_str::<Key<'_>>(json).ok().map(|Key(text)| text)
}

/// The keys of an object, for telling what a misspelt one may have meant.
pub(super) fn keys(line: &[u8]) -> Vec<String> {
    let object: Result<serde_json::Map<String, serde_json::Value>, _> = serde_json::from_slice(line);
    object.map_or_else(|_| Vec::new(), |object| object.into_iter().map(|(key, _)| key).collect())
}
