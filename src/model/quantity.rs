//! Figures: what was counted, its bound and its unit. Bounds are intervals of numbers, open or closed at each end.

use super::StringId;

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
    use super::Bound;

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
    fn bounds_are_written_as_typed() {
        assert_eq!(Bound::above(1_200_000.0, true).written(), "> 1200000");
        assert_eq!(Bound::exactly(0.5).written(), "0.5");
        assert_eq!(Bound::about(50.0).written(), "~ 50");
    }
}
