//! Statements that are no claims: verbs, kinds, names, affiliations, links, ratings, withdrawals.

use super::resolve::{mention, speaker, time};
use super::terms::{self, content};
use super::{Context, Outcome, Refused, doubts, refuse, refused};
use crate::diag::{Code, Diagnostic};
use crate::graph::{Graph, Link, MAX_TEXT, Mention, Node, Rating as Rated, Refusal};
use crate::model::{ClaimRef, DefineError, EntityId, EntityKind, Grade, LinkRelation, TimeId};
use crate::syntax::ast::{
    Also, DefineVerb, GradeTerm, IsA, IsWhat, Link as Stated, LinkEnd, RatedThing, Rating, Relation,
    RoleTerm, Term, TimeExpr, Void, Voided, Word,
};

pub(super) fn verb(graph: &mut Graph, define: &DefineVerb) -> Refused<Outcome> {
    let before = graph.lexicon.len();
    match graph.define_verb(&define.verb.text, &define.parent.text, define.negative) {
        Ok(_) => Ok(Outcome { added: graph.lexicon.len() > before, ..Outcome::default() }),
        Err(DefineError::UnknownParent) => refuse(
            Code::UnknownVerb,
            define.parent.span,
            format!("`{}` is no verb that is known", define.parent.text),
            "define it under `asserted`, `denied`, `asked` or another verb of the lexicon",
        ),
        Err(DefineError::Differently) => refuse(
            Code::Redefinition,
            define.verb.span,
            format!("`{}` is a verb already, with another meaning", define.verb.text),
            "choose another word",
        ),
        Err(DefineError::Full) => {
            refuse(Code::TooLarge, define.verb.span, "the lexicon is full", "define fewer verbs")
        }
    }
}

/// Whom a statement is about. A description is one of those who speak only where its tag says which; else it is a name.
fn subject<'a>(term: &'a Term, context: &'a Context) -> Refused<Mention<'a>> {
    let subject = speaker(term, context)?;
    Ok(Mention { unnamed: subject.unnamed && subject.qualifier.is_some(), ..subject })
}

/// The end of a link: `same as` is about either end, and what is cited is named like an outlet.
fn end<'a>(relation: Relation, term: &'a Term, context: &'a Context) -> Refused<Mention<'a>> {
    if relation == Relation::SameAs { subject(term, context) } else { mention(term, context) }
}

/// The entity that a checked term names, made if there is none.
fn entity(graph: &mut Graph, context: &Context, term: &Term) -> Refused<EntityId> {
    Ok(graph.add_name(&mention(term, context)?))
}

/// Refuses what would fail later, so that nothing is added before all of the sentence is known to be right.
fn check(graph: &Graph, context: &Context, terms: &[Option<&Term>]) -> Refused<()> {
    for term in terms.iter().flatten() {
        let mention = mention(term, context)?;
        graph.check_name(&mention).map_err(|refusal| refused(refusal, term.span()))?;
    }
    Ok(())
}

/// The term that an is-sentence joins to its first, and its time.
fn joined(isa: &IsA) -> (Option<&Term>, Option<&TimeExpr>) {
    match &isa.what {
        IsWhat::In { group, time, .. } => (Some(group), time.as_ref()),
        IsWhat::Role { of, time, .. } => (of.as_ref(), time.as_ref()),
        _ => (None, None),
    }
}

/// Whether an is-sentence would be recorded.
pub(super) fn check_isa(graph: &Graph, context: &Context, isa: &IsA) -> Refused<()> {
    let (other, period) = joined(isa);
    let who = subject(&isa.who, context)?;
    graph.check_name(&who).map_err(|refusal| refused(refusal, isa.who.span()))?;
    check(graph, context, &[other])?;
    if who.unnamed
        && let Some(Also::Alias(word) | Also::Id(word)) = isa.also.first()
    {
        let message = "whoever is only described has no other names and no ids";
        return refuse(Code::BadValue, word.span, message, "name whom you mean");
    }
    period.map(|period| time(period, context)).transpose()?;
    match &isa.what {
        IsWhat::Kind(word) => {
            kind(word)?;
        }
        IsWhat::KindVar(word) | IsWhat::Role { role: RoleTerm::Var(word), .. } => {
            return refuse(
                Code::BlankInStatement,
                word.span,
                "a statement has no blanks",
                "end it with `?` to ask",
            );
        }
        IsWhat::In { group, .. } if graph.would_be_one(&who, &mention(group, context)?) => {
            return refuse(Code::Circular, group.span(), "nothing is a member of itself", "name the group");
        }
        _ => {}
    }
    for also in &isa.also {
        let (Also::Alias(word) | Also::Id(word)) = also;
        if word.text.len() > MAX_TEXT {
            return Err(refused(Refusal::TooLong("a name or id"), word.span));
        }
    }
    Ok(())
}

