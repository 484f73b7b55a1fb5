"""The documents of partners' programs."""

from __future__ import annotations

from .actes import EMPECHEMENTS

RECEVOIR = f"""mutation($entree: RecevoirCandidatureInput!) {{ recevoirCandidature(entree: $entree) {{
  reference candidature {{ reference etat origine referencePartenaire inscritFranceTravail candidat {{ nom }} }}
  {EMPECHEMENTS} }} }}"""
REJETER = f"""mutation($candidature: ID!, $motif: MotifRejet!, $champs: [ChampIdentite!]) {{
  rejeterCandidature(candidature: $candidature, motif: $motif, champs: $champs) {{
  candidature {{ reference etat }} {EMPECHEMENTS} }} }}"""
REPONDRE = f"""mutation($entree: RepondreEchangeInput!) {{ repondreEchange(entree: $entree) {{
  echange {{ cle etat }} {EMPECHEMENTS} }} }}"""
REJOUER = f"""mutation($id: ID!) {{ rejouerEchange(echange: $id) {{
  echange {{ cle etat nbTentatives }} {EMPECHEMENTS} }} }}"""
ECHANGES = """query($filtre: FiltreEchanges) { echanges(filtre: $filtre) { totalCount nodes {
  id cle partenaire sens typeEchange etat nbTentatives resultat candidature { reference } peut { rejouer } } } }"""
PERSONNE = {
    "nom": "Durand",
    "prenom": "Zoé",
    "dateNaissance": "1994-05-06",
    "numeroFranceTravail": "12345678901",
    "courriel": "zoe.durand@exemple.fr",
}
