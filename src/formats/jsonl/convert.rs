//! From a row to a draft: what the keys mean together, and what they may not say.

use super::super::dixit::MAX_HOPS;
use super::row::{Figure, Name, Names, Object, Row};
use crate::diag::{Code, brief};
use crate::graph::{
    DocumentDraft, Draft, FieldDraft, FieldKind, FigureDraft, HopDraft, Mention, Mentions, What,
};
use crate::model::{
    Act, Basis, Bound, Commitment, DefineError, EntityKind, Lexicon, Mode, Time, VerbId, exact, is_unnamed,
};
use crate::syntax::is_verb;
use serde_json::value::RawValue;
use std::borrow::Cow;

/// Why a row makes no claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wrong {
    pub code: Code,
    pub message: String,
    pub help: String,
}

impl Wrong {
    pub(super) fn new(code: Code, message: impl Into<String>, help: impl Into<String>) -> Wrong {
        Wrong { code, message: brief(message.into()), help: brief(help.into()) }
    }
}

pub(super) fn wrong<T>(code: Code, message: impl Into<String>, help: impl Into<String>) -> Result<T, Wrong> {
    Err(Wrong::new(code, message, help))
}

/// A verb and an act as a row names them.
struct Cue<'r> {
    word: &'r str,
    /// The act under which a verb that is not known yet is to be defined.
    act: Option<&'static str>,
}

/// What a row tells, as it is handed to the graph.
pub(super) struct Told<'r> {
    pub draft: Draft<'r>,
    pub document: Option<DocumentDraft<'r>>,
    /// The word and the act under which it is to be defined first, where nobody knows its verb yet.
    pub define: Option<(&'r str, &'static str)>,
    /// The names that say more of themselves.
    pub names: Vec<&'r Name<'r>>,
    /// What the speakers are, and of whom.
    pub title: Option<&'r str>,
    pub group: Option<Mention<'r>>,
}

/// What a row tells.
pub(super) fn told<'r>(lexicon: &Lexicon, row: &'r Row<'r>) -> Result<Told<'r>, Wrong> {
    told_by(row, &verb(lexicon, row)?)
}

/// What a row tells by its verb.
fn told_by<'r>(row: &'r Row<'r>, meant: &Meant<'r>) -> Result<Told<'r>, Wrong> {
    let fields = fields(row)?;
    let mut draft = draft(row, meant)?;
    draft.fields = fields;
    let document = document(row)?;
    draft.document = document.as_ref().map(|document| (document.key, document.is_address));
    let group = row.speaker_affiliation.as_deref().map(Mention::named);
    let title = row.speaker_title.as_deref();
    Ok(Told { draft, document, define: meant.define, names: names(row).collect(), title, group })
}

/// Every name of a row that says more of itself.
fn names<'r>(row: &'r Row<'r>) -> impl Iterator<Item = &'r Name<'r>> {
    let outlet = row.document.as_ref().and_then(|document| document.0.outlet.as_ref());
    let lists = [&row.speaker, &row.subjects, &row.addressee, &row.outlets];
    let all = lists.into_iter().flat_map(Names::iter).chain(outlet);
    all.filter(|name| !name.ids().is_empty() || !name.aliases().is_empty())
}

/// The same where it says so whatever the rows before it may define; nothing where they may matter.
pub(super) fn told_alone<'r>(lexicon: &Lexicon, row: &'r Row<'r>) -> Option<Result<Told<'r>, Wrong>> {
    match cue(row) {
        Ok(cue) => Some(told_by(row, &Meant::known(lexicon, cue.word)?)),
        Err(wrong) => Some(Err(wrong)),
    }
}

/// The verb of a row.
struct Meant<'r> {
    /// Its id, now or once it is defined.
    verb: VerbId,
    /// Whether it flips its content.
    negative: bool,
    /// The word and the act under which it is to be defined, where nobody knows it yet.
    define: Option<(&'r str, &'static str)>,
}

impl Meant<'_> {
    /// A verb that is known.
    fn known(lexicon: &Lexicon, word: &str) -> Option<Self> {
        let verb = lexicon.find(word)?;
        Some(Meant { verb, negative: lexicon.verb(verb).negative, define: None })
    }
}

