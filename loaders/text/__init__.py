"""Files to articles: formats, encodings, what the page says of itself, which stretches of it are the report."""
