//! Mappings as text, and the columns in the places that they fill.

use super::super::ast::{
    Column, DateUnit, Mapping, Order, TableKind, TablePart, Told, ToldWhat, ValueTestKind, Word,
};
use super::super::grammar::Rule;
use super::{Printer, matches, quoted};
use crate::diag::Span;

impl Printer {
    pub(super) fn mapping(&mut self, mapping: &Mapping) {
        self.head(mapping);
        self.told(&mapping.first);
    }

    fn head(&mut self, mapping: &Mapping) {
        self.word("from");
        self.word(match mapping.kind {
            TableKind::Csv => "csv",
            TableKind::Tsv => "tsv",
            TableKind::Jsonl => "jsonl",
        });
        for part in &mapping.parts {
            let (name, values) = match part {
                TablePart::Separator(text) => ("separator", std::slice::from_ref(text)),
                TablePart::Quote(Some(text), _) => ("quote", std::slice::from_ref(text)),
                TablePart::Quote(None, _) => ("quote none", &[][..]),
                TablePart::Escape(text) => ("escape", std::slice::from_ref(text)),
                TablePart::Comment(text) => ("comment", std::slice::from_ref(text)),
                TablePart::Encoding(text) => ("encoding", std::slice::from_ref(text)),
                TablePart::NoHeader(_) => ("header none", &[][..]),
                TablePart::Skip(number) => {
                    self.word("skip");
                    self.word(&number.text);
                    continue;
                }
                TablePart::Empty(texts, _) => ("empty", &texts[..]),
            };
            self.word(name);
            self.list(values, Printer::string);
        }
        self.glue(":");
    }

    pub(super) fn told(&mut self, told: &Told) {
        for (at, test) in told.guard.iter().enumerate() {
            self.word(if at == 0 { "when" } else { "and" });
            self.word(&column_name(&test.column.text));
            match &test.kind {
                ValueTestKind::Known(known) => self.word(if *known { "is known" } else { "is unknown" }),
                ValueTestKind::OneOf { not, values } => {
                    self.word(if *not { "is not" } else { "is" });
                    self.list(values, |out: &mut Self, value: &Word| out.word(&quoted(&value.text)));
                }
                ValueTestKind::Number(order, number) => {
                    self.word(match order {
                        Order::Equal => "=",
                        Order::NotEqual => "!=",
                        Order::Less => "<",
                        Order::AtMost => "<=",
                        Order::More => ">",
                        Order::AtLeast => ">=",
                    });
                    self.word(&number.text);
                }
            }
        }
        if !told.guard.is_empty() {
            self.glue(":");
        }
        match &told.what {
            ToldWhat::Fact(fact) => {
                self.fact(fact);
                self.glue(".");
            }
            ToldWhat::Document(head) => self.document(head),
        }
    }

    /// Prints the column that fills a place; false where none does.
    pub(super) fn filled(&mut self, span: Span) -> bool {
        let Some(column) = self.columns.iter().find(|column| column.span == span) else { return false };
        let text = column_text(column);
        self.word(&text);
        true
    }
}

/// The head of a mapping alone, with which its text begins.
pub(in crate::syntax) fn mapping_head(mapping: &Mapping) -> String {
    let mut out = Printer::default();
    out.head(mapping);
    out.text
}

fn column_text(column: &Column) -> String {
    let mut text = if column.each { "each ".to_string() } else { String::new() };
    text.push_str(&column_name(&column.name));
    if let Some(split) = &column.split {
        text.push_str(" split ");
        text.push_str(&quoted(&split.text));
    }
    if let Some(date) = &column.date {
        text.push_str(match date.unit {
            DateUnit::Given => " as date",
            DateUnit::Day => " as day",
            DateUnit::Month => " as month",
            DateUnit::Year => " as year",
        });
        if let Some(form) = &date.form {
            text.push(' ');
            text.push_str(&quoted(&form.text));
        }
    }
    text
}

/// A column as it must be written.
fn column_name(name: &str) -> String {
    let bare = format!("${name}");
    if matches(Rule::slot_name, &bare) && !name.starts_with(['[', '"', '“', '«', '„']) {
        return bare;
    }
    let in_brackets = format!("$[{name}]");
    if name.trim() == name && matches(Rule::slot_name, &in_brackets) && !name.ends_with('|') {
        return in_brackets;
    }
    format!("${}", quoted(name))
}
