//! Text from outside on its way to a terminal: no control character of it reaches one, and its width is known.

use std::borrow::Cow;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// What may steer a terminal, or make a line read as what it is not by turning the direction of writing.
fn steers(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

/// A value as JSON that may stand on a terminal: what would steer it is escaped, which any reader of JSON undoes.
pub(super) fn printed(value: &serde_json::Value) -> String {
    let text = value.to_string();
    if !text.contains(steers) {
        return text;
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        // All of them are in the basic plane, where four digits are enough.
        if steers(c) { out.push_str(&format!("\\u{:04x}", u32::from(c))) } else { out.push(c) }
    }
    out
}

/// A text without control characters: each is shown as what it is. Marks that turn the direction of writing are shown too, for they can
/// make a line read as what it is not.
pub fn shown(text: &str) -> Cow<'_, str> {
    if !text.contains(steers) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\n' => out.push('⏎'),
            '\t' => out.push(' '),
            c if steers(c) => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// How many columns of a terminal a text takes.
pub(super) fn width(text: &str) -> usize {
    text.width()
}

/// The same of one character.
pub(super) fn width_of(c: char) -> usize {
    c.width().unwrap_or(0)
}

/// A text in lines no wider than `width`, broken at blanks where there are any, and in addresses behind their signs.
pub fn wrapped(text: &str, width: usize) -> Vec<String> {
    let width = width.max(1);
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut used = 0;
    for word in text.split_inclusive(' ') {
        let bare = word.trim_end_matches(' ');
        if used > 0 && used + bare.width() > width {
            lines.push(std::mem::take(&mut line).trim_end().to_string());
            used = 0;
        }
        if bare.width() <= width {
            line.push_str(word);
            used += word.width();
            continue;
        }
        for part in word.split_inclusive(['/', '-', '_', '?', '&', '=']) {
            if used > 0 && used + part.width() > width && part.width() <= width {
                lines.push(std::mem::take(&mut line));
                used = 0;
            }
            // What is wider than the column is broken where the column ends.
            for c in part.chars() {
                let wide = width_of(c);
                if used + wide > width && used > 0 {
                    lines.push(std::mem::take(&mut line));
                    used = 0;
                }
                line.push(c);
                used += wide;
            }
        }
    }
    let last = line.trim_end();
    if !last.is_empty() || lines.is_empty() {
        lines.push(last.to_string());
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_broken_behind_their_signs() {
        assert_eq!(
            wrapped("https://unn.ua/news/peace-talks-2025 (2025)", 18),
            ["https://unn.ua/", "news/peace-talks-", "2025 (2025)"]
        );
        assert_eq!(wrapped("aaaaaaaaaa/b", 4), ["aaaa", "aaaa", "aa/b"]);
    }

    #[test]
    fn nothing_of_the_data_steers_the_terminal() {
        assert_eq!(shown("a\u{1b}[31mb"), "a\\u{1b}[31mb");
        assert_eq!(shown("x\u{202e}y\nz"), "x\\u{202e}y⏎z");
        assert_eq!(shown("Покровськ"), "Покровськ");
    }

    #[test]
    fn json_stays_json() {
        let value = serde_json::json!({ "a\u{9b}": "\u{1b}[2J \u{202e} é \u{7f}" });
        let text = printed(&value);
        assert_eq!(text, r#"{"a\u009b":"\u001b[2J \u202e é \u007f"}"#);
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), value);
    }

    #[test]
    fn lines_fit_whatever_the_script() {
        for text in [
            "one two three four",
            "習近平說了一些很長的話",
            "ééééééééééé",
            "a",
            "",
            "longwordwithoutblanks here",
        ] {
            for line in wrapped(text, 7) {
                assert!(width(&line) <= 7, "{line}");
            }
        }
        assert_eq!(wrapped("one two three", 8), ["one two", "three"]);
    }
}
