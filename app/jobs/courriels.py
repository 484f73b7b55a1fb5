"""`courriel`: write to an account. The queue holds keys; names and addresses are read when the mail leaves.

At least once: a worker that dies between the server's yes and our note sends it again, under the same Message-ID.
Otherwise once: what left is noted under its `sujet`, and a job that runs again finds it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

from procrastinate import JobContext

from app import models as m
from app.domain.calendrier import fin_de_delai, jour_de_paris
from app.domain.candidatures_closes import ChampIdentite, MotifRejet
from app.domain.echeances import JOURS_AVIS, JOURS_BROUILLON
from app.domain.empechements import Empeche
from app.kit.cipher import Cipher
from app.kit.conditions import Compare, Ref, all_of
from app.writing import Writing

from . import cles, recherches
from .application import Reprise, travaux
from .composition import composer, en_lettres, moment_en_lettres
from .echecs import EchecTravail
from .outils import SYSTEM, Outils

MINUTE, HOUR = 60, 3600
REPRISES = Reprise(30, 2 * MINUTE, 10 * MINUTE, HOUR, 6 * HOUR, 24 * HOUR)
A_QUI = "a_qui"  # an address that is not, or not yet, the account's


@travaux.task(name="courriel", pass_context=True, retry=REPRISES)
async def courriel(
    context: JobContext, /, *, gabarit: str, compte_id: int, sujet: str | None = None, **sujets: Any
) -> None:
    """In: the template, to whom, what makes this mail the only one of its kind (the job, unless said), and the keys of what it speaks of.

    `candidature_id`, `structure_id`, `affiliation_id`, `delegation_id`, `lien_id`; `droit` and `motif` are words of the lexicon.
    """
    outils = Outils.de(context)
    unique = sujet or f"travail-{context.job.id}"
    message = await ecrire(outils, gabarit, compte_id, unique, sujets)
    if message is not None:
        await outils.poste.envoyer(message)
        await noter(outils, gabarit, compte_id, unique)


async def ecrire(
    outils: Outils, gabarit: str, compte_id: int, sujet: str, sujets: Mapping[str, Any]
) -> EmailMessage | None:
    """Out: the mail; None if it left already, or if the account, or what it speaks of, is no longer there."""
    le = outils.clock()
    try:
        async with outils.writer.writing(SYSTEM, le) as tx:
            compte = await tx.take(m.Compte, compte_id, pour="prevenir")
            if await tx.know(m.CourrielEnvoye, CE_SUJET, ce_sujet=sujet):
                return None
            contexte = await contexte_de(tx, outils, compte, sujets)
    except Empeche:
        return None
    a = contexte.pop(A_QUI, compte.courriel)
    return composer(gabarit, a=a, de=outils.expediteur, sujet=sujet, le=le, contexte=contexte)


async def noter(outils: Outils, gabarit: str, compte_id: int, sujet: str) -> None:
    """Note that the mail left. An account that went away meanwhile has nothing to note."""
    le = outils.clock()
    try:
        async with outils.writer.writing(SYSTEM, le) as tx:
            compte = await tx.take(m.Compte, compte_id, pour="prevenir")
            envoye = m.CourrielEnvoye(sujet=sujet, gabarit=gabarit, compte_id=compte.id, envoye_le=le)
            tx.part(compte, envoye)
    except Empeche:
        return


CE_SUJET = Compare(("sujet",), "=", Ref("ce_sujet"))
CE_LIEN = all_of([Compare(("id",), "=", Ref("ce_lien")), Compare(("compte_id",), "=", Ref("ce_compte"))])


async def contexte_de(
    tx: Writing, outils: Outils, compte: m.Compte, sujets: Mapping[str, Any]
) -> dict[str, Any]:
    """Out: what the template may name. Raises Empeche if one of its subjects is gone, EchecTravail for an unknown one."""
    contexte = {"prenom": compte.prenom, "site": outils.site}
    for nom, valeur in sujets.items():
        if nom == "lien_id":
            contexte |= await _lien(tx, outils.cipher, outils.site, compte, valeur)
        elif nom == "nouveautes":
            contexte |= await recherches.contexte(tx, outils, valeur)
        elif nom in SUJETS:
            contexte |= await SUJETS[nom](tx, valeur)
        else:
            raise EchecTravail(f"Un courriel ne sait rien de « {nom} ».", est_definitif=True)
    return contexte


async def _candidature(tx: Writing, cle: int) -> dict[str, Any]:
    candidature = await tx.take(m.Candidature, cle, pour="lire")
    limite = candidature.valider_avant_le
    if limite is None:
        return {"reference": candidature.reference}
    dernier_jour = jour_de_paris(limite - timedelta(microseconds=1))
    return {"reference": candidature.reference, "valider_avant": en_lettres(dernier_jour)}


async def _candidat(tx: Writing, cle: int) -> dict[str, Any]:
    """A person, by its reference: no mail to a prescripteur says a name."""
    return {"personne": (await tx.take(m.Candidat, cle, pour="lire")).reference}


async def _avis_de(tx: Writing, cle: int) -> dict[str, Any]:
    """The session of a candidature that waits for an avis, and until when."""
    session = (await tx.take(m.Candidature, cle, pour="lire", avec=("session.action",))).session
    return {
        "session": session.numero_carif,
        "intitule": session.action.intitule,
        "avis_avant": en_lettres(session.date_fin + timedelta(days=JOURS_AVIS)),
    }


async def _brouillon(tx: Writing, cle: int) -> dict[str, Any]:
    """Until when a draft is kept."""
    brouillon = await tx.take(m.Candidature, cle, pour="rappeler")
    fin = fin_de_delai(brouillon.modifiee_le, JOURS_BROUILLON)
    return {"supprime_le": en_lettres(jour_de_paris(fin)), "intitule": brouillon.intitule}


async def _resultat(tx: Writing, cle: int) -> dict[str, Any]:
    candidature = await tx.take(m.Candidature, cle, pour="lire")
    return {"resultat": candidature.etat.libelle, "intitule": candidature.intitule}


async def _resultats(tx: Writing, cles: str) -> dict[str, Any]:
    """Several results, as lines."""
    lignes = []
    for cle in cles.split(","):
        one = await tx.take(m.Candidature, int(cle), pour="lire")
        lignes.append(f"{one.reference} : {one.etat.libelle} ({one.intitule})")
    return {"lignes": lignes}


async def _nombre(_tx: Writing, nombre: int) -> dict[str, Any]:
    return {"nombre": nombre}


async def _structure(tx: Writing, cle: int) -> dict[str, Any]:
    return {"structure": (await tx.take(m.Structure, cle, pour="lire")).raison_sociale}


async def _affiliation(tx: Writing, cle: int) -> dict[str, Any]:
    affiliation = await tx.take(m.Affiliation, cle, pour="lire")
    return await _structure(tx, affiliation.structure_id)


async def _delegation(tx: Writing, cle: int) -> dict[str, Any]:
    prete = await tx.take(m.Delegation, cle, pour="lire")
    jours = {"du": en_lettres(prete.du), "au": en_lettres(prete.au)}
    return {"role": prete.role.libelle} | jours | await _structure(tx, prete.structure_id)


async def _droit(_tx: Writing, mot: str) -> dict[str, Any]:
    return {"droit": _libelle(m.Droit, mot)}


async def _motif(_tx: Writing, mot: str) -> dict[str, Any]:
    return {"motif": _libelle(MotifRejet, mot)}


async def _champs(_tx: Writing, mots: str) -> dict[str, Any]:
    """R-114: which fields differ, never their values."""
    return {"champs": ", ".join(_libelle(ChampIdentite, mot).lower() for mot in mots.split(",") if mot)}


def _libelle(mots: type[m.Mot], mot: str) -> str:
    libelles = {membre.value: membre.libelle for membre in mots}
    if mot not in libelles:
        raise EchecTravail(f"« {mot} » n'est pas un mot du lexique.", est_definitif=True)
    return libelles[mot]


async def _lien(tx: Writing, cipher: Cipher, site: str, compte: m.Compte, cle: int) -> dict[str, Any]:
    """A link that proves who reads the address. It bears a word that is signed here, and kept nowhere."""
    trouves = await tx.know(m.LienCourriel, CE_LIEN, ce_lien=cle, ce_compte=compte.id)
    if not trouves or trouves[0].utilise_le is not None or trouves[0].expire_le <= tx.maintenant:
        raise Empeche([])
    lien = trouves[0]
    mot = cipher.signed(lien.id, lien.sel)
    # behind a `#`: browsers keep it for the page, it reaches no log of a server
    contexte = {"lien": f"{site}/liens/{lien.usage}#{mot}", "expire": moment_en_lettres(lien.expire_le)}
    if lien.usage is m.UsageLien.PRENDRE_ADRESSE:
        contexte[A_QUI] = lien.contenu["courriel"]
    return contexte


async def _action(_tx: Writing, reference: str) -> dict[str, Any]:
    return {"action_reference": reference}


SUJETS: Mapping[str, Callable[[Writing, Any], Awaitable[dict[str, Any]]]] = {
    "candidature_id": _candidature,
    "cle": cles.contexte,
    "candidat_id": _candidat,
    "avis_de": _avis_de,
    "brouillon": _brouillon,
    "resultat": _resultat,
    "resultats": _resultats,
    "nombre": _nombre,
    "structure_id": _structure,
    "affiliation_id": _affiliation,
    "action": _action,
    "delegation_id": _delegation,
    "droit": _droit,
    "motif": _motif,
    "champs": _champs,
}
