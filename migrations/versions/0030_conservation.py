"""How long people are known: what was anonymised, and what waits for it."""

from migrations.sql import executer

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

SQL = r"""
ALTER TABLE candidat ADD COLUMN anonymise_le TIMESTAMP WITH TIME ZONE;
CREATE INDEX ix_candidat_a_anonymiser ON candidat (modifie_le) WHERE anonymise_le IS NULL;
CREATE INDEX ix_fait_candidat ON fait (candidat_id, id) WHERE candidat_id IS NOT NULL;
CREATE INDEX ix_recherche_candidat_faite_le ON recherche_candidat (faite_le);
CREATE INDEX ix_recherche_candidat_a_taire ON recherche_candidat (faite_le) WHERE empreinte <> ''::bytea;

-- A reference that was written down would lead back to the person: it changes once, when nothing else does any more.
DROP TRIGGER stable ON candidat;
CREATE TRIGGER stable BEFORE UPDATE ON candidat FOR EACH ROW
  WHEN (OLD.reference <> NEW.reference AND NOT (OLD.anonymise_le IS NULL AND NEW.anonymise_le IS NOT NULL))
  EXECUTE FUNCTION reste_la_meme();

CREATE FUNCTION reference_de_candidature() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM candidat WHERE id = NEW.candidat_id AND anonymise_le IS NOT NULL) THEN
    RAISE EXCEPTION 'cette colonne de % ne change jamais', TG_TABLE_NAME USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
DROP TRIGGER stable ON candidature;
CREATE TRIGGER stable BEFORE UPDATE ON candidature FOR EACH ROW
  WHEN (OLD.reference <> NEW.reference) EXECUTE FUNCTION reference_de_candidature();
"""


def upgrade() -> None:
    """What was anonymised, and what waits for it."""
    executer(SQL)


def downgrade() -> None:
    """Undo it."""
    executer("""
DROP TRIGGER stable ON candidature;
CREATE TRIGGER stable BEFORE UPDATE ON candidature FOR EACH ROW
  WHEN (OLD.reference <> NEW.reference) EXECUTE FUNCTION reste_la_meme();
DROP FUNCTION reference_de_candidature();
DROP TRIGGER stable ON candidat;
CREATE TRIGGER stable BEFORE UPDATE ON candidat FOR EACH ROW
  WHEN (OLD.reference <> NEW.reference) EXECUTE FUNCTION reste_la_meme();
DROP INDEX ix_recherche_candidat_a_taire;
DROP INDEX ix_recherche_candidat_faite_le;
DROP INDEX ix_fait_candidat;
DROP INDEX ix_candidat_a_anonymiser;
ALTER TABLE candidat DROP COLUMN anonymise_le;
""")
