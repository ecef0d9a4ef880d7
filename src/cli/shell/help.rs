//! What the shell says of the language and of itself.

use super::dot::{COMMANDS, say};
use super::pager::Paging;
use crate::syntax::ast::CommandVerb;

/// Topics of help: names that lead to one, and its text.
const TOPICS: &[(&[&str], &str)] = &[
    (
        &["sentences", "sentence", "language", "questions"],
        "A statement and a question are the same sentence; a question has blanks.\n\
         \x20 Peskov told Reuters that \"talks go on\" about [peace plan] on 2025-12-02.   a statement: it ends with a full stop\n\
         \x20 who told Reuters what about [peace plan]?                                   a question\n\
         Blanks: who whom what when via ?x. `anyone` and `anything` match without a column.\n\
         Names begin with capitals, or stand in brackets: Putin, [Bank of America], [a White House official].\n",
    ),
    (
        &["about", "on", "in", "for", "via", "source", "with", "if", "adjuncts"],
        "After who said what to whom can follow, in any order:\n\
         \x20 about A, B          topics, all of them; about any of A, B\n\
         \x20 on 2025-12-01       when it was said; in 2025-12, before, after, between … and …\n\
         \x20 for 2025-12         the time that is spoken of\n\
         \x20 via A via B         who carried it, from the speaker outwards; first via, last via, directly via\n\
         \x20 source <https://…>  the document\n\
         \x20 with deaths > 10    a figure that must follow from what was said; ?n shows it\n\
         \x20 if \"…\"              the condition; {mode: quote} fields\n",
    ),
    (
        &["verbs", "said", "asserted", "denied", "acts"],
        "Every verb belongs to an act. `said` is every speech act; `asserted` every commitment to truth or falsity;\n\
         `denied` also finds \"said that not\". Another verb, as `stated`, finds itself and what is defined under it;\n\
         `exactly stated` only itself. define verb slammed as asserted. adds one. .verbs lists them.\n",
    ),
    (
        &["stages", "where", "show", "count", "summarize", "sort", "take", "skip", "pipeline"],
        "Behind a bar something is done with the rows:\n\
         \x20 | where what has \"peace\" and who != Putin      has contains starts matches = != < > in ( )  is known\n\
         \x20 | show who, what as claim                     chooses columns and removes duplicates\n\
         \x20 | count by who                                counts claims; count distinct what\n\
         \x20 | summarize count as n, min ?k.date by who    ?k: before the sentence names its claim\n\
         \x20 | sort by n desc, who | take 10 | trace what\n",
    ),
    (
        &["reasoning"],
        "Who stands behind it, and what follows? Each as a command, or as a stage: who said ?c about Oil | corroborate ?c\n\
         \x20 trace \"…\"                       who carried it, as a tree, and where it was told otherwise\n\
         \x20 corroborate \"…\"                 how many independent origins back it, and how many deny it\n\
         \x20 weakest \"…\"                     on which single source, carrier, document or claim it hangs\n\
         \x20 impact of retracting Reuters     what falls, weakens and stands; also a <document> or a #claim\n\
         \x20 conflicts about Oil              what contradicts what; conflicts between Anna and Boris\n\
         \x20 circular about Oil               who has it from each other in a circle\n\
         \x20 timeline of Anna about Oil       in order, with changes of position; by published\n\
         \x20 figures about Oil                which figures agree, and which cannot be compared\n\
         \x20 silence of [the board] about Oil who refused, who was asked, who is on record with nothing\n\
         \x20 reliance of Reuters              on whom its claims rest\n\
         \x20 changes from 2025-11-01 to 2025-12-01 about Oil\n",
    ),
    (
        &["not", "and", "or", "joining"],
        "Sentences join with `and`, `or` (not both without brackets) and `not ( … )`, which means: no record that.\n\
         \x20 ?a said ?c and ?b denied ?c?                  the same ?c in both\n\
         \x20 who said that not \"P\"?                        said that P is not so\n",
    ),
];

/// Shows a topic, or what there is.
pub(super) fn topic(word: &str, paging: Paging) {
    let word = word.trim_start_matches('.');
    let word = if CommandVerb::WORDS.contains(&word) { "reasoning" } else { word };
    if let Some((_, text)) = TOPICS.iter().find(|(names, _)| names.contains(&word)) {
        return say(paging, text);
    }
    if let Some((name, args, told)) = COMMANDS.iter().find(|(name, ..)| name.trim_start_matches('.') == word)
    {
        return say(paging, &format!("{name} {args}\n  {told}\n"));
    }
    if !word.is_empty() {
        super::super::report::line(&format!("there is no help on `{word}`; there is this:"));
    }
    let mut text = String::from(
        "Ask in sentences: who said what about Pokrovsk?\nTell in sentences: Anna said \"…\" about Oil.\n\n",
    );
    for (name, args, told) in COMMANDS {
        text.push_str(&format!("  {:<23} {told}\n", format!("{name} {args}")));
    }
    let topics: Vec<&str> = TOPICS.iter().filter_map(|(names, _)| names.first().copied()).collect();
    text.push_str(&format!("\nTopics: {}; each as .help stages, or ? stages.\n", topics.join(", ")));
    say(paging, &text);
}
