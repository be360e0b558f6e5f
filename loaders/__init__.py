"""From a file of news to attributed statements: readers, the text layer, the reading, resolution, to RDF."""
