//! The lexicon: every cue verb, the act it belongs to, and the verb it is a kind of. Users extend it with
//! `define verb slammed as asserted.`; the built-in part below never changes within a lexicon version.

use super::{Act, VerbId};
use hashbrown::HashMap;
use std::sync::{Arc, LazyLock};

/// The version of the built-in verbs; snapshots carry it.
pub const LEXICON_VERSION: u32 = 1;

/// One cue verb.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verb {
    /// As written: `said`, `declined-to-discuss`.
    pub word: String,
    /// The verb it is a kind of, for questions by cue.
    pub parent: Option<VerbId>,
    /// What one does by it.
    pub act: Act,
    /// Whether it flips its content, as `denied` does.
    pub negative: bool,
    /// Whether it takes a listener without `to`: *told Putin*.
    pub takes_listener: bool,
}

/// Why a verb cannot be defined so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DefineError {
    /// The verb it should be a kind of is not known.
    UnknownParent,
    /// It is defined already, in another way.
    Differently,
    /// There is no room for more verbs.
    Full,
}

/// Every verb known, addressed by [`VerbId`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lexicon {
    verbs: Arc<Vec<Verb>>,
    by_word: Arc<HashMap<String, VerbId>>,
    built_in: usize,
}

/// A cue verb of no own wording: the relay that `via` names.
const UNSTATED: &str = "";

/// The built-in verbs by act. The first of each line is the act word; the rest are cues of that act.
const BUILT_IN: &[(Act, &str)] = &[
    (
        Act::Assert,
        "asserted said told stated claimed noted wrote added announced declared explained argued insisted maintained \
         acknowledged admitted informed reminded assured alleged testified tweeted posted",
    ),
    (Act::Deny, "denied rejected refuted disputed dismissed"),
    (Act::Confirm, "confirmed verified corroborated"),
    (Act::Report, "reported relayed quoted"),
    (Act::Predict, "predicted forecast expected"),
    (Act::Warn, "warned cautioned"),
    (Act::Doubt, "doubted questioned"),
    (Act::Ask, "asked inquired"),
    (Act::Promise, "promised pledged vowed"),
    (Act::Threaten, "threatened"),
    (Act::Propose, "proposed suggested offered recommended"),
    (Act::Demand, "demanded urged ordered called-for"),
    (Act::Wish, "wished hoped wanted"),
    (Act::Retract, "retracted withdrew"),
    (Act::Correct, "corrected"),
    (
        Act::Refuse,
        "refused declined-to-comment declined-to-discuss declined-to-say declined-to-answer refused-to-comment",
    ),
    (Act::Think, "thought considered believed feared saw doubted-privately"),
];

/// The verbs that take a listener without `to`.
const LISTENER: &[&str] = &[
    "told",
    "asked",
    "warned",
    "promised",
    "assured",
    "informed",
    "reminded",
    "urged",
    "ordered",
    "threatened",
    "cautioned",
];

/// The built-in verbs, made once for all graphs.
static SHARED: LazyLock<Lexicon> = LazyLock::new(Lexicon::built_in);

impl Default for Lexicon {
    fn default() -> Self {
        SHARED.clone()
    }
}

impl Lexicon {
    /// The relay that `via` names, without a cue of its own.
    pub const RELAY: VerbId = VerbId(0);

    fn built_in() -> Self {
        let mut lexicon = Lexicon { verbs: Arc::default(), by_word: Arc::default(), built_in: 0 };
        lexicon.push(Verb {
            word: UNSTATED.into(),
            parent: None,
            act: Act::Report,
            negative: false,
            takes_listener: false,
        });
        for (act, words) in BUILT_IN {
            let mut act_verb = None;
            for word in words.split_whitespace() {
                let id = lexicon.push(Verb {
                    word: word.into(),
                    parent: act_verb,
                    act: *act,
                    negative: *act == Act::Deny,
                    takes_listener: LISTENER.contains(&word),
                });
                act_verb.get_or_insert(id);
            }
        }
        lexicon.built_in = lexicon.verbs.len();
        lexicon
    }

