"""The Avro codec: structs ↔ Confluent-framed bytes. The only importer of fastavro, and the only place that knows what it lets through.

fastavro writes, after every value was checked by us (`skrivning`). Reading is our own (`laesning`): faster than fastavro and a check of
what it lets through (trailing bytes, negative indexes, over-long varints), and nothing between bytes and frozen structs.
"""

from collections.abc import Callable
from io import BytesIO
from typing import Any, NamedTuple

from fastavro import parse_schema, schemaless_writer

from hub.domain.haendelser import HAENDELSER, Data, Haendelse
from hub.domain.kuvert import AABNE_AKTOERER, Aktoer, Kuvert
from hub.domain.reference_haendelser import REFERENCEHAENDELSER, Referencedata, Referencehaendelse
from hub.domain.vilkaar import VILKAAR
from hub.events.avrolaesere import IkkeKanonisk
from hub.events.avrotyper import afklaedt, udfoldet
from hub.events.drift import DRIFTSHAENDELSER, STROEM, Driftsdata, Driftshaendelse
from hub.events.framing import HOVED, indrammet, skema_id
from hub.events.laesning import Laes, haendelseslaeser, laeser
from hub.events.ordningsnotifikation import Ordningsnotifikation
from hub.events.schemas import NAVNERUM, Skemaregister, Skemaversion
from hub.events.skrivning import KanIkkeIndkodes, Ophav, recordskriver
from hub.events.upcast import Raa, trin

STOERSTE = 256 * 1024
"""Bytes of the largest value, written or read."""
SLAGS: dict[type, type] = {Data: Haendelse, Referencedata: Referencehaendelse, Driftsdata: Driftshaendelse}
"""What the data of an event derive from → the event that they are in: each kind is read on its own topics only."""
INDRE: dict[str, type] = {"Kuvert": Kuvert, "Driftskuvert": Kuvert, "Referencekuvert": Kuvert, "Aktoer": Aktoer} | VILKAAR


class Ulaeselig(ValueError):
    """The bytes are not a value of a published schema; the reason holds nothing of the content."""


class _Version(NamedTuple):
    """What the bytes of one published version are: of which kind of event and class, and the steps to the newest version."""

    skema: Skemaversion
    slags: type
    klasse: type
    trin: tuple[Callable[[Raa], Raa], ...]


class _Laeser(NamedTuple):
    """How values that begin with a version's frame are read: to events of this kind, or records of this class."""

    slags: type
    laes: Laes


class _Nyeste(NamedTuple):
    """How values of one class are written: with its newest version."""

    id: int
    avro: Any
    kuvert: Callable[[Any, Ophav], Raa]
    data: Callable[[Any, Ophav], Raa]


class Kodeks:
    """Encodes and decodes every record of the registry. Raises KeyError when a class has no schema or an old version no upcast step."""

    def __init__(self, register: Skemaregister) -> None:
        alle: tuple[type, ...] = (*HAENDELSER, *REFERENCEHAENDELSER, *DRIFTSHAENDELSER, Ordningsnotifikation)
        klasser = {klasse.__name__: klasse for klasse in alle}
        self._versioner = {s.id: _version(s, register.nyeste(s.navn), klasser) for s in register.efter_id.values()}
        self._laesere: dict[bytes, _Laeser] = {}
        self._nyeste = {klasse: _nyeste(register.nyeste(navn), klasse) for navn, klasse in klasser.items()}

    def indkod(self, haendelse: Haendelse) -> bytes:
        """The event's final bytes: the same event gives the same bytes. Raises `KanIkkeIndkodes`."""
        kuvert = haendelse.kuvert
        _kraev_aktoer(kuvert.aktoer)
        ophav = Ophav(kuvert.haendelsesId, kuvert.sagsId, getattr(haendelse.data, "borgerId", None) or "")
        return self._indkod_med_kuvert(haendelse.data, kuvert, ophav)

    def afkod(self, vaerdi: bytes) -> Haendelse:
        """The event that the bytes hold, older versions brought up to date. Raises `Ulaeselig`, and nothing else."""
        haendelse: Haendelse = self._afkod(vaerdi, Haendelse)
        return haendelse

    def indkod_reference(self, haendelse: Referencehaendelse) -> bytes:
        """The reference event's final bytes. Raises `KanIkkeIndkodes`."""
        kuvert = haendelse.kuvert
        _kraev_aktoer(kuvert.aktoer)
        return self._indkod_med_kuvert(haendelse.data, kuvert, Ophav(kuvert.haendelsesId, kuvert.sagsId, ""))

    def afkod_reference(self, vaerdi: bytes) -> Referencehaendelse:
        """The reference event that the bytes hold. Raises `Ulaeselig`, and nothing else."""
        haendelse: Referencehaendelse = self._afkod(vaerdi, Referencehaendelse)
        return haendelse

    def indkod_notifikation(self, notifikation: Ordningsnotifikation) -> bytes:
        """The notification's final bytes. Raises `KanIkkeIndkodes`."""
        nyeste = self._nyeste[Ordningsnotifikation]
        return _skriv(nyeste, nyeste.data(notifikation, Ophav()))

    def afkod_notifikation(self, vaerdi: bytes) -> Ordningsnotifikation:
        """The notification that the bytes hold. Raises `Ulaeselig`, and nothing else."""
        notifikation: Ordningsnotifikation = self._afkod(vaerdi, Ordningsnotifikation)
        return notifikation

    def indkod_drift(self, haendelse: Driftshaendelse) -> bytes:
        """The operators' event's final bytes. Raises `KanIkkeIndkodes`."""
        if haendelse.kuvert.sagsId != STROEM:
            raise KanIkkeIndkodes("sagsId: an operators' event is of the stream drift")
        _kraev_aktoer(haendelse.kuvert.aktoer)
        return self._indkod_med_kuvert(haendelse.data, haendelse.kuvert, Ophav(haendelse.kuvert.haendelsesId, STROEM, ""))

    def afkod_drift(self, vaerdi: bytes) -> Driftshaendelse:
        """The operators' event that the bytes hold. Raises `Ulaeselig`, and nothing else."""
        haendelse: Driftshaendelse = self._afkod(vaerdi, Driftshaendelse)
        return haendelse

    def _indkod_med_kuvert(self, data: Any, kuvert: Kuvert, ophav: Ophav) -> bytes:
        nyeste = self._nyeste.get(type(data))
        if nyeste is None:
            raise KanIkkeIndkodes(f"{type(data).__name__} has no schema")
        if kuvert.version < 1:
            raise KanIkkeIndkodes("version: counts from 1")
        return _skriv(nyeste, {"kuvert": nyeste.kuvert(kuvert, ophav), **nyeste.data(data, ophav)})

    def _afkod(self, vaerdi: bytes, slags: type) -> Any:
        if len(vaerdi) > STOERSTE:
            raise Ulaeselig(f"larger than {STOERSTE} bytes")
        laeser = self._laesere.get(vaerdi[: HOVED.size]) or self._ny_laeser(vaerdi, slags)
        if laeser.slags is not slags:
            raise Ulaeselig(f"schema id {skema_id(vaerdi)} is not of a {slags.__name__}")
        try:
            return laeser.laes(vaerdi, HOVED.size)
        except IkkeKanonisk as fejl:
            raise Ulaeselig(f"schema id {skema_id(vaerdi)}: {fejl}") from None
        # What foreign bytes raise (IndexError, UnicodeDecodeError, OverflowError …) is not a closed set, and the texts may quote them.
        except Exception as fejl:  # noqa: BLE001
            raise Ulaeselig(f"schema id {skema_id(vaerdi)}: {type(fejl).__name__}") from None

    def _ny_laeser(self, vaerdi: bytes, slags: type) -> _Laeser:
        # At the first value of a version: a process meets few of them, and to compile all takes a tenth of a second.
        id_ = skema_id(vaerdi)
        if id_ is None:
            raise Ulaeselig("not framed: no zero byte and schema id")
        version = self._versioner.get(id_)
        if version is None:
            raise Ulaeselig(f"schema id {id_} is not of a {slags.__name__}")
        laeser = self._laesere[vaerdi[: HOVED.size]] = _Laeser(version.slags, _laes(version))
        return laeser


