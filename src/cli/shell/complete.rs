//! Completion, and the other things rustyline asks while a line is typed.

use super::dot::COMMANDS;
use super::highlight;
use super::names::Names;
use super::stage;
use crate::db::Database;
use crate::model::{ClaimId, VerbId};
use crate::syntax::ast::CommandVerb;
use crate::syntax::{is_complete, is_lost, split};
use rustyline::completion::{Completer, Pair};
use rustyline::highlight::{CmdKind, Highlighter};
use rustyline::hint::Hinter;
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{Context, Helper};
use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

/// The most that is offered at once.
pub(super) const MOST: usize = 50;

/// The names and verbs of the graph, as they are typed.
#[derive(Debug)]
pub(super) struct Vocabulary {
    pub names: Names,
    /// Whether hints are shown.
    pub hints: bool,
    verbs: BTreeSet<String>,
    /// The verbs in the order in which they are offered.
    ranked: Vec<String>,
}

impl Default for Vocabulary {
    fn default() -> Self {
        Vocabulary { names: Names::default(), hints: true, verbs: BTreeSet::new(), ranked: Vec::new() }
    }
}

/// Which verbs people use is told by so many claims: enough to know, few enough to wait for.
const MOST_CLAIMS: usize = 1 << 16;

/// What is offered first of verbs that are used alike.
const COMMON: &[&str] =
    &["said", "told", "asserted", "denied", "reported", "announced", "asked", "promised", "threatened"];

impl Vocabulary {
    /// Takes in what the graph has got since.
    pub(super) fn update(&mut self, db: &Database) {
        let graph = db.graph();
        self.names.update(graph, || db.reader());
        let mut used: HashMap<VerbId, usize> = HashMap::new();
        for claim in (0..graph.claims.len().min(MOST_CLAIMS)).map(|row| ClaimId(row as u32)) {
            *used.entry(graph.claims.verb(claim)).or_default() += 1;
        }
        let rank = |id: VerbId, word: &str| {
            let common = COMMON.iter().position(|known| *known == word).unwrap_or(COMMON.len());
            // `said` asks for every verb, and is not often told.
            (word != "said", Reverse(used.get(&id).copied().unwrap_or(0)), common, word.to_string())
        };
        let mut ranked: Vec<_> = graph.lexicon.verbs().map(|(id, verb)| rank(id, &verb.word)).collect();
        ranked.sort_unstable();
        self.ranked = ranked.into_iter().map(|(.., word)| word).collect();
        self.verbs = self.ranked.iter().cloned().collect();
    }

    pub(super) fn is_verb(&self, word: &str) -> bool {
        self.verbs.contains(word)
    }

    /// Whether a verb begins so.
    pub(super) fn begins_verb(&self, begin: &str) -> bool {
        self.verbs.range(begin.to_string()..).next().is_some_and(|verb| verb.starts_with(begin))
    }
}

/// Words of the language, which may be completed wherever they stand.
const KEYWORDS: &[&str] = &[
    "about",
    "after",
    "all",
    "allegedly",
    "also",
    "and",
    "any",
    "anyone",
    "anything",
    "as",
    "asc",
    "because",
    "before",
    "between",
    "by",
    "cites",
    "citing",
    "contains",
    "contradicts",
    "corrects",
    "count",
    "define",
    "desc",
    "directly",
    "distinct",
    "document",
    "end",
    "exactly",
    "explain",
    "first",
    "for",
    "has",
    "if",
    "in",
    "inferred",
    "is",
    "known",
    "language",
    "last",
    "list",
    "marked",
    "matches",
    "max",
    "min",
    "negative",
    "none",
    "not",
    "of",
    "on",
    "or",
    "possibly",
    "probably",
    "rates",
    "recorded",
    "reportedly",
    "retracting",
    "retracts",
    "same",
    "show",
    "skip",
    "sort",
    "source",
    "starts",
    "summarize",
    "supports",
    "take",
    "that",
    "titled",
    "to",
    "today",
    "unknown",
    "verb",
    "verbatim",
    "via",
    "void",
    "what",
    "when",
    "where",
    "which",
    "who",
    "whom",
    "with",
    "yesterday",
];

