//! The graph: entities, propositions, claims, chains and documents as typed columns addressed by number, each relation as sorted
//! postings in both directions. Adding to it goes to tails and overflows and never rebuilds; folding in makes them part of the base.
//!
//! This room knows the model and nothing else: no syntax, no files, no questions. Reading is through the tables' own methods; writing
//! is through `record.rs` and `declare.rs` only. To add a column: add it to its table, to that table's `visit` and `fold_in`, and to
//! `docs/file-format.md`.

mod chains;
mod check;
mod claims;
mod classes;
mod column;
mod crowds;
mod dated;
mod declare;
mod documents;
mod draft;
mod entities;
mod index;
mod known_names;
mod layout;
mod namesakes;
mod near;
mod postings;
mod propositions;
mod record;
mod room;
mod section;
mod sight;
mod small;
mod statements;
mod words;

pub use chains::{Chains, Hop, HopColumns};
pub use check::Refusal;
pub use claims::{ClaimColumns, ClaimRow, Claims};
pub use classes::Classes;
pub use column::{Column, MAX_TEXT, Sparse, Texts, View};
pub use documents::Documents;
pub use draft::{
    DocumentDraft, Draft, FactDraft, FactValue, FieldDraft, FigureDraft, Hashes, HopDraft, Mention, Mentions,
    TimeDraft, What,
};
pub use entities::{Affiliation, Entities, NameRole, Party};
pub use index::{Index, hash_bytes, wide_hash};
pub use layout::Visit;
pub(crate) use near::Worded;
pub use postings::{Lists, ListsView, Postings, Targets};
pub use propositions::{Fact, Propositions};
pub use record::Recorded;
pub(crate) use room::Begun;
pub use section::{FileBytes, FileMap, Section, Sums, checksum, checksum_from};
pub use sight::{Cut, Sight};
pub use small::{Intervals, Strings, Times, WrittenTime};
pub use statements::{Batch, FieldKind, Fields, Link, Links, Log, Node, Rating, Ratings};
pub use words::{Looked, Words};

use crate::model::{AppearanceId, ClaimId, ClaimRef, DocumentId, HopId, Lexicon};
use std::fmt::Write as _;

/// A graph of attributed claims.
#[derive(Debug, Clone, Default)]
pub struct Graph {
    /// Interned short texts.
    pub strings: Strings,
    /// Interned times.
    pub times: Times,
    /// Who speaks, listens, is spoken about, publishes.
    pub entities: Entities,
    /// What is claimed.
    pub propositions: Propositions,
    /// The innermost speech acts.
    pub claims: Claims,
    /// Relays, and where claims came out.
    pub chains: Chains,
    /// Where claims were published.
    pub documents: Documents,
    /// Stated relations.
    pub links: Links,
    /// Grades.
    pub ratings: Ratings,
    /// Free fields.
    pub fields: Fields,
    /// When things were recorded.
    pub log: Log,
    /// The verbs known.
    pub lexicon: Lexicon,
    /// What is one by `same as`; follows from the links.
    pub same: Classes,
    /// The file it was opened from, where its base is that file's pages.
    pub file: Option<OpenFile>,
    verbs: Texts,
    rules: Texts,
}

/// A snapshot whose pages are the base of a graph.
#[derive(Debug, Clone)]
pub struct OpenFile {
    /// Its bytes.
    pub bytes: FileBytes,
    /// Where each section starts, with its name, in the order of the file.
    pub sections: Vec<(usize, String)>,
}

impl Graph {
    /// The first section of the opened file that turned out to be damaged. What was read of it is missing from every answer since.
    pub fn damage(&self) -> Option<&str> {
        let file = self.file.as_ref()?;
        let at = file.bytes.damaged()?;
        // A chunk may hold the end of one section and the start of others: the last one that starts in it or before.
        let before = file.sections.partition_point(|(start, _)| *start <= at);
        file.sections.get(before.saturating_sub(1)).map(|(_, name)| name.as_str())
    }

    /// An empty graph with the built-in lexicon.
    pub fn new() -> Self {
        Graph::default()
    }

    /// Shows every column to a file format, in a fixed order.
    pub fn visit(&mut self, v: &mut impl Visit) {
        self.strings.visit(v);
        self.times.visit(v);
        self.entities.visit(v);
        self.propositions.visit(v);
        self.claims.visit(v);
        self.chains.visit(v);
        self.documents.visit(v);
        self.links.visit(v);
        self.ratings.visit(v);
        self.fields.visit(v);
        self.log.visit(v);
        v.texts("verbs", &mut self.verbs);
        v.texts("rules", &mut self.rules);
    }