def _laes(version: _Version) -> Laes:
    """The reader of the version, brought up to date."""
    skema, slags, klasse = version.skema, version.slags, dict if version.trin else version.klasse
    node, navn = udfoldet(skema.skema), skema.fil
    klasser = {f"{NAVNERUM}.{kort}": indre for kort, indre in (INDRE | {skema.navn: klasse}).items()}
    laes = laeser(node, klasser, navn) if slags is version.klasse else haendelseslaeser(node, klasser, slags, navn)
    return _opgraderet(version, laes) if version.trin else laes


def _opgraderet(version: _Version, laes: Laes) -> Laes:
    def nyeste(raa: Raa) -> Any:
        for opgrader in version.trin:
            raa = opgrader(raa)
        return version.klasse(**raa)

    if version.slags is version.klasse:
        return lambda b, i: nyeste(laes(b, i))

    def laes_haendelse(b: bytes, i: int) -> Any:
        gammel = laes(b, i)
        return version.slags(gammel.kuvert, nyeste(gammel.data))

    return laes_haendelse


def _krop(avro: Any, raa: Raa) -> bytes:
    ud = BytesIO()
    schemaless_writer(ud, avro, raa, strict=True)
    return ud.getvalue()


def _skriv(nyeste: _Nyeste, raa: Raa) -> bytes:
    vaerdi = indrammet(nyeste.id, _krop(nyeste.avro, raa))
    if len(vaerdi) > STOERSTE:
        raise KanIkkeIndkodes(f"larger than {STOERSTE} bytes")
    return vaerdi


def _kraev_aktoer(aktoer: Aktoer) -> None:
    if aktoer.type not in AABNE_AKTOERER and (aktoer.id is not None or aktoer.navn is not None):
        raise KanIkkeIndkodes("aktoer: id and navn must be sealed for one who is not at work")


def _version(skema: Skemaversion, nyeste: Skemaversion, klasser: dict[str, type]) -> _Version:
    klasse = klasser[skema.navn]
    slags = next((haendelse for data, haendelse in SLAGS.items() if issubclass(klasse, data)), klasse)
    return _Version(skema, slags, klasse, trin(skema.navn, skema.version, nyeste.version))


def _nyeste(skema: Skemaversion, klasse: type) -> _Nyeste:
    node = udfoldet(skema.skema)
    kuvert = next((recordskriver(felt["node"], Kuvert) for felt in node["fields"] if felt["name"] == "kuvert"), _uden_kuvert)
    return _Nyeste(skema.id, parse_schema(afklaedt(skema.skema)), kuvert, recordskriver(node, klasse))


def _uden_kuvert(vaerdi: Any, ophav: Ophav) -> Raa:
    raise KanIkkeIndkodes("kuvert: this record has no envelope")
