"""What the door itself says: of a request that is no action yet, of tokens and ownership, of reads, and when it cannot answer."""

from hub.domain.fejlkoder import Doerfejl

DOERFEJL: dict[str, Doerfejl] = {
    "ugyldig_json": Doerfejl(1014, 400, "Indholdet er ikke gyldig JSON.", "The content is not valid JSON.", "STAR"),
    "ikke_utf8": Doerfejl(9901, 400, "Indholdet er ikke gyldig UTF-8.", "The content is not valid UTF-8."),
    "dobbelt_felt": Doerfejl(9902, 400, "Et felt står to gange i samme objekt.", "A field stands twice in one object."),
    "for_dyb": Doerfejl(
        9903, 400, "Indholdet er indlejret for dybt eller har for mange led.", "The content is nested too deeply or has too many parts."
    ),
    "ugyldigt_tal": Doerfejl(
        9904, 400, "Et tal er uendeligt, ikke et tal, eller for stort.", "A number is infinite, not a number, or too large."
    ),
    "ugyldigt_tegn": Doerfejl(
        9905, 400, "En tekst har et kontroltegn eller et halvt surrogatpar.", "A text has a control character or half a surrogate pair."
    ),
    "ikke_et_objekt": Doerfejl(9906, 400, "Indholdet skal være ét JSON-objekt.", "The content must be one JSON object."),
    "tom_krop": Doerfejl(9907, 400, "Anmodningen har intet indhold.", "The request has no content."),
    "ukendt_parameter": Doerfejl(9908, 400, "Anmodningen har en ukendt parameter.", "The request has an unknown parameter."),
    "gentaget_parameter": Doerfejl(9909, 400, "En parameter er angivet flere gange.", "A parameter is given more than once."),
    "ugyldig_parameter": Doerfejl(9910, 400, "En parameter har en ugyldig værdi.", "A parameter has a wrong value."),
    "ugyldigt_hoved": Doerfejl(9911, 400, "Et hoved i anmodningen har en ugyldig værdi.", "A header of the request has a wrong value."),
    "ugyldig_if_match": Doerfejl(
        9912,
        400,
        'If-Match skal være sagens version i anførselstegn, fx "7".',
        'If-Match must be the version of the case in quotes, e.g. "7".',
    ),
    "ugyldigt_request_id": Doerfejl(
        9913,
        400,
        "x-requestId skal være 1-46 tegn af A-Z, a-z, 0-9, . _ : og -, og uden noget personnummer.",
        "x-requestId must be 1-46 characters of A-Z, a-z, 0-9, . _ : and -, without any civil registration number.",
    ),
    "mangler_token": Doerfejl(9914, 401, "Anmodningen mangler et adgangstoken.", "The request has no access token."),
    "ugyldigt_token": Doerfejl(9915, 401, "Adgangstokenet kan ikke godkendes.", "The access token cannot be accepted."),
    "udloebet_token": Doerfejl(9916, 401, "Adgangstokenet er udløbet.", "The access token has expired."),
    "mangler_rolle": Doerfejl(
        9917, 403, "Brugeren har ikke den rolle, som kaldet kræver.", "The user does not have the role that the call needs."
    ),
    "ingen_rolle": Doerfejl(
        9938,
        403,
        "Du er logget ind, men har ingen rolle i VITAS. Kontakt {kontakt} for at få en.",
        "You are logged in, but have no role in VITAS. Contact {kontakt} to be given one.",
    ),
    "ikke_egen_sag": Doerfejl(4922, 403, "Sagen hører til et andet jobcenter.", "The case belongs to another jobcentre.", "STAR"),
    "sag_flyttet": Doerfejl(
        9918,
        403,
        "Sagen er flyttet til et andet jobcenter; det nyere kan kun det se.",
        "The case has moved to another jobcentre, which alone may see what is later.",
    ),
    "ikke_eget_jobcenter": Doerfejl(9919, 403, "Brugeren hører ikke til det jobcenter.", "The user does not belong to that jobcentre."),
    "ukendt_adresse": Doerfejl(9920, 404, "Adressen findes ikke.", "No such address."),
    "ukendt_kombination": Doerfejl(9921, 404, "Ordningen har ikke den GetMetode.", "The scheme does not have that GetMetode."),
    "ukendt_akt": Doerfejl(9922, 404, "Sagsakten findes ikke.", "No such act."),
    "ukendt_sag": Doerfejl(9923, 404, "Sagen findes ikke.", "No such case."),
    "fandtes_ikke": Doerfejl(9924, 404, "Sagsakten fandtes ikke på det tidspunkt.", "The act was not there at that time."),
    "ukendt_metode": Doerfejl(9925, 405, "Adressen kan ikke kaldes på den måde.", "The address does not have that method."),
    "for_langsom": Doerfejl(9926, 408, "Indholdet kom ikke frem i tide.", "The content did not arrive in time."),
    "for_stor": Doerfejl(9927, 413, "Indholdet er for stort.", "The content is too large."),
    "forkert_type": Doerfejl(
        9928,
        415,
        "Indholdet skal være application/json i UTF-8, ukomprimeret.",
        "The content must be application/json in UTF-8, not compressed.",
    ),
    "forkert_type_bulk": Doerfejl(
        9929,
        415,
        "Indholdet skal være application/x-ndjson i UTF-8, ukomprimeret.",
        "The content must be application/x-ndjson in UTF-8, not compressed.",
    ),
    "hoved_gaelder_ikke_bulk": Doerfejl(
        9980,
        400,
        "If-Match gælder ikke for flere handlinger på én gang; send handlingen for sig.",
        "If-Match does not go with many actions at once; send the action by itself.",
    ),
    "sag_parkeret": Doerfejl(
        9930,
        423,
        "En hændelse på sagen er parkeret; sagen kan ikke vises, før den er løst.",
        "An event of the case is parked; the case cannot be shown before that is resolved.",
    ),
    "ikke_klar": Doerfejl(
        9931, 425, "Den ønskede version er ikke klar endnu. Prøv igen.", "The version asked for is not ready yet. Try again."
    ),
    "for_store_hoveder": Doerfejl(
        9932, 431, "Anmodningens hoveder eller adresse er for store.", "The request's headers or address are too large."
    ),
    "intern_fejl": Doerfejl(
        9933,
        500,
        "Der skete en fejl. Den er noteret under anmodningens nummer.",
        "Something failed. It is noted under the request's id.",
    ),
    "hovedbog_bagud": Doerfejl(
        9934, 503, "Hændelser kan ikke modtages lige nu. Prøv igen.", "Events cannot be taken right now. Try again."
    ),
    "overbelastet": Doerfejl(9935, 503, "Der er for travlt lige nu. Prøv igen.", "There is too much to do right now. Try again."),
    "database_vaek": Doerfejl(9936, 503, "Databasen svarer ikke lige nu. Prøv igen.", "The database does not answer right now. Try again."),
    "noegler_vaek": Doerfejl(
        9937,
        503,
        "Udstederens nøgler kan ikke hentes lige nu. Prøv igen.",
        "The issuer's keys cannot be fetched right now. Try again.",
    ),
    "ugyldig_sha256": Doerfejl(
        9971,
        400,
        "Adressen skal ende på dokumentets SHA-256: 64 tegn af 0-9 og a-f.",
        "The address must end in the document's SHA-256: 64 characters of 0-9 and a-f.",
    ),
    "forkert_type_dokument": Doerfejl(
        9972, 415, "Indholdet skal være application/pdf, ukomprimeret.", "The content must be application/pdf, not compressed."
    ),
    "ikke_pdf": Doerfejl(9973, 422, "Indholdet er ikke en PDF.", "The content is not a PDF."),
    "forkert_sha256": Doerfejl(
        9974, 422, "Indholdet har en anden SHA-256, end adressen siger.", "The content has another SHA-256 than the address says."
    ),
    "for_mange_uploads": Doerfejl(
        9975,
        429,
        "Der ligger for mange dokumenter, som ingen handling har nævnt. Prøv igen.",
        "Too many documents wait that no action has named. Try again.",
    ),
    "dokument_slettet": Doerfejl(
        9977, 410, "Dokumentet er slettet med borgerens oplysninger.", "The document is erased with the citizen's data."
    ),
    "dokument_mangler": Doerfejl(
        9978,
        503,
        "Dokumentet er ikke i dokumentlageret. Driften er underrettet.",
        "The document is not in the store. The operators have been told.",
    ),
    "dokument_beskadiget": Doerfejl(
        9979,
        503,
        "Dokumentet er beskadiget i dokumentlageret. Driften er underrettet.",
        "The document is damaged in the store. The operators have been told.",
    ),
    "dokumentlager_vaek": Doerfejl(
        9976, 503, "Dokumentlageret svarer ikke lige nu. Prøv igen.", "The document store does not answer right now. Try again."
    ),
    "ukendt_omraade": Doerfejl(9950, 404, "Området findes ikke.", "No such area."),
    "intet_kriterium": Doerfejl(9951, 400, "En søgning skal have mindst ét kriterium.", "A search needs at least one criterion."),
    "ukendt_kriterium": Doerfejl(9952, 400, "Søgningen har et ukendt kriterium.", "The search has an unknown criterion."),
    "ugyldigt_kriterium": Doerfejl(9953, 400, "Et kriterium har en ugyldig værdi.", "A criterion has a wrong value."),
    "personnummer_i_soegning": Doerfejl(
        9954,
        400,
        "Et personnummer må kun stå i hovedet x-civilRegistrationIdentifier.",
        "A civil registration number may stand in the header x-civilRegistrationIdentifier only.",
    ),
    "ugyldig_fortsaettelse": Doerfejl(
        9955,
        400,
        "Fortsættelsen hører ikke til det, der spørges om.",
        "The continuation does not belong to what is asked.",
    ),
    "kan_ikke_leveres": Doerfejl(
        9956,
        406,
        "Svaret findes kun som application/json og text/csv.",
        "The answer is to be had as application/json and text/csv only.",
    ),
}
"""fejlkode, a word → its number, status and texts. A word never changes its meaning."""
