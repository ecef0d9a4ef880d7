//! Reasoning over small random graphs: every answer is accepted by the checker, what a retraction would do is what building the graph without
//! it does, and what a content hangs on is what leaves nothing when it is taken away.

use crate::cases::NOW;
use dixit::db::Database;
use dixit::graph::{Cut, Sight};
use dixit::model::{ClaimId, ClaimRef, Content, DocumentId, EntityId, PropositionId, Time};
use dixit::reason::{
    Between, Clock, Hinge, Reckoning, Record, Retracted, Verifier, Withdrawn, changes, circular, conflicts,
    corroborate, figures, impact, independent, reliance, silence, support, timeline, weakest,
};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::fmt::Write as _;

const PEOPLE: &[&str] = &["Anna", "Boris", "Clara", "[an official]", "[a guard|gate]"];
/// The last one is not declared and publishes nothing: it is an outlet as far as it carries.
const OUTLETS: &[&str] = &["Daily", "Weekly", "Wire", "Radio", "Blog"];
const VERBS: &[&str] =
    &["said", "said", "denied", "doubted", "retracted", "told", "asked", "declined-to-say"];
const HEDGES: &[&str] = &["", "", "possibly ", "probably ", "allegedly "];

/// One way by which a claim came: its carriers by number, and the document.
#[derive(Debug, Clone)]
struct Way {
    carriers: Vec<usize>,
    document: Option<usize>,
}

/// A claim with all the ways by which it came.
#[derive(Debug, Clone)]
struct Told {
    /// Who speaks: people, then outlets.
    speakers: Vec<usize>,
    verb: usize,
    listener: usize,
    hedge: usize,
    text: usize,
    day: Option<u8>,
    ways: Vec<Way>,
}

/// A whole graph.
#[derive(Debug, Clone)]
struct World {
    claims: Vec<Told>,
    cites: Vec<(usize, usize)>,
    takes_back: Vec<(usize, usize)>,
    /// Claims that take back documents.
    takes_back_documents: Vec<(usize, usize)>,
    /// Claims that are the same.
    same: Option<(usize, usize)>,
}

fn who(number: usize) -> &'static str {
    PEOPLE.iter().chain(OUTLETS).nth(number).unwrap()
}

const DOCUMENTS: usize = 5;

fn outlet_of(document: usize) -> usize {
    PEOPLE.len() + document % (OUTLETS.len() - 1)
}

/// What is taken out of a world.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Without {
    Nothing,
    Who(usize),
    Document(usize),
    Claim(usize),
}

impl World {
    /// The graph as text, without something and all that came by way of it.
    fn text(&self, without: Without) -> String {
        let mut out = String::new();
        for person in &PEOPLE[..3] {
            let _ = writeln!(out, "{person} is person.");
        }
        for outlet in &OUTLETS[..OUTLETS.len() - 1] {
            let _ = writeln!(out, "{outlet} is outlet.");
        }
        out.push_str("\"P\" contradicts \"Q\".\n\"R\" same as not \"P\".\n\"S\" supports \"Q\".\n");
        for (at, told) in self.claims.iter().enumerate() {
            let is_same = |one: usize| {
                one == at || self.same.is_some_and(|(a, b)| (a, b) == (one, at) || (b, a) == (one, at))
            };
            let gone = matches!(without, Without::Claim(one) if is_same(one))
                || told.speakers.iter().any(|speaker| without == Without::Who(*speaker));
            for way in told.ways.iter().filter(|_| !gone) {
                let published = way.document.map(outlet_of);
                let hands =
                    way.carriers.iter().copied().map(|carrier| carrier + PEOPLE.len()).chain(published);
                let touched = hands.into_iter().any(|hand| without == Without::Who(hand));
                if touched || way.document.is_some_and(|document| without == Without::Document(document)) {
                    continue;
                }
                match way.document {
                    None => out.push_str("end document.\n"),
                    Some(number) => {
                        let outlet = who(outlet_of(number));
                        let _ = writeln!(
                            out,
                            "document <https://d{number}.example> by {outlet} on 2025-01-1{number}."
                        );
                    }
                }
                let speakers: Vec<&str> = told.speakers.iter().map(|speaker| who(*speaker)).collect();
                let verb = VERBS[told.verb];
                let listener = if matches!(verb, "told" | "asked") {
                    format!(" {}", PEOPLE[told.listener])
                } else {
                    String::new()
                };
                let what = if verb == "declined-to-say" {
                    " about Oil".to_string()
                } else {
                    let text = ["P", "Q", "R", "S"][told.text];
                    let deaths = [3, 4, 5, 3][told.text];
                    format!(" {}\"{text}\" about Oil with deaths = {deaths} people", HEDGES[told.hedge])
                };
                let day = told.day.map_or(String::new(), |day| format!(" on 2025-01-0{day}"));
                let via: Vec<&str> =
                    way.carriers.iter().flat_map(|carrier| [" via ", OUTLETS[*carrier]]).collect();
                let via = via.concat();
                let _ = writeln!(out, "#c{at}: {} {verb}{listener}{what}{day}{via}.", speakers.join(", "));
            }
        }
        out.push_str("end document.\n");
        for (citing, cited) in &self.cites {
            let _ = writeln!(out, "<https://d{citing}.example> cites <https://d{cited}.example>.");
        }
        let told = out.clone();
        let is_there = |at: usize| told.contains(&format!("#c{at}:"));
        for (by, claim) in self.takes_back.iter().filter(|(by, claim)| by != claim) {
            if is_there(*by) && is_there(*claim) {
                let _ = writeln!(out, "#c{by} retracts #c{claim}.");
            }
        }
        for (by, document) in self.takes_back_documents.iter().filter(|(by, _)| is_there(*by)) {
            let _ = writeln!(out, "#c{by} retracts <https://d{document}.example>.");
        }
        if let Some((a, b)) = self.same.filter(|(a, b)| a != b && is_there(*a) && is_there(*b)) {
            let _ = writeln!(out, "#c{a} same as #c{b}.");
        }
        out
    }
}

