//! Tables read through mappings: what each part of a mapping does with a row, what is refused and how it is counted.

use dixit::db::Database;
use dixit::diag::{Code, Diagnostic};
use dixit::formats::dixit::{Context, Params};
use dixit::formats::export;
use dixit::formats::table::{Mapping, Outcome, Report, read};
use dixit::graph::Graph;

/// Reads a table into a new graph.
pub(crate) fn load(mapping: &str, table: impl AsRef<[u8]>) -> (Graph, Report) {
    let mapping = Mapping::parse(mapping).unwrap_or_else(|found| panic!("{found:#?}"));
    let mut graph = Graph::new();
    let context = Context::new(0, Params::new());
    match read(&mut graph, &context, &mapping, table.as_ref(), u64::MAX, true).unwrap() {
        Outcome::Read(report) => (graph, report),
        Outcome::Unfit(found) => panic!("{found:#?}"),
    }
}

/// What a graph holds, as sentences without the head line.
pub(crate) fn told(graph: &Graph) -> String {
    let mut out = Vec::new();
    export::dixit(graph, &mut out).unwrap();
    String::from_utf8(out).unwrap().replace("\n    ", " ").lines().skip(1).collect::<Vec<_>>().join("\n")
}

/// What a table becomes, where all its rows are good.
fn becomes(mapping: &str, table: impl AsRef<[u8]>, expected: &str) {
    let (graph, report) = load(mapping, table);
    assert_eq!(report.rows.refused, [], "{mapping}");
    let wanted: Vec<&str> = expected.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    assert_eq!(told(&graph), wanted.join("\n"), "{mapping}");
}

/// The codes with the texts that they point at.
fn wrong(mapping: &str) -> Vec<(&'static str, String)> {
    let at = |found: &Diagnostic| (found.code.id(), found.span.of(mapping).to_string());
    Mapping::parse(mapping).map(|_| ()).unwrap_err().iter().map(at).collect()
}

#[test]
fn a_row_is_a_statement() {
    becomes(
        "from csv: #$id: $who told $whom that $what about $about on $day via $via {page: $page}.",
        "id,who,whom,what,about,day,via,page\nk1,Anna Brandt,Boris,the bridge is open,Bridge,2026-03-01,Radio Kai,4\n",
        r#"#k1: Anna Brandt told to Boris that "the bridge is open" about Bridge on 2026-03-01 via Radio Kai {page: 4}."#,
    );
}

#[test]
fn the_terms_of_linked_contents_are_filled() {
    becomes(
        "from csv: $who said \"many died\" with dead = $n if $on for $year {modality: possible}.
        \"many died\" with dead = $n if $on for $year {modality: possible} contradicts \"nobody died\" for $year as year.",
        "who,n,on,year\nAnna,3,it rains,2026\nBea,4,,\n",
        r#"Anna said "many died" for 2026 if "it rains" with dead = 3 {modality: possible}.
        "many died" for 2026 if "it rains" with dead = 3 {modality: possible} contradicts "nobody died" for 2026.
        Bea said "many died" with dead = 4 {modality: possible}.
        "many died" with dead = 4 {modality: possible} contradicts "nobody died"."#,
    );
}

#[test]
fn what_is_empty_drops_what_it_would_fill() {
    let mapping = "from csv empty \"None\": #$id: $who said to $whom that $what about $about, Port on $day via $via source $url
        if $if with deaths >= $n people for $span {page: $page}.";
    becomes(
        mapping,
        "id,who,whom,what,about,day,via,url,if,n,span,page\nk1,,None, it rained ,,,,,,,,\n,Anna,,,,,,,,,,\n",
        r#"#k1: [an unstated source] said "it rained" about Port."#,
    );
}

#[test]
fn a_statement_of_which_nothing_is_left_is_not_told() {
    let mapping =
        "from csv: $who said $what about $about. $who is in $group as $role also $also. $who same as $also.
        document $url on $day. $who opposed about $about.";
    let mapping = format!("define verb opposed as said.\n{mapping}");
    let (graph, report) =
        load(&mapping, "who,what,about,group,role,also,url,day\nA,,,,,,,\n,,,,,,,\nB,,C,,,,,\n");
    assert_eq!((report.rows.read, report.rows.taken, report.passed), (3, 1, 2));
    assert_eq!(told(&graph), "define verb opposed as said.\nB opposed about C.");
}

#[test]
fn lists_are_taken_apart() {
    becomes(
        "from csv: $who split \";\" said $what about $about split \"|\", Port via $via split \",\".",
        "who,what,about,via\nAnna; Boris ;;Anna,P,a|b||a,\"R,S\"\n",
        r#"Anna, Boris said "P" about [a], [b], Port via R, S."#,
    );
}

