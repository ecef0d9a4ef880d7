//! Looking up names, verbs, contents, claims and times. A name that nobody has is told with what it may have meant, never guessed.

use super::{Binder, Refused, refuse};
use crate::diag::{Code, Diagnostic, Span};
use crate::graph::Graph;
use crate::model::{
    Act, ClaimRef, Content, EntityId, Lexicon, PropositionId, Time, VerbId, fold, is_unnamed,
};
use crate::syntax::ast::{Name, TimeExpr, TimeValue, Word};

/// The verbs that a question means by one.
pub(super) struct Verbs {
    /// Which fit, by id.
    pub fit: Vec<bool>,
    /// Whether the verb flips its content.
    pub negative: bool,
    /// Whether an assertion of a negation fits too.
    pub denials: bool,
    /// Whether a label without a truth value fits.
    pub labels: bool,
}

impl Binder<'_> {
    /// Whoever a name means; nobody where nobody has it. `described` lets a phrase such as `[a White House official]` mean everyone so
    /// described.
    pub(super) fn entities(&mut self, name: &Name, described: bool) -> Refused<Vec<EntityId>> {
        let graph = self.graph();
        let qualifier = name.qualifier.as_deref();
        let with_name = graph.entities.with_name(&name.text);
        let (unnamed, named): (Vec<_>, Vec<_>) =
            with_name.into_iter().partition(|entity| graph.entities.is_unnamed(*entity));
        let named = distinct(graph, graph.choose(named, qualifier));
        if described && name.bracketed && is_unnamed(&name.text) {
            let mut all = distinct(graph, graph.choose(unnamed, qualifier));
            all.extend(named);
            return if all.is_empty() { self.nobody(name) } else { Ok(distinct(graph, all)) };
        }
        match named[..] {
            [] => {}
            [one] => return Ok(vec![one]),
            _ => return ambiguous(graph, name, &named),
        }
        let mut similar = graph.entities.with_script_key(&fold(&name.text));
        similar.retain(|entity| !graph.entities.is_unnamed(*entity));
        let similar = distinct(graph, graph.choose(similar, qualifier));
        match similar[..] {
            [] => self.nobody(name),
            [one] => {
                let message =
                    format!("`{}` is taken to be {} in another script", name.text, graph.entities.name(one));
                let help = format!(
                    "to keep it: {} is also {}.",
                    crate::syntax::name(graph.entities.name(one), None),
                    crate::syntax::quoted(&name.text)
                );
                self.warnings.push(Diagnostic::warning(Code::ScriptVariant, name.span, message).help(help));
                Ok(vec![one])
            }
            _ => ambiguous(graph, name, &similar),
        }
    }

    /// The entity of a name given as a value of a parameter.
    pub(super) fn entities_of_param(&mut self, word: &Word) -> Refused<Vec<EntityId>> {
        let text = self.param(word)?.to_string();
        let (text, qualifier) = match text.split_once('|') {
            Some((text, qualifier)) => (text.to_string(), Some(qualifier.to_string())),
            None => (text, None),
        };
        self.entities(&Name { text, qualifier, bracketed: true, span: word.span }, true)
    }

    fn nobody(&mut self, name: &Name) -> Refused<Vec<EntityId>> {
        let (code, strict) = (Code::UnknownName, self.scope.strict);
        let message = format!("nobody and nothing here is called `{}`", name.text);
        let similar = similar_names(self.graph(), &name.text);
        let mut diagnostic = if strict {
            Diagnostic::error(Code::UnknownNameStrict, name.span, message)
        } else {
            Diagnostic::warning(code, name.span, message)
        };
        if !similar.is_empty() {
            diagnostic = diagnostic.help(format!("did you mean {}?", similar.join(" or ")));
        }
        if strict {
            return Err(Box::new(diagnostic));
        }
        self.warnings.push(diagnostic);
        Ok(Vec::new())
    }

    /// The verbs that a word means in a question.
    pub(super) fn verbs(&self, word: &Word, exactly: bool) -> Refused<Verbs> {
        let lexicon = &self.graph().lexicon;
        let fit_where = |test: &dyn Fn(VerbId) -> bool| -> Vec<bool> {
            (0..lexicon.len()).map(|id| test(VerbId(id as u32))).collect()
        };
        let act = lexicon.act_word(&word.text).filter(|_| !exactly);
        if word.text == "said" && !exactly {
            let fit = fit_where(&|id| lexicon.verb(id).act.is_speech());
            return Ok(Verbs { fit, negative: false, denials: false, labels: true });
        }
        if let Some(act) = act {
            let fit = fit_where(&|id| lexicon.verb(id).act.is_under(act));
            let denies = act == Act::Deny;
            return Ok(Verbs { fit, negative: denies, denials: denies, labels: !act.is_under(Act::Assert) });
        }
        let Some(asked) = lexicon.find(&word.text) else { return unknown_verb(lexicon, word) };
        let reported = lexicon.find("reported");
        // A relay without a cue of its own is stored as such and counts as reported.
        let own = |id: VerbId| if id == Lexicon::RELAY { reported.unwrap_or(id) } else { id };
        let fit = if exactly {
            fit_where(&|id| own(id) == asked)
        } else {
            fit_where(&|id| lexicon.is_under(own(id), asked))
        };
        Ok(Verbs { fit, negative: lexicon.verb(asked).negative, denials: false, labels: true })
    }

    /// Every content of a text.
    pub(super) fn contents(&self, text: &str, negated: bool) -> Vec<Content> {
        self.contents_where(text, negated, |_| true)
    }

    /// The same for those whose proposition is as wanted.
    pub(super) fn contents_where(
        &self,
        text: &str,
        negated: bool,
        is_wanted: impl Fn(PropositionId) -> bool,
    ) -> Vec<Content> {
        let graph = self.graph();
        let found = graph.propositions.with_text(&fold(text));
        let mut contents: Vec<Content> = found
            .into_iter()
            .filter(|proposition| is_wanted(*proposition))
            .map(|proposition| graph.same.content(Content { proposition, negated }))
            .collect();
        contents.sort_unstable();
        contents.dedup();
        contents
    }

    /// The claim of an id.
    pub(super) fn claim_of(&self, id: &Word) -> Refused<ClaimRef> {
        match self.graph().find_claim(&id.text) {
            Some(claim) => Ok(claim),
            None => refuse(
                Code::UnknownClaim,
                id.span,
                format!("there is no claim {}", crate::syntax::claim_id(&id.text)),
                "the column `claim` of an answer shows the ids there are",
            ),
        }
    }

    /// The value of a parameter.
    pub(super) fn param(&self, word: &Word) -> Refused<&str> {
        if let Some(holes) = &self.holes {
            holes.spoil();
        }
        match self.scope.params.get(&word.text) {
            Some(value) => Ok(value),
            None => refuse(
                Code::UnknownParameter,
                word.span,
                format!("the parameter ${} has no value", word.text),
                format!("give it one with --param {}=…", word.text),
            ),
        }
    }

    /// The interval of a time that is not a variable.
    pub(super) fn interval(&self, expr: &TimeExpr) -> Refused<Time> {
        match &expr.value {
            TimeValue::Point(word) => point(word),
            TimeValue::Range(first, last) => {
                let first = first.as_ref().map(point).transpose()?;
                let last = last.as_ref().map(point).transpose()?;
                Time::range(first, last).or_else(|error| {
                    refuse(Code::BadTime, expr.span, error.to_string(), "put the earlier date first")
                })
            }
            TimeValue::Today => Ok(self.scope.today),
            TimeValue::Yesterday => Ok(Time::day_of(self.scope.today.from - 1)),
            TimeValue::Param(word) => {
                let value = self.param(word)?;
                Time::parse_any(value).or_else(|error| {
                    refuse(
                        Code::BadTime,
                        word.span,
                        format!("${}: {error}", word.text),
                        "give it as 2025-12-01",
                    )
                })
            }
            TimeValue::Var(word) => refuse(
                Code::UnsafeVariable,
                word.span,
                format!("?{} cannot stand here", word.text),
                "write a date, as 2025-12-01",
            ),
        }
    }
}

