"""The writing door: nothing that was not decided is ever committed."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.orm.exc import DetachedInstanceError

from app import models as m
from app.domain.candidats_faits import CandidatCree
from app.domain.empechements import Empeche
from app.kit.conditions import Compare
from app.policies.policy import Policy
from app.writing import UndecidedWrite, Writer
from tests.cast import Monde, planter
from tests.conftest import Base


@pytest.fixture
async def monde(base: Base) -> Monde:
    return await planter(base)


@pytest.fixture
def writer(base: Base) -> Writer:
    return Writer(base.ecriture, Policy.load())


def ecrire(writer: Writer, monde: Monde, qui: Any, **options: Any) -> Any:
    return writer.writing(qui.viewer, monde.le, **options)


async def test_a_mutation_that_decides_nothing_cannot_commit(writer: Writer, monde: Monde) -> None:
    with pytest.raises(UndecidedWrite):
        async with ecrire(writer, monde, monde.gaelle):
            pass


async def test_a_fact_alone_is_no_decision(writer: Writer, monde: Monde) -> None:
    with pytest.raises(UndecidedWrite):
        async with ecrire(writer, monde, monde.gaelle) as tx:
            tx.record(CandidatCree(monde.lea.id))


async def test_a_row_that_was_only_held_cannot_be_changed(writer: Writer, monde: Monde) -> None:
    with pytest.raises(UndecidedWrite, match="Candidat"):
        async with ecrire(writer, monde, monde.gaelle) as tx:
            await tx.take(m.Structure, monde.cap_metiers.id, pour="lire")
            candidat = await tx.hold(m.Candidat, monde.lea.id)
            candidat.nom = "Autre"

    assert (await monde.relire(monde.lea, m.Candidat)).nom == monde.lea.nom


async def test_a_row_that_was_only_known_cannot_be_changed(writer: Writer, monde: Monde) -> None:
    with pytest.raises(UndecidedWrite, match="Candidat"):
        async with ecrire(writer, monde, monde.gaelle) as tx:
            await tx.take(m.Structure, monde.cap_metiers.id, pour="lire")
            [candidat] = await tx.know(m.Candidat, Compare(("id",), "=", monde.lea.id))
            candidat.nom = "Autre"


async def test_a_row_that_a_relation_led_to_cannot_be_changed(writer: Writer, monde: Monde) -> None:
    candidature = await monde.une_candidature(auteur=monde.paul)
    with pytest.raises(UndecidedWrite, match="Candidat"):
        async with ecrire(writer, monde, monde.paul) as tx:
            row = await tx.take(m.Candidature, candidature.id, pour="valider", avec=("candidat",))
            row.candidat.nom = "Autre"


async def test_a_row_that_was_only_held_cannot_be_deleted(writer: Writer, monde: Monde) -> None:
    with pytest.raises(UndecidedWrite, match="Candidat"):
        async with ecrire(writer, monde, monde.gaelle) as tx:
            await tx.take(m.Structure, monde.cap_metiers.id, pour="lire")
            await tx.retirer(await tx.hold(m.Candidat, monde.lea.id))

    assert await monde.relire(monde.lea, m.Candidat)


async def test_what_was_undecided_is_refused_even_where_all_is_written_at_once(
    writer: Writer, monde: Monde
) -> None:
    with pytest.raises(UndecidedWrite, match="Candidat"):
        async with ecrire(writer, monde, monde.gaelle) as tx:
            await tx.take(m.Structure, monde.cap_metiers.id, pour="lire")
            (await tx.hold(m.Candidat, monde.lea.id)).nom = "Autre"
            await tx.ecrire()


async def test_a_row_of_another_transaction_is_not_written(writer: Writer, monde: Monde) -> None:
    async with ecrire(writer, monde, monde.gaelle) as tx:
        ancienne = await tx.take(m.Structure, monde.cap_metiers.id, pour="lire")
    with pytest.raises(UndecidedWrite, match="Structure of another transaction"):
        async with ecrire(writer, monde, monde.gaelle) as tx:
            tx.part(await tx.take(m.Structure, monde.cap_metiers.id, pour="lire"), ancienne)


async def test_a_part_needs_a_whole_that_was_taken(writer: Writer, monde: Monde) -> None:
    candidature = await monde.une_candidature(etat="en_attente_avis")
    with pytest.raises(UndecidedWrite, match="Convocation of Candidature"):
        async with ecrire(writer, monde, monde.marc) as tx:
            tx.part(candidature, m.Convocation(candidature_id=candidature.id, numero=1))


async def test_three_acts_need_no_decision_and_write_only_what_proves_an_account(
    writer: Writer, monde: Monde
) -> None:
    with pytest.raises(UndecidedWrite, match="autre"):
        async with ecrire(writer, monde, monde.gaelle, sans_decision="autre"):
            pass
    for acte in ("connexion", "deconnexion", "lien"):
        async with ecrire(writer, monde, monde.gaelle, sans_decision=acte):
            pass
        with pytest.raises(UndecidedWrite, match="Formacode"):
            async with ecrire(writer, monde, monde.gaelle, sans_decision=acte) as tx:
                compte = await tx.hold(m.Compte, monde.gaelle.id)
                tx.part(compte, m.Formacode(code="00000", libelle="Rien"))
    with pytest.raises(UndecidedWrite, match="SecretCompte"):
        async with ecrire(writer, monde, monde.gaelle, sans_decision="lien") as tx:
            (await tx.hold(m.SecretCompte, monde.gaelle.id)).totp = "AAAA"


@pytest.mark.parametrize(
    ("qui", "pour", "attendu"),
    [
        ("camille", "valider", "NON_TROUVE"),
        ("nadia", "valider", "INTERDIT"),
        ("paul", "rendre_avis", "INTERDIT"),
        ("paul", "annuler", "ETAT_INCOMPATIBLE"),
        ("paul", "valider", None),
    ],
)
async def test_taking_a_row_tells_invisible_forbidden_and_too_early_apart(
    writer: Writer, monde: Monde, qui: str, pour: str, attendu: str | None
) -> None:
    auteur = monde.nadia if qui == "nadia" else monde.paul
    candidature = await monde.une_candidature(auteur=auteur)
    found = None
    try:
        async with ecrire(writer, monde, getattr(monde, qui)) as tx:
            await tx.take(m.Candidature, candidature.id, pour=pour)
    except Empeche as refus:
        [found] = [e.code for e in refus.empechements]

    assert found == attendu


async def test_of_a_row_read_in_part_the_rest_shouts(writer: Writer, monde: Monde) -> None:
    candidature = await monde.une_candidature(auteur=monde.paul)
    async with ecrire(writer, monde, monde.paul) as tx:
        row = await tx.take(m.Candidature, candidature.id, pour="modifier", lues=frozenset({"etat"}))
        assert (row.id, row.etat) == (candidature.id, m.EtatCandidature.BROUILLON)
        with pytest.raises(DetachedInstanceError):
            assert row.situation


async def test_what_was_not_read_of_a_row_can_be_changed_all_the_same(writer: Writer, monde: Monde) -> None:
    candidature = await monde.une_candidature(auteur=monde.paul)
    async with ecrire(writer, monde, monde.paul) as tx:
        row = await tx.take(m.Candidature, candidature.id, pour="modifier", lues=frozenset({"etat"}))
        row.situation = "Salarié"

    assert (await monde.relire(candidature, m.Candidature)).situation == "Salarié"


async def test_what_was_not_read_of_a_row_needs_a_permission_as_the_rest_does(
    writer: Writer, monde: Monde
) -> None:
    with pytest.raises(UndecidedWrite, match="Candidat"):
        async with ecrire(writer, monde, monde.gaelle) as tx:
            await tx.take(m.Structure, monde.cap_metiers.id, pour="lire")
            lea = Compare(("id",), "=", monde.lea.id)
            [candidat] = await tx.know(m.Candidat, lea, None, frozenset({"prenom"}))
            candidat.nom = "Autre"


async def test_what_is_invisible_looks_exactly_like_what_does_not_exist(writer: Writer, monde: Monde) -> None:
    candidature = await monde.une_candidature(auteur=monde.paul)
    said = []
    for key in (candidature.id, candidature.id + 1000):
        with pytest.raises(Empeche) as refus:
            async with ecrire(writer, monde, monde.camille) as tx:
                await tx.take(m.Candidature, key, pour="valider")
        said.append([(e.code, e.message, e.regle, e.chemin) for e in refus.value.empechements])

    assert said[0] == said[1]


async def test_a_new_row_is_decided_as_it_will_be(writer: Writer, monde: Monde) -> None:
    droit = {"droit": m.Droit.PRESCRIPTEUR_N3, "accorde_le": monde.le}
    ailleurs = await affiliation_de(writer, monde, monde.yann)

    with pytest.raises(Empeche, match="INTERDIT"):
        async with ecrire(writer, monde, monde.rosa) as tx:
            await tx.creer(m.DroitAccorde, pour="ajouter", affiliation_id=ailleurs, **droit)


def une_recherche(monde: Monde, qui: Any) -> dict[str, Any]:
    mots = {"empreinte": b"", "nb_trouves": 0, "faite_le": monde.le}
    return {"compte_id": qui.id, "structure_id": monde.paul.viewer.structure_id, **mots}


async def test_a_row_written_last_is_in_the_base_once_and_of_no_other_transaction(
    writer: Writer, monde: Monde
) -> None:
    async with ecrire(writer, monde, monde.paul) as tx:
        id = await tx.numero("recherche_candidat_id_seq")
        recherche = await tx.creer(
            m.RechercheCandidat, pour="creer", id=id, **une_recherche(monde, monde.paul)
        )

    assert (await monde.relire(recherche, m.RechercheCandidat)).compte_id == monde.paul.id
    with pytest.raises(UndecidedWrite, match="another transaction"):
        async with ecrire(writer, monde, monde.paul) as tx:
            await tx.ajouter(recherche, pour="creer")


async def test_a_row_written_last_is_decided_as_any_other(writer: Writer, monde: Monde) -> None:
    with pytest.raises(Empeche, match="INTERDIT"):
        async with ecrire(writer, monde, monde.paul) as tx:
            id = await tx.numero("recherche_candidat_id_seq")
            await tx.creer(m.RechercheCandidat, pour="creer", id=id, **une_recherche(monde, monde.camille))

    async with ecrire(writer, monde, monde.paul) as tx:
        await tx.take(m.Structure, monde.paul.viewer.structure_id, pour="lire")
        assert not await tx.know(m.RechercheCandidat, Compare(("id",), "=", id))


async def test_what_is_no_column_of_a_new_row_is_refused(writer: Writer, monde: Monde) -> None:
    with pytest.raises(TypeError, match="couleur"):
        async with ecrire(writer, monde, monde.paul) as tx:
            await tx.creer(m.RechercheCandidat, pour="creer", couleur="bleu")


async def affiliation_de(writer: Writer, monde: Monde, qui: Any) -> int:
    found: int = qui.viewer.affiliation_id
    async with ecrire(writer, monde, monde.gaelle) as tx:
        await tx.take(m.Affiliation, found, pour="lire")
        for droit in await tx.know(m.DroitAccorde, _de(found)):
            if droit.famille == "prescripteur":
                await tx.take(m.DroitAccorde, droit.id, pour="retirer")
                await tx.retirer(droit)
    return found


def _de(affiliation_id: int) -> Any:
    return Compare(("affiliation_id",), "=", affiliation_id)
