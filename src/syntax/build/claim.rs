//! Claims and what follows them.

use super::super::ast::{
    Adjunct, Claim, Condition, ConditionValue, Content, ContentValue, HopDetails, Label, Listener, Measure,
    MeasureOp, MeasureTest, Name, SourceRef, TimeExpr, TimeOp, TimeValue, Via, ViaPosition,
};
use super::super::grammar::Rule;
use super::term::{
    alone, claim_id, column, field_pairs, marked, name, string, term, time, url, who, word, word_or_column,
    written,
};
use super::{At, Children, MAX_DEPTH, once};
use crate::diag::Span;
use pest::iterators::Pair;

pub(super) fn claim(pair: Pair<'_, Rule>, at: At, depth: usize) -> Option<Claim> {
    if depth > MAX_DEPTH {
        return None;
    }
    let span = at.span(&pair);
    let mut children = Children::of(pair);
    let label = match children.take(Rule::label) {
        None => None,
        Some(label) => {
            let inner = label.into_inner().next()?;
            Some(match inner.as_rule() {
                Rule::claim_id => Label::Id(claim_id(&inner, at)),
                Rule::filled => Label::Id(column(&inner, at)),
                _ => Label::Var(marked(&inner, at)),
            })
        }
    };
    let speakers = who(children.take(Rule::who)?, at)?;
    let exactly = children.has(Rule::EXACTLY);
    let verb = word(&children.take(Rule::verb)?, at);
    let mut claim = Claim {
        span,
        label,
        who: speakers,
        exactly,
        verb,
        listener: None,
        content: None,
        adjuncts: Vec::new(),
        fields: Vec::new(),
    };
    while let Some(child) = children.next() {
        match child.as_rule() {
            Rule::listener | Rule::listener_to => listener(child, at, depth, &mut claim)?,
            Rule::listener_only => {
                let one = term(child.into_inner().next()?, at)?;
                claim.listener = Some(Listener { to: false, who: alone(one) });
            }
            Rule::content => claim.content = Some(content(child, at, depth)?),
            Rule::fields => claim.fields = field_pairs(child, at)?,
            _ => claim.adjuncts.push(adjunct(child, at)?),
        }
    }
    Some(claim)
}

fn listener(pair: Pair<'_, Rule>, at: At, depth: usize, claim: &mut Claim) -> Option<()> {
    let mut children = Children::of(pair);
    let to = children.has(Rule::TO);
    claim.listener = Some(Listener { to, who: who(children.take(Rule::who)?, at)? });
    if let Some(inner) = children.take(Rule::content) {
        claim.content = Some(content(inner, at, depth)?);
    }
    Some(())
}

fn content(pair: Pair<'_, Rule>, at: At, depth: usize) -> Option<Content> {
    let span = at.span(&pair);
    let mut children = Children::of(pair);
    children.has(Rule::THAT);
    let hedge = children.take(Rule::hedge).map(|pair| word(&pair, at));
    let not = children.has(Rule::NOT);
    let value = children.next()?;
    let value = match value.as_rule() {
        Rule::string => ContentValue::Text(string(&value, at)),
        Rule::var => ContentValue::Var(marked(&value, at)),
        Rule::slot => ContentValue::Param(column(&value, at)),
        Rule::WHAT => ContentValue::What(at.span(&value)),
        Rule::ANYTHING => ContentValue::Anything(at.span(&value)),
        Rule::claim_id => ContentValue::Claim(claim_id(&value, at)),
        Rule::speech => ContentValue::Speech(Box::new(claim(value.into_inner().next()?, at, depth + 1)?)),
        _ => return None,
    };
    Some(Content { span, hedge, not, value, verbatim: children.has(Rule::VERBATIM) })
}

pub(super) fn adjunct(pair: Pair<'_, Rule>, at: At) -> Option<Adjunct> {
    let span = at.span(&pair);
    Some(match pair.as_rule() {
        Rule::about => Adjunct::About(who(pair.into_inner().last()?, at)?),
        Rule::when => Adjunct::When(span),
        Rule::for_time => Adjunct::For(time(pair.into_inner().last()?, at)?),
        Rule::said => said(pair, at)?,
        Rule::via => Adjunct::Via(via(pair, at)?),
        Rule::source => {
            let value = pair.into_inner().last()?;
            Adjunct::Source(match value.as_rule() {
                Rule::url => SourceRef::Url(url(&value, at)),
                Rule::string => SourceRef::Named(string(&value, at)),
                Rule::var => SourceRef::Var(marked(&value, at)),
                _ => SourceRef::Param(column(&value, at)),
            })
        }
        Rule::condition => {
            let mut children = Children::of(pair);
            children.has(Rule::IF);
            let not = children.has(Rule::NOT);
            let value = children.next()?;
            let value = match value.as_rule() {
                Rule::string => ConditionValue::Text(string(&value, at)),
                Rule::var => ConditionValue::Var(marked(&value, at)),
                Rule::slot => ConditionValue::Param(column(&value, at)),
                _ => ConditionValue::Anything(at.span(&value)),
            };
            Adjunct::If(Condition { not, value, span })
        }
        Rule::with => Adjunct::With(measure(pair.into_inner().last()?, at)?),
        _ => return None,
    })
}

