"""Lines of the machinery that keep something from happening, each with the tests that must go red without it."""

from typing import NamedTuple

LAES_AKTER, LAES_MANGE = "hub/projections/laes_akter.py", "hub/api/laes_mange.py"
HENT_DIREKTE, RELAY, OMGANG = "hub/api/hent_direkte.py", "hub/events/relay_session.py", "hub/notifications/omgang.py"
MIGRER, VERIFY_PART, SHARES = "hub/migrations/migrer.py", "hub/operations/verify_part.py", "hub/operations/verify_shares.py"
NUMBERS, PROCESSES, VERIFY = "hub/operations/numbers.py", "hub/operations/processes.py", "hub/projections/verify.py"
LEDGERAKTER, LEDGERFORSKELLE = "hub/projections/ledgerakter.py", "hub/projections/ledgerforskelle.py"
API, PDF, DIREKTE = "integration/api/", "integration/api/test_api_pdf.py", "integration/api/test_api_direkte.py"
SPREAD, SEKVENSER = "integration/relay/test_spread.py", "integration/notifications/test_sekvenser.py"
LANES, GIV_FRA, MIGRATIONS = "unit/events/test_relay_lanes.py", "unit/notifications/test_giv_fra.py", "integration/test_migrations.py"
CLI_VERIFY, ROWS = "integration/cli/test_cli_verify.py", "integration/projections/test_verify.py"


class Guard(NamedTuple):
    """What it is, the file, what stands there (once), what is left without it; a file of tests and which of its tests (-k)."""

    name: str
    path: str
    stands: str
    without: str
    tests: str
    which: str


GUARDS = (
    Guard(
        "a read is the owner's", LAES_AKTER,
        "WHERE (s.alt OR c.job_center_kode = ANY (string_to_array(s.jobcentre, ' ')))", "WHERE true", DIREKTE, "whoever",
    ),
    Guard(
        "an act of two cases is left to the slow read", LAES_AKTER,
        "    AND NOT EXISTS (SELECT FROM {i}.{tabel} b WHERE b.ekstern_identifier = s.akt AND b.sags_id <> a.sags_id)\n", "",
        DIREKTE, "two_cases",
    ),
    Guard(
        "only the generation that serves is read", LAES_AKTER,
        "    AND EXISTS (SELECT FROM delivery.generationer WHERE serverer AND nummer = {nummer})\n", "", DIREKTE, "swap",
    ),
    Guard("a read's line is committed", LAES_AKTER, "*kald, FULDFOER)", "*kald, SERVERER)", DIREKTE, "ones_own"),
    Guard("a read is noted", LAES_AKTER, "), noteret AS ({noter})\n", ")\n", DIREKTE, "ones_own"),
    Guard(
        "a generation is asked for again", LAES_MANGE, "nummer, self._generation = self._generation, None", "nummer = self._generation",
        DIREKTE, "swap",
    ),
    Guard(
        "a header given twice is the framework's", HENT_DIREKTE, "            if navn in hoveder:\n                return None\n", "",
        DIREKTE, "whoever",
    ),
    Guard("a role may read", HENT_DIREKTE, "if not _maa(bruger):", "if False:", DIREKTE, "whoever"),
    Guard("a query is the framework's", HENT_DIREKTE, ' or scope["query_string"]', "", DIREKTE, "whoever"),
    Guard(
        "keys of others are looked for", LAES_MANGE,
        "if andre := skrevet.navne - {fundet.hoved.sags_id, fundet.hoved.borger_id}:", "if andre := set():", DIREKTE, "scheme",
    ),
    Guard(
        "an answered moment is a floor", "hub/projections/read.py", "        conn.execute(_SAET_GULV, vaerdier)\n", "",
        API + "test_api_som_det_var.py", "Loentilskud",
    ),
    Guard(
        "a moment ahead of the projection waits", "hub/api/laes_sag.py",
        "if foran is None or not foran.har_naaet_til(oensket.as_of):", "if False:", API + "test_api_laesning.py", "as_of_waits",
    ),
    Guard(
        "a case with documents is opened", LAES_AKTER,
        "sager.udpak(sag) if _dokumenter.decode(sag).dokumenter else None", "None", PDF, "lists_its_documents",
    ),
    Guard("a relay gives up lanes", RELAY, "            self._baner[navn].slippes = True\n", "            pass\n", SPREAD, ""),
    Guard("a relay counts a lane that it gives up once", RELAY, " and not self._baner[navn].slippes]", "]", LANES, ""),
    Guard("a lane at work is not given up", RELAY, "if bane.slippes and bane.i_ro]", "if bane.slippes]", LANES, ""),
    Guard("a sequencer gives up lanes", OMGANG, "                await self._giv_fra(-mangler)\n", "                pass\n", SEKVENSER, ""),
    Guard(
        "a lane with an unknown outcome is kept", OMGANG,
        "sorted(self.baner - {bane(kode) for kode in self._ukendte})[-antal:]", "sorted(self.baner)[-antal:]", GIV_FRA, "",
    ),
    Guard(
        "what was sent is marked before its lane is given up", OMGANG,
        "        if fra:\n            await self._marker()\n", "        if fra:\n", GIV_FRA, "",
    ),
    Guard("a migration lets others pass", MIGRER, "        conn.execute(text(SAET_LAASETID))\n", "", MIGRATIONS, "hold_up"),
    Guard("a migration is tried again", MIGRER, "if not tilbage or not isinstance(fejl.orig, OPTAGET):", "if True:", MIGRATIONS, ""),
    Guard("several verify one moment", VERIFY_PART, "        if name is not None:\n", "        if False:\n", CLI_VERIFY, "beside_traffic"),
    Guard(
        "partitions are reported in order", SHARES,
        "[self._reports[partition] for partition in partitions]", "list(self._reports.values())", CLI_VERIFY, "several_processes",
    ),
    Guard("jobcentres are reported in order", NUMBERS, "sorted(self.found.items())", "self.found.items()", CLI_VERIFY, "several_processes"),
    Guard(
        "processes end with their starter", PROCESSES,
        "            process.terminate()\n", "            continue\n", CLI_VERIFY, "cut_short",
    ),
    Guard(
        "rows of no act are looked for", VERIFY,
        "    rapport.fundne.tag(rapport.akter.rest(opgave.conn, opgave.udvalg))\n", "", ROWS, "act or changed_is",
    ),
    Guard(
        "acts without a row are named", LEDGERAKTER,
        "                if akt not in har:\n", "                if False:\n", ROWS, "act or changed_is",
    ),
    Guard(
        "an act set aside has its row", LEDGERFORSKELLE,
        "_akterne((*kendte.values(), *(i.haendelse for i, _ in foldet.afviste)))", "()", ROWS, "no_findings",
    ),
    Guard(
        "receipts are compared", VERIFY,
        "        rapport.fundne.tag(anmodningsforskelle(opgave.conn, foldede))\n", "", ROWS, "changed_is",
    ),
    Guard(
        "headers of what was sent are compared", LEDGERFORSKELLE,
        "            yield from _hovedforskelle(navn, sted, raekke, paa_log)\n", "", ROWS, "headers",
    ),
    Guard(
        "headers of what is on its way are compared", LEDGERFORSKELLE,
        "            yield from _hovedforskelle(navn, sted, raekke, _ikke_paa_log(log, raekke, kodeks))\n", "", ROWS, "link_by_link",
    ),
    Guard("an act on its way has its row", LEDGERFORSKELLE, "_akterne(kendte.values())", "()", ROWS, "nowhere"),
)  # fmt: skip
"""A further line is a row here."""
