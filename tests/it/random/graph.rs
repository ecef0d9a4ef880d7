//! Small random graphs as text: claims with chains, denials, conditions, figures and times, and everything that relates them.

use super::dice::Dice;

pub(super) const PEOPLE: &[&str] = &["Anna", "Boris", "Clara", "Dora", "Emil"];
pub(super) const SPEAKERS: &[&str] =
    &["Anna", "Boris", "Clara", "Dora", "Emil", "Daily", "Wire", "[an official]", "[an official|x]"];
pub(super) const OUTLETS: &[&str] = &["Daily", "Weekly", "Wire", "Radio"];
pub(super) const GROUPS: &[&str] = &["Bank", "Board", "Union"];
pub(super) const TOPICS: &[&str] = &["Oil", "Gas", "Coal", "Anna"];
pub(super) const TEXTS: &[&str] = &["P", "Q", "R", "S", "the price of oil", "no war"];
pub(super) const TIMES: &[&str] = &[
    "2025-01-10",
    "2025-01-15",
    "2025-01",
    "2025-02-01",
    "2025",
    "2025-01-12..2025-01-20",
    "2025-02-01T14:30Z",
];
pub(super) const ADDRESSES: &[&str] = &["https://a.example/1", "https://a.example/2", "https://b.example/1"];
pub(super) const VERBS: &[&str] = &[
    "said",
    "said",
    "stated",
    "reported",
    "denied",
    "denied",
    "rejected",
    "confirmed",
    "promised",
    "doubted",
    "predicted",
    "slammed",
    "tore-apart",
    "waved-away",
    "retracted",
];
/// Terms that make another content of a text: claims have them, and links name them.
pub(super) const TERMS: &[&str] = &[
    " with deaths = 5 people",
    " with deaths > 5 people",
    " if \"Q\"",
    " if not \"Q\"",
    " for 2025",
    " for 2025 if \"Q\"",
    " {modality: prospective}",
    " with [mayor] = Anna",
    " with deaths = 5 people {modality: prospective}",
];
const HEDGES: &[&str] = &["allegedly", "reportedly", "possibly", "probably"];

/// What is the same in other words: never in a circle, which could make a text the same as its own negation.
const SAME: &[&str] =
    &["\"P\" same as \"the price of oil\".", "\"R\" same as not \"S\".", "\"S\" same as \"no war\"."];

/// What the questions may call upon.
pub(super) const RULES: &str = "\
define verb slammed as asserted.
define verb tore-apart as slammed.
define verb waved-away as asserted negative.
define agrees(?x, ?y) as (?x said ?c) and (?y said ?c).
define backs(?x, ?c) as (?x said ?c).
define both(?x, ?y, ?c) as (?x said ?c) and (?y said ?c).
define disputed(?x) as (?x said ?c) and (anyone denied ?c).
define relays(?x, ?y) as (anyone said anything via ?y directly via ?x) or (relays(?x, ?m) and relays(?m, ?y)).
define within(?x, ?g) as (?x is in ?g) or (within(?x, ?m) and within(?m, ?g)).
define undisputed(?x) as (?x said anything) and not (disputed(?x)).
";

