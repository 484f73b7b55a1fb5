"""Root's side of the embedded server: PostgreSQL refuses root, so borrow an account that exists, and change nothing else."""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ACCOUNTS = ("postgres", "nobody")
FALLBACK = Path("/var/lib/rafaelpro")


class EmbeddedError(Exception):
    """The embedded server cannot be used here; the message says to the person what to do."""


def identity(user: str | None) -> dict[str, Any]:
    """In: an account, or None for our own. Out: what `subprocess` needs to become it, groups included."""
    if user is None:
        return {}
    return {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}


def account(home: Path) -> str | None:
    """Out: the account to run PostgreSQL under for this data folder: None for our own, when we are not root."""
    if os.geteuid() != 0:
        return None
    owners = [data.stat().st_uid for data in home.glob("pg*") if data.is_dir()] if home.exists() else []
    if owners and owners[0] != 0:
        return pwd.getpwuid(owners[0]).pw_name
    known = {entry.pw_name for entry in pwd.getpwall()}
    found = next((name for name in ACCOUNTS if name in known), None)
    if found is None:
        raise EmbeddedError(
            "aucun compte pour PostgreSQL, qui refuse root : lancez sous un compte ordinaire, ou donnez DATABASE_URL"
        )
    return found


def reachable(path: Path, user: str | None) -> bool:
    """May that account cross the folder (or run the file)? For a path that is still to be made: its nearest parent."""
    while not path.exists():
        path = path.parent
    test = shutil.which("test") or "/bin/test"
    done = subprocess.run(  # noqa: S603  # fixed words and a path
        [test, "-x", str(path)], cwd="/", check=False, **identity(user)
    )
    return done.returncode == 0


def default_home(checkout: Path) -> Path:
    """Out: the data folder when nobody chose one: `donnees` in the checkout.

    For root in a checkout that no borrowed account may cross (a 0700 home): a folder of its own under /var/lib.
    """
    home = checkout / "donnees"
    if os.geteuid() != 0 or reachable(home, account(home)):
        return home
    return FALLBACK / hashlib.sha256(os.fsencode(checkout)).hexdigest()[:12]


def make_home(home: Path, user: str | None) -> None:
    """Create the data folder where it is missing, and refuse one that the account cannot cross."""
    missing = [folder for folder in (home, *home.parents) if not folder.exists()]
    try:
        for folder in reversed(missing):
            folder.mkdir(exist_ok=True)
            if user is not None:
                folder.chmod(0o755)  # ours, made just now, whatever the umask; the data inside are 0700
    except OSError as error:
        raise EmbeddedError(
            f"dossier de données impossible à créer ({error}) : choisissez-en un autre par DONNEES"
        ) from error
    if not reachable(home, user):
        raise EmbeddedError(
            f"le compte {user}, sous lequel root fait tourner PostgreSQL, n'atteint pas {home} : "
            "choisissez un autre dossier par DONNEES (par exemple DONNEES=/var/lib/rafaelpro)"
        )


def own(path: Path, user: str | None) -> None:
    """Give the path to the account, if one was borrowed."""
    if user is not None:
        entry = pwd.getpwnam(user)
        os.chown(path, entry.pw_uid, entry.pw_gid)


def same_owner(path: Path, folder: Path) -> None:
    """As root in somebody's folder: leave him the file, or he could not open it afterwards."""
    if os.geteuid() == 0:
        there = folder.stat()
        os.chown(path, there.st_uid, there.st_gid)


def readable_binaries(install: Path, home: Path, version: str, user: str | None) -> Path:
    """Out: binaries that the account may run: those of the wheel, or a copy in the data folder (40 MB, once)."""
    if user is None or reachable(install / "bin" / "postgres", user):
        return install
    package, copy = install.parent, home / f"binaires-{version}"
    if not copy.exists():
        with made_aside(copy) as aside:
            # same layout: the binaries find their libraries beside the package ($ORIGIN/../../../….libs)
            shutil.copytree(install, aside / package.name / install.name, symlinks=True)
            libs = package.with_name(package.name + ".libs")
            if libs.exists():
                shutil.copytree(libs, aside / libs.name, symlinks=True)
            for folder in (aside, aside / package.name):
                folder.chmod(0o755)
    return copy / package.name / install.name


@contextmanager
def made_aside(target: Path) -> Iterator[Path]:
    """A folder beside its final place, put there at the end: whoever is cut short leaves nothing half made in sight."""
    for left in target.parent.glob(f"{target.name}.neuf-*"):
        shutil.rmtree(left, ignore_errors=True)
    aside = Path(tempfile.mkdtemp(prefix=f"{target.name}.neuf-", dir=target.parent))
    try:
        yield aside
        aside.rename(target)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise
