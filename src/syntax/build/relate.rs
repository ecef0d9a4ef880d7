//! Links, is-sentences and ratings.

use super::super::ast::{
    Also, ContentTerms, GradeTerm, IsA, IsWhat, Link, LinkEnd, RatedThing, Rating, Relation, RoleTerm,
    TimeExpr,
};
use super::super::grammar::Rule;
use super::claim::adjunct;
use super::term::{
    claim_id, field_pairs, marked, name_or_column, string, string_or_column, term, time, url, who, word,
    word_or_column,
};
use super::{At, Children, once};
use pest::iterators::Pair;

pub(super) fn link(pair: Pair<'_, Rule>, at: At) -> Option<Link> {
    let span = at.span(&pair);
    let mut children = Children::of(pair);
    let left = link_end(children.take(Rule::link_end)?, at)?;
    let relation = match children.take(Rule::relation)?.into_inner().next()?.as_rule() {
        Rule::CONTRADICTS => Relation::Contradicts,
        Rule::SUPPORTS => Relation::Supports,
        Rule::SAME => Relation::SameAs,
        Rule::RETRACTS => Relation::Retracts,
        Rule::CORRECTS => Relation::Corrects,
        _ => Relation::Cites,
    };
    Some(Link { span, left, relation, right: link_end(children.take(Rule::link_end)?, at)? })
}

pub(super) fn link_end(pair: Pair<'_, Rule>, at: At) -> Option<LinkEnd> {
    let mut children = Children::of(pair);
    let not = children.has(Rule::NOT);
    let inner = children.next()?;
    Some(match inner.as_rule() {
        Rule::string => {
            let mut terms = ContentTerms::default();
            let (mut period, mut condition) = (None, None);
            while let Some(child) = children.next() {
                match child.as_rule() {
                    Rule::fields => {
                        terms.fields = field_pairs(child, at)?;
                        continue;
                    }
                    Rule::for_time => once(&mut period, ())?,
                    Rule::condition => once(&mut condition, ())?,
                    _ => {}
                }
                terms.adjuncts.push(adjunct(child, at)?);
            }
            LinkEnd::Content { not, text: string(&inner, at), terms }
        }
        Rule::claim_id => LinkEnd::Claim(claim_id(&inner, at)),
        Rule::url => LinkEnd::Document(url(&inner, at)),
        Rule::WHAT => LinkEnd::What(at.span(&inner)),
        _ => LinkEnd::Term(term(inner, at)?),
    })
}

pub(super) fn isa(pair: Pair<'_, Rule>, at: At) -> Option<IsA> {
    let span = at.span(&pair);
    let mut children = Children::of(pair);
    let who = term(children.take(Rule::term)?, at)?;
    children.has(Rule::IS);
    let what = children.next()?;
    let what = match what.as_rule() {
        Rule::is_named => IsWhat::Named,
        Rule::is_kind => {
            let kind = what.into_inner().next()?;
            match kind.as_rule() {
                Rule::var => IsWhat::KindVar(marked(&kind, at)),
                _ => IsWhat::Kind(word(&kind, at)),
            }
        }
        Rule::is_in => {
            let (mut group, mut role, mut period) = (None, None, None);
            for child in what.into_inner() {
                match child.as_rule() {
                    Rule::term => group = Some(term(child, at)?),
                    Rule::bracketed | Rule::filled => role = Some(name_or_column(&child, at)),
                    Rule::time => period = Some(time(child, at)?),
                    _ => {}
                }
            }
            IsWhat::In { group: group?, role, time: period }
        }
        _ => is_role(what, at)?,
    };
    let mut also = Vec::new();
    if let Some(list) = children.take(Rule::also) {
        for one in list.into_inner().filter(|pair| pair.as_rule() == Rule::also_one) {
            let mut parts = Children::of(one);
            let is_id = parts.has(Rule::ID);
            let value = parts.next()?;
            let value =
                if value.as_rule() == Rule::url { url(&value, at) } else { string_or_column(&value, at) };
            also.push(if is_id { Also::Id(value) } else { Also::Alias(value) });
        }
    }
    Some(IsA { span, who, what, also })
}

fn is_role(pair: Pair<'_, Rule>, at: At) -> Option<IsWhat> {
    let (mut role, mut of, mut period) = (None, None, None);
    for child in pair.into_inner() {
        match child.as_rule() {
            Rule::bracketed | Rule::filled => role = Some(RoleTerm::Role(name_or_column(&child, at))),
            Rule::var => role = Some(RoleTerm::Var(marked(&child, at))),
            Rule::term => of = Some(term(child, at)?),
            Rule::time => period = Some(time(child, at)?),
            _ => {}
        }
    }
    Some(IsWhat::Role { role: role?, of, time: period })
}

pub(super) fn rating(pair: Pair<'_, Rule>, at: At) -> Option<Rating> {
    let span = at.span(&pair);
    let mut children = Children::of(pair);
    let assessor = term(children.take(Rule::term)?, at)?;
    children.has(Rule::RATES);
    let what = children.next()?;
    let what = match what.as_rule() {
        Rule::claim_id => RatedThing::Claim(claim_id(&what, at)),
        _ => RatedThing::Source(term(what, at)?),
    };
    children.has(Rule::AS);
    let grade = children.next()?;
    let grade = match grade.as_rule() {
        Rule::var => GradeTerm::Var(marked(&grade, at)),
        _ => GradeTerm::Grade(word_or_column(&grade, at)),
    };
    let about = match children.take(Rule::about) {
        Some(about) => Some(who(about.into_inner().last()?, at)?),
        None => None,
    };
    children.has(Rule::FOR);
    let period: Option<TimeExpr> = match children.take(Rule::time) {
        Some(period) => Some(time(period, at)?),
        None => None,
    };
    Some(Rating { span, assessor, what, grade, about, time: period })
}
