//! Drawings: what is drawn for a claim, a name, a timeline and a question, in each form, and what is too much for one.

use crate::cli::{folder, run};

const FACTS: &str = "\
document \"https://unn.ua/1\" by UNN on 2025-12-02.
#c1: Peskov told Reuters that \"x < y & \\\"z\\\"\" about [Bank of Oslo].
#c2: Anna denied that \"x < y & \\\"z\\\"\" about [Bank of Oslo] on 2025-12-01.
#c3: Anna said \"x < y & \\\"z\\\"\" about [Bank of Oslo] on 2025-12-03.
";

#[test]
fn a_claim_a_name_and_a_timeline_are_drawn_as_text() {
    let folder = folder(&[("a.dixit", FACTS)]);
    let drawn = |what: &str| run(&folder, &["draw", what, "a.dixit"]).expect(0).out;
    let way = "\
https://unn.ua/1 (2025-12-02)
└─ UNN
   └─ reported: Peskov
      └─ told Reuters #c1: “x < y & \"z\"”
";
    assert_eq!(drawn("#c1"), way);
    let about = "\
https://unn.ua/1 (2025-12-02)
└─ UNN
   ├─ reported: Anna
   │  ├─ denied 2025-12-01 #c2: not “x < y & \"z\"”
   │  └─ said 2025-12-03 #c3: “x < y & \"z\"”
   └─ reported: Peskov
      └─ told Reuters #c1: “x < y & \"z\"”
";
    assert_eq!(drawn("Bank of Oslo"), about);
    assert_eq!(drawn("[Bank of Oslo]"), about);
    assert_eq!(drawn("who said what about [Bank of Oslo]"), about);
    let timeline = "\
2025-12-01   ● Anna: not x < y & \"z\" #c2
..2025-12-02 ● Peskov: x < y & \"z\" #c1
2025-12-03   ◆ Anna: x < y & \"z\" [reversal] #c3
";
    assert_eq!(drawn("timeline Bank of Oslo"), timeline);
}

/// Each of the three leads to Anna or Boris with what came through it; what Boris said came to two of them through the Wire.
#[test]
fn who_carried_leads_to_what_was_carried_and_to_nothing_else() {
    let facts = "\
#a: Anna said \"P\" about Oil on 2030-01-01 via Wire.
#b: Anna said \"Q\" about Oil on 2030-01-02 via Daily.
#c: Anna said \"R\" about Oil on 2030-01-03 via Daily.
#d: Boris said \"S\" about Oil on 2030-01-04 via Wire via Daily.
#d: Boris said \"S\" about Oil on 2030-01-04 via Wire via Weekly.
";
    let folder = folder(&[("a.dixit", facts)]);
    let tree = "\
Wire
└─ reported: Anna
   └─ said 2030-01-01 #a: “P”
Daily
├─ reported: Anna
│  ├─ said 2030-01-02 #b: “Q”
│  └─ said 2030-01-03 #c: “R”
└─ reported: Wire
   └─ reported: Boris
      └─ said 2030-01-04 #d: “S”
Weekly
└─ reported: Wire (see above)
";
    assert_eq!(
        run(&folder, &["draw", "?k: who said what about Oil via ?w | show ?k, via", "a.dixit"]).expect(0).out,
        tree
    );
}

#[test]
fn pictures_are_whole_files_and_nothing_of_the_data_is_taken_for_markup() {
    let folder = folder(&[("a.dixit", FACTS), ("notes.svg", "mine")]);
    for what in ["Bank of Oslo", "timeline Bank of Oslo", "#c2"] {
        run(&folder, &["draw", what, "a.dixit", "-o", "out.svg", "--force"]).expect(0);
        let svg = std::fs::read_to_string(folder.path().join("out.svg")).unwrap();
        assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>\n"), "{svg}");
        assert!(svg.contains("x &lt; y &amp; &quot;z&quot;") && !svg.contains("x < y"), "{svg}");
        let again = run(&folder, &["draw", what, "a.dixit", "--as", "svg"]).expect(0).out;
        assert_eq!(again, svg);
    }
    run(&folder, &["draw", "#c2", "a.dixit", "-o", "out.dot"]).expect(0);
    assert!(std::fs::read_to_string(folder.path().join("out.dot")).unwrap().starts_with("digraph dixit {"));
    let came = run(&folder, &["draw", "#c2", "a.dixit", "-o", "notes.svg"]).expect(2);
    assert!(came.err.contains("choose another name"), "{came:#?}");
    assert_eq!(std::fs::read_to_string(folder.path().join("notes.svg")).unwrap(), "mine");
}

#[test]
fn what_is_too_much_or_nothing_is_said() {
    let one = |number| format!("P{number} said \"s{number}\" about Dam.");
    let many = (0..100).map(one).collect::<Vec<_>>().join("\n");
    let folder = folder(&[("a.dixit", &many)]);
    let came = run(&folder, &["draw", "Dam", "a.dixit"]).expect(0);
    assert_eq!(came.out.lines().count(), 80);
    assert!(came.err.contains("the last 40 claims are drawn, and 60 are not"), "{came:#?}");
    // A name that nobody has is an error that says which are like it, or where to find some.
    for what in ["Dan", "timeline Dan", "who said what about Dan"] {
        let came = run(&folder, &["draw", what, "a.dixit"]).expect(1);
        assert!(came.err.contains("E203") && came.err.contains("did you mean Dam?"), "{came:#?}");
        assert_eq!(came.out, "");
    }
    let came = run(&folder, &["draw", "Nowhere at all", "a.dixit", "-o", "out.svg"]).expect(1);
    assert!(came.err.contains("E203") && came.err.contains(".names"), "{came:#?}");
    assert!(!folder.path().join("out.svg").exists());
    let came = run(&folder, &["draw", "P1", "a.dixit"]).expect(0);
    assert!(came.out.contains("nothing to draw") && came.err.contains("'P1 said what'"), "{came:#?}");
    assert!(run(&folder, &["draw", "#zz", "a.dixit"]).expect(1).err.contains("E210"));
    assert!(run(&folder, &["draw", "who sayd what", "a.dixit"]).expect(1).err.contains("E201"));
    assert_eq!(run(&folder, &["draw", "Dam", "none.dixit"]).status, Some(2));
}

#[test]
fn circles_end() {
    let facts = "A said \"x\" via B via C. C said \"y\" via A. A said \"z\" via C.\n";
    let folder = folder(&[("a.dixit", facts)]);
    for form in ["text", "svg", "dot"] {
        let came = run(&folder, &["draw", "who said what", "a.dixit", "--as", form]).expect(0);
        assert!(came.out.len() < 10_000, "{came:#?}");
    }
}
