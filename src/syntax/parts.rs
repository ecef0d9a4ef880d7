//! What the parts of a text are, as the grammar reads them: for colours while somebody types. A sentence that breaks off is read as far as it goes,
//! by trying how it might go on; behind the place where nothing fits, nothing is known. It changes nothing and finds no errors.

use super::grammar::{Grammar, Rule};
use super::{OPENERS, error, split};
use crate::diag::Span;
use pest::Parser;
use pest::error::{Error, ErrorVariant};
use pest::iterators::Pair;

/// What a part of a sentence is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// A word of the language.
    Keyword,
    /// A verb, which the lexicon may know.
    Verb,
    /// A verb that is being defined.
    NewVerb,
    /// A name or a role.
    Name,
    /// What is asked for, or filled from elsewhere: `who`, `?x`, `$place`.
    Blank,
    /// A column of a stage.
    Column,
    /// What was said, an address.
    Literal,
    /// A day, a year, a range.
    Date,
    /// A figure.
    Number,
    /// `allegedly` and its like.
    Hedge,
    /// The id of a claim.
    Claim,
    /// A bar and the stage behind it.
    Stage,
    /// A comment.
    Comment,
}

/// A longer sentence is read once as it is, and not finished.
const MOST_FINISHED: usize = 2 << 10;

/// A longer text is not looked into.
const MOST: usize = 32 << 10;

/// So often it is tried how a sentence may go on.
const MOST_TRIES: usize = 32;

/// The parts of a text in order, as far as they are known. None overlaps another.
pub fn parts(source: &str) -> Vec<(Span, Part)> {
    if source.len() > MOST {
        return Vec::new();
    }
    // A quote or a bracket that is open at the end is what is being typed.
    let mut closed = source.to_string();
    if let Some(open) = split(source).diagnostics.last()
        && let Some(close) = closing(source.get(open.span.start..).unwrap_or(""))
    {
        closed.push_str(close);
    }
    let pieces = split(&closed);
    let mut parts: Vec<(Span, Part)> = pieces.comments.iter().map(|span| (*span, Part::Comment)).collect();
    for piece in &pieces.pieces {
        sentence(piece.span.of(&closed), piece.span.start, &mut parts);
    }
    parts.retain_mut(|(span, _)| {
        span.end = span.end.min(source.len());
        span.start < span.end
    });
    parts.sort_by_key(|(span, _)| span.start);
    parts
}

/// What closes a quote or a bracket that is open to the end.
fn closing(open: &str) -> Option<&'static str> {
    let on_line = !open.contains('\n');
    Some(match open.chars().next()? {
        '"' if open.starts_with("\"\"\"") => "\"\"\"",
        '"' if on_line && open.ends_with('\\') => "\\\"",
        '"' if on_line => "\"",
        '“' => "”",
        '«' => "»",
        '„' => "“",
        '[' if on_line => "x]",
        _ => return None,
    })
}

/// The parts of one sentence, which stands at a place.
fn sentence(text: &str, at: usize, out: &mut Vec<(Span, Part)>) {
    // A capital where it begins is lowered where that makes a word of the language of it.
    let first = text.split(|c: char| !c.is_alphabetic()).next().unwrap_or("");
    let lowered = first.to_ascii_lowercase() + text.get(first.len()..).unwrap_or("");
    let readings = match OPENERS.contains(&first) {
        true => vec![lowered.as_str()],
        false if lowered == text => vec![text],
        false => vec![text, lowered.as_str()],
    };
    let mut furthest = (0, "");
    for text in readings {
        match Grammar::parse(Rule::sentence, text) {
            Ok(pairs) => return pairs.for_each(|pair| walk(pair, Span::new(at, at + text.len()), out)),
            Err(error) => furthest = furthest.max((error::place(&error), text)),
        }
    }
    let (reached, text) = furthest;
    let mut left = MOST_TRIES;
    if text.len() > MOST_FINISHED || unfinished(text, &mut left, at, out) {
        return;
    }
    let mut text = text.get(..reached).unwrap_or("").trim_end();
    // Where nothing is found that may follow, the last word may be half of something.
    while !text.is_empty() && !unfinished(text, &mut left, at, out) {
        text = text.rsplit_once(char::is_whitespace).map_or("", |(before, _)| before.trim_end());
    }
}

