//! What is stated beside claims: links, ratings, free fields, and the log of when things were recorded.

use super::column::{Column, Texts};
use super::crowds::Sets;
use super::index::{Index, hash_numbers};
use super::layout::Visit;
use super::postings::Postings;
use crate::model::{
    ClaimId, ClaimRef, Content, DocumentId, EntityId, Grade, HopId, LinkRelation, PropositionId, StringId,
    TimeId,
};

/// One end of a link, or what a rating or a free field belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Node {
    /// A content.
    Content(Content),
    /// A claim, or a relay of one.
    Claim(ClaimRef),
    /// An entity.
    Entity(EntityId),
    /// A document.
    Document(DocumentId),
}

impl Node {
    /// The number of its kind and its two numbers, as columns hold them.
    fn packed(self) -> (u8, u32, u32) {
        match self {
            Node::Content(content) => (0, content.proposition.0, content.negated.into()),
            Node::Claim(claim) => (1, claim.claim.0, claim.hop.0),
            Node::Entity(entity) => (2, entity.0, 0),
            Node::Document(document) => (3, document.0, 0),
        }
    }

    fn unpacked(kind: u8, a: u32, b: u32) -> Option<Node> {
        Some(match kind {
            0 => Node::Content(Content { proposition: PropositionId(a), negated: b != 0 }),
            1 => Node::Claim(ClaimRef { claim: ClaimId(a), hop: HopId(b) }),
            2 => Node::Entity(EntityId(a)),
            3 => Node::Document(DocumentId(a)),
            _ => return None,
        })
    }
}

/// Nodes in columns.
#[derive(Debug, Clone, Default)]
struct Nodes {
    kind: Column<u8>,
    a: Column<u32>,
    b: Column<u32>,
}

impl Nodes {
    fn push(&mut self, node: Node) {
        let (kind, a, b) = node.packed();
        self.kind.push(kind);
        self.a.push(a);
        self.b.push(b);
    }

    fn get(&self, row: usize) -> Option<Node> {
        Node::unpacked(self.kind.get(row)?, self.a.get(row)?, self.b.get(row)?)
    }

    fn visit(&mut self, name: &str, v: &mut impl Visit) {
        v.column(&format!("{name}.kind"), &mut self.kind);
        v.column(&format!("{name}.a"), &mut self.a);
        v.column(&format!("{name}.b"), &mut self.b);
    }

    fn fold_in(&mut self) {
        self.kind.fold_in();
        self.a.fold_in();
        self.b.fold_in();
    }
}

/// A stated relation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    /// The left end.
    pub left: Node,
    /// The relation.
    pub relation: LinkRelation,
    /// The right end.
    pub right: Node,
}

impl Link {
    /// The same for both directions.
    fn hash(&self) -> u64 {
        let numbers = |node: Node| {
            let (kind, a, b) = node.packed();
            [u64::from(kind), a.into(), b.into()]
        };
        let (one, other) = (numbers(self.left), numbers(self.right));
        let both = [one.min(other), one.max(other)].concat();
        hash_numbers(&[&[u64::from(self.relation.number())], &both[..]].concat())
    }
}

/// Links in columns.
#[derive(Debug, Clone, Default)]
pub struct Links {
    left: Nodes,
    relation: Column<u8>,
    right: Nodes,
    /// The interned reason for which it was withdrawn, plus one; zero for none.
    void: Column<u32>,
    by_proposition: Postings,
    /// The links of each relation, by its number: some are few beside the others.
    by_relation: Postings,
    /// Every link by its hash, as far as it was needed; no part of a file.
    index: Index,
    indexed: usize,
}

impl Links {
    /// How many were ever stated.
    pub fn len(&self) -> usize {
        self.relation.len()
    }

    /// A link that still holds.
    pub fn get(&self, row: usize) -> Option<Link> {
        if self.void.get(row)? != 0 { None } else { self.stated(row) }
    }

    /// A link, also a withdrawn one.
    pub fn stated(&self, row: usize) -> Option<Link> {
        Some(Link {
            left: self.left.get(row)?,
            relation: LinkRelation::from_number(self.relation.get(row)?)?,
            right: self.right.get(row)?,
        })
    }

