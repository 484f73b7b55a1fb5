"""What the base knows already of the formations of a lot: four readings, however many they are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from app import models as m
from app.kit.conditions import Compare, Ref, all_of, any_of
from app.writing import Writing

from .lus import ActionLue, CertificationLue, FormationLue, OrganismeLu, PositionneurLu

CODES = ("code_rncp", "code_rs", "code_certifinfo")  # the one that says best first
DE_LA_SOURCE = all_of(
    [Compare(("source",), "=", Ref("source")), Compare(("numero_source",), "=", Ref("numeros", many=True))]
)
STRUCTURES = any_of([Compare(("siret",), "=", Ref("sirets", many=True)), DE_LA_SOURCE])
CERTIFICATIONS = any_of(Compare((code,), "=", Ref(code, many=True)) for code in CODES)
ACTIONS = any_of([DE_LA_SOURCE, Compare(("reference",), "=", Ref("references", many=True))])
SESSIONS = any_of(
    [
        Compare(("action_id",), "=", Ref("actions", many=True)),
        DE_LA_SOURCE,
        Compare(("numero_carif",), "=", Ref("references", many=True)),
    ]
)


@dataclass
class Connu:
    """Rows of the base, by what the formations of a lot call them; those that the lot makes are added.

    structures       by SIRET;  numeros  of this source, already those of a structure
    certifications   by each of their codes
    actions          by the number of their source;  par_reference  by ours
    sessions         by the number of their source;  par_numero  by ours;  de_l_action  by the key of their action
    """

    source: str
    structures: dict[str, m.Structure] = field(default_factory=dict)
    numeros: set[str | None] = field(default_factory=set)
    certifications: dict[str, m.Certification] = field(default_factory=dict)
    actions: dict[str | None, m.Action] = field(default_factory=dict)
    par_reference: dict[str, m.Action] = field(default_factory=dict)
    sessions: dict[str | None, m.SessionFormation] = field(default_factory=dict)
    par_numero: dict[str, m.SessionFormation] = field(default_factory=dict)
    de_l_action: dict[int, list[m.SessionFormation]] = field(default_factory=dict)

    def certification(self, lue: CertificationLue) -> m.Certification | None:
        """Out: the certification that has one of these codes, the best one first."""
        codes = (getattr(lue, code) for code in CODES)
        return next((self.certifications[c] for c in codes if c and c in self.certifications), None)

    def noter_certification(self, row: m.Certification) -> None:
        """One more certification is known."""
        for code in CODES:
            if said := getattr(row, code):
                self.certifications.setdefault(said, row)


async def connaitre(tx: Writing, source: str, lues: Sequence[FormationLue], *, maison: bool) -> Connu:
    """In: the formations of a lot; whether their numbers are our own references. Out: what the base has of them."""
    connu, actions = Connu(source), [action for lue in lues for action in lue.actions]
    await _structures(tx, connu, lues)
    await _certifications(tx, connu, actions)
    await _actions(tx, connu, actions, maison=maison)
    await _sessions(tx, connu, actions, maison=maison)
    return connu


def organismes(lue: FormationLue) -> dict[str, OrganismeLu]:
    """Out: the structures that are described, the responsable last: what it says of itself is said better."""
    formateurs = [s.formateur for action in lue.actions for s in action.sessions if s.formateur is not None]
    return {lu.siret: lu for lu in (*formateurs, lue.responsable)}


def positionneurs(lue: FormationLue) -> dict[str, PositionneurLu]:
    """Out: who places people, by SIRET; said with its name rather than without."""
    dits = [s.positionneur for action in lue.actions for s in action.sessions if s.positionneur]
    return {lu.siret: lu for lu in sorted(dits, key=lambda lu: lu.nom is not None)}


async def _structures(tx: Writing, connu: Connu, lues: Iterable[FormationLue]) -> None:
    nommes = {siret: lu for lue in lues for siret, lu in organismes(lue).items()}
    places = [siret for lue in lues for siret in positionneurs(lue)]
    numeros = [lu.numero_source for lu in nommes.values() if lu.numero_source]
    for row in await tx.know(
        m.Structure, STRUCTURES, sirets=[*nommes, *places], source=connu.source, numeros=numeros
    ):
        if row.siret:
            connu.structures[row.siret] = row
        if row.source == connu.source:
            connu.numeros.add(row.numero_source)


async def _certifications(tx: Writing, connu: Connu, actions: Iterable[ActionLue]) -> None:
    nommees = {certification for action in actions for certification in action.certifications}
    if nommees:
        codes = {nom: [code for c in nommees if (code := getattr(c, nom))] for nom in CODES}
        for row in await tx.know(m.Certification, CERTIFICATIONS, **codes):
            connu.noter_certification(row)


async def _actions(tx: Writing, connu: Connu, actions: Sequence[ActionLue], *, maison: bool) -> None:
    numeros = [lue.numero_source for lue in actions]
    references = numeros if maison else []
    for row in await tx.know(m.Action, ACTIONS, source=connu.source, numeros=numeros, references=references):
        connu.par_reference[row.reference] = row
        if row.source == connu.source:
            connu.actions[row.numero_source] = row


async def _sessions(tx: Writing, connu: Connu, actions: Sequence[ActionLue], *, maison: bool) -> None:
    numeros = [session.numero_source for lue in actions for session in lue.sessions]
    cles = [row.id for row in connu.par_reference.values()]
    for row in await tx.know(
        m.SessionFormation,
        SESSIONS,
        actions=cles,
        source=connu.source,
        numeros=numeros,
        references=numeros if maison else [],
    ):
        connu.par_numero[row.numero_carif] = row
        connu.de_l_action.setdefault(row.action_id, []).append(row)
        if row.source == connu.source:
            connu.sessions[row.numero_source] = row
