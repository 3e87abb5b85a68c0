"""Two documents of the same thing, field by field."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple


class Difference(NamedTuple):
    """A field by its path (`gaeldendePeriode.slutdato`, `dokumenter.0.navn`), and what it was and became."""

    field: str
    before: Any
    after: Any


def differences(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> list[Difference]:
    """Every field whose value differs, in the order of the documents.

    None is a document that was not there; a field that is null says as little as one that a document does not have.
    """
    old, new = dict(_leaves(before or {})), dict(_leaves(after or {}))
    return [Difference(path, old.get(path), new.get(path)) for path in {**old, **new} if old.get(path) != new.get(path)]


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every value that holds no others, with its path; an empty object or list is nothing but the absence of what it could hold."""
    inner = value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else None
    if inner is None:
        yield path, value
        return
    for name, part in inner:
        yield from _leaves(part, f"{path}.{name}" if path else str(name))
