//! A statement of a mapping with its columns filled in. What is empty drops the part that it would fill, or the statement where nothing of
//! it would be left; `docs/tables.md` says when. No meaning is decided here: the statement goes where all statements go.

use super::Wrong;
use super::value::{Filling, Place, Values};
use crate::diag::Span;
use crate::syntax::ast::{
    Adjunct, Also, Cited, Claim, Condition, ConditionValue, Content, ContentTerms, ContentValue,
    DocumentHead, Fact, FieldPair, FieldValue, GradeTerm, HopDetails, IsA, IsWhat, Label, Link, LinkEnd,
    Listener, Measure, MeasureOp, MeasureTest, Name, RatedThing, Rating, RoleTerm, SourceRef, Term, TimeExpr,
    TimeValue, ToldWhat, Via, Who, Word,
};

/// What is left of something: nothing where it is to be dropped.
type Left<T> = Result<Option<T>, Wrong>;

/// A statement, filled.
pub(super) fn fill(what: &ToldWhat, values: &impl Values) -> Left<ToldWhat> {
    let from = Fill(values);
    Ok(match what {
        ToldWhat::Document(head) => from.document(head)?.map(ToldWhat::Document),
        ToldWhat::Fact(fact) => {
            let fact = match fact {
                Fact::Claim(claim) => from.claim(claim)?.map(Fact::Claim),
                Fact::IsA(isa) => from.isa(isa)?.map(Fact::IsA),
                Fact::Link(link) => from.link(link)?.map(Fact::Link),
                Fact::Rating(rating) => from.rating(rating)?.map(Fact::Rating),
                Fact::Void(void) => Some(Fact::Void(void.clone())),
            };
            fact.map(ToldWhat::Fact)
        }
    })
}

struct Fill<'v, V: Values>(&'v V);

/// A word that may stay as it is, be filled, or go.
enum Filled {
    Own,
    With(String),
    Gone,
}

