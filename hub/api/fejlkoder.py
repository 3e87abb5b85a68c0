"""The door's own error codes: HTTP status, English title, Danish text. The domain's codes are in hub.domain.fejl."""

from typing import NamedTuple


class Fejlkode(NamedTuple):
    """One row: the status it answers with, the problem's title, and the text for a person."""

    status: int
    titel: str
    tekst: str


KODER: dict[str, Fejlkode] = {
    "ugyldig_json": Fejlkode(400, "Malformed JSON", "Indholdet er ikke gyldig JSON."),
    "ikke_utf8": Fejlkode(400, "Not UTF-8", "Indholdet er ikke gyldig UTF-8."),
    "dobbelt_felt": Fejlkode(400, "Duplicate field", "Et felt står to gange i samme objekt."),
    "for_dyb": Fejlkode(400, "Nested too deeply", "Indholdet er indlejret for dybt eller har for mange led."),
    "ugyldigt_tal": Fejlkode(400, "Number not allowed", "Et tal er uendeligt, ikke et tal, eller for stort."),
    "ugyldigt_tegn": Fejlkode(400, "Character not allowed", "En tekst har et kontroltegn eller et halvt surrogatpar."),
    "ikke_et_objekt": Fejlkode(400, "Not an object", "Indholdet skal være ét JSON-objekt."),
    "tom_krop": Fejlkode(400, "Empty body", "Anmodningen har intet indhold."),
    "ukendt_parameter": Fejlkode(400, "Unknown query parameter", "Anmodningen har en ukendt parameter."),
    "gentaget_parameter": Fejlkode(400, "Repeated query parameter", "En parameter er angivet flere gange."),
    "ugyldig_parameter": Fejlkode(400, "Invalid parameter", "En parameter har en ugyldig værdi."),
    "ugyldigt_hoved": Fejlkode(400, "Invalid header", "Et hoved i anmodningen har en ugyldig værdi."),
    "ugyldig_if_match": Fejlkode(400, "Invalid If-Match", 'If-Match skal være sagens version i anførselstegn, fx "7".'),
    "ugyldigt_request_id": Fejlkode(
        400, "Invalid x-requestId", "x-requestId skal være 1-46 tegn af A-Z, a-z, 0-9, . _ : og -, og uden noget personnummer."
    ),
    "mangler_token": Fejlkode(401, "Token missing", "Anmodningen mangler et adgangstoken."),
    "ugyldigt_token": Fejlkode(401, "Token invalid", "Adgangstokenet kan ikke godkendes."),
    "udloebet_token": Fejlkode(401, "Token expired", "Adgangstokenet er udløbet."),
    "mangler_rolle": Fejlkode(403, "Role missing", "Brugeren har ikke den rolle, som kaldet kræver."),
    "ikke_egen_sag": Fejlkode(403, "Not your case", "Sagen hører til et andet jobcenter."),
    "sag_flyttet": Fejlkode(403, "Case moved", "Sagen er flyttet til et andet jobcenter; det nyere kan kun det se."),
    "ikke_eget_jobcenter": Fejlkode(403, "Not your jobcentre", "Brugeren hører ikke til det jobcenter."),
    "ukendt_adresse": Fejlkode(404, "No such route", "Adressen findes ikke."),
    "ukendt_kombination": Fejlkode(404, "Not in the matrix", "Ordningen har ikke den GetMetode."),
    "ukendt_akt": Fejlkode(404, "No such act", "Sagsakten findes ikke."),
    "ukendt_sag": Fejlkode(404, "No such case", "Sagen findes ikke."),
    "fandtes_ikke": Fejlkode(404, "Not there yet", "Sagsakten fandtes ikke på det tidspunkt."),
    "ukendt_metode": Fejlkode(405, "Method not allowed", "Adressen kan ikke kaldes på den måde."),
    "for_langsom": Fejlkode(408, "Request too slow", "Indholdet kom ikke frem i tide."),
    "for_stor": Fejlkode(413, "Body too large", "Indholdet er for stort."),
    "forkert_type": Fejlkode(415, "Media type not supported", "Indholdet skal være application/json i UTF-8, ukomprimeret."),
    "forkert_type_bulk": Fejlkode(415, "Media type not supported", "Indholdet skal være application/x-ndjson i UTF-8, ukomprimeret."),
    "sag_parkeret": Fejlkode(423, "Case parked", "En hændelse på sagen er parkeret; sagen kan ikke vises, før den er løst."),
    "ikke_klar": Fejlkode(425, "Not ready yet", "Den ønskede version er ikke klar endnu. Prøv igen."),
    "for_store_hoveder": Fejlkode(431, "Headers too large", "Anmodningens hoveder eller adresse er for store."),
    "intern_fejl": Fejlkode(500, "Internal error", "Der skete en fejl. Den er noteret under anmodningens nummer."),
    "hovedbog_bagud": Fejlkode(503, "Ledger behind", "Hændelser kan ikke modtages lige nu. Prøv igen."),
    "overbelastet": Fejlkode(503, "Too busy", "Der er for travlt lige nu. Prøv igen."),
    "database_vaek": Fejlkode(503, "Database away", "Databasen svarer ikke lige nu. Prøv igen."),
    "noegler_vaek": Fejlkode(503, "Issuer's keys away", "Udstederens nøgler kan ikke hentes lige nu. Prøv igen."),
}
"""fejlkode → what it means. A test keeps docs/bad-input.md and this table together."""
