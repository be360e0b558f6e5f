"""The W3C's SPARQL 1.1 suites run over HTTP against a server: what is sent is what any client would send.

`python -m tests.w3c_runner [--earl FILE]` starts a server of its own, prints the figures and every miss, and writes the
report that the W3C collects (EARL). What misses and why is told in tests/data/w3c_known_misses.csv.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from urllib.parse import quote

import httpx
import pyoxigraph as ox
from rdflib import BNode, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DOAP, RDF

from server.settings import Settings
from tests.fast_folder import fast_folder
from tests.server_sample import serving
from tests.w3c_manifests import SUITES, Case, Data, Exchange, path_of, read_cases
from tests.w3c_results import (
    JSON,
    RESULTS,
    Miss,
    compare_graphs,
    compare_results,
    parse,
    parse_results,
    read_csv,
    read_data,
    read_file,
    read_graph,
    read_results,
)

KNOWN = Path(__file__).parent / "data" / "w3c_known_misses.csv"
TOKEN = "of-the-conformance-run"
SD = "http://www.w3.org/ns/sparql-service-description#"
EARL = Namespace("http://www.w3.org/ns/earl#")

_EVERYTHING = "SELECT ?g ?s ?p ?o { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
_FORMATS = MappingProxyType(
    {
        "boolean": ("application/sparql-results+xml", JSON),
        "tabular": (*RESULTS, "text/csv"),
        "RDF": ("application/rdf+xml", "text/turtle", "application/n-triples"),
    }
)
_STATUSES = MappingProxyType({"OK": 200, "Created": 201, "NoContent": 204, "NotFound": 404})


class Runner:
    """Run tests against one server. `client` sends the token with each request."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client
        self._held: Data | None = None

    def run(self, case: Case) -> str | None:
        """Run one test; give None, or how its answer differs."""
        try:
            _TESTS[case.kind](self, case)
        except Miss as miss:
            return str(miss)
        return None

    def evaluate_query(self, case: Case) -> None:
        """Load the data, ask the query, compare the answer."""
        assert case.action is not None
        assert case.result is not None
        self._load(case.data)
        expected = path_of(case.result)
        tsv = expected.suffix == ".tsv"
        accept = "text/tab-separated-values" if tsv else f"{JSON}, application/n-triples;q=0.9"
        reply = self._ask(_with_base(case.action), accept)
        if reply.status_code != 200:
            raise Miss(f"{reply.status_code}: {reply.text[:200]}")
        if reply.headers["content-type"].startswith("application/n-triples"):
            compare_graphs(read_graph(expected), parse(reply.content, ox.RdfFormat.N_TRIPLES))
        else:
            # A graph of solutions says nothing of their order.
            ordered = b"order by" in path_of(case.action).read_bytes().lower() and expected.suffix != ".ttl"
            compare_results(read_results(expected), parse_results(reply), in_order=ordered)

    def compare_csv(self, case: Case) -> None:
        """Compare an answer in CSV with what is expected, cell by cell; blank nodes may have other names."""
        assert case.action is not None
        assert case.result is not None
        self._load(case.data)
        reply = self._ask(_with_base(case.action), "text/csv")
        expected = path_of(case.result).read_bytes().decode()
        found, wanted = (read_csv(text) for text in (reply.text, expected))
        if found != wanted:
            raise Miss(f"expected {wanted}, got {found}")

    def evaluate_update(self, case: Case) -> None:
        """Load the data, run the update, compare what there is then."""
        assert case.action is not None
        self._load(case.data)
        self._held = None
        reply = self._update(_with_base(case.action))
        if reply.status_code != 204:
            raise Miss(f"{reply.status_code}: {reply.text[:200]}")
        compare_graphs(read_data(case.after), self._read_all())

    def accept_syntax(self, case: Case) -> None:
        """Send what is well formed. An update that does not fit what there is (409) was understood."""
        reply = self._send_syntax(case)
        if reply.status_code not in ((200,) if _asks(case) else (204, 409)):
            raise Miss(f"{reply.status_code}: {reply.text[:200]}")

    def refuse_syntax(self, case: Case) -> None:
        """Send what is malformed."""
        reply = self._send_syntax(case)
        if reply.status_code != 400:
            raise Miss(f"{reply.status_code} for what is malformed")

    def follow_protocol(self, case: Case) -> None:
        """Send requests as they stand in the manifest, their path put in place of ours."""
        if case.data:
            self._load(case.data)
        self._held = None
        for exchange in case.exchanges:
            reply = self._send(exchange, "/sparql/", "/sparql")
            kind = reply.headers.get("content-type", "").partition(";")[0]
            if exchange.format and kind not in _FORMATS[exchange.format]:
                raise Miss(f"expected {exchange.format}, got {kind}")
            if exchange.boolean is not None and reply.json()["boolean"] is not exchange.boolean:
                raise Miss(f"expected {exchange.boolean}")

    def keep_graphs(self, case: Case) -> None:
        """Send requests of the Graph Store Protocol, the graphs that they name removed before."""
        self._held = None
        for path in dict.fromkeys(one.path for one in case.exchanges):
            if path != "/gsp" and "$" not in path:
                self._client.delete(path.replace("/gsp", "/graphs", 1))
        places: dict[str, str] = {}
        for exchange in case.exchanges:
            reply = self._send(exchange, "/gsp", "/graphs", places)
            if exchange.location:
                places[exchange.location] = quote(reply.headers["location"], safe="")
            for name, value in exchange.expected_headers:
                if reply.headers.get(name, "").lower() != value.lower():
                    raise Miss(f"expected {name}: {value}, got {reply.headers.get(name)}")
            if exchange.expected_body is not None:
                turtle = ox.RdfFormat.TURTLE
                compare_graphs(parse(exchange.expected_body.encode(), turtle), parse(reply.content, turtle))

    def read_description(self, case: Case) -> None:
        """Read the service description; what the three tests ask follows the W3C's own validator."""
        reply = self._client.get("/sparql", headers={"Accept": "text/turtle"})
        if reply.status_code != 200 or not reply.headers["content-type"].startswith("text/turtle"):
            raise Miss(f"{reply.status_code}, {reply.headers.get('content-type')}")
        store = ox.Store()
        store.extend(parse(reply.content, ox.RdfFormat.TURTLE))
        faults = {
            "returns-rdf": "ASK { FILTER NOT EXISTS { ?s ?p ?o } }",
            "has-endpoint-triple": (
                f"ASK {{ FILTER NOT EXISTS {{ ?s <{SD}endpoint> <{self._client.base_url}/sparql> }} }}"
            ),
            "conforms-to-schema": f"""PREFIX sd: <{SD}> ASK {{
                {{ ?any sd:endpoint ?x FILTER(!isIRI(?x)) }} UNION {{ ?any sd:name ?x FILTER(!isIRI(?x)) }}
                UNION {{ {{ ?any sd:namedGraph ?x }} UNION {{ ?x a sd:NamedGraph }}
                         FILTER NOT EXISTS {{ ?x sd:name ?y }} }}
                UNION {{ ?x a sd:Dataset FILTER NOT EXISTS {{ ?x sd:defaultGraph ?y }} }} }}""",
        }
        if store.query(faults[case.name.rpartition("/")[2]]):
            raise Miss("the description lacks what it needs")

    def _send_syntax(self, case: Case) -> httpx.Response:
        assert case.action is not None
        text = path_of(case.action).read_bytes()
        if _asks(case):
            return self._ask(text, "*/*")
        self._held = None
        return self._update(text)

    def _ask(self, query: bytes, accept: str) -> httpx.Response:
        headers = {"Content-Type": "application/sparql-query", "Accept": accept}
        return self._client.post("/sparql", content=query, headers=headers)

    def _update(self, update: bytes) -> httpx.Response:
        headers = {"Content-Type": "application/sparql-update"}
        return self._client.post("/sparql", content=update, headers=headers)

    def _load(self, data: Data) -> None:
        """Put data in the place of all that is there, unless it is what is there already."""
        if data == self._held:
            return
        blocks = []
        for name, file in data:
            triples = ox.serialize(read_file(path_of(file), file), format=ox.RdfFormat.N_TRIPLES)
            assert isinstance(triples, bytes)
            blocks.append(triples.decode() if name is None else f"GRAPH <{name}> {{ {triples.decode()} }}")
        creates = "".join(f"CREATE SILENT GRAPH <{name}> ; " for name, _ in data if name is not None)
        reply = self._update(f"DROP ALL ; {creates}INSERT DATA {{ {' '.join(blocks)} }}".encode())
        assert reply.status_code == 204, reply.text
        self._held = data

    def _read_all(self) -> list[ox.Quad]:
        found = parse_results(self._ask(_EVERYTHING.encode(), JSON))
        assert isinstance(found, ox.QuerySolutions)
        return [ox.Quad(row["s"], row["p"], row["o"], row["g"] or ox.DefaultGraph()) for row in found]

    def _send(
        self, exchange: Exchange, theirs: str, ours: str, places: Mapping[str, str] | None = None
    ) -> httpx.Response:
        path = exchange.path.replace(theirs, ours, 1)
        for variable, place in (places or {}).items():
            path = path.replace(variable, place)
        url = f"{self._client.base_url}{path}"
        reply = self._client.request(exchange.method, url, headers=exchange.headers, content=exchange.body)
        kind = f"StatusCode{reply.status_code // 100}xx"
        if kind not in exchange.statuses and reply.status_code not in map(_STATUSES.get, exchange.statuses):
            raise Miss(f"expected {exchange.statuses}, got {reply.status_code}: {reply.text[:200]}")
        return reply


