"""The types of an action's fields: patterns of domain-facts 5.1, lengths as data beside the field, exact decimals, real dates."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any
from urllib.parse import unquote

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from hub.domain.arbejdstid import HOEJST
from hub.domain.fejlkoder import Fejlkode
from hub.domain.jobcentre import kendt_kommune
from hub.domain.personnummer import har_personnummer

CPR = (
    "^(((((0[1-9]|1[0-9]|2[0-9]|3[0-1])(01|03|05|07|08|10|12))|((0[1-9]|1[0-9]|2[0-9]|30)(04|06|09|11))"
    "|((0[1-9]|1[0-9]|2[0-9])(02)))[0-9]{6})|0000000000)$"
)
UUID = "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$"
INTET_ID = "00000000-0000-0000-0000-000000000000"
CVR = "^[0-9]{8}$"
P_NUMMER = "^[0-9]{10}$"
JOBCENTER = "^[0-9]{5}$"
KOMMUNE = "^[0-9]{3}$"
EMAIL = r"^[^>()\[\]\\,;:@\s]{1,191}@[^>()\[\]\\,;:@\s]{1,64}$"
TELEFON = r"^(\+)?[0-9]{3,20}$"
DECIMAL = r"^[0-9]{1,9}(\.[0-9]{1,6})?$"
BELOEB = r"^[0-9]{1,12}(\.[0-9]{1,2})?$"
SHA256 = "^[0-9a-f]{64}$"
ADRESSE = (
    r"^https?://([0-9A-Za-z._-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?"
    r"([/?#][0-9A-Za-z._~:/?#\[\]@!$&'()*+,;=%-]*)?$"
)
"""Of the web, written as RFC 3986 has it: what is beyond ASCII is percent-encoded, and nobody's name or password stands before the host."""
_NAVNETEGN = r"[^/\\\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]"
FILNAVN = rf"^\.{{0,2}}{_NAVNETEGN[:-1]}.]{_NAVNETEGN}*$|^\.{{3}}{_NAVNETEGN}*$"
"""No separator of a path, nothing that turns the text that follows (bidi controls), and neither of the names of a folder, `.` and `..`."""

FORMATER: dict[str, str] = {
    CPR: "et personnummer på ti cifre",
    UUID: "en uuid, der ikke kun er nuller",
    CVR: "et CVR-nummer på otte cifre",
    P_NUMMER: "et P-nummer på ti cifre",
    JOBCENTER: "en jobcenterkode på fem cifre",
    KOMMUNE: "en kommunekode på tre cifre",
    EMAIL: "en e-mailadresse",
    TELEFON: "et telefonnummer på 3-20 cifre, evt. med + foran",
    DECIMAL: 'et decimaltal som tekst med punktum, fx "36.9"',
    SHA256: "en SHA-256: 64 tegn af 0-9 og a-f",
    FILNAVN: "et filnavn uden skråstreger, kontroltegn og tegn, der vender skriften, og hverken . eller ..",
    ADRESSE: "en http- eller https-adresse uden mellemrum og uden brugernavn foran værten",
    BELOEB: 'et beløb i kroner som tekst med punktum, fx "12500.50"',
}
"""Pattern → what a person is told it must be."""

