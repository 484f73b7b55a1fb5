# From a fresh clone to a running server, with Python 3.11 or newer, git and make.
#
#   make run [PORT=8000] [DONNEES=./donnees]    install (once), then serve
#   make test                                   install what tests need (once), then run them
#   make check                                  style, types, floors, then the tests
#
PYTHON ?= python3
V      := .venv
PY     := $(V)/bin/python
PIP    := $(PY) -m pip --disable-pip-version-check -q install --no-deps
UV     := $(V)/bin/uv pip install -q --python $(PY) --no-deps --compile-bytecode
COMPILE := $(V)/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
           --no-emit-index-url --no-emit-find-links --override overrides.txt

.PHONY: run dev test check style regles bench fuzz-politique fuzz-lectures isolation caches annee lock clean
.DELETE_ON_ERROR:

run: $(V)/.run
	@exec $(V)/bin/rafael servir

dev: $(V)/.dev

test: dev
	@$(PY) -m pytest $(ARGS)

style: dev
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy
	$(V)/bin/lint-imports
	@if $(PY) -c 'import oso' 2>/dev/null; then $(V)/bin/rafael politique verifier; else echo "policy: oso is not installed here, compiled.json is taken as it is"; fi
check: style test

regles: dev
	@$(PY) -m tests.house.regles
bench: dev
	@$(PY) -m bench

# On demand, as long as wanted: random policies and worlds, our policy on worlds of the real tables, random documents
N ?= 300
MONDES ?= 40
fuzz-politique: dev
	@$(PY) -m tests.policies.fuzz $(N)
	@$(PY) -m tests.policies.face_a_face $(MONDES)
fuzz-lectures: dev
	@$(PY) -m tests.reading.fuzz $(N) $(or $(GRAINE),0) $(or $(DEPUIS),0)
# By no path of so many rows does a hidden row change an answer; so many documents leave the memory as it is
isolation: dev
	@DEPTH=$(or $(DEPTH),6) CASES=$(or $(CASES),4) $(PY) -m pytest -q tests/reading/maison/test_isolation.py
caches: dev
	@$(PY) -m tests.reading.maison.caches $(or $(DOCUMENTS),100000) $(or $(MIO),100)

# A simulated year of N candidatures, day by day, at random (GRAINE=…), against the rules written apart
annee: dev
	@ANNEE=$(or $(filter-out 300,$(N)),10000) $(PY) -m pytest tests/annee -s

# -- installation ------------------------------------------------------------------------------------------------------
# The locks are the truth (every file by its hash), not a resolver: hence --no-deps.
# uv, itself locked, halves the time; where it reaches no index (it does not read pip.conf), pip does the same work.
installer = echo $$PPID > $(CUT); { { $(PIP) --require-hashes -r outils.lock && $(UV) --require-hashes -r $(1); } 2>/dev/null \
            || $(PIP) --require-hashes -r $(1); } && rm -f $(CUT)

# An installation that was cut short leaves files missing that no installer looks for again: it is begun anew. This file
# says that one is under way, and by whom: nobody takes it from under another who is at it.
CUT := $(V)/.installation
ifneq ($(wildcard $(CUT)),)
  $(shell kill -0 "$$(cat $(CUT))" 2>/dev/null || rm -rf $(V))
endif

$(PY):
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(None if v >= (3, 11) else "Python 3.11 or newer is needed, this is %d.%d. Try: make run PYTHON=python3.12" % v)'
	@$(PYTHON) -m venv $(V) || { rm -rf $(V); echo "$(PYTHON) cannot make a virtual environment. On Debian or Ubuntu: apt install python3-venv" >&2; exit 1; }

$(V)/.run: requirements.lock pyproject.toml | $(PY)
	@echo "Installing, once (10 to 30 seconds)"
	@$(call installer,requirements.lock)
	@$(PIP) --no-build-isolation -e .
	@touch $@

$(V)/.dev: requirements-dev.lock $(V)/.run
	@echo "Installing what tests need, once"
	@$(call installer,requirements-dev.lock)
	@touch $@

# To move versions: make lock LOCK=--upgrade (or LOCK="--upgrade-package starlette")
lock: dev
	$(COMPILE) $(LOCK) pyproject.toml -o requirements.lock
	$(COMPILE) $(LOCK) pyproject.toml --group dev -c requirements.lock -o requirements-dev.lock
	echo uv | $(COMPILE) $(LOCK) - -o outils.lock

# Data stay; `make clean` only forgets what `make` can make again.
clean:
	rm -rf $(V) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
