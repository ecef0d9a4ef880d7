//! The typical mistakes: what people write who do not know the language yet. Each detector knows one mistake, and most prove their fix by
//! parsing the sentence as it would be with it; only a sentence that no detector knows gets the grammar's own "expected".
//!
//! Nothing here changes what parses. To add a mistake: a detector in the file it belongs to, a line in `DETECTORS`, a case in `tests/cases`.

mod habits;
mod mapping;
mod marks;
mod names;
mod order;
mod phrases;
mod requests;
mod sense;
mod shape;
mod words;

use super::MAX_TRIED;
use crate::diag::Diagnostic;
use words::Words;

/// The detectors in the order in which they are tried: the surest first.
const DETECTORS: &[fn(&Words<'_>) -> Option<Diagnostic>] = &[
    mapping::head,
    mapping::column,
    requests::behind_the_end,
    requests::of_the_shell,
    phrases::other_query_language,
    sense::comment,
    requests::delete,
    requests::aggregate_that_is_none,
    requests::show_everything,
    shape::unclosed,
    marks::hidden,
    marks::of_other_scripts,
    habits::date,
    habits::thousands,
    shape::open_range,
    shape::two_sentences,
    shape::did_not_say,
    requests::what_has,
    requests::test_without_where,
    requests::id_without_a_colon,
    requests::as_of_behind,
    requests::not_in_front,
    sense::not_before_that,
    sense::according_to,
    sense::several_cited,
    sense::kind_or_role,
    sense::who_somebody_is,
    sense::verb_without_a_meaning,
    sense::id_without_its_mark,
    sense::from_to,
    sense::date_behind_a_comma,
    sense::or_between_values,
    order::passive,
    shape::question_with_a_full_stop,
    shape::missing_bar,
    shape::mixed_and_or,
    order::not_without_brackets,
    order::whom_speaks,
    order::listener_behind,
    order::did,
    requests::why,
    order::quote_in_front,
    habits::day_in_words,
    marks::colon,
    marks::other_quotes,
    marks::bare_address,
    requests::stage_without_by,
    requests::order_in_full,
    requests::columns_behind_a_comma,
    phrases::like,
    phrases::of_other_languages,
    phrases::unequal,
    shape::unquoted_target,
    sense::verb_of_several_words,
    sense::hedge_in_own_words,
    sense::speech_without_brackets,
    names::quoted,
    names::in_a_list,
    names::with_a_small_word,
    shape::misspelt,
    requests::request,
    names::in_lower_case,
    names::initial,
    shape::breaks_off,
    shape::misplaced,
    shape::unquoted_content,
    requests::name_of_lower_words,
];

/// What was probably meant by a sentence that does not parse. `fits` tells whether a text parses.
pub(super) fn recognise(text: &str, fits: &dyn Fn(&str) -> bool) -> Option<Diagnostic> {
    if text.len() > MAX_TRIED {
        return None;
    }
    let words = Words::of(text, fits);
    DETECTORS.iter().find_map(|detector| detector(&words))
}
