//! Random trees of statements: claims with everything that can follow them, links, is-sentences, ratings, documents, definitions.

use crate::syntax_asks::{ask, pattern};
use crate::syntax_words::{
    NOWHERE, address, any_name, bracketed, claim_id, date, ident, number, one_of, point, term, text, time,
    var, verb, who, written,
};
use dixit::syntax::ast::{
    Adjunct, Also, Cited, Claim, Condition, ConditionValue, Content, ContentTerms, ContentValue, DefineRule,
    DefineVerb, DocumentHead, Fact, FieldPair, FieldValue, GradeTerm, HopDetails, IsA, IsWhat, Label, Link,
    LinkEnd, Listener, Measure, MeasureOp, MeasureTest, Name, RatedThing, Rating, Relation, RoleTerm,
    Sentence, SentenceKind, SourceRef, Term, TimeExpr, TimeOp, TimeValue, Via, ViaPosition, Void, Voided,
    Who, Word,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

/// Any sentence there is.
pub(crate) fn sentence() -> BoxedStrategy<Sentence> {
    let kind = prop_oneof![
        8 => fact().prop_map(SentenceKind::Fact),
        8 => ask().prop_map(SentenceKind::Ask),
        1 => one_of(&["1", "99"]).prop_map(SentenceKind::Language),
        1 => (verb(), verb(), any::<bool>())
            .prop_map(|(verb, parent, negative)| SentenceKind::DefineVerb(DefineVerb { verb, parent, negative })),
        1 => (ident(), vec(var(), 1..3), pattern())
            .prop_map(|(name, params, body)| SentenceKind::DefineRule(DefineRule { name, params, body })),
        1 => document().prop_map(SentenceKind::Document),
        1 => Just(SentenceKind::EndDocument),
    ];
    kind.prop_map(|kind| Sentence { span: NOWHERE, kind, columns: Vec::new() }).boxed()
}

fn fact() -> BoxedStrategy<Fact> {
    prop_oneof![
        8 => claim(2).prop_map(Fact::Claim),
        2 => link().prop_map(Fact::Link),
        2 => isa().prop_map(Fact::IsA),
        1 => rating().prop_map(Fact::Rating),
        1 => (claim_id(), text()).prop_map(|(id, reason)| Fact::Void(Void { what: Voided::Claim(id), reason })),
        1 => (link(), text()).prop_map(|(link, reason)| Fact::Void(Void { what: Voided::Link(link), reason })),
    ]
.boxed()
}

/// A claim with at most so many others inside it.
pub(crate) fn claim(depth: u32) -> BoxedStrategy<Claim> {
    let label =
        option::weighted(0.3, prop_oneof![claim_id().prop_map(Label::Id), var().prop_map(Label::Var)]);
    let speakers = who().prop_filter("`whom` does not speak", |who| {
        who.quantifier.is_some() || !matches!(who.terms[0], Term::Whom(_))
    });
    (label, speakers, any::<bool>(), verb(), body(depth), vec(adjunct(), 0..4), fields())
        .prop_map(|(label, who, exactly, verb, (listener, content), adjuncts, fields)| Claim {
            span: NOWHERE,
            label,
            who,
            exactly,
            verb,
            listener,
            content,
            adjuncts,
            fields,
        })
        .boxed()
}

fn body(depth: u32) -> BoxedStrategy<(Option<Listener>, Option<Content>)> {
    let listener = |to: bool| who().prop_map(move |who| Some(Listener { to, who }));
    let alone = prop_oneof![any_name().prop_map(Term::Name), Just(Term::Whom(NOWHERE))].prop_map(|term| {
        Some(Listener { to: false, who: Who { quantifier: None, terms: vec![term], span: NOWHERE } })
    });
    prop_oneof![
        1 => Just((None, None)),
        4 => content(depth).prop_map(|content| (None, Some(content))),
        1 => (listener(false), content(depth)).prop_map(|(listener, content)| (listener, Some(content))),
        1 => (listener(true), option::of(content(depth))),
        1 => (alone, Just(None)),
    ]
    .boxed()
}

fn content(depth: u32) -> BoxedStrategy<Content> {
    let plain = prop_oneof![
        6 => text().prop_map(ContentValue::Text),
        1 => var().prop_map(ContentValue::Var),
        1 => var().prop_map(ContentValue::Param),
        1 => Just(ContentValue::What(NOWHERE)),
        1 => Just(ContentValue::Anything(NOWHERE)),
        1 => claim_id().prop_map(ContentValue::Claim),
    ];
    let value = match depth.checked_sub(1) {
        Some(depth) => prop_oneof![
            4 => plain,
            1 => claim(depth).prop_map(|claim| ContentValue::Speech(Box::new(claim))),
        ]
        .boxed(),
        None => plain.boxed(),
    };
    (hedge(), any::<bool>(), value, any::<bool>())
        .prop_map(|(hedge, not, value, verbatim)| Content { span: NOWHERE, hedge, not, value, verbatim })
        .boxed()
}

fn hedge() -> BoxedStrategy<Option<Word>> {
    option::weighted(0.3, one_of(&["allegedly", "reportedly", "possibly", "probably"])).boxed()
}

pub(crate) fn adjunct() -> BoxedStrategy<Adjunct> {
    let ops = select(&[TimeOp::On, TimeOp::In, TimeOp::Before, TimeOp::After][..]);
    let between = (point(), point(), written()).prop_map(|(a, b, (written, anchor))| Adjunct::Said {
        op: TimeOp::Between,
        time: TimeExpr { span: NOWHERE, value: TimeValue::Range(Some(a), Some(b)), written, anchor },
        span: NOWHERE,
    });
    let source = prop_oneof![
        address().prop_map(SourceRef::Url),
        text().prop_map(SourceRef::Named),
        var().prop_map(SourceRef::Var),
        var().prop_map(SourceRef::Param),
    ];
    prop_oneof![
        2 => who().prop_map(Adjunct::About),
        2 => (ops, time()).prop_map(|(op, time)| Adjunct::Said { op, time, span: NOWHERE }),
        1 => between,
        1 => Just(Adjunct::When(NOWHERE)),
        1 => time().prop_map(Adjunct::For),
        2 => via().prop_map(Adjunct::Via),
        1 => source.prop_map(Adjunct::Source),
        1 => condition(),
        2 => measure().prop_map(Adjunct::With),
    ]
    .boxed()
}

fn condition() -> BoxedStrategy<Adjunct> {
    let held = prop_oneof![
        text().prop_map(ConditionValue::Text),
        var().prop_map(ConditionValue::Var),
        var().prop_map(ConditionValue::Param),
        Just(ConditionValue::Anything(NOWHERE)),
    ];
    (any::<bool>(), held)
        .prop_map(|(not, value)| Adjunct::If(Condition { not, value, span: NOWHERE }))
        .boxed()
}

fn via() -> BoxedStrategy<Via> {
    let position = select(
        &[ViaPosition::Any, ViaPosition::Any, ViaPosition::First, ViaPosition::Last, ViaPosition::Directly][..],
    );
    let details = (hedge(), any::<bool>(), any::<bool>(), option::of(time()), option::of(verb()))
        .prop_map(|(hedge, inferred, marked, time, verb)| HopDetails { hedge, inferred, marked, time, verb });
    let whole = (who(), prop_oneof![Just(HopDetails::default()), details]);
    (position, option::weighted(0.8, whole))
        .prop_map(|(position, whole)| {
            let (who, details) =
                whole.map_or((None, HopDetails::default()), |(who, details)| (Some(who), details));
            Via { position, who, details, span: NOWHERE }
        })
        .boxed()
}

fn measure() -> BoxedStrategy<Measure> {
    let plain =
        ident().prop_map(|word| Name { text: word.text, qualifier: None, bracketed: false, span: NOWHERE });
    let op = || {
        select(
            &[
                MeasureOp::Equal,
                MeasureOp::Less,
                MeasureOp::AtMost,
                MeasureOp::More,
                MeasureOp::AtLeast,
                MeasureOp::About,
            ][..],
        )
    };
    let entity =
        term().prop_filter("a parameter is read as a number", |term| !matches!(term, Term::Param(_)));
    let test = prop_oneof![
        3 => (op(), number()).prop_map(|(op, number)| MeasureTest::Number(op, number)),
        1 => (number(), number()).prop_map(|(low, high)| MeasureTest::Between(low, high)),
        1 => entity.prop_map(MeasureTest::Entity),
        1 => text().prop_map(MeasureTest::Text),
        1 => var().prop_map(MeasureTest::Var),
        1 => (op(), var()).prop_map(|(op, param)| MeasureTest::Param(op, param)),
    ];
    let unit = one_of(&[
        "%",
        "people",
        "million people",
        "man-hours",
        "of",
        "US dollars",
        "Kč",
        "км",
        "about",
        "because",
    ]);
    (prop_oneof![plain, bracketed()], test, option::of(unit))
        .prop_map(|(what, test, unit)| Measure { what, test, unit, span: NOWHERE })
        .boxed()
}

fn fields() -> BoxedStrategy<Vec<FieldPair>> {
    let key = prop_oneof![
        3 => one_of(&["mode", "modality", "x_1", "Ціна", "json", "who"]),
        1 => text(),
        1 => one_of(&["on platform", "की", "Ⅷ", "1st", "a-b"]),
    ];
    let value = prop_oneof![
        date().prop_map(FieldValue::Date),
        number().prop_map(FieldValue::Number),
        text().prop_map(FieldValue::Text),
        one_of(&["[1, 2]", "{\"a\": \"b\\n\"}", "null"]).prop_map(FieldValue::Json),
        one_of(&["mixed", "yes", "json", "prospective"]).prop_map(FieldValue::Ident),
        any_name().prop_map(FieldValue::Name),
        var().prop_map(FieldValue::Var),
        var().prop_map(FieldValue::Param),
    ];
    let pair = (key, value).prop_map(|(key, value)| FieldPair { key, value });
    prop_oneof![3 => Just(Vec::new()), 1 => vec(pair, 1..4)].boxed()
}

pub(crate) fn link() -> BoxedStrategy<Link> {
    let relation = select(
        &[
            Relation::Contradicts,
            Relation::Supports,
            Relation::SameAs,
            Relation::Retracts,
            Relation::Corrects,
            Relation::Cites,
        ][..],
    );
    (link_end(), relation, link_end())
        .prop_map(|(left, relation, right)| Link { span: NOWHERE, left, relation, right })
        .boxed()
}

pub(crate) fn link_end() -> BoxedStrategy<LinkEnd> {
    prop_oneof![
        (any::<bool>(), text(), content_terms()).prop_map(|(not, text, terms)| LinkEnd::Content {
            not,
            text,
            terms
        }),
        claim_id().prop_map(LinkEnd::Claim),
        address().prop_map(LinkEnd::Document),
        term().prop_map(LinkEnd::Term),
        Just(LinkEnd::What(NOWHERE)),
    ]
    .boxed()
}

/// What may stand behind a text at the end of a link: a time and a condition at most, wherever they stand.
fn content_terms() -> BoxedStrategy<ContentTerms> {
    let once = (option::of(time()), option::of(condition()));
    let some = (once, vec(measure(), 0..3), fields(), any::<bool>());
    let some = some.prop_map(|((time, condition), measures, fields, figures_first)| {
        let once: Vec<Adjunct> = time.map(Adjunct::For).into_iter().chain(condition).collect();
        let figures: Vec<Adjunct> = measures.into_iter().map(Adjunct::With).collect();
        let adjuncts = if figures_first { [figures, once] } else { [once, figures] }.concat();
        ContentTerms { adjuncts, fields }
    });
    prop_oneof![Just(ContentTerms::default()), some].boxed()
}

pub(crate) fn isa() -> BoxedStrategy<IsA> {
    let role = prop_oneof![
        3 => (bracketed(), option::of(term())).prop_map(|(role, of)| (RoleTerm::Role(role), of)),
        1 => (var(), term()).prop_map(|(role, of)| (RoleTerm::Var(role), Some(of))),
    ];
    let what =
        prop_oneof![
            ident().prop_map(IsWhat::Kind),
            var().prop_map(IsWhat::KindVar),
            (term(), option::of(bracketed()), option::of(time()))
                .prop_map(|(group, role, time)| IsWhat::In { group, role, time }),
            (role, option::of(time())).prop_map(|((role, of), time)| IsWhat::Role { role, of, time }),
            Just(IsWhat::Named),
        ];
    let one = prop_oneof![text().prop_map(Also::Alias), text().prop_map(Also::Id)];
    (term(), what, vec(one, 0..3))
        .prop_map(|(who, what, mut also)| {
            if what == IsWhat::Named && also.is_empty() {
                also.push(Also::Alias(Word { text: "Путин".into(), span: NOWHERE }));
            }
            IsA { span: NOWHERE, who, what, also }
        })
        .boxed()
}

pub(crate) fn rating() -> BoxedStrategy<Rating> {
    let what = prop_oneof![term().prop_map(RatedThing::Source), claim_id().prop_map(RatedThing::Claim)];
    let grade =
        prop_oneof![one_of(&["A", "F", "1", "6"]).prop_map(GradeTerm::Grade), var().prop_map(GradeTerm::Var)];
    (term(), what, grade, option::of(who()), option::of(time()))
        .prop_map(|(assessor, what, grade, about, time)| Rating {
            span: NOWHERE,
            assessor,
            what,
            grade,
            about,
            time,
        })
        .boxed()
}

fn document() -> BoxedStrategy<DocumentHead> {
    let key = prop_oneof![address().prop_map(|key| (key, true)), text().prop_map(|key| (key, false))];
    let cited = prop_oneof![term().prop_map(Cited::Source), address().prop_map(Cited::Document)];
    (key, option::of(term()), option::of(time()), vec(cited, 0..3), option::of(text()), fields())
        .prop_map(|((key, is_url), outlet, published, citing, title, fields)| DocumentHead {
            key,
            is_url,
            outlet,
            published,
            citing,
            title,
            fields,
        })
        .boxed()
}
