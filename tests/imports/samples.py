"""Small LHEO files made on the spot, valid unless a test says otherwise."""

from __future__ import annotations

import io

from app.imports.lheo import FormationLue, FormationRefusee, lire

DEPARTEMENTS = ("16", "17", "19", "23", "24", "33", "40", "47", "64", "79", "86", "87")
ESPACE = "http://lheo.gouv.fr/2.3"

ADRESSE = (
    "<adresse><ligne>1 rue des Essais</ligne><codepostal>33000</codepostal><ville>Bordeaux</ville></adresse>"
)
LIEU = f'<lieu-de-formation tag="principal"><coordonnees>{ADRESSE}</coordonnees></lieu-de-formation>'
RESPONSABLE = (
    '<organisme-formation-responsable numero="OF-1"><numero-activite>75331234533</numero-activite>'
    "<SIRET-organisme-formation><SIRET>73282932000074</SIRET></SIRET-organisme-formation>"
    "<nom-organisme>Atelier fictif</nom-organisme><raison-sociale>Atelier fictif SAS</raison-sociale>"
    "<coordonnees-organisme><coordonnees/></coordonnees-organisme>"
    "<contact-organisme><coordonnees><nom>Accueil</nom><courriel>accueil@exemple.invalid</courriel></coordonnees>"
    "</contact-organisme></organisme-formation-responsable>"
)


def extras(**valeurs: object) -> str:
    """Out: our extras; a list says one value after the other."""
    dits = "".join(
        f'<extra info="{nom.replace("_", "-")}">{valeur}</extra>'
        for nom, tous in valeurs.items()
        for valeur in (tous if isinstance(tous, list) else [tous])
    )
    return f'<extras info="rafaelpro">{dits}</extras>'


def session(
    debut: str = "20260302",
    fin: str = "20260630",
    inscription: str = "",
    etat: str = "",
    suite: str = "",
    numero: str = "00500001",
) -> str:
    """Out: a session; `suite` follows the state of its recruitment."""
    limite = (
        f"<periode-inscription><periode><debut>00000000</debut><fin>{inscription}</fin></periode></periode-inscription>"
        if inscription
        else ""
    )
    return (
        f"<session{f' numero={chr(34)}{numero}{chr(34)}' if numero else ''}>"
        f"<periode><debut>{debut}</debut><fin>{fin}</fin></periode><adresse-inscription>{ADRESSE}</adresse-inscription>"
        f"{limite}{f'<etat-recrutement>{etat}</etat-recrutement>' if etat else ''}{suite}</session>"
    )


def action(
    sessions: str | None = None,
    lieu: str = LIEU,
    entrees: str = "0",
    modalite: str = "0",
    suite: str = "",
    numero: str = "202600000001",
    conditions: str = "RAS",
) -> str:
    """Out: an action; `suite` follows its sessions."""
    return (
        f"<action{f' numero={chr(34)}{numero}{chr(34)}' if numero else ''}>"
        "<rythme-formation>Temps plein</rythme-formation>"
        "<code-public-vise>83056</code-public-vise><niveau-entree-obligatoire>0</niveau-entree-obligatoire>"
        f"<modalites-alternance>Sans</modalites-alternance><modalites-enseignement>{modalite}</modalites-enseignement>"
        f"<conditions-specifiques>{conditions}</conditions-specifiques>"
        f"<prise-en-charge-frais-possible>1</prise-en-charge-frais-possible>{lieu}"
        f"<modalites-entrees-sorties>{entrees}</modalites-entrees-sorties>"
        f"{session() if sessions is None else sessions}{suite}</action>"
    )


def formation(
    intitule: str = "Maçon",
    certifications: str = "",
    actions: str | None = None,
    responsable: str = RESPONSABLE,
    numero: str = "20_0000001",
    contenu: str = "Apprendre.",
    suite: str = "",
    avant_action: str = "",
) -> str:
    """Out: a formation; `suite` follows its organisme responsable."""
    return (
        f"<formation{f' numero={chr(34)}{numero}{chr(34)}' if numero else ''}>"
        "<domaine-formation><code-FORMACODE>22334</code-FORMACODE></domaine-formation>"
        f"<intitule-formation>{intitule}</intitule-formation><objectif-formation>Savoir bâtir.</objectif-formation>"
        f"<resultats-attendus>Titre professionnel</resultats-attendus><contenu-formation>{contenu}</contenu-formation>"
        "<certifiante>1</certifiante><contact-formation><coordonnees/></contact-formation>"
        "<parcours-de-formation>1</parcours-de-formation><code-niveau-entree>0</code-niveau-entree>"
        f"<objectif-general-formation>6</objectif-general-formation>{certifications}{avant_action}"
        f"{action() if actions is None else actions}{responsable}{suite}</formation>"
    )


def fichier(*formations: str, espace: str = ESPACE) -> bytes:
    """Out: a whole file, a formation a line, the first one on line 3."""
    corps = "\n".join(formations or (formation(),))
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<lheo xmlns="{espace}"><offres>\n{corps}\n</offres></lheo>\n'.encode()


def lues(*formations: str) -> list[FormationLue | FormationRefusee]:
    """Out: what is read of these formations."""
    return list(lire(io.BytesIO(fichier(*formations)), DEPARTEMENTS))


def prise(texte: str) -> FormationLue:
    """Out: the one formation, which must be taken."""
    (lue,) = lues(texte)
    assert isinstance(lue, FormationLue), [str(erreur) for erreur in lue.erreurs]
    return lue


def refus(texte: str) -> list[tuple[str, str, str | None]]:
    """Out: element, code and rule of everything wrong in the one formation; empty when it is taken."""
    (lue,) = lues(texte)
    return [(e.element, e.code, e.regle) for e in lue.erreurs] if isinstance(lue, FormationRefusee) else []
