"""`hub watch`: the reference jobcentre."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Any

import aiohttp
import msgspec
import typer
from aiokafka.errors import KafkaError

from hub.bootstrap import Hus
from hub.cli.centres import Jobcentre
from hub.cli.facts import facts, headline
from hub.cli.form import FINDING, AsJson, finding, json_line, misuse, say
from hub.cli.reach import reach
from hub.cli.where import api_address
from hub.consumers.jobcenter import Besked, Modtagelse, Modtager, Opfoelgning, bliv_ved, lyt
from hub.events.journal import slutninger
from hub.events.topics import notifikationstopic
from hub.operations.token import NoToken, issue

MINUTES = 24 * 60
SHOUTS: dict[Modtagelse, str] = {
    "hul": "HUL: nummer {venter} til {foer} mangler før #{nummer}",
    "afvigende": "AFVIGELSE: #{nummer} er kommet igen med andet indhold",
}


def watch(
    jobcentre: Jobcentre,
    from_: Annotated[int, typer.Option("--from", min=1, help="The first number to show.")] = 1,
    count: Annotated[int | None, typer.Option(min=1, help="End after so many notifications.")] = None,
    once: Annotated[bool, typer.Option("--once", help="End at what the topic has now.")] = False,
    api: Annotated[str | None, typer.Option(help="The hub's address.", show_default="the API of this data folder")] = None,
    token: Annotated[str | None, typer.Option(help="A bearer token.", show_default="one of the development issuer")] = None,
    as_json: AsJson = False,
) -> None:
    """Subscribe as a jobcentre: judge each notification by its number, fetch what it names, check the version, print it in Danish.

    Exit 1 when a number was missing, a repeat differed, or a document was older than announced or not to be had.
    """
    hub = reach()
    try:
        bearer = token or issue(hub.settings, "system", [jobcentre], f"jobcenter {jobcentre}", MINUTES).token
        topic = notifikationstopic(jobcentre).navn
    except (NoToken, ValueError) as problem:
        raise misuse(str(problem)) from problem
    centre = Centre(api or api_address(hub.settings), bearer, from_, as_json)
    say(f"Jobcenter {jobcentre} lytter på {topic} og henter hos {centre.api}")
    try:
        asyncio.run(centre.listen(hub, jobcentre, count, once))
    except KeyboardInterrupt:
        say("")
    except aiohttp.ClientError as problem:
        raise finding(f"The API at {centre.api} does not answer ({type(problem).__name__}).") from problem
    say(centre.summary())
    if centre.wrong:
        raise typer.Exit(FINDING)


class Centre:
    """What the jobcentre knows: the numbers it has seen, what it fetched, what was wrong."""

    def __init__(self, api: str, bearer: str, first: int, as_json: bool) -> None:
        self.api = api
        self.fetched = 0
        self.behind = 0
        self._bearer = bearer
        self._first = first
        self._as_json = as_json
        self._receiver = Modtager(sidste=first - 1)

    @property
    def wrong(self) -> bool:
        """A gap, a copy that differs, or a document older than announced."""
        return bool(self.behind or self._receiver.taeller.keys() & SHOUTS.keys())

    def summary(self) -> str:
        """One line at the end."""
        seen = ", ".join(f"{judgement} {n}" for judgement, n in sorted(self._receiver.taeller.items())) or "ingen"
        return f"notifikationer: {seen}; hentet {self.fetched}, ældre end annonceret eller ikke at få {self.behind}"

    async def listen(self, hub: Hus, jobcentre: str, count: int | None, once: bool) -> None:
        """Receive until there are `count`, until the topic's end as it is now (`once`), or until cancelled."""
        end = await _end(hub, jobcentre) if once else None
        if end == 0:
            return
        headers = {"Authorization": f"Bearer {self._bearer}"}
        stream = lyt(hub.options, hub.kodeks, jobcentre)
        async with aiohttp.ClientSession(base_url=self.api, headers=headers) as http:
            try:
                await self._receive(stream, http, count, end)
            finally:
                await stream.aclose()  # type: ignore[attr-defined]

    async def _receive(self, stream: AsyncIterator[Besked], http: aiohttp.ClientSession, count: int | None, end: int | None) -> None:
        shown = 0
        async for message in stream:
            if message.notifikation.nummer >= self._first:
                await self._one(message, http)
                shown += 1
            if shown == count or (end is not None and message.offset >= end - 1):
                return

    async def _one(self, message: Besked, http: aiohttp.ClientSession) -> None:
        expected = self._receiver.sidste + 1
        judgement = self._receiver.modtag(message)
        number = message.notifikation.nummer
        if judgement in SHOUTS:
            say(SHOUTS[judgement].format(venter=expected, foer=number - 1, nummer=number))
        answer = None if judgement == "gentaget" else await bliv_ved(http, message.notifikation)
        self.fetched += answer is not None
        self.behind += answer is not None and not answer.ok
        self._show(message, judgement, answer)

    def _show(self, message: Besked, judgement: Modtagelse, answer: Opfoelgning | None) -> None:
        if self._as_json:
            json_line(_as_json(message, judgement, answer))
            return
        typer.echo(headline(message.notifikation) + (" (gentaget)" if answer is None else ""))
        for line in _lines(answer) if answer is not None else ():
            typer.echo(line)


def _lines(answer: Opfoelgning) -> list[str]:
    if answer.status == 200:
        return [*facts(answer.dokument), *([] if answer.ok else ["   ÆLDRE END ANNONCERET"])]
    return [f"   KAN IKKE HENTES: {answer.status} {answer.dokument.get('fejltekst', '')}"]


def _as_json(message: Besked, judgement: Modtagelse, answer: Opfoelgning | None) -> dict[str, Any]:
    followed = None if answer is None else {"status": answer.status, "ok": answer.ok, "document": answer.dokument}
    return {"judgement": judgement, "notification": msgspec.to_builtins(message.notifikation), "follow_up": followed}


async def _end(hub: Hus, jobcentre: str) -> int:
    """The offset after the last notification; 0 when the jobcentre was never told anything and has no topic."""
    try:
        return (await slutninger(hub.options, notifikationstopic(jobcentre).navn)).get(0, 0)
    except KafkaError as problem:
        if "no topic" in str(problem):
            return 0
        raise
