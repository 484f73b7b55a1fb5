"""The floor's statements: one a query, written by hand, with the row rule of somebody who recruits (of_preinscription).

$1 is always the structure of the viewer. What hand-writing knows is used: of a candidature that one reads, one
reads the candidat, the convocations, the avis and the author; of a session that one reads, the action.
"""

from __future__ import annotations

TRANSMISES = (
    "en_attente_avis",
    "retenue",
    "non_retenue",
    "avis_non_transmis",
    "refus_session_complete",
    "refus_session_annulee",
)
_TRANSMISES = "(" + ", ".join(f"'{etat}'" for etat in TRANSMISES) + ")"


def opaque(type_: str, cle: str) -> str:
    """Out: the SQL of a global identifier."""
    return f"encode(('{type_}:' || {cle})::bytea, 'base64')"


def instant(colonne: str) -> str:
    """Out: the SQL of a moment."""
    return f"""to_char({colonne} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""


def role(t: str) -> str:
    """The structure has a role."""
    return f"({t}.responsable_id = $1 or {t}.positionneur_id = $1 or {t}.formateur_id = $1)"


def lit_candidature(t: str) -> str:
    """The row rule of candidatures."""
    return f"({t}.etat in {_TRANSMISES} and {role(t)})"


def lit_session(t: str) -> str:
    """The row rule of sessions."""
    publiee = f"{t}.action_en_ligne and {t}.etat in ('publiee', 'suppression_demandee', 'annulee')"
    return f"({publiee} or {t}.est_conventionnee and {role(t)})"


def lit_structure(t: str, moi: str) -> str:
    """The row rule of structures."""
    return f"({t}.etat = 'validee' or {t}.etat = 'a_valider' and {t}.declaree_par_id = {moi})"


def lit_action(t: str) -> str:
    """The row rule of actions."""
    return f"""({t}.est_en_ligne or {t}.est_conventionnee and ({t}.responsable_id = $1 or {t}.id = any(array(
        select x.action_id from session x where x.formateur_id = $1 or x.positionneur_id = $1))))"""


def reponse(cle: str, valeur: str) -> str:
    """Out: the statement whose one value is the whole answer."""
    return f"select convert_to(json_build_object('data', json_build_object('{cle}', {valeur}))::text, 'UTF8')"


Q1 = reponse(
    "candidature",
    f"""(select json_build_object(
  'id', {opaque("Candidature", "c.id")}, 'reference', c.reference, 'etat', upper(c.etat),
  'origine', upper(c.origine), 'intitule', c.intitule, 'inscritFranceTravail', c.est_inscrit_france_travail,
  'niveauFormation', c.niveau_formation, 'situation', c.situation, 'parcoursAnterieur', c.parcours_anterieur,
  'raisons', c.raisons, 'suitesParcours', c.suites_parcours, 'modifieeLe', {instant("c.modifiee_le")},
  'datePreinscription', {instant("c.validee_le")},
  'session', case when s.id is not null then json_build_object(
    'id', {opaque("Session", "s.id")}, 'numeroCarif', s.numero_carif, 'etat', upper(s.etat),
    'dateDebut', s.date_debut, 'dateFin', s.date_fin,
    'lieu', json_build_object('nom', s.lieu_nom, 'voie', s.lieu_voie, 'codePostal', s.lieu_code_postal,
                              'ville', s.lieu_ville, 'departement', s.lieu_departement),
    'action', json_build_object('id', {opaque("Action", "a.id")}, 'reference', a.reference, 'intitule', a.intitule,
      'responsable', case when r.id is not null then json_build_object(
        'id', {opaque("Structure", "r.id")}, 'raisonSociale', r.raison_sociale, 'telephone', r.telephone) end),
    'formateur', case when f.id is not null then json_build_object(
      'id', {opaque("Structure", "f.id")}, 'raisonSociale', f.raison_sociale) end) end,
  'candidat', json_build_object('id', {opaque("Candidat", "k.id")}, 'reference', k.reference,
    'civilite', upper(k.civilite), 'nom', k.nom, 'prenom', k.prenom, 'dateNaissance', k.date_naissance,
    'courriel', k.courriel, 'telephone', k.telephone, 'ville', k.ville),
  'structurePrescriptrice', case when p.id is not null then json_build_object(
    'id', {opaque("Structure", "p.id")}, 'raisonSociale', p.raison_sociale,
    'adresse', json_build_object('ville', p.ville)) end,
  'prescripteur', case when u.id is not null then json_build_object('nom', u.nom, 'prenom', u.prenom) end,
  'convocations', (select coalesce(json_agg(json_build_object('numero', v.numero,
      'typeConvocation', upper(v.type_convocation), 'dateRendezVous', v.date_rendez_vous,
      'resultat', upper(v.resultat)) order by v.numero), '[]') from convocation v where v.candidature_id = c.id),
  'avis', case when i.id is not null then json_build_object('retenu', i.est_retenu, 'motif', upper(i.motif),
    'commentaire', i.commentaire, 'dateEntreePrevue', i.date_entree_prevue,
    'dateSortiePrevue', i.date_sortie_prevue, 'renduLe', {instant("i.rendu_le")}) end)
from candidature c
join candidat k on k.id = c.candidat_id
left join session s on s.id = c.session_id and {lit_session("s")}
left join action a on a.id = s.action_id
left join structure r on r.id = a.responsable_id and {lit_structure("r", "$2")}
left join structure f on f.id = s.formateur_id and {lit_structure("f", "$2")}
left join structure p on p.id = c.structure_prescriptrice_id and {lit_structure("p", "$2")}
left join compte u on u.id = c.auteur_id
left join avis i on i.candidature_id = c.id
where c.reference = $3 and {lit_candidature("c")})""",
)

_PAGE = f"""(select c.* from candidature c where c.etat = $2 and {lit_candidature("c")}
  order by c.modifiee_le desc, c.id desc limit 50)"""
_JOINTS = f"""join candidat k on k.id = c.candidat_id
left join session s on s.id = c.session_id and {lit_session("s")}
left join action a on a.id = s.action_id"""
_JUGE = f"""(c.etat = 'en_attente_avis' and c.auteur_id is distinct from $3 and c.validee_par_id is distinct from $3
  and {role("c")})"""


def _q2(peut: str) -> str:
    return reponse(
        "candidatures",
        f"""(select json_build_object('nodes', coalesce(json_agg(json_build_object(
  'id', {opaque("Candidature", "c.id")}, 'reference', c.reference, 'etat', upper(c.etat),
  'origine', upper(c.origine), 'datePreinscription', {instant("c.validee_le")},
  'modifieeLe', {instant("c.modifiee_le")}, 'inscritFranceTravail', c.est_inscrit_france_travail,
  'session', case when s.id is not null then json_build_object(
    'id', {opaque("Session", "s.id")}, 'numeroCarif', s.numero_carif, 'dateDebut', s.date_debut,
    'dateFin', s.date_fin, 'lieu', json_build_object('ville', s.lieu_ville, 'departement', s.lieu_departement),
    'action', json_build_object('reference', a.reference, 'intitule', a.intitule)) end,
  'candidat', json_build_object('reference', k.reference, 'nom', k.nom, 'prenom', k.prenom,
    'dateNaissance', k.date_naissance, 'courriel', k.courriel, 'telephone', k.telephone){peut}
) order by c.modifiee_le desc, c.id desc), '[]'))
from {_PAGE} c {_JOINTS})""",
    )


_PEUT = f""",
  'peut', json_build_object('convoquer', {_JUGE}, 'rendreAvis', {_JUGE}, 'annuler', false, 'modifier', false,
    'valider', false)"""
Q2, Q5 = _q2(""), _q2(_PEUT)

Q2_PLAT = f"""select c.id, c.reference, c.etat, c.origine, c.validee_le, c.modifiee_le, c.est_inscrit_france_travail,
  s.id as session_id, s.numero_carif, s.date_debut, s.date_fin, s.lieu_ville, s.lieu_departement,
  a.reference as action_reference, a.intitule, k.reference as candidat_reference, k.nom, k.prenom,
  k.date_naissance, k.courriel, k.telephone
