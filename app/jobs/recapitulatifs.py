"""`recapituler`: the recap of a candidature, sent to the person whom it is for (R-091). Never a NIR in it (R-116)."""

from __future__ import annotations

from email.message import EmailMessage

from procrastinate import JobContext

from app import models as m
from app.domain.calendrier import jour_de_paris
from app.domain.empechements import Empeche
from app.writing import Writing

from .application import travaux
from .composition import composer, en_lettres
from .courriels import CE_SUJET, REPRISES
from .outils import SYSTEM, Outils

GABARIT = "recapitulatif"
DOSSIER = ("candidat", "session")


@travaux.task(name="recapituler", pass_context=True, retry=REPRISES)
async def recapituler(context: JobContext, /, *, candidature_id: int) -> None:
    """In: a candidature that was just validated. Its recap leaves once, to the address on the sheet of the person."""
    outils = Outils.de(context)
    message = await ecrire(outils, candidature_id)
    if message is not None:
        await outils.poste.envoyer(message)
        await noter(outils, candidature_id)


def sujet_de(candidature: m.Candidature) -> str:
    """Out: what makes this mail the only one of its kind: validated again after a correction, it would be another."""
    return f"recapitulatif-{candidature.id}-{candidature.validee_le:%Y%m%d%H%M%S}"


async def ecrire(outils: Outils, candidature_id: int) -> EmailMessage | None:
    """Out: the mail; None if it left already, or if there is nobody to write to any more."""
    le = outils.clock()
    try:
        async with outils.writer.knowing(le, SYSTEM) as tx:
            candidature = await tx.take(m.Candidature, candidature_id, pour="lire", avec=DOSSIER)
            adresse, sujet = candidature.candidat.courriel, sujet_de(candidature)
            if not adresse or await tx.know(m.CourrielEnvoye, CE_SUJET, ce_sujet=sujet):
                return None
            contexte = contexte_de(candidature)
    except Empeche:
        return None
    return composer(GABARIT, a=adresse, de=outils.expediteur, sujet=sujet, le=le, contexte=contexte)


def contexte_de(candidature: m.Candidature) -> dict[str, str | None]:
    """Out: what the template names: nothing that anybody typed of the person but the first name."""
    assert candidature.validee_le is not None  # the act hands this job over
    return {
        "prenom": candidature.candidat.prenom,
        "reference": candidature.reference,
        "intitule": candidature.intitule,
        "organisme": candidature.organisme_formation,
        "prescripteur": candidature.organisme_prescripteur,
        "faite_le": en_lettres(jour_de_paris(candidature.validee_le)),
        "debut": en_lettres(candidature.session_date_debut),
        "fin": en_lettres(candidature.session_date_fin),
        "ville": candidature.session.lieu_ville,
        "session": candidature.session.numero_carif,
    }


async def noter(outils: Outils, candidature_id: int) -> None:
    """Note that the mail left."""
    le = outils.clock()
    try:
        async with outils.writer.writing(SYSTEM, le) as tx:
            candidature = await tx.take(m.Candidature, candidature_id, pour="lire", avec=DOSSIER)
            tx.part(candidature, envoye(candidature, tx))
    except Empeche:
        return


def envoye(candidature: m.Candidature, tx: Writing) -> m.CourrielEnvoye:
    """Out: the note."""
    return m.CourrielEnvoye(
        sujet=sujet_de(candidature),
        gabarit=GABARIT,
        candidat_id=candidature.candidat_id,
        envoye_le=tx.maintenant,
    )
