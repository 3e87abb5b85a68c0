"""Every operation of the OpenAPI document has examples, and each of them is what its schema and the door itself allow."""

from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from hub.api.openapi import beskrivelse
from hub.api.openapi_eksempler import eksempel
from hub.domain.handlinger import laes_handling

DOKUMENT = beskrivelse()
OPERATIONER = [(sti, metode, op) for sti, metoder in DOKUMENT["paths"].items() for metode, op in metoder.items()]


def _opslag(led: Any) -> Any:
    """What a reference leads to."""
    while isinstance(led, dict) and "$ref" in led:
        fundet: Any = DOKUMENT
        for navn in led["$ref"].removeprefix("#/").split("/"):
            fundet = fundet[navn]
        led = fundet
    return led


def _fejl(skema: Any, vaerdi: Any) -> list[str]:
    return [f"{f.json_path}: {f.message[:120]}" for f in Draft202012Validator({**DOKUMENT, **skema}).iter_errors(vaerdi)]


def _indhold(operation: dict[str, Any]) -> list[Any]:
    """The media types of what is sent and of every answer."""
    dele = [operation.get("requestBody", {}), *(_opslag(svar) for svar in operation["responses"].values())]
    return [medie for del_ in dele for medie in del_.get("content", {}).values()]


@pytest.mark.parametrize(("sti", "metode", "operation"), OPERATIONER, ids=[f"{m} {s}" for s, m, _ in OPERATIONER])
def test_every_operation_has_examples_that_fit_their_schemas(sti: str, metode: str, operation: dict[str, Any]) -> None:
    """Of each parameter, of what is sent, of each answer; of a refusal one for every error that it lists."""
    for parameter in map(_opslag, operation["parameters"]):
        assert not _fejl(parameter["schema"], parameter["example"]), parameter["name"]
    for medie in _indhold(operation):
        vaerdier = [_opslag(e)["value"] for e in medie["examples"].values()] if "examples" in medie else [medie["example"]]
        assert vaerdier and not [fejl for vaerdi in vaerdier for fejl in _fejl(medie["schema"], vaerdi)]


def test_the_document_is_a_valid_openapi_3_1() -> None:
    """By the specification's own schema, references and all."""
    validate(DOKUMENT)


def test_the_example_of_an_action_is_one_that_the_door_reads() -> None:
    """Copied from the document, it is refused for no form."""
    assert laes_handling(eksempel(DOKUMENT["components"]["schemas"]["Handling"], {})).handling == "BevilgForlaengelse"


def test_a_schema_that_nothing_fits_is_said() -> None:
    """Then the candidates need one more; a wrong example is never given in silence."""
    with pytest.raises(ValueError, match="no example fits x"):
        eksempel({"type": "string", "pattern": "^zzz$"}, {}, "x")
