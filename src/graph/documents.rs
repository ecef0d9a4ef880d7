//! Documents: where claims were published, by whom, when, and what they cite.

use super::column::{Column, Sparse, Texts};
use super::index::{Index, hash_bytes};
use super::layout::Visit;
use super::postings::{Postings, Targets};
use crate::model::{DocumentId, EntityId, StringId, TimeId};

/// Documents in columns.
#[derive(Debug, Clone, Default)]
pub struct Documents {
    /// Its address, or its own name.
    key: Texts,
    is_address: Column<u8>,
    outlet: Column<u32>,
    published: Column<u32>,
    retrieved: Sparse<u32>,
    title: Sparse<u32>,
    titles: Texts,
    language: Sparse<u32>,
    index: Index,
    cites_documents: Postings,
    cites_sources: Postings,
    cited_by: Postings,
    source_cited_by: Postings,
    by_outlet: Postings,
}

impl Documents {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.outlet.len()
    }

    /// Its address, or its own name.
    pub fn key(&self, document: DocumentId) -> &str {
        self.key.get(document.index())
    }

    /// Whether its key is an address.
    pub fn is_address(&self, document: DocumentId) -> bool {
        self.is_address.get(document.index()).unwrap_or(0) != 0
    }

    /// Who published it.
    pub fn outlet(&self, document: DocumentId) -> EntityId {
        EntityId(self.outlet.get(document.index()).unwrap_or(u32::MAX))
    }

    /// When it was published.
    #[inline]
    pub fn published(&self, document: DocumentId) -> TimeId {
        TimeId(self.published.get(document.index()).unwrap_or(u32::MAX))
    }

    /// When it was retrieved.
    pub fn retrieved(&self, document: DocumentId) -> TimeId {
        TimeId(self.retrieved.get(document.0).unwrap_or(u32::MAX))
    }

    /// Its title; empty for none.
    pub fn title(&self, document: DocumentId) -> &str {
        self.title.get(document.0).map_or("", |row| self.titles.get(row as usize))
    }

    /// The language it is in.
    pub fn language(&self, document: DocumentId) -> StringId {
        StringId(self.language.get(document.0).unwrap_or(u32::MAX))
    }

    /// The document of a key.
    pub fn find(&self, key: &str) -> Option<DocumentId> {
        self.index.find(hash_bytes(key.as_bytes()), |row| self.key.is(row as usize, key)).map(DocumentId)
    }

    /// The documents it cites.
    pub fn cites_documents(&self, document: DocumentId) -> Targets<'_> {
        self.cites_documents.get(document.0)
    }

    /// The sources it cites, without saying in which document.
    pub fn cites_sources(&self, document: DocumentId) -> Targets<'_> {
        self.cites_sources.get(document.0)
    }

    /// The documents that cite it.
    pub fn cited_by(&self, document: DocumentId) -> Targets<'_> {
        self.cited_by.get(document.0)
    }

    /// The documents that cite a source.
    pub fn source_cited_by(&self, source: EntityId) -> Targets<'_> {
        self.source_cited_by.get(source.0)
    }

    /// The documents of an outlet.
    pub fn by_outlet(&self, outlet: EntityId) -> Targets<'_> {
        self.by_outlet.get(outlet.0)
    }

    pub(super) fn intern(&mut self, key: &str, is_address: bool) -> DocumentId {
        self.intern_by(key, hash_bytes(key.as_bytes()), is_address)
    }

    /// The same where the hash of the key is known.
    pub(super) fn intern_by(&mut self, key: &str, hash: u64, is_address: bool) -> DocumentId {
        if let Some(row) = self.index.find(hash, |row| self.key.is(row as usize, key)) {
            return DocumentId(row);
        }
        let row = self.key.push(key) as u32;
        self.index.add(hash, row);
        self.is_address.push(u8::from(is_address));
        self.outlet.push(u32::MAX);
        self.published.push(u32::MAX);
        DocumentId(row)
    }

    /// Reads what will be read to find the document of a key.
    pub(super) fn touch(&self, hash: u64) -> Option<u32> {
        self.index.near(hash)
    }

    /// The same for what will be compared there.
    pub(super) fn touch_row(&self, row: u32) -> u32 {
        let row = row as usize;
        let columns = self.outlet.get(row).unwrap_or(0) ^ self.published.get(row).unwrap_or(0);
        columns ^ u32::from(self.key.touch(row))
    }

    /// Each setter keeps what is known and tells whether the new value agrees with it.
    pub(super) fn set_outlet(&mut self, document: DocumentId, outlet: EntityId) -> bool {
        let known = self.outlet(document);
        if !known.is_some() {
            self.outlet.set(document.index(), outlet.0);
            self.by_outlet.add(outlet.0, document.0);
        }
        !known.is_some() || known == outlet
    }

    pub(super) fn set_published(&mut self, document: DocumentId, time: TimeId) -> bool {
        let known = self.published(document);
        if !known.is_some() {
            self.published.set(document.index(), time.0);
        }
        !known.is_some() || known == time
    }

    pub(super) fn set_retrieved(&mut self, document: DocumentId, time: TimeId) -> bool {
        let known = self.retrieved(document);
        if !known.is_some() {
            self.retrieved.set(document.0, time.0);
        }
        !known.is_some() || known == time
    }

    pub(super) fn set_title(&mut self, document: DocumentId, title: &str) -> bool {
        if self.title(document).is_empty() {
            let row = self.titles.push(title) as u32;
            self.title.set(document.0, row);
        }
        self.title(document) == title
    }

    pub(super) fn set_language(&mut self, document: DocumentId, language: StringId) -> bool {
        let known = self.language(document);
        if !known.is_some() {
            self.language.set(document.0, language.0);
        }
        !known.is_some() || known == language
    }

    pub(super) fn cite_document(&mut self, document: DocumentId, cited: DocumentId) {
        self.cites_documents.add(document.0, cited.0);
        self.cited_by.add(cited.0, document.0);
    }

    pub(super) fn cite_source(&mut self, document: DocumentId, cited: EntityId) {
        self.cites_sources.add(document.0, cited.0);
        self.source_cited_by.add(cited.0, document.0);
    }

    pub(super) fn visit(&mut self, v: &mut impl Visit) {
        v.texts("documents.key", &mut self.key);
        v.column("documents.is_address", &mut self.is_address);
        v.column("documents.outlet", &mut self.outlet);
        v.column("documents.published", &mut self.published);
        v.sparse("documents.retrieved", &mut self.retrieved);
        v.sparse("documents.title", &mut self.title);
        v.texts("documents.titles", &mut self.titles);
        v.sparse("documents.language", &mut self.language);
        v.index("documents.index", &mut self.index);
        v.postings("documents.cites_documents", &mut self.cites_documents);
        v.postings("documents.cites_sources", &mut self.cites_sources);
        v.postings("documents.cited_by", &mut self.cited_by);
        v.postings("documents.source_cited_by", &mut self.source_cited_by);
        v.postings("documents.by_outlet", &mut self.by_outlet);
    }

    pub(super) fn fold_in(&mut self, entities: usize) {
        let documents = self.len();
        self.key.fold_in();
        self.is_address.fold_in();
        self.outlet.fold_in();
        self.published.fold_in();
        for sparse in [&mut self.retrieved, &mut self.title, &mut self.language] {
            sparse.fold_in();
        }
        self.titles.fold_in();
        self.index.fold_in(|| self.key.hashes());
        for postings in [&mut self.cites_documents, &mut self.cites_sources, &mut self.cited_by] {
            postings.fold_in(documents);
        }
        self.source_cited_by.fold_in(entities);
        self.by_outlet.fold_in(entities);
    }
}
