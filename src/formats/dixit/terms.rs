//! The terms of a content, as a claim states them and as the end of a link names them: the time spoken of, the condition, figures, facts,
//! the modality. Blanks are refused here.

use super::braces::modality;
use super::claim::{blank, set_once, span_of};
use super::resolve::{mention, named, param, time};
use super::{Context, Refused, refuse};
use crate::diag::{Code, Span};
use crate::graph::{Draft, FactDraft, FactValue, FigureDraft, Graph, Refusal, What};
use crate::model::{Bound, Lexicon, exact, fold};
use crate::syntax::ast::{
    Adjunct, ConditionValue, ContentTerms, Measure, MeasureOp, MeasureTest, Term, Word,
};
use crate::syntax::modality_of;

/// The content that a text and its terms name, as what nobody has claimed yet.
pub(super) fn content<'a>(
    negated: bool,
    text: &'a Word,
    terms: &'a ContentTerms,
    context: &'a Context,
) -> Refused<Draft<'a>> {
    let what = What::Text { text: &text.text, negated };
    let mut draft = Draft { what, ..Draft::of(Lexicon::RELAY) };
    terms.adjuncts.iter().try_for_each(|adjunct| term(adjunct, context, &mut draft))?;
    if let Some(pair) = modality_of(terms)? {
        modality(pair, &mut draft)?;
    }
    Ok(draft)
}

/// Adds one of the terms that stand without braces.
pub(super) fn term<'a>(adjunct: &'a Adjunct, context: &'a Context, draft: &mut Draft<'a>) -> Refused<()> {
    match adjunct {
        Adjunct::For(period) => set_once(&mut draft.time, time(period, context)?, period.span, "`for`"),
        Adjunct::If(condition) => {
            let text = match &condition.value {
                ConditionValue::Text(word) => word.text.as_str(),
                ConditionValue::Param(word) => param(word, context)?,
                ConditionValue::Var(_) | ConditionValue::Anything(_) => return blank(condition.span),
            };
            set_once(&mut draft.condition, (text, condition.not), condition.span, "condition")
        }
        Adjunct::With(measure) => figure(measure, context, draft),
        other => blank(span_of(other)),
    }
}

/// Where a refusal of such a content belongs: the name that is ambiguous, else the text.
pub(super) fn place(refusal: &Refusal, text: &Word, terms: &ContentTerms) -> Span {
    let Refusal::Ambiguous { name, .. } = refusal else { return text.span };
    let mut values = terms.adjuncts.iter().filter_map(|adjunct| match adjunct {
        Adjunct::With(Measure { test: MeasureTest::Entity(Term::Name(known)), .. }) => Some(known),
        _ => None,
    });
    values.find(|known| known.text == *name).map_or(text.span, |known| known.span)
}

/// Whether two contents, neither of them known yet, would be one.
pub(super) fn would_be_one(graph: &Graph, first: &Draft<'_>, second: &Draft<'_>) -> bool {
    let text = |draft: &Draft<'_>| match draft.what {
        What::Text { text, .. } => fold(text).into_owned(),
        _ => String::new(),
    };
    let condition =
        |draft: &Draft<'_>| draft.condition.map(|(text, negated)| (fold(text).into_owned(), negated));
    let same_fact = |(one, other): (&FactDraft<'_>, &FactDraft<'_>)| {
        let same_value = match (&one.value, &other.value) {
            (FactValue::Entity(one), FactValue::Entity(other)) => graph.would_be_one(one, other),
            (one, other) => one == other,
        };
        one.attribute == other.attribute && same_value
    };
    text(first) == text(second)
        && first.modality == second.modality
        && condition(first) == condition(second)
        && first.time.map(|time| time.time) == second.time.map(|time| time.time)
        && first.figures == second.figures
        && first.facts.len() == second.facts.len()
        && first.facts.iter().zip(&second.facts).all(same_fact)
}

fn figure<'a>(measure: &'a Measure, context: &'a Context, draft: &mut Draft<'a>) -> Refused<()> {
    let what = named(&measure.what).name;
    let bound = match &measure.test {
        MeasureTest::Number(op, word) => bound(*op, number(&word.text, word.span)?),
        MeasureTest::Param(op, word) => bound(*op, number(param(word, context)?, word.span)?),
        MeasureTest::Between(low, high) => {
            let (low, high) = (number(&low.text, low.span)?, number(&high.text, high.span)?);
            if low > high {
                return refuse(
                    Code::BadNumber,
                    measure.span,
                    "the greater number comes first",
                    "put the lesser first",
                );
            }
            Bound::between(low, high)
        }
        MeasureTest::Var(word) => return blank(word.span),
        MeasureTest::Entity(term) => {
            draft
                .facts
                .push(FactDraft { attribute: what, value: FactValue::Entity(mention(term, context)?) });
            return Ok(());
        }
        MeasureTest::Text(word) => {
            draft.facts.push(FactDraft { attribute: what, value: FactValue::Text(&word.text) });
            return Ok(());
        }
    };
    let unit = measure.unit.as_ref().map_or("", |unit| if unit.text == "%" { "percent" } else { &unit.text });
    draft.figures.push(FigureDraft { what, bound, unit });
    Ok(())
}

fn bound(op: MeasureOp, value: f64) -> Bound {
    match op {
        MeasureOp::Equal => Bound::exactly(value),
        MeasureOp::About => Bound::about(value),
        MeasureOp::More => Bound::above(value, true),
        MeasureOp::AtLeast => Bound::above(value, false),
        MeasureOp::Less => Bound::below(value, true),
        MeasureOp::AtMost => Bound::below(value, false),
    }
}

/// A number that is kept exactly.
fn number(text: &str, span: Span) -> Refused<f64> {
    if text.parse::<f64>().is_err() {
        return refuse(Code::BadNumber, span, "this is no number", "write it with digits, as 1200000 or 0.5");
    }
    exact(text).map_or_else(
        || {
            refuse(
                Code::BadNumber,
                span,
                "this number has more digits than can be kept exactly",
                "round it to fifteen digits",
            )
        },
        Ok,
    )
}
