"""`hub renotify`: exact copies on the same topic, which nobody is misled by; cut short anywhere, it goes on and skips nothing."""

import asyncio
import getpass
import json
import signal
from collections import Counter
from collections.abc import Iterator
from typing import Any

import aiohttp
import orjson
import pytest

from hub.events.journal import Post, laes, slutninger
from hub.events.topics import DRIFT, notifikationstopic
from hub.local.generator import generer
from hub.notifications.genudsend import alene

from .conftest import Hub

pytestmark = pytest.mark.integration
MARK = ("genafspilning", b"true")


@pytest.fixture(scope="module")
def run(hub: Hub) -> Iterator[Hub]:
    """A worker runs, cases are recorded and told of."""
    with hub.running("worker"):
        text = "".join(orjson.dumps(action).decode() + "\n" for action in generer(30, 61))
        assert hub("append", "-", stdin=text).code == 0
        hub.settled()
        yield hub


def _busiest(hub: Hub) -> tuple[str, int]:
    """The jobcentre that was told most, and its last number."""
    ((code, sent),) = hub.sql("SELECT job_center_kode, sendt FROM delivery.numre ORDER BY sendt DESC LIMIT 1")
    return code, sent


def _read(hub: Hub, topic: str) -> list[Post]:
    async def read() -> list[Post]:
        options = hub.hus().options
        end = (await slutninger(options, topic))[0]
        return [post async for _, part in laes(options, topic, {0: 0}, {0: end}) for post in part]

    return asyncio.run(read())


def _topic(hub: Hub, code: str) -> list[Post]:
    return _read(hub, notifikationstopic(code).navn)


def _number(hub: Hub, post: Post) -> int:
    return int(hub.hus().kodeks.afkod_notifikation(post.vaerdi or b"").nummer)


def _said(hub: Hub) -> list[Any]:
    """The operators' events about sending again, as they came."""
    hub.settled()
    events = [hub.hus().kodeks.afkod_drift(post.vaerdi or b"") for post in _read(hub, DRIFT)]
    return [event.data for event in events if event.type.startswith("Genudsendelse")]


def test_a_copy_is_what_was_sent_in_every_byte(run: Hub) -> None:
    """Same key, bytes and headers with one more, in order; who, why and what are on the operators' log, before and after."""
    code, sent = _busiest(run)
    last = min(sent, 40)
    before, said = _topic(run, code), len(_said(run))
    seen = run("renotify", "--jobcentre", code, "--numbers", f"2-{last - 1}", "--why", "proeve", "--json")
    assert seen.code == 0 and (seen.json["executed"], seen.json["notifications"]) == (False, last - 2)
    assert seen.json["recipients"] == {code: last - 2} and seen.json["cases"] >= 1 and seen.json["oldest"] and seen.json["seconds"] > 0
    assert _topic(run, code) == before and len(_said(run)) == said
    done = run("renotify", "--jobcentre", code, "--numbers", f"2-{last - 1}", "--why", "nyt fagsystem", "--json", "--execute")
    assert done.code == 0 and (done.json["notifications"], done.json["first"], done.json["last"]) == (last - 2, 2, last - 1)
    copies = _topic(run, code)[len(before) :]
    first = {_number(run, post): post for post in reversed(before)}
    assert [_number(run, post) for post in copies] == list(range(2, last))
    for post in copies:
        original = first[_number(run, post)]
        assert (post.noegle, post.vaerdi, post.hoveder) == (original.noegle, original.vaerdi, (*original.hoveder, MARK))
    who = (getpass.getuser(), "nyt fagsystem")
    assert [(type(d).__name__, d.jobCenterKode, d.valg, d.fra, d.til, d.antal, d.hvem, d.hvorfor) for d in _said(run)[said:]] == [
        (name, code, f"numbers 2-{last - 1}", 2, last - 1, last - 2, *who) for name in ("GenudsendelseBegyndt", "GenudsendelseUdfoert")
    ]


def test_nobody_is_misled_by_copies(run: Hub) -> None:
    """The reference jobcentre skips them, the pull feed has each once, verify counts them as repeats and finds nothing."""
    code, last = _busiest(run)
    feed = "SELECT id, nummer, vaerdi, sendt, kafka_offset FROM delivery.notifikationer ORDER BY id"
    before = run.sql(feed)
    assert run("renotify", "--jobcentre", code, "--since", "2020-01-01T00:00:00Z", "--why", "proeve", "--execute").code == 0
    assert run.sql(feed) == before
    with run.running("api"):
        said = run("watch", "--jobcentre", code, "--once", "--json")
        assert said.code == 0, said.err
        judged = Counter(line["judgement"] for line in said.lines)
        assert judged["ny"] == last and judged["gentaget"] >= last and set(judged) == {"ny", "gentaget"}
        numbers = asyncio.run(_pull(run, code))
    assert numbers == list(range(1, last + 1))
    found = run("verify", "--json")
    assert found.code == 0 and found.json["differences"] == 0


