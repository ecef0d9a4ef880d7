//! The columns of a question, and what it mentions where: read off the syntax tree alone.

use dixit::syntax::ast::{
    Adjunct, Arg, Claim, ConditionValue, ContentValue, FieldValue, GradeTerm, HopDetails, IsWhat, Label,
    LinkEnd, MeasureTest, Pattern, Quantifier, RatedThing, Relation, RoleTerm, SourceRef, Term, TimeExpr,
    TimeValue, Via, Who,
};
use std::collections::BTreeSet;

/// Where the values of a column come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Column {
    /// A variable (`?x`) or a blank (`who`).
    Slot(String),
    /// Of the claim that the sentence at this place found.
    When(usize),
    Via(usize),
    Hedge(usize),
    Act(usize),
    /// Whether there is any row.
    Answer,
}

/// A claim sentence that is neither negated nor one of several alternatives: its place and its label.
pub(super) type Counted = (usize, Option<String>);

/// What a pattern mentions.
#[derive(Debug, Default)]
pub(super) struct Mentions {
    /// The columns, in the order mentioned, each once.
    pub columns: Vec<Column>,
    pub counted: Vec<Counted>,
    /// Variables and `what`, as often as they are mentioned.
    variables: Vec<String>,
    /// Variables that hold claims.
    pub acts: BTreeSet<String>,
    negations: usize,
    alternatives: usize,
}

impl Mentions {
    pub(super) fn of(pattern: &Pattern) -> Mentions {
        let mut mentions = Mentions::default();
        mentions.pattern(pattern);
        mentions
    }

    /// Variables that stand in several places.
    pub(super) fn shared(&self) -> BTreeSet<String> {
        let often = |name: &&String| self.variables.iter().filter(|other| other == name).count() > 1;
        self.variables.iter().filter(often).cloned().collect()
    }

    /// The heads of all columns, those that nobody named included: no content without its attribution.
    pub(super) fn heads(&self) -> Vec<(String, Column)> {
        let mut heads: Vec<(String, Column)> = Vec::new();
        for column in &self.columns {
            let name = match column {
                Column::Slot(slot) => slot.trim_start_matches('?'),
                Column::When(_) => "when",
                _ => "via",
            };
            heads.push((name.into(), column.clone()));
        }
        if let [(place, _)] = self.counted[..] {
            let implicit = [
                ("when", Column::When(place)),
                ("via", Column::Via(place)),
                ("hedge", Column::Hedge(place)),
                ("claim", Column::Act(place)),
            ];
            for (name, column) in implicit {
                if heads.iter().all(|(known, _)| known != name) {
                    heads.push((name.into(), column));
                }
            }
        } else if heads.is_empty() {
            heads.push(("answer".into(), Column::Answer));
        }
        heads
    }

    fn column(&mut self, column: Column) {
        if self.negations == 0 && !self.columns.contains(&column) {
            self.columns.push(column);
        }
    }

    fn variable(&mut self, name: &str) {
        self.variables.push(format!("?{name}"));
        self.column(Column::Slot(format!("?{name}")));
    }

    fn pattern(&mut self, pattern: &Pattern) {
        match pattern {
            Pattern::And(parts) => parts.iter().for_each(|part| self.pattern(part)),
            Pattern::Or(parts) => {
                self.alternatives += 1;
                parts.iter().for_each(|part| self.pattern(part));
                self.alternatives -= 1;
            }
            Pattern::Not(inner, _) => {
                self.negations += 1;
                self.pattern(inner);
                self.negations -= 1;
            }
            Pattern::Claim(claim) => self.claim(claim),
            Pattern::Link(link) => {
                let of_claims = matches!(link.relation, Relation::Retracts | Relation::Corrects);
                for end in [&link.left, &link.right] {
                    match end {
                        LinkEnd::Term(term) => {
                            if let Term::Var(word) = term
                                && of_claims
                            {
                                self.acts.insert(word.text.clone());
                            }
                            let before = self.variables.len();
                            self.term(term);
                            // Sameness is asked of things as they stand.
                            if link.relation == Relation::SameAs {
                                self.variables.truncate(before);
                            }
                        }
                        LinkEnd::What(_) => self.column(Column::Slot("what".into())),
                        LinkEnd::Content { .. } | LinkEnd::Claim(_) | LinkEnd::Document(_) => {}
                    }
                }
            }
            Pattern::IsA(isa) => {
                self.term(&isa.who);
                match &isa.what {
                    IsWhat::KindVar(word) => self.variable(&word.text),
                    IsWhat::In { group, .. } => self.term(group),
                    IsWhat::Role { role, of, .. } => {
                        if let RoleTerm::Var(word) = role {
                            self.variable(&word.text);
                        }
                        of.iter().for_each(|of| self.term(of));
                    }
                    IsWhat::Kind(_) | IsWhat::Named => {}
                }
            }
            Pattern::Rating(rating) => {
                self.term(&rating.assessor);
                if let RatedThing::Source(term) = &rating.what {
                    // Claims are graded by digits.
                    if let (Term::Var(word), GradeTerm::Grade(grade)) = (term, &rating.grade)
                        && grade.text.starts_with(char::is_numeric)
                    {
                        self.acts.insert(word.text.clone());
                    }
                    self.term(term);
                }
                if let GradeTerm::Var(word) = &rating.grade {
                    self.variable(&word.text);
                }
                rating.about.iter().for_each(|about| self.list(about));
            }
            Pattern::Call(call) => {
                for arg in &call.args {
                    if let Arg::Term(term) = arg {
                        self.term(term);
                    }
                }
            }
        }
    }

