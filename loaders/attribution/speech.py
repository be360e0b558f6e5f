"""The quotations and paragraphs of an article beside its parse: what is quoted where, and which cue has claimed it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

from loaders.attribution.clauses import Tree
from loaders.attribution.frames import Frame, Range
from loaders.attribution.quotations import Quotation

# Characters before a quotation that can matter to whose it is.
_NEAR = 200


@dataclass(slots=True)
class Speech:
    """Hold the quotations of an article and which frame has claimed each."""

    tree: Tree
    quotations: Sequence[Quotation]
    paragraphs: Sequence[Range]
    outer: list[int] = field(init=False)
    opens: list[int] = field(init=False)
    owner: dict[int, Frame] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.outer = [k for k, q in enumerate(self.quotations) if q.depth == 0]
        self.opens = [self.quotations[k].open for k in self.outer]

    def around(self, place: int) -> Quotation | None:
        """Give the outermost quotation that a place in the text stands in."""
        at = bisect_left(self.opens, place + 1) - 1
        if at < 0:
            return None
        quotation = self.quotations[self.outer[at]]
        return quotation if quotation.open <= place < quotation.end else None

    def number(self, quotation: Quotation) -> int:
        """Give the index of an outer quotation."""
        return self.outer[bisect_left(self.opens, quotation.open)]

    def paragraph(self, place: int) -> Range:
        """Give the paragraph of a place in the text."""
        at = bisect_left(self.paragraphs, (place + 1,)) - 1
        if at >= 0 and place < self.paragraphs[at][1]:
            return self.paragraphs[at]
        return place, place

    def inside(self, start: int, end: int) -> list[int]:
        """Give the outer quotations that open between two places, by their index."""
        low, high = bisect_left(self.opens, start), bisect_left(self.opens, end)
        return self.outer[low:high]


def region(tree: Tree, frame: Frame) -> Range:
    """Give the stretch of text that cue, own source and addressee take up together."""
    words = [*frame.cue, *frame.source]
    words += [k for k in frame.addressee if k > frame.cue[-1]]
    if frame.how == "according":
        words = [*frame.cue, *frame.source]
    return tree.start[min(words)], tree.end[max(words)]


def before_in_paragraph(text: str, start: int, quotation: Quotation) -> str:
    """Give what stands before a quotation in its paragraph, as far as it matters."""
    return text[max(start, quotation.open - _NEAR) : quotation.open].rstrip()


def frames_between(frames: Sequence[Frame], places: Sequence[int], start: int, end: int) -> Sequence[Frame]:
    return frames[bisect_left(places, start) : bisect_left(places, end)]
