"""The documents that the parcours of the offer sends: what a front-end would."""

REFUS = "empechements { code chemin message }"
ACTION = (
    f"action {{ id reference etat enLigne modifieeLe demandeComplement modification {{ champs }} }} {REFUS}"
)
SESSION = f"session {{ id numeroCarif etat }} {REFUS}"


def acte(nom: str, rendu: str, **arguments: str) -> str:
    """In: an act, what is asked back, its arguments. Out: its document."""
    declares = ", ".join(f"${a}: {type_}" for a, type_ in arguments.items())
    donnes = ", ".join(f"{a}: ${a}" for a in arguments)
    return f"mutation({declares}) {{ acte: {nom}({donnes}) {{ {rendu} }} }}"


CREER = acte("creerAction", f"remarques {{ code }} {ACTION}", entree="CreerActionInput!")
MODIFIER = acte("modifierAction", f"remarques {{ code }} {ACTION}", entree="ModifierActionInput!")
AJOUTER = acte("ajouterSession", SESSION, entree="AjouterSessionInput!")
DUPLIQUER = acte("dupliquerSession", SESSION, session="ID!", dateDebut="Date!", dateFin="Date!")
DEMANDER = acte("demanderSuppressionSession", SESSION, session="ID!", motif="String!")
DECIDER = acte("deciderSuppressionSession", SESSION, session="ID!", accepter="Boolean!")
VERIFIER = acte(
    "verifierAction",
    f"preuve problemes {{ code message }} avertissements {{ code }} {ACTION}",
    action="ID!",
)
CONFIRMER = acte("confirmerAction", ACTION, action="ID!", preuve="String!")
SIGNALER = acte("signalerAction", ACTION, action="ID!", demande="String!")
ECRIRE = acte("ecrireMessage", ACTION, action="ID!", texte="String!")
FORMACODES = acte("definirFormacodes", ACTION, action="ID!", formacodes="[String!]!")
IMPORTER = """mutation($contenu: String!, $essai: Boolean!) { acte: importerSessions(contenu: $contenu, essai: $essai) {
  lignes { quoi session differences { champ } empechements { code message } } empechements { code message } } }"""
CERTIFICATION = (
    '{ certifications(first: 1, recherche: { texte: "RNCP", active: true }) { nodes { id codeRncp } } }'
)
PUBLIEE = (
    "query($r: String!) { action(reference: $r) { etat certifications { certification { codeRncp } } } }"
)
PUBLIER_ENSEMBLE = """mutation($actions: [ID!]!) { acte: publierActions(actions: $actions) {
  resultats { publiee empechements { code message } } empechements { code message } } }"""
FILE = "{ actionsAControler { totalCount nodes { reference joursOuvresAttente enRetard } } }"
ONGLETS = "{ catalogue(filtre: { monCatalogue: true }) { parEtat { etat nombre } } }"
DIALOGUE = (
    "query($r: String!) { action(reference: $r) { dialogue { nodes { texte } } historique { totalCount } } }"
)
CHERCHER = "query($m: String!) { actions(recherche: { mots: $m }) { totalCount nodes { intitule } } }"


def sur(nom: str) -> str:
    """In: an act that needs nothing but its action. Out: its document."""
    return acte(nom, ACTION, action="ID!")
