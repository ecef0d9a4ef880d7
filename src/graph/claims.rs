//! Claims: the innermost speech acts. Their relays are hops (`chains.rs`), shared between claims.

use super::chains::Chains;
use super::column::{Column, Sparse, Texts, View};
use super::crowds::{Crowds, Ways};
use super::dated::Dated;
use super::entities::Party;
use super::index::{Index, hash_bytes, hash_numbers};
use super::layout::Visit;
use super::postings::{Postings, Targets};
use crate::model::{
    AppearanceId, ClaimFlags, ClaimId, Content, DocumentId, EntityId, HopId, PropositionId, StringId, TimeId,
    VerbId,
};
use bytemuck::{Pod, Zeroable};
use std::collections::BTreeMap;

/// What every claim has, side by side: a question meets claims in the order of something else, a topic or a speaker, and of each it then reads one
/// place in memory and one page of a file, where columns would be nine.
#[derive(Debug, Clone, Copy, Pod, Zeroable)]
#[repr(C)]
pub struct ClaimRow {
    said: u32,
    verb: u16,
    flags: u16,
    source: u32,
    content: u32,
    /// The hedge of the speaker, as an interned text plus one; zero for none.
    hedge: u32,
    /// Where it first appeared; none for a claim typed in on its own.
    appearance: u32,
    /// The outermost hop and the document of that appearance, as it has them.
    hop: u32,
    document: u32,
}

impl ClaimRow {
    /// The flag behind those of [`ClaimFlags`]: the chain of the first appearance denies or doubts what it is about.
    const KEPT_BACK: u16 = 1 << 10;

    /// Of a claim that is not there.
    const NONE: ClaimRow = ClaimRow {
        said: NONE,
        verb: 0,
        flags: 0,
        source: NONE,
        content: NONE,
        hedge: 0,
        appearance: NONE,
        hop: NONE,
        document: NONE,
    };

    /// When it was said.
    #[inline]
    pub fn said(&self) -> TimeId {
        TimeId(self.said)
    }

    /// The verb as written.
    #[inline]
    pub fn verb(&self) -> VerbId {
        VerbId(self.verb.into())
    }

    /// Its flags.
    #[inline]
    pub fn flags(&self) -> ClaimFlags {
        ClaimFlags(self.flags & !Self::KEPT_BACK)
    }

    /// Whether the chain of its first appearance passes it on; see [`Chains::carries`].
    #[inline]
    pub fn is_passed_on(&self) -> bool {
        self.flags & Self::KEPT_BACK == 0
    }

    /// Who speaks.
    #[inline]
    pub fn source(&self) -> Party {
        Party(self.source)
    }

    /// What is said; nothing for an act without content.
    #[inline]
    pub fn content(&self) -> Option<Content> {
        let proposition = PropositionId(self.content);
        proposition.is_some().then(|| Content { proposition, negated: self.flags().negated() })
    }

    /// The speaker's own hedge.
    #[inline]
    pub fn hedge(&self) -> StringId {
        self.hedge.checked_sub(1).map_or(StringId::NONE, StringId)
    }

    /// Where it first appeared.
    #[inline]
    pub fn appearance(&self) -> AppearanceId {
        AppearanceId(self.appearance)
    }

    /// The outermost hop of where it first appeared.
    #[inline]
    pub fn hop(&self) -> HopId {
        HopId(self.hop)
    }

    /// The document in which it first appeared.
    #[inline]
    pub fn document(&self) -> DocumentId {
        DocumentId(self.document)
    }
}

/// A way in which a claim appeared: which that is, its outermost hop and its document.
pub(super) type Way = (AppearanceId, HopId, DocumentId);

/// Claims in columns.
#[derive(Debug, Clone, Default)]
pub struct Claims {
    rows: Column<ClaimRow>,
    listener: Sparse<u32>,
    medium: Sparse<u32>,
    /// The first row of the list of its further appearances.
    more_rows: Sparse<u32>,
    more_next: Column<u32>,
    more_appearance: Column<u32>,
    more_tail: BTreeMap<u32, u32>,
    id: Texts,
    id_index: Index,
    void_reason: Sparse<u32>,
    void_at: Sparse<i64>,
    by_source: Dated,
    by_listener: Postings,
    by_content: Postings,
    by_appearance: Postings,
    /// Claims without an id, by identity: only of those added since the graph was opened; older ones are found by content.
    recent: Index,
    /// How many claims there were when it was opened.
    opened: usize,
    crowds: Crowds,
}

