"""An act on an action no longer computes its words again: no trigger is there before an update, only after."""

from migrations.sql import executer

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

# PostgreSQL computes every generated column again where a trigger may still change the row (BEFORE UPDATE): the words
# of a whole programme, for a change of état.
SQL = r"""
DROP TRIGGER stable ON action;
CREATE TRIGGER stable AFTER UPDATE ON action FOR EACH ROW
  WHEN (OLD.reference <> NEW.reference) EXECUTE FUNCTION reste_la_meme();

DROP TRIGGER action_libelles ON action;
CREATE TRIGGER action_libelles BEFORE INSERT ON action FOR EACH ROW EXECUTE FUNCTION action_libelles();
CREATE FUNCTION action_libelles_suivent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE action SET libelles = libelles_de(NEW.id, NEW.formacodes)
  WHERE id = NEW.id AND libelles <> libelles_de(NEW.id, NEW.formacodes);
  RETURN NULL;
END $$;
CREATE TRIGGER action_libelles_suivent AFTER UPDATE OF formacodes, libelles ON action FOR EACH ROW
  WHEN (OLD.formacodes <> NEW.formacodes OR OLD.libelles <> NEW.libelles) EXECUTE FUNCTION action_libelles_suivent();

CREATE OR REPLACE FUNCTION action_certification_libelles() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE action SET libelles = libelles_de(id, formacodes) WHERE id = coalesce(NEW.action_id, OLD.action_id);
  RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION certification_libelles() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE action SET libelles = libelles_de(id, formacodes) WHERE id IN (
    SELECT k.action_id FROM action_certification k JOIN apres ON apres.id = k.certification_id
    JOIN avant ON avant.id = apres.id WHERE apres.intitule <> avant.intitule);
  RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION formacode_libelles() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE action SET libelles = libelles_de(id, formacodes)
  WHERE formacodes && (SELECT array_agg(code) FROM touches);
  RETURN NULL;
END $$;
"""

RETOUR = r"""
CREATE OR REPLACE FUNCTION formacode_libelles() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE action SET libelles = '' WHERE formacodes && (SELECT array_agg(code) FROM touches);
  RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION certification_libelles() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE action SET libelles = '' WHERE id IN (
    SELECT k.action_id FROM action_certification k JOIN apres ON apres.id = k.certification_id
    JOIN avant ON avant.id = apres.id WHERE apres.intitule <> avant.intitule);
  RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION action_certification_libelles() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE action SET libelles = '' WHERE id = coalesce(NEW.action_id, OLD.action_id);
  RETURN NULL;
END $$;
DROP TRIGGER action_libelles_suivent ON action;
DROP FUNCTION action_libelles_suivent();
DROP TRIGGER action_libelles ON action;
CREATE TRIGGER action_libelles BEFORE INSERT OR UPDATE OF formacodes, libelles ON action
FOR EACH ROW EXECUTE FUNCTION action_libelles();
DROP TRIGGER stable ON action;
CREATE TRIGGER stable BEFORE UPDATE ON action FOR EACH ROW
  WHEN (OLD.reference <> NEW.reference) EXECUTE FUNCTION reste_la_meme();
"""


def upgrade() -> None:
    """The words of an action are computed when they change."""
    executer(SQL)


def downgrade() -> None:
    """Undo it."""
    executer(RETOUR)
