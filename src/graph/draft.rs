//! What is to be recorded, by name: the form in which every format hands a claim to the graph. Nothing here is resolved yet.

use super::index::hash_bytes;
use crate::model::{Basis, Bound, ClaimFlags, ClaimRef, EntityKind, Modality, Time, VerbId, fold};
use smallvec::SmallVec;
use std::borrow::Cow;

/// Somebody or something by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Mention<'a> {
    /// The name as written, without brackets.
    pub name: &'a str,
    /// What tells it from others of that name; for an unnamed source, its tag.
    pub qualifier: Option<&'a str>,
    /// Whether it is a description and no name: every mention is its own entity, unless a tag says otherwise.
    pub unnamed: bool,
    /// What it is, where the row says so.
    pub kind: Option<EntityKind>,
    /// A number that only this name has, from when `Graph::number_names` was called on. With it the name is not looked for again.
    pub number: Option<u32>,
}

impl<'a> Mention<'a> {
    /// A plain name.
    pub fn named(name: &'a str) -> Self {
        Mention { name, ..Mention::default() }
    }

    /// Whether it is a name and nothing beside it, which means the same wherever it stands.
    pub(crate) fn is_plain(&self) -> bool {
        !self.unnamed && self.qualifier.is_none()
    }
}

/// Several of them; mostly it is one.
pub type Mentions<'a> = SmallVec<[Mention<'a>; 1]>;

/// A time with the expression as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeDraft<'a> {
    /// The interval.
    pub time: Time,
    /// The expression as the source had it.
    pub written: Option<&'a str>,
    /// The start of the day it was resolved against.
    pub anchor: Option<i64>,
}

impl From<Time> for TimeDraft<'_> {
    fn from(time: Time) -> Self {
        TimeDraft { time, written: None, anchor: None }
    }
}

/// A figure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FigureDraft<'a> {
    /// What is counted.
    pub what: &'a str,
    /// Its bound.
    pub bound: Bound,
    /// In which unit; empty for none.
    pub unit: &'a str,
}

/// An attribute of the first topic and its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FactDraft<'a> {
    /// Which attribute.
    pub attribute: &'a str,
    /// Its value.
    pub value: FactValue<'a>,
}

/// The value of a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FactValue<'a> {
    /// An entity.
    Entity(Mention<'a>),
    /// A text.
    Text(&'a str),
}

/// A free field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldDraft<'a> {
    /// Its key.
    pub key: &'a str,
    /// What kind of value.
    pub kind: super::FieldKind,
    /// The value as text.
    pub value: Cow<'a, str>,
}

/// A document.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct DocumentDraft<'a> {
    /// Its address, or its own name.
    pub key: &'a str,
    /// Whether the key is an address.
    pub is_address: bool,
    /// Who published it.
    pub outlet: Option<Mention<'a>>,
    /// When.
    pub published: Option<TimeDraft<'a>>,
    /// When it was retrieved.
    pub retrieved: Option<TimeDraft<'a>>,
    /// Its title.
    pub title: Option<&'a str>,
    /// Its language.
    pub language: Option<&'a str>,
    /// The addresses it cites.
    pub cites_documents: Vec<&'a str>,
    /// The sources it cites.
    pub cites_sources: Vec<Mention<'a>>,
    /// Free fields.
    pub fields: Vec<FieldDraft<'a>>,
}

/// A relay.
#[derive(Debug, Clone, PartialEq)]
pub struct HopDraft<'a> {
    /// An explicit id of its own.
    pub id: Option<&'a str>,
    /// Who.
    pub sources: Mentions<'a>,
    /// By which cue.
    pub verb: VerbId,
    /// To whom.
    pub listeners: Mentions<'a>,
    /// When.
    pub time: Option<TimeDraft<'a>>,
    /// Its own hedge.
    pub hedge: Option<&'a str>,
    /// Whether the text marks it.
    pub basis: Basis,
    /// Whether it denies what is inside.
    pub negated: bool,
}

/// What a claim is about.
#[derive(Debug, Clone, PartialEq)]
pub enum What<'a> {
    /// Nothing said, perhaps about something.
    Nothing,
    /// A proposition.
    Text {
        /// Its text.
        text: &'a str,
        /// Whether the content is its negation.
        negated: bool,
    },
    /// A speech act that is recorded already: then the innermost act of this draft is the first hop, and `sources` and `verb` are unused.
    Speech(ClaimRef),
}

/// A claim with its chain.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft<'a> {
    /// The explicit id.
    pub id: Option<&'a str>,
    /// Who speaks; several speak jointly; none is a source that the text leaves unstated.
    pub sources: Mentions<'a>,
    /// The verb.
    pub verb: VerbId,
    /// To whom.
    pub listeners: Mentions<'a>,
    /// What.
    pub what: What<'a>,
    /// What it is about.
    pub subjects: Mentions<'a>,
    /// How the proposition stands to the world.
    pub modality: Modality,
    /// What it depends on, and whether on its negation.
    pub condition: Option<(&'a str, bool)>,
    /// When it would hold.
    pub time: Option<TimeDraft<'a>>,
    /// Its figures.
    pub figures: Vec<FigureDraft<'a>>,
    /// Its facts.
    pub facts: Vec<FactDraft<'a>>,
    /// The language of its text.
    pub language: Option<&'a str>,
    /// Mode, commitment, basis and the like; the sign of the content is set from `what`.
    pub flags: ClaimFlags,
    /// The speaker's own hedge.
    pub hedge: Option<&'a str>,
    /// On or at what it was said.
    pub medium: Option<&'a str>,
    /// When it was said.
    pub said: Option<TimeDraft<'a>>,
    /// Who carried it, from the speaker outwards.
    pub hops: Vec<HopDraft<'a>>,
    /// Where it was published: a key, and whether it is an address.
    pub document: Option<(&'a str, bool)>,
    /// Free fields.
    pub fields: Vec<FieldDraft<'a>>,
    /// The hashes under which it is looked for, where they were made before.
    pub hashes: Option<Hashes>,
}

/// The hashes under which a draft is looked for. To make them takes time that the thread that records need not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hashes {
    /// Of the explicit id; of the empty text for none.
    pub(super) id: u64,
    /// Of the folded text.
    pub(super) text: u64,
    /// Of the key of the document.
    pub(super) document: u64,
}

impl Hashes {
    /// Makes those of a draft.
    pub fn of(draft: &Draft<'_>) -> Self {
        let text = match draft.what {
            What::Text { text, .. } => text,
            _ => "",
        };
        Hashes {
            id: hash_bytes(draft.id.unwrap_or("").as_bytes()),
            text: hash_bytes(fold(text).as_bytes()),
            document: hash_bytes(draft.document.map_or("", |(key, _)| key).as_bytes()),
        }
    }
}

impl Draft<'_> {
    /// A draft with nothing but a verb.
    pub fn of(verb: VerbId) -> Self {
        Draft {
            id: None,
            sources: Mentions::new(),
            verb,
            listeners: Mentions::new(),
            what: What::Nothing,
            subjects: Mentions::new(),
            modality: Modality::Actual,
            condition: None,
            time: None,
            figures: Vec::new(),
            facts: Vec::new(),
            language: None,
            flags: ClaimFlags::default(),
            hedge: None,
            medium: None,
            said: None,
            hops: Vec::new(),
            document: None,
            fields: Vec::new(),
            hashes: None,
        }
    }
}
