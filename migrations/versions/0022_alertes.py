"""Saved searches: how often their owner is told what is new."""

from migrations.sql import executer

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

SQL = r"""
ALTER TABLE recherche_enregistree
  ADD COLUMN frequence VARCHAR(40) DEFAULT 'jamais' NOT NULL,
  ADD COLUMN alertee_le TIMESTAMP WITH TIME ZONE,
  ADD CONSTRAINT ck_recherche_enregistree_frequencealerte
    CHECK (frequence IN ('jamais', 'quotidienne', 'hebdomadaire')),
  ADD CONSTRAINT ck_recherche_enregistree_alertee_le CHECK (frequence = 'jamais' OR alertee_le IS NOT NULL);
"""


def upgrade() -> None:
    """Alerts."""
    executer(SQL)


def downgrade() -> None:
    """Undo it."""
    executer("ALTER TABLE recherche_enregistree DROP COLUMN frequence, DROP COLUMN alertee_le;")
