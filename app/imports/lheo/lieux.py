"""Where a session takes place (R-222, R-243, R-244)."""

from __future__ import annotations

from app.models import Modalite

from . import organismes
from .erreurs import Releveur
from .extras import Extras
from .lus import AdresseLue
from .noeuds import Noeud


def lieu(
    session: Noeud,
    action: Noeud,
    departements: tuple[str, ...],
    extras: Extras,
    modalite: Modalite | None,
    releveur: Releveur,
) -> AdresseLue:
    """Out: where it takes place (R-243), within the départements of the catalogue (R-244).

    The place is the one that an extra names, else the main one of the action. A wholly remote session without a
    place is said to be where one enrols.
    """
    noeud = _lieu_dit(extras, action, releveur) or organismes.principal(action.tous("lieu-de-formation"))
    ou = noeud.un("coordonnees", "adresse") if noeud is not None else None
    if ou is None and modalite is Modalite.DISTANCE:
        ou = session.un("adresse-inscription", "adresse")
    if ou is None:
        releveur.refuser(noeud or session, "LIEU", "le lieu de formation doit avoir une adresse", "R-243")
        return AdresseLue()
    element, departement = organismes.departement(ou)
    if departement not in departements:
        motif = f"département {departement or 'inconnu'} : hors du catalogue ({', '.join(departements)})"
        releveur.refuser(element, "HORS_REGION", motif, "R-244")
    return (
        organismes.lieu(noeud)
        if noeud is not None and noeud.un("coordonnees", "adresse")
        else organismes.adresse(ou)
    )


def _lieu_dit(extras: Extras, action: Noeud, releveur: Releveur) -> Noeud | None:
    if (dit := extras.noeud("lieu")) is None:
        return None
    numero = dit.texte.strip()
    trouve = next((lieu for lieu in action.tous("lieu-de-formation") if lieu.numero == numero), None)
    if trouve is None:
        releveur.refuser(dit, "LIEU", "aucun lieu de formation de l'action n'a ce numéro", "R-243")
    return trouve
