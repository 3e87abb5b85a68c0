"""Sealing of personal fields: AES-256-GCM over one JSON value, bound to its event and field (architecture 7)."""

import secrets
from collections.abc import Mapping
from typing import Any, cast, get_args

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from msgspec.structs import fields, replace

from hub.domain.forseglet import Forseglet
from hub.domain.haendelser import HAENDELSER, Data
from hub.domain.kuvert import AABNE_AKTOERER, Aktoer
from hub.domain.vilkaar import Ansat, Vikar

NONCE = 12
BORGERFELTER = frozenset({"personnummer", "borgerNavn"})
"""Fields sealed with the citizen's key; every other sealed field with the case's (a test compares with the schemas' marks)."""
FORTROLIGE: dict[type[Data], tuple[str, ...]] = {
    klasse: tuple(felt.name for felt in fields(klasse) if Forseglet in get_args(felt.type)) for klasse in HAENDELSER
}
"""Event type → its sealed fields."""
PERSONFELTER: dict[type[Data], tuple[str, ...]] = {
    klasse: navne
    for klasse in HAENDELSER
    if (navne := tuple(felt.name for felt in fields(klasse) if {Ansat, Vikar}.intersection(get_args(felt.type))))
}
"""Event type → its lists of other people, each sealed with a key of their own."""
AKTOERFELT = "aktoer"


class KanIkkeAabnes(ValueError):
    """The ciphertext is not of this key, event and field, or was changed; says where, never what."""


def forsegl(data: Data, haendelses_id: str, noegler: Mapping[str, bytes], sags_id: str, borger_id: str) -> Data:
    """The data with every sealed field closed; `noegler` has the keys (32 bytes) of `sags_id`, and of each citizen used, by borgerId.

    Raises ValueError when a field is sealed already, or the data name another citizen; KeyError when a key is missing.
    """
    if (getattr(data, "borgerId", None) or borger_id) != borger_id:
        raise ValueError("borgerId: is not the citizen whose key is used")
    klare = {felt: vaerdi for felt in FORTROLIGE[type(data)] if (vaerdi := getattr(data, felt)) is not None}
    refs = {felt: borger_id if felt in BORGERFELTER else sags_id for felt in klare}
    lukkede: dict[str, Any] = {felt: _luk(vaerdi, noegler[refs[felt]], (refs[felt], haendelses_id, felt)) for felt, vaerdi in klare.items()}
    for felt in PERSONFELTER.get(type(data), ()):
        lukkede[felt] = tuple(_forsegl_person(person, noegler, haendelses_id, felt) for person in getattr(data, felt))
    return replace(data, **lukkede) if lukkede else data


def _forsegl_person(person: Ansat | Vikar, noegler: Mapping[str, bytes], haendelses_id: str, liste: str) -> Ansat | Vikar:
    """One entry of a list of people: the key is that person's, so no two entries' values can be exchanged unseen."""
    ref = person.borgerId
    klare = {"personnummer": person.personnummer, "navn": person.navn}
    return replace(person, **{f: _luk(v, noegler[ref], (ref, haendelses_id, f"{liste}.{f}")) for f, v in klare.items()})


def forsegl_aktoer(aktoer: Aktoer, haendelses_id: str, noegle: bytes, sags_id: str) -> Aktoer:
    """The actor with id and name closed under the case's key, unless it is one at work; that one is given back as it is."""
    if aktoer.type in AABNE_AKTOERER or (aktoer.id is None and aktoer.navn is None):
        return aktoer
    lukket = _luk({"id": aktoer.id, "navn": aktoer.navn}, noegle, (sags_id, haendelses_id, AKTOERFELT))
    return replace(aktoer, id=None, navn=None, forseglet=lukket)


def aabn(forseglet: Forseglet, noegle: bytes) -> str | dict[str, Any]:
    """The clear value. Raises `KanIkkeAabnes`."""
    nonce, lukket = forseglet.data[:NONCE], forseglet.data[NONCE:]
    try:
        klar = AESGCM(noegle).decrypt(nonce, lukket, _aad(forseglet.haendelse, forseglet.felt))
    except (InvalidTag, ValueError):
        raise KanIkkeAabnes(f"{forseglet.felt} of event {forseglet.haendelse} cannot be opened with this key") from None
    return cast("str | dict[str, Any]", orjson.loads(klar))


def aabn_eller_slettet(forseglet: Forseglet, noegler: Mapping[str, bytes]) -> str | dict[str, Any] | None:
    """The clear value; None when the key is not there: the citizen was erased. Raises `KanIkkeAabnes`."""
    noegle = noegler.get(forseglet.noegle)
    return None if noegle is None else aabn(forseglet, noegle)


def _luk(vaerdi: Any, noegle: bytes, ophav: tuple[str, str, str]) -> Forseglet:
    ref, haendelses_id, felt = ophav
    if not isinstance(vaerdi, str | dict):
        raise ValueError(f"{felt}: only clear text and JSON objects are sealed, and only once")
    nonce = secrets.token_bytes(NONCE)
    klar = orjson.dumps(vaerdi, option=orjson.OPT_SORT_KEYS)
    return Forseglet(ref, haendelses_id, felt, nonce + AESGCM(noegle).encrypt(nonce, klar, _aad(haendelses_id, felt)))


def _aad(haendelses_id: str, felt: str) -> bytes:
    return f"{haendelses_id}/{felt}".encode()
