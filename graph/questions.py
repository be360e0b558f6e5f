"""The stored questions: each a file of SPARQL under `ontology/questions`, with its words and parameters at its head.

    #+ words: who denied entering {place}
    #+ variants:
    #+   - who denies having entered {place}
    #+ parameters:
    #+   - name: place
    #+     type: place
    #+     default: syria
    #+     shown: Syria
    SELECT ?who ?place WHERE { … }

A parameter is a variable of the query. It gets its value by a VALUES block that is set, as tokens and in the
engine's own writing, into the outermost group; text is never glued into a query.

A question in words is matched word by word, never guessed: one that differs in a word is another question. Where
the stored words have a parameter, the asked ones name a thing that the background data knows.
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from rdflib import Literal, URIRef

from graph.converters import Term, from_ox, to_ox
from graph.errors import StoreError, UnknownResource, UsageError
from graph.headers import Header, read_header
from graph.iris import KINDS, Iris
from graph.query import select
from graph.resources import ONTOLOGY
from graph.sources import read_query, read_triples
from graph.store import QuadStore
from graph.terms import RDFS, SKOS, XSD
from graph.tokens import scan

QUESTIONS = ONTOLOGY / "questions"

# Articles and helping verbs only: to drop "not", "by" or "against" would turn a question round.
_WITHOUT_MEANING = frozenset(
    {"a", "an", "the", "do", "does", "did", "has", "have", "had", "is", "are", "was", "were"}
)

_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_TYPES = KINDS | {"text", "date", "integer"}


@dataclass(frozen=True, slots=True)
class Parameter:
    """Hold a value that a question is asked with: a key of a thing, a day, a number or words, as `type` says."""

    name: str
    type: str
    default: str
    shown: str
    description: str


@dataclass(frozen=True, slots=True)
class Question:
    """Hold one stored question with the values that it has now; `query` runs as it stands.

    `name` is the name of its file. `words` and `variants` have the values in them, `patterns` the placeholders.
    """

    name: str
    title: str
    words: str
    variants: tuple[str, ...]
    description: str
    parameters: Mapping[str, Parameter]
    query: str
    patterns: tuple[str, ...]
    template: str

    def with_values(self, iris: Iris, **values: str) -> Question:
        """Give the question with other values: keys of things, IRIs, days or words. Raises UsageError."""
        parameters = dict(self.parameters)
        for name, value in values.items():
            if name not in parameters:
                known = ", ".join(parameters) or "none"
                raise UsageError(f"the question {self.name} has no parameter {name!r}; it has {known}")
            if value != parameters[name].default:
                parameters[name] = replace(parameters[name], default=value, shown=value)
        return _fill(replace(self, parameters=parameters), iris)


def read_all(iris: Iris | None = None, *, folder: Path = QUESTIONS) -> tuple[Question, ...]:
    """Read the stored questions in the order of their names. Raises StoreError, naming the wrong file."""
    return _read_folder(folder, (iris or Iris()).base, _stamp(folder, "*.rq"))


def get(name: str, iris: Iris | None = None, *, folder: Path = QUESTIONS) -> Question:
    """Give a stored question by its name. Raises UnknownResource."""
    for question in read_all(iris, folder=folder):
        if question.name == name:
            return question
    raise UnknownResource(f"there is no stored question {name!r}")


def find(
    words: str, iris: Iris | None = None, *, folder: Path = QUESTIONS, added: Path | None = None
) -> Question:
    """Give the stored question that these words ask, with the values that they name.

    `added` is a folder with more background data than that which lies beside the questions.
    Case, punctuation, articles and helping verbs don't count; every other word does, and its place. Raises
    UnknownResource for words that no stored question has, naming the nearest, and for names that nobody knows.
    """
    iris = iris or Iris()
    stored = read_all(iris, folder=folder)
    asked = " ".join(_meaning(words))
    matches = [
        (sum(map(len, _meaning(_PLACEHOLDER.sub(" ", pattern)))), question, found.groupdict())
        for question in stored
        for pattern in question.patterns
        if (found := _compile(pattern).fullmatch(asked)) is not None
    ]
    if not matches:
        raise UnknownResource(f"no stored question asks {words!r}; {_name_nearest(words, stored)}")
    # The more of the words are the question's own, the less is taken for a name.
    matches.sort(key=lambda match: -match[0])
    names: dict[tuple[str, tuple[str, ...]], str] = {}
    for known in (folder.parent / "background", *([added] if added else [])):
        names = {**_read_names(known, iris.base, _stamp(known, "*.ttl")), **names}
    unknown = []
    for _, question, captured in matches:
        values = {name: _resolve(question.parameters[name], said, names) for name, said in captured.items()}
        if None not in values.values():
            return question.with_values(iris, **{name: str(value) for name, value in values.items()})
        unknown += [
            f"{question.parameters[name].type} {captured[name]!r}" for name in values if values[name] is None
        ]
    raise UnknownResource(
        f"the background data knows no {' or '.join(dict.fromkeys(unknown))}; try another name"
    )


def ask(
    store: QuadStore, question: Question, iris: Iris | None = None, **values: str
) -> list[dict[str, Term]]:
    """Answer a stored question, with other values than its own where given. Raises UsageError."""
    return select(store, question.with_values(iris or Iris(), **values).query)


# What files were like when they were read: a server asks many times for each time that one changes.
Stamp = tuple[tuple[str, int, int], ...]


def _stamp(folder: Path, pattern: str) -> Stamp:
    return tuple(
        (path.name, path.stat().st_mtime_ns, path.stat().st_size) for path in sorted(folder.glob(pattern))
    )


@lru_cache(maxsize=4)
def _read_folder(folder: Path, base: str, stamp: Stamp) -> tuple[Question, ...]:
    return tuple(_read(folder / name, Iris(base)) for name, _, _ in stamp)


def _read(path: Path, iris: Iris) -> Question:
    try:
        header = read_header(read_query(path, iris))
        parameters = {one["name"]: _to_parameter(one) for one in header.entries.get("parameters", [])}
        question = _to_question(path.stem, header, parameters)
        for name in _placeholders(question):
            if name not in parameters:
                raise StoreError(f"its words have {{{name}}}, which is no parameter")
        return _fill(question, iris)
    except KeyError as error:
        raise StoreError(f"{path.name}: its head lacks {error}; see another question for the form") from error
    except (StoreError, UsageError) as error:
        raise StoreError(f"{path.name}: {error}") from error


def _to_question(name: str, header: Header, parameters: Mapping[str, Parameter]) -> Question:
    words = header.values["words"]
    return Question(
        name=name,
        title=header.values.get("title", words),
        words=words,
        variants=(),
        description=header.values.get("description", ""),
        parameters=parameters,
        query="",
        patterns=(words, *header.lists.get("variants", [])),
        template=header.body,
    )


def _to_parameter(entry: Mapping[str, str]) -> Parameter:
    if entry["type"] not in _TYPES:
        raise StoreError(
            f"no parameter can have the type {entry['type']!r}; there are {', '.join(sorted(_TYPES))}"
        )
    return Parameter(
        name=entry["name"],
        type=entry["type"],
        default=entry["default"],
        shown=entry.get("shown", entry["default"]),
        description=entry.get("description", ""),
    )


def _placeholders(question: Question) -> Iterator[str]:
    for pattern in question.patterns:
        yield from _PLACEHOLDER.findall(pattern)


def _fill(question: Question, iris: Iris) -> Question:
    """Put the values of the parameters into the words and the query."""
    parameters = question.parameters
    words, *variants = (
        _PLACEHOLDER.sub(lambda found: parameters[found[1]].shown, pattern) for pattern in question.patterns
    )
    values = "".join(
        f" VALUES ?{parameter.name} {{ {to_ox(_to_term(iris, parameter))} }}"
        for parameter in parameters.values()
    )
    at = _start_of_pattern(question.template)
    query = f"{question.template[:at]}{values}{question.template[at:]}"
    return replace(question, words=words, variants=tuple(variants), query=query)


def _start_of_pattern(query: str) -> int:
    """Give the offset after the bracket that opens the outermost group."""
    for token in scan(query):
        if token.text == "{":
            return token.at + 1
    raise StoreError("the query has no pattern")


def _to_term(iris: Iris, parameter: Parameter) -> Term:
    value = parameter.default
    if parameter.type == "text":
        return Literal(value)
    if parameter.type == "date":
        return Literal(_to_day(value), datatype=XSD.date)
    if parameter.type == "integer":
        if not re.fullmatch(r"-?\d{1,15}", value):
            raise UsageError(f"{value!r} is no whole number, which {parameter.name} asks for")
        return Literal(int(value))
    term = URIRef(value) if value.startswith(("http://", "https://")) else iris.of(parameter.type, value)
    try:
        return from_ox(to_ox(term))
    except StoreError as error:
        raise UsageError(f"{value!r} is no value for {parameter.name}: {error}") from error


def _to_day(value: str) -> dt.date:
    for form in ("%Y-%m-%d", "%d %B %Y"):
        try:
            return dt.datetime.strptime(value, form).date()  # a day of the calendar has no zone
        except ValueError:
            continue
    raise UsageError(f"{value!r} is no day; write it as 2017-11-08")


Names = Mapping[tuple[str, tuple[str, ...]], str]


@lru_cache(maxsize=4)
def _read_names(folder: Path, base: str, stamp: Stamp) -> Names:
    """Map what the background data calls things, by kind and words, to their keys; the first key where two share."""
    start = f"{base}id/"
    found: dict[tuple[str, tuple[str, ...]], str] = {}
    for triple in sorted(read_triples(folder, Iris(base)), key=str):
        subject, thing = from_ox(triple.subject), from_ox(triple.object)
        if not subject.startswith(start):
            continue
        kind, _, key = subject.removeprefix(start).partition("/")
        found.setdefault((kind, _meaning(key.replace("-", " "))), key)
        if URIRef(triple.predicate.value) in (RDFS.label, SKOS.altLabel):
            found.setdefault((kind, _meaning(str(thing))), key)
    return found


def _resolve(parameter: Parameter, said: str, names: Names) -> str | None:
    """Give the value that a name in a question stands for, or None."""
    words = tuple(said.split())
    if words == _meaning(parameter.shown):
        return parameter.default
    if parameter.type == "date":
        try:
            return _to_day(said).isoformat()
        except UsageError:
            return None
    if parameter.type in KINDS:
        return names.get((parameter.type, words)) or names.get(
            (parameter.type, _meaning(said.replace("-", " ")))
        )
    return said


def _meaning(words: str) -> tuple[str, ...]:
    found = re.findall(r"[\w-]+", words.casefold().replace("’", "'").replace("'s", "").replace("'", ""))
    return tuple(word for word in found if word not in _WITHOUT_MEANING)


def _compile(pattern: str) -> re.Pattern[str]:
    """Make a pattern over meaning words; a parameter stands for one word or more."""
    parts = []
    for i, part in enumerate(_PLACEHOLDER.split(pattern)):
        if i % 2:
            parts.append(rf"(?P<{part}>\S+(?: \S+){{0,9}})")
        else:
            parts += [re.escape(word) for word in _meaning(part)]
    return re.compile(" ".join(parts))


def _name_nearest(words: str, stored: tuple[Question, ...]) -> str:
    known = {known.casefold(): known for question in stored for known in (question.words, *question.variants)}
    nearest = difflib.get_close_matches(words.casefold()[:500], known, n=3, cutoff=0.3)
    if not nearest:
        return "ask one of the stored ones, or ask by SPARQL"
    return "the nearest are: " + "; ".join(known[one] for one in nearest)