#[test]
fn each_part_is_told_alone_and_in_step() {
    becomes(
        "from csv: #$id: $who said $what via each $office split \";\" (each $on split \";\").",
        "id,who,what,office,on\nk,Anna,P,R;S;,2026-01-01;;2026-01-03\n",
        r#"#k: Anna said "P" via R (2026-01-01).
           #k: Anna said "P" via S.
           #k: Anna said "P"."#,
    );
    let (_, report) = load(
        "from csv: $who said $what via each $office split \";\" (each $on split \";\").",
        "who,what,office,on\nAnna,P,R;S,2026-01-01\nAnna,Q,R;S,\n",
    );
    assert_eq!((report.rows.refused[0].code, report.rows.refused[0].line), (Code::BadRow, 2));
    assert_eq!((report.rows.read, report.rows.taken), (2, 1));
}

#[test]
fn what_a_part_tells_again_is_told_once() {
    becomes(
        "from csv: each $names split \";\" is person.",
        "names\nAnna;Boris\nBoris;Clara;Anna\n",
        "Anna is person.\nBoris is person.\nClara is person.",
    );
    let (graph, report) = load(
        "from csv: $who said $what about $about split \";\".",
        format!("who,what,about\nAnna,p,{}\nAnna,q,x\n", ";".repeat(70_000)),
    );
    assert_eq!((graph.claims.len(), report.rows.refused.len()), (1, 1));
    assert!(report.rows.refused[0].message.contains("more than 65536 parts"), "{report:?}");
}

#[test]
fn a_value_is_never_language() {
    becomes(
        "from csv: $who said $what about $about.",
        "who,what,about\nanna said \"x\". void #k1,\"say \"\"no\"\". who said what?\",[x] $who ?y\nCAFÉ của tôi,«a»,\"a \n b\"\n",
        r#"[anna said "x". void #k1] said "say \"no\". who said what?" about [(x) $who ?y].
           [CAFÉ của tôi] said "«a»" about [a b]."#,
    );
}

#[test]
fn whoever_is_described_is_not_named() {
    let table = "who,what\na customs official,P\na customs official,Q\nofficials,P\nofficials,Q\n";
    let (graph, report) = load("from csv: $who said $what.", table);
    assert_eq!((report.rows.taken, graph.entities.len()), (4, 4));
}

#[test]
fn dates_have_forms() {
    becomes(
        "from csv: Anna said $what on $d as date \"DD/MM/YYYY\" for $e as month.",
        "what,d,e\nP,01/12/2025,2025-12-01\nQ,31/01/2026,2026-01-31 17:00:00\n",
        r#"Anna said "P" for 2025-12 on 2025-12-01.
           Anna said "Q" for 2026-01 on 2026-01-31."#,
    );
    becomes(
        "from csv: Anna said $what between $a and $b.",
        "what,a,b\nP,2025-12-01,2025-12-03\nQ,2025-12-01,\nR,,2025\n",
        r#"Anna said "P" on 2025-12-01..2025-12-03.
           Anna said "Q" on 2025-12-01...
           Anna said "R" on ..2025-12-31."#,
    );
    becomes(
        "from csv: Anna said $what for $a..$b as date \"D.M.YY\".",
        "what,a,b\nP,2025-12-01,3.12.25\n",
        r#"Anna said "P" for 2025-12-01..2025-12-03."#,
    );
    let (_, report) = load("from csv: Anna said $what on $d as day.", "what,d\nP,2025-12-01 or so\n");
    assert_eq!(report.rows.refused[0].code, Code::BadTime);
    let (_, report) = load(
        "from csv: Anna said $what on $d as date \"DD/MM/YYYY\".",
        "what,d\nP,2025-12-01\nQ,30/02/2025\nR,29/02/2024\n",
    );
    let codes: Vec<_> = report.rows.refused.iter().map(|found| (found.line, found.code.id())).collect();
    assert_eq!(codes, [(2, "E217"), (3, "E217")]);
    assert!(report.rows.refused[0].message.contains("$d: `2025-12-01`"), "{:?}", report.rows.refused[0]);
}

#[test]
fn guards_choose_rows() {
    let mapping = "define verb opposed as said.
        from csv: when $label is \"a\", \"B\": $x denied $t.
        when $label is not \"a\" and $n >= 2: $x opposed $t.
        when $n is unknown: $x said $t.";
    let table = "label,x,t,n\na,X,P,1\nb,X,Q,3\nc,X,R,10\n,X,S,5\nc,X,T,\n";
    becomes(
        mapping,
        table,
        r#"define verb opposed as said.
           X denied "P".
           X denied "Q".
           X opposed "Q".
           X opposed "R".
           X said "T"."#,
    );
    let (_, report) = load(mapping, table);
    assert_eq!((report.rows.read, report.rows.taken, report.passed), (5, 4, 1));
}

