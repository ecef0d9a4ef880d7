//! The library as a program uses it: questions prepared once, parameters, many readers at once, a snapshot opened and damaged.

use crate::cases::NOW;
use dixit::db::{Database, Limits, Params, Prepared, Reader};
use dixit::eval::{Part, Rows, Value, text};
use dixit::syntax::parse;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

fn sample() -> Database {
    let mut db = Database::new(NOW);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/harbour.dixit");
    assert_eq!(db.load(&path, 0).unwrap().refused(), 0);
    db
}

fn names(db: &Database, rows: &Rows) -> Vec<String> {
    let name = |value: &Value| match value {
        Value::Entity(entity) => db.graph().entities.name(*entity).to_string(),
        other => format!("{other:?}"),
    };
    rows.iter().filter_map(|row| row.first()).map(name).collect()
}

#[test]
fn a_prepared_question_takes_other_values_each_time() {
    let db = sample();
    let question = Prepared::new("who said what about $place | show who").unwrap();
    let ask = |place: &str| {
        let params = Params::from([("place".into(), place.into())]);
        let answer = db.query(&question, &params, None).unwrap();
        names(&db, &answer.rows)
    };
    let whole = db.ask("who said what about Norrvane | show who").unwrap();
    assert_eq!(ask("Norrvane"), names(&db, &whole.rows));
    assert!(!ask("Norrvane").is_empty());
    assert_eq!(ask("Nowhere"), [""; 0]);
    let missing = db.query(&question, &Params::new(), None).unwrap_err();
    assert_eq!(missing.span.of("who said what about $place | show who"), "$place");
}

/// What rules led to is kept from one answer to the next, and makes no difference: neither behind an answer that was given up in the middle
/// of a circle, nor from another thread, nor under a cut, nor once the graph was told more.
#[test]
fn what_is_kept_of_rules_changes_no_answer() {
    const RULES: &str = "define reaches(?a, ?b) as (?a cites ?b) or ((?a cites ?m) and reaches(?m, ?b)).
        define relays(?x, ?y) as (anyone said anything via ?x directly via ?y)
            or ((anyone said anything via ?x directly via ?m) and relays(?m, ?y)).";
    const QUESTIONS: [&str; 2] = [
        "as of $day anyone said ?c via $who source ?d and reaches(?d, ?b) | summarize count distinct ?b as n by ?c",
        "as of $day anyone said ?c via ?x directly via $who and relays(?x, ?y) | summarize count distinct ?y as n by ?x",
    ];
    let mut db = Database::new(NOW);
    let mut told = String::from(RULES);
    for at in 0..300 {
        // Circles of thirty, of which each leads into the next, and a chain beside them.
        let next = if at % 30 == 29 { at - 29 } else { at + 1 };
        told += &format!("<d:{at}> cites <d:{next}>. <d:{at}> cites <e:{}>.", at / 2);
        if at % 30 == 0 {
            told += &format!("<d:{at}> cites <d:{}>.", (at + 30) % 300);
        }
        let (who, day) = (at % 7, at % 28 + 1);
        told += &format!("document <d:{at}> by P{who} on 2025-01-{day:02}. Ann said \"t{at}\".");
        told += &format!("Ann said \"u{at}\" via O{day} via O{} via P{who}. end document.", day * day % 29);
    }
    assert_eq!(db.load_text(told, 0).refused(), 0);
    let all = |db: &Database, rows: &Rows| -> Vec<Vec<String>> {
        let cells = |row: &[Value]| row.iter().map(|cell| text(db.graph(), cell).into_owned()).collect();
        rows.iter().map(cells).collect()
    };
    let (limits, mut given_up) = (db.limits(), 0);
    for asked in QUESTIONS.into_iter().flat_map(|asked| [asked.replace("as of $day ", ""), asked.into()]) {
        let question = Prepared::new(&asked).unwrap();
        let ask = |db: &Database, who: u32, day: &str| {
            let params = Params::from([("who".into(), format!("P{who}")), ("day".into(), day.into())]);
            db.query(&question, &params, None).map(|answer| all(db, &answer.rows))
        };
        let anew = |db: &Database, who: u32, day: &str| {
            let asked = asked.replace("$who", &format!("P{who}")).replace("$day", day);
            all(db, &db.ask(&asked).unwrap().rows)
        };
        for round in 0..3 {
            for (who, day) in (0..14).map(|at| (at % 7, ["2025-01-10", "2025-01-20"][at as usize % 2])) {
                // Half of them are given up half way.
                db.set_limits(Limits {
                    solutions: if who % 2 == 0 { 200 } else { limits.solutions },
                    ..limits
                });
                let rows = ask(&db, who, day);
                db.set_limits(limits);
                match rows {
                    Ok(rows) => {
                        assert!(!rows.is_empty());
                        assert_eq!(rows, anew(&db, who, day), "{asked} {round} {who}");
                    }
                    Err(_) => given_up += 1,
                }
            }
            std::thread::scope(|scope| {
                for who in 0..4 {
                    let (db, ask, anew) = (&db, &ask, &anew);
                    scope.spawn(move || {
                        let day = "2025-01-15";
                        assert_eq!(ask(db, who, day).unwrap(), anew(db, who, day), "{round}");
                    });
                }
            });
            let more = format!("<d:{}> cites <f:{round}>. <e:{round}> cites <d:7>.", 31 * round);
            assert_eq!(db.load_text(more, 0).refused(), 0);
        }
    }
    assert!(given_up > 20);
}