fn built(text: &str) -> Database {
    let mut db = Database::new(NOW);
    let loaded = db.load_text(text.to_string(), u64::MAX);
    assert_eq!(loaded.refused(), 0, "{:?}\n{text}", loaded.problems);
    db
}

fn world() -> impl Strategy<Value = World> {
    let way =
        (proptest::collection::vec(0..OUTLETS.len(), 0..3), proptest::option::weighted(0.8, 0..DOCUMENTS))
            .prop_map(|(carriers, document)| Way { carriers, document });
    let speakers = proptest::collection::btree_set(0..PEOPLE.len() + OUTLETS.len(), 1..3).prop_map(|all| {
        // Who has no name speaks for itself.
        let named: Vec<usize> = all.iter().copied().filter(|one| *one != 3 && *one != 4).collect();
        if named.is_empty() { all.into_iter().take(1).collect() } else { named }
    });
    let told = (
        speakers,
        0..VERBS.len(),
        0..3_usize,
        0..HEDGES.len(),
        0..4_usize,
        proptest::option::of(1_u8..10),
        proptest::collection::vec(way, 1..4),
    )
        .prop_map(|(speakers, verb, listener, hedge, text, day, ways)| Told {
            speakers,
            verb,
            listener,
            hedge,
            text,
            day,
            ways,
        });
    let cites = proptest::collection::btree_set((0..DOCUMENTS, 0..DOCUMENTS), 0..4)
        .prop_map(|all| all.into_iter().filter(|(a, b)| a != b).collect::<Vec<_>>());
    let documents = proptest::collection::vec((0..8_usize, 0..DOCUMENTS), 0..3);
    let same = proptest::option::weighted(0.3, (0..8_usize, 0..8_usize));
    let takes_back = proptest::collection::vec((0..8_usize, 0..8_usize), 0..2);
    (proptest::collection::vec(told, 1..9), cites, takes_back, documents, same).prop_map(
        |(claims, cites, takes_back, takes_back_documents, same)| World {
            claims,
            cites,
            takes_back,
            takes_back_documents,
            same,
        },
    )
}

/// What a graph tells about each content and claim, by text and id.
fn told(db: &Database) -> BTreeMap<String, String> {
    let graph = db.graph();
    let withdrawn = Withdrawn::of(graph);
    let record = Record::new(Sight::new(graph, Cut::None), &withdrawn);
    told_by(db, &record)
}

