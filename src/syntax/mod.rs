//! The language as text: splitting a source into sentences, parsing each alone with `grammar/dixit.pest`, and the tree of what was written.
//!
//! This room resolves nothing: no name, verb, date or variable is looked up here, and nothing of the graph is known. Every error is
//! reported, none stops the rest. To add a construct: the grammar, `ast.rs`, a function in `build/` named as the rule.

pub mod ast;
mod build;
mod error;
mod grammar;
mod layout;
mod mistakes;
mod parts;
mod print;
mod recursion;
mod split;
mod words;

pub use layout::{format_source, wrapped};
pub use parts::{Part, parts};
pub use print::{claim_id, name, print_sentence, quoted};
pub use recursion::{denied_by_itself, is_recursive, names_rules};
pub use split::{MAX_SENTENCE, Piece, Pieces, split};
pub use words::{is_key, is_verb, is_word};

use crate::diag::{Code, Diagnostic, Span};
use crate::threads::{in_threads, threads_for};
use ast::{Sentence, SentenceKind};
use grammar::{Grammar, Rule};
use pest::Parser;
use std::cell::Cell;

/// A source text, parsed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Parsed {
    /// The sentences that parse, in order.
    pub sentences: Vec<Sentence>,
    /// The comments, in order.
    pub comments: Vec<Span>,
    /// Everything that does not parse, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
}

/// How many sentences are worth a thread.
const MANY: usize = 1 << 12;

/// Parses every sentence of a source text, each alone. Where there are very many, threads share them.
pub fn parse(source: &str) -> Parsed {
    let pieces = split(source);
    let mut parsed =
        Parsed { comments: pieces.comments, diagnostics: pieces.diagnostics, ..Parsed::default() };
    let count = pieces.pieces.len();
    let share = count.div_ceil(threads_for(count, MANY)).max(1);
    let parts = in_threads(pieces.pieces.chunks(share).collect(), |some| parse_pieces(source, some));
    for (sentences, diagnostics) in parts {
        parsed.sentences.extend(sentences);
        parsed.diagnostics.extend(diagnostics);
    }
    parsed.diagnostics.sort_by_key(|diagnostic| diagnostic.span);
    parsed
}

fn parse_pieces(source: &str, pieces: &[Piece]) -> (Vec<Sentence>, Vec<Diagnostic>) {
    let mut parsed = (Vec::with_capacity(pieces.len()), Vec::new());
    for piece in pieces {
        match parse_piece(source, piece) {
            Ok(sentence) => parsed.0.push(sentence),
            Err(diagnostic) => parsed.1.push(*diagnostic),
        }
    }
    parsed
}

/// Whether Enter should run this text rather than continue it: it is not empty, everything in it is closed, and its last sentence has an end
/// mark or is a question already.
pub fn is_complete(source: &str) -> bool {
    let pieces = split(source);
    let Some(last) = pieces.pieces.last() else { return pieces.diagnostics.is_empty() };
    last.end.is_some() || read(last.span.of(source), last).is_ok()
}

/// Whether nothing typed behind this text can make a sentence of its end any more, so that Enter may as well tell what is wrong: the grammar
/// never came as far as the end, or a quote or a bracket is open that had to be closed on its line.
pub fn is_lost(source: &str) -> bool {
    let pieces = split(source);
    let is_open = |at: usize| {
        source.get(at..).is_some_and(|rest| rest.starts_with("\"\"\"") || rest.starts_with(['“', '«', '„']))
    };
    if let Some(found) = pieces.diagnostics.last() {
        return !is_open(found.span.start);
    }
    let Some(last) = pieces.pieces.last().filter(|last| last.end.is_none()) else { return false };
    let text = last.span.of(source);
    let reaches = |text: &str| match Grammar::parse(Rule::sentence, text) {
        Ok(_) => text.len(),
        Err(error) => error::place(&error),
    };
    let first = text.split(|c: char| !c.is_alphabetic()).next().unwrap_or("");
    let lowered = first.to_ascii_lowercase() + text.get(first.len()..).unwrap_or("");
    reaches(text).max(reaches(&lowered)) < text.len()
}

