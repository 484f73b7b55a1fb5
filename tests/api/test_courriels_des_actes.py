"""Each act of the chapter asks for its mail in its own transaction, and a real server receives it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from procrastinate import App
from sqlalchemy import text

from app import models as m
from app.domain.contraintes import CONTRAINTES
from app.jobs.application import ouverte, reste, travailler
from app.jobs.composition import gabarits
from app.jobs.echeances import ANNONCER, tenir
from app.jobs.outils import Outils
from app.jobs.poste import Serveur
from app.jobs.regroupements import RESUMER, tenir_ensemble
from app.policies.policy import Policy
from app.writing import Writer
from tests.cast import CIPHER, MAINTENANT, Monde
from tests.conftest import Base
from tests.jobs.conftest import SANS_CONTEXTE, lecteur
from tests.jobs.serveur import ServeurDeCourriel, servi

from . import actes, actes_lots
from . import actes_comptes as c
from .actes_comptes import acte, affiliation_de, courriels, essayer, id_de
from .conftest import Api
from .identifiants import gid
from .test_comptes import demander
from .test_concurrence import COMPLET
from .test_lots import avis

SITE = "https://rafaelpro.example"


@dataclass
class Facteur:
    """Carries what the acts handed over, through a real server."""

    app: App
    outils: Outils
    serveur: ServeurDeCourriel

    async def tournee(self) -> list[tuple[str, str]]:
        """Out: to whom and about what, in order of addresses; what came before is forgotten."""
        self.serveur.recoit.recus.clear()
        while await reste(self.app):
            await travailler(self.app, self.outils, attendre=False)
        return sorted((str(message["To"]), str(message["Subject"])) for message in self.serveur.recoit.recus)


@pytest.fixture
async def facteur(api: Api, base: Base) -> AsyncIterator[Facteur]:
    writer = Writer(base.ecriture, Policy.load(), CONTRAINTES)
    async with servi() as serveur, ouverte(base.url) as app:
        app.perform_import_paths()
        kept = dict(app.periodic_registry.periodic_tasks)
        app.periodic_registry.periodic_tasks.clear()
        expediteur = "RafaelPro <ne-pas-repondre@rafaelpro.example>"
        outils = Outils(writer, api.montre, Serveur(serveur.url), CIPHER, expediteur, lecteur(base), SITE)
        yield Facteur(app, outils, serveur)
        app.periodic_registry.periodic_tasks.update(kept)


@pytest.mark.regle("R-007", "R-008", "R-023", "R-027")
async def test_the_life_of_a_member_is_told_to_whom_it_concerns(
    api: Api, monde: Monde, facteur: Facteur
) -> None:
    vallees = await id_de(api, monde, monde.trois_vallees)
    rosa, jeanne = monde.rosa.courriel, monde.jeanne.courriel
    ici = monde.trois_vallees.raison_sociale

    async def demandee() -> str:
        codes, payload = await acte(api, monde.jeanne, c.DEMANDER, structure=vallees)
        assert codes == []
        return str(payload["affiliation"]["id"])

    id = await demandee()
    assert await facteur.tournee() == [(rosa, f"Une demande pour rejoindre {ici}")]
    assert await essayer(api, monde.rosa, c.REFUSER, affiliation=id) == []
    [(a, objet)] = await facteur.tournee()
    assert (a, ici in objet) == (jeanne, True)
    id = await demandee()
    await facteur.tournee()
    assert await essayer(api, monde.rosa, c.ACCEPTER, affiliation=id) == []
    [(a, acceptee)] = await facteur.tournee()
    assert (a, acceptee != objet) == (jeanne, True)
    assert await essayer(api, monde.rosa, actes.AJOUTER_DROIT, id=id, droit="PRESCRIPTEUR_N1") == []
    assert await facteur.tournee() == [(jeanne, f"Un droit vous est donné pour {ici}")]
    assert await essayer(api, monde.rosa, actes.RETIRER_DROIT, id=id, droit="PRESCRIPTEUR_N1") == []
    assert [a for a, _ in await facteur.tournee()] == [jeanne]
    for verbe in (c.NOMMER, c.RETIRER):
        assert await essayer(api, monde.gaelle, verbe, affiliation=id) == []
        assert [a for a, _ in await facteur.tournee()] == [jeanne]
    assert await essayer(api, monde.rosa, c.DETACHER, affiliation=id) == []
    assert await facteur.tournee() == [(jeanne, f"Vous ne faites plus partie de {ici}")]


async def test_nobody_is_written_to_about_what_it_did_itself_or_was_refused(
    api: Api, monde: Monde, facteur: Facteur
) -> None:
    rosa = gid("Affiliation", await affiliation_de(monde, monde.rosa, monde.trois_vallees))
    paul = gid("Affiliation", await affiliation_de(monde, monde.paul, monde.trois_vallees))
    assert await essayer(api, monde.rosa, actes.AJOUTER_DROIT, id=rosa, droit="EMPLOYEUR") == []
    for qui, document, variables in (
        (monde.karim, actes.AJOUTER_DROIT, {"id": paul, "droit": "EMPLOYEUR"}),
        (monde.rosa, actes.AJOUTER_DROIT, {"id": paul, "droit": "PRESCRIPTEUR_N3"}),
        (monde.karim, c.DETACHER, {"affiliation": paul}),
        (monde.rosa, c.DETACHER, {"affiliation": rosa}),
    ):
        assert await essayer(api, qui, document, **variables) != []
    assert await courriels(monde) == []
    assert await facteur.tournee() == []


@pytest.mark.regle("R-008", "R-014")
async def test_links_reach_the_addresses_that_they_prove(api: Api, monde: Monde, facteur: Facteur) -> None:
    assert await demander(api, monde) == []
    [(a, _)] = await facteur.tournee()
    assert a == "alix.roche@courriel.example"
    [message] = facteur.serveur.recoit.recus
    body = message.get_body(("plain",))
    assert body
    assert f"{SITE}/liens/confirmer_compte#" in body.get_content()

    changer = {"courriel": "paul.nouveau@trois-vallees.example", "motDePasse": "Demonstration-2026"}
    assert await essayer(api, monde.paul, c.CHANGER_COURRIEL, **changer) == []
    assert [a for a, _ in await facteur.tournee()] == [monde.paul.courriel, changer["courriel"]]


@pytest.mark.regle("R-031")
async def test_what_became_of_a_fiche_is_told(api: Api, monde: Monde, facteur: Facteur) -> None:
    structure = await id_de(api, monde, monde.trois_vallees)
    for document, autres in (
        (c.APPLIQUER, {}),
        (c.REFUSER_MODIFICATION, {"motif": "Le SIRENE dit autrement."}),
    ):
        entree = {"structure": structure, "sigle": f"ML{len(autres)}"}
        codes, payload = await acte(api, monde.rosa, c.DEMANDER_MODIFICATION, entree=entree)
        assert codes == []
        await facteur.tournee()
        assert await essayer(api, monde.gaelle, document, demande=payload["demande"]["id"], **autres) == []
        assert [a for a, _ in await facteur.tournee()] == [monde.rosa.courriel]


@pytest.mark.regle("R-037", "R-104")
async def test_the_niveaux_3_are_told_of_what_waits_for_them(
    api: Api, monde: Monde, facteur: Facteur
) -> None:
    brouillon = await monde.une_candidature(auteur=monde.nadia, **COMPLET)
    assert await essayer(api, monde.nadia, actes.SOUMETTRE, id=gid("Candidature", brouillon)) == []
    objet = f"Candidature {brouillon.reference} : à valider avant le 17 juin 2026"
    assert await facteur.tournee() == [(monde.hugo.courriel, objet), (monde.rosa.courriel, objet)]


@pytest.mark.regle("R-096")
@pytest.mark.parametrize("etat", ["en_attente_avis", "non_retenue"])
async def test_a_duplicate_is_refused_and_its_author_is_told_once(
    api: Api, monde: Monde, facteur: Facteur, etat: str
) -> None:
    await monde.une_candidature(auteur=monde.yann, etat=etat)
    double = await monde.une_candidature(auteur=monde.paul, **COMPLET)
    for _ in range(2):
        [code] = await essayer(api, monde.rosa, actes.VALIDER, id=gid("Candidature", double))
        assert code in ("CANDIDATURE_EXISTANTE", "DEJA_NON_RETENUE")
    assert (await monde.relire(double)).etat is m.EtatCandidature.BROUILLON
    [(a, objet)] = await facteur.tournee()
    assert (a, objet) == (
        monde.paul.courriel,
        f"Candidature {double.reference} : une candidature existe déjà sur cette session",
    )


@pytest.mark.regle("R-169", "C-01")
async def test_a_session_moved_then_cancelled_is_told_to_who_proposed_somebody(
    api: Api, monde: Monde, facteur: Facteur
) -> None:
    candidature = await monde.une_candidature(auteur=monde.paul, etat="en_attente_avis")
    session = gid("Session", monde.session_maconnerie)
    fin = monde.jour(200).isoformat()
    for document, autres in (
        ("modifierDatesSession(entree: {session: $s, dateFin: $v})", {"v": fin}),
        ("annulerSession(session: $s, motif: $v)", {"v": "Financement retiré."}),
    ):
        type_ = "Date!" if document.startswith("modifier") else "String!"
        query = f"mutation($s: ID!, $v: {type_}) {{ {document} {{ {actes.EMPECHEMENTS} }} }}"
        assert await essayer(api, monde.gaelle, query, s=session, **autres) == []
        [(a, objet)] = await facteur.tournee()
        assert (a, candidature.reference in objet) == (monde.paul.courriel, True)


# --- results ----------------------------------------------------------------------------------------------------------

Decision = Callable[[Api, Monde, str], Any]


async def attend_son_avis(monde: Monde) -> m.Candidature:
    """Somebody whom the training organisation has seen once, and convened again."""
    attend = await monde.une_candidature(auteur=monde.paul, etat="en_attente_avis")
    for numero, resultat in ((1, "presence"), (2, None)):
        await monde.inserer(
            m.Convocation,
            candidature_id=attend.id,
            numero=numero,
            date_rendez_vous=monde.jour(-1),
            resultat=resultat,
            cree_le=MAINTENANT,
        )
    return attend


async def retenir(api: Api, monde: Monde, id: str) -> Any:
    return await essayer(api, monde.ines, actes.AVIS, entree=avis(id))


async def absente(api: Api, monde: Monde, id: str) -> Any:
    note = {"candidature": id, "numero": 2, "resultat": "ABSENCE_NON_JUSTIFIEE"}
    return await essayer(api, monde.ines, actes.NOTER, entree=note)


async def complete(api: Api, monde: Monde, id: str) -> Any:
    session = gid("Session", monde.session_maconnerie)
    return await essayer(api, monde.ines, actes_lots.COMPLETE, session=session, x=[id])


@pytest.mark.regle("R-166", "R-158", "R-168")
@pytest.mark.parametrize(
    ("decider", "dit"),
    [(retenir, "l'avis est rendu"), (absente, "l'avis est rendu"), (complete, "Refus : session complète")],
)
async def test_a_result_is_told_after_the_act_and_not_again_by_the_tick(
    api: Api, monde: Monde, facteur: Facteur, decider: Decision, dit: str
) -> None:
    attend = await attend_son_avis(monde)
    assert await decider(api, monde, gid("Candidature", attend)) == []

    assert await facteur.tournee() == [(monde.paul.courriel, f"Candidature {attend.reference} : {dit}")]
    assert await tenir(ANNONCER, facteur.outils, SANS_CONTEXTE) == 0
    assert await facteur.tournee() == []


@pytest.mark.regle("R-166")
async def test_the_tick_that_comes_first_leaves_nothing_to_tell_twice(
    api: Api, monde: Monde, facteur: Facteur
) -> None:
    attend = await attend_son_avis(monde)
    assert await retenir(api, monde, gid("Candidature", attend)) == []

    assert await tenir(ANNONCER, facteur.outils, SANS_CONTEXTE) == 1
    assert len(await facteur.tournee()) == 1


@pytest.mark.regle("R-166", "C-24")
async def test_a_corrected_avis_is_told_again_after_the_act(api: Api, monde: Monde, facteur: Facteur) -> None:
    attend = await attend_son_avis(monde)
    id = gid("Candidature", attend)
    assert await retenir(api, monde, id) == []
    await facteur.tournee()
    corrige = avis(id, retenu=False, motif="PREREQUIS", raison="Le niveau A2.", motifCorrection="Une erreur.")
    assert await essayer(api, monde.gaelle, actes_lots.CORRIGER, entree=corrige) == []

    assert [a for a, _ in await facteur.tournee()] == [monde.paul.courriel]


@pytest.mark.regle("R-166")
@pytest.mark.parametrize(
    ("choix", "le_matin"), [("quotidien", ["Vos candidatures : 1 résultat"]), ("aucun", [])]
)
async def test_who_wants_a_digest_or_nothing_is_not_written_to_by_the_act(
    api: Api, monde: Monde, facteur: Facteur, choix: str, le_matin: list[str]
) -> None:
    await monde.changer(monde.paul, m.Compte, envoi_avis=choix)
    attend = await attend_son_avis(monde)
    assert await retenir(api, monde, gid("Candidature", attend)) == []
    await tenir(ANNONCER, facteur.outils, SANS_CONTEXTE)
    assert await facteur.tournee() == []

    await tenir_ensemble(RESUMER, facteur.outils, SANS_CONTEXTE)
    assert [objet for _, objet in await facteur.tournee()] == le_matin


@pytest.mark.regle("R-166")
async def test_an_act_that_decides_nothing_promises_nothing(api: Api, monde: Monde) -> None:
    attend = await attend_son_avis(monde)
    note = {"candidature": gid("Candidature", attend), "numero": 2, "resultat": "PRESENCE"}
    assert await essayer(api, monde.ines, actes.NOTER, entree=note) == []

    async with monde.engine.connect() as db:
        assert list(await db.scalars(text("select task_name from procrastinate_jobs"))) == []


def test_every_mail_of_the_house_is_asked_for_by_something() -> None:
    """A template that nothing names is a promise that nobody keeps."""
    racine = Path(__file__).resolve().parents[2] / "app"
    sources = "\n".join(
        path.read_text() for room in ("resolvers", "jobs") for path in (racine / room).rglob("*.py")
    )
    assert {nom for nom in gabarits() if f'"{nom}"' not in sources} == set()
