"""The documents that the parcours sends: what a front-end would."""

REFUS = "empechements { code chemin message }"
CANDIDATURE = f"candidature {{ id reference etat datePreinscription }} {REFUS}"

CONNEXION = f"""mutation($email: String!, $motDePasse: String!, $code: String) {{
  connexion(email: $email, motDePasse: $motDePasse, code: $code) {{ jeton {REFUS} }} }}"""
SESSIONS = """{ sessions(filtre: { mots: "maçon", ouverte: true, departements: ["16", "17", "24", "33", "40"] }) {
  nodes { id numeroCarif dateDebut dateFin action { intitule source } } } }"""
SESSION = """query($numero: String!) { session(numeroCarif: $numero) {
  peutCandidater { oui motifs { code message } } } }"""
CANDIDATURES = "{ candidatures { totalCount } }"
RECHERCHER = f"""mutation($entree: RechercherCandidatInput!) {{
  acte: rechercherCandidat(entree: $entree) {{ candidats {{ id nom }} {REFUS} }} }}"""
INSCRIRE = f"""mutation($entree: CreerCandidatInput!) {{
  acte: creerCandidat(entree: $entree) {{ candidat {{ id reference }} {REFUS} }} }}"""
CREER = f"mutation($entree: CreerCandidatureInput!) {{ acte: creerCandidature(entree: $entree) {{ {CANDIDATURE} }} }}"
MODIFIER = f"mutation($entree: ModifierCandidatureInput!) {{ acte: modifierCandidature(entree: $entree) {{ {CANDIDATURE} }} }}"
CONVOQUER = f"mutation($entree: ConvoquerInput!) {{ acte: convoquer(entree: $entree) {{ {CANDIDATURE} }} }}"
NOTER = f"mutation($entree: NoterConvocationInput!) {{ acte: noterConvocation(entree: $entree) {{ {CANDIDATURE} }} }}"
AVIS = f"mutation($entree: RendreAvisInput!) {{ acte: rendreAvis(entree: $entree) {{ {CANDIDATURE} }} }}"
LIRE = "query($id: ID!) { node(id: $id) { ... on Candidature { etat avis { retenu commentaire } } } }"


def sur(acte: str) -> str:
    """In: an act that needs nothing but its candidature. Out: its document."""
    return f"mutation($id: ID!) {{ acte: {acte}(candidature: $id) {{ {CANDIDATURE} }} }}"