async def _pull(run: Hub, code: str) -> list[int]:
    address = json.loads((run.folder / "api.json").read_text())["address"]
    headers = {"Authorization": f"Bearer {run('token', '--role', 'system', '--jobcentre', code).out.strip()}"}
    async with aiohttp.ClientSession(headers=headers) as http, http.get(f"{address}/v1/notifikationer?maks=1000") as answer:
        return [n["nummer"] for n in (await answer.json())["notifikationer"]]


def test_a_case_s_own_are_sent_and_no_other_s(run: Hub) -> None:
    """With --case exactly what the jobcentre was told of that case comes again."""
    code, _ = _busiest(run)
    ((case, count),) = run.sql(
        f"SELECT sags_id, count(*) FROM delivery.notifikationer WHERE job_center_kode = '{code}' GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 1"
    )
    before = len(_topic(run, code))
    done = run("renotify", "--jobcentre", code, "--case", case, "--why", "proeve", "--execute", "--json")
    copies = [run.hus().kodeks.afkod_notifikation(post.vaerdi or b"") for post in _topic(run, code)[before:]]
    assert done.json["notifications"] == count == len(copies) and {n.sagsId for n in copies} == {case}


@pytest.mark.faults
@pytest.mark.parametrize("blow", [signal.SIGKILL, signal.SIGINT], ids=["kill -9", "Ctrl-C"])
def test_cut_short_it_goes_on_and_skips_nothing(run: Hub, blow: signal.Signals) -> None:
    """Ended at any moment: the next call names the place, sends the rest and what it cannot be sure of, and no number lacks its copy."""
    code, last = _busiest(run)
    since = f"2020-01-0{blow.value % 9 + 1}T00:00:00Z"
    call = ("renotify", "--jobcentre", code, "--since", since, "--why", "proeve", "--rate", "4", "--execute", "--json")
    before, said = len(_topic(run, code)), len(_said(run))
    process = run.start(*call, log="cut.log")
    run.eventually(lambda: run.sql("SELECT naaet > 4 FROM delivery.genudsendelser") == [(True,)])
    process.send_signal(blow)
    process.communicate(timeout=30)
    assert process.returncode == (-9 if blow == signal.SIGKILL else 1)
    ((place,),) = run.sql("SELECT naaet FROM delivery.genudsendelser")
    assert 4 < place < last
    other = run("renotify", "--jobcentre", code, "--numbers", "1", "--why", "proeve", "--json")
    assert other.json["goes_on_after"] is None and len(other.json["unfinished"]) == 1
    # A session that was killed with its process is gone when the server notices.
    run.eventually(lambda: run(*call[:-4], "--json").json["goes_on_after"] == place)
    run.eventually(lambda: run(*call[:-4], "--execute").code == 0)
    copies = [_number(run, post) for post in _topic(run, code)[before:]]
    assert set(copies) == set(range(1, last + 1)) and max(Counter(copies).values()) <= 2
    assert run.sql("SELECT * FROM delivery.genudsendelser") == []
    names = [type(d).__name__ for d in _said(run)[said:]]
    assert names == ["GenudsendelseBegyndt", "GenudsendelseBegyndt", "GenudsendelseUdfoert"]
    assert _said(run)[-1].antal >= last and run("verify").code == 0


def test_two_at_once_are_refused(run: Hub) -> None:
    """One at a time to a jobcentre: two would pass each other's place."""
    code, _ = _busiest(run)
    call = ("renotify", "--jobcentre", code, "--numbers", "1", "--why", "proeve", "--execute")
    engine = run.hus().motor("test", 2)
    try:
        with alene(engine, code):
            refused = run(*call)
            assert refused.code == 1 and "somebody else" in refused.err
    finally:
        engine.dispose()


@pytest.mark.faults
@pytest.mark.parametrize(
    ("args", "code", "says"),
    [
        (("--jobcentre", "99999", "--numbers", "1"), 1, "no jobcentre 99999"),
        (("--jobcentre", "7510", "--numbers", "1"), 1, "five digits"),
        (("--jobcentre", "41199", "--numbers", "1"), 1, "no jobcentre"),
        (("--jobcentre", "82599", "--numbers", "1"), 1, "was never sent"),
        (("--numbers", "1-999999"), 1, "999999 is not sent yet"),
        (("--since", "2999-01-01T00:00:00Z"), 1, "sent nothing like that"),
        (("--case", "00000000-0000-4000-8000-000000000000"), 1, "sent nothing like that"),
        (("--numbers", "5-2"), 2, "A not above B"),
        (("--numbers", "0-2"), 2, "from 1 on"),
        (("--since", "i går"), 2, "RFC 3339"),
        (("--case", "x"), 2, "uuid"),
        ((), 2, "one of --since"),
        (("--numbers", "1", "--since", "2025-01-01T00:00:00Z"), 2, "one of --since"),
    ],
)
def test_what_cannot_be_sent_is_refused_in_words(run: Hub, args: tuple[str, ...], code: int, says: str) -> None:
    """Unknown jobcentre, never told, not sent yet, nothing like that: 1; a wrong call: 2; nothing is sent and nothing said."""
    centre = () if "--jobcentre" in args else ("--jobcentre", _busiest(run)[0])
    before = len(_said(run))
    said = run("renotify", *centre, *args, "--why", "proeve", "--execute")
    assert (said.code, said.out) == (code, "") and says in said.err
    assert len(_said(run)) == before
