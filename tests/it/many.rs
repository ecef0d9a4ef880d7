//! Very many of one: namesakes, contents that share a text, ways of one claim, spellings of a name. Each must be found as if it were alone,
//! by what the graph keeps for that and after it was saved; that none of them takes longer for the others is not measured here.

use crate::cases::NOW;
use dixit::db::Database;
use std::fmt::Write;

const MANY: usize = 700;

fn told(db: &mut Database, text: String) {
    let loaded = db.load_text(text, 0);
    assert_eq!(loaded.errors(), 0, "{:?}", loaded.problems.first());
}

/// Claims, contents and entities.
fn counts(db: &Database) -> [usize; 3] {
    let graph = db.graph();
    [graph.claims.len(), graph.propositions.len(), graph.entities.len()]
}

fn rows(db: &Database, question: &str) -> usize {
    db.ask(question).unwrap_or_else(|error| panic!("{question}: {error:?}")).rows.iter().count()
}

fn text(line: impl Fn(usize) -> String) -> String {
    (0..MANY).fold(String::new(), |mut text, at| {
        let _ = writeln!(text, "{}", line(at));
        text
    })
}

/// Tells a text, tells it again, saves, opens and tells it once more: what is there must be there once. Then `look` is let see each.
fn once_and_for_all(first: &str, again: &str, expected: [usize; 3], look: impl Fn(&Database)) {
    let mut db = Database::new(NOW);
    for text in [first, again] {
        told(&mut db, text.into());
        assert_eq!(counts(&db), expected);
        look(&db);
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("many.dixg");
    db.save(&path).unwrap();
    dixit::db::verify(&path).unwrap();
    let mut opened = Database::new(NOW);
    opened.load(&path, 0).unwrap();
    for text in ["", again, first] {
        told(&mut opened, text.into());
        assert_eq!(counts(&opened), expected);
        look(&opened);
    }
}

#[test]
fn namesakes_are_told_apart_by_what_they_are_called_beside() {
    let first = text(|at| format!("[Anna|t{at}] said \"it leaks\" about Dam."));
    let again = text(|at| format!("[anna|T{at}] said \"it leaks\" about Dam."));
    once_and_for_all(&first, &again, [MANY, 1, MANY + 1], |db| {
        assert_eq!(rows(db, "[Anna|t7] said what?"), 1);
        assert_eq!(rows(db, "[ANNA|t699] said what?"), 1);
        let error = db.ask("Anna said what?").unwrap_err();
        let message = format!("{error:?}");
        assert!(message.contains("[Anna|t8] or one of 691 others"), "{message}");
    });
    let mut db = Database::new(NOW);
    told(&mut db, first + "[Anna|t5] is person. [Anna|person] said \"so\".");
    assert_eq!(rows(&db, "[Anna|t5] said what?"), 2);
    told(&mut db, "[Anna|t6] is person also \"Annie\". [Annie|t6] said \"no\".".into());
    assert_eq!(rows(&db, "[Anna|t6] said what?"), 2);
}

#[test]
fn contents_that_share_a_text_are_told_apart_by_their_terms() {
    let terms = |at: usize| match at % 4 {
        0 => format!("with dead = {at}"),
        1 => format!("with place = \"p{at}\""),
        2 => format!("if \"y{at}\""),
        _ => format!("for {}-05-01", 1000 + at),
    };
    let first = text(|at| format!("Anna said \"It leaks\" {}.", terms(at)));
    let again = text(|at| format!("Anna said \"it leaks\" {}.", terms(at)));
    let conditions = MANY / 4;
    once_and_for_all(&first, &again, [MANY, MANY + conditions, 1], |db| {
        assert_eq!(db.graph().propositions.with_text("it leaks").len(), MANY);
        assert_eq!(rows(db, "who said what with dead = 400?"), 1);
        assert_eq!(rows(db, "who said \"it leaks\" with place = \"p401\"?"), 1);
        assert_eq!(rows(db, "who said \"it leaks\"?"), MANY);
    });
    let mut db = Database::new(NOW);
    told(&mut db, first);
    told(&mut db, "\"it leaks\" with dead = 400 contradicts \"it holds\".".into());
    assert_eq!(db.graph().propositions.with_text("it leaks").len(), MANY);
    told(
        &mut db,
        "\"it leaks\" with dead = 401 contradicts \"it holds\". \"it leaks\" contradicts \"it is dry\"."
            .into(),
    );
    assert_eq!(db.graph().propositions.with_text("it leaks").len(), MANY + 2);
}

#[test]
fn ways_of_one_claim_are_told_apart_by_who_took_them() {
    let first = text(|at| format!("Anna said \"it leaks\" via [O{at}]."));
    // The same ways with a cue of their own, which tells more.
    let again = text(|at| format!("[O{at}] wrote that (Anna said \"it leaks\")."));
    let mut db = Database::new(NOW);
    told(&mut db, first.clone());
    assert_eq!(rows(&db, "anyone said \"it leaks\" via who?"), MANY);
    told(&mut db, again);
    assert_eq!((rows(&db, "anyone said \"it leaks\" via who?"), db.graph().claims.len()), (MANY, 1));
    let ways = db.graph().chains.appearances();
    told(&mut db, first);
    assert_eq!(db.graph().chains.appearances(), ways, "what tells less changes nothing");
}

#[test]
fn of_very_many_spellings_some_are_kept_and_all_are_known() {
    const NAME: &str = "Annabel Brandtova";
    let letters = |at: usize| -> String {
        let upper = |(place, c): (usize, char)| if at >> place & 1 == 1 { c.to_ascii_uppercase() } else { c };
        NAME.chars().enumerate().map(upper).collect()
    };
    let text = text(|at| format!("[{}] said \"it leaks\".", letters(at)));
    once_and_for_all(&text, &text, [1, 1, 1], |db| {
        let names = db.graph().entities.name_rows();
        assert!((60..=64).contains(&names), "{names}");
        assert_eq!(rows(db, "[ANNABEL brandtova] said what?"), 1);
    });
}

#[test]
fn listeners_tell_claims_apart() {
    let told_to = text(|at| format!("Anna told [L{at}] that \"it leaks\"."));
    once_and_for_all(&told_to, &told_to, [MANY, 1, MANY + 1], |db| {
        assert_eq!(rows(db, "Anna told [L9] what?"), 1);
        assert_eq!(rows(db, "Anna told whom that \"it leaks\"?"), MANY);
    });
}

#[test]
fn several_who_act_jointly_are_one_party() {
    let first = text(|at| format!("Anna, [B{at}] said \"it leaks\" via Reuters, [S{at}]."));
    let again = text(|at| format!("[B{at}], Anna said \"it leaks\" via [S{at}], Reuters."));
    once_and_for_all(&first, &again, [MANY, 1, 2 * MANY + 2], |db| {
        assert_eq!(rows(db, "Anna said what via [S9]?"), 1);
        assert_eq!(rows(db, "[B9] said what via Reuters?"), 1);
    });
}

#[test]
fn of_many_fields_and_roles_each_is_kept_once() {
    let first = text(|at| {
        format!("#c1: Anna said \"it leaks\" {{k{at}: \"v{at}\"}}. Anna is in Council as [r{at}].")
    });
    let again = text(|at| {
        format!("#c1: Anna said \"it leaks\" {{k{at}: \"other\"}}. Anna is in Council as [r{at}].")
    });
    once_and_for_all(&first, &again, [1, 1, 2], |db| {
        let fields: Vec<_> = db.graph().fields.of_claim(dixit::model::ClaimId(0)).collect();
        assert_eq!(fields.len(), MANY);
        assert!(fields.iter().enumerate().all(|(at, (_, _, value))| *value == format!("v{at}")));
        assert_eq!(db.graph().entities.all_affiliations().count(), MANY);
    });
}