    /// Why a link was withdrawn.
    pub fn void_reason(&self, row: usize) -> Option<StringId> {
        self.void.get(row)?.checked_sub(1).map(StringId)
    }

    /// Every link that holds, in the order stated.
    pub fn iter(&self) -> impl Iterator<Item = Link> + '_ {
        (0..self.len()).filter_map(|row| self.get(row))
    }

    /// Every link of these relations that holds, in the order stated.
    pub fn of_relations(&self, relations: &[LinkRelation]) -> impl Iterator<Item = Link> + '_ {
        let each = relations.iter().flat_map(|one| self.by_relation.get(one.number().into()).iter());
        let mut rows: Vec<u32> = each.collect();
        rows.sort_unstable();
        rows.into_iter().filter_map(|row| self.get(row as usize))
    }

    /// How many links of a relation were ever stated.
    pub fn count(&self, relation: LinkRelation) -> usize {
        self.by_relation.count(relation.number().into())
    }

    /// Every link that holds and has this proposition at an end.
    pub fn of_proposition(&self, proposition: PropositionId) -> impl Iterator<Item = Link> + '_ {
        self.by_proposition.get(proposition.0).iter().filter_map(|row| self.get(row as usize))
    }

    /// The row of a link, also of a withdrawn one. Constant, but for reading all links once after a graph was opened.
    pub(super) fn find(&mut self, link: &Link) -> Option<usize> {
        for row in self.indexed..self.len() {
            if let Some(known) = self.stated(row) {
                self.index.add(known.hash(), row as u32);
            }
        }
        self.indexed = self.len();
        let other = Link { left: link.right, relation: link.relation, right: link.left };
        let same = |row: u32| {
            self.stated(row as usize)
                .is_some_and(|known| known == *link || link.relation.is_symmetric() && known == other)
        };
        self.index.find(link.hash(), same).map(|row| row as usize)
    }

    pub(super) fn push(&mut self, link: &Link) -> bool {
        if let Some(row) = self.find(link) {
            return self.void.get(row) != Some(0) && {
                self.void.set(row, 0);
                true
            };
        }
        let row = self.len() as u32;
        self.left.push(link.left);
        self.right.push(link.right);
        self.relation.push(link.relation.number());
        self.void.push(0);
        self.by_relation.add(link.relation.number().into(), row);
        for end in [link.left, link.right] {
            if let Node::Content(content) = end {
                self.by_proposition.add(content.proposition.0, row);
            }
        }
        true
    }

    pub(super) fn set_void(&mut self, row: usize, reason: StringId) {
        self.void.set(row, reason.0 + 1);
    }

    pub(super) fn visit(&mut self, v: &mut impl Visit) {
        self.left.visit("links.left", v);
        v.column("links.relation", &mut self.relation);
        self.right.visit("links.right", v);
        v.column("links.void", &mut self.void);
        v.postings("links.by_proposition", &mut self.by_proposition);
        v.postings("links.by_relation", &mut self.by_relation);
    }

    pub(super) fn fold_in(&mut self, propositions: usize) {
        self.left.fold_in();
        self.relation.fold_in();
        self.right.fold_in();
        self.void.fold_in();
        self.by_proposition.fold_in(propositions);
        self.by_relation.fold_in(self.by_relation.sources());
    }
}

/// Somebody's grade for a source or a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rating {
    /// Who grades.
    pub assessor: EntityId,
    /// A source or a claim.
    pub what: Node,
    /// The grade.
    pub grade: Grade,
    /// On which topics; empty for all.
    pub about: Vec<EntityId>,
    /// For which period.
    pub period: TimeId,
}

/// Ratings in columns.
#[derive(Debug, Clone, Default)]
pub struct Ratings {
    assessor: Column<u32>,
    what: Nodes,
    grade: Column<u8>,
    period: Column<u32>,
    about: super::postings::Lists,
    /// Every rating by its hash, as far as it was needed; no part of a file.
    index: Index,
    indexed: usize,
}

impl Rating {
    fn hash(&self) -> u64 {
        let (kind, a, b) = self.what.packed();
        let grade = u64::from(self.grade.number());
        let fixed = [self.assessor.0.into(), kind.into(), a.into(), b.into(), grade, self.period.0.into()];
        let numbers: Vec<u64> = fixed.into_iter().chain(self.about.iter().map(|one| one.0.into())).collect();
        hash_numbers(&numbers)
    }
}

