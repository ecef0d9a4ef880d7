//! What no text of a row may be: blank, or longer than the graph keeps. And what may stand beside a sentence: nothing.

use super::convert::{Wrong, wrong};
use super::row::{Name, Object, Row};
use crate::diag::Code;
use crate::graph::MAX_TEXT;
use crate::model::fold;
use serde::de::IgnoredAny;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Refuses a row with a text that is blank or too long, by its key.
pub(super) fn texts(row: &Row<'_>) -> Result<(), Wrong> {
    let lists = [
        ("speaker", &row.speaker),
        ("subjects", &row.subjects),
        ("addressee", &row.addressee),
        ("outlets", &row.outlets),
    ];
    lists.into_iter().try_for_each(|(key, list)| names(list.iter(), key))?;
    let alone = [
        ("id", &row.id),
        ("speaker_title", &row.speaker_title),
        ("speaker_affiliation", &row.speaker_affiliation),
        ("cue", &row.cue),
        ("proposition", &row.proposition),
        ("hedge", &row.hedge),
        ("condition", &row.condition),
        ("date", &row.date),
    ];
    alone.into_iter().try_for_each(|(key, text)| maybe(text.as_ref(), key, ""))?;
    if let Some(Object(document)) = &row.document {
        one(&document.url, "document", ".url")?;
        maybe(document.title.as_ref(), "document", ".title")?;
        maybe(document.date.as_ref(), "document", ".date")?;
        if let Some(outlet) = &document.outlet {
            names(std::iter::once(outlet), "document.outlet")?;
        }
    }
    for Object(figure) in &row.figures {
        one(&figure.what, "figures", ".what")?;
        maybe(figure.unit.as_ref(), "figures", ".unit")?;
    }
    for (key, value) in &row.extra.0 {
        one(key, "extra", ": a key")?;
        long(value.get(), "extra", &format!(".{key}"))?;
    }
    Ok(())
}

fn names<'n, 'a: 'n>(list: impl Iterator<Item = &'n Name<'a>>, key: &str) -> Result<(), Wrong> {
    for name in list {
        one(&name.name, key, "")?;
        name.ids().iter().try_for_each(|id| one(id, key, ".ids"))?;
        name.aliases().iter().try_for_each(|alias| one(alias, key, ".aliases"))?;
    }
    Ok(())
}

fn maybe(text: Option<&Cow<'_, str>>, key: &str, part: &str) -> Result<(), Wrong> {
    text.map_or(Ok(()), |text| one(text, key, part))
}

#[inline]
fn one(text: &str, key: &str, part: &str) -> Result<(), Wrong> {
    // Nearly every text begins so.
    let begins = text.as_bytes().first().is_some_and(u8::is_ascii_alphanumeric);
    if begins && text.len() <= MAX_TEXT { Ok(()) } else { look_closer(text, key, part) }
}

fn look_closer(text: &str, key: &str, part: &str) -> Result<(), Wrong> {
    if is_blank(text) {
        let help = "write something, or leave the key away";
        return wrong(Code::BadRow, format!("`{key}{part}` is empty"), help);
    }
    long(text, key, part)
}

fn long(text: &str, key: &str, part: &str) -> Result<(), Wrong> {
    if text.len() > MAX_TEXT {
        let help = "keep long texts outside, and point to them with `document`";
        return wrong(Code::TooLong, format!("`{key}{part}` is longer than a mebibyte"), help);
    }
    Ok(())
}

/// Whether there is nothing in a text that tells it from an empty one.
fn is_blank(text: &str) -> bool {
    !text.starts_with(char::is_alphanumeric) && fold(text).trim().is_empty()
}

/// Refuses whatever stands beside `sentence` in the line of a row; `null` is the same as leaving a key away.
pub(super) fn alone(line: &str) -> Result<(), Wrong> {
    let keys: BTreeMap<Cow<'_, str>, Option<IgnoredAny>> = serde_json::from_str(line).unwrap_or_default();
    let beside = keys.iter().find(|(key, value)| value.is_some() && *key != "sentence");
    beside.map_or(Ok(()), |(key, _)| {
        wrong(
            Code::BadRow,
            format!("`{key}` stands beside `sentence`"),
            "a sentence is alone in its row: say it in the sentence, or on another line",
        )
    })
}
