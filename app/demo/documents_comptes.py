"""The documents that the parcours of accounts sends: what a front-end would."""

from .documents import REFUS

STRUCTURES = """query($filtre: RechercheStructures) {
  structures(filtre: $filtre) { nodes { id raisonSociale siret ville: adresse { ville } } } }"""
MOI = """{ moi { profilActif { droit } profils { id droit structure { raisonSociale } }
  demandes { id structure { raisonSociale } } rattachements { id referent } } }"""
MEMBRES = """query($filtre: FiltreAffiliations) { affiliations(first: 100, filtre: $filtre) {
  nodes { id referent employeur aUnDroit compte { prenom nom } } } }"""
JETONS = "{ mesJetons { id } }"
OFFRE = "{ actions { totalCount } candidatures { totalCount } }"
HISTORIQUE = """query($filtre: FiltreDemandes) { demandesModification(first: 100, filtre: $filtre) {
  nodes { id etat avant { telephone } demandee { telephone } } } }"""
AFFILIATION = f"affiliation {{ id etat referent droits {{ droit }} }} {REFUS}"
CLE = f"secret cle {{ id prefixe }} {REFUS}"


def _acte(nom: str, rendu: str = REFUS, **arguments: str) -> str:
    declares = ", ".join(f"${argument}: {type_}" for argument, type_ in arguments.items())
    donnes = ", ".join(f"{argument}: ${argument}" for argument in arguments)
    return f"mutation({declares}) {{ acte: {nom}({donnes}) {{ {rendu} }} }}"


DEMANDER_COMPTE = _acte("demanderCompte", entree="DemanderCompteInput!")
CONFIRMER_COMPTE = _acte("confirmerCompte", jeton="String!", motDePasse="String!")
SE_DIRE_REFERENT = (
    'mutation { modifierMonCompte(entree: { telephone: "05 55 00 00 01", referent: true }) { __typename } }'
)
DECLARER = _acte("declarerStructure", f"structure {{ id etat }} {REFUS}", entree="DeclarerStructureInput!")
VALIDER_STRUCTURE = _acte("validerStructure", f"structure {{ id etat }} {REFUS}", structure="ID!")
DEMANDER = _acte("demanderAffiliation", AFFILIATION, structure="ID!")
ACCEPTER = _acte("accepterAffiliation", AFFILIATION, affiliation="ID!")
ACCEPTER_CINQ_FOIS = "mutation($affiliation: ID!) {{ {} }}".format(
    " ".join(f"a{n}: accepterAffiliation(affiliation: $affiliation) {{ {REFUS} }}" for n in range(5))
)
REFUSER = _acte("refuserAffiliation", AFFILIATION, affiliation="ID!")
DETACHER = _acte("detacher", AFFILIATION, affiliation="ID!")
AJOUTER = _acte("ajouterDroit", AFFILIATION, affiliation="ID!", droit="Droit!")
RETIRER = _acte("retirerDroit", AFFILIATION, affiliation="ID!", droit="Droit!")
CHOISIR = _acte("choisirProfil", f"jeton {REFUS}", profil="ID!")
DEMANDER_MODIFICATION = _acte(
    "demanderModificationStructure", f"demande {{ id etat }} {REFUS}", entree="DemanderModificationInput!"
)
APPLIQUER = _acte("appliquerModificationStructure", f"demande {{ id etat }} {REFUS}", demande="ID!")
CREER_PARTENAIRE = _acte("creerPartenaire", f"partenaire {{ id }} {REFUS}", entree="CreerPartenaireInput!")
DONNER_CLE = _acte("donnerCle", CLE, partenaire="ID!", portee="Portee!")
RENOUVELER = _acte("renouvelerCle", CLE, cle="ID!")
REVOQUER_PARTENAIRE = _acte("revoquerPartenaire", f"partenaire {{ id }} {REFUS}", partenaire="ID!")
EXPORTER = _acte("exporterMembres", f"structure {{ id }} {REFUS}", structure="ID!")
