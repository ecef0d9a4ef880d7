//! What deserves a look in a claim that was taken: times that disagree, a missing unit, an id that is only a number. And where in its
//! sentence a refusal belongs.

use super::super::export;
use super::Outcome;
use crate::diag::{Code, Diagnostic, Span};
use crate::graph::{Graph, Refusal};
use crate::model::{ClaimId, Content, Time, fold};
use crate::syntax::ast::{Adjunct, Claim, ContentValue, Label, LinkEnd, Measure, Name, Term, TimeExpr, Who};

/// So many contents that share a text are looked at.
const MOST_ALIKE: usize = 1000;

/// The warnings about a claim that was just recorded.
pub(super) fn of_claim(graph: &Graph, levels: &[&Claim], outcome: &Outcome) -> Vec<Diagnostic> {
    let mut warnings = Vec::new();
    let Some(innermost) = levels.last() else { return warnings };
    if let Some(ContentValue::Claim(word)) = innermost.content.as_ref().map(|content| &content.value)
        && word.text.starts_with('_')
    {
        warnings.push(super::declare::unstable(word));
        return warnings;
    }
    let Some(recorded) = outcome.claims.first() else { return warnings };
    let claim = recorded.claim.claim;
    for adjunct in &innermost.adjuncts {
        match adjunct {
            Adjunct::Said { time, .. } => warnings.extend(said_after(graph, claim, time)),
            Adjunct::For(time) if recorded.added => warnings.extend(disagrees(graph, claim, time)),
            Adjunct::With(measure) => warnings.extend(without_unit(graph, measure)),
            _ => {}
        }
    }
    warnings
}

/// Said after it was published: one of the two dates is wrong.
fn said_after(graph: &Graph, claim: ClaimId, time: &TimeExpr) -> Option<Diagnostic> {
    let said = graph.times.get(graph.claims.said(claim))?;
    let published = graph.claims.appearances(claim).filter_map(|appearance| {
        let document = graph.chains.document(appearance);
        graph.times.get(graph.documents.published(document.some()?))
    });
    let first: Time = published.min_by_key(|time| time.to)?;
    (said.from >= first.to).then(|| {
        let message = format!("this was said after it was published, on {first}");
        Diagnostic::warning(Code::SaidAfterPublished, time.span, message)
            .help("check both dates; both are kept as given")
    })
}

/// The same words spoken of another time elsewhere, both as an expression of the source.
fn disagrees(graph: &Graph, claim: ClaimId, time: &TimeExpr) -> Option<Diagnostic> {
    time.written.as_ref()?;
    let own = graph.claims.content(claim)?.proposition;
    let interval = graph.times.get(graph.propositions.time(own))?;
    let text = fold(graph.propositions.text(own));
    let same_text = graph.propositions.alike(&text).take(MOST_ALIKE);
    let other = same_text.filter(|other| *other != own).find_map(|other| {
        let known = graph.times.written(graph.propositions.time(other))?;
        (known.written.is_some() && known.time != interval).then_some(known)
    })?;
    let message = format!(
        "the same words are also dated {} (“{}”); both are kept",
        other.time,
        graph.strings.get(other.written)
    );
    Some(Diagnostic::warning(Code::TimesDisagree, time.span, message))
}

/// A bare number of what is counted in a unit elsewhere.
fn without_unit(graph: &Graph, measure: &Measure) -> Option<Diagnostic> {
    use crate::syntax::ast::MeasureTest;
    let counted =
        matches!(measure.test, MeasureTest::Number(..) | MeasureTest::Between(..) | MeasureTest::Param(..));
    if !counted || measure.unit.is_some() {
        return None;
    }
    let unit = graph.propositions.unit_of(graph.strings.find(&measure.what.text)?)?;
    let message = format!("`{}` is counted in {} elsewhere", measure.what.text, graph.strings.get(unit));
    Some(
        Diagnostic::warning(Code::MissingUnit, measure.span, message).help("write the unit after the number"),
    )
}

/// A content that nothing has told of yet, at the end of a link, where its text was told of with other terms: one of those may be meant.
pub(super) fn other_terms(graph: &Graph, end: &LinkEnd) -> Option<Diagnostic> {
    let LinkEnd::Content { text, terms, .. } = end else { return None };
    let folded = fold(&text.text);
    let written =
        graph.propositions.alike(&folded).take(2).map(|other| {
            format!("`{}`", export::content(graph, Content { proposition: other, negated: false }))
        });
    let written = written.collect::<Vec<_>>();
    if written.is_empty() {
        return None;
    }
    let message = if terms.is_empty() {
        "these words are known only with terms, and here none are written"
    } else {
        "these words are known, but not with these terms"
    };
    Some(
        Diagnostic::warning(Code::OtherTerms, text.span, message)
            .help(format!("if that is what is meant, write {}", written.join(" or "))),
    )
}

/// Where in a sentence a refusal belongs: the ambiguous name, the id that is taken; else the speaker.
pub(super) fn place(refusal: &Refusal, levels: &[&Claim]) -> Span {
    let speaker = levels.last().map_or_else(Span::default, |claim| claim.who.span);
    match refusal {
        Refusal::Ambiguous { name, .. } => {
            let mut names = levels.iter().flat_map(|claim| names(claim));
            names.find(|known| known.text == *name).map_or(speaker, |known| known.span)
        }
        Refusal::IdTaken(id) => {
            let labels = levels.iter().filter_map(|claim| claim.label.as_ref());
            let mut taken = labels.filter_map(|label| match label {
                Label::Id(word) if word.text == *id => Some(word.span),
                _ => None,
            });
            taken.next().unwrap_or(speaker)
        }
        Refusal::TooLong(_) | Refusal::Full => speaker,
    }
}

fn names(claim: &Claim) -> Vec<&Name> {
    let mut lists: Vec<&Who> = vec![&claim.who];
    lists.extend(claim.listener.iter().map(|listener| &listener.who));
    for adjunct in &claim.adjuncts {
        match adjunct {
            Adjunct::About(who) => lists.push(who),
            Adjunct::Via(via) => lists.extend(&via.who),
            _ => {}
        }
    }
    let terms = lists.into_iter().flat_map(|who| &who.terms);
    terms.filter_map(|term| if let Term::Name(name) = term { Some(name) } else { None }).collect()
}
