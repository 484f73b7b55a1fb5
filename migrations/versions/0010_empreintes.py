"""What a source said last, column by column: an import changes what the source changed, and nothing else."""

from migrations.sql import executer

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

SQL = r"""
ALTER TABLE structure ADD COLUMN empreintes JSONB DEFAULT '{}' NOT NULL;
ALTER TABLE action ADD COLUMN empreintes JSONB DEFAULT '{}' NOT NULL;
ALTER TABLE session ADD COLUMN empreintes JSONB DEFAULT '{}' NOT NULL;
"""


def upgrade() -> None:
    """What a source said last."""
    executer(SQL)


def downgrade() -> None:
    """Undo it."""
    executer("""
ALTER TABLE structure DROP COLUMN empreintes;
ALTER TABLE action DROP COLUMN empreintes;
ALTER TABLE session DROP COLUMN empreintes;
""")
