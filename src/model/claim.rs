//! The small vocabularies of a claim, and how a claim is referred to.

use super::vocabulary::vocabulary;
use super::{ClaimId, HopId};

vocabulary! {
    /// How the words relate to what was said.
    Mode {
        /// Not stated.
        Unstated = 0 "unstated",
        /// Verbatim throughout.
        Quote = 1 "quote",
        /// Partly verbatim.
        Mixed = 2 "mixed",
        /// A quoted word or name, without a truth value of its own.
        Label = 3 "label",
        /// In the reporter's words.
        Paraphrase = 4 "paraphrase",
    }
}

vocabulary! {
    /// How far a source commits itself: FactBank's scale (Saurí and Pustejovsky 2009), relative to that source.
    Commitment {
        /// It holds.
        Certain = 0 "certain",
        /// It likely holds.
        Probable = 1 "probable",
        /// It may hold.
        Possible = 2 "possible",
        /// The source takes no stand.
        Uncommitted = 3 "uncommitted",
    }
}

vocabulary! {
    /// Whether the text marks an attribution or a reader inferred it.
    Basis {
        /// The text says so.
        Marked = 0 "marked",
        /// A reader inferred it.
        Inferred = 1 "inferred",
    }
}

impl Commitment {
    /// What a hedge word leaves of a commitment: *probably* and *possibly* name theirs, any other hedge (allegedly,
    /// reportedly) takes no stand.
    pub fn of_hedge(word: &str) -> Commitment {
        match word {
            "probably" | "likely" => Commitment::Probable,
            "possibly" | "perhaps" | "maybe" => Commitment::Possible,
            _ => Commitment::Uncommitted,
        }
    }
}

/// The flags of a claim, packed as files hold them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct ClaimFlags(pub u16);

impl ClaimFlags {
    const NEGATED: u16 = 1;
    const TRANSLATED: u16 = 1 << 1;
    const INFERRED: u16 = 1 << 2;
    const REPEATED: u16 = 1 << 3;
    const VERBATIM: u16 = 1 << 4;
    const MODE: u32 = 5;
    const COMMITMENT: u32 = 8;

    fn with(self, bit: u16, on: bool) -> Self {
        ClaimFlags(if on { self.0 | bit } else { self.0 & !bit })
    }

    /// Whether the content is the negation of its proposition.
    pub const fn negated(self) -> bool {
        self.0 & Self::NEGATED != 0
    }

    /// Sets whether the content is negated.
    #[must_use]
    pub fn with_negated(self, on: bool) -> Self {
        self.with(Self::NEGATED, on)
    }

    /// Whether the words are a translation.
    pub const fn translated(self) -> bool {
        self.0 & Self::TRANSLATED != 0
    }

    /// Sets whether the words are a translation.
    #[must_use]
    pub fn with_translated(self, on: bool) -> Self {
        self.with(Self::TRANSLATED, on)
    }

    /// Whether the attribution is marked in the text or inferred by a reader.
    pub const fn basis(self) -> Basis {
        if self.0 & Self::INFERRED != 0 { Basis::Inferred } else { Basis::Marked }
    }

    /// Sets the basis.
    #[must_use]
    pub fn with_basis(self, basis: Basis) -> Self {
        self.with(Self::INFERRED, basis == Basis::Inferred)
    }

    /// Whether it was said repeatedly, so that no single date is right.
    pub const fn repeated(self) -> bool {
        self.0 & Self::REPEATED != 0
    }

    /// Sets whether it was said repeatedly.
    #[must_use]
    pub fn with_repeated(self, on: bool) -> Self {
        self.with(Self::REPEATED, on)
    }

    /// Whether the recorded text is the exact words.
    pub const fn verbatim(self) -> bool {
        self.0 & Self::VERBATIM != 0
    }

    /// Sets whether the recorded text is the exact words.
    #[must_use]
    pub fn with_verbatim(self, on: bool) -> Self {
        self.with(Self::VERBATIM, on)
    }

    /// How the words relate to what was said.
    pub const fn mode(self) -> Mode {
        match Mode::from_number((self.0 >> Self::MODE & 7) as u8) {
            Some(mode) => mode,
            None => Mode::Unstated,
        }
    }

    /// Sets the mode.
    #[must_use]
    pub fn with_mode(self, mode: Mode) -> Self {
        ClaimFlags(self.0 & !(7 << Self::MODE) | u16::from(mode.number()) << Self::MODE)
    }

    /// How far the source commits itself.
    pub const fn commitment(self) -> Commitment {
        match Commitment::from_number((self.0 >> Self::COMMITMENT & 3) as u8) {
            Some(commitment) => commitment,
            None => Commitment::Certain,
        }
    }

    /// Sets the commitment.
    #[must_use]
    pub fn with_commitment(self, commitment: Commitment) -> Self {
        ClaimFlags(self.0 & !(3 << Self::COMMITMENT) | u16::from(commitment.number()) << Self::COMMITMENT)
    }
}

/// A speech act: a claim itself, or a relay of it. A relay is a claim about a claim, so both are referred to alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClaimRef {
    /// The innermost claim.
    pub claim: ClaimId,
    /// The relay, or [`HopId::NONE`] for the claim itself.
    pub hop: HopId,
}

impl ClaimRef {
    /// The claim itself.
    pub const fn of(claim: ClaimId) -> Self {
        ClaimRef { claim, hop: HopId::NONE }
    }

    /// Whether this is a relay of the claim.
    pub const fn is_relay(self) -> bool {
        self.hop.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_independent() {
        let flags = ClaimFlags::default()
            .with_negated(true)
            .with_mode(Mode::Paraphrase)
            .with_commitment(Commitment::Uncommitted)
            .with_basis(Basis::Inferred);
        assert!(flags.negated() && !flags.verbatim() && !flags.repeated());
        assert_eq!(flags.mode(), Mode::Paraphrase);
        assert_eq!(flags.with_mode(Mode::Quote).commitment(), Commitment::Uncommitted);
        assert_eq!(flags.with_negated(false).basis(), Basis::Inferred);
    }
}