#[test]
fn who_is_who_and_documents() {
    becomes(
        "from csv: document $url by $paper on $day titled $title {language: $lang}.
         $a said $title about $b.
         $a is person also $alias split \";\", id $id.
         $a is in $party as $role for $day as year.
         $a is $role of $party.",
        "url,paper,day,title,lang,a,b,alias,id,party,role\n\
         https://p.example/1,Daily,2025-12-02,P,pt,Anna,Boris,Ана;Ann,Q1,Greens,chair\n\
         page nine,Daily,,P,,Anna,Boris,,Q1,,\n",
        r#"Daily is outlet.
           document <https://p.example/1> by Daily on 2025-12-02 titled "P" {language: "pt"}.
           document "page nine" by Daily titled "P".
           end document.
           Anna said "P" about Boris via Daily source <https://p.example/1>.
           Anna is person also "Ана", "Ann", id "Q1".
           Anna said "P" about Boris via Daily source "page nine".
           Anna is in Greens as [chair] for 2025.
           Anna is [chair] of Greens."#,
    );
}

#[test]
fn speech_about_speech() {
    becomes(
        "from csv: $paper wrote that ($wire reported that ($who said $what)) source $url.",
        "paper,wire,who,what,url\nDaily,Wire,Anna,P,\n,Wire,Anna,Q,https://a.example/1\n,,Anna,R,\n",
        r#"Anna said "P" via Wire via Daily (wrote).
           Anna said "Q" via Wire source <https://a.example/1>.
           Anna said "R"."#,
    );
}

#[test]
fn columns_of_any_name() {
    becomes(
        r#"from csv: $[Source Office] said $"a [b]" about $4."#,
        "Source Office,a [b],c,c\nAnna,P,x,Port\n",
        r#"Anna said "P" about Port."#,
    );
    becomes(
        "from tsv header none: $1 said $2.",
        "Anna\tP\nBoris\tQ\n",
        "Anna said \"P\".\nBoris said \"Q\".",
    );
    becomes("from csv: $имя said $что.", "имя,что\nАнна,да\n", "Анна said \"да\".");
}

#[test]
fn dialects() {
    let expected = "Anna said \"P; \\\"q\\\"\".";
    let csv = |head: &str| format!("from csv {head}: $who said $what.");
    becomes(&csv("separator \";\""), "who;what\nAnna;\"P; \"\"q\"\"\"\n", expected);
    becomes(&csv("separator \"|\" quote \"'\""), "who|what\r\n'Anna'|'P; \"q\"'\r\n", expected);
    becomes(&csv("quote none separator \"\\t\""), "who\twhat\nAnna\tP; \"q\"", expected);
    becomes(&csv("escape \"\\\\\""), "who,what\nAnna,\"P; \\\"q\\\"\"\n", expected);
    becomes(
        &csv("skip 2 comment \"#\""),
        "Report\n\n# head\nwho,what\n# x\nAnna,\"P; \"\"q\"\"\"\n\n",
        expected,
    );
}

#[test]
fn encodings() {
    let mapping = |encoding: &str| format!("from csv{encoding}: $who said $what.");
    let expected = "Łódź said \"ćma\".";
    let plain = "who,what\nŁódź,ćma\n";
    becomes(&mapping(""), plain, expected);
    becomes(&mapping(" encoding \"windows-1252\""), format!("\u{FEFF}{plain}"), expected);
    becomes(&mapping(" encoding \"windows-1250\""), b"who,what\n\xA3\xF3d\x9F,\xE6ma\n", expected);
    let utf16 = |to: fn(u16) -> [u8; 2], mark: bool| -> Vec<u8> {
        let mark = if mark { "\u{FEFF}" } else { "" };
        format!("{mark}{plain}").encode_utf16().flat_map(to).collect()
    };
    becomes(&mapping(""), utf16(u16::to_le_bytes, true), expected);
    becomes(&mapping(""), utf16(u16::to_be_bytes, true), expected);
    becomes(&mapping(" encoding \"utf-16be\""), utf16(u16::to_be_bytes, false), expected);

    let (_, report) = load(&mapping(""), b"who,what\nA,\xE6\nB,x\n");
    let found = &report.rows.refused[0];
    assert_eq!((found.line, found.code, report.rows.taken), (2, Code::Encoding, 1));
    let (_, report) = load(&mapping(" encoding \"shift_jis\""), b"who,what\nA,\x81\nB,x\n");
    assert_eq!((report.rows.refused[0].code, report.rows.taken), (Code::Encoding, 1));
    // What is kept can be read again as it stands.
    assert!(report.rejects.starts_with(b"\xEF\xBB\xBFwho,what\n"));
}