/// The first words of a sentence that are keywords there even with a capital.
const OPENERS: &[&str] = &["Who", "Whom", "Which", "What", "Anyone", "Not", "Any", "All", "None"];

/// The longest sentence that is looked into for typical mistakes, in bytes: each is tried by parsing the sentence again.
const MAX_TRIED: usize = 8 << 10;

/// How many bytes are parsed again for that, all tries together: hundreds of tries for any sentence that a person writes.
const MAX_TRIES: usize = 128 << 10;

/// Parses one sentence of a source text.
pub fn parse_piece(source: &str, piece: &Piece) -> Result<Sentence, Box<Diagnostic>> {
    let text = piece.span.of(source);
    read(text, piece).map_err(|error| {
        let left = Cell::new(MAX_TRIES);
        let fits = |text: &str| {
            let allowed = left.get().checked_sub(text.len());
            left.set(allowed.unwrap_or(0));
            allowed.is_some() && read(text, piece).is_ok()
        };
        match mistakes::recognise(text, &fits) {
            Some(known) if error.code == Code::Syntax => Box::new(known.shifted(piece.span.start)),
            _ => error,
        }
    })
}

/// Reads a sentence, its first word also without its capital where it can be meant so.
fn read(text: &str, piece: &Piece) -> Result<Sentence, Box<Diagnostic>> {
    let first: &str = text.split(|c: char| !c.is_alphabetic()).next().unwrap_or("");
    let rest = text.get(first.len()..).unwrap_or("");
    let of_list = rest.trim_start().starts_with("of ");
    let opens = OPENERS.contains(&first) && (!matches!(first, "Any" | "All" | "None") || of_list);
    let lowered =
        first.starts_with(|c: char| c.is_ascii_uppercase()).then(|| first.to_ascii_lowercase() + rest);
    match lowered {
        Some(lowered) if opens => parse_text(&lowered, piece),
        Some(lowered) => {
            parse_text(text, piece).or_else(|error| parse_text(&lowered, piece).map_err(|_| error))
        }
        None => parse_text(text, piece),
    }
}

/// What is told of a column of a table where there is no table.
pub fn outside_a_mapping(span: Span) -> Diagnostic {
    let message = "this belongs to a mapping, which tells how the rows of a table become statements";
    Diagnostic::error(Code::OutsideMapping, span, message)
        .help("give the file of the mapping with --map, before the table; in other sentences write $name")
}

/// The modality among the terms of a content: no other field tells it from others with its text.
pub fn modality_of(terms: &ast::ContentTerms) -> Result<Option<&ast::FieldPair>, Box<Diagnostic>> {
    match terms.fields.iter().find(|pair| pair.key.text != "modality") {
        None => Ok(terms.fields.last()),
        Some(ast::FieldPair { key, .. }) => {
            let message = format!("`{}` tells no content from others", key.text);
            let help = "only `modality` can stand here; the other fields belong to who said it";
            Err(Box::new(Diagnostic::error(Code::UnknownField, key.span, message).help(help)))
        }
    }
}

fn parse_text(text: &str, piece: &Piece) -> Result<Sentence, Box<Diagnostic>> {
    match Grammar::parse(Rule::sentence, text) {
        Ok(pairs) => {
            let sentence = build::sentence(pairs.clone(), piece.span.start).ok_or_else(|| {
                let too_deep = || Diagnostic::error(Code::TooDeep, piece.span, build::TOO_DEEP);
                Box::new(build::given_twice(pairs, piece.span.start).unwrap_or_else(too_deep))
            })?;
            match sentence.columns.iter().find(|column| !column.is_param) {
                Some(column) if matches!(sentence.kind, SentenceKind::Ask(_)) => {
                    Err(Box::new(outside_a_mapping(column.span)))
                }
                _ => Ok(sentence),
            }
        }
        Err(error) => Err(Box::new(error::explain(text, &error).shifted(piece.span.start))),
    }
}

#[cfg(test)]
mod tests {
    use super::ast::{AskBody, ContentValue, Fact, Pattern, Term};
    use super::*;

