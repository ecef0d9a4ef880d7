//! Reasoning verbs, bound: what they work on, how they reckon, and which columns their answers have. Scripts rely on these columns.

use super::query::{ColumnKind, Field};
use crate::model::EntityId;
use crate::reason::{Clock, Reckoning};
pub use crate::syntax::ast::CommandVerb as Verb;

/// A reasoning verb, ready to be done to rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Reasoned {
    /// Which.
    pub verb: Verb,
    /// The values that it works on.
    pub field: Field,
    /// What counts as independent, and what is counted.
    pub reckoning: Reckoning,
    /// By which clock.
    pub clock: Clock,
    /// Whose claims are set against whose.
    pub sides: Option<(Vec<EntityId>, Vec<EntityId>)>,
    /// Of whom it is asked; nobody for everybody.
    pub whom: Vec<EntityId>,
    /// Between which two moments, in seconds.
    pub period: Option<(i64, i64)>,
    /// Whether nothing narrows the claims that it works on.
    pub everywhere: bool,
}

/// The columns that follow the others where supporting contents are counted too.
const SUPPORTING: [(&str, ColumnKind); 2] =
    [("supporting_min", ColumnKind::Number), ("supporting_max", ColumnKind::Number)];

/// The columns of an answer to a verb, in order.
pub fn columns(verb: Verb, with_support: bool) -> Vec<(&'static str, ColumnKind)> {
    use ColumnKind::{Chain, Claim, Content, Document, Entity, Figure, List, Number, Text, Time};
    let mut columns: Vec<(&'static str, ColumnKind)> = match verb {
        Verb::Trace => vec![
            ("claim", Claim),
            ("depth", Number),
            ("who", List),
            ("act", Text),
            ("cue", Text),
            ("date", Time),
            ("hedge", Text),
            ("basis", Text),
            ("document", Document),
            ("drift", List),
        ],
        Verb::Corroborate => vec![
            ("what", Content),
            ("independent_min", Number),
            ("independent_max", Number),
            ("denying_min", Number),
            ("denying_max", Number),
            ("links", List),
            ("cut", List),
            ("reason", List),
            ("claims", List),
        ],
        Verb::Weakest => vec![("what", Content), ("kind", Text), ("hinge", Entity), ("claims", List)],
        Verb::Conflicts => vec![
            ("claim_a", Claim),
            ("who_a", List),
            ("what_a", Content),
            ("claim_b", Claim),
            ("who_b", List),
            ("what_b", Content),
            ("kind", Text),
            ("comparable", Text),
            ("reason", List),
        ],
        Verb::Circular => vec![("what", Content), ("kind", Text), ("circle", List), ("claims", List)],
        Verb::Timeline => vec![
            ("when", Time),
            ("who", List),
            ("what", Content),
            ("change", Text),
            ("claim", Claim),
            ("since", Claim),
        ],
        Verb::Figures => vec![
            ("measure", Text),
            ("figure", Figure),
            ("who", List),
            ("when", Time),
            ("what", Content),
            ("claim", Claim),
            ("fits", Text),
            ("reason", Text),
        ],
        Verb::Silence => {
            vec![("who", Entity), ("silence", Text), ("claim", Claim), ("when", Time), ("spoke", Claim)]
        }
        Verb::Impact => vec![
            ("what", Content),
            ("claim", Claim),
            ("effect", Text),
            ("before_min", Number),
            ("after_min", Number),
            ("before_max", Number),
            ("after_max", Number),
            ("ways", Number),
            ("left", Number),
            ("via", Chain),
        ],
        Verb::Reliance => vec![
            ("who", Entity),
            ("rests_on", Entity),
            ("kind", Text),
            ("what", Content),
            ("claims", Number),
            ("share", Number),
            ("such_as", List),
        ],
        Verb::Changes => vec![
            ("what", Content),
            ("change", Text),
            ("before_min", Number),
            ("before_max", Number),
            ("after_min", Number),
            ("after_max", Number),
            ("denying_before", Number),
            ("denying_after", Number),
            ("claims", List),
        ],
    };
    if verb == Verb::Corroborate && with_support {
        columns.extend(SUPPORTING);
    }
    columns
}

/// The column that a shorter word means: the least number is the one to count on.
pub(super) fn column_meant(word: &str) -> &str {
    match word {
        "independent" => "independent_min",
        "denying" => "denying_min",
        "supporting" => "supporting_min",
        _ => word,
    }
}

/// What a verb can work on.
pub(super) fn works_on(verb: Verb, kind: ColumnKind) -> bool {
    match verb {
        Verb::Trace | Verb::Corroborate | Verb::Weakest => {
            matches!(kind, ColumnKind::Content | ColumnKind::Claim)
        }
        Verb::Conflicts | Verb::Circular | Verb::Timeline | Verb::Figures | Verb::Silence | Verb::Changes => {
            kind == ColumnKind::Claim
        }
        Verb::Impact => matches!(kind, ColumnKind::Claim | ColumnKind::Entity | ColumnKind::Document),
        Verb::Reliance => kind == ColumnKind::Entity,
    }
}

/// In plain words, what a verb works on.
pub(super) fn needs(verb: Verb) -> &'static str {
    match verb {
        Verb::Trace | Verb::Corroborate | Verb::Weakest => "a content or a claim",
        Verb::Impact => "a source, a document or a claim",
        Verb::Reliance => "a source or an outlet",
        _ => "claims",
    }
}

/// In plain words, what a verb does.
pub(super) fn told(verb: Verb) -> &'static str {
    match verb {
        Verb::Trace => "trace each: everyone who carried it, from the outermost inwards",
        Verb::Corroborate => "count how many independent origins back each, and how many deny it",
        Verb::Weakest => "tell on which single source, carrier, document or claim each hangs",
        Verb::Conflicts => "set those against each other that contradict",
        Verb::Circular => "look for those that have it from each other in a circle",
        Verb::Timeline => "put them in the order of time, and tell who changed position",
        Verb::Figures => "compare their figures, measure by measure",
        Verb::Silence => "tell who refused, who was asked, and who is on record with nothing",
        Verb::Impact => "suppose these away, and tell what falls, weakens and stands",
        Verb::Reliance => "tell on whom their claims rest",
        Verb::Changes => "tell what changed between the two dates",
    }
}
