"""Ladybug, Grafeo and Oxigraph: the claims as a graph, and the questions as Cypher and SPARQL. Several texts of one question are tried, and the
fastest counts."""

import csv
import os
import shutil
import warnings

from common import table

# A property graph: claims, documents, propositions and entities are nodes. CHAIN carries the hop, ORIGIN leads to where citations end.
ABOUT = "match (e:Entity {name: $place})<-[:ABOUT]-(p:Proposition)<-[:STATES]-(c:Claim)"
ROW = ABOUT + " match (c)-[:SPOKE]->(s:Entity) match (c)-[:SEEN_IN]->(d:Document)-[:PRINTED]->(o:Entity)"
SHOW = " return c.id, s.name, c.cue, c.negated, p.text, c.said, o.name"
CYPHER = {
    "Q1": [ROW + SHOW],
    "Q2": ["match (s:Entity {name: $speaker})<-[:SPOKE]-(c:Claim)-[:STATES]->(p:Proposition) where c.said >= $from and c.said <= $to"
           " return c.id, c.cue, c.negated, p.text, c.said"],
    "Q3": [ROW + " where exists { match (d)-[k:CHAIN]->(:Entity {name: $outer}), (d)-[l:CHAIN]->(:Entity {name: $inner})"
           " where l.hop = k.hop + 1 }" + SHOW,
           "match (x:Entity {name: $outer})<-[k:CHAIN]-(d:Document)-[l:CHAIN]->(y:Entity {name: $inner}) where l.hop = k.hop + 1"
           " with distinct d match (d)<-[:SEEN_IN]-(c:Claim)-[:STATES]->(p:Proposition)-[:ABOUT]->(e:Entity {name: $place})"
           " match (c)-[:SPOKE]->(s:Entity) match (d)-[:PRINTED]->(o:Entity)" + SHOW,
           ABOUT + " match (c)-[:SEEN_IN]->(d:Document)-[k:CHAIN]->(x:Entity {name: $outer}) match (d)-[l:CHAIN]->(y:Entity {name: $inner})"
           " where l.hop = k.hop + 1 with distinct p, c, d match (c)-[:SPOKE]->(s:Entity) match (d)-[:PRINTED]->(o:Entity)" + SHOW],
    "Q4": ["match (p:Proposition {text: $text})<-[:STATES]-(c:Claim)-[:SEEN_IN]->(d:Document)-[h:CHAIN]->(o:Entity) where c.negated = 0"
           " return c.id as a, h.hop as b, o.name as n, case when h.hop = 0 then d.id else -1 end as u union all"
           " match (p:Proposition {text: $text})<-[:STATES]-(c:Claim)-[:SEEN_IN]->(d:Document) match (c)-[:SPOKE]->(s:Entity)"
           " where c.negated = 0 return c.id as a, d.hops as b, s.name as n, -1 as u"],
    "Q5": [ABOUT + " with p, max(c.negated) as m, min(c.negated) as l where m = 1 and l = 0 return p.text"],
    "Q5n": [ABOUT + " with p, count(*) as n, sum(c.negated) as m where m > 0 and m < n return p.text, n - m, m"],
    "Q5c": ["match (e:Entity {name: $place})<-[:ABOUT]-(p:Proposition)-[:CONTRADICTS]->(q:Proposition) with p, q match (p)<-[:STATES]-(c:Claim)"
            " where c.negated = 0 with p, q, count(*) as n match (q)<-[:STATES]-(u:Claim) where u.negated = 0 with p, q, n, count(*) as m"
            " return p.text, q.text, n, m"],
    "Q6": [ABOUT + " match (c)-[:SPOKE]->(s:Entity) where c.hedge is not null return s.name as w, count(*) as n order by n desc limit 20",
           ABOUT + " where c.hedge is not null with c match (c)-[:SPOKE]->(s:Entity) with s, count(*) as n order by n desc limit 20"
           " return s.name, n"],
    "Q7": ["match (s:Entity)<-[:SPOKE]-(c:Claim)-[:STATES]->(p:Proposition)-[:ABOUT]->(e:Entity) with s.id as a, e.id as b, s.name as sn,"
           " e.name as en, count(*) as n order by n desc limit 50 return sn, en, n",
           "match (s:Entity)<-[:SPOKE]-(c:Claim)-[:STATES]->(p:Proposition)-[:ABOUT]->(e:Entity) with s, e, count(*) as n"
           " order by n desc limit 50 return s.name, e.name, n"],
    "Q8": [ABOUT + " match (c)-[:SEEN_IN]->(d:Document)-[:CHAIN]->(o:Entity) with p, c.negated as m, count(distinct o.id) as n"
           " return p.text, m, n"],
    "Q8o": [ABOUT + " match (c)-[:SEEN_IN]->(d:Document)-[:ORIGIN]->(r:Document) match (d)-[:CHAIN]->(o:Entity) with p, c.negated as m,"
            " count(distinct r.id) as k, count(distinct o.id) as n return p.text, m, k, n"],
    "Q9": [ROW + " where d.published <= $as_of" + SHOW],
    "Q10": [ABOUT + " match (c)-[:SEEN_IN]->(d:Document) optional match (d)-[:CHAIN]->(b:Entity {name: $inner}) with p, c,"
            " max(case when b.id is null then 0 else 1 end) as hit with p, c.negated as m, min(hit) as every where every = 1"
            " return p.text, m"],
}


