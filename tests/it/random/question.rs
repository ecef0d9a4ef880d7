//! Random questions that are safe to ask: sentences joined, blanks and variables, everything that can follow, and stages.

use super::dice::Dice;
use super::graph::{ADDRESSES, GROUPS, OUTLETS, PEOPLE, SPEAKERS, TEXTS, TIMES, TOPICS, VERBS, with_terms};

/// A question: its parts, which must all hold, and its stages.
#[derive(Debug, Clone)]
pub(super) struct Question {
    pub as_of: String,
    pub parts: Vec<String>,
    pub stages: String,
}

impl Question {
    pub(super) fn text(&self) -> String {
        format!("{}{}{}?", self.as_of, self.parts.join(" and "), self.stages)
    }
}

/// What a name holds, as far as stages care.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holds {
    Entity,
    Content,
    Claim,
    Time,
    Other,
}

/// What one sentence may use, and what it used.
#[derive(Debug, Default)]
struct Sentence {
    /// Whether `who` and its kin may stand here.
    blanks: bool,
    /// Names that hold something, as stages write them.
    named: Vec<(String, Holds)>,
    /// Whether each of several speakers has a claim of his own.
    apart: bool,
}

impl Sentence {
    fn holds(&mut self, name: &str, what: Holds) -> String {
        if self.named.iter().all(|(known, _)| known != name) {
            self.named.push((name.into(), what));
        }
        name.into()
    }
}

