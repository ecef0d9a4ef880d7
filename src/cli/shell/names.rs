//! The names of a graph as they are typed: looked up by how a name or one of its words begins, the most spoken of first. A big graph is
//! learned beside the shell, which waits for nothing; until then what was told since is offered.

use crate::db::Reader;
use crate::graph::Graph;
use crate::model::fold;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

/// So many names are learned at once; more of them beside the shell.
const FEW: usize = 20_000;

/// How many places in a name may be where somebody begins to type it.
const MOST_WORDS: usize = 8;

/// From how many letters on a name that is misspelt is looked for.
const FUZZY_FROM: usize = 4;

/// A name.
#[derive(Debug)]
struct Known {
    name: Box<str>,
    folded: Box<str>,
    /// How many claims are by whoever is called so, and contents about them.
    weight: u32,
}

/// Names in the order in which they are looked up.
#[derive(Debug, Default)]
struct Learned {
    known: Vec<Known>,
    /// Each word of each name: which name, and where in its folded form the word begins. In the order of what stands there.
    words: Vec<(u32, u16)>,
    /// The names most spoken of, for whoever has typed nothing yet.
    foremost: Vec<u32>,
}

/// The names of a graph.
#[derive(Debug, Default)]
pub(super) struct Names {
    learned: Arc<OnceLock<Learned>>,
    /// Names told since, by their folded form.
    recent: BTreeMap<String, String>,
    /// How many rows of names were gone through.
    seen: usize,
}

impl Names {
    /// Takes in what the graph has got since. Names of a big graph are there a moment later.
    pub(super) fn update(&mut self, graph: &Graph, reader: impl FnOnce() -> Reader) {
        let rows = graph.entities.name_rows();
        if rows.saturating_sub(self.seen) > FEW {
            let reader = reader();
            let learned = Arc::new(OnceLock::new());
            *self = Names { learned: learned.clone(), recent: BTreeMap::new(), seen: rows };
            std::thread::spawn(move || learned.set(Learned::of(reader.graph(), rows)));
        } else if self.seen == 0 && rows > 0 {
            let learned = OnceLock::from(Learned::of(graph, rows));
            *self = Names { learned: Arc::new(learned), recent: BTreeMap::new(), seen: rows };
        } else {
            for (name, entity) in graph.entities.all_names().skip(self.seen) {
                if is_typed(graph, name, entity) {
                    self.recent.entry(fold(name).into_owned()).or_insert_with(|| name.to_string());
                }
            }
            self.seen = rows;
        }
    }

    fn learned(&self) -> Option<&Learned> {
        self.learned.get()
    }

    /// The names that begin so, whatever their case and accents, in order.
    pub(super) fn starting(&self, begin: &str) -> impl Iterator<Item = &str> {
        let begin = fold(begin).into_owned();
        let learned = self.learned().map(|learned| learned.at(&begin)).into_iter().flatten();
        let learned = learned.filter(|(_, at)| *at == 0).map(|(known, _)| &*known.name);
        let told = self.recent.range(begin.clone()..);
        let told =
            told.take_while(move |(folded, _)| folded.starts_with(&begin)).map(|(_, name)| name.as_str());
        told.chain(learned)
    }

    /// Whether any name begins so.
    pub(super) fn begins(&self, begin: &str) -> bool {
        let folded = fold(begin);
        self.recent
            .range(folded.clone().into_owned()..)
            .next()
            .is_some_and(|(name, _)| name.starts_with(&*folded))
            || self.learned().is_some_and(|learned| learned.at(&folded).any(|(_, at)| at == 0))
    }

    /// Whether this is a whole name.
    pub(super) fn is_name(&self, name: &str) -> bool {
        let folded = fold(name.trim());
        self.recent.contains_key(folded.as_ref())
            || self.learned().is_some_and(|learned| {
                let mut at = learned.at(&folded);
                at.next().is_some_and(|(known, at)| at == 0 && *known.folded == *folded)
            })
    }

    /// The names that somebody who typed this may mean, best first: those that begin so, then those of which another word does, then,
    /// where there is none, those that are spelt nearly so; of each kind the most spoken of first.
    pub(super) fn best(&self, typed: &str, most: usize) -> Vec<&str> {
        let folded = fold(typed);
        let mut best: Vec<&str> = self
            .recent
            .iter()
            .filter(|(name, _)| name.starts_with(&*folded))
            .map(|(_, name)| name.as_str())
            .collect();
        if let Some(learned) = self.learned() {
            best.extend(learned.best(&folded, most));
            if best.is_empty() && folded.chars().count() >= FUZZY_FROM {
                best.extend(learned.near(&folded, most));
            }
        }
        best.truncate(most);
        best
    }
}

/// What no key types is not offered.
fn is_typed(graph: &Graph, name: &str, entity: crate::model::EntityId) -> bool {
    !graph.entities.is_unnamed(entity) && !name.contains(char::is_control)
}

