//! Claims as stated. `UNN wrote that (Reuters reported that (Putin said "P"))` and `Putin said "P" via Reuters via UNN` become the same
//! draft: the innermost act is the claim, everything around it is a hop.

use super::braces::braces;
use super::resolve::{interval, mention, param, speaker, time};
use super::terms::term;
use super::{Context, InForce, Outcome, Refused, doubts, refuse, refused};
use crate::diag::{Code, Span};
use crate::graph::{Draft, Graph, HopDraft, Mention, Mentions, TimeDraft, What};
use crate::model::{Basis, Commitment, Lexicon, Time, Verb, VerbId};
use crate::syntax::ast::{
    Adjunct, Claim, ContentValue, Label, Quantifier, SourceRef, TimeExpr, TimeOp, Via, ViaPosition, Who, Word,
};

/// The deepest chain of speech about speech.
pub(in crate::formats) const MAX_HOPS: usize = 256;

/// Records a claim sentence.
pub(super) fn record(graph: &mut Graph, context: &Context, stated: &Claim) -> Refused<Outcome> {
    let mut outcome = tell(graph, context, stated)?;
    outcome.warnings = doubts::of_claim(graph, &levels(stated)?, &outcome);
    Ok(outcome)
}

/// The same without a look at what may be doubtful.
pub(super) fn tell(graph: &mut Graph, context: &Context, stated: &Claim) -> Refused<Outcome> {
    let levels = levels(stated)?;
    let drafts = drafts(graph, context, &levels)?;
    let refused = |refusal| {
        let place = doubts::place(&refusal, &levels);
        refused(refusal, place)
    };
    drafts.iter().try_for_each(|draft| graph.check(draft).map_err(refused))?;
    // From here on nothing is refused.
    let mut outcome = Outcome::default();
    for draft in &drafts {
        let recorded = graph.add(draft);
        outcome.added |= recorded.added;
        outcome.claims.push(recorded);
    }
    Ok(outcome)
}

/// Whether a claim would be recorded.
pub(super) fn check(graph: &Graph, context: &Context, stated: &Claim) -> Refused<()> {
    let levels = levels(stated)?;
    let refused = |refusal| {
        let place = doubts::place(&refusal, &levels);
        refused(refusal, place)
    };
    drafts(graph, context, &levels)?.iter().try_for_each(|draft| graph.check(draft).map_err(refused))
}

/// One draft, or one for each speaker of `all of`.
fn drafts<'a>(graph: &Graph, context: &'a Context, levels: &[&'a Claim]) -> Refused<Vec<Draft<'a>>> {
    let Some(innermost) = levels.last() else { return Ok(Vec::new()) };
    let apart = innermost.who.quantifier == Some(Quantifier::All) && innermost.who.terms.len() > 1;
    if apart && let Some(label) = levels.iter().find_map(|level| level.label.as_ref()) {
        let (Label::Id(word) | Label::Var(word)) = label;
        return refuse(
            Code::Incomplete,
            word.span,
            "an id names one claim, and `all of` records one for each speaker",
            "record them one by one, or let them speak jointly: A, B said …",
        );
    }
    let speakers =
        innermost.who.terms.iter().map(|term| speaker(term, context)).collect::<Refused<Mentions<'_>>>()?;
    let draft = draft(graph, context, levels, speakers)?;
    Ok(if apart {
        draft
            .sources
            .iter()
            .map(|one| Draft { sources: Mentions::from_buf([*one]), ..draft.clone() })
            .collect()
    } else {
        vec![draft]
    })
}

/// The speech acts of a sentence from the outermost inwards.
fn levels(outermost: &Claim) -> Refused<Vec<&Claim>> {
    let mut levels = vec![outermost];
    let mut at = outermost;
    while let Some(ContentValue::Speech(inner)) = at.content.as_ref().map(|content| &content.value) {
        at = inner;
        levels.push(at);
        if levels.len() > MAX_HOPS {
            return refuse(
                Code::TooDeep,
                at.span,
                "this is speech about speech more than 256 times",
                "take it apart",
            );
        }
    }
    Ok(levels)
}

/// The verb of a word.
pub(super) fn find_verb(lexicon: &Lexicon, word: &Word) -> Refused<VerbId> {
    if let Some(verb) = lexicon.find(&word.text) {
        return Ok(verb);
    }
    let closest = lexicon
        .verbs()
        .map(|(_, verb)| (strsim::damerau_levenshtein(&verb.word, &word.text), verb.word.as_str()))
        .min();
    let help = match closest {
        Some((distance, known)) if distance <= 2 => format!("did you mean `{known}`?"),
        _ => format!("add it to the lexicon: define verb {} as asserted.", word.text),
    };
    refuse(Code::UnknownVerb, word.span, format!("`{}` is no verb that is known", word.text), help)
}

fn draft<'a>(
    graph: &Graph,
    context: &'a Context,
    levels: &[&'a Claim],
    speakers: Mentions<'a>,
) -> Refused<Draft<'a>> {
    let Some((innermost, outer)) = levels.split_last() else { return Ok(Draft::of(Lexicon::RELAY)) };
    let verb = find_verb(&graph.lexicon, &innermost.verb)?;
    let mut draft = Draft { sources: speakers, ..Draft::of(verb) };
    // Speech about a claim known by id: its own act is the first hop.
    if let Some(ContentValue::Claim(word)) = innermost.content.as_ref().map(|content| &content.value) {
        let Some(target) = graph.find_claim(&word.text) else {
            return refuse(
                Code::UnknownClaim,
                word.span,
                format!("there is no claim #{}", word.text),
                "use the id that a question shows in its claim column",
            );
        };
        draft.what = What::Speech(target);
        draft.sources.clear();
        for level in levels.iter().rev() {
            relay(graph, context, level, &mut draft)?;
        }
        return Ok(draft);
    }
    base(graph, context, innermost, &mut draft)?;
    for level in outer.iter().rev() {
        relay(graph, context, level, &mut draft)?;
    }
    if let Some(document) = &context.document
        && draft.document.is_none_or(|(key, _)| key == document.key)
    {
        publish(graph, document, outer.is_empty(), &mut draft);
    }
    Ok(draft)
}