impl Ratings {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.grade.len()
    }

    /// A rating.
    pub fn get(&self, row: usize) -> Option<Rating> {
        Some(Rating {
            assessor: EntityId(self.assessor.get(row)?),
            what: self.what.get(row)?,
            grade: Grade::from_number(self.grade.get(row)?)?,
            about: self.about.get(row as u32).map(EntityId).collect(),
            period: TimeId(self.period.get(row)?),
        })
    }

    /// Every rating in the order given.
    pub fn iter(&self) -> impl Iterator<Item = Rating> + '_ {
        (0..self.len()).filter_map(|row| self.get(row))
    }

    pub(super) fn push(&mut self, rating: &Rating) -> bool {
        for row in self.indexed..self.len() {
            if let Some(known) = self.get(row) {
                self.index.add(known.hash(), row as u32);
            }
        }
        self.indexed = self.len();
        if self.index.find(rating.hash(), |row| self.get(row as usize).as_ref() == Some(rating)).is_some() {
            return false;
        }
        self.assessor.push(rating.assessor.0);
        self.what.push(rating.what);
        self.grade.push(rating.grade.number());
        self.period.push(rating.period.0);
        self.about.push(rating.about.iter().map(|e| e.0));
        true
    }

    pub(super) fn visit(&mut self, v: &mut impl Visit) {
        v.column("ratings.assessor", &mut self.assessor);
        self.what.visit("ratings.what", v);
        v.column("ratings.grade", &mut self.grade);
        v.column("ratings.period", &mut self.period);
        v.lists("ratings.about", &mut self.about);
    }

    pub(super) fn fold_in(&mut self) {
        self.assessor.fold_in();
        self.what.fold_in();
        self.grade.fold_in();
        self.period.fold_in();
        self.about.fold_in();
    }
}

/// What kind of value a free field holds, so that it is written back as it came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// A text.
    Text = 0,
    /// A number, as written.
    Number = 1,
    /// A date, as written.
    Date = 2,
    /// A bare word such as `yes`.
    Word = 3,
    /// A name in brackets.
    Name = 4,
    /// Any other JSON value, as JSON.
    Json = 5,
}

impl FieldKind {
    fn from_number(number: u8) -> FieldKind {
        match number {
            1 => FieldKind::Number,
            2 => FieldKind::Date,
            3 => FieldKind::Word,
            4 => FieldKind::Name,
            5 => FieldKind::Json,
            _ => FieldKind::Text,
        }
    }
}

/// Free fields of claims and documents.
#[derive(Debug, Clone, Default)]
pub struct Fields {
    key: Column<u32>,
    kind: Column<u8>,
    value: Texts,
    of_claim: Postings,
    of_document: Postings,
    keys_of_claims: Sets<StringId>,
    keys_of_documents: Sets<StringId>,
}

impl Fields {
    fn get(&self, row: u32) -> Option<(StringId, FieldKind, &str)> {
        let at = row as usize;
        Some((StringId(self.key.get(at)?), FieldKind::from_number(self.kind.get(at)?), self.value.get(at)))
    }

    /// The free fields of a claim, in the order recorded.
    pub fn of_claim(&self, claim: ClaimId) -> impl Iterator<Item = (StringId, FieldKind, &str)> {
        self.of_claim.get(claim.0).iter().filter_map(|row| self.get(row))
    }

    /// The free fields of a document, in the order recorded.
    pub fn of_document(&self, document: DocumentId) -> impl Iterator<Item = (StringId, FieldKind, &str)> {
        self.of_document.get(document.0).iter().filter_map(|row| self.get(row))
    }

    fn push(&mut self, key: StringId, kind: FieldKind, value: &str) -> u32 {
        self.key.push(key.0);
        self.kind.push(kind as u8);
        self.value.push(value) as u32
    }

    /// Gives a claim a field unless it has one of that key already.
    pub(super) fn set_of_claim(&mut self, claim: ClaimId, key: StringId, kind: FieldKind, value: &str) {
        if is_new(&mut self.keys_of_claims, &self.of_claim, &self.key, claim.0, key) {
            let row = self.push(key, kind, value);
            self.of_claim.add(claim.0, row);
        }
    }

