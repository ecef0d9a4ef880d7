//! Fuzzy times: intervals of seconds on the UTC line, read from and written as ISO 8601. It knows no clock: what *today*
//! is, the caller says.

use jiff::Span;
use jiff::civil::Date;

/// An interval of time: from `from` up to and without `to`, in seconds since 1970-01-01T00:00Z. An end that is not known
/// is [`Time::OPEN_START`] or [`Time::OPEN_END`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time {
    /// The first second that may be meant.
    pub from: i64,
    /// The second after the last that may be meant.
    pub to: i64,
}

/// The answer to a comparison of intervals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Truth {
    /// Whatever moments are meant.
    Certain,
    /// For some moments that may be meant and not for others.
    Possible,
    /// For none.
    Never,
}

/// Why a text is no time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TimeError {
    /// Not of the form 2025, 2025-12, 2025-12-01 or 2025-12-01T14:30Z.
    #[error("not a date: write 2025-12-01, 2025-12 or 2025")]
    Form,
    /// A month, day or hour that no calendar has.
    #[error("no such day or hour in the calendar")]
    NoSuchDay,
    /// The end lies before the start.
    #[error("the interval ends before it starts")]
    Backwards,
    /// An interval that is open at both ends.
    #[error("open at both ends, which says nothing: give a beginning or an end")]
    Open,
}

const DAY: i64 = 86_400;

fn day_start(date: Date) -> i64 {
    let epoch = Date::constant(1970, 1, 1);
    date.since((jiff::Unit::Day, epoch)).map_or(0, |span| i64::from(span.get_days()) * DAY)
}

/// The day of a second; nothing beyond the calendar, as a file may say that was made on purpose.
fn date_of(second: i64) -> Option<Date> {
    let days = Span::new().try_days(second.div_euclid(DAY)).ok()?;
    Date::constant(1970, 1, 1).checked_add(days).ok()
}

/// A number of exactly so many digits.
fn digits<T: std::str::FromStr>(text: Option<&str>, count: usize) -> Result<T, TimeError> {
    let text = text.filter(|text| text.len() == count && text.bytes().all(|b| b.is_ascii_digit()));
    text.and_then(|text| text.parse().ok()).ok_or(TimeError::Form)
}

/// The first second of year 0 and the second after the last of year 9999: a time is written with four digits for its year.
const YEARS: (i64, i64) = (-62_167_219_200, 253_402_300_800);

impl Time {
    /// An unknown beginning.
    pub const OPEN_START: i64 = i64::MIN;
    /// An unknown end.
    pub const OPEN_END: i64 = i64::MAX;

    /// The interval that an ISO 8601 year, month, day, minute or second names: `2025`, `2025-12`, `2025-12-01`,
    /// `2025-12-01T14:30Z`, `2025-12-01T14:30:00+02:00`, also with a blank for the `T`. A moment without a zone is read as UTC.
    pub fn parse(text: &str) -> Result<Time, TimeError> {
        if !text.is_ascii() || text.len() < 4 {
            return Err(TimeError::Form);
        }
        if text.len() > 10 {
            return Time::parse_moment(text);
        }
        let is_dash = |at: usize| text.as_bytes().get(at).is_none_or(|b| *b == b'-');
        if !matches!(text.len(), 4 | 7 | 10) || !is_dash(4) || !is_dash(7) {
            return Err(TimeError::Form);
        }
        let year: i16 = digits(text.get(..4), 4)?;
        let month: Option<i8> = text.get(5..7).map(|part| digits(Some(part), 2)).transpose()?;
        let day: Option<i8> = text.get(8..10).map(|part| digits(Some(part), 2)).transpose()?;
        let date = |month, day| Date::new(year, month, day).map_err(|_| TimeError::NoSuchDay);
        let first = date(month.unwrap_or(1), day.unwrap_or(1))?;
        let last = match (month, day) {
            (None, _) => date(12, 31)?,
            (Some(_), None) => first.last_of_month(),
            (Some(_), Some(_)) => first,
        };
        let from = day_start(first);
        Ok(Time { from, to: if last == first { from } else { day_start(last) } + DAY })
    }

