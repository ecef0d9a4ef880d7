#!/usr/bin/env python3
"""Writes N attributed claims with realistic skew, the same bytes for the same N and seed on every Python. Needs nothing but Python.

usage: generate.py N FOLDER [--seed 1] [--csv]

FOLDER gets
  claims.jsonl          a claim a line, as docs/jsonl.md says
  entities.dixit        what each entity is, a third of them with a name in Cyrillic
  citations.dixit       which document cites which
  contradictions.dixit  which text contradicts which
  params.json           a place and a speaker that few, some and very many claims are about or by; outlets, days, a text
and with --csv a table for each relation, with numbers in place of names, for engines that load tables. In these the chain of each document is
laid out hop by hop, its origin (where its citations end) is known, and contradictions stand both ways, so that no engine has to walk.

The shape: a twentieth as many entities as claims, an eighth as many documents, a third as many texts of 60 to 160 characters on one to three
topics. Who speaks, what is said, about what and in which outlet follow Zipf's law. Four documents of ten cite an earlier one, at most three deep.
8 % of the claims deny, 12 % are hedged, 10 % name a listener. They are said from 2020 to 2025, and published up to twenty days later.
"""

import argparse
import bisect
import csv
import datetime
import itertools
import json
import os
import random

from common import TABLES

SYLLABLES = ["ar", "bel", "cor", "dun", "el", "fal", "gor", "hin", "ith", "jor", "kes", "lim", "mor", "nev", "os", "pra", "kil", "ros",
             "sul", "tam", "ul", "ver", "zen", "yar", "zel"]
CYRILLIC = str.maketrans("abcdefghijklmnoprstuvyz", "абцдефгхийклмнопрстувыз")
KINDS = [("person", .5), ("group", .15), ("organization", .2), ("place", .15)]
CUES = [("said", .45), ("stated", .15), ("told", .1), ("claimed", .12), ("confirmed", .1), ("warned", .08)]
HEDGES = [("", .88), ("allegedly", .06), ("reportedly", .04), ("possibly", .02)]
TOPICS = [(1, .6), (2, .3), (3, .1)]
FIRST_DAY, DAYS, LONGEST_CHAIN = datetime.date(2020, 1, 1), 2190, 4


class Draw:
    """Draws from weighted values. `random()` alone gives the same numbers in every version of Python."""

    def __init__(self, rng, weighted):
        self.random = rng.random
        self.values, weights = zip(*weighted)
        self.sums = list(itertools.accumulate(weights))

    def __call__(self):
        return self.values[bisect.bisect_left(self.sums, self.random() * self.sums[-1])]


def zipf(rng, values, power=1.05):
    """Draws of which the k-th is 1 / k ** power as likely as the first."""
    return Draw(rng, ((value, (k + 1) ** -power) for k, value in enumerate(values)))


