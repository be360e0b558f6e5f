"""Checks that a text is English, because a reading of another language would be nonsense with exact offsets.

Most texts settle it themselves: their letters are Latin, and a good share of their words are English function
words. Only a text of some length that fails this is given to a language identifier.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from loaders.text.wordlists import function_words

_FEWEST_LETTERS = 40
_FEWEST_WORDS = 40
_ENOUGH_ENGLISH = 0.15
_SAMPLE = 20_000

# ISO 639-1 codes of languages that reports of this war are met in; others are given by their code.
_NAMES = {
    "ar": "Arabic", "de": "German", "en": "English", "es": "Spanish", "fa": "Persian", "fr": "French",
    "he": "Hebrew", "it": "Italian", "ku": "Kurdish", "nl": "Dutch", "pl": "Polish", "pt": "Portuguese",
    "ru": "Russian",
    "sv": "Swedish", "tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu", "zh": "Chinese",
}  # fmt: skip
_REMEDY = "Hearsay reads English only; load an English translation, if there is one"


def complaint_about_language(text: str) -> tuple[str, str] | None:
    """Say which language a text seems to be in; None where it is English, or too short to tell."""
    sample = text[:_SAMPLE]
    scripts: Counter[str] = Counter()
    for letter, times in Counter(filter(str.isalpha, sample)).items():
        scripts[_script(letter)] += times
    letters = scripts.total()
    if letters < _FEWEST_LETTERS:
        return None
    script, count = scripts.most_common(1)[0]
    if script != "LATIN" and count > 0.5 * letters:
        language = _identify(sample)
        if language == "en":
            return f"the text is not in Latin letters (script: {script.title()})", _REMEDY
        return f"the text is not English: it looks {_name(language)}", _REMEDY
    if len(_words(sample)) < _FEWEST_WORDS or is_english(sample):
        return None
    language = _identify(sample)
    return None if language == "en" else (f"the text is not English: it looks {_name(language)}", _REMEDY)


def is_english(text: str) -> bool:
    """Tell whether a text is plainly English by its function words; a few words need not be."""
    return english_share(_words(text[:_SAMPLE])) >= _ENOUGH_ENGLISH


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", text.lower())


def english_share(words: list[str]) -> float:
    """Give the share of English function words: 0.3 to 0.5 in English news, under 0.1 elsewhere."""
    known = function_words("english")
    return sum(word in known for word in words) / len(words) if words else 0.0


def _script(letter: str) -> str:
    """Give the first word of the letter's Unicode name: LATIN, ARABIC, CYRILLIC, CJK …"""
    return unicodedata.name(letter, "UNKNOWN").split()[0]


def _identify(sample: str) -> str:
    # A model of some megabytes that takes a second to read: only where it is asked for.
    import py3langid

    return str(py3langid.classify(sample)[0])


def _name(code: str) -> str:
    return _NAMES.get(code, f"like another language (code {code})")
