#!/usr/bin/env python3
"""Writes N attributed claims with realistic skew, the same bytes for the same N and seed. Needs nothing but Python.

usage: generate.py N FOLDER [--seed 1]

FOLDER gets claims.jsonl (one claim a line, as docs/jsonl.md says) and params.json: a place, a speaker and so on that few, some and very many
claims are about.

The shape: a twentieth as many entities as claims, an eighth as many documents, a third as many texts of 60 to 160 characters, on one to three
topics. Who speaks, about what and in which outlet follows Zipf's law. A document's chain has one to four outlets. A twelfth of the claims
deny, an eighth are hedged, a tenth name a listener.
"""

import argparse
import bisect
import itertools
import json
import os
import random

PARTS = ["ar", "bel", "cor", "dun", "el", "fal", "gor", "hin", "ith", "jor", "kes", "lim", "mor", "nev", "os", "pra", "quil", "ros",
         "sul", "tam", "ul", "ver", "wen", "yar", "zel"]
WORDS = ["bridge", "harbour", "troops", "left", "crossed", "north", "south", "grain", "ship", "council", "talks", "border", "road",
         "closed", "open", "prisoners", "exchanged", "village", "taken", "shelled", "power", "station", "repaired", "water", "reached",
         "minister", "resigned", "delegation", "arrived", "agreed", "refused", "ceasefire", "holds", "broken", "convoy", "waits"]
CUES = ["said"] * 6 + ["stated"] * 2 + ["claimed"] * 2 + ["announced"]
HEDGES = ["allegedly", "reportedly", "possibly"]


class Zipf:
    """Numbers below n, small ones more often."""

    def __init__(self, rng, n):
        self.rng = rng
        self.sums = list(itertools.accumulate(1 / (k + 1) for k in range(n)))

    def draw(self):
        return bisect.bisect_left(self.sums, self.rng.random() * self.sums[-1])


def name(k):
    """The k-th name: distinct, of two words."""
    def word(k):
        letters = PARTS[k % 25] + PARTS[k // 25 % 25] + (PARTS[k // 625 % 25] if k >= 625 else "")
        return letters.capitalize()
    return f"{word(k % 15625)} {word(k // 15625 * 7 + k * 31 % 15625)}"


def day(n):
    """The n-th day of a calendar of 28-day months, from 2020."""
    return f"{2020 + n // 336}-{n // 28 % 12 + 1:02}-{n % 28 + 1:02}"


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("n", type=int)
    arguments.add_argument("folder")
    arguments.add_argument("--seed", type=int, default=1)
    given = arguments.parse_args()
    rng = random.Random(given.seed)
    n = given.n
    os.makedirs(given.folder, exist_ok=True)
    entities = [name(k) for k in range(max(400, n // 20))]
    outlets = [f"{name(k)} {'Post' if k % 2 else 'Wire'}" for k in range(max(60, n // 2000))]
    entity, outlet = Zipf(rng, len(entities)), Zipf(rng, len(outlets))
    texts = []
    for k in range(max(1, n // 3)):
        words = [WORDS[int(rng.random() * len(WORDS))] for _ in range(9 + int(rng.random() * 12))]
        topics = sorted({entity.draw() for _ in range(1 + int(rng.random() * 3))})
        texts.append((f"the {' '.join(words)} {k}", [entities[topic] for topic in topics]))
    documents = []
    for k in range(max(1, n // 8)):
        chain = [outlets[outlet.draw()]]
        while len(chain) < 4 and rng.random() < 0.4:
            chain.append(outlets[outlet.draw()])
        documents.append((f"https://news.example/{k}", 20 + int(rng.random() * 1900), chain))
    text = Zipf(rng, len(texts))
    about, spoke = {}, {}
    with open(os.path.join(given.folder, "claims.jsonl"), "w", encoding="utf-8") as out:
        for k in range(n):
            words, topics = texts[text.draw()]
            url, published, chain = documents[int(rng.random() * len(documents))]
            speaker = entities[entity.draw()]
            row = {
                "id": f"c{k}",
                "speaker": speaker,
                "cue": "denied" if rng.random() < 1 / 12 else CUES[int(rng.random() * len(CUES))],
                "proposition": words,
                "subjects": topics,
                "outlets": chain,
                "document": {"url": url, "date": day(published), "outlet": chain[0]},
                "date": day(published - int(rng.random() * 20)),
            }
            if rng.random() < 1 / 8:
                row["hedge"] = HEDGES[int(rng.random() * 3)]
            if rng.random() < 1 / 10:
                row["addressee"] = entities[entity.draw()]
            for topic in topics:
                about[topic] = about.get(topic, 0) + 1
            spoke[speaker] = spoke.get(speaker, 0) + 1
            out.write(json.dumps(row, separators=(",", ":")) + "\n")

    def like(counts, wanted):
        return min(counts, key=lambda one: (abs(counts[one] - wanted), one))

    levels = {"rare": 10, "medium": 1000, "hot": n}
    params = {
        "n": n,
        "place": {level: like(about, wanted) for level, wanted in levels.items()},
        "speaker": {level: like(spoke, wanted) for level, wanted in levels.items()},
        "outlet_top": outlets[:3],
        "window": ["2023-03-01", "2023-05-28"],
        "as_of": "2022-06-28",
        "proposition_top": texts[0][0],
    }
    with open(os.path.join(given.folder, "params.json"), "w", encoding="utf-8") as out:
        json.dump(params, out, indent=1)


main()
