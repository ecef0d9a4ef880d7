//! Figures: what was counted, its bound and its unit. Bounds are intervals of numbers, open or closed at each end.

use super::StringId;

/// The greatest whole number up to which all are kept.
const MOST: f64 = 9_007_199_254_740_992.0;

/// The number that a text is, where it can be kept as written: it lies within 2 to the power of 53 and is the shortest decimal form of its
/// floating point number, but for zeros at its ends and the place of its exponent. So it prints as what it is.
pub fn exact(text: &str) -> Option<f64> {
    let value: f64 = text.parse().ok()?;
    let kept = value.abs() <= MOST && decimal(text)? == decimal(&format!("{value:e}"))?;
    // There is one zero.
    kept.then_some(value + 0.0)
}

/// Sign, digits from the first to the last that is no zero, and the power of ten of the last.
fn decimal(text: &str) -> Option<(bool, Vec<u8>, i64)> {
    let (number, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let all = whole.bytes().chain(fraction.bytes()).filter(u8::is_ascii_digit);
    let mut digits: Vec<u8> = all.skip_while(|digit| *digit == b'0').collect();
    let zeros = digits.iter().rev().take_while(|digit| **digit == b'0').count();
    digits.truncate(digits.len() - zeros);
    if digits.is_empty() {
        return Some((false, digits, 0));
    }
    let power = exponent
        .parse::<i64>()
        .ok()?
        .checked_sub_unsigned(fraction.len() as u64)?
        .checked_add_unsigned(zeros as u64)?;
    Some((text.starts_with('-'), digits, power))
}

/// How a figure is bound.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bound {
    /// Least value; minus infinity where open.
    pub low: f64,
    /// Greatest value; infinity where open.
    pub high: f64,
    /// Whether `low` itself is excluded.
    pub low_open: bool,
    /// Whether `high` itself is excluded.
    pub high_open: bool,
    /// Whether the source said *about*.
    pub about: bool,
}

impl Bound {
    /// Exactly `value`.
    pub const fn exactly(value: f64) -> Bound {
        Bound { low: value, high: value, low_open: false, high_open: false, about: false }
    }

    /// About `value`: an exact bound that is never treated as exact.
    pub const fn about(value: f64) -> Bound {
        Bound { about: true, ..Bound::exactly(value) }
    }

    /// More than `value`, or at least it.
    pub const fn above(value: f64, open: bool) -> Bound {
        Bound { low: value, high: f64::INFINITY, low_open: open, high_open: true, about: false }
    }

    /// Less than `value`, or at most it.
    pub const fn below(value: f64, open: bool) -> Bound {
        Bound { low: f64::NEG_INFINITY, high: value, low_open: true, high_open: open, about: false }
    }

    /// From `low` to `high`, both included.
    pub const fn between(low: f64, high: f64) -> Bound {
        Bound { low, high, low_open: false, high_open: false, about: false }
    }

    /// Whether a value bound so is certainly bound by `asked` too. *About* fifty follows nothing but *about* fifty.
    #[expect(clippy::float_cmp, reason = "bounds are the numbers as written, never computed")]
    pub fn implies(&self, asked: &Bound) -> bool {
        if self.about || asked.about {
            return self == asked;
        }
        let low = self.low > asked.low || self.low == asked.low && (self.low_open || !asked.low_open);
        let high = self.high < asked.high || self.high == asked.high && (self.high_open || !asked.high_open);
        low && high
    }

    /// The bound as users write it, without unit: `> 1200000`, `between 5 and 10`, `5`.
    #[expect(clippy::float_cmp, reason = "bounds are the numbers as written, never computed")]
    pub fn written(&self) -> String {
        let about = if self.about { "~ " } else { "" };
        match (self.low.is_finite(), self.high.is_finite()) {
            (true, true) if self.low == self.high => format!("{about}{}", self.low),
            (true, true) => format!("between {} and {}", self.low, self.high),
            (true, false) => format!("{} {}", if self.low_open { ">" } else { ">=" }, self.low),
            (false, true) => format!("{} {}", if self.high_open { "<" } else { "<=" }, self.high),
            (false, false) => "any".into(),
        }
    }
}

/// A figure of a proposition.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Figure {
    /// What is counted.
    pub what: StringId,
    /// Its bound.
    pub bound: Bound,
    /// In which unit; none for a bare number. Percent and percentage points are different units.
    pub unit: StringId,
}

#[cfg(test)]
mod tests {
    use super::{Bound, exact};

    #[test]
    fn an_exclusive_bound_implies_itself_and_weaker_ones() {
        let more = Bound::above(1_200_000.0, true);
        assert!(more.implies(&Bound::above(1_200_000.0, true)));
        assert!(more.implies(&Bound::above(1_200_000.0, false)));
        assert!(more.implies(&Bound::above(1_000_000.0, true)));
        assert!(!Bound::above(1_200_000.0, false).implies(&more));
        assert!(!more.implies(&Bound::exactly(1_300_000.0)));
        assert!(Bound::exactly(5.0).implies(&Bound::between(1.0, 5.0)));
        assert!(!Bound::about(5.0).implies(&Bound::between(1.0, 9.0)));
    }

    #[test]
    fn a_number_is_kept_as_written_or_not_at_all() {
        for (text, value) in [
            ("1200000", 1_200_000.0),
            ("0.1", 0.1),
            ("-1.50", -1.5),
            ("1.2E+6", 1_200_000.0),
            ("0.30000000000000004", 0.300_000_000_000_000_04),
            ("9007199254740992", 9_007_199_254_740_992.0),
            ("5e-324", 5e-324),
            ("0e99999999999999999999", 0.0),
        ] {
            assert_eq!(exact(text), Some(value), "{text}");
        }
        assert!(exact("-0").unwrap().is_sign_positive());
        for text in [
            "9007199254740993",
            "9007199254740991.5",
            "0.1000000000000000055",
            "1e16",
            "1e999",
            "1e-999",
            "1e-99999999999999999999",
            "nan",
            "inf",
            "",
            "x",
        ] {
            assert_eq!(exact(text), None, "{text}");
        }
    }

    #[test]
    fn bounds_are_written_as_typed() {
        assert_eq!(Bound::above(1_200_000.0, true).written(), "> 1200000");
        assert_eq!(Bound::exactly(0.5).written(), "0.5");
        assert_eq!(Bound::about(50.0).written(), "~ 50");
    }
}
