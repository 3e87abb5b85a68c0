"""The lines of code that make the rules so, as a table: taken out one at a time in a copy of the tree, the rule's own tests must go red.

A line that moves is changed here with it: the run says which row no longer finds its line.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from regelside import proever

ROD = Path(__file__).parents[3]
KOPIERES = ("hub", "schemas", "tests", "docs", "pyproject.toml", "README.md", "CHANGELOG.md", "Makefile", "requirements.lock")
FRIST = 240.0


class Vagt(NamedTuple):
    """A line of a rule's: the file, what stands there (once), and what is left when it is taken out."""

    regel: str
    fil: str
    staar: str
    uden: str


def _fejl(regel: str, fil: str, kode: str) -> Vagt:
    """The line that yields an error of the door."""
    return Vagt(regel, f"hub/domain/{fil}.py", f"yield fejl(Fejlkode.{kode}", f"yield from () and fejl(Fejlkode.{kode}")


def _satser(metode: str) -> Vagt:
    """The rate's two fields in a document."""
    return Vagt("3.6", f"hub/projections/{metode}.py", "        **vis.satser(r.sats_kode, r.sats_beskrivelse),\n", "")


VAGTER = (
    _fejl("1.1", "decide_grund", "CELLE_MANGLER"),
    Vagt("1.1", "hub/notifications/tabel.py", "h.VurderingAfgjort: AENDRET", "h.VurderingAfgjort: Regel(_egen, _nej, _nej)"),
    Vagt("1.1", "hub/notifications/tabel.py", "h.ForlaengelseAfslaaet: AENDRET", "h.ForlaengelseAfslaaet: Regel(_egen, _nej, _nej)"),
    Vagt("1.1", "hub/domain/evolve.py", "h.AnsoegningGodkendt: _afgjort(9208)", "h.AnsoegningGodkendt: _afgjort(9204)"),
    Vagt("2.2", "hub/notifications/tabel.py", "if bevilling is None else bevilling.status", "if sag else 0"),
    Vagt(
        "2.2", "hub/notifications/akter.py",
        "    return sorted(akter, key=lambda akt: akt.version)\n\n\ndef _aft", "    return akter\n\n\ndef _aft",
    ),
    Vagt("2.2", "hub/domain/evolve_bevilling.py", ", statusskift=uden(bevilling, k.eksternIdentifier)", ""),
    Vagt("2.1", "hub/domain/decide_ansoegning.py", '    if k.opslag.konflikt is not None:\n        return True, "Styrelsen"\n', ""),
    _fejl("2.1", "decide_ansoegning", "KONFLIKT_NEJ"),
    _fejl("2.1", "ansoegningens_krav", "KONFLIKT_KOMMENTAR"),
    _fejl("2.1", "decide_rettelse", "KONFLIKT_LAAST"),
    Vagt("2.1", "hub/projections/ansoegning.py", "KONFLIKTBESKED if r.konflikt_vises else None", "KONFLIKTBESKED"),
    Vagt("2.2", "hub/domain/datoer.py", '        return Virkning("IkkePaabegyndt", None, ophoer.id)\n', "        pass\n"),
    Vagt("2.2", "hub/domain/datoer.py", '        return Virkning("Annulleret", None, ophoer.id)\n', "        pass\n"),
    Vagt("2.2", "hub/domain/datoer.py", "skaaret(periode, ophoer.stopdato if ophoer else None)", "periode"),
    Vagt("2.2", "hub/domain/datoer.py", "if not o.tilbagekaldt), None)", "), None)"),
    Vagt("2.2", "hub/domain/datoer.py", "slutdato_uden(forloeb, foer=ophoer.version)", "slutdato_uden(forloeb)"),
    Vagt(
        "2.2", "hub/domain/datoer.py",
        "forloeb.perioder[0].periode.slutdato if isinstance(forloeb, Aftale) else forloeb.periode.slutdato", "slutdato_uden(forloeb)",
    ),
    _fejl("2.2", "decide_ophoer", "STOP_FOR_SENT"),
    _fejl("2.2", "decide_forlaengelse", "FORKERT_START"),
    _fejl("2.2", "decide_forlaengelse", "AABEN_BEVILLING"),
    _fejl("2.2", "decide_forlaengelse", "ANSOEGNING_VERSERER"),
    _fejl("2.2", "decide_grund", "BEVILLING_STAAR"),
    Vagt("2.2", "hub/domain/decide_ophoer.py", "intet_ophoer(Fejlkode.ET_OPHOER), ", ""),
    Vagt("2.2", "hub/domain/decide_forlaengelse.py", ", intet_ophoer(Fejlkode.OPHOER_STAAR)", ""),
    Vagt("2.2", "hub/domain/decide_aftale.py", ", intet_ophoer(Fejlkode.AFTALE_OPHOERT)", ""),
    Vagt(
        "2.4", "hub/projections/bevilling.py",
        '{"kontaktpersonPaaArbejdsstedet": r.kontaktperson_paa_arbejdsstedet}', '{"ansvarligKontaktperson": None}',
    ),
    Vagt(
        "2.4", "hub/domain/handlinger_bevilling.py",
        "kontaktpersonPaaArbejdsstedet: KontaktIn\n", "kontaktpersonPaaArbejdsstedet: KontaktIn | None = None\n",
    ),
    Vagt("2.5", "hub/domain/arbejdstid.py", ".to_integral_value(ROUND_CEILING)", ""),
    Vagt("2.5", "hub/domain/felter.py", "Timer = Annotated[str, Field(pattern=DECIMAL), _hoejst(HOEJST)]", "Timer = str"),
    Vagt("2.5", "hub/domain/ordningsfelter.py", '    Ordningsfelt(TIMER | TILLAEG, ("arbejdstid",)),\n', ""),
    _fejl("3.2", "ansoegningens_krav", "ANSATTE_TRIN"),
    Vagt("3.2", "hub/domain/ansoegningens_krav.py", "for navn in mangler)", "for navn in ())"),
    Vagt("3.2", "hub/domain/ansoegningens_krav.py", "if antal is None]", 'if antal in (None, "0", "0.00")]'),
    Vagt("3.2", "hub/domain/decide_rettelse.py", "            stadig_udfyldt,\n", ""),
    Vagt("3.3", "hub/events/upcast.py", '    del raa["saerligtCvrNummer"]\n', ""),
    Vagt("3.3", "hub/domain/felter.py", 'extra="forbid"', 'extra="ignore"'),
    _fejl("3.6", "decide_grund", "SATS_UKENDT"),
    _fejl("3.6", "decide_grund", "SATS_UGYLDIG"),
    Vagt("3.6", "hub/domain/decide_bevilling.py", "        sats=sats(k, d.timeTilskudsats, d.periode.startdato),\n", ""),
    Vagt("3.6", "hub/domain/decide_forlaengelse.py", ", sats(k, bevillingens_sats(k), dag))\n\n\nCELLE", ")\n\n\nCELLE"),
    Vagt("3.6", "hub/domain/decide_ophoer.py", '        "sats": ', '        "sats": None and '),
    _fejl("3.6", "decide_sats", "SATS_RETTES_MED_AKTEN"),
    _fejl("3.6", "decide_sats", "SATS_FOER_BEVILLING"),
    _fejl("3.6", "decide_sats", "MANGLER"),
    Vagt("3.6", "hub/domain/decide_sats.py", "    yield from satsfejl(k, ny.kode, ny.start)\n", ""),
    Vagt("3.6", "hub/domain/decide_sats.py", "kun_for(frozenset(ORDNINGENS_SATSER)), ", ""),
    Vagt("3.6", "hub/domain/decide_sats.py", "har_rettelig_sats, har_bevilling, ", "har_rettelig_sats, "),
    Vagt("3.6", "hub/domain/decide_sats.py", "= k.data.timeTilskudsats or (", "= ("),
    Vagt("3.6", "hub/domain/decide_sats.py", "else fundet.bevilget\n", "else fundet.bevilget and k.sagen.bevillinger[-1].periode\n"),
    Vagt("3.6", "hub/domain/evolve_bevilling.py", "replace(bevilling, sats=d.sats)", "bevilling"),
    Vagt("3.6", "hub/domain/evolve_bevilling.py", "_forlaengelsen(bevilling, k.eksternIdentifier, sats=d.sats)", "bevilling.forlaengelser"),
    Vagt("3.6", "hub/domain/reference_opslag.py", '    "RetTilskudssats": (_ny_sats,),\n', ""),
    Vagt("3.6", "hub/notifications/tabel.py", "h.TilskudssatsRettet: AENDRET", "h.TilskudssatsRettet: OPRETTET"),
    *map(_satser, ("ansoegning", "bevilling", "forlaengelse", "ophoer")),
    Vagt("5.1", "hub/domain/decide_vilkaar.py", '        yield fejl(Fejlkode.MANGLER, "data.mentortype")\n', "        yield from ()\n"),
    Vagt("5.1", "hub/domain/decide_tillaeg.py", '        yield fejl(Fejlkode.MANGLER, "data.mentortype")\n', "        yield from ()\n"),
    Vagt("5.1", "hub/projections/vilkaar.py", '"mentortype": vis.kode(r.mentortype, MENTORTYPER)', '"mentortype": None'),
    Vagt("5.2", "hub/domain/felter.py", ', max_length=AKTIVITETSERVICE["mentorfunktion"]', ""),
    Vagt("5.2", "hub/api/aabning.py", "tekst[:hoejst]", "tekst"),
    Vagt("5.4", "hub/domain/overgange.py", '"GenfremsendBevilling": frozenset({', '"GenfremsendBevilling": frozenset({9301, 9304, '),
    Vagt("5.4", "hub/domain/decide_bevilling.py", 'STATUS, attrgetter("status")', 'STATUS, attrgetter("egenstatus")'),
    Vagt("5.4", "hub/domain/evolve_bevilling.py", "h.BevillingGenfremsendt: lambda sag, k, d: sag", "h.BevillingGenfremsendt: _afvist"),
    Vagt("5.4", "hub/notifications/tabel.py", "h.BevillingSendt, h.BevillingGenfremsendt, ", "h.BevillingSendt, "),
)  # fmt: skip
"""A further line is a row here."""