/// The parts of a sentence that breaks off: what is there is tried with what may follow, until it is one. Whether that was found.
fn unfinished(text: &str, left: &mut usize, at: usize, out: &mut Vec<(Span, Part)>) -> bool {
    let mut tried = text.to_string();
    // A mark that is missing is not told by where the grammar came to.
    let closing = closing_brackets(text);
    let mut endings = vec![format!("{closing}."), closing, String::new()];
    while let Some(ending) = endings.pop()
        && *left > 0
    {
        *left -= 1;
        let longer = format!("{tried} {ending}").trim_end().to_string();
        match Grammar::parse(Rule::sentence, &longer) {
            Ok(pairs) => {
                pairs.for_each(|pair| walk(pair, Span::new(at, at + text.len()), out));
                return true;
            }
            // So far it fits: now what may follow this.
            Err(error) if error::place(&error) >= longer.len() && !longer.ends_with('.') => {
                endings = what_may_follow(&longer, &error);
                tried = longer;
            }
            Err(_) => {}
        }
    }
    false
}

/// What may follow a text, the most telling last. Marks are not among what pest says is missing.
fn what_may_follow(text: &str, error: &Error<Rule>) -> Vec<String> {
    let ErrorVariant::ParsingError { positives, .. } = &error.variant else { return Vec::new() };
    let closing = closing_brackets(text);
    let mut endings: Vec<String> = [":", "("].map(String::from).to_vec();
    let words = positives.iter().filter(|rule| sample(**rule).is_none());
    endings.extend(words.map(|rule| format!("{rule:?}").to_lowercase()));
    let mut samples: Vec<(u8, &str)> = positives.iter().filter_map(|rule| sample(*rule)).collect();
    samples.sort_unstable_by(|a, b| b.cmp(a));
    samples.dedup();
    for sample in samples.into_iter().map(|(_, sample)| sample).chain([""]) {
        endings.push(format!("{sample}{closing}."));
        endings.push(format!("{sample}{closing}"));
        endings.push(sample.to_string());
    }
    endings.dedup();
    endings.retain(|ending| !ending.is_empty());
    endings
}

/// What closes the brackets that are open in a text, whatever stands in quotes.
fn closing_brackets(text: &str) -> String {
    let mut open = Vec::new();
    let mut is_quoted = false;
    for c in text.chars() {
        match c {
            '"' => is_quoted = !is_quoted,
            '(' if !is_quoted => open.push(')'),
            '{' if !is_quoted => open.push('}'),
            ')' | '}' if !is_quoted => _ = open.pop(),
            _ => {}
        }
    }
    open.into_iter().rev().collect()
}

/// How something is written that may follow, and how late it is tried: what ends a sentence soonest comes first.
fn sample(rule: Rule) -> Option<(u8, &'static str)> {
    Some(match rule {
        Rule::verb => (0, "said"),
        Rule::string | Rule::content | Rule::link_end => (1, "\"x\""),
        Rule::term | Rule::who | Rule::bare | Rule::bracketed | Rule::capital | Rule::listener => (2, "X"),
        Rule::time | Rule::date | Rule::year | Rule::range => (3, "2025"),
        Rule::operand | Rule::number => (4, "1"),
        Rule::expr | Rule::test => (5, "who = 1"),
        Rule::field | Rule::field_word | Rule::shown | Rule::key => (6, "who"),
        Rule::compare_op | Rule::comparison | Rule::order_op => (7, "= 1"),
        Rule::relation => (8, "contradicts"),
        Rule::BECAUSE => (8, "because"),
        Rule::bound | Rule::measure_op | Rule::equals => (8, "> 1"),
        Rule::measure | Rule::label_word => (9, "x > 1"),
        Rule::aggregate | Rule::count => (10, "count"),
        Rule::ident | Rule::column | Rule::word | Rule::is_kind => (11, "x"),
        Rule::url => (12, "<x>"),
        Rule::claim_id => (13, "#x"),
        Rule::grade => (14, "A"),
        Rule::pattern | Rule::claim | Rule::fact => (15, "X said"),
        Rule::hop_detail | Rule::hedge => (16, "allegedly"),
        Rule::var => (18, "?x"),
        Rule::pair | Rule::field_key => (19, "x: 1"),
        _ => return None,
    })
}

