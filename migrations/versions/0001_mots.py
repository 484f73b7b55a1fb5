"""Words compared without accents or case; the role that only reads."""

from migrations.sql import executer

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SQL = r"""
-- Two texts are the same word when this says so: no accent, no case, no punctuation.
CREATE FUNCTION plier(t text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN btrim(regexp_replace(
  translate(
    replace(replace(lower(normalize(t, NFC)), 'œ', 'oe'), 'æ', 'ae'),
    'àáâãäåçèéêëìíîïñòóôõöùúûüýÿ', 'aaaaaaceeeeiiiinooooouuuuyy'),
  '[^a-z0-9]+', ' ', 'g'));

-- The literal engine (R-051): words as they are written, nothing expanded.
CREATE FUNCTION mots_litteraux(t text) RETURNS tsvector LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN to_tsvector('pg_catalog.simple'::regconfig, plier(t));

CREATE FUNCTION cherche_litteral(t text) RETURNS tsquery LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN plainto_tsquery('pg_catalog.simple'::regconfig, plier(t));

DO $$ BEGIN
  IF to_regrole('rafael_lecture') IS NULL THEN  -- whoever may create no role may not say so of one that is there
    CREATE ROLE rafael_lecture NOLOGIN;
  END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;  -- roles belong to the server, not to one base
END $$;
GRANT USAGE ON SCHEMA public TO rafael_lecture;

CREATE FUNCTION reste_la_meme() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'cette colonne de % ne change jamais', TG_TABLE_NAME USING ERRCODE = 'check_violation';
END $$;
"""


def upgrade() -> None:
    """Words compared without accents or case; the role that only reads."""
    executer(SQL)


def downgrade() -> None:
    """Undo it."""
    executer("""
DROP FUNCTION reste_la_meme();
DROP FUNCTION cherche_litteral(text);
DROP FUNCTION mots_litteraux(text);
DROP FUNCTION plier(text);
""")
