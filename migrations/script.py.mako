"""${message}."""

from migrations.sql import executer

revision = ${repr(up_revision).replace("'", '"')}
down_revision = ${repr(down_revision).replace("'", '"')}
branch_labels = None
depends_on = None

# What autogenerate found; write it as SQL, and say in one comment why.
#
${("# " + upgrades).replace("\n", "\n# ") if upgrades else "# (nothing)"}

SQL = r"""
"""


def upgrade() -> None:
    """${message}."""
    executer(SQL)


def downgrade() -> None:
    """Undo it."""
    executer("""
""")
