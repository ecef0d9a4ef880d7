//! The terms of a content that a question names at the end of a link or behind a reasoning verb: it is that content which has exactly these.

use super::super::logical::{EntityTest, FieldTest, FigureTest};
use super::{Binder, Refused, refuse};
use crate::diag::{Code, Span};
use crate::graph::{Fact, Graph};
use crate::model::{Content, Figure, Modality, PropositionId, Time, fold};
use crate::syntax::ast::{
    Adjunct, Condition, ConditionValue, ContentTerms, FieldValue, Measure, MeasureTest, Term, TimeValue, Word,
};
use crate::syntax::modality_of;

/// All terms of a content.
struct Terms {
    modality: String,
    /// The text of the condition, folded, and whether it must not hold.
    condition: Option<(String, bool)>,
    time: Option<Time>,
    /// Figures and facts, in any order.
    measures: Vec<FigureTest>,
}

impl Binder<'_> {
    /// The contents of a text: all of them where no term is written, else those with exactly these.
    pub(super) fn contents_with(
        &mut self,
        text: &Word,
        negated: bool,
        written: &ContentTerms,
    ) -> Refused<Vec<Content>> {
        if written.is_empty() {
            return Ok(self.contents(&text.text, negated));
        }
        let terms = self.terms(written)?;
        let graph = self.graph();
        Ok(self.contents_where(&text.text, negated, |known| terms.are_those_of(graph, known)))
    }

    fn terms(&mut self, written: &ContentTerms) -> Refused<Terms> {
        let modality = Modality::Actual.word().to_string();
        let mut terms = Terms { modality, condition: None, time: None, measures: Vec::new() };
        for adjunct in &written.adjuncts {
            match adjunct {
                Adjunct::For(time) => {
                    if let TimeValue::Var(word) = &time.value {
                        return blank(word.span);
                    }
                    terms.time = Some(self.interval(time)?);
                }
                Adjunct::If(condition) => {
                    terms.condition = Some(self.condition_text(condition)?);
                }
                Adjunct::With(measure) => {
                    no_blank(measure)?;
                    terms.measures.push(self.measure(measure)?);
                }
                // The grammar has no others here.
                _ => {}
            }
        }
        if let Some(pair) = modality_of(written)? {
            if let FieldValue::Var(word) = &pair.value {
                return blank(word.span);
            }
            if let FieldTest { value: Ok(word), .. } = self.field(pair)? {
                terms.modality = word;
            }
        }
        Ok(terms)
    }

    fn condition_text(&self, condition: &Condition) -> Refused<(String, bool)> {
        let text = match &condition.value {
            ConditionValue::Text(word) => &word.text,
            ConditionValue::Param(word) => self.param(word)?,
            ConditionValue::Var(word) => return blank(word.span),
            ConditionValue::Anything(span) => return blank(*span),
        };
        Ok((fold(text).into_owned(), condition.not))
    }
}

impl Terms {
    fn are_those_of(&self, graph: &Graph, known: PropositionId) -> bool {
        let propositions = &graph.propositions;
        let condition = propositions.condition(known);
        let condition =
            condition.map(|on| (fold(propositions.text(on.proposition)).into_owned(), on.negated));
        let figures: Vec<Figure> = propositions.figures(known).collect();
        let facts: Vec<Fact> = propositions.facts(known).collect();
        let is_asked = |fits: &dyn Fn(&FigureTest) -> bool| self.measures.iter().any(fits);
        let is_known = |measure: &FigureTest| {
            figures.iter().any(|figure| is_figure(graph, measure, figure))
                || facts.iter().any(|fact| is_fact(graph, measure, fact))
        };
        propositions.modality(known).word() == self.modality
            && condition == self.condition
            && graph.times.get(propositions.time(known)) == self.time
            && figures.len() + facts.len() == self.measures.len()
            && self.measures.iter().all(is_known)
            && figures.iter().all(|figure| is_asked(&|measure| is_figure(graph, measure, figure)))
            && facts.iter().all(|fact| is_asked(&|measure| is_fact(graph, measure, fact)))
    }
}

fn is_figure(graph: &Graph, asked: &FigureTest, known: &Figure) -> bool {
    let FigureTest::Follows { what, bound, unit } = asked else { return false };
    let own = known.unit.some().map(|unit| fold(graph.strings.get(unit)));
    fold(graph.strings.get(known.what)) == *what && known.bound == *bound && own.as_deref() == unit.as_deref()
}

fn is_fact(graph: &Graph, asked: &FigureTest, known: &Fact) -> bool {
    let (attribute, same_value) = match asked {
        FigureTest::Entity { attribute, value: EntityTest::OneOf(entities) } => {
            let own = known.entity.some().map(|entity| graph.same.entity(entity));
            (attribute, own.is_some_and(|own| entities.contains(&own)))
        }
        FigureTest::Text { attribute, value } => {
            (attribute, known.text.some().is_some_and(|text| fold(graph.strings.get(text)) == *value))
        }
        _ => return false,
    };
    same_value && fold(graph.strings.get(known.attribute)) == *attribute
}

fn no_blank(measure: &Measure) -> Refused<()> {
    match &measure.test {
        MeasureTest::Var(word) => blank(word.span),
        MeasureTest::Entity(term) if !matches!(term, Term::Name(_) | Term::Param(_)) => blank(term.span()),
        _ => Ok(()),
    }
}

fn blank<T>(span: Span) -> Refused<T> {
    refuse(
        Code::BadValue,
        span,
        "a blank cannot stand here",
        "write the terms as they were claimed, or ask for the content: anyone said ?c with dead ?n and ?c contradicts what",
    )
}
