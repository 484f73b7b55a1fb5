"""The queues of a gestionnaire, and two rare sorts of rows, each by an index."""

from migrations.sql import executer

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

# A test explains every statement that the root fields of the API make, for every profile; these four read a table whole.
# - affiliation, demande_modification: the lists of requests of a gestionnaire, who reads all of them, the oldest first;
#   a page takes its rows from the index, in order.
# - compte: the partners' programs, a few dozen among all the accounts of people.
# - action: the search by dispositif; one action in five has one, and HSP, PIC and PACTE are rare among them.
SQL = r"""
CREATE INDEX ix_affiliation_demandee_le_id ON affiliation (demandee_le, id);
CREATE INDEX ix_demande_modification_cree_le_id ON demande_modification (cree_le, id);
CREATE INDEX ix_compte_programme ON compte (id) WHERE nature = 'machine';
CREATE INDEX ix_action_dispositif ON action (dispositif) WHERE dispositif IS NOT NULL;
"""


def upgrade() -> None:
    """Queues in order, rare rows found."""
    executer(SQL)


def downgrade() -> None:
    """Undo it."""
    executer("""
DROP INDEX ix_action_dispositif;
DROP INDEX ix_compte_programme;
DROP INDEX ix_demande_modification_cree_le_id;
DROP INDEX ix_affiliation_demandee_le_id;
""")