    fn parse_moment(text: &str) -> Result<Time, TimeError> {
        let (date, clock) = (text.get(..10).ok_or(TimeError::Form)?, text.get(11..).ok_or(TimeError::Form)?);
        if !matches!(text.as_bytes().get(10), Some(b'T' | b't' | b' ')) {
            return Err(TimeError::Form);
        }
        let day = Time::parse(date)?;
        let (clock, offset) = match clock.find(['Z', 'z', '+', '-']) {
            Some(at) => {
                let (clock, zone) = clock.split_at(at);
                (clock, Time::parse_offset(zone)?)
            }
            None => (clock, 0),
        };
        let mut parts = clock.split(':');
        let hour: i64 = digits(parts.next(), 2)?;
        let minute: i64 = digits(parts.next(), 2)?;
        let (second, length): (i64, i64) =
            match parts.next().map(|part| part.split_once('.').unwrap_or((part, "0"))) {
                // Fractions of a second are finer than any claim is dated.
                Some((whole, fraction)) => {
                    digits::<f64>(Some(fraction), fraction.len().max(1))?;
                    (digits(Some(whole), 2)?, 1)
                }
                None => (0, 60),
            };
        if parts.next().is_some() {
            return Err(TimeError::Form);
        }
        if hour > 23 || minute > 59 || second > 59 {
            return Err(TimeError::NoSuchDay);
        }
        let from = day.from + hour * 3600 + minute * 60 + second - offset;
        // Its zone may have taken it out of the years that can be written.
        if from < YEARS.0 || from + length > YEARS.1 {
            return Err(TimeError::NoSuchDay);
        }
        Ok(Time { from, to: from + length })
    }

    fn parse_offset(zone: &str) -> Result<i64, TimeError> {
        if zone.eq_ignore_ascii_case("z") {
            return Ok(0);
        }
        let sign = if zone.starts_with('-') { -1 } else { 1 };
        let rest = zone.get(1..).ok_or(TimeError::Form)?;
        let (hours, minutes) = match rest.len() {
            2 => (rest, "00"),
            4 => rest.split_at(2),
            5 if rest.as_bytes().get(2) == Some(&b':') => (&rest[..2], &rest[3..]),
            _ => return Err(TimeError::Form),
        };
        let (hours, minutes): (i64, i64) = (digits(Some(hours), 2)?, digits(Some(minutes), 2)?);
        if hours > 18 || minutes > 59 {
            return Err(TimeError::NoSuchDay);
        }
        Ok(sign * (hours * 3600 + minutes * 60))
    }

    /// From the start of `first` to the end of `last`; nothing stands for an open end, and one of the two is given.
    pub fn range(first: Option<Time>, last: Option<Time>) -> Result<Time, TimeError> {
        if first.is_none() && last.is_none() {
            return Err(TimeError::Open);
        }
        let time = Time {
            from: first.map_or(Time::OPEN_START, |t| t.from),
            to: last.map_or(Time::OPEN_END, |t| t.to),
        };
        if time.from < time.to { Ok(time) } else { Err(TimeError::Backwards) }
    }

    /// Reads a range `a..b`, `a..`, `..b`, or a single time: the inverse of `Display`.
    pub fn parse_any(text: &str) -> Result<Time, TimeError> {
        // Most have no dot at all, which is told sooner.
        match text.contains('.').then(|| text.split_once("..")).flatten() {
            None => Time::parse(text),
            Some((first, last)) => {
                let part = |t: &str| if t.is_empty() { Ok(None) } else { Time::parse(t).map(Some) };
                Time::range(part(first)?, part(last)?)
            }
        }
    }

    /// The day that a second lies on.
    pub fn day_of(second: i64) -> Time {
        // A damaged file may name any second.
        let from = second.div_euclid(DAY).saturating_mul(DAY);
        Time { from, to: from.saturating_add(DAY) }
    }

    /// Whether every moment that `self` may mean lies within `other`.
    pub fn within(&self, other: &Time) -> Truth {
        if self.from >= other.from && self.to <= other.to {
            Truth::Certain
        } else if self.from < other.to && other.from < self.to {
            Truth::Possible
        } else {
            Truth::Never
        }
    }

    /// Whether `self` lies wholly before the start of `other`.
    pub fn before(&self, other: &Time) -> Truth {
        if self.to <= other.from {
            Truth::Certain
        } else if self.from < other.from {
            Truth::Possible
        } else {
            Truth::Never
        }
    }

    /// Whether `self` lies wholly after the end of `other`.
    pub fn after(&self, other: &Time) -> Truth {
        if self.from >= other.to {
            Truth::Certain
        } else if self.to > other.to {
            Truth::Possible
        } else {
            Truth::Never
        }
    }

