"""In-memory twins of the projection and of the log, for unit tests; held to the same contract tests as the real ones."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field

from hub.consumers.overvaagning import Bremse
from hub.events.journal import Post
from hub.projections.live import Anvendt, Hul, Udfald


def en_post(offset: int) -> Post:
    """A record; its content does not matter to a track."""
    return Post(3, offset, b"sag", b"vaerdi", ())


@dataclass
class Hukommelse:
    """A projection that remembers what it applied, and fails or parks where it is told to."""

    naeste: int = 0
    dele: list[list[int]] = field(default_factory=list)
    fejl: list[Exception] = field(default_factory=list)
    afvis: bool = False
    bremse: Bremse = field(default_factory=Bremse)

    def checkpoint(self, partition: int) -> int:
        """Where it stands."""
        return self.naeste

    def generation(self) -> int:
        """Always the same."""
        return 1

    def anvend_samlet(self, dele: Mapping[int, Sequence[Post]], generation: int) -> dict[int, Udfald] | None:
        """Never together."""
        return None

    def anvend(self, partition: int, poster: Sequence[Post], fra: int | None = None) -> Udfald:
        """Apply what begins at the checkpoint."""
        if self.fejl:
            raise self.fejl.pop(0)
        nye = [p.offset for p in poster if p.offset >= self.naeste]
        if not poster or (fra is None and nye != list(range(self.naeste, self.naeste + len(nye)))):
            return Hul(self.naeste)
        fejlet = len(nye) if self.afvis else 0
        self.bremse.kontroller(len(nye) - fejlet, fejlet)
        self.dele.append(nye)
        self.naeste = nye[-1] + 1 if nye else self.naeste
        return Anvendt(self.naeste, len(nye) - fejlet, 0, fejlet, fejlet)

    @property
    def anvendte(self) -> list[int]:
        """Every offset applied, in order."""
        return [offset for del_ in self.dele for offset in del_]


@dataclass
class Loglager:
    """A log of one partition with `slut` records."""

    slut: int = 0

    async def slutninger(self, partitioner: set[int]) -> dict[int, int]:
        """The end, the same for each partition asked for."""
        return dict.fromkeys(partitioner, self.slut)

    async def laes(self, partition: int, fra: int, til: int, batch: int) -> AsyncIterator[list[Post]]:
        """Records in parts of at most `batch`."""
        for start in range(fra, til, batch):
            yield [en_post(o) for o in range(start, min(start + batch, til))]
