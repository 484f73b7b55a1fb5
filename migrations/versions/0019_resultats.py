"""What is told of candidatures: their results to who wrote them, their recap to the person."""

from migrations.sql import executer

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

SQL = r"""
ALTER TABLE compte ADD COLUMN envoi_avis VARCHAR(40) NOT NULL DEFAULT 'immediat'
  CONSTRAINT ck_compte_envoiavis CHECK (envoi_avis IN ('immediat', 'quotidien', 'aucun'));
ALTER TABLE candidature ADD COLUMN est_a_annoncer BOOLEAN NOT NULL DEFAULT false;
CREATE INDEX ix_candidature_est_a_annoncer ON candidature (id) WHERE est_a_annoncer;
ALTER TABLE courriel_envoye ALTER COLUMN compte_id DROP NOT NULL;
ALTER TABLE courriel_envoye ADD COLUMN candidat_id INTEGER
  CONSTRAINT fk_courriel_envoye_candidat_id REFERENCES candidat (id) ON DELETE CASCADE;
CREATE INDEX ix_courriel_envoye_candidat_id ON courriel_envoye (candidat_id);
ALTER TABLE courriel_envoye ADD CONSTRAINT ck_courriel_envoye_a_qui CHECK (num_nonnulls(compte_id, candidat_id) = 1);
"""


def upgrade() -> None:
    """What is told."""
    executer(SQL)


def downgrade() -> None:
    """Undo it."""
    executer("""
DELETE FROM courriel_envoye WHERE compte_id IS NULL;
ALTER TABLE courriel_envoye DROP CONSTRAINT ck_courriel_envoye_a_qui;
ALTER TABLE courriel_envoye DROP COLUMN candidat_id;
ALTER TABLE courriel_envoye ALTER COLUMN compte_id SET NOT NULL;
ALTER TABLE candidature DROP COLUMN est_a_annoncer;
ALTER TABLE compte DROP COLUMN envoi_avis;
""")
