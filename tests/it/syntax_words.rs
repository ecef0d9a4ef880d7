//! Random words for random sentences, chosen to confuse: names that begin like keywords, verbs that end in one, every script, texts that
//! hold every mark of the language. Nothing here is parsed.

use dixit::diag::Span;
use dixit::syntax::ast::{Name, Quantifier, Term, TimeExpr, TimeValue, Who, Word};
use dixit::syntax::name;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

/// Where everything stands that is made rather than written.
pub(crate) const NOWHERE: Span = Span::new(0, 0);

const NAMES: &[(&str, Option<&str>)] = &[
    ("Notley", None),
    ("Viaduct", None),
    ("Max", None),
    ("Count", None),
    ("WHO", None),
    ("Who", None),
    ("What Car", None),
    ("Who's Next", None),
    ("Not", None),
    ("All", None),
    ("Anyone", None),
    ("Timeline", None),
    ("Asof", None),
    ("As", None),
    ("Define", None),
    ("Explain Nothing", None),
    ("Language", None),
    ("A Jones", None),
    ("Vladimir Putin", None),
    ("Jean-Luc O'Neil", None),
    ("Bank of America", None),
    ("J. D. Vance", None),
    ("a White House official", Some("w1")),
    ("Russian military commanders", None),
    ("Georgia", Some("country")),
    ("Georgia", Some("")),
    ("who said what", None),
    ("via X (noted)", None),
    ("\"quoted\" -- name", None),
    ("президент", None),
    ("Саша", None),
    ("Ορσαλία Θαλάσση", None),
    ("习近平", None),
    ("საქართველო", None),
    ("محمد بن سلمان", None),
    ("नरेन्द्र मोदी", None),
    ("की", None),
    ("Ⅷ Corps", None),
    ("AⒶ", None),
    ("28-point draft", None),
    ("McKinsey & Co", None),
];

const VERBS: &[&str] = &[
    "said",
    "told",
    "noted",
    "denied",
    "declined-to-discuss",
    "onward",
    "viable",
    "asof",
    "inform",
    "aboutface",
    "isolated",
    "whoever",
    "notes",
    "andante",
    "count",
    "show",
    "explain",
    "json",
    "сказав",
    "είπε",
    "said_2",
    "d'accord",
];

const IDENTS: &[&str] =
    &["person", "outlet", "topic", "people", "deaths", "count", "relays", "takes-from", "ціна", "x_1"];

const COLUMNS: &[&str] =
    &["who", "what", "when", "via", "source", "n", "count", "hedge", "claim", "min", "known"];

const TEXTS: &[&str] = &[
    "x",
    "",
    " ",
    "Russian troops captured Pokrovsk",
    "a. b? c; d",
    "\"",
    "\"\"\"",
    "he said \"no\"",
    "“curly” «angle» „low“",
    "back\\slash\\",
    "\\n is not a newline",
    "two\nlines",
    "two\nlines with \"\"\" inside",
    "ends\nin a quote\"",
    "carriage\rreturn",
    "both\r\nof them",
    "tab\there",
    "-- no comment",
    "who said what | show who;",
    "[a] {b} (c) <d> $e ?f #g",
    "via about and or not",
    "習近平说",
    "\u{202e}right to left",
    "\0",
];

const CHARACTERS: &[char] = &[
    'a', 'Z', '0', ' ', '\n', '\r', '\t', '"', '\\', '“', '”', '«', '»', '„', '\'', '.', '?', ';', '-', '[',
    ']', '(', ')', '{', '}', '|', '<', '>', 'é', 'ї', '平', '\u{301}', '\u{a0}', '\u{2003}', '\u{feff}',
];

/// A word of a list.
pub(crate) fn one_of(texts: &'static [&'static str]) -> BoxedStrategy<Word> {
    select(texts).prop_map(|text| Word { text: text.into(), span: NOWHERE }).boxed()
}

/// A text, as it is quoted.
pub(crate) fn text() -> BoxedStrategy<Word> {
    let random = vec(select(CHARACTERS), 0..8).prop_map(|all| all.into_iter().collect::<String>());
    let known = select(TEXTS).prop_map(String::from);
    prop_oneof![known, random].prop_map(|text| Word { text, span: NOWHERE }).boxed()
}

