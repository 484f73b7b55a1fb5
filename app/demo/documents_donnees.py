"""The documents that the parcours of personal data sends."""

from .documents import REFUS

SESSIONS = """{ sessions(filtre: { mots: "maçon", ouverte: true, departements: ["16", "17", "24", "33", "40"] }) {
  nodes { id dateDebut } } }"""
CANDIDAT = (
    "query($id: ID!) { node(id: $id) { ... on Candidature { candidat { id nom prenom dateNaissance } } } }"
)
RESTE = "query($id: ID!) { node(id: $id) { ... on Candidature { candidat { nom } } } }"
FUSIONNER = f"""mutation($garde: ID!, $absorbe: ID!) {{
  acte: fusionnerCandidats(garde: $garde, absorbe: $absorbe) {{ candidat {{ reference }} {REFUS} }} }}"""
DEFAIRE = f"""mutation($candidat: ID!) {{
  acte: defaireFusion(candidat: $candidat) {{ candidat {{ reference }} {REFUS} }} }}"""
EXPORTER = f"""mutation($candidat: ID!) {{
  acte: exporterCandidat(candidat: $candidat, motif: DEMANDE) {{ document {REFUS} }} }}"""
EFFACER = f"""mutation($candidat: ID!) {{
  acte: effacerCandidat(entree: {{ candidat: $candidat, motif: DEMANDE }}) {{ candidat {{ reference }} {REFUS} }} }}"""
STATISTIQUES = """query($filtre: FiltreStatistiques!) {
  statistiques(filtre: $filtre) { ensemble { candidatures retenues presences } } }"""
