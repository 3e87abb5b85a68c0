"""A fuzz of the whole HTTP surface from its own OpenAPI: whatever is sent, the answer is one that the document declares.

Every operation of the document is taken in by itself, so that a new route needs no line here. Bounded, and seeded: the same seed
sends the same requests.
"""

import json
import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle, product
from typing import Any

import orjson
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from schemathesis import APIOperation, Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance

from hub.api.openapi import beskrivelse
from hub.api.ruter import ALLE
from hub.bootstrap import Hus
from hub.local import stak
from hub.local.generator import generer
from hub.operations.udsteder import udsted, udviklingsnoegle

NDJSON = "application/x-ndjson"
DOKUMENT = beskrivelse()
Operation = APIOperation[Any, Any, Any, Any]
OPERATIONER: list[Operation] = [fundet.ok() for fundet in schemathesis.openapi.from_dict(DOKUMENT).get_all_operations()]
TJEK = [not_a_server_error, status_code_conformance, content_type_conformance]
SAGER, FROE = 12, 7
FRIST = 60.0
FREMMED = "10100"
API = [sys.executable, "-m", "hub.cli", "api"]
LINJE = Draft202012Validator({"$ref": "#/components/schemas/Linjesvar", **DOKUMENT})
UDEN_DAARLIGE = {operation.label for operation in OPERATIONER if operation.path.startswith("/health/")}
"""There is nothing in these that a request could get wrong."""


@schemathesis.serializer(NDJSON)
def som_linjer(_: Any, vaerdi: Any) -> bytes:
    """A body of lines: what was made, twice, and a line that is none."""
    if isinstance(vaerdi, bytes):
        return vaerdi
    linje = json.dumps(vaerdi, default=str).encode("utf-8", "surrogatepass")
    return linje + b"\n" + linje + b"\n{\n"


@schemathesis.serializer("application/pdf")
def som_fil(_: Any, vaerdi: Any) -> bytes:
    """A file's bytes, with the beginning of a PDF when it was text."""
    return vaerdi if isinstance(vaerdi, bytes) else b"%PDF-" + str(vaerdi).encode("utf-8", "surrogatepass")


@dataclass
class Doer:
    """The running door: its address, headers for every role and for nobody; path parameters of what is there; the actions that made it."""

    adresse: str
    brugere: dict[str, dict[str, str]]
    kendte: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    handlinger: list[dict[str, Any]] = field(default_factory=list)
    session: requests.Session = field(default_factory=requests.Session)

    def hent(self, sti: str, hvem: str = "auditor") -> Any:
        """A good answer's JSON."""
        svar = self.session.get(self.adresse + sti, headers=self.brugere[hvem], timeout=FRIST)
        assert svar.status_code == 200, f"{sti} {svar.status_code} {svar.text}"
        return svar.json()


@contextmanager
def doer() -> Iterator[Doer]:
    """A hub of its own with a dozen real cases; its reads wait only briefly, so that a version that is not there costs no seconds."""
    with stak.stak() as hus, stak.hub(hus, "worker", vent="worker ready"), stak.proces(API, _miljoe(hus), "http://") as linje:
        adresse = stak.adresse_i(linje)
        stak.vent_paa_http(adresse)
        handlinger = list(generer(SAGER, FROE))
        jobcentre = sorted({h["jobCenterKode"] for h in handlinger if "jobCenterKode" in h})
        made = Doer(adresse, _brugere(hus, jobcentre))
        made.kendte = _stier(_kendte(made, handlinger))
        made.handlinger = handlinger
        yield made
        made.session.close()


