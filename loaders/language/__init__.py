"""The language model: words, sentences, a parse and hints of attribution, on a spaCy Doc."""
