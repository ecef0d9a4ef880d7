//! Rows: what is refused, with which code, and that it leaves nothing behind; what is taken comes back from every form.

use crate::cases::NOW;
use crate::dump::dump;
use crate::export::lost;
use dixit::db::{Database, Loaded, Problem};
use std::collections::BTreeSet;
use std::path::Path;

/// What is known before a row comes: a claim with an id, an ambiguous name, a verb, a merge.
const KNOWN: &str = r#"{"id":"k","speaker":"Anna","proposition":"x","document":{"url":"https://a.example/1","outlet":"Post"}}
{"sentence":"[Georgia|country] is place."}
{"sentence":"[Georgia|state] is place."}
{"sentence":"define verb slammed as denied."}
{"sentence":"\"a\" same as \"b\"."}
{"sentence":"Bank same as [The Bank]."}
"#;

pub(crate) fn load(text: &str, folder: &Path) -> (Database, Loaded) {
    let path = folder.join("rows.jsonl");
    std::fs::write(&path, text).unwrap();
    let mut db = Database::new(NOW);
    let loaded = db.load(&path, u64::MAX).unwrap();
    (db, loaded)
}

fn snapshot(db: &mut Database, folder: &Path) -> Vec<u8> {
    let path = folder.join("rows.dixg");
    db.save(&path).unwrap();
    std::fs::read(path).unwrap()
}

