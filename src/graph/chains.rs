//! Chains: hops, each a relay of what is inside it, and appearances, where a claim came out. Equal hops are stored once and shared
//! by every claim that was carried the same way; a relay of one claim is the pair of that claim and a hop.

use super::column::{Column, Sparse, Texts, View};
use super::entities::Party;
use super::index::{Index, hash_bytes, hash_numbers};
use super::layout::Visit;
use super::postings::{Postings, Targets};
use crate::model::{AppearanceId, Basis, DocumentId, EntityId, HopId, Lexicon, StringId, TimeId, VerbId};
use bytemuck::{Pod, Zeroable};
use hashbrown::HashMap;

/// One relay: a speech act about the speech act before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hop {
    /// What it is about: the relay before, or none for the speaker's own act.
    pub parent: HopId,
    /// Who carried it.
    pub source: Party,
    /// By which cue; [`crate::model::Lexicon::RELAY`] where none is stated.
    pub verb: VerbId,
    /// To whom.
    pub listener: Party,
    /// When it was said or published.
    pub time: TimeId,
    /// Its own hedge.
    pub hedge: StringId,
    /// Whether the text marks it.
    pub basis: Basis,
    /// Whether it says that what is inside was not so.
    pub negated: bool,
    /// Whether it passes on what is inside, and so does every hop inside.
    pub carries: bool,
}

impl Hop {
    /// Whether it says nothing but who carried what.
    fn is_plain(&self) -> bool {
        let by_nobody_else = self.listener == Party::NONE && self.verb == Lexicon::RELAY;
        by_nobody_else
            && !self.time.is_some()
            && !self.hedge.is_some()
            && self.basis == Basis::Marked
            && !self.negated
    }
}

/// Where claims came out: by whom last, and in which document. Whoever asks for one mostly asks for the other.
#[derive(Debug, Clone, Copy, Pod, Zeroable)]
#[repr(C)]
struct Appearance {
    hop: u32,
    document: u32,
}

impl Appearance {
    /// One that is not there.
    const NONE: Appearance = Appearance { hop: u32::MAX, document: u32::MAX };
}

/// The columns of hops that are read of very many claims; see [`Column::view`].
#[derive(Debug)]
pub struct HopColumns<'g> {
    parent: View<'g, u32>,
    source: View<'g, u32>,
}

impl HopColumns<'_> {
    /// Who carried a claim, from the outermost hop inwards.
    #[inline]
    pub fn carriers(&self, outermost: HopId) -> impl Iterator<Item = Party> + '_ {
        // What a hop is about is always an earlier hop, so that every walk ends.
        let inner = |hop: &HopId| {
            HopId(self.parent.get(hop.index()).filter(|parent| *parent < hop.0).unwrap_or(u32::MAX)).some()
        };
        let hops = std::iter::successors(outermost.some(), inner);
        hops.map(|hop| Party(self.source.get(hop.index()).unwrap_or(u32::MAX)))
    }

    /// Reads something of a hop, to have it in the cache.
    #[inline]
    pub fn touch(&self, hop: HopId) -> u32 {
        self.source.get(hop.index()).unwrap_or(0) ^ self.parent.get(hop.index()).unwrap_or(0)
    }
}

/// Hops and appearances in columns.
#[derive(Debug, Clone, Default)]
pub struct Chains {
    parent: Column<u32>,
    source: Column<u32>,
    verb: Column<u16>,
    listener: Sparse<u32>,
    time: Column<u32>,
    hedge: Sparse<u32>,
    /// Bit 0: inferred; bit 1: negated; bit 2: carries.
    flags: Column<u8>,
    /// Explicit ids of relays, with the claim each relays.
    id: Texts,
    id_hop: Column<u32>,
    id_claim: Column<u32>,
    id_index: Index,
    hop_index: Index,
    appearances: Column<Appearance>,
    appearance_index: Index,
    by_source: Postings,
    by_parent: Postings,
    by_hop: Postings,
    by_document: Postings,
    /// Plain hops by what they are about and who carried it: a shortcut to those that were looked for since all was folded in.
    plain: HashMap<(HopId, Party), HopId>,
    /// While much is loaded at once: of each document the way in which something appeared there last. Mostly the next appears so too.
    latest: Vec<u32>,
}

impl Chains {
    /// How many hops there are.
    pub fn hops(&self) -> usize {
        self.parent.len()
    }

