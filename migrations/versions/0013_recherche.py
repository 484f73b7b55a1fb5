"""The search of the offer: which words weigh more, numbers and towns found by an index, distances."""

from migrations.sql import executer

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

SQL = r"""
-- A word of the intitulé counts more than one of the programme, once results are put in order of relevance.
ALTER TABLE action DROP COLUMN mots_cherches;
ALTER TABLE action ADD COLUMN mots_cherches TSVECTOR GENERATED ALWAYS AS (
  setweight(mots_litteraux(intitule), 'A') || setweight(mots_litteraux(coalesce(objectif, '')), 'B')
  || setweight(mots_litteraux(coalesce(programme, '')), 'C')) STORED NOT NULL;
CREATE INDEX ix_action_mots_cherches ON action USING gin (mots_cherches);

CREATE INDEX ix_action_marche_plie ON action (plier(numero_marche));
CREATE INDEX ix_session_ville_pliee ON session (plier(lieu_ville));
CREATE INDEX ix_session_lieu_code_postal ON session (lieu_code_postal);

-- Kilometres between two points of the Earth, as the crow flies; null if one of them is not known.
CREATE FUNCTION distance_km(lat_a float8, lon_a float8, lat_b float8, lon_b float8) RETURNS float8
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN 12742 * asin(least(1, sqrt(
  sind((lat_b - lat_a) / 2) ^ 2 + cosd(lat_a) * cosd(lat_b) * sind((lon_b - lon_a) / 2) ^ 2)));
"""


def upgrade() -> None:
    """The search of the offer."""
    executer(SQL)


def downgrade() -> None:
    """Undo it."""
    executer("""
DROP FUNCTION distance_km(float8, float8, float8, float8);
DROP INDEX ix_session_lieu_code_postal;
DROP INDEX ix_session_ville_pliee;
DROP INDEX ix_action_marche_plie;
ALTER TABLE action DROP COLUMN mots_cherches;
ALTER TABLE action ADD COLUMN mots_cherches TSVECTOR GENERATED ALWAYS AS (
  mots_litteraux(intitule || ' ' || coalesce(objectif, '') || ' ' || coalesce(programme, ''))) STORED NOT NULL;
CREATE INDEX ix_action_mots_cherches ON action USING gin (mots_cherches);
""")
