"""What the reading role may see: everything but secrets."""

from migrations.sql import executer

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

SQL = r"""
-- Named, table by table: a new table is invisible to readings until a revision says otherwise.
GRANT SELECT ON
  structure, compte, demande_modification, affiliation, droit_accorde, delegation, compte_machine, jeton,
  certification, formacode, commune, action, action_certification, action_modification,
  session, point_entree, reunion, session_certification,
  candidat, acces_candidat, recherche_candidat, candidature, convocation, avis,
  fait, echange, recherche_enregistree, version_politique
TO rafael_lecture;
-- secret_compte and nir_candidat are left out: no reading reaches a password or a NIR.
"""


def upgrade() -> None:
    """What the reading role may see: everything but secrets."""
    executer(SQL)


def downgrade() -> None:
    """Undo it."""
    executer("""
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM rafael_lecture;
""")
