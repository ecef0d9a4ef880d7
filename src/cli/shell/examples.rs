//! Sentences to learn from, about what is in the graph: of a claim that has a topic, a day and a carrier, so that they are answered. Of an empty graph
//! they are about the sample of one article.

use crate::graph::Graph;
use crate::model::{ClaimId, EntityId};
use crate::syntax::{name, quoted};

/// So many claims are looked at for one to ask about.
const MOST: usize = 4096;

/// What the sentences are about.
#[derive(Debug)]
struct About {
    topic: Option<String>,
    speaker: Option<String>,
    carrier: Option<String>,
    day: Option<String>,
    said: Option<String>,
    group: Option<String>,
}

impl About {
    fn sample() -> About {
        let of = |text: &str| Some(text.to_string());
        About {
            topic: of("Pokrovsk"),
            speaker: of("Putin"),
            carrier: of("Reuters"),
            day: of("2025-12-01"),
            said: of("\"Russian troops captured Pokrovsk\""),
            group: of("[Russian officials]"),
        }
    }

    /// What a claim is about.
    fn claim(graph: &Graph, claim: ClaimId) -> About {
        let content = graph.claims.content(claim).map(|content| content.proposition);
        let topic = content
            .and_then(|content| graph.propositions.subjects(content).find_map(|one| called(graph, one)));
        let mut carriers = graph.claims.appearances(claim).flat_map(|appearance| {
            let outermost = graph.chains.outermost_hop(appearance).some();
            outermost
                .into_iter()
                .flat_map(|hop| graph.chains.inwards(hop))
                .map(|hop| graph.chains.source(hop))
        });
        let one = |party| graph.entities.party(party).find_map(|one| called(graph, one));
        About {
            topic,
            speaker: one(graph.claims.source(claim)),
            carrier: carriers.find_map(one),
            day: graph
                .times
                .get(graph.claims.said(claim))
                .map(|time| time.to_string())
                .filter(|day| day.len() == 10),
            said: content.map(|content| quoted(graph.propositions.text(content))),
            group: None,
        }
    }

    fn of(graph: &Graph) -> About {
        let claims = (0..graph.claims.len().min(MOST)).map(|row| ClaimId(row as u32));
        let claims = claims.filter(|claim| graph.claims.void(*claim).is_none());
        // The first of those that have most.
        let mut best: Option<(usize, About)> = None;
        for about in claims.map(|claim| About::claim(graph, claim)) {
            let known = about.known();
            if best.as_ref().is_none_or(|(most, _)| known > *most) {
                best = Some((known, about));
            }
            if known == 5 {
                break;
            }
        }
        let group = graph.entities.all_affiliations().filter(|one| one.is_membership);
        let group = group.take(MOST).find_map(|one| called(graph, one.group));
        best.map_or_else(About::sample, |(_, about)| About { group, ..about })
    }

    /// How much of it is known.
    fn known(&self) -> usize {
        [&self.topic, &self.speaker, &self.carrier, &self.day, &self.said].into_iter().flatten().count()
    }
}

/// How somebody is written whose name nobody else has.
fn called(graph: &Graph, entity: EntityId) -> Option<String> {
    let known = graph.entities.name(entity);
    let is_alone = !graph.entities.is_unnamed(entity) && graph.entities.named(known).len() == 1;
    is_alone.then(|| name(known, None))
}

/// The sentences, each with what it asks.
pub(super) fn examples(graph: &Graph) -> Vec<(String, &'static str)> {
    let About { topic, speaker, carrier, day, said, group } = About::of(graph);
    let with =
        |about: &Option<String>, sentence: &str| about.as_ref().map(|about| sentence.replace('$', about));
    let all = [
        (
            with(&topic, "who asserted what about $?"),
            "who committed to the truth or falsity of something about it",
        ),
        (with(&carrier, "who told whom what via $?"), "who was told, as carried so"),
        (with(&carrier, "who said what via $ | take 5"), "the first that were carried so, whoever was told"),
        (with(&day, "who said what on $ | take 5"), "said on that day"),
        (with(&speaker, "$ said what?"), "what was said by that speaker, whoever carried it"),
        (Some("who refused what?".into()), "who declined to speak, and about what"),
        (
            group
                .zip(topic.clone())
                .map(|(group, topic)| format!("?x is in {group} and not (?x said anything about {topic})?")),
            "who is on no record about it",
        ),
        (
            Some("who said what | count by who | sort by count desc, who | take 5;".into()),
            "the five who speak most",
        ),
        (with(&said, "trace $;"), "who carried it, down to its speaker"),
        (with(&said, "corroborate $"), "how many independent origins it has, and why"),
        (with(&carrier, "impact of retracting $ | count by effect"), "what would be left without it"),
        (
            day.zip(topic.clone()).map(|(day, topic)| format!("as of {day} who said what about {topic}?")),
            "only what was published by then",
        ),
        (with(&topic, "explain who said what about $?"), "how the question is understood, and what it costs"),
    ];
    all.into_iter().filter_map(|(sentence, told)| Some((sentence?, told))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::Database;

    #[test]
    fn the_examples_are_of_the_language_and_about_what_there_is() {
        let facts = [
            "",
            "Anna said \"x\".",
            "Ben said \"y\" about [Bank of Oslo].\nAnna said \"a \\\"b\\\" $\" about Dam on 2025-12-01 via [The Post].\nAnna is in Board.",
        ];
        for (facts, count) in facts.into_iter().zip([13, 5, 13]) {
            let mut db = Database::new(0);
            assert_eq!(db.load_text(facts.into(), 0).refused(), 0);
            let examples = examples(db.graph());
            assert_eq!(examples.len(), count, "{examples:?}");
            for (sentence, _) in &examples {
                let answer = db.ask(sentence).unwrap_or_else(|wrong| panic!("{sentence}: {wrong:?}"));
                // Of a name that nobody has there would be a warning.
                assert!(facts.is_empty() || answer.warnings.is_empty(), "{sentence}: {:?}", answer.warnings);
            }
        }
    }
}
