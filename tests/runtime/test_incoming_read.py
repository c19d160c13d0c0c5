"""Files, streams and bodies of any shape and size."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator

import pytest

from playbook_engine.runtime.incoming import read as reading
from playbook_engine.runtime.incoming.intake import take_in
from playbook_engine.runtime.incoming.outcomes import Incoming, Sender, SetAside
from playbook_engine.runtime.incoming.parse import Piece
from playbook_engine.runtime.incoming.read import read


def line(id: int, text: str = "hi") -> bytes:
    return json.dumps({"id": id, "channel": "x", "text": text}).encode()


def told(content: bytes, name: str = "") -> list[tuple[str, str]]:
    """Each outcome as its place and the id of the event, or the reason."""
    found = list(take_in(io.BytesIO(content), Sender(), name=name))
    return [(each.place, each.id if isinstance(each, Incoming) else getattr(each, "reason", "")) for each in found]


def test_lines_are_read_in_their_order() -> None:
    assert told(line(1) + b"\n" + line(2) + b"\n") == [("line 1", "1"), ("line 2", "2")]


def test_a_last_line_needs_no_end() -> None:
    assert told(line(1) + b"\n" + line(2)) == [("line 1", "1"), ("line 2", "2")]


def test_windows_line_ends_a_byte_order_mark_and_blank_lines_are_passed_over() -> None:
    content = b"\xef\xbb\xbf\r\n\r\n" + line(1) + b"\r\n   \r\n" + line(2) + b"\r\n\r\n"
    assert told(content) == [("line 3", "1"), ("line 5", "2")]


def test_the_name_of_the_input_stands_before_the_line() -> None:
    assert told(b"\n" + line(1), "mentions.jsonl") == [("mentions.jsonl, line 2", "1")]


def test_nothing_comes_of_nothing() -> None:
    assert told(b"") == told(b"\n \r\n") == []


def test_a_broken_line_costs_only_itself() -> None:
    content = line(1) + b'\n{"id": 2, "text": \n' + b"nonsense\n" + line(4)
    assert told(content) == [("line 1", "1"), ("line 2", "not-json"), ("line 3", "not-json"), ("line 4", "4")]


@pytest.mark.parametrize("first", [b'{"id": 2, "text":', b"nonsense", b'{"id": 1}}', b"\xff\xfe\xfd", b'{"a":1,"a":2}'])
def test_a_broken_first_line_costs_only_itself(first: bytes) -> None:
    content = first + b"\n" + line(2) + b"\n" + line(3)
    assert told(content)[1:] == [("line 2", "2"), ("line 3", "3")]


def test_a_broken_first_line_before_another_broken_one_costs_only_the_two() -> None:
    content = b'{"id": 1, "te\nnonsense\n' + line(3) + b"\n" + line(4)
    assert told(content) == [("line 1", "not-json"), ("line 2", "not-json"), ("line 3", "3"), ("line 4", "4")]


def test_an_array_over_many_lines_is_read_item_by_item() -> None:
    content = b"[\n" + line(1) + b",\n\n" + line(2) + b"\n]\n"
    assert told(content) == [("line 2", "1"), ("line 4", "2")]


def test_an_array_on_one_line_is_a_batch() -> None:
    assert told(b"[" + line(1) + b"," + line(2) + b"]") == [("line 1, item 1", "1"), ("line 1, item 2", "2")]


def test_an_empty_array_holds_nothing() -> None:
    assert told(b"[]") == told(b"[\n]") == []


def test_what_stands_before_a_fault_in_an_array_is_read() -> None:
    content = b"[\n" + line(1) + b",\n" + line(2) + b"\n" + line(3) + b"]"
    assert told(content) == [("line 2", "1"), ("line 3", "2"), ("line 4", "not-json")]


@pytest.mark.parametrize("end", [b"", b",", b",]", b"}", b'{"id":'])
def test_an_array_that_is_cut_off_says_so(end: bytes) -> None:
    places = told(b"[\n" + line(1) + b"\n" + end)
    assert places[0] == ("line 2", "1")
    assert [reason for _, reason in places[1:]] == ["not-json"]


def test_one_object_over_many_lines_is_one_event() -> None:
    content = json.dumps({"id": 1, "channel": "x", "text": "hi"}, indent=2).encode()
    assert told(content) == [("line 1", "1")]
    assert told(content + b"\n" + content.replace(b"1", b"2")) == [("line 1", "1"), ("line 6", "2")]


def test_another_encoding_is_named() -> None:
    [(place, reason)] = told(line(1).decode().encode("utf-16"))
    assert (place, reason) == ("line 1", "not-utf-8")
    assert told(b'{"id": 1, "channel": "x", "text": "\x93\xfa\x96{"}') == [("line 1", "not-utf-8")]
    assert told(b'[\n{"text": "\x93\xfa\x96{"}\n]') == [("line 2", "not-utf-8")]


def test_a_line_over_four_megabytes_is_set_aside_and_read_past() -> None:
    content = line(1) + b"\n" + line(2, "x" * reading.LONGEST_LINE) + b"\n" + line(3)
    found = list(take_in(io.BytesIO(content), Sender()))
    assert told(content) == [("line 1", "1"), ("line 2", "too-large"), ("line 3", "3")]
    assert isinstance(found[1], SetAside)
    assert len(found[1].body) == 65_536


def test_a_first_line_over_four_megabytes_is_set_aside_and_read_past() -> None:
    content = line(1, "x" * reading.LONGEST_LINE * 2) + b"\n" + line(2)
    assert told(content) == [("line 1", "too-large"), ("line 2", "2")]


def test_a_large_array_on_one_line_is_read() -> None:
    items = b",".join(line(number, "x" * 1_000) for number in range(6_000))
    assert len(items) > reading.LONGEST_LINE
    assert [id for _, id in told(b"[" + items + b"]")] == [str(number) for number in range(6_000)]


def test_an_array_over_sixty_four_megabytes_is_refused_with_advice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LARGEST_DOCUMENT", 1 << 20)
    content = b"[\n" + b",\n".join(line(number, "x" * 1_000) for number in range(2_000)) + b"]"
    assert told(content) == [("line 1", "too-large")]


class Endless:
    """A stream that never ends and counts what was asked of it."""

    def __init__(self) -> None:
        self.lines = 0

    def read(self, size: int, /) -> bytes:
        raise AssertionError("lines must not be read whole")

    def readline(self, size: int, /) -> bytes:
        self.lines += 1
        return line(self.lines) + b"\n"


def test_lines_are_handed_on_as_they_come() -> None:
    stream = Endless()
    pieces: Iterator[Piece | SetAside] = read(stream)
    assert [next(pieces).place for _ in range(3)] == ["line 1", "line 2", "line 3"]
    assert stream.lines <= 3