/// The verb of a row. Nothing is defined here.
fn verb<'r>(lexicon: &Lexicon, row: &'r Row<'_>) -> Result<Meant<'r>, Wrong> {
    let Cue { word, act } = cue(row)?;
    if let Some(meant) = Meant::known(lexicon, word) {
        return Ok(meant);
    }
    let Some(act) = act else {
        return wrong(
            Code::UnknownVerb,
            format!("`{word}` is no verb that is known"),
            format!("give its \"act\" too, or define it: define verb {word} as asserted."),
        );
    };
    if !is_verb(word) {
        let help = "a verb is a word in lower case, as declined-to-comment";
        return wrong(Code::BadValue, format!("`{word}` cannot be a verb"), help);
    }
    match lexicon.meaning(word, act, false) {
        Ok((verb, meaning)) => Ok(Meant { verb, negative: meaning.negative, define: Some((word, act)) }),
        Err(DefineError::Full) => {
            wrong(Code::TooLarge, format!("`{word}`: the lexicon is full"), "use a verb of the lexicon")
        }
        Err(_) => wrong(
            Code::UnknownVerb,
            format!("`{word}`: it cannot be defined so"),
            "use a verb of the lexicon",
        ),
    }
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

fn cue<'r>(row: &'r Row<'_>) -> Result<Cue<'r>, Wrong> {
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
    let Some(word) = name.more.as_ref().and_then(|more| more.kind.as_deref()) else { return Ok(None) };
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

fn mention<'r>(name: &'r Name<'_>) -> Result<Mention<'r>, Wrong> {
    Ok(Mention { name: &name.name, kind: kind(name)?, ..Mention::default() })
}

fn mentions<'r>(names: &'r Names<'_>) -> Result<Mentions<'r>, Wrong> {
    let mut all = Mentions::new();
    for name in names.iter() {
        all.push(mention(name)?);
    }
    Ok(all)
}

/// Those who speak or listen may be described instead of named; whoever has an id elsewhere or another name is named.
fn speakers<'r>(names: &'r Names<'_>) -> Result<Mentions<'r>, Wrong> {
    let mut all = Mentions::new();
    for name in names.iter() {
        let unnamed = name.ids().is_empty() && name.aliases().is_empty() && is_unnamed(&name.name);
        all.push(Mention { unnamed, ..mention(name)? });
    }
    Ok(all)
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

/// A number, or two in a list, as they are written.
enum Amount<'r> {
    One(&'r str),
    Two(&'r str, &'r str),
}

fn amount(value: &RawValue) -> Result<Amount<'_>, Wrong> {
    let is_number = |json: &&str| json.starts_with(|c: char| c == '-' || c.is_ascii_digit());
    let one = Some(value.get()).filter(is_number).map(Amount::One);
    let two = || {
        let both: [&RawValue; 2] = serde_json::from_str(value.get()).ok()?;
        let [low, high] = both.map(|one| Some(one.get()).filter(is_number));
        Some(Amount::Two(low?, high?))
    };
    one.or_else(two).map_or_else(
        || {
            wrong(
                Code::BadJson,
                "`value` of a figure is neither a number nor a list of two",
                "write \"value\": 5, or \"op\": \"between\", \"value\": [5, 10]",
            )
        },
        Ok,
    )
}

fn number(json: &str) -> Result<f64, Wrong> {
    exact(json).map_or_else(
        || wrong(Code::BadNumber, format!("`figures`: {json} cannot be kept exactly"), "round it"),
        Ok,
    )
}

fn figure<'r>(Object(figure): &'r Object<Figure<'_>>) -> Result<FigureDraft<'r>, Wrong> {
    let op = figure.op.as_deref().unwrap_or("=");
    let bound = match (op, amount(figure.value)?) {
        ("between", Amount::Two(low, high)) => {
            let (low, high) = (number(low)?, number(high)?);
            if low > high {
                return wrong(Code::BadNumber, "the greater number comes first", "put the lesser first");
            }
            Bound::between(low, high)
        }
        ("between", Amount::One(_)) => {
            return wrong(Code::BadValue, "`between` needs two numbers", "write \"value\": [5, 10]");
        }
        (_, Amount::Two(..)) => {
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
        sources: Mentions::from_buf([source]),
        verb: Lexicon::RELAY,
        listeners: Mentions::new(),
        time: None,
        hedge: None,
        basis: Basis::Marked,
        negated: false,
    }
}

/// Everything of a row but its document and what it says of names.
fn draft<'r>(row: &'r Row<'_>, meant: &Meant<'_>) -> Result<Draft<'r>, Wrong> {
    let (negated, stands_aside) = sign(row, meant.negative)?;
    let mut draft = Draft::of(meant.verb);
    draft.id = row.id.as_deref();
    if let Some(id) = draft.id
        && (id.trim() != id
            || id.starts_with(['_', '|'])
            || id.contains(|c: char| matches!(c, '~' | '[' | ']') || c.is_control()))
    {
        return wrong(
            Code::BadValue,
            format!("`{id}` cannot be an id"),
            "ids have no blanks around them, do not begin with `_` or a bar, and hold no `~`, brackets or line breaks",
        );
    }
    draft.sources = speakers(&row.speaker)?;
    let outlet = row.document.as_ref().and_then(|document| document.0.outlet.as_ref());
    let outlet = outlet.filter(|_| row.outlets.len() == 0);
    draft.hops = Vec::with_capacity(row.outlets.len() + usize::from(outlet.is_some()));
    for outlet in row.outlets.iter().chain(outlet) {
        draft.hops.push(relay(mention(outlet)?));
    }
    if draft.hops.len() > MAX_HOPS {
        return wrong(
            Code::TooDeep,
            "this chain has more than 256 outlets",
            "give those that are known to matter",
        );
    }
    // Outlets come outermost first; a chain is told from the speaker outwards.
    draft.hops.reverse();
    if row.own_voice {
        if !draft.sources.is_empty() {
            return wrong(
                Code::BadRow,
                "`own_voice` and `speaker` exclude each other",
                "keep one of the two",
            );
        }
        if draft.hops.is_empty() {
            return wrong(Code::BadRow, "`own_voice` needs an outlet to speak", "give `outlets`");
        }
        draft.sources = draft.hops.remove(0).sources;
    }
    let innermost = draft.hops.first().map(|hop| &hop.sources[..]);
    if let ([speaker], Some([outlet])) = (&draft.sources[..], innermost)
        && speaker.name == outlet.name
    {
        draft.hops.remove(0);
    }
    draft.listeners = speakers(&row.addressee)?;
    draft.subjects = mentions(&row.subjects)?;
    draft.what = match row.proposition.as_deref() {
        None => What::Nothing,
        Some(text) => What::Text { text, negated },
    };
    draft.hedge = row.hedge.as_deref();
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
        draft.flags =
            draft.flags.with_mode(mode).with_verbatim(mode == Mode::Quote && row.proposition.is_some());
    }
    if let Some(date) = row.date.as_deref() {
        draft.said = Some(time(date, "date")?.into());
    }
    draft.figures = row.figures.iter().map(figure).collect::<Result<_, _>>()?;
    draft.condition = row.condition.as_deref().map(|text| (text, false));
    let takes_side = row.negated || row.stance.is_some() && !stands_aside;
    if row.proposition.is_none() && (draft.condition.is_some() || !draft.figures.is_empty() || takes_side) {
        return wrong(
            Code::BadRow,
            "figures, a condition, `negated` and a stance for or against need a proposition",
            "give `proposition`",
        );
    }
    Ok(draft)
}