def kopi(mappe: Path) -> Path:
    """A copy of the tree to take lines out of."""
    for navn in KOPIERES:
        kilde = ROD / navn
        if kilde.is_dir():
            shutil.copytree(kilde, mappe / navn, ignore=shutil.ignore_patterns("__pycache__", ".hypothesis"))
        else:
            shutil.copy2(kilde, mappe / navn)
    return mappe


class IkkeFundet(LookupError):
    """The line of a row does not stand in its file, or more than once."""


def udtag(traeet: Path, vagt: Vagt) -> str:
    """Take the line out; the file as it was, to be put back. Raises `IkkeFundet`."""
    fil = traeet / vagt.fil
    foer = fil.read_text(encoding="utf-8")
    if foer.count(vagt.staar) != 1:
        raise IkkeFundet(f"{vagt.fil} has {foer.count(vagt.staar)} times: {vagt.staar}")
    fil.write_text(foer.replace(vagt.staar, vagt.uden), encoding="utf-8")
    return foer


def proev(traeet: Path, regel: str) -> subprocess.CompletedProcess[str]:
    """Run the rule's own unit tests in the copy, up to the first that fails; nothing is shrunk."""
    return _koer(traeet, "--hypothesis-profile=roed", "-k", f"R_{regel.replace('.', '_')}", *proever(("tests/unit",))[regel])


def proev_med(traeet: Path, fil: str, hvilke: str) -> subprocess.CompletedProcess[str]:
    """Run some tests (-k) of a file of tests in the copy, up to the first that fails."""
    return _koer(traeet, "-k", hvilke, f"tests/{fil}")


def _koer(traeet: Path, *hvad: str) -> subprocess.CompletedProcess[str]:
    kommando = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *hvad]
    miljoe = {**os.environ, "PYTHONPATH": str(traeet)}
    return subprocess.run(kommando, check=False, cwd=traeet, env=miljoe, capture_output=True, text=True, timeout=FRIST)