/// The identity of a claim without an explicit id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Identity {
    pub source: Party,
    pub verb: VerbId,
    pub content: Option<Content>,
    pub listener: Party,
    pub mode: crate::model::Mode,
    pub said: TimeId,
}

impl Identity {
    /// Under which it is looked for.
    fn hash(&self) -> u64 {
        let content =
            self.content.map_or(u64::MAX, |c| u64::from(c.proposition.0) << 1 | u64::from(c.negated));
        let (verb, mode) = (u64::from(self.verb.0), u64::from(self.mode.number()));
        let [source, listener, said] = [self.source.0, self.listener.0, self.said.0].map(u64::from);
        hash_numbers(&[source, listener, verb << 8 | mode, content, said])
    }
}

const NONE: u32 = u32::MAX;

impl Claims {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// What every claim has.
    #[inline]
    pub fn row(&self, claim: ClaimId) -> ClaimRow {
        self.rows.get(claim.index()).unwrap_or(ClaimRow::NONE)
    }

    /// Who speaks.
    #[inline]
    pub fn source(&self, claim: ClaimId) -> Party {
        self.row(claim).source()
    }

    /// The verb as written.
    #[inline]
    pub fn verb(&self, claim: ClaimId) -> VerbId {
        self.row(claim).verb()
    }

    /// What is said; nothing for an act without content.
    #[inline]
    pub fn content(&self, claim: ClaimId) -> Option<Content> {
        self.row(claim).content()
    }

    /// Its flags.
    #[inline]
    pub fn flags(&self, claim: ClaimId) -> ClaimFlags {
        self.row(claim).flags()
    }

    /// When it was said.
    #[inline]
    pub fn said(&self, claim: ClaimId) -> TimeId {
        self.row(claim).said()
    }

    /// The speaker's own hedge.
    #[inline]
    pub fn hedge(&self, claim: ClaimId) -> StringId {
        self.row(claim).hedge()
    }

    /// Who is spoken to.
    pub fn listener(&self, claim: ClaimId) -> Party {
        Party(self.listener.get(claim.0).unwrap_or(NONE))
    }

    /// On or at what it was said.
    pub fn medium(&self, claim: ClaimId) -> StringId {
        StringId(self.medium.get(claim.0).unwrap_or(NONE))
    }

    /// The explicit id; empty for none.
    pub fn id(&self, claim: ClaimId) -> &str {
        self.id.get(claim.index())
    }

    /// All explicit ids, by claim.
    pub(super) fn ids(&self) -> &Texts {
        &self.id
    }

    /// The claim with an explicit id.
    pub fn by_id(&self, id: &str) -> Option<ClaimId> {
        self.with_id(id, hash_bytes(id.as_bytes()))
    }

    pub(super) fn with_id(&self, id: &str, hash: u64) -> Option<ClaimId> {
        self.id_index.find(hash, |row| self.id.is(row as usize, id)).map(ClaimId)
    }

    /// Reads what will be read to find the claim of an id.
    pub(super) fn touch(&self, hash: u64) -> Option<u32> {
        self.id_index.near(hash)
    }

    /// Why and when (in seconds) it was withdrawn from the record.
    pub fn void(&self, claim: ClaimId) -> Option<(StringId, i64)> {
        Some((StringId(self.void_reason.get(claim.0)?), self.void_at.get(claim.0)?))
    }

    /// Whether any claim was withdrawn.
    pub fn has_voids(&self) -> bool {
        self.void_reason.iter().next().is_some()
    }

