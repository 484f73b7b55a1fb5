"""The cast of the tests: the people of the demonstration, at a fixed moment, in a base that was just emptied.

monde = await planter(base)            # structures, people, candidats, the offer; about 20 ms
monde.paul.jeton                       # a bearer token under his first profile
monde.paul.entetes                     # {"authorization": "Bearer …"}
monde.paul.viewer                      # who he is, for the reading and writing doors
monde.sophie.sous("prescripteur_n2")   # the same three, under another of her profiles
monde.hub_agora.jeton                  # a partner's program, under its scope
monde.session_maconnerie.id            # rows are bags of values; triggers may have filled more: `monde.relire(row)`
await monde.une_candidature(etat="en_attente_avis", auteur=monde.nadia)
await monde.changer(candidature, close_le=monde.le)
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, Protocol, TypeVar

from cryptography.fernet import Fernet
from sqlalchemy import inspect, text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from app import models as m
from app.demo import lignes
from app.demo.distribution import MOT_DE_PASSE, PERSONNES, PROGRAMMES, TOTP
from app.demo.semis import Semis
from app.domain import references
from app.kit.cipher import Cipher
from app.kit.clock import PARIS, paris_day
from app.kit.crypto import fingerprint, hash_password, new_token
from app.policies.viewer import REFERENT, Viewer

MAINTENANT = datetime(2026, 6, 2, 10, 0, tzinfo=PARIS)  # a Tuesday, within the opening hours of R-077
JOUR = timedelta(days=1)
DUREE_JETON = timedelta(hours=12)
CIPHER = Cipher(Fernet.generate_key())  # the key of the house, in the tests
M = TypeVar("M", bound=m.Base)


class Base(Protocol):
    """What a test base must offer: the engine that writes."""

    @property
    def engine(self) -> AsyncEngine:
        """The engine."""


@dataclass(frozen=True)
class Connexion:
    """Somebody, under one profile."""

    jeton: str
    viewer: Viewer

    @property
    def entetes(self) -> dict[str, str]:
        """The header that says who asks."""
        return {"authorization": f"Bearer {self.jeton}"}


@dataclass
class Acteur:
    """Somebody of the cast. The first connexion is the one of a plain `monde.paul.jeton`."""

    id: int
    cle: str
    courriel: str
    prenom: str = ""
    nom: str = ""
    connexions: dict[str, Connexion] = field(default_factory=dict)

    def sous(self, droit: str) -> Connexion:
        """In: a droit of this person (or its scope). Out: the person under that profile."""
        return self.connexions[droit]

    @property
    def premiere(self) -> Connexion:
        """Under its first profile."""
        return next(iter(self.connexions.values()))

    @property
    def jeton(self) -> str:
        """A token under its first profile."""
        return self.premiere.jeton

    @property
    def viewer(self) -> Viewer:
        """Who it is to the doors, under its first profile."""
        return self.premiere.viewer

    @property
    def entetes(self) -> dict[str, str]:
        """The header under its first profile."""
        return self.premiere.entetes

    @property
    def structure_id(self) -> int | None:
        """The structure of its first profile."""
        return self.viewer.structure_id


class Monde:
    """The planted world. Attributes are the keys of the cast; `action_…`, `session_…`, `points_…` those of the offer."""

    nadia: Acteur
    paul: Acteur
    rosa: Acteur
    hugo: Acteur
    camille: Acteur
    yann: Acteur
    ines: Acteur
    karim: Acteur
    louise: Acteur
    marc: Acteur
    sophie: Acteur
    gaelle: Acteur
    adrien: Acteur
    theo: Acteur
    lucas: Acteur
    jeanne: Acteur
    hub_agora: Acteur
    france_travail: Acteur
    cmaformation: Acteur
    reseau_carif: Acteur
    trois_vallees: Any
    agence_garonne: Any
    estuaire: Any
    estuaire_saintes: Any
    landes: Any
    passerelles: Any
    tremplin: Any
    cap_metiers: Any
    menuiserie: Any
    lea: Any
    mathis: Any
    aicha: Any
    jean_pierre: Any
    noemie: Any
    samir: Any
    chloe: Any
    ousmane: Any
    manon: Any
    victor: Any
    action_maconnerie: Any
    action_hsp: Any
    action_poec: Any
    action_anglais: Any
    action_secretariat: Any
    action_tableur: Any
    action_bureautique: Any
    session_maconnerie: Any
    session_maconnerie_close: Any
    session_maconnerie_finie: Any
    session_hsp: Any
    session_poec: Any
    session_poec_finie: Any
    session_poec_annulee: Any
    session_anglais: Any
    session_anglais_finie: Any
    session_secretariat: Any
    session_tableur: Any
    session_bureautique: Any
    points_hsp: list[Any]
    raisons_sociales: dict[int, str]

    def __init__(self, base: Base, le: datetime) -> None:
        """In: the base, and the moment it is in this world."""
        self.ecriture = base.ecriture
        self.engine, self.le, self.aujourd_hui = base.engine, le, paris_day(le)

    def jour(self, dans: int) -> date:
        """Out: the day that is so many days from today."""
        return self.aujourd_hui + timedelta(days=dans)

    @property
    def prochain_point(self) -> Any:
        """The next entry point of the HSP session (R-067)."""
        return next(p for p in self.points_hsp if p.date_entree >= self.aujourd_hui)

    # -- rows --------------------------------------------------------------------------------------------------------
    async def inserer(self, model: type[M], **colonnes: Any) -> M:
        """Insert a row beside the doors. Out: the row as the triggers left it."""
        async with AsyncSession(self.engine, expire_on_commit=False) as db, db.begin():
            row = model(**colonnes)
            db.add(row)
            await db.flush()
            await db.refresh(row)
        return row

    async def relire(self, row: Any, model: type[M] | None = None) -> M:
        """In: a row (a bag of the cast needs its model). Out: it, as the base holds it now."""
        kind: Any = model or type(row)
        async with AsyncSession(self.engine, expire_on_commit=False) as db:
            found: M = await db.get_one(kind, row.id)
        return found

    async def changer(self, row: Any, model: type[M] | None = None, **colonnes: Any) -> M:
        """In: a row, new values. Change it beside the doors. Out: it, as the triggers left it."""
        kind: Any = model or type(row)
        async with AsyncSession(self.engine, expire_on_commit=False) as db, db.begin():
            found: M = await db.get_one(kind, row.id)
            for name, value in colonnes.items():
                setattr(found, name, value)
            await db.flush()
            await db.refresh(found)
        return found

    async def supprimer(self, row: Any) -> None:
        """Delete a row beside the doors."""
        async with AsyncSession(self.engine) as db, db.begin():
            await db.delete(await db.get_one(type(row), inspect(row).identity))

    async def numero(self, suite: str) -> int:
        """Out: the next number of a sequence."""
        async with self.engine.begin() as db:
            return int((await db.execute(text(f"select nextval('{suite}')"))).scalar_one())

    # -- builders ----------------------------------------------------------------------------------------------------
    async def une_structure(self, **colonnes: Any) -> m.Structure:
        """A structure, validated, of no kind unless said."""
        return await self.inserer(
            m.Structure, **{"raison_sociale": "Structure d'essai", "cree_le": self.le} | colonnes
        )

    async def un_candidat(self, **colonnes: Any) -> m.Candidat:
        """A candidat that Trois Vallées entered, registered nowhere unless said."""
        colonnes.setdefault("date_naissance", date(1990, 1, 1))
        defaults = {
            "reference": references.reference_candidat(
                self.aujourd_hui.year, await self.numero("numero_candidat")
            ),
            "prenom": "Alex",
            "nom": "Martin",
            "createur_structure_id": self.trois_vallees.id,
            "cree_le": self.le,
            "modifie_le": self.le,
        }
        return await self.inserer(m.Candidat, **defaults | colonnes)

    async def un_acces(self, candidat: m.Candidat, le: datetime | None = None) -> m.AccesCandidat:
        """What a search has opened to Paul for a day: the fiche of somebody that it found."""
        le = le or MAINTENANT
        return await self.inserer(
            m.AccesCandidat,
            candidat_id=candidat.id,
            structure_id=self.trois_vallees.id,
            compte_id=self.paul.id,
            ouvert_le=le,
            jusqu_au=le + JOUR,
        )

    async def une_action(self, **colonnes: Any) -> m.Action:
        """An action of the Institut de l'Estuaire: published, non conventionnée unless said (`dispositif=…`)."""
        publiee = colonnes.get("etat", m.EtatAction.PUBLIEE) == m.EtatAction.PUBLIEE
        defaults = {
            "reference": references.reference_action(
                self.aujourd_hui.year, await self.numero("numero_action")
            ),
            "responsable_id": self.estuaire.id,
            "etat": m.EtatAction.PUBLIEE,
            "intitule": "Formation d'essai",
            "est_conventionnee": colonnes.get("dispositif") is not None,
            "financeur": m.Financeur.REGION if colonnes.get("dispositif") else None,
            "premiere_publication_le": self.le - 10 * JOUR if publiee else None,
            "publiee_le": self.le - 10 * JOUR if publiee else None,
            "cree_le": self.le - 12 * JOUR,
            "modifiee_le": self.le - 10 * JOUR,
        }
        return await self.inserer(m.Action, **defaults | colonnes)

    async def une_session(self, action: Any = None, **colonnes: Any) -> m.SessionFormation:
        """A session, by default of the maçonnerie, published, to come, open, without a limit of places."""
        debut = colonnes.get("date_debut", self.jour(30))
        defaults = {
            "numero_carif": references.reference_session(await self.numero("numero_session")),
            "action_id": (action or self.action_maconnerie).id,
            "etat": m.EtatSession.PUBLIEE,
            "date_debut": debut,
            "date_debut_initiale": debut,
            "date_fin": debut + 90 * JOUR,
            "mode_candidature": m.ModeCandidature.PRESCRIPTION_LIBRE,
            "lieu_voie": "1 rue de l'Atelier",
            "lieu_code_postal": "17200",
            "lieu_ville": "Royan",
            "lieu_departement": "17",
            "publiee_le": self.le - 10 * JOUR,
            "cree_le": self.le - 12 * JOUR,
            "modifiee_le": self.le - 10 * JOUR,
        }
        return await self.inserer(m.SessionFormation, **defaults | colonnes)

    async def un_point(self, session: Any, dans: int) -> m.PointEntree:
        """An entry point of a session, so many days from today."""
        return await self.inserer(m.PointEntree, session_id=session.id, date_entree=self.jour(dans))

    async def une_candidature(
        self, *, candidat: Any = None, session: Any = None, auteur: Acteur | None = None, **colonnes: Any
    ) -> m.Candidature:
        """A candidature, by default Paul's draft for Mathis on the maçonnerie. `auteur` says the structure too.

        The moments that its état supposes are filled in: two days ago for what was done.
        """
        session, candidat = session or self.session_maconnerie, candidat or self.mathis
        auteur = auteur or self.paul
        session = await self.relire(session, m.SessionFormation)
        action = await self.relire(_Cle(session.action_id), m.Action)
        defaults = {
            "reference": references.reference_candidature(
                self.aujourd_hui.year, await self.numero("numero_candidature")
            ),
            "session_id": session.id,
            "candidat_id": candidat.id,
            "structure_prescriptrice_id": auteur.structure_id,
            "auteur_id": auteur.id,
            "est_inscrit_france_travail": candidat.est_inscrit_france_travail,
            "raisons": "Un métier choisi après deux stages.",
            "intitule": action.intitule,
            "session_date_debut": session.date_debut,
            "session_date_fin": session.date_fin,
            "organisme_formation": self.raisons_sociales.get(action.responsable_id, "Organisme d'essai"),
            "organisme_prescripteur": self.raisons_sociales.get(auteur.structure_id or 0),
            "cree_le": self.le - 3 * JOUR,
            "modifiee_le": self.le - 2 * JOUR,
        }
        defaults |= self._moments(colonnes.get("etat", m.EtatCandidature.BROUILLON), auteur)
        return await self.inserer(m.Candidature, **defaults | colonnes)

    def _moments(self, etat: str, auteur: Acteur) -> dict[str, Any]:
        """Out: the moments that a candidature in this état has known, and who acted: its author."""
        moments: dict[str, Any] = {}
        if etat in ("en_attente_validation", "expiree"):
            moments["soumise_le"], moments["soumise_par_id"] = self.le - 2 * JOUR, auteur.id
            moments["valider_avant_le"] = self.le + 13 * JOUR
        elif etat not in ("brouillon", "corbeille"):
            moments["validee_le"], moments["validee_par_id"] = self.le - 2 * JOUR, auteur.id
        if etat not in ("brouillon", "corbeille", "en_attente_validation", "en_attente_avis"):
            moments["close_le"] = self.le - JOUR
        return moments


