"""The naive server's M1: the ORM loads and locks, the domain decides, the journal is written."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Sequence, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload, selectinload

from app import models as m
from app.domain import candidatures as d
from app.domain.calendrier import jour_de_paris
from app.domain.candidatures_conditions import Situation
from app.domain.empechements import Empeche, NonTrouve
from app.domain.references import reference_candidature
from bench.serveurs import naif_regles as r

S = m.SessionFormation
AVEC = (
    joinedload(S.action),
    joinedload(S.responsable),
    joinedload(S.formateur),
    selectinload(S.points_entree),
)
CONFIER = text("""select procrastinate_defer_jobs_v1(array[row('default', 'recapituler', 0, null, null,
  jsonb_build_object('candidature_id', cast(:cle as integer)), null)::procrastinate_job_to_defer_v1])""")
VERROU: dict[str, Any] = {"key_share": True}


async def creer(
    db: AsyncSession, qui: r.Qui, candidat_id: int, session_id: int, saisie: dict[str, Any], le: datetime
) -> m.Candidature:
    """Create a draft."""
    candidat = await un(
        db,
        select(m.Candidat).where(m.Candidat.id == candidat_id, r.lit_candidat(qui)).with_for_update(**VERROU),
    )
    ouverte = (S.etat == "publiee", S.est_conventionnee, S.action_en_ligne)
    session = await un(
        db, select(S).where(S.id == session_id, *ouverte).options(*AVEC).with_for_update(of=S, **VERROU)
    )
    structure = await un(db, select(m.Structure).where(m.Structure.id == qui.structure_id))
    numero = await db.scalar(select(Sequence("numero_candidature").next_value()))
    colonnes = d.creer_brouillon(
        reference=reference_candidature(jour_de_paris(le).year, numero or 0),
        session=session,
        candidat=candidat,
        structure=structure,
        auteur_id=qui.compte_id,
        le=le,
        saisie=saisie,
    )
    row = m.Candidature(**colonnes)
    db.add(row)
    await db.flush()
    noter(db, qui, d.creee(row), le)
    await db.commit()
    return row


async def valider(db: AsyncSession, qui: r.Qui, cle: int, le: datetime) -> m.Candidature:
    """Validate a draft."""
    c = m.Candidature
    row = await un(
        db,
        select(c).where(c.id == cle, r.lit_candidature(qui), c.etat == "brouillon").with_for_update(**VERROU),
    )
    candidat = await un(
        db, select(m.Candidat).where(m.Candidat.id == row.candidat_id).with_for_update(**VERROU)
    )
    session = await un(
        db, select(S).where(S.id == row.session_id).options(*AVEC).with_for_update(of=S, **VERROU)
    )
    autres = list(await db.scalars(select(c).where(c.candidat_id == candidat.id)))
    fait = d.valider(row, contexte=Situation(session, candidat, autres), par=qui.compte_id, le=le)
    noter(db, qui, fait, le)
    if row.envoyer_recapitulatif:
        await db.execute(CONFIER, {"cle": row.id})
    await db.commit()
    return row


async def un(db: AsyncSession, statement: Any) -> Any:
    """Out: the one row. Raises Empeche."""
    row = (await db.scalars(statement)).one_or_none()
    if row is None:
        raise Empeche([NonTrouve()])
    return row


def noter(db: AsyncSession, qui: r.Qui, fait: Any, le: datetime) -> None:
    """Write the journal."""
    db.add(
        m.Fait(
            nom=type(fait).__name__,
            survenu_le=le,
            profil=qui.profil,
            compte_id=qui.compte_id,
            structure_id=qui.structure_id,
            **fait.liens(),
            donnees=dict(fait.donnees()),
        )
    )
