//! Entities and their names. Spellings are kept as they were recorded; folding decides which are one. Resolving an ambiguous
//! name is refused here, never guessed.

use super::column::{Column, Sparse, Texts};
use super::crowds::Sets;
use super::draft::Mention;
use super::index::{Index, hash_bytes, hash_numbers};
use super::known_names::KnownNames;
use super::layout::Visit;
use super::namesakes::Namesakes;
use super::postings::{Lists, Postings};
use crate::model::{Cardinality, EntityId, EntityKind, StringId, TimeId, fold, folds_to, script_key};
use smallvec::SmallVec;

/// From so many names on no other spellings of an entity's names are kept: upper and lower case alone would make millions of a long one.
const MOST_SPELLINGS: usize = 64;

/// Entities in columns.
#[derive(Debug, Clone, Default)]
pub struct Entities {
    /// The row of its first name.
    name: Column<u32>,
    kind: Column<u8>,
    /// Bit 0: unnamed; bits 1-2: cardinality.
    flags: Column<u8>,
    /// What tells it from others of its name: `country` in `[Georgia|country]`.
    qualifier: Sparse<u32>,
    /// For unnamed ones: the hash of what makes a mention this one.
    identity: Sparse<u64>,
    identities: Index,
    names: Texts,
    name_entity: Column<u32>,
    name_role: Column<u8>,
    name_index: Index,
    names_of: Postings,
    /// The unnamed ones beyond the first that a wording describes. They share its row: a million officials are one text.
    bearers: Postings,
    known: KnownNames,
    namesakes: Namesakes,
    ids: Texts,
    id_entity: Column<u32>,
    id_index: Index,
    ids_of: Postings,
    /// Parties of several, each once, its members in ascending order.
    groups: Lists,
    group_index: Index,
    member: Column<u32>,
    group: Column<u32>,
    role: Column<u32>,
    period: Column<u32>,
    is_membership: Column<u8>,
    by_member: Postings,
    by_group: Postings,
    affiliation_sets: Sets<Affiliation>,
}

/// Why a name row is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameRole {
    /// The name it was first recorded under.
    First = 0,
    /// Another spelling that folds to a name it had.
    Spelling = 1,
    /// Declared with `also`.
    Alias = 2,
}

/// One affiliation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Affiliation {
    /// Who.
    pub member: EntityId,
    /// With whom; none for a bare title.
    pub group: EntityId,
    /// As what; none for bare membership.
    pub role: StringId,
    /// When; none for unknown.
    pub period: TimeId,
    /// Whether it is membership, which is transitive.
    pub is_membership: bool,
}

