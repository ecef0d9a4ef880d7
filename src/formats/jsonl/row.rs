//! One line as JSON, borrowed from the line where it can be. Nothing is checked here but the shape.

use serde::Deserialize;
use serde::de::{self, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

/// A claim.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Row<'a> {
    /// A sentence of the language, alone in its row.
    #[serde(borrow)]
    pub sentence: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub id: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    pub speaker: Names<'a>,
    #[serde(borrow)]
    pub speaker_title: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub speaker_affiliation: Option<Cow<'a, str>>,
    #[serde(default)]
    pub own_voice: bool,
    #[serde(borrow)]
    pub cue: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub act: Option<Cow<'a, str>>,
    #[serde(default)]
    pub negated: bool,
    #[serde(borrow)]
    pub stance: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub proposition: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    pub subjects: Names<'a>,
    #[serde(borrow, default)]
    pub addressee: Names<'a>,
    #[serde(borrow, default)]
    pub outlets: Names<'a>,
    #[serde(borrow)]
    pub document: Option<Object<Document<'a>>>,
    #[serde(borrow)]
    pub date: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub hedge: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub mode: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    pub figures: Vec<Object<Figure<'a>>>,
    #[serde(borrow)]
    pub condition: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    pub extra: Extra<'a>,
}

/// Where it was published.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Document<'a> {
    #[serde(borrow)]
    pub url: Cow<'a, str>,
    #[serde(borrow)]
    pub title: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub date: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub outlet: Option<Name<'a>>,
}

/// A figure.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Figure<'a> {
    #[serde(borrow)]
    pub what: Cow<'a, str>,
    #[serde(borrow)]
    pub op: Option<Cow<'a, str>>,
    /// A number, or two for `between`: kept as text, so that no digit is lost before it is looked at.
    #[serde(borrow)]
    pub value: &'a RawValue,
    #[serde(borrow)]
    pub unit: Option<Cow<'a, str>>,
}

/// Fields of one's own, by key.
#[derive(Debug, Default)]
pub(super) struct Extra<'a>(pub BTreeMap<Cow<'a, str>, &'a RawValue>);

/// What has to be an object: a list is not taken for one by the places of its values.
#[derive(Debug)]
pub(super) struct Object<T>(pub T);

/// Somebody: a name, or an object with more.
#[derive(Debug, Default)]
pub(super) struct Name<'a> {
    pub name: Cow<'a, str>,
    pub kind: Option<Cow<'a, str>>,
    pub ids: Vec<Cow<'a, str>>,
    pub aliases: Vec<Cow<'a, str>>,
}

/// One or several of them.
#[derive(Debug, Default)]
pub(super) struct Names<'a>(pub Vec<Name<'a>>);

impl Row<'_> {
    /// Puts names and the like into the form that they have in sentences: blanks single, round brackets for square ones, which enclose
    /// names there; verbs in lower case, of one word.
    pub(super) fn tidy(&mut self) {
        let lists = [&mut self.speaker, &mut self.subjects, &mut self.addressee, &mut self.outlets];
        let names = lists.into_iter().flat_map(|list| &mut list.0);
        let outlet = self.document.as_mut().and_then(|document| document.0.outlet.as_mut());
        for name in names.chain(outlet) {
            tidy(&mut name.name);
            name.aliases.iter_mut().for_each(tidy);
        }
        let texts = [&mut self.speaker_title, &mut self.speaker_affiliation];
        texts.into_iter().flatten().for_each(tidy);
        for Object(figure) in &mut self.figures {
            tidy(&mut figure.what);
            figure.unit.iter_mut().for_each(tidy);
        }
        if let Some(cue) = &mut self.cue
            && cue.contains(|c: char| c.is_uppercase() || c.is_whitespace())
        {
            let words: Vec<String> = cue.split_whitespace().map(str::to_lowercase).collect();
            *cue = words.join("-").into();
        }
    }
}

fn tidy(text: &mut Cow<'_, str>) {
    if is_tidy(text) {
        return;
    }
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ").replace('[', "(").replace(']', ")");
    *text = words.trim_start_matches(['|', ' ']).to_string().into();
}

/// Whether nothing is to be changed. Nearly every name is of ASCII, and nearly every one is tidy.
fn is_tidy(text: &str) -> bool {
    let bytes = text.as_bytes();
    // Counted to the end, so that many bytes are looked at in one step.
    let strange = bytes.iter().filter(|byte| matches!(byte, b'[' | b']' | 9..=13 | 0x80..)).count();
    let pairs = bytes.iter().zip(bytes.iter().skip(1));
    let double = pairs.filter(|(a, b)| **a == b' ' && **b == b' ').count();
    let changes = |c: char| matches!(c, '[' | ']') || c != ' ' && c.is_whitespace();
    let inside = double == 0 && (strange == 0 || !text.contains(changes));
    inside && !text.starts_with([' ', '|']) && !text.ends_with(' ')
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: de::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ObjectVisitor(PhantomData))
    }
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ObjectVisitor<T> {
    type Value = Object<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        T::deserialize(de::value::MapAccessDeserializer::new(map)).map(Object)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Extra<'a> {
    fn deserialize<D: de::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ExtraVisitor)
    }
}

struct ExtraVisitor;

/// A key, borrowed where it can be.
#[derive(Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'de> Visitor<'de> for ExtraVisitor {
    type Value = Extra<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut extra = BTreeMap::new();
        while let Some((Key(key), value)) = map.next_entry::<Key<'de>, &RawValue>()? {
            if extra.contains_key(&key) {
                return Err(de::Error::custom(format!("duplicate field `{key}` in `extra`")));
            }
            extra.insert(key, value);
        }
        Ok(Extra(extra))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NameObject<'a> {
    #[serde(borrow)]
    name: Cow<'a, str>,
    #[serde(borrow)]
    kind: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    ids: Vec<Cow<'a, str>>,
    #[serde(borrow, default)]
    aliases: Vec<Cow<'a, str>>,
}

impl<'a> From<NameObject<'a>> for Name<'a> {
    fn from(object: NameObject<'a>) -> Self {
        Name { name: object.name, kind: object.kind, ids: object.ids, aliases: object.aliases }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Name<'a> {
    fn deserialize<D: de::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NameVisitor)
    }
}

struct NameVisitor;

impl<'de> Visitor<'de> for NameVisitor {
    type Value = Name<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name, or an object with a name")
    }

    fn visit_borrowed_str<E: de::Error>(self, name: &'de str) -> Result<Self::Value, E> {
        Ok(Name { name: name.into(), ..Name::default() })
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<Self::Value, E> {
        Ok(Name { name: name.to_string().into(), ..Name::default() })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        NameObject::deserialize(de::value::MapAccessDeserializer::new(map)).map(Name::from)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Names<'a> {
    fn deserialize<D: de::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NamesVisitor)
    }
}

struct NamesVisitor;

impl<'de> Visitor<'de> for NamesVisitor {
    type Value = Names<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name or a list of names")
    }

    fn visit_borrowed_str<E: de::Error>(self, name: &'de str) -> Result<Self::Value, E> {
        NameVisitor.visit_borrowed_str(name).map(|name| Names(vec![name]))
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<Self::Value, E> {
        NameVisitor.visit_str(name).map(|name| Names(vec![name]))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        NameVisitor.visit_map(map).map(|name| Names(vec![name]))
    }

    fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(Names::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut names = Vec::with_capacity(list.size_hint().unwrap_or(2).min(64));
        while let Some(name) = list.next_element()? {
            names.push(name);
        }
        Ok(Names(names))
    }
}
