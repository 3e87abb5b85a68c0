"""Who a CPR number is (table `keys.personer`): keyed hash → borgerId. A citizen has one number that counts, and perhaps earlier ones.

An earlier number still finds the citizen; nothing new is recorded by it. Whoever opens a case by a number holds its row, shared, to the
commit, and who changes the number holds it alone, so a change sees every case, or its citizen's next case sees the change.
"""

import hashlib
import hmac
import uuid
from collections.abc import Iterable, Mapping, Sequence, Set
from enum import Enum
from typing import NamedTuple

from sqlalchemy import Connection

from hub.events.forbindelse import Raekke, raa_forbindelse

FIND = "SELECT cpr_hmac, borger_id, gaeldende FROM keys.personer WHERE cpr_hmac = ANY(%(hmacs)b)"
HOLD = f"{FIND} ORDER BY cpr_hmac FOR SHARE"
TAG = f"{FIND} ORDER BY cpr_hmac FOR UPDATE"
NYE = """
INSERT INTO keys.personer (cpr_hmac, borger_id, gaeldende)
SELECT n.cpr_hmac, n.borger_id, %(gaeldende)s
FROM unnest(%(hmacs)b::bytea[], %(borgere)b::text[]) AS n (cpr_hmac, borger_id)
ORDER BY n.cpr_hmac
ON CONFLICT DO NOTHING RETURNING cpr_hmac, borger_id, gaeldende
"""
# Two statements: with one, both numbers would count for a moment, which the index forbids.
GAELDER_IKKE = "UPDATE keys.personer SET gaeldende = false WHERE borger_id = %(borger)s AND gaeldende AND cpr_hmac <> %(hmac)b"
GAELDER = "UPDATE keys.personer SET gaeldende = true WHERE cpr_hmac = %(hmac)b AND NOT gaeldende"
SAGER = "SELECT noegle FROM keys.noegler WHERE borger_id = %(borger)s AND slags = 'sag' ORDER BY noegle LIMIT %(maks)s"


class Person(NamedTuple):
    """Whose a number is, and whether it is that citizen's current one."""

    borger_id: str
    gaeldende: bool


class IkkeGaeldende(Exception):
    """Some of the CPR numbers (`numre`, never in the text) are not their citizens' current ones."""

    def __init__(self, numre: Set[str]) -> None:
        super().__init__(f"{len(numre)} of the numbers are not current ones")
        self.numre = numre


class Nummerskift(Enum):
    """What came of a change of number: made, or why not."""

    SKIFTET = "skiftet"
    UKENDT = "the old number is nobody's"
    IKKE_GAELDENDE = "the old number is not the current one, nor is the new one"
    OPTAGET = "the new number is another citizen's"


class Personregister:
    """Finds, makes and renumbers citizens; `noegle` keys the hashes. Everything is kept when the caller commits."""

    def __init__(self, noegle: bytes) -> None:
        self._noegle = noegle

    def find(self, conn: Connection, cpr: str) -> Person | None:
        """Whose number it is, or was; None: nobody's."""
        fundet = _spoerg(conn, FIND, hmacs=[self._hmac(cpr)])
        return Person(*fundet[0][1:]) if fundet else None

    def borgere(self, conn: Connection, cprs: Iterable[str]) -> dict[str, str]:
        """CPR number → borgerId; citizens not met before get a random one.

        Raises `IkkeGaeldende`, and then nobody was made, when one of the numbers does not count any more.
        """
        hmacs = {cpr: self._hmac(cpr) for cpr in cprs}
        kendte = self._holdt(conn, hmacs.values())
        _kraev_gaeldende(hmacs, kendte)
        nye = sorted(set(hmacs.values()) - kendte.keys())
        if nye:
            lavet = _spoerg(conn, NYE, hmacs=nye, borgere=[str(uuid.uuid4()) for _ in nye], gaeldende=True)
            kendte |= _personer(lavet)
            kendte |= self._holdt(conn, [h for h in nye if h not in kendte])
            _kraev_gaeldende(hmacs, kendte)
        return {cpr: kendte[h].borger_id for cpr, h in hmacs.items()}

    def skift(self, conn: Connection, gammelt: str, nyt: str) -> Nummerskift:
        """Make `nyt` the current number of the citizen whose current one `gammelt` is; again, it changes nothing. Holds both rows."""
        foer, efter = self._hmac(gammelt), self._hmac(nyt)
        borger = _personer(_spoerg(conn, TAG, hmacs=sorted([foer, efter]))).get(foer)
        if borger is None:
            return Nummerskift.UKENDT
        # Waits for whoever makes the number's first citizen at this moment; it is then theirs.
        _spoerg(conn, NYE, hmacs=[efter], borgere=[borger.borger_id], gaeldende=False)
        (ny,) = _personer(_spoerg(conn, TAG, hmacs=[efter])).values()
        if ny.borger_id != borger.borger_id:
            return Nummerskift.OPTAGET
        if not borger.gaeldende and not ny.gaeldende:
            return Nummerskift.IKKE_GAELDENDE
        raa = raa_forbindelse(conn)
        raa.execute(GAELDER_IKKE, {"borger": borger.borger_id, "hmac": efter}, binary=True)
        raa.execute(GAELDER, {"hmac": efter}, binary=True)
        return Nummerskift.SKIFTET

    def sager(self, conn: Connection, borger_id: str, maks: int) -> list[str]:
        """The citizen's cases in sorted order, at most `maks`: every case has a key, made with it and erased with its citizen."""
        svar = raa_forbindelse(conn).execute(SAGER, {"borger": borger_id, "maks": maks}, binary=True)
        return [navn for (navn,) in svar.fetchall()]

    def _holdt(self, conn: Connection, hmacs: Iterable[bytes]) -> dict[bytes, Person]:
        soegte = sorted(set(hmacs))
        return _personer(_spoerg(conn, HOLD, hmacs=soegte)) if soegte else {}

    def _hmac(self, cpr: str) -> bytes:
        return hmac.digest(self._noegle, cpr.encode(), hashlib.sha256)


def _kraev_gaeldende(hmacs: Mapping[str, bytes], kendte: Mapping[bytes, Person]) -> None:
    gamle = {cpr for cpr, h in hmacs.items() if h in kendte and not kendte[h].gaeldende}
    if gamle:
        raise IkkeGaeldende(gamle)


def _personer(raekker: Iterable[Raekke]) -> dict[bytes, Person]:
    return {hmac_: Person(borger_id, gaeldende) for hmac_, borger_id, gaeldende in raekker}


def _spoerg(conn: Connection, sql: str, **felter: Sequence[str] | Sequence[bytes] | bool) -> list[Raekke]:
    return raa_forbindelse(conn).execute(sql, felter, binary=True).fetchall()
