"""Which key a NIR is under."""

from migrations.sql import executer

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

SQL = r"""
DELETE FROM nir_candidat;  -- none was ever written: nothing could
ALTER TABLE nir_candidat ADD COLUMN cle TEXT NOT NULL;
CREATE INDEX ix_nir_candidat_cle ON nir_candidat (cle);
"""


def upgrade() -> None:
    """Which key a NIR is under."""
    executer(SQL)


def downgrade() -> None:
    """Undo it."""
    executer("ALTER TABLE nir_candidat DROP COLUMN cle;")