/// What rustyline asks.
pub(super) struct Editing {
    vocabulary: Rc<RefCell<Vocabulary>>,
    color: bool,
    /// Whether anything stands on the line that is being typed.
    pub typing: Cell<bool>,
}

impl Editing {
    pub(super) fn new(vocabulary: Rc<RefCell<Vocabulary>>, color: bool) -> Self {
        Editing { vocabulary, color, typing: Cell::new(false) }
    }
}

/// What may begin a sentence.
const OPENERS: &[&str] =
    &["who", "which", "explain", "as of", "define", "document", "void", "any of", "all of", "not ("];

/// What may follow who said what.
const ADJUNCTS: &[&str] = &[
    "about",
    "on",
    "in",
    "before",
    "after",
    "between",
    "for",
    "via",
    "first via",
    "last via",
    "source",
    "with",
    "if",
    "verbatim",
];

/// What may follow a verb: what was said, and to whom.
const OBJECTS: &[&str] = &["what", "whom", "that", "anything", "when"];

/// What is offered at a place: where the replaced part begins, and each with how it looks in the list.
pub(super) fn offers(line: &str, at: usize, vocabulary: &Vocabulary) -> (usize, Vec<(String, String)>) {
    let before = line.get(..at).unwrap_or(line);
    if before.trim_start().starts_with('.') {
        let start = before.len() - before.trim_start().len();
        let typed = before.trim_start();
        let fitting = COMMANDS.iter().filter(|(name, ..)| name.starts_with(typed));
        return (
            start,
            fitting.map(|(name, _, told)| ((*name).to_string(), format!("{name}  {told}"))).collect(),
        );
    }
    let start = word_start(before);
    let (start, mut found) = match of_several_words(before, start, vocabulary) {
        Some((from, mut names)) => {
            let between = before.get(from..start).unwrap_or("");
            // Where a name ends already, it need not go on. All that is offered replaces the same.
            if vocabulary.names.is_name(between) {
                let others = of_a_word(before, start, vocabulary).into_iter();
                names.extend(others.map(|(word, shown)| (format!("{between}{word}"), shown)));
            }
            (from, names)
        }
        None => (start, of_a_word(before, start, vocabulary)),
    };
    found.truncate(MOST);
    (start, found)
}

/// The most words of a name before the one that is being typed.
const MOST_WORDS: usize = 6;

/// The names of several words that are being typed, and where they begin: `bank of o` for Bank of Oslo.
fn of_several_words(
    before: &str,
    start: usize,
    vocabulary: &Vocabulary,
) -> Option<(usize, Vec<(String, String)>)> {
    if start == before.len() || before.get(start..)?.starts_with('[') {
        return None;
    }
    let mut from = start;
    let mut begin = None;
    for _ in 0..MOST_WORDS {
        from = word_start(before.get(..from)?.trim_end_matches(' '));
        if vocabulary.names.begins(before.get(from..)?) {
            begin = Some(from);
        }
    }
    let names = vocabulary.names.best(before.get(begin?..)?, MOST).into_iter();
    let names = names.map(|known| crate::syntax::name(known, None));
    Some((begin?, names.map(|name| (name.clone(), name)).collect()))
}