@dataclass(frozen=True)
class _Cle:
    id: int


@cache
def _secret() -> str:
    """What is kept of the one password of the cast; hashed once a process, it costs 20 ms."""
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(hash_password(MOT_DE_PASSE))
    finally:
        loop.close()


async def planter(base: Base, le: datetime = MAINTENANT) -> Monde:
    """In: an empty test base, the moment it is there. Write the world. Out: its people and things by their names."""
    secret = await asyncio.to_thread(_secret)
    async with base.engine.begin() as db:
        semis = await Semis.ouvrir(db)
        rows = lignes.Monde(semis, le, secret, CIPHER.seal(TOTP))
        rows.peupler()
        rows.offrir()
        monde = Monde(base, le)
        _nommer(monde, rows)
        _connecter(monde, rows, semis)
        await semis.ecrire()
    return monde


def _nommer(monde: Monde, rows: lignes.Monde) -> None:
    """Give the world its attributes."""
    vars(monde).update(rows.structures | rows.candidats)
    monde.raisons_sociales = {row.id: row.raison_sociale for row in rows.structures.values()}
    for cle, compte in rows.comptes.items():
        setattr(monde, cle, Acteur(compte.id, cle, compte.courriel, compte.prenom, compte.nom))
    for prefix, things in (("action", rows.actions), ("session", rows.sessions), ("points", rows.points)):
        vars(monde).update({f"{prefix}_{cle}": thing for cle, thing in things.items()})


