//! From a row to a draft: what the keys mean together, and what they may not say.

use super::row::{Amount, Figure, Name, Names, Row};
use crate::diag::Code;
use crate::graph::{
    DocumentDraft, Draft, FieldDraft, FieldKind, FigureDraft, Graph, HopDraft, Mention, What,
};
use crate::model::{Act, Basis, Bound, Commitment, EntityKind, Lexicon, Mode, Time, VerbId, is_unnamed};

/// Why a row makes no claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wrong {
    pub code: Code,
    pub message: String,
    pub help: String,
}

pub(super) fn wrong<T>(code: Code, message: impl Into<String>, help: impl Into<String>) -> Result<T, Wrong> {
    Err(Wrong { code, message: message.into(), help: help.into() })
}

/// A verb and an act as a row names them.
pub(super) struct Cue<'r> {
    pub word: &'r str,
    /// The act under which a verb that is not known yet is to be defined.
    pub act: Option<&'static str>,
}

/// The base forms of the acts, which rows may use as well as the words of the language.
const BASE_FORMS: &[(&str, Act)] = &[
    ("assert", Act::Assert),
    ("deny", Act::Deny),
    ("confirm", Act::Confirm),
    ("report", Act::Report),
    ("predict", Act::Predict),
    ("warn", Act::Warn),
    ("doubt", Act::Doubt),
    ("ask", Act::Ask),
    ("promise", Act::Promise),
    ("threaten", Act::Threaten),
    ("propose", Act::Propose),
    ("demand", Act::Demand),
    ("wish", Act::Wish),
    ("retract", Act::Retract),
    ("correct", Act::Correct),
    ("refuse", Act::Refuse),
    ("think", Act::Think),
];

pub(super) fn cue<'r>(row: &'r Row<'_>) -> Result<Cue<'r>, Wrong> {
    let act = match row.act.as_deref() {
        None => None,
        Some("said" | "say") => Some("said"),
        Some(word) => {
            let base = BASE_FORMS.iter().find(|(form, _)| *form == word).map(|(_, act)| *act);
            match base.or_else(|| Act::from_word(word)) {
                Some(act) => Some(act.word()),
                None => {
                    let words: Vec<&str> = Act::ALL.iter().map(|act| act.word()).collect();
                    return wrong(
                        Code::BadValue,
                        format!("`{word}` is no act"),
                        format!("an act is one of said, {}", words.join(", ")),
                    );
                }
            }
        }
    };
    let plain = if row.stance.as_deref() == Some("observing") { "reported" } else { "said" };
    Ok(match (row.cue.as_deref(), act) {
        (Some(word), act) => Cue { word, act },
        (None, Some(act)) => Cue { word: act, act: None },
        (None, None) => Cue { word: plain, act: None },
    })
}

/// Whether the content is negated, and whether the source takes no stand.
fn sign(row: &Row<'_>, flips: bool) -> Result<(bool, bool), Wrong> {
    let stance = match row.stance.as_deref() {
        None => return Ok((row.negated != flips, false)),
        Some("asserts" | "supports" | "for") => false,
        Some("denies" | "opposes" | "against") => true,
        Some("observing") => return Ok((row.negated != flips, true)),
        Some(other) => {
            return wrong(
                Code::BadValue,
                format!("`{other}` is no stance"),
                "a stance is asserts, supports, for, denies, opposes, against or observing",
            );
        }
    };
    if row.negated && !stance {
        return wrong(Code::BadRow, "`negated` and `stance` contradict each other", "keep one of the two");
    }
    Ok((stance, false))
}

fn kind(name: &Name<'_>) -> Result<Option<EntityKind>, Wrong> {
    let Some(word) = name.kind.as_deref() else { return Ok(None) };
    match EntityKind::from_word(word) {
        Some(kind) => Ok(Some(kind)),
        None => {
            let kinds: Vec<&str> = EntityKind::ALL.iter().map(|kind| kind.word()).collect();
            wrong(
                Code::BadValue,
                format!("`{word}` is no kind of entity"),
                format!("it is one of {}", kinds.join(", ")),
            )
        }
    }
}

fn mention<'r>(name: &'r Name<'_>, what: &str) -> Result<Mention<'r>, Wrong> {
    if name.name.trim().is_empty() {
        return wrong(Code::BadRow, format!("the name of {what} is empty"), "name it, or leave the key away");
    }
    Ok(Mention { name: &name.name, kind: kind(name)?, ..Mention::default() })
}

