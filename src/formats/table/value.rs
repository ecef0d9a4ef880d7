//! What a cell comes to in its place: names tidied, dates read by their form, numbers checked, lists taken apart. Never parsed as language.

use super::Wrong;
use super::cell::Cell;
use super::date::{Form, cut};
use crate::diag::{Code, Span};
use crate::graph::wide_hash;
use crate::model::Time;
use crate::syntax::ast::{DateUnit, FieldValue, Word};
use std::borrow::Cow;

/// A place in a statement, by what it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Somebody or something, where a list may stand.
    Names,
    /// Somebody or something, where one stands.
    Name,
    /// Further names or ids, where a list may stand.
    Texts,
    /// What was said, a title, a condition.
    Text,
    /// The id of a claim.
    Id,
    /// The address or name of a document.
    Key,
    /// A time.
    Time,
    /// A number.
    Number,
    /// A role, a grade.
    Word,
}

impl Place {
    pub(super) fn takes_lists(self) -> bool {
        matches!(self, Place::Names | Place::Texts)
    }
}

/// What fills a place.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Filling {
    /// Nothing: the place goes.
    Nothing,
    /// One value.
    One(String),
    /// Several.
    Many(Vec<String>),
}

impl Filling {
    pub(super) fn one(self) -> Option<String> {
        match self {
            Filling::One(text) => Some(text),
            Filling::Many(texts) => texts.into_iter().next(),
            Filling::Nothing => None,
        }
    }
}

/// A column in its place, ready to fill it.
#[derive(Debug, Clone)]
pub(super) struct Slot {
    /// Its place in the mapping.
    pub(super) span: Span,
    /// Its name.
    pub(super) name: String,
    /// Its number among the columns that the mapping uses.
    pub(super) cell: usize,
    pub(super) each: bool,
    pub(super) split: Option<String>,
    pub(super) date: Option<(DateUnit, Option<Form>)>,
}

/// Where fillings come from.
pub(super) trait Values {
    /// The slot of a place, where a column fills it.
    fn slot(&self, span: Span) -> Option<&Slot>;
    /// What fills it.
    fn filling(&self, slot: &Slot, place: Place) -> Result<Filling, Wrong>;
    /// What fills the value of a free field.
    fn field(&self, slot: &Slot, text_only: bool) -> Result<Option<FieldValue>, Wrong>;
}

/// Values that show whether a statement makes sense: a year, which is a name, a text and a number as well. Each column has one of its own.
pub(super) struct Sample<'a>(pub(super) &'a [Slot]);

impl Values for Sample<'_> {
    fn slot(&self, span: Span) -> Option<&Slot> {
        self.0.iter().find(|slot| slot.span == span)
    }

    fn filling(&self, slot: &Slot, place: Place) -> Result<Filling, Wrong> {
        if slot.date.is_some() && place != Place::Time {
            let message = "only where a date stands can a column be read as one";
            let wrong = Wrong::new(Code::MisplacedWord, message, "leave `as …` away");
            return Err(Wrong { at: Some(slot.span), ..wrong });
        }
        if slot.split.is_some() && !slot.each && !place.takes_lists() {
            let message = "one value stands here, and `split` makes several";
            let help = format!("tell it of each: each ${} split …", slot.name);
            return Err(Wrong { at: Some(slot.span), ..Wrong::new(Code::MisplacedWord, message, help) });
        }
        Ok(Filling::One(if place == Place::Word {
            "A".into()
        } else {
            (1000 + slot.cell % 8000).to_string()
        }))
    }

    fn field(&self, slot: &Slot, _: bool) -> Result<Option<FieldValue>, Wrong> {
        let filling = self.filling(slot, if slot.split.is_some() { Place::Texts } else { Place::Text })?;
        Ok(filling.one().map(|text| FieldValue::Text(Word { text, span: slot.span })))
    }
}

