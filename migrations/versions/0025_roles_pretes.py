"""A lent role is a profile: the token that bears it, and whether the loan still holds."""

from migrations.sql import executer

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

SQL = r"""
ALTER TABLE jeton ADD COLUMN delegation_id INTEGER;
ALTER TABLE jeton ADD CONSTRAINT fk_jeton_delegation_id
  FOREIGN KEY (delegation_id) REFERENCES delegation (id) ON DELETE CASCADE;

-- A loan holds while who lends has the role, and who borrows is a member; once it does not, it never does again.
ALTER TABLE delegation ADD COLUMN est_tenue BOOLEAN DEFAULT 'true' NOT NULL;

CREATE FUNCTION role_tenu(la_structure integer, qui_prete integer, qui_emprunte integer, le_role text) RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT 1 FROM affiliation a
                 WHERE a.compte_id = qui_emprunte AND a.structure_id = la_structure AND a.etat = 'acceptee')
     AND EXISTS (SELECT 1 FROM affiliation a
                 WHERE a.compte_id = qui_prete AND a.structure_id = la_structure AND a.etat = 'acceptee'
                   AND CASE le_role WHEN 'referent' THEN a.est_referent
                       ELSE EXISTS (SELECT 1 FROM droit_accorde d WHERE d.affiliation_id = a.id AND d.droit = le_role) END)
$$;

CREATE FUNCTION delegation_est_tenue() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.est_tenue := NEW.est_tenue AND (TG_OP = 'INSERT' OR OLD.est_tenue)
    AND role_tenu(NEW.structure_id, NEW.de_compte_id, NEW.a_compte_id, NEW.role);
  RETURN NEW;
END $$;
CREATE TRIGGER tenue BEFORE INSERT OR UPDATE ON delegation FOR EACH ROW EXECUTE FUNCTION delegation_est_tenue();
CREATE TRIGGER stable BEFORE UPDATE ON delegation FOR EACH ROW
  WHEN (OLD.structure_id <> NEW.structure_id OR OLD.de_compte_id <> NEW.de_compte_id
        OR OLD.a_compte_id <> NEW.a_compte_id OR OLD.role <> NEW.role)
  EXECUTE FUNCTION reste_la_meme();

CREATE FUNCTION delegations_a_revoir() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE delegation SET est_tenue = false
  WHERE structure_id = OLD.structure_id AND est_tenue AND OLD.compte_id IN (de_compte_id, a_compte_id)
    AND NOT role_tenu(structure_id, de_compte_id, a_compte_id, role);
  RETURN NULL;
END $$;
CREATE TRIGGER prets AFTER DELETE OR UPDATE OF etat, est_referent ON affiliation
  FOR EACH ROW EXECUTE FUNCTION delegations_a_revoir();
CREATE TRIGGER prets AFTER DELETE OR UPDATE OF droit ON droit_accorde
  FOR EACH ROW EXECUTE FUNCTION delegations_a_revoir();

UPDATE delegation SET est_tenue = true;  -- the trigger says what is so
"""


def upgrade() -> None:
    """A lent role is a profile."""
    executer(SQL)


def downgrade() -> None:
    """Undo it."""
    executer("""
DROP TRIGGER prets ON droit_accorde;
DROP TRIGGER prets ON affiliation;
DROP FUNCTION delegations_a_revoir();
DROP TRIGGER stable ON delegation;
DROP TRIGGER tenue ON delegation;
DROP FUNCTION delegation_est_tenue();
DROP FUNCTION role_tenu(integer, integer, integer, text);
ALTER TABLE delegation DROP COLUMN est_tenue;
ALTER TABLE jeton DROP COLUMN delegation_id;
""")
