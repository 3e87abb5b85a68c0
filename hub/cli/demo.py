"""`hub demo` and `hub bench`: see it work, and see how fast."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Any

import typer

from hub.cli.form import AsJson, json_line, say
from hub.local.bench.koersel import koer
from hub.local.bench.lige import lige_for_lige, tabel
from hub.local.bench.tal import maskine
from hub.local.bench.vaekst import vaekst
from hub.local.demo.forestilling import KAPITLER, spil, valgte
from hub.local.demo.historie import Historie, Kapitel, Resultat
from hub.local.stak import stak


class Part(StrEnum):
    """What `hub bench` measures."""

    alt = "all"
    hub = "hub"
    like_for_like = "like-for-like"
    growth = "growth"


def demo(
    rule: Annotated[str | None, typer.Option(help="Only the stories of one rule, e.g. R-2.2.")] = None,
    chapter: Annotated[int | None, typer.Option(min=1, max=len(KAPITLER), help="Only one chapter; the last is the hub's own.")] = None,
    as_json: AsJson = False,
) -> None:
    """Play the release note's stories on a real Kafka and a real PostgreSQL; exit 1 unless every one comes out right."""
    historier = valgte(rule, chapter)
    if not historier:
        regler = ", ".join(dict.fromkeys(historie.regel for _, historie in valgte(kapitel=chapter)))
        raise typer.BadParameter(f"no story tells of {rule}; there are {regler}", param_hint="--rule")
    say("Starting a Kafka and a PostgreSQL of their own; they are gone afterwards.")
    rapport = spil(historier, _tavs if as_json else _Fortaeller())
    if as_json:
        json_line(rapport)
    else:
        rigtige = sum(historie["ok"] for historie in rapport["stories"])
        typer.echo(f"\n{rigtige} of {len(rapport['stories'])} stories came out right.")
        typer.echo(f"{rapport['events']} events, {rapport['notifications']} notifications, {rapport['followed_up']} followed up.")
    if not rapport.ok:
        raise typer.Exit(1)


def bench(
    events: Annotated[int, typer.Option(min=1000, help="How many events are appended and pushed through the live path.")] = 40_000,
    seconds: Annotated[int, typer.Option(min=5, help="How long the latency is measured.")] = 60,
    rate: Annotated[int, typer.Option(min=10, help="Actions a second while the latency is measured.")] = 200,
    cases: Annotated[int, typer.Option(min=1000, help="Cases of the like-for-like table, five events each.")] = 100_000,
    rounds: Annotated[int, typer.Option(min=1, help="Rounds of the like-for-like table; their medians are shown.")] = 3,
    growth: Annotated[int, typer.Option(min=10_000, help="Events of the longest log whose rebuild's cost an event is measured.")] = 100_000,
    part: Annotated[Part, typer.Option(help="Only the hub's own figures, the like-for-like table, or the growth.")] = Part.alt,
    as_json: AsJson = False,
) -> None:
    """Measure append, live path and rebuild beside plain peers, and one small read model beside other frameworks, on the same machine."""
    rapport: dict[str, Any] = {"machine": maskine()}
    if part in (Part.alt, Part.hub):
        rapport |= koer(events, seconds, rate, say)
    if part in (Part.alt, Part.like_for_like):
        with stak() as hus:
            rapport |= lige_for_lige(hus, cases, rounds, say)
    if part in (Part.alt, Part.growth):
        with stak() as hus:
            rapport["growth"] = vaekst(hus, growth, say)
    if as_json:
        json_line(rapport)
        return
    _vis(rapport)


def _vis(rapport: dict[str, Any]) -> None:
    typer.echo(rapport["machine"])
    for del_ in ("append", "live", "rebuild"):
        for navn, tal in rapport.get(del_, {}).items():
            typer.echo(f"{del_:<8}{navn:<32}{tal:>12}")
    for maalt in rapport.get("growth", {}).get("sizes", ()):
        typer.echo(f"growth  {maalt}")
    for linje in tabel(rapport) if "like_for_like" in rapport else ():
        typer.echo(linje)


class _Fortaeller:
    """Tells each story as it ends, under its chapter's heading."""

    def __init__(self) -> None:
        self._kapitel: Kapitel | None = None

    def __call__(self, kapitel: Kapitel, historie: Historie, resultat: Resultat, linjer: Sequence[str]) -> None:
        if kapitel is not self._kapitel:
            self._kapitel = kapitel
            typer.echo(f"\n── {kapitel.nummer}. {kapitel.titel} ──")
        typer.echo(f"\n{'✔' if resultat.ok else '✘'} {historie.regel}  {historie.titel}")
        for linje in linjer:
            typer.echo(linje)
        if not resultat.ok:
            typer.echo(f"   seen      {resultat.seen}\n   expected  {resultat.expected}")


def _tavs(kapitel: Kapitel, historie: Historie, resultat: Resultat, linjer: Sequence[str]) -> None:
    """Nothing: the report is printed at the end."""
