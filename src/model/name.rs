//! When two names are one, and when a phrase is no name at all. Folding is the only thing that merges names; script
//! variants only help to find them.

use std::borrow::Cow;
use unicode_normalization::UnicodeNormalization;

/// Combining marks that spelling may leave out: Latin, Greek and Cyrillic accents, Hebrew points, Arabic vowels. Marks of
/// other scripts (Indic vowel signs, kana voicing) are letters there and stay.
const fn is_optional_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}' | '\u{483}'..='\u{487}' | '\u{591}'..='\u{5C7}' | '\u{610}'..='\u{61A}'
        | '\u{64B}'..='\u{65F}' | '\u{670}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}' | '\u{640}')
}

/// Latin letters with a bar, hook or ligature, which no Unicode form takes apart: ł, ø, ß, æ.
const fn is_barred_latin(c: char) -> bool {
    matches!(c, '\u{C0}'..='\u{24F}' | '\u{1E00}'..='\u{1EFF}')
}

/// The form under which names, and the texts of propositions, are equal: case, diacritics, Unicode form, apostrophes and runs of blanks
/// do not count. `Müller`, `MULLER` and `Mu\u{308}ller` fold to one; `Mueller` does not.
pub fn fold(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return fold_ascii(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut blank = false;
    for c in text.nfkd().filter(|c| !is_optional_mark(*c)) {
        if c.is_whitespace() || c.is_control() {
            blank = !out.is_empty();
            continue;
        }
        if std::mem::take(&mut blank) {
            out.push(' ');
        }
        match c {
            'ς' => out.push('σ'),
            '’' | '‘' | 'ʼ' | '`' => out.push('\''),
            '‐' | '‑' => out.push('-'),
            '“' | '”' | '„' | '«' | '»' => out.push('"'),
            '\u{200B}'..='\u{200F}' | '\u{FEFF}' | '\u{AD}' => {}
            c if c.is_ascii() => out.push(c.to_ascii_lowercase()),
            c if is_barred_latin(c) => {
                out.extend(any_ascii::any_ascii_char(c).chars().map(|c| c.to_ascii_lowercase()));
            }
            c => {
                let lower = c.to_lowercase().filter(|c| !is_optional_mark(*c));
                out.extend(lower.map(|c| if c == 'ς' { 'σ' } else { c }));
            }
        }
    }
    Cow::Owned(if out.is_ascii() { out } else { out.nfc().collect() })
}

/// The same for ASCII alone, which most names and texts are.
fn fold_ascii(text: &str) -> Cow<'_, str> {
    let changes = any_byte(text, |b| b.is_ascii_uppercase() || b.is_ascii_control() || b == b'`');
    if !changes && !has_double_blank(text) && !text.starts_with(' ') && !text.ends_with(' ') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut blank = false;
    for b in text.bytes() {
        if b == b' ' || b.is_ascii_control() {
            blank = !out.is_empty();
            continue;
        }
        if std::mem::take(&mut blank) {
            out.push(' ');
        }
        out.push(if b == b'`' { '\'' } else { char::from(b.to_ascii_lowercase()) });
    }
    Cow::Owned(out)
}

/// Whether any byte of a text is so. Every byte is looked at, whatever was found before: so many are looked at in one step.
fn any_byte(text: &str, is_so: impl Fn(u8) -> bool) -> bool {
    text.bytes().fold(0, |found, byte| found | u8::from(is_so(byte))) != 0
}

/// Whether two blanks stand one behind the other. In one step as well.
fn has_double_blank(text: &str) -> bool {
    let bytes = text.as_bytes();
    let pairs = bytes.iter().zip(bytes.get(1..).unwrap_or(&[]));
    pairs.fold(0, |found, (a, b)| found | u8::from(*a == b' ') & u8::from(*b == b' ')) != 0
}

/// Whether a text folds to this, which is folded. What cannot is mostly told without folding it.
pub fn folds_to(text: &str, folded: &str) -> bool {
    if text == folded {
        return true;
    }
    if text.is_ascii() {
        // Letters and digits keep their order; only their case changes.
        let letters = text.bytes().filter(u8::is_ascii_alphanumeric).map(|b| b.to_ascii_lowercase());
        return letters.eq(folded.bytes().filter(u8::is_ascii_alphanumeric)) && fold_ascii(text) == folded;
    }
    // Letters of other scripts than Latin stay what they are.
    let is_foreign =
        |c: char| matches!(c, '\u{386}'..='\u{1CFF}') && c.is_alphabetic() && !is_optional_mark(c);
    !(folded.is_ascii() && text.chars().any(is_foreign)) && fold(text) == folded
}

