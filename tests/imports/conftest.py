"""The import, on a base that holds the cast."""

from __future__ import annotations

import pytest

from tests.cast import planter
from tests.conftest import Base
from tests.imports.importeur import Importeur


@pytest.fixture
async def importeur(base: Base) -> Importeur:
    """Imports under Gaëlle's account, on the planted base."""
    return Importeur(base.engine, base.ecriture, await planter(base))
