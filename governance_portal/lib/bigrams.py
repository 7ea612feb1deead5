"""Pairs of neighbouring characters: how a word of two Chinese characters is found without a dictionary.

A text is made plain first, the same way for what is kept and for what is asked: compatibility forms are one (`１` and
`1`, `ＡＢ` and `ab`), capitals are small, and whatever ends a word (spaces, 、，。：（） …) is one space. A word is found in
a text exactly when it stands in the plain text; that the text has every bigram of the word is necessary for it, and
for a word of two characters it is also enough.

The database keeps the bigrams of plain texts by itself (`cases/migrations/0008_bigrams.py`); its way and this one are
tested to be one.
"""

import re
import unicodedata

#: Ends a word; but between two ASCII letters or digits it belongs to it: 8:30, 3/4, 2.5.
_MARK = r"[!\"'(),./:;<>?\[\\\]{|}`~^*=、。《》〈〉「」『』【】〔〕“”‘’…—·！？]"
_BETWEEN = re.compile(rf"(?<![0-9a-z]){_MARK}+|{_MARK}+(?![0-9a-z])|{_MARK}{{2,}}")
_BLANK = re.compile(r"\s+")


def plain(text: str) -> str:
    """The text as it is kept and compared: one spelling, small letters, words divided by single spaces."""
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    text = "".join(" " if unicodedata.category(letter)[0] in "CZ" else letter for letter in text)
    return _BLANK.sub(" ", _BETWEEN.sub(" ", text)).strip()


def words(text: str) -> tuple[str, ...]:
    """The words of what somebody typed, in order, each once."""
    return tuple(dict.fromkeys(plain(text).split()))


def bigrams(text: str) -> list[str]:
    """Every pair of neighbours of a plain text that no space divides; sorted, each once: `暖气 热水` → 暖气 热水."""
    return sorted({text[at : at + 2] for at in range(len(text) - 1) if " " not in text[at : at + 2]})