class Ladybug:
    """Only primary keys are indexed: entities are keyed by name and propositions by text, claims and documents by number."""

    label = "Ladybug"
    # Of the second text it loses rows, and in the third it crosses both ends.
    questions = CYPHER | {"Q3": CYPHER["Q3"][:1]}
    NODES = {
        "Entity": "name string, id int64, kind string, primary key (name)",
        "Alias": "alias string, primary key (alias)",
        "Proposition": "text string, id int64, primary key (text)",
        "Document": "id int64, published string, hops int64, primary key (id)",
        "Claim": "id int64, cue string, negated int64, hedge string, said string, primary key (id)",
    }
    EDGES = {
        "ALSO": "from Alias to Entity, many_one", "SPOKE": "from Claim to Entity, many_one", "STATES": "from Claim to Proposition, many_one",
        "SEEN_IN": "from Claim to Document, many_one", "TO_WHOM": "from Claim to Entity, many_one", "ABOUT": "from Proposition to Entity",
        "CONTRADICTS": "from Proposition to Proposition", "PRINTED": "from Document to Entity, many_one",
        "CITES": "from Document to Document, many_one", "CHAIN": "from Document to Entity, hop int64",
        "ORIGIN": "from Document to Document, many_one",
    }

    def __init__(self, path, writes=False):
        import ladybug
        warnings.simplefilter("ignore")
        self.db = ladybug.Database(path, read_only=not writes)
        self.connection, self.prepared = ladybug.Connection(self.db), {}

    @staticmethod
    def version():
        import ladybug
        return ladybug.__version__

    @classmethod
    def prepare(cls, data, path):
        """Its own CSV files, with keys in place of numbers. Not timed."""
        folder = f"{path}.csv"
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)
        name = {number: one for number, one, _ in table(data, "entities")}
        text = {number: one for number, one in table(data, "propositions")}
        claims = lambda: table(data, "claims")
        documents = lambda: table(data, "documents")
        rows = {
            "Entity": ((one, number, kind) for number, one, kind in table(data, "entities")),
            "Alias": ((alias,) for _, alias in table(data, "aliases")),
            "Proposition": ((one, number) for number, one in table(data, "propositions")),
            "Document": ((row[0], row[2], row[5]) for row in documents()),
            "Claim": ((claim, cue, negated, hedge, said) for claim, _, cue, negated, hedge, _, _, said, _ in claims()),
            "ALSO": ((alias, name[entity]) for entity, alias in table(data, "aliases")),
            "SPOKE": ((row[0], name[row[1]]) for row in claims()),
            "STATES": ((row[0], text[row[5]]) for row in claims()),
            "SEEN_IN": ((row[0], row[8]) for row in claims()),
            "TO_WHOM": ((row[0], name[row[6]]) for row in claims() if row[6]),
            "ABOUT": ((text[one], name[entity]) for one, entity in table(data, "subjects")),
            "CONTRADICTS": ((text[one], text[other]) for one, other in table(data, "contradictions")),
            "PRINTED": ((row[0], name[row[1]]) for row in documents()),
            "CITES": ((row[0], row[3]) for row in documents() if row[3]),
            "CHAIN": ((document, name[outlet], hop) for document, hop, outlet in table(data, "chains")),
            "ORIGIN": ((row[0], row[4]) for row in documents()),
        }
        for one, lines in rows.items():
            with open(os.path.join(folder, f"{one}.csv"), "w", encoding="utf-8", newline="") as file:
                csv.writer(file, lineterminator="\n").writerows(lines)

    @classmethod
    def load(cls, data, path):
        graph = cls(path, writes=True)
        for one, columns in cls.NODES.items():
            graph.connection.execute(f"create node table {one} ({columns})")
        for one, columns in cls.EDGES.items():
            graph.connection.execute(f"create rel table {one} ({columns})")
        for one in [*cls.NODES, *cls.EDGES]:
            graph.connection.execute(f"copy {one} from '{path}.csv/{one}.csv' (header=false)")
        graph.connection.execute("checkpoint")
        graph.close()

    def ask(self, text, values):
        prepared = self.prepared.get(text)
        if prepared is None:
            prepared = self.prepared[text] = self.connection.prepare(text)
        return self.connection.execute(prepared, {key: value for key, value in values.items() if f"${key}" in text}).get_all()

    def close(self):
        self.connection.close()
        self.db.close()


