"""The candidats of the cast: fictional people, with numbers that France Travail gives to nobody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class PersonneAccompagnee:
    """A candidat of the cast; `createur` is the structure that entered it, `prescripteur` the account."""

    cle: str
    civilite: str
    prenom: str
    nom: str
    date_naissance: date
    code_postal: str
    ville: str
    prescripteur: str
    createur: str
    numero_france_travail: str | None = None
    identifiant_regional: str | None = None
    courriel: str | None = None
    telephone: str | None = None


CANDIDATS = (
    PersonneAccompagnee(
        "lea",
        "madame",
        "Léa",
        "Fontaine",
        date(2001, 3, 14),
        "87000",
        "Limoges",
        "nadia",
        "trois_vallees",
        "99000000001",
        "0000001A",
        "lea.fontaine@candidats.example",
        "05 00 00 00 01",
    ),
    PersonneAccompagnee(
        "mathis",
        "monsieur",
        "Mathis",
        "Garnier",
        date(1998, 11, 2),
        "87100",
        "Limoges",
        "paul",
        "trois_vallees",
        "99000000002",
        "0000002B",
        "mathis.garnier@candidats.example",
        "05 00 00 00 02",
    ),
    PersonneAccompagnee(
        "aicha",
        "madame",
        "Aïcha",
        "Benali",
        date(1987, 7, 29),
        "87200",
        "Saint-Junien",
        "paul",
        "trois_vallees",
        "99000000003",
        courriel="aicha.benali@candidats.example",
    ),
    PersonneAccompagnee(
        "jean_pierre",
        "monsieur",
        "Jean-Pierre",
        "Le Bihan",
        date(1969, 1, 5),
        "87000",
        "Limoges",
        "rosa",
        "trois_vallees",
        "99000000004",
        telephone="05 00 00 00 04",
    ),
    PersonneAccompagnee(
        "noemie",
        "madame",
        "Noémie",
        "Castel",
        date(2004, 9, 18),
        "87000",
        "Limoges",
        "hugo",
        "trois_vallees",
        courriel="noemie.castel@candidats.example",
    ),
    PersonneAccompagnee(
        "samir",
        "monsieur",
        "Samir",
        "Zerrouki",
        date(1992, 5, 23),
        "33000",
        "Bordeaux",
        "yann",
        "agence_garonne",
        "99000000006",
        courriel="samir.zidane@candidats.example",
    ),
    PersonneAccompagnee(
        "chloe",
        "madame",
        "Chloé",
        "Marchand",
        date(1995, 12, 8),
        "33300",
        "Bordeaux",
        "camille",
        "agence_garonne",
        "99000000007",
        "0000007C",
    ),
    PersonneAccompagnee(
        "ousmane",
        "monsieur",
        "Ousmane",
        "Traoré",
        date(1983, 4, 30),
        "33400",
        "Talence",
        "camille",
        "agence_garonne",
        "99000000008",
        courriel="ousmane.traore@candidats.example",
    ),
    PersonneAccompagnee(
        "manon",
        "madame",
        "Manon",
        "Lacoste",
        date(2000, 6, 11),
        "24000",
        "Périgueux",
        "sophie",
        "tremplin",
        "99000000009",
        courriel="manon.lacoste@candidats.example",
    ),
    PersonneAccompagnee(
        "victor",
        "monsieur",
        "Victor",
        "Duhamel",
        date(1978, 2, 16),
        "24100",
        "Bergerac",
        "sophie",
        "tremplin",
        "99000000010",
    ),
)
