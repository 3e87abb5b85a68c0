"""The live transaction on a real PostgreSQL."""

import pytest

from hub.domain import haendelser as h
from hub.projections.live import Anvendt, Hul

pytestmark = pytest.mark.integration


def test_a_part_moves_rows_notifications_and_checkpoint(projektion, loggen, db):
    """Rows, timeline, notifications and checkpoint are all there after one part."""
    sag = loggen.sag().bevilget()
    assert projektion.anvend(0, loggen.poster) == Anvendt(3, 3, 0, 0)
    assert db.checkpoint() == 3 and projektion.checkpoint(0) == 3
    assert db.versioner() == {sag.id: 3}
    assert db.gemt() == [(sag.id, 1), (sag.id, 2), (sag.id, 3)]
    assert db.raekker("SELECT version, kafka_offset FROM gen.tidslinje ORDER BY 1") == [(1, 0), (2, 1), (3, 2)]
    assert db.raekker("SELECT ekstern_identifier, status FROM gen.bevillinger") == [(sag.akt("bev"), "Udstedt")]