    /// Whether the two may mean the same moment.
    pub fn overlaps(&self, other: &Time) -> bool {
        self.from < other.to && other.from < self.to
    }

    /// The day that this is, as it is written: most times are one, and many are shown.
    fn one_day(&self) -> Option<[u8; 10]> {
        if self.from.rem_euclid(DAY) != 0 || self.to.checked_sub(self.from) != Some(DAY) {
            return None;
        }
        let date = date_of(self.from)?;
        let year = u16::try_from(date.year()).ok()?;
        let (month, day) = (date.month() as u16, date.day() as u16);
        let digit = |number: u16| b'0' + (number % 10) as u8;
        let [thousands, hundreds, tens] = [year / 1000, year / 100, year / 10].map(digit);
        let month = [digit(month / 10), digit(month)];
        let day = [digit(day / 10), digit(day)];
        Some([thousands, hundreds, tens, digit(year), b'-', month[0], month[1], b'-', day[0], day[1]])
    }

    /// The single year, month, day, minute or second that this is, as it is written.
    fn single(&self) -> Option<String> {
        let first = date_of(self.from)?;
        let from_midnight = self.from.rem_euclid(DAY) == 0;
        let ends = |last: Date| from_midnight && self.to == day_start(last) + DAY;
        if ends(first) {
            return Some(first.to_string());
        }
        if first.day() == 1 && ends(first.last_of_month()) {
            return Some(format!("{:04}-{:02}", first.year(), first.month()));
        }
        if first.day_of_year() == 1 && ends(first.last_of_year()) {
            return Some(format!("{:04}", first.year()));
        }
        match self.to.checked_sub(self.from)? {
            60 if self.from.rem_euclid(60) == 0 => Some(moment(self.from, false)),
            1 => Some(moment(self.from, true)),
            _ => None,
        }
    }
}

/// A moment to its minute or to its second.
fn moment(second: i64, to_the_second: bool) -> String {
    let Some(date) = date_of(second) else { return "?".into() };
    let of_day = second.rem_euclid(DAY);
    let (h, m, s) = (of_day / 3600, of_day / 60 % 60, of_day % 60);
    if to_the_second { format!("{date}T{h:02}:{m:02}:{s:02}Z") } else { format!("{date}T{h:02}:{m:02}Z") }
}

