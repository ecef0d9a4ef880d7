//! Questions: joined sentences, reasoning verbs, and the pipeline.

use super::super::ast::{
    Aggregate, AggregateKind, Arg, AsOf, Ask, AskBody, Call, Clock, Command, CommandVerb, CompareOp, Expr,
    FieldBase, FieldRef, Manner, Operand, Pattern, Shown, SortKey, Stage, StageKind, Term, Test, TestKind,
};
use super::super::grammar::Rule;
use super::claim::{adjunct, claim};
use super::relate::{isa, link, link_end, rating};
use super::term::{claim_id, marked, name, string, term, time, who, word};
use super::{At, Children, MAX_DEPTH, joined};
use pest::iterators::Pair;

pub(super) fn ask(pair: Pair<'_, Rule>, at: At) -> Option<Ask> {
    let mut children = Children::of(pair);
    let explain = children.has(Rule::EXPLAIN);
    let as_of = match children.take(Rule::as_of) {
        None => None,
        Some(pair) => {
            let recorded = pair.clone().into_inner().any(|pair| pair.as_rule() == Rule::recorded_on);
            let clock = if recorded { Clock::Recorded } else { Clock::Published };
            Some(AsOf { clock, time: time(pair.into_inner().last()?, at)? })
        }
    };
    let body = children.next()?;
    let body = match body.as_rule() {
        Rule::command => AskBody::Command(command(body, at)?),
        _ => AskBody::Pattern(pattern(body, at)?),
    };
    let mut stages = Vec::new();
    while let Some(pair) = children.take(Rule::stage) {
        stages.push(stage(pair, at)?);
    }
    Some(Ask { explain, as_of, body, stages })
}

fn command(pair: Pair<'_, Rule>, at: At) -> Option<Command> {
    let span = at.span(&pair);
    let mut children = Children::of(pair.into_inner().next()?);
    let verb = command_verb(children.next()?.as_rule())?;
    let mut command =
        Command { span, verb, target: None, of: None, adjuncts: Vec::new(), manner: Box::default() };
    while let Some(child) = children.next() {
        match child.as_rule() {
            Rule::link_end => command.target = Some(link_end(child, at)?),
            Rule::who => command.of = Some(who(child, at)?),
            Rule::of_whom => command.of = Some(who(child.into_inner().last()?, at)?),
            Rule::OF | Rule::RETRACTING => {}
            _ if is_manner(child.as_rule()) => manner(child, at, &mut command.manner)?,
            _ => command.adjuncts.push(adjunct(child, at)?),
        }
    }
    Some(command)
}

fn command_verb(rule: Rule) -> Option<CommandVerb> {
    Some(match rule {
        Rule::TRACE => CommandVerb::Trace,
        Rule::CORROBORATE => CommandVerb::Corroborate,
        Rule::WEAKEST => CommandVerb::Weakest,
        Rule::CONFLICTS => CommandVerb::Conflicts,
        Rule::CIRCULAR => CommandVerb::Circular,
        Rule::TIMELINE => CommandVerb::Timeline,
        Rule::FIGURES => CommandVerb::Figures,
        Rule::SILENCE => CommandVerb::Silence,
        Rule::IMPACT => CommandVerb::Impact,
        Rule::RELIANCE => CommandVerb::Reliance,
        Rule::CHANGES => CommandVerb::Changes,
        _ => return None,
    })
}

fn is_manner(rule: Rule) -> bool {
    matches!(rule, Rule::sides | Rule::period | Rule::by_organization | Rule::by_clock | Rule::with_support)
}

fn manner(pair: Pair<'_, Rule>, at: At, manner: &mut Manner) -> Option<()> {
    match pair.as_rule() {
        Rule::by_organization => manner.by_organization = true,
        Rule::with_support => manner.with_support = true,
        Rule::by_clock => manner.by_clock = Some(word(&pair.into_inner().last()?, at)),
        Rule::sides => {
            let mut sides = pair.into_inner().filter(|pair| pair.as_rule() == Rule::term);
            manner.sides = Some((term(sides.next()?, at)?, term(sides.next()?, at)?));
        }
        _ => {
            let mut times = pair.into_inner().filter(|pair| pair.as_rule() == Rule::time);
            manner.period = Some((time(times.next()?, at)?, time(times.next()?, at)?));
        }
    }
    Some(())
}

pub(super) fn pattern(pair: Pair<'_, Rule>, at: At) -> Option<Pattern> {
    joined_pattern(pair, at, 0)
}

