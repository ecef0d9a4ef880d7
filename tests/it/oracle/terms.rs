//! The contents that a text and its terms name: each term is told as a text, and those of a content must be those that are written.

use super::Oracle;
use super::claim::bound;
use super::lookup::{folded, number};
use super::world::{Content, Proposition, distinct};
use dixit::model::Bound;
use dixit::syntax::ast::{
    Adjunct, ConditionValue, ContentTerms, FieldValue, Measure, MeasureTest, Term, Word,
};

impl Oracle<'_> {
    /// Every content of a text, with terms those that have just these; as they stand for themselves.
    pub(super) fn contents_with(&self, text: &Word, not: bool, written: &ContentTerms) -> Vec<Content> {
        if written.is_empty() {
            return self.contents(&text.text, not);
        }
        let world = self.world;
        let wanted = self.written(written);
        let found = (0..world.propositions.len()).filter(|at| {
            let known = &world.propositions[*at];
            folded(&known.text) == folded(&text.text) && self.known(known) == wanted
        });
        distinct(found.map(|at| world.meant(Content { at, not })))
    }

    fn known(&self, known: &Proposition) -> Vec<String> {
        let mut terms = vec![format!("modality {}", known.modality)];
        terms.extend(known.time.map(|time| format!("for {time:?}")));
        terms.extend(known.condition.map(|on| {
            let text = folded(&self.world.propositions[on.at].text);
            format!("if {} {text}", on.not)
        }));
        for (what, figure, unit) in &known.figures {
            terms.push(told(what, figure.bound, unit.as_deref()));
        }
        for (attribute, entity, text) in &known.facts {
            let text = text.as_deref().map(folded);
            terms.push(format!("{} is {entity:?} {text:?}", folded(attribute)));
        }
        terms.sort();
        terms
    }

    fn written(&self, written: &ContentTerms) -> Vec<String> {
        let mut modality = "actual".to_string();
        for pair in &written.fields {
            modality = match &pair.value {
                FieldValue::Param(word) => self.param(word),
                FieldValue::Ident(word) | FieldValue::Text(word) => word.text.clone(),
                other => panic!("{other:?} is no modality"),
            };
        }
        let mut terms = vec![format!("modality {modality}")];
        terms.extend(written.adjuncts.iter().map(|adjunct| match adjunct {
            Adjunct::For(time) => format!("for {:?}", self.interval(time)),
            Adjunct::If(condition) => {
                let text = match &condition.value {
                    ConditionValue::Text(word) => word.text.clone(),
                    ConditionValue::Param(word) => self.param(word),
                    other => panic!("{other:?} is no text"),
                };
                format!("if {} {}", condition.not, folded(&text))
            }
            Adjunct::With(measure) => self.written_measure(measure),
            other => panic!("{other:?} is no term"),
        }));
        terms.sort();
        terms
    }

    fn written_measure(&self, asked: &Measure) -> String {
        let what = &asked.what.text;
        let unit = asked.unit.as_ref().map(|unit| if unit.text == "%" { "percent" } else { &unit.text });
        match &asked.test {
            MeasureTest::Number(op, word) => told(what, bound(*op, number(&word.text)), unit),
            MeasureTest::Param(op, word) => told(what, bound(*op, number(&self.param(word))), unit),
            MeasureTest::Between(low, high) => {
                told(what, Bound::between(number(&low.text), number(&high.text)), unit)
            }
            MeasureTest::Entity(term @ (Term::Name(_) | Term::Param(_))) => {
                let entity = self.constant(term, false).first().copied();
                format!("{} is {entity:?} {:?}", folded(what), None::<String>)
            }
            MeasureTest::Text(word) => {
                format!("{} is {:?} {:?}", folded(what), None::<usize>, Some(folded(&word.text)))
            }
            other => panic!("{other:?} is a blank"),
        }
    }
}

fn told(what: &str, bound: Bound, unit: Option<&str>) -> String {
    format!("{} {bound:?} {:?}", folded(what), unit.map(folded))
}
