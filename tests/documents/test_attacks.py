"""No forgery passes, and each is told what it is."""

from __future__ import annotations

import random
import time
from dataclasses import replace
from datetime import timedelta

import pytest

from safetyapp.documents.verify import judge_file
from safetyapp.domain.verdict import VerdictKind
from tests.documents.attacks import ATTACKS, Attack, Stage, stamped
from tests.documents.examples import MADE_AT


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    return Stage.set_up(tmp_path_factory.mktemp("stage"))


def test_what_the_forgeries_are_made_of_is_valid(stage: Stage) -> None:
    """Else they would be refused for something else than what they do."""
    verdict = judge_file(stage.genuine, stage.belief)
    assert (verdict.kind, verdict.why, verdict.record) == (VerdictKind.VALID, "valid", stage.record)
    key = stage.home.key
    again = stage.sign_with(stage.issued(key), key)
    assert judge_file(again, stage.belief).is_valid
    with_stamp = judge_file(stamped(stage, stage.stampers, MADE_AT), stage.belief)
    assert (with_stamp.kind, with_stamp.why) == (VerdictKind.VALID, "valid-stamped")


def test_there_are_many_and_each_has_a_name() -> None:
    assert len({one.name for one in ATTACKS}) == len(ATTACKS) >= 90


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_no_forgery_passes(stage: Stage, attack: Attack) -> None:
    data = attack.build(stage)
    if attack.belief(stage) == stage.belief:
        assert data != stage.genuine
    start = time.monotonic()
    verdict = judge_file(data, attack.belief(stage))
    assert time.monotonic() - start < 2
    assert (verdict.kind, verdict.why) == (attack.kind, attack.why)
    assert verdict.record is None
    assert verdict.record_json is None


def test_what_was_added_is_told_with_who_had_signed_and_when(stage: Stage) -> None:
    attack = next(a for a in ATTACKS if a.name == "update-replaces-the-record")
    data = attack.build(stage)
    verdict = judge_file(data, stage.belief)
    assert dict(verdict.facts) == {
        "at": "2026-11-24 15:42",
        "bytes": str(len(data) - len(stage.genuine)),
        "revisions": "1",
        "signer": "张示例",
    }
    assert (verdict.signer, verdict.signed_at) == ("张示例", MADE_AT)
    twice = judge_file(data + data[len(stage.genuine) :], stage.belief)
    assert dict(twice.facts)["revisions"] == "2"


def test_what_was_added_to_a_stranger_s_document_is_not_looked_at(stage: Stage) -> None:
    other = stage.next_door
    data = stage.sign_with(other.certificate, other.key, other.ca)
    verdict = judge_file(data + b"9 0 obj\n<<>>\nendobj\n%%EOF\n", stage.belief)
    assert (verdict.why, verdict.signer) == ("appended", "")


def test_five_hundred_flipped_bits_over_several_documents(stage: Stage) -> None:
    """Anywhere, and half of them in the signature and what describes it."""
    plain = stage.genuine
    documents = [
        plain,
        stamped(stage, stage.stampers, MADE_AT),
        stage.sign(stage.archive_of(replace(stage.record, site="操场"))),
        stage.sign(stage.archive_of(replace(stage.record, opinion="限期整改。" * 400))),
    ]
    assert all(judge_file(data, stage.belief).is_valid for data in documents)
    source = random.Random(20261124)
    passed = []
    for number in range(500):
        data = bytearray(documents[number % len(documents)])
        lowest = data.index(b"/AcroForm") if number % 8 >= 4 else 0
        place, bit = source.randrange(lowest, len(data)), source.randrange(8)
        data[place] ^= 1 << bit
        if judge_file(bytes(data), stage.belief).is_valid:
            passed.append((number % len(documents), place, bit))
    assert passed == []


@pytest.mark.parametrize("days", [-2, 2])
def test_clocks_may_be_hours_apart_but_not_days(stage: Stage, days: int) -> None:
    belief = replace(stage.belief, now=MADE_AT - timedelta(hours=20))
    assert judge_file(stage.genuine, belief).is_valid
    belief = replace(stage.belief, now=MADE_AT + timedelta(days=days))
    assert judge_file(stage.genuine, belief).is_valid is (days > 0)
    assert judge_file(stage.genuine, replace(belief, now=None)).is_valid