class Grafeo:
    """The same graph; indexes on names and texts."""

    label = "Grafeo"
    questions = CYPHER

    def __init__(self, path):
        import grafeo
        self.db = grafeo.GrafeoDB.open_read_only(path)

    @staticmethod
    def version():
        import importlib.metadata
        return importlib.metadata.version("grafeo")

    @classmethod
    def load(cls, data, path):
        import grafeo
        made = f"{path}.grafeo"
        db = grafeo.GrafeoDB(made)
        for one in ("name", "text"):
            db.create_property_index(one)

        def nodes(label, rows, step=100_000):
            rows, numbers = list(rows), []
            for at in range(0, len(rows), step):
                numbers += db.batch_create_nodes_with_props(label, rows[at:at + step])
            return [getattr(one, "id", one) for one in numbers]

        def edges(rows, step=200_000):
            rows = list(rows)
            for at in range(0, len(rows), step):
                db.batch_create_edges(rows[at:at + step])

        entity = nodes("Entity", ({"id": int(number), "name": one, "kind": kind} for number, one, kind in table(data, "entities")))
        text = nodes("Proposition", ({"id": int(number), "text": one} for number, one in table(data, "propositions")))
        aliases = list(table(data, "aliases"))
        edges((one, entity[int(of)], "ALSO")
              for one, (of, _) in zip(nodes("Alias", ({"alias": alias} for _, alias in aliases)), aliases))
        rows = list(table(data, "documents"))
        document = nodes("Document", ({"id": int(row[0]), "published": row[2], "hops": int(row[5])} for row in rows))
        edges((one, entity[int(row[1])], "PRINTED") for one, row in zip(document, rows))
        edges((one, document[int(row[3])], "CITES") for one, row in zip(document, rows) if row[3])
        edges((one, document[int(row[4])], "ORIGIN") for one, row in zip(document, rows))
        edges((document[int(of)], entity[int(outlet)], "CHAIN", {"hop": int(hop)}) for of, hop, outlet in table(data, "chains"))
        edges((text[int(of)], entity[int(one)], "ABOUT") for of, one in table(data, "subjects"))
        edges((text[int(one)], text[int(other)], "CONTRADICTS") for one, other in table(data, "contradictions"))
        rows = list(table(data, "claims"))
        claim = nodes("Claim", ({"id": int(row[0]), "cue": row[2], "negated": int(row[3]), "said": row[7],
                                 **({"hedge": row[4]} if row[4] else {})} for row in rows))
        edges((one, entity[int(row[1])], "SPOKE") for one, row in zip(claim, rows))
        edges((one, text[int(row[5])], "STATES") for one, row in zip(claim, rows))
        edges((one, document[int(row[8])], "SEEN_IN") for one, row in zip(claim, rows))
        edges((one, entity[int(row[6])], "TO_WHOM") for one, row in zip(claim, rows) if row[6])
        db.compact()
        db.close()
        os.replace(made, path)

    def ask(self, text, values):
        found = self.db.execute_cypher(text, {key: value for key, value in values.items() if f"${key}" in text})
        return [tuple(row.values()) for row in found.to_list()]

    def close(self):
        self.db.close()