    /// Where it appeared, in the order recorded.
    pub fn appearances(&self, claim: ClaimId) -> impl Iterator<Item = AppearanceId> + '_ {
        let first = Some(self.row(claim).appearance).filter(|a| *a != NONE);
        let mut next = first.and_then(|_| self.more_rows.get(claim.0)).unwrap_or(NONE);
        let more = std::iter::from_fn(move || {
            let at = next as usize;
            let appearance = self.more_appearance.get(at)?;
            // Rows of a list only ever point forward, so a damaged one still ends.
            next = self.more_next.get(at).filter(|n| *n as usize > at).unwrap_or(NONE);
            Some(appearance)
        });
        first.into_iter().chain(more).map(AppearanceId)
    }

    /// Its appearances among which is each that may differ from another in its cues alone, that other too if it is known. Constant but for
    /// those that do so.
    pub(super) fn appearances_beside(
        &mut self,
        claim: ClaimId,
        appearance: AppearanceId,
        chains: &Chains,
    ) -> Ways {
        let mut crowds = std::mem::take(&mut self.crowds);
        let ways = crowds.ways_beside(claim, appearance, self.appearances(claim), |way| chains.shape(way));
        self.crowds = crowds;
        ways
    }

    /// Whether every claim has the outermost hop and the document of its first appearance, and tells whether that passes it on. Linear.
    pub fn ways_are_sound(&self, chains: &Chains) -> bool {
        let fits = |row: ClaimRow| {
            chains.appearance(row.appearance()) == (row.hop(), row.document())
                && chains.carries(row.hop()) == row.is_passed_on()
        };
        self.rows.iter().all(fits)
    }

    /// Every claim of a source, also of those it shares.
    pub fn by_source(&self, entity: EntityId) -> Targets<'_> {
        self.by_source.get(entity.0)
    }

    /// Adds those of a speaker that were said at times that fit, in ascending order. Reads no other claims.
    pub fn copy_said_by(&self, entity: EntityId, fits: impl Fn(TimeId) -> bool, out: &mut Vec<u32>) {
        let said = |claim| self.row(ClaimId(claim)).said;
        self.by_source.copy_fitting(entity.0, |time| fits(TimeId(time)), said, out);
    }

    /// Whether beside the claims of each speaker stands when they were said. Reads everything.
    pub fn times_are_sound(&self) -> bool {
        self.by_source.is_sound(|claim| self.row(ClaimId(claim)).said)
    }

    /// Whether these times are as many as the claims.
    pub(super) fn has_times(&self) -> bool {
        self.by_source.is_whole()
    }

    /// Every claim spoken to a listener.
    pub fn by_listener(&self, entity: EntityId) -> Targets<'_> {
        self.by_listener.get(entity.0)
    }

    /// Every claim of a proposition or its negation.
    pub fn by_content(&self, proposition: PropositionId) -> Targets<'_> {
        self.by_content.get(proposition.0)
    }

    /// Every claim that appeared so.
    pub fn by_appearance(&self, appearance: AppearanceId) -> Targets<'_> {
        self.by_appearance.get(appearance.0)
    }

    /// The columns for reading very many claims; see [`Column::view`].
    pub fn columns(&self, whole: bool) -> ClaimColumns<'_> {
        ClaimColumns {
            rows: self.rows.view(whole),
            more: (!self.more_rows.is_empty()).then_some(&self.more_rows),
        }
    }

    fn identity(&self, claim: ClaimId) -> Identity {
        let row = self.row(claim);
        Identity {
            source: row.source(),
            verb: row.verb(),
            content: row.content(),
            listener: self.listener(claim),
            mode: row.flags().mode(),
            said: row.said(),
        }
    }

    /// The claim of this identity that has no explicit id; `sources` and `listeners` are those of whom its source and its listener consist.
    pub(super) fn find(
        &self,
        identity: &Identity,
        sources: &[EntityId],
        listeners: &[EntityId],
    ) -> Option<ClaimId> {
        let is_it = |claim: ClaimId| self.id(claim).is_empty() && self.identity(claim) == *identity;
        if let Some(row) = self.recent.find(identity.hash(), |row| is_it(ClaimId(row))) {
            return Some(ClaimId(row));
        }
        if self.opened == 0 {
            return None;
        }
        // Of what says so, what the source said and what the listener was told, the shortest list is gone through, as far as the others have
        // it too. Who speaks with others has it among his own.
        let lists = [
            identity.content.map(|content| self.by_content(content.proposition)),
            sources.first().map(|source| self.by_source(*source)),
            listeners.first().map(|listener| self.by_listener(*listener)),
        ];
        let shortest = lists.iter().flatten().min_by_key(|list| list.len())?;
        let in_all = |row: &u32| lists.iter().flatten().all(|list| list.contains(*row));
        shortest.iter().filter(in_all).find(|row| is_it(ClaimId(*row))).map(ClaimId)
    }

    #[expect(clippy::too_many_arguments, reason = "a row is given whole, so that no column can be forgotten")]
    pub(super) fn push(
        &mut self,
        (id, id_hash): (&str, u64),
        identity: &Identity,
        flags: ClaimFlags,
        hedge: StringId,
        medium: StringId,
        sources: &[EntityId],
        listeners: &[EntityId],
    ) -> ClaimId {
        let row = self.len() as u32;
        let flags = flags.with_mode(identity.mode).with_negated(identity.content.is_some_and(|c| c.negated));
        self.rows.push(ClaimRow {
            said: identity.said.0,
            verb: identity.verb.0 as u16,
            flags: flags.0,
            source: identity.source.0,
            content: identity.content.map_or(NONE, |c| c.proposition.0),
            hedge: if hedge.is_some() { hedge.0 + 1 } else { 0 },
            ..ClaimRow::NONE
        });
        self.id.push(id);
        if id.is_empty() {
            self.recent.add(identity.hash(), row);
        } else {
            self.id_index.add(id_hash, row);
        }
        if identity.listener != Party::NONE {
            self.listener.set(row, identity.listener.0);
        }
        if medium.is_some() {
            self.medium.set(row, medium.0);
        }
        for source in sources {
            self.by_source.add(source.0, row);
        }
        for listener in listeners {
            self.by_listener.add(listener.0, row);
        }
        if let Some(content) = identity.content {
            self.by_content.add(content.proposition.0, row);
        }
        ClaimId(row)
    }

    /// Makes an appearance a claim's first.
    fn set_first(&mut self, claim: ClaimId, (appearance, hop, document): Way, chains: &Chains) {
        let known = self.row(claim);
        let flags = known.flags().0 | if chains.carries(hop) { 0 } else { ClaimRow::KEPT_BACK };
        let (appearance, hop, document) = (appearance.0, hop.0, document.0);
        self.rows.set(claim.index(), ClaimRow { flags, appearance, hop, document, ..known });
    }

    pub(super) fn add_appearance(&mut self, claim: ClaimId, way: Way, chains: &Chains) {
        let appearance = way.0;
        self.crowds.add(claim, appearance, || chains.shape(appearance));
        if self.row(claim).appearance == NONE {
            self.set_first(claim, way, chains);
        } else {
            let row = self.more_appearance.len() as u32;
            self.more_appearance.push(appearance.0);
            self.more_next.push(NONE);
            match self.last_more(claim) {
                None => self.more_rows.set(claim.0, row),
                Some(last) => self.more_next.set(last as usize, row),
            }
            self.more_tail.insert(claim.0, row);
        }
        self.by_appearance.add(appearance.0, claim.0);
    }

    fn last_more(&self, claim: ClaimId) -> Option<u32> {
        if let Some(last) = self.more_tail.get(&claim.0) {
            return Some(*last);
        }
        let mut at = self.more_rows.get(claim.0)?;
        while let Some(next) = self.more_next.get(at as usize).filter(|next| *next != NONE && *next > at) {
            at = next;
        }
        Some(at)
    }

    /// Replaces an appearance by a more telling one of the same chain.
    pub(super) fn replace_appearance(
        &mut self,
        claim: ClaimId,
        old: AppearanceId,
        way: Way,
        chains: &Chains,
    ) {
        let new = way.0;
        self.crowds.replace(claim, (old, new), || chains.shape(new));
        if self.row(claim).appearance == old.0 {
            self.set_first(claim, way, chains);
        } else {
            let mut at = self.more_rows.get(claim.0).unwrap_or(NONE);
            while let Some(appearance) = self.more_appearance.get(at as usize) {
                if appearance == old.0 {
                    self.more_appearance.set(at as usize, new.0);
                    break;
                }
                at = self.more_next.get(at as usize).unwrap_or(NONE);
            }
        }
        // The old posting stays: readers check a claim's own list.
        self.by_appearance.add(new.0, claim.0);
    }

    pub(super) fn set_void(&mut self, claim: ClaimId, reason: StringId, at: i64) {
        if self.void_reason.get(claim.0).is_none() {
            self.void_reason.set(claim.0, reason.0);
            self.void_at.set(claim.0, at);
        }
    }

    pub(super) fn visit(&mut self, v: &mut impl Visit) {
        v.column("claims.rows", &mut self.rows);
        v.sparse("claims.listener", &mut self.listener);
        v.sparse("claims.medium", &mut self.medium);
        v.sparse("claims.more", &mut self.more_rows);
        v.column("claims.more_next", &mut self.more_next);
        v.column("claims.more_appearance", &mut self.more_appearance);
        v.texts("claims.id", &mut self.id);
        v.index("claims.ids", &mut self.id_index);
        v.sparse("claims.void_reason", &mut self.void_reason);
        v.sparse("claims.void_at", &mut self.void_at);
        self.by_source.visit("claims.by_source", v);
        v.postings("claims.by_listener", &mut self.by_listener);
        v.postings("claims.by_content", &mut self.by_content);
        v.postings("claims.by_appearance", &mut self.by_appearance);
        self.opened = self.len();
    }

    pub(super) fn defer(&mut self, on: bool) {
        self.by_source.defer(on);
        for postings in [&mut self.by_listener, &mut self.by_content, &mut self.by_appearance] {
            postings.defer(on);
        }
    }

    pub(super) fn fold_in(&mut self, entities: usize, propositions: usize, appearances: usize) {
        self.rows.fold_in();
        for sparse in [&mut self.listener, &mut self.medium, &mut self.more_rows, &mut self.void_reason] {
            sparse.fold_in();
        }
        self.void_at.fold_in();
        self.more_next.fold_in();
        self.more_appearance.fold_in();
        self.more_tail.clear();
        self.crowds.clear();
        self.id.fold_in();
        self.id_index.fold_in(|| {
            let with_id = self.id.iter().zip(0..).filter(|(id, _)| !id.is_empty());
            with_id.map(|(id, row)| (hash_bytes(id.as_bytes()), row)).collect()
        });
        let rows = self.rows.view(true);
        self.by_source.fold_in(entities, |claim| rows.get(claim as usize).map_or(NONE, |row| row.said));
        self.by_listener.fold_in(entities);
        self.by_content.fold_in(propositions);
        self.by_appearance.fold_in(appearances);
    }
}

