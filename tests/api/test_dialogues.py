"""The dialogue about an action: an organisme and the gestionnaires, and nobody else."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app import models as m
from tests.cast import MAINTENANT, Monde

from . import actes_actions as a
from .actes import EMPECHEMENTS, codes
from .conftest import Api
from .identifiants import gid

ECRIRE = f"""mutation($action: ID!, $texte: String!) {{ ecrireMessage(action: $action, texte: $texte) {{
  action {{ attendReponse }} {EMPECHEMENTS} }} }}"""
LIRE = """query($r: String!) { action(reference: $r) { attendReponse peut { dialoguer } dialogue { totalCount nodes {
  texte duGestionnaire demande auteur { prenom } structure { raisonSociale } } } historique { nodes { nom } } } }"""
EN_ATTENTE = """{ catalogue(filtre: { attendReponse: true }) { totalCount nodes { reference } } }"""


async def ecrire(api: Api, qui: Any, action: Any, texte: str = "Bonjour") -> list[str]:
    """Out: the codes that stopped the message."""
    return codes(await a.acte(api, qui, ECRIRE, action=gid("Action", action), texte=texte))


async def lire(api: Api, qui: Any, action: Any) -> Any:
    """Out: the action and its dialogue, as somebody reads them."""
    return (await api(qui, LIRE, r=action.reference))["action"]


async def travaux(monde: Monde) -> list[tuple[str, int]]:
    """Out: the mails that wait: the template, and to which account."""
    async with monde.engine.connect() as db:
        rows = await db.execute(
            text("select args->>'gabarit' g, (args->>'compte_id')::int c from procrastinate_jobs order by id")
        )
        return [(row.g, row.c) for row in rows]


@pytest.mark.regle("R-173")
async def test_an_organisme_writes_a_gestionnaire_answers_and_both_read_the_whole(
    api: Api, monde: Monde
) -> None:
    action = monde.action_anglais
    assert await ecrire(api, monde.karim, action, "Notre titre change de nom en septembre.") == []
    assert (await lire(api, monde.gaelle, action))["attendReponse"] is True
    assert [x["reference"] for x in (await api(monde.gaelle, EN_ATTENTE))["catalogue"]["nodes"]] == [
        action.reference
    ]
    assert await ecrire(api, monde.gaelle, action, "C'est noté.") == []

    for qui in (monde.karim, monde.gaelle):
        lue = await lire(api, qui, action)
        assert [(x["texte"], x["duGestionnaire"]) for x in lue["dialogue"]["nodes"]] == [
            ("Notre titre change de nom en septembre.", False),
            ("C'est noté.", True),
        ]
        assert (lue["attendReponse"], lue["peut"]["dialoguer"]) == (False, True)
        assert [x["nom"] for x in lue["historique"]["nodes"]].count("MessageEcrit") == 2
    assert (await api(monde.gaelle, EN_ATTENTE))["catalogue"]["totalCount"] == 0


@pytest.mark.regle("R-016", "R-033")
async def test_nobody_else_writes_nor_reads_even_what_is_published(api: Api, monde: Monde) -> None:
    action = monde.action_anglais
    await ecrire(api, monde.karim, action, "Entre nous.")

    for qui in (monde.louise, monde.ines, monde.paul, monde.adrien, monde.reseau_carif, None):
        assert await ecrire(api, qui, action) in (["INTERDIT"], ["NON_TROUVE"])
        lue = await lire(api, qui, action)
        assert lue is None or (
            lue["dialogue"] == {"totalCount": 0, "nodes": []} and lue["attendReponse"] is None
        )


@pytest.mark.regle("R-173")
async def test_a_request_for_a_complement_stands_in_the_dialogue_once_the_alert_is_over(
    api: Api, monde: Monde
) -> None:
    action = await a.une_action_complete(monde, etat=m.EtatAction.CREEE)
    await a.une_session_complete(monde, action)
    assert await a.essayer(api, monde.gaelle, a.SIGNALER, action, demande="Il manque la durée.") == []
    assert await ecrire(api, monde.karim, action, "Elle est dans le programme.") == []
    assert await a.essayer(api, monde.gaelle, a.LEVER, action) == []

    lue = await lire(api, monde.karim, action)
    assert [(x["texte"], x["demande"]) for x in lue["dialogue"]["nodes"]] == [
        ("Il manque la durée.", True),
        ("Elle est dans le programme.", False),
    ]
    assert {"ComplementDemande", "AlerteLevee"} <= {x["nom"] for x in lue["historique"]["nodes"]}


async def une_seconde_gestionnaire(monde: Monde) -> int:
    """Adrien, who audits, is a gestionnaire too. Out: the account."""
    adrien = monde.adrien.viewer
    await monde.inserer(
        m.DroitAccorde,
        affiliation_id=adrien.affiliation_id,
        compte_id=adrien.compte_id,
        structure_id=adrien.structure_id,
        droit=m.Droit.GESTIONNAIRE,
        accorde_le=MAINTENANT,
    )
    return monde.adrien.id


@pytest.mark.regle("R-173")
async def test_the_first_message_tells_every_gestionnaire_once_until_one_answers(
    api: Api, monde: Monde
) -> None:
    action, adrien = monde.action_anglais, await une_seconde_gestionnaire(monde)
    for texte in ("Bonjour", "J'oubliais", "Êtes-vous là ?"):
        await ecrire(api, monde.karim, action, texte)
    tous = [("message_action", compte) for compte in sorted([monde.gaelle.id, adrien])]
    assert await travaux(monde) == tous

    await ecrire(api, monde.gaelle, action, "Me voici.")
    assert await travaux(monde) == [*tous, ("message_action", monde.karim.id)]


@pytest.mark.regle("R-173")
async def test_who_follows_is_told_of_what_waits_anew_and_who_writes_is_not(api: Api, monde: Monde) -> None:
    action = monde.action_anglais
    await une_seconde_gestionnaire(monde)
    await ecrire(api, monde.gaelle, action)
    await ecrire(api, monde.karim, action)
    await ecrire(api, monde.karim, action, "J'oubliais")

    assert await travaux(monde) == [
        ("message_action", monde.karim.id),
        ("message_action", monde.gaelle.id),
    ]


@pytest.mark.regle("R-173")
async def test_every_gestionnaire_is_told_where_who_followed_is_one_no_more(api: Api, monde: Monde) -> None:
    action, adrien = monde.action_anglais, await une_seconde_gestionnaire(monde)
    await ecrire(api, monde.gaelle, action)
    tenu = SimpleNamespace(id=monde.gaelle.viewer.droit_accorde_id)
    await monde.supprimer(await monde.relire(tenu, m.DroitAccorde))
    await ecrire(api, monde.karim, action)

    assert (await travaux(monde))[1:] == [("message_action", adrien)]


@pytest.mark.regle("R-116")
async def test_a_message_is_neither_empty_nor_too_long_and_bears_no_nir(api: Api, monde: Monde) -> None:
    for texte, code in (
        (" ", "CHAMP_OBLIGATOIRE"),
        ("x" * 2001, "TEXTE_TROP_LONG"),
        ("NIR 1 85 05 78 006 084 91", "NIR_INTERDIT"),
    ):
        assert await ecrire(api, monde.karim, monde.action_anglais, texte) == [code]


async def test_a_message_never_changes(api: Api, monde: Monde) -> None:
    await ecrire(api, monde.karim, monde.action_anglais)
    async with monde.engine.connect() as db:
        key = await db.scalar(text("select id from message_action"))
    with pytest.raises(IntegrityError, match="ne change jamais"):
        await monde.changer(type("Cle", (), {"id": key}), m.MessageAction, texte="Autre chose")
