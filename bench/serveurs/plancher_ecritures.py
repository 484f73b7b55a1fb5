"""The floor's M1: one call of a function of the base for each act, with the rules, the locks, the journal and the job of ours."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from datetime import datetime
from typing import Any

import orjson

from app.domain.calendrier import est_ouvert
from app.kit.clock import paris_day

CHAMPS = {
    "niveauFormation": 100,
    "situation": 100,
    "parcoursAnterieur": 2000,
    "raisons": 2000,
    "suitesParcours": 2000,
}
NIR = re.compile(r"(?<!\d)[1-478](?:[ .-]?\d){14}(?!\d)")

FONCTIONS = r"""
create schema if not exists plancher;

create or replace function plancher.creer(le_candidat int, la_session int, moi int, ma_structure int, le timestamptz,
  champs text[], inscrit boolean, recapitulatif boolean, out cle int, out ref text) language plpgsql as $$
declare s session; a action; nom_prescripteur text; organisme text; inscrit_fiche boolean;
begin
  select c.est_inscrit_france_travail into inscrit_fiche from candidat c where c.id = le_candidat and (
    c.createur_structure_id = ma_structure
    or exists (select 1 from candidature k where k.candidat_id = c.id and k.structure_prescriptrice_id = ma_structure)
    or exists (select 1 from acces_candidat x where x.candidat_id = c.id and x.structure_id = ma_structure
               and x.jusqu_au > le))
  for no key update of c;
  if not found then raise exception 'NON_TROUVE'; end if;
  select * into s from session x where x.id = la_session and x.etat = 'publiee' and x.est_conventionnee
    and x.action_en_ligne for no key update;
  if not found then raise exception 'SESSION'; end if;
  select * into a from action where id = s.action_id;
  select raison_sociale into organisme from structure where id = coalesce(s.formateur_id, s.responsable_id);
  select raison_sociale into nom_prescripteur from structure where id = ma_structure;
  insert into candidature (reference, etat, origine, session_id, candidat_id, structure_prescriptrice_id, auteur_id,
    est_inscrit_france_travail, niveau_formation, situation, parcours_anterieur, raisons, suites_parcours,
    envoyer_recapitulatif, intitule, session_date_debut, session_date_fin, organisme_formation,
    organisme_prescripteur, cree_le, modifiee_le)
  values ('C' || extract(year from le at time zone 'Europe/Paris') || lpad(nextval('numero_candidature')::text, 6, '0'),
    'brouillon', 'rafaelpro', s.id, le_candidat, ma_structure, moi, coalesce(inscrit, inscrit_fiche), champs[1],
    champs[2], champs[3], champs[4], champs[5], coalesce(recapitulatif, false), a.intitule, s.date_debut, s.date_fin, organisme,
    nom_prescripteur, le, le)
  returning id, reference into cle, ref;
  insert into fait (survenu_le, nom, compte_id, profil, structure_id, session_id, candidat_id, candidature_id, donnees)
  values (le, 'CandidatureCreee', moi, 'prescripteur_n2', ma_structure, s.id, le_candidat, cle,
    '{"avant": null, "apres": "brouillon"}');
end $$;

create or replace function plancher.valider(la_candidature int, moi int, ma_structure int, le timestamptz,
  jour date, out ref text) language plpgsql as $$
