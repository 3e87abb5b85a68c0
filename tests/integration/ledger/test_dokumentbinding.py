"""The append binds a document's key to its case, in its own transaction and for good; on a real PostgreSQL."""

import os
import uuid
from typing import Any

import pytest

from hub.events.ordre import Ordre
from hub.events.uploads import noeglenavn

pytestmark = pytest.mark.integration

NOEGLE = os.urandom(32)


def upload(hus: Any) -> str:
    """A row as the store makes it; its SHA-256."""
    sum_ = os.urandom(32).hex()
    pakket = hus.noegler.pak_ind(noeglenavn(sum_), NOEGLE)
    hus.sql("INSERT INTO keys.uploads (sha256, stoerrelse, mimetype, indpakket) VALUES (:s, 10, 'application/pdf', :i)", s=sum_, i=pakket)
    return sum_


def tilfoej(hus: Any, sags_id: str, sum_: str, request_id: str | None = None, **aendret: Any) -> Ordre:
    """The order that gives the case the document."""
    handling = {
        "handling": "TilfoejDokument",
        "sagsId": sags_id,
        "eksternIdentifier": str(uuid.uuid4()),
        "haendelsestidspunkt": "2025-03-01T10:00:00Z",
        "aktoer": {"type": "System", "id": "VITAS"},
        "data": {"vedroerer": _akt(hus, sags_id), "navn": "Brev.pdf", "mimetype": "application/pdf", "stoerrelse": 10, "sha256": sum_}
        | aendret,
    }
    return hus.ordre(handling, request_id)


def _akt(hus: Any, sags_id: str) -> str:
    return str(hus.opret_handling(sags_id)["eksternIdentifier"])


def bundne(hus: Any, sags_id: str) -> dict[str, bytes]:
    """SHA-256 → the case's key to the document."""
    raekker = hus.sql("SELECT noegle, borger_id, indpakket FROM keys.noegler WHERE noegle LIKE :s AND slags = 'dokument'", s=f"{sags_id}/%")
    (borger,) = {raekke.borger_id for raekke in raekker} or {None}
    assert borger is None or hus.sql("SELECT borger_id FROM keys.noegler WHERE noegle = :s", s=sags_id)[0].borger_id == borger
    return {raekke.noegle.split("/")[1]: hus.noegler.pak_ud(raekke.noegle, bytes(raekke.indpakket)) for raekke in raekker}


def navngivet(hus: Any, sum_: str) -> bool:
    """Whether the upload is marked as named."""
    return hus.sql("SELECT navngivet FROM keys.uploads WHERE sha256 = :s", s=sum_)[0].navngivet is not None


def test_a_document_s_key_is_bound_to_the_case_and_its_citizen(hus: Any) -> None:
    """Under a name of the case, with the case's citizen; also in the call that opens the case, and for two cases in one call."""
    sum_, andet = upload(hus), upload(hus)
    en, anden = str(uuid.uuid4()), str(uuid.uuid4())
    ordrer = [hus.opret(en), hus.opret(anden), tilfoej(hus, en, sum_), tilfoej(hus, anden, sum_), tilfoej(hus, en, andet)]
    assert [svar.kvittering["version"] for svar in hus.ledger.append(ordrer)] == [1, 1, 2, 2, 3]
    assert bundne(hus, en) == {sum_: NOEGLE, andet: NOEGLE} and bundne(hus, anden) == {sum_: NOEGLE}
    assert navngivet(hus, sum_) and navngivet(hus, andet)


def test_a_refused_order_binds_nothing(hus: Any) -> None:
    """Beside one that is taken; the upload stays unnamed."""
    sum_, andet = upload(hus), upload(hus)
    sags_id = hus.ny_sag()
    svar = hus.ledger.append([tilfoej(hus, sags_id, sum_, stoerrelse=11), tilfoej(hus, sags_id, andet), tilfoej(hus, sags_id, "0" * 64)])
    assert [getattr(s, "fejlkode", None) for s in svar] == [9632, None, 9631]
    assert bundne(hus, sags_id) == {andet: NOEGLE}
    assert (navngivet(hus, sum_), navngivet(hus, andet)) == (False, True)


def test_a_repeat_binds_nothing_anew(hus: Any) -> None:
    """The same request after the citizen's keys were erased gives the first receipt and no key."""
    sum_, sags_id = upload(hus), hus.ny_sag()
    ordre = tilfoej(hus, sags_id, sum_, "r-dokument")
    foerst = hus.en(ordre)
    hus.sql("DELETE FROM keys.noegler WHERE slags = 'dokument'")
    assert hus.en(ordre).kvittering == foerst.kvittering
    assert bundne(hus, sags_id) == {}


def test_a_document_given_twice_keeps_its_first_key(hus: Any) -> None:
    """After the upload was swept and came again under another key, the case's own key still opens its file."""
    sum_, sags_id = upload(hus), hus.ny_sag()
    hus.en(tilfoej(hus, sags_id, sum_))
    hus.sql("UPDATE keys.uploads SET indpakket = :i, navngivet = NULL", i=hus.noegler.pak_ind(noeglenavn(sum_), b"x" * 32))
    hus.en(tilfoej(hus, sags_id, sum_))
    assert bundne(hus, sags_id) == {sum_: NOEGLE}


def test_cases_that_are_given_the_same_documents_at_once_wait_for_each_other(hus: Any) -> None:
    """In whatever order they name them: no deadlock, every case its keys."""
    summer, sager = [upload(hus) for _ in range(4)], [hus.ny_sag() for _ in range(4)]
    kald = [
        lambda sag=sag, nr=nr: hus.ledger.append([tilfoej(hus, sag, s) for s in (summer if nr % 2 else summer[::-1])])
        for nr, sag in enumerate(sager)
    ]
    for svar in hus.samtidig(*kald):
        assert [s.kvittering["version"] for s in svar] == [2, 3, 4, 5]
    assert all(bundne(hus, sag) == dict.fromkeys(summer, NOEGLE) for sag in sager)
