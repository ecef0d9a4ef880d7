//! Colours for a text while it is typed, from what the grammar reads in it. Behind the place where nothing fits there are none.

use super::complete::Vocabulary;
use crate::syntax::{Part, parts};
use anstyle::{AnsiColor, Style};
use std::fmt::Write as _;

/// How a part looks.
fn style(part: Part) -> Style {
    let color = |color: AnsiColor| Style::new().fg_color(Some(color.into()));
    match part {
        Part::Keyword => color(AnsiColor::Blue),
        Part::Stage => color(AnsiColor::Blue).bold(),
        Part::Verb | Part::NewVerb => Style::new(),
        Part::Name => Style::new().bold(),
        Part::Blank | Part::Column => color(AnsiColor::Cyan),
        Part::Literal => color(AnsiColor::Green),
        Part::Date | Part::Number => color(AnsiColor::Magenta),
        Part::Hedge => color(AnsiColor::Yellow).italic(),
        Part::Claim => color(AnsiColor::Yellow),
        Part::Comment => Style::new().dimmed(),
    }
}

/// A text with colours. A verb that nobody knows is underlined, unless it may be one that is being typed.
pub(super) fn colored(text: &str, vocabulary: &Vocabulary) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    let mut at = 0;
    for (span, part) in parts(text) {
        let word = span.of(text);
        let is_typed = span.end == text.len() && vocabulary.begins_verb(word);
        let style = match part {
            Part::Verb if !vocabulary.is_verb(word) && !is_typed => style(part).underline(),
            part => style(part),
        };
        let _ = write!(out, "{}{style}{word}{style:#}", text.get(at..span.start).unwrap_or(""));
        at = span.end;
    }
    out.push_str(text.get(at..).unwrap_or(""));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vocabulary() -> Vocabulary {
        let mut vocabulary = Vocabulary::default();
        vocabulary.update(&crate::db::Database::new(0));
        vocabulary
    }

    #[test]
    fn colours_add_nothing_but_colours() {
        for text in
            ["who said \"x", "习近平 said ?x", "a --", "[x", "# $ ? | <", "..", "“Покров", "who sai on 2025"]
        {
            let mut plain = String::new();
            let mut inside = false;
            for c in colored(text, &vocabulary()).chars() {
                match c {
                    '\u{1b}' => inside = true,
                    'm' if inside => inside = false,
                    c if !inside => plain.push(c),
                    _ => {}
                }
            }
            assert_eq!(plain, text);
        }
    }

    #[test]
    fn verbs_that_nobody_knows_are_underlined() {
        let underlined = |text: &str| colored(text, &vocabulary()).contains("\u{1b}[4m");
        for text in
            ["who sayd what", "who sayd", "UNN wrote that (Anna sayd \"x\")", "define verb a as sayd."]
        {
            assert!(underlined(text), "{text}");
        }
        // Not where it may become one, is being made one, or stands where the grammar reads none.
        for text in [
            "who sai",
            "define verb sayd as asserted.",
            "Anna said \"sayd\" about Oil {mode: sayd}",
            "Oil is sayd.",
        ] {
            assert!(!underlined(text), "{text}");
        }
    }
}
