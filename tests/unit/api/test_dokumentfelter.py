"""Every field of every document says where it comes from, in OpenAPI and on docs/document-fields.md."""

import re
from pathlib import Path

from hub.api.dokumentskemaer import dokumentskemaer
from hub.api.feltbeskrivelse import fornyet, vist_i
from hub.projections.dokumentfelter import FELTER, YDRE

SIDE = Path(__file__).parents[3] / "docs" / "document-fields.md"
KILDE = re.compile(r"public|own|release note [1-5]\.[1-7]")


def test_every_field_has_its_source_and_no_other_is_named() -> None:
    """The table has exactly the fields that documents of some cell have; a source is public, our own, or a section of the release note."""
    assert set(FELTER) == set(vist_i())
    assert [sti for sti, felt in FELTER.items() if not KILDE.fullmatch(felt.kilde) or len(felt.tekst) < 5] == []


def test_openapi_says_it_of_each_field() -> None:
    """The description of every field of every cell, and of those within company, citizen and assessment, ends with its source."""
    for skema in dokumentskemaer().values():
        for navn, felt in skema["properties"].items():
            assert felt["description"].endswith(f"Source: {FELTER[navn].kilde}.")
            for indre, del_ in felt["properties"].items() if navn in YDRE else ():
                assert del_["description"].endswith(f"Source: {FELTER[f'{navn}.{indre}'].kilde}.")


def test_the_page_says_what_the_documents_have() -> None:
    """docs/document-fields.md is made from the schemas."""
    side = SIDE.read_text(encoding="utf-8")
    assert side == fornyet(side), "run `make docs`"