declare c candidature; s session; k candidat; point point_entree; en_cours int; en_cours_hsp int;
begin
  select * into c from candidature x where x.id = la_candidature and x.auteur_id = moi
    and x.structure_prescriptrice_id = ma_structure and x.etat = 'brouillon'
    and x.soumise_par_id is distinct from moi for no key update;
  if not found then raise exception 'NON_TROUVE'; end if;
  select * into k from candidat where id = c.candidat_id for no key update;
  select * into s from session where id = c.session_id for no key update;
  if not s.est_conventionnee or s.etat <> 'publiee' or not s.action_en_ligne or s.mode_candidature = 'fermee'
  then raise exception 'SESSION'; end if;
  if s.est_hsp then
    select * into point from point_entree p where p.session_id = s.id and p.date_entree >= jour
      and (p.date_precedente is null or p.date_precedente < jour);
    if not found or point.est_complet then raise exception 'POINT'; end if;
  elsif s.inscriptions_jusqu_au < jour or s.est_complete then raise exception 'SESSION';
  end if;
  if c.niveau_formation is null or c.situation is null or c.parcours_anterieur is null or c.raisons is null
    or c.suites_parcours is null or (c.envoyer_recapitulatif and k.courriel is null)
  then raise exception 'FORMULAIRE'; end if;
  if exists (select 1 from candidature x where x.candidat_id = k.id and x.id <> c.id and x.session_id = s.id
      and (x.etat in ('en_attente_validation', 'en_attente_avis', 'retenue', 'non_retenue')
        or x.etat = 'rejetee' and x.motif_fin = 'donnees_candidat' and x.est_inscrit_france_travail
           and not c.est_inscrit_france_travail))
  then raise exception 'DOUBLON'; end if;
  select count(*), count(*) filter (where x.est_hsp) into en_cours, en_cours_hsp from candidature x
    where x.candidat_id = k.id and x.id <> c.id and x.etat = 'en_attente_avis';
  if en_cours >= 3 or s.est_hsp and en_cours_hsp >= 1 then raise exception 'QUOTA'; end if;
  update candidature x set etat = 'en_attente_avis', point_entree_id = point.id, validee_le = le,
    validee_par_id = moi, modifiee_le = le, intitule = (select a.intitule from action a where a.id = s.action_id),
    session_date_debut = s.date_debut, session_date_fin = s.date_fin,
    organisme_formation = (select o.raison_sociale from structure o where o.id = coalesce(s.formateur_id, s.responsable_id))
  where x.id = c.id returning x.reference into ref;
  insert into fait (survenu_le, nom, compte_id, profil, structure_id, session_id, candidat_id, candidature_id, donnees)
  values (le, 'CandidatureValidee', moi, 'prescripteur_n2', ma_structure, s.id, k.id, c.id,
    json_build_object('avant', 'brouillon', 'apres', 'en_attente_avis', 'point_entree_id', point.id));
  if c.envoyer_recapitulatif then
    perform procrastinate_defer_jobs_v1(array[row('default', 'recapituler', 0, null, null,
      jsonb_build_object('candidature_id', c.id), null)::procrastinate_job_to_defer_v1]);
  end if;
end $$;
"""


async def creer(pool: Any, viewer: Any, entree: Any, le: datetime) -> bytes:
    """Create a draft. Out: the answer."""
    moi, _, structure = prescripteur(viewer)
    textes = [champ(entree.get(nom), maximum) for nom, maximum in CHAMPS.items()]
    row = await pool.fetchrow(
        "select * from plancher.creer($1, $2, $3, $4, $5, $6, $7, $8)",
        numero(entree["candidat"]),
        numero(entree["session"]),
        moi,
        structure,
        le,
        textes,
        entree.get("inscritFranceTravail"),
        entree.get("envoyerRecapitulatif"),
    )
    return payload(
        "creerCandidature",
        id=b64encode(b"Candidature:%d" % row["cle"]).decode(),
        reference=row["ref"],
        etat="BROUILLON",
        situation=textes[1],
    )


async def valider(pool: Any, viewer: Any, candidature: str, le: datetime) -> bytes:
    """Validate a draft. Out: the answer."""
    moi, _, structure = prescripteur(viewer)
    if not est_ouvert(le):
        raise PermissionError("horaires")
    reference = await pool.fetchval(
        "select plancher.valider($1, $2, $3, $4, $5)", numero(candidature), moi, structure, le, paris_day(le)
    )
    return payload(
        "validerCandidature",
        id=candidature,
        reference=reference,
        etat="EN_ATTENTE_AVIS",
        datePreinscription=le.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
    )


def payload(verbe: str, **candidature: Any) -> bytes:
    """Out: the answer of an act that took place."""
    return orjson.dumps({"data": {verbe: {"candidature": candidature, "empechements": []}}})


def prescripteur(viewer: Any) -> Any:
    """Out: the viewer, who must be of the profile that these functions are written for."""
    if viewer[1] != "prescripteur_n2":
        raise PermissionError(viewer[1])
    return viewer


def numero(opaque: str) -> int:
    """Out: the key of a global identifier."""
    return int(b64decode(opaque).partition(b":")[2])


def champ(texte: str | None, maximum: int) -> str | None:
    """Out: a text of the form, cleaned."""
    propre = texte and " ".join(texte.split())
    if propre and (len(propre) > maximum or NIR.search(propre)):
        raise ValueError(propre)
    return propre or None
