//! From the tree back to canonical text: parsing what is printed gives the same tree, but for spans. It decides no layout beyond one sentence.

mod claim;
mod mapping;
mod question;

pub(super) use mapping::mapping_head;

use super::OPENERS;
use super::ast::{
    Also, AskBody, Cited, Clock, Column, DocumentHead, Fact, GradeTerm, IsA, IsWhat, Link, LinkEnd, Name,
    Quantifier, RatedThing, Rating, Relation, RoleTerm, Sentence, SentenceKind, Term, TimeExpr, TimeValue,
    Voided, Who, Word,
};
use super::grammar::{Grammar, Rule};
use pest::Parser;

/// The canonical text of a sentence, its end mark included.
pub fn print_sentence(sentence: &Sentence) -> String {
    let mut out = Printer { columns: sentence.columns.clone(), ..Printer::default() };
    out.sentence(&sentence.kind);
    out.text
}

/// A text in quotes: straight ones with escapes, or three where it spans lines.
pub fn quoted(text: &str) -> String {
    if text.contains('\n') && !text.contains("\"\"\"") && !text.ends_with('"') {
        return format!("\"\"\"{text}\"\"\"");
    }
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// A name as it must be written: bare where it can be, else in brackets.
pub fn name(text: &str, qualifier: Option<&str>) -> String {
    match qualifier {
        Some(qualifier) => format!("[{text}|{qualifier}]"),
        None if is_bare(text) => text.into(),
        // What stands behind the last bar would be read as a qualifier.
        None if text.contains('|') => format!("[{text}|]"),
        None => format!("[{text}]"),
    }
}

/// Whether all of a text is what a rule of the grammar matches.
fn matches(rule: Rule, text: &str) -> bool {
    Grammar::parse(rule, text).is_ok_and(|pairs| pairs.as_str().len() == text.len())
}

/// Whether a name needs no brackets. One that begins as a question does would be read as a blank where a sentence starts.
fn is_bare(text: &str) -> bool {
    let first = text.split(|c: char| !c.is_alphabetic()).next().unwrap_or("");
    !OPENERS.contains(&first) && matches(Rule::bare, text)
}

/// A claim id with its mark.
pub fn claim_id(id: &str) -> String {
    let plain = id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'~'));
    if plain && !id.is_empty() { format!("#{id}") } else { format!("#[{id}]") }
}

#[derive(Default)]
struct Printer {
    text: String,
    /// The places that columns fill.
    columns: Vec<Column>,
}

impl Printer {
    /// Adds a word, with a blank before it where one is needed.
    fn word(&mut self, word: &str) {
        if !self.text.is_empty() && !self.text.ends_with([' ', '(', '{']) {
            self.text.push(' ');
        }
        self.text.push_str(word);
    }

