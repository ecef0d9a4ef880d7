#!/usr/bin/env python3
"""The same claims and the same questions in dixit, SQLite and DuckDB, in one run on one machine. Needs the package duckdb.

usage: compare.py FOLDER [--repeats 7]      after generate.py N FOLDER, cargo build --release and cargo bench --bench questions --no-run

Each engine gets typed tables or columns, the indexes that help it and a warm cache; all rows are fetched. What is timed of SQLite and DuckDB
includes making Python values of the rows, of dixit making its values in Rust. Row counts must be equal. Prints Markdown; writes
FOLDER/compare.json.
"""

import argparse
import csv
import glob
import json
import os
import sqlite3
import statistics
import subprocess
import sys
import time

import duckdb

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TABLES = {
    "entities": "id integer primary key, name text",
    "documents": "id integer primary key, url text, outlet integer, published text",
    "propositions": "id integer primary key, text text",
    "topics": "proposition integer, entity integer",
    "claims": "id integer primary key, speaker integer, cue text, denies integer, hedge text, proposition integer, listener integer,"
              " said text, document integer",
    # Hops from the speaker outwards.
    "chains": "document integer, hop integer, outlet integer",
}
INDEXES = {
    "sqlite": ["entities(name)", "propositions(text)", "topics(entity, proposition)", "topics(proposition)", "claims(proposition)",
               "claims(speaker, said)", "chains(document, hop)", "chains(outlet, document)"],
    "duckdb": ["entities(name)", "propositions(text)", "topics(entity)", "claims(proposition)", "claims(speaker)", "chains(document)"],
}
ABOUT = ("from topics t join claims c on c.proposition = t.proposition join entities s on s.id = c.speaker"
         " join propositions p on p.id = c.proposition join documents d on d.id = c.document join entities o on o.id = d.outlet"
         " where t.entity = (select id from entities where name = :place)")
ROW = "select s.name, c.cue, c.denies, p.text, c.said, o.name " + ABOUT
QUESTIONS = {
    "Q1": ROW,
    "Q2": "select c.id, c.cue, p.text, c.said from claims c join propositions p on p.id = c.proposition where c.speaker ="
          " (select id from entities where name = :speaker) and c.said between :from and :to",
    "Q3": ROW + " and exists (select 1 from chains x join chains y on y.document = x.document and y.hop = x.hop + 1"
          " where x.document = c.document and x.outlet = (select id from entities where name = :inner)"
          " and y.outlet = (select id from entities where name = :outer))",
    "Q4": "select c.id, s.name, h.hop, o.name from propositions p join claims c on c.proposition = p.id"
          " join entities s on s.id = c.speaker join chains h on h.document = c.document join entities o on o.id = h.outlet"
          " where p.text = :text order by c.id, h.hop",
    "Q5": "select c.proposition from topics t join claims c on c.proposition = t.proposition where t.entity ="
          " (select id from entities where name = :place) group by 1 having sum(c.denies) > 0 and sum(1 - c.denies) > 0",
    "Q6": "select s.name, count(*) n from topics t join claims c on c.proposition = t.proposition join entities s on s.id = c.speaker"
          " where t.entity = (select id from entities where name = :place) and c.hedge <> '' group by s.name order by n desc, s.name"
          " limit 20",
    "Q7": "select s.name, e.name, g.n from (select c.speaker, t.entity, count(*) n from claims c join topics t on t.proposition ="
          " c.proposition group by 1, 2 order by n desc limit 50) g join entities s on s.id = g.speaker join entities e on e.id = g.entity",
    "Q9": ROW + " and d.published <= :as_of",
}
LEVELS = ["rare", "medium", "hot"]