_KONTROLTEGN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_STYRETEGN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""What a text on one line does not hold: control characters, ends of lines, and what turns the text that follows."""
_HTML = re.compile(r"<[A-Za-z/!?][^>]*>")
_DATO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIDSPUNKT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?([Zz]|[+-][0-9]{2}:[0-9]{2})")
_AAR = range(1900, 2200)
_SATSKODER = range(1, 10_001)
"""Older code lists end at 10000 (domain-facts, marks)."""


AKTIVITETSERVICE = {"mentorfunktion": 2000, "fornavn": 50, "mellemnavn": 40, "efternavn": 40, "sagsnummer": 20, "link": 4000}
"""The most characters of a text that goes on to AktivitetService (domain-facts 5.2). A whole name is split by who sends it on."""
_ASSISTENTER = range(1, 100)
_BYTES = range(1, 2**31)
"""A document's; the store's own bound is a setting, far below."""


def krav(kode: Fejlkode, **fyld: Any) -> PydanticCustomError:
    """An error of the catalogue, as a validator raises it."""
    return PydanticCustomError(str(int(kode)), "{navn}", {"navn": kode.name, **fyld})


def _ren(tekst: str) -> str:
    if not any(tegn.isprintable() and tegn != " " for tegn in tekst):
        raise krav(Fejlkode.MANGLER)  # nothing that shows: spaces and line ends fill no field in
    if _KONTROLTEGN.search(tekst):
        raise krav(Fejlkode.KONTROLTEGN)
    if _HTML.search(tekst):
        raise krav(Fejlkode.HTML_I_TEKST)
    return tekst


def paa_een_linje(tekst: str) -> bool:
    """Whether a text can stand on one line of a list, and so be searched by."""
    return _STYRETEGN.search(tekst) is None


def _een_linje(tekst: str) -> str:
    if not paa_een_linje(tekst):
        raise krav(Fejlkode.KONTROLTEGN)
    return tekst


def uden_personnummer(tekst: str) -> str:
    """The text of a field that stands open in its event: what could be a CPR number has no place there."""
    if har_personnummer(tekst):
        raise krav(Fejlkode.PERSONNUMMER_I_TEKST)
    return tekst


def _aaben_adresse(adresse: str) -> str:
    """Looked at as it is written and as it is meant: a percent sign hides no CPR number."""
    uden_personnummer(unquote(adresse))
    return uden_personnummer(adresse)


def _dato(vaerdi: Any) -> Any:
    if isinstance(vaerdi, str) and _DATO.fullmatch(vaerdi):
        try:
            dag = date.fromisoformat(vaerdi)
        except ValueError:
            raise krav(Fejlkode.IKKE_EN_DATO) from None
        if dag.year in _AAR:
            return dag
    raise krav(Fejlkode.IKKE_EN_DATO)


def _tidspunkt(vaerdi: Any) -> Any:
    if isinstance(vaerdi, str) and _TIDSPUNKT.fullmatch(vaerdi) and int(vaerdi[:4]) in _AAR:
        try:
            return datetime.fromisoformat(vaerdi.upper()).astimezone(UTC)
        except ValueError:
            raise krav(Fejlkode.IKKE_ET_TIDSPUNKT) from None
    raise krav(Fejlkode.IKKE_ET_TIDSPUNKT)


def _hoejst(graense: Decimal) -> AfterValidator:
    def tjek(vaerdi: str) -> str:
        if Decimal(vaerdi) > graense:
            raise krav(Fejlkode.UDEN_FOR_GRAENSEN, mindst=0, hoejst=graense)
        return vaerdi

    return AfterValidator(tjek)


def _satskode(kode: int) -> int:
    if kode not in _SATSKODER:
        raise krav(Fejlkode.UDEN_FOR_GRAENSEN, mindst=_SATSKODER.start, hoejst=_SATSKODER.stop - 1)
    return kode


def _antal_personer(antal: int) -> int:
    if antal not in _ASSISTENTER:
        raise krav(Fejlkode.UDEN_FOR_GRAENSEN, mindst=_ASSISTENTER.start, hoejst=_ASSISTENTER.stop - 1)
    return antal


def _stoerrelse(antal: int) -> int:
    if antal not in _BYTES:
        raise krav(Fejlkode.UDEN_FOR_GRAENSEN, mindst=_BYTES.start, hoejst=_BYTES.stop - 1)
    return antal


def _kommune(kode: str) -> str:
    if not kendt_kommune(kode):
        raise krav(Fejlkode.UKENDT_KOMMUNE)
    return kode


def _uuid(vaerdi: str) -> str:
    """In lower case; all zeros is what STAR's messages say where there is no id at all (domain-facts 1.1), and so nobody's."""
    if vaerdi == INTET_ID:
        raise krav(Fejlkode.FORKERT_FORMAT, format=FORMATER[UUID], moenster=UUID)
    return vaerdi.lower()


_REN = AfterValidator(_ren)
_EEN_LINJE = AfterValidator(_een_linje)
_UDEN_PERSONNUMMER = AfterValidator(uden_personnummer)
Uuid = Annotated[str, Field(pattern=UUID), AfterValidator(_uuid)]
Cvr = Annotated[str, Field(pattern=CVR)]
PNummer = Annotated[str, Field(pattern=P_NUMMER)]
Personnummer = Annotated[str, Field(pattern=CPR)]
JobCenterKode = Annotated[str, Field(pattern=JOBCENTER), AfterValidator(_kommune)]
Email = Annotated[str, Field(max_length=256, pattern=EMAIL), _REN]
AabenEmail = Annotated[Email, _UDEN_PERSONNUMMER]
Telefon = Annotated[str, Field(pattern=TELEFON)]
Timer = Annotated[str, Field(pattern=DECIMAL), _hoejst(HOEJST)]
Procent = Annotated[str, Field(pattern=DECIMAL), _hoejst(Decimal(100))]
Antal = Annotated[str, Field(pattern=DECIMAL)]
Beloeb = Annotated[str, Field(pattern=BELOEB)]
Satskode = Annotated[int, AfterValidator(_satskode)]
Dato = Annotated[date, BeforeValidator(_dato)]
Tidspunkt = Annotated[datetime, BeforeValidator(_tidspunkt)]
AktoerId = Annotated[str, Field(min_length=1, max_length=255), _REN]
Navn = Annotated[str, Field(min_length=1, max_length=140), _REN]
AabentNavn = Annotated[Navn, _EEN_LINJE, _UDEN_PERSONNUMMER]
Sagsnummer = Annotated[str, Field(min_length=1, max_length=AKTIVITETSERVICE["sagsnummer"]), _REN, _EEN_LINJE, _UDEN_PERSONNUMMER]
Adresse = Annotated[str, Field(min_length=1, max_length=AKTIVITETSERVICE["link"], pattern=ADRESSE), AfterValidator(_aaben_adresse)]
Kommentar = Annotated[str, Field(min_length=1, max_length=1000), _REN]
Tekst = Annotated[str, Field(min_length=1, max_length=4000), _REN]
Mentorfunktion = Annotated[str, Field(min_length=1, max_length=AKTIVITETSERVICE["mentorfunktion"]), _REN]
Betegnelse = Annotated[str, Field(min_length=1, max_length=100), _REN, _EEN_LINJE, _UDEN_PERSONNUMMER]
Beskrivelse = Annotated[str, Field(min_length=1, max_length=255), _REN, _UDEN_PERSONNUMMER]
Filnavn = Annotated[str, Field(min_length=1, max_length=200, pattern=FILNAVN), _REN]
Sha256 = Annotated[str, Field(pattern=SHA256)]
Stoerrelse = Annotated[int, AfterValidator(_stoerrelse)]
Antalspersoner = Annotated[int, AfterValidator(_antal_personer)]


class Model(BaseModel):
    """Strict and closed: nothing is coerced, unknown fields are refused, values are never repeated in an error."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, hide_input_in_errors=True)


class VirksomhedIn(Model):
    """A company's place of work."""

    cvrNummer: Cvr
    pNummer: PNummer


class BorgerIn(Model):
    """A citizen."""

    personnummer: Personnummer
    navn: Navn


class KontaktIn(Model):
    """A contact person at a company."""

    navn: Navn
    email: Email | None = None
    telefon: Telefon | None = None


class MedarbejderIn(Model):
    """A caseworker at work, who stands open."""

    navn: AabentNavn
    email: AabenEmail | None = None


class AnsatteIn(Model):
    """Employees in the last month; null is unknown, which is not 0 (R-3.2)."""

    rimelighedskrav: Antal | None = None
    merbeskaeftigelseskrav: Antal | None = None


class PeriodeIn(Model):
    """[startdato, slutdato], both days inclusive; left out or null, the end is open."""

    startdato: Dato
    slutdato: Dato | None = None

    @model_validator(mode="after")
    def _start_foerst(self) -> "PeriodeIn":
        if self.slutdato is not None and self.slutdato < self.startdato:
            raise krav(Fejlkode.SLUT_FOER_START, datoer="")
        return self
