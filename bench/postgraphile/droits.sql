-- The same row rules as policies of PostgreSQL, for the profiles of the bench: who recruits, and a N2.
-- The viewer's values are read once a statement (sub-selects), and what a list needs as a set is a set.
do $$ begin
  create role banc_lecteur nologin;
exception when duplicate_object then null;  -- roles belong to the server, not to one base
end $$;
grant usage on schema public to banc_lecteur;
grant select on structure, compte, action, session, candidat, candidature, convocation, avis to banc_lecteur;

create function ma_structure() returns int language sql stable as $$ select current_setting('banc.structure', true)::int $$;
create function moi() returns int language sql stable as $$ select current_setting('banc.compte', true)::int $$;
create function recrute() returns boolean language sql stable as $$ select current_setting('banc.profil', true) = 'of_preinscription' $$;
comment on function ma_structure() is '@omit';
comment on function moi() is '@omit';
comment on function recrute() is '@omit';
revoke execute on function ma_structure(), moi(), recrute() from public;
grant execute on function ma_structure(), moi(), recrute() to banc_lecteur;

alter table structure enable row level security;
alter table compte enable row level security;
alter table action enable row level security;
alter table session enable row level security;
alter table candidat enable row level security;
alter table candidature enable row level security;
alter table convocation enable row level security;
alter table avis enable row level security;

create policy lire on structure for select to banc_lecteur
  using (etat = 'validee' or etat = 'a_valider' and declaree_par_id = (select moi()));
create policy lire on candidature for select to banc_lecteur using (
  (select recrute()) and etat in ('en_attente_avis', 'retenue', 'non_retenue', 'avis_non_transmis',
    'refus_session_complete', 'refus_session_annulee')
  and (responsable_id = (select ma_structure()) or positionneur_id = (select ma_structure())
    or formateur_id = (select ma_structure()))
  or not (select recrute()) and auteur_id = (select moi()) and structure_prescriptrice_id = (select ma_structure()));
create policy lire on session for select to banc_lecteur using (
  action_en_ligne and etat in ('publiee', 'suppression_demandee', 'annulee')
  or (select recrute()) and est_conventionnee and (responsable_id = (select ma_structure())
    or positionneur_id = (select ma_structure()) or formateur_id = (select ma_structure())));
create policy lire on action for select to banc_lecteur using (
  est_en_ligne or (select recrute()) and est_conventionnee and (responsable_id = (select ma_structure())
    or id = any (array(select s.action_id from session s
      where s.formateur_id = (select ma_structure()) or s.positionneur_id = (select ma_structure())))));
create policy lire on candidat for select to banc_lecteur using (
  not (select recrute()) and createur_structure_id = (select ma_structure())
  or exists (select 1 from candidature c where c.candidat_id = candidat.id));
create policy lire on compte for select to banc_lecteur using (
  id = (select moi()) or exists (select 1 from candidature c where c.auteur_id = compte.id));
create policy lire on convocation for select to banc_lecteur using (
  exists (select 1 from candidature c where c.id = candidature_id));
create policy lire on avis for select to banc_lecteur using (
  exists (select 1 from candidature c where c.id = candidature_id));

-- What the schema of ours offers and columns alone do not: a search, counts by état, what one may do.
-- The day that the clock `ouvree` says (R-077): before eight it is still the day before, at the weekend still Friday.
create function aujourd_hui() returns date language sql stable as $$
  select d - greatest(0, extract(isodow from d)::int - 5)
  from (select (now() at time zone 'Europe/Paris' - interval '8 hours')::date as d) veille $$;
comment on function aujourd_hui() is '@omit';
create function rechercher_actions(mots text, departements text[]) returns setof action language sql stable as $$
  select * from action a where a.mots_cherches @@ cherche_litteral(mots) and exists (select 1 from session s
    where s.action_id = a.id and s.lieu_departement = any(departements) and s.date_fin >= (select aujourd_hui()))
  order by a.intitule, a.id $$;
create function actions_de(organisme int) returns setof action language sql stable as $$
  select * from action a where a.responsable_id = organisme
    and exists (select 1 from session s where s.action_id = a.id and s.date_fin >= (select aujourd_hui()))
  order by a.intitule, a.id $$;
create function action_a_venir(a action) returns setof session language sql stable as $$
  select * from session s where s.action_id = a.id and s.date_fin >= (select aujourd_hui())
  order by s.date_debut, s.id $$;
