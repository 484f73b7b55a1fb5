"""The documents that the tests of the catalogue send, and the short words to send them."""

from __future__ import annotations

from typing import Any

from app import models as m
from tests.cast import Monde

from .actes import EMPECHEMENTS, codes
from .conftest import Api
from .identifiants import gid

ACTION = """action { id reference etat intitule objectif lePlus enLigne demandeComplement formacodes validations
  contactNom champsModifiables responsable { raisonSociale } certifications { rang certification { codeRncp codeRs } }
  modification { champs certifications confirmeeLe contenu { intitule objectif lePlus } }
  sessions(first: 100) { totalCount nodes { id numeroCarif etat } } }"""
SESSION = """session { id numeroCarif etat dateDebut dateFin voieAcces modalite heuresTotal dureeIndicative commentaire
  anneesApprentissage lieu { voie codePostal ville departement } formateur { raisonSociale }
  motifSuppression champsModifiables champsOuverture modalitesRecrutement
  certifications { validation blocs certification { codeRncp codeRs } } reunions { debutLe lieu } }"""


def rediger(nom: str, rendu: str, **arguments: str) -> str:
    declares = ", ".join(f"${a}: {type_}" for a, type_ in arguments.items())
    donnes = ", ".join(f"{a}: ${a}" for a in arguments)
    return f"mutation({declares}) {{ {nom}({donnes}) {{ {rendu} {EMPECHEMENTS} }} }}"


REMARQUES = "remarques { code chemin }"
CREER = rediger("creerAction", f"{ACTION} {REMARQUES}", entree="CreerActionInput!")
CREER_CONVENTIONNEE = rediger(
    "creerActionConventionnee", f"{ACTION} {REMARQUES}", entree="CreerActionConventionneeInput!"
)
MODIFIER = rediger("modifierAction", f"{ACTION} {REMARQUES}", entree="ModifierActionInput!")
VERIFIER = rediger(
    "verifierAction",
    f"{ACTION} preuve problemes {{ code chemin regle }} avertissements {{ code chemin message regle }}",
    action="ID!",
)
CONFIRMER = rediger("confirmerAction", ACTION, action="ID!", preuve="String!")
ARCHIVER, SUPPRIMER, PUBLIER, REPUBLIER, LEVER = (
    rediger(nom, ACTION, action="ID!")
    for nom in ("archiverAction", "supprimerAction", "publierAction", "republierAction", "leverAlerte")
)
SIGNALER = rediger("signalerAction", ACTION, action="ID!", demande="String!")
FORMACODES = rediger("definirFormacodes", ACTION, action="ID!", formacodes="[String!]!")
PUBLIER_PLUSIEURS = rediger(
    "publierActions",
    "resultats { id publiee empechements { code } } actions { reference etat }",
    actions="[ID!]!",
)

FORMULAIRE = {
    "intitule": "Tailleur de pierre",
    "objectif": "Tailler et poser la pierre, du bloc à l'ouvrage.",
    "programme": "Lecture de plans ; taille ; pose ; sécurité.",
    "objectifGeneral": "PROFESSIONNALISATION",
    "validations": ["ATTESTATION"],
    "conditionsAcces": "RAS",
    "contactNom": "Accueil",
    "contactTelephone": "05 00 00 00 00",
}


async def acte(api: Api, qui: Any, document: str, **variables: Any) -> dict[str, Any]:
    """Out: the payload of an act."""
    [payload] = (await api(qui, document, **variables)).values()
    return payload  # type: ignore[no-any-return]


async def essayer(api: Api, qui: Any, document: str, action: Any, **variables: Any) -> list[str]:
    """Out: the codes that stopped an act on an action."""
    return codes(await acte(api, qui, document, action=gid("Action", action), **variables))


async def modifier(api: Api, qui: Any, action: Any, **champs: Any) -> dict[str, Any]:
    """Out: the payload of a change of an action."""
    return await acte(api, qui, MODIFIER, entree={"action": gid("Action", action), **champs})


async def verifier(api: Api, qui: Any, action: Any) -> dict[str, Any]:
    """Out: what a check says."""
    return await acte(api, qui, VERIFIER, action=gid("Action", action))


async def confirmer(api: Api, qui: Any, action: Any) -> dict[str, Any]:
    """Check, then confirm with the proof. Out: the payload of the confirmation."""
    verification = await verifier(api, qui, action)
    assert verification["problemes"] == []
    return await acte(api, qui, CONFIRMER, action=gid("Action", action), preuve=verification["preuve"])


def problemes(verification: dict[str, Any], quoi: str = "problemes") -> set[tuple[str, str]]:
    """Out: what was found, each with the last word of its path."""
    return {(p["code"], (p["chemin"] or [""])[-1]) for p in verification[quoi]}


async def une_action_complete(monde: Monde, **colonnes: Any) -> m.Action:
    """An action of the Institut de l'Estuaire whose form lacks nothing; with a session of the same état unless told."""
    defaults = {
        "intitule": "Tailleur de pierre",
        "objectif": "Tailler et poser la pierre.",
        "programme": "Lecture de plans ; taille ; pose.",
        "objectif_general": m.ObjectifGeneral.PROFESSIONNALISATION,
        "validations": ["attestation"],
        "conditions_acces": "RAS",
        "contact_nom": "Accueil",
        "contact_telephone": "05 00 00 00 00",
    }
    return await monde.une_action(**defaults | colonnes)


async def une_session_complete(monde: Monde, action: Any, **colonnes: Any) -> m.SessionFormation:
    """A session of an action whose form lacks nothing, a draft unless told."""
    defaults = {
        "etat": m.EtatSession.BROUILLON,
        "formateur_id": monde.estuaire.id,
        "mode_candidature": m.ModeCandidature.FERMEE,
        "heures_centre": 70,
        "contact_telephone": "05 00 00 00 00",
        "publiee_le": None,
    }
    return await monde.une_session(action, **defaults | colonnes)
