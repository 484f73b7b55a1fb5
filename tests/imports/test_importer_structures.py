"""`rafael importer structures`: an official list, taken line by line, twice without a change, under a gestionnaire."""

from __future__ import annotations

import asyncio
import io
import subprocess
from pathlib import Path
from typing import Any

import pytest

from app import models as m
from app.imports.structures.importer import Import, Rapport
from app.imports.structures.lecture import ListeIllisible, lignes
from app.kit.clock import fixed
from app.policies.policy import Policy
from app.policies.viewer import Viewer
from app.writing import Writer
from tests.cast import MAINTENANT, Monde, planter
from tests.conftest import Base
from tests.imports.test_importer_commande import RAFAEL, ROOT, Commande

ENTETE = "siret;nom;sigle;adresse;code_postal;ville;genres"
MISSION = "73282932000074;Mission locale d'essai;MLE;1 rue du Port;17000;La Rochelle;prescripteur"
CENTRE = "35600000000048;Centre d'essai;;;33000;Bordeaux;organisme de formation, prescripteur"


def liste(*lines: str, entete: str = ENTETE) -> bytes:
    return "\r\n".join([entete, *lines, ""]).encode("utf-8-sig")


@pytest.fixture
async def monde(base: Base) -> Monde:
    return await planter(base)


async def importer(monde: Monde, data: bytes, *, essai: bool = False, qui: Viewer | None = None) -> Rapport:
    rapport = Rapport(est_essai=essai)
    viewer = qui or monde.gaelle.viewer
    own = Import(Writer(monde.ecriture, Policy.load()), viewer, fixed(MAINTENANT), "annuaire", rapport)
    await own.tout_prendre(lignes(io.BytesIO(data)))
    return rapport


async def la(monde: Monde, siret: str) -> dict[str, Any] | None:
    table = m.Structure.__table__
    async with monde.engine.connect() as db:
        found = (await db.execute(table.select().where(table.c.siret == siret))).mappings().first()
    return dict(found) if found else None


async def faits(monde: Monde) -> list[str]:
    async with monde.engine.connect() as db:
        return list(
            await db.scalars(m.Fait.__table__.select().with_only_columns(m.Fait.nom).order_by(m.Fait.id))
        )


@pytest.mark.regle("R-005", "R-042")
async def test_a_list_is_taken_and_taken_again_without_a_change(monde: Monde) -> None:
    premier = await importer(monde, liste(MISSION, CENTRE))
    second = await importer(monde, liste(MISSION, CENTRE))

    assert (dict(premier.comptes), premier.refusees) == ({"cree": 2}, [])
    assert (dict(second.comptes), second.refusees) == ({"inchange": 2}, [])
    centre = await la(monde, "35600000000048")
    assert centre is not None
    assert (centre["etat"], centre["departement"], centre["source"]) == ("validee", "33", "annuaire")
    assert (centre["est_organisme_formation"], centre["est_habilitee_prescrire"]) == (True, True)
    assert (centre["est_cap_metiers"], centre["sigle"]) == (False, None)
    assert await faits(monde) == ["StructureImportee", "StructureImportee"]


async def test_only_what_the_list_changed_changes(monde: Monde) -> None:
    """What a gestionnaire corrected meanwhile stays; an empty cell says nothing; no kind is taken away."""
    await importer(monde, liste(MISSION))
    mission = await la(monde, "73282932000074")
    assert mission is not None
    row = type("Row", (), mission)
    await monde.changer(row, m.Structure, ville="Aytré")

    found = await importer(monde, liste("732 829 320 00074;Mission locale neuve;;;17000;La Rochelle;"))

    assert dict(found.comptes) == {"modifie": 1}
    after = await monde.relire(row, m.Structure)
    assert (after.raison_sociale, after.ville, after.sigle) == ("Mission locale neuve", "Aytré", "MLE")
    assert after.est_habilitee_prescrire
    assert await faits(monde) == ["StructureImportee", "StructureMiseAJour"]