fn told_by(db: &Database, record: &Record<'_>) -> BTreeMap<String, String> {
    let graph = db.graph();
    let mut told = BTreeMap::new();
    for claim in (0..graph.claims.len() as u32).map(ClaimId) {
        let mut ways: Vec<Vec<&str>> = Vec::new();
        for way in record.ways(claim) {
            ways.push(record.hands(way).iter().map(|hand| graph.entities.name(*hand)).collect());
        }
        ways.sort();
        if !ways.is_empty() {
            told.insert(graph.claim_id(ClaimRef::of(claim)), format!("{ways:?}"));
        }
    }
    for text in ["P", "Q", "R", "S"] {
        for proposition in graph.propositions.with_text(&text.to_lowercase()) {
            let content = Content { proposition, negated: false };
            let (yes, no) = (
                independent(record, content, Reckoning::default()),
                independent(record, content.flipped(), Reckoning::default()),
            );
            if yes.max + no.max > 0 {
                told.insert(format!("“{text}”"), format!("{yes:?} {no:?}"));
            }
        }
    }
    told
}

fn contents(db: &Database) -> Vec<Content> {
    let all = (0..db.graph().propositions.len() as u32).map(PropositionId);
    all.flat_map(|proposition| [false, true].map(|negated| Content { proposition, negated })).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, max_shrink_iters: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_answer_is_accepted_by_the_checker(world in world()) {
        let text = world.text(Without::Nothing);
        let db = built(&text);
        let graph = db.graph();
        let all: Vec<ClaimId> = (0..graph.claims.len() as u32).map(ClaimId).collect();
        let withdrawn = Withdrawn::of(graph);
        let middle = Time::parse("2025-01-12").unwrap().to;
        for cut in [Cut::None, Cut::Published(middle)] {
            let sight = Sight::new(graph, cut);
            let record = Record::new(sight, &withdrawn);
            let verifier = Verifier::new(sight);
            for content in contents(&db) {
                let how = Reckoning { with_support: true, ..Reckoning::default() };
                let found = corroborate(&record, content, how);
                prop_assert_eq!(verifier.corroboration(&found), Ok(()), "{}", text);
                prop_assert_eq!(found.backing.range, independent(&record, content, how));
                let opposite = corroborate(&record, content.flipped(), how);
                prop_assert_eq!(found.denying.range, opposite.backing.range);
                let joined = corroborate(&record, content, Reckoning { by_organization: true, ..how });
                prop_assert!(joined.backing.range.max <= found.backing.range.max);
                let more = found.with_support.unwrap().range;
                prop_assert!(more.min >= found.backing.range.min && more.max >= found.backing.range.max);
            }
            for conflict in conflicts(&record, &all, Between::default(), 1000).unwrap() {
                prop_assert_eq!(verifier.conflict(&conflict), Ok(()), "{}", text);
            }
            for circle in circular(&record, &all, true) {
                prop_assert_eq!(verifier.circle(&circle), Ok(()), "{}", text);
            }
            for clock in [Clock::Said, Clock::Published] {
                for event in timeline(&record, &all, clock) {
                    prop_assert_eq!(verifier.event(&event), Ok(()), "{}", text);
                }
            }
            prop_assert_eq!(verifier.figures(&figures(&record, &all)), Ok(()), "{}", text);
            for silent in silence(&record, &all, &[]) {
                prop_assert_eq!(verifier.silence(&silent, &all), Ok(()), "{}", text);
            }
            for who in (0..graph.entities.len() as u32).map(EntityId) {
                prop_assert_eq!(verifier.reliance(&reliance(&record, who)), Ok(()), "{}", text);
            }
        }
        let (before, after) = (Sight::new(graph, Cut::Published(middle)), Sight::new(graph, Cut::None));
        let (then, now) = (Record::new(before, &withdrawn), Record::new(after, &withdrawn));
        for changed in changes(&then, &now, &all, Reckoning::default()) {
            let verdict = Verifier::new(after).changed(&changed, &Verifier::new(before));
            prop_assert_eq!(verdict, Ok(()), "{}", text);
        }
    }

    #[test]
    fn a_retraction_is_what_building_without_it_is(world in world(), pick in 0_usize..32) {
        let with = built(&world.text(Without::Nothing));
        let without = match pick {
            0..10 => Without::Who(pick),
            10..15 => Without::Document(pick - 10),
            _ => Without::Claim(pick % world.claims.len()),
        };
        let graph = with.graph();
        let withdrawn = Withdrawn::of(graph);
        let record = Record::new(Sight::new(graph, Cut::None), &withdrawn);
        let mut retracted = Retracted::default();
        match without {
            Without::Who(number) => {
                let name = who(number).trim_matches(['[', ']']).split('|').next().unwrap();
                for entity in graph.entities.with_name(&name.to_lowercase()) {
                    retracted.add_entity(&record, entity);
                }
            }
            Without::Document(number) => {
                if let Some(document) = graph.documents.find(&format!("https://d{number}.example")) {
                    retracted.add_document(document);
                }
            }
            Without::Claim(number) => {
                retracted.add_claim(&record, graph.find_claim(&format!("c{number}")).unwrap());
            }
            Without::Nothing => {}
        }
        let rebuilt = told(&built(&world.text(without)));
        let supposed = told_by(&with, &record.without(&retracted));
        prop_assert_eq!(&supposed, &rebuilt, "{:?}\n{}", without, world.text(Without::Nothing));
        // What is listed is all that differs, and each is what it is told to be.
        let before = told(&with);
        let affected = impact(&record, &retracted);
        for one in &affected {
            prop_assert_eq!(Verifier::new(record.sight).affected(one, &retracted), Ok(()));
        }
        for (id, ways) in before.iter().filter(|(id, _)| !id.starts_with('“')) {
            let claim = graph.find_claim(id.trim_start_matches('#')).unwrap().claim;
            let same = graph.same.claims(claim);
            let listed = affected.iter().find(|one| same.contains(&one.claim));
            prop_assert!(rebuilt.get(id) == Some(ways) || listed.is_some(), "{} is not listed", id);
            if let Some(one) = listed {
                let is_left = |one: &ClaimId| rebuilt.contains_key(&graph.claim_id(ClaimRef::of(*one)));
                prop_assert_eq!(one.left.is_empty(), !same.iter().any(is_left));
            }
        }
    }

    #[test]
    fn what_a_content_hangs_on_is_what_leaves_nothing_without_it(mut world in world()) {
        // Whoever took a document back would open other ways by being taken away.
        world.takes_back_documents.clear();
        let db = built(&world.text(Without::Nothing));
        let graph = db.graph();
        let withdrawn = Withdrawn::of(graph);
        let record = Record::new(Sight::new(graph, Cut::None), &withdrawn);
        let backed = |record: &Record<'_>, content| !support(record, content).backing.is_empty();
        for content in contents(&db) {
            if !backed(&record, content) {
                prop_assert!(weakest(&record, content).hinges.is_empty());
                continue;
            }
            // A claim that takes others back may hang on the same hands: what is asked is what these claims hang on.
            let mut wanted: Vec<Hinge> = Vec::new();
            let claims = support(&record, content).backing;
            let left = |retracted: &Retracted| {
                claims.iter().any(|backed| !record.without(retracted).ways(backed.claim).is_empty())
            };
            for entity in (0..graph.entities.len() as u32).map(EntityId) {
                let mut retracted = Retracted::default();
                retracted.add_entity(&record, entity);
                if !left(&retracted) {
                    wanted.push(Hinge::Hand(entity));
                }
            }
            for document in (0..graph.documents.len() as u32).map(DocumentId) {
                let mut retracted = Retracted::default();
                retracted.add_document(document);
                if !left(&retracted) {
                    wanted.push(Hinge::Document(document));
                }
            }
            for claim in (0..graph.claims.len() as u32).map(ClaimId).filter(|one| graph.same.claim(*one) == *one) {
                let mut retracted = Retracted::default();
                retracted.add_claim(&record, ClaimRef::of(claim));
                if !left(&retracted) {
                    wanted.push(Hinge::Claim(claim));
                }
            }
            let found = weakest(&record, content);
            prop_assert_eq!(Verifier::new(record.sight).weakness(&found), Ok(()));
            let mut found = found.hinges;
            found.sort();
            prop_assert_eq!(found, wanted, "{}", world.text(Without::Nothing));
        }
    }
}

