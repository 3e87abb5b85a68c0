"""The key ring on the real PostgreSQL."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from cryptography.exceptions import InvalidTag
from sqlalchemy import Connection, Engine, create_engine, delete, select, update
from sqlalchemy.schema import CreateSchema

from hub.events.keys import Noeglering
from hub.events.tables import METADATA, NOEGLER, PERSONER

pytestmark = pytest.mark.integration
MASTER = bytes(range(32))
CPR = "0101010101"


@pytest.fixture(scope="module")
def motor(database_url: str) -> Iterator[Engine]:
    """An engine on a database with the schema `keys`."""
    motor = create_engine(database_url.replace("postgresql://", "postgresql+psycopg://"))
    with motor.begin() as conn:
        conn.execute(CreateSchema("keys"))
        METADATA.create_all(conn, tables=[NOEGLER, PERSONER])
    yield motor
    motor.dispose()


@pytest.fixture
def conn(motor: Engine) -> Iterator[Connection]:
    """A connection whose work is undone afterwards."""
    with motor.connect() as conn:
        yield conn


@pytest.fixture
def ring() -> Noeglering:
    """A key ring under the tests' master key."""
    return Noeglering(MASTER)


def test_a_citizen_is_found_again_by_cpr(conn: Connection, ring: Noeglering) -> None:
    """The same CPR gives the same borgerId, another CPR another, and looking up makes nobody."""
    assert ring.find_borger(conn, CPR) is None
    fundet = ring.borgere(conn, [CPR, "0202020202", CPR])
    assert len(set(fundet.values())) == 2
    assert ring.borgere(conn, ["0202020202", CPR]) == fundet
    assert ring.find_borger(conn, CPR) == fundet[CPR]


def test_nobody_and_nothing_are_asked_for(conn: Connection, ring: Noeglering) -> None:
    """Empty questions have empty answers."""
    assert ring.borgere(conn, []) == ring.noegler(conn, {}) == ring.hent(conn, []) == {}


def test_the_same_citizen_at_once_is_one_citizen(motor: Engine, ring: Noeglering) -> None:
    """Eight transactions that meet the same new citizens at the same moment, in different orders, agree on every borgerId and key."""
    cprs = [f"{n:010}" for n in range(300, 600)]
    samtidig = Barrier(8)

    def moed(nummer: int) -> tuple[dict[str, str], dict[str, bytes]]:
        med = cprs[30 * nummer :] + cprs[: 30 * nummer]
        with motor.begin() as conn:
            samtidig.wait()
            borgere = ring.borgere(conn, med if nummer % 2 else reversed(med))
            return borgere, ring.noegler(conn, {borger: ("borger", borger) for borger in borgere.values()})

    with ThreadPoolExecutor(8) as traade:
        svar = list(traade.map(moed, range(8)))
    assert all(s == svar[0] for s in svar)
    with motor.connect() as conn:
        assert ring.borgere(conn, cprs) == svar[0][0]
        assert ring.hent(conn, svar[0][0].values()) == svar[0][1]


def test_no_cpr_is_in_the_tables(conn: Connection, ring: Noeglering) -> None:
    """Neither a CPR number nor a clear key is anywhere in schema `keys`, as text or as bytes."""
    borger = ring.borgere(conn, [CPR])[CPR]
    noegle = ring.noegler(conn, {borger: ("borger", borger)})[borger]
    raekker = [*conn.execute(select(PERSONER)), *conn.execute(select(NOEGLER))]
    alt = b"".join(v if isinstance(v, bytes) else str(v).encode() for raekke in raekker for v in raekke)
    assert raekker
    assert CPR.encode() not in alt
    assert noegle not in alt
    assert not re.fullmatch(r"\d{10}", borger)


def test_keys_are_kept_and_differ(conn: Connection, ring: Noeglering) -> None:
    """A key is made once, 32 bytes, and a case's is not its citizen's."""
    borger, sag = str(uuid4()), str(uuid4())
    foerst = ring.noegler(conn, {borger: ("borger", borger), sag: ("sag", borger)})
    assert {len(noegle) for noegle in foerst.values()} == {32}
    assert foerst[borger] != foerst[sag]
    assert Noeglering(MASTER).noegler(conn, {sag: ("sag", borger), borger: ("borger", borger)}) == foerst
    assert conn.execute(select(NOEGLER.c.slags, NOEGLER.c.borger_id).where(NOEGLER.c.noegle == sag)).one() == ("sag", borger)


def test_an_erased_key_is_gone_at_once(motor: Engine, ring: Noeglering) -> None:
    """After another process has erased a citizen, a ring that had used the keys does not have them any more."""
    borger, sag, anden = str(uuid4()), str(uuid4()), str(uuid4())
    with motor.begin() as conn:
        noegler = ring.noegler(conn, {borger: ("borger", borger), sag: ("sag", borger), anden: ("sag", anden)})
    with motor.begin() as slettende:
        slettende.execute(delete(NOEGLER).where(NOEGLER.c.borger_id == borger))
    with motor.connect() as conn:
        assert ring.hent(conn, [borger, sag, anden]) == {anden: noegler[anden]}


def test_a_wrapped_key_is_bound_to_its_name(conn: Connection, ring: Noeglering) -> None:
    """A wrapped key that was moved to another row does not open, and neither does any key under another master key."""
    en, anden = str(uuid4()), str(uuid4())
    ring.noegler(conn, {en: ("sag", en), anden: ("sag", anden)})
    with pytest.raises(InvalidTag):
        Noeglering(bytes(32)).hent(conn, [en])
    indpakket = select(NOEGLER.c.indpakket).where(NOEGLER.c.noegle == en).scalar_subquery()
    conn.execute(update(NOEGLER).where(NOEGLER.c.noegle == anden).values(indpakket=indpakket))
    with pytest.raises(InvalidTag):
        ring.hent(conn, [anden])
