"""Second factors: of whoever wants one, and of every gestionnaire. Codes serve once; guesses are counted."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from app import models as m
from app.demo.distribution import MOT_DE_PASSE, TOTP
from app.kit.totp import code_at
from tests.cast import MAINTENANT, Monde

from . import actes
from . import actes_comptes as c
from .actes_comptes import acte, courriels, essayer, lignes, porteur
from .conftest import Api
from .test_mots_de_passe import vit

PROFIL = "{ moi { secondFacteur profilActif { droit } profils { id droit } } }"


def code(secret: str = TOTP, dans: int = 0) -> str:
    """Out: the six digits of the moment of the tests, so many steps from now."""
    return code_at(secret, MAINTENANT + timedelta(seconds=30 * dans))


async def connexion(api: Api, qui: Any, chiffres: str | None) -> Any:
    api.d_ailleurs()  # what is counted here is the account, not the address
    variables = {"email": qui.courriel, "motDePasse": MOT_DE_PASSE, "code": chiffres}
    jeton = (await api(None, actes.CONNEXION, **variables))["connexion"]["jeton"]
    return jeton and porteur(jeton)


async def equiper(api: Api, qui: Any) -> tuple[str, list[str]]:
    """Out: the secret and the codes of somebody who just took a second factor."""
    codes, payload = await acte(api, qui, c.ACTIVER, motDePasse=MOT_DE_PASSE)
    assert codes == []
    confirme = await acte(api, qui, c.CONFIRMER_FACTEUR, code=code(payload["secret"], -1))
    assert confirme[0] == []
    return payload["secret"], confirme[1]["codesSecours"]


@pytest.mark.regle("R-006")
async def test_a_gestionnaire_signs_in_with_six_digits_and_not_without(api: Api, monde: Monde) -> None:
    for faux in (None, "", "000000" if code() != "000000" else "000001"):
        assert await connexion(api, monde.gaelle, faux) is None

    gaelle = await connexion(api, monde.gaelle, code())

    moi = (await api(gaelle, PROFIL))["moi"]
    assert (moi["secondFacteur"], moi["profilActif"]["droit"]) == (True, "GESTIONNAIRE")
    assert (await api(monde.paul, PROFIL))["moi"]["secondFacteur"] is False


async def test_a_code_serves_once_even_sent_together(api: Api, monde: Monde) -> None:
    chiffres = code()
    answers = await asyncio.gather(*[connexion(api, monde.gaelle, chiffres) for _ in range(4)])
    assert sum(answer is not None for answer in answers) == 1
    assert await connexion(api, monde.gaelle, chiffres) is None
    assert await connexion(api, monde.gaelle, code(dans=1)) is not None


async def test_guesses_of_the_code_lock_as_those_of_the_password_do(api: Api, monde: Monde) -> None:
    faux = "000000" if "000000" not in {code(dans=d) for d in range(-2, 3)} else "000001"
    for _ in range(10):
        assert await connexion(api, monde.gaelle, faux) is None
    assert await connexion(api, monde.gaelle, code(dans=1)) is None

    for _ in range(10):
        refus = await essayer(api, monde.gaelle, c.RENOUVELER, motDePasse=MOT_DE_PASSE, code=faux)
        assert refus == ["IDENTIFIANTS_REFUSES"]  # the lock is one


async def test_a_right_password_does_not_forgive_wrong_codes(api: Api, monde: Monde) -> None:
    faux = "000000" if "000000" not in {code(dans=d) for d in range(-2, 3)} else "000001"
    answers = [
        await essayer(api, monde.gaelle, c.RENOUVELER, motDePasse=MOT_DE_PASSE, code=faux) for _ in range(11)
    ]
    assert answers == [*[["CODE_INCORRECT"]] * 10, ["IDENTIFIANTS_REFUSES"]]


@pytest.mark.regle("R-006", "R-018")
async def test_without_a_second_factor_nobody_takes_a_profile_of_gestionnaire(api: Api, monde: Monde) -> None:
    """Neither at sign-in nor by choosing; every other profile stays open."""
    await monde.inserer(
        m.DroitAccorde,
        affiliation_id=monde.adrien.viewer.affiliation_id,
        compte_id=monde.adrien.id,
        structure_id=monde.cap_metiers.id,
        droit=m.Droit.GESTIONNAIRE,
        accorde_le=monde.le - timedelta(days=400),
    )
    adrien = await connexion(api, monde.adrien, None)
    moi = (await api(adrien, PROFIL))["moi"]
    assert moi["profilActif"]["droit"] == "AUDITEUR"
    [gestionnaire] = [p["id"] for p in moi["profils"] if p["droit"] == "GESTIONNAIRE"]
    assert await essayer(api, adrien, c.CHOISIR, profil=gestionnaire) == ["INTERDIT"]

    await equiper(api, adrien)

    codes, payload = await acte(api, adrien, c.CHOISIR, profil=gestionnaire)
    assert (codes, payload["jeton"] is None) == ([], False)


async def test_a_factor_counts_once_its_first_code_was_given(api: Api, monde: Monde) -> None:
    assert await essayer(api, monde.paul, c.CONFIRMER_FACTEUR, code="123456") == ["SECOND_FACTEUR_ABSENT"]
    assert await essayer(api, monde.paul, c.ACTIVER, motDePasse="pas le bon") == ["IDENTIFIANTS_REFUSES"]
    _, payload = await acte(api, monde.paul, c.ACTIVER, motDePasse=MOT_DE_PASSE)
    assert f"secret={payload['secret']}" in payload["adresse"]
    assert await connexion(api, monde.paul, None) is not None  # not asked for yet
    autre = await connexion(api, monde.paul, None)

    assert await essayer(api, monde.paul, c.CONFIRMER_FACTEUR, code="12345") == ["CODE_INCORRECT"]
    codes, confirme = await acte(api, monde.paul, c.CONFIRMER_FACTEUR, code=code(payload["secret"], -1))

    assert (codes, len(confirme["codesSecours"])) == ([], 10)
    assert not await vit(api, autre)  # opened with a password alone
    assert await vit(api, monde.paul)
    assert await connexion(api, monde.paul, None) is None
    assert await connexion(api, monde.paul, code(payload["secret"])) is not None
    assert [k["gabarit"] for k in await courriels(monde)] == ["second_facteur_change"]


async def test_a_code_to_print_serves_once_in_place_of_the_digits(api: Api, monde: Monde) -> None:
    _, codes = await equiper(api, monde.paul)

    assert await connexion(api, monde.paul, codes[0].upper().replace("-", " ")) is not None
    assert await connexion(api, monde.paul, codes[0]) is None
    renouvele = await acte(api, monde.paul, c.RENOUVELER, motDePasse=MOT_DE_PASSE, code=codes[1])
    assert renouvele[0] == []
    assert await connexion(api, monde.paul, codes[2]) is None
    assert await connexion(api, monde.paul, renouvele[1]["codesSecours"][0]) is not None


async def test_who_has_a_factor_needs_it_to_change_or_leave_it(api: Api, monde: Monde) -> None:
    _, codes = await equiper(api, monde.paul)
    assert await essayer(api, monde.paul, c.ACTIVER, motDePasse=MOT_DE_PASSE) == ["CODE_INCORRECT"]
    assert await essayer(api, monde.paul, c.ACTIVER, motDePasse=MOT_DE_PASSE, code=codes[0]) == []
    retirer = {"motDePasse": MOT_DE_PASSE}
    assert await essayer(api, monde.paul, c.RETIRER_FACTEUR, code="000000", **retirer) == ["CODE_INCORRECT"]

    assert await essayer(api, monde.paul, c.RETIRER_FACTEUR, code=codes[1], **retirer) == []

    assert not await vit(api, monde.paul)
    assert await connexion(api, monde.paul, None) is not None
    assert (await monde.relire(monde.paul, m.Compte)).a_un_second_facteur is False


async def test_secrets_and_codes_are_kept_sealed_or_as_fingerprints(api: Api, monde: Monde) -> None:
    secret, codes = await equiper(api, monde.paul)
    [row] = await lignes(monde, m.SecretCompte, compte_id=monde.paul.id)
    assert secret not in str(row)
    assert api.cipher.open(row["totp"]) == secret
    assert not [brut for brut in codes if brut in str(row)]


async def test_a_factor_sealed_under_a_lost_key_is_refused_and_its_printed_codes_serve(
    api: Api, monde: Monde
) -> None:
    _, codes = await equiper(api, monde.paul)
    async with monde.engine.begin() as db:
        await db.execute(
            m.SecretCompte.__table__.update()
            .values(totp="illisible")
            .where(m.SecretCompte.__table__.c.compte_id == monde.paul.id)
        )
    assert await connexion(api, monde.paul, "123456") is None
    assert await connexion(api, monde.paul, codes[0]) is not None