    fn one(source: &str) -> SentenceKind {
        let parsed = parse(source);
        assert_eq!(parsed.diagnostics, [], "{source}");
        assert_eq!(parsed.sentences.len(), 1, "{source}");
        parsed.sentences.into_iter().next().unwrap().kind
    }

    #[test]
    fn every_question_of_the_reference_parses() {
        for question in [
            "who asserted what about Pokrovsk?",
            "who told whom what about Pokrovsk via Reuters?",
            "who said what about any of Pokrovsk, Vovchansk on 2025-12-01?",
            "who told Putin what?",
            "who declined-to-discuss what?",
            "who said that not ?c?",
            "who said what verbatim about [war in Ukraine]?",
            "?a stated ?c about [peace plan] and not (anyone denied ?c)?",
            "?x is in [Russian officials] and not (?x said anything about Pokrovsk)?",
            "?a asserted ?c and ?b denied ?c | show ?c, ?a, ?b",
            "?k: who said what | where ?k.hedged = yes",
            "?k: who said what | where ?k.hops >= 2 | count",
            "who said what first via Reuters last via UNN?",
            "?k: who said what | summarize count as n, min ?k.date as earliest by who | sort by n desc, who | take 3",
            "as of 2025-12-01 who said what about Pokrovsk?",
            "who said what after $since | where what has \"peace\" or what has \"war\" | show who, what",
            "explain who said what about Pokrovsk?",
            "trace \"Russian troops captured Pokrovsk\"",
            "corroborate \"Russian troops captured Pokrovsk\" | where independent >= 2",
            "conflicts about Pokrovsk",
            "timeline about [peace plan]",
            "impact of retracting Reuters",
            "Who said what?",
            "Explain who said what?",
            "?o said that (who said what)?",
            "who is in Kremlin?",
            "?x is [spokesman] of ?y?",
            "?a rates Reuters as ?g?",
            "which outlet reported what via which outlet?",
        ] {
            assert!(matches!(one(question), SentenceKind::Ask(_)), "{question}");
        }
    }

    #[test]
    fn many_sentences_parse_as_each_alone() {
        let one = |n| if n % 1000 == 7 { "A said on.\n".into() } else { format!("A{n} said \"x\".\n") };
        let source: String = (0..3 * MANY).map(one).collect();
        let parsed = parse(&source);
        let (sentences, diagnostics) = parse_pieces(&source, &split(&source).pieces);
        assert!(diagnostics.len() > 10 && sentences.len() + diagnostics.len() == 3 * MANY);
        assert_eq!((parsed.sentences, parsed.diagnostics), (sentences, diagnostics));
    }

    #[test]
    fn statements_parse_as_facts() {
        for statement in [
            "[Russian military commanders] told Putin that \"Russian troops captured Pokrovsk\" about Pokrovsk on 2025-12-01 via Reuters via UNN (2025-12-02, allegedly).",
            "UNN wrote that (Reuters reported that (Putin said \"P\")).",
            "#19a: A, B said \"x\" {mode: mixed, medium: \"on X\"}.",
            "void #c7 because \"a mistake\".",
            "void Putin same as Путін because \"two people\".",
            "Putin is person also \"Путин\", id \"Q7747\".",
            "Peskov is in Kremlin as [spokesman] for 2012..2025.",
            "[Desk A] rates Reuters as B about Ukraine for 2025.",
            "\"a\" contradicts not \"b\".",
            "A said \"x\" for 2025-11-24..2025-11-30 (\"last week\" from 2025-12-02) with [killed or wounded] > 1200000 people if \"y\".",
        ] {
            assert!(matches!(one(statement), SentenceKind::Fact(_)), "{statement}");
        }
        assert!(matches!(one("define verb slammed as asserted."), SentenceKind::DefineVerb(_)));
        assert!(matches!(
            one("document <https://a.b/c> by UNN on 2025-12-02 citing Reuters titled \"t\"."),
            SentenceKind::Document(_)
        ));
        assert!(matches!(one("end document."), SentenceKind::EndDocument));
        assert!(matches!(one("language 1."), SentenceKind::Language(_)));
        let rule = "define relays(?x, ?y) as (anyone said anything via ?y via ?x) or (relays(?x, ?m) and relays(?m, ?y)).";
        assert!(matches!(one(rule), SentenceKind::DefineRule(_)));
    }

