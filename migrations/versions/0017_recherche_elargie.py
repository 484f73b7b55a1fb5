"""The second engine of the search: labels, word endings, acronyms, typing faults."""

from migrations.sql import executer

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

SQL = r"""
-- What a word has in common with its feminine and its plural, once accents are gone: `é`, `ée`, `és` would stem apart.
-- A trade has two names: soudeuse and soudeur, animatrice and animateur. PostgreSQL's French stop list lacks « les », and
-- the trimming would hide the other long stop words.
CREATE FUNCTION radical(t text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN regexp_replace(
  regexp_replace(
    regexp_replace(
      regexp_replace(plier(t), '\m(les|dans|elles?|nous|vous|notre|votre|meme|mais|etes|sommes)\M', ' ', 'g'),
      '(euse|rice)s?\M', 'eur', 'g'),
    'ives?\M', 'if', 'g'),
  '([a-z]{3,}?)[esx]+\M', '\1', 'g');

CREATE FUNCTION mots_proches(t text) RETURNS tsvector LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN to_tsvector('pg_catalog.french'::regconfig, radical(t));

-- One blank around a word, not two: what only says « begins with m » would be shared by too many.
CREATE FUNCTION trigrammes(mot text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN (SELECT array_agg(DISTINCT substr(' ' || mot || ' ', i, 3)) FROM generate_series(1, length(mot)) AS i);

-- The acronyms that a label may be called by: the initials of its last words, three to six, small words left out, or with
-- the d of « de ». « CAP Accompagnant éducatif petite enfance » gives caepe, aepe, epe.
CREATE FUNCTION sigles_de(libelle text) RETURNS TABLE (sigle text, mots text)
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
  WITH segment AS (
    SELECT rang, plier(texte) AS texte
    FROM regexp_split_to_table(libelle, '[,;:()/]|\s[-–—]\s') WITH ORDINALITY AS s (texte, rang)
  ), lettre AS (
    SELECT segment.rang AS segment, avec_de, mot.rang, mot.mot, mot.mot IN ('de', 'd', 'du', 'des') AS est_de
    FROM segment, unnest(string_to_array(texte, ' ')) WITH ORDINALITY AS mot (mot, rang),
      (VALUES (false), (true)) AS variante (avec_de)
    WHERE mot.mot ~ '^[a-z]' AND mot.mot NOT IN
      ('la', 'le', 'les', 'l', 'et', 'a', 'au', 'aux', 'en', 'ou', 'un', 'une', 'pour', 'par', 'dans', 'sur', 'avec')
      AND (avec_de OR mot.mot NOT IN ('de', 'd', 'du', 'des'))
  )
  SELECT DISTINCT string_agg(left(la.mot, 1), '' ORDER BY la.rang),
    string_agg(la.mot, ' ' ORDER BY la.rang) FILTER (WHERE NOT la.est_de)
  FROM lettre debut JOIN lettre la USING (segment, avec_de)
  WHERE la.rang >= debut.rang AND NOT debut.est_de
  GROUP BY segment, avec_de, debut.rang HAVING count(*) FILTER (WHERE NOT la.est_de) BETWEEN 3 AND 6;
END;

-- What an action prepares for and is indexed by, in words: a copy, kept by triggers.
CREATE FUNCTION libelles_de(la_cle integer, codes text[]) RETURNS text LANGUAGE sql STABLE STRICT PARALLEL SAFE AS $$
  SELECT coalesce(string_agg(libelle, ' · ' ORDER BY sorte, libelle), '') FROM (
    SELECT 1 AS sorte, c.intitule AS libelle
    FROM action_certification k JOIN certification c ON c.id = k.certification_id WHERE k.action_id = la_cle
    UNION ALL
    SELECT 2, f.libelle FROM formacode f WHERE f.code = ANY (codes)) x
$$;

ALTER TABLE action ADD COLUMN libelles TEXT DEFAULT '' NOT NULL;
UPDATE action SET libelles = libelles_de(id, formacodes);
ALTER TABLE action ADD COLUMN mots_elargis TSVECTOR GENERATED ALWAYS AS (
  setweight(mots_proches(intitule), 'A') || setweight(mots_proches(libelles), 'B')
  || setweight(mots_proches(coalesce(objectif, '')), 'C') || setweight(mots_proches(coalesce(programme, '')), 'D')
  ) STORED NOT NULL;
CREATE INDEX ix_action_mots_elargis ON action USING gin (mots_elargis);

CREATE FUNCTION action_libelles() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.libelles := libelles_de(NEW.id, NEW.formacodes);
  RETURN NEW;
END $$;
CREATE TRIGGER action_libelles BEFORE INSERT OR UPDATE OF formacodes, libelles ON action
FOR EACH ROW EXECUTE FUNCTION action_libelles();

CREATE FUNCTION action_certification_libelles() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE action SET libelles = '' WHERE id = coalesce(NEW.action_id, OLD.action_id);
  RETURN NULL;
END $$;
CREATE TRIGGER action_certification_libelles AFTER INSERT OR DELETE OR UPDATE OF certification_id ON action_certification
FOR EACH ROW EXECUTE FUNCTION action_certification_libelles();

CREATE FUNCTION certification_libelles() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE action SET libelles = '' WHERE id IN (
    SELECT k.action_id FROM action_certification k JOIN apres ON apres.id = k.certification_id
    JOIN avant ON avant.id = apres.id WHERE apres.intitule <> avant.intitule);
  RETURN NULL;
END $$;
CREATE TRIGGER certification_libelles AFTER UPDATE ON certification
REFERENCING OLD TABLE AS avant NEW TABLE AS apres FOR EACH STATEMENT EXECUTE FUNCTION certification_libelles();

CREATE FUNCTION formacode_libelles() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE action SET libelles = '' WHERE formacodes && (SELECT array_agg(code) FROM touches);
  RETURN NULL;
END $$;
CREATE TRIGGER formacode_libelles_ajoutes AFTER INSERT ON formacode
REFERENCING NEW TABLE AS touches FOR EACH STATEMENT EXECUTE FUNCTION formacode_libelles();
CREATE TRIGGER formacode_libelles_changes AFTER UPDATE ON formacode
REFERENCING NEW TABLE AS touches FOR EACH STATEMENT EXECUTE FUNCTION formacode_libelles();
CREATE TRIGGER formacode_libelles_retires AFTER DELETE ON formacode
REFERENCING OLD TABLE AS touches FOR EACH STATEMENT EXECUTE FUNCTION formacode_libelles();

-- A view is computed under a search path of its own: what stands in a string names its schema.
-- The words of the published offer, and of the labels: what a word that is nowhere else may have been meant for.
CREATE MATERIALIZED VIEW vocabulaire AS
SELECT s.word AS mot, (tsvector_to_array(mots_proches(s.word)))[1] AS radical, trigrammes(s.word) AS trigrammes,
  s.ndoc AS nb
FROM ts_stat($$ SELECT mots_cherches FROM public.action WHERE est_en_ligne
  UNION ALL SELECT public.mots_litteraux(libelles) FROM public.action WHERE est_en_ligne $$) s
WHERE length(s.word) >= 4 AND s.word ~ '^[a-z]+$' AND mots_proches(s.word) <> '';
CREATE UNIQUE INDEX ix_vocabulaire_mot ON vocabulaire (mot);
CREATE INDEX ix_vocabulaire_radical ON vocabulaire (radical);
CREATE INDEX ix_vocabulaire_trigrammes ON vocabulaire USING gin (trigrammes);

-- The acronyms of the labels that the published offer uses.
CREATE MATERIALIZED VIEW sigle AS
SELECT s.sigle, s.mots, tsvector_to_array(mots_proches(s.mots)) AS radicaux, sum(l.nb)::integer AS nb
FROM (
  SELECT c.intitule AS libelle, count(*) AS nb FROM certification c
  JOIN action_certification k ON k.certification_id = c.id JOIN action a ON a.id = k.action_id
  WHERE a.est_en_ligne GROUP BY c.id
  UNION ALL
  SELECT f.libelle, count(*) FROM formacode f JOIN action a ON f.code = ANY (a.formacodes)
  WHERE a.est_en_ligne GROUP BY f.code) l, LATERAL sigles_de(l.libelle) s
GROUP BY s.sigle, s.mots;
CREATE UNIQUE INDEX ix_sigle_sigle ON sigle (sigle, mots);
CREATE INDEX ix_sigle_radicaux ON sigle USING gin (radicaux);
GRANT SELECT ON vocabulaire, sigle TO rafael_lecture;

-- What a word that no published text holds may have been meant for: the two nearest words, if they are near.
CREATE FUNCTION corriger(le_mot text) RETURNS tsquery LANGUAGE sql STABLE STRICT PARALLEL SAFE AS $$
  SELECT string_agg(radical, ' | ')::tsquery FROM (
    SELECT v.radical FROM vocabulaire v, LATERAL (
      SELECT count(*)::float8 AS n FROM unnest(v.trigrammes) t WHERE t = ANY (trigrammes(le_mot))) s
    WHERE v.trigrammes && trigrammes(le_mot) AND abs(length(v.mot) - length(le_mot)) <= 2
      AND n / (cardinality(v.trigrammes) + cardinality(trigrammes(le_mot)) - n) >= 0.4
    ORDER BY n / (cardinality(v.trigrammes) + cardinality(trigrammes(le_mot)) - n) DESC, v.nb DESC LIMIT 2) proches
$$;

-- One word: itself; or, for an acronym, the words of the labels that have it; or, for a fault, what it was meant for.
CREATE FUNCTION elargir(le_mot text, racine text) RETURNS tsquery LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
  trouve tsquery := racine::tsquery;
  plus tsquery;
BEGIN
  SELECT string_agg('(' || array_to_string(radicaux, ' & ') || ')', ' | ')::tsquery INTO plus
  FROM (SELECT radicaux FROM sigle WHERE sigle = le_mot ORDER BY nb DESC, mots LIMIT 5) s;
  IF plus IS NULL AND length(le_mot) >= 4 AND le_mot ~ '^[a-z]+$'
      AND NOT EXISTS (SELECT FROM vocabulaire WHERE radical = racine) THEN
    plus := corriger(le_mot);
  END IF;
  RETURN CASE WHEN plus IS NULL THEN trouve ELSE trouve || plus END;
END $$;

-- All the words, each widened; or the acronym that some of them spell out, and the others.
CREATE FUNCTION cherche_elargi(t text) RETURNS tsquery LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE AS $$
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
"""


def upgrade() -> None:
    """The second engine of the search."""
    executer(SQL)


def downgrade() -> None:
    """Undo it."""
    executer("""
DROP FUNCTION cherche_elargi(text);
DROP FUNCTION elargir(text, text);
DROP FUNCTION corriger(text);
DROP MATERIALIZED VIEW sigle;
DROP MATERIALIZED VIEW vocabulaire;
DROP TRIGGER formacode_libelles_ajoutes ON formacode;
DROP TRIGGER formacode_libelles_changes ON formacode;
DROP TRIGGER formacode_libelles_retires ON formacode;
DROP TRIGGER certification_libelles ON certification;
DROP TRIGGER action_certification_libelles ON action_certification;
DROP TRIGGER action_libelles ON action;
DROP FUNCTION formacode_libelles();
DROP FUNCTION certification_libelles();
DROP FUNCTION action_certification_libelles();
DROP FUNCTION action_libelles();
ALTER TABLE action DROP COLUMN mots_elargis, DROP COLUMN libelles;
DROP FUNCTION libelles_de(integer, text[]);
DROP FUNCTION sigles_de(text);
DROP FUNCTION trigrammes(text);
DROP FUNCTION mots_proches(text);
DROP FUNCTION radical(text);
""")
