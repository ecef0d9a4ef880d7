//! What can follow a claim: topics, times, chains, documents, conditions, figures, braces.

use super::super::logical::{
    ClaimPattern, ColumnSource, ContentTest, DocumentTest, EntityTest, FieldKey, FieldTest, FigureTest,
    ListTest, SlotKind, TimeOperand, TimeTest, ViaTest,
};
use super::lookup::number;
use super::{Binder, Refused, claim::alone, refuse};
use crate::diag::{Code, Span};
use crate::model::{Basis, Bound, Commitment, Modality, Mode, fold};
use crate::syntax::ast::{
    Adjunct, Condition, ConditionValue, FieldPair, FieldValue, HopDetails, Measure, MeasureOp, MeasureTest,
    Quantifier, SourceRef, TimeExpr, TimeOp, TimeValue, Via,
};

impl Binder<'_> {
    pub(super) fn adjunct(&mut self, adjunct: &Adjunct, pattern: &mut ClaimPattern) -> Refused<()> {
        match adjunct {
            Adjunct::About(who) => pattern.about.push(self.list(who, false)?),
            Adjunct::Said { op, time, .. } => {
                let time = self.time(time)?;
                pattern.said.push(TimeTest { op: *op, time });
            }
            Adjunct::When(_) => {
                if self.negations == 0 && self.unfolding.is_empty() {
                    self.column("when", ColumnSource::When(pattern.claim));
                }
            }
            Adjunct::For(time) => {
                let time = self.time(time)?;
                pattern.period.push(TimeTest { op: TimeOp::On, time });
            }
            Adjunct::Via(via) => self.via(via, pattern)?,
            Adjunct::Source(source) => {
                let (SourceRef::Url(word)
                | SourceRef::Named(word)
                | SourceRef::Var(word)
                | SourceRef::Param(word)) = source;
                once(pattern.chain.document.is_some(), word.span, "source")?;
                pattern.chain.document = Some(self.document(source)?);
            }
            Adjunct::If(condition) => {
                once(pattern.condition.is_some(), condition.span, "condition")?;
                pattern.condition = Some(self.condition(condition)?);
            }
            Adjunct::With(measure) => pattern.figures.push(self.measure(measure)?),
        }
        Ok(())
    }

    fn time(&mut self, expr: &TimeExpr) -> Refused<TimeOperand> {
        Ok(match &expr.value {
            TimeValue::Var(word) => {
                TimeOperand::Slot(self.variable(&word.text, SlotKind::Time, word.span)?)
            }
            TimeValue::Param(_) if let Some(stand_in) = self.hole_for_time(expr) => {
                TimeOperand::Fixed(stand_in)
            }
            _ => TimeOperand::Fixed(self.interval(expr)?),
        })
    }

    fn via(&mut self, via: &Via, pattern: &mut ClaimPattern) -> Refused<()> {
        let who = match &via.who {
            Some(who) => self.list(who, true)?,
            None if via.details == HopDetails::default() => {
                if self.negations == 0 && self.unfolding.is_empty() {
                    self.column("via", ColumnSource::Via(pattern.claim, pattern.appearance));
                }
                return Ok(());
            }
            None => alone(EntityTest::Anyone),
        };
        let verbs = match &via.details.verb {
            None => Vec::new(),
            Some(verb) => self.verbs(verb, false)?.fit,
        };
        let basis = match (via.details.inferred, via.details.marked) {
            (true, false) => Some(Basis::Inferred),
            (false, true) => Some(Basis::Marked),
            _ => None,
        };
        let time = via.details.time.as_ref().map(|time| self.interval(time)).transpose()?;
        let hedge = via.details.hedge.as_ref().map(|hedge| hedge.text.clone());
        let test = ViaTest { position: via.position, who, hedge, basis, time, verbs };
        // Carried by each of them is carried by one, and by the next, in any order.
        if test.who.quantifier == Quantifier::All && test.who.terms.len() > 1 {
            for term in &test.who.terms {
                pattern.chain.also.push(ViaTest { who: alone(term.clone()), ..test.clone() });
            }
        } else {
            pattern.chain.via.push(test);
        }
        Ok(())
    }

    fn document(&mut self, source: &SourceRef) -> Refused<DocumentTest> {
        Ok(match source {
            SourceRef::Url(word) | SourceRef::Named(word) => {
                DocumentTest::One(self.graph().documents.find(&word.text))
            }
            SourceRef::Param(word) => {
                let key = self.param(word)?;
                DocumentTest::One(self.graph().documents.find(key))
            }
            SourceRef::Var(word) => {
                DocumentTest::Slot(self.variable(&word.text, SlotKind::Document, word.span)?)
            }
        })
    }

    fn condition(&mut self, condition: &Condition) -> Refused<ContentTest> {
        let negated = condition.not;
        Ok(match &condition.value {
            ConditionValue::Text(word) => ContentTest::OneOf(self.contents(&word.text, negated)),
            ConditionValue::Param(word) => {
                let text = self.param(word)?.to_string();
                ContentTest::OneOf(self.contents(&text, negated))
            }
            ConditionValue::Var(word) => {
                let slot = self.variable(&word.text, SlotKind::Content, word.span)?;
                if negated { ContentTest::NegatedSlot(slot) } else { ContentTest::Slot(slot) }
            }
            ConditionValue::Anything(_) if negated => ContentTest::Negative,
            ConditionValue::Anything(_) => ContentTest::Anything,
        })
    }

    pub(super) fn measure(&mut self, measure: &Measure) -> Refused<FigureTest> {
        let what = fold(&measure.what.text).into_owned();
        let unit = measure
            .unit
            .as_ref()
            .map(|unit| if unit.text == "%" { "percent".to_string() } else { fold(&unit.text).into_owned() });
        Ok(match &measure.test {
            MeasureTest::Number(op, value) => {
                let value = number(&value.text, value.span)?;
                FigureTest::Follows { what, bound: bound(*op, value), unit }
            }
            MeasureTest::Param(op, word) => {
                let value = number(&self.param(word)?.replace([',', '_', ' '], ""), word.span)?;
                FigureTest::Follows { what, bound: bound(*op, value), unit }
            }
            MeasureTest::Between(low, high) => {
                let (from, to) = (number(&low.text, low.span)?, number(&high.text, high.span)?);
                if from > to {
                    let span = Span::new(low.span.start, high.span.end);
                    return refuse(
                        Code::BadValue,
                        span,
                        "these bounds leave nothing between",
                        "put the smaller first",
                    );
                }
                FigureTest::Follows { what, bound: Bound::between(from, to), unit }
            }
            MeasureTest::Var(word) => {
                FigureTest::Slot { what, slot: self.variable(&word.text, SlotKind::Figure, word.span)?, unit }
            }
            MeasureTest::Entity(term) => {
                FigureTest::Entity { attribute: what, value: self.term(term, false)? }
            }
            MeasureTest::Text(word) => {
                FigureTest::Text { attribute: what, value: fold(&word.text).into_owned() }
            }
        })
    }

    pub(super) fn field(&mut self, pair: &FieldPair) -> Refused<FieldTest> {
        let key = match pair.key.text.as_str() {
            "mode" => FieldKey::Mode,
            "medium" => FieldKey::Medium,
            "modality" => FieldKey::Modality,
            "commitment" => FieldKey::Commitment,
            "basis" => FieldKey::Basis,
            "repeated" => FieldKey::Repeated,
            "translated" => FieldKey::Translated,
            "language" => FieldKey::Language,
            "hedge" => FieldKey::Hedge,
            other => FieldKey::Free(other.into()),
        };
        let (text, span) = match &pair.value {
            FieldValue::Var(word) => {
                let slot = self.variable(&word.text, SlotKind::Text, word.span)?;
                return Ok(FieldTest { key, value: Err(slot) });
            }
            FieldValue::Param(word) => (self.param(word)?.to_string(), word.span),
            FieldValue::Date(word)
            | FieldValue::Number(word)
            | FieldValue::Text(word)
            | FieldValue::Json(word)
            | FieldValue::Ident(word) => (word.text.clone(), word.span),
            FieldValue::Name(name) => (name.text.clone(), name.span),
        };
        check_value(&key, &text, span)?;
        Ok(FieldTest { key, value: Ok(fold(&text).into_owned()) })
    }
}

