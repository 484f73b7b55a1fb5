"""The reading door: a document and whoever asks become one SQL statement. Read in this order, it takes an hour.

A request, from its text to its answer:
    reader      the door: find the plan of a request or make it, send it, complete what is not in the tables
    requests    a document that is valid, its operation, who asks, when
    operations  the operation: its variables, coerced at each request
    shapes      all that a plan may know of variables: whether they are given, never what they hold
    plans       the statement, and where each of its values comes from
    acts, completion    what a mutation answers; graphql-core over what one statement has read

The compilation, walked once for a document, a profile and a shape:
    compiler    walks what is asked; a table is entered only through it, its condition with it
    asked       one key of the answer, its field and its arguments: graphql-core's own functions say them
    places      the row in scope, how it was reached, and what that proves of it
    rendering, formats    JSON in SQL; each form of a value in SQL and in Python, side by side

What a field is made of, each kind a class that renders itself at a place:
    fields      the words of the schema: `colonne`, `relation`, `page`, `droit`…, one line a field
    sources     columns, relations, lists, counters; `choices` one or another
    roots       rows found from nowhere: by identifier, by key, by who asks
    pages       connections; with `orders`, `keys`, `cursors`, and `ways` for a policy that says « or »
    rights      what may be done with a row, and why not
    filters, criteria, search    what a list keeps; `guarded`: no filter tells what a field hides
    facets      the list counted by what would refine it

Beside them:
    verify, proofs      what must hold before the first request, so that no answer breaks its types
    limits, errors, texts, answers    what may be asked, what is said when it may not, the bytes that leave
    shown       the statement itself, for whoever reviews it
    streams     whole models read by batches, for files
"""
