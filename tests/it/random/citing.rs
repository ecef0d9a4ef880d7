//! Random documents that cite each other, in circles too, claims in them, rules that follow the citations, and questions that use the rules.

use super::dice::Dice;

const OUTLETS: &[&str] = &["Alpha", "Beta", "Gamma"];

fn url(document: usize) -> String {
    format!("<https://d.example/{document}>")
}

/// Statements: documents, citations, claims, and the rules.
pub(super) fn statements(dice: &mut Dice) -> Vec<String> {
    let documents = 2 + dice.below(6);
    let mut all: Vec<String> =
        (0..documents).map(|at| format!("document {} by {}.", url(at), dice.pick(OUTLETS))).collect();
    for from in 0..documents {
        for to in 0..documents {
            if from != to && dice.chance(25) {
                all.push(format!("{} cites {}.", url(from), url(to)));
            }
        }
    }
    for at in 0..3 + dice.below(8) {
        let (who, what) = (dice.pick(&["Anna", "Boris", "Clara"]), dice.pick(&["P", "Q", "R"]));
        let topic = dice.pick(&["", " about Oil", " about Gas"]);
        let via = format!(" via {}", dice.pick(OUTLETS));
        let via = if dice.chance(50) { via } else { String::new() };
        all.push(format!("#c{at}: {who} said \"{what}\"{topic}{via} source {}.", url(dice.below(documents))));
    }
    if dice.chance(20) {
        all.push("\"P\" same as \"Q\".".to_string());
    }
    let rules = [
        "define cites-something(?d) as (?d cites ?x).",
        // What is handed on comes last, or first, or there are two of it; and rules that are no walks.
        "define origin(?d, ?r) as ((?d cites ?r) and not (cites-something(?r))) or ((?d cites ?m) and origin(?m, ?r)).",
        "define leads(?r, ?d) as (?d cites ?r) or (leads(?r, ?m) and (?d cites ?m)).",
        "define told(?d, ?r, ?o) as (anyone said anything via ?o source ?d and ?d cites ?r) or ((?d cites ?m) and told(?m, ?r, ?o)).",
        "define joins(?a, ?b) as (?a cites ?b) or (joins(?a, ?m) and joins(?m, ?b)).",
        "define even(?a, ?b) as ((?a cites ?m) and (?m cites ?b)) or ((?a cites ?m) and odd(?m, ?b)).",
        "define odd(?a, ?b) as (?a cites ?b) or ((?a cites ?m) and even(?m, ?b)).",
        "define rests-on(?c, ?r, ?o) as (anyone said ?c via ?o source ?r and not (cites-something(?r))) or (anyone said ?c via ?o source ?d and origin(?d, ?r)).",
        "define rests-near(?c, ?r, ?o) as (anyone said ?c via ?o source ?r) or (anyone said ?c via ?o source ?d and ?d cites ?r).",
        "define rests-on-any(?c, ?o) as (anyone said ?c via ?o source ?d and ?d cites ?r) or (anyone said ?c via ?o source ?d and origin(?d, ?r)).",
    ];
    all.extend(rules.map(String::from));
    all
}

/// A question that follows citations.
pub(super) fn question(dice: &mut Dice) -> String {
    let one = url(dice.below(4));
    let other = url(dice.below(4));
    let relation = dice.pick(&["origin", "joins", "even", "odd"]);
    let asked = match dice.below(9) {
        0 => format!("{relation}(?a, ?b)"),
        1 => format!("{one} cites ?a and {relation}(?a, ?b)"),
        2 => format!("{one} cites ?b and {relation}(?a, ?b)"),
        3 => format!("?a cites {one} and ?b cites {other} and {relation}(?a, ?b)"),
        4 => format!("anyone said ?c source ?d and {relation}(?d, ?b)"),
        5 => format!("?a cites {one} and leads(?b, ?a)"),
        6 => format!("{relation}(?a, ?a)"),
        7 => format!("{one} cites ?a and told(?a, ?r, ?o)"),
        _ => "anyone said ?c about Oil and rests-on(?c, ?r, ?o)".to_string(),
    };
    let of_contents = dice.pick(&[
        "anyone said ?c and rests-on(?c, ?r, ?o) | summarize count distinct ?r as origins, count distinct ?o as outlets by ?c",
        "anyone said ?c about Oil and rests-on(?c, ?r, ?o) | summarize count distinct ?r as origins, count distinct ?o as outlets by ?c",
        "anyone said ?c source ?d and origin(?d, ?r) | summarize count distinct ?r as origins by ?c",
        "anyone said ?c and anyone denied ?e and rests-on(?c, ?r, ?o) | summarize count distinct ?r as origins by ?o",
        "anyone said ?c about Gas source ?r and not (rests-on(?c, ?r, Alpha)) | show ?c, ?r",
        // Alternatives that begin alike and go on differently, that begin differently, and that fill more than is sorted as one number.
        "anyone said ?c about Oil and rests-near(?c, ?r, ?o) | summarize count distinct ?r as documents, count distinct ?o as outlets by ?c",
        "anyone said ?c about Oil and rests-on-any(?c, ?o) | summarize count distinct ?o as outlets by ?c",
        "anyone said ?c and (anyone said ?c via ?o source ?d or anyone denied ?c via ?o source ?d) | summarize count distinct ?d as documents by ?c",
        "anyone said ?c and (?w said ?c about ?y via ?o source ?r or ?w denied ?c about ?y via ?o source ?r) | show ?c, ?w, ?y, ?o, ?r",
        "anyone said ?c and (rests-on(?c, ?r, Beta) or rests-on(?c, ?r, Gamma)) | show ?c, ?r",
    ]);
    if dice.chance(40) { of_contents.to_string() } else { asked }
}