impl Learned {
    fn of(graph: &Graph, rows: usize) -> Learned {
        let rows = graph.entities.all_names().take(rows);
        let known = rows.filter(|(name, entity)| is_typed(graph, name, *entity)).map(|(name, entity)| {
            let weight = graph.claims.by_source(entity).len() + graph.propositions.about(entity).len();
            Known {
                name: name.into(),
                folded: fold(name).into(),
                weight: weight.min(u32::MAX as usize) as u32,
            }
        });
        let mut known: Vec<Known> = known.collect();
        known.sort_unstable_by(|a, b| {
            (&a.folded, Reverse(a.weight), &a.name).cmp(&(&b.folded, Reverse(b.weight), &b.name))
        });
        known.dedup_by(|a, b| a.folded == b.folded);
        let mut words = Vec::with_capacity(known.len() * 2);
        for (at, one) in (0..).zip(&known) {
            let inside = one.folded.match_indices(' ').map(|(space, _)| space + 1);
            let starts = std::iter::once(0).chain(inside).take(MOST_WORDS);
            words.extend(starts.filter_map(|start| Some((at, u16::try_from(start).ok()?))));
        }
        let mut learned = Learned { known, words, foremost: Vec::new() };
        let mut words = std::mem::take(&mut learned.words);
        words.sort_by(|a, b| (learned.word(*a), a.1 != 0).cmp(&(learned.word(*b), b.1 != 0)));
        learned.words = words;
        let mut foremost: Vec<u32> = (0..learned.known.len() as u32).collect();
        learned.foremost(&mut foremost, super::complete::MOST);
        learned.foremost = foremost;
        learned
    }

    /// What stands where a word of a name begins.
    fn word(&self, (known, at): (u32, u16)) -> &str {
        self.known.get(known as usize).and_then(|known| known.folded.get(at as usize..)).unwrap_or("")
    }

    /// Every name of which a word begins so, with where that is. Logarithmic, then linear in what is taken.
    fn at<'l>(&'l self, begin: &str) -> impl Iterator<Item = (&'l Known, u16)> + use<'l> {
        let from = self.words.partition_point(|word| self.word(*word) < begin);
        let words = self.words.get(from..).unwrap_or(&[]);
        let count = words.partition_point(|word| self.word(*word).starts_with(begin));
        let words = words.get(..count).unwrap_or(&[]);
        words.iter().filter_map(|(known, at)| Some((self.known.get(*known as usize)?, *at)))
    }

    /// Keeps the most spoken of, in that order.
    fn foremost(&self, names: &mut Vec<u32>, most: usize) {
        let key = |at: &u32| (Reverse(self.known.get(*at as usize).map_or(0, |known| known.weight)), *at);
        if names.len() > most {
            names.select_nth_unstable_by_key(most, key);
            names.truncate(most);
        }
        names.sort_unstable_by_key(key);
    }

    fn best(&self, begin: &str, most: usize) -> Vec<&str> {
        let name = |known: &Known| -> *const Known { known };
        if begin.is_empty() {
            return self
                .foremost
                .iter()
                .filter_map(|at| Some(&*self.known.get(*at as usize)?.name))
                .collect();
        }
        let key = |(known, at): &(&Known, u16)| (*at != 0, Reverse(known.weight), known.folded.len());
        let mut found: Vec<(&Known, u16)> = self.at(begin).collect();
        // A name of which two words begin so is offered once: twice as many hold enough.
        if found.len() > 2 * most {
            found.select_nth_unstable_by_key(2 * most, key);
            found.truncate(2 * most);
        }
        found.sort_by(|a, b| (key(a), &a.0.folded).cmp(&(key(b), &b.0.folded)));
        let mut seen = Vec::new();
        found.retain(|(known, _)| {
            !seen.contains(&name(known)) && {
                seen.push(name(known));
                true
            }
        });
        found.into_iter().take(most).map(|(known, _)| &*known.name).collect()
    }

    /// Names that begin with the same letter and are spelt nearly so.
    fn near(&self, typed: &str, most: usize) -> Vec<&str> {
        let length = typed.chars().count();
        let first: String = typed.chars().take(1).collect();
        let alike = self.at(&first).filter(|(_, at)| *at == 0).filter_map(|(known, _)| {
            let begin: String = known.folded.chars().take(length).collect();
            let distance = strsim::osa_distance(&begin, typed);
            (distance <= length / FUZZY_FROM).then_some((distance, Reverse(known.weight), &*known.name))
        });
        let mut alike: Vec<_> = alike.collect();
        alike.sort_unstable();
        alike.into_iter().take(most).map(|(.., name)| name).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::Database;

    fn names(text: &str) -> Names {
        let mut db = Database::new(0);
        assert_eq!(db.load_text(text.into(), 0).refused(), 0);
        let mut names = Names::default();
        names.update(db.graph(), || db.reader());
        names
    }

    #[test]
    fn the_most_spoken_of_come_first_and_whole_names_before_their_words() {
        let names = names(
            "Peskov said \"a\". Peskov said \"b\". Petrov said \"c\". [Ivan Peskov] said \"d\". [Ivan Peskov] said \"e\". [Ivan Peskov] said \"f\".",
        );
        assert_eq!(names.best("pes", 9), ["Peskov", "Ivan Peskov"]);
        assert_eq!(names.best("pe", 9), ["Peskov", "Petrov", "Ivan Peskov"]);
        assert_eq!(names.best("", 2), ["Ivan Peskov", "Peskov"]);
        assert_eq!(names.best("peksov", 9), ["Peskov"]);
        assert_eq!(names.best("pxxxxx", 9), [""; 0]);
        assert_eq!(names.starting("pe").collect::<Vec<_>>(), ["Peskov", "Petrov"]);
        assert!(
            names.is_name("PESKOV") && !names.is_name("Pesko") && names.begins("iv") && !names.begins("ko")
        );
    }

    #[test]
    fn what_is_told_later_is_offered_too() {
        let mut db = Database::new(0);
        db.load_text("Anna said \"a\".".into(), 0);
        let mut names = Names::default();
        names.update(db.graph(), || db.reader());
        db.load_text("Annika said \"b\".".into(), 0);
        names.update(db.graph(), || db.reader());
        assert_eq!(names.best("ann", 9), ["Annika", "Anna"]);
        assert!(names.is_name("annika"));
    }
}
