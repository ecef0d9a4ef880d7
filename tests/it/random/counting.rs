//! Random questions that count: groups by one or two things, and the claims of sentences that share a content.

use super::dice::Dice;
use super::graph::{OUTLETS, PEOPLE, TOPICS};

/// A question that ends with a count or a summary.
pub(super) fn question(dice: &mut Dice) -> String {
    if dice.chance(50) { of_one(dice) } else { of_several(dice) }
}

/// What may follow a sentence.
fn adjuncts(dice: &mut Dice) -> String {
    let mut out = String::new();
    if dice.chance(30) {
        out += &format!(" about {}", dice.pick(TOPICS));
    }
    if dice.chance(25) {
        out += &format!(" via {}", dice.pick(&[OUTLETS[0], OUTLETS[1], "?o", "?o"]));
    }
    out
}

/// By whom it came: of several ways through one carrier a claim is still one.
fn carried(dice: &mut Dice) -> String {
    let (a, b) = dice.two(OUTLETS);
    dice.pick(&[
        " via ?o",
        " via A",
        " first via A",
        " first via A",
        " last via A",
        " via B directly via A",
        " via any of A, B",
        " via A via ?o",
    ])
    .replace('A', a)
    .replace('B', b)
}

fn of_one(dice: &mut Dice) -> String {
    let who = dice.pick(&["who", "?x", "anyone", PEOPLE[0]]);
    let verb = dice.pick(&["said", "asserted", "denied", "stated"]);
    let topic = dice.pick(&["", " about ?y", " about ?y", " about Oil, ?y"]);
    let via = if dice.chance(50) { carried(dice) } else { String::new() };
    let mut named: Vec<&str> = vec!["?c"];
    named.extend(["who", "?x"].iter().filter(|name| who == **name));
    named.extend((!topic.is_empty()).then_some("?y"));
    named.extend(via.contains("?o").then_some("?o"));
    if dice.chance(20) {
        return format!("?k: {who} {verb} ?c{topic}{via} | count");
    }
    let tests = dice.pick(&["", "", " | where ?k.hedged = no", " | where ?c has \"p\""]);
    let by = if dice.chance(50) {
        dice.pick(&named).to_string()
    } else {
        let (a, b) = (dice.pick(&named), dice.pick(&named));
        if a == b { a.to_string() } else { format!("{a}, {b}") }
    };
    let distinct = format!("count distinct {} as m", dice.pick(&named));
    let counts = dice.pick(&["count as n", "count as n", "count distinct ?k as n", "count as n, @"]);
    let counts = counts.replace('@', &distinct);
    let best =
        dice.pick(&["", "", " | sort by n desc | take 2", " | sort by n | take 1", " | sort by n desc"]);
    format!("?k: {who} {verb} ?c{topic}{via}{tests} | summarize {counts} by {by}{best}?")
}

fn of_several(dice: &mut Dice) -> String {
    let who = dice.pick(&["anyone", "anyone", PEOPLE[1]]);
    let (first, second) = (adjuncts(dice), adjuncts(dice));
    let verbs = (dice.pick(&["asserted", "said", "denied"]), dice.pick(&["denied", "asserted", "said"]));
    let (link, other) = if dice.chance(40) {
        (format!(" and ?c {} ?e", dice.pick(&["contradicts", "supports"])), "?e")
    } else {
        (String::new(), "?c")
    };
    let by = if other == "?e" { dice.pick(&["?c, ?e", "?c, ?e", "?c"]) } else { "?c" };
    let by = if first.contains("?o") && dice.chance(60) { format!("{by}, ?o") } else { by.to_string() };
    let counts = dice.pick(&[
        "count distinct ?a as n, count distinct ?d as m",
        "count distinct ?a as n, count distinct ?d as m",
        "count distinct ?d as m",
        "count as n",
    ]);
    format!(
        "?a: {who} {} ?c{first}{link} and ?d: anyone {} {other}{second} | summarize {counts} by {by}?",
        verbs.0, verbs.1
    )
}
