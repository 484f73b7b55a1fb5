"""LHEO out: the published offer, as a file of LHEO 2.3 (R-193). `app.imports.lheo` says what becomes of what.

    reading     one `Part`, read by batches as the profile may (`lecture`)
    writing     a formation an action: its action, sessions, places, organisations (`formations`, `sessions`, …)
    the file    whole, or what changed since a moment, withdrawals listed; which flux (`fichier`)

What LHEO has no word for, or no room for, stands in its `extras`, by the names of `app.domain.lheo`: a file that is
brought in again gives the same rows, and the same bytes when it is written again.
"""