#[test]
fn a_witness_that_is_not_in_the_graph_is_refused() {
    let db = built(
        "Daily is outlet.\ndocument <https://d.example> by Daily on 2025-01-10.\n#a: Anna said \"P\".\n#b: Boris said \"P\".\n\
         end document.\n#c: Clara said \"Q\".\n#d: Anna said not \"P\" on 2025-01-01.\n",
    );
    let graph = db.graph();
    let withdrawn = Withdrawn::of(graph);
    let sight = Sight::new(graph, Cut::None);
    let record = Record::new(sight, &withdrawn);
    let verifier = Verifier::new(sight);
    let content = graph.claims.content(ClaimId(0)).unwrap();
    let honest = corroborate(&record, content, Reckoning::default());
    assert_eq!(verifier.corroboration(&honest), Ok(()));
    let claim = |id: &str| graph.find_claim(id).unwrap().claim;

    let mut other_content = honest.clone();
    other_content.support.backing[0].claim = claim("c");
    let mut other_way = honest.clone();
    other_way.support.backing[0].ways[0].appearance = dixit::model::AppearanceId::NONE;
    let mut counted_up = honest.clone();
    counted_up.backing.range.max += 1;
    let mut no_cut = honest.clone();
    no_cut.cut.hands.clear();
    let mut false_link = honest.clone();
    false_link.links.push(record.speakers(claim("a"))[0]);
    let mut twice = honest.clone();
    let again = twice.support.backing[0].clone();
    twice.support.backing.push(again);
    for tampered in [other_content, other_way, counted_up, no_cut, false_link, twice] {
        assert!(verifier.corroboration(&tampered).is_err());
    }
    let all: Vec<ClaimId> = ["a", "b", "c", "d"].map(claim).to_vec();
    let mut conflict = conflicts(&record, &all, Between::default(), 10).unwrap().remove(0);
    assert_eq!(verifier.conflict(&conflict), Ok(()));
    conflict.b = claim("c");
    assert!(verifier.conflict(&conflict).is_err());
    let mut event =
        timeline(&record, &all, Clock::Said).into_iter().find(|event| event.change.is_some()).unwrap();
    assert_eq!(verifier.event(&event), Ok(()));
    event.change.as_mut().unwrap().from = claim("c");
    assert!(verifier.event(&event).is_err());
}

