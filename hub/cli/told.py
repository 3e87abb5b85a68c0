"""`hub told`: what a jobcentre had been told and had fetched at a moment."""

import getpass
import re
from datetime import datetime
from typing import Annotated

import typer

from hub.api.adgangslog import Soegning, Vist, skriv_soegning
from hub.api.tokens import Bruger
from hub.cli.centres import Jobcentre
from hub.cli.form import AsJson, Purpose, finding, json_line, misuse, say, table
from hub.cli.inprocess import ROLE
from hub.cli.moments import moment
from hub.cli.reach import DATABASE, engine, reach
from hub.operations import told as operation
from hub.operations.renotify import Refused
from hub.operations.told import Act, Told

NAME, AREA = "fortalt", "Fortalt"
"""How the access log calls the question."""
CASE = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
COLUMNS = ("case_id", "act", "what", "told", "number", "announced", "told_at", "fetched", "version", "fetched_at", "behind")


def told(
    jobcentre: Jobcentre,
    at: Annotated[str, typer.Option("--at", help="The moment (RFC 3339, with its offset).")],
    case: Annotated[str | None, typer.Option(metavar="SAGSID", help="Of this case only.")] = None,
    behind: Annotated[bool, typer.Option("--behind", help="Only what it had been told of and had not fetched so new.")] = False,
    purpose: Purpose = None,
    as_json: AsJson = False,
) -> None:
    """What a jobcentre had been told, and had fetched, at a moment: per act the last notification, and the newest version it had read.

    From the notifications and the access log. Nothing of a citizen is shown. The question is in the access log under the operating
    system's user.
    """
    when = moment("--at", at)
    if case is not None and not CASE.fullmatch(case.lower()):
        raise misuse("--case: a case's id is a uuid")
    try:
        found = _ask(jobcentre, when, case and case.lower(), purpose)
    except Refused as problem:
        raise finding(str(problem)) from problem
    _show(found, [act for act in found.acts if act.behind or not behind], as_json)


def _ask(jobcentre: str, at: datetime, case: str | None, purpose: str | None) -> Told:
    """Answered once the question is noted."""
    criteria = {"jobCenterKode": jobcentre, "tidspunkt": at} | ({} if case is None else {"sagsId": case})
    with engine(reach(needs=DATABASE)) as db, db.begin() as conn:
        found = operation.told(conn, jobcentre, at, case)
        newest = max((act.announced or act.version or 0 for act in found.acts), default=0)
        seen = [] if case is None or not found.acts else [Vist(case, newest, None)]
        question = Soegning(NAME, purpose, AREA, criteria, False, None)
        skriv_soegning(conn, Bruger(getpass.getuser(), ROLE, (), None), question, seen)
    return found


def _show(found: Told, acts: list[Act], as_json: bool) -> None:
    rows = [{**vars(act), "behind": act.behind} for act in acts]
    if as_json:
        json_line({**vars(found), "acts": rows})
    elif rows:
        table(rows, COLUMNS)
    say(
        f"By {found.at:%Y-%m-%d %H:%M:%S}Z jobcentre {found.jobcentre} had been sent {found.notifications} notification(s),",
        f"the last number {found.last_number}, and had read {found.reads} time(s);",
        f"{found.behind} act(s) had been announced and not fetched so new.",
    )
