"""SQLite and DuckDB: tables, indexes and the questions as SQL. Several texts of one question are tried, and the fastest counts."""

import os
import sqlite3

from common import TABLES, table

TYPES = {
    "entities": "id integer primary key, name text, kind text",
    "aliases": "entity integer, alias text",
    "documents": "id integer primary key, outlet integer, published date, cites integer, origin integer, hops integer",
    "chains": "document integer, hop integer, outlet integer",
    "propositions": "id integer primary key, text text",
    "subjects": "proposition integer, entity integer",
    "contradictions": "proposition integer, other integer",
    "claims": "id integer primary key, speaker integer, cue text, negated integer, hedge text, proposition integer, listener integer,"
              " said date, document integer",
}
FROM = "from subjects t join claims c on c.proposition = t.proposition "
PLACE = "where t.entity = (select id from entities where name = $place) "
ROW = ("select c.id, s.name, c.cue, c.negated, p.text, c.said, o.name " + FROM + "join entities s on s.id = c.speaker"
       " join propositions p on p.id = c.proposition join documents d on d.id = c.document join entities o on o.id = d.outlet " + PLACE)
INNER = "(select id from entities where name = $inner)"
OUTER = "(select id from entities where name = $outer)"
PASSED = (f"select x.document from chains x join chains y on y.document = x.document and y.hop = x.hop + 1"
          f" where x.outlet = {OUTER} and y.outlet = {INNER}")
# One text, or several, of each question. The columns are those of common.shown.
QUESTIONS = {
    "Q1": [ROW],
    "Q2": ["select c.id, c.cue, c.negated, p.text, c.said from claims c join propositions p on p.id = c.proposition where c.speaker ="
           " (select id from entities where name = $speaker) and c.said between $from and $to"],
    "Q3": [f"{ROW} and c.document in ({PASSED})", f"{ROW} and exists ({PASSED} and x.document = c.document)"],
    "Q4": ["with k as materialized (select c.id, c.speaker, c.document from propositions p join claims c on c.proposition = p.id"
           " where p.text = $text and c.negated = 0) select k.id, h.hop, o.name, case when h.hop = 0 then k.document end from k"
           " join chains h on h.document = k.document join entities o on o.id = h.outlet union all"
           " select k.id, d.hops, s.name, null from k join documents d on d.id = k.document join entities s on s.id = k.speaker"],
    "Q5": [f"select p.text from (select c.proposition {FROM}{PLACE}group by 1 having max(c.negated) = 1 and min(c.negated) = 0) g"
           " join propositions p on p.id = g.proposition"],
    "Q5n": ["select p.text, g.n - g.m, g.m from (select c.proposition, count(*) n, sum(c.negated) m"
            f" {FROM}{PLACE}group by 1) g join propositions p on p.id = g.proposition where g.m > 0 and g.m < g.n"],
    "Q5c": ["select p.text, q.text, g.n, g.m from (select t.proposition, k.other,"
            " (select count(*) from claims c where c.proposition = t.proposition and c.negated = 0) n,"
            " (select count(*) from claims c where c.proposition = k.other and c.negated = 0) m"
            f" from subjects t join contradictions k on k.proposition = t.proposition {PLACE}) g"
            " join propositions p on p.id = g.proposition join propositions q on q.id = g.other where g.n > 0 and g.m > 0",
            "with k as materialized (select t.proposition, k.other from subjects t join contradictions k on k.proposition = t.proposition"
            f" {PLACE}), n as materialized (select proposition, count(*) n from claims where negated = 0 and proposition in"
            " (select proposition from k union select other from k) group by 1) select p.text, q.text, a.n, b.n from k join n a"
            " on a.proposition = k.proposition join n b on b.proposition = k.other join propositions p on p.id = k.proposition"
            " join propositions q on q.id = k.other"],
    "Q6": [f"select s.name, g.n from (select c.speaker, count(*) n {FROM}{PLACE}and c.hedge is not null group by 1 order by n desc"
           " limit 20) g join entities s on s.id = g.speaker"],
    "Q7": [f"select s.name, e.name, g.n from (select c.speaker, t.entity, count(*) n {FROM}group by 1, 2 order by n desc limit 50) g"
           " join entities s on s.id = g.speaker join entities e on e.id = g.entity"],
    "Q8": ["select p.text, g.negated, g.n from (select c.proposition, c.negated, count(distinct h.outlet) n"
           f" {FROM}join chains h on h.document = c.document {PLACE}group by 1, 2) g join propositions p on p.id = g.proposition"],
    "Q8o": ["select p.text, g.negated, g.m, g.n from (select c.proposition, c.negated, count(distinct d.origin) m,"
            f" count(distinct h.outlet) n {FROM}join documents d on d.id = c.document join chains h on h.document = c.document {PLACE}"
            "group by 1, 2) g join propositions p on p.id = g.proposition"],
    "Q9": [ROW + " and d.published <= $as_of"],
    "Q10": [f"select p.text, g.negated from (select c.proposition, c.negated {FROM}{PLACE}group by 1, 2 having min(case when"
            f" {test} then 1 else 0 end) = 1) g join propositions p on p.id = g.proposition"
            for test in (f"c.document in (select document from chains where outlet = {INNER})",
                         f"exists (select 1 from chains h where h.document = c.document and h.outlet = {INNER})")],
}