fn joined_pattern(pair: Pair<'_, Rule>, at: At, depth: usize) -> Option<Pattern> {
    if depth > MAX_DEPTH {
        return None;
    }
    let mut parts = Vec::new();
    let mut or = false;
    for child in pair.into_inner() {
        let unit = match child.as_rule() {
            Rule::and_more => child.into_inner().last()?,
            Rule::or_more => {
                or = true;
                child.into_inner().last()?
            }
            _ => child,
        };
        parts.push(unit_pattern(unit, at, depth)?);
    }
    joined(parts, or)
}

fn unit_pattern(pair: Pair<'_, Rule>, at: At, depth: usize) -> Option<Pattern> {
    let span = at.span(&pair);
    Some(match pair.as_rule() {
        Rule::not_group => {
            let inner = pair.into_inner().last()?;
            Pattern::Not(Box::new(joined_pattern(inner, at, depth + 1)?), span)
        }
        Rule::group => joined_pattern(pair.into_inner().next()?, at, depth + 1)?,
        Rule::call => call(pair, at)?,
        Rule::rating => Pattern::Rating(rating(pair, at)?),
        Rule::link => Pattern::Link(link(pair, at)?),
        Rule::isa => Pattern::IsA(isa(pair, at)?),
        Rule::claim => Pattern::Claim(claim(pair, at, 0)?),
        _ => return None,
    })
}

fn call(pair: Pair<'_, Rule>, at: At) -> Option<Pattern> {
    let span = at.span(&pair);
    let mut children = Children::of(pair);
    let name = word(&children.next()?, at);
    let mut args = Vec::new();
    while let Some(arg) = children.next() {
        let inner = arg.into_inner().next()?;
        args.push(match inner.as_rule() {
            Rule::string => Arg::Text(string(&inner, at)),
            Rule::claim_id => Arg::Claim(claim_id(&inner, at)),
            Rule::date => Arg::Date(word(&inner, at)),
            Rule::number => Arg::Number(word(&inner, at)),
            _ => Arg::Term(term(inner, at)?),
        });
    }
    Some(Pattern::Call(Call { name, args, span }))
}

fn stage(pair: Pair<'_, Rule>, at: At) -> Option<Stage> {
    let inner = pair.into_inner().next()?;
    let span = at.span(&inner);
    let kind = match inner.as_rule() {
        Rule::where_ => StageKind::Where(expr(inner.into_inner().last()?, at, 0)?),
        Rule::show => {
            let shown = inner.into_inner().filter(|pair| pair.as_rule() == Rule::shown);
            StageKind::Show(shown.map(|pair| shown_column(pair, at)).collect::<Option<_>>()?)
        }
        Rule::count => {
            let (mut distinct, mut by) = (None, Vec::new());
            for child in inner.into_inner() {
                match child.as_rule() {
                    Rule::distinct => distinct = Some(field(child.into_inner().last()?, at)?),
                    Rule::grouped => by = grouped(child, at)?,
                    _ => {}
                }
            }
            StageKind::Count { distinct, by }
        }
        Rule::summarize => {
            let (mut aggregates, mut by) = (Vec::new(), Vec::new());
            for child in inner.into_inner() {
                match child.as_rule() {
                    Rule::aggregate => aggregates.push(aggregate(child, at)?),
                    Rule::grouped => by = grouped(child, at)?,
                    _ => {}
                }
            }
            StageKind::Summarize { aggregates, by }
        }
        Rule::sort => {
            let keys = inner.into_inner().filter(|pair| pair.as_rule() == Rule::key);
            StageKind::Sort(keys.map(|pair| sort_key(pair, at)).collect::<Option<_>>()?)
        }
        Rule::take => StageKind::Take(amount(inner, at)?),
        Rule::skip => StageKind::Skip(amount(inner, at)?),
        Rule::reason => {
            let mut children = Children::of(inner);
            let verb = command_verb(children.next()?.as_rule())?;
            let (mut target, mut reckoned) = (None, Box::<Manner>::default());
            while let Some(child) = children.next() {
                match child.as_rule() {
                    Rule::field => target = Some(field(child, at)?),
                    _ => manner(child, at, &mut reckoned)?,
                }
            }
            StageKind::Reason { verb, target, manner: reckoned }
        }
        _ => return None,
    };
    Some(Stage { span, kind })
}

/// A number as written, or a parameter with its `$`.
fn amount(pair: Pair<'_, Rule>, at: At) -> Option<super::super::ast::Word> {
    Some(word(&pair.into_inner().last()?, at))
}

fn grouped(pair: Pair<'_, Rule>, at: At) -> Option<Vec<FieldRef>> {
    pair.into_inner().filter(|pair| pair.as_rule() == Rule::field).map(|pair| field(pair, at)).collect()
}

fn shown_column(pair: Pair<'_, Rule>, at: At) -> Option<Shown> {
    let mut children = Children::of(pair);
    let field = field(children.take(Rule::field)?, at)?;
    children.has(Rule::AS);
    Some(Shown { field, name: children.take(Rule::column).map(|pair| word(&pair, at)) })
}

