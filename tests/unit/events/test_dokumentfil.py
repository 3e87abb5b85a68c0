"""The file of a document, and the folder: what is written is read again, and whatever happens to a file is found out."""

import os
from hashlib import sha256
from pathlib import Path

import pytest

from hub.events.dokumentfil import HOVED, MAERKAT, STYKKE, DokumentBeskadiget, DokumentMangler, Laeser, Skriver, filnavn, laengde
from hub.events.dokumentmappe import Dokumentmappe, Kladde

NOEGLE, ANDEN = b"n" * 32, b"a" * 32
LAENGDER = (1, STYKKE - 1, STYKKE, STYKKE + 1, 2 * STYKKE, 3 * STYKKE - 5)


def skrevet(sti: Path, klar: bytes, bid: int = 100_000) -> str:
    """A file of these bytes, taken in bites; their SHA-256."""
    sum_ = sha256(klar).hexdigest()
    skriver = Skriver(sti, NOEGLE, sum_)
    for fra in range(0, len(klar), bid):
        skriver.tag(klar[fra : fra + bid])
    skriver.faerdig()
    assert (skriver.sha256, skriver.stoerrelse) == (sum_, len(klar))
    return sum_


def laest(sti: Path, sum_: str, stoerrelse: int, noegle: bytes = NOEGLE) -> bytes:
    """The clear bytes, after the check."""
    laeser = Laeser(sti, noegle, sum_, stoerrelse)
    try:
        laeser.kontroller()
        return b"".join(laeser.stykker())
    finally:
        laeser.luk()


@pytest.mark.parametrize("antal", LAENGDER)
@pytest.mark.parametrize("bid", [STYKKE - 1, STYKKE, 2 * STYKKE + 7])
def test_what_is_written_is_read_again(tmp_path: Path, antal: int, bid: int) -> None:
    """For lengths around a piece's, however the bytes come; the file has the length that is expected of it, and no clear byte."""
    klar = os.urandom(antal)
    sum_ = skrevet(tmp_path / "d", klar, bid)
    assert (tmp_path / "d").stat().st_size == laengde(antal)
    assert laest(tmp_path / "d", sum_, antal) == klar
    assert antal < 100 or klar[:16] not in (tmp_path / "d").read_bytes()


@pytest.mark.parametrize("sted", [0, len(b"VHD1"), HOVED, HOVED + STYKKE + MAERKAT - 1, HOVED + STYKKE + MAERKAT, -1])
def test_a_bit_that_is_flipped_is_found_before_anything_is_given(tmp_path: Path, sted: int) -> None:
    """In the mark, the nonce, a piece, a piece's tag, the last piece and the end."""
    klar = os.urandom(STYKKE + 1_000)
    sum_ = skrevet(tmp_path / "d", klar)
    raa = bytearray((tmp_path / "d").read_bytes())
    raa[sted] ^= 1
    (tmp_path / "d").write_bytes(raa)
    with pytest.raises(DokumentBeskadiget):
        laest(tmp_path / "d", sum_, len(klar))


def test_pieces_are_neither_moved_left_out_nor_cut_off(tmp_path: Path) -> None:
    """Two pieces that change places, one twice, a file that ends early or goes on: found piece by piece, without the hash of the whole."""
    klar = os.urandom(3 * STYKKE)
    sum_ = skrevet(tmp_path / "d", klar)
    raa = (tmp_path / "d").read_bytes()
    hoved, stykker = raa[:HOVED], [raa[n : n + STYKKE + MAERKAT] for n in range(HOVED, len(raa), STYKKE + MAERKAT)]
    a, b, c = stykker
    for led, antal in (((b, a, c), 3), ((a, a, c), 3), ((a, b), 3), ((a, b, c, c), 3), ((a, b, c[:-1]), 3), ((a, b), 2), ((a, c), 2)):
        (tmp_path / "d").write_bytes(hoved + b"".join(led))
        with pytest.raises(DokumentBeskadiget):
            b"".join(Laeser(tmp_path / "d", NOEGLE, sum_, antal * STYKKE).stykker())


def test_a_file_of_another_key_document_or_size_is_none(tmp_path: Path) -> None:
    """Neither under another key, nor as another document under the same, nor with another size; one that is not there is told apart."""
    klar = b"%PDF-1.7 " * 100
    sum_ = skrevet(tmp_path / "d", klar)
    for noegle, navn, antal in ((ANDEN, sum_, len(klar)), (NOEGLE, "0" * 64, len(klar)), (NOEGLE, sum_, len(klar) - 1)):
        with pytest.raises(DokumentBeskadiget):
            laest(tmp_path / "d", navn, antal, noegle)
    with pytest.raises(DokumentMangler):
        laest(tmp_path / "ingen", sum_, len(klar))


def test_the_hash_is_held_against_the_bytes_also_when_every_piece_opens(tmp_path: Path) -> None:
    """A draft that was finished under a hash that is not its own is not taken for the document."""
    skriver = Skriver(tmp_path / "d", NOEGLE, "0" * 64)
    skriver.tag(b"noget andet")
    skriver.faerdig()
    with pytest.raises(DokumentBeskadiget):
        laest(tmp_path / "d", "0" * 64, len(b"noget andet"))


def test_the_same_bytes_twice_are_two_different_files(tmp_path: Path) -> None:
    """Each writing has its own nonces: under one key nothing can be told from two files."""
    for navn in ("en", "to"):
        skrevet(tmp_path / navn, b"x" * 1_000)
    assert (tmp_path / "en").read_bytes()[HOVED:] != (tmp_path / "to").read_bytes()[HOVED:]


def _kladde(mappe: Dokumentmappe, klar: bytes) -> Kladde:
    kladde = mappe.ny(NOEGLE, sha256(klar).hexdigest())
    kladde.skriver.tag(klar)
    kladde.skriver.faerdig()
    return kladde


def test_a_draft_becomes_the_document_by_its_rename_alone(tmp_path: Path) -> None:
    """Killed before it, there is no document and a draft to sweep; after it, the document is whole."""
    mappe = Dokumentmappe(tmp_path / "lager")
    kladde = _kladde(mappe, b"%PDF-1.7")
    assert [(f.kladde, f.bytes) for f in mappe.filer()] == [(True, laengde(8))]
    with pytest.raises(DokumentMangler):
        mappe.aabn(NOEGLE, sha256(b"%PDF-1.7").hexdigest(), 8)
    mappe.saet_ind(kladde, NOEGLE)
    assert [(f.kladde, f.navn) for f in mappe.filer()] == [(False, filnavn(NOEGLE))]
    mappe.aabn(NOEGLE, sha256(b"%PDF-1.7").hexdigest(), 8).luk()
    kladde.kasser()
    assert len(list(mappe.filer())) == 1


def test_a_discarded_draft_leaves_nothing(tmp_path: Path) -> None:
    """Also one that was never finished."""
    mappe = Dokumentmappe(tmp_path / "lager")
    _kladde(mappe, b"x").kasser()
    mappe.ny(NOEGLE, "0" * 64).kasser()
    assert list(mappe.filer()) == []


def test_a_name_needs_the_key(tmp_path: Path) -> None:
    """It is neither the hash nor the same for two keys."""
    assert filnavn(NOEGLE) != filnavn(ANDEN) and len(filnavn(NOEGLE)) == 64
