"""The 98 kommuner and their default jobcentres, as data. A jobcentre's code: the kommune's three digits and two more."""

from typing import NamedTuple


class Kommune(NamedTuple):
    """A kommune: name, and the jobcentre that takes its cases unless another is named. Which ones share a centre was not found publicly."""

    navn: str
    jobCenterKode: str


KOMMUNER: dict[str, Kommune] = {
    "101": Kommune("København", "10100"),
    "147": Kommune("Frederiksberg", "14700"),
    "151": Kommune("Ballerup", "15100"),
    "153": Kommune("Brøndby", "15300"),
    "155": Kommune("Dragør", "15500"),
    "157": Kommune("Gentofte", "15700"),
    "159": Kommune("Gladsaxe", "15900"),
    "161": Kommune("Glostrup", "16100"),
    "163": Kommune("Herlev", "16300"),
    "165": Kommune("Albertslund", "16500"),
    "167": Kommune("Hvidovre", "16700"),
    "169": Kommune("Høje-Taastrup", "16900"),
    "173": Kommune("Lyngby-Taarbæk", "17300"),
    "175": Kommune("Rødovre", "17500"),
    "183": Kommune("Ishøj", "18300"),
    "185": Kommune("Tårnby", "18500"),
    "187": Kommune("Vallensbæk", "18700"),
    "190": Kommune("Furesø", "19000"),
    "201": Kommune("Allerød", "20100"),
    "210": Kommune("Fredensborg", "21000"),
    "217": Kommune("Helsingør", "21700"),
    "219": Kommune("Hillerød", "21900"),
    "223": Kommune("Hørsholm", "22300"),
    "230": Kommune("Rudersdal", "23000"),
    "240": Kommune("Egedal", "24000"),
    "250": Kommune("Frederikssund", "25000"),
    "253": Kommune("Greve", "25300"),
    "259": Kommune("Køge", "25900"),
    "260": Kommune("Halsnæs", "26000"),
    "265": Kommune("Roskilde", "26500"),
    "269": Kommune("Solrød", "26900"),
    "270": Kommune("Gribskov", "27000"),
    "306": Kommune("Odsherred", "30600"),
    "316": Kommune("Holbæk", "31600"),
    "320": Kommune("Faxe", "32000"),
    "326": Kommune("Kalundborg", "32600"),
    "329": Kommune("Ringsted", "32900"),
    "330": Kommune("Slagelse", "33000"),
    "336": Kommune("Stevns", "33600"),
    "340": Kommune("Sorø", "34000"),
    "350": Kommune("Lejre", "35000"),
    "360": Kommune("Lolland", "36000"),
    "370": Kommune("Næstved", "37000"),
    "376": Kommune("Guldborgsund", "37600"),
    "390": Kommune("Vordingborg", "39000"),
    "400": Kommune("Bornholm", "40000"),
    "410": Kommune("Middelfart", "41000"),
    "420": Kommune("Assens", "42000"),
    "430": Kommune("Faaborg-Midtfyn", "43000"),
    "440": Kommune("Kerteminde", "44000"),
    "450": Kommune("Nyborg", "45000"),
    "461": Kommune("Odense", "46100"),
    "479": Kommune("Svendborg", "47900"),
    "480": Kommune("Nordfyns", "48000"),
    "482": Kommune("Langeland", "48200"),
    "492": Kommune("Ærø", "49200"),
    "510": Kommune("Haderslev", "51000"),
    "530": Kommune("Billund", "53000"),
    "540": Kommune("Sønderborg", "54000"),
    "550": Kommune("Tønder", "55000"),
    "561": Kommune("Esbjerg", "56100"),
    "563": Kommune("Fanø", "56300"),
    "573": Kommune("Varde", "57300"),
    "575": Kommune("Vejen", "57500"),
    "580": Kommune("Aabenraa", "58000"),
    "607": Kommune("Fredericia", "60700"),
    "615": Kommune("Horsens", "61500"),
    "621": Kommune("Kolding", "62100"),
    "630": Kommune("Vejle", "63000"),
    "657": Kommune("Herning", "65700"),
    "661": Kommune("Holstebro", "66100"),
    "665": Kommune("Lemvig", "66500"),
    "671": Kommune("Struer", "67100"),
    "706": Kommune("Syddjurs", "70600"),
    "707": Kommune("Norddjurs", "70700"),
    "710": Kommune("Favrskov", "71000"),
    "727": Kommune("Odder", "72700"),
    "730": Kommune("Randers", "73000"),
    "740": Kommune("Silkeborg", "74000"),
    "741": Kommune("Samsø", "74100"),
    "746": Kommune("Skanderborg", "74600"),
    "751": Kommune("Aarhus", "75100"),
    "756": Kommune("Ikast-Brande", "75600"),
    "760": Kommune("Ringkøbing-Skjern", "76000"),
    "766": Kommune("Hedensted", "76600"),
    "773": Kommune("Morsø", "77300"),
    "779": Kommune("Skive", "77900"),
    "787": Kommune("Thisted", "78700"),
    "791": Kommune("Viborg", "79100"),
    "810": Kommune("Brønderslev", "81000"),
    "813": Kommune("Frederikshavn", "81300"),
    "820": Kommune("Vesthimmerlands", "82000"),
    "825": Kommune("Læsø", "82500"),
    "840": Kommune("Rebild", "84000"),
    "846": Kommune("Mariagerfjord", "84600"),
    "849": Kommune("Jammerbugt", "84900"),
    "851": Kommune("Aalborg", "85100"),
    "860": Kommune("Hjørring", "86000"),
}
"""Kommunekode (three digits) → kommune."""


def kendt_kommune(jobCenterKode: str) -> bool:
    """Whether the code's kommune is known; sub-centres appear without notice, so the last two digits are free."""
    return jobCenterKode[:3] in KOMMUNER


def kommune(jobCenterKode: str) -> str:
    """The name of the code's kommune. Raises KeyError for an unknown one."""
    return KOMMUNER[jobCenterKode[:3]].navn
