"""Random worlds of the real tables: drawn from the mapping, kept by the real triggers, read back as objects.

Small, near the borders of the rules: few structures and people, moments around now, days around today, odd texts.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Enum, LargeBinary, insert, inspect, null
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.exc import IntegrityError
from sqlalchemy.schema import Column

from app import models as m
from app.domain.actions_contenu import CHAMPS, CODES
from app.domain.actions_formulaire import Validation
from app.kit.clock import PARIS, paris_day
from app.policies.viewer import ANONYME, PROFILS, REFERENT, SCOPES, Anonymous, Viewer, split
from tests.policies.mondes_maison import lire

World = dict[Any, list[Any]]
Values = dict[str, Any]

MAINTENANT = datetime(2027, 3, 1, 11, tzinfo=PARIS)  # a Monday, within the hours of R-077
TRIES = 40  # of a row, until the constraints take it
COMBIEN: Mapping[Any, int] = {
    m.Compte: 7,
    m.Structure: 5,
    m.DemandeModification: 6,
    m.Affiliation: 12,
    m.DroitAccorde: 16,
    m.Delegation: 5,
    m.CompteMachine: 3,
    m.Jeton: 10,
    m.Certification: 3,
    m.Commune: 3,
    m.Formacode: 3,
    m.Action: 8,
    m.ActionCertification: 8,
    m.ActionModification: 5,
    m.MessageAction: 8,
    m.SessionFormation: 16,
    m.PointEntree: 14,
    m.Reunion: 8,
    m.SessionCertification: 12,
    m.Candidat: 8,
    m.AccesCandidat: 10,
    m.Rapprochement: 6,
    m.Candidature: 40,
    m.Convocation: 24,
    m.Avis: 16,
    m.Fait: 60,
    m.Echange: 12,
    m.RechercheEnregistree: 5,
    m.StatistiquePubliee: 6,
    m.Consultation: 12,
    m.Sceau: 6,
    m.VersionPolitique: 4,
    m.ReferenceAbsorbee: 4,
}
MOTS = (
    "Anglais",
    "Bureautique",
    "Cuisine du marché",
    "Dessin",
    'Électricité "bâtiment"',
    "soudure\n\tTIG \\ arc",
    "É à ü 🎓 œuvre",
    "L'été",
    "100 %_",
    "",
)
INSTANTS = (
    timedelta(hours=-1),
    timedelta(),
    timedelta(hours=1),
    timedelta(days=-3),
    timedelta(microseconds=123456),
)
FICHE = (
    "raison_sociale",
    "sigle",
    "siret",
    "voie",
    "ville",
    "departement",
    "courriel",
    "intitule",
    "programme",
    "inconnu",
    "le_plus",
    "objectif",
    "prerequis",
    "contact_nom",
    "telephone",
    "code_postal",
)


def _lower(rng: random.Random, i: int) -> Values:
    return {"courriel": f"personne{i}@exemple.fr"}


def _session(rng: random.Random, i: int) -> Values:
    debut = _day(rng)
    return {
        "numero_carif": f"00{i:06}",
        "date_debut": debut,
        "date_fin": debut + rng.choice([0, 1, 30]) * timedelta(days=1),
        **({"etat": "publiee"} if rng.random() < 0.7 else {}),
        "modalites_recrutement": [
            str(word) for n, word in enumerate(m.ModaliteRecrutement) if (i + n) % 4 == 0
        ],
    }


def _action(rng: random.Random, i: int) -> Values:
    publiee = {"etat": "publiee", "premiere_publication_le": MAINTENANT} if rng.random() < 0.7 else {}
    return {
        "reference": f"2027{i:08}",
        "intitule": f"{rng.choice(['', '[POEC] '])}{rng.choice(MOTS)} {rng.choice(MOTS)}",
        "validations": [word.value for word in Validation if rng.random() < 0.3],
        "formacodes": ["14454"] if rng.random() < 0.5 else [],
        **publiee,
    }


def _demande(rng: random.Random, i: int) -> Values:
    """A JSON column may be NULL, or hold the null of JSON."""
    return {"contenu": _fiche(rng), "valeurs_avant": rng.choice([null(), None, _fiche(rng)])}


def _modification(rng: random.Random, i: int) -> Values:
    lists = {CODES: [f"RNCP{i}"], "validations": ["certification"]}
    return {
        "contenu": {
            **_fiche(rng),
            CHAMPS: ["intitule"],
            **{k: v for k, v in lists.items() if rng.random() < 0.5},
        }
    }


DIFFERENCES = [
    {"champ": "intitule", "avant": None, "apres": 'Maçon "bâti"'},
    {"champ": "lien_web", "avant": "x"},
]


def _fait(rng: random.Random, i: int) -> Values:
    """What acts write in the journal: an état left and another reached, or the columns that changed."""
    change = {"avant": "brouillon", "apres": rng.choice(["annulee", None])}
    told = {"champs": ["intitule", "objectif"], "avant": {"x": "y"}, "differences": DIFFERENCES}
    return {"donnees": rng.choice([change, told, {"champs": None}, {}])}


def _candidature(rng: random.Random, i: int) -> Values:
    return {"reference": f"C2027{i:06}"}


def _refused(rng: random.Random, i: int) -> Values:
    return rng.choice([{"est_retenu": True, "intensite_hebdomadaire": Decimal("35.00")}, {"motif": "autre"}])


DRAWN: Mapping[Any, Callable[[random.Random, int], Values]] = {
    m.Compte: _lower,
    m.Structure: lambda rng, i: {
        "siret": rng.choice([None, f"{i:014}"]),
        "etat": rng.choice(["validee"] * 3 + ["a_valider", "refusee"]),
    },
    m.DemandeModification: _demande,
    m.Affiliation: lambda rng, i: {"etat": rng.choice(["acceptee"] * 3 + ["en_attente", "refusee"])},
    m.CompteMachine: lambda rng, i: {"portees": [scope for scope in SCOPES if rng.random() < 0.5]},
    m.Jeton: lambda rng, i: {"empreinte": bytes([i]), "portee": rng.choice([None, *SCOPES])},
    m.Certification: lambda rng, i: {
        "code_rncp": f"RNCP{i}",
        "code_rs": rng.choice([None, f"RS{i}"]),
        "code_certifinfo": rng.choice([None, f"{i}"]),
    },
    m.Commune: lambda rng, i: {
        "code_insee": f"9900{i}",
        "latitude": rng.choice([None, 45.5]),
        "longitude": rng.choice([None, -1.25]),
    },
    m.Formacode: lambda rng, i: {"code": f"9900{i}"},
    m.Action: _action,
    m.ActionCertification: lambda rng, i: {"rang": rng.randint(1, 5)},
    m.ActionModification: _modification,
    m.SessionFormation: _session,
    m.Candidat: lambda rng, i: {
        "reference": f"2027{i:06}",
        "numero_france_travail": rng.choice([None, f"{i:011}"]),
        "identifiant_regional": rng.choice([None, f"{i:07}A"]),
    },
    m.Rapprochement: lambda rng, i: {"raisons": rng.choice([[], ["nom", "courriel"]])},
    m.Candidature: _candidature,
    m.Convocation: lambda rng, i: {"numero": rng.randint(1, 3)},
    m.Avis: _refused,
    m.Fait: _fait,
    m.Echange: lambda rng, i: {"cle": f"echange-{i}"},
    m.VersionPolitique: lambda rng, i: {
        "precedente_id": i,
        "contenu": {"fichiers": [{"nom": "a.polar", "source": 'allow("é", _)'}]} if i % 2 else {},
    },
    m.Sceau: lambda rng, i: {"dernier_fait_id": i, "vu_fait_id": i + 1, "sha256": f"{i:064x}"},
    m.Consultation: lambda rng, i: {"regle": rng.choice(["CAT-01", "CAT-06", "CAT-99"])},
    m.RechercheEnregistree: lambda rng, i: {"criteres": {"mots": rng.choice(MOTS), "ouverte": True}},
    m.StatistiquePubliee: lambda rng, i: {"nb_candidatures": 10 * i},
    m.SessionCertification: lambda rng, i: {"blocs": rng.choice([[], [f"RNCP{i}BC01", "é"]])},
}
"""What constraints ask of a row beyond what the mapping says; what they refuse all the same is drawn again."""


def planter(connection: Connection, rng: random.Random) -> World:
    """Write a random world. Out: its rows by model, tied to each other as the tables say."""
    keys: dict[str, list[Any]] = defaultdict(list)
    seed = rng.random()
    for model, number in COMBIEN.items():
        own = random.Random(
            f"{seed} {model.__name__}"
        )  # a column more here leaves the other tables as they were
        for i in range(1, number + 1):
            if _write(connection, own, model, i, keys):
                keys[model.__tablename__].append(i)
    return lire(connection)


def _write(
    connection: Connection, rng: random.Random, model: Any, i: int, keys: Mapping[str, list[Any]]
) -> bool:
    """Out: True once the constraints take a row; a table with too little room for another one stays as it is."""
    table = inspect(model).local_table
    for _ in range(TRIES):
        values = {c.key: _drawn(rng, i, c, keys) for c in table.c if _is_ours(c)}
        values |= DRAWN[model](rng, i) if model in DRAWN else {}
        try:
            with connection.begin_nested():
                connection.execute(insert(table).values(values))
        except IntegrityError:
            continue
        return True
    return False


def _is_ours(column: Column[Any]) -> bool:
    """False for what the database writes: computed columns, copies, counters."""
    kept = column.computed is not None or column.info.get("copie") or column.server_default is not None
    return column.primary_key or not kept


def _drawn(rng: random.Random, i: int, column: Column[Any], keys: Mapping[str, list[Any]]) -> Any:
    if column.primary_key:
        return i
    if column.nullable and rng.random() < 0.2:
        return None
    if column.foreign_keys:
        return rng.choice(keys[next(iter(column.foreign_keys)).column.table.name] or [None])
    if column.key.endswith("_id"):  # the journal, which has no foreign key
        return rng.choice(keys.get(column.key.split("_")[0]) or keys["compte"])
    return _plain(rng, column)


def _plain(rng: random.Random, column: Column[Any]) -> Any:
    kind = column.type
    if isinstance(kind, Enum):
        return rng.choice(kind.enums)
    if isinstance(kind, JSONB):
        return {}
    if isinstance(kind, ARRAY):
        return []
    if isinstance(kind, LargeBinary):
        return bytes([rng.randrange(256)])
    draws: dict[Any, Callable[[], Any]] = {
        bool: lambda: rng.random() < 0.5,
        datetime: lambda: MAINTENANT + rng.choice(INSTANTS),
        date: lambda: _day(rng),
        Decimal: lambda: rng.choice([Decimal("1.00"), Decimal("1.50"), Decimal("7.25")]),
        int: lambda: rng.randint(1, 3),
    }
    return draws.get(kind.python_type, lambda: rng.choice(MOTS))()


def _day(rng: random.Random) -> date:
    return paris_day(MAINTENANT) + rng.choice([-30, -1, 0, 1, 2, 30]) * timedelta(days=1)


def _fiche(rng: random.Random) -> dict[str, Any]:
    return {name: rng.choice([None, *MOTS]) for name in FICHE if rng.random() < 0.5}


# --- viewers -------------------------------------------------------------------------------------------------------


def random_viewer(rng: random.Random, world: World) -> Any:
    """Out: somebody: under a droit that it really has, around a candidature, or under any profile, near or far."""
    chance = rng.random()
    if chance < 0.3:
        return of_droit(rng.choice(world[m.DroitAccorde]))
    if chance < 0.5:
        return around(rng, rng.choice(world[m.Candidature]))
    profil = rng.choice(PROFILS)
    if split(profil)[0] == ANONYME:
        return Anonymous()
    structure = None if profil in SCOPES or rng.random() < 0.1 else rng.randint(1, 5)
    return Viewer(rng.randint(1, 7), profil, structure, None, 1)


def of_droit(accorde: m.DroitAccorde) -> Viewer:
    """Out: whoever acts under a droit."""
    profil = f"{accorde.droit.value}{REFERENT if accorde.affiliation.est_referent else ''}"
    return Viewer(accorde.compte_id, profil, accorde.structure_id, accorde.affiliation_id, 1, accorde.id)


def around(rng: random.Random, candidature: m.Candidature) -> Viewer:
    """Out: whoever has to do with a candidature."""
    structure, droit = rng.choice(
        [
            (candidature.structure_prescriptrice_id, "prescripteur_n2"),
            (candidature.structure_prescriptrice_id, "prescripteur_n3"),
            (candidature.responsable_id, "of_preinscription"),
            (candidature.positionneur_id, "of_general"),
            (candidature.session_id, "gestionnaire"),
            (candidature.session_id, "auditeur"),
        ]
    )
    return Viewer(candidature.auteur_id or 1, droit, structure, None, 1)