class Sql:
    """What both have in common."""

    questions = QUESTIONS

    def ask(self, text, values):
        used = {key: value for key, value in values.items() if f"${key}" in text}
        return self.db.execute(text, used).fetchall()

    def close(self):
        self.db.close()


class SQLite(Sql):
    """Tables whose keys are their rows, and an index for each way in; the widest ones answer without the table."""

    label = "SQLite"
    KEYS = {"chains": "document, hop", "subjects": "entity, proposition", "contradictions": "proposition, other"}
    INDEXES = ["entities(name)", "propositions(text)", "claims(proposition, negated, speaker, hedge, document)", "claims(speaker, said)",
               "chains(outlet, document, hop)", "subjects(proposition, entity)"]

    def __init__(self, path):
        self.db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        self.db.executescript("pragma mmap_size = 30000000000; pragma cache_size = -2000000;")

    @staticmethod
    def version():
        return sqlite3.sqlite_version

    @classmethod
    def load(cls, data, path):
        db = sqlite3.connect(path)
        db.executescript("pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -2000000;")
        for name, columns in TYPES.items():
            key = cls.KEYS.get(name)
            db.execute(f"create table {name} ({columns}" + (f", primary key ({key})) without rowid" if key else ")"))
            marks = ",".join("?" * len(TABLES[name]))
            db.executemany(f"insert into {name} values ({marks})", ([cell or None for cell in row] for row in table(data, name)))
        for at, index in enumerate(cls.INDEXES):
            db.execute(f"create index index_{at} on {index}")
        db.execute("analyze")
        db.commit()
        db.close()


class DuckDB(Sql):
    """Typed columns; indexes for the ways in that find few rows."""

    label = "DuckDB"
    INDEXES = ["entities(name)", "propositions(text)", "propositions(id)", "documents(id)", "entities(id)", "subjects(entity)",
               "claims(proposition)", "claims(speaker)", "chains(document)", "chains(outlet)", "contradictions(proposition)"]

    def __init__(self, path):
        import duckdb
        self.db = duckdb.connect(path, read_only=True)

    @staticmethod
    def version():
        import duckdb
        return duckdb.__version__

    @classmethod
    def load(cls, data, path):
        import duckdb
        db = duckdb.connect(path)
        for name, columns in TYPES.items():
            db.execute(f"create table {name} ({columns.replace(' primary key', '')})")
            db.execute(f"copy {name} from '{os.path.join(data, name)}.csv' (header true)")
        for at, index in enumerate(cls.INDEXES):
            db.execute(f"create index index_{at} on {index}")
        db.execute("checkpoint")
        db.close()