/// Rows that are read in parts, by whichever thread is free, are the rows, in their order; who breaks off gets no more of them.
#[test]
fn rows_that_are_read_in_parts_are_the_rows() {
    let db = sample();
    let texts = |row: &[Value]| -> Vec<String> {
        row.iter().map(|cell| text(db.graph(), cell).into_owned()).collect()
    };
    let read = |rows: &Rows, most: usize| {
        let mut parts: Vec<Vec<(usize, Vec<String>)>> = Vec::new();
        let read = |part: Part<'_>| part.map(|(at, row)| (at, texts(row))).collect::<Vec<_>>();
        rows.read(db.graph(), read, |part| {
            parts.push(std::mem::take(part));
            if parts.len() < most { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        assert!(parts.len() <= most);
        parts.concat()
    };
    for question in [
        "who said what",
        "who said what about Norrvane",
        "who said what about Nowhere",
        "who said what | take 3",
    ] {
        let rows = db.ask(question).unwrap().rows;
        let all: Vec<_> = rows.iter().map(texts).enumerate().collect();
        assert_eq!(read(&rows, usize::MAX), all, "{question}");
        assert!(all.starts_with(&read(&rows, 2)), "{question}");
    }
    assert!(db.ask("who said what").unwrap().rows.len() > 32);
}

/// Every value of a prepared question comes to what the same question comes to with the value written in it.
#[test]
fn values_are_as_if_they_were_written_in_the_question() {
    let mut db = sample();
    let questions = [
        "who said what about $who",
        "$who said what when | sort by when desc",
        "who told $who what",
        "who said what via none of $who | show who, what",
        "who said what via $who directly via ?o",
        "anyone said ?c about $who and not (any of $who, Norrvane said ?c)",
        "all of $who, Norrvane said what",
        "as of $when who said what about Norrvane",
        "who said what before $when about $who",
        "who said what for $when",
        "who said ($who said anything)",
        // Where these stand, no value can be left open: each time the question is bound anew.
        "$who is in ?g",
        "who said $what",
        "who said what about Norrvane | where who = $who",
    ];
    let values: [(&str, &[&str]); 3] = [
        (
            "who",
            &["Norrvane", "Nobody At All", "Ramón Ubredo", "Ramon Ubredo", "Boreal Wire", "Orsalia Thalassi"],
        ),
        ("when", &["2031-03-16", "2031-03", "2025-01-01"]),
        ("what", &["nobody at all was hurt in the harbour fire", "nothing of the kind"]),
    ];
    let prepared: Vec<Prepared> = questions.iter().map(|text| Prepared::new(text).unwrap()).collect();
    let mut answered = 0;
    for round in 0..2 {
        for (text, question) in questions.iter().zip(&prepared) {
            let mut asked: Vec<(String, Params)> = vec![((*text).to_string(), Params::new())];
            for (name, values) in values {
                let sign = format!("${name}");
                if !text.contains(&sign) {
                    continue;
                }
                let with = |(text, params): &(String, Params), value: &str| {
                    let bare = value.trim_matches(['[', ']']);
                    let written = match name {
                        "who" => format!("[{bare}]"),
                        "what" => format!("\"{bare}\""),
                        _ => bare.to_string(),
                    };
                    let mut params = params.clone();
                    params.insert(name.to_string(), bare.to_string());
                    (text.replace(&sign, &written), params)
                };
                asked =
                    asked.iter().flat_map(|one| values.iter().map(move |value| with(one, value))).collect();
            }
            for (written, params) in asked {
                let told = |answer: Result<dixit::db::Answer, dixit::diag::Diagnostic>| match answer {
                    Ok(answer) => {
                        let warned: Vec<_> = answer.warnings.iter().map(|one| one.message.clone()).collect();
                        Ok((answer.rows, warned))
                    }
                    Err(diagnostic) => Err(diagnostic.message),
                };
                let direct = told(db.ask(&written).map_err(|mut all| all.remove(0)));
                let given = told(db.query(question, &params, None).map_err(|diagnostic| *diagnostic));
                answered += usize::from(direct.as_ref().is_ok_and(|(rows, _)| !rows.is_empty()));
                assert_eq!(given, direct, "round {round}: {written} {params:?}");
            }
        }
        // Whoever is told of later is found, and who comes to be meant by a name as well.
        let more =
            "Port Authority said \"the quay is open\" about Norrvane on 2031-03-15 via Nobody At All.\n";
        assert_eq!(db.load_text(more.to_string(), 0).refused(), 0);
    }
    assert!(answered > 20, "{answered}");
}

#[test]
fn what_is_no_question_cannot_be_prepared() {
    for text in ["Anna said \"P\".", "who said what? who said what?", "", "who who said"] {
        assert!(!Prepared::new(text).unwrap_err().is_empty(), "{text}");
    }
}

#[test]
fn many_readers_get_what_one_gets() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("g.dixg");
    sample().save(&path).unwrap();
    let mut db = Database::new(NOW);
    db.load(&path, 0).unwrap();
    let questions = [
        "who said what about Norrvane",
        "who said what via ?o | count by ?o",
        "?x said ?c and ?y denied ?c",
        "trace \"nobody at all was hurt in the harbour fire\"",
    ];
    let prepared: Vec<Prepared> = questions.iter().map(|text| Prepared::new(text).unwrap()).collect();
    let alone: Vec<Rows> = {
        let mut fresh = Database::new(NOW);
        fresh.load(&path, 0).unwrap();
        prepared.iter().map(|one| fresh.query(one, &Params::new(), None).unwrap().rows).collect()
    };
    std::thread::scope(|scope| {
        for first in 0..8 {
            let (db, prepared, alone) = (&db, &prepared, &alone);
            scope.spawn(move || {
                for round in 0..40 {
                    let at = (first + round) % prepared.len();
                    let rows = db.query(&prepared[at], &Params::new(), None).unwrap().rows;
                    assert_eq!(rows, alone[at], "{first} {round}");
                }
            });
        }
    });
}

#[test]
fn a_question_is_stopped_alone() {
    let db = sample();
    let heavy = Prepared::new("?a said ?b and ?c said ?d and ?e said ?f | count").unwrap();
    let stop = AtomicBool::new(true);
    assert!(db.query(&heavy, &Params::new(), Some(&stop)).is_err());
    assert!(stop.load(Ordering::Relaxed), "whose flag it is clears it");
    assert!(db.ask("who said what | count").is_ok());
}

#[test]
fn mistakes_count_where_they_stand_in_texts_of_any_length() {
    // So few sentences that one thread reads them, and so many that several do.
    for many in [100, 6000] {
        let sentence = |at: u32| match at {
            at if at % 50 == 49 => "Anna said (.\n".to_string(),
            at if at % 50 == 7 => "who said what?\n".to_string(),
            at => format!("#c{at}: Anna said \"text {at}\" about Dam.\n"),
        };
        let source: String = (0..many).map(sentence).collect();
        let mut db = Database::new(NOW);
        let loaded = db.load_text(source.clone(), u64::MAX);
        let wrong = u64::from(many / 50);
        let told = (loaded.taken, loaded.refused() as u64, loaded.questions, loaded.gave_up);
        assert_eq!(told, (u64::from(many) - 2 * wrong, wrong, wrong, false));
        let ids = db.ask("?k: who said what | show ?k").unwrap().rows;
        assert_eq!(ids.len() as u64, loaded.taken);
        // One mistake is let pass: all that stands before what follows the second is recorded.
        let mut db = Database::new(NOW);
        let loaded = db.load_text(source, 1);
        let told = (loaded.taken, loaded.refused(), loaded.questions, loaded.gave_up);
        assert_eq!(told, (96, 2, 2, many > 100));
        assert_eq!(db.ask("?k: who said what | show ?k").unwrap().rows.len(), 96);
    }
}

#[test]
fn damage_is_told_when_it_is_met() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("g.dixg");
    let mut db = Database::new(NOW);
    let fact =
        |n: u32| format!("Anna said \"what was told the {n}th time, at some length\" about [Place {n}].\n");
    db.load_text((0..2000).map(fact).collect(), 0);
    db.save(&path).unwrap();
    let mut bytes = std::fs::read(&path).unwrap();
    let at = bytes.windows(9).position(|text| text == b"the 1500t").unwrap();
    bytes[at] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    let mut db = Database::new(NOW);
    db.load(&path, 0).unwrap();
    // What lies elsewhere is answered.
    assert_eq!(db.ask("who said what about [Place 3]").unwrap().rows.len(), 1);
    let wrong = db.ask("who said \"what was told the 1500th time, at some length\"?").unwrap_err();
    assert_eq!(
        wrong[0].message,
        "the snapshot is damaged in propositions.text.bytes: its checksum does not match"
    );
    assert!(db.ask("who said what about [Place 3]").is_err(), "nothing of it is trusted any more");
    // Neither is what is left of it saved over anything.
    assert!(db.save(&folder.path().join("other.dixg")).is_err());
    assert!(!folder.path().join("other.dixg").exists());
}

#[test]
fn a_plan_tells_which_index_led_to_the_claims() {
    let mut db = Database::new(0);
    let facts = "Anna said \"the dam burst\" about Dam via Daily.\nBoris denied \"the dam burst\".\n\
        Clara told Boris \"the dam holds\".\nDora said \"P\" source <https://a.example/1>.\n";
    assert_eq!(db.load_text(facts.into(), 0).errors(), 0);
    for (question, led) in [
        ("Anna said what?", "speaker"),
        ("who told Boris what?", "listener"),
        ("who said what about Dam?", "topic"),
        ("who said \"P\"?", "content"),
        ("who said what via Daily?", "carrier"),
        ("who said what source <https://a.example/1>?", "document"),
        ("who said what | where what has \"dam\"?", "words"),
        ("who denied what?", "all claims"),
    ] {
        let rows = db.ask(&format!("explain {question}")).unwrap().rows;
        let first = rows.iter().next().unwrap();
        assert_eq!(text(db.graph(), &first[1]), led, "{question}");
    }
    // A sentence that shares a content with one before it is led by that.
    let rows = db.ask("explain anyone asserted ?c about Dam and anyone denied ?c | show ?c?").unwrap().rows;
    let led: Vec<_> = rows.iter().map(|row| text(db.graph(), &row[1]).to_string()).collect();
    assert_eq!(led, ["topic", "content", ""]);
}

/// One thread tells, others ask. Two statements are committed at once, a claim and its denial; with folding between. Whatever moment a
/// reader has got, it is whole and stays as it is, and no reader goes back in time.
fn readers_beside_a_writer(pairs: usize) {
    let folder = tempfile::tempdir().unwrap();
    let mut db = Database::new(NOW);
    db.write_to(&folder.path().join("g.dixg")).unwrap();
    db.set_batches(true);
    let readers = db.readers();
    let count = |reader: &Reader, question: &str| match reader.ask(question).unwrap().rows.iter().next() {
        Some([Value::Count(count)]) => *count as usize,
        other => panic!("{other:?}"),
    };
    let look = |reader: &Reader| {
        let all = count(reader, "who asserted ?c | count");
        let pairs = count(reader, "?x asserted ?c and ?y denied ?c | count");
        (all, pairs, reader.graph().claims.len())
    };
    let done = AtomicBool::new(false);
    let seen = std::thread::scope(|scope| {
        let asking: Vec<_> = (0..4)
            .map(|_| {
                let (readers, done) = (readers.clone(), &done);
                scope.spawn(move || {
                    let (mut last, mut moments) = (0, 0);
                    loop {
                        let ends = done.load(Ordering::Acquire);
                        let reader = readers.latest();
                        let found = look(&reader);
                        assert_eq!(found, (2 * found.1, found.1, 2 * found.1));
                        assert!(found.1 >= last, "{} after {last}", found.1);
                        assert_eq!(look(&reader), found);
                        moments += usize::from(found.1 > last);
                        last = found.1;
                        if ends {
                            return (last, moments);
                        }
                    }
                })
            })
            .collect();
        for number in 0..pairs {
            for act in ["said", "denied"] {
                let text = format!("P{} {act} that \"s{number}\" about Dam.", number % 11);
                db.run(&parse(&text).sentences[0], &text).unwrap();
            }
            db.commit().unwrap();
            if number % 50 == 49 {
                db.compact().unwrap();
            }
        }
        done.store(true, Ordering::Release);
        asking.into_iter().map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
    });
    assert!(seen.iter().all(|(last, _)| *last == pairs), "{seen:?}");
    assert!(seen.iter().any(|(_, moments)| *moments > 1), "{seen:?}");
}

#[test]
fn readers_beside_a_writer_see_whole_moments() {
    readers_beside_a_writer(300);
}

/// The same for minutes.
#[test]
#[ignore = "takes minutes"]
fn readers_beside_a_writer_see_whole_moments_for_long() {
    readers_beside_a_writer(250_000);
}

#[test]
fn a_text_that_was_loaded_is_seen_by_readers() {
    let mut db = Database::new(0);
    let readers = db.readers();
    assert_eq!(db.load_text("Anna said \"a\".".into(), 0).errors(), 0);
    assert_eq!(readers.latest().graph().claims.len(), 1);
}

#[test]
fn a_reader_keeps_its_moment() {
    let mut db = sample();
    let before = db.reader();
    let (claims, answer) = (before.graph().claims.len(), before.ask("who said what").unwrap());
    let readers = db.readers();
    let text = "Anna said \"after that\" about Norrvane.";
    db.run(&parse(text).sentences[0], text).unwrap();
    assert_eq!((before.graph().claims.len(), before.ask("who said what").unwrap()), (claims, answer));
    assert_eq!(db.graph().claims.len(), claims + 1);
    assert_eq!(readers.latest().graph().claims.len(), claims + 1);
}

#[test]
fn a_claim_that_came_by_very_many_ways_has_each_once() {
    let tell = |via: &str| -> String {
        (0..150)
            .map(|at| format!("#a: Anna said \"P\" via {via} source <https://a.example/{at}>.\n"))
            .collect::<Vec<_>>()
            .concat()
    };
    let mut db = Database::new(0);
    // Told again, and told with a cue that says more: no further ways.
    for via in ["Wire", "Wire", "Wire (noted)", "Wire"] {
        assert_eq!(db.load_text(tell(via), 0).errors(), 0);
    }
    assert_eq!(db.load_text(tell("Daily"), 0).errors(), 0);
    let ways = db.graph().claims.appearances(dixit::model::ClaimId(0)).count();
    assert_eq!((db.graph().claims.len(), ways), (1, 300));
}