/// The innermost act.
fn base<'a>(graph: &Graph, context: &'a Context, claim: &'a Claim, draft: &mut Draft<'a>) -> Refused<()> {
    let verb = graph.lexicon.verb(draft.verb);
    draft.id = explicit_id(claim)?;
    one_reading(&claim.who, true)?;
    draft.listeners = listeners(claim, verb, context)?;
    content(claim, verb, context, draft)?;
    for adjunct in &claim.adjuncts {
        match adjunct {
            Adjunct::About(topics) => {
                if topics.quantifier.is_some() {
                    return list_refused(topics);
                }
                for topic in &topics.terms {
                    draft.subjects.push(mention(topic, context)?);
                }
            }
            Adjunct::Said { op, time, span } => {
                set_once(&mut draft.said, said(*op, time, context)?, *span, "time")?;
            }
            Adjunct::For(_) | Adjunct::If(_) | Adjunct::With(_) => term(adjunct, context, draft)?,
            other => chain(graph, context, other, draft)?,
        }
    }
    if let What::Nothing = draft.what
        && (draft.time.is_some()
            || draft.condition.is_some()
            || !draft.figures.is_empty()
            || !draft.facts.is_empty())
    {
        return refuse(
            Code::Incomplete,
            claim.span,
            "a figure, condition or time spoken of needs something that was said",
            "put what was said in quotes after the verb",
        );
    }
    braces(claim, context, draft)
}

/// An act around another act: a hop.
fn relay<'a>(graph: &Graph, context: &'a Context, claim: &'a Claim, draft: &mut Draft<'a>) -> Refused<()> {
    one_reading(&claim.who, false)?;
    if let Some(pair) = claim.fields.first() {
        return refuse(
            Code::MisplacedWord,
            pair.key.span,
            "free fields belong to the innermost claim",
            "move them inside",
        );
    }
    let verb = find_verb(&graph.lexicon, &claim.verb)?;
    let sources =
        claim.who.terms.iter().map(|term| speaker(term, context)).collect::<Refused<Mentions<'_>>>()?;
    let content = claim.content.as_ref();
    let mut hop = HopDraft {
        id: explicit_id(claim)?,
        sources,
        verb,
        listeners: listeners(claim, graph.lexicon.verb(verb), context)?,
        time: None,
        hedge: content.and_then(|content| content.hedge.as_ref()).map(|hedge| hedge.text.as_str()),
        basis: Basis::Marked,
        negated: content.is_some_and(|content| content.not),
    };
    let mut after = Vec::new();
    for adjunct in &claim.adjuncts {
        match adjunct {
            Adjunct::Said { op, time, span } => {
                set_once(&mut hop.time, said(*op, time, context)?, *span, "time")?;
            }
            Adjunct::Via(_) | Adjunct::Source(_) => after.push(adjunct),
            other => {
                return refuse(
                    Code::MisplacedWord,
                    span_of(other),
                    "this belongs to what was said, not to who passed it on",
                    "move it inside the parentheses",
                );
            }
        }
    }
    draft.hops.push(hop);
    after.into_iter().try_for_each(|adjunct| chain(graph, context, adjunct, draft))
}

