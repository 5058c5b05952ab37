from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import gb28181


def test_the_reference_example() -> None:
    code = gb28181.parse("33110200001320000001")
    assert (code.centre, code.industry, code.type, code.network, code.serial) == (
        "33110200", "00", 132, 0, "000001",
    )  # fmt: skip
    assert code.is_camera
    assert code.division == "331102"
    assert code.type_label == "network camera"


@given(st.integers(0, 999_999), st.sampled_from([131, 132, 118]), st.integers(0, 9))
def test_made_codes_parse_to_what_made_them(serial: int, kind: int, network: int) -> None:
    text = gb28181.make("33110200", serial, kind=kind, network=network)
    code = gb28181.parse(text)
    assert str(code) == text
    assert (int(code.serial), code.type, code.network) == (serial, kind, network)


@given(st.text(max_size=24))
def test_anything_else_is_refused_with_a_reason_not_a_crash(text: str) -> None:
    try:
        code = gb28181.parse(text)
    except ValueError:
        return
    assert str(code) == text


@pytest.mark.parametrize(
    "text", ["", "3311020000132000000", "99110200001320000001", "33110200000010000001",
             "３３１１０２００００１３２０００００１"],
)  # fmt: skip
def test_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"digits|province|type"):
        gb28181.parse(text)


def test_legacy_codes_are_recognised() -> None:
    assert gb28181.is_legacy("3311020000000132")
    assert not gb28181.is_legacy("33110200001320000001")