pub(super) fn isa(graph: &mut Graph, context: &Context, isa: &IsA) -> Refused<Outcome> {
    let mut outcome = Outcome { added: true, ..Outcome::default() };
    check_isa(graph, context, isa)?;
    let (_, period) = joined(isa);
    let period = period.map(|period| time(period, context)).transpose()?;
    let kind = match &isa.what {
        IsWhat::Kind(word) => Some(self::kind(word)?),
        _ => None,
    };
    // From here on nothing is refused.
    let who = graph.add_subject(&subject(&isa.who, context)?);
    match &isa.what {
        IsWhat::In { group, role, .. } => {
            let group_entity = entity(graph, context, group)?;
            let role = role.as_ref().map(|role| role.text.as_str());
            graph.declare_affiliation(who, Some(group_entity), role, period, true);
        }
        IsWhat::Role { role: RoleTerm::Role(role), of, .. } => {
            let of = of.as_ref().map(|of| entity(graph, context, of)).transpose()?;
            graph.declare_affiliation(who, of, Some(&role.text), period, false);
        }
        _ => {}
    }
    if let Some(kind) = kind
        && !graph.declare_kind(who, kind)
    {
        let known = graph.entities.kind(who).word();
        let message = format!("`{}` was said to be {known} before; that is kept", graph.entities.name(who));
        outcome.warnings.push(Diagnostic::warning(Code::ConflictingDetail, isa.span, message));
    }
    for also in &isa.also {
        match also {
            Also::Alias(word) => {
                graph.declare_alias(who, &word.text).map_err(|refusal| refused(refusal, word.span))?;
            }
            Also::Id(word) => graph.declare_external_id(who, &word.text),
        }
    }
    Ok(outcome)
}

fn kind(word: &Word) -> Refused<EntityKind> {
    match EntityKind::from_word(&word.text) {
        Some(kind) if kind != EntityKind::Unknown => Ok(kind),
        _ => {
            let kinds: Vec<&str> = EntityKind::ALL.iter().skip(1).map(|kind| kind.word()).collect();
            refuse(
                Code::BadValue,
                word.span,
                format!("`{}` is no kind of entity", word.text),
                format!("a kind is one of {}; a role goes in brackets: [spokesman]", kinds.join(", ")),
            )
        }
    }
}

fn relation(relation: Relation) -> LinkRelation {
    match relation {
        Relation::Contradicts => LinkRelation::Contradicts,
        Relation::Supports => LinkRelation::Supports,
        Relation::SameAs => LinkRelation::SameAs,
        Relation::Retracts => LinkRelation::Retracts,
        Relation::Corrects => LinkRelation::Corrects,
        Relation::Cites => LinkRelation::Cites,
    }
}

/// Which kinds of ends a relation joins.
fn fits(relation: LinkRelation, left: &LinkEnd, right: &LinkEnd) -> bool {
    let content = |end: &LinkEnd| matches!(end, LinkEnd::Content { .. });
    let claim = |end: &LinkEnd| matches!(end, LinkEnd::Claim(_));
    let document = |end: &LinkEnd| matches!(end, LinkEnd::Document(_));
    let name = |end: &LinkEnd| matches!(end, LinkEnd::Term(_));
    match relation {
        LinkRelation::Contradicts | LinkRelation::Supports => content(left) && content(right),
        LinkRelation::SameAs => {
            content(left) && content(right) || claim(left) && claim(right) || name(left) && name(right)
        }
        LinkRelation::Retracts | LinkRelation::Corrects => claim(left) && (claim(right) || document(right)),
        LinkRelation::Cites => document(left) && (document(right) || name(right)),
    }
}

fn known_claim(graph: &Graph, word: &Word) -> Refused<ClaimRef> {
    match graph.find_claim(&word.text) {
        Some(claim) => Ok(claim),
        None => refuse(
            Code::UnknownClaim,
            word.span,
            format!("there is no claim #{}", word.text),
            "use the id that a question shows in its claim column",
        ),
    }
}

/// An end of a link, where the graph has it. Refuses what could not be made either.
fn find_node(graph: &Graph, context: &Context, relation: Relation, end: &LinkEnd) -> Refused<Option<Node>> {
    Ok(match end {
        LinkEnd::Content { not, text, terms } => {
            let draft = content(*not, text, terms, context)?;
            graph.check(&draft).map_err(|refusal| {
                let place = terms::place(&refusal, text, terms);
                refused(refusal, place)
            })?;
            graph.find_content(&draft).map(Node::Content)
        }
        LinkEnd::Claim(word) => Some(Node::Claim(known_claim(graph, word)?)),
        LinkEnd::Document(word) => graph.documents.find(&word.text).map(Node::Document),
        LinkEnd::Term(term) => {
            let mention = self::end(relation, term, context)?;
            let refused = |refusal| refused(refusal, term.span());
            let found = graph.find_unmerged(&mention).map_err(refused)?;
            if found.is_none() {
                graph.check_name(&mention).map_err(refused)?;
            }
            found.map(Node::Entity)
        }
        LinkEnd::What(span) => {
            return refuse(
                Code::BlankInStatement,
                *span,
                "a statement has no blanks",
                "end it with `?` to ask",
            );
        }
    })
}

