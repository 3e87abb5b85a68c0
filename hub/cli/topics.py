"""`hub topics`: what is declared beside what the cluster has."""

import asyncio

from hub.cli.form import AsJson, Execute, finding, json_line, say, table
from hub.cli.reach import reach
from hub.operations import topics


def topics_(execute: Execute = False, as_json: AsJson = False) -> None:
    """The declared topics beside the cluster's; with --execute the missing ones are made. Exit 1 when one is missing or differs."""
    options = reach().options
    found = asyncio.run(topics.make_missing(options) if execute else topics.listing(options))
    if as_json:
        json_line({"topics": found})
    else:
        table([vars(topic) for topic in found], ("name", "declared_partitions", "partitions", "replicas", "problem"))
    wrong = [topic for topic in found if topic.problem]
    if wrong:
        raise finding(f"{len(wrong)} topic(s) not as declared; missing ones are made by `hub up`, or by --execute here")
    say(f"{len(found)} topics as declared")
