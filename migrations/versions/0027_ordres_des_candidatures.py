"""Every order that a list of candidatures offers is that of an index, for who reads them all."""

from migrations.sql import executer

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

# A gestionnaire reads the candidatures of everybody: without an index a page of fifty sorts all of them. None of these
# columns is written again by the acts on a candidature, save the delay of a validation, twice at most.
SQL = """
-- CREATION: the oldest first, or the last page.
CREATE INDEX ix_candidature_cree_le_id ON candidature (cree_le, id);
-- DEBUT_SESSION: what begins soon (a copy of the session's column).
CREATE INDEX ix_candidature_session_date_debut_id ON candidature (session_date_debut, id);
-- VALIDER_AVANT: the delay that ends first; what has none stands at its creation.
CREATE INDEX ix_candidature_valider_avant ON candidature (coalesce(valider_avant_le, cree_le), id);
"""


def upgrade() -> None:
    """Do it."""
    executer(SQL)


def downgrade() -> None:
    """Undo it."""
    executer(
        "DROP INDEX ix_candidature_cree_le_id, ix_candidature_session_date_debut_id, ix_candidature_valider_avant;"
    )
