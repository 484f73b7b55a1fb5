"""What jobs look for is what the rules call due: one meaning, said as a condition and as a function."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from app.domain import echeances as e
from app.domain import echeances_conditions as c
from app.domain.candidatures_faits import ValidationRappelee
from app.kit.clock import PARIS
from app.kit.conditions import Condition, decide
from app.models import Candidature, Fait
from app.models import EtatCandidature as Etat
from tests.domain.lignes import MARDI, une_candidature, une_session

# two years, with their changes of hour, to the second, thick around midnight
MINUITS = st.dates(datetime(2026, 1, 1).date(), datetime(2027, 12, 31).date()).map(
    lambda jour: datetime(jour.year, jour.month, jour.day, tzinfo=PARIS)
)
ECARTS = st.one_of(st.sampled_from([-1, 0, 1]), st.integers(-86_400, 86_400)).map(
    lambda secondes: timedelta(seconds=secondes)
)
DELAIS = st.builds(lambda minuit, ecart: minuit + ecart, MINUITS, ECARTS)
ATTENTES = st.one_of(st.integers(0, 40), st.sampled_from([10, 11, 15, 16, 17, 21, 22])).map(
    lambda jours: timedelta(days=jours)
)


def due(condition: Condition, candidature: Candidature, le: datetime) -> bool:
    return decide(condition)(candidature, c.valeurs_echeances(le))


@given(st.sampled_from(Etat), DELAIS, st.none() | DELAIS, ATTENTES, ECARTS)
@example(Etat.BROUILLON, datetime(2026, 3, 20, 12, tzinfo=PARIS), None, timedelta(days=16), timedelta())
def test_une_purge_due_est_trouvee(
    etat: Etat, modifiee: datetime, close: datetime | None, attente: timedelta, ecart: timedelta
) -> None:
    candidature, le = une_candidature(etat, modifiee_le=modifiee, close_le=close), modifiee + attente + ecart
    assert due(c.A_PURGER, candidature, le) == e.purge_due(candidature, le)


@given(st.sampled_from(Etat), DELAIS, ATTENTES, ECARTS)
def test_une_validation_depassee_est_trouvee(
    etat: Etat, soumise: datetime, attente: timedelta, ecart: timedelta
) -> None:
    candidature = une_candidature(etat, valider_avant_le=e.a_valider_avant(soumise))
    le = soumise + attente + ecart
    assert due(c.A_EXPIRER, candidature, le) == e.validation_depassee(candidature, le)


@given(DELAIS, ATTENTES, ECARTS)
def test_un_avis_depasse_est_trouve(fin: datetime, attente: timedelta, ecart: timedelta) -> None:
    candidature = une_candidature(Etat.EN_ATTENTE_AVIS, session=une_session(date_fin=fin.date()))
    le = fin + attente + ecart
    assert due(c.SANS_AVIS, candidature, le) == e.avis_depasse(fin.date(), le)


@given(DELAIS, ATTENTES, ECARTS)
def test_un_rappel_du_est_trouve(soumise: datetime, attente: timedelta, ecart: timedelta) -> None:
    candidature = une_candidature(
        Etat.EN_ATTENTE_VALIDATION, soumise_le=soumise, valider_avant_le=e.a_valider_avant(soumise)
    )
    le = soumise + attente + ecart
    attendu = e.rappel_validation_du(candidature, le) and not e.validation_depassee(candidature, le)
    assert due(c.A_RAPPELER, candidature, le) == attendu


def test_un_rappel_fait_n_est_plus_du_jusqu_a_la_soumission_suivante() -> None:
    candidature = une_candidature(
        Etat.EN_ATTENTE_VALIDATION, soumise_le=MARDI, valider_avant_le=e.a_valider_avant(MARDI)
    )
    le = MARDI + timedelta(days=12)
    assert due(c.A_RAPPELER, candidature, le)

    rappel = Fait(nom=ValidationRappelee.__name__, survenu_le=le)
    rappel.candidature = candidature
    candidature.faits.append(rappel)
    assert not due(c.A_RAPPELER, candidature, le)

    candidature.soumise_le = le + timedelta(days=1)
    candidature.valider_avant_le = e.a_valider_avant(candidature.soumise_le)
    assert due(c.A_RAPPELER, candidature, le + timedelta(days=13))