_TESTS: Mapping[str, Callable[[Runner, Case], None]] = MappingProxyType(
    {
        "QueryEvaluationTest": Runner.evaluate_query,
        "CSVResultFormatTest": Runner.compare_csv,
        "UpdateEvaluationTest": Runner.evaluate_update,
        "PositiveSyntaxTest11": Runner.accept_syntax,
        "PositiveUpdateSyntaxTest11": Runner.accept_syntax,
        "NegativeSyntaxTest11": Runner.refuse_syntax,
        "NegativeUpdateSyntaxTest11": Runner.refuse_syntax,
        "ProtocolTest": Runner.follow_protocol,
        "GraphStoreProtocolTest": Runner.keep_graphs,
        "ServiceDescriptionTest": Runner.read_description,
    }
)


def _asks(case: Case) -> bool:
    return case.suite != "update"


def _with_base(iri: str) -> bytes:
    """Give a query or update with its own address for its base, as the standard has it."""
    return f"BASE <{iri}>\n".encode() + path_of(iri).read_bytes()


def read_known(suite: str) -> dict[str, str]:
    """Give the tests of a suite that are known to miss, with the reason."""
    with KNOWN.open(encoding="utf-8", newline="") as file:
        return {row["test"]: row["reason"] for row in csv.DictReader(file) if row["suite"] == suite}


