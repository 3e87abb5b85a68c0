"""Strict JSON at the door: bounded depth and count, no duplicate keys, no NaN, no control characters or lone surrogates."""

import json
import re
from typing import Any, NoReturn

from hub.api.graenser import Graenser
from hub.api.problem import Problem
from hub.domain.fejl import Fejl, doerfejl

# The closing quote is optional: a text that never ends is taken whole, not searched anew from each of its quotes (quadratic).
_TEKSTER = re.compile(rb'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
_LED = re.compile(rb"[^\[\]{},:]+")
_FORBUDT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_FELTNAVN = re.compile(r"[A-Za-z][A-Za-z]{0,39}", re.ASCII)
_STOERSTE_TAL = 2**53


def laes_objekt(raa: bytes, graenser: Graenser) -> dict[str, Any]:
    """One JSON object of at most the bounds' depth and count. Raises `Problem` (400), naming fields by path, never by value."""
    vaerdi = laes(raa, graenser)
    if not isinstance(vaerdi, dict):
        raise Problem("ikke_et_objekt")
    return vaerdi


def laes(raa: bytes, graenser: Graenser) -> Any:
    """Any JSON value within the bounds. Raises `Problem` (400)."""
    if not raa.strip():
        raise Problem("tom_krop")
    _maal(raa, graenser)
    try:
        tekst = raa.decode("utf-8")
        vaerdi = json.loads(tekst, object_pairs_hook=_entydig, parse_constant=_intet_tal, parse_int=_heltal, parse_float=_kommatal)
    except UnicodeDecodeError:
        raise Problem("ikke_utf8") from None
    except (json.JSONDecodeError, RecursionError):
        raise Problem("ugyldig_json") from None
    # Without a backslash every character of a value stands in the text itself: one search there is enough.
    if "\\" in tekst or _FORBUDT.search(tekst):
        _kraev_rene_tekster(vaerdi)
    return vaerdi


def sikkert_navn(navn: str) -> str:
    """A name out of the input, fit to stand in an error: "?" unless it is short and of letters only, so that it cannot be a CPR number."""
    return navn if _FELTNAVN.fullmatch(navn) else "?"


def _maal(raa: bytes, graenser: Graenser) -> None:
    """Depth and count on the raw bytes, so that a hostile body is never built."""
    skelet = _LED.sub(b"", _TEKSTER.sub(b"", raa))
    if len(skelet) > graenser.json_led:
        raise Problem("for_dyb")
    dybde = 0
    for tegn in skelet:
        if tegn in b"[{":
            dybde += 1
            if dybde > graenser.json_dybde:
                raise Problem("for_dyb")
        elif tegn in b"]}":
            dybde -= 1


def _entydig(par: list[tuple[str, Any]]) -> dict[str, Any]:
    objekt = dict(par)
    if len(objekt) != len(par):
        raise Problem("dobbelt_felt")
    return objekt


def _intet_tal(_: str) -> NoReturn:
    raise Problem("ugyldigt_tal")


def _heltal(tekst: str) -> int:
    if len(tekst) > 17 or abs(tal := int(tekst)) > _STOERSTE_TAL:
        raise Problem("ugyldigt_tal")
    return tal


def _kommatal(tekst: str) -> float:
    tal = float(tekst) if len(tekst) <= 32 else float("inf")
    if abs(tal) > _STOERSTE_TAL:
        raise Problem("ugyldigt_tal")
    return tal


def _kraev_rene_tekster(vaerdi: Any) -> None:
    forbudte: list[Fejl] = []
    _gennemgaa(vaerdi, "", forbudte)
    if forbudte:
        raise Problem("ugyldigt_tegn", forbudte)


def _gennemgaa(vaerdi: Any, sti: str, fundne: list[Fejl]) -> None:
    """Collect the path of every text, or key, with a forbidden character; a bad key's own name is not repeated."""
    if isinstance(vaerdi, str):
        if _FORBUDT.search(vaerdi):
            fundne.append(doerfejl("ugyldigt_tegn", sti or None))
    elif isinstance(vaerdi, dict):
        for navn, led in vaerdi.items():
            if _FORBUDT.search(navn):
                fundne.append(doerfejl("ugyldigt_tegn", sti or None))
            _gennemgaa(led, f"{sti}.{sikkert_navn(navn)}" if sti else sikkert_navn(navn), fundne)
    elif isinstance(vaerdi, list):
        for nummer, led in enumerate(vaerdi):
            _gennemgaa(led, f"{sti}[{nummer}]", fundne)
