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


LOT = f"candidatures {{ id etat }} resultats {{ id fait {REFUS} }} {REFUS}"


def de_lot(acte: str, argument: str, type_: str) -> str:
    """In: an act on many candidatures, its argument and the type of it. Out: its document."""
    return f"mutation($x: {type_}) {{ acte: {acte}({argument}: $x) {{ {LOT} }} }}"


ELIGIBILITE = """query($session: ID!, $candidat: ID!) {
  eligibilite(session: $session, candidat: $candidat) { oui motifs { code message } } }"""
FILE = "{ aValider { nodes { id validerAvantLe peut { valider } } } }"
ONGLETS = "{ onglets { mesBrouillons aValider enAttenteAvis retenues nonRetenues annulees corbeille } }"
TABLEAU = """{ tableauDeBord { responsable { enAttente } positionneur { enAttente bientotNonTransmis retenues }
  formateur { enAttente } } }"""
MES_SESSIONS = """query($texte: String!) { mesSessions(filtre: { terminee: false, texte: $texte }) {
  nodes { numeroCarif situation nombrePlaces { faites possibles }
    candidatures(filtre: { onglet: EN_ATTENTE_AVIS }) { totalCount } } } }"""
VALIDER_PAR_LOT = de_lot("validerCandidatures", "candidatures", "[ID!]!")
CONVOQUER_PAR_LOT = de_lot("convoquerParLot", "entree", "ConvoquerParLotInput!")
NOTER_PAR_LOT = de_lot("noterConvocations", "entrees", "[NoterConvocationInput!]!")
AVIS_PAR_LOT = de_lot("rendreAvisParLot", "entrees", "[RendreAvisInput!]!")
EXPORTER = f"mutation {{ acte: exporterListe(liste: CANDIDATURES) {{ {REFUS} }} }}"
REJETER = f"""mutation($id: ID!) {{
  acte: rejeterCandidature(candidature: $id, motif: DATE_SESSION) {{ {CANDIDATURE} }} }}"""
CORRIGER = (
    f"mutation($entree: CorrigerAvisInput!) {{ acte: corrigerAvis(entree: $entree) {{ {CANDIDATURE} }} }}"
)
PREVENIR = f"""mutation {{ acte: modifierMonCompte(entree: {{ envoiAvis: QUOTIDIEN }}) {{ {REFUS} }} }}"""
HISTORIQUE = """query($id: ID!) { node(id: $id) { ... on Candidature {
  etat motifFin historique(tri: PLUS_ANCIENS) { nodes { nom } } } } }"""
