"""What all peers share: the tables, the parameters of each question, and the form in which rows are compared."""

import csv
import os
import zlib

TABLES = {
    "entities": ["id", "name", "kind"],
    "aliases": ["entity", "alias"],
    "documents": ["id", "outlet", "published", "cites", "origin", "hops"],
    "chains": ["document", "hop", "outlet"],
    "propositions": ["id", "text"],
    "subjects": ["proposition", "entity"],
    "contradictions": ["proposition", "other"],
    "claims": ["id", "speaker", "cue", "negated", "hedge", "proposition", "listener", "said", "document"],
}
LEVELS = ["rare", "medium", "hot"]
# Each question with the levels that it is asked at: some have no place or speaker in them.
QUESTIONS = {"Q1": LEVELS, "Q2": LEVELS, "Q3": LEVELS, "Q4": ["hot"], "Q5": LEVELS, "Q5n": LEVELS, "Q5c": LEVELS, "Q6": LEVELS, "Q7": ["hot"],
             "Q8": LEVELS, "Q8o": LEVELS, "Q9": LEVELS, "Q10": LEVELS}


def table(data, name):
    """The rows of a table, as texts."""
    with open(os.path.join(data, f"{name}.csv"), encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        yield from rows


def values(params, level):
    """The parameters of a question at a level."""
    one = {"place": params["place"][level], "speaker": params["speaker"][level]}
    return one | {key: params[key] for key in ("inner", "outer", "from", "to", "as_of", "text")}


def shown(question, row):
    """The cells of a row as dixit shows them."""
    what = lambda negated, text: ("not " if int(negated) else "") + text
    match question, row:
        case ("Q1" | "Q3" | "Q9"), (claim, who, cue, negated, text, said, outlet):
            return f"#u{claim}", who, cue, what(negated, text), said, outlet
        case "Q2", (claim, cue, negated, text, said):
            return f"#u{claim}", cue, what(negated, text), said
        case "Q4", (claim, depth, who, document):
            return f"#u{claim}", depth, who, "" if document is None or int(document) < 0 else f"https://news.example/{document}"
        case ("Q8" | "Q8o" | "Q10"), (text, negated, *counts):
            return what(negated, text), *counts
        case ("Q6" | "Q7"), (*_, count):
            # Which of several with one count come in is left open.
            return (count,)
        case _:
            return row


def checksum(question, rows):
    """A sum over rows in any order; questions.rs forms the same."""
    return sum(zlib.crc32("\t".join(str(cell) for cell in shown(question, row)).encode()) for row in rows) % 2 ** 64
