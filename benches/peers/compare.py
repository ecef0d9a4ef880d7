#!/usr/bin/env python3
"""The same claims and the same questions in dixit and in other engines, in one run on one machine.

usage: compare.py FOLDER [--engines sqlite,duckdb,ladybug,grafeo,oxigraph] [--rounds 2] [--repeats 5] [--seconds 20] [--limit 60] [--keep]

After `generate.py N FOLDER --csv`, `cargo bench --features mimalloc --bench questions --no-run` and then `cargo build --release`. Each
engine loads in a process of its own, then each question is put to all of them in turn, and that in rounds, so that what else the
machine does falls on all alike. Where there are several texts of a question the fastest counts. Rows are compared by their number and
by a sum over what they show.

Writes FOLDER/compare.md and FOLDER/compare.json; ends with status 1 where engines differ in their rows.
"""

import argparse
import glob
import json
import os
import platform
import random
import shutil
import statistics
import subprocess
import sys
import threading
import time

from common import QUESTIONS, values
from sql import QUESTIONS as SQL

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
TARGET = os.environ.get("CARGO_TARGET_DIR", os.path.join(ROOT, "target"))
LABELS = {"dixit": "dixit", "sqlite": "SQLite", "duckdb": "DuckDB", "ladybug": "Ladybug", "grafeo": "Grafeo", "oxigraph": "Oxigraph"}
FACTS = ["entities.dixit", "citations.dixit", "contradictions.dixit"]
FRESH = "?k: who said what about $place when | show ?k, who, ?k.cue, what, when, ?k.outlet"


def log(*words):
    print(*words, file=sys.stderr, flush=True)


def remove(path):
    """A store and whatever stands beside it under its name."""
    for one in glob.glob(f"{path}*"):
        shutil.rmtree(one) if os.path.isdir(one) else os.remove(one)


def run(command, **options):
    """Runs to the end; gives the output, the seconds and the most memory."""
    begin = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, **options)
    out = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command[0]} ended with status {process.returncode}")
    return out.decode(), time.perf_counter() - begin, usage.ru_maxrss * 1024


