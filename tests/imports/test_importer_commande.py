"""`rafael importer lheo`, the real command; two imports at once; one that is stopped."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, text

from app import models as m
from app.kit.database import with_base, writing_pool
from tests.cast import MAINTENANT
from tests.conftest import Base
from tests.house.sources import ROOT
from tests.imports.catalogue import catalogue, siret
from tests.imports.importeur import SOURCE, Importeur
from tests.imports.samples import LIEU, action, fichier, formation

RAFAEL = [sys.executable, "-c", "from app.cli import main; main()"]
PATIENCE = 60  # seconds
TOUTES = 120  # formations: enough to be stopped among them


class Commande:
    """The command, as a shell would run it, on the base of the test."""

    def __init__(self, base: Base, dossier: Path, courriel: str) -> None:
        self.fichier, self.courriel = dossier / "offre.xml", courriel
        self.environ = {**os.environ, "DATABASE_URL": base.url, "HORLOGE": MAINTENANT.isoformat()}

    async def lancer(self, data: bytes, *options: str) -> asyncio.subprocess.Process:
        """In: the file, options. Out: the process."""
        self.fichier.write_bytes(data)
        nommes = ["--compte", self.courriel, "--source", SOURCE, *options]
        return await asyncio.create_subprocess_exec(
            *RAFAEL,
            *["importer", "lheo", str(self.fichier), *nommes],
            cwd=ROOT,
            env=self.environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    async def __call__(self, data: bytes, *options: str) -> tuple[int, str, str]:
        """Out: the code, what it said, what it complained of."""
        process = await self.lancer(data, *options)
        dit, plaint = await asyncio.wait_for(process.communicate(), PATIENCE)
        return process.returncode or 0, dit.decode(), plaint.decode()


@pytest.fixture
def commande(base: Base, importeur: Importeur, tmp_path: Path) -> Commande:
    return Commande(base, tmp_path, importeur.monde.gaelle.courriel)


async def test_it_takes_a_file_and_says_so(importeur: Importeur, commande: Commande) -> None:
    code, dit, plaint = await commande(fichier(formation()), "--publier")

    assert (code, plaint) == (0, "")
    assert "LHEO 2.3, source essai : 1 formation lue." in dit
    assert "actions : créées 1, modifiées 0, inchangées 0" in dit
    assert "1 action publiée" in dit
    assert (await importeur.une(m.Action)).etat is m.EtatAction.PUBLIEE


async def test_it_says_what_it_refuses_and_takes_the_rest(importeur: Importeur, commande: Commande) -> None:
    ailleurs = formation(numero="B", actions=action(lieu=LIEU.replace("33000", "29000"), numero="B"))

    code, dit, _ = await commande(fichier(formation(), ailleurs))

    assert code == 1
    assert "1 formation refusée" in dit
    assert "ligne 4, codepostal « 29000 » : département 29 : hors du catalogue" in dit
    assert len(await importeur.toutes(m.Action)) == 1


async def test_a_file_that_is_not_lheo_is_refused_whole(importeur: Importeur, commande: Commande) -> None:
    avant = await importeur.traces()

    code, dit, plaint = await commande(fichier(formation(), "<intrus/>"))

    assert (code, dit) == (2, "")
    assert "rafael : ligne 4, élément intrus" in plaint
    assert await importeur.traces() == avant


async def test_an_account_that_may_not_is_refused(importeur: Importeur, commande: Commande) -> None:
    commande.courriel = importeur.monde.karim.courriel

    code, dit, plaint = await commande(fichier(formation()))

    assert (code, dit) == (2, "")
    assert "n'a pas le profil de gestionnaire" in plaint


async def test_a_base_without_our_tables_is_named_for_what_it_is(base: Base, commande: Commande) -> None:
    commande.environ["DATABASE_URL"] = with_base(base.url, "postgres")

    code, dit, plaint = await commande(fichier(formation()))

    assert (code, dit) == (2, "")
    assert "lancez d'abord « rafael migrer »" in plaint


async def test_a_trial_keeps_nothing(importeur: Importeur, commande: Commande) -> None:
    avant = await importeur.traces()

    code, dit, _ = await commande(fichier(formation()), "--essai")

    assert code == 0
    assert "Essai : rien n'est gardé." in dit
    assert await importeur.traces() == avant


async def test_two_imports_at_once_make_nothing_twice(base: Base, importeur: Importeur) -> None:
    data = catalogue(30)
    async with writing_pool(base.url, 1) as autre:
        second = Importeur(base.engine, autre, importeur.monde)
        rapports = await asyncio.gather(
            importeur.tente(fichier_entier=data, publier=True),
            second.tente(fichier_entier=data, publier=True),
        )

    assert [r.nb_refusees for r in rapports] == [0, 0], [str(r) for r in rapports]
    assert sum(r.combien("action", "cree") for r in rapports) == 30
    assert len(await importeur.toutes(m.Action)) == 30
    assert len(await importeur.toutes(m.SessionFormation)) == 60
    assert len(await importeur.toutes(m.Structure)) == 30
    assert (await importeur.faits()).count("ActionImportee") == 30


@pytest.mark.parametrize("par", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
async def test_stopped_by_ctrl_c_it_keeps_whole_formations_and_is_completed_by_another_run(
    importeur: Importeur, commande: Commande, par: signal.Signals
) -> None:
    data = catalogue(TOUTES, organismes=TOUTES)
    async with _retenue(importeur):  # it cannot end
        process = await commande.lancer(data, "--publier")
        await asyncio.wait_for(_quelques_formations(importeur), PATIENCE)
        process.send_signal(par)
    dit, plaint = await asyncio.wait_for(process.communicate(), PATIENCE)

    assert process.returncode == 130, plaint.decode()
    assert "interrompu" in plaint.decode()
    prises = await importeur.toutes(m.Action)
    assert 0 < len(prises) < TOUTES
    assert len(await importeur.toutes(m.SessionFormation)) == 2 * len(prises)
    assert f"actions : créées {len(prises)}," in dit.decode()

    code, dit_ensuite, _ = await commande(data, "--publier")

    assert code == 0
    assert f"actions : créées {TOUTES - len(prises)}, modifiées 0, inchangées {len(prises)}" in dit_ensuite
    assert len(await importeur.toutes(m.SessionFormation)) == 2 * TOUTES


@asynccontextmanager
async def _retenue(importeur: Importeur) -> AsyncIterator[None]:
    """Keep whoever writes the organisme of the last formation waiting: somebody else is writing it, then gives up."""
    async with importeur.engine.connect() as db:
        autre = insert(m.Structure).values(
            raison_sociale="Retenue", siret=siret(TOUTES - 1), cree_le=MAINTENANT
        )
        await db.execute(autre)
        yield


async def _quelques_formations(importeur: Importeur) -> None:
    async def combien() -> Any:
        async with importeur.engine.connect() as db:
            return await db.scalar(text("select count(*) from action where source = 'essai'"))

    while await combien() < 2:  # noqa: ASYNC110  # another process writes: there is no event to wait for
        await asyncio.sleep(0.02)
