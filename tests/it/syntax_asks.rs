//! Random trees of questions: joined sentences, reasoning verbs, and the pipeline.

use crate::syntax_claims::{adjunct, claim, isa, link, link_end, rating};
use crate::syntax_words::{
    NOWHERE, any_name, claim_id, column, date, ident, number, one_of, term, text, time, var, who,
};
use dixit::syntax::ast::{
    Aggregate, AggregateKind, Arg, AsOf, Ask, AskBody, Call, Clock, Command, CommandVerb, CompareOp, Expr,
    FieldBase, FieldRef, Manner, Operand, Pattern, Shown, SortKey, Stage, StageKind, Term, Test, TestKind,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

pub(crate) fn ask() -> BoxedStrategy<Ask> {
    let clock = select(&[Clock::Published, Clock::Recorded][..]);
    let as_of = option::weighted(0.2, (clock, time()).prop_map(|(clock, time)| AsOf { clock, time }));
    let body = prop_oneof![
        4 => pattern().prop_map(AskBody::Pattern),
        1 => command().prop_map(AskBody::Command),
    ];
    let stages = prop_oneof![Just(Vec::new()), vec(stage(), 1..4)];
    (any::<bool>(), as_of, body, stages)
        .prop_map(|(explain, as_of, body, stages)| Ask { explain, as_of, body, stages })
        .boxed()
}

pub(crate) fn pattern() -> BoxedStrategy<Pattern> {
    let arg = prop_oneof![
        term().prop_map(Arg::Term),
        text().prop_map(Arg::Text),
        claim_id().prop_map(Arg::Claim),
        date().prop_map(Arg::Date),
        number().prop_map(Arg::Number),
    ];
    let call = (ident(), vec(arg, 1..3)).prop_map(|(name, args)| Call { name, args, span: NOWHERE });
    let one = prop_oneof![
        4 => claim(1).prop_map(Pattern::Claim),
        1 => link().prop_map(Pattern::Link),
        1 => isa().prop_map(Pattern::IsA),
        1 => rating().prop_map(Pattern::Rating),
        1 => call.prop_map(Pattern::Call),
    ];
    one.prop_recursive(3, 8, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 2..4).prop_map(Pattern::And),
            vec(inner.clone(), 2..4).prop_map(Pattern::Or),
            inner.prop_map(|inner| Pattern::Not(Box::new(inner), NOWHERE)),
        ]
    })
    .boxed()
}

fn manner() -> BoxedStrategy<Box<Manner>> {
    (any::<bool>(), any::<bool>(), option::of(one_of(&["said", "published", "period"])))
        .prop_map(|(by_organization, with_support, by_clock)| {
            Box::new(Manner { by_organization, with_support, by_clock, ..Manner::default() })
        })
        .boxed()
}

fn command() -> BoxedStrategy<Command> {
    let on_thing = select(&[CommandVerb::Trace, CommandVerb::Corroborate, CommandVerb::Weakest][..]);
    let on_claims = select(
        &[
            CommandVerb::Conflicts,
            CommandVerb::Circular,
            CommandVerb::Timeline,
            CommandVerb::Figures,
            CommandVerb::Silence,
        ][..],
    );
    let plain = |verb| Command {
        span: NOWHERE,
        verb,
        target: None,
        of: None,
        adjuncts: Vec::new(),
        manner: Box::default(),
    };
    let sides = || option::of((term(), term()));
    prop_oneof![
        (on_thing, link_end(), manner()).prop_map(move |(verb, end, manner)| Command {
            target: Some(end),
            manner,
            ..plain(verb)
        }),
        link_end().prop_map(move |end| Command { target: Some(end), ..plain(CommandVerb::Impact) }),
        who().prop_map(move |of| Command { of: Some(of), ..plain(CommandVerb::Reliance) }),
        ((time(), time()), option::of(who()), vec(adjunct(), 0..3), manner()).prop_map(
            move |(period, of, adjuncts, manner)| Command {
                of,
                adjuncts,
                manner: Box::new(Manner { period: Some(period), ..*manner }),
                ..plain(CommandVerb::Changes)
            }
        ),
        (on_claims, sides(), option::of(who()), vec(adjunct(), 0..3), manner()).prop_map(
            move |(verb, sides, of, adjuncts, manner)| Command {
                of,
                adjuncts,
                manner: Box::new(Manner { sides, ..*manner }),
                ..plain(verb)
            }
        ),
    ]
    .boxed()
}

