//! What names, verbs, texts, times and numbers of a question mean in the world.

use super::Oracle;
use super::world::{Content, distinct};
use dixit::model::{Act as Kind, EntityKind, Lexicon, Time, VerbId, fold, is_unnamed, script_key};
use dixit::syntax::ast::{Name, Term, TimeExpr, TimeValue, Word};

impl Oracle<'_> {
    pub(super) fn param(&self, word: &Word) -> String {
        self.params[&word.text].clone()
    }

    /// Whoever a name means. `described` lets a phrase such as `[an official]` mean everyone so described.
    pub(super) fn named(&self, name: &Name, described: bool) -> Vec<usize> {
        let entities = &self.world.entities;
        let folded = fold(&name.text);
        let called = |at: &usize| entities[*at].own_names.iter().any(|own| fold(own) == folded);
        let all = || 0..entities.len();
        let unnamed = all().filter(|at| entities[*at].unnamed).filter(called).collect();
        let mut found = self.chosen(all().filter(|at| !entities[*at].unnamed).filter(called).collect(), name);
        if described && name.bracketed && is_unnamed(&name.text) {
            found.extend(self.chosen(unnamed, name));
        } else if found.is_empty() {
            let key = script_key(&folded);
            let alike = |at: &usize| entities[*at].own_names.iter().any(|own| script_key(&fold(own)) == key);
            let similar = all().filter(|at| !key.is_empty() && !entities[*at].unnamed).filter(alike);
            found = self.chosen(similar.collect(), name);
        }
        distinct(found.into_iter().map(|at| entities[at].one))
    }

    /// Those that a qualifier chooses: by their own, else by kind.
    fn chosen(&self, found: Vec<usize>, name: &Name) -> Vec<usize> {
        let Some(qualifier) = &name.qualifier else { return found };
        let wanted = fold(qualifier).into_owned();
        let entities = &self.world.entities;
        let own = |at: &usize| entities[*at].qualifier.clone().unwrap_or_default() == wanted;
        let by_own: Vec<usize> = found.iter().copied().filter(own).collect();
        if !by_own.is_empty() || wanted.is_empty() {
            return by_own;
        }
        let kind = EntityKind::from_word(&wanted);
        found.into_iter().filter(|at| kind.is_some_and(|kind| entities[*at].kinds.contains(&kind))).collect()
    }

    /// The entities that a name or parameter means.
    pub(super) fn constant(&self, term: &Term, described: bool) -> Vec<usize> {
        match term {
            Term::Name(name) => self.named(name, described),
            Term::Param(word) => {
                let name =
                    Name { text: self.param(word), qualifier: None, bracketed: false, span: word.span };
                self.named(&name, false)
            }
            _ => Vec::new(),
        }
    }

    /// Whether a verb is meant by the one asked.
    pub(super) fn verb_fits(&self, asked: &Word, exactly: bool, verb: VerbId) -> bool {
        let lexicon = &self.world.lexicon;
        // `via X` is a relay in the cue `reported`.
        let verb = if verb == Lexicon::RELAY { lexicon.find("reported").unwrap() } else { verb };
        let act = lexicon.verb(verb).act;
        let cue = lexicon.find(&asked.text);
        match Kind::from_word(&asked.text) {
            _ if exactly => Some(verb) == cue,
            _ if asked.text == "said" => act.is_speech(),
            Some(kind) => act.is_under(kind),
            None => lexicon.is_under(verb, cue.unwrap()),
        }
    }

    /// Whether the verb asked flips its content.
    pub(super) fn flips(&self, asked: &Word) -> bool {
        let lexicon = &self.world.lexicon;
        lexicon.find(&asked.text).is_some_and(|verb| lexicon.verb(verb).negative)
    }

    /// Every content of a text, as they stand for themselves.
    pub(super) fn contents(&self, text: &str, not: bool) -> Vec<Content> {
        let folded = fold(text);
        let found = (0..self.world.propositions.len())
            .filter(|at| !folded.is_empty() && fold(&self.world.propositions[*at].text) == folded);
        distinct(found.map(|at| self.world.meant(Content { at, not })))
    }

    /// A time without a variable.
    pub(super) fn interval(&self, expr: &TimeExpr) -> Time {
        let point = |word: &Word| Time::parse(&word.text).unwrap();
        match &expr.value {
            TimeValue::Point(word) => point(word),
            TimeValue::Range(first, last) => {
                Time::range(first.as_ref().map(point), last.as_ref().map(point)).unwrap()
            }
            TimeValue::Today => self.today,
            TimeValue::Yesterday => Time::day_of(self.today.from - 1),
            TimeValue::Param(word) => Time::parse_any(&self.param(word)).unwrap(),
            TimeValue::Var(word) => panic!("?{} is no fixed time", word.text),
        }
    }
}

/// Names and texts are equal where this is.
pub(super) fn folded(text: &str) -> String {
    fold(text).into_owned()
}

/// A number as written.
pub(super) fn number(text: &str) -> f64 {
    text.replace([',', '_', ' '], "").parse().unwrap()
}
