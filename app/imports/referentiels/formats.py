"""The files of reference data, told apart by their columns, and what a row of each says.

| file | who publishes it | columns it is known by |
| --- | --- | --- |
| fiches du RNCP et du répertoire spécifique | France compétences | Numero_Fiche, Intitule; Actif, where it is said |
| certificateurs | the same | Numero_Fiche, Siret_Certificateur: for certifications that are there |
| partenaires | the same | Numero_Fiche, Siret_Partenaire: the same, for those that deliver or validate |
| certifications | Certif Info | Code Certif Info, or Code_Diplome, and a title |
| base des codes postaux | La Poste | Code_commune_INSEE, Code_postal |
| communes | the same, with other names (code_insee, nom_standard, latitude_mairie…) | code_insee, code_postal |
| code officiel géographique | INSEE | TYPECOM, COM, LIBELLE: accents for communes that are there |
| Formacode | Centre Inffo | Code (or Formacode) and Libellé (or Descripteur) |
| Formacodes des fiches | France compétences | Formacode_Code, Formacode_Libelle: those that a fiche names |
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from app import models as m
from app.domain.identifiants import (
    departement_du_code_insee,
    est_code_insee,
    est_code_postal,
    normaliser_certifinfo,
    normaliser_rncp,
    normaliser_rs,
)
from app.domain.textes import plier
from app.domain.textes_simples import simple
from app.imports.tableurs import Rangee, Tableau, TableauRefuse

INTITULES = ("intitule", "libelle diplome", "libelle certification", "intitule certification", "libelle")
CERTIFINFO = ("code certif info", "code certifinfo", "certif info", "certifinfo", "code diplome")
INSEE = ("code commune insee", "code insee", "code insee commune")
NOMS = ("nom standard", "nom de la commune", "nom commune", "nom commune complet", "libelle", "nom")
POSTAL = ("code postal",)
POINT = ("coordonnees geographiques", "coordonnees gps", "geopoint")
LATITUDE, LONGITUDE = ("latitude", "latitude mairie"), ("longitude", "longitude mairie")
FORMACODE = ("formacode", "code formacode", "formacode code", "code")
DESCRIPTEUR = ("libelle", "descripteur", "libelle formacode", "formacode libelle", "intitule")
DELIVREURS = ("siret certificateur", "siret partenaire")
HABILITATION = ("habilitation partenaire",)
FORME_SEULEMENT = {
    "habilitation pour former",
    "habilitation former",
}  # HABILITATION_FORMER, as the file says it
ETATS = ("etat partenaire", "etat certificateur")
ENREGISTREE = {"active": True, "inactive": False}  # another word says nothing
SIRET, SIREN = 14, 9
LONG = 500

Colonnes = dict[str, Any]


@dataclass(frozen=True)
class Format:
    """A kind of file.

    attendues   for each of these, one column at least is there
    cles        the columns by which a row of the base is found, the best first
    lire        from a row of the file to columns: None, it is not for us; a text, what is wrong with it
    cree        False: only what is there already is completed
    ajoute      lists to which a file adds: several of its rows speak of one row of the base
    """

    nom: str
    modele: type[m.Certification | m.Commune | m.Formacode]
    attendues: tuple[tuple[str, ...], ...]
    cles: tuple[str, ...]
    lire: Callable[[Rangee], Colonnes | str | None]
    cree: bool = True
    ajoute: tuple[str, ...] = ()


def reconnaitre(tableau: Tableau) -> Format:
    """Out: the format of a table. Raises TableauRefuse."""
    la = set(tableau.colonnes)
    for sorte in FORMATS:
        if all(la & set(noms) for noms in sorte.attendues):
            return sorte
    connus = "certifications, codes postaux, communes, Formacode"
    raise TableauRefuse(f"ces colonnes ne sont d'aucun référentiel connu ({connus})")


def lues(sorte: Format, tableau: Tableau) -> Iterator[tuple[int, Colonnes | str]]:
    """Out: for each row that concerns us, its line, and what it says or what is wrong with it."""
    for rangee in tableau.rangees:
        if (dit := sorte.lire(rangee)) is not None:
            yield rangee.ligne, dit


def _intitule(rangee: Rangee, noms: tuple[str, ...]) -> str:
    return " ".join(simple(rangee.dit(*noms) or "").split())[:LONG]


def _fiche(rangee: Rangee) -> Colonnes | str | None:
    numero, intitule = (rangee.dit("numero fiche") or "").upper(), _intitule(rangee, INTITULES)
    rncp = normaliser_rncp(numero) if numero.startswith("RNCP") else None
    rs = normaliser_rs(numero) if numero.startswith("RS") else None
    if not rncp and not rs:
        return f"numéro de fiche illisible : {numero or 'absent'}"
    niveau = rangee.dit("nomenclature europe niveau", "niveau")
    dite = _certification(intitule, code_rncp=rncp, code_rs=rs, niveau=_niveau(niveau))
    est_active = ENREGISTREE.get(plier(rangee.dit("actif") or ""))
    return dite if isinstance(dite, str) or est_active is None else dite | {"est_active": est_active}


def _delivreur(rangee: Rangee) -> Colonnes | str | None:
    """R-213: who delivers a certification; a partner that only trains for it does not."""
    if (
        plier(rangee.dit(*HABILITATION) or "") in FORME_SEULEMENT
        or plier(rangee.dit(*ETATS) or "actif") != "actif"
    ):
        return None
    if rangee.dit(*DELIVREURS) is None:
        return None  # some lines name an organisation that has no SIRET here
    numero, siret = (rangee.dit("numero fiche") or "").upper(), rangee.dit(*DELIVREURS) or ""
    rncp = normaliser_rncp(numero) if numero.startswith("RNCP") else None
    rs = normaliser_rs(numero) if numero.startswith("RS") else None
    if not rncp and not rs:
        return f"numéro de fiche illisible : {numero or 'absent'}"
    siret = siret.replace(" ", "")
    if not (len(siret) == SIRET and siret.isascii() and siret.isdecimal()):
        return f"SIRET illisible : {siret or 'absent'}"
    return {"sirens_habilites": [siret[:SIREN]]} | ({"code_rncp": rncp} if rncp else {"code_rs": rs})


def _certifinfo(rangee: Rangee) -> Colonnes | str | None:
    code = normaliser_certifinfo(rangee.dit(*CERTIFINFO) or "")
    if code is None:
        return f"code Certif Info illisible : {rangee.dit(*CERTIFINFO) or 'absent'}"
    rncp = rangee.dit("code rncp", "rncp", "numero rncp")
    rs = rangee.dit("code rs", "rs", "numero rs", "code inventaire")
    return _certification(
        _intitule(rangee, INTITULES),
        code_certifinfo=code,
        code_rncp=normaliser_rncp(rncp) if rncp else None,
        code_rs=normaliser_rs(rs) if rs else None,
        niveau=_niveau(rangee.dit("niveau", "libelle niveau")),
    )


def _certification(intitule: str, **dites: str | None) -> Colonnes | str:
    if not intitule:
        return "sans intitulé"
    return {"intitule": intitule} | {nom: dite for nom, dite in dites.items() if dite}


def _niveau(dit: str | None) -> str | None:
    """In: NIV3, 3, « Niveau 3 ». Out: Niveau 3."""
    chiffre = (dit or "")[-1:]
    return f"Niveau {chiffre}" if chiffre.isdecimal() and chiffre != "0" else None


def _commune(rangee: Rangee) -> Colonnes | str | None:
    code, postal = (rangee.dit(*INSEE) or "").upper().zfill(5), (rangee.dit(*POSTAL) or "").zfill(5)
    departement = departement_du_code_insee(code) if est_code_insee(code) else None
    if departement is None:
        return f"code INSEE illisible : {rangee.dit(*INSEE) or 'absent'}"
    if not est_code_postal(postal):
        return f"code postal illisible : {rangee.dit(*POSTAL) or 'absent'}"
    nom = _intitule(rangee, NOMS)
    if not nom:
        return "sans nom"
    latitude, longitude = _point(rangee)
    return {
        "code_insee": code,
        "nom": nom.title() if nom.isupper() else nom,
        "code_postal": postal,
        "departement": departement,
    } | ({"latitude": latitude, "longitude": longitude} if latitude is not None else {})


def _point(rangee: Rangee) -> tuple[float | None, float | None]:
    dit = rangee.dit(*POINT)
    lat, lon = dit.split(",")[:2] if dit and "," in dit else (rangee.dit(*LATITUDE), rangee.dit(*LONGITUDE))
    try:
        point = float((lat or "").replace(",", ".")), float((lon or "").replace(",", "."))
    except ValueError:
        return None, None
    return point if -90 <= point[0] <= 90 and -180 <= point[1] <= 180 else (None, None)


def _cog(rangee: Rangee) -> Colonnes | str | None:
    if rangee.dit("typecom") != "COM":
        return None
    code, nom = (rangee.dit("com") or "").upper().zfill(5), rangee.dit("libelle")
    if not est_code_insee(code) or not nom:
        return f"commune illisible : {code}"
    return {"code_insee": code, "nom": nom}


def _formacode(rangee: Rangee) -> Colonnes | str | None:
    code, libelle = rangee.dit(*FORMACODE) or "", _intitule(rangee, DESCRIPTEUR)
    if not (len(code) == 5 and code.isascii() and code.isdecimal()):
        return f"code illisible, cinq chiffres attendus : {code or 'absent'}"
    return {"code": code, "libelle": libelle} if libelle else "sans libellé"


CODES = ("code_rncp", "code_rs", "code_certifinfo")
FORMATS: tuple[Format, ...] = (
    Format(
        "certificateurs et partenaires",
        m.Certification,
        (("numero fiche",), DELIVREURS),
        CODES[:2],
        _delivreur,
        cree=False,
        ajoute=("sirens_habilites",),
    ),
    Format("fiches RNCP et RS", m.Certification, (("numero fiche",), INTITULES), CODES, _fiche),
    Format("Certif Info", m.Certification, (CERTIFINFO, INTITULES), CODES, _certifinfo),
    Format("communes", m.Commune, (INSEE, POSTAL, NOMS), ("code_insee",), _commune),
    Format(
        "code officiel géographique",
        m.Commune,
        (("typecom",), ("com",), ("libelle",)),
        ("code_insee",),
        _cog,
        cree=False,
    ),
    Format("Formacode", m.Formacode, (FORMACODE, DESCRIPTEUR), ("code",), _formacode),
)