/// What every claim has, for reading very many of them.
#[derive(Debug)]
pub struct ClaimColumns<'g> {
    rows: View<'g, ClaimRow>,
    /// Of which claims there are further appearances; nothing where there are none at all.
    more: Option<&'g Sparse<u32>>,
}

impl ClaimColumns<'_> {
    /// What every claim has.
    #[expect(clippy::inline_always, reason = "read for every claim of a scan")]
    #[inline(always)]
    pub fn row(&self, claim: ClaimId) -> ClaimRow {
        self.rows.get(claim.index()).unwrap_or(ClaimRow::NONE)
    }

    /// Where it appeared, if that is one place; the row is that of the claim.
    #[inline]
    pub fn only_appearance(&self, claim: ClaimId, row: &ClaimRow) -> Option<AppearanceId> {
        let first = row.appearance();
        let is_only = first.is_some() && self.more.is_none_or(|more| more.get(claim.0).is_none());
        is_only.then_some(first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Lexicon, Mode};

    #[test]
    fn a_claim_has_the_way_of_its_first_appearance() {
        let mut chains = Chains::default();
        let identity = Identity {
            source: Party::NONE,
            verb: Lexicon::RELAY,
            content: None,
            listener: Party::NONE,
            mode: Mode::Label,
            said: TimeId::NONE,
        };
        let mut claims = Claims::default();
        let none = StringId::NONE;
        let claim = claims.push(("", 0), &identity, ClaimFlags::default(), none, none, &[], &[]);
        assert!(claims.ways_are_sound(&chains));
        let (hop, document) = (HopId::NONE, DocumentId(3));
        let appearance = chains.intern_appearance(hop, document);
        claims.add_appearance(claim, (appearance, hop, document), &chains);
        assert_eq!((claims.row(claim).hop(), claims.row(claim).document()), (hop, document));
        assert!(claims.ways_are_sound(&chains));
        claims.set_first(claim, (appearance, hop, DocumentId(4)), &chains);
        assert!(!claims.ways_are_sound(&chains));
    }
}
