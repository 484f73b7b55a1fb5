"""The search of the offer: what is new in saved searches, and, by night, the words that its second engine knows."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import orjson
from procrastinate import JobContext

from app import models as m
from app.domain import recherches as d
from app.domain.calendrier import jour_de_paris
from app.domain.empechements import Empeche, NonTrouve
from app.kit.conditions import Compare, Ref, all_of
from app.policies.viewer import SANS_JETON, Viewer, profile
from app.reading.formats import encode_id, read_instant, write_instant
from app.writing import Writing

from .application import travaux
from .composition import REGLAGE, en_lettres
from .echecs import EchecTravail
from .outils import SYSTEM, Outils

CELLE_CI = Compare(("id",), "=", Ref("celle_ci"))
MONTREES = 10
CE_PROFIL = all_of(
    [Compare(("structure_id",), "=", Ref("structure")), Compare(("droit",), "=", Ref("droit"))]
)
SON_AFFILIATION = Compare(("id",), "=", Ref("affiliation"))
NOUVELLES = f"""query($recherche: RechercheActions, $sessions: CriteresSession) {{
  actions(recherche: $recherche, first: {MONTREES}, tri: PROCHAIN_DEBUT) {{ totalCount nodes {{
    intitule responsable {{ raisonSociale }}
    sessions(filtre: $sessions, first: 1) {{ nodes {{ dateDebut dateFin lieu {{ ville }} }} }} }} }} }}"""
PERIODE = ("publieesApres", "publieesAvant")


@travaux.periodic(cron="10 2 * * *")
@travaux.task(name="apprendre_vocabulaire", queueing_lock="apprendre_vocabulaire", pass_context=True)
async def apprendre_vocabulaire(context: JobContext, timestamp: int) -> None:
    """The words of what is published today: what a word that nobody published may have been meant for."""
    await Outils.de(context).writer.rafraichir(*m.Vue)


@travaux.periodic(cron="*/15 * * * *")
@travaux.task(name="alerter_recherches", queueing_lock="alerter_recherches", pass_context=True)
async def alerter_recherches(context: JobContext, timestamp: int) -> int:
    """Tell the owners of saved searches what is new. Out: how many mails were asked for; one that fails holds no other."""
    outils = Outils.de(context)
    le = outils.clock()
    async with outils.writer.knowing(le, SYSTEM) as tx:
        keys = await tx.cles(m.RechercheEnregistree, d.DUES, pour="alerter", **d.valeurs_dues(le))
    demandes = ratees = 0
    for key in keys:
        try:
            demandes += await une(outils, key, le)
        except Exception as erreur:
            ratees += 1
            await outils.noter(context, erreur, est_definitif=False)
    if ratees:
        raise EchecTravail(f"{ratees} recherches sur {len(keys)} n'ont pas pu être faites.")
    return demandes


async def une(outils: Outils, key: int, le: datetime) -> bool:
    """Ask for the mail of one search, if it is due and finds something. Out: whether it was."""
    encore = all_of([d.DUES, CELLE_CI])
    try:
        async with outils.writer.writing(SYSTEM, le) as tx:
            recherche = await tx.take(m.RechercheEnregistree, key, pour="alerter")
            valeurs = {**d.valeurs_dues(le), "celle_ci": key}
            if not await tx.cles(m.RechercheEnregistree, encore, pour="alerter", **valeurs):
                return False  # another worker has just done it
            depuis, jusqu_a = d.alerter(recherche, le=le)
            trouvees = (await nouvelles(tx, outils, recherche, depuis, jusqu_a))["totalCount"]
            if trouvees:
                await confier(tx, recherche, depuis, jusqu_a)
    except Empeche:  # its owner deleted it, or wants no more mails
        return False
    return bool(trouvees)


async def confier(
    tx: Writing, recherche: m.RechercheEnregistree, depuis: datetime, jusqu_a: datetime
) -> None:
    """Have the mail sent: what it shows is read when it leaves."""
    moments = {"depuis": write_instant(depuis), "jusqu_a": write_instant(jusqu_a)}
    await tx.confier(
        "courriel",
        gabarit="nouveautes",
        compte_id=recherche.compte_id,
        sujet=f"nouveautes-{recherche.id}-{moments['depuis']}",
        nouveautes=" ".join([str(recherche.id), *moments.values()]),
    )


async def lecteur(tx: Writing, recherche: m.RechercheEnregistree) -> Viewer:
    """Out: who its owner is now, under the profile that the search tells for; if that is no longer its own, under none."""
    seul = Viewer(recherche.compte_id, str(m.Droit.BENEFICIAIRE), None, None, SANS_JETON)
    if recherche.droit is None:
        return seul
    choisir = tx.writer.policy.condition(seul.profil, "choisir", m.DroitAccorde)
    siens = await tx.know(
        m.DroitAccorde,
        all_of([choisir, CE_PROFIL]),
        structure=recherche.structure_id,
        droit=str(recherche.droit),
        **seul.values(tx.maintenant),
    )
    if not siens:
        return seul
    [affiliation] = await tx.know(m.Affiliation, SON_AFFILIATION, affiliation=siens[0].affiliation_id)
    profil = profile(str(recherche.droit), referent=affiliation.est_referent)
    return Viewer(
        recherche.compte_id, profil, affiliation.structure_id, affiliation.id, SANS_JETON, siens[0].id
    )


async def nouvelles(
    tx: Writing, outils: Outils, recherche: m.RechercheEnregistree, depuis: datetime, jusqu_a: datetime
) -> dict[str, Any]:
    """Out: the actions that its owner reads now, with a session that fits and was first published then.

    Raises EchecTravail.
    """
    periode = dict(zip(PERIODE, map(write_instant, (depuis, jusqu_a)), strict=True))
    asked = {"recherche": {**recherche.criteres, **periode}, "sessions": periode}
    said = await outils.reader.execute(await lecteur(tx, recherche), NOUVELLES, asked, None, outils.clock())
    answer = orjson.loads(bytes(said))
    if answer.get("errors"):
        raise EchecTravail("Une recherche enregistrée demande ce qui ne se demande plus.")
    found: dict[str, Any] = answer["data"]["actions"]
    return found


async def contexte(tx: Writing, outils: Outils, dits: str) -> dict[str, Any]:
    """In: what `confier` said. Out: what the template names. Raises Empeche if its owner wants it no more, or reads it no more."""
    cle, depuis, jusqu_a = dits.split(" ")
    recherche = await tx.take(m.RechercheEnregistree, int(cle), pour="alerter")
    trouvees = await nouvelles(tx, outils, recherche, read_instant(depuis), read_instant(jusqu_a))
    if not trouvees["totalCount"]:
        raise Empeche([NonTrouve()])
    ici = encode_id("RechercheEnregistree", recherche.id)
    return {
        "nom": recherche.nom,
        "nombre": trouvees["totalCount"],
        "lignes": [ligne(action) for action in trouvees["nodes"]],
        "autres": max(0, trouvees["totalCount"] - MONTREES),
        "depuis": en_lettres(jour_de_paris(read_instant(depuis))),
        "rythme": recherche.frequence.libelle.lower(),
        "recherche": ici,
        REGLAGE: f"{outils.site}/recherches/{ici}/alerte",
    }


def ligne(action: dict[str, Any]) -> str:
    """Out: an action, and the first of its new sessions, in a sentence."""
    chez = (action["responsable"] or {}).get("raisonSociale")
    dite: str = action["intitule"] + (f", {chez}" if chez else "")
    for session in action["sessions"]["nodes"]:
        debut, fin = (en_lettres(date.fromisoformat(session[nom])) for nom in ("dateDebut", "dateFin"))
        ville = (session["lieu"] or {}).get("ville")
        dite += (f", à {ville}" if ville else "") + f", du {debut} au {fin}"
    return dite
