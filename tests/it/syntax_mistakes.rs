//! The typical mistakes: what people write, the code, the text it points at, and the fix, which is a sentence wherever it can be one.

use dixit::syntax::{is_complete, parse};

/// What is written, the code, what it points at, and what to write instead: a whole sentence, or nothing where only a part can be told.
const MISTAKES: &[(&str, &str, &str, &str)] = &[
    (r#""Vladimir Putin" said "P"."#, "E103", r#""Vladimir Putin""#, r#"Vladimir Putin said "P"."#),
    (r#"Anna said "P" via "Reuters"."#, "E103", r#""Reuters""#, r#"Anna said "P" via Reuters."#),
    (r#"who said what about "Pokrovsk"?"#, "E103", r#""Pokrovsk""#, "who said what about Pokrovsk?"),
    ("from csv $who said $what.", "E101", "$who", "from csv: $who said $what."),
    ("from excel: $who said $what.", "E101", "excel", ""),
    (r#"from csv delimiter ";": $who said $what."#, "E101", "delimiter", ""),
    (
        "from csv: $Source Office said $what.",
        "E101",
        "$Source Office",
        "from csv: $[Source Office] said $what.",
    ),
    ("from csv: $who said $what split ; about Oil.", "E101", ";", ""),
    ("from csv: $who said $what on $d as date DD/MM/YYYY.", "E101", "DD/MM/YYYY", ""),
    (r#"when $a = "x": $who said $what."#, "E101", "=", r#"when $a is "x": $who said $what."#),
    ("from csv: $who said $what?", "E101", "?", ""),
    (r#"putin said "P"."#, "E104", "putin", r#"Putin said "P"."#),
    ("who said what about pokrovsk?", "E104", "pokrovsk", "who said what about Pokrovsk?"),
    (r#"Bank of America said "P"."#, "E105", "Bank of America", r#"[Bank of America] said "P"."#),
    (
        "who said what about Bank of America?",
        "E105",
        "Bank of America",
        "who said what about [Bank of America]?",
    ),
    (
        r#"Anna said "P" about von der Leyen."#,
        "E104",
        "von der Leyen",
        r#"Anna said "P" about [von der Leyen]."#,
    ),
    (
        "who said what about Pokrovsk and Vovchansk?",
        "E106",
        "and",
        "who said what about Pokrovsk, Vovchansk?",
    ),
    (
        "who said what about Pokrovsk, and Vovchansk?",
        "E106",
        "and",
        "who said what about Pokrovsk, Vovchansk?",
    ),
    ("Anna and Boris said what?", "E106", "and", "Anna, Boris said what?"),
    (r#"?x said "P" and ?x said "Q" or ?x said "R"?"#, "E106", "or", ""),
    (r#"Peskov did not say "P"?"#, "E107", "did not say", ""),
    (r#"Peskov didn't tell "P"?"#, "E107", "didn't tell", ""),
    (r#"Peskov never said "P"?"#, "E107", "never said", ""),
    ("who said what on 01.12.2025?", "E108", "01.12.2025", "who said what on 2025-12-01?"),
    ("who said what on December 1, 2025?", "E108", "December 1, 2025", "who said what on 2025-12-01?"),
    ("who said what in December 2025?", "E108", "December 2025", "who said what in 2025-12?"),
    ("who said what on Monday?", "E108", "Monday", ""),
    ("who said what show who", "E109", "show", "who said what | show who"),
    (
        r#"who said what where what has "peace"?"#,
        "E109",
        "where",
        r#"who said what | where what has "peace"?"#,
    ),
    ("who said what take 5", "E109", "take", "who said what | take 5"),
    ("who said what via Reuters first?", "E110", "first", ""),
    (r#"Anna said "P" via UNN allegedly."#, "E110", "allegedly", ""),
    ("who said what abuot Pokrovsk?", "E111", "abuot", "who said what about Pokrovsk?"),
    ("who said what | shwo who", "E111", "shwo", "who said what | show who"),
    ("who said what | count.", "E113", ".", "who said what | count?"),
    (r#"trace "P"."#, "E113", ".", r#"trace "P"?"#),
    (
        "Anna said \"P\" for 2031-03-18..\nBoris said \"Q\".",
        "E113",
        "..",
        r#"Anna said "P" for 2031-03-18..."#,
    ),
    ("Anna said \"P\"\nBoris said \"Q\".", "E113", r#""P""#, r#"Anna said "P"."#),
    ("who said what\nwho told whom what?", "E113", "what", "who said what?"),
    (r#"Anna said "P" about Oil.Boris said "Q"."#, "E113", ".", ""),
    (r#"Putin was told by Peskov "P"."#, "E110", "was told", r#"Peskov told Putin "P"."#),
    ("who was told what by Peskov?", "E110", "was told", "Peskov told whom what?"),
    (r#""P" was said by Anna."#, "E110", "was said", r#"Anna said "P"."#),
    (r#"Anna has said "P"."#, "E110", "has said", r#"Anna said "P"."#),
    (r#"Anna is saying "P"."#, "E110", "is saying", ""),
    ("what did Putin say about Ukraine?", "E110", "did", "Putin said what about Ukraine?"),
    ("What did Putin tell Trump about Ukraine?", "E110", "did", "Putin told Trump what about Ukraine?"),
    ("did Putin say anything about Ukraine?", "E110", "did", "Putin said anything about Ukraine?"),
    (r#""P", said Anna."#, "E110", r#""P""#, r#"Anna said "P"."#),
    (
        r#""The bridge is open," said Anna on 2025-12-01."#,
        "E110",
        r#""The bridge is open,""#,
        r#"Anna said "The bridge is open" on 2025-12-01."#,
    ),
    (r#"Anna said "P" to Boris about Oil."#, "E110", "to", r#"Anna said to Boris "P" about Oil."#),
    ("who said what to who?", "E110", "to", "who said to whom what?"),
    ("whom said what?", "E110", "whom", "who said what?"),
    ("who said what and not Anna denied ?c?", "E110", "not", "who said what and not (Anna denied ?c)?"),
    ("who said what | where not who = Anna", "E110", "not", "who said what | where not (who = Anna)"),
    (r#"Anna said: "P"."#, "E101", ":", r#"Anna said "P"."#),
    (r#"Anna said, "P"."#, "E101", ",", r#"Anna said "P"."#),
    (r#"Anna: "P"."#, "E101", ":", r#"Anna said "P"."#),
    ("Anna said 'the bridge is open'.", "E101", "'the bridge is open'", r#"Anna said "the bridge is open"."#),
    ("Anna said ‘P’ about Oil.", "E101", "‘P’", r#"Anna said "P" about Oil."#),
    ("Anna said ”P” about Oil.", "E101", "”P”", r#"Anna said "P" about Oil."#),
    (r#"Anna said "P” about Oil."#, "E102", r#"""#, ""),
    (r#"Anna said „P" about Oil."#, "E102", "„", ""),
    ("Anna said »P« about Oil.", "E102", "«", ""),
    ("Anna said “P about Oil.", "E102", "“", ""),
    (
        "Anna said that the bridge is open.",
        "E101",
        "the bridge is open",
        r#"Anna said that "the bridge is open"."#,
    ),
    (
        "Anna told Boris that the bridge is open about Oil on 2025-12-01.",
        "E101",
        "the bridge is open",
        r#"Anna told Boris that "the bridge is open" about Oil on 2025-12-01."#,
    ),
    ("Anna said the bridge is open.", "E101", "the bridge is open", r#"Anna said "the bridge is open"."#),
    (
        "SELECT who, what FROM claims WHERE topic = 'Pokrovsk';",
        "E101",
        "SELECT",
        "who said what about Pokrovsk | show who, what",
    ),
    ("select * from claims", "E101", "select", "who said what about Pokrovsk | show who, what"),
    ("MATCH (p:Person)-[:SAID]->(c) RETURN p", "E101", "MATCH", "who said what about Pokrovsk?"),
    (
        "PREFIX ex: <http://a.b/> SELECT ?s WHERE { ?s ex:p ?o }",
        "E101",
        "PREFIX",
        "who said what about Pokrovsk?",
    ),
    ("who said what | where who == Anna", "E111", "==", "who said what | where who = Anna"),
    ("who said what | where who <> Anna", "E111", "<>", "who said what | where who != Anna"),
    ("who said what with deaths != 5?", "E110", "!=", "who said what | where who != Anna"),
    (
        r#"who said "P" && who said "Q" && who said "R"?"#,
        "E111",
        "&&",
        r#"who said "P" and who said "Q" and who said "R"?"#,
    ),
    (
        r#"who said what | where who = Anna || what has "x""#,
        "E111",
        "||",
        r#"who said what | where who = Anna or what has "x""#,
    ),
    ("who said what | where who is not Anna", "E111", "is not", "who said what | where who != Anna"),
    (r#"who said what | where what like "x""#, "E111", "like", r#"who said what | where what contains "x""#),
    (
        "who said what with deaths > 1,200,000 people?",
        "E222",
        "1,200,000",
        "who said what with deaths > 1200000 people?",
    ),
    (
        "who said what with deaths > 1 200 000 people?",
        "E222",
        "1 200 000",
        "who said what with deaths > 1200000 people?",
    ),
    ("who said what LIMIT 5", "E111", "LIMIT", "who said what | take 5"),
    ("who said what | limit 5", "E111", "limit", "who said what | take 5"),
    ("who said what ORDER BY who", "E111", "ORDER BY", "who said what | sort by who"),
    ("who said what | order by who desc", "E111", "order by", "who said what | sort by who desc"),
    ("who said what | sort who", "E111", "sort", "who said what | sort by who"),
    ("who said what GROUP BY who", "E111", "GROUP BY", "who said what | count by who"),
    ("who said what | count group by who", "E111", "count group by", "who said what | count by who"),
    ("who said what ORDER BY who LIMIT 5", "E111", "ORDER BY", "who said what | sort by who | take 5"),
    ("who said what since 2025?", "E111", "since", "who said what after 2025?"),
    (
        r#"Anna said "P" source https://a.b/c."#,
        "E101",
        "https://a.b/c",
        r#"Anna said "P" source <https://a.b/c>."#,
    ),
    ("who said what？", "E101", "？", "who said what?"),
    ("An\u{200b}na said \"P\".", "E101", "\u{200b}", r#"Anna said "P"."#),
    (r#"Anna said "P" between today and 2025-12-01."#, "E101", "today", ""),
    (r#"Anna said "P" with mayor > Boris."#, "E101", "Boris", ""),
    (r#"Anna said "P" via UNN (allegedly, probably)."#, "E110", "probably", ""),
    ("document <https://a.b/> by UNN by Reuters.", "E110", "by Reuters", ""),
    (r#"Anna said "P" with deaths > 5 about (Oil."#, "E102", "(", ""),
    ("who said what {mode: quote?", "E102", "{", ""),
    (r#"Anna said "P" about Oil)."#, "E102", ")", ""),
    (r#"J. D. Vance said "P"."#, "E105", "J", ""),
    ("who said what | take five", "E101", "five", ""),
    ("void #c7.", "E101", ".", r#"void #c7 because "a mistake"."#),
];

#[test]
fn mistakes_are_known_and_their_fixes_are_right() {
    let mut wrong = Vec::new();
    for (source, code, pointed, fix) in MISTAKES {
        let parsed = parse(source);
        let Some(first) = parsed.diagnostics.first() else {
            wrong.push(format!("{source}: parses"));
            continue;
        };
        let told = (first.code.id(), first.span.of(source));
        if told != (*code, *pointed) {
            wrong.push(format!("{source}: {told:?}"));
        }
        if first.help.is_empty() || first.message.is_empty() {
            wrong.push(format!("{source}: no help"));
        }
        if !fix.is_empty() && first.help[0] != format!("write {fix}") {
            wrong.push(format!("{source}: {}", first.help[0]));
        }
        if !parse(fix).diagnostics.is_empty() || !is_complete(fix) {
            wrong.push(format!("{source}: its fix `{fix}` does not parse"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_looks_like_a_mistake_and_is_none_parses() {
    for source in [
        "Notley said \"P\".",
        "Anna didn't \"P\".",
        "Limit said \"P\".",
        "Select said \"P\" about Match.",
        "March said \"P\" about May.",
        "who said what about Monday?",
        "Anna said \"on 12/01/2025 1,200,000 people == it's ‘so’\".",
        "who said what | where who != Anna",
        "Anna said \"P\" for 2031-03-18...",
        "Anna said \"P\" for ..2031-03-18.",
        "who said what for 2031-03-18..?",
        "Anna said \"P\" for 2031-03-18.. via Reuters. Boris said \"Q\".",
    ] {
        assert_eq!(parse(source).diagnostics, [], "{source}");
    }
}