    /// To be called after a file filled the columns: derives what files do not hold. Tells what does not fit, if anything.
    pub fn opened(&mut self) -> Result<(), &'static str> {
        for row in 0..self.verbs.len() {
            let line = self.verbs.get(row);
            let mut parts = line.split('\t');
            let (Some(word), Some(parent), Some(negative)) = (parts.next(), parts.next(), parts.next())
            else {
                return Err("verbs");
            };
            self.lexicon.define(word, parent, negative == "negative").map_err(|_| "verbs")?;
        }
        if !self.claims.has_times() {
            return Err("claims.by_source.said");
        }
        self.same = Classes::of(&self.links);
        self.entities.forget_known();
        Ok(())
    }

    /// From now on, numbers that mentions have mean names anew: those given before mean nothing more.
    pub(crate) fn number_names(&mut self) {
        self.entities.forget_known();
    }

    /// Prepares for loading much at once: relations are only noted until [`Graph::fold_in`].
    pub fn defer(&mut self) {
        self.set_deferred(true);
    }

    fn set_deferred(&mut self, on: bool) {
        self.propositions.defer(on);
        self.claims.defer(on);
        self.chains.defer(on);
    }

    /// Whether relations are only noted until [`Graph::fold_in`].
    pub fn is_deferred(&self) -> bool {
        self.chains.is_deferred()
    }

    /// Ends a deferred load by adding what it noted one by one: right when it was small beside the graph.
    pub fn undefer(&mut self) {
        self.set_deferred(false);
    }

    /// Makes everything added since the base was made part of the base. Linear in the graph.
    pub fn fold_in(&mut self) {
        let (entities, documents) = (self.entities.len(), self.documents.len());
        self.strings.fold_in();
        self.times.fold_in();
        self.entities.fold_in();
        let Graph { times, propositions, claims, chains, .. } = self;
        let contents = propositions.len();
        // The words of texts take long enough for a thread of their own.
        std::thread::scope(|scope| {
            let words = scope.spawn(|| propositions.fold_in(entities, times));
            claims.fold_in(entities, contents, chains.appearances());
            chains.fold_in(entities, documents);
            if let Err(panicked) = words.join() {
                std::panic::resume_unwind(panicked);
            }
        });
        self.documents.fold_in(entities);
        self.links.fold_in(self.propositions.len());
        self.ratings.fold_in();
        self.fields.fold_in();
        self.log.fold_in();
        self.verbs.fold_in();
        self.rules.fold_in();
    }

    /// The rules defined here, each as the text of its sentence.
    pub fn rules(&self) -> impl Iterator<Item = &str> {
        self.rules.iter()
    }

    /// The id under which a speech act is shown: its own, or `_` and its number in this graph; a relay adds `~` and its place among
    /// the relays of that claim.
    pub fn claim_id(&self, claim: ClaimRef) -> String {
        let mut id = String::new();
        self.write_claim_id(claim, &mut id);
        id
    }

    /// Adds the id of a speech act to a text.
    pub fn write_claim_id(&self, claim: ClaimRef, out: &mut String) {
        if claim.is_relay()
            && let Some(own) = self.chains.id(claim.claim.0, claim.hop)
        {
            return out.push_str(own);
        }
        // Writing into a text never fails.
        match self.claims.id(claim.claim) {
            "" => _ = write!(out, "_{}", u64::from(claim.claim.0) + 1),
            own => out.push_str(own),
        }
        if claim.is_relay() {
            out.push('~');
            match self.place_among_relays(claim) {
                // Nearly always, and very many are written.
                digit @ 0..10 => out.push(char::from(b'0' + digit as u8)),
                number => _ = write!(out, "{number}"),
            }
        }
    }

    /// The outermost hop and the document of an appearance of a claim. Those of its first one stand with the claim, which mostly was read already.
    #[inline]
    pub fn way(&self, claim: ClaimId, appearance: AppearanceId) -> (HopId, DocumentId) {
        let row = self.claims.row(claim);
        if row.appearance() == appearance {
            (row.hop(), row.document())
        } else {
            self.chains.appearance(appearance)
        }
    }

    /// The place of a relay among those of its claim, from one; zero for one of another claim.
    fn place_among_relays(&self, claim: ClaimRef) -> usize {
        let mut appearances = self.claims.appearances(claim.claim);
        if let (Some(only), None) = (appearances.next(), appearances.next()) {
            // In one chain every hop has a larger number than those inside it.
            let outermost = self.chains.outermost_hop(only);
            let hops = self.chains.inwards(outermost).skip_while(|hop| *hop != claim.hop);
            return hops.count();
        }
        self.relays(claim.claim).iter().position(|hop| *hop == claim.hop).map_or(0, |at| at + 1)
    }

    /// The speech act of an id, in any of its forms.
    pub fn find_claim(&self, id: &str) -> Option<ClaimRef> {
        self.find_claim_by(id, hash_bytes(id.as_bytes()))
    }

    /// The same where the hash of the id is known.
    fn find_claim_by(&self, id: &str, hash: u64) -> Option<ClaimRef> {
        if let Some(claim) = self.claims.with_id(id, hash) {
            return Some(ClaimRef::of(claim));
        }
        if let Some((claim, hop)) = self.chains.with_id(id, hash) {
            return Some(ClaimRef { claim: ClaimId(claim), hop });
        }
        if let Some((base, place)) = id.rsplit_once('~') {
            let claim = self.find_claim(base)?.claim;
            let place = place.parse::<usize>().ok()?.checked_sub(1)?;
            return Some(ClaimRef { claim, hop: *self.relays(claim).get(place)? });
        }
        let number: u32 = id.strip_prefix('_')?.parse().ok()?;
        let claim = ClaimId(number.checked_sub(1)?);
        (claim.index() < self.claims.len() && self.claims.id(claim).is_empty()).then_some(ClaimRef::of(claim))
    }

    /// Every relay of a claim: all hops of all chains that carried it or spoke about it, each once, in ascending order.
    pub fn relays(&self, claim: ClaimId) -> Vec<HopId> {
        let mut hops: Vec<HopId> = self
            .claims
            .appearances(claim)
            .flat_map(|appearance| self.chains.inwards(self.chains.outermost_hop(appearance)))
            .collect();
        hops.sort_unstable();
        hops.dedup();
        hops
    }
}
