"""What a base says of itself: that it holds the demonstration."""

from migrations.sql import executer

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

SQL = r"""
CREATE TABLE reglage (
  cle TEXT NOT NULL,
  valeur TEXT NOT NULL,
  CONSTRAINT pk_reglage PRIMARY KEY (cle)
);
GRANT SELECT ON reglage TO rafael_lecture;
"""


def upgrade() -> None:
    """What a base says of itself: that it holds the demonstration."""
    executer(SQL)


def downgrade() -> None:
    """Undo it."""
    executer("DROP TABLE reglage CASCADE;")
