//! Statements of the language, recorded into a graph. Questions are none of its business.

mod braces;
mod checked;
mod claim;
mod declare;
mod doubts;
mod resolve;
mod rule;
mod terms;

use crate::diag::{Code, Diagnostic, Span};
use crate::graph::{DocumentDraft, Graph, Mention, Recorded, Refusal};
use crate::model::{EntityId, LANGUAGE_VERSION, Time};
use crate::syntax::ast::{Cited, DocumentHead, Fact, FieldValue, Sentence, SentenceKind};
use crate::syntax::outside_a_mapping;
use resolve::{fields, mention, time};
use std::collections::BTreeMap;

pub use checked::{check, tell};
pub(super) use claim::MAX_HOPS;

/// Values of `$parameters`, as text.
pub type Params = BTreeMap<String, String>;

/// What stands around the statements: the document in force, the day, the parameters.
#[derive(Debug, Clone)]
pub struct Context {
    /// What `today` means.
    pub today: Time,
    /// The moment at which withdrawals are recorded, in seconds since 1970.
    pub now: i64,
    /// Values of `$parameters`.
    pub params: Params,
    document: Option<InForce>,
}

/// Which document is in force, in numbers of its graph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Its address or name.
    pub key: String,
    /// Whether that is an address.
    pub is_url: bool,
    /// Who publishes it.
    pub outlet: Option<EntityId>,
    /// The sources it cites, from the outermost inwards.
    pub citing: Vec<EntityId>,
}

/// A document in force.
#[derive(Debug, Clone)]
struct InForce {
    key: String,
    is_url: bool,
    outlet: Option<Named>,
    /// The sources it cites, from the outermost inwards.
    citing: Vec<Named>,
}

/// An entity by a name that will find it again.
#[derive(Debug, Clone)]
struct Named {
    entity: EntityId,
    name: String,
    qualifier: Option<String>,
}

impl Named {
    fn of(graph: &Graph, entity: EntityId) -> Self {
        let qualifier = graph.entities.qualifier(entity).map(|id| graph.strings.get(id).to_string());
        Named { entity, name: graph.entities.name(entity).to_string(), qualifier }
    }

    fn mention(&self) -> Mention<'_> {
        Mention { name: &self.name, qualifier: self.qualifier.as_deref(), ..Mention::default() }
    }
}

/// What recording a sentence led to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outcome {
    /// The claims, where the sentence was one.
    pub claims: Vec<Recorded>,
    /// Whether anything was added to the graph.
    pub added: bool,
    /// What deserves a look.
    pub warnings: Vec<Diagnostic>,
}

impl Context {
    /// A context without a document in force.
    pub fn new(now: i64, params: Params) -> Self {
        Context { today: Time::day_of(now), now, params, document: None }
    }

    /// What time it is from now on, in seconds since 1970.
    pub fn set_now(&mut self, now: i64) {
        (self.today, self.now) = (Time::day_of(now), now);
    }

    /// The document in force, for going on with it elsewhere.
    pub fn document(&self) -> Option<Document> {
        let document = self.document.as_ref()?;
        Some(Document {
            key: document.key.clone(),
            is_url: document.is_url,
            outlet: document.outlet.as_ref().map(|outlet| outlet.entity),
            citing: document.citing.iter().map(|cited| cited.entity).collect(),
        })
    }

    /// Goes on with a document of this graph.
    pub fn go_on_with(&mut self, document: Document, graph: &Graph) {
        let Document { key, is_url, outlet, citing } = document;
        let outlet = outlet.map(|entity| Named::of(graph, entity));
        let citing = citing.into_iter().map(|entity| Named::of(graph, entity)).collect();
        self.document = Some(InForce { key, is_url, outlet, citing });
    }

    /// Ends the document in force, as the end of a file does.
    pub fn end_document(&mut self) {
        self.document = None;
    }
}

type Refused<T> = Result<T, Box<Diagnostic>>;

fn refuse<T>(code: Code, span: Span, message: impl Into<String>, help: impl Into<String>) -> Refused<T> {
    Err(Box::new(Diagnostic::error(code, span, message).help(help)))
}

/// Records one sentence that is no question. On an error the graph is as before.
pub fn record(
    graph: &mut Graph,
    context: &mut Context,
    sentence: &Sentence,
    source: &str,
) -> Refused<Outcome> {
    if let Some(column) = sentence.columns.iter().find(|column| !column.is_param) {
        return Err(Box::new(outside_a_mapping(column.span)));
    }
    match &sentence.kind {
        SentenceKind::Mapping(mapping) => Err(Box::new(outside_a_mapping(mapping.span))),
        SentenceKind::Guarded(_) => Err(Box::new(outside_a_mapping(sentence.span))),
        SentenceKind::Language(number) => match number.text.parse::<u32>() {
            Ok(version) if (1..=LANGUAGE_VERSION).contains(&version) => Ok(Outcome::default()),
            _ => refuse(
                Code::NewerLanguage,
                number.span,
                format!("this file is written in version {} of the language", number.text),
                format!(
                    "this program reads version {LANGUAGE_VERSION}: use a newer dixit, or write `language {LANGUAGE_VERSION}.`"
                ),
            ),
        },
        SentenceKind::DefineVerb(define) => declare::verb(graph, define),
        SentenceKind::DefineRule(rule) => rule::define(graph, rule, sentence.span.of(source)),
        SentenceKind::Document(head) => document(graph, context, head),
        SentenceKind::EndDocument => {
            context.end_document();
            Ok(Outcome::default())
        }
        SentenceKind::Fact(Fact::Claim(stated)) => claim::record(graph, context, stated),
        SentenceKind::Fact(Fact::Link(link)) => declare::link(graph, context, link),
        SentenceKind::Fact(Fact::IsA(isa)) => declare::isa(graph, context, isa),
        SentenceKind::Fact(Fact::Rating(rating)) => declare::rating(graph, context, rating),
        SentenceKind::Fact(Fact::Void(void)) => declare::void(graph, context, void),
        SentenceKind::Ask(_) => refuse(
            Code::WrongEnd,
            sentence.span,
            "this is a question and records nothing",
            "end a statement with `.`",
        ),
    }
}