class Peer:
    """A peer in its own process, started when it is asked first and ended when it does not answer in time."""

    def __init__(self, engine, folder, given):
        self.engine, self.folder, self.given = engine, folder, given
        self.store = os.path.join(folder, engine)
        self.process, self.texts, self.peak = None, {}, 0

    def command(self, job):
        return [sys.executable, os.path.join(HERE, "worker.py"), self.engine, job, self.folder, self.store]

    def load(self):
        remove(self.store)
        run(self.command("prepare"))
        out, _, _ = run(self.command("load"))
        for one in (f"{self.store}.csv", f"{self.store}.nt"):
            remove(one)
        return json.loads(out)

    def exchange(self, line, limit):
        """Sends a line and reads one; nothing where none came in time."""
        ender = threading.Timer(limit, self.process.kill)
        ender.start()
        try:
            if line is not None:
                self.process.stdin.write(json.dumps(line) + "\n")
                self.process.stdin.flush()
            told = self.process.stdout.readline()
        except BrokenPipeError:
            told = ""
        finally:
            ender.cancel()
        if not told:
            self.process.wait()
            self.process = None
        return json.loads(told) if told else None

    def ask(self, question, level, skipped):
        """One round of each text of a question. `skipped` holds the texts that ran too long, and gets more."""
        found = []
        if self.process is None:
            self.process = subprocess.Popen(self.command("ask"), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            self.texts = self.exchange(None, 120)["texts"]
        for text in range(self.texts.get(question, 0)):
            if (text, level) in skipped:
                continue
            if self.process is None:
                found += self.ask(question, level, skipped | {(done, level) for done in range(text)})
                break
            limits = {"repeats": self.given.repeats, "seconds": self.given.seconds}
            told = self.exchange({"question": question, "level": level, "text": text} | limits, self.given.limit + self.given.seconds)
            if told is None or "error" in told:
                log(self.engine, question, level, (told or {}).get("error", f"ran past {self.given.limit} s"))
                skipped.add((text, level))
            else:
                found.append(told | {"text": text})
        return found

    def end(self):
        if self.process is not None:
            self.peak = (self.exchange({"question": None}, 30) or {}).get("peak", 0)


class Dixit:
    """The program and the library of this repository."""

    def __init__(self, folder, given):
        self.folder, self.given = folder, given
        self.store, self.peak = os.path.join(folder, "dixit.dixg"), 0
        self.program = os.path.join(TARGET, "release", "dixit")
        # Linked as programs are that are handed out; see benches/README.md.
        self.shared = os.path.join(TARGET, "shared", "release", "dixit")
        benches = [one for one in glob.glob(os.path.join(TARGET, "release", "deps", "questions-*")) if "." not in os.path.basename(one)]
        if not benches:
            raise SystemExit("cargo bench --features mimalloc --bench questions --no-run comes first")
        self.bench = max(benches, key=os.path.getmtime)

    def load(self):
        remove(self.store)
        claims = os.path.join(self.folder, "claims.jsonl")
        facts = [os.path.join(self.folder, file) for file in FACTS] + [os.path.join(HERE, "rules.dixit")]
        _, seconds, peak = run([self.program, "build", claims, *facts, "-o", self.store], stderr=subprocess.DEVNULL)
        version = run([self.program, "--version"])[0].split()[-1]
        return {"seconds": seconds, "peak": peak, "bytes": os.path.getsize(self.store), "version": version}

    def ask(self, question, level, skipped):
        if (0, level) in skipped:
            return []
        limits = ["--repeats", str(self.given.repeats), "--seconds", str(self.given.seconds)]
        params = os.path.join(self.folder, "params.json")
        command = [self.bench, self.store, params, "--question", question, "--level", level, *limits]
        try:
            out = subprocess.run(command, check=True, capture_output=True, text=True, timeout=self.given.limit + self.given.seconds).stdout
        except subprocess.TimeoutExpired:
            log("dixit", question, level, f"ran past {self.given.limit} s")
            skipped.add((0, level))
            return []
        told = [json.loads(line) for line in out.splitlines()]
        self.peak = max(self.peak, told[-1]["peak"])
        found = [one | {"text": 0} for one in told if one.get("question") and "error" not in one]
        if not found:
            log("dixit", question, level, told[1].get("error"))
            skipped.add((0, level))
        return found

    def end(self):
        pass


def fresh(engines, folder, params, repeats=101):
    """Whole processes that open the store, answer Q1 and end, one level after the other: the median milliseconds and the memory. Each round is
    in another order, since what ran before leaves the caches as it likes."""
    found, draw = {}, random.Random(1)
    # What a linker has written lies in the system's memory page by page; a program that was installed is a copy, as that of SQLite is.
    programs = [(name, shutil.copy(program, os.path.join(folder, f"program-{name}")))
                for name, program in [("dixit", engines["dixit"].program), ("shared", engines["dixit"].shared)] if os.path.exists(program)]
    for level in ("rare", "medium"):
        given, commands = values(params, level), {}
        for name, program in programs:
            commands[name, level] = [program, engines["dixit"].store, "--param", f"place={given['place']}", "-c", FRESH]
        if "sqlite" in engines and shutil.which("sqlite3"):
            commands["sqlite", level] = ["sqlite3", "-readonly", os.path.join(folder, "sqlite"), SQL["Q1"][0].replace("$place", f"'{given['place']}'")]
        for _ in range(repeats):
            order = list(commands)
            draw.shuffle(order)
            for key in order:
                _, seconds, peak = run(commands[key])
                found.setdefault(key, []).append((seconds * 1e3, peak))
    return {f"{engine} {level}": {"ms": statistics.median(ms for ms, _ in runs), "peak": max(peak for _, peak in runs)}
            for (engine, level), runs in found.items()}


def number(ms):
    return "–" if ms is None else f"{ms:.3f}" if ms < 1 else f"{ms:.2f}" if ms < 10 else f"{ms:.1f}" if ms < 100 else f"{ms:,.0f}"


def best(rounds):
    """The fastest text of a question: its median over all rounds, and over how many answers."""
    texts = {}
    for one in rounds:
        texts.setdefault(one["text"], []).extend(one["times"])
    medians = [(statistics.median(times), len(times), text) for text, times in texts.items() if times]
    return min(medians) if medians else (None, 0, None)


def table(results, n, given):
    """The answers as Markdown, and where rows differ."""
    engines = list(results["engines"])
    peers = [engine for engine in engines if engine != "dixit"]
    lines = [f"{n:,} claims.", "", "| | " + " | ".join(f"{LABELS[engine]} {results['engines'][engine]['version']}" for engine in engines) + " |",
             "|-" * (len(engines) + 1) + "|"]
    rows = [("load", lambda one: f"{one['seconds']:.1f} s"), ("most memory while loading", lambda one: f"{one['peak'] / 1e6:,.0f} MB"),
            ("file", lambda one: f"{one['bytes'] / 1e6:,.0f} MB"), ("most memory while asking", lambda one: f"{one['asking'] / 1e6:,.0f} MB")]
    for head, cell in rows:
        lines.append(f"| {head} | " + " | ".join(cell(results["engines"][engine]) for engine in engines) + " |")
    for level in ("rare", "medium"):
        cells = [results["fresh"].get(f"{engine} {level}") for engine in engines]
        shown = [f"{cell['ms']:.2f} ms" if cell else "" for cell in cells]
        shared = results["fresh"].get(f"shared {level}")
        if shared:
            shown[0] += f"; with the system's libraries {shared['ms']:.2f} ms"
        lines.append(f"| fresh process, Q1 {level} | " + " | ".join(shown) + " |")
    lines += ["", "Median milliseconds. The last column is how many times faster dixit is than the best of the others (below one: slower).", "",
              "| question | rows | " + " | ".join(LABELS[engine] for engine in engines) + " | best / dixit |",
              "|-|" + "-:|" * (len(engines) + 2)]
    differ = []
    for cell, answers in results["answers"].items():
        found = {(one["rows"], one["sum"]) for rounds in answers.values() for one in rounds}
        if len(found) > 1:
            differ.append(cell)
        medians = {engine: best(answers[engine]) for engine in engines}
        least = min((medians[peer][0], LABELS[peer]) for peer in peers if medians[peer][0] is not None)
        own = medians["dixit"][0]
        ratio = "–" if own is None else f"{least[0] / own:.2g} ({least[1]})"
        shown = [number(medians[engine][0]) + ("\\*" if 0 < medians[engine][1] < 5 else "") for engine in engines]
        counts = sorted({rows for rows, _ in found})
        lines.append(f"| {cell} | {' / '.join(f'{count:,}' for count in counts)} | {' | '.join(shown)} | {ratio} |")
    lines += ["", f"\\* fewer than five answers in {given.seconds} s. –: more than {given.limit} s, or refused."]
    return "\n".join(lines) + "\n", differ


def main():
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("folder")
    arguments.add_argument("--engines", default="sqlite,duckdb,ladybug,grafeo,oxigraph")
    arguments.add_argument("--questions", default=",".join(QUESTIONS))
    arguments.add_argument("--rounds", type=int, default=2)
    arguments.add_argument("--repeats", type=int, default=5, help="timed answers in each round")
    arguments.add_argument("--seconds", type=float, default=20, help="no further answer in a round after this long")
    arguments.add_argument("--limit", type=float, default=60, help="one answer may take this long")
    arguments.add_argument("--keep", action="store_true", help="ask the stores that are there already")
    given = arguments.parse_args()
    with open(os.path.join(given.folder, "params.json"), encoding="utf-8") as file:
        params = json.load(file)
    out = os.path.join(given.folder, "compare.json")
    engines = {"dixit": Dixit(given.folder, given)} | {one: Peer(one, given.folder, given) for one in given.engines.split(",")}
    results = {"n": params["n"], "machine": f"{platform.machine()}, {os.cpu_count()} cores", "python": platform.python_version(),
               "engines": {}, "answers": {}}
    if given.keep:
        with open(out, encoding="utf-8") as file:
            known = json.load(file)["engines"]
        results["engines"] = {engine: known[engine] for engine in engines}
    for engine, one in engines.items() if not given.keep else ():
        results["engines"][engine] = one.load()
        log("loaded", engine, results["engines"][engine])

    cells = [(question, level) for question in given.questions.split(",") for level in QUESTIONS[question]]
    answers = {f"{question} {level}": {engine: [] for engine in engines} for question, level in cells}
    skipped = {(engine, question): set() for engine in engines for question in QUESTIONS}
    order = list(engines)
    for round_ in range(given.rounds):
        for question, level in cells:
            for engine in order:
                answers[f"{question} {level}"][engine] += engines[engine].ask(question, level, skipped[engine, question])
            log(f"round {round_ + 1}", question, level, {engine: number(best(rounds)[0]) for engine, rounds in answers[f'{question} {level}'].items()})
            # Whoever comes first finds another cache than whoever comes last.
            order = order[1:] + order[:1]
    results["answers"] = answers
    for engine, one in engines.items():
        one.end()
        results["engines"][engine]["asking"] = one.peak
    results["fresh"] = fresh(engines, given.folder, params)
    with open(out, "w", encoding="utf-8") as file:
        json.dump(results, file, indent=1)
    text, differ = table(results, params["n"], given)
    with open(os.path.join(given.folder, "compare.md"), "w", encoding="utf-8") as file:
        file.write(text)
    print(text)
    if differ:
        log("rows differ:", ", ".join(differ))
        sys.exit(1)


if __name__ == "__main__":
    main()