def tables(folder):
    """The claims as one CSV file a table."""
    ids = {name: {} for name in ("entities", "documents", "propositions")}
    writers, files = {}, []
    for table in TABLES:
        files.append(open(os.path.join(folder, f"{table}.csv"), "w", encoding="utf-8", newline=""))
        writers[table] = csv.writer(files[-1]).writerow

    def entity(name):
        known = ids["entities"].get(name)
        if known is None:
            known = ids["entities"][name] = len(ids["entities"])
            writers["entities"]((known, name))
        return known

    with open(os.path.join(folder, "claims.jsonl"), encoding="utf-8") as rows:
        for at, line in enumerate(rows):
            row = json.loads(line)
            text, document = row["proposition"], row["document"]
            proposition = ids["propositions"].get(text)
            if proposition is None:
                proposition = ids["propositions"][text] = len(ids["propositions"])
                writers["propositions"]((proposition, text))
                for topic in row["subjects"]:
                    writers["topics"]((proposition, entity(topic)))
            number = ids["documents"].get(document["url"])
            if number is None:
                number = ids["documents"][document["url"]] = len(ids["documents"])
                writers["documents"]((number, document["url"], entity(document["outlet"]), document["date"]))
                for hop, outlet in enumerate(reversed(row["outlets"])):
                    writers["chains"]((number, hop, entity(outlet)))
            listener = entity(row["addressee"]) if "addressee" in row else ""
            denies = int(row["cue"] == "denied")
            writers["claims"]((at, entity(row["speaker"]), row["cue"], denies, row.get("hedge", ""), proposition, listener,
                               row["date"], number))
    for file in files:
        file.close()


def load(engine, folder):
    """Loads the tables; gives the seconds and the bytes of the file."""
    path = os.path.join(folder, engine + ".db")
    if os.path.exists(path):
        os.remove(path)
    begin = time.perf_counter()
    if engine == "sqlite":
        db = sqlite3.connect(path)
        db.executescript("pragma journal_mode = off; pragma synchronous = off;")
        for table, columns in TABLES.items():
            db.execute(f"create table {table} ({columns})")
            with open(os.path.join(folder, f"{table}.csv"), encoding="utf-8", newline="") as rows:
                marks = ",".join("?" * (columns.count(",") + 1))
                db.executemany(f"insert into {table} values ({marks})", csv.reader(rows))
    else:
        db = duckdb.connect(path)
        for table, columns in TABLES.items():
            typed = columns.replace("said text", "said date").replace("published text", "published date")
            db.execute(f"create table {table} ({typed.replace(' primary key', '')})")
            source = os.path.join(folder, f"{table}.csv")
            empty = ", force_not_null = ['hedge']" if table == "claims" else ""
            names = [column.split()[0] for column in typed.split(",")]
            types = ", ".join(f"'{column.split()[0]}': '{column.split()[1]}'" for column in typed.split(","))
            db.execute(f"insert into {table} select {', '.join(names)} from read_csv('{source}', header = false,"
                       f" columns = {{{types}}}{empty})")
    for at, index in enumerate(INDEXES[engine]):
        db.execute(f"create index i{at} on {index}")
    if engine == "sqlite":
        db.execute("analyze")
        db.commit()
    else:
        db.execute("checkpoint")
    db.close()
    return time.perf_counter() - begin, os.path.getsize(path)


def asked(engine, folder, params, repeats):
    """The median milliseconds and the rows of each question."""
    path = os.path.join(folder, engine + ".db")
    if engine == "sqlite":
        db = sqlite3.connect(path)
        db.executescript("pragma mmap_size = 30000000000; pragma cache_size = -2000000;")
    else:
        db = duckdb.connect(path, read_only=True)
    out = {}
    for name, sql in QUESTIONS.items():
        for level in ["hot"] if name in ("Q4", "Q7") else LEVELS:
            values = {
                "place": params["place"][level], "speaker": params["speaker"][level], "text": params["proposition_top"],
                "inner": params["outlet_top"][0], "outer": params["outlet_top"][1], "as_of": params["as_of"],
                "from": params["window"][0], "to": params["window"][1],
            }
            used = {key: value for key, value in values.items() if f":{key}" in sql}
            text = sql
            if engine == "duckdb":
                for key in used:
                    text = text.replace(f":{key}", f"${key}")
            times = []
            for _ in range(repeats + 1):
                begin = time.perf_counter()
                rows = len(db.execute(text, used).fetchall())
                times.append((time.perf_counter() - begin) * 1e3)
            out[f"{name} {level}"] = (statistics.median(times[1:]), rows)
    return out