/// Refuses a part of a sentence that has room for one value only.
fn once(is_second: bool, span: Span, what: &str) -> Refused<()> {
    if !is_second {
        return Ok(());
    }
    refuse(
        Code::MisplacedWord,
        span,
        format!("this claim has a second {what}"),
        "keep one of the two, or ask about each in a sentence of its own",
    )
}

/// Refuses a value that the field can never have.
fn check_value(key: &FieldKey, text: &str, span: Span) -> Refused<()> {
    let allowed: Vec<&str> = match key {
        FieldKey::Mode => Mode::ALL.iter().map(|value| value.word()).collect(),
        FieldKey::Modality => Modality::ALL.iter().map(|value| value.word()).collect(),
        FieldKey::Commitment => Commitment::ALL.iter().map(|value| value.word()).collect(),
        FieldKey::Basis => Basis::ALL.iter().map(|value| value.word()).collect(),
        FieldKey::Repeated | FieldKey::Translated => vec!["yes", "no"],
        FieldKey::Medium | FieldKey::Language | FieldKey::Hedge | FieldKey::Free(_) => return Ok(()),
    };
    if allowed.contains(&text) {
        return Ok(());
    }
    refuse(
        Code::BadValue,
        span,
        format!("`{text}` is no value of this field"),
        format!("write one of {}", allowed.join(", ")),
    )
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

/// Whether a list names a slot.
pub(super) fn slots_of(list: &ListTest) -> impl Iterator<Item = super::SlotId> + '_ {
    list.terms.iter().filter_map(|term| if let EntityTest::Slot(slot, _) = term { Some(*slot) } else { None })
}
