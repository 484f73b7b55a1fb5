"""What is encrypted opens for its row only, under a key that is known by its name; what is told of keys says none."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag

from app.kit.settings import Settings
from app.kit.trousseau import CleInconnue, Trousseau, nouvelle_cle, trousseau_de

UNE, AUTRE, INDEX = nouvelle_cle("2026"), nouvelle_cle("2025"), nouvelle_cle("index")


def lu(cles: str, **autres: str) -> Trousseau | None:
    return trousseau_de(Settings.read({"NIR": "oui", "NIR_CLES": cles, **autres}))


def test_a_text_opens_for_its_row_and_no_other() -> None:
    trousseau = lu(f"{UNE},{AUTRE},{INDEX}")
    assert trousseau is not None
    cle, chiffre = trousseau.chiffrer("255081416802538", 7)
    assert (cle, trousseau.dechiffrer(cle, chiffre, 7)) == ("2026", "255081416802538")
    assert b"255081416802538" not in chiffre
    assert trousseau.chiffrer("255081416802538", 7) != (cle, chiffre)  # never twice the same
    for autre in ((cle, chiffre, 8), ("2025", chiffre, 7), (cle, chiffre[:-1] + b"x", 7)):
        with pytest.raises(InvalidTag):
            trousseau.dechiffrer(*autre)
    with pytest.raises(CleInconnue):
        trousseau.dechiffrer("2024", chiffre, 7)


def test_the_index_finds_again_and_needs_its_key() -> None:
    un, deux = lu(f"{UNE},{INDEX}"), lu(f"{AUTRE},{INDEX}")
    trois = lu(f"{UNE},{nouvelle_cle('index')}")
    assert un is not None
    assert deux is not None
    assert trois is not None
    assert un.empreinte("255081416802538") == deux.empreinte("255081416802538")  # whatever key encrypts
    assert un.empreinte("255081416802538") != trois.empreinte("255081416802538")


def test_it_is_off_unless_said() -> None:
    assert trousseau_de(Settings.read({"NIR_CLES": f"{UNE},{INDEX}"})) is None


@pytest.mark.parametrize(
    "cles",
    [
        "",
        UNE,
        INDEX,
        f"{UNE},{UNE},{INDEX}",
        f"{UNE},index:{UNE.partition(':')[2]}",
        "2026:trop-court," + INDEX,
    ],
)
def test_keys_that_are_none_are_refused_without_being_repeated(cles: str) -> None:
    with pytest.raises(ValueError, match="NIR_CLES") as refus:
        lu(cles)
    assert not any(secret in str(refus.value) for secret in (UNE[5:], INDEX[6:], "trop-court"))
    assert base64.b64decode(UNE[5:], validate=True)


def test_keys_come_from_a_file_too_and_are_never_shown(tmp_path: Path) -> None:
    (tmp_path / "cles").write_text(f"{UNE}\n{INDEX}\n")
    settings = Settings.read({"NIR": "oui", "NIR_CLES_FICHIER": str(tmp_path / "cles")})
    trousseau = trousseau_de(settings)
    assert trousseau is not None
    assert trousseau_de(Settings.read(settings.environ())) == trousseau  # as a child process is told
    assert UNE[5:] not in repr(settings) + repr(trousseau)
    with pytest.raises(ValueError, match="NIR_CLES_FICHIER"):
        Settings.read({"NIR_CLES_FICHIER": str(tmp_path / "absent")})