pub(super) fn question(dice: &mut Dice) -> Question {
    let mut sentence = Sentence { blanks: true, ..Sentence::default() };
    let mut counted = 1;
    let mut parts = Vec::new();
    match dice.below(20) {
        0..=8 => {
            let label = if dice.chance(35) {
                format!("{}: ", sentence.holds("?k", Holds::Claim))
            } else {
                String::new()
            };
            let claim = claim(dice, &mut sentence, None);
            parts.push(label + &claim);
        }
        9..=14 => {
            sentence.blanks = false;
            let label = if dice.chance(40) {
                format!("{}: ", sentence.holds("?k", Holds::Claim))
            } else {
                String::new()
            };
            let first = claim(dice, &mut sentence, Some(&["?x", "?c"]));
            parts.push(label + &first);
            for _ in 0..=dice.below(2) {
                let part = further(dice, &mut sentence, &mut counted);
                parts.push(part);
            }
        }
        15 | 16 => {
            // Every branch binds the same.
            sentence.blanks = false;
            counted = 0;
            let names: &[&'static str] = if dice.chance(50) { &["?x"] } else { &["?x", "?c"] };
            let a = narrow(dice, &mut sentence, names);
            let b = narrow(dice, &mut sentence, names);
            let either = format!("({a} or {b})");
            parts.push(either);
            if dice.chance(50) {
                let part = further(dice, &mut sentence, &mut counted);
                parts.push(part);
            }
        }
        17 | 18 => {
            counted = 0;
            sentence.blanks = false;
            parts.push(relating(dice, &mut sentence));
            if dice.chance(40) {
                let part = further(dice, &mut sentence, &mut counted);
                parts.push(part);
            }
        }
        _ => {
            counted = 2;
            sentence.blanks = false;
            let inner = narrow(dice, &mut sentence, &["?x", "?c"]);
            let verb = dice.pick(&["said", "denied", "confirmed", "wrote"]);
            let outer = sentence.holds("?o", Holds::Entity);
            parts.push(format!("{outer} {verb} that ({inner})"));
        }
    }
    if sentence.apart {
        counted += 1;
    }
    let as_of = match dice.below(30) {
        0 => "as of 2025-01-31 ",
        1 => "as of 2025-03 ",
        _ => "",
    };
    if counted == 1 {
        for (name, what) in
            [("when", Holds::Time), ("via", Holds::Other), ("hedge", Holds::Other), ("claim", Holds::Claim)]
        {
            sentence.holds(name, what);
        }
    }
    let only_yes_or_no = counted != 1 && sentence.named.iter().all(|(name, _)| name == "?k");
    let stages = if only_yes_or_no { String::new() } else { stages(dice, &sentence.named, counted == 1) };
    Question { as_of: as_of.into(), parts, stages }
}

/// One more sentence beside one that binds ?x and ?c, or some of them.
fn further(dice: &mut Dice, sentence: &mut Sentence, counted: &mut usize) -> String {
    let known: Vec<String> = sentence.named.iter().map(|(name, _)| name.clone()).collect();
    let has = |name: &str| known.iter().any(|known| known == name);
    let x = if has("?x") { "?x" } else { "anyone" };
    let c = if has("?c") { "?c" } else { "anything" };
    let another = |sentence: &mut Sentence| {
        format!("{} said {}", sentence.holds("?y", Holds::Entity), sentence.holds("?d", Holds::Content))
    };
    match dice.below(17) {
        0 => format!("not ({x} {} {c})", dice.pick(VERBS)),
        1 if has("?c") => "not (anyone denied ?c)".into(),
        2 => format!("not ({x} said anything about {})", dice.pick(TOPICS)),
        3 if has("?x") => format!("?x is in {}", dice.pick(GROUPS)),
        15 if has("?c") => {
            let other = match dice.below(4) {
                0 => format!("not \"{}\"", dice.pick(TEXTS)),
                1 => format!("\"{}\"", dice.pick(TEXTS)),
                2 => of_a_text(dice),
                _ => sentence.holds("?d", Holds::Content),
            };
            format!("?c same as {other}")
        }
        4 if has("?c") && dice.chance(30) => {
            format!("?c {} {}", dice.pick(&["contradicts", "supports"]), of_a_text(dice))
        }
        4 if has("?c") => format!("?c contradicts {}", sentence.holds("?d", Holds::Content)),
        5 if has("?x") => relating(dice, sentence),
        6 if has("?k") => {
            *counted += 1;
            format!(
                "{} {} ?k",
                sentence.holds("?o", Holds::Entity),
                dice.pick(&["said", "denied", "confirmed"])
            )
        }
        7 if has("?k") => {
            format!("?k {} {}", dice.pick(&["retracts", "corrects"]), sentence.holds("?j", Holds::Claim))
        }
        8 => {
            let names: &[&'static str] = if has("?c") { &["?x", "?c"] } else { &["?x", "?d"] };
            let a = narrow(dice, sentence, names);
            let b = narrow(dice, sentence, names);
            format!("({a} or {b})")
        }
        9 => format!("not ({x} said {c} {} anyone denied {c})", dice.pick(&["and", "or"])),
        10 if has("?t") => {
            *counted += 1;
            format!("{} {} ?t", another(sentence), dice.pick(&["on", "before", "after"]))
        }
        11 if has("?o") => {
            *counted += 1;
            format!("{} via ?o", another(sentence))
        }
        12 if has("?u") => {
            *counted += 1;
            format!("{} source ?u", another(sentence))
        }
        13 if has("?x") => {
            *counted += 1;
            format!("{} about ?x", another(sentence))
        }
        14 if has("?x") => {
            *counted += 1;
            format!(
                "{} told ?x {}",
                sentence.holds("?y", Holds::Entity),
                sentence.holds("?d", Holds::Content)
            )
        }
        _ => {
            *counted += 1;
            let names: &[&'static str] = match dice.below(3) {
                0 => &["?x", "?d"],
                1 => &["?y", "?c"],
                _ => &["?x", "?c"],
            };
            narrow(dice, sentence, names)
        }
    }
}

fn of_a_text(dice: &mut Dice) -> String {
    let text = dice.pick(TEXTS);
    with_terms(dice, text)
}

/// A sentence that is no claim.
fn relating(dice: &mut Dice, sentence: &mut Sentence) -> String {
    match dice.below(12) {
        11 => {
            let relation = dice.pick(&["contradicts", "supports", "same as"]);
            format!("{} {relation} {}", of_a_text(dice), sentence.holds("?c", Holds::Content))
        }
        0 => format!("{} is in {}", sentence.holds("?x", Holds::Entity), dice.pick(GROUPS)),
        1 => format!("{} is in {}", sentence.holds("?x", Holds::Entity), sentence.holds("?g", Holds::Entity)),
        2 => format!(
            "{} is {} of anyone",
            sentence.holds("?x", Holds::Entity),
            sentence.holds("?r", Holds::Other)
        ),
        3 => format!(
            "agrees({}, {})",
            sentence.holds("?x", Holds::Entity),
            sentence.holds("?y", Holds::Entity)
        ),
        4 => format!(
            "backs({}, {})",
            sentence.holds("?x", Holds::Entity),
            sentence.holds("?c", Holds::Content)
        ),
        5 => format!(
            "both({}, {}, {})",
            sentence.holds("?x", Holds::Entity),
            dice.pick(PEOPLE),
            sentence.holds("?c", Holds::Content)
        ),
        6 => format!(
            "relays({}, {})",
            sentence.holds("?x", Holds::Entity),
            sentence.holds("?y", Holds::Entity)
        ),
        7 => format!(
            "within({}, {})",
            sentence.holds("?x", Holds::Entity),
            sentence.holds("?g", Holds::Entity)
        ),
        8 => format!("undisputed({})", sentence.holds("?x", Holds::Entity)),
        9 => format!("backs({}, \"{}\")", sentence.holds("?x", Holds::Entity), dice.pick(TEXTS)),
        _ => format!(
            "[Desk A] rates {} as {}",
            sentence.holds("?x", Holds::Entity),
            sentence.holds("?grade", Holds::Other)
        ),
    }
}

/// A claim sentence that binds just these: a speaker, a content.
fn narrow(dice: &mut Dice, sentence: &mut Sentence, names: &[&'static str]) -> String {
    let who = sentence.holds(names[0], Holds::Entity);
    let verb = dice.pick(&["said", "said", "asserted", "denied", "stated", "doubted", "promised", "slammed"]);
    let content = match names.get(1) {
        Some(name) => {
            let name = sentence.holds(name, Holds::Content);
            format!("{}{name}", dice.pick(&["", "", "", "that not "]))
        }
        None => content(dice),
    };
    let about = if dice.chance(20) { format!(" about {}", dice.pick(TOPICS)) } else { String::new() };
    let via = if dice.chance(15) { format!(" via {}", dice.pick(OUTLETS)) } else { String::new() };
    format!("{who} {verb} {content}{about}{via}")
}

fn content(dice: &mut Dice) -> String {
    match dice.below(4) {
        0 => "anything".into(),
        1 => format!("that not \"{}\"", dice.pick(TEXTS)),
        _ => format!("\"{}\"", dice.pick(TEXTS)),
    }
}

/// A claim sentence with anything; `names` gives the variables for speaker and content where blanks may not stand.
fn claim(dice: &mut Dice, sentence: &mut Sentence, names: Option<&[&'static str]>) -> String {
    let who = match (dice.below(16), names) {
        (0, _) => dice.pick(SPEAKERS).to_string(),
        (1, _) => some(dice, PEOPLE),
        (7, _) => {
            let (a, b) = dice.two(PEOPLE);
            sentence.apart = true;
            format!("all of {a}, {b}")
        }
        (2, None) => sentence.holds("outlet", Holds::Entity).replace("outlet", "which outlet"),
        (3, None) => "anyone".into(),
        (4, None) => {
            let (a, b) = dice.two(PEOPLE);
            format!("{a}, {b}")
        }
        (5, None) => dice.pick(&["Anna", "Daily"]).to_string(),
        (6, None) | (_, Some(_)) => sentence.holds("?x", Holds::Entity),
        (_, None) => sentence.holds("who", Holds::Entity),
    };
    let verbs = if dice.chance(60) { &["said", "said", "asserted", "told"] } else { VERBS };
    let exactly = if dice.chance(5) { "exactly " } else { "" };
    let mut verb = dice.pick(verbs);
    let mut listener = String::new();
    if verb == "told" || dice.chance(5) {
        if verb != "told" {
            verb = "said";
            listener += " to";
        }
        listener += &match dice.below(5) {
            0 => " anyone".into(),
            1 => format!(" {}", dice.pick(PEOPLE)),
            2 => format!(" {}", some(dice, PEOPLE)),
            _ if sentence.blanks => format!(" {}", sentence.holds("whom", Holds::Entity)),
            _ => format!(" {}", sentence.holds("?y", Holds::Entity)),
        };
    }
    let hedge = if dice.chance(6) { dice.pick(&["allegedly ", "possibly "]) } else { "" };
    let said = match (dice.below(10), names) {
        // A listener alone must be a name.
        (0, _) if listener.is_empty() => String::new(),
        (0 | 1, _) => format!(" {hedge}anything"),
        (2, _) => format!(" {hedge}\"{}\"", dice.pick(TEXTS)),
        (3, _) => format!(" that not \"{}\"", dice.pick(TEXTS)),
        (4, _) | (_, Some(_)) => {
            let not = dice.pick(&["", "", "that not "]);
            format!(" {not}{}", sentence.holds("?c", Holds::Content))
        }
        (_, None) => format!(" {hedge}{}", sentence.holds("what", Holds::Content)),
    };
    let verbatim = if said.len() > 1 && dice.chance(4) { " verbatim" } else { "" };
    let mut out = format!("{who} {exactly}{verb}{listener}{said}{verbatim}");
    let adjuncts = [0, 0, 0, 1, 1, 1, 1, 2][dice.below(8)];
    for _ in 0..adjuncts {
        let before = sentence.named.len();
        let adjunct = adjunct(dice, sentence);
        // A document and a condition are named once.
        if [" source ", " if "].iter().any(|word| out.contains(word) && adjunct.contains(word)) {
            sentence.named.truncate(before);
            continue;
        }
        out += &adjunct;
    }
    if dice.chance(6) {
        out += dice.pick(&[" {mode: quote}", " {page: 1}", " {modality: prospective}", " {repeated: no}"]);
    } else if dice.chance(4) {
        out += &format!(" {{page: {}}}", sentence.holds("?v", Holds::Other));
    }
    out
}

/// `any of` or `none of` some.
fn some(dice: &mut Dice, all: &[&str]) -> String {
    let (a, b) = dice.two(all);
    format!("{} {a}, {b}", dice.pick(&["any of", "any of", "none of"]))
}

fn adjunct(dice: &mut Dice, sentence: &mut Sentence) -> String {
    match dice.below(16) {
        0 | 1 => format!(" about {}", dice.pick(TOPICS)),
        2 => format!(" about {}", some(dice, TOPICS)),
        3 => format!(" about {}", sentence.holds("?s", Holds::Entity)),
        4 => format!(" {} {}", dice.pick(&["on", "in", "before", "after"]), dice.pick(TIMES)),
        5 => format!(" on {}", sentence.holds("?t", Holds::Time)),
        6 => format!(" for {}", dice.pick(&["2025", "2025-01"])),
        7 | 8 => {
            let details = dice.pick(&[
                "",
                "",
                " (allegedly)",
                " (inferred)",
                " (marked)",
                " (2025)",
                " (noted)",
                " (reported)",
            ]);
            format!(
                " {}via {}{details}",
                dice.pick(&["", "", "first ", "last ", "directly "]),
                dice.pick(OUTLETS)
            )
        }
        9 => format!(" {}via {}", dice.pick(&["", "first ", "last "]), sentence.holds("?o", Holds::Entity)),
        10 => {
            let (a, b) = (dice.pick(OUTLETS), dice.pick(OUTLETS));
            format!(" via {a} {}via {b}", dice.pick(&["", "directly "]))
        }
        11 => format!(" via {}", some(dice, OUTLETS)),
        12 => format!(" source {}", sentence.holds("?u", Holds::Other)),
        13 => format!(" source <{}>", dice.pick(ADDRESSES)),
        14 => match dice.below(3) {
            0 => " if anything".into(),
            1 => format!(" if \"{}\"", dice.pick(TEXTS)),
            _ => format!(" if {}", sentence.holds("?p", Holds::Content)),
        },
        _ => match dice.below(3) {
            0 => format!(" with deaths {}", sentence.holds("?n", Holds::Other)),
            _ => format!(" with deaths {} {} people", dice.pick(&[">", "<", ">=", "="]), dice.below(4) * 5),
        },
    }
}

fn stages(dice: &mut Dice, named: &[(String, Holds)], per_claim: bool) -> String {
    let mut out = String::new();
    if named.is_empty() || dice.chance(35) {
        return out;
    }
    let one = |dice: &mut Dice| named[dice.below(named.len())].clone();
    if dice.chance(35) {
        let (name, what) = one(dice);
        out += &format!(" | where {}", test(dice, &name, what));
    }
    match dice.below(8) {
        0 => out += " | count",
        1 => {
            let (name, _) = one(dice);
            out += &format!(" | count by {name} | sort by count desc");
        }
        2 => {
            let (name, _) = one(dice);
            out += &format!(" | count distinct {name}");
        }
        3 | 4 => {
            let (a, b) = (one(dice).0, one(dice).0);
            out += &if a == b { format!(" | show {a}") } else { format!(" | show {a}, {b}") };
        }
        5 => {
            let (name, _) = one(dice);
            out += &format!(" | sort by {name}{}", dice.pick(&["", " desc"]));
        }
        6 if per_claim => {
            let (a, b) = (one(dice).0, one(dice).0);
            out += &format!(" | summarize count as n, list {a} as all, min {a} as least by {b}");
        }
        _ => {}
    }
    if dice.chance(25) {
        out += &format!(" | {} {}", dice.pick(&["take", "take", "skip"]), 1 + dice.below(3));
    }
    out
}

fn test(dice: &mut Dice, name: &str, what: Holds) -> String {
    let known = format!("{name} is {}", dice.pick(&["known", "unknown"]));
    let tests = match what {
        Holds::Content => 8,
        Holds::Entity => 5,
        _ => 4,
    };
    match (what, dice.below(tests)) {
        (Holds::Entity, 0) => format!("{name} = {}", dice.pick(PEOPLE)),
        (Holds::Entity, 1) => format!("{name} != {}", dice.pick(SPEAKERS)),
        (Holds::Entity, 2) => format!("{name} in ({}, {})", dice.pick(PEOPLE), dice.pick(OUTLETS)),
        (Holds::Entity, 3) => format!("{name}.kind = {}", dice.pick(&["person", "outlet"])),
        (Holds::Content, 0) => format!("{name} has \"price\" or {name} has \"p\""),
        (Holds::Content, 1) => format!("not ({name} contains \"r\")"),
        (Holds::Content, 2) => format!("{name}.negated = no"),
        (Holds::Content, 3) => {
            format!("{name} has \"{}\"", dice.pick(&["price", "p", "of oil", "the", "nothing"]))
        }
        (Holds::Content, 4) => {
            format!("{name} contains \"{}\"", dice.pick(&["ri", "o", "e of o", "price ", "x"]))
        }
        (Holds::Content, 5) => {
            format!("{name} starts \"{}\" and {name} is known", dice.pick(&["the", "no", "the price o", "q"]))
        }
        (Holds::Claim, 0) => format!("{name}.hops >= 1"),
        (Holds::Claim, 1) => format!("{name}.date {} 2025-01-15", dice.pick(&["=", "!=", "<", ">="])),
        (Holds::Claim, 2) => format!("{name}.hedged = {} and {name}.chains > 0", dice.pick(&["yes", "no"])),
        (Holds::Time, 0) => format!("{name} >= 2025-01-15"),
        (Holds::Time, 1) => format!("{name} != 2025-01"),
        _ => known,
    }
}
