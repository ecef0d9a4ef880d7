//! Dates in the forms that tables have: `DD/MM/YYYY`, `D. MMMM YYYY hh:mm`. What is read is written as ISO 8601; whether such a day exists
//! is decided where times are read.

use crate::syntax::ast::DateUnit;

/// A form of dates, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Form(Vec<Piece>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    /// Digits of a part: at least, at most.
    Digits(Part, usize, usize),
    /// The English name of a month, whole or its first three letters.
    MonthName,
    /// This character.
    Plain(char),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Year,
    Month,
    Day,
    Hour,
    Minute,
    Second,
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

impl Form {
    /// Takes a form apart; an error says what is wrong with it.
    pub(super) fn parse(text: &str) -> Result<Form, &'static str> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            let run = rest.chars().take_while(|next| *next == c).count();
            let piece = match (c, run) {
                ('Y', 4) => Piece::Digits(Part::Year, 4, 4),
                ('Y', 2) => Piece::Digits(Part::Year, 2, 2),
                ('M', 4 | 3) => Piece::MonthName,
                ('M', 2) => Piece::Digits(Part::Month, 2, 2),
                ('M', 1) => Piece::Digits(Part::Month, 1, 2),
                ('D', 2) => Piece::Digits(Part::Day, 2, 2),
                ('D', 1) => Piece::Digits(Part::Day, 1, 2),
                ('h', 2) => Piece::Digits(Part::Hour, 2, 2),
                ('h', 1) => Piece::Digits(Part::Hour, 1, 2),
                ('m', 2) => Piece::Digits(Part::Minute, 2, 2),
                ('s', 2) => Piece::Digits(Part::Second, 2, 2),
                ('Y' | 'M' | 'D' | 'h' | 'm' | 's', _) => {
                    return Err("its letters are YYYY YY MMMM MMM MM M DD D hh h mm ss");
                }
                _ => {
                    rest = rest.get(c.len_utf8()..).unwrap_or("");
                    pieces.push(Piece::Plain(c));
                    continue;
                }
            };
            rest = rest.get(run..).unwrap_or("");
            pieces.push(piece);
        }
        let count = |part: Part| {
            let is = |piece: &&Piece| match piece {
                Piece::Digits(own, ..) => *own == part,
                Piece::MonthName => part == Part::Month,
                Piece::Plain(_) => false,
            };
            pieces.iter().filter(is).count()
        };
        let order = [Part::Year, Part::Month, Part::Day, Part::Hour, Part::Minute, Part::Second];
        if order.iter().any(|part| count(*part) > 1) {
            return Err("it has a part twice");
        }
        // A day without its month, or an hour without its day, is no time.
        let known = order.iter().take_while(|part| count(**part) == 1).count();
        if known == 0 || order.iter().skip(known).any(|part| count(*part) > 0) {
            return Err("it needs a year, before a day a month, before an hour a day");
        }
        if known == 4 {
            return Err("an hour needs its minutes");
        }
        Ok(Form(pieces))
    }

    /// A date in this form, as ISO 8601; nothing where it is in another.
    pub(super) fn read(&self, text: &str) -> Option<String> {
        let mut values: [Option<u32>; 6] = [None; 6];
        let mut rest = text;
        for piece in &self.0 {
            match piece {
                Piece::Plain(c) if c.is_whitespace() => {
                    let behind = rest.trim_start();
                    if behind.len() == rest.len() {
                        return None;
                    }
                    rest = behind;
                }
                Piece::Plain(c) => rest = rest.strip_prefix(*c)?,
                Piece::MonthName => {
                    let length = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
                    let word = rest.get(..length)?.to_ascii_lowercase();
                    let is = |name: &str| name == word || word.len() >= 3 && name.starts_with(&word);
                    let month = MONTHS.iter().position(|name| is(name))?;
                    *values.get_mut(Part::Month as usize)? = Some(month as u32 + 1);
                    rest = rest.get(length..)?;
                }
                Piece::Digits(part, least, most) => {
                    let length = rest.bytes().take(*most).take_while(u8::is_ascii_digit).count();
                    if length < *least {
                        return None;
                    }
                    let mut value: u32 = rest.get(..length)?.parse().ok()?;
                    if *part == Part::Year && *most == 2 {
                        // As in POSIX: 69 to 99 are of the twentieth century.
                        value += if value < 69 { 2000 } else { 1900 };
                    }
                    *values.get_mut(*part as usize)? = Some(value);
                    rest = rest.get(length..)?;
                }
            }
        }
        if !rest.is_empty() {
            return None;
        }
        let [year, month, day, hour, minute, second] = values;
        let mut iso = format!("{:04}", year?);
        for (mark, value) in [('-', month), ('-', day), ('T', hour), (':', minute), (':', second)] {
            let Some(value) = value else { break };
            iso.push(mark);
            iso.push_str(&format!("{value:02}"));
        }
        Some(iso)
    }
}

/// As much of an ISO 8601 date as counts; less where less is given.
pub(super) fn cut(iso: &str, unit: DateUnit) -> &str {
    let most = match unit {
        DateUnit::Given => iso.len(),
        DateUnit::Day => 10,
        DateUnit::Month => 7,
        DateUnit::Year => 4,
    };
    iso.get(..most).unwrap_or(iso)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_read() {
        for (form, text, iso) in [
            ("DD/MM/YYYY", "01/12/2025", Some("2025-12-01")),
            ("D/M/YYYY", "1/12/2025", Some("2025-12-01")),
            ("MM/DD/YY", "12/01/99", Some("1999-12-01")),
            ("D. MMMM YYYY", "3. March 2024", Some("2024-03-03")),
            ("MMM D, YYYY hh:mm", "Sep 3, 2024 08:15", Some("2024-09-03T08:15")),
            ("YYYYMMDD", "20240131", Some("2024-01-31")),
            ("YYYY年M月D日", "2024年1月31日", Some("2024-01-31")),
            ("MM.YYYY", "05.2020", Some("2020-05")),
            ("DD/MM/YYYY", "1/12/2025", None),
            ("DD/MM/YYYY", "01/12/2025 ", None),
            ("DD/MM/YYYY", "01-12-2025", None),
            ("D MMM YYYY", "3 Ma 2024", None),
        ] {
            assert_eq!(Form::parse(form).unwrap().read(text).as_deref(), iso, "{form} {text}");
        }
    }

    #[test]
    fn forms_that_are_none_are_refused() {
        for form in ["", "DD/MM", "YYYYY", "DD YYYY", "YYYY-MM-DD hh", "YYYY YY", "mm", "YYYY hh:mm"] {
            assert!(Form::parse(form).is_err(), "{form}");
        }
    }
}
