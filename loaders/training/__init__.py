"""Training of the language model: needed to make the file in `loaders/model`, never to use it."""