/// Rows that are refused: each with its code and what the message says.
const REFUSED: &[(&str, &str, &str)] = &[
    // Nothing stays of what a refused row brought: its document, its verb, its names.
    (
        r#"{"speaker":"Georgia","proposition":"p","document":{"url":"https://n.example","title":"T","outlet":"N"}}"#,
        "E204",
        "Georgia",
    ),
    (r#"{"id":"k","speaker":"Bea","proposition":"p","document":{"url":"https://n.example"}}"#, "E213", "`k`"),
    (r#"{"id":"k","cue":"groused","act":"assert","speaker":"Anna","proposition":"x"}"#, "E213", "`k`"),
    (
        r#"{"cue":"groused","act":"assert","speaker":"New","proposition":"p","date":"2025-02-30"}"#,
        "E217",
        "date",
    ),
    (r#"{"cue":"groused","act":"assert","speaker":"New","proposition":"p","stance":"so"}"#, "E216", "so"),
    (
        r#"{"cue":"groused","act":"assert","speaker":"New","proposition":"p","document":{"url":"u","date":"x"}}"#,
        "E217",
        "document.date",
    ),
    (r#"{"speaker":"New","proposition":"p","document":{"url":"u","outlet":"Georgia"}}"#, "E204", "Georgia"),
    (
        r#"{"speaker":"New","speaker_affiliation":"Georgia","proposition":"p","document":{"url":"u"}}"#,
        "E204",
        "Georgia",
    ),
    (
        r#"{"speaker":"New","outlets":["Post"],"document":{"url":"u","outlet":{"name":"Georgia","ids":["Q"]}}}"#,
        "E204",
        "Georgia",
    ),
    (
        r#"{"speaker":"New","proposition":"p","figures":[{"what":"dead","value":1},{"what":"hurt","value":"many"}]}"#,
        "E305",
        "`value`",
    ),
    // A member of itself.
    (r#"{"speaker":"Kremlin","speaker_affiliation":"KREMLIN","proposition":"p"}"#, "E221", "KREMLIN"),
    (r#"{"speaker":["New","Bank"],"speaker_affiliation":"The Bank","proposition":"p"}"#, "E221", "The Bank"),
    // Sentences.
    (r#"{"sentence":"New said \"p\". Newer says \"q\"."}"#, "E307", "several sentences"),
    (r#"{"sentence":"New said \"p\". Georgia said \"q\"."}"#, "E307", "several sentences"),
    (r#"{"sentence":"-- nothing"}"#, "E307", "no sentence"),
    (r#"{"sentence":""}"#, "E307", "no sentence"),
    (r#"{"sentence":"who said what?"}"#, "E113", "question"),
    (r#"{"sentence":"New said \"p\".","speaker":"Anna"}"#, "E307", "`speaker` stands beside"),
    (r#"{"sentence":"New said \"p\".","negated":false}"#, "E307", "`negated` stands beside"),
    (r#"{"extra":{},"sentence":"New said \"p\"."}"#, "E307", "`extra` stands beside"),
    (r#"{"sentence":"all of New, Georgia said \"p\"."}"#, "E204", "Georgia"),
    (r#"{"sentence":"New is in Georgia."}"#, "E204", "Georgia"),
    (r#"{"sentence":"New is in NEW."}"#, "E221", "itself"),
    (r#"{"sentence":"[New|x] is in New."}"#, "E221", "itself"),
    (r#"{"sentence":"New is person."  ,"x":1}"#, "E306", "`x`"),
    (r#"{"sentence":"[an official|x] is also \"New\"."}"#, "E216", "only described"),
    (r#"{"sentence":"New is spokesman."}"#, "E216", "spokesman"),
    (r#"{"sentence":"Desk rates New as B for 2025-02-30."}"#, "E217", "calendar"),
    (r#"{"sentence":"Desk rates Georgia as B about New."}"#, "E204", "Georgia"),
    (r#"{"sentence":"New same as NEW."}"#, "E221", "same thing"),
    (r#"{"sentence":"New same as Georgia."}"#, "E204", "Georgia"),
    (r#"{"sentence":"\"new\" contradicts \"NEW\"."}"#, "E221", "same thing"),
    (r#"{"sentence":"\"new\" same as not \"new\"."}"#, "E221", "negation"),
    (r#"{"sentence":"\"a\" same as not \"b\"."}"#, "E221", "negation"),
    (r#"{"sentence":"<https://n.example> cites <https://n.example>."}"#, "E221", "same thing"),
    (r#"{"sentence":"<https://n.example> cites Georgia."}"#, "E204", "Georgia"),
    (r#"{"sentence":"void \"new\" supports \"newer\" because \"no\"."}"#, "E210", "nothing like this"),
    (r#"{"sentence":"void New same as Bank because \"no\"."}"#, "E210", "nothing like this"),
    (r#"{"sentence":"document <https://n.example> by New citing Newer, Georgia."}"#, "E110", ""),
    (r#"{"sentence":"document <https://n.example> by New citing Newer citing Georgia."}"#, "E204", "Georgia"),
    // A list is no object.
    (r"[]", "E305", "expected an object"),
    (r#"["New said \"p\"."]"#, "E305", "expected an object"),
    (
        r#"[null,"n","New",null,null,false,"said",null,false,null,"p",[],[],[],null,null,null,null,[],null,{}]"#,
        "E305",
        "expected an object",
    ),
    (r#"{"speaker":"New","document":["https://n.example","T"]}"#, "E305", "expected an object"),
    (
        r#"{"speaker":"New","proposition":"p","figures":[["dead","=",5,"people"]]}"#,
        "E305",
        "expected an object",
    ),
    (r#"{"speaker":"New","proposition":"p","figures":{"what":"dead","value":5}}"#, "E305", "sequence"),
    (r#"{"speaker":[["New"]],"proposition":"p"}"#, "E305", "expected a name"),
    (r#"{"speaker":"New","extra":[1]}"#, "E305", "expected an object"),
    (r#"{"speaker":"New","document":{"url":"u","outlet":["Post"]}}"#, "E305", "expected a name"),
    (r"7", "E305", "expected an object"),
    (r"null", "E305", "expected an object"),
    (r"{} {}", "E305", "trailing"),
    // Nothing is empty.
    (r#"{"speaker":""}"#, "E307", "`speaker` is empty"),
    (r#"{"speaker":["Anna"," "]}"#, "E307", "`speaker` is empty"),
    (r#"{"speaker":"||"}"#, "E307", "`speaker` is empty"),
    ("{\"speaker\":\"\u{200b}\"}", "E307", "`speaker` is empty"),
    (r#"{"speaker":{"name":""}}"#, "E307", "`speaker` is empty"),
    (r#"{"speaker":{"name":"New","ids":[""]}}"#, "E307", "`speaker.ids` is empty"),
    (r#"{"subjects":{"name":"New","aliases":["N"," "]}}"#, "E307", "`subjects.aliases` is empty"),
    (r#"{"addressee":{"name":"New","aliases":[""]}}"#, "E307", "`addressee.aliases` is empty"),
    (r#"{"outlets":["Post",""]}"#, "E307", "`outlets` is empty"),
    (r#"{"speaker":"New","speaker_title":""}"#, "E307", "`speaker_title` is empty"),
    (r#"{"speaker":"New","speaker_title":"|"}"#, "E307", "`speaker_title` is empty"),
    (r#"{"speaker":"New","speaker_affiliation":""}"#, "E307", "`speaker_affiliation` is empty"),
    (r#"{"id":""}"#, "E307", "`id` is empty"),
    (r#"{"cue":""}"#, "E307", "`cue` is empty"),
    (r#"{"cue":"","act":"say"}"#, "E307", "`cue` is empty"),
    (r#"{"act":""}"#, "E216", "no act"),
    (r#"{"stance":""}"#, "E216", "no stance"),
    (r#"{"mode":""}"#, "E216", "no mode"),
    (r#"{"speaker":{"name":"New","kind":""}}"#, "E216", "no kind"),
    (r#"{"proposition":" "}"#, "E307", "`proposition` is empty"),
    (r#"{"proposition":"p","hedge":""}"#, "E307", "`hedge` is empty"),
    (r#"{"proposition":"p","condition":""}"#, "E307", "`condition` is empty"),
    (r#"{"proposition":"p","date":""}"#, "E307", "`date` is empty"),
    (r#"{"proposition":"p","date":".."}"#, "E217", "open at both ends"),
    (r#"{"document":{"url":""}}"#, "E307", "`document.url` is empty"),
    (r#"{"document":{"url":" "}}"#, "E307", "`document.url` is empty"),
    (r#"{"document":{"url":"u","title":""}}"#, "E307", "`document.title` is empty"),
    (r#"{"document":{"url":"u","date":".."}}"#, "E217", "open at both ends"),
    (r#"{"document":{"url":"u","outlet":""}}"#, "E307", "`document.outlet` is empty"),
    (r#"{"proposition":"p","figures":[{"what":"","value":1}]}"#, "E307", "`figures.what` is empty"),
    (
        r#"{"proposition":"p","figures":[{"what":"dead","value":1,"unit":""}]}"#,
        "E307",
        "`figures.unit` is empty",
    ),
    (r#"{"extra":{"":1}}"#, "E307", "`extra: a key` is empty"),
    // Numbers are kept as written or refused.
    (
        r#"{"proposition":"p","figures":[{"what":"dead","value":9007199254740993}]}"#,
        "E222",
        "9007199254740993",
    ),
    (
        r#"{"proposition":"p","figures":[{"what":"dead","value":0.12345678901234567890}]}"#,
        "E222",
        "0.12345678901234567890",
    ),
    (r#"{"proposition":"p","figures":[{"what":"dead","value":1e300}]}"#, "E222", "1e300"),
    (
        r#"{"proposition":"p","figures":[{"what":"dead","op":"between","value":[9007199254740991.5,9007199254740992]}]}"#,
        "E222",
        "9007199254740991.5",
    ),
    (r#"{"proposition":"p","figures":[{"what":"dead","op":"between","value":[2,1]}]}"#, "E222", "greater"),
    (r#"{"proposition":"p","figures":[{"what":"dead","op":"between","value":[1,2,3]}]}"#, "E305", "`value`"),
    (r#"{"proposition":"p","figures":[{"what":"dead","op":"between","value":1}]}"#, "E216", "two numbers"),
    (r#"{"proposition":"p","figures":[{"what":"dead","value":[1,2]}]}"#, "E216", "between"),
    (r#"{"proposition":"p","figures":[{"what":"dead","value":null}]}"#, "E305", "`value`"),
    (r#"{"proposition":"p","figures":[{"what":"dead"}]}"#, "E305", "missing field `value`"),
    (r#"{"proposition":"p","figures":[{"what":"dead","value":1,"op":"about"}]}"#, "E216", "about"),
    (r#"{"extra":{"n":1e999}}"#, "E305", "`extra.n`"),
    // Keys.
    (r#"{"speeker":"New"}"#, "E306", "`speeker`"),
    (r#"{"speaker":{"name":"New","id":"Q1"}}"#, "E306", "`id`"),
    (r#"{"document":{"uri":"u"}}"#, "E306", "`uri`"),
    (r#"{"document":{"title":"T"}}"#, "E305", "missing field `url`"),
    (r#"{"speaker":{"kind":"person"}}"#, "E305", "missing field `name`"),
    (r#"{"speaker":"New","speaker":"Newer"}"#, "E305", "duplicate field `speaker`"),
    (r#"{"extra":{"a":1,"a":2}}"#, "E305", "duplicate field `a`"),
    (r#"{"negated":null}"#, "E305", "null"),
    (r#"{"own_voice":null}"#, "E305", "null"),
    (r#"{"figures":null}"#, "E305", "null"),
    (r#"{"extra":null}"#, "E305", "null"),
    (r#"{"speaker":{"name":"New","ids":null}}"#, "E305", "null"),
    (r#"{"speaker":7}"#, "E305", "expected a name"),
    (r#"{"proposition":7}"#, "E305", "string"),
    // What does not go together.
    (r#"{"negated":true,"stance":"for","proposition":"p"}"#, "E307", "contradict"),
    (r#"{"own_voice":true,"proposition":"p"}"#, "E307", "outlet"),
    (r#"{"own_voice":true,"speaker":"New","outlets":["Post"],"proposition":"p"}"#, "E307", "exclude"),
    (r#"{"negated":true,"subjects":["New"]}"#, "E307", "proposition"),
    (r#"{"stance":"against","subjects":["New"]}"#, "E307", "proposition"),
    (r#"{"condition":"c"}"#, "E307", "proposition"),
    (r#"{"figures":[{"what":"dead","value":1}]}"#, "E307", "proposition"),
    (r#"{"cue":"groused"}"#, "E201", "groused"),
    (r#"{"cue":"is","act":"assert"}"#, "E216", "cannot be a verb"),
    (r#"{"cue":"7th","act":"assert"}"#, "E216", "cannot be a verb"),
    (r#"{"id":"_1"}"#, "E216", "cannot be an id"),
    (r#"{"id":" a"}"#, "E216", "cannot be an id"),
    (r#"{"id":"a~1"}"#, "E216", "cannot be an id"),
    (r#"{"date":"2025-001-1"}"#, "E217", "2025-001-1"),
    (r#"{"date":"12/01/2025"}"#, "E217", "12/01/2025"),
    (r#"{"date":"2025-03-02..2025-03-01"}"#, "E217", "before it starts"),
];

#[test]
fn a_refused_row_says_why_and_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let (mut db, loaded) = load(KNOWN, folder.path());
    assert_eq!(loaded.refused(), 0, "{loaded:#?}");
    let (before, bytes) = (dump(db.graph()), snapshot(&mut db, folder.path()));
    let mut wrong = Vec::new();
    for (row, code, says) in REFUSED {
        // Whatever is behind it is read as if it were not there.
        let (mut db, loaded) = load(&format!("{KNOWN}{row}\n"), folder.path());
        match &loaded.problems[..] {
            [Problem::Row(found)]
                if (found.line, found.code.id()) == (7, *code) && found.message.contains(says) =>
            {
                assert!(!found.help.is_empty() || found.code.id() == "E101", "{row}");
            }
            other => wrong.push(format!("{row}: not {code} {says}: {other:?}")),
        }
        let after = dump(db.graph());
        if after != before {
            wrong.push(format!("{row} leaves:\n{before}\n{after}"));
        } else if snapshot(&mut db, folder.path()) != bytes {
            wrong.push(format!("{row} leaves something in the snapshot"));
        }
    }
    assert!(wrong.is_empty(), "{} rows\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn texts_that_are_too_long_are_refused_by_their_key() {
    let folder = tempfile::tempdir().unwrap();
    let long = "a".repeat(1 << 20);
    let (mut empty, _) = load("", folder.path());
    let bytes = snapshot(&mut empty, folder.path());
    for (key, row) in [
        ("`id`", r#"{"id":"@"}"#),
        ("`speaker`", r#"{"speaker":"@"}"#),
        ("`speaker.ids`", r#"{"speaker":{"name":"A","ids":["@"]}}"#),
        ("`subjects.aliases`", r#"{"subjects":{"name":"A","aliases":["@"]}}"#),
        ("`speaker_title`", r#"{"speaker":"A","speaker_title":"@"}"#),
        ("`speaker_affiliation`", r#"{"speaker":"A","speaker_affiliation":"@"}"#),
        ("`cue`", r#"{"cue":"@","act":"say"}"#),
        ("`proposition`", r#"{"proposition":"@"}"#),
        ("`condition`", r#"{"proposition":"p","condition":"@"}"#),
        ("`hedge`", r#"{"proposition":"p","hedge":"@"}"#),
        ("`document.url`", r#"{"document":{"url":"@"}}"#),
        ("`document.title`", r#"{"document":{"url":"u","title":"@"}}"#),
        ("`document.outlet`", r#"{"document":{"url":"u","outlet":"@"}}"#),
        ("`figures.what`", r#"{"proposition":"p","figures":[{"what":"@","value":1}]}"#),
        ("`figures.unit`", r#"{"proposition":"p","figures":[{"what":"w","value":1,"unit":"@"}]}"#),
        ("`extra: a key`", r#"{"extra":{"@":1}}"#),
        ("`extra.k`", r#"{"extra":{"k":"@"}}"#),
    ] {
        let (mut db, loaded) = load(&row.replace('@', &long), folder.path());
        let [Problem::Row(found)] = &loaded.problems[..] else { panic!("{key}: {}", loaded.problems.len()) };
        assert!(found.code.id() == "E116" && found.message.starts_with(key), "{key}: {}", found.code.id());
        assert!(snapshot(&mut db, folder.path()) == bytes, "{key}");
    }
    let outlets = vec!["\"A\""; 257].join(",");
    let (_, loaded) = load(&format!("{{\"outlets\":[{outlets}]}}"), folder.path());
    let [Problem::Row(found)] = &loaded.problems[..] else { panic!("{loaded:#?}") };
    assert_eq!(found.code.id(), "E112");
    let deep = format!("{{\"extra\":{{\"k\":{}{}}}}}", "[".repeat(1000), "]".repeat(1000));
    let (_, loaded) = load(&deep, folder.path());
    let [Problem::Row(found)] = &loaded.problems[..] else { panic!("{loaded:#?}") };
    assert_eq!(found.code.id(), "E305");
}

/// Rows that are taken, and have to come back.
const TAKEN: &[&str] = &[
    r#"{"id":"k","speaker":["Bea","Bea"],"proposition":"p"}
{"id":"k","speaker":["Bea","Bea"],"proposition":"p"}
{"id":"k","speaker":"Bea","proposition":"p"}"#,
    r#"{"sentence":"Anna said \"x\".","speaker":null,"date":null}"#,
    r#"{"sentence":null,"speaker":"Anna","id":null,"cue":null,"act":null,"stance":null,"proposition":null,"subjects":null,"addressee":null,"outlets":[],"document":null,"date":null,"hedge":null,"mode":null,"condition":null,"speaker_title":null,"speaker_affiliation":null}"#,
    r#"{"proposition":"p","extra":{"a":9007199254740993,"b":123456789012345678901234567890,"c":1.50,"d":-0,"e":1E5,"f":[9007199254740993.0,{"b":1,"a":0.10}],"g":null,"h":"","i":" ","j":"\u0000"}}"#,
    r#"{"proposition":"p","figures":[{"what":"a","value":9007199254740992},{"what":"b","value":-0.0},{"what":"c","value":1.2E+6},{"what":"d","value":5e-324,"op":"<"},{"what":"e","op":"between","value":[ -1.50 , 0.30000000000000004 ]},{"what":"f","value":1200000.0,"unit":"%"}]}"#,
    r#"{"speaker":{"name":"A","kind":"person","aliases":["B"]},"addressee":{"name":"B","aliases":["C"]},"subjects":["C"],"speaker_affiliation":"B","proposition":"p"}"#,
    r#"{"speaker":{"name":"officials","aliases":[" [Olga]  O ","|x"]},"proposition":"p"}"#,
    r#"{"speaker":"A","proposition":"p","date":"2025-12-01T10:00:00Z..2025-12-01T10:00:30Z","document":{"url":"u","date":"9999-12-31"}}"#,
    r#"{"speaker":"a senior official","speaker_title":"aide","speaker_affiliation":"White House","proposition":"p"}
{"speaker":{"name":"a senior official","kind":"person"},"proposition":"q"}
{"speaker":"an official | of sorts","proposition":"q"}"#,
    r#"{"cue":"groused","act":"deny","speaker":"A","proposition":"p"}
{"cue":"groused","act":"assert","speaker":"A","proposition":"q","negated":true}"#,
];

#[test]
fn what_is_taken_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    for rows in TAKEN {
        let (db, loaded) = load(rows, folder.path());
        assert_eq!(loaded.refused(), 0, "{rows}\n{loaded:#?}");
        if let Some(why) = lost(db.graph(), folder.path()) {
            panic!("{rows}\n{why}");
        }
    }
    let (db, _) = load(TAKEN[0], folder.path());
    assert_eq!(db.graph().claims.len(), 1);
}

#[test]
fn a_name_means_in_a_claim_what_it_meant_before_it() {
    let mut db = Database::new(NOW);
    let facts =
        "Georgia said \"a\". Georgia said \"x\" about [Georgia|state]. [Georgia|land] is in [Georgia|].";
    assert_eq!(db.load_text(facts.into(), 0).refused(), 0);
    assert_eq!(db.graph().entities.len(), 3, "{}", dump(db.graph()));
}

/// What the reference says that rows mean, as sentences.
const MEANS: &[(&str, &str)] = &[
    // The sign.
    (r#"{"speaker":"A","proposition":"p"}"#, r#"A said "p"."#),
    (r#"{"speaker":"A","proposition":"p","negated":true}"#, r#"A said that not "p"."#),
    (r#"{"speaker":"A","cue":"denied","proposition":"p"}"#, r#"A denied "p"."#),
    (r#"{"speaker":"A","cue":"denied","proposition":"p","negated":true}"#, r#"A denied that not "p"."#),
    (r#"{"speaker":"A","cue":"denied","proposition":"p","stance":"for"}"#, r#"A denied that not "p"."#),
    (r#"{"speaker":"A","proposition":"p","stance":"opposes"}"#, r#"A said that not "p"."#),
    (r#"{"speaker":"A","proposition":"p","stance":"denies","negated":true}"#, r#"A said that not "p"."#),
    (
        r#"{"speaker":"A","proposition":"p","stance":"observing"}"#,
        r#"A reported "p" {commitment: uncommitted}."#,
    ),
    // The verb.
    (r#"{"speaker":"A","act":"deny","proposition":"p"}"#, r#"A denied "p"."#),
    (r#"{"speaker":"A","act":"say","proposition":"p"}"#, r#"A said "p"."#),
    (r#"{"speaker":"A","cue":"Declined to comment","subjects":"p q"}"#, "A declined-to-comment about [p q]."),
    (r#"{"speaker":"A","cue":"told","act":"deny","proposition":"p"}"#, r#"A told "p"."#),
    (
        r#"{"speaker":"A","cue":"Waved Away","act":"denied","proposition":"p"}"#,
        r#"define verb waved-away as denied. A waved-away "p"."#,
    ),
    // The chain.
    (r#"{"speaker":"A","proposition":"p","outlets":["C","B"]}"#, r#"A said "p" via B via C."#),
    (r#"{"speaker":"A","proposition":"p","outlets":["C","A"]}"#, r#"A said "p" via C."#),
    (r#"{"own_voice":true,"proposition":"p","outlets":["C","B"]}"#, r#"B said "p" via C."#),
    (
        r#"{"speaker":"A","proposition":"p","document":{"url":"<a b>","outlet":"C","date":"2025","title":"T"}}"#,
        r#"document "<a b>" by C on 2025 titled "T". A said "p"."#,
    ),
    (
        r#"{"speaker":"A","proposition":"p","outlets":"B","document":{"url":"https://u","outlet":"C"}}"#,
        r#"document <https://u> by C. end document. A said "p" via B source <https://u>."#,
    ),
    (
        r#"{"own_voice":true,"proposition":"p","document":{"url":"https://u","outlet":"C"}}"#,
        r#"document <https://u> by C. C said "p"."#,
    ),
    // Names.
    (
        r#"{"speaker":["  A ","B  C"],"addressee":"D [x]","proposition":"p"}"#,
        r#"A, B C said to [D (x)] that "p"."#,
    ),
    (
        r#"{"speaker":"officials","addressee":"an aide","proposition":"p"}"#,
        r#"[officials] said to [an aide] that "p"."#,
    ),
    (
        r#"{"speaker":{"name":"officials","ids":["Q"]},"proposition":"p"}"#,
        r#"[officials|] said "p". [officials] is also id "Q"."#,
    ),
    (
        r#"{"speaker":{"name":"A","kind":"person","ids":["Q1"],"aliases":["B"]},"proposition":"p"}"#,
        r#"A said "p". A is person also id "Q1", "B"."#,
    ),
    (
        r#"{"speaker":"A","speaker_title":"head","speaker_affiliation":"B","proposition":"p"}"#,
        r#"A said "p". A is in B as [head]."#,
    ),
    (r#"{"speaker":"A","speaker_title":"head","proposition":"p"}"#, r#"A said "p". A is [head]."#),
    // What else there is.
    (
        r#"{"id":"a b","speaker":"A","proposition":"p","mode":"quote"}"#,
        r#"#[a b]: A said "p" verbatim {mode: quote}."#,
    ),
    (
        r#"{"speaker":"A","proposition":"p","hedge":"possibly","condition":"c","date":"2025-12-01 14:30:05.9+02:00"}"#,
        r#"A said possibly "p" if "c" on 2025-12-01T12:30:05Z."#,
    ),
    (r#"{"speaker":"A","proposition":"p","hedge":"so they say"}"#, r#"A said "p" {hedge: "so they say"}."#),
    (
        r#"{"speaker":"A","proposition":"p","figures":[{"what":"rate","value":5,"unit":"%"},{"what":"x y","op":"between","value":[1,2.50]}]}"#,
        r#"A said "p" with rate = 5 % with [x y] between 1 and 2.5."#,
    ),
    (r#"{"speaker":"A","proposition":"p","extra":{"page":4,"a":"b"}}"#, r#"A said "p" {a: "b", page: 4}."#),
    (r#"{"speaker":"A"}"#, "A said."),
];

#[test]
fn rows_mean_what_the_reference_says() {
    let folder = tempfile::tempdir().unwrap();
    let mut wrong = Vec::new();
    for (row, sentences) in MEANS {
        let (rows, loaded) = load(row, folder.path());
        let mut told = Database::new(NOW);
        let problems = told.load_text((*sentences).into(), u64::MAX).problems;
        if loaded.refused() > 0 || !problems.is_empty() {
            wrong.push(format!("{row}: {loaded:?} {problems:?}"));
        } else if same(&dump(rows.graph())) != same(&dump(told.graph())) {
            wrong.push(format!("{row}\n{}\n{}", dump(rows.graph()), dump(told.graph())));
        }
    }
    assert!(wrong.is_empty(), "{} rows\n{}", wrong.len(), wrong.join("\n"));
}

/// A dump without the numbers, which depend on what is told first.
fn same(dump: &str) -> BTreeSet<String> {
    let plain = |line: &str| line.replace(|c: char| c.is_ascii_digit(), "");
    dump.lines().map(plain).collect()
}

#[test]
fn messages_stay_short_whatever_a_row_holds() {
    let folder = tempfile::tempdir().unwrap();
    let long = "x".repeat(1 << 19);
    let rows = [
        format!(r#"{{"speaker":"Anna","proposition":"p","{long}":1}}"#),
        format!(r#"{{"speaker":"Anna","proposition":"p","stance":"{long}"}}"#),
        format!(r#"{{"speaker":"Anna","proposition":"p","id":"~{long}"}}"#),
    ];
    let (_, loaded) = load(&rows.join("\n"), folder.path());
    assert_eq!(loaded.problems.len(), 3);
    for problem in loaded.problems {
        let Problem::Row(problem) = problem else { panic!("{problem:?}") };
        assert!(
            problem.message.len() < 700 && problem.message.contains("xxx…xxx"),
            "{}",
            problem.message.len()
        );
    }
}
