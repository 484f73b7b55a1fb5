"""Passwords, by the CNIL's recommendation of 2022 (deliberation 2022-100): length and classes, or a passphrase.

80 bits: 12 characters of four classes, 14 of three, or 7 words. What is common, near the person, or made of one
pattern is refused, however long. No renewal is ever asked for.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from enum import IntEnum
from math import log2

from .empechements import Empechement
from .textes import plier

MAXIMUM = 200  # characters: beyond, a hash costs more than it protects
MOTS_PASSPHRASE = 7
LONGUEURS = {4: 12, 3: 14}  # classes → characters
CLASSES = (str.islower, str.isupper, str.isdigit)
TAILLE_CLASSE = {"minuscule": 26, "majuscule": 26, "chiffre": 10, "autre": 37}
LETTRES_MIMEES = str.maketrans(
    {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s"}
)

# What attackers try first. A password that is one of these with decoration (digits, signs) is refused too.
COURANTS = frozenset(
    """azerty azertyuiop qwerty qwertyuiop qsdfghjklm wxcvbn motdepasse password passe passw administrateur admin
    bonjour soleil chocolat doudou loulou jetaime marseille france francais paris bordeaux limoges aquitaine
    nouvelleaquitaine formation formations candidature candidat prescripteur rafael rafaelpro capmetiers carif
    emploi francetravail poleemploi missionlocale bienvenue secret welcome letmein iloveyou dragon monkey
    football princesse nicolas camille thomas printemps ete automne hiver janvier fevrier mars avril mai juin
    juillet aout septembre octobre novembre decembre lundi mardi mercredi jeudi vendredi samedi dimanche
    demonstration changezmoi changeme provisoire temporaire test essai""".split()  # noqa: SIM905
)
SUITES = (
    "abcdefghijklmnopqrstuvwxyz",
    "azertyuiopqsdfghjklmwxcvbn",
    "qwertyuiopasdfghjklzxcvbnm",
    "0123456789",
)


class MotDePasseTropFaible(Empechement):
    """Ce mot de passe est trop facile à deviner : au moins 12 caractères avec minuscules, majuscules, chiffres et signes ; 14 sans signes ; ou une phrase de 7 mots."""


class MotDePasseCourant(Empechement):
    """Ce mot de passe est de ceux que l'on essaie en premier, même décoré de chiffres ou de signes : choisissez-en un autre."""


class MotDePasseTropProche(Empechement):
    """Ce mot de passe contient votre nom ou votre adresse e-mail : choisissez-en un autre."""


class MotDePasseTropLong(Empechement):
    """Ce mot de passe dépasse 200 caractères : raccourcissez-le."""


class Force(IntEnum):
    """How strong a password is; the sentence says it to the person."""

    REFUSE = 0
    CORRECT = 1
    FORT = 2
    TRES_FORT = 3

    @property
    def phrase(self) -> str:
        """The sentence."""
        return PHRASES[self]


PHRASES = {
    Force.REFUSE: "Trop faible : ce mot de passe n'est pas accepté.",
    Force.CORRECT: "Correct : il résiste à qui essaie au hasard.",
    Force.FORT: "Fort : il résiste longtemps, même si son empreinte était volée.",
    Force.TRES_FORT: "Très fort.",
}


def problemes(mot: str, proches: Iterable[str], chemin: str = "mot_de_passe") -> list[Empechement]:
    """In: a password, what is near the person (names, e-mail), the field. Out: everything that forbids it."""
    if len(mot) > MAXIMUM:
        return [MotDePasseTropLong(chemin)]
    trouves: list[tuple[bool, Empechement]] = [
        (not est_assez_long(mot), MotDePasseTropFaible(chemin)),
        (est_courant(mot), MotDePasseCourant(chemin)),
        (est_proche(mot, proches), MotDePasseTropProche(chemin)),
    ]
    return [probleme for est_la, probleme in trouves if est_la]


def force(mot: str, proches: Iterable[str] = ()) -> Force:
    """Out: how strong it is, by what is left of it once its patterns are counted once."""
    if problemes(mot, proches):
        return Force.REFUSE
    bits = entropie(mot)
    return Force.TRES_FORT if bits >= 128 else Force.FORT if bits >= 100 else Force.CORRECT


def est_assez_long(mot: str) -> bool:
    """True for enough characters for its classes, or for a passphrase; repetitions and sequences count once."""
    minimum = LONGUEURS.get(len(classes(mot)))
    return (minimum is not None and len(ramasse(mot)) >= minimum) or est_phrase(mot)


def classes(mot: str) -> set[str]:
    """Out: the kinds of characters in a password."""
    return {_classe(caractere) for caractere in mot}


def _classe(caractere: str) -> str:
    for nom, est in zip(TAILLE_CLASSE, CLASSES, strict=False):
        if est(caractere):
            return nom
    return "autre"


def est_phrase(mot: str) -> bool:
    """True for seven different words or more."""
    mots = {m for m in re.split(r"[\s\-_.,;:!?']+", plier_marques(mot)) if len(m) >= 2}
    return len(mots) >= MOTS_PASSPHRASE and len(ramasse(mot)) >= 2 * LONGUEURS[4]


def ramasse(mot: str) -> str:
    """Out: the password, each repetition (`aaaa`, `abcabc`) and each run of a keyboard or an alphabet made short."""
    court = re.sub(r"(.+?)\1+", r"\1", mot)
    return re.sub(r"\w{4,}", lambda trouve: _sans_suite(trouve.group()), court)


def _sans_suite(bloc: str) -> str:
    """Out: a block where four characters or more that follow each other count for two."""
    gardes = ""
    for rang, caractere in enumerate(bloc):
        if rang >= 2 and _se_suivent(bloc[rang - 2 : rang + 1]):
            continue
        gardes += caractere
    return gardes


def _se_suivent(trois: str) -> bool:
    bas = trois.lower()
    return any(bas in suite or bas in suite[::-1] for suite in SUITES)


def est_courant(mot: str) -> bool:
    """True if nothing but decoration is left once the digits and signs around a common word are taken away."""
    lu = re.sub(r"^[^a-z]+|[^a-z]+$", "", plier_marques(mot))
    nu, mime = (re.sub(r"[^a-z]+", "", forme) for forme in (lu, lu.translate(LETTRES_MIMEES)))
    return any(sans_repetition(forme) in COURANTS for forme in (nu, mime, nu.rstrip("s")))


def sans_repetition(texte: str) -> str:
    """Out: the text, once if it is the same one several times."""
    trouve = re.fullmatch(r"(.+?)\1+", texte)
    return trouve[1] if trouve else texte


def est_proche(mot: str, proches: Iterable[str]) -> bool:
    """True if a name, or a part of the e-mail address, of four letters or more, stands in it."""
    lu = re.sub(r"[^a-z0-9]+", "", plier(mot))
    morceaux = {m for proche in proches for m in plier(proche.partition("@")[0]).split() if len(m) >= 4}
    return any(morceau in lu and len(lu) < 3 * len(morceau) for morceau in morceaux)


def plier_marques(mot: str) -> str:
    """Out: the password in lower case, without accents."""
    decompose = unicodedata.normalize("NFKD", mot.lower())
    return "".join(c for c in decompose if not unicodedata.combining(c))


def entropie(mot: str) -> float:
    """Out: the bits of a random password of these classes and of the length that counts; 12 a word for a phrase."""
    court = ramasse(mot)
    par_caractere = log2(sum(TAILLE_CLASSE[classe] for classe in classes(court)))
    if est_phrase(mot):
        return 12.0 * len(set(plier_marques(mot).split()))
    return len(court) * par_caractere
