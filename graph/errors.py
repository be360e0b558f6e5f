"""What can go wrong, as one tree, so that every caller can catch at the height it needs.

HearsayError
├── UsageError              the command, setting or parameter makes no sense
├── ArticleError            one article can't be loaded; the others can
│   ├── UnreadableArticle   not text, not English, not UTF-8, empty, too large, not permitted
│   └── DuplicateArticle    the same text is loaded under another name
├── ManifestError           a row or column of the list of articles is wrong
├── BackgroundError         a file that adds to the background data is wrong
├── SpanError               text[start:end] is not the words it should be
├── StoreError              the data folder or a snapshot can't be used
│   ├── NoSnapshot          nothing has been loaded yet
│   └── StoreBusy           another load holds the writer's lock
├── UnknownResource         no such statement, article, agent or place
└── QueryError              a query that can't be answered
    ├── QuerySyntaxError    malformed; says where
    ├── QueryRefused        SERVICE, LOAD, an update, too deep or too many patterns
    ├── WriteRefused        a write to what is not for writing
    ├── WriteFailed         a write that does not fit what there is: a graph is missing, or there already
    ├── WriteOutdated       somebody else has written in between
    ├── QueryTimeout        past the limit
    └── QueryTooLarge       past the memory or the size limit
"""


class HearsayError(Exception):
    """Be the root of every error that Hearsay raises on purpose; the message says what, where and what to do."""


class UsageError(HearsayError):
    """Say that a command, setting or parameter makes no sense."""


class ArticleError(HearsayError):
    """Say that one article can't be loaded."""


class UnreadableArticle(ArticleError):
    """Say that a file holds no English text that can be read exactly."""


class BackgroundError(HearsayError):
    """Say that a file that adds to the background data is wrong."""


class SpanError(HearsayError):
    """Say that a passage is not where it should be."""


class StoreError(HearsayError):
    """Say that the data folder or a snapshot can't be used."""


class NoSnapshot(StoreError):
    """Say that nothing has been loaded yet."""


class StoreBusy(StoreError):
    """Say that another load holds the writer's lock."""


class UnknownResource(HearsayError):
    """Say that the graph has no such resource."""


class QueryError(HearsayError):
    """Say that a query can't be answered."""


class QuerySyntaxError(QueryError):
    """Say that a query is malformed, with line and column where known."""


class QueryRefused(QueryError):
    """Say that a query asks for what the endpoint does not do."""


class WriteRefused(QueryError):
    """Say that a write would change what is not for writing."""


class WriteFailed(QueryError):
    """Say that a write does not fit what there is."""


class WriteOutdated(QueryError):
    """Say that what a write goes by is no longer what is served."""


class QueryTimeout(QueryError):
    """Say that a query ran past its limit and was ended."""


class QueryTooLarge(QueryError):
    """Say that a query or its answer is past a size limit."""
