"""What may be chosen from outside, and what is refused with the name of the variable."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from app.kit.settings import Settings


def test_nothing_need_be_said() -> None:
    settings = Settings.read({})
    assert settings.port == 8000
    assert settings.database_url is None
    assert settings.horloge == "ouvree"
    assert settings.demo
    assert settings.workers >= 1
    assert len(settings.departements) == 12


@pytest.mark.regle("C-10")
def test_a_full_session_refuses_nobody_by_itself_unless_it_is_said() -> None:
    assert not Settings.read({}).refus_session_complete
    assert Settings.read({"REFUS_SESSION_COMPLETE": "oui"}).refus_session_complete


def test_a_database_of_ones_own_is_not_a_demonstration() -> None:
    settings = Settings.read({"DATABASE_URL": "postgresql://u@h/b"})
    assert not settings.demo
    assert settings.horloge == "systeme"


def test_a_demonstration_that_is_asked_for_is_open_at_any_hour() -> None:
    settings = Settings.read({"DATABASE_URL": "postgresql://u@h/b", "DEMO": "oui"})
    assert settings.demo
    assert settings.horloge == "ouvree"


def test_a_data_folder_is_taken_from_where_one_is() -> None:
    assert Settings.read({"DONNEES": "ici"}).donnees == Path.cwd() / "ici"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "huit"),
        ("PORT", "-1"),
        ("DEMO", "peut-être"),
        ("HORLOGE", "arrêtée"),
        ("WORKERS", "1.5"),
        ("SMTP_URL", "courriel.example"),
        ("TRAVAUX", "parfois"),
        ("PORT", "99999"),
        ("PORT", "²"),
        ("WORKERS", "100000"),
        ("DATABASE_URL", "mysql://u@h/b"),
        ("DATABASE_URL", "postgresql://u@h:port/b"),
        ("DATABASE_URL_LECTURE", "ailleurs"),
        ("SMTP_URL", "smtp://h:99999"),
        ("SMTP_URL", "smtp://[::1"),
        ("EXPEDITEUR", "RafaelPro"),
        ("EXPEDITEUR", "a@b.example\nBcc: c@d.example"),
        ("SITE", "rafael.example"),
        ("ORIGINES", "https://a.example, b.example"),
        ("ORIGINES", "*"),
        ("DEPARTEMENTS", "33, Gironde"),
        ("CONSERVATION_MOIS", "999999999"),
        ("NIR_CLES_FICHIER", sys.executable),
    ],
)
def test_a_value_that_means_nothing_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(ValueError, match=name):
        Settings.read({name: value})


def test_a_partner_s_address_is_one() -> None:
    with pytest.raises(ValueError, match="AGORA_URL"):
        Settings.read({"AGORA_URL": "http://[::1", "AGORA_SECRET": "s" * 32})


def test_an_empty_variable_is_as_if_it_were_not_there() -> None:
    """An empty HOTE would listen everywhere."""
    vides = {name.upper(): "" for name in Settings.read({}).__dataclass_fields__}
    assert Settings.read({**vides, "OIDC_ACR": "eidas1"}) == Settings.read({})


@pytest.mark.parametrize(
    "environ",
    [
        {"DONNEES": "/un dossier"},
        {"DATABASE_URL": "postgresql://u@h/b", "DATABASE_URL_LECTURE": "postgresql://u@r/b", "WORKERS": "7"},
        {
            "DEMO": "non",
            "INTROSPECTION": "0",
            "HOTE": "::1",
            "PORT": "0",
            "DEPARTEMENTS": "33, 2A",
            "HORLOGE": "2026-03-04T10:00",
            "TRAVAUX": "non",
            "REFUS_SESSION_COMPLETE": "oui",
            "SMTP_URL": "smtp://quelqu-un:secret@courriel.example:587",
            "SITE": "https://rafael.example/",
        },
    ],
)
def test_a_child_process_reads_the_same_settings(environ: dict[str, str]) -> None:
    settings = Settings.read(environ)
    assert Settings.read(settings.environ()) == settings
