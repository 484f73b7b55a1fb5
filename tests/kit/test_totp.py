"""Six digits: those of the RFC, around the moment, once."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pytest

from app.kit.totp import CODES, STEP, code_at, new_codes, new_secret, normal, step_of, uri

RFC_6238 = base64.b32encode(b"12345678901234567890").decode()
LE = datetime(2026, 6, 2, 8, 0, 10, tzinfo=UTC)
SECRET = new_secret()


@pytest.mark.parametrize(
    ("seconds", "digits"),
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_the_vectors_of_the_rfc(seconds: int, digits: str) -> None:
    moment = datetime.fromtimestamp(seconds, UTC)
    assert code_at(RFC_6238, moment) == digits
    assert step_of(RFC_6238, digits, moment, after=None) == seconds // STEP


@pytest.mark.parametrize(("seconds", "read"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_telephone_may_be_a_little_early_or_late(seconds: int, read: bool) -> None:
    code = code_at(SECRET, LE + timedelta(seconds=seconds))
    assert (step_of(SECRET, code, LE, after=None) is not None) == read


def test_a_code_serves_once_and_so_do_those_before_it() -> None:
    used = step_of(SECRET, code_at(SECRET, LE), LE, after=None)
    assert used is not None
    assert step_of(SECRET, code_at(SECRET, LE), LE, after=used) is None
    assert step_of(SECRET, code_at(SECRET, LE - timedelta(seconds=30)), LE, after=used) is None
    assert step_of(SECRET, code_at(SECRET, LE + timedelta(seconds=30)), LE, after=used) == used + 1


@pytest.mark.parametrize("wrong", ["", "000", "abcdef", "é" * 6, "1234567"])
def test_what_is_no_code_is_wrong(wrong: str) -> None:
    assert step_of(SECRET, wrong, LE, after=None) is None


def test_an_application_reads_the_address() -> None:
    read = uri(SECRET, "gaelle@cap-metiers.example")
    assert read.startswith("otpauth://totp/RafaelPro:gaelle%40cap-metiers.example?secret=" + SECRET)


def test_codes_to_print_are_all_different_and_read_however_typed() -> None:
    codes = new_codes()
    assert len(set(codes)) == CODES
    assert all(normal(code.upper().replace("-", " ")) == code for code in codes)