/// What fits in the place of the word that begins at `start`.
fn of_a_word(before: &str, start: usize, vocabulary: &Vocabulary) -> Vec<(String, String)> {
    let typed = before.get(start..).unwrap_or("");
    let Some(sentence) = unfinished(before.get(..start).unwrap_or("")) else { return Vec::new() };
    let previous = sentence.split_whitespace().next_back().unwrap_or("");
    let mut found: Vec<(String, String)> = Vec::new();
    let mut add = |word: &str| {
        if !found.iter().any(|(known, _)| known == word) {
            found.push((word.to_string(), word.to_string()));
        }
    };
    let lower = typed.to_lowercase();
    let words = |list: &[&'static str]| -> Vec<&'static str> {
        list.iter().copied().filter(|word| word.starts_with(&lower)).collect()
    };
    let names = || {
        let best = vocabulary.names.best(typed.trim_start_matches('['), MOST).into_iter();
        best.map(|known| crate::syntax::name(known, None))
    };
    let name = typed.starts_with('[') || typed.starts_with(char::is_uppercase);
    if let Some(fitting) = stage::fitting(sentence, typed) {
        fitting.words.iter().filter(|word| word.starts_with(&lower)).for_each(|word| add(word));
        if name || fitting.names {
            names().for_each(|name| add(&name));
        }
    } else if matches!(previous, "about" | "via" | "of" | "to" | "by" | "and" | ",")
        || previous.ends_with(',')
        || name
    {
        names().for_each(|name| add(&name));
    } else if sentence.trim().is_empty() {
        words(OPENERS).into_iter().chain(words(&CommandVerb::WORDS)).for_each(&mut add);
        if !typed.is_empty() {
            names().for_each(|name| add(&name));
        }
    } else {
        let after_name = matches!(previous, "who" | "anyone")
            || previous.ends_with(']')
            || previous.starts_with(char::is_uppercase)
            || previous.starts_with('?');
        if after_name {
            vocabulary.ranked.iter().filter(|verb| verb.starts_with(&lower)).for_each(|verb| add(verb));
        } else if vocabulary.is_verb(previous) {
            words(OBJECTS).into_iter().for_each(&mut add);
        }
        words(ADJUNCTS).into_iter().for_each(&mut add);
        words(OBJECTS).into_iter().chain(words(&["and", "or", "not"])).for_each(&mut add);
        if typed.len() > 1 {
            words(KEYWORDS).into_iter().for_each(&mut add);
        }
    }
    found
}

/// The sentence that a text breaks off in, empty behind a whole one; nothing inside a quote, which is anybody's words.
fn unfinished(text: &str) -> Option<&str> {
    let pieces = split(text);
    if !pieces.diagnostics.is_empty() {
        return None;
    }
    match pieces.pieces.last() {
        Some(last) if last.end.is_none() => text.get(last.span.start..),
        _ => Some(""),
    }
}

/// Where the word that is being typed begins; a name in brackets begins at its bracket.
fn word_start(before: &str) -> usize {
    if let Some(open) = before.rfind('[')
        && !before.get(open..).unwrap_or("").contains(']')
    {
        return open;
    }
    let tail = before.rfind(|c: char| c.is_whitespace() || matches!(c, '(' | ',' | '|'));
    tail.map_or(0, |at| at + before.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8))
}

/// How many letters are typed before anything is hinted at.
const HINTED_FROM: usize = 3;

/// The rest of what is offered first, where it goes on from what is typed.
fn going_on(line: &str, vocabulary: &Vocabulary) -> Option<String> {
    let (start, found) = offers(line, line.len(), vocabulary);
    let typed = line.get(start..).filter(|typed| typed.chars().count() >= HINTED_FROM)?;
    // A whole word need not go on.
    if KEYWORDS.contains(&typed) || found.iter().any(|(word, _)| word == typed) {
        return None;
    }
    let (first, _) = found.first()?;
    let rest = first.get(typed.len()..)?;
    (first.get(..typed.len()) == Some(typed) && !rest.is_empty()).then(|| rest.to_string())
}

impl Completer for Editing {
    type Candidate = Pair;

    fn complete(&self, line: &str, at: usize, _: &Context<'_>) -> rustyline::Result<(usize, Vec<Pair>)> {
        let (start, found) = offers(line, at, &self.vocabulary.borrow());
        Ok((start, found.into_iter().map(|(replacement, display)| Pair { display, replacement }).collect()))
    }
}

/// What is shown behind what is typed.
pub(super) struct Hint {
    text: String,
    /// Whether Right takes it.
    is_taken: bool,
}

impl rustyline::hint::Hint for Hint {
    fn display(&self) -> &str {
        &self.text
    }

    fn completion(&self) -> Option<&str> {
        self.is_taken.then_some(&self.text)
    }
}

/// What a new line says that goes on with a sentence.
const GOES_ON: &str = "  (it goes on; Enter again runs it, Ctrl-C drops it)";

impl Hinter for Editing {
    type Hint = Hint;