/// The document of a row.
fn document<'r>(row: &'r Row<'_>) -> Result<Option<DocumentDraft<'r>>, Wrong> {
    let Some(Object(document)) = &row.document else { return Ok(None) };
    Ok(Some(DocumentDraft {
        key: &document.url,
        // What no address looks like is a name of the document's own.
        is_address: is_address(&document.url),
        outlet: document.outlet.as_ref().map(mention).transpose()?,
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
fn fields<'r>(row: &'r Row<'_>) -> Result<Vec<FieldDraft<'r>>, Wrong> {
    let field = |(key, raw): (&'r Cow<'_, str>, &'r &RawValue)| {
        let json = raw.get();
        // A value as deep, or a number as great, as nobody reads could not be told in a sentence either.
        match serde_json::from_str(json) {
            Ok(serde_json::Value::String(text)) => {
                Ok(FieldDraft { key, kind: FieldKind::Text, value: text.into() })
            }
            Ok(serde_json::Value::Number(_)) => {
                Ok(FieldDraft { key, kind: FieldKind::Number, value: json.into() })
            }
            Ok(_) => Ok(FieldDraft { key, kind: FieldKind::Json, value: json.into() }),
            Err(error) => {
                let message = error.to_string();
                let message = message.split(" at line ").next().unwrap_or(&message);
                wrong(Code::BadJson, format!("`extra.{key}`: {message}"), "write it as a text")
            }
        }
    };
    row.extra.0.iter().map(field).collect()
}