/// The values of a row.
pub(super) struct RowValues<'a> {
    slots: &'a [Slot],
    cells: &'a [Cell<'a>],
    /// Of each slot all parts of its list, those that are empty too: taken apart once, however often the row is told.
    lists: Vec<Vec<Cow<'a, str>>>,
    /// Which part of the columns that are told of each.
    pub(super) part: usize,
    /// How many bytes the row may still fill.
    pub(super) left: std::cell::Cell<usize>,
}

/// The most parts for which a statement is told.
const MAX_PARTS: usize = 1000;

/// The most parts of a list, empty ones counted.
const MAX_LIST: usize = 1 << 16;

impl<'a> RowValues<'a> {
    /// Those of a row, which may fill so many bytes; a text that means nothing is one of `empty`.
    pub(super) fn of(
        slots: &'a [Slot],
        cells: &'a [Cell<'a>],
        empty: &[String],
        left: usize,
    ) -> Result<Self, Wrong> {
        let part = |text: &'a str| -> Cow<'a, str> {
            let text = text.trim();
            if empty.iter().any(|empty| empty == text) { "".into() } else { text.into() }
        };
        let list = |slot: &'a Slot| {
            let parts: Vec<Cow<'a, str>> = match (cells.get(slot.cell), &slot.split) {
                (Some(Cell::Text(text)), Some(split)) => {
                    text.split(split.as_str()).take(MAX_LIST + 1).map(part).collect()
                }
                (Some(Cell::List(texts)), _) => {
                    texts.iter().take(MAX_LIST + 1).map(|text| part(text)).collect()
                }
                _ => Vec::new(),
            };
            if parts.len() > MAX_LIST {
                let message = format!("${} has more than {MAX_LIST} parts", slot.name);
                return Err(Wrong::new(Code::TooLong, message, "take the row apart"));
            }
            Ok(parts)
        };
        let lists = slots.iter().map(list).collect::<Result<_, _>>()?;
        Ok(RowValues { slots, cells, lists, part: 0, left: std::cell::Cell::new(left) })
    }
}

impl RowValues<'_> {
    /// For how many parts the statement is told: once where nothing is told of each.
    pub(super) fn parts(&self) -> Result<usize, Wrong> {
        let mut parts: Option<(usize, &str)> = None;
        for slot in self.slots.iter().filter(|slot| slot.each) {
            let count = self.texts(slot).len();
            match parts {
                _ if count == 0 => {}
                None => parts = Some((count, &slot.name)),
                Some((known, other)) if known != count => {
                    return Err(Wrong::new(
                        Code::BadRow,
                        format!("${other} has {known} parts and ${} has {count}", slot.name),
                        "what is told of each goes part by part: write a part for every other, perhaps an empty one",
                    ));
                }
                Some(_) => {}
            }
        }
        match parts {
            Some((count, name)) if count > MAX_PARTS => {
                let message = format!("${name} has {count} parts, which is more than a thousand");
                Err(Wrong::new(Code::TooLong, message, "take the row apart"))
            }
            parts => Ok(parts.map_or(1, |(count, _)| count)),
        }
    }

    /// All parts of a column, those that are empty too.
    fn texts(&self, slot: &Slot) -> Cow<'_, [Cow<'_, str>]> {
        if let (Some(Cell::Text(text)), None) = (self.cells.get(slot.cell), &slot.split) {
            return vec![Cow::Borrowed(&**text)].into();
        }
        let at = self.slots.iter().position(|one| one.span == slot.span);
        at.and_then(|at| self.lists.get(at)).map_or(&[][..], Vec::as_slice).into()
    }

    fn read(&self, slot: &Slot, place: Place, text: &str) -> Result<String, Wrong> {
        let value = match place {
            Place::Names | Place::Name | Place::Word => tidy(text),
            Place::Text | Place::Texts | Place::Key => text.into(),
            Place::Id => {
                let strange = |c: char| matches!(c, '~' | '[' | ']') || c.is_control();
                if text.starts_with(['_', '|']) || text.contains(strange) {
                    let help = "ids do not begin with `_` or a bar, and hold no `~`, brackets or line breaks";
                    return Err(wrong(Code::BadValue, slot, text, "cannot be an id", help));
                }
                text.into()
            }
            Place::Number => number(text).ok_or_else(|| {
                let help = "write digits without separators, with a point, as 1200 or 0.5";
                wrong(Code::BadNumber, slot, text, "is no number", help)
            })?,
            Place::Time => time(slot, text)?,
        };
        let left = self.left.get().checked_sub(value.len()).ok_or_else(|| {
            let message = "what this row says, repeated for each part, is longer than 16 mebibytes";
            Wrong::new(Code::TooLong, message, "take the row apart")
        })?;
        self.left.set(left);
        Ok(value.into_owned())
    }
}