def _connecter(monde: Monde, rows: lignes.Monde, semis: Semis) -> None:
    """Give everybody a token for each of their profiles."""
    for (cle, structure, droit), accorde in rows.droits.items():
        affiliation = rows.affiliations[cle, structure]
        profil = droit + REFERENT if affiliation.est_referent else str(droit)
        liens = {"affiliation_id": affiliation.id, "droit_accorde_id": accorde.id}
        _jeton(monde, semis, cle, str(droit), profil, structure_id=affiliation.structure_id, **liens)
    for personne in PERSONNES:
        if not getattr(monde, personne.cle).connexions:
            _jeton(monde, semis, personne.cle, "beneficiaire", "beneficiaire")
    for programme in PROGRAMMES:
        _jeton(monde, semis, programme.cle, programme.portee, programme.portee, portee=programme.portee)


def _jeton(
    monde: Monde,
    semis: Semis,
    cle: str,
    droit: str,
    profil: str,
    *,
    structure_id: int | None = None,
    **colonnes: Any,
) -> None:
    """Give somebody a token under one profile."""
    acteur: Acteur = getattr(monde, cle)
    jeton = new_token()
    row = semis.ajouter(
        m.Jeton,
        empreinte=fingerprint(jeton),
        compte_id=acteur.id,
        cree_le=monde.le,
        expire_le=monde.le + DUREE_JETON,
        **colonnes,
    )
    viewer = Viewer(
        acteur.id,
        profil,
        structure_id,
        colonnes.get("affiliation_id"),
        row.id,
        colonnes.get("droit_accorde_id"),
    )
    acteur.connexions[droit] = Connexion(jeton, viewer)
