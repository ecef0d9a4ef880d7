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
    #[serde(borrow, default, deserialize_with = "text")]
    pub sentence: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "text")]
    pub id: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    pub speaker: Names<'a>,
    #[serde(borrow, default, deserialize_with = "text")]
    pub speaker_title: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "text")]
    pub speaker_affiliation: Option<Cow<'a, str>>,
    #[serde(default)]
    pub own_voice: bool,
    #[serde(borrow, default, deserialize_with = "text")]
    pub cue: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "text")]
    pub act: Option<Cow<'a, str>>,
    #[serde(default)]
    pub negated: bool,
    #[serde(borrow, default, deserialize_with = "text")]
    pub stance: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "text")]
    pub proposition: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    pub subjects: Names<'a>,
    #[serde(borrow, default)]
    pub addressee: Names<'a>,
    #[serde(borrow, default)]
    pub outlets: Names<'a>,
    #[serde(borrow)]
    pub document: Option<Object<Document<'a>>>,
    #[serde(borrow, default, deserialize_with = "text")]
    pub date: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "text")]
    pub hedge: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "text")]
    pub mode: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    pub figures: Vec<Object<Figure<'a>>>,
    #[serde(borrow, default, deserialize_with = "text")]
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
    #[serde(borrow, default, deserialize_with = "text")]
    pub title: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "text")]
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
    #[serde(borrow, default, deserialize_with = "text")]
    pub op: Option<Cow<'a, str>>,
    /// A number, or two for `between`: kept as text, so that no digit is lost before it is looked at.
    #[serde(borrow)]
    pub value: &'a RawValue,
    #[serde(borrow, default, deserialize_with = "text")]
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
    /// Out of the way: most names say nothing more.
    pub more: Option<Box<More<'a>>>,
}

/// What a name may say of itself.
#[derive(Debug, Default)]
pub(super) struct More<'a> {
    pub kind: Option<Cow<'a, str>>,
    pub ids: Vec<Cow<'a, str>>,
    pub aliases: Vec<Cow<'a, str>>,
}

impl<'a> Name<'a> {
    pub(super) fn ids(&self) -> &[Cow<'a, str>] {
        self.more.as_ref().map_or(&[], |more| &more.ids)
    }

    pub(super) fn aliases(&self) -> &[Cow<'a, str>] {
        self.more.as_ref().map_or(&[], |more| &more.aliases)
    }
}

/// One or several of them. One alone, as most are, needs no place of its own.
#[derive(Debug, Default)]
pub(super) struct Names<'a> {
    first: Option<Name<'a>>,
    others: Vec<Name<'a>>,
}

impl<'a> Names<'a> {
    fn of(name: Name<'a>) -> Self {
        Names { first: Some(name), others: Vec::new() }
    }

    pub(super) fn len(&self) -> usize {
        usize::from(self.first.is_some()) + self.others.len()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Name<'a>> {
        self.first.iter().chain(&self.others)
    }
}

impl Row<'_> {
    /// Puts names and the like into the form that they have in sentences: blanks single, round brackets for square ones, which enclose
    /// names there; verbs in lower case, of one word.
    pub(super) fn tidy(&mut self) {
        let lists = [&mut self.speaker, &mut self.subjects, &mut self.addressee, &mut self.outlets];
        let names = lists.into_iter().flat_map(|list| list.first.iter_mut().chain(&mut list.others));
        let outlet = self.document.as_mut().and_then(|document| document.0.outlet.as_mut());
        for name in names.chain(outlet) {
            tidy(&mut name.name);
            name.more.iter_mut().flat_map(|more| &mut more.aliases).for_each(tidy);
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

/// What a byte may be that a name does not have: a blank, which it has between words, or a bracket, another blank or a part of one.
const BLANK: u8 = 1;
const STRANGE: u8 = 2;

const KINDS: [u8; 256] = {
    let mut kinds = [0; 256];
    let mut byte = 0;
    while byte < kinds.len() {
        kinds[byte] = match byte as u8 {
            b' ' => BLANK,
            b'[' | b']' | 9..=13 | 0x80.. => STRANGE,
            _ => 0,
        };
        byte += 1;
    }
    kinds
};

/// Whether nothing is to be changed. Names are so short that to look at each byte in turn takes the least time.
fn is_tidy(text: &str) -> bool {
    let (mut before, mut twice, mut any) = (BLANK, 0, 0);
    for byte in text.bytes() {
        let kind = KINDS[usize::from(byte)];
        twice |= before & kind;
        any |= kind;
        before = kind;
    }
    let changes = |c: char| matches!(c, '[' | ']') || c != ' ' && c.is_whitespace();
    let is_single = (twice | before) & BLANK == 0;
    is_single && !text.starts_with('|') && (any & STRANGE == 0 || !text.contains(changes))
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

/// A text, borrowed where it can be.
#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

/// The same where there may be none: by itself serde copies a text that is optional.
fn text<'de: 'a, 'a, D: de::Deserializer<'de>>(deserializer: D) -> Result<Option<Cow<'a, str>>, D::Error> {
    Ok(Option::<Text<'a>>::deserialize(deserializer)?.map(|Text(text)| text))
}

impl<'de> Visitor<'de> for ExtraVisitor {
    type Value = Extra<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut extra = BTreeMap::new();
        while let Some((Text(key), value)) = map.next_entry::<Text<'de>, &RawValue>()? {
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
    #[serde(borrow, default, deserialize_with = "text")]
    kind: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    ids: Vec<Cow<'a, str>>,
    #[serde(borrow, default)]
    aliases: Vec<Cow<'a, str>>,
}

impl<'a> From<NameObject<'a>> for Name<'a> {
    fn from(object: NameObject<'a>) -> Self {
        let NameObject { name, kind, ids, aliases } = object;
        let says_more = kind.is_some() || !ids.is_empty() || !aliases.is_empty();
        Name { name, more: says_more.then(|| Box::new(More { kind, ids, aliases })) }
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
        NameVisitor.visit_borrowed_str(name).map(Names::of)
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<Self::Value, E> {
        NameVisitor.visit_str(name).map(Names::of)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        NameVisitor.visit_map(map).map(Names::of)
    }

    fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(Names::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut names = Names { first: list.next_element()?, others: Vec::new() };
        while let Some(name) = list.next_element()? {
            names.others.push(name);
        }
        Ok(names)
    }
}