pub(crate) fn verb() -> BoxedStrategy<Word> {
    one_of(VERBS)
}

pub(crate) fn ident() -> BoxedStrategy<Word> {
    one_of(IDENTS)
}

pub(crate) fn column() -> BoxedStrategy<Word> {
    one_of(COLUMNS)
}

pub(crate) fn var() -> BoxedStrategy<Word> {
    one_of(&["x", "a", "k", "Name_2", "ім_я", "not"])
}

pub(crate) fn number() -> BoxedStrategy<Word> {
    one_of(&["0", "5", "-3", "1200000", "0.5", "-12.25", "2025"])
}

pub(crate) fn claim_id() -> BoxedStrategy<Word> {
    one_of(&["c7", "19a", "_7", "c-9~2", "3/1", "a b", "№5", "#5", "who"])
}

pub(crate) fn address() -> BoxedStrategy<Word> {
    one_of(&["https://a.b/c?d=e.f#g", "file:///x--y", "https://пошта.укр/\"q\"", "urn:x"])
}

/// A name with the brackets that it must have.
pub(crate) fn any_name() -> BoxedStrategy<Name> {
    select(NAMES)
        .prop_map(|(text, qualifier)| Name {
            text: text.into(),
            qualifier: qualifier.map(String::from),
            bracketed: name(text, qualifier).starts_with('['),
            span: NOWHERE,
        })
        .boxed()
}

/// A name in brackets, whether it needs them or not.
pub(crate) fn bracketed() -> BoxedStrategy<Name> {
    any_name().prop_map(|name| Name { bracketed: true, ..name }).boxed()
}

pub(crate) fn term() -> BoxedStrategy<Term> {
    prop_oneof![
        6 => any_name().prop_map(Term::Name),
        2 => var().prop_map(Term::Var),
        1 => var().prop_map(Term::Param),
        1 => Just(Term::Who(NOWHERE)),
        1 => Just(Term::Whom(NOWHERE)),
        1 => Just(Term::Anyone(NOWHERE)),
        1 => ident().prop_map(|kind| Term::Which { kind, span: NOWHERE }),
    ]
    .boxed()
}

pub(crate) fn who() -> BoxedStrategy<Who> {
    let quantifier = option::weighted(0.2, select(&[Quantifier::Any, Quantifier::All, Quantifier::None][..]));
    (quantifier, vec(term(), 1..4))
        .prop_map(|(quantifier, terms)| Who { quantifier, terms, span: NOWHERE })
        .boxed()
}

pub(crate) fn point() -> BoxedStrategy<Word> {
    one_of(&["2025", "2025-12", "2025-12-01", "2025-12-01T14:30Z", "2025-12-01T14:30:05+02:00"])
}

pub(crate) fn date() -> BoxedStrategy<Word> {
    one_of(&["2025-12", "2025-12-01", "2025-12-01T14:30Z"])
}

/// An expression as a source had it, with what it was resolved against.
pub(crate) fn written() -> BoxedStrategy<(Option<Word>, Option<Word>)> {
    prop_oneof![
        3 => Just((None, None)),
        1 => text().prop_map(|text| (Some(text), None)),
        1 => (text(), date()).prop_map(|(text, date)| (Some(text), Some(date))),
    ]
    .boxed()
}

pub(crate) fn time() -> BoxedStrategy<TimeExpr> {
    let value = prop_oneof![
        4 => point().prop_map(TimeValue::Point),
        1 => (point(), point()).prop_map(|(a, b)| TimeValue::Range(Some(a), Some(b))),
        1 => point().prop_map(|a| TimeValue::Range(Some(a), None)),
        1 => point().prop_map(|b| TimeValue::Range(None, Some(b))),
        1 => Just(TimeValue::Today),
        1 => Just(TimeValue::Yesterday),
        1 => var().prop_map(TimeValue::Param),
        1 => var().prop_map(TimeValue::Var),
    ];
    (value, written())
        .prop_map(|(value, (written, anchor))| TimeExpr { span: NOWHERE, value, written, anchor })
        .boxed()
}
