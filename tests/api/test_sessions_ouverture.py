"""Who opens and closes a session, and within which dates."""

from __future__ import annotations

from typing import Any

import pytest

from app import models as m
from tests.cast import Monde

from . import actes
from .actes import codes
from .actes_comptes import lignes
from .conftest import Api
from .identifiants import gid


async def regler(api: Api, qui: Any, session: Any, **champs: Any) -> dict[str, Any]:
    answer = await api(qui, actes.REGLER, entree={"session": gid("Session", session), **champs})
    return answer["reglerOuverture"]  # type: ignore[no-any-return]


@pytest.mark.regle("R-110", "R-134")
async def test_the_three_of_droits_of_any_role_move_the_dates_others_do_not(api: Api, monde: Monde) -> None:
    session, jour = monde.session_maconnerie, monde.jour(5).isoformat()
    for qui in (monde.karim, monde.ines, monde.louise, monde.marc, monde.gaelle):
        assert codes(await regler(api, qui, session, dateLimiteInscription=jour)) == []
    for qui in (monde.paul, monde.rosa, monde.sophie.sous("of_general"), monde.jeanne, None):
        assert codes(await regler(api, qui, session, dateLimiteInscription=jour)) == ["INTERDIT"]


@pytest.mark.regle("R-134", "R-098")
async def test_a_past_date_closes_the_session_and_a_future_one_opens_it(api: Api, monde: Monde) -> None:
    ouverte = "query($n: String!) { session(numeroCarif: $n) { peutCandidater { oui } } }"
    session = monde.session_maconnerie
    for jours, attendu in ((-1, False), (3, True)):
        await regler(api, monde.ines, session, dateLimiteInscription=monde.jour(jours).isoformat())
        answer = await api(monde.paul, ouverte, n=session.numero_carif)
        assert answer["session"]["peutCandidater"]["oui"] is attendu


@pytest.mark.regle("R-135", "R-136")
async def test_the_date_limite_stays_within_the_date_d_entree_tardive(api: Api, monde: Monde) -> None:
    trop = await regler(
        api,
        monde.ines,
        monde.session_maconnerie,
        dateLimiteInscription=monde.jour(41).isoformat(),
        dateEntreeTardive=monde.jour(40).isoformat(),
    )
    assert [(e["code"], e["chemin"]) for e in trop["empechements"]] == [
        ("DATES_INCOHERENTES", ["entree", "dateLimiteInscription"])
    ]
    juste = await regler(
        api,
        monde.ines,
        monde.session_maconnerie,
        dateLimiteInscription=monde.jour(40).isoformat(),
        dateEntreeTardive=monde.jour(40).isoformat(),
    )
    assert codes(juste) == []


@pytest.mark.regle("R-137")
@pytest.mark.parametrize(
    ("jours", "attendu"), [(14, []), (15, ["REPORT_TROP_LONG"]), (-1, ["REPORT_TROP_LONG"])]
)
async def test_the_start_is_only_put_off_by_14_days_at_most(
    api: Api, monde: Monde, jours: int, attendu: list[str]
) -> None:
    session = await monde.une_session(date_debut=monde.jour(30), formateur_id=monde.landes.id)

    assert (
        codes(await regler(api, monde.louise, session, dateDebut=monde.jour(30 + jours).isoformat()))
        == attendu
    )


@pytest.mark.regle("R-138", "R-139")
async def test_a_preinscription_profile_opens_a_session_but_does_not_resize_it(
    api: Api, monde: Monde
) -> None:
    refused = await regler(
        api, monde.marc, monde.session_maconnerie, capaciteAccueil=20, commentaire="Bientôt."
    )
    assert {(e["code"], e["chemin"][-1]) for e in refused["empechements"]} == {
        ("INTERDIT", "capaciteAccueil"),
        ("INTERDIT", "commentaire"),
    }
    trop = await regler(api, monde.louise, monde.session_maconnerie, commentaire="x" * 601)
    assert codes(trop) == ["TEXTE_TROP_LONG"]
    done = await regler(
        api, monde.louise, monde.session_maconnerie, capaciteAccueil=20, commentaire="x" * 600
    )
    assert codes(done) == []
    assert done["session"]["capaciteAccueil"] == 20


@pytest.mark.regle("R-097")
async def test_a_capacity_below_what_is_taken_is_refused(api: Api, monde: Monde) -> None:
    session = await monde.une_session(capacite_accueil=2, coefficient=1, formateur_id=monde.landes.id)
    for candidat in (monde.lea, monde.mathis):
        await monde.une_candidature(
            session=session, candidat=candidat, etat=m.EtatCandidature.EN_ATTENTE_AVIS
        )

    assert codes(await regler(api, monde.louise, session, capaciteAccueil=1)) == ["CAPACITE_SOUS_PRISES"]
    assert codes(await regler(api, monde.louise, session, capaciteAccueil=3)) == []


@pytest.mark.regle("R-139", "R-140")
@pytest.mark.parametrize(
    "champs",
    [
        {"capaciteAccueil": 0},
        {"capaciteAccueil": 2_147_483_647},
        {"coefficient": 0.99},
        {"coefficient": 1e300},
        {"capaciteAccueil": 0, "coefficient": 0, "ratioSuiteParcours": -1.0},
        {"ratioSuiteParcours": 1e9},
    ],
)
async def test_numbers_beyond_reason_are_refused_and_nothing_breaks(
    api: Api, monde: Monde, champs: dict[str, Any]
) -> None:
    refused = await regler(api, monde.louise, monde.session_maconnerie, **champs)

    assert [(e["code"], e["chemin"][-1]) for e in refused["empechements"]] == [
        ("CAPACITE_INVALIDE", champ) for champ in champs
    ]
    assert codes(await regler(api, monde.louise, monde.session_maconnerie, ratioSuiteParcours=1.5)) == []


@pytest.mark.regle("R-187", "C-28")
async def test_the_journal_names_a_comment_and_never_repeats_it(api: Api, monde: Monde) -> None:
    """What somebody typed may be erased from the session; the journal is sealed, and could not be."""
    session = monde.session_maconnerie
    for dit in ("Appelez Léa au 05 55 00 00 01.", "Groupe du soir."):
        regle = await regler(api, monde.louise, session, capaciteAccueil=20, commentaire=dit)
        assert codes(regle) == []
    premier, second = [f["donnees"] for f in await lignes(monde, m.Fait, nom="OuvertureReglee")]
    assert premier["champs"] == ["capacite_accueil", "commentaire"]
    assert [d["champ"] for d in premier["differences"]] == ["capacite_accueil"]
    assert second == {"champs": ["commentaire"], "differences": []}
