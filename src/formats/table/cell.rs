//! One cell of a row, before anything is made of it, and the tests that choose rows.

use crate::model::fold;
use crate::syntax::ast::{Order, ValueTest, ValueTestKind};
use std::borrow::Cow;

/// A cell as it was read.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell<'r> {
    /// Nothing is there.
    Empty,
    /// One value, without blanks around it.
    Text(Cow<'r, str>),
    /// A list that the row itself has as one. A part may be empty.
    List(Vec<Cow<'r, str>>),
    /// An object, or a list of more than values: only a field can keep it.
    Json(&'r str),
}

impl<'r> Cell<'r> {
    /// A text, unless it stands for nothing.
    pub(super) fn of(text: impl Into<Cow<'r, str>>, empty: &[String]) -> Cell<'r> {
        let text = match text.into() {
            Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
            Cow::Owned(text) if text.trim().len() == text.len() => Cow::Owned(text),
            Cow::Owned(text) => Cow::Owned(text.trim().to_string()),
        };
        if text.is_empty() || empty.iter().any(|empty| **empty == *text) {
            Cell::Empty
        } else {
            Cell::Text(text)
        }
    }

    fn texts(&self) -> &[Cow<'r, str>] {
        match self {
            Cell::Text(text) => std::slice::from_ref(text),
            Cell::List(parts) => parts,
            Cell::Empty | Cell::Json(_) => &[],
        }
    }
}

/// A test, ready to be made of many rows.
#[derive(Debug, Clone)]
pub(super) struct Test {
    /// The number of the column among those that the mapping uses.
    pub(super) cell: usize,
    kind: Kind,
}

#[derive(Debug, Clone)]
enum Kind {
    Known(bool),
    OneOf { not: bool, values: Vec<(String, String)> },
    Number(Order, f64),
}

impl Test {
    pub(super) fn of(test: &ValueTest, cell: usize) -> Test {
        let kind = match &test.kind {
            ValueTestKind::Known(known) => Kind::Known(*known),
            ValueTestKind::OneOf { not, values } => {
                let values = values.iter().map(|value| {
                    let text = value.text.trim().to_string();
                    (fold(&text).into_owned(), text)
                });
                Kind::OneOf { not: *not, values: values.collect() }
            }
            ValueTestKind::Number(order, word) => Kind::Number(*order, word.text.parse().unwrap_or(f64::NAN)),
        };
        Test { cell, kind }
    }

    /// Whether a row passes. What is empty passes nothing but `is unknown`.
    pub(super) fn holds(&self, cell: &Cell<'_>) -> bool {
        let is_known = !matches!(cell, Cell::Empty);
        match &self.kind {
            Kind::Known(known) => is_known == *known,
            Kind::OneOf { not, values } => {
                let is = |text: &Cow<'_, str>| {
                    values.iter().any(|(_, plain)| plain == text)
                        || values.iter().any(|(folded, _)| *folded == fold(text))
                };
                is_known && cell.texts().iter().any(is) != *not
            }
            Kind::Number(order, wanted) => {
                let is = |text: &Cow<'_, str>| {
                    let Some(number) = text.parse::<f64>().ok().and_then(|number| number.partial_cmp(wanted))
                    else {
                        return false;
                    };
                    match order {
                        Order::Equal => number.is_eq(),
                        Order::NotEqual => number.is_ne(),
                        Order::Less => number.is_lt(),
                        Order::AtMost => number.is_le(),
                        Order::More => number.is_gt(),
                        Order::AtLeast => number.is_ge(),
                    }
                };
                cell.texts().iter().any(is)
            }
        }
    }
}