pub(super) fn point(word: &Word) -> Refused<Time> {
    Time::parse(&word.text).or_else(|error| {
        refuse(Code::BadTime, word.span, error.to_string(), "write a day of the calendar, as 2025-12-01")
    })
}

/// A number as written, where it can be kept exactly.
pub(super) fn number(text: &str, span: Span) -> Refused<f64> {
    let digits = text.chars().filter(char::is_ascii_digit).skip_while(|c| *c == '0').count();
    match text.parse::<f64>() {
        Ok(number) if digits <= 15 && number.is_finite() => Ok(number),
        _ => refuse(
            Code::BadNumber,
            span,
            format!("{text} has more digits than can be kept exactly, or is no number"),
            "write at most 15 digits, as 1200000 or 1.5",
        ),
    }
}

/// Entities that stand for these, each once.
fn distinct(graph: &Graph, found: Vec<EntityId>) -> Vec<EntityId> {
    let mut found: Vec<EntityId> = found.into_iter().map(|entity| graph.same.entity(entity)).collect();
    found.sort_unstable();
    found.dedup();
    found
}

fn ambiguous<T>(graph: &Graph, name: &Name, found: &[EntityId]) -> Refused<T> {
    let candidates = graph.entity_references(found);
    let first = candidates.first().cloned().unwrap_or_default();
    refuse(
        Code::AmbiguousName,
        name.span,
        format!("`{}` could be {}", name.text, candidates.join(" or ")),
        format!("write {first} to choose it"),
    )
}

