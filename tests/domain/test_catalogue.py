"""Every empêchement: one code, one sentence for people, and the rule that it comes from."""

from __future__ import annotations

import re
from string import Formatter

import pytest

from app.domain.catalogue import CLASSES
from app.domain.empechements import Empechement

tous = pytest.mark.parametrize("classe", CLASSES, ids=lambda classe: classe.code)


def test_deux_empechements_n_ont_pas_le_meme_code() -> None:
    assert len({classe.code for classe in CLASSES}) == len(CLASSES)


@tous
def test_un_message_est_une_phrase_francaise(classe: type[Empechement]) -> None:
    message = (classe.__doc__ or "").strip()
    assert re.fullmatch(r"[A-ZÀÉÊ].*[.]", message), message
    assert not re.search(r"\s[.,]|[^\s«][:;!?](\s|$)|\n", message), message


@tous
def test_un_message_se_dit_avec_les_details_qu_il_nomme(classe: type[Empechement]) -> None:
    noms = [nom for _, nom, _, _ in Formatter().parse(classe.__doc__ or "") if nom]
    assert "{" not in classe(**dict.fromkeys(noms, "x")).message


@tous
def test_une_regle_citee_a_un_numero(classe: type[Empechement]) -> None:
    assert classe.regle is None or re.fullmatch(r"[RC]-\d{2,3}", classe.regle)
