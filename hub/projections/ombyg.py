"""Rebuild: whole cases folded from their records through the same `project` as live traffic, nobody told (architecture 11)."""

from collections.abc import Collection, Mapping, Sequence

from hub.projections.indgang import Afkoder, sagens_indgange
from hub.projections.metoder import billede
from hub.projections.project import Sagsgang, Sidespor, Tilstand, Vis, ingenting
from hub.projections.samling import Raa

Afveje = Mapping[tuple[int, int], str]
"""(partition, offset) → parkeret, genkoert or kasseret."""


class KanIkkeOmbygges(RuntimeError):
    """An event that was applied when it came fails now: the rebuild stops, and parks nothing. Names the place, never the content."""

    def __init__(self, partition: int, offset: int, fejl: str) -> None:
        super().__init__(f"partition {partition} offset {offset}: {fejl}")


def byg_sag(
    sted: tuple[int, bytes], raa: Sequence[Raa], afveje: Afveje, kodeks: Afkoder, kasserede: Collection[bytes] = (), *, vis: Vis = billede
) -> Sagsgang:
    """One case (`sted`: partition and key) from its first record to its last, without what is parked or discarded, with its views by `vis`.

    `kasserede`: hashes of discarded events that are not among the records. Raises `KanIkkeOmbygges`.
    """
    partition, noegle = sted
    til_side = set(kasserede)
    gang = Sagsgang(Tilstand(), Sidespor(kasserede=til_side), ingenting, vis)
    for ind in sagens_indgange(partition, noegle, raa, kodeks):
        if afveje and afveje.get((partition, ind.offset), "genkoert") != "genkoert":
            til_side.add(ind.aftryk)
        else:
            gang.tag(ind)
    if not gang.parkeringer:
        gang.afslut()
    for parkering in gang.parkeringer:
        raise KanIkkeOmbygges(partition, parkering.indgang.offset, parkering.fejl)
    return gang