async def test_each_wrong_line_is_refused_with_its_line_and_reason_and_the_others_are_taken(
    monde: Monde,
) -> None:
    await monde.une_structure(siret="49490172900030", etat=m.EtatStructure.REFUSEE)
    found = await importer(
        monde,
        liste(
            '73282932000075;"Deux\r\nlignes";;;17000;La Rochelle;',  # lines 2 and 3: the key of the SIRET is wrong
            ";Sans numéro;;;17000;La Rochelle;",
            "31490172900033;;;;17000;La Rochelle;",
            "31490172900033;École;;;17000;La Rochelle;école",
            MISSION,
            MISSION,
        ),
    )
    assert dict(found.comptes) == {"cree": 1}
    assert found.nb_refusees == 5
    lus = {numero: (siret, raison) for numero, siret, raison in found.refusees}
    assert set(lus) == {2, 4, 5, 6, 8}
    assert "SIRET" in lus[2][1]
    assert "[siret]" in lus[4][1]
    assert "[raison_sociale]" in lus[5][1]
    assert "genre" in lus[6][1]
    assert "déjà à la ligne 7" in lus[8][1]
    said = "\n".join(found.lignes())
    assert "structures : créées 1, modifiées 0, inchangées 0" in said
    assert "ligne 8, « 73282932000074 »" in said


@pytest.mark.regle("R-005")
async def test_a_structure_that_was_refused_stays_so(monde: Monde) -> None:
    refusee = await monde.une_structure(siret="73282932000074", etat=m.EtatStructure.REFUSEE)
    found = await importer(monde, liste(MISSION))
    assert "refusée" in found.refusees[0][2]
    assert (await monde.relire(refusee)).raison_sociale == "Structure d'essai"


async def test_a_trial_says_the_same_and_keeps_nothing(monde: Monde) -> None:
    essai = await importer(monde, liste(MISSION, CENTRE, "1;;;;;;"), essai=True)
    assert (dict(essai.comptes), essai.nb_refusees) == ({"cree": 2}, 1)
    assert await la(monde, "73282932000074") is None
    assert await faits(monde) == []


@pytest.mark.regle("R-006")
async def test_the_policy_decides_even_of_a_list(monde: Monde) -> None:
    """Nobody but a gestionnaire brings structures in, and not even one makes a Cap Métiers."""
    found = await importer(monde, liste(MISSION), qui=monde.rosa.viewer)
    assert found.refusees == [(2, "73282932000074", "Votre profil ne permet pas cet acte.")]
    assert await la(monde, "73282932000074") is None
    assert "cap_metiers" not in " ".join(Policy.load().permissions[m.Structure])
    with pytest.raises(ListeIllisible):
        await importer(monde, liste("73282932000074;oui", entete="siret;est_cap_metiers"))


@pytest.mark.parametrize(
    ("data", "dit"),
    [
        (b"", "en-t\xeate attendu"),
        ("siret;nom\r\n73282932000074;Mission d\u2019essai\r\n".encode("cp1252"), "UTF-8"),
        (b"siret;siret\r\n", "une fois chacune"),
        (b"nom;ville\r\n", "siret"),
        (b'siret;nom\r\n73282932000074;"jamais ferm\xc3\xa9', "CSV"),
        (b"siret;nom\r\n73282932000074;" + b"x" * 200_000, "CSV"),
    ],
)
def test_a_file_that_is_no_list_is_refused_in_words(data: bytes, dit: str) -> None:
    with pytest.raises(ListeIllisible, match=dit):
        list(lignes(io.BytesIO(data)))


def test_a_list_is_read_line_by_line() -> None:
    """The second line is given before the third one is read."""

    class Lente(io.RawIOBase):
        lus = 0

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: Any) -> int:
            self.lus += 1
            data = liste(MISSION)[: len(buffer)] if self.lus == 1 else (MISSION + "\r\n").encode() * 100
            buffer[: len(data)] = data
            return len(data)

    source = Lente()
    found = lignes(io.BufferedReader(source, 8192))  # type: ignore[type-var,arg-type]  # endless on purpose
    next(found)
    assert source.lus < 5


async def test_the_command_takes_a_list_and_says_so(base: Base, monde: Monde, tmp_path: Path) -> None:
    environ = Commande(base, tmp_path, "").environ
    path = tmp_path / "liste.csv"
    path.write_bytes(liste(MISSION, "1;;;;;;"))

    def lancer(compte: str) -> subprocess.CompletedProcess[str]:
        said = ["importer", "structures", str(path), "--compte", compte]
        return subprocess.run(
            [*RAFAEL, *said], cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60
        )

    fait = await asyncio.to_thread(lancer, monde.gaelle.courriel)
    refuse = await asyncio.to_thread(lancer, monde.rosa.courriel)
    assert fait.returncode == 1, fait.stderr
    assert "créées 1" in fait.stdout
    assert "ligne 3" in fait.stdout
    assert (refuse.returncode, "n'a pas le profil de gestionnaire" in refuse.stderr) == (2, True)