fn mentions<'r>(names: &'r Names<'_>, what: &str) -> Result<Vec<Mention<'r>>, Wrong> {
    names.0.iter().map(|name| mention(name, what)).collect()
}

/// Those who speak or listen may be described instead of named; whoever has an id elsewhere is named.
fn speakers<'r>(names: &'r Names<'_>, what: &str) -> Result<Vec<Mention<'r>>, Wrong> {
    let described = |name: &'r Name<'_>| {
        let unnamed = name.ids.is_empty() && is_unnamed(&name.name);
        mention(name, what).map(|mention| Mention { unnamed, ..mention })
    };
    names.0.iter().map(described).collect()
}

pub(super) fn time(text: &str, key: &str) -> Result<Time, Wrong> {
    Time::parse_any(text).or_else(|error| {
        wrong(
            Code::BadTime,
            format!("`{key}`: `{text}` is {error}"),
            "write 2025-12-01, 2025-12, 2025 or 2025-12-01T14:30Z",
        )
    })
}

fn figure<'r>(figure: &'r Figure<'_>) -> Result<FigureDraft<'r>, Wrong> {
    if figure.what.is_empty() {
        return wrong(Code::BadRow, "`what` of a figure is empty", "name what is counted");
    }
    let number = |number: &serde_json::Number| match number.as_f64() {
        Some(value) if value.is_finite() && value.abs() <= 9_007_199_254_740_992.0 => Ok(value),
        _ => wrong(Code::BadNumber, format!("{number} cannot be kept exactly"), "round it"),
    };
    let op = figure.op.as_deref().unwrap_or("=");
    let bound = match (op, &figure.value) {
        ("between", Amount::Two([low, high])) => {
            let (low, high) = (number(low)?, number(high)?);
            if low > high {
                return wrong(Code::BadNumber, "the greater number comes first", "put the lesser first");
            }
            Bound::between(low, high)
        }
        ("between", Amount::One(_)) => {
            return wrong(Code::BadValue, "`between` needs two numbers", "write \"value\": [5, 10]");
        }
        (_, Amount::Two(_)) => {
            return wrong(Code::BadValue, "two numbers need `between`", "write \"op\": \"between\"");
        }
        ("=", Amount::One(value)) => Bound::exactly(number(value)?),
        ("~", Amount::One(value)) => Bound::about(number(value)?),
        (">", Amount::One(value)) => Bound::above(number(value)?, true),
        (">=", Amount::One(value)) => Bound::above(number(value)?, false),
        ("<", Amount::One(value)) => Bound::below(number(value)?, true),
        ("<=", Amount::One(value)) => Bound::below(number(value)?, false),
        (other, _) => {
            return wrong(
                Code::BadValue,
                format!("`{other}` is no comparison"),
                "it is one of = < <= > >= ~ between",
            );
        }
    };
    let unit = match figure.unit.as_deref() {
        Some("%") => "percent",
        unit => unit.unwrap_or(""),
    };
    Ok(FigureDraft { what: &figure.what, bound, unit })
}

