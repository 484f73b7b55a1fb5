"""The documents that the tests send: one an act, said once."""

EMPECHEMENTS = "empechements { code chemin message regle }"

CONNEXION = f"""mutation($email: String!, $motDePasse: String!, $code: String) {{
  connexion(email: $email, motDePasse: $motDePasse, code: $code) {{ jeton expireLe {EMPECHEMENTS} }} }}"""
DECONNEXION = f"mutation {{ deconnexion {{ {EMPECHEMENTS} }} }}"
CHOISIR = f"mutation($profil: ID!) {{ choisirProfil(profil: $profil) {{ jeton {EMPECHEMENTS} }} }}"
MOI = """{ moi { compte { prenom nom courriel } profils { id droit estReferent structure { raisonSociale } }
  profilActif { droit structure { raisonSociale } } } }"""

CANDIDATURE = f"""candidature {{ id reference etat validerAvantLe datePreinscription
  avis {{ retenu motif raison commentaire automatique }} convocations {{ numero resultat }}
  peut {{ modifier supprimer soumettre valider annuler convoquer rendreAvis }} }} {EMPECHEMENTS}"""

RECHERCHER = f"""mutation($entree: RechercherCandidatInput!) {{
  rechercherCandidat(entree: $entree) {{ candidats {{ id nom prenom reference }} {EMPECHEMENTS} }} }}"""
CREER_CANDIDAT = f"""mutation($entree: CreerCandidatInput!) {{
  creerCandidat(entree: $entree) {{ candidat {{ id reference nom }} {EMPECHEMENTS} }} }}"""
CREER = (
    f"mutation($entree: CreerCandidatureInput!) {{ creerCandidature(entree: $entree) {{ {CANDIDATURE} }} }}"
)
MODIFIER = f"mutation($entree: ModifierCandidatureInput!) {{ modifierCandidature(entree: $entree) {{ {CANDIDATURE} }} }}"


def _sur(acte: str) -> str:
    return f"mutation($id: ID!) {{ {acte}(candidature: $id) {{ {CANDIDATURE} }} }}"


SUPPRIMER, RESTAURER = _sur("supprimerCandidature"), _sur("restaurerCandidature")
SOUMETTRE, VALIDER, ANNULER = (
    _sur("soumettreCandidature"),
    _sur("validerCandidature"),
    _sur("annulerCandidature"),
)
CONVOQUER = f"mutation($entree: ConvoquerInput!) {{ convoquer(entree: $entree) {{ {CANDIDATURE} }} }}"
NOTER = (
    f"mutation($entree: NoterConvocationInput!) {{ noterConvocation(entree: $entree) {{ {CANDIDATURE} }} }}"
)
AVIS = f"mutation($entree: RendreAvisInput!) {{ rendreAvis(entree: $entree) {{ {CANDIDATURE} }} }}"

FORMULAIRE = {
    "niveauFormation": "CAP",
    "situation": "Demandeur d'emploi",
    "parcoursAnterieur": "Deux ans sur des chantiers.",
    "raisons": "Un métier choisi après deux stages.",
    "suitesParcours": "Un contrat dans l'entreprise du stage.",
}
LISTE = "{ candidatures { totalCount nodes { id reference etat } } }"


def codes(payload: dict) -> list[str]:  # type: ignore[type-arg]
    """Out: the codes of a payload's empêchements, in order."""
    return [e["code"] for e in payload["empechements"]]


REGLER = f"""mutation($entree: ReglerOuvertureInput!) {{ reglerOuverture(entree: $entree) {{
  session {{ dateLimiteInscription dateEntreeTardive dateDebut capaciteAccueil peutCandidater {{ oui }} }}
  {EMPECHEMENTS} }} }}"""


def _droit(acte: str) -> str:
    return f"""mutation($id: ID!, $droit: Droit!) {{ {acte}(affiliation: $id, droit: $droit) {{
      affiliation {{ droits {{ droit }} }} {EMPECHEMENTS} }} }}"""


AJOUTER_DROIT, RETIRER_DROIT = _droit("ajouterDroit"), _droit("retirerDroit")
