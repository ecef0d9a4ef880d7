//! A graph goes out as text and comes back the same: number by number, whatever was recorded.

use crate::cases::{self, Came, NOW};
use crate::dump::dump;
use dixit::db::{Database, Loaded};
use dixit::formats::export;
use dixit::graph::Graph;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

#[derive(Clone, Copy, PartialEq, Debug)]
enum Form {
    Dixit,
    Jsonl,
}

fn exported(graph: &Graph, form: Form) -> String {
    let mut out = Vec::new();
    match form {
        Form::Dixit => export::dixit(graph, &mut out).unwrap(),
        Form::Jsonl => export::jsonl(graph, &mut out).unwrap(),
    }
    String::from_utf8(out).unwrap()
}

fn told(loaded: &Loaded) -> String {
    format!("{:#?}", loaded.problems)
}

/// A graph of an exported text.
fn built(text: &str, form: Form, folder: &Path) -> Result<Database, String> {
    let path: PathBuf = folder.join(if form == Form::Dixit { "x.dixit" } else { "x.jsonl" });
    std::fs::write(&path, text).unwrap();
    let mut db = Database::new(NOW);
    let loaded = db.load(&path, u64::MAX).unwrap();
    if loaded.refused() == 0 { Ok(db) } else { Err(told(&loaded)) }
}

/// The lines that differ.
fn difference(before: &str, after: &str) -> String {
    let (a, b): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let gone = a.iter().filter(|line| !b.contains(line)).map(|line| format!("- {line}\n"));
    let come = b.iter().filter(|line| !a.contains(line)).map(|line| format!("+ {line}\n"));
    let lines: String = gone.chain(come).collect();
    if lines.is_empty() { "(only the order)\n".into() } else { lines }
}

/// What does not come back as it was, in either form.
pub(crate) fn lost(graph: &Graph, folder: &Path) -> Option<String> {
    let (before, first) = (dump(graph), exported(graph, Form::Dixit));
    match dixit::syntax::format_source(&first) {
        Ok(canonical) if canonical == first => {}
        Ok(canonical) => return Some(format!("not canonical: {}", difference(&first, &canonical))),
        Err(why) => return Some(format!("refused: {why:#?}")),
    }
    for form in [Form::Dixit, Form::Jsonl] {
        let text = exported(graph, form);
        let again = match built(&text, form, folder) {
            Ok(again) => again,
            Err(why) => return Some(format!("{form:?} is refused: {why}\n{text}")),
        };
        let after = dump(again.graph());
        if before != after {
            return Some(format!("{form:?} differs:\n{}{text}", difference(&before, &after)));
        }
        let second = exported(again.graph(), Form::Dixit);
        if first != second {
            return Some(format!("{form:?} is told in another way:\n{}", difference(&first, &second)));
        }
    }
    None
}

#[test]
fn samples_come_back_as_they_were() {
    let folder = tempfile::tempdir().unwrap();
    for sample in ["peace-talks.dixit", "harbour.dixit"] {
        let mut db = Database::new(NOW);
        db.load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("samples").join(sample), 0).unwrap();
        if let Some(why) = lost(db.graph(), folder.path()) {
            panic!("{sample}: {why}");
        }
    }
}

