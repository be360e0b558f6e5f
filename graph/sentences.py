"""Statements and situations as plain sentences, put together from their parts and the ontology's labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from graph.records import Content, Link, PlaceLink, Quantity, Time

# How a role is joined to the name of the situation: "entry by A in B", "support by A for B".
_JOINTS = {
    "actor": "by", "supporter": "by", "ally": "of", "helper": "with the help of", "target": "against",
    "supported": "for",
}  # fmt: skip


def tell_situation(
    *,
    type_label: str,
    roles: Mapping[str, Sequence[Link]],
    places: Sequence[PlaceLink],
    from_places: Sequence[PlaceLink],
    time: Time,
    quantity: Quantity | None,
    wording: Sequence[str],
) -> str:
    """Write a situation as a noun phrase: entry by Popular Mobilization Forces in Syria, 2017-11-08."""
    if wording and not any(roles.values()):
        return f"“{wording[0]}”"
    parts = [type_label]
    if quantity is not None:
        parts = [quantity.measures or type_label, *(f"“{text}”" for text in quantity.text[:1])]
    parts += [f"{_JOINTS[role]} {_join(roles[role])}" for role in _JOINTS if roles.get(role)]
    if from_places:
        parts.append(f"from {_join(from_places)}")
    if places:
        parts.append(f"in {_join(places)}")
    when = tell_time(time)
    return " ".join(parts) + (f", {when}" if when else "")


def tell_time(time: Time) -> str:
    """Write a time with the words that gave it: 2017-11-08 (“on Wednesday”)."""
    days = " to ".join(dict.fromkeys(day for day in (time.earliest, time.latest) if day))
    if days and time.earliest is None:
        days = f"until {days}"
    if days and time.latest is None:
        days = f"from {days}"
    words = f"“{time.text}”" if time.text else ""
    return f"{days} ({words})" if days and words else days or words


def tell_statement(
    speaker: str, contents: Sequence[Content], stances: Mapping[str, str], certainty: str
) -> str:
    """Write a statement as one sentence: who, how, what, and how surely where it is not certain."""
    told: dict[str, list[str]] = {}
    for content in contents:
        told.setdefault(content.stance, []).append(content.sentence)
    clauses = [f"{stances[stance]}: {'; '.join(dict.fromkeys(what))}" for stance, what in told.items()]
    sure = f" ({certainty})" if certainty not in {"certain", ""} else ""
    return f"{speaker} {', and '.join(clauses) or 'says nothing that was recognised'}{sure}"


def _join(things: Sequence[Link | PlaceLink]) -> str:
    labels = [thing.label for thing in things]
    return labels[0] if len(labels) == 1 else f"{', '.join(labels[:-1])} and {labels[-1]}"
