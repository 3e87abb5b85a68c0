"""A later release: a copy of the tree with a revision more in every chain of migrations and another projection version."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from hub.events.tables import SKEMAER
from rig.guards import kopi
from rig.processes import Rig

REVISION = '''"""A later release: a column more on every table, with an index, and a table more."""

import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "{schema}_9001", "{head}", None, None
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = '{schema}' AND tablename <> 'alembic_version' ORDER BY 1"


def upgrade() -> None:
    for (table,) in op.get_bind().execute(sa.text(TABLES)).fetchall():
        op.add_column(table, sa.Column("senere", sa.Text()), schema="{schema}")
        op.create_index(f"ix_{{table}}_senere", table, ["senere"], schema="{schema}")
    op.create_table("senere", sa.Column("id", sa.BigInteger(), primary_key=True), schema="{schema}")
'''
VERSION = "PROJEKTIONSVERSION = VISNINGER * FOLD_VERSION + "


class Release:
    """The later release's code in a folder."""

    def __init__(self, folder: Path, rig: Rig) -> None:
        self.tree, self._rig = kopi(folder), rig
        for schema in SKEMAER:
            chain = self.tree / "hub" / "migrations" / schema
            head = sorted(chain.glob(f"{schema}_*.py"))[-1].stem
            (chain / f"{schema}_9001.py").write_text(REVISION.format(schema=schema, head=head), encoding="utf-8")
        made_by = self.tree / "hub" / "projections" / "generation.py"
        before = made_by.read_text(encoding="utf-8")
        assert before.count(VERSION) == 1
        made_by.write_text(before.replace(VERSION, f"{VERSION}1 + "), encoding="utf-8")

    @property
    def environment(self) -> dict[str, str]:
        """What a process runs this code with: the folder that it is started in does not count."""
        return {"PYTHONPATH": str(self.tree), "PYTHONSAFEPATH": "1"}

    def call(self, *verb: str, seconds: float = 240) -> subprocess.CompletedProcess[str]:
        """Run its `hub VERB` to its end."""
        command = [sys.executable, "-m", "hub.cli", *verb]
        environment = {**os.environ, **self._rig.environment(), **self.environment}
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=seconds, check=False)

    def said(self, *verb: str) -> Any:
        """The JSON that a verb printed; it must have ended well."""
        done = self.call(*verb, "--json")
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        return json.loads(done.stdout)


def revisions(rig: Rig) -> set[str]:
    """Where the chains stand."""
    return {str(row[0]) for schema in SKEMAER for row in rig.sql(f"SELECT version_num FROM {schema}.alembic_version")}