/// An end that the graph does not have yet.
fn make_node(
    graph: &mut Graph,
    context: &Context,
    relation: Relation,
    end: &LinkEnd,
) -> Refused<Option<Node>> {
    Ok(match end {
        LinkEnd::Content { not, text, terms } => {
            graph.add_content(&content(*not, text, terms, context)?).map(Node::Content)
        }
        LinkEnd::Claim(word) => Some(Node::Claim(known_claim(graph, word)?)),
        LinkEnd::Document(word) => Some(Node::Document(graph.declare_document(&word.text, true))),
        LinkEnd::Term(term) => Some(Node::Entity(graph.add_subject(&self::end(relation, term, context)?))),
        LinkEnd::What(span) => {
            return refuse(
                Code::BlankInStatement,
                *span,
                "a statement has no blanks",
                "end it with `?` to ask",
            );
        }
    })
}

/// Whether two ends, neither of them known yet, would be one thing, or one and its negation.
fn same_words(graph: &Graph, context: &Context, left: &LinkEnd, right: &LinkEnd) -> Refused<bool> {
    Ok(match (left, right) {
        (
            LinkEnd::Content { text: left, terms: on_left, .. },
            LinkEnd::Content { text: right, terms: on_right, .. },
        ) => {
            let (left, right) =
                (content(false, left, on_left, context)?, content(false, right, on_right, context)?);
            terms::would_be_one(graph, &left, &right)
        }
        (LinkEnd::Document(left), LinkEnd::Document(right)) => left.text == right.text,
        (LinkEnd::Term(left), LinkEnd::Term(right)) => {
            graph.would_be_one(&subject(left, context)?, &subject(right, context)?)
        }
        _ => false,
    })
}

/// A link as far as the graph has it.
struct Ends {
    relation: LinkRelation,
    nodes: [Option<Node>; 2],
    /// Whether one end is the negation of the other already.
    opposite: bool,
}

fn ends(graph: &Graph, context: &Context, stated: &Stated) -> Refused<Ends> {
    let relation = relation(stated.relation);
    if !fits(relation, &stated.left, &stated.right) {
        return refuse(
            Code::KindClash,
            stated.span,
            format!("`{}` does not join these two", relation.word()),
            "contents in quotes contradict or support each other; claims (#id) retract or correct; documents (<…>) cite",
        );
    }
    let find = |end| find_node(graph, context, stated.relation, end);
    let nodes = [find(&stated.left)?, find(&stated.right)?];
    let signs = match (&stated.left, &stated.right) {
        (LinkEnd::Content { not: left, .. }, LinkEnd::Content { not: right, .. }) => left == right,
        _ => true,
    };
    let (same, opposite) = match nodes {
        [Some(Node::Content(a)), Some(Node::Content(b))] => {
            (a == b, graph.same.content(a) == graph.same.content(b.flipped()))
        }
        [Some(a), Some(b)] => (a == b, false),
        [None, None] => {
            let same = same_words(graph, context, &stated.left, &stated.right)?;
            (same && signs, same && !signs)
        }
        _ => (false, false),
    };
    if same {
        return refuse(
            Code::Circular,
            stated.span,
            "both ends are the same thing",
            "name two different ones",
        );
    }
    Ok(Ends { relation, nodes, opposite })
}

/// Whether a link would be recorded.
pub(super) fn check_link(graph: &Graph, context: &Context, stated: &Stated) -> Refused<()> {
    to_state(graph, context, stated).map(|_| ())
}

/// The ends of a link that may be stated.
fn to_state(graph: &Graph, context: &Context, stated: &Stated) -> Refused<Ends> {
    let ends = ends(graph, context, stated)?;
    if ends.opposite && ends.relation == LinkRelation::SameAs {
        return refuse(
            Code::Circular,
            stated.span,
            "with what is the same already, this would be the same as its own negation",
            "check what was stated with `same as`, or say `contradicts`",
        );
    }
    Ok(ends)
}