/// How many names are looked through for one that is similar.
const MOST_NAMES: usize = 5_000_000;

/// How often each letter or digit occurs in an ASCII text, in whichever case; some share a place.
fn letters(text: &str) -> [u8; 32] {
    let mut many = [0u8; 32];
    for byte in text.bytes().filter(u8::is_ascii_alphanumeric) {
        let place = &mut many[usize::from(byte & 31)];
        *place = place.saturating_add(1);
    }
    many
}

/// Whether two ASCII texts with these letters can be so few edits apart: each edit changes the letters of either by one at most.
fn may_be_near(a: &[u8; 32], b: &[u8; 32], within: usize) -> bool {
    let more = |a: &[u8; 32], b: &[u8; 32]| -> usize {
        a.iter().zip(b).map(|(a, b)| usize::from(a.saturating_sub(*b))).sum()
    };
    more(a, b) <= within && more(b, a) <= within
}

/// Up to three names most like this one, as they would be written.
fn similar_names(graph: &Graph, name: &str) -> Vec<String> {
    let wanted = fold(name);
    let within = 1 + wanted.chars().count() / 4;
    let of_wanted = letters(&wanted);
    let is_near = |known: &str| {
        !(known.is_ascii() && wanted.is_ascii()) || may_be_near(&letters(known), &of_wanted, within)
    };
    let mut scored: Vec<(usize, EntityId, &str)> = graph
        .entities
        .all_names()
        .take(MOST_NAMES)
        .filter(|(known, entity)| {
            known.len().abs_diff(wanted.len()) <= 2 * within
                && is_near(known)
                && !graph.entities.is_unnamed(*entity)
        })
        .filter_map(|(known, entity)| {
            let distance = strsim::damerau_levenshtein(&fold(known), &wanted);
            (distance <= within).then_some((distance, graph.same.entity(entity), known))
        })
        .collect();
    scored.sort_unstable();
    scored.dedup_by_key(|(_, entity, _)| *entity);
    scored.into_iter().take(3).map(|(_, _, known)| crate::syntax::name(known, None)).collect()
}

fn unknown_verb<T>(lexicon: &Lexicon, word: &Word) -> Refused<T> {
    let mut scored: Vec<(usize, &str)> = lexicon
        .verbs()
        .map(|(_, verb)| (strsim::damerau_levenshtein(&verb.word, &word.text), verb.word.as_str()))
        .filter(|(distance, known)| *distance <= 1 + known.len() / 4)
        .collect();
    scored.sort_unstable();
    let similar: Vec<&str> = scored.into_iter().take(3).map(|(_, known)| known).collect();
    let mut diagnostic = Diagnostic::error(
        Code::UnknownVerb,
        word.span,
        format!("`{}` is not in the lexicon of verbs", word.text),
    );
    if !similar.is_empty() {
        diagnostic = diagnostic.help(format!("did you mean {}?", similar.join(" or ")));
    }
    Err(Box::new(diagnostic.help(format!("or teach it: define verb {} as asserted.", word.text))))
}
