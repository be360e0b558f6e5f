"""Names of the vocabularies in use, written once."""

from rdflib import Namespace
from rdflib.namespace import DCTERMS, OWL, PROV, RDF, RDFS, SKOS, XSD

HS = Namespace("https://w3id.org/hearsay/ontology#")
SCHEMA = Namespace("https://schema.org/")
GEO = Namespace("http://www.opengis.net/ont/geosparql#")
WGS = Namespace("http://www.w3.org/2003/01/geo/wgs84_pos#")
SKOSXL = Namespace("http://www.w3.org/2008/05/skos-xl#")

DEFAULT_BASE = "https://w3id.org/hearsay/"

PREFIXES: dict[str, str] = {
    "hs": str(HS),
    "rdf": str(RDF),
    "rdfs": str(RDFS),
    "owl": str(OWL),
    "xsd": str(XSD),
    "skos": str(SKOS),
    "skosxl": str(SKOSXL),
    "dcterms": str(DCTERMS),
    "prov": str(PROV),
    "schema": str(SCHEMA),
    "geo": str(GEO),
    "wgs": str(WGS),
}

__all__ = [
    "DCTERMS", "DEFAULT_BASE", "GEO", "HS", "OWL", "PREFIXES", "PROV", "RDF", "RDFS", "SCHEMA", "SKOS", "SKOSXL",
    "WGS", "XSD",
]  # fmt: skip