/// What says how a claim came here: `via` and `source`.
fn chain<'a>(
    graph: &Graph,
    context: &'a Context,
    adjunct: &'a Adjunct,
    draft: &mut Draft<'a>,
) -> Refused<()> {
    match adjunct {
        Adjunct::Via(via) => {
            let hop = hop(graph, context, via)?;
            draft.hops.push(hop);
            if draft.hops.len() > MAX_HOPS {
                return refuse(Code::TooDeep, via.span, "this chain has more than 256 hops", "take it apart");
            }
            Ok(())
        }
        Adjunct::Source(source) => {
            let (key, span) = match source {
                SourceRef::Url(word) => ((word.text.as_str(), true), word.span),
                SourceRef::Named(word) => ((word.text.as_str(), false), word.span),
                SourceRef::Param(word) => {
                    let key = param(word, context)?;
                    ((key, key.contains("://")), word.span)
                }
                SourceRef::Var(word) => return blank(word.span),
            };
            set_once(&mut draft.document, key, span, "source")
        }
        other => blank(span_of(other)),
    }
}

fn hop<'a>(graph: &Graph, context: &'a Context, via: &'a Via) -> Refused<HopDraft<'a>> {
    if via.position != ViaPosition::Any {
        return refuse(
            Code::MisplacedWord,
            via.span,
            "`first`, `last` and `directly` ask; a statement lists every hop in order",
            "write the hops from the speaker outwards: via Reuters via UNN",
        );
    }
    let Some(who) = &via.who else { return blank(via.span) };
    one_reading(who, false)?;
    let details = &via.details;
    Ok(HopDraft {
        id: None,
        sources: who.terms.iter().map(|term| mention(term, context)).collect::<Refused<_>>()?,
        verb: details.verb.as_ref().map_or(Ok(Lexicon::RELAY), |word| find_verb(&graph.lexicon, word))?,
        listeners: Mentions::new(),
        time: details.time.as_ref().map(|expr| time(expr, context)).transpose()?,
        hedge: details.hedge.as_ref().map(|hedge| hedge.text.as_str()),
        basis: if details.inferred { Basis::Inferred } else { Basis::Marked },
        negated: false,
    })
}

/// Puts a claim into the document in force: its outlet is the outermost hop, unless it speaks itself.
fn publish<'a>(graph: &Graph, document: &'a InForce, unwrapped: bool, draft: &mut Draft<'a>) {
    draft.document = Some((&document.key, document.is_url));
    let is = |mentions: &[Mention<'_>], entity| matches!(mentions, [one] if !one.unnamed && graph.recorded_as(one) == Some(entity));
    let relay = |mention: Mention<'a>| HopDraft {
        id: None,
        sources: Mentions::from_buf([mention]),
        verb: Lexicon::RELAY,
        listeners: Mentions::new(),
        time: None,
        hedge: None,
        basis: Basis::Marked,
        negated: false,
    };
    if unwrapped && draft.hops.is_empty() {
        // Whoever speaks was not told by those it is cited through.
        let inside = document.citing.iter().position(|cited| is(&draft.sources, cited.entity));
        let cited = document.citing.get(..inside.unwrap_or(document.citing.len())).unwrap_or(&[]);
        if !document.outlet.as_ref().is_some_and(|outlet| is(&draft.sources, outlet.entity)) {
            draft.hops.extend(cited.iter().rev().map(|cited| relay(cited.mention())));
        }
    }
    if let Some(outlet) = &document.outlet {
        let outermost = draft.hops.last().map_or(&draft.sources, |hop| &hop.sources);
        if !is(outermost, outlet.entity) {
            draft.hops.push(relay(outlet.mention()));
        }
    }
}

fn explicit_id(claim: &Claim) -> Refused<Option<&str>> {
    match &claim.label {
        None => Ok(None),
        Some(Label::Var(word)) => blank(word.span),
        Some(Label::Id(word)) if word.text.starts_with('_') || word.text.contains('~') => refuse(
            Code::BadValue,
            word.span,
            "ids that begin with `_` or hold `~` are this program's own",
            "choose another id",
        ),
        Some(Label::Id(word)) => Ok(Some(&word.text)),
    }
}

