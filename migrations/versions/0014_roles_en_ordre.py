"""The candidatures of an organisation, in the order of its list."""

from migrations.sql import executer

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

# The list that an organisation reads all day: « mine as responsable, as positionneur or as formateur, in these états,
# the latest first ». Each index gives the latest of one role, in order; `etat` comes last, so that rows in other états
# are passed over in the index, without a look at the table. They take the place of (role, etat), of which every row had
# to be read and sorted: at 400 000 candidatures a page took 3.4 ms of processor, and takes 1.0 ms, as at 10 000.
SQL = r"""
DROP INDEX ix_candidature_responsable;
DROP INDEX ix_candidature_positionneur;
DROP INDEX ix_candidature_formateur;
CREATE INDEX ix_candidature_responsable ON candidature (responsable_id, modifiee_le, id, etat);
CREATE INDEX ix_candidature_positionneur ON candidature (positionneur_id, modifiee_le, id, etat);
CREATE INDEX ix_candidature_formateur ON candidature (formateur_id, modifiee_le, id, etat);
"""


def upgrade() -> None:
    """Roles in order."""
    executer(SQL)


def downgrade() -> None:
    """Undo it."""
    executer("""
DROP INDEX ix_candidature_responsable;
DROP INDEX ix_candidature_positionneur;
DROP INDEX ix_candidature_formateur;
CREATE INDEX ix_candidature_responsable ON candidature (responsable_id, etat);
CREATE INDEX ix_candidature_positionneur ON candidature (positionneur_id, etat);
CREATE INDEX ix_candidature_formateur ON candidature (formateur_id, etat);
""")
