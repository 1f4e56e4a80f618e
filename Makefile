# The two commands are `make run` and `make test`; each does all the set-up it needs and is quick when repeated.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
HOST ?= 127.0.0.1
PORT ?= 8000
WORKERS ?= 2
CATALOG := webapp/translations/en/LC_MESSAGES/messages
FRONTEND := webapp/frontend
STUDIO := webapp/static/studio/.built

.PHONY: help run test setup setup-test check lint year bench torture clean
.DEFAULT_GOAL := help

help: ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: setup ## set up everything and serve the demonstration on http://127.0.0.1:8000
	@$(BIN)/chief-planner demo --if-missing
	@$(BIN)/chief-planner serve --host $(HOST) --port $(PORT)

test: setup-test lint ## set up everything and run all checks and tests
	@$(BIN)/python -m pytest -n $(WORKERS)

setup: $(VENV)/.run $(CATALOG).mo $(STUDIO) ## make the virtual environment, compile the translations, build the studio

setup-test: $(VENV)/.dev $(CATALOG).mo $(STUDIO)

lint: setup-test ## format, lint, types, import contracts
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

check: setup ## run the deploy check over the diagrams of this repository
	@$(BIN)/chief-planner check bpmn/*/process.bpmn

torture: setup-test ## kill, crash, fill, freeze and mislead the desk for some ten minutes; a table at the end
	@$(BIN)/python -m tests.torture

year: setup ## play the year 2025 task by task in an empty folder and compare the registers with its story
	@CHIEF_PLANNER_HOME=$$(mktemp -d) $(BIN)/chief-planner demo --year 2025

bench: setup-test ## measure speed on SQLite and PostgreSQL, as medians and as ratios to a floor
	@$(BIN)/chief-planner bench

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed (found: $$($(PYTHON) --version))."; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "Python's venv module is missing: apt-get install python3-venv"; exit 1; }

$(VENV)/.run: $(BIN)/python pyproject.toml
	@echo "Installing the desk …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.run
	@echo "Installing what the tests need …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

$(CATALOG).mo: $(CATALOG).po $(VENV)/.run
	@$(BIN)/pybabel --quiet compile --directory webapp/translations --domain messages
	@touch $@

# Node comes as a Python wheel, so that the machine needs none. Without the packages the desk runs, but has no studio.
$(VENV)/.assets: $(VENV)/.run
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[assets]'
	@touch $@

$(FRONTEND)/node_modules/.ready: $(FRONTEND)/package-lock.json $(VENV)/.assets
	@echo "Fetching what the studio is built of …"
	@cd $(FRONTEND) && PATH="$(CURDIR)/$(BIN):$$PATH" NODE_EXTRA_CA_CERTS="$${NODE_EXTRA_CA_CERTS:-$$SSL_CERT_FILE}" npm ci --ignore-scripts --silent && touch node_modules/.ready

$(STUDIO): $(FRONTEND)/package.json $(FRONTEND)/package-lock.json $(FRONTEND)/build.mjs $(shell find $(FRONTEND)/src -type f 2>/dev/null)
	@$(MAKE) --no-print-directory $(FRONTEND)/node_modules/.ready \
	    && $(BIN)/node $(FRONTEND)/build.mjs && touch $@ \
	    || echo "THE STUDIO WAS NOT BUILT: diagrams cannot be drawn in the browser until 'make setup' reaches a package registry."

clean: ## remove the virtual environment and what was built; the data folder stays
	rm -rf $(VENV) $(FRONTEND)/node_modules webapp/static/studio build *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
