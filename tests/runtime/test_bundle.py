"""A record as one file: checked by us, and by a verifier that knows nothing but the page that describes the format."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audited import audited, codes, told_to
from playbook_engine.errors import UsageError
from playbook_engine.runtime.auditing import Audit
from playbook_engine.runtime.bundle import exported, read_bundle
from playbook_engine.runtime.sealing import seal
from playbook_engine.runtime.store import Store, open_store


@cache
def store() -> Store:
    kept = told_to(open_store("memory:")).store
    seal(kept, 1_900_000_000_000)
    return kept


def audit_of(content: bytes) -> Audit:
    bundle = read_bundle(content)
    personal, partial = bundle.manifest.personal, not bundle.whole
    found = audited(bundle.store, working=False, personal=personal, partial=partial)
    found.differences[:0] = bundle.differences
    return found


def one() -> str:
    return next(record.incident for record in store().records())


@pytest.mark.parametrize(
    "choice",
    [{}, {"personal": False}, {"incident": True}, {"incident": True, "personal": False}],
    ids=["everything", "nothing personal", "one incident", "one incident without anything personal"],
)
def test_a_bundle_is_found_in_order_and_every_decision_in_it_is_made_again(choice: dict[str, Any]) -> None:
    name = one() if choice.get("incident") else ""
    found = audit_of(exported(store(), name, choice.get("personal", True)))

    assert (found.differences, found.unmade) == ([], {})
    assert found.remade + found.from_facts == found.records == len(list(store().records(name)))
    assert found.from_facts == (0 if choice.get("personal", True) else found.records)


def test_the_same_record_gives_the_same_bytes() -> None:
    assert exported(store()) == exported(store())


def test_a_bundle_without_anything_personal_holds_no_word_of_a_customer() -> None:
    public, whole = exported(store(), personal=False), exported(store())
    words = ("jasmine", "leaf_and_letter")

    assert [word for word in words if word.encode() in public] == []
    assert [word for word in words if word.encode() in whole] == list(words)


def test_an_unknown_incident_is_told() -> None:
    with pytest.raises(UsageError, match="nothing was decided in an incident `nobody`"):
        exported(store(), "nobody")


@given(data=st.data())
@settings(max_examples=80, deadline=None)
def test_a_byte_that_is_flipped_anywhere_in_a_bundle_is_found(data: st.DataObject) -> None:
    content = bytearray(exported(store(), *data.draw(st.sampled_from([("", True), ("", False), (one(), True)]))))
    at = data.draw(st.integers(0, len(content) - 1))
    content[at] ^= 1 << data.draw(st.integers(0, 7))
    try:
        bundle = read_bundle(bytes(content))
    except UsageError:
        return
    assert bundle.differences


def test_a_bundle_of_another_format_is_refused() -> None:
    with zipfile.ZipFile(io.BytesIO(exported(store()))) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    files["manifest.json"] = files["manifest.json"].replace(b'"format":1', b'"format":2')
    with pytest.raises(UsageError, match="format 2; this release reads 1"):
        read_bundle(packed(files))


def packed(files: dict[str, bytes]) -> bytes:
    """A bundle made by hand, with a manifest that fits."""
    manifest = json.loads(files["manifest.json"])
    manifest["files"] = {
        name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items()) if name != "manifest.json"
    }
    files = {**files, "manifest.json": json.dumps(manifest, separators=(",", ":")).encode()}
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.create_system = 3
            archive.writestr(entry, content)
    return target.getvalue()


@pytest.mark.parametrize(
    ("file", "lines", "code"),
    [
        ("records.jsonl", slice(None, -1), "cut-off"),
        ("records.jsonl", slice(1, None), "chain"),
        ("events.jsonl", slice(None, -1), "cut-off"),
        ("events.jsonl", slice(1, None), "cut-off"),
        ("incidents.jsonl", slice(1, None), "incident"),
        ("secrets.jsonl", slice(1, None), "secret"),
        ("seals.jsonl", slice(1, None), "seal"),
    ],
)
def test_whoever_writes_a_bundle_anew_without_something_is_found(file: str, lines: slice, code: str) -> None:
    with zipfile.ZipFile(io.BytesIO(exported(store()))) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    assert packed(files) == exported(store())
    files[file] = b"".join(files[file].splitlines(keepends=True)[lines])

    assert code in codes(audit_of(packed(files)))


@pytest.mark.parametrize(("was", "now"), [('"index":0', '"index":1'), ('"seal":1', '"seal":2')])
def test_a_proof_that_leads_elsewhere_is_found(was: str, now: str) -> None:
    with zipfile.ZipFile(io.BytesIO(exported(store(), one()))) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    files["proofs.jsonl"] = files["proofs.jsonl"].replace(was.encode(), now.encode(), 1)

    assert "proof" in codes(audit_of(packed(files)))


def test_a_record_without_a_proof_is_found() -> None:
    with zipfile.ZipFile(io.BytesIO(exported(store(), one()))) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    files["proofs.jsonl"] = b"".join(files["proofs.jsonl"].splitlines(keepends=True)[1:])

    assert "proof" in codes(audit_of(packed(files)))


@pytest.mark.parametrize("incident", ["", "one"])
def test_a_verifier_of_one_page_that_knows_only_the_format_agrees(incident: str) -> None:
    content = exported(store(), one() if incident else "")
    assert verified_by_a_stranger(content) == len(list(store().records(one() if incident else "")))


@pytest.mark.parametrize("word", [b'\\"kind\\":\\"fault\\"', b"jasmine", b'"root":"', b"parcels"])
def test_the_stranger_finds_what_was_changed_even_under_a_new_manifest(word: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(exported(store()))) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    changed = next(name for name, content in files.items() if word in content)
    files[changed] = files[changed].replace(word, word[:-1] + b"0" if word.endswith(b'"') else word.swapcase(), 1)

    with pytest.raises((AssertionError, ValueError)):
        verified_by_a_stranger(packed(files))


def verified_by_a_stranger(content: bytes) -> int:
    """Everything but the decisions themselves, by `docs/audit.md` alone; how many records there are."""

    def sha(*parts: bytes) -> bytes:
        return hashlib.sha256(b"".join(parts)).digest()

    def root(leaves: list[bytes]) -> bytes:
        if len(leaves) < 2:
            return leaves[0] if leaves else sha(b"")
        most = 1 << (len(leaves) - 1).bit_length() - 1
        return sha(b"\x01", root(leaves[:most]), root(leaves[most:]))

    def up(entry: bytes, index: int, size: int, path: list[str]) -> bytes:
        found, last = sha(b"\x00", entry), size - 1
        while last:
            if index % 2:
                found = sha(b"\x01", bytes.fromhex(path.pop(0)), found)
            elif index < last:
                found = sha(b"\x01", found, bytes.fromhex(path.pop(0)))
            index, last = index // 2, last // 2
        return found

    archive = zipfile.ZipFile(io.BytesIO(content))
    manifest = json.loads(archive.read("manifest.json"))
    for name, digest in manifest["files"].items():
        assert sha(archive.read(name)).hex() == digest

    def lines(name: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in archive.read(name).splitlines()]

    for name in archive.namelist():
        if name.startswith("policies/"):
            assert sha(archive.read(name)).hex() == name[9:-5]
    secrets = {line["incident"]: bytes.fromhex(line["secret"]) for line in lines("secrets.jsonl")}
    events = {}
    digests = []
    for line in lines("events.jsonl"):
        public = json.loads(line["public"])
        events[f"{public['source']}#{public['id']}"] = line
        digests.append(sha(line["public"].encode()))
    heads: dict[str, tuple[int, bytes]] = {}
    last: dict[str, str] = {}
    hashes = []
    for line in lines("records.jsonl"):
        n, head = heads.get(line["incident"], (0, bytes(32)))
        body = json.loads(line["body"])
        assert (line["n"], line["previous"]) == (n + 1, head.hex())
        assert sha(head, line["body"].encode()).hex() == line["hash"]
        assert (body["incident"], body["event"]) == (line["incident"], line["event"])
        if "given" in body:
            assert sha(events[body["event"]]["public"].encode()).hex() == body["given"]
        if "said" in body and manifest["personal"]:
            assert sha(secrets[body["incident"]], events[body["event"]]["personal"].encode()).hex() == body["said"]
        assert f"policies/{body['policy']}.json" in manifest["files"]
        heads[line["incident"]] = line["n"], bytes.fromhex(line["hash"])
        last[line["incident"]] = body["state"]
        hashes.append(bytes.fromhex(line["hash"]))
    for line in lines("incidents.jsonl"):
        assert sha(line["public"].encode()).hex() == last[json.loads(line["public"])["id"]]
    before = {"n": 0, "records": 0, "events": 0}
    named, seals, sizes = "", {}, {}
    for raw in archive.read("seals.jsonl").splitlines():
        made = json.loads(raw)
        assert (made["n"], made["previous"]) == (before["n"] + 1, named)
        covered = hashes[before["records"] : made["records"]] + digests[before["events"] : made["events"]]
        if not manifest["incident"]:
            assert root([sha(b"\x00", entry) for entry in covered]).hex() == made["root"]
        sizes[made["n"]] = made["records"] - before["records"] + made["events"] - before["events"]
        named, before, seals[made["n"]] = sha(raw).hex(), made, made["root"]
    if manifest["incident"]:
        proven = set()
        for proof in lines("proofs.jsonl"):
            entry, size = bytes.fromhex(proof["entry"]), sizes[proof["seal"]]
            assert up(entry, proof["index"], size, proof["path"]).hex() == seals[proof["seal"]]
            proven.add(entry)
        assert proven >= {*hashes, *digests}
    return len(hashes)
