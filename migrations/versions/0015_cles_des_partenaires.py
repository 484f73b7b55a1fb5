"""Keys of partners: told apart by their beginning, and when they last served."""

from migrations.sql import executer

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

SQL = r"""
ALTER TABLE jeton ADD COLUMN prefixe TEXT;
ALTER TABLE jeton ADD COLUMN vu_le TIMESTAMP WITH TIME ZONE;
"""


def upgrade() -> None:
    """Keys of partners."""
    executer(SQL)


def downgrade() -> None:
    """Undo it."""
    executer("""
ALTER TABLE jeton DROP COLUMN vu_le;
ALTER TABLE jeton DROP COLUMN prefixe;
""")