#[test]
fn foreign_json_lines() {
    becomes(
        "from jsonl: #$id: $person.name said $text about $tags on $when {score: $score, meta: $meta, all: $tags}.",
        "{\"id\":7,\"person\":{\"name\":\"Анна\",\"x\":1},\"text\":\"a\\nb\",\"tags\":[\"A\",null,\"B\"],\"when\":\"2026-01-01\",\"score\":0.5,\"meta\":{\"k\":[1]},\"zzz\":[[]]}\n\n\
         {\"text\":\"Q\",\"person\":null,\"tags\":[],\"when\":null,\"meta\":{}}\n",
        "#7: Анна said \"\"\"a\nb\"\"\" about A, B on 2026-01-01 {score: 0.5, meta: json \"{\\\"k\\\":[1]}\", all: json \"[\\\"A\\\",\\\"B\\\"]\"}.
         [an unstated source] said \"Q\" {meta: json \"{}\"}.",
    );
    let (_, report) = load(
        "from jsonl: $who said $what.",
        "{\"who\":{\"a\":1},\"what\":\"P\"}\nnot json\n{\"who\":\"A\",\"who\":\"B\"}\n[1]\n{\"who\":\"A\",\"what\":\"P\"}\n{\"who\":\"A\",\"what\":[\"P\",\"Q\"]}\n",
    );
    let codes: Vec<_> = report.rows.refused.iter().map(|found| (found.line, found.code.id())).collect();
    assert_eq!(codes, [(1, "E307"), (2, "E305"), (3, "E305"), (4, "E305"), (6, "E307")]);
    assert_eq!((report.rows.read, report.rows.taken), (6, 1));
}

#[test]
fn a_key_that_no_line_has_is_a_mistake_of_the_mapping() {
    let (_, report) = load(
        "from jsonl: $who said $textt about $rare.",
        "{\"who\":\"A\",\"text\":\"P\"}\n{\"rare\":\"B\"}\n",
    );
    let found: Vec<_> = report.unseen.iter().map(|found| (found.code.id(), found.help[0].as_str())).collect();
    assert_eq!(found, [("E310", "did you mean $text?")]);
}

#[test]
fn columns_that_the_table_does_not_have() {
    let context = Context::new(0, Params::new());
    for (mapping, table, help) in [
        ("from csv: $Who said $what.", "who,what\n", "did you mean $who?"),
        ("from csv: $who said $[other text].", "who,Other Text\n", "did you mean $[Other Text]?"),
        ("from csv: $who said $nothing.", "who,what\n", "it has $who, $what"),
        ("from csv: $who said $what.", "who,what,who\n", "name it by its number: $1 or $3"),
        ("from csv header none: $1 said $3.", "a,b\n", "name columns by their number, as $1"),
        (
            "from csv: $who said $what.",
            "",
            "a table has a head line that names its columns; without one write `header none`",
        ),
    ] {
        let mapping = Mapping::parse(mapping).unwrap();
        let mut graph = Graph::new();
        let came = read(&mut graph, &context, &mapping, table.as_bytes(), 0, false).unwrap();
        let Outcome::Unfit(found) = came else { panic!("{table}") };
        assert!(matches!(found[0].code, Code::NoColumn | Code::BadTableRow));
        assert_eq!(found[0].help[0], help);
        assert_eq!(graph.entities.len(), 0);
    }
}

#[test]
fn rows_that_are_none_cost_only_themselves() {
    let table = "who,what\nA,P\nB\nC,\"Q\nR\",S\nD,\"never\nE,T\nF,U\n";
    let (graph, report) = load("from csv: $who said $what.", table);
    let codes: Vec<_> = report.rows.refused.iter().map(|found| (found.line, found.code.id())).collect();
    assert_eq!(codes, [(3, "E312"), (4, "E312"), (6, "E312")]);
    assert_eq!((report.rows.read, report.rows.taken, graph.claims.len()), (6, 3, 3));
    assert_eq!(String::from_utf8(report.rejects).unwrap(), "who,what\nB\nC,\"Q\nR\",S\nD,\"never\n");
}