    /// Adds text directly behind what is there.
    fn glue(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn list<T>(&mut self, items: &[T], mut print: impl FnMut(&mut Self, &T)) {
        for (at, item) in items.iter().enumerate() {
            if at > 0 {
                self.glue(",");
            }
            print(self, item);
        }
    }

    fn sentence(&mut self, kind: &SentenceKind) {
        match kind {
            SentenceKind::Language(number) => {
                self.word("language");
                self.word(&number.text);
                self.glue(".");
            }
            SentenceKind::DefineVerb(define) => {
                self.word("define verb");
                self.word(&define.verb.text);
                self.word("as");
                self.word(&define.parent.text);
                if define.negative {
                    self.word("negative");
                }
                self.glue(".");
            }
            SentenceKind::DefineRule(define) => {
                self.word("define");
                self.word(&define.name.text);
                self.glue("(");
                self.list(&define.params, Printer::var);
                self.glue(") as");
                self.pattern(&define.body, false);
                self.glue(".");
            }
            SentenceKind::Document(head) => self.document(head),
            SentenceKind::EndDocument => self.word("end document."),
            SentenceKind::Mapping(mapping) => self.mapping(mapping),
            SentenceKind::Guarded(told) => self.told(told),
            SentenceKind::Fact(fact) => {
                self.fact(fact);
                self.glue(".");
            }
            SentenceKind::Ask(ask) => {
                if ask.explain {
                    self.word("explain");
                }
                if let Some(as_of) = &ask.as_of {
                    self.word(if as_of.clock == Clock::Published { "as of" } else { "as recorded on" });
                    self.time(&as_of.time);
                }
                match &ask.body {
                    AskBody::Pattern(pattern) => self.pattern(pattern, false),
                    AskBody::Command(command) => self.command(command),
                }
                for stage in &ask.stages {
                    self.stage(stage);
                }
                // A question mark reads well behind a question, not behind a stage or a command.
                let asks = ask.stages.is_empty() && matches!(ask.body, AskBody::Pattern(_));
                self.glue(if asks { "?" } else { ";" });
            }
        }
    }

    fn document(&mut self, head: &DocumentHead) {
        self.word("document");
        if head.is_url {
            self.url(&head.key);
        } else {
            self.string(&head.key);
        }
        if let Some(outlet) = &head.outlet {
            self.word("by");
            self.term(outlet);
        }
        if let Some(published) = &head.published {
            self.word("on");
            self.time(published);
        }
        for cited in &head.citing {
            self.word("citing");
            match cited {
                Cited::Source(term) => self.term(term),
                Cited::Document(address) => self.url(address),
            }
        }
        if let Some(title) = &head.title {
            self.word("titled");
            self.string(title);
        }
        self.fields(&head.fields);
        self.glue(".");
    }

    fn fact(&mut self, fact: &Fact) {
        match fact {
            Fact::Claim(claim) => self.claim(claim),
            Fact::Link(link) => self.link(link),
            Fact::IsA(isa) => self.isa(isa),
            Fact::Rating(rating) => self.rating(rating),
            Fact::Void(void) => {
                self.word("void");
                match &void.what {
                    Voided::Claim(id) => self.word(&claim_id(&id.text)),
                    Voided::Link(link) => self.link(link),
                }
                self.word("because");
                self.string(&void.reason);
            }
        }
    }

    fn link(&mut self, link: &Link) {
        self.link_end(&link.left);
        self.word(match link.relation {
            Relation::Contradicts => "contradicts",
            Relation::Supports => "supports",
            Relation::SameAs => "same as",
            Relation::Retracts => "retracts",
            Relation::Corrects => "corrects",
            Relation::Cites => "cites",
        });
        self.link_end(&link.right);
    }

    fn link_end(&mut self, end: &LinkEnd) {
        match end {
            LinkEnd::Content { not, text, terms } => {
                if *not {
                    self.word("not");
                }
                self.string(text);
                for adjunct in &terms.adjuncts {
                    self.adjunct(adjunct);
                }
                self.fields(&terms.fields);
            }
            LinkEnd::Claim(id) => self.word(&claim_id(&id.text)),
            LinkEnd::Document(address) => self.url(address),
            LinkEnd::Term(term) => self.term(term),
            LinkEnd::What(_) => self.word("what"),
        }
    }

    fn isa(&mut self, isa: &IsA) {
        self.term(&isa.who);
        self.word("is");
        let period = match &isa.what {
            IsWhat::Kind(kind) => {
                self.word(&kind.text);
                None
            }
            IsWhat::KindVar(var) => {
                self.var(var);
                None
            }
            IsWhat::Named => None,
            IsWhat::In { group, role, time } => {
                self.word("in");
                self.term(group);
                if let Some(role) = role {
                    self.word("as");
                    self.bracketed(role);
                }
                time.as_ref()
            }
            IsWhat::Role { role, of, time } => {
                match role {
                    RoleTerm::Role(role) => self.bracketed(role),
                    RoleTerm::Var(var) => self.var(var),
                }
                if let Some(of) = of {
                    self.word("of");
                    self.term(of);
                }
                time.as_ref()
            }
        };
        if let Some(period) = period {
            self.word("for");
            self.time(period);
        }
        if !isa.also.is_empty() {
            self.word("also");
            self.list(&isa.also, |out, also| match also {
                Also::Alias(text) => out.string(text),
                Also::Id(text) => {
                    out.word("id");
                    out.string(text);
                }
            });
        }
    }

    fn rating(&mut self, rating: &Rating) {
        self.term(&rating.assessor);
        self.word("rates");
        match &rating.what {
            RatedThing::Source(term) => self.term(term),
            RatedThing::Claim(id) => self.word(&claim_id(&id.text)),
        }
        self.word("as");
        match &rating.grade {
            GradeTerm::Grade(grade) => self.plain(grade),
            GradeTerm::Var(var) => self.var(var),
        }
        if let Some(about) = &rating.about {
            self.word("about");
            self.who(about);
        }
        if let Some(time) = &rating.time {
            self.word("for");
            self.time(time);
        }
    }

    fn time(&mut self, time: &TimeExpr) {
        let point = |word: &Option<Word>| word.as_ref().map_or(String::new(), |word| word.text.clone());
        match &time.value {
            TimeValue::Point(word) => self.word(&word.text),
            TimeValue::Range(Some(first), Some(last)) if self.filled(first.span) => {
                self.glue("..");
                let at = self.text.len();
                self.filled(last.span);
                // Nothing stands between the dots and what they lead to.
                if self.text.get(at..).is_some_and(|text| text.starts_with(' ')) {
                    self.text.remove(at);
                }
            }
            TimeValue::Range(first, last) => self.word(&format!("{}..{}", point(first), point(last))),
            TimeValue::Today => self.word("today"),
            TimeValue::Yesterday => self.word("yesterday"),
            TimeValue::Param(word) => self.param(word),
            TimeValue::Var(word) => self.var(word),
        }
        self.written(time);
    }

    fn written(&mut self, time: &TimeExpr) {
        if let Some(written) = &time.written {
            let anchor =
                time.anchor.as_ref().map_or(String::new(), |anchor| format!(" from {}", anchor.text));
            self.word(&format!("({}{anchor})", quoted(&written.text)));
        }
    }

    fn who(&mut self, who: &Who) {
        match who.quantifier {
            None => {}
            Some(Quantifier::Any) => self.word("any of"),
            Some(Quantifier::All) => self.word("all of"),
            Some(Quantifier::None) => self.word("none of"),
        }
        self.list(&who.terms, Printer::term);
    }

    fn term(&mut self, term: &Term) {
        match term {
            Term::Name(name) => self.name(name),
            Term::Var(word) => self.var(word),
            Term::Param(word) => self.param(word),
            Term::Who(_) => self.word("who"),
            Term::Whom(_) => self.word("whom"),
            Term::Anyone(_) => self.word("anyone"),
            Term::Which { kind, .. } => {
                self.word("which");
                self.word(&kind.text);
            }
        }
    }

    fn name(&mut self, written: &Name) {
        // Brackets can mean that somebody is described, not named: they stay where they matter.
        let article =
            ["A ", "An ", "Some ", "Several "].iter().any(|article| written.text.starts_with(article));
        if written.bracketed && written.qualifier.is_none() && article {
            self.bracketed(written);
        } else {
            self.word(&name(&written.text, written.qualifier.as_deref()));
        }
    }

    /// A name where only one in brackets can stand.
    fn bracketed(&mut self, written: &Name) {
        if self.filled(written.span) {
            return;
        }
        match &written.qualifier {
            Some(qualifier) => self.word(&format!("[{}|{qualifier}]", written.text)),
            None => self.word(&format!("[{}]", written.text)),
        }
    }

    fn string(&mut self, text: &Word) {
        if !self.filled(text.span) {
            self.word(&quoted(&text.text));
        }
    }

    /// A word as it stands, or the column in its place.
    fn plain(&mut self, word: &Word) {
        if !self.filled(word.span) {
            self.word(&word.text);
        }
    }

    fn url(&mut self, address: &Word) {
        self.word(&format!("<{}>", address.text));
    }

    fn var(&mut self, word: &Word) {
        self.word(&format!("?{}", word.text));
    }

    fn param(&mut self, word: &Word) {
        if !self.filled(word.span) {
            self.word(&format!("${}", word.text));
        }
    }
}
