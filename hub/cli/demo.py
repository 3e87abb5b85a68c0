"""`hub demo` and `hub bench`: see it work, and see how fast."""

from collections.abc import Sequence
from typing import Annotated

import typer

from hub.cli.form import AsJson, json_line, say
from hub.local.bench.koersel import koer
from hub.local.demo.forestilling import HISTORIER, spil
from hub.local.demo.historie import Historie, Resultat


def demo(
    rule: Annotated[str | None, typer.Option(help="Only the stories of one rule, e.g. R-2.2.")] = None,
    as_json: AsJson = False,
) -> None:
    """Play the release note's stories on a real Kafka and a real PostgreSQL; exit 1 unless every one comes out right."""
    if rule is not None and all(h.regel != rule for h in HISTORIER):
        raise typer.BadParameter(
            f"no story tells of {rule}; there are {', '.join(sorted({h.regel for h in HISTORIER}))}", param_hint="--rule"
        )
    say("Starting a Kafka and a PostgreSQL of their own; they are gone afterwards.")
    rapport = spil(rule, _tavs if as_json else _vis)
    if as_json:
        json_line(rapport)
    else:
        typer.echo(f"\n{rapport['events']} events, {rapport['notifications']} notifications, {rapport['followed_up']} followed up.")
    if not rapport.ok:
        raise typer.Exit(1)


def bench(
    events: Annotated[int, typer.Option(min=1000, help="How many events are appended and pushed through the live path.")] = 40_000,
    seconds: Annotated[int, typer.Option(min=5, help="How long the latency is measured.")] = 60,
    rate: Annotated[int, typer.Option(min=10, help="Actions a second while the latency is measured.")] = 200,
    as_json: AsJson = False,
) -> None:
    """Measure append, live latency and saturated throughput, each beside a plain Faust agent on the same machine in the same run."""
    rapport = koer(events, seconds, rate, say)
    if as_json:
        json_line(rapport)
        return
    typer.echo(rapport["machine"])
    for del_ in ("append", "live"):
        for navn, tal in rapport[del_].items():
            typer.echo(f"{del_:<8}{navn:<32}{tal:>12}")


def _vis(historie: Historie, resultat: Resultat, linjer: Sequence[str]) -> None:
    typer.echo(f"\n{'✔' if resultat.ok else '✘'} {historie.regel}  {historie.titel}")
    for linje in linjer:
        typer.echo(linje)
    if not resultat.ok:
        typer.echo(f"   seen      {resultat.seen}\n   expected  {resultat.expected}")


def _tavs(historie: Historie, resultat: Resultat, linjer: Sequence[str]) -> None:
    """Nothing: the report is printed at the end."""