    fn push(&mut self, verb: Verb) -> VerbId {
        let id = VerbId(self.verbs.len() as u32);
        Arc::make_mut(&mut self.by_word).insert(verb.word.clone(), id);
        Arc::make_mut(&mut self.verbs).push(verb);
        id
    }

    /// The verb of a word.
    pub fn find(&self, word: &str) -> Option<VerbId> {
        if word.is_empty() { None } else { self.by_word.get(word).copied() }
    }

    /// The verb of an id; the unstated relay for an id that no verb has.
    pub fn verb(&self, id: VerbId) -> &Verb {
        self.verbs.get(id.index()).unwrap_or(&self.verbs[0])
    }

    /// How many verbs there are, the unstated relay included.
    pub fn len(&self) -> usize {
        self.verbs.len()
    }

    /// Never: the built-in verbs are always there.
    pub fn is_empty(&self) -> bool {
        self.verbs.is_empty()
    }

    /// Every verb with its id, in the order of definition, without the unstated relay.
    pub fn verbs(&self) -> impl Iterator<Item = (VerbId, &Verb)> {
        self.verbs.iter().enumerate().skip(1).map(|(i, verb)| (VerbId(i as u32), verb))
    }

    /// The verbs that users defined.
    pub fn defined(&self) -> &[Verb] {
        self.verbs.get(self.built_in..).unwrap_or(&[])
    }

    /// What `word` would be as a kind of `parent`: the verb, and its id now or once it is defined. Refuses what [`Lexicon::define`] refuses.
    pub fn meaning(&self, word: &str, parent: &str, negative: bool) -> Result<(VerbId, Verb), DefineError> {
        let parent = self.find(parent).ok_or(DefineError::UnknownParent)?;
        let above = self.verb(parent);
        let verb = Verb {
            word: word.into(),
            parent: Some(parent),
            act: above.act,
            negative: above.negative || negative,
            takes_listener: above.takes_listener,
        };
        match self.find(word) {
            Some(id) if *self.verb(id) == verb => Ok((id, verb)),
            Some(_) => Err(DefineError::Differently),
            None if self.verbs.len() >= usize::from(u16::MAX) => Err(DefineError::Full),
            None => Ok((VerbId(self.verbs.len() as u32), verb)),
        }
    }

    /// Adds `word` as a kind of `parent`; `negative` makes it flip its content. The same definition again is fine.
    pub fn define(&mut self, word: &str, parent: &str, negative: bool) -> Result<VerbId, DefineError> {
        let (id, verb) = self.meaning(word, parent, negative)?;
        Ok(if id.index() < self.verbs.len() { id } else { self.push(verb) })
    }

    /// The act that a word names, where it is an act word: `asserted`, `denied`. `said` is the union of all speech acts
    /// and no act of its own.
    pub fn act_word(&self, word: &str) -> Option<Act> {
        Act::from_word(word)
    }

    /// Whether `verb` is `above` or defined under it.
    pub fn is_under(&self, verb: VerbId, above: VerbId) -> bool {
        let mut at = Some(verb);
        while let Some(id) = at {
            if id == above {
                return true;
            }
            at = self.verb(id).parent;
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defining_extends_and_refuses_contradiction() {
        let mut lexicon = Lexicon::default();
        let slammed = lexicon.define("slammed", "asserted", false).unwrap();
        assert_eq!(lexicon.verb(slammed).act, Act::Assert);
        assert_eq!(lexicon.define("slammed", "asserted", false), Ok(slammed));
        assert_eq!(lexicon.define("slammed", "denied", false), Err(DefineError::Differently));
        assert_eq!(lexicon.define("x", "nosuch", false), Err(DefineError::UnknownParent));
        let lashed = lexicon.define("lashed", "slammed", true).unwrap();
        assert!(lexicon.is_under(lashed, slammed) && lexicon.verb(lashed).negative);
    }
}
