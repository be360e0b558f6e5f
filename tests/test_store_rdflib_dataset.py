"""rdflib's own tools work on a snapshot: the same triples, the same answers, nothing counted twice."""

from rdflib import Graph, Literal, URIRef

from graph.store import QuadStore

A, B, P = (URIRef(f"https://example.org/{x}") for x in "abp")


def test_dataset_has_the_named_graphs_and_the_merged_view() -> None:
    store = QuadStore.in_memory()
    for name in ("one", "two"):
        graph = Graph()
        graph.add((A, P, B))
        graph.add((A, P, Literal(name)))
        store.put_graph(URIRef(f"https://example.org/graph/{name}"), graph)
    dataset = store.dataset()
    assert len(dataset.default_graph) == 3
    # A plain literal comes back with its datatype spelt out, so words are compared and not terms.
    objects = {str(o) for o in dataset.graph(URIRef("https://example.org/graph/two")).objects(A, P)}
    assert objects == {str(B), "two"}
    (row,) = dataset.default_graph.query("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }").bindings
    assert str(next(iter(row.values()))) == "3"
    assert "https://example.org/p" in dataset.default_graph.serialize(format="nt")
