"""The documents that the tests of accounts and structures send."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text

from app import models as m
from tests.cast import Monde

from .actes import EMPECHEMENTS, codes
from .conftest import Api

STRUCTURE = "structure { id raisonSociale siret etat sigle adresse { ville departement } aUnReferent }"
DEMANDE = (
    "demande { id etat demandee { ville sigle raisonSociale } avant { ville sigle } motifRefus decideeLe }"
)


def _acte(nom: str, arguments: dict[str, str], rendu: str) -> str:
    if not arguments:
        return f"mutation {{ {nom} {{ {rendu} {EMPECHEMENTS} }} }}"
    declares = ", ".join(f"${argument}: {type_}" for argument, type_ in arguments.items())
    donnes = ", ".join(f"{argument}: ${argument}" for argument in arguments)
    return f"mutation({declares}) {{ {nom}({donnes}) {{ {rendu} {EMPECHEMENTS} }} }}"


DECLARER = _acte("declarerStructure", {"entree": "DeclarerStructureInput!"}, STRUCTURE)
VALIDER_STRUCTURE = _acte("validerStructure", {"structure": "ID!"}, STRUCTURE)
REFUSER_STRUCTURE = _acte("refuserStructure", {"structure": "ID!"}, STRUCTURE)
MODIFIER_STRUCTURE = _acte("modifierStructure", {"entree": "ModifierStructureInput!"}, STRUCTURE)
DEMANDER_MODIFICATION = _acte(
    "demanderModificationStructure", {"entree": "DemanderModificationInput!"}, DEMANDE
)
APPLIQUER = _acte("appliquerModificationStructure", {"demande": "ID!"}, DEMANDE)
REFUSER_MODIFICATION = _acte("refuserModificationStructure", {"demande": "ID!", "motif": "String!"}, DEMANDE)
CHERCHER = """query($filtre: RechercheStructures) {
  structures(filtre: $filtre) { totalCount nodes { id raisonSociale etat } } }"""


async def acte(api: Api, qui: Any, document: str, **variables: Any) -> tuple[list[str], dict[str, Any]]:
    """Out: the codes that stopped an act, and its payload."""
    [payload] = (await api(qui, document, **variables)).values()
    return codes(payload), payload


async def essayer(api: Api, qui: Any, document: str, **variables: Any) -> list[str]:
    """Out: the codes that stopped an act."""
    return (await acte(api, qui, document, **variables))[0]


async def trouver(api: Api, qui: Any, **filtre: Any) -> list[str]:
    """Out: the names of the structures that a search finds."""
    found = (await api(qui, CHERCHER, filtre=filtre))["structures"]["nodes"]
    return [structure["raisonSociale"] for structure in found]


async def id_de(api: Api, monde: Monde, structure: Any, qui: Any = None) -> str:
    """Out: the identifier of a structure, as somebody finds it."""
    found = (await api(qui, CHERCHER, filtre={"texte": structure.siret}))["structures"]["nodes"]
    return str(found[0]["id"])


AFFILIATION = """affiliation { id etat referent employeur aUnDroit compte { prenom } droits { droit }
  peut { valider refuser detacher } }"""
DEMANDER = _acte("demanderAffiliation", {"structure": "ID!"}, AFFILIATION)
ACCEPTER = _acte("accepterAffiliation", {"affiliation": "ID!"}, AFFILIATION)
REFUSER = _acte("refuserAffiliation", {"affiliation": "ID!"}, AFFILIATION)
DETACHER = _acte("detacher", {"affiliation": "ID!"}, AFFILIATION)
NOMMER = _acte("nommerReferent", {"affiliation": "ID!"}, AFFILIATION)
RETIRER = _acte("retirerReferent", {"affiliation": "ID!"}, AFFILIATION)


async def affiliation_de(monde: Monde, qui: Any, structure: Any) -> m.Affiliation:
    """Out: the last affiliation of somebody with a structure, beside the doors."""
    table = m.Affiliation.__table__
    async with monde.engine.connect() as db:
        keys = await db.execute(
            table.select()
            .where(table.c.compte_id == qui.id, table.c.structure_id == structure.id)
            .order_by(table.c.id.desc())
        )
        row = keys.mappings().first()
    assert row is not None
    return m.Affiliation(**row)


async def lignes(monde: Monde, model: Any, **egales: Any) -> list[dict[str, Any]]:
    """Out: the rows of a table that hold these values, beside the doors."""
    table = model.__table__
    async with monde.engine.connect() as db:
        statement = table.select().where(*(table.c[nom] == valeur for nom, valeur in egales.items()))
        return [dict(row) for row in (await db.execute(statement)).mappings()]


async def courriels(monde: Monde) -> list[dict[str, Any]]:
    """Out: what the queue was handed to be mailed, in order."""
    async with monde.engine.connect() as db:
        asked = "select args from procrastinate_jobs where task_name = 'courriel' order by id"
        return [row.args for row in await db.execute(text(asked))]


def porteur(jeton: str) -> Any:
    """Out: whoever bears this token."""
    return type("Porteur", (), {"entetes": {"authorization": f"Bearer {jeton}"}})


def _rien(nom: str, **arguments: str) -> str:
    return _acte(nom, arguments, "")


DEMANDER_COMPTE = _rien("demanderCompte", entree="DemanderCompteInput!")
CONFIRMER_COMPTE = _rien("confirmerCompte", jeton="String!", motDePasse="String!")
OUBLIE = _rien("motDePasseOublie", courriel="String!")
REINITIALISER = _rien("reinitialiserMotDePasse", jeton="String!", motDePasse="String!")
CHANGER_MOT_DE_PASSE = _rien("changerMotDePasse", ancien="String!", nouveau="String!")
CHANGER_COURRIEL = _rien("changerCourriel", courriel="String!", motDePasse="String!")
CONFIRMER_COURRIEL = _acte("confirmerCourriel", {"jeton": "String!"}, "estChangee")
MODIFIER_MON_COMPTE = _acte(
    "modifierMonCompte", {"entree": "ModifierMonCompteInput!"}, "compte { telephone }"
)
REVOQUER_JETON = _acte("revoquerJeton", {"jeton": "ID!"}, "jeton { id }")
REVOQUER_AUTRES = _rien("revoquerAutresJetons")
MES_JETONS = "{ mesJetons { id creeLe expireLe profil { droit } } }"


async def liens(monde: Monde, api: Api, gabarit: str, qui: Any = None) -> list[str]:
    """Out: the words of the links that were mailed with this template, as the mail bears them."""
    keys = [
        args["lien_id"]
        for args in await courriels(monde)
        if args["gabarit"] == gabarit and (qui is None or args["compte_id"] == qui.id)
    ]
    rows = {row["id"]: row for row in await lignes(monde, m.LienCourriel)}
    return [api.cipher.signed(key, rows[key]["sel"]) for key in keys]


CHOISIR = _acte("choisirProfil", {"profil": "ID!"}, "jeton")
ACTIVER = _acte("activerSecondFacteur", {"motDePasse": "String!", "code": "String"}, "secret adresse")
CONFIRMER_FACTEUR = _acte("confirmerSecondFacteur", {"code": "String!"}, "codesSecours")
RETIRER_FACTEUR = _rien("retirerSecondFacteur", motDePasse="String!", code="String!")
RENOUVELER = _acte("renouvelerCodesSecours", {"motDePasse": "String!", "code": "String!"}, "codesSecours")