pub(super) fn link(graph: &mut Graph, context: &Context, stated: &Stated) -> Refused<Outcome> {
    let Ends { relation, nodes: [left, right], .. } = to_state(graph, context, stated)?;
    let new = [(left, &stated.left), (right, &stated.right)];
    let new = new.into_iter().filter(|(known, _)| known.is_none());
    let warnings = new.filter_map(|(_, end)| doubts::other_terms(graph, end)).collect();
    // From here on nothing is refused.
    let mut node = |known: Option<Node>, end| {
        known.map_or_else(|| make_node(graph, context, stated.relation, end), |known| Ok(Some(known)))
    };
    let (left, right) = (node(left, &stated.left)?, node(right, &stated.right)?);
    let ends = left.zip(right);
    let added = ends.is_some_and(|(left, right)| graph.link(&Link { left, relation, right }));
    Ok(Outcome { added, warnings, ..Outcome::default() })
}

pub(super) fn void(graph: &mut Graph, context: &Context, void: &Void) -> Refused<Outcome> {
    match &void.what {
        Voided::Claim(word) => {
            let claim = known_claim(graph, word)?;
            if claim.is_relay() {
                return refuse(
                    Code::BadValue,
                    word.span,
                    "only a claim itself can be withdrawn, not one relay of it",
                    "withdraw the claim, and record it again as it should be",
                );
            }
            graph.void_claim(claim.claim, &void.reason.text, context.now);
            let warnings = if word.text.starts_with('_') { vec![unstable(word)] } else { Vec::new() };
            Ok(Outcome { added: true, warnings, ..Outcome::default() })
        }
        Voided::Link(stated) => {
            let Ends { relation, nodes, .. } = ends(graph, context, stated)?;
            if let [Some(left), Some(right)] = nodes
                && graph.void_link(&Link { left, relation, right }, &void.reason.text)
            {
                Ok(Outcome { added: true, ..Outcome::default() })
            } else {
                refuse(
                    Code::UnknownClaim,
                    stated.span,
                    "nothing like this was stated",
                    "write the link as it was stated, texts with their terms",
                )
            }
        }
    }
}

pub(super) fn unstable(word: &Word) -> Diagnostic {
    let message = format!(
        "#{} is a number of this graph: it depends on the order in which things were loaded",
        word.text
    );
    Diagnostic::warning(Code::UnstableId, word.span, message)
        .help("give the claim an id of its own where it is recorded")
}

/// The grade of a rating, where it would be recorded.
pub(super) fn check_rating(graph: &Graph, context: &Context, rating: &Rating) -> Refused<()> {
    grade(graph, context, rating).map(|_| ())
}

fn grade(graph: &Graph, context: &Context, rating: &Rating) -> Refused<Grade> {
    let GradeTerm::Grade(word) = &rating.grade else {
        return refuse(
            Code::BlankInStatement,
            rating.span,
            "a statement has no blanks",
            "end it with `?` to ask",
        );
    };
    let (source, is_source) = match &rating.what {
        RatedThing::Source(term) => (Some(term), true),
        RatedThing::Claim(word) => {
            known_claim(graph, word)?;
            (None, false)
        }
    };
    let Some(grade) = Grade::from_word(&word.text).filter(|grade| grade.is_reliability() == is_source) else {
        return refuse(
            Code::BadValue,
            word.span,
            format!("`{}` does not grade this", word.text),
            "sources are graded A to F, claims 1 to 6 (the Admiralty code)",
        );
    };
    let topics = rating.about.as_ref().map_or(&[][..], |about| &about.terms);
    for term in std::iter::once(&rating.assessor).chain(source) {
        let who = subject(term, context)?;
        graph.check_name(&who).map_err(|refusal| refused(refusal, term.span()))?;
    }
    check(graph, context, &topics.iter().map(Some).collect::<Vec<_>>())?;
    rating.time.as_ref().map(|expr| time(expr, context)).transpose()?;
    Ok(grade)
}

pub(super) fn rating(graph: &mut Graph, context: &Context, rating: &Rating) -> Refused<Outcome> {
    let grade = grade(graph, context, rating)?;
    let topics = rating.about.as_ref().map_or(&[][..], |about| &about.terms);
    let assessor = graph.add_subject(&subject(&rating.assessor, context)?);
    let what = match &rating.what {
        RatedThing::Source(term) => Node::Entity(graph.add_subject(&subject(term, context)?)),
        RatedThing::Claim(word) => Node::Claim(known_claim(graph, word)?),
    };
    let mut about = Vec::with_capacity(topics.len());
    for topic in topics {
        about.push(entity(graph, context, topic)?);
    }
    let period = match &rating.time {
        Some(expr) => {
            let draft = time(expr, context)?;
            graph.declare_time(&draft)
        }
        None => TimeId::NONE,
    };
    let added = graph.rate(&Rated { assessor, what, grade, about, period });
    Ok(Outcome { added, ..Outcome::default() })
}