    /// Gives a document a field unless it has one of that key already.
    pub(super) fn set_of_document(
        &mut self,
        document: DocumentId,
        key: StringId,
        kind: FieldKind,
        value: &str,
    ) {
        if is_new(&mut self.keys_of_documents, &self.of_document, &self.key, document.0, key) {
            let row = self.push(key, kind, value);
            self.of_document.add(document.0, row);
        }
    }

    pub(super) fn visit(&mut self, v: &mut impl Visit) {
        v.column("fields.key", &mut self.key);
        v.column("fields.kind", &mut self.kind);
        v.texts("fields.value", &mut self.value);
        v.postings("fields.of_claim", &mut self.of_claim);
        v.postings("fields.of_document", &mut self.of_document);
    }

    pub(super) fn fold_in(&mut self) {
        self.key.fold_in();
        self.kind.fold_in();
        self.value.fold_in();
        // Free fields are rare: no folded list is longer than the last row that has one.
        self.of_claim.fold_in(self.of_claim.sources());
        self.of_document.fold_in(self.of_document.sources());
    }
}

/// Whether a claim or a document has no field of this key yet.
fn is_new(sets: &mut Sets<StringId>, of: &Postings, keys: &Column<u32>, thing: u32, key: StringId) -> bool {
    let rows = of.get(thing);
    sets.is_new(thing, key, rows.iter().filter_map(|row| keys.get(row as usize).map(StringId)))
}

/// The log: when rows were recorded. Rows are only ever added, so a batch is the rows from its first on.
#[derive(Debug, Clone, Default)]
pub struct Log {
    at: Column<i64>,
    first_claim: Column<u32>,
    first_appearance: Column<u32>,
    name: Column<u32>,
}

/// One batch of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Batch {
    /// When, in seconds since 1970.
    pub at: i64,
    /// Its first claim.
    pub first_claim: ClaimId,
    /// The number of appearances before it.
    pub first_appearance: u32,
    /// Where it came from.
    pub name: StringId,
}

impl Log {
    /// Every batch in order.
    pub fn batches(&self) -> impl Iterator<Item = Batch> + '_ {
        (0..self.at.len()).filter_map(|row| {
            Some(Batch {
                at: self.at.get(row)?,
                first_claim: ClaimId(self.first_claim.get(row)?),
                first_appearance: self.first_appearance.get(row)?,
                name: StringId(self.name.get(row)?),
            })
        })
    }

    /// When a claim was recorded. Logarithmic in the number of batches.
    pub fn recorded(&self, claim: ClaimId) -> Option<i64> {
        let (mut low, mut high) = (0, self.at.len());
        while low < high {
            let middle = usize::midpoint(low, high);
            if self.first_claim.get(middle)? <= claim.0 { low = middle + 1 } else { high = middle }
        }
        self.at.get(low.checked_sub(1)?)
    }

    /// The claim before which everything was recorded before `second`.
    pub fn claims_before(&self, second: i64) -> ClaimId {
        self.batches().find(|batch| batch.at >= second).map_or(ClaimId(u32::MAX), |batch| batch.first_claim)
    }

    pub(super) fn push(&mut self, batch: Batch) {
        let last = self.at.len().wrapping_sub(1);
        let same = self.at.get(last) == Some(batch.at) && self.name.get(last) == Some(batch.name.0);
        if same {
            return;
        }
        // A clock that was set back must not reorder the log.
        let at = self.at.get(last).map_or(batch.at, |before| before.max(batch.at));
        self.at.push(at);
        self.first_claim.push(batch.first_claim.0);
        self.first_appearance.push(batch.first_appearance);
        self.name.push(batch.name.0);
    }

    pub(super) fn visit(&mut self, v: &mut impl Visit) {
        v.column("log.at", &mut self.at);
        v.column("log.first_claim", &mut self.first_claim);
        v.column("log.first_appearance", &mut self.first_appearance);
        v.column("log.name", &mut self.name);
    }

    pub(super) fn fold_in(&mut self) {
        self.at.fold_in();
        self.first_claim.fold_in();
        self.first_appearance.fold_in();
        self.name.fold_in();
    }
}