    /// How a word goes on of which enough is typed. It is asked at every key, and so knows whether anything is typed.
    fn hint(&self, line: &str, at: usize, _: &Context<'_>) -> Option<Hint> {
        self.typing.set(!line.is_empty());
        let vocabulary = self.vocabulary.borrow();
        // Without colours a hint looks like what was typed.
        if !self.color || at < line.len() || !vocabulary.hints || line.trim_start().starts_with('.') {
            return None;
        }
        if line.ends_with('\n') {
            return Some(Hint { text: GOES_ON.into(), is_taken: false });
        }
        going_on(line, &vocabulary).map(|text| Hint { text, is_taken: true })
    }
}

impl Highlighter for Editing {
    fn highlight<'l>(&self, line: &'l str, _: usize) -> Cow<'l, str> {
        if self.color && !line.trim_start().starts_with('.') {
            Cow::Owned(highlight::colored(line, &self.vocabulary.borrow()))
        } else {
            Cow::Borrowed(line)
        }
    }

    fn highlight_hint<'h>(&self, hint: &'h str) -> Cow<'h, str> {
        let dim = anstyle::Style::new().dimmed();
        Cow::Owned(format!("{dim}{hint}{dim:#}"))
    }

    fn highlight_char(&self, _: &str, _: usize, _: CmdKind) -> bool {
        self.color
    }
}

impl Validator for Editing {
    /// Enter runs what is whole, and what nothing more can make whole; with the rest it goes on. An empty line runs that too.
    fn validate(&self, context: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        let text = context.input();
        let runs = super::line::is_own(text) || is_complete(text) || is_lost(text) || text.ends_with('\n');
        Ok(if runs { ValidationResult::Valid(None) } else { ValidationResult::Incomplete })
    }
}

impl Helper for Editing {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_offered_depends_on_the_place() {
        let mut db = Database::new(0);
        let names = ["Pokrovsk", "[Bank of America]", "Покровськ", "Peskov", "Anna", "Anna Saint"];
        let facts = names.map(|name| format!("{name} said \"a\"."));
        assert_eq!(db.load_text(facts.join("\n"), 0).refused(), 0);
        let mut vocabulary = Vocabulary::default();
        vocabulary.update(&db);
        let offered = |line: &str| -> Vec<String> {
            offers(line, line.len(), &vocabulary).1.into_iter().map(|(word, _)| word).collect()
        };
        assert_eq!(offered("who said what about Pok"), ["Pokrovsk"]);
        assert_eq!(offered("who said what about pok"), ["Pokrovsk"]);
        assert_eq!(offered("who said what about ban"), ["[Bank of America]"]);
        assert_eq!(offered("who said what about [Bank o"), ["[Bank of America]"]);
        assert_eq!(offered("who said what about bank of a"), ["[Bank of America]"]);
        assert_eq!(offers("who said what about bank o", 26, &vocabulary).0, 20);
        assert_eq!(offered("Anna sai"), ["Anna Saint", "Anna said"]);
        assert_eq!(offered("who said what | ta"), ["take"]);
        assert_eq!(offered("who sai"), ["said"]);
        assert_eq!(offered("who ")[..2], ["said", "told"]);
        assert!(offered("who said what | sort by ").contains(&"when".to_string()));
        assert_eq!(offered("who said what | where who = Pok"), ["Pokrovsk"]);
        assert_eq!(offered("who said \"x ab"), [""; 0]);
        assert_eq!(offered("Anna said ")[..2], ["what", "whom"]);
        assert_eq!(offered("Anna said \"x\". who said what abo"), ["about"]);
        assert_eq!(offered("who said what abo"), ["about"]);
        assert_eq!(offered(".sa"), [".save"]);
        assert_eq!(offers("who said what about Pok", 23, &vocabulary).0, 20);
        assert_eq!(going_on("who said what about Pok", &vocabulary).as_deref(), Some("rovsk"));
        let nothing = [
            "who said what about Po",
            "who said what about pok",
            "who said",
            "",
            "Pokrovsk",
            "who said what | show who",
        ];
        for nothing in nothing {
            assert_eq!(going_on(nothing, &vocabulary), None, "{nothing}");
        }
    }
}