from {_PAGE} c {_JOINTS} order by c.modifiee_le desc, c.id desc"""
Q5_PLAT = Q2_PLAT.replace("k.telephone\n", f"k.telephone, {_JUGE} as juge\n")

_A_VENIR = f"x.action_id = a.id and x.date_fin >= $DATE and {lit_session('x')}"
_LOT = f"""lot as materialized (
  select a.id, a.intitule, a.dispositif, a.responsable_id, x.lieu_departement, x.modalite
  from action a join session x on {_A_VENIR.replace("$DATE", "$4")}
  where a.mots_cherches @@ cherche_litteral($2) and {lit_action("a")} and x.lieu_departement = any($3::text[])),
trouvees as materialized (select distinct id, intitule, dispositif, responsable_id from lot)"""


def facette(groupes: str, valeur: str = "'valeur', f.valeur", jointe: str = "") -> str:
    """In: the values and their numbers. Out: the SQL of a facet, a hundred values at most."""
    return f"""(select coalesce(json_agg(json_build_object({valeur}, 'nombre', f.nombre)
      order by f.nombre desc, f.valeur), '[]')
    from (select * from ({groupes} group by 1) g where valeur is not null order by nombre desc, valeur limit 100) f
    {jointe})"""


_PAR_SESSION = "select {} as valeur, count(distinct id) as nombre from lot"
_PAR_ACTION = "select {} as valeur, count(*) as nombre from trouvees"
_EN_MAJUSCULES = "'valeur', upper(f.valeur)"
_FACETTES = f"""json_build_object(
  'dispositifs', {facette(_PAR_ACTION.format("dispositif"), _EN_MAJUSCULES)},
  'departements', {facette(_PAR_SESSION.format("lieu_departement"))},
  'modalites', {facette(_PAR_SESSION.format("modalite"), _EN_MAJUSCULES)},
  'organismes', {
    facette(
        _PAR_ACTION.format("responsable_id"),
        "'organisme', case when o.id is not null then json_build_object('raisonSociale', o.raison_sociale) end",
        f"left join structure o on o.id = f.valeur and {lit_structure('o', '$5')}",
    )
})"""
_SESSIONS = f"""from session s where s.action_id = a.id and {lit_session("s")} and s.date_fin >= $DATE
        order by s.date_debut, s.id limit 5"""

Q3 = f"with {_LOT} " + reponse(
    "actions",
    f"""json_build_object('totalCount', (select count(*) from trouvees), 'facettes', {_FACETTES},
 'nodes', (select coalesce(json_agg(json_build_object('id', {opaque("Action", "a.id")}, 'reference', a.reference,
    'intitule', a.intitule, 'objectif', a.objectif, 'dispositif', upper(a.dispositif),
    'conventionnee', a.est_conventionnee,
    'responsable', case when r.id is not null then json_build_object(
      'id', {opaque("Structure", "r.id")}, 'raisonSociale', r.raison_sociale) end,
    'sessions', json_build_object('nodes', (select coalesce(json_agg(json_build_object(
        'id', {opaque("Session", "s.id")}, 'numeroCarif', s.numero_carif, 'dateDebut', s.date_debut,
        'dateFin', s.date_fin,
        'lieu', json_build_object('ville', s.lieu_ville, 'departement', s.lieu_departement))
        order by s.date_debut, s.id), '[]')
      from (select s.* {_SESSIONS.replace("$DATE", "$4")}) s))) order by a.intitule, a.id), '[]')
  from (select * from trouvees order by intitule, id limit 20) t
  join action a on a.id = t.id
  left join structure r on r.id = a.responsable_id and {lit_structure("r", "$5")}))""",
)

Q4 = reponse(
    "actions",
    f"""json_build_object('nodes', (select coalesce(json_agg(json_build_object('id', {opaque("Action", "a.id")},
    'reference', a.reference, 'intitule', a.intitule,
    'sessions', json_build_object('nodes', (select coalesce(json_agg(json_build_object(
        'id', {opaque("Session", "s.id")}, 'numeroCarif', s.numero_carif, 'dateDebut', s.date_debut,
        'dateFin', s.date_fin, 'candidatures', json_build_object('parEtat', (
          select coalesce(json_agg(json_build_object('etat', upper(n.etat), 'nombre', n.nombre) order by n.etat), '[]')
          from (select c.etat, count(*) as nombre from candidature c
                where c.session_id = s.id and {lit_candidature("c")} group by c.etat) n)))
        order by s.date_debut, s.id), '[]')
      from (select s.* {_SESSIONS.replace("$DATE", "$3")}) s))) order by a.intitule, a.id), '[]')
  from (select * from action a where a.responsable_id = $2 and {lit_action("a")}
          and exists (select 1 from session x where {_A_VENIR.replace("$DATE", "$3")})
        order by a.intitule, a.id limit 50) a))""",
)

JETON = """select j.compte_id, coalesce(j.portee, coalesce(d.droit, 'beneficiaire') ||
  case when f.est_referent then '+referent' else '' end) as profil, f.structure_id
from jeton j join compte c on c.id = j.compte_id and c.etat = 'actif'
left join affiliation f on f.id = j.affiliation_id
left join droit_accorde d on d.id = j.droit_accorde_id
where j.empreinte = $1 and j.revoque_le is null and j.expire_le > $2
  and (j.affiliation_id is null and j.droit_accorde_id is null and j.portee is null
    or j.portee is null and f.etat = 'acceptee' and f.compte_id = j.compte_id and d.affiliation_id = f.id
    or exists (select 1 from compte_machine m where m.compte_id = j.compte_id and m.revoque_le is null
               and j.portee = any(m.portees)))"""