/// Collects the parts of what a rule read, as far as `within` goes; its places count from where that begins.
fn walk(pair: Pair<'_, Rule>, within: Span, out: &mut Vec<(Span, Part)>) {
    let place = pair.as_span();
    let span = Span::new(within.start + place.start(), (within.start + place.end()).min(within.end));
    if span.start >= span.end {
        return;
    }
    let text = pair.as_str();
    let rule = pair.as_rule();
    if let Some(part) = whole(rule) {
        return out.push((span, part));
    }
    let mut inner = pair.into_inner().peekable();
    match rule {
        Rule::stage => {
            // The bar, and the word that says which stage it is.
            out.push((Span::new(span.start, span.start + 1), Part::Stage));
            let word = text.find(char::is_alphabetic).unwrap_or(text.len());
            let end = text
                .get(word..)
                .and_then(|rest| rest.find(|c: char| !c.is_alphabetic()))
                .map_or(text.len(), |at| word + at);
            let (start, end) = (span.start + word, (span.start + end).min(within.end));
            if start < end {
                out.push((Span::new(start, end), Part::Stage));
            }
            let behind = out.len();
            inner.for_each(|pair| walk(pair, within, out));
            if out.get(behind).is_some_and(|(first, _)| first.start == start) {
                out.remove(behind);
            }
        }
        Rule::define_verb => {
            let from = out.len();
            inner.for_each(|pair| walk(pair, within, out));
            let new = out.iter_mut().skip(from).find(|(_, part)| *part == Part::Verb);
            new.into_iter().for_each(|(_, part)| *part = Part::NewVerb);
        }
        _ if inner.peek().is_some() => inner.for_each(|pair| walk(pair, within, out)),
        // What is left are the words of the language, and marks.
        _ if text.starts_with(char::is_alphabetic) && !is_free(rule) => out.push((span, Part::Keyword)),
        _ => {}
    }
}

/// What a rule is that is one part whatever is in it.
fn whole(rule: Rule) -> Option<Part> {
    Some(match rule {
        Rule::verb => Part::Verb,
        Rule::bracketed | Rule::bare => Part::Name,
        Rule::who_blank
        | Rule::whom
        | Rule::WHICH
        | Rule::WHAT
        | Rule::when
        | Rule::ANYONE
        | Rule::ANYTHING
        | Rule::var
        | Rule::param
        | Rule::slot_name => Part::Blank,
        Rule::field | Rule::column => Part::Column,
        Rule::string | Rule::url => Part::Literal,
        Rule::date | Rule::year | Rule::range | Rule::TODAY | Rule::YESTERDAY => Part::Date,
        Rule::number => Part::Number,
        Rule::hedge => Part::Hedge,
        Rule::claim_id => Part::Claim,
        _ => return None,
    })
}