fn said(pair: Pair<'_, Rule>, at: At) -> Option<Adjunct> {
    let span = at.span(&pair);
    let mut children = Children::of(pair);
    let first = children.next()?;
    let op = match first.as_rule() {
        Rule::ON => TimeOp::On,
        Rule::IN => TimeOp::In,
        Rule::BEFORE => TimeOp::Before,
        Rule::AFTER => TimeOp::After,
        Rule::between_times => {
            let mut children = Children::of(first);
            children.has(Rule::BETWEEN);
            let from = word_or_column(&children.next()?, at);
            children.has(Rule::AND);
            let to = word_or_column(&children.next()?, at);
            let whole = Span::new(from.span.start, span.end);
            let (written, anchor) = written(&mut children, at);
            let value = TimeValue::Range(Some(from), Some(to));
            let time = TimeExpr { span: whole, value, written, anchor };
            return Some(Adjunct::Said { op: TimeOp::Between, time, span });
        }
        _ => return None,
    };
    Some(Adjunct::Said { op, time: time(children.next()?, at)?, span })
}

fn via(pair: Pair<'_, Rule>, at: At) -> Option<Via> {
    let mut via =
        Via { position: ViaPosition::Any, who: None, details: HopDetails::default(), span: at.span(&pair) };
    for child in pair.into_inner() {
        match child.as_rule() {
            Rule::FIRST => via.position = ViaPosition::First,
            Rule::LAST => via.position = ViaPosition::Last,
            Rule::DIRECTLY => via.position = ViaPosition::Directly,
            Rule::who => via.who = Some(who(child, at)?),
            Rule::hop => via.details = hop(child, at)?,
            _ => {}
        }
    }
    Some(via)
}

fn hop(pair: Pair<'_, Rule>, at: At) -> Option<HopDetails> {
    let mut details = HopDetails::default();
    for child in pair.into_inner() {
        match child.as_rule() {
            Rule::hedge => once(&mut details.hedge, word(&child, at))?,
            Rule::INFERRED => details.inferred = true,
            Rule::MARKED => details.marked = true,
            Rule::time => once(&mut details.time, time(child, at)?)?,
            Rule::verb => once(&mut details.verb, word(&child, at))?,
            _ => return None,
        }
    }
    Some(details)
}

fn measure(pair: Pair<'_, Rule>, at: At) -> Option<Measure> {
    let span = at.span(&pair);
    let mut children = Children::of(pair);
    let what = children.next()?;
    let what = match what.as_rule() {
        Rule::label_word => {
            let text = word(&what, at);
            Name { text: text.text, qualifier: None, bracketed: false, span: text.span }
        }
        _ => name(&what, at),
    };
    let test = children.next()?;
    let test = match test.as_rule() {
        Rule::var => MeasureTest::Var(marked(&test, at)),
        Rule::between_numbers => {
            let mut numbers =
                test.into_inner().filter(|pair| matches!(pair.as_rule(), Rule::number | Rule::filled));
            MeasureTest::Between(word_or_column(&numbers.next()?, at), word_or_column(&numbers.next()?, at))
        }
        Rule::fact_value => {
            let value = test.into_inner().last()?;
            match value.as_rule() {
                Rule::string => MeasureTest::Text(string(&value, at)),
                _ => MeasureTest::Entity(term(value, at)?),
            }
        }
        _ => bound(test, at)?,
    };
    let unit = children.next().map(|unit| match unit.clone().into_inner().next() {
        Some(inner) if inner.as_rule() == Rule::bracketed => {
            let unit = name(&inner, at);
            super::super::ast::Word { text: unit.text, span: unit.span }
        }
        _ => word(&unit, at),
    });
    Some(Measure { what, test, unit, span })
}

fn bound(pair: Pair<'_, Rule>, at: At) -> Option<MeasureTest> {
    let mut children = Children::of(pair);
    let op = match children.take(Rule::measure_op)?.as_str() {
        "=" => MeasureOp::Equal,
        "<" => MeasureOp::Less,
        "<=" => MeasureOp::AtMost,
        ">" => MeasureOp::More,
        ">=" => MeasureOp::AtLeast,
        _ => MeasureOp::About,
    };
    let value = children.next()?;
    Some(match value.as_rule() {
        Rule::number => MeasureTest::Number(op, word(&value, at)),
        _ => MeasureTest::Param(op, column(&value, at)),
    })
}