N = "https://example.org/"
XSD = "http://www.w3.org/2001/XMLSchema#"
OF = "?e :name $place . ?p :about ?e . ?c :states ?p . "
PARTS = ("?c :id ?k ; :speaker ?s ; :cue ?cue ; :negated ?m ; :said ?said ; :document ?d . ?s :name ?sn . ?p :text ?t . ?d :hop0 ?o ."
         " ?o :name ?on . ")
SELECT = "select ?k ?sn ?cue ?m ?t ?said ?on where { "
TEXT = "?p :text $text . ?c :states ?p ; :negated 0 ; :id ?k ; :document ?d ."
PASSED = " union ".join(f"{{ ?d :hop{at} ?x ; :hop{at + 1} ?y }}" for at in range(3))
SPARQL = {
    "Q1": [SELECT + OF + PARTS + "}"],
    "Q2": ["select ?k ?cue ?m ?t ?said where { ?s :name $speaker . ?c :speaker ?s ; :said ?said ; :id ?k ; :cue ?cue ; :negated ?m ;"
           " :states ?p . ?p :text ?t . filter(?said >= $from && ?said <= $to) }"],
    "Q3": [SELECT + OF + PARTS + f"filter exists {{ ?x :name $outer . ?y :name $inner . {PASSED} }} }}",
           SELECT + f"{{ select distinct ?d where {{ ?x :name $outer . ?y :name $inner . {PASSED} }} }} " + OF + PARTS + "}"],
    "Q4": ["select ?k ?h ?n ?u where { "
           + " union ".join(f"{{ {TEXT} ?d :hop{at} ?o ; :number ?number . ?o :name ?n bind({at} as ?h)"
                            f" bind({'?number' if at == 0 else -1} as ?u) }}" for at in range(4))
           + f" union {{ {TEXT} ?d :hops ?h . ?c :speaker ?o . ?o :name ?n bind(-1 as ?u) }} }}"],
    "Q5": ["select ?t where { { select ?p where { " + OF + "?c :negated ?m } group by ?p having (max(?m) = 1 && min(?m) = 0) } ?p :text ?t }"],
    "Q5n": ["select ?t ?l ?h where { { select ?p (count(*) - sum(?m) as ?l) (sum(?m) as ?h) where { " + OF + "?c :negated ?m } group by ?p"
            " having (sum(?m) > 0 && sum(?m) < count(*)) } ?p :text ?t }"],
    "Q5c": ["select ?t ?u ?l ?h where { { select ?p ?q (count(?c) as ?l) where { ?e :name $place . ?p :about ?e ; :contradicts ?q ."
            " ?c :states ?p ; :negated 0 } group by ?p ?q } { select ?p ?q (count(?c) as ?h) where { ?e :name $place . ?p :about ?e ;"
            " :contradicts ?q . ?c :states ?q ; :negated 0 } group by ?p ?q } ?p :text ?t . ?q :text ?u }"],
    "Q6": ["select ?n ?w where { { select ?s (count(*) as ?w) where { " + OF + "?c :hedge ?h ; :speaker ?s } group by ?s order by desc(?w)"
           " limit 20 } ?s :name ?n }"],
    "Q7": ["select ?sn ?en ?w where { { select ?s ?e (count(*) as ?w) where { ?c :states ?p ; :speaker ?s . ?p :about ?e } group by ?s ?e"
           " order by desc(?w) limit 50 } ?s :name ?sn . ?e :name ?en }"],
    "Q8": ["select ?t ?m ?n where { { select ?p ?m (count(distinct ?o) as ?n) where { " + OF + "?c :negated ?m ; :document ?d . ?d :chain ?o }"
           " group by ?p ?m } ?p :text ?t }"],
    "Q8o": ["select ?t ?m ?l ?n where { { select ?p ?m (count(distinct ?r) as ?l) (count(distinct ?o) as ?n) where { " + OF
            + "?c :negated ?m ; :document ?d . ?d :origin ?r ; :chain ?o } group by ?p ?m } ?p :text ?t }"],
    "Q9": [SELECT + OF + PARTS + "?d :published ?day . filter(?day <= $as_of) }"],
    "Q10": ["select distinct ?t ?m where { " + OF + "?c :negated ?m . ?p :text ?t . minus { " + OF.replace("?c", "?i")
            + "?i :negated ?m ; :document ?d ."
            " minus { ?d :chain ?b . ?b :name $inner } } }",
            "select ?t ?m where { { select ?p ?m where { " + OF + "?c :negated ?m ; :document ?d . optional { ?b :name $inner . ?d :chain ?b }"
            " } group by ?p ?m having (count(?c) = count(?b)) } ?p :text ?t }"],
}


