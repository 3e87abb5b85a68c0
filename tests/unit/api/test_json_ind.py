"""Strict JSON at the door, in memory."""

import json
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.api.graenser import Graenser
from hub.api.json_ind import laes, sikkert_navn
from hub.api.problem import Problem

GRAENSER = Graenser()
TEKST = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=20)
VAERDI: Any = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEKST,
    lambda led: st.lists(led, max_size=4) | st.dictionaries(TEKST, led, max_size=4),
    max_leaves=20,
)


@settings(max_examples=200, deadline=None)
@given(VAERDI)
def test_json_within_the_bounds_is_read_as_the_standard_library_reads_it(vaerdi: Any) -> None:
    """Strictness changes no value that is let in."""
    raa = json.dumps(vaerdi, ensure_ascii=False).encode()
    if raa.count(b"[") + raa.count(b"{") <= GRAENSER.json_dybde:
        assert laes(raa, GRAENSER) == vaerdi


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200) | st.text(alphabet='{}[]",:\\u0d8"abc 1e-.', max_size=60).map(str.encode))
def test_no_bytes_give_another_error_than_a_problem(raa: bytes) -> None:
    """Whatever is sent, the door answers; it never stumbles."""
    try:
        laes(raa, GRAENSER)
    except Problem as problem:
        assert problem.status == 400


@pytest.mark.parametrize("tekst", ['"', '"\\', '"\\"', '"[[[[[[[[[[[[[[[[[[[[[["', '{"a": "]]]]]]}}}"}'])
def test_brackets_in_texts_do_not_count_as_depth(tekst: str) -> None:
    """Only the structure is measured; a text that never ends is malformed."""
    try:
        laes(tekst.encode(), GRAENSER)
    except Problem as problem:
        assert problem.kode == "ugyldig_json"


def test_a_long_hostile_body_is_refused_in_linear_time() -> None:
    """64 KiB of quotes, backslashes and brackets take milliseconds, not minutes."""
    for raa in (b'"\\' * 32_000, b'"' * 65_536, b"[" * 65_536, b'{"":' * 16_000, b"\\" * 65_536, b'"' + b"a" * 65_000):
        start = time.process_time()
        with pytest.raises(Problem):
            laes(raa, GRAENSER)
        assert time.process_time() - start < 1


def test_every_text_with_a_forbidden_character_is_named_by_its_path() -> None:
    """All of them at once; a bad field's name, or one that could be a number, is not repeated."""
    with pytest.raises(Problem) as refuseret:
        laes(b'{"a": "\\u0000", "b": [1, {"c": "\\ud800"}], "0101901234": "\\u007f", "\\u0001": 1, "d": "linje\\nto\\tog"}', GRAENSER)
    assert [fejl.felt for fejl in refuseret.value.errors] == ["a", "b[1].c", "?", None]


@pytest.mark.parametrize(
    ("navn", "vist"), [("periode", "periode"), ("0101901234", "?"), ("a1", "?"), ("x" * 41, "?"), ("æ", "?"), ("", "?")]
)
def test_a_name_out_of_the_input_is_shown_only_when_it_cannot_be_personal(navn: str, vist: str) -> None:
    """Letters of ASCII, at most forty: no CPR number."""
    assert sikkert_navn(navn) == vist