fn relay(source: Mention<'_>) -> HopDraft<'_> {
    HopDraft {
        id: None,
        sources: vec![source],
        verb: Lexicon::RELAY,
        listeners: Vec::new(),
        time: None,
        hedge: None,
        basis: Basis::Marked,
        negated: false,
    }
}

/// Everything of a row but its document and what it says of names.
pub(super) fn draft<'r>(graph: &Graph, row: &'r Row<'_>, verb: VerbId) -> Result<Draft<'r>, Wrong> {
    let known = graph.lexicon.verb(verb);
    let (negated, stands_aside) = sign(row, known.negative)?;
    let mut draft = Draft::of(verb);
    draft.id = row.id.as_deref();
    if let Some(id) = draft.id
        && (id.trim() != id
            || id.is_empty()
            || id.starts_with(['_', '|'])
            || id.contains(|c: char| matches!(c, '~' | '[' | ']') || c.is_control()))
    {
        return wrong(
            Code::BadValue,
            format!("`{id}` cannot be an id"),
            "ids are not empty, do not begin with `_` or a bar, and hold no `~`, brackets or line breaks",
        );
    }
    draft.sources = speakers(&row.speaker, "the speaker")?;
    // Outlets come outermost first; a chain is told from the speaker outwards.
    let mut outlets = mentions(&row.outlets, "an outlet")?;
    outlets.reverse();
    if outlets.is_empty()
        && let Some(outlet) = row.document.as_ref().and_then(|document| document.outlet.as_ref())
    {
        outlets.push(mention(outlet, "the outlet")?);
    }
    if row.own_voice {
        if !draft.sources.is_empty() {
            return wrong(
                Code::BadRow,
                "`own_voice` and `speaker` exclude each other",
                "keep one of the two",
            );
        }
        if outlets.is_empty() {
            return wrong(Code::BadRow, "`own_voice` needs an outlet to speak", "give `outlets`");
        }
        draft.sources.push(outlets.remove(0));
    }
    let speaks = |outlet: &Mention<'_>| draft.sources.len() == 1 && draft.sources[0].name == outlet.name;
    let own = outlets.first().is_some_and(speaks);
    draft.hops = outlets.into_iter().skip(usize::from(own)).map(relay).collect();
    draft.listeners = speakers(&row.addressee, "the addressee")?;
    draft.subjects = mentions(&row.subjects, "a subject")?;
    draft.what = match row.proposition.as_deref() {
        None => What::Nothing,
        Some(text) if text.trim().is_empty() => {
            return wrong(
                Code::BadRow,
                "`proposition` is empty",
                "write what was claimed, or leave the key away",
            );
        }
        Some(text) => What::Text { text, negated },
    };
    draft.hedge = row.hedge.as_deref().filter(|hedge| !hedge.is_empty());
    if let Some(hedge) = draft.hedge {
        draft.flags = draft.flags.with_commitment(Commitment::of_hedge(hedge));
    }
    if stands_aside {
        draft.flags = draft.flags.with_commitment(Commitment::Uncommitted);
    }
    if let Some(word) = row.mode.as_deref() {
        let Some(mode) = Mode::from_word(word) else {
            return wrong(
                Code::BadValue,
                format!("`{word}` is no mode"),
                "a mode is quote, mixed, label or paraphrase",
            );
        };
        draft.flags = draft.flags.with_mode(mode).with_verbatim(mode == Mode::Quote);
    }
    if let Some(date) = row.date.as_deref() {
        draft.said = Some(time(date, "date")?.into());
    }
    draft.figures = row.figures.iter().map(figure).collect::<Result<_, _>>()?;
    draft.condition =
        row.condition.as_deref().filter(|text| !text.trim().is_empty()).map(|text| (text, false));
    if matches!(draft.what, What::Nothing) && (draft.condition.is_some() || !draft.figures.is_empty()) {
        return wrong(Code::BadRow, "a figure or condition needs a proposition", "give `proposition`");
    }
    Ok(draft)
}

/// The document of a row.
pub(super) fn document<'r>(row: &'r Row<'_>) -> Result<Option<DocumentDraft<'r>>, Wrong> {
    let Some(document) = &row.document else { return Ok(None) };
    if document.url.is_empty() {
        return wrong(
            Code::BadRow,
            "the document's `url` is empty",
            "give its address, or leave `document` away",
        );
    }
    Ok(Some(DocumentDraft {
        key: &document.url,
        // What no address looks like is a name of the document's own.
        is_address: is_address(&document.url),
        outlet: document.outlet.as_ref().map(|outlet| mention(outlet, "the outlet")).transpose()?,
        published: document
            .date
            .as_deref()
            .map(|date| time(date, "document.date"))
            .transpose()?
            .map(Into::into),
        title: document.title.as_deref(),
        ..DocumentDraft::default()
    }))
}

fn is_address(url: &str) -> bool {
    !url.contains(|c: char| matches!(c, '<' | '>') || c.is_whitespace() || c.is_control())
}

/// The free fields of a row: each key with the kind of its value and the value as text.
pub(super) fn extra(row: &Row<'_>) -> Result<Vec<(String, FieldKind, String)>, Wrong> {
    let field = |(key, raw): (&std::borrow::Cow<'_, str>, &&serde_json::value::RawValue)| {
        let json = raw.get();
        let (kind, value) = match json.as_bytes().first() {
            Some(b'"') => match serde_json::from_str::<String>(json) {
                Ok(text) => (FieldKind::Text, text),
                Err(error) => return wrong(Code::BadJson, error.to_string(), "write a JSON string"),
            },
            Some(b'-' | b'0'..=b'9') => (FieldKind::Number, json.to_string()),
            _ => (FieldKind::Json, json.to_string()),
        };
        Ok((key.to_string(), kind, value))
    };
    row.extra.iter().map(field).collect()
}

/// Free fields as a draft takes them.
pub(super) fn fields(extra: &[(String, FieldKind, String)]) -> Vec<FieldDraft<'_>> {
    extra.iter().map(|(key, kind, value)| FieldDraft { key, kind: *kind, value }).collect()
}
