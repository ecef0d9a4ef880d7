#!/usr/bin/env python3
"""One peer in a process of its own, so that its memory is its own and a question that runs too long can be ended.

usage: worker.py ENGINE prepare|load DATA STORE     then one JSON object tells what it took
       worker.py ENGINE ask DATA STORE              reads JSON objects (question, level, text, repeats, seconds), answers each with one
"""

import json
import os
import sys
import time

from common import checksum, values
from graphs import Grafeo, Ladybug, Oxigraph
from sql import DuckDB, SQLite

ENGINES = {one.label.lower(): one for one in (SQLite, DuckDB, Ladybug, Grafeo, Oxigraph)}


def peak():
    """The most memory that this process held, in bytes."""
    with open("/proc/self/status", encoding="ascii") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM:"))


def size(path):
    """The bytes of a file or a folder."""
    if os.path.isfile(path):
        return os.path.getsize(path)
    return sum(os.path.getsize(os.path.join(folder, file)) for folder, _, files in os.walk(path) for file in files)


def told(**facts):
    print(json.dumps(facts), flush=True)


def ask(engine, params, asked):
    """Times one text of a question: all rows fetched, until the repeats or the seconds are used up. The first answer is not timed, but
    compared, and counts where it alone took the seconds."""
    text, given = engine.questions[asked["question"]][asked["text"]], values(params, asked["level"])
    begin = time.perf_counter()
    rows = engine.ask(text, given)
    first = time.perf_counter() - begin
    many, sum_ = len(rows), checksum(asked["question"], rows)
    del rows
    times, spent = [], first
    if first > asked["seconds"]:
        times.append(first * 1e3)
    # What takes no time is asked more often, to be told apart from noise.
    while (len(times) < asked["repeats"] or (spent < .1 and len(times) < 5000)) and spent <= asked["seconds"]:
        begin = time.perf_counter()
        rows = engine.ask(text, given)
        took = time.perf_counter() - begin
        # Freeing the rows is not timed.
        del rows
        times.append(took * 1e3)
        spent += took
    told(rows=many, sum=sum_, times=times)


def main():
    label, job, data, store = sys.argv[1:]
    engine = ENGINES[label]
    if job == "prepare":
        if hasattr(engine, "prepare"):
            engine.prepare(data, store)
        return
    begin = time.perf_counter()
    if job == "load":
        engine.load(data, store)
        told(seconds=time.perf_counter() - begin, peak=peak(), bytes=size(store), version=engine.version())
        return
    with open(os.path.join(data, "params.json"), encoding="utf-8") as file:
        params = json.load(file)
    opened = engine(store)
    told(texts={question: len(texts) for question, texts in engine.questions.items()})
    for line in sys.stdin:
        asked = json.loads(line)
        if asked.get("question") is None:
            told(peak=peak())
            break
        try:
            ask(opened, params, asked)
        except Exception as wrong:
            told(error=f"{type(wrong).__name__}: {wrong}"[:300])
    # Closing what has long been read is nobody's question.
    os._exit(0)


main()
