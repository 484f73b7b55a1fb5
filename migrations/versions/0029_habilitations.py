"""Who may deliver a certification: certificateurs and valideurs, by SIREN."""

from migrations.sql import executer

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

SQL = r"""
ALTER TABLE certification ADD COLUMN sirens_habilites TEXT[] NOT NULL DEFAULT '{}';
"""


def upgrade() -> None:
    """Who delivers a certification."""
    executer(SQL)


def downgrade() -> None:
    """Undo it."""
    executer("ALTER TABLE certification DROP COLUMN sirens_habilites;")
