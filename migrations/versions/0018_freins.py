"""How often an address may ask: counted once for all the processes, forgotten by itself."""

from migrations.sql import executer

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

# Unlogged: a crash forgets it, and no attempt waits for a disk. Nothing is granted on it: no reading needs it.
SQL = r"""
CREATE UNLOGGED TABLE frein (
  cle BYTEA NOT NULL,
  jusqu_au TIMESTAMP WITH TIME ZONE NOT NULL,
  nb_echecs INTEGER DEFAULT '0' NOT NULL,
  CONSTRAINT pk_frein PRIMARY KEY (cle)
);
CREATE INDEX ix_frein_jusqu_au ON frein (jusqu_au);

-- NULL: go on, and so many are counted. Else nothing is counted, and this is when to come back.
-- `jusqu_au` is the moment by which all that was counted is paid back, one every `intervalle` (GCRA).
CREATE FUNCTION freiner(la_cle BYTEA, combien INTEGER, a_la_fois INTEGER, intervalle INTERVAL, le TIMESTAMPTZ)
RETURNS TIMESTAMPTZ LANGUAGE plpgsql AS $$
DECLARE
  trouve TIMESTAMPTZ;
BEGIN
  INSERT INTO frein AS f (cle, jusqu_au) VALUES (la_cle, le + combien * intervalle)
  ON CONFLICT (cle) DO UPDATE SET jusqu_au = greatest(f.jusqu_au, le) + combien * intervalle
    WHERE greatest(f.jusqu_au, le) + combien * intervalle <= le + a_la_fois * intervalle
  RETURNING f.jusqu_au INTO trouve;
  IF FOUND THEN
    DELETE FROM frein WHERE cle IN (
      SELECT vieux.cle FROM frein vieux WHERE vieux.jusqu_au < le - interval '1 day'
      ORDER BY vieux.jusqu_au LIMIT 2 FOR UPDATE SKIP LOCKED);
    RETURN NULL;
  END IF;
  SELECT f.jusqu_au + (combien - a_la_fois) * intervalle INTO trouve FROM frein f WHERE f.cle = la_cle;
  RETURN trouve;
END $$;

-- One failure more: from `permis` on, each makes the address wait twice as long as the one before, up to `au_plus`.
-- They are forgotten an hour after the last wait.
CREATE FUNCTION echouer(la_cle BYTEA, permis INTEGER, premiere INTERVAL, au_plus INTERVAL, le TIMESTAMPTZ)
RETURNS INTEGER LANGUAGE sql AS $$
  INSERT INTO frein AS f (cle, jusqu_au, nb_echecs) VALUES (la_cle, le, 1)
  ON CONFLICT (cle) DO UPDATE SET
    nb_echecs = CASE WHEN f.jusqu_au < le - interval '1 hour' THEN 1 ELSE f.nb_echecs + 1 END,
    jusqu_au = CASE
      WHEN f.jusqu_au < le - interval '1 hour' OR f.nb_echecs + 1 < permis THEN greatest(f.jusqu_au, le)
      ELSE greatest(f.jusqu_au, le + least(premiere * power(2, least(f.nb_echecs + 1 - permis, 20)), au_plus))
    END
  RETURNING f.nb_echecs
$$;
"""


def upgrade() -> None:
    """Count what an address asks."""
    executer(SQL)


def downgrade() -> None:
    """Undo it."""
    executer("""
DROP FUNCTION echouer(BYTEA, INTEGER, INTERVAL, INTERVAL, TIMESTAMPTZ);
DROP FUNCTION freiner(BYTEA, INTEGER, INTEGER, INTERVAL, TIMESTAMPTZ);
DROP TABLE frein;
""")
