"""M1's base: a copy of the data, with fresh candidats, and sessions that never fill."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import asyncpg
from rich.progress import Progress

from app import models as m
from app.kit.database import with_base
from app.kit.embedded import Embedded
from app.reading.formats import encode_id
from bench.charges import JEUX, Jeu, prescripteurs
from bench.donnees import Base, Copie, creer
from bench.monde import Membre
from bench.serveurs.plancher_ecritures import FONCTIONS

OUVERTES = """
select s.id from session s where s.etat = 'publiee' and s.est_conventionnee and s.action_en_ligne and not s.est_hsp
  and s.mode_candidature <> 'fermee' and s.date_debut > current_date + 10 order by s.id limit $1"""


@dataclass
class Ecritures:
    """The base, who writes in it, and the next fresh candidat."""

    url: str
    membres: list[Jeu]
    prochain: int
    dernier: int


async def copier(server: Embedded, base: Base, candidats: int) -> Ecritures:
    """In: the data, and how many fresh candidats to add. Out: the copy, made anew."""
    nom = f"banc_{base.monde.taille}_m1"
    await creer(server, nom, modele=f"banc_{base.monde.taille}")
    url = with_base(base.url, nom)
    db = await asyncpg.connect(url)
    try:
        return await preparer(db, url, base, candidats)
    finally:
        await db.close()


async def preparer(db: asyncpg.Connection[Any], url: str, base: Base, candidats: int) -> Ecritures:
    """Fresh candidats, each entered by the structure of the account that will propose it; open sessions; the floor's functions."""
    auteurs = prescripteurs(base)
    sessions = [row["id"] for row in await db.fetch(OUVERTES, JEUX)]
    premier = math.ceil((base.monde.nb_candidats + 1000) / len(auteurs)) * len(auteurs)
    with Progress() as progress:
        async with db.transaction():
            await db.execute("set local session_replication_role = replica")
            rows = fraiches(base, premier, candidats, auteurs)
            await Copie(db, progress).lignes(m.Candidat, rows, candidats)
    await db.execute("update session set capacite_accueil = 10000000 where id = any($1)", sessions)
    await db.execute(f"select setval('candidat_id_seq', {premier + candidats + 1})")
    await db.execute(
        "insert into reglage (cle, valeur) values ($1, 'true') on conflict do nothing", m.DEMONSTRATION
    )
    await db.execute(FONCTIONS)
    await db.execute("vacuum (analyze)")
    membres = [
        Jeu(auteur.jeton, {"session": encode_id("Session", sessions[rang % len(sessions)])})
        for rang, auteur in enumerate(auteurs)
    ]
    return Ecritures(url, membres, premier, premier + candidats)


def fraiches(base: Base, premier: int, nombre: int, auteurs: list[Membre]) -> Iterator[dict[str, Any]]:
    """Out: people without any candidature: the one of key k is for the author of rank k modulo their number."""
    return base.monde.personnes(premier, nombre, auteurs)
