"""Exchanges with partners: which way, what of, under which key; the number of whoever brings a candidature."""

from migrations.sql import executer

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

SQL = r"""
-- Nothing was ever exchanged: what the table would hold is of another shape.
DELETE FROM echange;
ALTER TABLE echange DROP CONSTRAINT ck_echange_etatechange;
ALTER TABLE echange ALTER COLUMN partenaire TYPE VARCHAR(40);
ALTER TABLE echange ADD COLUMN sens VARCHAR(40) NOT NULL;
ALTER TABLE echange ADD COLUMN type_echange VARCHAR(40) NOT NULL;
ALTER TABLE echange ADD COLUMN cle TEXT NOT NULL;
ALTER TABLE echange ADD COLUMN fait_id INTEGER;
ALTER TABLE echange ADD COLUMN resultat TEXT;
ALTER TABLE echange ADD CONSTRAINT uq_echange_cle UNIQUE (cle);
ALTER TABLE echange ADD CONSTRAINT ck_echange_etatechange
  CHECK (etat IN ('a_envoyer', 'envoye', 'accepte', 'refuse', 'en_erreur'));
ALTER TABLE echange ADD CONSTRAINT ck_echange_correspondant CHECK (partenaire IN ('agora', 'france_travail'));
ALTER TABLE echange ADD CONSTRAINT ck_echange_sensechange CHECK (sens IN ('sortant', 'entrant'));
ALTER TABLE echange ADD CONSTRAINT ck_echange_typeechange
  CHECK (type_echange IN ('validee', 'reportee', 'avis', 'close', 'reponse'));
-- The list of a gestionnaire, the latest first.
CREATE INDEX ix_echange_cree_le_id ON echange (cree_le, id);

ALTER TABLE candidature ADD COLUMN reference_partenaire TEXT;
-- A partner that sends the same candidature again finds the first one.
CREATE UNIQUE INDEX uq_candidature_reference_partenaire ON candidature (origine, reference_partenaire)
  WHERE reference_partenaire IS NOT NULL;
"""


def upgrade() -> None:
    """Exchanges whole; the number of whoever brings a candidature."""
    executer(SQL)


def downgrade() -> None:
    """Undo it."""
    executer("""
DROP INDEX uq_candidature_reference_partenaire;
ALTER TABLE candidature DROP COLUMN reference_partenaire;
DELETE FROM echange;
DROP INDEX ix_echange_cree_le_id;
ALTER TABLE echange DROP CONSTRAINT ck_echange_typeechange;
ALTER TABLE echange DROP CONSTRAINT ck_echange_sensechange;
ALTER TABLE echange DROP CONSTRAINT ck_echange_correspondant;
ALTER TABLE echange DROP CONSTRAINT ck_echange_etatechange;
ALTER TABLE echange DROP CONSTRAINT uq_echange_cle;
ALTER TABLE echange DROP COLUMN resultat;
ALTER TABLE echange DROP COLUMN fait_id;
ALTER TABLE echange DROP COLUMN cle;
ALTER TABLE echange DROP COLUMN type_echange;
ALTER TABLE echange DROP COLUMN sens;
ALTER TABLE echange ALTER COLUMN partenaire TYPE TEXT;
ALTER TABLE echange ADD CONSTRAINT ck_echange_etatechange CHECK (etat IN ('a_envoyer', 'envoye', 'accepte', 'en_erreur'));
""")
