//! The small vocabularies of entities, and the grades that assessors give.

use super::vocabulary::vocabulary;

vocabulary! {
    /// What an entity is.
    EntityKind {
        /// Not stated.
        Unknown = 0 "unknown",
        /// A human being.
        Person = 1 "person",
        /// A body with a name and members.
        Organization = 2 "organization",
        /// People taken together.
        Group = 3 "group",
        /// Publishes.
        Outlet = 4 "outlet",
        /// Somewhere.
        Place = 5 "place",
        /// Something that happens.
        Event = 6 "event",
        /// Something talked about.
        Topic = 7 "topic",
        /// A made thing that can be a source: a map, a report.
        Artifact = 8 "artifact",
        /// None of these.
        Other = 9 "other",
    }
}

vocabulary! {
    /// How many an unnamed source is.
    Cardinality {
        /// The text leaves it open.
        Unknown = 0 "unknown",
        /// One.
        One = 1 "one",
        /// More than one.
        Several = 2 "several",
    }
}

vocabulary! {
    /// The Admiralty code: letters grade the reliability of a source, digits the credibility of a claim. `F` and `6` mean
    /// *cannot be judged*, which is no grade between the others.
    Grade {
        /// Completely reliable.
        A = 0 "A",
        /// Usually reliable.
        B = 1 "B",
        /// Fairly reliable.
        C = 2 "C",
        /// Not usually reliable.
        D = 3 "D",
        /// Unreliable.
        E = 4 "E",
        /// Reliability cannot be judged.
        F = 5 "F",
        /// Confirmed.
        One = 6 "1",
        /// Probably true.
        Two = 7 "2",
        /// Possibly true.
        Three = 8 "3",
        /// Doubtful.
        Four = 9 "4",
        /// Improbable.
        Five = 10 "5",
        /// Truth cannot be judged.
        Six = 11 "6",
    }
}

impl Grade {
    /// Whether it grades a source rather than a claim.
    pub const fn is_reliability(self) -> bool {
        self.number() <= Grade::F.number()
    }

    /// Whether it stands on the scale, and does not say that it cannot be judged.
    pub const fn is_judged(self) -> bool {
        !matches!(self, Grade::F | Grade::Six)
    }
}