def run_suite(runner: Runner, suite: str) -> dict[Case, str | None]:
    """Run a suite; map each test to None, or how it missed."""
    return {case: runner.run(case) for case in read_cases(suite)}


@contextmanager
def conformance_server() -> Iterator[httpx.Client]:
    """Serve an empty folder of other data."""
    with fast_folder() as folder:
        settings = Settings(
            data=folder / "data",
            token=TOKEN,
            default_graph="plain",
            query_workers=1,
        )
        with serving(settings) as client:
            client.headers["Authorization"] = f"Bearer {settings.token}"
            yield client


def write_earl(results: Mapping[str, Mapping[Case, str | None]]) -> bytes:
    """Write the results as EARL, as the W3C collects them."""
    graph, project = Graph(), URIRef("https://w3id.org/hearsay/")
    graph.bind("earl", EARL)
    graph.add((project, RDF.type, DOAP.Project))
    graph.add((project, DOAP.name, Literal("Hearsay")))
    for found in results.values():
        for case, miss in found.items():
            one, result = BNode(), BNode()
            graph.add((one, RDF.type, EARL.Assertion))
            graph.add((one, EARL.subject, project))
            graph.add((one, EARL.test, URIRef(case.iri)))
            graph.add((one, EARL.mode, EARL.automatic))
            graph.add((one, EARL.result, result))
            graph.add((result, RDF.type, EARL.TestResult))
            graph.add((result, EARL.outcome, EARL.failed if miss else EARL.passed))
    return graph.serialize(format="turtle", encoding="utf-8")


def main() -> None:
    """Run all suites and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--earl", type=Path, help="write the report to this file")
    chosen = parser.parse_args()
    with conformance_server() as client:
        runner = Runner(client)
        results = {suite: run_suite(runner, suite) for suite in SUITES}
    for suite, found in results.items():
        missed = {case.name: told for case, told in found.items() if told}
        sys.stdout.write(f"{suite}: {len(found) - len(missed)} / {len(found)}\n")
        sys.stdout.writelines(f"  {name}: {told}\n" for name, told in missed.items())
    if chosen.earl:
        chosen.earl.write_bytes(write_earl(results))


if __name__ == "__main__":
    main()
