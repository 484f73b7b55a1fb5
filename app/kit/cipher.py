"""What is kept sealed, and what is signed, under the one key of the house (CLE_CHIFFREMENT)."""

from __future__ import annotations

import base64
import binascii
import hmac
import os
import threading
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from .settings import Settings

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

KEY = 32  # bytes
KEY_FILE = "cle-de-chiffrement"
SIGNATURE = 32  # bytes


class SealBroken(Exception):
    """A text that was not sealed under this key, or that somebody has changed."""


@dataclass(frozen=True, repr=False)
class Cipher:
    """Seals texts that must be read again (Fernet), signs those that go through the hands of people (HMAC)."""

    key: bytes

    def __post_init__(self) -> None:
        """Raise ValueError for a key that is none."""
        if not is_key(self.key):
            raise ValueError(
                "CLE_CHIFFREMENT doit être 32 octets en base64 ; par exemple : "
                "python -c 'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())'"
            )

    def seal(self, text: str) -> str:
        """Out: the text, unreadable without the key."""
        return self._fernet().encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str:
        """In: what `seal` gave. Out: the text. Raises SealBroken for anything else."""
        from cryptography.fernet import InvalidToken

        try:
            return self._fernet().decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise SealBroken from None

    def _fernet(self) -> Fernet:
        """Loaded by who seals or opens: the library takes 6 MB of a process, and readings have no use for it."""
        from cryptography.fernet import Fernet

        return Fernet(self.key)

    def signed(self, number: int, salt: bytes) -> str:
        """In: the key of a row, and the salt it keeps. Out: the word, of 43 characters and more, that proves it."""
        return f"{number}.{_text(self._signature(number, salt))}"

    def proves(self, word: str, number: int, salt: bytes) -> bool:
        """True if the word is the one that `signed` gives of this row."""
        return hmac.compare_digest(word.encode(), self.signed(number, salt).encode())

    def mark(self, content: bytes) -> bytes:
        """Out: the 32 bytes that prove a file of the house."""
        return hmac.digest(self.key, b"fichier\0" + content, sha256)

    def _signature(self, number: int, salt: bytes) -> bytes:
        return hmac.digest(self.key, b"lien\0" + salt + str(number).encode(), sha256)


def is_key(key: bytes) -> bool:
    """Whether these are 32 bytes in base64, as Fernet wants them."""
    try:
        return len(base64.urlsafe_b64decode(key)) == KEY
    except binascii.Error:
        return False


def number_of(word: str) -> int | None:
    """In: a signed word. Out: the key of the row that it claims, None if it is no such word."""
    number, _, signature = word.partition(".")
    plausible = number.isascii() and number.isdigit() and len(number) < 10 and signature
    return int(number) if plausible else None


def cipher_of(settings: Settings) -> Cipher:
    """In: the settings. Out: the cipher: of CLE_CHIFFREMENT, or of a key that the data folder keeps (mode 0600)."""
    if settings.cle_chiffrement:
        return Cipher(settings.cle_chiffrement.encode())
    return Cipher(kept_key(settings.donnees / KEY_FILE))


def kept_key(path: Path) -> bytes:
    """Out: the key that the file holds; made the first time, by whichever process comes first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        return path.read_bytes()
    except FileNotFoundError:
        made = path.with_name(f"{path.name}.{os.getpid()}.{threading.get_ident()}")
        with open(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as opened:  # noqa: PTH123
            opened.write(base64.urlsafe_b64encode(os.urandom(KEY)))
        try:
            os.link(made, path)  # whole or not at all, and never over another's
        except FileExistsError:
            pass
        finally:
            made.unlink()
        return path.read_bytes()


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
