"""Times the reasoning verbs on a text that came by ten thousand chains, beside the claims of any snapshot.

    python3 benches/reasoning.py target/release/dixit GRAPH.dixg

Adds the chains to a copy of the snapshot, then asks each question once and six times in one process: a fifth of the difference is one
question, warm, without starting and opening. Prints the median of five.
"""

import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

CHAINS, OUTLETS, TEXT = 10_000, 300, "the ten thousand chains lead here"
# A column that nobody reads is never worked out.
ALL = " or ".join(f"{head} is known" for head in ("drift", "hedge", "document", "date", "basis", "cue", "act", "who"))


def rows():
    """A claim for each chain: a speaker of its own, and one to four outlets."""
    draw = random.Random(3)
    outlets = [f"Outlet {at} Post" for at in range(OUTLETS)]
    for at in range(CHAINS):
        yield {"id": f"ten{at}", "speaker": f"Speaker Number {at}", "cue": "said", "proposition": TEXT, "subjects": ["Ten Place"],
               "outlets": draw.sample(outlets, 1 + at % 4), "date": f"2023-0{1 + at % 9}-1{at % 9}"}


def seconds(program, graph, question, times):
    start = time.perf_counter()
    subprocess.run([program, graph, *["-c", question] * times], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def main(program, base):
    with tempfile.TemporaryDirectory() as folder:
        added, graph = Path(folder, "chains.jsonl"), str(Path(folder, "graph.dixg"))
        added.write_text("".join(json.dumps(row) + "\n" for row in rows()))
        subprocess.run([program, "build", "--onto", base, str(added), "-o", graph], check=True)
        for question in [f'trace "{TEXT}" | where {ALL} | count', f'corroborate "{TEXT}"', f'weakest "{TEXT}"', "impact of retracting #ten7 | count",
                         "impact of retracting [Outlet 7 Post] | count"]:
            each = [seconds(program, graph, question, 6) - seconds(program, graph, question, 1) for _ in range(5)]
            print(f"{statistics.median(each) / 5 * 1000:8.1f} ms  {question}")


if __name__ == "__main__":
    main(*sys.argv[1:])