fn document_draft<'a>(context: &'a Context, head: &'a DocumentHead) -> Refused<DocumentDraft<'a>> {
    let mut draft =
        DocumentDraft { key: &head.key.text, is_address: head.is_url, ..DocumentDraft::default() };
    if let Some(outlet) = &head.outlet {
        draft.outlet = Some(mention(outlet, context)?);
    }
    if let Some(published) = &head.published {
        draft.published = Some(time(published, context)?);
    }
    draft.title = head.title.as_ref().map(|title| title.text.as_str());
    for cited in &head.citing {
        match cited {
            Cited::Source(source) => draft.cites_sources.push(mention(source, context)?),
            Cited::Document(address) => draft.cites_documents.push(&address.text),
        }
    }
    let free = head.fields.iter().filter(|pair| !matches!(pair.key.text.as_str(), "language" | "retrieved"));
    draft.fields = fields(free, context)?;
    for pair in &head.fields {
        match (pair.key.text.as_str(), &pair.value) {
            ("language", FieldValue::Text(text) | FieldValue::Ident(text)) => {
                draft.language = Some(&text.text);
            }
            ("retrieved", FieldValue::Date(text) | FieldValue::Text(text)) => {
                match Time::parse_any(&text.text) {
                    Ok(time) => draft.retrieved = Some(time.into()),
                    Err(error) => {
                        return refuse(Code::BadTime, text.span, error.to_string(), "write 2025-12-01");
                    }
                }
            }
            ("language" | "retrieved", _) => {
                return refuse(
                    Code::BadValue,
                    pair.key.span,
                    "this field needs a text or a date",
                    "write language: \"en\"",
                );
            }
            _ => {}
        }
    }
    Ok(draft)
}

fn document(graph: &mut Graph, context: &mut Context, head: &DocumentHead) -> Refused<Outcome> {
    let draft = document_draft(context, head)?;
    let span = head.outlet.as_ref().map_or(head.key.span, crate::syntax::ast::Term::span);
    let (document, disagreeing) = graph.record_document(&draft).map_err(|refusal| refused(refusal, span))?;
    let warnings = disagreeing
        .into_iter()
        .map(|what| {
            let message = format!("this document was recorded before with another {what}; the first is kept");
            let span = match what {
                "date" => head.published.as_ref().map(|published| published.span),
                "title" => head.title.as_ref().map(|title| title.span),
                "outlet" => head.outlet.as_ref().map(crate::syntax::ast::Term::span),
                _ => None,
            };
            Diagnostic::warning(Code::ConflictingDetail, span.unwrap_or(head.key.span), message)
        })
        .collect();
    let cited = draft.cites_sources.iter().filter_map(|source| graph.recorded_as(source));
    let citing = cited.map(|entity| Named::of(graph, entity)).collect();
    let outlet = graph.documents.outlet(document).some().map(|entity| Named::of(graph, entity));
    context.document = Some(InForce { key: head.key.text.clone(), is_url: head.is_url, outlet, citing });
    Ok(Outcome { warnings, added: true, ..Outcome::default() })
}

/// The diagnostic of what the graph refused.
#[expect(clippy::unnecessary_box_returns, reason = "errors travel boxed here")]
fn refused(refusal: Refusal, span: Span) -> Box<Diagnostic> {
    Box::new(match refusal {
        Refusal::Ambiguous { name, candidates } => {
            let first = candidates.first().cloned().unwrap_or_default();
            Diagnostic::error(
                Code::AmbiguousName,
                span,
                format!("`{name}` could be {}", candidates.join(" or ")),
            )
            .help(format!("write {first} to choose it"))
        }
        Refusal::IdTaken(id) => {
            Diagnostic::error(Code::Redefinition, span, format!("#{id} is the id of another claim already"))
                .help("give this claim an id of its own, or leave the id away")
        }
        Refusal::TooLong(what) => {
            Diagnostic::error(Code::TooLong, span, format!("{what} is longer than a mebibyte"))
                .help("keep long texts outside and point to them with `source`")
        }
        Refusal::Full => Diagnostic::error(Code::TooLarge, span, "the graph holds as many rows as it can")
            .help("split the data into several graphs"),
    })
}
