"""Who said what, how, in which words: from quotation marks, the parse and the word lists."""