/// The statements of one graph, one a line.
pub(super) fn statements(dice: &mut Dice) -> Vec<String> {
    let mut lines: Vec<String> = RULES.lines().map(String::from).collect();
    for (name, kind) in
        [("Anna", "person"), ("Boris", "person"), ("Daily", "outlet"), ("Bank", "organization")]
    {
        if dice.chance(70) {
            lines.push(format!("{name} is {kind}."));
        }
    }
    let mut cores: Vec<(String, String)> = Vec::new();
    let claims = 8 + dice.below(14);
    for at in 1..=claims {
        if dice.chance(20) {
            lines.push(document(dice));
        } else if dice.chance(5) {
            lines.push("end document.".into());
        }
        // The same claim again, by another way.
        if !cores.is_empty() && dice.chance(25) {
            let (core, known) = cores[dice.below(cores.len())].clone();
            let chain = chain(dice);
            // Often it is the way that is known, and further.
            let known = if dice.chance(70) { known.as_str() } else { "" };
            lines.push(format!("{core}{known}{chain}."));
            continue;
        }
        let id = if dice.chance(75) { format!("#c{at}: ") } else { String::new() };
        let core = core(dice);
        let (chain, fields) = (chain(dice), fields(dice, core.contains('"')));
        if dice.chance(6) {
            let (who, verb) = (dice.pick(PEOPLE), dice.pick(&["denied", "confirmed", "wrote", "doubted"]));
            lines.push(format!("{who} {verb} that ({id}{core}{chain})."));
        } else if fields.is_empty() {
            // Here and there one of the contents that links name.
            let terms = if core.ends_with('"') && !core.contains(" if ") && dice.chance(50) {
                dice.pick(TERMS)
            } else {
                ""
            };
            lines.push(format!("{id}{core}{chain}{terms}."));
            if terms.is_empty() {
                cores.push((format!("{id}{core}"), chain));
            }
        } else {
            lines.push(format!("{id}{core}{chain} {fields}."));
        }
    }
    lines.push("end document.".into());
    let ids: Vec<String> =
        lines.iter().filter_map(|line| Some(line.strip_prefix("#c")?.split_once(':')?.0.into())).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    for _ in 0..3 + dice.below(7) {
        lines.extend(relation(dice, &ids));
    }
    lines
}

fn document(dice: &mut Dice) -> String {
    let (address, outlet) = (dice.pick(ADDRESSES), dice.pick(OUTLETS));
    let on = if dice.chance(75) {
        format!(" on {}", dice.pick(&["2025-01-20", "2025-02", "2025-03-01"]))
    } else {
        String::new()
    };
    let citing = if dice.chance(25) { format!(" citing {}", dice.pick(OUTLETS)) } else { String::new() };
    format!("document <{address}> by {outlet}{on}{citing}.")
}

/// A claim without id, chain and fields.
fn core(dice: &mut Dice) -> String {
    let who = if dice.chance(12) {
        let (a, b) = dice.two(PEOPLE);
        format!("{a}, {b}")
    } else {
        dice.pick(SPEAKERS).to_string()
    };
    if dice.chance(8) {
        let about = if dice.chance(70) { format!(" about {}", topics(dice)) } else { String::new() };
        return format!("{who} {}{about}", dice.pick(&["refused", "declined-to-comment", "feared"]));
    }
    let told = dice.chance(20);
    let (verb, listener) = if told {
        ("told", format!(" {}", if dice.chance(15) { "Anna, Clara" } else { dice.pick(PEOPLE) }))
    } else if dice.chance(8) {
        ("said", format!(" to {}", dice.pick(PEOPLE)))
    } else {
        (dice.pick(VERBS), String::new())
    };
    let hedge = if dice.chance(10) { format!("{} ", dice.pick(HEDGES)) } else { String::new() };
    let not = if dice.chance(15) { "not " } else { "" };
    let verbatim = if dice.chance(10) { " verbatim" } else { "" };
    let text = dice.pick(TEXTS);
    let mut out = format!("{who} {verb}{listener} that {hedge}{not}\"{text}\"{verbatim}");
    if dice.chance(45) {
        out += &format!(" about {}", topics(dice));
    }
    if dice.chance(45) {
        out += &format!(" on {}", dice.pick(TIMES));
    }
    if dice.chance(12) {
        out += &format!(" for {}", dice.pick(TIMES));
    }
    if dice.chance(10) {
        out += &format!(" if {}\"{}\"", dice.pick(&["", "not "]), dice.pick(TEXTS));
    }
    if dice.chance(15) {
        out += &format!(
            " with deaths {} {} people",
            dice.pick(&["=", ">", "<", ">=", "<=", "~"]),
            dice.below(4) * 5
        );
    }
    if dice.chance(5) {
        out += &format!(" with [mayor] = {}", dice.pick(PEOPLE));
    }
    out
}

