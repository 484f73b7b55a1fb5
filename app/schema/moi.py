"""Whoever asks: its account, its structures, the profiles that it may take."""

from __future__ import annotations

from app import models as m
from app.kit.conditions import Compare
from app.reading.fields import Tri, colonne, courant, groupe, liste, objet
from app.schema.affiliations import Affiliation
from app.schema.comptes import Compte, Profil
from app.schema.delegations import EN_COURS, Delegation


@objet(m.Compte, "La personne qui pose la question, et les profils qu'elle peut prendre.", name="Moi")
class Moi:
    """Whoever asks."""

    compte: Compte = groupe("Son compte.")
    second_facteur: bool | None = colonne(
        m.Compte.a_un_second_facteur, "Elle donne un code à six chiffres après son mot de passe."
    )
    envoi_avis: m.EnvoiAvis | None = colonne(
        m.Compte.envoi_avis, "Comment elle veut être prévenue de ce que deviennent ses candidatures."
    )
    profils: list[Profil] = liste(
        m.Compte.droits,
        "Les profils qu'elle peut prendre ; elle agit sous un seul à la fois.",
        ordre=Tri(m.DroitAccorde.accorde_le),
        ou=Compare(("affiliation", "etat"), "=", "acceptee"),
        entiere=True,
    )
    rattachements: list[Affiliation] = liste(
        m.Compte.affiliations,
        "Ses structures, et les droits qu'elle y a (« Mes structures »).",
        ordre=Tri(m.Affiliation.demandee_le),
        ou=Compare(("etat",), "=", "acceptee"),
        entiere=True,
    )
    demandes: list[Affiliation] = liste(
        m.Compte.affiliations,
        "Ses demandes de rattachement qui attendent une réponse.",
        ordre=Tri(m.Affiliation.demandee_le),
        ou=Compare(("etat",), "=", "en_attente"),
        entiere=True,
    )
    roles_pretes: list[Delegation] = liste(
        m.Compte.delegations_recues,
        "Les rôles que des collègues lui prêtent ces jours-ci : elle les prend comme des profils.",
        ordre=Tri(m.Delegation.du),
        ou=EN_COURS,
        entiere=True,
    )
    profil_actif: Profil | None = courant(
        m.DroitAccorde,
        "Le profil sous lequel elle agit ; nul pour un bénéficiaire sans structure, et sous un rôle prêté.",
        valeur="mon_profil",
    )
    role_prete_actif: Delegation | None = courant(
        m.Delegation, "Le rôle prêté sous lequel elle agit.", valeur="ma_delegation"
    )
