"""LHEO in: the offer of a partner, read from a file of LHEO 2.3 or 2.2.

Two readings of the same stream, memory constant in both. `examiner(flux)` checks the form of the whole file against
`grammaire.json` and keeps nothing: a file that fails it (`FormeRefusee`) changes nothing. `lire(flux, departements)`
then gives one formation after the other: a `FormationLue`, whole, or a `FormationRefusee` with every reason, its
line and its element. 2.2 has the same elements as 2.3 and is read as it.

What becomes of what (an element that is not here is checked, and not kept):

| LHEO | here |
| --- | --- |
| formation × action | one `ActionLue` |
| action@numero, else formation@numero (one action), else a number worked out from SIRET and title | numero_source |
| intitule-formation | intitule, on one line; capitals only: a warning (R-201) |
| objectif-formation, contenu-formation, resultats-attendus | objectif, programme, resultats_attendus, made plain (R-205) |
| objectif-general-formation | objectif_general, the six of the form (R-204); another code: none |
| certification (RNCP, RS, CERTIFINFO) | certifications, with or without their prefix (R-212); an empty one says nothing |
| extra validation, else worked out from the certifications | validations (R-207, R-208) |
| conditions-specifiques, or extras conditions-acces and prerequis | conditions_acces, prerequis (R-217, R-218) |
| url-formation, else url-action | lien_web, https:// added when it has no scheme (R-211) |
| contact-formation, else contact-organisme | contact of the action (R-200) |
| code-FORMACODE | formacodes: five digits, any other is told and left |
| conventionnement 1, or absent with a dispositif | est_conventionnee (R-123) |
| extra dispositif, else a title in [POEC], else PRF where the Région pays | dispositif (R-123, R-131) |
| extra financeur, else code-financeur (OPCO first for a POEC) | financeur |
| extras numero-marche, mesure, le-plus | the same |
| organisme-formation-responsable | responsable: SIRET, raison sociale (else name), activity number, address, contact (R-198) |
| organisme-formateur tagged principal, else the first | formateur of the sessions (R-223) |
| session@numero, else one worked out from its dates | numero_source |
| lheo@uri | source, unless the command names another |
| periode: AAAAMM00 and AAAA0000 are the first and the last day; 00000000 and 99999999 are unknown | date_debut, date_fin (R-238); an unknown start, or end with fixed dates, is refused; else the end is `SANS_FIN` |
| modalites-entrees-sorties, extra type-entree | type_entree |
| cycle (type-cycle, type-alternance, annee-cycle), extras voie-acces, annees-apprentissage | voie_acces, annees_apprentissage (R-225, R-227) |
| modalites-enseignement, extra modalite | modalite (R-236) |
| nombre-heures-centre, -entreprise, -total; extras heures-centre, heures-entreprise | the hours (R-237): a total alone is in the centre |
| lieu-de-formation that extra lieu names, else tagged principal, else the first | lieu (R-243, R-244); wholly remote without one: adresse-inscription |
| periode-inscription/fin | date_limite_inscription (R-134, R-135) |
| etat-recrutement 1 of a conventionnée, extra mode-candidature | mode_candidature (R-125) |
| recrutement | modalites_recrutement; of modalité 9 with a day: reunions (R-242) |
| reference-certification, blocs-competences | certifications of the session (R-229 to R-235); nothing said: all of the action's |
| contact-session, else -formateur, -formation, -organisme; the type 1 apart | contact, referent_handicap (R-224) |
| extras capacite-accueil (else capacite-simultanee), coefficient, ratio-suite-parcours | the same (R-139, R-140) |
| extras date-entree-tardive, point-entree, positionneur, commentaire | the same (R-136, R-071, R-241) |

A number of a file is its source's: `reference` and `numero_carif` are given by the house, even where a source writes
its own in the same form (R-180).

The extras of ours stand in `<extras info="rafaelpro"><extra info="capacite-accueil">12</extra></extras>`, under a
session, or under its action for all of them; `app/domain/lheo.py` has their names.
"""

from .erreurs import Erreur
from .fautes import FormeRefusee
from .formations import lire
from .forme import Progres, Releve, examiner
from .lus import (
    ActionLue,
    AdresseLue,
    CertificationLue,
    ContactLu,
    FormationLue,
    FormationRefusee,
    OrganismeLu,
    ReunionLue,
    SessionCertificationLue,
    SessionLue,
)
from .rapport import Rapport

__all__ = [
    "ActionLue",
    "AdresseLue",
    "CertificationLue",
    "ContactLu",
    "Erreur",
    "FormationLue",
    "FormationRefusee",
    "FormeRefusee",
    "OrganismeLu",
    "Progres",
    "Rapport",
    "Releve",
    "ReunionLue",
    "SessionCertificationLue",
    "SessionLue",
    "examiner",
    "lire",
]
