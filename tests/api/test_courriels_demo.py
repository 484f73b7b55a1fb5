"""The mails of a demonstration, shown by the console: its own, and only there; what they hold runs nothing."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from app.console.courriels import COURRIELS
from app.console.pages import Facts, Pages
from app.jobs.composition import composer
from app.jobs.poste import Dossier, dossier_de
from app.kit.clock import PARIS
from app.kit.settings import Settings

from .edge import SCHEMA, Edge
from .test_edge_pages import Outline

LE = datetime(2026, 6, 2, 10, 5, tzinfo=PARIS)
MECHANT = '<script>alert(1)</script><img src="https://ailleurs.example/x.png">'


def edge(dossier: Path | None) -> Edge:
    return Edge(routes=Pages(Facts(SCHEMA, courriels=dossier)).routes())


async def ecrire(dossier: Path, sujet: str, **contexte: str) -> None:
    said = {
        "prenom": "Rosa",
        "site": "https://rafaelpro.example",
        "lien": "https://rafaelpro.example/liens/changer_mot_de_passe#7.abcDEF",
        "expire": "2 juin 2026 à 11 h 05",
    } | contexte
    message = composer(
        "mot_de_passe_oublie",
        a="rosa@adresse.example",
        de="R <x@rafaelpro.example>",
        sujet=sujet,
        le=LE,
        contexte=said,
    )
    await Dossier(dossier).envoyer(message)


async def test_mails_are_listed_and_shown_as_text_and_as_a_page_in_a_frame(tmp_path: Path) -> None:
    async with edge(tmp_path).opened() as open_:
        assert "Rien n'est encore parti" in (await open_.client.get(COURRIELS)).text.replace("&#39;", "'")
        await ecrire(tmp_path, "travail-1")
        await ecrire(tmp_path, "travail-2", prenom=MECHANT)

        liste = (await open_.client.get(COURRIELS)).text
        un = await open_.client.get(f"{COURRIELS}/travail-1")
        page = await open_.client.get(f"{COURRIELS}/travail-1/page")

    assert liste.index("travail-2") < liste.index("travail-1")  # the latest first
    assert "rosa@adresse.example" in liste
    assert "02/06/2026 10:05" in un.text
    assert "7.abcDEF" in un.text
    [cadre] = Outline(un.text).all("iframe")
    assert (cadre["sandbox"], cadre["src"]) == ("", f"{COURRIELS}/travail-1/page")
    assert "frame-src 'self'" in un.headers["content-security-policy"]
    assert page.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert page.headers["x-frame-options"] == "SAMEORIGIN"
    assert "<!doctype html>" in page.text.lower()


async def test_what_a_mail_holds_is_never_markup_of_ours(tmp_path: Path) -> None:
    forged = f"Subject: {MECHANT}\r\nTo: {MECHANT}\r\nDate: n'importe quoi\r\nContent-Type: text/html\r\n\r\n{MECHANT}"
    (tmp_path / "forge.eml").write_bytes(forged.encode())
    async with edge(tmp_path).opened() as open_:
        for path in (COURRIELS, f"{COURRIELS}/forge"):
            text = (await open_.client.get(path)).text
            assert "<script" not in text
            assert "<img" not in text
        page = await open_.client.get(f"{COURRIELS}/forge/page")
    assert "<script" in page.text  # as it is, in a sandbox that runs nothing and loads nothing
    assert "script-src" not in page.headers["content-security-policy"]
    assert "default-src 'none'" in page.headers["content-security-policy"]


@pytest.mark.parametrize("nom", ["absent", "..%2f..%2fsecret", ".cache", "a b", "%2e%2e", "x" * 300])
async def test_nothing_but_a_mail_of_the_folder_is_read(tmp_path: Path, nom: str) -> None:
    (tmp_path / "secret.eml").write_text("Subject: non\r\n\r\nnon")
    dossier = tmp_path / "courriels"
    dossier.mkdir()
    (dossier / ".cache.eml").write_text("Subject: non\r\n\r\nnon")
    async with edge(dossier).opened() as open_:
        for end in ("", "/page"):
            assert (await open_.client.get(f"{COURRIELS}/{nom}{end}")).status_code == 404


async def test_on_a_real_base_there_is_no_such_page(tmp_path: Path) -> None:
    await ecrire(tmp_path, "travail-1")
    async with edge(None).opened() as open_:
        for path in (COURRIELS, f"{COURRIELS}/travail-1", f"{COURRIELS}/travail-1/page"):
            assert (await open_.client.get(path)).status_code == 404
        assert COURRIELS not in (await open_.client.get("/")).text


def test_where_a_server_takes_the_mails_no_folder_is_shown() -> None:
    assert dossier_de(Settings.read({"SMTP_URL": "smtp://localhost:25"})) is None
    assert dossier_de(Settings.read({})) is not None
