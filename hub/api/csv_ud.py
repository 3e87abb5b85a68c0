"""A list as CSV: RFC 4180 (commas, CRLF, quotes doubled), UTF-8, Danish headings; no cell can be taken for a formula."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from typing import Any

from hub.projections.listekolonner import Kolonne

CSV = "text/csv"
CSV_SVAR = "text/csv; header=present"
"""The framework adds the charset, which is UTF-8."""
# What a spreadsheet takes for a formula (also in full width), at the start or behind white space.
_FORMEL = re.compile("^\\s*[=+\\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]")


def tabel(kolonner: Sequence[Kolonne], raekker: Sequence[Mapping[str, Any]]) -> bytes:
    """The headings, and a line per row; what is null is empty."""
    ud = io.StringIO()
    skriver = csv.writer(ud, lineterminator="\r\n")
    skriver.writerow([kolonne.overskrift for kolonne in kolonner])
    skriver.writerows([[ufarlig(kolonne.slags.csv(raekke[kolonne.navn])) for kolonne in kolonner] for raekke in raekker])
    return ud.getvalue().encode()


def ufarlig(celle: str) -> str:
    """The cell, with an apostrophe before what a spreadsheet would work out."""
    return f"'{celle}" if _FORMEL.search(celle) else celle