#[test]
fn a_refused_row_leaves_the_graph_as_it_was() {
    let mapping = "from csv: document $url by $paper. #$id: $who said $what with deaths = $n people. $who is in $group. $paper is outlet.";
    let good = "url,paper,id,who,what,n,group\nu,Daily,k1,Anna,P,1,G\n";
    let (clean, _) = load(mapping, good);
    // A number that is none, an id taken, a member of itself.
    let bad = "v,New,k2,Bea,Q,many,H\nw,Newer,k1,Clara,R,1,H\nx,Newest,k3,Dora,S,1,dora\ny,Weekly,k4~1,Emma,T,2,H\n";
    let (graph, report) = load(mapping, format!("{good}{bad}"));
    let codes: Vec<&str> = report.rows.refused.iter().map(|found| found.code.id()).collect();
    assert_eq!(codes, ["E222", "E213", "E221", "E216"]);
    assert_eq!(told(&graph), told(&clean));
    assert_eq!((graph.entities.len(), graph.documents.len()), (clean.entities.len(), clean.documents.len()));
}

#[test]
fn two_claims_of_a_row_cannot_have_one_id() {
    let (graph, report) = load("from csv: #$id: $a said $t. #$id: $b said $t.", "id,a,b,t\nk,A,B,P\n");
    assert_eq!((report.rows.refused[0].code, graph.claims.len()), (Code::Redefinition, 0));
}

#[test]
fn reading_ends_where_too_much_is_wrong() {
    let mapping = Mapping::parse("from csv: $who said $what.").unwrap();
    let mut graph = Graph::new();
    let table = b"who,what\nA\nB\nC,P\n";
    let came = read(&mut graph, &Context::new(0, Params::new()), &mapping, &table[..], 1, false).unwrap();
    let Outcome::Read(report) = came else { panic!() };
    assert!(report.rows.gave_up && report.rows.refused.len() == 2 && report.rejects.is_empty());
    assert_eq!(graph.claims.len(), 0);
}

#[test]
fn a_mapping_is_checked_alone() {
    for (mapping, expected) in [
        ("from csv: $who sayd $what.", &[("E201", "sayd")][..]),
        ("from csv: $who said $whom $what.", &[("E218", "$whom")]),
        ("from csv: $who said $what split \";\".", &[("E110", "$what split \";\"")]),
        ("from csv: $who as day said $what.", &[("E110", "$who as day")]),
        ("from csv: $who said $what on $d as date \"DD/MM\".", &[("E108", "\"DD/MM\"")]),
        ("from csv separator \"::\": $who said $what.", &[("E216", "\"::\"")]),
        (
            "from csv separator \";\" quote \";\": $who said $what.",
            &[("E216", "from csv separator \";\" quote \";\"")],
        ),
        ("from csv encoding \"utf-7\": $who said $what.", &[("E216", "\"utf-7\"")]),
        ("from jsonl separator \";\": $who said $what.", &[("E110", "\";\"")]),
        ("from csv: $who said $what. who said what?", &[("E113", "who said what?")]),
        ("from csv: $who said $what. define verb x as said.", &[("E110", "define verb x as said.")]),
        ("from csv: $who said $what. from csv: $a said $b.", &[("E110", "from csv")]),
        ("from csv: $who said $what with deaths > 1 people if ?x.", &[("E205", "if ?x")]),
        ("Anna said \"x\".", &[("E311", "")]),
        ("from csv: $who said $what {mode: $mode}.", &[("E216", "$mode")]),
        ("from csv: $a is in $a.", &[("E221", "$a")]),
        ("from csv: $who said \"$what\".", &[("E103", "\"$what\"")]),
    ] {
        let found = wrong(mapping);
        let found: Vec<(&str, &str)> = found.iter().map(|(code, at)| (*code, at.as_str())).collect();
        assert_eq!(found, expected, "{mapping}");
    }
}

#[test]
fn outside_a_mapping_columns_are_refused() {
    let mut db = Database::new(0);
    db.set_param("x", "Anna");
    for text in [
        "$x split \";\" said \"P\".",
        "Anna is also $x.",
        "$[x] said \"P\".",
        "when $x is \"a\": $x said \"P\".",
        "from csv: $x said \"P\".",
        "#$x: Anna said \"P\".",
    ] {
        let loaded = db.load_text(text.into(), u64::MAX);
        let dixit::db::Problem::Sentence(found) = &loaded.problems[0] else { panic!() };
        assert_eq!((found.code, loaded.refused(), loaded.added), (Code::OutsideMapping, 1, 0), "{text}");
    }
    assert!(
        matches!(&db.ask("each $x said what?").unwrap_err()[..], [found] if found.code == Code::OutsideMapping)
    );
    assert_eq!(db.load_text("$x said \"P\".".into(), u64::MAX).added, 1);
}