/// A date as ISO 8601, and no more of it than counts.
fn time<'t>(slot: &Slot, text: &'t str) -> Result<Cow<'t, str>, Wrong> {
    let Some((unit, form)) = &slot.date else { return Ok(text.into()) };
    match form {
        // What is no date stays whole, to be refused as it stands.
        None if Time::parse(text).is_err() => Ok(text.into()),
        None => Ok(cut(text, *unit).into()),
        Some(form) => match form.read(text) {
            Some(iso) => Ok(cut(&iso, *unit).to_string().into()),
            None => {
                let help = "correct the date, or the form that the mapping gives";
                Err(wrong(Code::BadTime, slot, text, "is not of the form that the mapping gives", help))
            }
        },
    }
}

fn wrong(code: Code, slot: &Slot, text: &str, what: &str, help: &str) -> Wrong {
    Wrong::new(code, format!("${}: `{}` {what}", slot.name, shortened(text)), help)
}

impl Values for RowValues<'_> {
    fn slot(&self, span: Span) -> Option<&Slot> {
        self.slots.iter().find(|slot| slot.span == span)
    }

    fn filling(&self, slot: &Slot, place: Place) -> Result<Filling, Wrong> {
        let Some(cell) = self.cells.get(slot.cell) else { return Ok(Filling::Nothing) };
        let plain = slot.split.is_none() && !slot.each;
        match cell {
            Cell::Empty => return Ok(Filling::Nothing),
            Cell::Text(text) if plain => return Ok(named(self.read(slot, place, text)?)),
            Cell::Json(json) => {
                let help = "name a key inside it, as $person.name, or keep it as a field: {key: $person}";
                return Err(wrong(Code::BadRow, slot, json, "is no single value", help));
            }
            _ => {}
        }
        let texts = self.texts(slot);
        if slot.each {
            return match texts.get(self.part).filter(|text| !text.is_empty()) {
                Some(text) => Ok(named(self.read(slot, place, text)?)),
                None => Ok(Filling::Nothing),
            };
        }
        let mut texts = texts.iter().filter(|text| !text.is_empty());
        if !place.takes_lists() {
            let (first, more) = (texts.next(), texts.next().is_some());
            return match first {
                Some(_) if more => {
                    let help = format!("tell it of each: each ${}", slot.name);
                    Err(Wrong::new(
                        Code::BadRow,
                        format!("${} is a list, and one value stands here", slot.name),
                        help,
                    ))
                }
                Some(text) => Ok(named(self.read(slot, place, text)?)),
                None => Ok(Filling::Nothing),
            };
        }
        let mut values = Vec::new();
        for text in texts {
            let value = self.read(slot, place, text)?;
            if !value.is_empty() && !values.contains(&value) {
                values.push(value);
            }
            if values.len() > MAX_PARTS {
                let message = format!("${} has more than a thousand parts", slot.name);
                return Err(Wrong::new(Code::TooLong, message, "take the row apart"));
            }
        }
        Ok(if values.is_empty() { Filling::Nothing } else { Filling::Many(values) })
    }

    fn field(&self, slot: &Slot, text_only: bool) -> Result<Option<FieldValue>, Wrong> {
        let word = |text: String| Word { text, span: slot.span };
        if !slot.each && !text_only {
            match self.cells.get(slot.cell) {
                Some(Cell::Json(json)) => return Ok(Some(FieldValue::Json(word((*json).into())))),
                Some(Cell::List(_)) => {}
                Some(Cell::Text(_)) if slot.split.is_some() => {}
                _ => return self.plain_field(slot, text_only),
            }
            let texts = self.texts(slot);
            let texts: Vec<&str> = texts.iter().map(|text| &**text).filter(|text| !text.is_empty()).collect();
            if texts.is_empty() {
                return Ok(None);
            }
            let json = serde_json::Value::from(texts);
            return Ok(Some(FieldValue::Json(word(json.to_string()))));
        }
        self.plain_field(slot, text_only)
    }
}

