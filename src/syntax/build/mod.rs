//! From pest's pairs to the tree: a function for each rule, named as the rule. It resolves nothing and reports nothing: a pair that is not
//! as the grammar makes it yields nothing, which the caller reports as its own mistake.

mod claim;
mod mapping;
mod question;
mod relate;
mod term;

use super::ast::{
    Cited, Claim, DefineRule, DefineVerb, DocumentHead, Fact, Pattern, Sentence, SentenceKind, Void, Voided,
};
use super::grammar::Rule;
use crate::diag::{Code, Diagnostic, Span};
use pest::iterators::{Pair, Pairs};
use term::{field_pairs, string, string_or_column, term, time, url, word};

/// The deepest nesting of parentheses in a sentence; the splitter refuses deeper ones before pest sees them. Even a debug build comes so far
/// on the stack of a thread.
pub(super) const MAX_DEPTH: usize = 100;

/// What is told of deeper ones.
pub(super) const TOO_DEEP: &str = "this sentence nests deeper than 100 brackets";

/// Where the sentence starts in its source.
#[derive(Clone, Copy)]
struct At(usize);

impl At {
    fn span(self, pair: &Pair<'_, Rule>) -> Span {
        let span = pair.as_span();
        // pest's spans of composite rules take in the blanks behind them.
        let end = span.start() + span.as_str().trim_end().len();
        Span::new(span.start(), end).shifted(self.0)
    }
}

/// The children of a pair, taken by rule.
struct Children<'i>(std::iter::Peekable<Pairs<'i, Rule>>);

impl<'i> Children<'i> {
    fn of(pair: Pair<'i, Rule>) -> Self {
        Children(pair.into_inner().peekable())
    }

    /// The next child, where it is of this rule.
    fn take(&mut self, rule: Rule) -> Option<Pair<'i, Rule>> {
        self.0.next_if(|pair| pair.as_rule() == rule)
    }

    /// Whether the next child is of this rule, which is then passed.
    fn has(&mut self, rule: Rule) -> bool {
        self.take(rule).is_some()
    }

    fn next(&mut self) -> Option<Pair<'i, Rule>> {
        self.0.next()
    }
}

/// Fills what can be given once.
fn once<T>(slot: &mut Option<T>, value: T) -> Option<()> {
    slot.replace(value).is_none().then_some(())
}

/// A part that is given twice where one is meant: the grammar takes the parts of a hop, a document or a content in any
/// order.
pub(super) fn given_twice(pairs: Pairs<'_, Rule>, start: usize) -> Option<Diagnostic> {
    pairs.flatten().find_map(|whole| {
        let owner = match whole.as_rule() {
            Rule::hop => "hop",
            Rule::document_head => "document",
            Rule::link_end => "content",
            _ => return None,
        };
        let mut seen = Vec::new();
        let may_repeat = |part: &Pair<'_, Rule>| matches!(part.as_rule(), Rule::citing | Rule::with);
        let again = whole.into_inner().filter(|part| !may_repeat(part)).find(|part| {
            let known = seen.contains(&part.as_rule());
            seen.push(part.as_rule());
            known
        })?;
        let what = match again.as_rule() {
            Rule::hedge => "hedge",
            Rule::time | Rule::dated => "date",
            Rule::verb => "verb",
            Rule::by => "outlet",
            Rule::titled => "title",
            Rule::fields => "list of fields",
            Rule::for_time => "`for`",
            Rule::condition => "condition",
            _ => return None,
        };
        let message = format!("this {owner} has a second {what}");
        Some(
            Diagnostic::error(Code::MisplacedWord, At(start).span(&again), message)
                .help("keep one of the two"),
        )
    })
}

/// The tree of a parsed sentence that starts at byte `start` of its source.
pub(super) fn sentence(pairs: Pairs<'_, Rule>, start: usize) -> Option<Sentence> {
    let at = At(start);
    let columns =
        if pairs.as_str().contains('$') { mapping::columns(pairs.clone(), at)? } else { Vec::new() };
    let whole = pairs.into_iter().next()?;
    let span = at.span(&whole);
    let kind = whole.into_inner().next()?;
    let kind = match kind.as_rule() {
        Rule::language => {
            let number = kind.into_inner().find(|pair| pair.as_rule() == Rule::number)?;
            SentenceKind::Language(word(&number, at))
        }
        Rule::define => define(kind, at)?,
        Rule::document => document(kind, at)?,
        Rule::mapping => SentenceKind::Mapping(mapping::mapping(kind, at)?),
        Rule::guarded => SentenceKind::Guarded(mapping::guarded(kind, at)?),
        Rule::fact => SentenceKind::Fact(fact(kind, at)?),
        Rule::ask => SentenceKind::Ask(question::ask(kind, at)?),
        _ => return None,
    };
    Some(Sentence { span, kind, columns })
}

