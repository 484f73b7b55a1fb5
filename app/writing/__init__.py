"""The writing door: what a mutation holds in its hand. Take, act, record; the answer is read after the commit.

door         opens one transaction; the ways to a row: take, create, part, hold, know
unit         the rows in hand: what they were, what they became, which of them may be written
asking       questions to the base: several in one statement, parts of an act side by side
questions    what is asked: a row to take, rows to know, the rows at the end of a relation
relations    loads what `avec` names
sending      what is written, and in which order
writes       INSERT, UPDATE and DELETE, built once for each set of columns
shapes       a model and its rows: from what the base says to an instance, and back
transactions a transaction begins with its first statement
statements   SQLAlchemy Core, compiled once to the text and the binds that asyncpg sends
"""

from .door import ANONYMOUS as ANONYMOUS
from .door import SANS_DECISION as SANS_DECISION
from .door import DatabaseError as DatabaseError
from .door import UndecidedWrite as UndecidedWrite
from .door import Writer as Writer
from .door import Writing as Writing
