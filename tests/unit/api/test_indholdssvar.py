"""How an answer with a document's bytes is chosen, and what its file is called."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest

from hub.api.indholdssvar import disposition, foretraekker, som_fil, som_json


class Kilde:
    """A document of three pieces that counts how many were asked for."""

    def __init__(self) -> None:
        self.givet, self.lukket = 0, False

    def stykker(self) -> Iterator[bytes]:
        """The pieces."""
        for stykke in (b"abc", b"def", b"g"):
            self.givet += 1
            yield stykke

    def luk(self) -> None:
        """Closed."""
        self.lukket = True


class Her:
    """Runs what should run in a thread here and now."""

    async def koer(self, funktion: Callable[..., Any], *args: Any) -> Any:
        """The function's result."""
        return funktion(*args)

    @property
    def traade(self) -> "Her":
        """Itself."""
        return self


@pytest.mark.parametrize(("form", "alt"), [(som_fil, b"abcdefg"), (lambda d, k: som_json(d, k, b'{"a":"'), b'{"a":"YWJjZGVmZw=="}')])
def test_no_more_is_read_than_the_caller_takes(form: Callable[..., AsyncIterator[bytes]], alt: bytes) -> None:
    """A piece is read when the one before it is sent; a caller that goes away leaves the file closed."""

    async def forloeb() -> None:
        kilde = Kilde()
        svar = form(Her(), kilde)
        while kilde.givet == 0:
            await anext(svar)
        assert kilde.givet == 1
        await svar.aclose()  # type: ignore[attr-defined]
        assert kilde.lukket
        hel = Kilde()
        assert b"".join([stykke async for stykke in form(Her(), hel)]) == alt
        assert (hel.givet, hel.lukket) == (3, True)

    asyncio.run(forloeb())


@pytest.mark.parametrize(
    ("accept", "fil"),
    [
        ("", False),
        ("*/*", False),
        ("application/json", False),
        ("application/pdf", True),
        ("application/PDF; q=0.5", True),
        ("application/pdf, */*;q=0.1", True),
        ("application/pdf, */*", True),
        ("application/pdf;q=0.5, */*", False),
        ("application/pdf, application/json", False),
        ("application/pdf, application/json;q=0.9", True),
        ("application/pdf;q=0", False),
        ("application/pdf;q=nan", False),
        ("application/pdf;q=1e400", False),
        ("application/pdf;q=", False),
        ("text/html,,;q=1", False),
    ],
)
def test_the_bytes_alone_are_for_who_asks_for_them_by_name(accept: str, fil: bool) -> None:
    """And rather than for JSON or for anything; a weight that cannot be read weighs nothing."""
    assert foretraekker(accept, "application/pdf") is fil


@pytest.mark.parametrize(
    ("navn", "enkelt", "helt"),
    [
        ("Brev.pdf", "Brev.pdf", "Brev.pdf"),
        ("Afgørelse æøå.pdf", "Afg_relse ___.pdf", "Afg%C3%B8relse%20%C3%A6%C3%B8%C3%A5.pdf"),
        ('a"; filename="b.exe', "a_ filename_b.exe", "a%3B%20filename%3Db.exe"),
        ("..\\../etc/passwd", "....etcpasswd", "....etcpasswd"),
        ("a\r\nSet-Cookie: x=1.pdf", "aSet-Cookie_ x_1.pdf", "aSet-Cookie%3A%20x%3D1.pdf"),
        ("fdp.\u202eexe", "fdp.exe", "fdp.exe"),
        ("\u202e", "dokument.pdf", "dokument.pdf"),
        ("日本.pdf", "__.pdf", "%E6%97%A5%E6%9C%AC.pdf"),
    ],
)
def test_a_file_name_is_safe_in_a_header_and_in_a_folder(navn: str, enkelt: str, helt: str) -> None:
    """No quote, slash, line end or turned direction; ASCII for old readers, the whole name in UTF-8 beside it (RFC 6266, 8187)."""
    assert disposition(navn) == f"attachment; filename=\"{enkelt}\"; filename*=UTF-8''{helt}"