impl RowValues<'_> {
    /// What a statement tells of this row, as far as the columns go: two parts of rows of one key tell the same.
    pub(super) fn key(&self, statement: usize) -> u128 {
        let mut key = format!("{statement}");
        for slot in self.slots {
            let texts = self.texts(slot);
            let told = if slot.each { texts.get(self.part..=self.part).unwrap_or(&[]) } else { &texts };
            key.push_str(&format!("|{}", told.len()));
            told.iter().for_each(|text| key.push_str(&format!(" {}:{text}", text.len())));
        }
        wide_hash(key.as_bytes())
    }

    fn plain_field(&self, slot: &Slot, text_only: bool) -> Result<Option<FieldValue>, Wrong> {
        let Some(text) = self.filling(slot, Place::Text)?.one() else { return Ok(None) };
        let canonical = number(&text).is_some_and(|_| {
            let digits = text.trim_start_matches('-');
            text.len() <= 15 && (!digits.starts_with('0') || digits == "0" || digits.starts_with("0."))
        });
        let word = Word { text, span: slot.span };
        Ok(Some(if canonical && !text_only { FieldValue::Number(word) } else { FieldValue::Text(word) }))
    }
}

fn named(text: String) -> Filling {
    if text.is_empty() { Filling::Nothing } else { Filling::One(text) }
}

/// A number as the language writes it.
fn number(text: &str) -> Option<Cow<'_, str>> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, part) = digits.split_once('.').map_or((digits, None), |(whole, part)| (whole, Some(part)));
    let is = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    (is(whole) && part.is_none_or(is)).then_some(text.into())
}

/// A name in the form that it has in sentences: blanks single, round brackets for square ones, which enclose names there, no bars in front.
fn tidy(text: &str) -> Cow<'_, str> {
    let strange = |c: char| matches!(c, '[' | ']') || c != ' ' && (c.is_whitespace() || c.is_control());
    if !text.contains(strange)
        && !text.contains("  ")
        && !text.starts_with([' ', '|'])
        && !text.ends_with(' ')
    {
        return text.into();
    }
    let blank = |c: char| c.is_whitespace() || c.is_control();
    let words: Vec<&str> = text.split(blank).filter(|word| !word.is_empty()).collect();
    let joined = words.join(" ").replace('[', "(").replace(']', ")");
    joined.trim_start_matches(['|', ' ']).to_string().into()
}

/// As much of a value as fits into a message.
pub(super) fn shortened(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(60) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or("")).into(),
        None => text.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_tidied_as_in_rows() {
        for (text, name) in [
            ("anna brandt", "anna brandt"),
            ("Bank [of] America", "Bank (of) America"),
            ("a \n b", "a b"),
            ("| x", "x"),
            ("Георгій", "Георгій"),
        ] {
            assert_eq!(tidy(text), name);
        }
    }

    #[test]
    fn numbers_are_plain() {
        for (text, is) in [
            ("12", true),
            ("-0.5", true),
            ("1,200", false),
            ("1e9", false),
            (".5", false),
            ("5.", false),
            ("", false),
        ] {
            assert_eq!(number(text).is_some(), is, "{text}");
        }
    }
}