def word(k):
    """The k-th of 15,625 words: distinct, since no syllable begins another."""
    return SYLLABLES[k % 25] + SYLLABLES[k // 25 % 25] + (SYLLABLES[k // 625 - 1] if k >= 625 else "")


def name(k):
    """The k-th name: distinct, of two words."""
    return f"{word(k % 15625)} {word((k // 15625 * 7 + k * 31) % 15625)}".title()


def shuffled(rng, values):
    """All values in another order."""
    values = list(values)
    for at in range(len(values) - 1, 0, -1):
        other = int(rng.random() * (at + 1))
        values[at], values[other] = values[other], values[at]
    return values


class World:
    """Entities, texts and documents that claims are made of."""

    def __init__(self, n, rng):
        below = lambda end: int(rng.random() * end)
        many, outlets = max(400, n // 20), max(60, n // 2000)
        kind = Draw(rng, KINDS)
        self.names = [name(k) for k in range(many)]
        self.kinds = [kind() for _ in range(many)]
        self.places = [entity for entity in range(many) if self.kinds[entity] == "place"]
        self.speakers = [entity for entity in range(many) if self.kinds[entity] != "place"]
        self.outlets = range(many, many + outlets)
        self.names += [f"{name(many + k)} {'Post' if k % 2 else 'Wire'}" for k in range(outlets)]
        self.kinds += ["outlet"] * outlets
        self.aliases = {entity: self.names[entity].lower().translate(CYRILLIC).title() for entity in range(0, many, 3)}

        place, anything = zipf(rng, self.places), zipf(rng, shuffled(rng, range(many)))
        topics, common = Draw(rng, TOPICS), zipf(rng, [word(k) for k in range(3000)])
        self.texts, self.subjects = [], []
        for k in range(max(2, n // 3)):
            self.texts.append(f"{' '.join(common() for _ in range(9 + below(15)))} {k}")
            drawn = [place() if rng.random() < .6 else anything() for _ in range(topics())]
            self.subjects.append(list(dict.fromkeys(drawn)))
        self.contradictions = sorted({below(len(self.texts) - 1) for _ in range(max(1, len(self.texts) // 100))})

        outlet = zipf(rng, self.outlets)
        self.published = sorted(below(DAYS) for _ in range(max(1, n // 8)))
        self.cites, self.origin, self.chain = [], [], []
        for document in range(len(self.published)):
            source = below(document) if document and rng.random() < .4 else None
            if source is not None and len(self.chain[source]) == LONGEST_CHAIN:
                source = None
            self.cites.append(source)
            self.origin.append(document if source is None else self.origin[source])
            self.chain.append([outlet()] + ([] if source is None else self.chain[source]))


def claims(n, world, rng):
    """The rows of the table of claims, numbered."""
    below = lambda end: int(rng.random() * end)
    speaker, listener = zipf(rng, world.speakers), zipf(rng, world.speakers)
    proposition = zipf(rng, shuffled(rng, range(len(world.texts))), .8)
    cue, hedge = Draw(rng, CUES), Draw(rng, HEDGES)
    for claim in range(n):
        document = below(len(world.published))
        yield (claim, speaker(), cue(), int(rng.random() < .08), hedge(), proposition(), listener() if rng.random() < .1 else None,
               max(0, world.published[document] - below(21)), document)


def main():
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("n", type=int)
    arguments.add_argument("folder")
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--csv", action="store_true", help="also write a table for each relation")
    given = arguments.parse_args()
    os.makedirs(given.folder, exist_ok=True)
    create = lambda file: open(os.path.join(given.folder, file), "w", encoding="utf-8", newline="")
    rng = random.Random(given.seed)
    world = World(given.n, rng)
    days = [str(FIRST_DAY + datetime.timedelta(days=day)) for day in range(DAYS)]
    url = "https://news.example/{}".format
    rows = {}
    if given.csv:
        for table, columns in TABLES.items():
            rows[table] = csv.writer(create(f"{table}.csv"), lineterminator="\n").writerow
            rows[table](columns)

    names = [json.dumps(one) for one in world.names]
    texts = [json.dumps(one) for one in world.texts]
    topics = [f"[{','.join(names[entity] for entity in subjects)}]" for subjects in world.subjects]
    outlets = [f"[{','.join(names[outlet] for outlet in chain)}]" for chain in world.chain]
    about, spoke, stated = [0] * len(names), [0] * len(names), [0] * len(texts)
    with create("claims.jsonl") as out:
        for row in claims(given.n, world, rng):
            claim, speaker, cue, negated, hedge, proposition, listener, said, document = row
            out.write(
                f'{{"id":"u{claim}","speaker":{names[speaker]},"cue":"{cue}",' + ('"negated":true,' if negated else "")
                + f'"proposition":{texts[proposition]},"subjects":{topics[proposition]},'
                + (f'"addressee":{names[listener]},' if listener is not None else "") + (f'"hedge":"{hedge}",' if hedge else "")
                + f'"outlets":{outlets[document]},"document":{{"url":"{url(document)}","date":"{days[world.published[document]]}",'
                + f'"outlet":{names[world.chain[document][0]]}}},"date":"{days[said]}"}}\n')
            spoke[speaker] += 1
            stated[proposition] += 1
            if rows:
                rows["claims"]((*row[:7], days[said], document))
    for proposition, count in enumerate(stated):
        for entity in world.subjects[proposition]:
            about[entity] += count

    with create("entities.dixit") as out:
        for entity, (name_, kind) in enumerate(zip(world.names, world.kinds)):
            also = f' also "{world.aliases[entity]}"' if entity in world.aliases else ""
            out.write(f"[{name_}] is {kind}{also}.\n")
    with create("citations.dixit") as out:
        out.writelines(f"<{url(d)}> cites <{url(cited)}>.\n" for d, cited in enumerate(world.cites) if cited is not None)
    with create("contradictions.dixit") as out:
        out.writelines(f"{texts[one]} contradicts {texts[one + 1]}.\n" for one in world.contradictions)
    if rows:
        for entity, (name_, kind) in enumerate(zip(world.names, world.kinds)):
            rows["entities"]((entity, name_, kind))
        for document, chain in enumerate(world.chain):
            rows["documents"]((document, chain[0], days[world.published[document]], world.cites[document], world.origin[document],
                               len(chain)))
            for hop, outlet in enumerate(chain):
                rows["chains"]((document, hop, outlet))
        for proposition, text in enumerate(world.texts):
            rows["propositions"]((proposition, text))
            for entity in world.subjects[proposition]:
                rows["subjects"]((proposition, entity))
        for entity, alias in world.aliases.items():
            rows["aliases"]((entity, alias))
        for one in world.contradictions:
            rows["contradictions"]((one, one + 1))
            rows["contradictions"]((one + 1, one))

    def like(entities, counts, wanted):
        found = min(entities, key=lambda entity: (abs(counts[entity] - wanted), entity))
        return world.names[found]

    levels = {"rare": 10, "medium": 1000, "hot": given.n}
    printed = [0] * len(names)
    for chain in world.chain:
        printed[chain[0]] += 1
    top = sorted(world.outlets, key=lambda outlet: (-printed[outlet], outlet))
    with create("params.json") as out:
        json.dump({
            "n": given.n, "seed": given.seed,
            "place": {level: like(world.places, about, wanted) for level, wanted in levels.items()},
            "speaker": {level: like(world.speakers, spoke, wanted) for level, wanted in levels.items()},
            "inner": world.names[top[0]], "outer": world.names[top[1]],
            "from": "2023-03-01", "to": "2023-05-31", "as_of": "2022-06-30",
            "text": world.texts[max(range(len(texts)), key=lambda one: (stated[one], -one))],
        }, out, indent=1)


main()
