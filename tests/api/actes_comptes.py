"""The documents that the tests of accounts and structures send."""

from __future__ import annotations

from typing import Any

from tests.cast import Monde

from .actes import EMPECHEMENTS, codes
from .conftest import Api

STRUCTURE = "structure { id raisonSociale siret etat sigle adresse { ville departement } aUnReferent }"
DEMANDE = (
    "demande { id etat demandee { ville sigle raisonSociale } avant { ville sigle } motifRefus decideeLe }"
)


def _acte(nom: str, arguments: dict[str, str], rendu: str) -> str:
    declares = ", ".join(f"${nom}: {type_}" for nom, type_ in arguments.items())
    donnes = ", ".join(f"{nom}: ${nom}" for nom in arguments)
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
