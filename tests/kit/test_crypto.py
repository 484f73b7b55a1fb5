"""Passwords: what is verified when there is no account costs what a real one costs."""

from __future__ import annotations

from app.kit import crypto


async def test_a_password_is_verified_against_what_was_kept_of_it() -> None:
    kept = await crypto.hash_password("Cheval-Correct-7")
    assert await crypto.password_matches(kept, "Cheval-Correct-7")
    assert not await crypto.password_matches(kept, "Cheval-Correct-8")


async def test_without_an_account_the_same_work_is_done_for_nothing() -> None:
    assert not crypto._hasher().check_needs_rehash(crypto._NOBODY), "other parameters: another time"
    assert not await crypto.password_matches(None, "Cheval-Correct-7")
