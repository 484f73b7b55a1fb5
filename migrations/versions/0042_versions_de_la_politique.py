"""What each policy in service said: its files, its matrix; the same one may come back to service."""

from migrations.sql import executer

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

SQL = r"""
ALTER TABLE version_politique DROP CONSTRAINT uq_version_politique_sha256;
ALTER TABLE version_politique ADD precedente_id INTEGER;
ALTER TABLE version_politique ADD contenu JSONB DEFAULT '{}' NOT NULL;
ALTER TABLE version_politique ADD matrice TEXT;
-- two machines that start together write it once: a version follows one other
ALTER TABLE version_politique ADD CONSTRAINT uq_version_politique_precedente_id UNIQUE NULLS NOT DISTINCT (precedente_id);
CREATE INDEX ix_version_politique_mise_en_service_le_id ON version_politique (mise_en_service_le, id);
CREATE TRIGGER immuable BEFORE UPDATE OR DELETE ON version_politique
  FOR EACH ROW EXECUTE FUNCTION journal_immuable();
"""


def upgrade() -> None:
    """The versions of the policy, whole."""
    executer(SQL)


def downgrade() -> None:
    """Undo it: of a policy that served several times, the first is kept."""
    executer("""
DROP TRIGGER immuable ON version_politique;
DROP INDEX ix_version_politique_mise_en_service_le_id;
DELETE FROM version_politique v WHERE EXISTS (SELECT FROM version_politique w WHERE w.sha256 = v.sha256 AND w.id < v.id);
ALTER TABLE version_politique DROP COLUMN matrice, DROP COLUMN contenu, DROP COLUMN precedente_id;
ALTER TABLE version_politique ADD CONSTRAINT uq_version_politique_sha256 UNIQUE (sha256);
""")
