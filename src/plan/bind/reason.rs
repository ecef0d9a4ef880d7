//! Reasoning verbs: what each works on is found, and how it reckons. A verb that works on claims is a question for these claims, and a stage
//! behind it; so `about`, times and `via` mean the same as everywhere.

use super::super::logical::{Node, Question};
use super::super::query::{Base, ColumnKind, Field, Source, Stage};
use super::super::reasoned::{Reasoned, Verb, needs, works_on};
use super::kinds::Kinds;
use super::stages::Columns;
use super::{Binder, Refused, refuse};
use crate::diag::{Code, Span};
use crate::graph::Node as Thing;
use crate::model::EntityId;
use crate::reason::{Clock, Reckoning};
use crate::syntax;
use crate::syntax::ast::{Claim, Command, FieldRef, Label, LinkEnd, Manner, Pattern, Term, Who, Word};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The name of the claims that a verb works on: no variable can be called so.
const CLAIMS: &str = "the claims";

impl Binder<'_> {
    /// A command: where its rows come from, its stage, and the columns of that.
    pub(super) fn command(&mut self, command: &Command) -> Refused<(Source, Stage, Columns)> {
        let given = Field { base: Base::Column(0), part: None };
        let (source, field) = match command.verb {
            Verb::Trace | Verb::Corroborate | Verb::Weakest => {
                (Source::Things(self.contents_or_claim(command)?), given)
            }
            Verb::Impact => (Source::Things(self.retracted(command)?), given),
            Verb::Reliance => (Source::Things(self.of_whom(command)?), given),
            _ => {
                let question = self.claims_of(command)?;
                let claims = question.counted.first().copied();
                let (claim, appearance) = claims.unwrap_or((super::SlotId(0), super::SlotId(0)));
                let field = Field { base: Base::Slot(claim, Some(appearance)), part: None };
                (Source::Pattern(question), field)
            }
        };
        let mut reasoned = self.reckoned(command.verb, field, &command.manner, command.span)?;
        reasoned.everywhere = command.adjuncts.is_empty() && command.of.is_none();
        if command.verb == Verb::Silence
            && let Some(of) = &command.of
        {
            reasoned.whom = self.whom(of)?;
        }
        let columns = Columns::of_reason(command.verb, &reasoned);
        Ok((source, Stage::Reason(Box::new(reasoned)), columns))
    }

    /// A verb as a stage.
    pub(super) fn reason_stage(
        &mut self,
        verb: Verb,
        target: Option<&FieldRef>,
        manner: &Manner,
        span: Span,
        columns: &mut Columns,
    ) -> Refused<Stage> {
        let field = match target {
            Some(target) => {
                let (field, kind) = self.value(target, columns)?;
                let fits = works_on(verb, kind)
                    || kind == ColumnKind::List && works_on(verb, ColumnKind::Claim)
                    || kind == ColumnKind::List && verb == Verb::Reliance;
                if !fits {
                    return refuse(
                        Code::BadComparison,
                        target.span,
                        format!("this is {} and `{}` works on {}", kind.noun(), verb.word(), needs(verb)),
                        format!("name a column of {}", needs(verb)),
                    );
                }
                field
            }
            None => match columns.only(|kind| works_on(verb, kind), verb) {
                Some(field) => field,
                None => {
                    return refuse(
                        Code::UnknownColumn,
                        span,
                        format!(
                            "`{}` works on {}, and it is not plain which of these columns is meant",
                            verb.word(),
                            needs(verb)
                        ),
                        format!("name it: | {} ?c", verb.word()),
                    );
                }
            },
        };
        let reasoned = self.reckoned(verb, field, manner, span)?;
        *columns = Columns::of_reason(verb, &reasoned);
        Ok(Stage::Reason(Box::new(reasoned)))
    }

    /// How a verb reckons, where it knows that manner.
    fn reckoned(&mut self, verb: Verb, field: Field, manner: &Manner, span: Span) -> Refused<Reasoned> {
        let unknown = |what: &str, help: &str| {
            refuse(Code::BadValue, span, format!("`{}` knows no `{what}`", verb.word()), help)
        };
        if manner.by_organization && !matches!(verb, Verb::Corroborate | Verb::Changes) {
            return unknown("by organization", "it stands behind corroborate and changes");
        }
        if manner.with_support && verb != Verb::Corroborate {
            return unknown("with support", "it stands behind corroborate");
        }
        if manner.sides.is_some() && verb != Verb::Conflicts {
            return unknown(
                "between",
                "it stands behind conflicts; of a time write: between 2025-01-01 and 2025-02-01",
            );
        }
        let clock = match &manner.by_clock {
            None => Clock::Said,
            Some(_) if verb != Verb::Timeline => {
                return unknown("by", "a clock stands behind timeline");
            }
            Some(word) => clock(word)?,
        };
        let period = match (&manner.period, verb) {
            (Some((from, to)), Verb::Changes) => {
                let (from, to) = (self.interval(from)?.to, self.interval(to)?.to);
                if from > to {
                    return refuse(
                        Code::BadTime,
                        span,
                        "the second date lies before the first",
                        "put the earlier date first",
                    );
                }
                Some((from, to))
            }
            (Some(_), _) => return unknown("from … to", "it stands behind changes"),
            (None, Verb::Changes) => {
                return refuse(
                    Code::BadValue,
                    span,
                    "`changes` works between two dates",
                    "write changes from 2025-12-01 to 2025-12-31",
                );
            }
            (None, _) => None,
        };
        let sides = match &manner.sides {
            None => None,
            Some((one, other)) => Some((self.side(one)?, self.side(other)?)),
        };
        let reckoning =
            Reckoning { by_organization: manner.by_organization, with_support: manner.with_support };
        Ok(Reasoned { verb, field, reckoning, clock, sides, whom: Vec::new(), period, everywhere: false })
    }

    fn side(&mut self, term: &Term) -> Refused<Vec<EntityId>> {
        match term {
            Term::Name(name) => self.entities(name, true),
            Term::Param(word) => self.entities_of_param(word),
            _ => refuse(
                Code::BadValue,
                term.span(),
                "a blank cannot stand here",
                "name the two whose claims are set against each other",
            ),
        }
    }

    /// The contents of a text, or a claim.
    fn contents_or_claim(&mut self, command: &Command) -> Refused<Vec<Thing>> {
        match &command.target {
            Some(LinkEnd::Content { not, text, terms }) => {
                Ok(self.contents_with(text, *not, terms)?.into_iter().map(Thing::Content).collect())
            }
            Some(LinkEnd::Claim(id)) => Ok(vec![Thing::Claim(self.claim_of(id)?)]),
            Some(LinkEnd::Term(Term::Param(word))) => {
                let text = self.param(word)?.to_string();
                Ok(self.contents(&text, false).into_iter().map(Thing::Content).collect())
            }
            target => {
                let word = command.verb.word();
                let about = match target {
                    Some(LinkEnd::Term(Term::Name(name))) => {
                        format!(" about {}", syntax::name(&name.text, name.qualifier.as_deref()))
                    }
                    _ => String::new(),
                };
                refuse(
                    Code::BadValue,
                    command.span,
                    format!("`{word}` works on a text or a claim"),
                    format!("write {word} \"…\", {word} #c7, or who said ?c{about} | {word} ?c"),
                )
            }
        }
    }

    /// A document, a source or a claim that is supposed away.
    fn retracted(&mut self, command: &Command) -> Refused<Vec<Thing>> {
        Ok(match &command.target {
            Some(LinkEnd::Claim(id)) => vec![Thing::Claim(self.claim_of(id)?)],
            Some(LinkEnd::Document(word)) => self.document_named(word)?,
            Some(LinkEnd::Content { not: false, text, terms }) if terms.is_empty() => {
                self.document_named(text)?
            }
            Some(LinkEnd::Term(Term::Name(name))) => {
                self.entities(name, true)?.into_iter().map(Thing::Entity).collect()
            }
            Some(LinkEnd::Term(Term::Param(word))) => {
                self.entities_of_param(word)?.into_iter().map(Thing::Entity).collect()
            }
            _ => {
                return refuse(
                    Code::BadValue,
                    command.span,
                    "what is retracted is a source, a document or a claim",
                    "write impact of retracting Reuters, <https://…>, \"a document's name\" or #c7",
                );
            }
        })
    }

    fn document_named(&mut self, word: &Word) -> Refused<Vec<Thing>> {
        match self.graph().documents.find(&word.text) {
            Some(document) => Ok(vec![Thing::Document(document)]),
            None => refuse(
                Code::UnknownDocument,
                word.span,
                "there is no document of this address or name",
                "who said what source ?d | show ?d shows the documents there are",
            ),
        }
    }

    fn of_whom(&mut self, command: &Command) -> Refused<Vec<Thing>> {
        let Some(of) = &command.of else { return Ok(Vec::new()) };
        let mut found = Vec::new();
        for term in &of.terms {
            found.extend(self.side(term)?.into_iter().map(Thing::Entity));
        }
        Ok(found)
    }

    /// Of whom silence is asked: of the members of a group, directly or through others, or of those named.
    fn whom(&mut self, of: &Who) -> Refused<Vec<EntityId>> {
        let graph = self.graph();
        let mut found: BTreeSet<EntityId> = BTreeSet::new();
        for term in &of.terms {
            for one in self.side(term)? {
                let mut members = BTreeSet::new();
                let mut waiting = vec![one];
                while let Some(group) = waiting.pop() {
                    for same in graph.same.entities(group) {
                        for affiliation in graph.entities.affiliated_with(same) {
                            let member = graph.same.entity(affiliation.member);
                            if affiliation.is_membership && members.insert(member) {
                                waiting.push(member);
                            }
                        }
                    }
                }
                if members.is_empty() {
                    found.insert(one);
                }
                found.extend(members);
            }
        }
        Ok(found.into_iter().collect())
    }

    /// The question for the claims that a command works on: whatever is said and done by whom, about what, and so on.
    fn claims_of(&mut self, command: &Command) -> Refused<Question> {
        let span = command.span;
        let anyone = Who { quantifier: None, terms: vec![Term::Anyone(span)], span };
        let word = |text: &str| Word { text: text.into(), span };
        let of = command.of.as_ref().filter(|_| command.verb != Verb::Silence);
        let claim = Claim {
            span,
            label: Some(Label::Var(word(CLAIMS))),
            who: of.cloned().unwrap_or(anyone),
            exactly: false,
            verb: word("said"),
            listener: None,
            content: None,
            adjuncts: command.adjuncts.clone(),
            fields: Vec::new(),
        };
        self.kinds = Kinds::infer(&Pattern::Claim(claim.clone()), self.scope.rules)?;
        let mut pattern = self.claim_pattern(&claim, true)?;
        // A refusal and a private state are no speech, and are claims all the same.
        pattern.verbs = vec![true; pattern.verbs.len()].into();
        pattern.verb = "said or did".into();
        self.finished(Node::Claim(Arc::new(pattern)))
    }
}

fn clock(word: &Word) -> Refused<Clock> {
    match word.text.as_str() {
        "said" => Ok(Clock::Said),
        "published" => Ok(Clock::Published),
        "recorded" => Ok(Clock::Recorded),
        "period" => Ok(Clock::Period),
        other => refuse(
            Code::BadValue,
            word.span,
            format!("`{other}` is no clock"),
            "write by said, by published, by recorded, or by period for the time spoken of",
        ),
    }
}
