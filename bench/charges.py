"""The workloads: a document, 64 sets of parameters, each asked by another viewer.

Q1  one candidature by its reference, with everything around it
Q2  the 50 latest candidatures of a training organisation in one état, with session, action and candidat
Q3  the search of the offer: words, a département, `totalCount`, four facets, 20 actions, the first 5 sessions of each
E3  Q3 by the second engine (`elargie`);  F3  the same, with a fault in the first word
Q4  50 actions, 5 sessions of each, the candidatures of each session counted by état
Q5  Q2, with five `peut` flags a row
M1  create a candidature, then validate it: two requests, a fresh candidat each time
U1, U2  Q1 and Q2 under a key that was never seen: a new document a request
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from random import Random
from typing import Any

import asyncpg
import orjson

from app.reading.formats import encode_id
from bench.donnees import Base
from bench.monde import GRAINE, GRANDS, Membre
from bench.mots import CHOSES, METIERS, VILLES

JEUX = 64
JAMAIS_VU = "jamaisVu0"  # the key of a document that changes at each request

LIGNE = """id reference etat origine datePreinscription modifieeLe inscritFranceTravail
      session { id numeroCarif dateDebut dateFin lieu { ville departement } action { reference intitule } }
      candidat { reference nom prenom dateNaissance courriel telephone }"""

DOCUMENTS: dict[str, str] = {
    "Q1": """query Q1($reference: String!) {
  candidature(reference: $reference) {
    id reference etat origine intitule inscritFranceTravail niveauFormation situation parcoursAnterieur raisons
    suitesParcours modifieeLe datePreinscription
    session {
      id numeroCarif etat dateDebut dateFin lieu { nom voie codePostal ville departement }
      action { id reference intitule responsable { id raisonSociale telephone } }
      formateur { id raisonSociale }
    }
    candidat { id reference civilite nom prenom dateNaissance courriel telephone ville }
    structurePrescriptrice { id raisonSociale adresse { ville } }
    prescripteur { nom prenom }
    convocations { numero typeConvocation dateRendezVous resultat }
    avis { retenu motif commentaire dateEntreePrevue dateSortiePrevue renduLe }
  }
}""",
    "Q2": f"""query Q2($etat: EtatCandidature!) {{
  candidatures(filtre: {{ etats: [$etat] }}, first: 50) {{
    nodes {{
      {LIGNE}
    }}
  }}
}}""",
    "Q3": """query Q3($mots: String!, $departements: [String!]!) {
  actions(recherche: { mots: $mots, departements: $departements }) {
    totalCount
    facettes {
      dispositifs { valeur nombre } departements { valeur nombre } modalites { valeur nombre }
      organismes { organisme { raisonSociale } nombre }
    }
    nodes {
      id reference intitule objectif dispositif conventionnee responsable { id raisonSociale }
      sessions(first: 5) { nodes { id numeroCarif dateDebut dateFin lieu { ville departement } } }
    }
  }
}""",
    "Q4": """query Q4($organisme: ID!) {
  actions(recherche: { organismes: [$organisme] }, first: 50) {
    nodes {
      id reference intitule
      sessions(first: 5) {
        nodes { id numeroCarif dateDebut dateFin candidatures { parEtat { etat nombre } } }
      }
    }
  }
}""",
    "Q5": f"""query Q5($etat: EtatCandidature!) {{
  candidatures(filtre: {{ etats: [$etat] }}, first: 50) {{
    nodes {{
      {LIGNE}
      peut {{ convoquer rendreAvis annuler modifier valider }}
    }}
  }}
}}""",
    "Creer": """mutation Creer($entree: CreerCandidatureInput!) {
  creerCandidature(entree: $entree) { candidature { id reference etat situation } empechements { code message } }
}""",
    "Valider": """mutation Valider($candidature: ID!) {
  validerCandidature(candidature: $candidature) {
    candidature { id reference etat datePreinscription } empechements { code message }
  }
}""",
}
FORMULAIRE: dict[str, str | bool] = {
    "niveauFormation": "Niveau 4",
    "parcoursAnterieur": "Plusieurs emplois dans le secteur, et une formation courte.",
    "raisons": "Projet confirmé par une enquête métier ; prérequis vérifiés.",
    "suitesParcours": "Emploi durable dans le secteur",
    "envoyerRecapitulatif": True,  # a validation hands a job to the queue
}


# the same search by the second engine: no other system has one
DOCUMENTS["E3"] = (
    DOCUMENTS["Q3"].replace("query Q3", "query E3").replace("mots: $mots", "mots: $mots, elargie: true")
)


@dataclass(frozen=True)
class Jeu:
    """One set of parameters, and who asks."""

    jeton: str
    variables: Mapping[str, Any]


@dataclass(frozen=True)
class Charge:
    """A workload."""

    nom: str
    operation: str  # the document that it sends
    jeux: tuple[Jeu, ...]
    inedite: bool = False  # each request is a document that was never seen

    def document(self, documents: Mapping[str, str]) -> str:
        """In: the documents of a system. Out: the text of this one."""
        text = documents[self.operation]
        return text.replace("reference etat", f"{JAMAIS_VU}: reference etat", 1) if self.inedite else text


def corps(document: str, operation: str, variables: Mapping[str, Any]) -> bytes:
    """Out: the body of a request."""
    return orjson.dumps({"query": document, "operationName": operation, "variables": dict(variables)})


async def charges(base: Base) -> dict[str, Charge]:
    """In: a base. Out: the workloads that read."""
    db = await asyncpg.connect(base.url)
    try:
        q1 = await jeux_q1(db, base)
    finally:
        await db.close()
    q2 = jeux_q2(base)
    return {
        "Q1": Charge("Q1", "Q1", q1),
        "Q2": Charge("Q2", "Q2", q2),
        "Q3": Charge("Q3", "Q3", jeux_q3(base)),
        "E3": Charge("E3", "E3", jeux_q3(base)),
        "F3": Charge("F3", "E3", jeux_f3(base)),
        "Q4": Charge("Q4", "Q4", jeux_q4(base)),
        "Q5": Charge("Q5", "Q5", q2),
        "U1": Charge("U1", "Q1", q1, inedite=True),
        "U2": Charge("U2", "Q2", q2, inedite=True),
    }


def recruteurs(base: Base, structure: int) -> list[Membre]:
    """Out: who recruits for an organisation."""
    return [m for m in base.monde.par_structure[structure] if m.droit == "of_preinscription"]


def grands_recruteurs(base: Base) -> list[Membre]:
    """Out: 64 accounts that recruit for the organisations that have much to read."""
    equipes = [recruteurs(base, structure) for structure in range(1, GRANDS + 1)]
    return [equipes[rang % GRANDS][rang // GRANDS] for rang in range(JEUX)]


async def jeux_q1(db: asyncpg.Connection[Any], base: Base) -> tuple[Jeu, ...]:
    """Candidatures spread over the base, each read by somebody of the organisation responsible for its session."""
    rows = await db.fetch(
        """select c.reference, c.responsable_id from generate_series(1, $1) rang
           cross join lateral (select * from candidature c where c.id >= rang * $2::int
             and c.etat in ('retenue', 'non_retenue', 'en_attente_avis') order by c.id limit 1) c""",
        JEUX,
        base.monde.taille // (JEUX + 1),
    )
    alea = Random(GRAINE)
    return tuple(
        Jeu(alea.choice(recruteurs(base, row["responsable_id"])).jeton, {"reference": row["reference"]})
        for row in rows
    )


def jeux_q2(base: Base) -> tuple[Jeu, ...]:
    """Three états in turn: what waits, what was decided."""
    etats = ("EN_ATTENTE_AVIS", "RETENUE", "NON_RETENUE")
    return tuple(
        Jeu(membre.jeton, {"etat": etats[rang % 3]}) for rang, membre in enumerate(grands_recruteurs(base))
    )


def jeux_q3(base: Base) -> tuple[Jeu, ...]:
    """A trade and a thing, in a département."""
    alea = Random(GRAINE)
    return tuple(
        Jeu(
            membre.jeton,
            {
                "mots": f"{alea.choice(METIERS)} {alea.choice(CHOSES)}",
                "departements": [VILLES[rang % len(VILLES)][2]],
            },
        )
        for rang, membre in enumerate(grands_recruteurs(base))
    )


def jeux_f3(base: Base) -> tuple[Jeu, ...]:
    """The same, a letter of the trade being missing: a word that nothing published holds."""

    def fautive(mots: str) -> str:
        metier, chose = mots.split()
        milieu = len(metier) // 2
        return f"{metier[:milieu]}{metier[milieu + 1 :]} {chose}"

    return tuple(
        replace(jeu, variables={**jeu.variables, "mots": fautive(jeu.variables["mots"])})
        for jeu in jeux_q3(base)
    )


def jeux_q4(base: Base) -> tuple[Jeu, ...]:
    """The actions of one's own organisation."""
    return tuple(
        Jeu(membre.jeton, {"organisme": encode_id("Structure", membre.structure_id)})
        for membre in grands_recruteurs(base)
    )


def prescripteurs(base: Base) -> list[Membre]:
    """Out: the 64 accounts that create and validate: N2s, of as many structures as there are."""
    return [m for m in base.monde.membres if m.droit == "prescripteur_n2"][:JEUX]
