# Every target does its own set-up; nothing else has to be run first. `make help` lists them.
#
# Needed: python3 (3.11 or newer) with venv, make, git. PYTHON=python3.12 chooses another Python,
# ARGS="…" is handed on: make serve ARGS="--port 9000", make test ARGS="-k capture".

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input --no-deps
PROCESSES ?= 2
ARGS ?=

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help setup setup-dev serve demo test check faults fuzz format bench lighthouse pictures schemathesis audit teach lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' Makefile

setup: $(VENV)/.noctule ## install noctule into .venv
	@:

setup-dev: $(VENV)/.dev ## and the tools of its developers
	@:

serve: setup ## run it at http://127.0.0.1:8000/
	@exec $(BIN)/noctule serve $(ARGS)

demo: setup ## run it in a data folder that may be thrown away
	@exec $(BIN)/noctule demo $(ARGS)

test: setup-dev ## run the tests; POSTGRES=16 or 18 on such a server over TCP, with a password
	$(BIN)/python -m pytest -n $(PROCESSES) $(if $(POSTGRES),--postgres $(POSTGRES)) $(ARGS)

check: setup-dev ## everything that must hold before a commit: format, lint, types, floors, tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/basedpyright
	$(BIN)/lint-imports --no-cache
	@rm -f .coverage .coverage.*
	$(BIN)/coverage run -m pytest -n $(PROCESSES) $(ARGS)
	@$(BIN)/coverage combine --quiet
	@report=$$($(BIN)/coverage report) || { echo "$$report"; echo "Some SQL is never run by a test."; exit 1; }

fuzz: setup-dev ## ten minutes of requests made at random, to every operation and page
	$(BIN)/python -m pytest tests/attacks/test_fuzz.py --long --log-cli-level=WARNING -q $(ARGS)

faults: setup-dev ## kill, fill, cut off and stop a server under load, and count: some 15 minutes; ARGS="-k disk" does some
	$(BIN)/python -m pytest tests/faults --long -p no:randomly $(ARGS)

format: setup-dev ## put the code into its form and mend what a tool can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: setup-dev ## run each command of bench/, one after the other; NAME=capture runs one
	@for file in bench/*.py; do \
		name=$$(basename "$$file" .py); \
		grep -qs "python -m bench\.$$name" "$$file" || continue; \
		[ -z "$(NAME)" ] || [ "$(NAME)" = "$$name" ] || continue; \
		echo "== bench/$$name.py: $$(sed -n '1s/^"""//p' "$$file")"; \
		$(BIN)/python -m "bench.$$name" $(ARGS) || exit 1; \
	done

# Universal, so that one file serves every platform; with hashes, without hosts. excludes.txt leaves out what we
# would never import. Run it after a change of the dependencies in pyproject.toml; UPGRADE=--upgrade takes newer versions.
COMPILE := $(VENV)/uv/bin/uv --quiet pip compile --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --excludes excludes.txt pyproject.toml

lighthouse: setup-dev ## every page as Lighthouse sees it; needs node, npm and Chromium
	@command -v npm >/dev/null || { echo "lighthouse: there is no npm: apt-get install nodejs npm"; exit 1; }
	@[ -d $(VENV)/lighthouse ] || npm install --silent --no-audit --no-fund --prefix $(VENV)/lighthouse lighthouse@12
	$(BIN)/python -m bench.lighthouse $(ARGS)

pictures: setup-dev ## compare pages with the pictures that were kept: ARGS=--keep keeps them
	$(BIN)/python -m bench.pictures $(ARGS)

schemathesis: setup-dev $(VENV)/schemathesis/bin/schemathesis ## ask every operation of /openapi.json for trouble
	$(BIN)/python -m bench.conform $(ARGS)

audit: $(VENV)/audit/bin/pip-audit ## ask PyPI for known weaknesses of what is installed
	$(VENV)/audit/bin/pip-audit --requirement requirements.lock --disable-pip --require-hashes

teach: $(VENV)/teaching/.made ## make a model again, in about an hour: ARGS="sentiment SETS --write", or flags
	$(VENV)/teaching/bin/python -m training $(ARGS)

lock: $(VENV)/uv/bin/uv ## make the lock files again
	$(COMPILE) --extra build --output-file requirements.lock $(UPGRADE) >/dev/null
	$(COMPILE) --extra dev --constraint requirements.lock --output-file requirements-dev.lock $(UPGRADE) >/dev/null

clean: ## forget .venv and the caches; data folders stay
	rm -rf $(VENV) .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage .coverage.*
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Stamps: each stands for a finished step and is made again only when what it came from has changed.

$(BIN)/pip:
	@$(PYTHON) -c 'import sys; sys.exit("Noctule needs Python 3.11 or newer" if sys.version_info < (3, 11) else 0)'
	@echo "Setting up $(VENV) (once, about a minute)"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.lock | $(BIN)/pip
	@$(PIP) --require-hashes -r requirements.lock
	@touch $@

$(VENV)/.noctule: pyproject.toml $(VENV)/.run
	@$(PIP) --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.noctule
	@$(PIP) --require-hashes -r requirements-dev.lock
	@touch $@

$(VENV)/schemathesis/bin/schemathesis: | $(BIN)/pip
	@$(BIN)/python -m venv $(VENV)/schemathesis
	@$(VENV)/schemathesis/bin/python -m pip install --quiet --disable-pip-version-check 'schemathesis==4.32.5'

$(VENV)/audit/bin/pip-audit: | $(BIN)/pip
	@$(BIN)/python -m venv $(VENV)/audit
	@$(VENV)/audit/bin/python -m pip install --quiet --disable-pip-version-check 'pip-audit==2.10.1'

$(VENV)/teaching/.made: requirements.lock | $(BIN)/pip
	@$(BIN)/python -m venv $(VENV)/teaching
	@$(VENV)/teaching/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	@$(VENV)/teaching/bin/python -m pip install --quiet --disable-pip-version-check \
		'torch==2.13.0' 'vaderSentiment==3.3.2'
	@touch $@

$(VENV)/uv/bin/uv: | $(BIN)/pip
	@$(BIN)/python -m venv $(VENV)/uv
	@$(VENV)/uv/bin/python -m pip install --quiet --disable-pip-version-check uv