    fn claim(&mut self, claim: &Claim) {
        let place = claim.span.start;
        let label = match &claim.label {
            Some(Label::Var(word)) => {
                self.acts.insert(word.text.clone());
                Some(word.text.clone())
            }
            _ => None,
        };
        if self.negations == 0 && self.alternatives == 0 {
            self.counted.push((place, label));
            if claim.who.quantifier == Some(Quantifier::All) {
                let more = claim.who.terms.iter().skip(1).map(|term| (term.span().start, None));
                self.counted.extend(more);
            }
        }
        self.list(&claim.who);
        let before = self.variables.len();
        claim.listener.iter().for_each(|listener| self.list(&listener.who));
        match claim.content.as_ref().map(|content| &content.value) {
            Some(ContentValue::Var(word)) => self.variable(&word.text),
            Some(ContentValue::What(_)) => {
                self.variables.push("what".into());
                self.column(Column::Slot("what".into()));
            }
            Some(ContentValue::Speech(inner)) => self.claim(inner),
            _ => {}
        }
        for adjunct in &claim.adjuncts {
            self.adjunct(adjunct, place);
        }
        for pair in &claim.fields {
            if let FieldValue::Var(word) = &pair.value {
                self.variable(&word.text);
            }
        }
        // `all of A, B` are as many sentences, which share all but who speaks.
        if claim.who.quantifier == Some(Quantifier::All) && claim.who.terms.len() > 1 {
            let again = self.variables.get(before..).unwrap_or_default().to_vec();
            self.variables.extend(again);
        }
    }

    fn adjunct(&mut self, adjunct: &Adjunct, place: usize) {
        match adjunct {
            Adjunct::About(who) => self.list(who),
            Adjunct::Said { time, .. } | Adjunct::For(time) => self.time(time),
            Adjunct::When(_) => self.column(Column::When(place)),
            Adjunct::Via(Via { who: None, details, .. }) if *details == HopDetails::default() => {
                self.column(Column::Via(place));
            }
            Adjunct::Via(via) => via.who.iter().for_each(|who| self.list(who)),
            Adjunct::Source(SourceRef::Var(word)) => self.variable(&word.text),
            Adjunct::If(condition) => {
                if let ConditionValue::Var(word) = &condition.value {
                    self.variable(&word.text);
                }
            }
            Adjunct::With(measure) => match &measure.test {
                MeasureTest::Var(word) => self.variable(&word.text),
                MeasureTest::Entity(term) => self.term(term),
                _ => {}
            },
            Adjunct::Source(_) => {}
        }
    }

    fn time(&mut self, time: &TimeExpr) {
        if let TimeValue::Var(word) = &time.value {
            self.variable(&word.text);
        }
    }

    fn list(&mut self, who: &Who) {
        let hidden = usize::from(who.quantifier == Some(Quantifier::None));
        self.negations += hidden;
        who.terms.iter().for_each(|term| self.term(term));
        self.negations -= hidden;
    }

    fn term(&mut self, term: &Term) {
        match term {
            Term::Var(word) => self.variable(&word.text),
            Term::Who(_) => self.column(Column::Slot("who".into())),
            Term::Whom(_) => self.column(Column::Slot("whom".into())),
            Term::Which { kind, .. } => self.column(Column::Slot(kind.text.clone())),
            Term::Name(_) | Term::Param(_) | Term::Anyone(_) => {}
        }
    }
}
