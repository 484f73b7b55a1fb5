"""PostGraphile 5 with row-level security: its documents, its base, its packages (installed once, beside the data)."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg

from app.kit.database import with_base
from app.kit.embedded import Embedded
from bench.donnees import Base, creer
from bench.serveurs import AbsentError, Systeme
from bench.serveurs.plancher_sql import JETON

SOURCES = Path(__file__).resolve().parents[1] / "postgraphile"
FICHIERS = ("package.json", "package-lock.json", "serveur.mjs")
INSTALLATION = 600  # seconds

LIGNE = """id reference etat origine datePreinscription: valideeLe modifieeLe inscritFranceTravail: estInscritFranceTravail
      session: sessionBySessionId {
        id numeroCarif dateDebut dateFin ville: lieuVille departement: lieuDepartement
        action: actionByActionId { reference intitule }
      }
      candidat: candidatByCandidatId { reference nom prenom dateNaissance courriel telephone }"""
DOCUMENTS = {
    "Q1": """query Q1($reference: String!) {
  candidature: candidatureByReference(reference: $reference) {
    id reference etat origine intitule inscritFranceTravail: estInscritFranceTravail niveauFormation situation
    parcoursAnterieur raisons suitesParcours modifieeLe datePreinscription: valideeLe
    session: sessionBySessionId {
      id numeroCarif etat dateDebut dateFin
      nom: lieuNom voie: lieuVoie codePostal: lieuCodePostal ville: lieuVille departement: lieuDepartement
      action: actionByActionId {
        id reference intitule responsable: structureByResponsableId { id raisonSociale telephone }
      }
      formateur: structureByFormateurId { id raisonSociale }
    }
    candidat: candidatByCandidatId { id reference civilite nom prenom dateNaissance courriel telephone ville }
    structurePrescriptrice: structureByStructurePrescriptriceId { id raisonSociale ville }
    prescripteur: compteByAuteurId { nom prenom }
    convocations: convocationsByCandidatureId(orderBy: NUMERO_ASC) {
      nodes { numero typeConvocation dateRendezVous resultat }
    }
    avis: aviByCandidatureId {
      retenu: estRetenu motif commentaire dateEntreePrevue dateSortiePrevue renduLe
    }
  }
}""",
    "Q2": f"""query Q2($etat: String!) {{
  candidatures: allCandidatures(condition: {{ etat: $etat }}, first: 50, orderBy: [MODIFIEE_LE_DESC, ROW_ID_DESC]) {{
    nodes {{
      {LIGNE}
    }}
  }}
}}""",
    "Q3": """query Q3($mots: String!, $departements: [String!]!) {
  dispositifs: facettesDispositifs(mots: $mots, departements: $departements) { nodes { valeur nombre } }
  departements: facettesDepartements(mots: $mots, departements: $departements) { nodes { valeur nombre } }
  modalites: facettesModalites(mots: $mots, departements: $departements) { nodes { valeur nombre } }
  organismes: facettesOrganismes(mots: $mots, departements: $departements) { nodes { raisonSociale nombre } }
  actions: rechercherActions(mots: $mots, departements: $departements, first: 20) {
    totalCount
    nodes {
      id reference intitule objectif dispositif conventionnee: estConventionnee
      responsable: structureByResponsableId { id raisonSociale }
      sessions: aVenir(first: 5) {
        nodes { id numeroCarif dateDebut dateFin ville: lieuVille departement: lieuDepartement }
      }
    }
  }
}""",
    "Q4": """query Q4($organisme: Int!) {
  actions: actionsDe(organisme: $organisme, first: 50) {
    nodes {
      id reference intitule
      sessions: aVenir(first: 5) {
        nodes { id numeroCarif dateDebut dateFin candidatures: parEtat { parEtat: nodes { etat nombre } } }
      }
    }
  }
}""",
    "Q5": f"""query Q5($etat: String!) {{
  candidatures: allCandidatures(condition: {{ etat: $etat }}, first: 50, orderBy: [MODIFIEE_LE_DESC, ROW_ID_DESC]) {{
    nodes {{
      {LIGNE}
      convoquer rendreAvis annuler modifier valider
    }}
  }}
}}""",
    "Creer": """mutation Creer($entree: CreerCandidatureInput!) {
  creerCandidature(input: $entree) { result { id: opaque reference etat situation } }
}""",
    "Valider": """mutation Valider($candidature: String!) {
  validerCandidature(input: { candidature: $candidature }) { result { id: opaque reference etat valideeLe } }
}""",
}
FACETTES = {"dispositifs", "departements", "modalites", "organismes"}  # beside the list, not in it
GROUPES = {
    "lieu",
    "adresse",
    "peut",
    "facettes",
    "organisme",
}  # of our schema: PostGraphile shows the columns of the row itself
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")


def systeme(nom: str, environ: Mapping[str, str], port: int) -> Systeme:
    """Out: how to start it; raises AbsentError where node or its packages are not to be had."""
    dossier = installer()
    node = dossier / "node_modules" / ".bin" / "node"
    own = {"JETON": JETON, "NODE_ENV": "production", "GRAPHILE_ENV": "production"}
    return Systeme(
        nom,
        (str(node), str(dossier / "serveur.mjs")),
        port,
        environ={**environ, **own},
        documents=DOCUMENTS,
        neutre=neutre,
        traduire=traduire,
    )


def traduire(variables: Mapping[str, Any]) -> Mapping[str, Any]:
    """Out: the variables as PostGraphile's documents take them: stored words, plain keys."""
    from bench.serveurs.plancher_ecritures import numero

    made = dict(variables)
    if "etat" in made:
        made["etat"] = made["etat"].lower()
    if "organisme" in made:
        made["organisme"] = numero(made["organisme"])
    return made


