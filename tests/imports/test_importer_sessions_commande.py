"""`rafael importer sessions`, the real command (R-219)."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from app import models as m
from tests.cast import MAINTENANT
from tests.conftest import Base
from tests.house.sources import ROOT
from tests.imports.importeur import Importeur
from tests.imports.test_importer_commande import PATIENCE, RAFAEL


@pytest.mark.regle("R-219")
async def test_the_command_tries_then_takes(base: Base, importeur: Importeur, tmp_path: Path) -> None:
    monde, fichier = importeur.monde, tmp_path / "sessions.csv"
    entetes = "Référence de l'action;Début;Fin;Voie du lieu;Code postal;Ville;Téléphone"
    rangee = f"{monde.action_anglais.reference};07/09/2026;18/12/2026;1 rue Basse;17200;Royan;05 55 00 00 01"
    fichier.write_bytes(f"{entetes}\n{rangee}\n".encode("cp1252"))

    async def rafael(*options: str) -> tuple[int | None, str, str]:
        process = await asyncio.create_subprocess_exec(
            *[*RAFAEL, "importer", "sessions", str(fichier), *options],
            cwd=ROOT,
            env={**os.environ, "DATABASE_URL": base.url, "HORLOGE": MAINTENANT.isoformat()},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        dit, plaint = await asyncio.wait_for(process.communicate(), PATIENCE)
        return process.returncode, dit.decode(), plaint.decode()

    code, dit, plaint = await rafael("--compte", monde.karim.courriel, "--essai")
    assert (code, "ligne 2 : créée" in dit, "rien n'est gardé" in dit) == (0, True, True), plaint
    neuves = {"lieu_voie": "1 rue Basse", "source": None}
    assert await importeur.toutes(m.SessionFormation, **neuves) == []
    code, dit, plaint = await rafael("--compte", monde.karim.courriel)
    assert (code, "ligne 2 : créée" in dit) == (0, True), plaint
    assert len(await importeur.toutes(m.SessionFormation, **neuves)) == 1
    assert (await rafael("--compte", monde.paul.courriel))[0] == 2
    fichier.write_text("a;b\n1;2\n", encoding="utf-8")
    assert (await rafael("--compte", monde.karim.courriel))[0] == 2