    #[test]
    fn keywords_are_no_names_and_names_no_keywords() {
        for name in [
            "WHO",
            "Max",
            "Count",
            "Notley",
            "Viaduct",
            "Timeline",
            "Impact",
            "Саша",
            "习近平",
            "საქართველო",
            "محمد",
        ] {
            let SentenceKind::Fact(Fact::Claim(claim)) = one(&format!("{name} said \"x\".")) else {
                panic!("{name}")
            };
            let Term::Name(parsed) = &claim.who.terms[0] else { panic!("{name}") };
            assert_eq!(parsed.text, name);
        }
        for verb in ["noted", "onward", "viable", "declined-to-discuss", "whoever"] {
            let SentenceKind::Fact(Fact::Claim(claim)) = one(&format!("Ann {verb} \"x\".")) else {
                panic!("{verb}")
            };
            assert_eq!(claim.verb.text, verb);
        }
    }

    #[test]
    fn spans_and_escapes_are_of_the_source() {
        let source = "-- c\nAnn said \"a \\\"b\\\"\". [Bank  of\u{a0}America|us] told ?x ?c?";
        let parsed = parse(source);
        let SentenceKind::Fact(Fact::Claim(claim)) = &parsed.sentences[0].kind else { panic!() };
        let Some(ContentValue::Text(text)) = claim.content.as_ref().map(|c| &c.value) else { panic!() };
        assert_eq!((text.text.as_str(), text.span.of(source)), ("a \"b\"", "\"a \\\"b\\\"\""));
        let SentenceKind::Ask(ask) = &parsed.sentences[1].kind else { panic!() };
        let AskBody::Pattern(Pattern::Claim(claim)) = &ask.body else { panic!() };
        let Term::Name(name) = &claim.who.terms[0] else { panic!() };
        assert_eq!((name.text.as_str(), name.qualifier.as_deref()), ("Bank of America", Some("us")));
        assert!(claim.listener.is_some() && claim.content.is_some());
    }

    #[test]
    fn what_is_printed_parses_to_the_same() {
        for (source, canonical) in [
            (
                "Who told [Putin]  what about Pokrovsk via Reuters?",
                "who told Putin what about Pokrovsk via Reuters?",
            ),
            (
                "A, [b c] said that not “x \"y\"” verbatim {mode: mixed, m: \"on X\"} .",
                "A, [b c] said that not \"x \\\"y\\\"\" verbatim {mode: mixed, m: \"on X\"}.",
            ),
            (
                "?k: who said what | where not (?k.hops >= 2 or who in (A, [b])) and what has \"x\" | count by who",
                "?k: who said what | where not (?k.hops >= 2 or who in (A, [b])) and what has \"x\" | count by who;",
            ),
            (
                "U wrote that (R reported (P said \"p\" for 2025.. (\"now\" from 2025-01-02))).",
                "U wrote that (R reported that (P said \"p\" for 2025.. (\"now\" from 2025-01-02))).",
            ),
            (
                "(?a said ?c or ?b denied ?c) and not (?a is in [x y])",
                "(?a said ?c or ?b denied ?c) and not (?a is in [x y])?",
            ),
            (
                "P is [head] of K for 2012..2025 also \"Путин\", id \"Q1\".",
                "P is [head] of K for 2012..2025 also \"Путин\", id \"Q1\".",
            ),
            ("void #[3/1] because \"z\".", "void #[3/1] because \"z\"."),
        ] {
            let printed = print_sentence(&parse(source).sentences[0]);
            assert_eq!(printed, canonical);
            assert_eq!(print_sentence(&parse(&printed).sentences[0]), canonical);
        }
    }

    #[test]
    fn the_shell_knows_when_a_sentence_is_done() {
        for (text, done) in [
            ("who said what?", true),
            ("who said what", true),
            ("who said", true),
            ("Ann said \"x\"", true),
            ("Ann said \"x\" about", false),
            ("Ann said \"\"\"x", false),
            ("who said what |", false),
            ("", true),
        ] {
            assert_eq!(is_complete(text), done, "{text}");
        }
    }
}
