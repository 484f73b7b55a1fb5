"""Which certifications are still registered, where France compétences says that one is not."""

from migrations.sql import executer

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """R-213."""
    executer("ALTER TABLE certification ADD est_active BOOLEAN DEFAULT true NOT NULL;")


def downgrade() -> None:
    """Undo it."""
    executer("ALTER TABLE certification DROP est_active;")
