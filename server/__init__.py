"""The web face: SPARQL protocol, pages and data of one resource, dumps, health."""