class Oxigraph:
    """RDF: hop0 to hop3 carry the outlets of a document's chain by their places, chain carries all of them."""

    label = "Oxigraph"
    questions = SPARQL

    def __init__(self, path):
        import pyoxigraph
        self.store, self.texts = pyoxigraph.Store.read_only(path), {}

    @staticmethod
    def version():
        import importlib.metadata
        return importlib.metadata.version("pyoxigraph")

    @classmethod
    def prepare(cls, data, path):
        """The triples, a line each. Not timed."""
        number = lambda one: f'"{one}"^^<{XSD}integer>'
        day = lambda one: f'"{one}"^^<{XSD}date>'
        with open(f"{path}.nt", "w", encoding="utf-8") as file:
            def tell(kind, of, /, **facts):
                file.writelines(f"<{N}{kind}{of}> <{N}{key}> {value} .\n" for key, value in facts.items() if value)

            def node(kind, of):
                return of and f"<{N}{kind}{of}>"

            for entity, name, kind in table(data, "entities"):
                tell("e", entity, name=f'"{name}"', kind=f'"{kind}"')
            for entity, alias in table(data, "aliases"):
                tell("e", entity, alias=f'"{alias}"')
            for one, text in table(data, "propositions"):
                tell("p", one, text=f'"{text}"')
            for one, entity in table(data, "subjects"):
                tell("p", one, about=node("e", entity))
            for one, other in table(data, "contradictions"):
                tell("p", one, contradicts=node("p", other))
            for one, _, published, cites, origin, hops in table(data, "documents"):
                tell("d", one, number=number(one), published=day(published), cites=node("d", cites), origin=node("d", origin),
                     hops=number(hops))
            for one, hop, outlet in table(data, "chains"):
                tell("d", one, **{f"hop{hop}": node("e", outlet), "chain": node("e", outlet)})
            for one, speaker, cue, negated, hedge, text, listener, said, document in table(data, "claims"):
                tell("c", one, id=number(one), speaker=node("e", speaker), cue=f'"{cue}"', negated=number(negated),
                     hedge=hedge and f'"{hedge}"', states=node("p", text), to=node("e", listener), said=day(said),
                     document=node("d", document))

    @classmethod
    def load(cls, data, path):
        import pyoxigraph
        store = pyoxigraph.Store(path)
        store.bulk_load(path=f"{path}.nt", format=pyoxigraph.RdfFormat.N_TRIPLES, lenient=True)
        store.optimize()
        store.flush()

    def ask(self, text, values):
        made = text
        for key, value in sorted(values.items(), reverse=True):
            written = f'"{value}"^^xsd:date' if key in ("from", "to", "as_of") else f'"{value}"'
            made = made.replace(f"${key}", written)
        found = self.store.query(f"prefix : <{N}> prefix xsd: <{XSD}> {made}")
        return [tuple(None if cell is None else cell.value for cell in row) for row in found]

    def close(self):
        pass