def dixit(folder, repeats):
    """Builds a snapshot and asks it."""
    program = os.path.join(ROOT, "target", "release", "dixit")
    graph, claims = os.path.join(folder, "dixit.dixg"), os.path.join(folder, "claims.jsonl")
    begin = time.perf_counter()
    subprocess.run([program, "build", claims, "-o", graph], check=True, stderr=subprocess.DEVNULL)
    seconds = time.perf_counter() - begin
    benches = glob.glob(os.path.join(ROOT, "target", "release", "deps", "questions-*"))
    bench = max((one for one in benches if not one.endswith(".d")), key=os.path.getmtime)
    params = os.path.join(folder, "params.json")
    lines = subprocess.run([bench, graph, params, str(repeats)], check=True, capture_output=True, text=True).stdout.splitlines()
    found = [json.loads(line) for line in lines]
    times = {f"{one['question']} {one['level']}": (one["median_ms"], one["rows"]) for one in found if "question" in one}
    return seconds, os.path.getsize(graph), times


def fresh(command, repeats=25):
    """The median milliseconds of a whole process."""
    times = []
    for _ in range(repeats):
        begin = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        times.append((time.perf_counter() - begin) * 1e3)
    return statistics.median(times)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("folder")
    arguments.add_argument("--repeats", type=int, default=7)
    given = arguments.parse_args()
    folder = given.folder
    with open(os.path.join(folder, "params.json"), encoding="utf-8") as file:
        params = json.load(file)
    tables(folder)
    results = {}
    for engine in ("sqlite", "duckdb"):
        seconds, size = load(engine, folder)
        results[engine] = {"seconds": seconds, "bytes": size, "times": asked(engine, folder, params, given.repeats)}
    seconds, size, times = dixit(folder, given.repeats)
    results["dixit"] = {"seconds": seconds, "bytes": size, "times": times}
    place = params["place"]["rare"]
    results["dixit"]["fresh"] = fresh([os.path.join(ROOT, "target", "release", "dixit"), os.path.join(folder, "dixit.dixg"), "-c",
                                       f"?k: who said what about [{place}] when | show who, ?k.cue, what, when, ?k.outlet"])
    if subprocess.run(["which", "sqlite3"], stdout=subprocess.DEVNULL).returncode == 0:
        sql = ROW.replace(":place", f"'{place}'")
        results["sqlite"]["fresh"] = fresh(["sqlite3", os.path.join(folder, "sqlite.db"), sql])
    with open(os.path.join(folder, "compare.json"), "w", encoding="utf-8") as out:
        json.dump(results, out, indent=1)

    n = params["n"]
    print(f"{n:,} claims\n\n| | dixit | SQLite | DuckDB |\n|-|-|-|-|")
    row = [f"{results[engine]['seconds']:.1f} s, {results[engine]['bytes'] / 1e6:.0f} MB" for engine in ("dixit", "sqlite", "duckdb")]
    print(f"| load, file | {' | '.join(row)} |")
    row = [f"{results[engine]['fresh']:.1f} ms" if "fresh" in results[engine] else "" for engine in ("dixit", "sqlite", "duckdb")]
    print(f"| fresh process, Q1 rare | {' | '.join(row)} |")
    print("\n| question | rows | dixit ms | SQLite ms | DuckDB ms | best peer / dixit |\n|-|-|-|-|-|-|")
    unequal = []
    for key, (own, rows) in times.items():
        peers = [results[engine]["times"][key] for engine in ("sqlite", "duckdb")]
        # A trace has a row more for each claim that is printed under several documents: shared branches are printed once.
        if not key.startswith("Q4") and any(other != rows for _, other in peers):
            unequal.append((key, rows, [other for _, other in peers]))
        best = min(ms for ms, _ in peers)
        print(f"| {key} | {rows} | {own:.3f} | {peers[0][0]:.3f} | {peers[1][0]:.3f} | {best / own:.1f} |")
    if unequal:
        print(f"\nrow counts differ: {unequal}", file=sys.stderr)
        sys.exit(1)


main()
