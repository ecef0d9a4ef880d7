//! The speech acts and their tree. Verbs belong to acts through the lexicon, not here.

use super::vocabulary::vocabulary;

vocabulary! {
    /// What a source does by speaking. The tree is `said` over everything spoken, `asserted` over every commitment to the
    /// truth or falsity of something; refusals and private states stand outside `said`.
    Act {
        /// Commits to the truth of something.
        Assert = 0 "asserted",
        /// Commits to its falsity: an assertion of the negation.
        Deny = 1 "denied",
        /// Commits to what somebody else said.
        Confirm = 2 "confirmed",
        /// Passes on.
        Report = 3 "reported",
        /// Commits to something yet to come.
        Predict = 4 "predicted",
        /// Commits to something bad to come.
        Warn = 5 "warned",
        /// Withholds belief.
        Doubt = 6 "doubted",
        /// Wants to know.
        Ask = 7 "asked",
        /// Commits to do.
        Promise = 8 "promised",
        /// Commits to harm.
        Threaten = 9 "threatened",
        /// Puts forward.
        Propose = 10 "proposed",
        /// Wants done.
        Demand = 11 "demanded",
        /// Wants to be so.
        Wish = 12 "wished",
        /// Takes back.
        Retract = 13 "retracted",
        /// Puts right.
        Correct = 14 "corrected",
        /// Declines to speak.
        Refuse = 15 "refused",
        /// Holds without saying: believes, fears, considers.
        Think = 16 "thought",
    }
}

impl Act {
    /// The act directly above in the tree; nothing for those directly under `said` or outside it.
    pub const fn parent(self) -> Option<Act> {
        match self {
            Act::Deny | Act::Confirm | Act::Report | Act::Predict | Act::Warn => Some(Act::Assert),
            _ => None,
        }
    }

    /// Whether it is a kind of `other`.
    pub fn is_under(self, other: Act) -> bool {
        self == other || self.parent() == Some(other)
    }

    /// Whether it is spoken at all: everything but refusals and private states.
    pub const fn is_speech(self) -> bool {
        !matches!(self, Act::Refuse | Act::Think)
    }

    /// Whether a speech act about a claim carries that claim on: it passes the claim along without denying it.
    pub const fn carries(self) -> bool {
        matches!(self, Act::Assert | Act::Report | Act::Confirm | Act::Warn | Act::Predict)
    }
}