/// Whether a rule reads a word that is anybody's choice: a kind, a unit, a field.
fn is_free(rule: Rule) -> bool {
    matches!(
        rule,
        Rule::ident
            | Rule::word
            | Rule::field_key
            | Rule::field_name
            | Rule::grade
            | Rule::unit
            | Rule::label_word
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The parts of a text, each as its first letters and its text.
    fn told(source: &str) -> String {
        let shown = parts(source).into_iter().map(|(span, part)| format!("{part:?}:{}", span.of(source)));
        shown.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_whole_sentence_is_told_by_the_grammar() {
        for (source, wanted) in [
            (
                "Who told [the board] that \"x\" about Oslo Fjord on 2025-12-01 via Reuters (allegedly)?",
                "Blank:Who Verb:told Name:[the board] Keyword:that Literal:\"x\" Keyword:about Name:Oslo Fjord Keyword:on \
                 Date:2025-12-01 Keyword:via Name:Reuters Hedge:allegedly",
            ),
            (
                "?k: who said what | where ?k.hops >= 2 | sort by what desc | take 3 -- so",
                "Blank:?k Blank:who Verb:said Blank:what Stage:| Stage:where Column:?k.hops Number:2 Stage:| Stage:sort \
                 Keyword:by Column:what Keyword:desc Stage:| Stage:take Number:3 Comment:-- so",
            ),
            (
                "define verb slammed as asserted. #c1: A denied \"x\".",
                "Keyword:define Keyword:verb NewVerb:slammed Keyword:as Verb:asserted Claim:#c1 Name:A Verb:denied Literal:\"x\"",
            ),
            // The same word is a verb, a column, and a name, as the grammar reads it.
            (
                "Count said \"count\" | count by who",
                "Name:Count Verb:said Literal:\"count\" Stage:| Stage:count Keyword:by Column:who",
            ),
        ] {
            assert_eq!(told(source), wanted.replace("  ", ""), "{source}");
        }
    }

    #[test]
    fn every_beginning_of_a_sentence_is_told_like_the_sentence() {
        for source in [
            "who told Putin what about [peace plan], Pokrovsk via Reuters on 2025-12-01?",
            "Anna said that not \"the dam leaks\" about Dam for 2025 via Post (2025-12-02, allegedly) {mode: quote}.",
            "?k: who said what with deaths > 10 people if \"y\" | where ?k.hops >= 2 and what has \"x\" | show who, what",
            "as of 2025-12-01 ?a asserted ?c and not (anyone denied ?c)?",
            "who said what | summarize count as n, min when by who | sort by n desc, who | take 3",
            "void #c7 because \"a mistake\".",
            "void \"x\" contradicts \"y\" because \"a slip\".",
            "void \"10 died\" with dead = 10 people {modality: possible} contradicts not \"y\" if not \"z\" for 2026 because \"a slip\".",
            "define verb slammed as asserted negative.",
            "Peskov is in Kremlin as [spokesman] for 2012..2025.",
            "[Desk A] rates Reuters as B about Ukraine.",
            "explain impact of retracting Reuters | count by effect",
            "conflicts between Anna and Boris about Oil",
            "document <https://a.b/c> by UNN on 2025-12-02 citing Reuters titled \"t\".",
            "UNN wrote that (Reuters reported that (Putin said \"P\")).",
            "Trace \"x\"",
            "who said what | where who in (Anna, Boris) | trace what",
            "?x is in [Russian officials] and not (?x said anything about Pokrovsk)?",
            "define relays(?x, ?y) as (anyone said anything via ?y via ?x) or (relays(?x, ?m) and relays(?m, ?y)).",
            "from csv separator \";\": $who said $what on $when as date.",
        ] {
            let all = parts(source);
            assert!(all.len() > 1, "{source}");
            for (at, _) in source.char_indices() {
                let begun = parts(&source[..at]);
                // Of what ends before the place all is known but the last two parts, which more may change.
                let ended: Vec<_> = all.iter().filter(|(span, _)| span.end < at).collect();
                let sure = &ended[..ended.len().saturating_sub(2)];
                assert!(
                    sure.iter().all(|part| begun.contains(part)),
                    "{:?}\n{begun:?}\n{sure:?}",
                    &source[..at]
                );
            }
        }
    }

    #[test]
    fn nothing_overlaps_whatever_is_typed() {
        for source in [
            "who said \"x",
            "习近平 said ?x",
            "a --",
            "[x",
            "# $ ? | <",
            "..",
            "“Покров",
            "|",
            "(((",
            "x".repeat(300).as_str(),
        ] {
            for at in source.char_indices().map(|(at, _)| at).chain([source.len()]) {
                let parts = parts(&source[..at]);
                assert!(parts.windows(2).all(|two| two[0].0.end <= two[1].0.start), "{source} {parts:?}");
                assert!(parts.iter().all(
                    |(span, _)| source.is_char_boundary(span.start) && source.is_char_boundary(span.end)
                ));
            }
        }
    }
}