    /// How many appearances there are.
    pub fn appearances(&self) -> usize {
        self.appearances.len()
    }

    /// A hop; nothing for none.
    pub fn hop(&self, hop: HopId) -> Option<Hop> {
        let at = hop.index();
        let flags = self.flags.get(at)?;
        Some(Hop {
            parent: HopId(self.parent.get(at)?),
            source: Party(self.source.get(at)?),
            verb: VerbId(self.verb.get(at)?.into()),
            listener: Party(self.listener.get(hop.0).unwrap_or(u32::MAX)),
            time: TimeId(self.time.get(at)?),
            hedge: self.hedge(hop),
            basis: if flags & 1 != 0 { Basis::Inferred } else { Basis::Marked },
            negated: flags & 2 != 0,
            carries: flags & 4 != 0,
        })
    }

    /// What a hop is about. Always an earlier hop, so that every walk inwards ends.
    #[inline]
    pub fn parent(&self, hop: HopId) -> HopId {
        HopId(self.parent.get(hop.index()).filter(|parent| *parent < hop.0).unwrap_or(u32::MAX))
    }

    /// The hops of a chain from the outermost inwards.
    pub fn inwards(&self, outermost: HopId) -> impl Iterator<Item = HopId> + '_ {
        std::iter::successors(outermost.some(), |hop| self.parent(*hop).some())
    }

    /// The hops of a chain from the speaker outwards.
    pub fn outwards(&self, outermost: HopId) -> Vec<HopId> {
        let mut hops: Vec<HopId> = self.inwards(outermost).collect();
        hops.reverse();
        hops
    }

    /// Who carried a hop.
    #[inline]
    pub fn source(&self, hop: HopId) -> Party {
        Party(self.source.get(hop.index()).unwrap_or(u32::MAX))
    }

    /// The hedge of a hop.
    #[inline]
    pub fn hedge(&self, hop: HopId) -> StringId {
        StringId(self.hedge.get(hop.0).unwrap_or(u32::MAX))
    }

    /// Whether any hop has a hedge: mostly none has.
    #[inline]
    pub fn has_hedges(&self) -> bool {
        !self.hedge.is_empty()
    }

    /// Whether a hop and all inside it pass the claim on; true for none.
    #[inline]
    pub fn carries(&self, hop: HopId) -> bool {
        self.flags.get(hop.index()).is_none_or(|flags| flags & 4 != 0)
    }

    /// The outermost hop of an appearance.
    #[inline]
    pub fn outermost_hop(&self, appearance: AppearanceId) -> HopId {
        self.appearance(appearance).0
    }

    /// The document of an appearance.
    #[inline]
    pub fn document(&self, appearance: AppearanceId) -> DocumentId {
        self.appearance(appearance).1
    }

    /// The outermost hop and the document of an appearance.
    #[inline]
    pub fn appearance(&self, appearance: AppearanceId) -> (HopId, DocumentId) {
        let Appearance { hop, document } =
            self.appearances.get(appearance.index()).unwrap_or(Appearance::NONE);
        (HopId(hop), DocumentId(document))
    }

    /// A hash of all of an appearance but its cues: those that differ in nothing else have the same.
    pub(super) fn shape(&self, appearance: AppearanceId) -> u64 {
        let (outermost, document) = self.appearance(appearance);
        let mut numbers = vec![u64::from(document.0)];
        for hop in self.inwards(outermost).filter_map(|hop| self.hop(hop)) {
            numbers.extend([hop.source.0, hop.listener.0, hop.time.0, hop.hedge.0].map(u64::from));
        }
        hash_numbers(&numbers)
    }

    /// The columns for reading very many hops; see [`Column::view`].
    pub fn columns(&self, whole: bool) -> HopColumns<'_> {
        HopColumns { parent: self.parent.view(whole), source: self.source.view(whole) }
    }

    /// The hop with an explicit id, and the claim that it relays.
    pub fn by_id(&self, id: &str) -> Option<(u32, HopId)> {
        self.with_id(id, hash_bytes(id.as_bytes()))
    }

    pub(super) fn with_id(&self, id: &str, hash: u64) -> Option<(u32, HopId)> {
        let row = self.id_index.find(hash, |row| self.id.is(row as usize, id))? as usize;
        Some((self.id_claim.get(row)?, HopId(self.id_hop.get(row)?)))
    }

    /// Whether the relays that have ids are in order. Reads all of them.
    pub fn ids_are_sound(&self) -> bool {
        self.id_hop.iter().is_sorted_by(|a, b| a < b)
    }

    /// The explicit id of a hop as a relay of a claim.
    pub fn id(&self, claim: u32, hop: HopId) -> Option<&str> {
        if self.id.len() == 0 {
            return None;
        }
        // A relay gets its id when it is recorded, and hops are never in another order.
        let row = self.id_hop.place_of(hop.0)?;
        (self.id_claim.get(row)? == claim).then(|| self.id.get(row))
    }

    /// Every explicit id of a relay.
    pub fn ids(&self) -> impl Iterator<Item = (&str, u32, HopId)> {
        self.id.iter().zip(self.id_claim.iter()).zip(self.id_hop.iter()).map(|((id, c), h)| (id, c, HopId(h)))
    }

    /// Every hop that an entity carried.
    pub fn by_source(&self, entity: EntityId) -> Targets<'_> {
        self.by_source.get(entity.0)
    }

    /// Every hop directly about a hop.
    pub fn by_parent(&self, hop: HopId) -> Targets<'_> {
        self.by_parent.get(hop.0)
    }

    /// Every appearance whose outermost hop this is.
    pub fn by_hop(&self, hop: HopId) -> Targets<'_> {
        self.by_hop.get(hop.0)
    }

    /// Every appearance in a document.
    pub fn by_document(&self, document: DocumentId) -> Targets<'_> {
        self.by_document.get(document.0)
    }

    fn hop_hash(hop: &Hop) -> u64 {
        let flags = u64::from(hop.negated) | u64::from(hop.basis.number()) << 1 | u64::from(hop.verb.0) << 8;
        hash_numbers(&[
            hop.parent.0.into(),
            hop.source.0.into(),
            flags,
            hop.listener.0.into(),
            hop.time.0.into(),
            hop.hedge.0.into(),
        ])
    }

    pub(super) fn intern_hop(&mut self, hop: &Hop, sources: &[EntityId]) -> HopId {
        let plain = hop.is_plain().then_some((hop.parent, hop.source));
        if let Some(known) = plain.and_then(|plain| self.plain.get(&plain)) {
            return *known;
        }
        let hash = Chains::hop_hash(hop);
        let row = match self.hop_index.find(hash, |row| self.hop(HopId(row)).as_ref() == Some(hop)) {
            Some(row) => HopId(row),
            None => {
                let row = self.push_hop(hop, sources);
                self.hop_index.add(hash, row.0);
                row
            }
        };
        if let Some(plain) = plain {
            self.plain.insert(plain, row);
        }
        row
    }

    /// Reads what will be read to find by whom something was carried: the hop, where it is known.
    pub(super) fn touch_hop(&self, parent: HopId, source: EntityId) -> Option<HopId> {
        self.plain.get(&(parent, Party::of(source))).copied()
    }

    /// Reads what will be read first to find how something appeared in a document.
    pub(super) fn touch(&self, document: u32) -> AppearanceId {
        AppearanceId(self.latest.get(document as usize).copied().unwrap_or(u32::MAX))
    }

    /// A relay with an explicit id is one of its own: it is not shared.
    pub(super) fn push_hop(&mut self, hop: &Hop, sources: &[EntityId]) -> HopId {
        let row = self.hops() as u32;
        self.parent.push(hop.parent.0);
        self.source.push(hop.source.0);
        self.verb.push(hop.verb.0 as u16);
        if hop.listener != Party::NONE {
            self.listener.set(row, hop.listener.0);
        }
        self.time.push(hop.time.0);
        if hop.hedge.is_some() {
            self.hedge.set(row, hop.hedge.0);
        }
        self.flags.push(hop.basis.number() | u8::from(hop.negated) << 1 | u8::from(hop.carries) << 2);
        for source in sources {
            self.by_source.add(source.0, row);
        }
        if hop.parent.is_some() {
            self.by_parent.add(hop.parent.0, row);
        }
        HopId(row)
    }

    pub(super) fn push_id(&mut self, id: &str, claim: u32, hop: HopId) {
        let row = self.id.push(id) as u32;
        self.id_hop.push(hop.0);
        self.id_claim.push(claim);
        self.id_index.add(hash_bytes(id.as_bytes()), row);
    }

    pub(super) fn intern_appearance(&mut self, hop: HopId, document: DocumentId) -> AppearanceId {
        let latest = self.latest.get(document.index()).copied().map(AppearanceId);
        if let Some(latest) = latest.filter(|latest| self.appearance(*latest) == (hop, document)) {
            return latest;
        }
        let appearance = self.find_or_push_appearance(hop, document);
        if self.is_deferred() && document.is_some() {
            let rows = self.latest.len().max(document.index() + 1);
            self.latest.resize(rows, u32::MAX);
            if let Some(latest) = self.latest.get_mut(document.index()) {
                *latest = appearance.0;
            }
        }
        appearance
    }

    fn find_or_push_appearance(&mut self, hop: HopId, document: DocumentId) -> AppearanceId {
        let hash = hash_numbers(&[hop.0.into(), document.0.into()]);
        let found =
            self.appearance_index.find(hash, |row| self.appearance(AppearanceId(row)) == (hop, document));
        if let Some(row) = found {
            return AppearanceId(row);
        }
        if self.appearances() == 0 && (hop.is_some() || document.is_some()) {
            // The way of nobody in no document is always the first, so that its number says nothing of who needed it when.
            self.intern_appearance(HopId::NONE, DocumentId::NONE);
        }
        let row = self.appearances() as u32;
        self.appearances.push(Appearance { hop: hop.0, document: document.0 });
        self.appearance_index.add(hash, row);
        if hop.is_some() {
            self.by_hop.add(hop.0, row);
        }
        if document.is_some() {
            self.by_document.add(document.0, row);
        }
        AppearanceId(row)
    }

    pub(super) fn visit(&mut self, v: &mut impl Visit) {
        v.column("hops.parent", &mut self.parent);
        v.column("hops.source", &mut self.source);
        v.column("hops.verb", &mut self.verb);
        v.sparse("hops.listener", &mut self.listener);
        v.column("hops.time", &mut self.time);
        v.sparse("hops.hedge", &mut self.hedge);
        v.column("hops.flags", &mut self.flags);
        v.texts("hops.id", &mut self.id);
        v.column("hops.id_hop", &mut self.id_hop);
        v.column("hops.id_claim", &mut self.id_claim);
        v.index("hops.ids", &mut self.id_index);
        v.index("hops.index", &mut self.hop_index);
        v.column("appearances.row", &mut self.appearances);
        v.index("appearances.index", &mut self.appearance_index);
        v.postings("hops.by_source", &mut self.by_source);
        v.postings("hops.by_parent", &mut self.by_parent);
        v.postings("appearances.by_hop", &mut self.by_hop);
        v.postings("appearances.by_document", &mut self.by_document);
    }

    pub(super) fn is_deferred(&self) -> bool {
        self.by_source.is_deferred()
    }

    pub(super) fn defer(&mut self, on: bool) {
        for postings in [&mut self.by_source, &mut self.by_parent, &mut self.by_hop, &mut self.by_document] {
            postings.defer(on);
        }
        self.latest = Vec::new();
    }

    pub(super) fn fold_in(&mut self, entities: usize, documents: usize) {
        self.plain = HashMap::new();
        self.latest = Vec::new();
        for column in
            [&mut self.parent, &mut self.source, &mut self.time, &mut self.id_hop, &mut self.id_claim]
        {
            column.fold_in();
        }
        self.appearances.fold_in();
        self.verb.fold_in();
        self.listener.fold_in();
        self.hedge.fold_in();
        self.flags.fold_in();
        self.id.fold_in();
        self.id_index.fold_in(|| self.id.hashes());
        let mut index = std::mem::take(&mut self.hop_index);
        index.fold_in(|| {
            // Relays with an explicit id are never looked up by their looks.
            let own: std::collections::BTreeSet<u32> = self.id_hop.iter().collect();
            let shared = (0..self.hops() as u32).filter(|row| !own.contains(row));
            shared.filter_map(|row| Some((Chains::hop_hash(&self.hop(HopId(row))?), row))).collect()
        });
        self.hop_index = index;
        self.appearance_index.fold_in(|| {
            let ways = self.appearances.iter().zip(0..);
            ways.map(|(way, row)| (hash_numbers(&[way.hop.into(), way.document.into()]), row)).collect()
        });
        let hops = self.hops();
        self.by_source.fold_in(entities);
        self.by_parent.fold_in(hops);
        self.by_hop.fold_in(hops);
        self.by_document.fold_in(documents);
    }
}
