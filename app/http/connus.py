"""Documents known in advance: read, measured and validated by `rafael documents`, before any server starts.

A worker that never saw such a document neither parses nor validates it: its tree comes from a sealed file. The file holds
for one schema, these rules, these limits and these libraries; under any other it is not opened, and documents are
validated as anybody's. Whoever writes it must hold the key of the house: nothing is unpickled before the seal is proven.
"""

from __future__ import annotations

import hmac
import logging
import pickle
import sys
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from graphql import DocumentNode

LOG = logging.getLogger("rafael.documents")
FICHIER = "documents-connus"
SCEAU = 32  # bytes
OCTETS_MAX = 20_000_000  # of the file: each worker holds it

Sign = Callable[[bytes], bytes]  # of what is sealed, under the key of the house


class SceauRompuError(ValueError):
    """The file was not written under this key, or somebody has changed it; the message says what to do."""


@dataclass(frozen=True)
class Connu:
    """A document that is valid: its text, whether its variables must be looked at, its tree, folded."""

    texte: str
    dear: bool
    folded: bytes

    @classmethod
    def of(cls, texte: str, node: DocumentNode, *, dear: bool) -> Connu:
        """In: a document that was admitted."""
        return cls(texte, dear, zlib.compress(pickle.dumps(node, pickle.HIGHEST_PROTOCOL), 9))

    def node(self) -> DocumentNode:
        """Out: its tree, unfolded when somebody asks the document."""
        found: DocumentNode = pickle.loads(zlib.decompress(self.folded))  # noqa: S301  # sealed: see `lire`
        return found


@dataclass(frozen=True)
class Connus:
    """Known documents, by the SHA-256 of their text."""

    documents: Mapping[bytes, Connu] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.documents)

    def get(self, digest: bytes) -> Connu | None:
        """Out: the document of a fingerprint, if it is known."""
        return self.documents.get(digest)


def cle_de(schema: str, rules: object, limits: object) -> bytes:
    """Out: what a document was found valid under: the schema, the rules, the limits, the libraries, our own version."""
    libraries = (version("graphql-core"), version("rafaelpro-api"), sys.version_info[:2])
    return sha256(repr((schema, rules, limits, libraries)).encode()).digest()


def lire(path: Path, cle: bytes, sign: Sign) -> Connus:
    """In: the file, what documents must be valid under, what seals. Out: the documents; none if they are of another time.

    Raises SceauRompuError.
    """
    if not path.is_file():
        return Connus()
    written = path.read_bytes()
    seal, sealed = written[:SCEAU], written[SCEAU:]
    if not hmac.compare_digest(seal, sign(sealed)):
        raise SceauRompuError(
            f"{path} n'est pas scellé par la clé de cette maison : relancez « rafael documents »"
        )
    if sealed[:SCEAU] != cle:
        LOG.warning("%s est d'un autre schéma ou d'une autre version : relancez « rafael documents »", path)
        return Connus()
    return Connus(pickle.loads(sealed[SCEAU:]))  # noqa: S301  # the seal is proven


def ecrire(path: Path, cle: bytes, sign: Sign, documents: Mapping[bytes, Connu]) -> None:
    """Write the file, whole or not at all. Raises ValueError if it would be too large."""
    sealed = cle + pickle.dumps(dict(documents), pickle.HIGHEST_PROTOCOL)
    if len(sealed) > OCTETS_MAX:
        raise ValueError(f"trop de documents : {len(sealed)} octets, {OCTETS_MAX} au plus")
    path.parent.mkdir(parents=True, exist_ok=True)
    made = path.with_name(path.name + ".neuf")
    made.touch(mode=0o600)
    made.write_bytes(sign(sealed) + sealed)
    made.replace(path)
