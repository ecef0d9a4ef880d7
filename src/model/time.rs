//! Fuzzy times: intervals of seconds on the UTC line, read from and written as ISO 8601. It knows no clock: what *today*
//! is, the caller says.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};

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
}

const DAY: i64 = 86_400;

fn day_start(date: Date) -> i64 {
    let epoch = Date::constant(1970, 1, 1);
    date.since((jiff::Unit::Day, epoch)).map_or(0, |span| i64::from(span.get_days()) * DAY)
}

fn date_of(second: i64) -> Option<Date> {
    let days = i32::try_from(second.div_euclid(DAY)).ok()?;
    Date::constant(1970, 1, 1).checked_add(days.days()).ok()
}

fn digits<T: std::str::FromStr>(text: Option<&str>) -> Result<T, TimeError> {
    let text = text.ok_or(TimeError::Form)?;
    if text.bytes().all(|b| b.is_ascii_digit()) {
        text.parse().map_err(|_| TimeError::Form)
    } else {
        Err(TimeError::Form)
    }
}

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
        let mut parts = text.split('-');
        let year: i16 =
            parts.next().filter(|y| y.len() == 4).map_or(Err(TimeError::Form), |y| digits(Some(y)))?;
        let (first, next) = match (text.len(), parts.next(), parts.next()) {
            (4, None, None) => {
                let first = Date::new(year, 1, 1).map_err(|_| TimeError::NoSuchDay)?;
                (first, first.checked_add(1.year()))
            }
            (7, Some(month), None) => {
                let first = Date::new(year, digits(Some(month))?, 1).map_err(|_| TimeError::NoSuchDay)?;
                (first, first.checked_add(1.month()))
            }
            (10, Some(month), Some(day)) => {
                let first = Date::new(year, digits(Some(month))?, digits(Some(day))?)
                    .map_err(|_| TimeError::NoSuchDay)?;
                (first, first.checked_add(1.day()))
            }
            _ => return Err(TimeError::Form),
        };
        let to = next.map_or(Time::OPEN_END, day_start);
        Ok(Time { from: day_start(first), to })
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
        let hour: i64 = digits(parts.next().filter(|p| p.len() == 2))?;
        let minute: i64 = digits(parts.next().filter(|p| p.len() == 2))?;
        let (second, length): (i64, i64) = match parts.next() {
            // Fractions of a second are finer than any claim is dated.
            Some(s) => (digits(s.split('.').next().filter(|p| p.len() == 2))?, 1),
            None => (0, 60),
        };
        if parts.next().is_some() {
            return Err(TimeError::Form);
        }
        if hour > 23 || minute > 59 || second > 59 {
            return Err(TimeError::NoSuchDay);
        }
        let from = day.from + hour * 3600 + minute * 60 + second - offset;
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
        let (hours, minutes): (i64, i64) = (digits(Some(hours))?, digits(Some(minutes))?);
        if hours > 18 || minutes > 59 {
            return Err(TimeError::NoSuchDay);
        }
        Ok(sign * (hours * 3600 + minutes * 60))
    }

    /// From the start of `first` to the end of `last`; nothing stands for an open end.
    pub fn range(first: Option<Time>, last: Option<Time>) -> Result<Time, TimeError> {
        let time = Time {
            from: first.map_or(Time::OPEN_START, |t| t.from),
            to: last.map_or(Time::OPEN_END, |t| t.to),
        };
        if time.from < time.to { Ok(time) } else { Err(TimeError::Backwards) }
    }

    /// Reads a range `a..b`, `a..`, `..b`, or a single time: the inverse of `Display`.
    pub fn parse_any(text: &str) -> Result<Time, TimeError> {
        match text.split_once("..") {
            None => Time::parse(text),
            Some((first, last)) => {
                let part = |t: &str| if t.is_empty() { Ok(None) } else { Time::parse(t).map(Some) };
                Time::range(part(first)?, part(last)?)
            }
        }
    }

    /// The day that a second lies on.
    pub fn day_of(second: i64) -> Time {
        let from = second.div_euclid(DAY) * DAY;
        Time { from, to: from + DAY }
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

    fn is_whole(&self, step: impl Fn(Date) -> Option<Date>, first: impl Fn(Date) -> bool) -> bool {
        self.from.rem_euclid(DAY) == 0
            && date_of(self.from).is_some_and(|d| first(d) && step(d).map(day_start) == Some(self.to))
    }
}

fn write_point(second: i64, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
    match date_of(second) {
        Some(date) if second.rem_euclid(DAY) == 0 => write!(f, "{date}"),
        _ => write_moment(second, f),
    }
}

fn write_moment(second: i64, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
    match Timestamp::from_second(second) {
        Ok(moment) => {
            let moment = moment.to_zoned(jiff::tz::TimeZone::UTC).datetime();
            let (h, m, s) = (moment.hour(), moment.minute(), moment.second());
            write!(f, "{}T{h:02}:{m:02}", moment.date())?;
            if s != 0 {
                write!(f, ":{s:02}")?;
            }
            f.write_str("Z")
        }
        Err(_) => f.write_str("?"),
    }
}

/// ISO 8601: the shortest form that names the interval, `a..b` (both days included) where no single one does.
impl std::fmt::Display for Time {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (open_start, open_end) = (self.from == Time::OPEN_START, self.to == Time::OPEN_END);
        if !open_start && !open_end {
            let date = date_of(self.from);
            if self.is_whole(|d| d.checked_add(1.day()).ok(), |_| true) {
                return write_point(self.from, f);
            }
            if let Some(date) = date {
                if self.is_whole(|d| d.checked_add(1.month()).ok(), |d| d.day() == 1) {
                    return write!(f, "{:04}-{:02}", date.year(), date.month());
                }
                if self.is_whole(|d| d.checked_add(1.year()).ok(), |d| d.day() == 1 && d.month() == 1) {
                    return write!(f, "{:04}", date.year());
                }
            }
            if self.to - self.from == 60 && self.from.rem_euclid(60) == 0 && self.from.rem_euclid(DAY) != 0 {
                return write_point(self.from, f);
            }
            if self.to - self.from == 1 {
                let moment = Timestamp::from_second(self.from).map_err(|_| std::fmt::Error)?;
                return write!(f, "{moment}");
            }
            if self.to - self.from == 60 && self.from.rem_euclid(60) == 0 {
                return match date {
                    Some(date) => write!(f, "{date}T00:00Z"),
                    None => f.write_str("?"),
                };
            }
        }
        if !open_start {
            write_point(self.from, f)?;
        }
        f.write_str("..")?;
        if !open_end {
            // A range names its last day, or its last minute or second.
            if self.to.rem_euclid(DAY) == 0 {
                write_point(self.to.saturating_sub(DAY), f)?;
            } else if self.to.rem_euclid(60) == 0 {
                write_moment(self.to.saturating_sub(60), f)?;
            } else {
                write_moment(self.to.saturating_sub(1), f)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
