"""A saved search keeps the profile that it tells for."""

from migrations.sql import executer

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

SQL = """
ALTER TABLE recherche_enregistree
  ADD COLUMN structure_id INTEGER CONSTRAINT fk_recherche_enregistree_structure_id REFERENCES structure (id),
  ADD COLUMN droit VARCHAR(40),
  ADD CONSTRAINT ck_recherche_enregistree_droit CHECK (droit IN ('beneficiaire', 'prescripteur_n1',
    'prescripteur_n2', 'prescripteur_n3', 'of_catalogue', 'of_preinscription', 'of_general', 'employeur', 'prestataire',
    'gestionnaire', 'auditeur')),
  ADD CONSTRAINT ck_recherche_enregistree_profil CHECK ((droit IS NULL) = (structure_id IS NULL));
CREATE INDEX ix_recherche_enregistree_structure_id ON recherche_enregistree (structure_id);
"""


def upgrade() -> None:
    """A search tells what a profile may read."""
    executer(SQL)


def downgrade() -> None:
    """Undo it."""
    executer("ALTER TABLE recherche_enregistree DROP COLUMN structure_id, DROP COLUMN droit;")