#[test]
fn the_facts_of_every_case_come_back_as_they_were() {
    let folder = tempfile::tempdir().unwrap();
    let (mut wrong, mut seen) = (Vec::new(), BTreeSet::new());
    for case in cases::all_cases() {
        let db = cases::load(&case, &mut Came::default());
        if !seen.insert(dump(db.graph())) {
            continue;
        }
        if let Some(why) = lost(db.graph(), folder.path()) {
            wrong.push(format!("{} {}: {why}", case.place, case.title));
        }
    }
    assert!(wrong.is_empty(), "{} cases\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn answers_are_the_same_after_an_export() {
    let folder = tempfile::tempdir().unwrap();
    cases::run("after an export", |case| {
        let mut came = Came::default();
        let db = cases::load(case, &mut came);
        let mut again = built(&exported(db.graph(), Form::Dixit), Form::Dixit, folder.path()).unwrap();
        for (name, value) in &case.params {
            again.set_param(name, value);
        }
        again.set_strict(case.strict);
        cases::ask(&mut again, case, true, &mut came);
        Some(came)
    });
}

/// Facts that are easily told so that they come back as something else.
const FACTS: &[&str] = &[
    // Numbers: what is mentioned first, in claims or beside them.
    "\"A\" contradicts \"B\". Anna said \"A\" for 2025. Bea said \"B\". Anna said \"A\".",
    "#a: Anna said \"x\". Bea said \"y\" via Wire. Radio reported that #a. Daily reported that #a via Wire.",
    "#a: Anna said \"x\" via Post. Bea said \"y\" via Wire. #a: Anna said \"x\" via Daily. #a: Anna said \"x\" via Wire.",
    "Anna said \"P\" about Oil. Bea said \"Q\" about Gas. Clara said \"P\" about Coal, Gas.",
    "Peskov is in Kremlin. Anna said \"x\" about Kremlin. Zed rates Anna as B. Yan is [chief] of Bank for 2024.",
    "Anna said \"x\". #b: Bea said \"y\". Desk rates #b as 2 for 2025. #b corrects #_1. Cid denied \"x\".",
    "Anna said \"x\" source <https://a.example/1>. document <https://b.example/2> by Post citing <https://c.example/3>. end document. <https://d.example/4> cites Wire.",
    "Nobody1 is also \"N\". Anna said \"x\" about [a thing]. [Some Dude] said \"y\". Some Dude said \"z\".",
    // Contents of one text: links, also withdrawn ones, say which, and may be the first to mention them.
    "\"A\" with n = 5 contradicts \"A\". Anna said \"A\" if \"B\". Bea said \"A\" with n = 5. \"A\" if \"B\" supports \"B\".",
    "\"P\" if \"Q\" with [mayor] = Zed supports not \"R\" for 2026 (\"next year\" from 2025-12-01) {modality: possible}. Anna said \"Q\". Zed said \"R\".",
    "Anna said \"P\" with n > 5 [million people] with [a|b|] = \"t\". \"P\" same as \"P\" with n > 5 [million people] with [a|b|] = \"t\".",
    "\"x\" contradicts \"P\" with n = 5 [because]. void \"x\" contradicts \"P\" with n = 5 [because] because \"no\". Anna said \"P\" with n = 5.",
    "Anna said \"P\" with n between 1 and 2 with n ~ 3 %. not \"p\" with n between 1 and 2 with n ~ 3 % contradicts \"P\" {modality: desired}.",
    // Names.
    "PUTIN is person. Putin said \"x\". [putin] said \"y\". Poutine is also \"Путін\". Putin same as Poutine.",
    "Anna said \"x\". Annie said \"y\". Anna is also \"Annie\", \"ANNIE\". Annie said \"z\". Bea is also \"Anna\".",
    "Anna said \"x\". Annie is person. Annie said \"y\". Anna is also \"Annie\". Bea said \"x\" about [Annie|person].",
    "Anna same as Ann. Ann said \"x\". void Anna same as Ann because \"no\". Ann said \"y\".",
    "Anna said \"x\". Ann said \"y\". Anna is also \"Ann\". void Anna same as Ann because \"no\".",
    "[Georgia|country] said \"x\" about [Georgia|state]. [Georgia|state] is place. [Georgia|] said \"y\".",
    "Anna said \"x\" about [American officials]. [American officials] is group also \"Washington\". Washington said \"y\".",
    "[Bank of America] said \"x\" about [a|b|c], [x|y|], [Who said], [WHO].",
    "MULLER said \"x\". [Müller] denied \"y\". [müller] is person. Muller is in [Bank|b].",
    // Those who are described.
    "[American officials] said \"x\". [American officials] said \"y\". [American officials|1] said \"x\". [American officials|1] said \"z\".",
    "[officials], Reuters said \"x\". Reuters said \"y\". [officials], Reuters said \"x\" for 2025. [officials] said \"x\".",
    "#a: [an official] told [several aides] that \"x\". [a guard] said that ([an official] denied that (#a: [an official] told [several aides] that \"x\")).",
    "[an official] told Anna that \"x\" via Post. [a guard] reported that #_1. [a guard] denied that #_1. [a guard] reported that #_1 via Wire.",
    "[officials] said \"x\" for 2025. [officials] said \"x\" for 2026.",
    "[an official|x] said \"a\". [an official|x] is in Bank as [aide]. [an official|x] is person. [an official] is person. [an official] said \"b\".",
    // Acts around acts.
    "#c: Wire denied that allegedly not (#b: Post told to Anna, Bea that (#a: Cid warned \"x\" via Radio (noted, 2025-12-01 (\"today\" from 2025-12-01), possibly, inferred)) on 2025) on 2025-12-02 source \"leaflet\".",
    "Cid said \"x\" via Post, Wire (wrote) via Daily. Cid said \"y\" via Wire, Post. Dan said \"y\" via Post, Wire.",
    "define verb inferred as asserted. define verb sneered as inferred negative. Cid sneered \"x\" via Post (inferred). Wire inferred that (Cid sneered that not \"y\").",
    "Cid said \"x\" via [American officials]. Cid said \"y\" via [Who Said] (quoted).",
    "Cid said \"x\" via Post source <https://a.example/1>. Cid said \"x\" via Post (wrote) source <https://a.example/1>.",
    // What is said.
    "Anna said that probably not \"x\" verbatim about Oil, Gas on 2025-11-24..2025-11-30 (\"last week\" from 2025-12-02) for ..2026 if not \"rain\" with [killed or wounded] > 1200000 people with Seats between -1 and 2.5 [seats | places] with rate = 5 % with [mayor] = [a|b|] with [motto] = \"x, y\" {mode: quote, commitment: certain, basis: inferred, repeated: yes, translated: yes, medium: \"on X\", modality: possible, language: \"en\", \"my key\": [a b|], day: 2025-12-01, note: \"a\", n: -1.50, word: yes, \"mode \": json \"{\\\"a\\\": [1]}\"}.",
    "Anna said \"a\" with x ~ 50 with y < 0.1 with z <= 123456789012345 with w >= 0.30000000000000004.",
    "Anna declined-to-comment about Oil {hedge: \"so they say\"}. Anna said \"x\" {hedge: \"according to some\", commitment: probable}.",
    "Anna said \"one\\ntwo \\\"three\\\" \\\\ \\t four\". Anna said \"\"\"a\nb\"\"\" about [x -- y]. Anna said \"<b> -- [c] {d} . ?\".",
    "Anna said \"x\" before 2025. Anna said \"x\" after 2025-12-01T14:30Z. Anna said \"y\" on 2025-12-01T10:00Z..2025-12-02T00:00Z. Anna said \"y\" on 2025-12-01T10:00:05+02:00..",
    "Anna said \"x\" on 2025 (\"then\"). Anna said \"x\" on 2025 (\"once\"). Anna said \"x\" on 2025.",
    // Documents.
    "document \"leaflet 7\" by [Post|x] on 2025-12 (\"December\") citing Wire citing <https://c.example/3> titled \"A \\\"B\\\"\" {language: \"el\", retrieved: 2025-12-03, pages: 3}. Anna said \"x\". Post said \"y\". end document. Bea said \"z\" source \"leaflet 7\".",
    "Anna said \"x\" source <leaflet>. document \"other\" citing <leaflet>. Anna said \"x\" source \"other\". document \"leaflet\" titled \"L\".",
    // Beside claims.
    "Anna is in Bank as [chief | deputy]. Anna is [a|b]. Anna is [x] of Bank for 2024... Anna is in Bank.",
    "Anna said \"x\". \"x\" supports not \"y\". not \"x\" same as \"z\". void \"x\" supports not \"y\" because \"a\\nb\". #_1 retracts <https://a.example/1>. void #_1 because \"no\".",
    "Anna said \"x\" via Wire. Bea said \"y\" via Wire via Post. #_2~1 corrects #_1~1. #_2 same as #_1. Desk rates Wire as F about Oil, Gas.",
    "define carried(?x, ?y) as ?x said anything via ?y. define verb slammed as denied. Anna slammed \"x\". Anna slammed that not \"x\".",
];

/// Rows with what sentences have no place for of their own.
const ROWS: &[&str] = &[
    r#"{"speaker":"Anna","cue":"said","proposition":"x","hedge":"supposedly","extra":{"mode":"y","n":1e5,"o":{"a":[null]},"language":"pt","k é":true,"medium":7}}"#,
    r#"{"speaker":"officials","proposition":"x","outlets":["Post","Wire"],"document":{"url":"my file.pdf","title":"T"},"date":"2025-12-01T10:00Z"}"#,
    r#"{"speaker":{"name":"officials","ids":["Q1"]},"proposition":"x","subjects":["a  b","c [d]","|e","f\ng"],"addressee":["aides"]}"#,
    r#"{"proposition":"x"}
{"proposition":"x","negated":true}
{"hedge":"allegedly","subjects":["Oil"]}"#,
    r#"{"speaker":"Anna","cue":"Points Out","act":"assert","proposition":"x","stance":"observing","figures":[{"what":"[dead] people","value":0.1234567890123456,"op":"~","unit":" m² "}]}
{"speaker":"Anna","speaker_title":"Head | of [x]","speaker_affiliation":"Bank [of] X","proposition":"y","mode":"quote"}"#,
    r#"{"id":"a b/1 #x","speaker":["Anna","Bea"],"cue":"denied","proposition":" \"x\" \\ ","outlets":["Anna","Post"],"document":{"url":"https://a.example/?q=\"'1'\"","outlet":"Anna"}}"#,
];

fn of_facts(facts: &str) -> Database {
    let mut db = Database::new(NOW);
    let loaded = db.load_text(facts.into(), u64::MAX);
    db.end_document();
    assert_eq!(loaded.refused(), 0, "{facts}\n{}", told(&loaded));
    db
}

#[test]
fn what_is_easily_lost_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let mut wrong = Vec::new();
    let texts = FACTS.iter().map(|facts| (facts, of_facts(facts)));
    let rows = ROWS.iter().map(|rows| (rows, built(rows, Form::Jsonl, folder.path()).unwrap()));
    for (text, db) in texts.chain(rows) {
        if let Some(why) = lost(db.graph(), folder.path()) {
            wrong.push(format!("{text}\n{why}"));
        }
    }
    assert!(wrong.is_empty(), "{} graphs\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn random_graphs_come_back_as_they_were() {
    let folder = tempfile::tempdir().unwrap();
    let mut wrong = Vec::new();
    for seed in 0..100 {
        let mut db = Database::new(NOW);
        db.load_text(crate::random::statements(seed).join("\n"), u64::MAX);
        db.end_document();
        if let Some(why) = lost(db.graph(), folder.path()) {
            wrong.push(format!("seed {seed}\n{why}"));
        }
    }
    assert!(wrong.is_empty(), "{} graphs\n{}", wrong.len(), wrong.join("\n"));
}

fn saved(db: &mut Database, folder: &Path) -> PathBuf {
    let path = folder.join("saved.dixg");
    db.save(&path).unwrap();
    path
}

#[test]
fn a_snapshot_of_what_is_known_adds_nothing() {
    let folder = tempfile::tempdir().unwrap();
    for sample in ["peace-talks.dixit", "harbour.dixit"] {
        let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples").join(sample);
        let mut db = Database::new(NOW);
        db.load(&sample, 0).unwrap();
        let path = saved(&mut db, folder.path());
        // Other numbers than in the snapshot.
        let mut other =
            of_facts("Zoe said \"z\" via Zine source <https://z.example/1>. [officials] said \"z\".");
        other.load(&sample, 0).unwrap();
        let before = dump(other.graph());
        let loaded = other.load(&path, 0).unwrap();
        assert_eq!((loaded.refused(), loaded.added), (0, 0), "{}", told(&loaded));
        assert_eq!(difference(&before, &dump(other.graph())), "(only the order)\n");
        // And the other way round: in the end both hold the same.
        let mut later = of_facts("Zoe said \"z\".");
        later.load(&path, 0).unwrap();
        let (all, known) = (later.graph().claims.len(), db.graph().claims.len());
        assert_eq!(all, known + 1);
        later.load(&sample, 0).unwrap();
        assert_eq!(later.graph().claims.len(), all);
    }
}

#[test]
fn what_is_stated_of_claims_without_an_id_finds_them_in_another_graph() {
    let folder = tempfile::tempdir().unwrap();
    let facts = "Anna said \"x\" via Wire via Post. Bea said \"y\". #_1~2 corrects #_2. Desk rates #_2 as 2. void #_2 because \"no\".";
    let path = saved(&mut of_facts(facts), folder.path());
    let mut db = of_facts("Cid said \"z\" via Radio. Dan said \"w\". Eve said \"v\".");
    let loaded = db.load(&path, 0).unwrap();
    assert_eq!((loaded.refused(), loaded.read, loaded.taken, loaded.added), (0, 2, 2, 2));
    let text = exported(db.graph(), Form::Dixit);
    for sentence in ["#_4~2 corrects #_5.", "Desk rates #_5 as 2.", "void #_5 because \"no\"."] {
        assert!(text.lines().any(|line| line == sentence), "{text}");
    }
}

#[test]
fn what_two_graphs_say_differently_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = saved(&mut of_facts("#a: Anna said \"x\". Bea said \"y\"."), folder.path());
    let mut db = of_facts("#a: Anna said \"other\".");
    let loaded = db.load(&path, 0).unwrap();
    assert_eq!((loaded.refused(), loaded.read, loaded.taken, loaded.added), (1, 2, 1, 1));
    let dixit::db::Problem::Sentence(problem) = &loaded.problems[0] else { panic!("{}", told(&loaded)) };
    assert_eq!((problem.code.id(), problem.span.of(&loaded.source)), ("E213", "#a"));
}
