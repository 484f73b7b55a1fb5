"""What an action prepares for, and what a session validates of it (R-209 to R-215, R-229 to R-235)."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from app.domain import identifiants
from app.domain.lheo import VALIDATIONS_BLOCS
from app.models import ValidationBlocs, VoieAcces

from .erreurs import Releveur
from .lus import CertificationLue, SessionCertificationLue
from .noeuds import Noeud

CODES: tuple[tuple[str, Callable[[str], str | None]], ...] = (
    ("code-RNCP", identifiants.normaliser_rncp),
    ("code-RS", identifiants.normaliser_rs),
    ("code-CERTIFINFO", identifiants.normaliser_certifinfo),
)


def certifications(formation: Noeud, releveur: Releveur) -> tuple[CertificationLue, ...]:
    """Out: the certifications of a formation; an empty element says nothing, the same one twice counts once."""
    lues: list[CertificationLue] = []
    for noeud in formation.tous("certification"):
        lue = CertificationLue(noeud.ligne, *_codes(noeud, "", releveur))
        if lue.codes() and not any(lue.codes() & autre.codes() for autre in lues):
            lues.append(lue)
    return tuple(lues)


def _codes(noeud: Noeud, prefixe: str, releveur: Releveur) -> list[str | None]:
    trouves: list[str | None] = []
    for nom, normaliser in CODES:
        element = noeud.un(prefixe + nom)
        code = normaliser(element.texte) if element is not None else None
        if element is not None and code is None:
            releveur.refuser(element, "CODE", "ce code de certification est mal écrit", "R-212")
        trouves.append(code)
    return trouves


def de_la_session(
    session: Noeud, de_l_action: tuple[CertificationLue, ...], voie: VoieAcces, releveur: Releveur
) -> tuple[SessionCertificationLue, ...]:
    """Out: what the session validates; all of the action's, in full, when it says nothing (R-229)."""
    choisies: dict[CertificationLue, SessionCertificationLue] = {}
    for noeud in session.tous("reference-certification"):
        if (certification := _choisie(noeud, de_l_action, releveur)) is not None:
            choisies[certification] = SessionCertificationLue(certification)
    for noeud in session.tous("blocs-competences"):
        if (validee := _blocs(noeud, de_l_action, releveur)) is not None:
            choisies[validee.certification] = validee
    lues = tuple(choisies.values()) or tuple(map(SessionCertificationLue, de_l_action))
    if voie is VoieAcces.APPRENTISSAGE:
        _apprentissage(session, lues, releveur)
    return lues


def _choisie(
    noeud: Noeud | None, de_l_action: Iterable[CertificationLue], releveur: Releveur
) -> CertificationLue | None:
    if noeud is None:
        return None
    codes = {code for code in _codes(noeud, "reference-", releveur) if code}
    trouvee = next((certification for certification in de_l_action if codes & certification.codes()), None)
    if trouvee is None and codes:
        motif = f"{' / '.join(sorted(codes))} n'est pas une certification de l'action"
        releveur.refuser(noeud, "CERTIFICATION_ETRANGERE", motif, "R-229")
    return trouvee


def _blocs(
    noeud: Noeud, de_l_action: Iterable[CertificationLue], releveur: Releveur
) -> SessionCertificationLue | None:
    certification = _choisie(noeud.un("reference-certification"), de_l_action, releveur)
    validation = VALIDATIONS_BLOCS.get(noeud.dit("validation-blocs"), ValidationBlocs.TOTALE)
    blocs = [bloc.un("code-bloc") for bloc in noeud.tous("bloc-competences")]
    codes = tuple(_bloc(bloc, certification, releveur) for bloc in blocs if bloc is not None)
    if certification is None:
        return None
    if validation is ValidationBlocs.TOTALE:  # LHEO wants a bloc even then; R-232 has nothing to fill
        codes = ()
    return SessionCertificationLue(certification, validation, tuple(dict.fromkeys(codes)))


def _bloc(noeud: Noeud, certification: CertificationLue | None, releveur: Releveur) -> str:
    code = noeud.texte.strip().upper()
    if not identifiants.est_code_bloc(code):
        releveur.refuser(noeud, "CODE_BLOC", "code de bloc mal écrit, attendu : RNCP…BC…", "R-233")
    elif certification and certification.code_rncp not in (None, identifiants.rncp_du_bloc(code)):
        releveur.refuser(noeud, "CODE_BLOC", "ce bloc n'est pas de cette certification", "R-233")
    return code


def _apprentissage(session: Noeud, lues: tuple[SessionCertificationLue, ...], releveur: Releveur) -> None:
    if len(lues) > 1:
        motif = f"une session en apprentissage prépare une seule certification ({len(lues)} ici)"
        releveur.refuser(session.un("reference-certification") or session, "APPRENTISSAGE", motif, "R-234")
    if any(lue.validation is not ValidationBlocs.TOTALE for lue in lues):
        noeud = session.un("blocs-competences", "validation-blocs") or session
        releveur.refuser(
            noeud, "APPRENTISSAGE", "une session en apprentissage valide toute la certification", "R-235"
        )
