# What a newcomer types. `make` alone tells what there is.

PYTHON ?= python3
DEMO ?=

IN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_ROOT_USER_ACTION := ignore
INSTALL = $(PYTHON) -m pip --python $(IN)/python install --quiet

RUN := .venv/.run-installed
DEV := .venv/.dev-installed

# Rooms whose own tests reach every line and branch: pyproject.toml measures just those.
ROOMS := tests/unit/flow tests/unit/speech tests/unit/store tests/unit/tagor tests/unit/telephony

.DEFAULT_GOAL := help
.PHONY: help setup demo test check cover docs rehearsal mutation bench pictures lock audit

help: ## tell what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(RUN) ## install the bridge into .venv

demo: $(RUN) ## phone the line on this machine: no account, no secret (DEMO="--port 8080")
	@$(IN)/bridge demo $(DEMO)

# Each of the many processes of a test run would compile the bridge anew, where Python may keep no bytecode.
test: export PYTHONDONTWRITEBYTECODE :=
test: $(DEV) ## play all tests but the rehearsals, and tell what they did not reach
	@$(IN)/pytest -n 2 --dist worksteal -m "not rehearsal" --cov --cov-report= $(ROOMS)
	@$(IN)/coverage report --fail-under=100
	@$(IN)/pytest -n 3 --dist worksteal -m "not rehearsal" $(ROOMS:%=--ignore=%)

check: $(DEV) ## format, lint, types, rooms, flows, prompts, office files, drawings
	@$(IN)/ruff format --check --quiet
	@$(IN)/ruff check --quiet
	@$(IN)/mypy
	@$(IN)/lint-imports --no-cache
	@$(IN)/bridge check
	@$(IN)/bridge draw --check
	@$(IN)/bridge record --check

cover: ## show, after make test, every line and branch the tests did not reach
	@$(IN)/coverage report

docs: $(DEV) ## build the site of docs/ into var/site; a link that leads nowhere is a failure
	@$(IN)/sphinx-build -W --keep-going -q -b html docs var/site
	@echo "The site is in var/site/index.html."

rehearsal: $(DEV) ## play the long runs at full size (CALLS=2000 SEED=7 for made-up calls and the matrix alone)
ifdef CALLS
	@$(IN)/bridge rehearse --matrix --processes 2
	@$(IN)/bridge rehearse --calls $(CALLS) --seed "$(SEED)" --processes 2
else
	@$(IN)/pytest -m rehearsal
endif

.PHONY: rehearsal-plans
rehearsal-plans: $(DEV) ## kill the line 504 times while a plan is made (QUICK=1 for a part, SEED=2, CELL=...)
	@$(IN)/python -m bridge.simulators.rehearsal.live.plan_drill_run

mutation: $(DEV) ## change the five costliest areas line by line: tests must notice 95 % (AREA=money, SAMPLE=40, SEED=2)
	@$(IN)/python tests/mutation/mutation_run.py

bench: $(DEV) ## measure the line beside plain apps on this machine: a table, JSON, a picture (QUICK=1, or HOUR=1 for an hour of calls, PAGES=1 for the console)
	@$(IN)/python -m benchmarks$(if $(HOUR),.hour,$(if $(PAGES),.pages,$(if $(QUICK), --quick)))

pictures: $(DEV) ## draw the demo's pages anew into docs/pictures/ (needs chromium)
	@$(IN)/python tests/browser/pictures_run.py

COOLED := $(PYTHON) -c "import datetime as d; print(d.datetime.now(d.timezone.utc).date() - d.timedelta(days=14))"
COMPILE = $(IN)/uv pip compile --quiet --universal --generate-hashes --no-strip-extras --no-emit-index-url \
	--no-annotate --python-version 3.11 --custom-compile-command "make lock" \
	--exclude-newer $$($(COOLED)) --exclude-newer-package gunicorn=2026-11-13

lock: $(DEV) ## choose the newest packages that are two weeks old, with their hashes
	$(COMPILE) pyproject.toml --extra postgres --extra oidc --extra otel -o requirements/run.txt
	$(COMPILE) --group setup -o requirements/setup.txt
	$(COMPILE) pyproject.toml --extra postgres --extra oidc --extra otel --group setup --group dev -c requirements/run.txt -o requirements/dev.txt

audit: $(DEV) ## ask whether a known weakness is in any locked package (needs the network)
	$(IN)/pip-audit --disable-pip --require-hashes -r requirements/run.txt

# Without ensurepip (as Debian ships python3) a .venv is made bare and filled from outside.
.venv/pyvenv.cfg:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "The bridge needs Python 3.11 or newer: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m pip --version > /dev/null || { echo "pip is missing: install python3-pip."; exit 1; }
	@$(PYTHON) -m venv --without-pip .venv

$(RUN): .venv/pyvenv.cfg requirements/run.txt requirements/setup.txt pyproject.toml
	@echo "Installing the bridge into .venv, once."
	@$(INSTALL) --require-hashes -r requirements/run.txt
	@$(INSTALL) --require-hashes -r requirements/setup.txt
	@$(INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

$(DEV): $(RUN) requirements/dev.txt
	@echo "Installing what tests and checks need into .venv, once."
	@$(INSTALL) --require-hashes -r requirements/dev.txt
	@touch $@
