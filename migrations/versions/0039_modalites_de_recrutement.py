"""How one is admitted to a session; meetings were information meetings already."""

from migrations.sql import executer

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """R-242."""
    executer("""
ALTER TABLE session ADD modalites_recrutement TEXT[] DEFAULT '{}' NOT NULL;
ALTER TABLE session ADD CONSTRAINT ck_session_modalites_recrutement CHECK (modalites_recrutement <@ ARRAY[
  'simulation', 'concours', 'dossier', 'tests_pratiques', 'ecrit', 'oral', 'candidature', 'entretien',
  'information_collective']);
UPDATE session SET modalites_recrutement = '{information_collective}'
WHERE EXISTS (SELECT FROM reunion WHERE reunion.session_id = session.id);
""")


def downgrade() -> None:
    """Undo it."""
    executer("ALTER TABLE session DROP modalites_recrutement;")
