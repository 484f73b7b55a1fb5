"""The documents of « Gestion par lot », and of what ends a candidature without an avis."""

from __future__ import annotations

from .actes import CANDIDATURE, EMPECHEMENTS

LOT = f"""candidatures {{ id etat }} resultats {{ id fait {EMPECHEMENTS} }} {EMPECHEMENTS}"""


def _de(acte: str, argument: str, type_: str) -> str:
    return f"mutation($x: {type_}) {{ {acte}({argument}: $x) {{ {LOT} }} }}"


VALIDER = _de("validerCandidatures", "candidatures", "[ID!]!")
CONVOQUER = _de("convoquerParLot", "entree", "ConvoquerParLotInput!")
NOTER = _de("noterConvocations", "entrees", "[NoterConvocationInput!]!")
AVIS = _de("rendreAvisParLot", "entrees", "[RendreAvisInput!]!")
REPORTER = _de("reporterAuPointSuivant", "candidatures", "[ID!]!")
COMPLETE = f"""mutation($session: ID!, $x: [ID!]) {{
  declarerSessionComplete(session: $session, candidatures: $x) {{ {LOT} }} }}"""
CORRIGER = f"mutation($entree: CorrigerAvisInput!) {{ corrigerAvis(entree: $entree) {{ {CANDIDATURE} }} }}"
REJETER = f"""mutation($id: ID!, $motif: MotifRejet!) {{
  rejeterCandidature(candidature: $id, motif: $motif) {{ {CANDIDATURE} }} }}"""
ELIGIBILITE = """query($s: ID!, $c: ID!) { eligibilite(session: $s, candidat: $c) {
  oui motifs { code regle message chemin } } }"""