fn define(pair: Pair<'_, Rule>, at: At) -> Option<SentenceKind> {
    let inner = pair.into_inner().find(|pair| pair.as_rule() != Rule::DEFINE)?;
    match inner.as_rule() {
        Rule::define_verb => {
            let negative = inner.clone().into_inner().any(|pair| pair.as_rule() == Rule::NEGATIVE);
            let mut verbs = inner.into_inner().filter(|pair| pair.as_rule() == Rule::verb);
            let (verb, parent) = (word(&verbs.next()?, at), word(&verbs.next()?, at));
            Some(SentenceKind::DefineVerb(DefineVerb { verb, parent, negative }))
        }
        Rule::define_rule => {
            let mut name = None;
            let mut params = Vec::new();
            let mut body = None;
            for child in inner.into_inner() {
                match child.as_rule() {
                    Rule::ident => name = Some(word(&child, at)),
                    Rule::var => params.push(term::marked(&child, at)),
                    Rule::pattern => body = Some(question::pattern(child, at)?),
                    _ => {}
                }
            }
            Some(SentenceKind::DefineRule(DefineRule { name: name?, params, body: body? }))
        }
        _ => None,
    }
}

fn document(pair: Pair<'_, Rule>, at: At) -> Option<SentenceKind> {
    let inner = pair.into_inner().next()?;
    if inner.as_rule() == Rule::end_document {
        return Some(SentenceKind::EndDocument);
    }
    document_head(inner, at).map(SentenceKind::Document)
}

fn document_head(pair: Pair<'_, Rule>, at: At) -> Option<DocumentHead> {
    let mut children = Children::of(pair);
    children.has(Rule::DOCUMENT);
    let key = children.next()?;
    let is_url = key.as_rule() == Rule::url;
    let key = if is_url { url(&key, at) } else { string_or_column(&key, at) };
    let mut head = DocumentHead {
        key,
        is_url,
        outlet: None,
        published: None,
        citing: Vec::new(),
        title: None,
        fields: Vec::new(),
    };
    while let Some(part) = children.next() {
        match part.as_rule() {
            Rule::fields if head.fields.is_empty() => head.fields = field_pairs(part, at)?,
            Rule::fields => return None,
            rule => {
                let value = part.into_inner().last()?;
                match rule {
                    Rule::by => once(&mut head.outlet, term(value, at)?)?,
                    Rule::dated => once(&mut head.published, time(value, at)?)?,
                    Rule::titled => once(&mut head.title, string_or_column(&value, at))?,
                    Rule::citing => head.citing.push(match value.as_rule() {
                        Rule::url => Cited::Document(url(&value, at)),
                        _ => Cited::Source(term(value, at)?),
                    }),
                    _ => return None,
                }
            }
        }
    }
    Some(head)
}

fn fact(pair: Pair<'_, Rule>, at: At) -> Option<Fact> {
    let inner = pair.into_inner().next()?;
    Some(match inner.as_rule() {
        Rule::void => Fact::Void(void(inner, at)?),
        Rule::rating => Fact::Rating(relate::rating(inner, at)?),
        Rule::link => Fact::Link(relate::link(inner, at)?),
        Rule::isa => Fact::IsA(relate::isa(inner, at)?),
        Rule::claim => Fact::Claim(claim(inner, at)?),
        _ => return None,
    })
}

fn void(pair: Pair<'_, Rule>, at: At) -> Option<Void> {
    let mut children = Children::of(pair);
    children.has(Rule::VOID);
    let what = children.next()?;
    let what = match what.as_rule() {
        Rule::claim_id => Voided::Claim(term::claim_id(&what, at)),
        _ => Voided::Link(relate::link(what, at)?),
    };
    children.has(Rule::BECAUSE);
    Some(Void { what, reason: string(&children.next()?, at) })
}

fn claim(pair: Pair<'_, Rule>, at: At) -> Option<Claim> {
    claim::claim(pair, at, 0)
}

/// The single pattern of a list, or the list joined.
fn joined(mut parts: Vec<Pattern>, or: bool) -> Option<Pattern> {
    match parts.len() {
        0 => None,
        1 => parts.pop(),
        _ if or => Some(Pattern::Or(parts)),
        _ => Some(Pattern::And(parts)),
    }
}
