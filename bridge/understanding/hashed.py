"""Texts as hashed n-grams of characters and words: the same on every machine, and fast in plain numpy."""

import re
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from bridge.places.normal import fold

Indices = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]

_WORD = re.compile(r"\w+|[^\w\s]")
_PLACE = "¤"
"""Stands for every named place, so that no street's name speaks for a category."""
_MULTIPLIER, _MIXER = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9


class Word(NamedTuple):
    """One word or sign as it is hashed; `start` and `end` count characters of the text as written."""

    form: str
    start: int
    end: int


class Distinct(NamedTuple):
    """The buckets of a text, each once, how often each is there, and which of them each n-gram is."""

    buckets: Indices
    counts: Indices
    of: Indices


@dataclass(frozen=True, eq=False)
class Grams:
    """What a text is made of: for each n-gram its bucket, and the word its middle is in (-1: none)."""

    buckets: Indices
    words: Indices

    @cached_property
    def distinct(self) -> Distinct:
        """The same without repetition."""
        buckets, of, counts = np.unique(self.buckets, return_inverse=True, return_counts=True)
        return Distinct(buckets, counts, of)


def words(text: str, places: Iterable[tuple[int, int]] = ()) -> list[Word]:
    """The words and signs of `text`, folded, numbers as 0; each of `places` is one sign for all."""
    found: list[Word] = []
    last = 0
    for start, end in (*sorted(places), (len(text), len(text))):
        pieces = _WORD.finditer(text, last, max(start, last))
        found += [Word(_form(piece.group()), piece.start(), piece.end()) for piece in pieces]
        if end > start >= last:
            found.append(Word(_PLACE, start, end))
        last = max(last, end)
    return found


@lru_cache(maxsize=50_000)
def _form(word: str) -> str:
    return "0" if word.isdecimal() else fold(word)


def grams(found: Sequence[Word], sizes: range, bits: int) -> Grams:
    """The n-grams of so many characters, and the words and pairs of words, as numbers below 2**bits.

    Characters run over the words' borders, where a single space stands.
    """
    line = " ".join(word.form for word in found)
    codes = np.frombuffer(f" {line} ".encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    lengths = np.array([len(word.form) + 1 for word in found], dtype=np.int64)
    owners = np.concatenate([[0], np.repeat(np.arange(len(found)), lengths)]) if found else np.array([-1, -1])
    buckets, of = [], []
    for size, row in zip(sizes, _hashes(codes, sizes), strict=True):
        count = max(len(codes) - size + 1, 0)
        buckets.append(row[:count])
        of.append(owners[size // 2 : size // 2 + count])
    forms = [word.form for word in found]
    pairs = [f"{a} {b}" for a, b in pairwise(forms)]
    buckets.append(np.array([zlib.crc32(form.encode()) for form in (*forms, *pairs)], dtype=np.uint64))
    of.append(np.concatenate([np.arange(len(forms)), 1 + np.arange(len(pairs))]))
    mixed = (np.concatenate(buckets) * np.uint64(_MIXER)) >> np.uint64(64 - bits)
    return Grams(mixed.astype(np.int64), np.concatenate(of).astype(np.int64))


def _hashes(codes: npt.NDArray[np.uint64], sizes: range) -> npt.NDArray[np.uint64]:
    """A polynomial over the characters of each window, wrapping at 2**64, [sizes, codes]."""
    hashed = np.repeat(np.array(sizes, dtype=np.uint64)[:, None], len(codes), axis=1)
    for place in range(min(sizes.stop - 1, len(codes))):
        reached = hashed[max(place + 1 - sizes.start, 0) :, : len(codes) - place]
        reached += codes[place:]
        reached *= np.uint64(_MULTIPLIER)
        reached ^= reached >> np.uint64(29)
    return hashed


def vector(found: Grams, idf: Floats) -> tuple[Indices, Floats]:
    """The distinct buckets with the weights of a text of length one (by Euclid)."""
    buckets, counts, _ = found.distinct
    values = (1 + np.log(counts.astype(np.float32))) * idf[buckets]
    return buckets, values / max(float(np.sqrt((values**2).sum())), 1e-9)
