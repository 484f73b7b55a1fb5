"""The tables of docs/droits.md read a second time, in plain Python, without Polar: who may do what on a row of a world.

`DROITS[Model][permission](regard, row)`. It asks rows, never the copies that triggers keep, so that a wrong copy is a
difference too. What is not here (creations, the journal, the jobs) is shown by the cases and by the parcours.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from app import models as m
from app.policies.viewer import SCOPES, split
from tests.policies.mondes_maison import Rows

PRESCRIPTEURS = ("prescripteur_n1", "prescripteur_n2", "prescripteur_n3")
OF = ("of_catalogue", "of_preinscription", "of_general")
LECTEURS = ("candidatures_region", "candidatures_france_travail")
ONGLETS = (  # what a training organisation sees
    "en_attente_avis",
    "retenue",
    "non_retenue",
    "avis_non_transmis",
    "refus_session_complete",
    "refus_session_annulee",
)
VIVES = ("brouillon", "publiee", "suppression_demandee")  # what is changed of a session


class Regard:
    """Somebody who looks at a world under one profile."""

    def __init__(self, profil: str, given: Mapping[str, Any], rows: Rows) -> None:
        """In: a profile, the values of its request, the world."""
        self.droit, self.est_referent = split(profil)
        self.moi, self.structure = given["moi"], given["ma_structure"]
        self.maintenant, self.rows = given["maintenant"], rows
        self.personne = self.moi is not None and self.droit not in SCOPES
        self.gestionnaire = self.droit == "gestionnaire"
        self.prescripteur = self.droit in PRESCRIPTEURS
        self.catalogue = self.droit in ("of_catalogue", "of_general")
        self.recrute = self.droit in ("of_preinscription", "of_general")

    def est(self, compte_id: int | None) -> bool:
        """The account is the person who asks."""
        return self.moi is not None and compte_id == self.moi

    def chez(self, *structures: int | None) -> bool:
        """One of the structures is the one of the active profile."""
        return self.structure is not None and self.structure in structures

    def referent(self, structure_id: int) -> bool:
        """Référent of that very structure."""
        return self.est_referent and self.chez(structure_id)

    def membre(self, compte_id: int, *etats: str) -> bool:
        """The account has an affiliation in such a state with the structure of the profile."""
        return any(
            a.compte_id == compte_id and a.etat in etats and self.chez(a.structure_id)
            for a in self.rows[m.Affiliation]
        )

    # -- candidatures ------------------------------------------------------------------------------------------------
    def auteur(self, c: Any) -> bool:
        """Wrote it, under a prescripteur droit of the prescribing structure."""
        return self.prescripteur and self.est(c.auteur_id) and self.chez(c.structure_prescriptrice_id)

    def suit(self, c: Any) -> bool:
        """Its author, or a N3 of the structure where the author is no N3 today."""
        n3 = self.droit == "prescripteur_n3" and self.chez(c.structure_prescriptrice_id)
        return self.auteur(c) or (n3 and not any(_n3(d, c) for d in self.rows[m.DroitAccorde]))

    def role(self, s: Any) -> bool:
        """Its structure is responsable, positionneur or formateur of the session."""
        return self.chez(s.action.responsable_id, s.positionneur_id, s.formateur_id)

    def partie(self, c: Any) -> bool:
        """Wrote or validated it (C-31)."""
        return self.est(c.auteur_id) or self.est(c.validee_par_id)

    def juge(self, c: Any) -> bool:
        """May convoke, give the avis, refuse."""
        return self.recrute and self.role(c.session) and c.etat == "en_attente_avis" and not self.partie(c)

    def partage(self, c: Any) -> bool:
        """A reading scope, on what is its own."""
        own = {
            "candidatures_region": c.session.action.financeur == "region",
            "candidatures_france_travail": c.est_inscrit_france_travail,
        }
        return own.get(self.droit, False) and c.etat in (*ONGLETS, "annulee", "rejetee")

    def lit(self, c: Any) -> bool:
        """Reads a candidature."""
        transmise = self.recrute and self.role(c.session) and c.etat in ONGLETS
        return self.gestionnaire or self.suit(c) or transmise or self.partage(c)

    def connait(self, p: Any, avant: Any = None) -> bool:
        """Its structure created the candidat, found it within a day, or has a candidature for it (`avant` a new one)."""
        k = self.rows[m.Candidature]
        acces = (
            a for a in self.rows[m.AccesCandidat] if a.candidat_id == p.id and a.jusqu_au > self.maintenant
        )
        siennes = (c for c in k if c.candidat_id == p.id and self.chez(c.structure_prescriptrice_id))
        anciennes = (
            c for c in siennes if avant is None or c.etat != "brouillon" or c.cree_le < avant.cree_le
        )
        return self.chez(p.createur_structure_id, *(a.structure_id for a in acces)) or any(anciennes)

    def lit_candidat(self, p: Any) -> bool:
        """Reads a candidat."""
        par_candidature = self.recrute or self.droit in LECTEURS
        k = (c for c in self.rows[m.Candidature] if c.candidat_id == p.id)
        return (
            self.gestionnaire
            or (self.prescripteur and self.connait(p))
            or (par_candidature and any(map(self.lit, k)))
        )

    # -- offer -------------------------------------------------------------------------------------------------------
    def tient(self, a: Any) -> bool:
        """Keeps the catalogue of the responsable."""
        return self.catalogue and self.chez(a.responsable_id)

    def modifie(self, a: Any) -> bool:
        """Changes an action."""
        tenue = self.tient(a) and a.etat in ("brouillon", "alerte", "publiee")
        return tenue or (self.gestionnaire and a.etat not in ("archivee", "supprimee"))

    def tient_offre_libre(self, a: Any) -> bool:
        """Changes an action and its sessions as its own: not conventionnée, unless a gestionnaire."""
        return self.modifie(a) and (self.gestionnaire or not a.est_conventionnee)

    def a_la_session(self, s: Any) -> bool:
        """Reads a session in any état."""
        recrute = self.recrute and s.action.est_conventionnee and self.role(s)
        return self.gestionnaire or self.tient(s.action) or recrute


def _n3(d: Any, c: Any) -> bool:
    same = d.compte_id == c.auteur_id and d.affiliation.structure_id == c.structure_prescriptrice_id
    return bool(same and d.droit == "prescripteur_n3" and d.affiliation.etat == "acceptee")


def _publiee(s: Any, *etats: str) -> bool:
    return s.etat in etats and s.action.est_en_ligne


def _lit_structure(v: Regard, s: Any) -> bool:
    return s.etat == "validee" or (
        s.etat == "a_valider" and (v.gestionnaire or (v.personne and v.est(s.declaree_par_id)))
    )


def _decide_affiliation(v: Regard, a: Any) -> bool:
    pourvue = any(
        x.est_referent and x.etat == "acceptee"
        for x in v.rows[m.Affiliation]
        if x.structure_id == a.structure_id
    )
    qui = v.referent(a.structure_id) or (v.gestionnaire and not pourvue)
    return qui and a.etat == "en_attente" and not v.est(a.compte_id)


def _gere_affiliation(v: Regard, a: Any) -> bool:
    return v.gestionnaire and a.etat == "acceptee" and not v.est(a.compte_id)


def _accorde(v: Regard, d: Any, *, ajoute: bool) -> bool:
    s, of = d.affiliation.structure, ("prestataire", *OF)
    convient = (d.droit in of and s.est_organisme_formation) or (
        d.droit in PRESCRIPTEURS and s.est_habilitee_prescrire
    )
    pret = ajoute and v.est(d.compte_id) and not d.affiliation.est_referent  # référent by a loan only
    referent = v.referent(s.id) and (convient or d.droit == "employeur") and not pret
    gestionnaire = v.gestionnaire and d.droit != "beneficiaire" and not v.est(d.compte_id)
    return d.affiliation.etat == "acceptee" and (referent or gestionnaire)


def _lit_droit(v: Regard, d: Any) -> bool:
    collegue = v.chez(d.affiliation.structure_id) and d.affiliation.etat == "acceptee"
    siens = v.est(d.compte_id) or collegue or v.referent(d.affiliation.structure_id)
    return v.personne and (v.gestionnaire or siens)


def _prete(v: Regard, d: Any) -> bool:
    """Lends the role that it uses, and holds itself, to a member of the structure."""
    ici = [a for a in v.rows[m.Affiliation] if v.chez(a.structure_id) and a.etat == "acceptee"]
    siens = {x.droit for x in v.rows[m.DroitAccorde] if v.est(x.compte_id) and x.affiliation in ici}
    tenus = {
        "referent": v.est_referent and any(a.est_referent and v.est(a.compte_id) for a in ici),
        "prescripteur_n3": v.droit == "prescripteur_n3" and "prescripteur_n3" in siens,
    }
    entre_eux = v.est(d.de_compte_id) and v.chez(d.structure_id)
    return v.personne and tenus[d.role] and entre_eux and any(a.compte_id == d.a_compte_id for a in ici)


def _lit_compte(v: Regard, c: Any) -> bool:
    if v.est(c.id) or v.gestionnaire:
        return True
    if v.droit == "auditeur":
        return False
    ecrites = (k for k in v.rows[m.Candidature] if k.auteur_id == c.id)
    collegue = v.personne and v.membre(c.id, "acceptee")
    return collegue or (v.est_referent and v.membre(c.id, "en_attente")) or any(map(v.lit, ecrites))


def _lit_action(v: Regard, a: Any) -> bool:
    sessions = (s for s in v.rows[m.SessionFormation] if s.action_id == a.id)
    recrute = v.recrute and a.est_conventionnee and (v.chez(a.responsable_id) or any(map(v.role, sessions)))
    return a.est_en_ligne or v.gestionnaire or v.tient(a) or recrute


def _retire_action(v: Regard, a: Any, *etats: str) -> bool:
    """Archives or deletes: the responsable what it keeps in such états, the gestionnaire what is published."""
    if a.est_conventionnee:
        return v.gestionnaire and a.etat == "publiee"
    return v.tient(a) and a.etat in etats


def _details(v: Regard, s: Any) -> bool:
    vue = _publiee(s, "publiee", "suppression_demandee", "annulee") and (
        v.personne or v.droit == "offre_lire"
    )
    return vue or v.a_la_session(s)


def _valide(v: Regard, c: Any) -> bool:
    n2 = v.droit == "prescripteur_n2" and v.auteur(c) and c.etat == "brouillon"
    n3 = v.droit == "prescripteur_n3" and v.suit(c) and c.etat in ("brouillon", "en_attente_validation")
    return (n2 or n3) and not v.est(c.soumise_par_id)


def _cree(v: Regard, c: Any) -> bool:
    neuve = c.etat == "brouillon" and c.origine == "rafaelpro" and c.cree_le == v.maintenant
    ouverte = c.session.action.est_conventionnee and _publiee(c.session, "publiee")
    return v.auteur(c) and neuve and ouverte and v.connait(c.candidat, avant=c)


def _lit_echange(v: Regard, e: Any) -> bool:
    propre = {"candidatures_region": "agora", "candidatures_france_travail": "france_travail"}.get(v.droit)
    c = e.candidature
    return v.gestionnaire or (c is not None and (v.suit(c) or (propre == e.partenaire and v.lit(c))))


def _compte(v: Regard, c: Any) -> bool:
    """A candidature as a number."""
    k = next(x for x in v.rows[m.Candidature] if x.id == c.id)
    region = v.droit == "candidatures_region" and v.partage(k)
    prescrite = v.prescripteur and v.chez(k.structure_prescriptrice_id)
    return v.gestionnaire or (v.droit in OF and v.role(k.session)) or prescrite or region


Droits: TypeAlias = Mapping[str, Callable[[Regard, Any], bool]]


def pour(noms: str, droit: Callable[[Regard, Any], bool]) -> Droits:
    """Out: the same for several permissions."""
    return dict.fromkeys(noms.split(), droit)


DROITS: Mapping[Any, Droits] = {
    m.Structure: {
        "lire": _lit_structure,
        "lire_membres": lambda v, s: v.gestionnaire or (v.personne and v.chez(s.id)),
        "lire_statistiques": lambda v, s: (
            v.gestionnaire or (v.droit in (*OF, *PRESCRIPTEURS) and v.chez(s.id))
        ),
        "exporter_membres": lambda v, s: v.gestionnaire or v.referent(s.id),
        "modifier": lambda v, s: v.gestionnaire,
        "demander_modification": lambda v, s: v.referent(s.id),
        "demander_affiliation": lambda v, s: v.personne and _lit_structure(v, s),
        **pour("valider refuser", lambda v, s: v.gestionnaire and s.etat == "a_valider"),
    },
    m.DemandeModification: {
        "lire": lambda v, d: v.gestionnaire or v.referent(d.structure_id),
        "decider": lambda v, d: v.gestionnaire and d.etat == "en_attente",
    },
    m.Affiliation: {
        "lire": lambda v, a: (
            v.personne
            and (
                v.gestionnaire
                or v.est(a.compte_id)
                or v.referent(a.structure_id)
                or (v.chez(a.structure_id) and a.etat == "acceptee")
            )
        ),
        "detacher": lambda v, a: (
            _gere_affiliation(v, a)
            or (v.referent(a.structure_id) and a.etat == "acceptee" and not v.est(a.compte_id))
        ),
        **pour("valider refuser", _decide_affiliation),
        **pour("nommer_referent retirer_referent", _gere_affiliation),
    },
    m.DroitAccorde: {
        "lire": _lit_droit,
        "choisir": lambda v, d: (
            v.personne
            and v.est(d.compte_id)
            and d.affiliation.etat == "acceptee"
            and (d.droit != "gestionnaire" or d.compte.a_un_second_facteur)
        ),
        "ajouter": lambda v, d: _accorde(v, d, ajoute=True),
        "retirer": lambda v, d: _accorde(v, d, ajoute=False),
    },
    m.Delegation: {
        "creer": _prete,
        "lire": lambda v, d: (
            v.personne and (v.est(d.de_compte_id) or v.est(d.a_compte_id) or v.referent(d.structure_id))
        ),
        "revoquer": lambda v, d: (
            v.personne and ((v.est(d.de_compte_id) and v.chez(d.structure_id)) or v.referent(d.structure_id))
        ),
        "choisir": lambda v, d: v.personne and v.est(d.a_compte_id) and d.est_tenue and d.revoquee_le is None,
    },
    m.Compte: {
        "lire": _lit_compte,
        "modifier": lambda v, c: v.personne and v.est(c.id),
        "exporter": lambda v, c: v.gestionnaire or (v.personne and v.est(c.id)),
    },
    m.Jeton: pour(
        "lire revoquer",
        lambda v, j: v.personne and (v.est(j.compte_id) or (v.gestionnaire and j.compte.nature == "machine")),
    ),
    m.CompteMachine: pour("lire modifier revoquer", lambda v, c: v.gestionnaire),
    m.Action: {
        "lire": _lit_action,
        "modifier": Regard.modifie,
        "ajouter_session": Regard.tient_offre_libre,
        "confirmer": lambda v, a: v.tient(a) and a.etat in ("brouillon", "alerte", "publiee"),
        "archiver": lambda v, a: _retire_action(v, a, "publiee"),
        "supprimer": lambda v, a: _retire_action(v, a, "brouillon", "publiee"),
        "lever_alerte": lambda v, a: v.gestionnaire and a.etat == "alerte",
        "republier": lambda v, a: v.gestionnaire and a.etat in ("archivee", "supprimee"),
        "exporter": lambda v, a: v.droit == "offre_lire" and a.est_en_ligne,
        "lire_retrait": lambda v, a: v.droit == "offre_lire" and a.etat in ("archivee", "supprimee"),
        **pour("lire_modification dialoguer", lambda v, a: v.tient(a) or v.gestionnaire),
        **pour(
            "publier signaler",
            lambda v, a: (
                v.gestionnaire
                and a.etat in ("creee", "modifiee", "en_attente_validation", "en_attente_publication")
            ),
        ),
    },
    m.SessionFormation: {
        "lire": lambda v, s: _publiee(s, "publiee", "suppression_demandee", "annulee") or v.a_la_session(s),
        "lire_details": _details,
        "regler_ouverture": lambda v, s: (
            s.action.est_conventionnee
            and _publiee(s, "publiee", "suppression_demandee")
            and (v.gestionnaire or (v.droit in OF and v.role(s)))
        ),
        "modifier_dates": lambda v, s: v.gestionnaire and s.etat in VIVES,
        "suivre": lambda v, s: v.tient_offre_libre(s.action),
        "suivre_dates": lambda v, s: v.gestionnaire,
        "annuler": lambda v, s: v.gestionnaire and s.etat in ("publiee", "suppression_demandee"),
        "supprimer": lambda v, s: (
            (v.gestionnaire or (v.tient(s.action) and not s.action.est_conventionnee))
            and s.etat in ("brouillon", "publiee", "annulee")
        ),
        "demander_suppression": lambda v, s: (
            v.tient(s.action) and not s.action.est_conventionnee and s.etat == "publiee"
        ),
        "decider_suppression": lambda v, s: v.gestionnaire and s.etat == "suppression_demandee",
        "candidater": lambda v, s: v.prescripteur and s.action.est_conventionnee and _publiee(s, "publiee"),
        "recevoir": lambda v, s: (
            v.droit in ("candidatures_france_travail", "candidatures_libre")
            and s.action.est_conventionnee
            and _publiee(s, "publiee")
        ),
        "exporter": lambda v, s: v.droit == "offre_lire" and _publiee(s, "publiee", "suppression_demandee"),
        "lire_retrait": lambda v, s: v.droit == "offre_lire" and _publiee(s, "annulee", "supprimee"),
        "modifier": lambda v, s: v.tient_offre_libre(s.action) and s.etat in VIVES,
        "dupliquer": lambda v, s: v.tient_offre_libre(s.action) and s.etat in (*VIVES, "annulee"),
    },
    m.Candidat: {
        "lire": Regard.lit_candidat,
        "modifier": lambda v, p: v.gestionnaire or (v.prescripteur and v.connait(p)),
        "ecrire_nir": lambda v, p: (
            v.gestionnaire or (v.prescripteur and v.est(p.nir_demande_a_id) and v.connait(p))
        ),
        **pour(
            "demander_nir lire_nir fusionner defaire_fusion exporter effacer", lambda v, p: v.gestionnaire
        ),
    },
    m.Candidature: {
        "lire": Regard.lit,
        "creer": _cree,
        "soumettre": lambda v, c: v.droit == "prescripteur_n1" and v.auteur(c) and c.etat == "brouillon",
        "valider": _valide,
        "annuler": lambda v, c: (v.gestionnaire or v.suit(c)) and c.etat == "en_attente_avis",
        "restaurer": lambda v, c: v.suit(c) and c.etat == "corbeille",
        "dupliquer": lambda v, c: v.auteur(c) and c.etat in ("expiree", "annulee", "rejetee"),
        "refuser": lambda v, c: (
            v.juge(c) or (v.gestionnaire and c.etat == "en_attente_avis" and not v.partie(c))
        ),
        "rejeter": lambda v, c: c.etat == "en_attente_avis" and (v.gestionnaire or v.partage(c)),
        "corriger_avis": lambda v, c: (
            v.gestionnaire and c.etat in ("retenue", "non_retenue") and not v.partie(c)
        ),
        **pour(
            "modifier supprimer", lambda v, c: v.suit(c) and c.etat in ("brouillon", "en_attente_validation")
        ),
        **pour("convoquer rendre_avis reporter_point", Regard.juge),
    },
    m.CandidatureResumee: {
        "lire": lambda v, c: (
            c.etat not in ("brouillon", "corbeille")
            and (v.gestionnaire or ((v.prescripteur or v.recrute) and v.lit_candidat(c.candidat)))
        ),
    },
    m.CandidatureComptee: {"lire": _compte},
    m.Convocation: {
        "lire": lambda v, k: v.lit(k.candidature),
        "modifier": lambda v, k: v.juge(k.candidature),
    },
    m.Avis: {
        "lire": lambda v, a: v.lit(a.candidature),
        "modifier": lambda v, a: DROITS[m.Candidature]["corriger_avis"](v, a.candidature),
    },
    m.Echange: {"lire": _lit_echange},
    m.Rapprochement: {
        "lire": lambda v, r: v.gestionnaire,
        "ecarter": lambda v, r: v.gestionnaire and r.etat == "a_revoir",
    },
    m.Consultation: {"lire": lambda v, c: v.droit in ("auditeur", "gestionnaire")},
    m.VersionPolitique: {
        "lire": lambda v, p: v.droit in ("auditeur", "gestionnaire"),
        "lire_instruction": lambda v, p: v.droit == "auditeur",
    },
    m.RechercheEnregistree: pour("lire modifier supprimer", lambda v, r: v.personne and v.est(r.compte_id)),
    m.MessageAction: {"lire": lambda v, k: v.tient(k.action) or v.gestionnaire},
    m.ActionModification: {"lire": lambda v, k: v.tient(k.action) or v.gestionnaire},
    m.PointEntree: {
        "lire": lambda v, p: _details(v, p.session),
        "modifier": lambda v, p: v.gestionnaire and p.session.etat in VIVES,
    },
    m.ActionCertification: {
        "lire": lambda v, c: _lit_action(v, c.action),
        "modifier": lambda v, c: v.modifie(c.action),
    },
    **{
        referentiel: {"lire": lambda v, r: True, "charger": lambda v, r: v.gestionnaire}
        for referentiel in (m.Certification, m.Formacode, m.Commune)
    },
    m.StatistiquePubliee: {"lire": lambda v, s: True},
}