/// ISO 8601: the shortest form that names the interval, `a..b` (both days included) where no single one does.
impl std::fmt::Display for Time {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(day) = self.one_day() {
            return f.write_str(std::str::from_utf8(&day).unwrap_or("?"));
        }
        if let Some(single) = self.single() {
            return f.write_str(&single);
        }
        let day = |second| date_of(second).map_or_else(|| "?".into(), |date| date.to_string());
        if self.from != Time::OPEN_START {
            f.write_str(&match self.from {
                from if from.rem_euclid(DAY) == 0 => day(from),
                from => moment(from, from.rem_euclid(60) != 0),
            })?;
        }
        f.write_str("..")?;
        if self.to != Time::OPEN_END {
            // A range names its last day, or its last minute or second.
            f.write_str(&match self.to {
                to if to.rem_euclid(DAY) == 0 => day(to.saturating_sub(DAY)),
                to if to.rem_euclid(60) == 0 => moment(to.saturating_sub(60), false),
                to => moment(to.saturating_sub(1), true),
            })?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What is nearly a time, or one: numbers of any length, at the edges of the calendar, with any zone.
    fn nearly() -> impl Strategy<Value = String> {
        let year =
            prop_oneof![Just("2025"), Just("0000"), Just("9999"), Just("1969"), Just("025"), Just("20255")];
        let two = prop_oneof![
            4 => (0..=12u8).prop_map(|n| format!("{n:02}")),
            2 => (0..=99u8).prop_map(|n| format!("{n:02}")),
            1 => "[0-9]{0,3}",
        ];
        let zone =
            prop_oneof![Just(String::new()), Just("Z".into()), "[+-]([01][0-9]:?[0-5][0-9]|[01][0-9])"];
        let second = prop_oneof![Just(String::new()), ":(00|59|[0-5][0-9])(\\.[0-9]{0,3})?"];
        let clock = (prop_oneof![Just("00"), Just("23"), Just("12")], "00|59|[0-5][0-9]", second, zone)
            .prop_map(|(hour, minute, second, zone)| format!("T{hour}:{minute}{second}{zone}"));
        let clock = prop_oneof![Just(String::new()), clock];
        (year, proptest::collection::vec(two, 0..=3), clock).prop_map(|(year, parts, clock)| {
            format!("{}{clock}", [&[year.to_string()], &parts[..]].concat().join("-"))
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        #[test]
        fn whatever_is_read_is_written_and_read_as_the_same(a in nearly(), b in nearly(), way in 0..4u8) {
            let text = match way {
                0 => a,
                1 => format!("{a}..{b}"),
                2 => format!("{a}.."),
                _ => format!("..{b}"),
            };
            if let Ok(time) = Time::parse_any(&text) {
                prop_assert_eq!(Time::parse_any(&time.to_string()), Ok(time), "{} is written {}", text, time);
            }
        }

        #[test]
        fn random_text_is_read_or_refused(text in "[-0-9T:.Z+]{0,30}") {
            if let Ok(time) = Time::parse_any(&text) {
                prop_assert_eq!(Time::parse_any(&time.to_string()), Ok(time), "{} is written {}", text, time);
            }
        }
    }

    #[test]
    fn reads_and_writes_the_same() {
        for text in [
            "2025",
            "2025-12",
            "2025-12-01",
            "1850-02-28",
            "2025-12-01T14:30Z",
            "2025-12-01T00:00Z",
            "2025-12-01T14:30:05Z",
            "2025-11-24..2025-11-30",
            "2025-11-24..",
            "..2025-11-30",
            "2025-12-01T10:00Z..2025-12-02T00:00Z",
            "2025-12-01T10:00:30Z..2025-12-01T11:00:00Z",
            "9999",
            "9999-12",
            "9999-12-31",
            "9999-12-31T23:59:59Z",
            "0000-01-01..9999-12-31",
        ] {
            assert_eq!(Time::parse_any(text).map(|t| t.to_string()), Ok(text.to_string()));
        }
    }

    #[test]
    fn zones_are_taken_off() {
        assert_eq!(Time::parse("2025-12-01T14:30:00+02:00"), Time::parse("2025-12-01T12:30:00Z"));
        assert_eq!(Time::parse("2025-12-01 14:30"), Time::parse("2025-12-01T14:30Z"));
    }

    #[test]
    fn refuses_what_no_calendar_has() {
        assert_eq!(Time::parse("2025-02-30"), Err(TimeError::NoSuchDay));
        assert_eq!(Time::parse("2025-13"), Err(TimeError::NoSuchDay));
        assert_eq!(Time::parse("12/01/2025"), Err(TimeError::Form));
        assert_eq!(Time::parse("2025-12-01T25:00Z"), Err(TimeError::NoSuchDay));
        assert_eq!(Time::parse_any("2025..2024"), Err(TimeError::Backwards));
        assert_eq!(Time::parse("9999-12-31T23:59-01:00"), Err(TimeError::NoSuchDay));
    }

    #[test]
    fn refuses_what_is_written_in_another_way() {
        for text in [
            "2025-001-1",
            "2025-1-001",
            "2025-1-01",
            "02025-1-1",
            "2025-12-1",
            "2025-",
            "2025-12-",
            "2025-12-01-",
        ] {
            assert_eq!(Time::parse(text), Err(TimeError::Form), "{text}");
        }
        for text in [
            "2025-12-01T10:00:05.Z",
            "2025-12-01T10:00:05.xZ",
            "2025-12-01T1:00Z",
            "2025-12-01T10:00+2",
            "T10:00Z",
        ] {
            assert_eq!(Time::parse(text), Err(TimeError::Form), "{text}");
        }
        assert_eq!(Time::parse_any(".."), Err(TimeError::Open));
    }

    #[test]
    fn comparison_has_three_answers() {
        let month = Time::parse("2025-11").unwrap();
        let day = Time::parse("2025-11-15").unwrap();
        assert_eq!(day.within(&month), Truth::Certain);
        assert_eq!(month.within(&day), Truth::Possible);
        assert_eq!(Time::parse("2025-12").unwrap().within(&month), Truth::Never);
        assert_eq!(month.before(&Time::parse("2025-12-01").unwrap()), Truth::Certain);
        assert_eq!(month.before(&day), Truth::Possible);
        assert_eq!(month.after(&day), Truth::Possible);
    }
}
