"""Accounts: asked for, confirmed by who reads the address, told to nobody (R-002, R-008, R-009, R-014)."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from app import models as m
from app.demo.distribution import MOT_DE_PASSE
from app.kit import crypto
from tests.cast import Monde

from . import actes
from . import actes_comptes as c
from .actes_comptes import acte, courriels, essayer, id_de, liens, lignes, porteur
from .conftest import Api
from .identifiants import gid
from .test_structures import fiche

MON_MOT = "Brouette-Violon-83"
AILLEURS = "Théière-Cactus-61"


async def demande(api: Api, monde: Monde, **champs: Any) -> dict[str, Any]:
    return {
        "courriel": "alix.roche@courriel.example",
        "motDePasse": MON_MOT,
        "nom": "Roche",
        "prenom": "Alix",
        "structure": await id_de(api, monde, monde.trois_vallees),
    } | champs


async def demander(api: Api, monde: Monde, **champs: Any) -> list[str]:
    return await essayer(api, None, c.DEMANDER_COMPTE, entree=await demande(api, monde, **champs))


async def se_connecter(api: Api, email: str, mot: str) -> Any:
    api.d_ailleurs()  # what is counted here is the account, not the address
    answer = await api(None, actes.CONNEXION, email=email, motDePasse=mot, code=None)
    jeton = answer["connexion"]["jeton"]
    return jeton and porteur(jeton)


@pytest.mark.regle("R-008", "R-007", "R-010")
async def test_an_account_is_asked_confirmed_and_waits_for_the_referent(api: Api, monde: Monde) -> None:
    assert await demander(api, monde, telephone="05 55 00 00 09") == []
    assert await se_connecter(api, "alix.roche@courriel.example", MON_MOT) is None  # not yet
    assert [k["gabarit"] for k in await courriels(monde)] == [
        "confirmation_courriel"
    ]  # nobody else is bothered
    [jeton] = await liens(monde, api, "confirmation_courriel")

    assert await essayer(api, None, c.CONFIRMER_COMPTE, jeton=jeton, motDePasse=MON_MOT) == []

    alix = await se_connecter(api, "Alix.Roche@courriel.example", MON_MOT)
    moi = await api(
        alix, "{ moi { compte { nom telephone } demandes { etat referent } profilActif { droit } } }"
    )
    assert moi["moi"] == {
        "compte": {"nom": "Roche", "telephone": "05 55 00 00 09"},
        "demandes": [{"etat": "EN_ATTENTE", "referent": False}],
        "profilActif": None,
    }
    [_, prevenu] = await courriels(monde)
    assert (prevenu["gabarit"], prevenu["compte_id"]) == ("affiliation_demandee", monde.rosa.id)


@pytest.mark.regle("R-005", "R-006", "R-008")
async def test_who_does_not_find_its_structure_declares_it_with_its_request(api: Api, monde: Monde) -> None:
    assert await demander(api, monde, structure=None, structureDeclaree=fiche()) == []
    assert await lignes(monde, m.Structure, etat="a_valider") == []  # not before the address is confirmed
    [jeton] = await liens(monde, api, "confirmation_courriel")

    assert await essayer(api, None, c.CONFIRMER_COMPTE, jeton=jeton, motDePasse=MON_MOT) == []

    [structure] = await lignes(monde, m.Structure, etat="a_valider")
    [compte] = await lignes(monde, m.Compte, nom="Roche")
    assert structure["declaree_par_id"] == compte["id"]
    [demandee] = await lignes(monde, m.Affiliation, structure_id=structure["id"])
    key = gid("Affiliation", m.Affiliation(**demandee))
    assert await essayer(api, monde.gaelle, c.ACCEPTER, affiliation=key) == ["STRUCTURE_NON_VALIDEE"]
    [prevenu] = [k for k in await courriels(monde) if k["gabarit"] == "affiliation_demandee"]
    assert prevenu["compte_id"] == monde.gaelle.id
    id = gid("Structure", m.Structure(id=structure["id"]))
    assert await essayer(api, monde.gaelle, c.VALIDER_STRUCTURE, structure=id) == []
    codes, payload = await acte(api, monde.gaelle, c.ACCEPTER, affiliation=key)
    assert (codes, payload["affiliation"]["referent"]) == ([], True)


@pytest.mark.regle("R-004", "R-008")
@pytest.mark.parametrize(
    ("champs", "attendus"),
    [
        ({"structure": None}, ["CHAMP_OBLIGATOIRE"]),
        ({"structureDeclaree": {"raisonSociale": "X"}}, ["FORMAT_INVALIDE"]),
        ({"structure": "U3RydWN0dXJlOjA="}, ["NON_TROUVE"]),
        ({"structure": None, "structureDeclaree": fiche(siret="99900001100018")}, ["STRUCTURE_EXISTANTE"]),
        ({"structure": None, "structureDeclaree": fiche(ville=" ")}, ["CHAMP_OBLIGATOIRE"]),
        ({"motDePasse": "court"}, ["MOT_DE_PASSE_TROP_FAIBLE"]),
        ({"motDePasse": "Roche-Roche-87!"}, ["MOT_DE_PASSE_TROP_FAIBLE", "MOT_DE_PASSE_TROP_PROCHE"]),
        ({"nom": " ", "courriel": "alix"}, ["FORMAT_INVALIDE", "CHAMP_OBLIGATOIRE"]),
        ({"telephone": "appelez-moi"}, ["FORMAT_INVALIDE"]),
    ],
)
async def test_a_request_is_checked_whole(
    api: Api, monde: Monde, champs: dict[str, Any], attendus: list[str]
) -> None:
    assert await demander(api, monde, **champs) == attendus
    assert await courriels(monde) == []


@pytest.mark.regle("R-002", "R-009")
async def test_a_second_account_with_the_same_address_is_refused_in_silence(api: Api, monde: Monde) -> None:
    """The one who asks learns nothing; the one whose address it is learns that somebody asked."""
    connue, inconnue = f" {monde.paul.courriel.upper()} ", "personne@nulle-part.example"
    reponses = [
        await api.brut(None, c.DEMANDER_COMPTE, entree=await demande(api, monde, courriel=courriel))
        for courriel in (connue, inconnue)
    ]

    assert reponses[0] == reponses[1] == {"data": {"demanderCompte": {"empechements": []}}}
    assert len(await lignes(monde, m.Compte, courriel=monde.paul.courriel)) == 1
    assert next((k["gabarit"], k["compte_id"]) for k in await courriels(monde)) == (
        "compte_existant",
        monde.paul.id,
    )
    assert await se_connecter(api, monde.paul.courriel, MON_MOT) is None
    assert await se_connecter(api, monde.paul.courriel, MOT_DE_PASSE) is not None


@pytest.mark.regle("R-009")
async def test_known_or_not_an_address_costs_the_same_hashes(
    api: Api, monde: Monde, monkeypatch: pytest.MonkeyPatch
) -> None:
    comptes: list[str] = []
    for nom in ("hash_password", "password_matches"):
        vrai = getattr(crypto, nom)

        async def compte(*donnes: Any, _vrai: Any = vrai, _nom: str = nom) -> Any:
            comptes.append(_nom)
            return await _vrai(*donnes)

        monkeypatch.setattr(crypto, nom, compte)
    vus = []
    for courriel in (monde.paul.courriel, "personne@nulle-part.example", monde.hub_agora.courriel):
        comptes.clear()
        await demander(api, monde, courriel=courriel)
        assert await se_connecter(api, courriel, "pas le bon") is None
        await essayer(api, None, c.OUBLIE, courriel=courriel)
        vus.append(list(comptes))
    assert vus == [["hash_password", "password_matches"]] * 3


@pytest.mark.regle("R-009")
async def test_the_same_request_sent_many_times_at_once_makes_one_account(api: Api, monde: Monde) -> None:
    answers = await asyncio.gather(*[demander(api, monde) for _ in range(6)])

    assert answers == [[]] * 6
    assert len(await lignes(monde, m.Compte, courriel="alix.roche@courriel.example")) == 1


@pytest.mark.regle("R-008")
async def test_a_link_serves_once_in_time_and_for_what_it_is(api: Api, monde: Monde) -> None:
    await demander(api, monde)
    [jeton] = await liens(monde, api, "confirmation_courriel")
    confirmer = {"jeton": jeton, "motDePasse": MON_MOT}

    numero, _, signature = jeton.partition(".")
    for faux in (
        f"{numero}.{signature[:-1]}",
        f"{int(numero) + 1}.{signature}",
        "",
        "abc",
        numero,
        f"{numero}.",
    ):
        assert await essayer(api, None, c.CONFIRMER_COMPTE, jeton=faux, motDePasse=MON_MOT) == [
            "LIEN_INVALIDE"
        ]
    for autre in (c.REINITIALISER, c.CONFIRMER_COURRIEL):
        variables = {"jeton": jeton} if autre is c.CONFIRMER_COURRIEL else confirmer
        assert await essayer(api, None, autre, **variables) == ["LIEN_INVALIDE"]
    api.montre.heure += timedelta(days=2)
    assert await essayer(api, None, c.CONFIRMER_COMPTE, **confirmer) == ["LIEN_INVALIDE"]
    api.montre.heure -= timedelta(seconds=1)

    answers = await asyncio.gather(*[essayer(api, None, c.CONFIRMER_COMPTE, **confirmer) for _ in range(4)])

    assert sorted(answers) == [[], *[["LIEN_INVALIDE"]] * 3]
    assert (
        len(await lignes(monde, m.Affiliation, structure_id=monde.trois_vallees.id, etat="en_attente")) == 2
    )


@pytest.mark.regle("R-008")
async def test_nobody_gets_an_account_opened_under_the_address_of_another(api: Api, monde: Monde) -> None:
    """Somebody asks with the address of a victim, who later asks too: the link of each needs its own password."""
    await demander(api, monde, motDePasse=AILLEURS, nom="Intrus")
    await demander(api, monde)
    de_l_intrus, le_sien = await liens(monde, api, "confirmation_courriel")

    assert await essayer(api, None, c.CONFIRMER_COMPTE, jeton=de_l_intrus, motDePasse=MON_MOT) == [
        "IDENTIFIANTS_REFUSES"
    ]
    assert await essayer(api, None, c.CONFIRMER_COMPTE, jeton=le_sien, motDePasse=MON_MOT) == []

    assert await se_connecter(api, "alix.roche@courriel.example", AILLEURS) is None
    alix = await se_connecter(api, "alix.roche@courriel.example", MON_MOT)
    assert (await api(alix, "{ moi { compte { nom } } }"))["moi"]["compte"]["nom"] == "Roche"
    assert await essayer(api, None, c.CONFIRMER_COMPTE, jeton=de_l_intrus, motDePasse=AILLEURS) == [
        "LIEN_INVALIDE"
    ]


@pytest.mark.regle("R-002")
@pytest.mark.parametrize(
    "courriel",
    [
        "pаul.etcheverry@trois-vallees.example",  # а is Cyrillic
        "paul.etcheverry@trois‐vallees.example",  # ‐ is not a hyphen-minus
        "paul.etcheverry@troıs-vallees.example",  # ı has no dot
        "paul.etcheverry\u200b@trois-vallees.example",
        "paul.etcheverry@trois-vallees.example\r\nBcc: x@y.example",
        "pául@trois-vallees.example",
    ],
)
async def test_an_address_that_looks_like_another_is_refused(api: Api, monde: Monde, courriel: str) -> None:
    assert await demander(api, monde, courriel=courriel) == ["FORMAT_INVALIDE"]


@pytest.mark.regle("R-002")
async def test_a_name_in_another_alphabet_is_refused_and_ours_are_not(api: Api, monde: Monde) -> None:
    assert await demander(api, monde, nom="Rоsa") == ["FORMAT_INVALIDE"]  # о is Cyrillic
    assert await demander(api, monde, nom="d'Œuvre-Müller", prenom="Maëlys Æ") == []


@pytest.mark.regle("R-002")
async def test_full_width_letters_are_the_same_address(api: Api, monde: Monde) -> None:
    await demander(api, monde, courriel="ＰＡＵＬ.etcheverry＠trois-vallees.example")
    [courriel] = await courriels(monde)
    assert (courriel["gabarit"], courriel["compte_id"]) == ("compte_existant", monde.paul.id)


async def test_no_letter_box_is_flooded_through_us(api: Api, monde: Monde) -> None:
    for _ in range(8):
        assert await essayer(api, None, c.OUBLIE, courriel=monde.paul.courriel) == []
    assert len(await courriels(monde)) == 5
    api.montre.heure += timedelta(hours=1)
    assert await essayer(api, None, c.OUBLIE, courriel=monde.paul.courriel) == []
    assert len(await courriels(monde)) == 6


@pytest.mark.regle("R-014")
async def test_somebody_changes_its_telephone_and_nobody_else_s(api: Api, monde: Monde) -> None:
    entree = {"telephone": " 05 55 00 00 07 "}
    codes, payload = await acte(api, monde.paul, c.MODIFIER_MON_COMPTE, entree=entree)
    assert (codes, payload["compte"]) == ([], {"telephone": "05 55 00 00 07"})
    assert (await monde.relire(monde.rosa, m.Compte)).telephone is None
    assert await essayer(api, None, c.MODIFIER_MON_COMPTE, entree=entree) == ["INTERDIT"]
    assert await essayer(api, monde.hub_agora, c.MODIFIER_MON_COMPTE, entree=entree) == ["INTERDIT"]
    assert await essayer(api, monde.paul, c.MODIFIER_MON_COMPTE, entree={"telephone": "x"}) == [
        "FORMAT_INVALIDE"
    ]
    for interdit in ("nom", "courriel", "etat", "compte"):
        answer = await api.brut(monde.paul, c.MODIFIER_MON_COMPTE, entree={interdit: "x"})
        assert interdit in answer["errors"][0]["message"]


@pytest.mark.regle("R-014")
async def test_an_address_changes_once_both_have_agreed(api: Api, monde: Monde) -> None:
    nouvelle = "paul.nouveau@trois-vallees.example"
    changer = {"courriel": nouvelle, "motDePasse": MOT_DE_PASSE}
    assert await essayer(api, monde.paul, c.CHANGER_COURRIEL, **changer) == []
    [ancien] = await liens(monde, api, "adresse_a_quitter")
    [neuf] = await liens(monde, api, "adresse_a_prendre")

    codes, payload = await acte(api, None, c.CONFIRMER_COURRIEL, jeton=neuf)
    assert (codes, payload["estChangee"]) == ([], False)
    assert (await monde.relire(monde.paul, m.Compte)).courriel == monde.paul.courriel
    assert await essayer(api, None, c.CONFIRMER_COURRIEL, jeton=neuf) == ["LIEN_INVALIDE"]
    codes, payload = await acte(api, None, c.CONFIRMER_COURRIEL, jeton=ancien)

    assert (codes, payload["estChangee"]) == ([], True)
    assert await se_connecter(api, nouvelle, MOT_DE_PASSE) is not None
    assert await se_connecter(api, monde.paul.courriel, MOT_DE_PASSE) is None


@pytest.mark.regle("R-014")
async def test_both_links_followed_at_once_change_the_address_once(api: Api, monde: Monde) -> None:
    changer = {"courriel": "paul.nouveau@trois-vallees.example", "motDePasse": MOT_DE_PASSE}
    await essayer(api, monde.paul, c.CHANGER_COURRIEL, **changer)
    jetons = [
        *(await liens(monde, api, "adresse_a_quitter")),
        *(await liens(monde, api, "adresse_a_prendre")),
    ]

    suivis = await asyncio.gather(*[acte(api, None, c.CONFIRMER_COURRIEL, jeton=j) for j in jetons])

    assert sorted(payload["estChangee"] for _, payload in suivis) == [False, True]
    assert (await monde.relire(monde.paul, m.Compte)).courriel == changer["courriel"]


@pytest.mark.regle("R-014")
async def test_links_of_two_requests_do_not_agree_together(api: Api, monde: Monde) -> None:
    for adresse in ("un@trois-vallees.example", "deux@trois-vallees.example"):
        changer = {"courriel": adresse, "motDePasse": MOT_DE_PASSE}
        assert await essayer(api, monde.paul, c.CHANGER_COURRIEL, **changer) == []
        api.montre.heure += timedelta(seconds=1)
    a_quitter = await liens(monde, api, "adresse_a_quitter")
    a_prendre = await liens(monde, api, "adresse_a_prendre")

    assert await essayer(api, None, c.CONFIRMER_COURRIEL, jeton=a_prendre[0]) == ["LIEN_INVALIDE"]
    assert await essayer(api, None, c.CONFIRMER_COURRIEL, jeton=a_quitter[1]) == []
    assert (await monde.relire(monde.paul, m.Compte)).courriel == monde.paul.courriel


@pytest.mark.regle("R-009", "R-014")
async def test_nobody_learns_by_changing_its_address_who_has_an_account(api: Api, monde: Monde) -> None:
    reponses = [
        await api.brut(monde.paul, c.CHANGER_COURRIEL, courriel=courriel, motDePasse=MOT_DE_PASSE)
        for courriel in (monde.rosa.courriel, "libre@trois-vallees.example")
    ]
    assert reponses[0] == reponses[1]
    [prevenue] = [k for k in await courriels(monde) if k["gabarit"] == "compte_existant"]
    assert prevenue["compte_id"] == monde.rosa.id


@pytest.mark.regle("R-009", "R-014")
async def test_an_address_taken_meanwhile_stays_with_who_took_it(api: Api, monde: Monde) -> None:
    nouvelle = "convoitee@trois-vallees.example"
    await essayer(api, monde.paul, c.CHANGER_COURRIEL, courriel=nouvelle, motDePasse=MOT_DE_PASSE)
    await monde.changer(monde.hugo, m.Compte, courriel=nouvelle)
    [ancien] = await liens(monde, api, "adresse_a_quitter")
    [neuf] = await liens(monde, api, "adresse_a_prendre")

    assert await essayer(api, None, c.CONFIRMER_COURRIEL, jeton=ancien) == []
    assert await essayer(api, None, c.CONFIRMER_COURRIEL, jeton=neuf) == ["ADRESSE_DEJA_PRISE"]