impl<V: Values> Fill<'_, V> {
    fn at(&self, span: Span, place: Place) -> Result<Filled, Wrong> {
        let Some(slot) = self.0.slot(span) else { return Ok(Filled::Own) };
        Ok(self.0.filling(slot, place)?.one().map_or(Filled::Gone, Filled::With))
    }

    fn word(&self, word: &Word, place: Place) -> Left<Word> {
        Ok(match self.at(word.span, place)? {
            Filled::Own => Some(word.clone()),
            Filled::With(text) => Some(Word { text, span: word.span }),
            Filled::Gone => None,
        })
    }

    fn optional(&self, word: Option<&Word>, place: Place) -> Left<Word> {
        word.map_or(Ok(None), |word| self.word(word, place))
    }

    fn term(&self, term: &Term) -> Left<Term> {
        Ok(match self.at(term.span(), Place::Name)? {
            Filled::Own => Some(term.clone()),
            Filled::With(text) => Some(name_of(text, term.span())),
            Filled::Gone => None,
        })
    }

    /// Some of a list; nothing where none is left of it.
    fn who(&self, who: &Who) -> Left<Who> {
        let mut terms = Vec::with_capacity(who.terms.len());
        for term in &who.terms {
            let Some(slot) = self.0.slot(term.span()) else {
                terms.push(term.clone());
                continue;
            };
            match self.0.filling(slot, Place::Names)? {
                Filling::Nothing => {}
                Filling::One(text) => terms.push(name_of(text, term.span())),
                Filling::Many(texts) => {
                    terms.extend(texts.into_iter().map(|text| name_of(text, term.span())));
                }
            }
        }
        Ok((!terms.is_empty()).then_some(Who { quantifier: who.quantifier, terms, span: who.span }))
    }

    fn time(&self, time: &TimeExpr) -> Left<TimeExpr> {
        let value = match &time.value {
            TimeValue::Param(word) => match self.at(word.span, Place::Time)? {
                Filled::With(text) => Some(time_of(&text, word.span)),
                Filled::Own => Some(time.value.clone()),
                Filled::Gone => None,
            },
            TimeValue::Range(first, last) => {
                let first = self.optional(first.as_ref(), Place::Time)?;
                let last = self.optional(last.as_ref(), Place::Time)?;
                (first.is_some() || last.is_some()).then_some(TimeValue::Range(first, last))
            }
            own => Some(own.clone()),
        };
        Ok(value.map(|value| TimeExpr {
            span: time.span,
            value,
            written: time.written.clone(),
            anchor: time.anchor.clone(),
        }))
    }

    fn claim(&self, claim: &Claim) -> Left<Claim> {
        let content = match &claim.content {
            None => None,
            Some(content) => match self.content(content)? {
                None => return Ok(None),
                content => content,
            },
        };
        let who = self.who(&claim.who)?;
        // Without whoever passed it on, speech about speech is the speech itself.
        if who.is_none()
            && let Some(Content { value: ContentValue::Speech(mut inner), .. }) = content
        {
            for adjunct in
                claim.adjuncts.iter().filter(|one| matches!(one, Adjunct::Via(_) | Adjunct::Source(_)))
            {
                inner.adjuncts.extend(self.adjunct(adjunct)?);
            }
            return Ok(Some(*inner));
        }
        let label = match &claim.label {
            Some(Label::Id(word)) => self.word(word, Place::Id)?.map(Label::Id),
            other => other.clone(),
        };
        let listener = match &claim.listener {
            Some(Listener { to, who }) => self.who(who)?.map(|who| Listener { to: *to, who }),
            None => None,
        };
        let mut adjuncts = Vec::with_capacity(claim.adjuncts.len());
        for adjunct in &claim.adjuncts {
            adjuncts.extend(self.adjunct(adjunct)?);
        }
        let about = |list: &[Adjunct]| list.iter().any(|one| matches!(one, Adjunct::About(_)));
        if content.is_none() && about(&claim.adjuncts) && !about(&adjuncts) {
            return Ok(None);
        }
        Ok(Some(Claim {
            span: claim.span,
            label,
            // A source that is not told.
            who: who.unwrap_or_else(|| Who { terms: Vec::new(), quantifier: None, span: claim.who.span }),
            exactly: claim.exactly,
            verb: claim.verb.clone(),
            listener,
            content,
            adjuncts,
            fields: self.fields(&claim.fields)?,
        }))
    }

    fn content(&self, content: &Content) -> Left<Content> {
        let value = match &content.value {
            ContentValue::Param(word) => self.word(word, Place::Text)?.map(ContentValue::Text),
            ContentValue::Speech(inner) => {
                self.claim(inner)?.map(|inner| ContentValue::Speech(Box::new(inner)))
            }
            own => Some(own.clone()),
        };
        Ok(value.map(|value| Content {
            span: content.span,
            hedge: content.hedge.clone(),
            not: content.not,
            value,
            verbatim: content.verbatim,
        }))
    }

    fn adjunct(&self, adjunct: &Adjunct) -> Left<Adjunct> {
        Ok(match adjunct {
            Adjunct::About(who) => self.who(who)?.map(Adjunct::About),
            Adjunct::Said { op, time, span } => {
                self.time(time)?.map(|time| Adjunct::Said { op: *op, time, span: *span })
            }
            Adjunct::When(span) => Some(Adjunct::When(*span)),
            Adjunct::For(time) => self.time(time)?.map(Adjunct::For),
            Adjunct::Via(via) => self.via(via)?.map(Adjunct::Via),
            Adjunct::Source(SourceRef::Param(word)) => self.word(word, Place::Key)?.map(|word| {
                Adjunct::Source(if is_address(&word.text) {
                    SourceRef::Url(word)
                } else {
                    SourceRef::Named(word)
                })
            }),
            Adjunct::Source(own) => Some(Adjunct::Source(own.clone())),
            Adjunct::If(Condition { not, value: ConditionValue::Param(word), span }) => {
                let word = self.word(word, Place::Text)?;
                word.map(|word| {
                    Adjunct::If(Condition { not: *not, value: ConditionValue::Text(word), span: *span })
                })
            }
            Adjunct::If(own) => Some(Adjunct::If(own.clone())),
            Adjunct::With(measure) => self.measure(measure)?.map(Adjunct::With),
        })
    }

    fn via(&self, via: &Via) -> Left<Via> {
        let who = match &via.who {
            None => None,
            Some(who) => match self.who(who)? {
                None => return Ok(None),
                who => who,
            },
        };
        let HopDetails { hedge, inferred, marked, time, verb } = &via.details;
        let time = match time {
            Some(time) => self.time(time)?,
            None => None,
        };
        let details = HopDetails {
            hedge: hedge.clone(),
            inferred: *inferred,
            marked: *marked,
            time,
            verb: verb.clone(),
        };
        Ok(Some(Via { position: via.position, who, details, span: via.span }))
    }

    fn measure(&self, measure: &Measure) -> Left<Measure> {
        let test = match &measure.test {
            MeasureTest::Param(op, word) => {
                self.word(word, Place::Number)?.map(|word| MeasureTest::Number(*op, word))
            }
            MeasureTest::Between(low, high) => {
                match (self.word(low, Place::Number)?, self.word(high, Place::Number)?) {
                    (Some(low), Some(high)) => Some(MeasureTest::Between(low, high)),
                    (Some(low), None) => Some(MeasureTest::Number(MeasureOp::AtLeast, low)),
                    (None, Some(high)) => Some(MeasureTest::Number(MeasureOp::AtMost, high)),
                    (None, None) => None,
                }
            }
            own => Some(own.clone()),
        };
        Ok(test.map(|test| Measure {
            what: measure.what.clone(),
            test,
            unit: measure.unit.clone(),
            span: measure.span,
        }))
    }

    fn fields(&self, pairs: &[FieldPair]) -> Result<Vec<FieldPair>, Wrong> {
        let mut left = Vec::with_capacity(pairs.len());
        for pair in pairs {
            let value = match &pair.value {
                FieldValue::Param(word) => match self.0.slot(word.span) {
                    Some(slot) => self.0.field(slot, KNOWN.contains(&pair.key.text.as_str()))?,
                    None => Some(pair.value.clone()),
                },
                own => Some(own.clone()),
            };
            left.extend(value.map(|value| FieldPair { key: pair.key.clone(), value }));
        }
        Ok(left)
    }

    fn isa(&self, isa: &IsA) -> Left<IsA> {
        let Some(who) = self.term(&isa.who)? else { return Ok(None) };
        let period = |time: &Option<TimeExpr>| time.as_ref().map_or(Ok(None), |time| self.time(time));
        let what = match &isa.what {
            IsWhat::In { group, role, time } => match self.term(group)? {
                Some(group) => {
                    let role = match role {
                        Some(role) => self.role(role)?,
                        None => None,
                    };
                    IsWhat::In { group, role, time: period(time)? }
                }
                None => IsWhat::Named,
            },
            IsWhat::Role { role: RoleTerm::Role(role), of, time } => match self.role(role)? {
                Some(role) => {
                    let of = match of {
                        Some(of) => self.term(of)?,
                        None => None,
                    };
                    IsWhat::Role { role: RoleTerm::Role(role), of, time: period(time)? }
                }
                None => IsWhat::Named,
            },
            own => own.clone(),
        };
        let mut also = Vec::with_capacity(isa.also.len());
        for one in &isa.also {
            let (Also::Alias(word) | Also::Id(word)) = one;
            let make = |text: String| {
                let word = Word { text, span: word.span };
                if matches!(one, Also::Id(_)) { Also::Id(word) } else { Also::Alias(word) }
            };
            match self.0.slot(word.span) {
                None => also.push(one.clone()),
                Some(slot) => match self.0.filling(slot, Place::Texts)? {
                    Filling::Nothing => {}
                    Filling::One(text) => also.push(make(text)),
                    Filling::Many(texts) => also.extend(texts.into_iter().map(make)),
                },
            }
        }
        let is_left = !also.is_empty() || !matches!(what, IsWhat::Named);
        Ok(is_left.then_some(IsA { span: isa.span, who, what, also }))
    }

    fn role(&self, role: &Name) -> Left<Name> {
        Ok(match self.at(role.span, Place::Word)? {
            Filled::Own => Some(role.clone()),
            Filled::With(text) => Some(Name { text, qualifier: None, bracketed: true, span: role.span }),
            Filled::Gone => None,
        })
    }

    fn link(&self, link: &Link) -> Left<Link> {
        let end = |end: &LinkEnd| match end {
            LinkEnd::Term(term) => Ok(self.term(term)?.map(LinkEnd::Term)),
            LinkEnd::Content { not, text, terms } => {
                let mut adjuncts = Vec::with_capacity(terms.adjuncts.len());
                for adjunct in &terms.adjuncts {
                    adjuncts.extend(self.adjunct(adjunct)?);
                }
                let terms = ContentTerms { adjuncts, fields: self.fields(&terms.fields)? };
                Ok(Some(LinkEnd::Content { not: *not, text: text.clone(), terms }))
            }
            own => Ok(Some(own.clone())),
        };
        let (Some(left), Some(right)) = (end(&link.left)?, end(&link.right)?) else { return Ok(None) };
        Ok(Some(Link { span: link.span, left, relation: link.relation, right }))
    }

    fn rating(&self, rating: &Rating) -> Left<Rating> {
        let what = match &rating.what {
            RatedThing::Source(term) => self.term(term)?.map(RatedThing::Source),
            own @ RatedThing::Claim(_) => Some(own.clone()),
        };
        let grade = match &rating.grade {
            GradeTerm::Grade(word) => self.word(word, Place::Word)?.map(GradeTerm::Grade),
            own @ GradeTerm::Var(_) => Some(own.clone()),
        };
        let about = match &rating.about {
            Some(about) => self.who(about)?,
            None => None,
        };
        let time = match &rating.time {
            Some(time) => self.time(time)?,
            None => None,
        };
        let (Some(assessor), Some(what), Some(grade)) = (self.term(&rating.assessor)?, what, grade) else {
            return Ok(None);
        };
        Ok(Some(Rating { span: rating.span, assessor, what, grade, about, time }))
    }

    fn document(&self, head: &DocumentHead) -> Left<DocumentHead> {
        let is_column = self.0.slot(head.key.span).is_some();
        let Some(key) = self.word(&head.key, Place::Key)? else { return Ok(None) };
        let outlet = match &head.outlet {
            Some(outlet) => self.term(outlet)?,
            None => None,
        };
        let published = match &head.published {
            Some(published) => self.time(published)?,
            None => None,
        };
        let mut citing = Vec::with_capacity(head.citing.len());
        for cited in &head.citing {
            citing.extend(match cited {
                Cited::Source(term) => self.term(term)?.map(Cited::Source),
                own @ Cited::Document(_) => Some(own.clone()),
            });
        }
        Ok(Some(DocumentHead {
            is_url: if is_column { is_address(&key.text) } else { head.is_url },
            key,
            outlet,
            published,
            citing,
            title: self.optional(head.title.as_ref(), Place::Text)?,
            fields: self.fields(&head.fields)?,
        }))
    }
}

/// The keys that take texts of their own.
const KNOWN: &[&str] = &["medium", "language", "hedge", "retrieved"];

/// In brackets, so that a description is known as one where it speaks.
fn name_of(text: String, span: Span) -> Term {
    Term::Name(Name { text, qualifier: None, bracketed: true, span })
}

fn time_of(text: &str, span: Span) -> TimeValue {
    let word = |text: &str| Word { text: text.into(), span };
    match text.split_once("..") {
        None => TimeValue::Point(word(text)),
        Some((first, last)) => {
            let end = |text: &str| (!text.is_empty()).then(|| word(text));
            TimeValue::Range(end(first), end(last))
        }
    }
}

/// Whether a text can stand in angles, and is meant to.
fn is_address(text: &str) -> bool {
    text.contains("://")
        && !text.contains(|c: char| matches!(c, '<' | '>') || c.is_whitespace() || c.is_control())
}