def fuzz(doer: Doer, operation: Operation, antal: int, froe: int) -> list[int]:
    """Send `antal` requests, good and bad, as every role and as nobody; the statuses answered. Fails with what broke, and a curl line."""
    svarede, hvem = list[int](), _hvem(doer, operation)

    @seed(froe)
    @settings(max_examples=antal, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(_kald(doer, operation))
    def proev(case: Case) -> None:
        if case.query and "vent" in case.query:
            case.query["vent"] = "0"
        svar = case.call(base_url=doer.adresse, headers=doer.brugere[next(hvem)], session=doer.session, timeout=FRIST)
        svarede.append(svar.status_code)
        linjer = svar.status_code == 200 and NDJSON in svar.headers.get("content-type", [""])[0]
        case.validate_response(svar, checks=TJEK if linjer else [*TJEK, response_schema_conformance])
        for linje in svar.content.splitlines() if linjer else ():
            LINJE.validate(orjson.loads(linje))

    proev()
    assert doer.hent("/health/ready")["status"] == "ok"
    return svarede


def _kald(doer: Doer, operation: Operation) -> st.SearchStrategy[Case]:
    """Good and bad requests, and good ones about what is really there."""
    god = operation.as_strategy(GenerationMode.POSITIVE)
    daarlige = [] if operation.label in UDEN_DAARLIGE else [operation.as_strategy(GenerationMode.NEGATIVE)]
    rigtige = [operation.as_strategy(GenerationMode.POSITIVE, path_parameters=sti) for sti in doer.kendte.get(operation.path, [])]
    numre = st.integers(0, len(doer.handlinger) - 1)
    om_sager = (
        [st.builds(lambda kald, nr, hel: _om_sag(kald, doer.handlinger[nr], hel), god, numre, st.booleans())] if operation.body else []
    )
    return st.one_of(god, *daarlige, *rigtige, *om_sager)


def _om_sag(case: Case, handling: dict[str, Any], hel: bool) -> Case:
    """Where the body is an action: one that has been taken before, again, or its case and act in what was made."""
    if isinstance(case.body, dict) and "sagsId" in case.body:
        case.body = handling if hel else {**case.body, **{navn: handling[navn] for navn in ("sagsId", "eksternIdentifier", "aktoer")}}
    return case


def _hvem(doer: Doer, operation: Operation) -> Iterator[str]:
    """Everybody in turn, for ever, and two who may (as the document says) before each."""
    maa = [navn for navn in doer.brugere if navn in operation.definition.raw["description"].replace(",", "").split()]
    runde = [hvem for nr, navn in enumerate(doer.brugere) for hvem in (*(maa[(2 * nr + n) % len(maa)] for n in range(2) if maa), navn)]
    return cycle(runde)


def _kendte(doer: Doer, handlinger: list[dict[str, Any]]) -> dict[str, list[str]]:
    """Make the cases; parameter's name, or address, → values that are there. Returns when they can all be read."""
    krop = b"\n".join(orjson.dumps(h) for h in handlinger)
    hoveder = {**doer.brugere["vitas"], "content-type": NDJSON}
    svar = doer.session.post(f"{doer.adresse}/v1/handlinger/bulk", data=krop, headers=hoveder, timeout=FRIST)
    versioner = {k["sagsId"]: k["version"] for k in map(orjson.loads, svar.content.splitlines()) if k["status"] == 202}
    emne = doer.hent("/subjects")[0]
    kendte: dict[str, list[str]] = {"sagsId": list(versioner), "subject": [emne], "version": ["1", "latest"], "id": ["1"]}
    for sags_id, version in versioner.items():
        sag = _naar_klar(lambda sti=f"/v1/sager/{sags_id}?version={version}": doer.hent(sti))
        kendte.setdefault("cvr", []).append(sag["virksomhed"]["cvrNummer"])
        for akt in sag["akter"]:
            vej, _, akt_id = akt["link"].rpartition("/")
            kendte.setdefault(f"{vej}/{{eksternIdentifier}}", []).append(akt_id)
    return kendte


def _naar_klar(hent: Callable[[], Any]) -> Any:
    frist = time.monotonic() + FRIST
    while True:
        try:
            return hent()
        except AssertionError:
            if time.monotonic() > frist:
                raise
            time.sleep(0.1)


def _stier(kendte: dict[str, list[str]]) -> dict[str, list[dict[str, str]]]:
    """Address → path parameters that are there, two of each, for every operation whose parameters are all known."""
    stier: dict[str, list[dict[str, str]]] = {}
    for operation in OPERATIONER:
        navne = re.findall(r"{(\w+)}", operation.path)
        vaerdier = [kendte.get(operation.path if navn == "eksternIdentifier" else navn, [])[:2] for navn in navne]
        stier[operation.path] = [dict(zip(navne, valg, strict=True)) for valg in product(*vaerdier)] if navne else []
    return stier


def _brugere(hus: Hus, jobcentre: list[str]) -> dict[str, dict[str, str]]:
    """Who calls → headers: every role with the cases' jobcentres, a role the hub does not know, a stranger, and nobody."""
    noegle = udviklingsnoegle(hus.settings.data)

    def baerer(rolle: str, *koder: str) -> dict[str, str]:
        return {"Authorization": "Bearer " + udsted(noegle, hus.settings.issuer, f"fuzz-{rolle}", rolle, koder)}

    kendte = {rolle: baerer(rolle, *jobcentre) for rolle in sorted(ALLE)}
    return {**kendte, "ukendt": baerer("ukendt"), "fremmed": baerer("system", FREMMED), "ingen": {}}


def _miljoe(hus: Hus) -> dict[str, str]:
    uden = {navn: vaerdi for navn, vaerdi in os.environ.items() if not navn.startswith("HUB_")}
    return uden | {"HUB_DATA": str(hus.settings.data), "HUB_API_PORT": "0", "HUB_LOG_LEVEL": "WARNING", "HUB_API_READ_WAIT_MS": "20"}
