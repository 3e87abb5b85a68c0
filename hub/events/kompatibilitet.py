"""Whether a reader with one schema understands what was written with another: Avro's resolution rules, and what of ours is stricter.

Applied both ways between all versions of a subject this is full-transitive compatibility: what is added needs a default, what is
removed must have had one, and no type, logical type or seal changes.
"""

from collections.abc import Iterator

from hub.events.avrotyper import Node

FORFREMMELSER = {
    "int": frozenset({"long", "float", "double"}),
    "long": frozenset({"float", "double"}),
    "float": frozenset({"double"}),
}
"""Written type → the types it may be read as. Avro also lets string and bytes pass for each other; we do not: bytes are sealed."""


def uforenelige(laeser: Node, skriver: Node) -> list[str]:
    """Why a reader with `laeser` cannot read what `skriver` wrote, one line each, with the path of the field."""
    return list(_sammenlign(laeser, skriver, str(skriver.get("name", ""))))


def _sammenlign(laeser: Node, skriver: Node, sti: str) -> Iterator[str]:
    if skriver["type"] == "union":
        for gren in skriver["grene"]:
            yield from _sammenlign(laeser, gren, sti)
    elif laeser["type"] == "union":
        yield from _i_union(laeser, skriver, sti)
    elif laeser["type"] != skriver["type"]:
        if laeser["type"] not in FORFREMMELSER.get(skriver["type"], ()):
            yield f"{sti}: {skriver['type']} cannot be read as {laeser['type']}"
    else:
        yield from _samme_slags(laeser, skriver, sti)


def _i_union(laeser: Node, skriver: Node, sti: str) -> Iterator[str]:
    forsoeg = [list(_sammenlign(gren, skriver, sti)) for gren in laeser["grene"]]
    if all(forsoeg):
        yield from min(forsoeg, key=lambda fund: (fund[0].endswith("read as null"), len(fund)))


def _samme_slags(laeser: Node, skriver: Node, sti: str) -> Iterator[str]:
    for egenskab in ("logicalType", "name", "size"):
        if laeser.get(egenskab) != skriver.get(egenskab):
            yield f"{sti}: {egenskab} differs ({skriver.get(egenskab)}, {laeser.get(egenskab)})"
    match skriver["type"]:
        case "array":
            yield from _sammenlign(laeser["items"], skriver["items"], f"{sti}[]")
        case "enum":
            ukendte = set(skriver["symbols"]) - set(laeser["symbols"])
            if ukendte and "default" not in laeser:
                yield f"{sti}: unknown symbols {sorted(ukendte)} and no default"
        case "record":
            yield from _felter(laeser, skriver, sti)


def _felter(laeser: Node, skriver: Node, sti: str) -> Iterator[str]:
    skrevne = {felt["name"]: felt for felt in skriver["fields"]}
    for felt in laeser["fields"]:
        skrevet = skrevne.get(felt["name"])
        vej = f"{sti}.{felt['name']}"
        if skrevet is not None:
            yield from _sammenlign(felt["node"], skrevet["node"], vej)
            yield from (f"{vej}: {mark} differs" for mark in ("segl", "felt") if felt.get(mark) != skrevet.get(mark))
        elif "default" not in felt:
            yield f"{vej}: is not in what was written and has no default"