/// As many contents as pairs are allowed, none of which contradicts: nothing is too many.
#[test]
fn contents_that_contradict_nothing_are_no_pairs() {
    let mut facts = String::new();
    for at in 0..20 {
        let _ = writeln!(facts, "#c{at}: Anna said \"text {at}\".");
    }
    let db = built(&facts);
    let graph = db.graph();
    let withdrawn = Withdrawn::of(graph);
    let record = Record::new(Sight::new(graph, Cut::None), &withdrawn);
    let all: Vec<ClaimId> = (0..graph.claims.len() as u32).map(ClaimId).collect();
    assert_eq!(conflicts(&record, &all, Between::default(), 5), Ok(Vec::new()));
}

/// A figure that many claim in as many ways is compared with the others in one sweep; the answer is that of looking at every value.
#[test]
fn the_core_is_what_most_speakers_agree_on_at_some_value() {
    let mut state = 7_u64;
    let mut below = |n: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % n
    };
    for _ in 0..60 {
        let mut facts = String::new();
        let mut bounds: Vec<(usize, f64, f64)> = Vec::new();
        for at in 0..=below(7) {
            let (who, low) = (below(4) as usize, below(6));
            let high = low + below(3);
            bounds.push((who, low as f64, high as f64));
            let name = ["Anna", "Boris", "Clara", "Dora"][who];
            let _ = writeln!(
                facts,
                "#c{at}: {name} said \"t{at}\" about Fire with deaths between {low} and {high} people."
            );
        }
        let db = built(&facts);
        let graph = db.graph();
        let withdrawn = Withdrawn::of(graph);
        let record = Record::new(Sight::new(graph, Cut::None), &withdrawn);
        let all: Vec<ClaimId> = (0..graph.claims.len() as u32).map(ClaimId).collect();
        let found = figures(&record, &all);
        // Every half from below the least to above the greatest.
        let at = |half: i32| -> std::collections::BTreeSet<usize> {
            let point = f64::from(half) / 2.0;
            (0..bounds.len()).filter(|one| bounds[*one].1 <= point && point <= bounds[*one].2).collect()
        };
        let speakers = |held: &std::collections::BTreeSet<usize>| {
            held.iter().map(|one| bounds[*one].0).collect::<std::collections::BTreeSet<usize>>().len()
        };
        let every: Vec<_> = (-1..20).map(at).collect();
        let most = every.iter().map(speakers).max().unwrap();
        let best: std::collections::BTreeSet<_> =
            every.iter().filter(|held| speakers(held) == most).collect();
        let largest: Vec<_> = best
            .iter()
            .filter(|held| !best.iter().any(|other| other != *held && held.is_subset(other)))
            .collect();
        for claimed in found {
            let one = claimed.claim.index();
            let wanted = match &largest[..] {
                [core] if core.contains(&one) => "core",
                [_] => "outlier",
                _ => "split",
            };
            assert_eq!(claimed.fits.word(), wanted, "{facts} {one}");
        }
    }
}