fn field() -> BoxedStrategy<FieldRef> {
    let base = prop_oneof![
        var().prop_map(|word| FieldBase::Var(word.text)),
        column().prop_map(|word| FieldBase::Column(word.text)),
    ];
    let inner = option::weighted(0.3, one_of(&["date", "hedged", "hops", "About_2", "ціна"]));
    (base, inner).prop_map(|(base, field)| FieldRef { base, field, span: NOWHERE }).boxed()
}

fn stage() -> BoxedStrategy<Stage> {
    let name = || option::of(one_of(&["n", "earliest", "Total", "by"]));
    let plain = select(
        &[AggregateKind::CountDistinct, AggregateKind::Min, AggregateKind::Max, AggregateKind::List][..],
    );
    let aggregate = prop_oneof![
        name().prop_map(|name| Aggregate { kind: AggregateKind::Count, field: None, name, span: NOWHERE }),
        (plain, field(), name()).prop_map(|(kind, field, name)| Aggregate {
            kind,
            field: Some(field),
            name,
            span: NOWHERE
        }),
    ];
    let amount = || one_of(&["0", "3", "250", "$n"]);
    let kind = prop_oneof![
        expr().prop_map(StageKind::Where),
        vec((field(), name()).prop_map(|(field, name)| Shown { field, name }), 1..4)
            .prop_map(StageKind::Show),
        (option::of(field()), vec(field(), 0..3))
            .prop_map(|(distinct, by)| StageKind::Count { distinct, by }),
        (vec(aggregate, 1..3), vec(field(), 0..3))
            .prop_map(|(aggregates, by)| StageKind::Summarize { aggregates, by }),
        vec((field(), any::<bool>()).prop_map(|(field, descending)| SortKey { field, descending }), 1..3)
            .prop_map(StageKind::Sort),
        amount().prop_map(StageKind::Take),
        amount().prop_map(StageKind::Skip),
        (
            select(&CommandVerb::ALL[..]),
            option::of((time(), time())),
            option::of(field()),
            option::of((term(), term())),
            manner()
        )
            .prop_map(|(verb, period, target, sides, manner)| StageKind::Reason {
                verb,
                target,
                manner: Box::new(Manner { period, sides, ..*manner })
            }),
    ];
    kind.prop_map(|kind| Stage { span: NOWHERE, kind }).boxed()
}

fn expr() -> BoxedStrategy<Expr> {
    let operand = || {
        prop_oneof![
            date().prop_map(Operand::Date),
            number().prop_map(Operand::Number),
            text().prop_map(Operand::Text),
            any_name().prop_map(|name| Operand::Term(Term::Name(name))),
            var().prop_map(|word| Operand::Term(Term::Param(word))),
            claim_id().prop_map(Operand::Claim),
            field().prop_map(Operand::Field),
        ]
    };
    let op = select(
        &[
            CompareOp::Equal,
            CompareOp::NotEqual,
            CompareOp::Less,
            CompareOp::AtMost,
            CompareOp::More,
            CompareOp::AtLeast,
            CompareOp::Has,
            CompareOp::Contains,
            CompareOp::Starts,
            CompareOp::Matches,
        ][..],
    );
    let kind = prop_oneof![
        any::<bool>().prop_map(TestKind::Known),
        vec(operand(), 1..3).prop_map(TestKind::In),
        (op, operand()).prop_map(|(op, operand)| TestKind::Compare(op, operand)),
    ];
    let test = (field(), kind).prop_map(|(field, kind)| Expr::Test(Test { field, kind, span: NOWHERE }));
    test.prop_recursive(2, 6, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 2..4).prop_map(Expr::And),
            vec(inner.clone(), 2..4).prop_map(Expr::Or),
            inner.prop_map(|inner| Expr::Not(Box::new(inner))),
        ]
    })
    .boxed()
}