fn topics(dice: &mut Dice) -> String {
    if dice.chance(30) {
        let (a, b) = dice.two(TOPICS);
        return format!("{a}, {b}");
    }
    dice.pick(TOPICS).into()
}

fn chain(dice: &mut Dice) -> String {
    let mut out = String::new();
    if dice.chance(45) {
        return out;
    }
    for _ in 0..=dice.below(3) {
        out += &format!(" via {}", if dice.chance(15) { dice.pick(PEOPLE) } else { dice.pick(OUTLETS) });
        let mut details = Vec::new();
        if dice.chance(15) {
            details.push(dice.pick(HEDGES));
        }
        if dice.chance(15) {
            details.push("inferred");
        }
        if dice.chance(10) {
            details.push(dice.pick(TIMES));
        }
        if dice.chance(10) {
            details.push(dice.pick(&["noted", "wrote"]));
        }
        if !details.is_empty() {
            out += &format!(" ({})", details.join(", "));
        }
    }
    out
}

fn fields(dice: &mut Dice, has_text: bool) -> String {
    let mut pairs = Vec::new();
    if dice.chance(10) {
        pairs.push(format!("mode: {}", dice.pick(&["quote", "label", "paraphrase"])));
    }
    if has_text && dice.chance(6) {
        pairs.push("modality: prospective".into());
    }
    if dice.chance(8) {
        pairs.push(format!("page: {}", dice.below(3)));
    }
    if dice.chance(4) {
        pairs.push("repeated: yes".into());
    }
    if pairs.is_empty() { String::new() } else { format!("{{{}}}", pairs.join(", ")) }
}

/// A content of a text.
pub(super) fn with_terms(dice: &mut Dice, text: &str) -> String {
    let not = if dice.chance(15) { "not " } else { "" };
    let terms = if dice.chance(70) { dice.pick(TERMS) } else { "" };
    format!("{not}\"{text}\"{terms}")
}

/// Something that relates entities, contents or claims.
fn relation(dice: &mut Dice, ids: &[&str]) -> Option<String> {
    let (a, b) = dice.two(TEXTS);
    let (x, y) = dice.two(PEOPLE);
    Some(match dice.below(16) {
        0 | 1 => format!("\"{a}\" contradicts \"{b}\"."),
        2 => format!("\"{a}\" supports \"{b}\"."),
        14 => format!("{} contradicts {}.", with_terms(dice, a), with_terms(dice, b)),
        15 => {
            let relation = dice.pick(&["same as", "supports", "contradicts"]);
            // Two contents of a text may be one too.
            let other = if dice.chance(50) { a } else { b };
            format!("{} {relation} {}.", with_terms(dice, a), with_terms(dice, other))
        }
        3 | 4 => dice.pick(SAME).into(),
        5 | 6 => format!("{x} is in {}.", dice.pick(GROUPS)),
        7 => {
            let (inner, outer) = dice.two(GROUPS);
            format!("{inner} is in {outer}.")
        }
        8 => {
            format!("{x} is in {} as [chair] for {}.", dice.pick(GROUPS), dice.pick(&["2024..2026", "2025"]))
        }
        9 => format!("{x} is [cousin] of {y}."),
        10 if dice.chance(30) => "[Desk A] rates [an official|x] as B.".into(),
        10 => format!("[Desk A] rates {} as {}.", dice.pick(OUTLETS), dice.pick(&["A", "C", "F"])),
        11 if dice.chance(30) => format!("[an official|x] same as {y}."),
        11 => format!("{x} same as {y}."),
        12 if ids.len() > 1 => {
            let (new, old) = dice.two(ids);
            format!("#c{new} {} #c{old}.", dice.pick(&["retracts", "corrects", "same as"]))
        }
        13 if !ids.is_empty() => {
            let id = dice.pick(ids);
            if dice.chance(40) {
                format!("void #c{id} because \"misheard\".")
            } else {
                format!("{x} {} #c{id}.", dice.pick(&["confirmed", "denied"]))
            }
        }
        _ => return None,
    })
}