def installer() -> Path:
    """Out: the folder where the packages are, installed once from the lock file."""
    npm = shutil.which("npm")
    if npm is None:
        raise AbsentError("postgraphile : npm manque")
    dossier = Path(tempfile.gettempdir()) / f"rafael-banc-{os.geteuid()}-node"
    dossier.mkdir(mode=0o700, exist_ok=True)
    fait = dossier / ".lock-installe"
    lock = (SOURCES / "package-lock.json").read_bytes()
    for nom in FICHIERS:
        shutil.copy(SOURCES / nom, dossier)
    if not fait.exists() or fait.read_bytes() != lock:
        done = subprocess.run(
            [npm, "ci", "--no-audit", "--no-fund"],
            cwd=dossier,
            capture_output=True,
            text=True,
            check=False,
            timeout=INSTALLATION,
        )
        if done.returncode:
            raise AbsentError(f"postgraphile : {done.stderr.strip().splitlines()[-1:]}")
        fait.write_bytes(lock)
    return dossier


async def copier(server: Embedded, base: Base, modele: str) -> str:
    """In: a base. Out: the address of a copy where policies of PostgreSQL decide on rows."""
    await creer(server, f"{modele}_rls", modele=modele)
    url = with_base(base.url, f"{modele}_rls")
    db = await asyncpg.connect(url)
    try:
        await db.execute((SOURCES / "droits.sql").read_text("utf-8"))
    finally:
        await db.close()
    return url


def neutre(reponse: Any) -> Any:
    """Out: an answer without what the two schemas say differently: identifiers, groups, the case of words, offsets."""
    if isinstance(reponse, dict):
        return _objet(reponse)
    if isinstance(reponse, list):
        return [neutre(each) for each in reponse]
    return _mot(reponse) if isinstance(reponse, str) else reponse


def _objet(reponse: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for key, value in reponse.items():
        if key in FACETTES | {"convocations"} and isinstance(value, dict):
            made[key] = neutre(value["nodes"])
        elif key == "actions" and isinstance(value, dict):
            liste = neutre(value)
            made |= {nom: liste.pop(nom) for nom in FACETTES & liste.keys()}
            made[key] = liste
        elif key in GROUPES and isinstance(value, dict):
            made |= _objet(value)
        elif key != "id":
            made[key] = neutre(value)
    return made


def _mot(texte: str) -> str:
    if INSTANT.match(texte):
        return datetime.fromisoformat(texte).astimezone(UTC).isoformat()
    return texte.lower()