fn listeners<'a>(claim: &'a Claim, verb: &Verb, context: &'a Context) -> Refused<Mentions<'a>> {
    let Some(listener) = &claim.listener else { return Ok(Mentions::new()) };
    one_reading(&listener.who, true)?;
    if !listener.to && !verb.takes_listener {
        let span = listener.who.span;
        let (message, help) = if claim.content.is_some() {
            (format!("`{}` takes no listener without `to`", verb.word), format!("write `{} to …`", verb.word))
        } else {
            (
                format!("a name after `{}` would be who was spoken to", verb.word),
                "put what it is about after `about`, and what was said in quotes".to_string(),
            )
        };
        return refuse(Code::NoListener, span, message, help);
    }
    listener.who.terms.iter().map(|term| speaker(term, context)).collect()
}

fn content<'a>(claim: &'a Claim, verb: &Verb, context: &'a Context, draft: &mut Draft<'a>) -> Refused<()> {
    let Some(content) = &claim.content else { return Ok(()) };
    let text = match &content.value {
        ContentValue::Text(word) if word.text.trim().is_empty() => {
            return refuse(
                Code::Incomplete,
                word.span,
                "nothing stands between the quotes",
                "write what was said",
            );
        }
        ContentValue::Text(word) => word.text.as_str(),
        ContentValue::Param(word) => param(word, context)?,
        ContentValue::Var(word) => return blank(word.span),
        ContentValue::What(span) | ContentValue::Anything(span) => return blank(*span),
        // Taken apart before.
        ContentValue::Claim(_) | ContentValue::Speech(_) => return Ok(()),
    };
    draft.what = What::Text { text, negated: content.not != verb.negative };
    draft.flags = draft.flags.with_verbatim(content.verbatim);
    if let Some(hedge) = &content.hedge {
        draft.hedge = Some(&hedge.text);
        draft.flags = draft.flags.with_commitment(Commitment::of_hedge(&hedge.text));
    }
    Ok(())
}

fn said<'a>(op: TimeOp, expr: &'a TimeExpr, context: &Context) -> Refused<TimeDraft<'a>> {
    let draft = time(expr, context)?;
    let whole = interval(expr, context)?;
    let time = match op {
        TimeOp::On | TimeOp::In | TimeOp::Between => whole,
        TimeOp::Before => Time { from: Time::OPEN_START, to: whole.from },
        TimeOp::After => Time { from: whole.to, to: Time::OPEN_END },
    };
    let open = matches!(op, TimeOp::Before | TimeOp::After);
    if open && Time::parse_any(&time.to_string()) != Ok(time) {
        let message = "there is no time before or after this";
        return refuse(Code::BadTime, expr.span, message, "write when it was said, or leave it away");
    }
    Ok(TimeDraft { time, ..draft })
}

pub(super) fn set_once<T>(slot: &mut Option<T>, value: T, span: Span, what: &str) -> Refused<()> {
    if slot.is_some() {
        return refuse(
            Code::MisplacedWord,
            span,
            format!("this claim has a second {what}"),
            "keep one of the two",
        );
    }
    *slot = Some(value);
    Ok(())
}

/// A list in a statement is joint; `all of` records one claim each, where that can be meant.
fn one_reading(who: &Who, may_be_all: bool) -> Refused<()> {
    match who.quantifier {
        None => Ok(()),
        Some(Quantifier::All) if may_be_all => Ok(()),
        Some(_) => list_refused(who),
    }
}

fn list_refused<T>(who: &Who) -> Refused<T> {
    let words = match who.quantifier {
        Some(Quantifier::None) => "none of",
        Some(Quantifier::All) => "all of",
        _ => "any of",
    };
    refuse(
        Code::BlankInStatement,
        Span::new(who.span.start, who.span.start + words.len()),
        "a statement says who it was; `any of`, `all of` and `none of` ask here",
        "write the names with commas between",
    )
}

pub(super) fn blank<T>(span: Span) -> Refused<T> {
    refuse(
        Code::BlankInStatement,
        span,
        "a statement has no blanks",
        "fill it in, or end the sentence with `?` to ask",
    )
}

pub(super) fn span_of(adjunct: &Adjunct) -> Span {
    match adjunct {
        Adjunct::About(who) => who.span,
        Adjunct::Said { span, .. } | Adjunct::When(span) => *span,
        Adjunct::For(time) => time.span,
        Adjunct::Via(via) => via.span,
        Adjunct::Source(
            SourceRef::Url(w) | SourceRef::Named(w) | SourceRef::Var(w) | SourceRef::Param(w),
        ) => w.span,
        Adjunct::If(condition) => condition.span,
        Adjunct::With(measure) => measure.span,
    }
}