fn aggregate(pair: Pair<'_, Rule>, at: At) -> Option<Aggregate> {
    let span = at.span(&pair);
    let mut aggregate = Aggregate { kind: AggregateKind::Count, field: None, name: None, span };
    for child in pair.into_inner() {
        match child.as_rule() {
            Rule::MIN => aggregate.kind = AggregateKind::Min,
            Rule::MAX => aggregate.kind = AggregateKind::Max,
            Rule::LIST => aggregate.kind = AggregateKind::List,
            Rule::distinct => {
                aggregate.kind = AggregateKind::CountDistinct;
                aggregate.field = Some(field(child.into_inner().last()?, at)?);
            }
            Rule::field => aggregate.field = Some(field(child, at)?),
            Rule::column => aggregate.name = Some(word(&child, at)),
            _ => {}
        }
    }
    Some(aggregate)
}

fn sort_key(pair: Pair<'_, Rule>, at: At) -> Option<SortKey> {
    let mut children = Children::of(pair);
    let field = field(children.take(Rule::field)?, at)?;
    Some(SortKey { field, descending: children.has(Rule::DESC) })
}

fn field(pair: Pair<'_, Rule>, at: At) -> Option<FieldRef> {
    let span = at.span(&pair);
    let mut children = Children::of(pair);
    let base = children.next()?;
    let base = match base.as_rule() {
        Rule::var => FieldBase::Var(marked(&base, at).text),
        _ => FieldBase::Column(base.as_str().into()),
    };
    Some(FieldRef { base, field: children.next().map(|pair| word(&pair, at)), span })
}

fn expr(pair: Pair<'_, Rule>, at: At, depth: usize) -> Option<Expr> {
    if depth > MAX_DEPTH {
        return None;
    }
    let mut parts = Vec::new();
    let mut or = false;
    for child in pair.into_inner() {
        let unit = match child.as_rule() {
            Rule::and_test => child.into_inner().last()?,
            Rule::or_test => {
                or = true;
                child.into_inner().last()?
            }
            _ => child,
        };
        parts.push(match unit.as_rule() {
            Rule::not_expr => Expr::Not(Box::new(expr(unit.into_inner().last()?, at, depth + 1)?)),
            Rule::group_expr => expr(unit.into_inner().next()?, at, depth + 1)?,
            _ => Expr::Test(test(unit, at)?),
        });
    }
    match parts.len() {
        0 => None,
        1 => parts.pop(),
        _ if or => Some(Expr::Or(parts)),
        _ => Some(Expr::And(parts)),
    }
}

fn test(pair: Pair<'_, Rule>, at: At) -> Option<Test> {
    let span = at.span(&pair);
    let mut children = Children::of(pair);
    let field = field(children.take(Rule::field)?, at)?;
    let rest = children.next()?;
    let kind = match rest.as_rule() {
        Rule::is_known => TestKind::Known(rest.into_inner().last()?.as_rule() == Rule::KNOWN),
        Rule::in_list => {
            let list = rest.into_inner().filter(|pair| pair.as_rule() == Rule::operand);
            TestKind::In(list.map(|pair| operand(pair, at)).collect::<Option<_>>()?)
        }
        _ => {
            let mut parts = Children::of(rest);
            let op = compare_op(parts.take(Rule::compare_op)?.as_str().trim_end());
            TestKind::Compare(op, operand(parts.take(Rule::operand)?, at)?)
        }
    };
    Some(Test { field, kind, span })
}

fn compare_op(text: &str) -> CompareOp {
    match text {
        "=" => CompareOp::Equal,
        "!=" => CompareOp::NotEqual,
        "<" => CompareOp::Less,
        "<=" => CompareOp::AtMost,
        ">" => CompareOp::More,
        ">=" => CompareOp::AtLeast,
        "has" => CompareOp::Has,
        "contains" => CompareOp::Contains,
        "starts" => CompareOp::Starts,
        _ => CompareOp::Matches,
    }
}

fn operand(pair: Pair<'_, Rule>, at: At) -> Option<Operand> {
    let inner = pair.into_inner().next()?;
    Some(match inner.as_rule() {
        Rule::date => Operand::Date(word(&inner, at)),
        Rule::number => Operand::Number(word(&inner, at)),
        Rule::string => Operand::Text(string(&inner, at)),
        Rule::claim_id => Operand::Claim(claim_id(&inner, at)),
        Rule::field => Operand::Field(field(inner, at)?),
        Rule::param => Operand::Term(Term::Param(marked(&inner, at))),
        _ => Operand::Term(Term::Name(name(&inner, at))),
    })
}