create type facette as (valeur text, nombre int);
create type facette_organisme as (raison_sociale text, nombre int);
create function facettes_dispositifs(mots text, departements text[]) returns setof facette language sql stable as $$
  select a.dispositif, count(*)::int from rechercher_actions(mots, departements) a
  where a.dispositif is not null group by 1 order by 2 desc, 1 limit 100 $$;
create function facettes_organismes(mots text, departements text[]) returns setof facette_organisme language sql stable as $$
  select o.raison_sociale, f.nombre from (select a.responsable_id, count(*)::int as nombre
    from rechercher_actions(mots, departements) a group by 1 order by 2 desc, 1 limit 100) f
  left join structure o on o.id = f.responsable_id order by f.nombre desc, f.responsable_id $$;
create function facettes_departements(mots text, departements text[]) returns setof facette language sql stable as $$
  select s.lieu_departement, count(distinct a.id)::int from action a join session s on s.action_id = a.id
  where a.mots_cherches @@ cherche_litteral(mots) and s.lieu_departement = any(departements)
    and s.date_fin >= (select aujourd_hui()) group by 1 order by 2 desc, 1 limit 100 $$;
create function facettes_modalites(mots text, departements text[]) returns setof facette language sql stable as $$
  select s.modalite, count(distinct a.id)::int from action a join session s on s.action_id = a.id
  where a.mots_cherches @@ cherche_litteral(mots) and s.lieu_departement = any(departements)
    and s.date_fin >= (select aujourd_hui()) and s.modalite is not null group by 1 order by 2 desc, 1 limit 100 $$;
create type nombre_par_etat as (etat text, nombre int);
create function session_par_etat(s session) returns setof nombre_par_etat language sql stable as $$
  select c.etat::text, count(*)::int from candidature c where c.session_id = s.id group by c.etat order by c.etat $$;
create function candidature_convoquer(c candidature) returns boolean language sql stable as $$
  select (select recrute()) and c.etat = 'en_attente_avis' and (select ma_structure()) in (c.responsable_id, c.positionneur_id, c.formateur_id)
    and c.auteur_id is distinct from (select moi()) and c.validee_par_id is distinct from (select moi()) $$;
create function candidature_rendre_avis(c candidature) returns boolean language sql stable as $$
  select (select recrute()) and c.etat = 'en_attente_avis' and (select ma_structure()) in (c.responsable_id, c.positionneur_id, c.formateur_id)
    and c.auteur_id is distinct from (select moi()) and c.validee_par_id is distinct from (select moi()) $$;
create function candidature_annuler(c candidature) returns boolean language sql stable as $$
  select not (select recrute()) and c.etat = 'en_attente_avis' and c.auteur_id = (select moi()) $$;
create function candidature_modifier(c candidature) returns boolean language sql stable as $$
  select not (select recrute()) and c.etat in ('brouillon', 'en_attente_validation') and c.auteur_id = (select moi()) $$;
create function candidature_valider(c candidature) returns boolean language sql stable as $$
  select not (select recrute()) and c.etat = 'brouillon' and c.auteur_id = (select moi())
    and c.soumise_par_id is distinct from (select moi()) $$;
create function candidature_opaque(c candidature) returns text language sql stable as $$
  select encode(('Candidature:' || c.id)::bytea, 'base64') $$;

-- M1: the rules are in the functions that the floor calls too (schema plancher, where it is installed).
create function cle_de(opaque text) returns int language sql immutable as $$
  select split_part(convert_from(decode(opaque, 'base64'), 'UTF8'), ':', 2)::int $$;
create function creer_candidature(candidat text, session text, niveau_formation text, situation text,
  parcours_anterieur text, raisons text, suites_parcours text, envoyer_recapitulatif boolean) returns candidature
language plpgsql volatile security definer as $$
declare fait record; made candidature;
begin
  select * into fait from plancher.creer(cle_de(candidat), cle_de(session), moi(), ma_structure(), now(),
    array[niveau_formation, situation, parcours_anterieur, raisons, suites_parcours], null, envoyer_recapitulatif);
  select * into made from candidature where id = fait.cle;
  return made;
end $$;
create function valider_candidature(candidature text) returns candidature
language plpgsql volatile security definer as $$
declare made candidature;
begin
  perform plancher.valider(cle_de(candidature), moi(), ma_structure(), now(), (now() at time zone 'Europe/Paris')::date);
  select * into made from public.candidature k where k.id = cle_de(valider_candidature.candidature);
  return made;
end $$;
grant execute on all functions in schema public to banc_lecteur;
