"""Whether a text that stands open holds what looks like a CPR number."""

import re
import unicodedata

# The day, the month and the year in one, or parted by the same sign twice; two spaces, a dash or a dot may come before the four digits.
_PERSONNUMMER = re.compile(
    r"(?<!\d)(?:0[1-9]|[12]\d|3[01])([-. ]?)(?:0[1-9]|1[0-2])\1\d{2} {0,2}[-.]? {0,2}\d{4}(?!\d)",
    re.ASCII,
)
_STREGER_OG_MELLEMRUM = dict.fromkeys((*range(0x2010, 0x2016), 0x2212, 0xFE58, 0xFE63), "-") | {ord("\t"): " "}
TRUKKET = re.compile(
    r"(?<![0-9A-Za-z])(?:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{32,})(?![0-9A-Za-z])", re.IGNORECASE
)
"""What a machine has drawn (a uuid, a hash): it has ten digits in a row often enough to be taken for a CPR number by mistake."""
_CERTIFIKAT = re.compile(r"(?<![0-9A-Za-z])[RF]ID:[0-9]+", re.ASCII)
"""A certificate's own number, by which a caseworker is known (domain-facts 5.3)."""


def har_personnummer(tekst: str) -> bool:
    """Whether what looks like a CPR number stands in a text: a day, a month, a year and four digits, however they are parted."""
    return _PERSONNUMMER.search(_CERTIFIKAT.sub(":", TRUKKET.sub(":", _enkel(tekst)))) is not None


def _enkel(tekst: str) -> str:
    """The text with one kind of dash, space and digit, and without signs that do not show; only for looking at."""
    if tekst.isascii():
        return tekst.replace("\t", " ")
    samlet = unicodedata.normalize("NFKC", tekst).translate(_STREGER_OG_MELLEMRUM)
    return "".join(tegn for tegn in samlet if unicodedata.category(tegn) != "Cf")
