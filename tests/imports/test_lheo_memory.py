"""Memory does not depend on the size of the file: ten times more formations, the same peak."""

from __future__ import annotations

import subprocess
import sys
import textwrap

READING = textwrap.dedent(
    """
    import io, resource, sys
    from app.imports.lheo import FormationLue, examiner, lire
    from tests.imports.samples import DEPARTEMENTS, action, fichier, formation, session

    class Endless(io.RawIOBase):
        "A file that is made while it is read: it costs no memory of its own."

        def __init__(self, formations):
            une = formation(actions=action("".join(session(numero=f"0050000{n}") for n in range(4)))).encode()
            debut, fin = fichier(formation()).split(formation().encode())
            self.morceaux = self.parts(debut, une, fin, formations)
            self.reste = b""

        @staticmethod
        def parts(debut, une, fin, formations):
            yield debut
            for _ in range(formations):
                yield une + b"\\n"
            yield fin

        def read(self, taille=-1):
            while len(self.reste) < taille and (suite := next(self.morceaux, None)) is not None:
                self.reste += suite
            rendu, self.reste = self.reste[:taille], self.reste[taille:]
            return rendu

    combien = int(sys.argv[1])
    assert examiner(Endless(combien)).nb_formations == combien
    assert sum(isinstance(lue, FormationLue) for lue in lire(Endless(combien), DEPARTEMENTS)) == combien
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
    """
)


def peak(formations: int) -> int:
    """Out: the peak of a process that reads so many formations, in KiB."""
    done = subprocess.run(
        [sys.executable, "-c", READING, str(formations)], capture_output=True, text=True, check=True
    )
    return int(done.stdout)


def test_ten_times_more_formations_take_the_same_memory() -> None:
    small, large = peak(300), peak(3_000)
    assert large < small + 2_048, (small, large)
