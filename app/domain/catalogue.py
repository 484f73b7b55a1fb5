"""Every empêchement of the house, in one list: importing this module imports all that declare some."""

from __future__ import annotations

import importlib
import pkgutil

from app import domain

from .empechements import Empechement, toutes_les_classes


def _all() -> tuple[type[Empechement], ...]:
    for module in pkgutil.iter_modules(domain.__path__):
        if module.name != "catalogue":
            importlib.import_module(f"app.domain.{module.name}")
    return tuple(sorted(set(toutes_les_classes()), key=lambda classe: classe.code))


CLASSES = _all()
