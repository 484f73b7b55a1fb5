"""What jobs look for four times an hour is found by its own indexes; two corrections as near are always the same one."""

from migrations.sql import executer

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

SQL = r"""
CREATE INDEX ix_candidature_a_valider ON candidature (valider_avant_le) WHERE etat = 'en_attente_validation';
CREATE INDEX ix_candidature_brouillons ON candidature (modifiee_le) WHERE etat = 'brouillon';
CREATE INDEX ix_candidature_corbeille ON candidature (modifiee_le) WHERE etat = 'corbeille';
CREATE INDEX ix_candidature_sans_avis ON candidature (session_date_fin) WHERE etat = 'en_attente_avis';
-- Without it, each run goes through the whole journal to know what it has told already.
CREATE INDEX ix_fait_rappels ON fait (candidature_id, survenu_le)
  WHERE nom IN ('ValidationRappelee', 'BrouillonRappele', 'AvisRappele');
CREATE INDEX ix_recherche_enregistree_alertee_le ON recherche_enregistree (alertee_le) WHERE frequence <> 'jamais';

CREATE OR REPLACE FUNCTION corriger(le_mot text) RETURNS tsquery LANGUAGE sql STABLE STRICT PARALLEL SAFE AS $$
  SELECT string_agg(radical, ' | ')::tsquery FROM (
    SELECT v.radical FROM vocabulaire v, LATERAL (
      SELECT count(*)::float8 AS n FROM unnest(v.trigrammes) t WHERE t = ANY (trigrammes(le_mot))) s
    WHERE v.trigrammes && trigrammes(le_mot) AND abs(length(v.mot) - length(le_mot)) <= 2
      AND n / (cardinality(v.trigrammes) + cardinality(trigrammes(le_mot)) - n) >= 0.4
    ORDER BY n / (cardinality(v.trigrammes) + cardinality(trigrammes(le_mot)) - n) DESC, v.nb DESC, v.mot LIMIT 2) proches
$$;

CREATE OR REPLACE FUNCTION cherche_elargi(t text) RETURNS tsquery LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE AS $$
DECLARE
  mot text; racine text; entier tsquery; autre tsquery; s record;
  racines text[] := '{}';
  larges tsquery[] := '{}';
BEGIN
  FOREACH mot IN ARRAY string_to_array(plier(t), ' ') LOOP
    racine := (tsvector_to_array(mots_proches(mot)))[1];
    CONTINUE WHEN racine IS NULL OR racine = ANY (racines);
    racines := racines || racine;
    larges := larges || elargir(mot, racine);
    entier := CASE WHEN entier IS NULL THEN larges[cardinality(larges)] ELSE entier && larges[cardinality(larges)] END;
  END LOOP;
  FOR s IN SELECT sigle, radicaux FROM sigle WHERE radicaux && racines AND radicaux <@ racines
      ORDER BY cardinality(radicaux) DESC, nb DESC, sigle, mots LIMIT 3 LOOP
    autre := (tsvector_to_array(mots_proches(s.sigle)))[1]::tsquery;
    FOR i IN 1..cardinality(racines) LOOP
      autre := CASE WHEN racines[i] = ANY (s.radicaux) THEN autre ELSE autre && larges[i] END;
    END LOOP;
    entier := CASE WHEN autre IS NULL THEN entier ELSE entier || autre END;
  END LOOP;
  RETURN coalesce(entier, ''::tsquery);
END $$;
"""

RETOUR = r"""
CREATE OR REPLACE FUNCTION corriger(le_mot text) RETURNS tsquery LANGUAGE sql STABLE STRICT PARALLEL SAFE AS $$
  SELECT string_agg(radical, ' | ')::tsquery FROM (
    SELECT v.radical FROM vocabulaire v, LATERAL (
      SELECT count(*)::float8 AS n FROM unnest(v.trigrammes) t WHERE t = ANY (trigrammes(le_mot))) s
    WHERE v.trigrammes && trigrammes(le_mot) AND abs(length(v.mot) - length(le_mot)) <= 2
      AND n / (cardinality(v.trigrammes) + cardinality(trigrammes(le_mot)) - n) >= 0.4
    ORDER BY n / (cardinality(v.trigrammes) + cardinality(trigrammes(le_mot)) - n) DESC, v.nb DESC LIMIT 2) proches
$$;

CREATE OR REPLACE FUNCTION cherche_elargi(t text) RETURNS tsquery LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE AS $$
DECLARE
  mot text; racine text; entier tsquery; autre tsquery; s record;
  racines text[] := '{}';
  larges tsquery[] := '{}';
BEGIN
  FOREACH mot IN ARRAY string_to_array(plier(t), ' ') LOOP
    racine := (tsvector_to_array(mots_proches(mot)))[1];
    CONTINUE WHEN racine IS NULL OR racine = ANY (racines);
    racines := racines || racine;
    larges := larges || elargir(mot, racine);
    entier := CASE WHEN entier IS NULL THEN larges[cardinality(larges)] ELSE entier && larges[cardinality(larges)] END;
  END LOOP;
  FOR s IN SELECT sigle, radicaux FROM sigle WHERE radicaux && racines AND radicaux <@ racines
      ORDER BY cardinality(radicaux) DESC, nb DESC, sigle LIMIT 3 LOOP
    autre := (tsvector_to_array(mots_proches(s.sigle)))[1]::tsquery;
    FOR i IN 1..cardinality(racines) LOOP
      autre := CASE WHEN racines[i] = ANY (s.radicaux) THEN autre ELSE autre && larges[i] END;
    END LOOP;
    entier := CASE WHEN autre IS NULL THEN entier ELSE entier || autre END;
  END LOOP;
  RETURN coalesce(entier, ''::tsquery);
END $$;

DROP INDEX ix_recherche_enregistree_alertee_le;
DROP INDEX ix_fait_rappels;
DROP INDEX ix_candidature_sans_avis;
DROP INDEX ix_candidature_corbeille;
DROP INDEX ix_candidature_brouillons;
DROP INDEX ix_candidature_a_valider;
"""


def upgrade() -> None:
    """Deadlines have their indexes."""
    executer(SQL)


def downgrade() -> None:
    """Undo it."""
    executer(RETOUR)