impl Entities {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.kind.len()
    }

    /// The name it was first recorded under.
    pub fn name(&self, entity: EntityId) -> &str {
        self.name.get(entity.index()).map_or("", |row| self.names.get(row as usize))
    }

    /// What it is.
    pub fn kind(&self, entity: EntityId) -> EntityKind {
        self.kind.get(entity.index()).and_then(EntityKind::from_number).unwrap_or(EntityKind::Unknown)
    }

    /// Whether it is described rather than named.
    pub fn is_unnamed(&self, entity: EntityId) -> bool {
        self.flags.get(entity.index()).unwrap_or(0) & 1 != 0
    }

    /// How many an unnamed one is.
    pub fn cardinality(&self, entity: EntityId) -> Cardinality {
        let flags = self.flags.get(entity.index()).unwrap_or(0);
        Cardinality::from_number(flags >> 1 & 3).unwrap_or(Cardinality::Unknown)
    }

    /// What tells it from others of its name.
    pub fn qualifier(&self, entity: EntityId) -> Option<StringId> {
        self.qualifier.get(entity.0).map(StringId)
    }

    /// What tells an unnamed one from others of the same wording: a hash of where it was first mentioned, or of its tag.
    pub fn unnamed_identity(&self, entity: EntityId) -> Option<u64> {
        self.identity.get(entity.0)
    }

    /// Every name of an entity with why it is there, in the order recorded.
    pub fn names(&self, entity: EntityId) -> impl Iterator<Item = (&str, NameRole)> {
        self.names_of.get(entity.0).iter().map(|row| {
            let role = match self.name_role.get(row as usize) {
                Some(1) => NameRole::Spelling,
                Some(2) => NameRole::Alias,
                _ => NameRole::First,
            };
            (self.names.get(row as usize), role)
        })
    }

    /// Whether an entity has so few names that another spelling of one is kept.
    pub(super) fn has_room_for_spellings(&self, entity: EntityId) -> bool {
        self.names_of.get(entity.0).len() < MOST_SPELLINGS
    }

    /// Whether an entity has a name in exactly this spelling.
    pub(super) fn is_called(&self, entity: EntityId, name: &str) -> bool {
        const FEW: usize = 16;
        let own = self.names_of.get(entity.0);
        let is_it = |row: u32| self.names.is(row as usize, name);
        if own.len() <= FEW {
            return own.iter().any(is_it);
        }
        self.rows_of(name).into_iter().any(|row| is_it(row) && own.contains(row))
    }

    /// Ids elsewhere: Wikidata, addresses.
    pub fn external_ids(&self, entity: EntityId) -> impl Iterator<Item = &str> {
        self.ids_of.get(entity.0).iter().map(|row| self.ids.get(row as usize))
    }

    /// Whether an entity has an external id.
    pub(super) fn has_external_id(&self, entity: EntityId, id: &str) -> bool {
        let is_it =
            |row: u32| self.id_entity.get(row as usize) == Some(entity.0) && self.ids.is(row as usize, id);
        self.id_index.find(hash_bytes(id.as_bytes()), is_it).is_some()
    }

    /// The entity with an external id.
    pub fn by_external_id(&self, id: &str) -> Option<EntityId> {
        let row = self.id_index.find(hash_bytes(id.as_bytes()), |row| self.ids.is(row as usize, id))?;
        self.id_entity.get(row as usize).map(EntityId)
    }

    /// Every entity that has a name which is one with this, each once, in the order recorded.
    pub fn with_name(&self, name: &str) -> Vec<EntityId> {
        let rows = self.rows_of(name);
        let mut found: Vec<EntityId> = rows.iter().flat_map(|row| self.bearers_of(*row)).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The same without those that are only described.
    pub fn named(&self, name: &str) -> Vec<EntityId> {
        let rows = self.rows_of(name).into_iter();
        let first = rows.filter_map(|row| self.name_entity.get(row as usize).map(EntityId));
        let mut found: Vec<EntityId> = first.filter(|entity| !self.is_unnamed(*entity)).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Whether so many have this name that they are better found by their qualifiers.
    pub(super) fn is_crowded(&self, name: &str) -> bool {
        self.name_index.is_crowded(hash_bytes(fold(name).as_bytes()))
    }

    /// Those of [`Entities::named`] whose own qualifier is this one; `text_of` tells its text.
    pub(super) fn qualified<'g>(
        &'g self,
        name: &str,
        qualifier: &str,
        text_of: impl Fn(StringId) -> &'g str,
    ) -> Vec<EntityId> {
        let entity =
            |row: usize| self.name_entity.get(row).map(EntityId).filter(|one| !self.is_unnamed(*one));
        let both = |row: usize| Some((self.names.get(row), text_of(self.qualifier(entity(row)?)?)));
        let (name, qualifier) = (fold(name), fold(qualifier));
        let rows = self.namesakes.rows(&name, &qualifier, self.names.len(), both);
        let fits = |row: &usize| {
            both(*row).is_some_and(|(known, own)| folds_to(known, &name) && folds_to(own, &qualifier))
        };
        let mut found: Vec<EntityId> =
            rows.into_iter().map(|row| row as usize).filter(fits).filter_map(entity).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    fn rows_of(&self, name: &str) -> Vec<u32> {
        let folded = fold(name);
        let rows = self.name_index.candidates(hash_bytes(folded.as_bytes()));
        // Mostly a name is asked for as it was recorded; folding it again would take longer than all else here.
        let is_it = |known: &str| known == name || folds_to(known, &folded);
        rows.filter(|row| is_it(self.names.get(*row as usize))).collect()
    }

    fn bearers_of(&self, row: u32) -> impl Iterator<Item = EntityId> + '_ {
        self.name_entity.get(row as usize).into_iter().chain(self.bearers.get(row).iter()).map(EntityId)
    }

    /// The entity that a name means, where it was resolved a moment ago.
    #[inline]
    pub(super) fn known(&self, mention: &Mention<'_>) -> Option<EntityId> {
        self.known.get(mention)
    }

    pub(super) fn set_known(&mut self, mention: &Mention<'_>, entity: EntityId) {
        self.known.add(mention, entity);
    }

    /// To be called when names may mean something else than before.
    pub(super) fn forget_known(&mut self) {
        self.known.clear();
    }

    /// Every entity that has a name of the same Latin shape, whatever its script. Reads every name.
    pub fn with_script_key(&self, folded: &str) -> Vec<EntityId> {
        let key = script_key(folded);
        if key.is_empty() {
            return Vec::new();
        }
        // Of ASCII names, which nearly all are where there are very many, folding changes nothing that counts here.
        let letters = |name: &'_ str| {
            let all = name.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_lowercase());
            all.eq(key.bytes())
        };
        let fits = |name: &str| {
            if name.is_ascii() {
                name.len() >= key.len() && letters(name)
            } else {
                script_key(&fold(name)) == key
            }
        };
        let mut found: Vec<EntityId> = (0..self.names.len())
            .filter(|row| fits(self.names.get(*row)))
            .filter_map(|row| self.name_entity.get(row).map(EntityId))
            .collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// How many name rows there are.
    pub fn name_rows(&self) -> usize {
        self.names.len()
    }

    /// Every name row: the text and whose it is.
    pub fn all_names(&self) -> impl Iterator<Item = (&str, EntityId)> {
        self.names.iter().zip(self.name_entity.iter()).map(|(text, entity)| (text, EntityId(entity)))
    }

    /// Who stands behind the number of a party: one entity, or several who act jointly.
    pub fn party(&self, party: Party) -> impl Iterator<Item = EntityId> + '_ {
        let (one, group) = match party.group() {
            Some(row) => (None, Some(row)),
            None => (party.one(), None),
        };
        one.into_iter().chain(group.into_iter().flat_map(|row| self.groups.get(row).map(EntityId)))
    }

    /// The affiliations of an entity.
    pub fn affiliations(&self, entity: EntityId) -> impl Iterator<Item = Affiliation> + '_ {
        self.by_member.get(entity.0).iter().filter_map(|row| self.affiliation(row))
    }

    /// The affiliations with an entity.
    pub fn affiliated_with(&self, entity: EntityId) -> impl Iterator<Item = Affiliation> + '_ {
        self.by_group.get(entity.0).iter().filter_map(|row| self.affiliation(row))
    }

    /// Every affiliation in the order recorded.
    pub fn all_affiliations(&self) -> impl Iterator<Item = Affiliation> + '_ {
        (0..self.member.len() as u32).filter_map(|row| self.affiliation(row))
    }

    fn affiliation(&self, row: u32) -> Option<Affiliation> {
        let at = row as usize;
        Some(Affiliation {
            member: EntityId(self.member.get(at)?),
            group: EntityId(self.group.get(at)?),
            role: StringId(self.role.get(at)?),
            period: TimeId(self.period.get(at)?),
            is_membership: self.is_membership.get(at)? != 0,
        })
    }

    pub(super) fn unnamed_with_identity(&self, identity: u64) -> Option<EntityId> {
        self.identities.find(identity, |row| self.identity.get(row) == Some(identity)).map(EntityId)
    }

    pub(super) fn push(
        &mut self,
        name: &str,
        qualifier: Option<StringId>,
        unnamed: Option<(Cardinality, u64)>,
    ) -> EntityId {
        let entity = EntityId(self.len() as u32);
        if qualifier.is_some() {
            self.forget_known();
        }
        let row = match unnamed.and_then(|_| self.wording(name)) {
            Some(row) => {
                self.bearers.add(row, entity.0);
                self.names_of.add(entity.0, row);
                row
            }
            None => self.push_name(entity, name, NameRole::First),
        };
        self.name.push(row);
        self.kind.push(EntityKind::Unknown.number());
        self.flags.push(unnamed.map_or(0, |(cardinality, _)| 1 | cardinality.number() << 1));
        if let Some(qualifier) = qualifier {
            self.qualifier.set(entity.0, qualifier.0);
        }
        if let Some((_, identity)) = unnamed {
            self.identity.set(entity.0, identity);
            self.identities.add(identity, entity.0);
        }
        entity
    }

    /// The row of a wording that describes somebody already.
    fn wording(&self, name: &str) -> Option<u32> {
        self.name_index.find(hash_bytes(fold(name).as_bytes()), |row| {
            let first = self.name_entity.get(row as usize).map(EntityId);
            self.names.is(row as usize, name) && first.is_some_and(|first| self.is_unnamed(first))
        })
    }

    pub(super) fn push_name(&mut self, entity: EntityId, name: &str, role: NameRole) -> u32 {
        if role == NameRole::Alias {
            self.forget_known();
        }
        let row = self.names.push(name) as u32;
        self.name_entity.push(entity.0);
        self.name_role.push(role as u8);
        self.name_index.add(hash_bytes(fold(name).as_bytes()), row);
        self.names_of.add(entity.0, row);
        row
    }

    pub(super) fn push_external_id(&mut self, entity: EntityId, id: &str) {
        let row = self.ids.push(id) as u32;
        self.id_entity.push(entity.0);
        self.id_index.add(hash_bytes(id.as_bytes()), row);
        self.ids_of.add(entity.0, row);
    }

    pub(super) fn set_kind(&mut self, entity: EntityId, kind: EntityKind) {
        self.kind.set(entity.index(), kind.number());
    }

    /// How many names behind these rows are other spellings of names that were known. Linear in them.
    pub fn spellings_since(&self, rows: usize) -> usize {
        let role = NameRole::Spelling as u8;
        (rows..self.name_role.len()).filter(|row| self.name_role.get(*row) == Some(role)).count()
    }

    pub(super) fn push_affiliation(&mut self, new: Affiliation) {
        let mut sets = std::mem::take(&mut self.affiliation_sets);
        let is_new = sets.is_new(new.member.0, new, self.affiliations(new.member));
        self.affiliation_sets = sets;
        if !is_new {
            return;
        }
        let row = self.member.len() as u32;
        self.member.push(new.member.0);
        self.group.push(new.group.0);
        self.role.push(new.role.0);
        self.period.push(new.period.0);
        self.is_membership.push(u8::from(new.is_membership));
        self.by_member.add(new.member.0, row);
        if new.group.is_some() {
            self.by_group.add(new.group.0, row);
        }
    }

    /// The party of some members, in any order, made if there is none.
    pub(super) fn intern_party(&mut self, members: &[EntityId]) -> Party {
        match members {
            [] => return Party::NONE,
            [one] => return Party::of(*one),
            _ => {}
        }
        let mut members: SmallVec<[u32; 4]> = members.iter().map(|member| member.0).collect();
        members.sort_unstable();
        members.dedup();
        if let [one] = members[..] {
            return Party::of(EntityId(one));
        }
        let Entities { groups, group_index, .. } = self;
        let same = |row: u32| groups.get(row).eq(members.iter().copied());
        let row = group_index.find(party_hash(members.iter().copied()), same).unwrap_or_else(|| {
            let row = groups.push(members.iter().copied());
            group_index.add(party_hash(members.iter().copied()), row);
            row
        });
        Party(row | Party::GROUP)
    }

    pub(super) fn visit(&mut self, v: &mut impl Visit) {
        v.column("entities.name", &mut self.name);
        v.column("entities.kind", &mut self.kind);
        v.column("entities.flags", &mut self.flags);
        v.sparse("entities.qualifier", &mut self.qualifier);
        v.sparse("entities.identity", &mut self.identity);
        v.index("entities.identities", &mut self.identities);
        v.texts("names", &mut self.names);
        v.column("names.entity", &mut self.name_entity);
        v.column("names.role", &mut self.name_role);
        v.index("names.index", &mut self.name_index);
        v.postings("names.of", &mut self.names_of);
        v.postings("names.bearers", &mut self.bearers);
        v.texts("ids", &mut self.ids);
        v.column("ids.entity", &mut self.id_entity);
        v.index("ids.index", &mut self.id_index);
        v.postings("ids.of", &mut self.ids_of);
        v.lists("groups", &mut self.groups);
        v.index("groups.index", &mut self.group_index);
        v.column("affiliations.member", &mut self.member);
        v.column("affiliations.group", &mut self.group);
        v.column("affiliations.role", &mut self.role);
        v.column("affiliations.period", &mut self.period);
        v.column("affiliations.is_membership", &mut self.is_membership);
        v.postings("affiliations.by_member", &mut self.by_member);
        v.postings("affiliations.by_group", &mut self.by_group);
    }

    pub(super) fn fold_in(&mut self) {
        let entities = self.len();
        self.name.fold_in();
        self.kind.fold_in();
        self.flags.fold_in();
        self.qualifier.fold_in();
        self.identity.fold_in();
        self.identities.fold_in(|| self.identity.iter().map(|(row, identity)| (identity, row)).collect());
        self.names.fold_in();
        self.name_entity.fold_in();
        self.name_role.fold_in();
        self.name_index.fold_in(|| {
            let names = self.names.iter().zip(0..);
            names.map(|(name, row)| (hash_bytes(fold(name).as_bytes()), row)).collect()
        });
        self.names_of.fold_in(entities);
        self.bearers.fold_in(self.names.len());
        self.ids.fold_in();
        self.id_entity.fold_in();
        self.id_index.fold_in(|| self.ids.hashes());
        self.ids_of.fold_in(entities);
        self.groups.fold_in();
        let groups = &self.groups;
        self.group_index
            .fold_in(|| (0..groups.len() as u32).map(|row| (party_hash(groups.get(row)), row)).collect());
        for column in [&mut self.member, &mut self.group, &mut self.role, &mut self.period] {
            column.fold_in();
        }
        self.is_membership.fold_in();
        self.by_member.fold_in(entities);
        self.by_group.fold_in(entities);
    }
}

fn party_hash(members: impl Iterator<Item = u32>) -> u64 {
    hash_numbers(&members.map(u64::from).collect::<SmallVec<[u64; 4]>>())
}

/// Who speaks or listens: one entity, or several jointly, in one number. The same several have the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Party(pub u32);

impl Party {
    /// Nobody.
    pub const NONE: Party = Party(u32::MAX);
    const GROUP: u32 = 1 << 31;

    /// One entity.
    pub const fn of(entity: EntityId) -> Party {
        Party(entity.0)
    }

    /// The entity, where it is one.
    pub const fn one(self) -> Option<EntityId> {
        if self.0 & Party::GROUP == 0 { Some(EntityId(self.0)) } else { None }
    }

    /// The row of the group, where they are several.
    pub const fn group(self) -> Option<u32> {
        if self.0 != u32::MAX && self.0 & Party::GROUP != 0 { Some(self.0 & !Party::GROUP) } else { None }
    }

    /// Whether they are several.
    pub const fn is_joint(self) -> bool {
        self.group().is_some()
    }
}
