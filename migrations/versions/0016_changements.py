"""When structures and certifications last changed: what a delta of the offer starts from."""

from migrations.sql import executer

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

SQL = r"""
ALTER TABLE structure ADD COLUMN modifiee_le timestamptz;
ALTER TABLE certification ADD COLUMN modifiee_le timestamptz;
"""


def upgrade() -> None:
    """Dates of change."""
    executer(SQL)


def downgrade() -> None:
    """Undo it."""
    executer("""
ALTER TABLE certification DROP COLUMN modifiee_le;
ALTER TABLE structure DROP COLUMN modifiee_le;
""")
