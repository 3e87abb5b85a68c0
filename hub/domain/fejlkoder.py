"""The numbers of the errors an action can have, and the shapes of a row. 9500–9999 are the hub's own, the others STAR's."""

from enum import IntEnum
from typing import NamedTuple

from hub.domain.koder import Kilde


class Fejlkode(IntEnum):
    """Every refusal of an action. 95xx: form; 96xx: the case and its acts; 97xx: the rules of release note 2025-3; 98xx: the ledger."""

    SLUT_FOER_START = 1003
    HTML_I_TEKST = 4933
    IKKE_GAELDENDE_CPR = 9460
    MANGLER = 9501
    UKENDT_FELT = 9502
    FORKERT_TYPE = 9503
    FORKERT_FORMAT = 9504
    FORKERT_LAENGDE = 9505
    IKKE_EN_DATO = 9506
    IKKE_ET_TIDSPUNKT = 9507
    UKENDT_VAERDI = 9508
    UKENDT_KOMMUNE = 9509
    UDEN_FOR_GRAENSEN = 9510
    UKENDT_HANDLING = 9511
    I_FREMTIDEN = 9512
    INTET_AT_RETTE = 9513
    KONTROLTEGN = 9514
    KUN_FOERSTE_HANDLING = 9515
    HOERER_IKKE_TIL_ORDNINGEN = 9516
    BORGER_UDEN_ORGANISATION = 9517
    FORKERT_FOERSTE_HANDLING = 9518
    HOERER_IKKE_TIL_TYPEN = 9519
    UKENDT_SAG = 9601
    SAG_FINDES = 9602
    CELLE_MANGLER = 9603
    UKENDT_AKT = 9604
    ANDEN_SLAGS_AKT = 9605
    ID_BRUGT = 9606
    FORKERT_STATUS = 9607
    FORKERT_BEVILLINGSSTATUS = 9608
    BEVILLING_STAAR = 9609
    INGEN_BEVILLING = 9610
    BEVILLING_AFVIST = 9611
    ALLEREDE_GODKENDT = 9612
    GODKENDER_IKKE = 9613
    SAMME_JOBCENTER = 9614
    IKKE_FLYTTET = 9615
    ALLEREDE_AFGJORT = 9616
    IKKE_AFGJORT = 9617
    REPRAESENTANT_IKKE_NAEVNT = 9618
    ALLEREDE_UNDERSKREVET = 9619
    REPRAESENTANT_LAAST = 9620
    HANDLING_UDEN_FOR_ORDNINGEN = 9621
    VIRKSOMHEDEN_FOERST = 9622
    AKT_I_ANDEN_SAG = 9623
    UKENDT_BORGER = 9641
    SAMME_PERSONNUMMER = 9642
    PERSONNUMMER_OPTAGET = 9643
    FOR_MANGE_SAGER = 9644
    INTET_PERSONNUMMER = 9645
    DOKUMENT_IKKE_UPLOADET = 9631
    DOKUMENT_AFVIGER = 9632
    KONFLIKT_NEJ = 9701
    KONFLIKT_KOMMENTAR = 9702
    KONFLIKT_LAAST = 9703
    ANSATTE_TRIN = 9704
    ANSATTE_MANGLER = 9705
    GENFREMSEND_STATUS = 9706
    LISTE_TOM = 9707
    LED_UFULDSTAENDIGT = 9708
    KURSUS_UKENDT = 9709
    KURSUS_TO_GANGE = 9710
    AABEN_BEVILLING = 9721
    OPHOER_STAAR = 9722
    FORKERT_START = 9723
    STOP_FOR_SENT = 9724
    ET_OPHOER = 9725
    ANSOEGNING_VERSERER = 9726
    FORLAENGELSE_AFGJORT = 9727
    OPHOER_TILBAGEKALDT = 9728
    AFTALE_OPHOERT = 9729
    SATS_UKENDT = 9741
    SATS_UGYLDIG = 9742
    AFSLAGSTEKST_UKENDT = 9743
    SATS_RETTES_MED_AKTEN = 9744
    SATS_FOER_BEVILLING = 9745
    KONFLIKT_IKKE_REGISTRERET = 9751
    TOM_GYLDIGHED = 9752
    LOVHENVISNING = 9753
    PERSONNUMMER_I_TEKST = 9754
    REGISTER_FULDT = 9755
    SATS_FINDES_IKKE = 9756
    FORKERT_ANTAL = 9757
    ANDEN_KROP = 9801
    SAGEN_ER_AENDRET = 9802
    KAN_IKKE_GEMMES = 9803
    KAN_IKKE_FOLDES = 9804


class Fejltekst(NamedTuple):
    """One row: the HTTP status it answers with, the text for a person in Danish and in English, and whose code it is.

    Texts are templates; what is filled in is never personal data. `{datoer}` is the dates in force (R-2.2).
    """

    status: int
    dansk: str
    engelsk: str
    kilde: Kilde = "egen"


class Doerfejl(NamedTuple):
    """One row of what the door itself refuses: the same with its number (99xx, or STAR's), for its `fejlkode` is a word."""

    nummer: int
    status: int
    dansk: str
    engelsk: str
    kilde: Kilde = "egen"
