"""The version of a playbook: canonical JSON after RFC 8785, and what changes it."""

from __future__ import annotations

import json
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook_engine.model.action import ActionSpec
from playbook_engine.policy.digest import canonical, digest
from playbook_engine.runtime.playbooks import load_texts
from small_playbook import FILE, SMALL, edited, holiday_lock, policy_of

# RFC 8785, appendix B.
NUMBERS = {
    "0000000000000000": "0",
    "8000000000000000": "0",
    "0000000000000001": "5e-324",
    "8000000000000001": "-5e-324",
    "7fefffffffffffff": "1.7976931348623157e+308",
    "ffefffffffffffff": "-1.7976931348623157e+308",
    "4340000000000000": "9007199254740992",
    "c340000000000000": "-9007199254740992",
    "4430000000000000": "295147905179352830000",
    "44b52d02c7e14af5": "9.999999999999997e+22",
    "44b52d02c7e14af6": "1e+23",
    "44b52d02c7e14af7": "1.0000000000000001e+23",
    "444b1ae4d6e2ef4e": "999999999999999700000",
    "444b1ae4d6e2ef4f": "999999999999999900000",
    "444b1ae4d6e2ef50": "1e+21",
    "3eb0c6f7a0b5ed8c": "9.999999999999997e-7",
    "3eb0c6f7a0b5ed8d": "0.000001",
    "41b3de4355555553": "333333333.3333332",
    "41b3de4355555554": "333333333.33333325",
    "41b3de4355555555": "333333333.3333333",
    "41b3de4355555556": "333333333.3333334",
    "41b3de4355555557": "333333333.33333343",
    "becbf647612f3696": "-0.0000033333333333333333",
    "43143ff3c1cb0959": "1424953923781206.2",
}


@pytest.mark.parametrize(("bits", "written"), NUMBERS.items())
def test_a_number_is_written_as_ecmascript_writes_it(bits: str, written: str) -> None:
    (number,) = struct.unpack(">d", bytes.fromhex(bits))
    assert canonical(number) == written.encode()


def test_the_example_of_the_rfc_has_its_bytes() -> None:
    # RFC 8785, sections 3.2.2 to 3.2.4.
    value = {
        "numbers": [333333333.33333329, 1e30, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"\u002f",
        "literals": [None, True, False],
    }
    assert canonical(value) == (
        b'{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
        b'"string":"\xe2\x82\xac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )


def test_keys_are_sorted_by_their_utf_16_units() -> None:
    # RFC 8785, section 3.2.3: an emoji sorts by its surrogates, before U+FB33.
    keys = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\x80", "\u00f6"]
    written = json.loads(canonical(dict.fromkeys(keys, "")).decode())
    assert list(written) == ["\r", "1", "\x80", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 2**53, "\ud800"])
def test_what_has_no_canonical_form_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r".+"):
        canonical(value)


@pytest.mark.parametrize("value", [{1: "a"}, {"a": {1, 2}}, b"x"])
def test_what_is_not_json_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        canonical(value)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda held: st.lists(held, max_size=4) | st.dictionaries(st.text(max_size=5), held, max_size=4),
    max_leaves=20,
)


@given(JSON)
def test_canonical_json_reads_back_as_what_was_written(value: object) -> None:
    assert json.loads(canonical(value)) == value


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_float_reads_back_as_itself(value: float) -> None:
    assert float(json.loads(canonical(value))) == value


def test_the_digest_is_sha_256_of_the_three_parts() -> None:
    # printf '{"actions":{},"lock":{},"playbook":{"a":"b"}}' | sha256sum
    assert digest({"a": "b"}, {}, {}) == "037af9f9726676d2a6c4125bdc129d4bd4339e7a7e11f3b80b69f5bc24a75aa5"


SAME = [
    ("a comment", ("playbook: shop", "playbook: shop  # the only one")),
    ("quotes", ("owner: community-lead", 'owner: "community-lead"')),
    ("the order of keys", ("format: 1\nowner: community-lead", "owner: community-lead\nformat: 1")),
    ("block style", ("incidents: {reopen_within: 5d}", "incidents:\n  reopen_within: 5d")),
    ("empty lines", ("renamed:", "\n\nrenamed:")),
]


@pytest.mark.parametrize("edit", [edit for _, edit in SAME], ids=[name for name, _ in SAME])
def test_what_no_reader_of_the_values_can_see_leaves_the_version_alone(edit: tuple[str, str]) -> None:
    assert policy_of(edited(edit)).digest == policy_of(SMALL).digest


CHANGED = [
    ("a deadline", ("reply: 15m", "reply: 16m")),
    ("the same time otherwise", ("reply: 15m", "reply: 900s")),
    ("a text", ("We are closed.", "We are closed!")),
    ("the order of a list", ("[head, undecided]", "[undecided, head]")),
    ("who answers for it", ("owner: community-lead", "owner: somebody")),
    ("the country of its holidays", ("    holidays: JP\n", "")),
]


@pytest.mark.parametrize("edit", [edit for _, edit in CHANGED], ids=[name for name, _ in CHANGED])
def test_whatever_is_said_otherwise_is_another_version(edit: tuple[str, str]) -> None:
    assert policy_of(edited(edit)).digest != policy_of(SMALL).digest


def test_files_may_be_cut_anywhere_between_sections() -> None:
    before, marker, after = SMALL.partition("accounts:\n")
    whole = load_texts({FILE: SMALL.encode()}, holiday_lock())
    for names in (("a.yaml", "b.yaml"), ("z.yaml", "b.yaml")):
        files = dict(zip(names, (before.encode(), (marker + after).encode()), strict=True))
        parted = load_texts(dict(sorted(files.items())), holiday_lock())
        assert parted.policy is not None
        assert whole.policy is not None
        assert parted.policy.digest == whole.policy.digest


def test_other_holidays_are_another_version_and_those_of_other_countries_are_not() -> None:
    lock = holiday_lock()
    japan = lock.dates("JP")
    assert japan is not None
    fewer = type(lock)({"JP": dict(list(japan.items())[1:])})
    more = type(lock)({"JP": japan, "KR": {}})
    versions = [load_texts({FILE: SMALL.encode()}, each).policy for each in (lock, fewer, more)]
    digests = [policy.digest for policy in versions if policy is not None]
    assert digests[0] == digests[2] != digests[1]


def test_only_actions_that_are_used_are_part_of_the_version() -> None:
    spec = ActionSpec("page", {"type": "object", "properties": {"who": {"type": "string"}}}, main="who")
    wider = ActionSpec(
        "page", {"type": "object", "properties": {"who": {"type": "string", "maxLength": 9}}}, main="who"
    )
    unused = policy_of(SMALL, {"page": spec}).digest
    assert unused == policy_of(SMALL).digest
    using = edited(("{ticket: {queue: returns}}", "{page: head}"))
    assert policy_of(using, {"page": spec}).digest != policy_of(using, {"page": wider}).digest