/// The Latin shape of a folded name, by which a question in one script may find a name in another.
pub fn script_key(folded: &str) -> String {
    any_ascii::any_ascii(folded)
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

/// Whether a phrase in brackets describes a source instead of naming it: an article in front, or a lower-case plural at the
/// end. `a White House official`, `Russian military commanders`; not `New York Times`, not `Trump administration`.
pub fn is_unnamed(phrase: &str) -> bool {
    let mut words = phrase.split_whitespace();
    let Some(first) = words.next() else { return false };
    let Some(last) = words.next_back() else {
        return is_plural(first);
    };
    matches!(first, "a" | "an" | "A" | "An" | "some" | "Some" | "several" | "Several") || is_plural(last)
}

/// Whether an unnamed phrase speaks of one or of several.
pub fn is_plural(word: &str) -> bool {
    let lower_case = word.starts_with(|c: char| c.is_lowercase());
    lower_case
        && (word == "people"
            || word.len() > 3 && word.ends_with('s') && !word.ends_with("ss") && !word.ends_with("us"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_to_be_folded_is_seen_at_every_place() {
        for (length, at) in (2..50).flat_map(|length| (0..length - 1).map(move |at| (length, at))) {
            let plain = "a".repeat(length);
            assert_eq!(fold(&plain), plain);
            let with = |part: &str| [&plain[..at], part, &plain[at + 2..]].concat();
            assert_eq!((fold(&with("Ab")), fold(&with("bA"))), (with("ab").into(), with("ba").into()));
            assert_eq!(fold(&with("  ")), with(" ").trim());
        }
    }

    #[test]
    fn folds_what_is_one_name() {
        for (a, b) in [
            ("Müller", "MU\u{308}LLER"),
            ("Wałęsa", "walesa"),
            ("Strauß", "STRAUSS"),
            ("Володимир  Зеленський", "володимир зеленськии"),
            ("ΟΔΥΣΣΕΥΣ", "Οδυσσεύς"),
            ("مُحَمَّد", "محمد"),
            ("O’Brien", "O'Brien"),
            (" a\u{a0}b ", "a b"),
            ("Ｆｕｌｌ", "full"),
        ] {
            assert_eq!(fold(a), fold(b), "{a} {b}");
        }
    }

    #[test]
    fn keeps_apart_what_is_not() {
        for (a, b) in [("Mueller", "Müller"), ("कि", "कु"), ("は", "ば"), ("Putin", "Путин"), ("ab", "a b")]
        {
            assert_ne!(fold(a), fold(b), "{a} {b}");
        }
        assert_eq!(script_key(&fold("Покровск")), script_key(&fold("Pokrovsk")));
    }

    #[test]
    fn folding_twice_changes_nothing() {
        for text in ["Ünï ÇØDÉ", "ab", "", " x ", "Straße", "İstanbul", "ﬁn", "がぎ"] {
            let once = fold(text).into_owned();
            assert_eq!(fold(&once), once);
        }
    }

    #[test]
    fn what_folds_to_something_is_told_without_folding() {
        let mut texts: Vec<String> = [
            "Kyiv",
            "KYIV",
            "Ky iv",
            " Kyiv ",
            "Київ",
            "O`Brien",
            "o'brien",
            "Ｆｕｌｌ",
            "full",
            "",
            "-",
            "`",
            "a\u{5b0}",
            "a",
        ]
        .map(String::from)
        .into();
        // Every letter there is, alone and behind another.
        for c in (0..=0x2_FFFF).filter_map(char::from_u32) {
            assert!(folds_to(&c.to_string(), &fold(&c.to_string())), "{c:?}");
            let behind = format!("Ab {c}");
            assert!(folds_to(&behind, &fold(&behind)), "{c:?}");
        }
        texts.extend(texts.clone().iter().map(|text| fold(text).into_owned()));
        for (a, b) in texts.iter().flat_map(|a| texts.iter().map(move |b| (a, b))) {
            assert_eq!(folds_to(a, &fold(b)), fold(a) == fold(b), "{a:?} {b:?}");
        }
    }

    #[test]
    fn tells_descriptions_from_names() {
        for phrase in
            ["a White House official", "Russian military commanders", "American officials", "officials"]
        {
            assert!(is_unnamed(phrase), "{phrase}");
        }
        for phrase in
            ["New York Times", "Trump administration", "war in Ukraine", "Bank of America", "status"]
        {
            assert!(!is_unnamed(phrase), "{phrase}");
        }
    }
}
