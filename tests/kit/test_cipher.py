"""What is sealed opens again under the same key only; what is signed proves one row."""

from __future__ import annotations

import dataclasses
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from app.kit.cipher import KEY_FILE, Cipher, SealBroken, cipher_of, number_of
from app.kit.settings import Settings


def test_a_sealed_text_opens_under_its_key_and_no_other() -> None:
    cipher, other = Cipher(Fernet.generate_key()), Cipher(Fernet.generate_key())

    sealed = cipher.seal("JBSWY3DPEHPK3PXP")

    assert cipher.open(sealed) == "JBSWY3DPEHPK3PXP"
    assert "JBSWY3DPEHPK3PXP" not in sealed
    with pytest.raises(SealBroken):
        other.open(sealed)


def test_a_signed_word_proves_its_row_and_no_other() -> None:
    cipher, other = Cipher(Fernet.generate_key()), Cipher(Fernet.generate_key())
    word = cipher.signed(12, b"salt")

    assert number_of(word) == 12
    assert cipher.proves(word, 12, b"salt")
    assert not cipher.proves(word, 13, b"salt")
    assert not cipher.proves(word, 12, b"other")
    assert not cipher.proves(word.replace("12.", "13."), 13, b"salt")
    assert not other.proves(word, 12, b"salt")


@pytest.mark.parametrize("word", ["", "12", "12.", ".abc", "-1.abc", "٣.abc", "99999999999.abc", "é.é"])
def test_what_is_no_signed_word_claims_no_row(word: str) -> None:
    assert number_of(word) is None


def test_a_word_that_is_not_ascii_is_only_wrong() -> None:
    assert not Cipher(Fernet.generate_key()).proves("12.é", 12, b"salt")


def test_the_key_of_a_folder_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    settings = dataclasses.replace(Settings.read({}), donnees=tmp_path / "nouveau")

    with ThreadPoolExecutor(8) as pool:
        keys = {cipher.key for cipher in pool.map(cipher_of, [settings] * 8)}

    assert len(keys) == 1
    assert stat.S_IMODE((tmp_path / "nouveau" / KEY_FILE).stat().st_mode) == 0o600
    assert [p.name for p in (tmp_path / "nouveau").iterdir()] == [KEY_FILE]


def test_a_given_key_is_used_and_a_wrong_one_is_refused() -> None:
    given = Fernet.generate_key().decode()

    assert cipher_of(Settings.read({"CLE_CHIFFREMENT": given})).key == given.encode()
    with pytest.raises(ValueError, match="CLE_CHIFFREMENT"):
        cipher_of(Settings.read({"CLE_CHIFFREMENT": "trop-court"}))


def test_a_key_is_never_printed() -> None:
    given = Fernet.generate_key().decode()
    assert given not in repr(Settings.read({"CLE_CHIFFREMENT": given}))
    assert given not in repr(cipher_of(Settings.read({"CLE_CHIFFREMENT": given})))
