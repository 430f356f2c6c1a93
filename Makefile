# `make` lists the targets. `make demo` and `make test` set up everything they need on a machine with Python >= 3.11.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
BENCH_LINE := === bench peers below

.DEFAULT_GOAL := help
.PHONY: help setup demo serve test everywhere faults faults-reports campaign lint types contracts reference docs golden bench check lock clean

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-15s %s\n", $$1, $$2}'

setup: $(VENV)/ready  ## make the virtual environment, install the locked versions, warm the kernels

$(VENV)/ready: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Rempart needs Python 3.11 or newer; run make PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)
	sed '/$(BENCH_LINE)/,$$d' requirements.lock > $(VENV)/base.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r $(VENV)/base.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	$(BIN)/python -m compileall -q $(VENV)/lib src > /dev/null || true  # some packages ship files for other Pythons
	$(BIN)/rempart warm
	touch $@

demo: setup  ## screen 300 benign items against a demo list into build/demo/
	$(BIN)/rempart demo --out build/demo

serve: setup  ## serve the case desk on http://127.0.0.1:8000 with benign demo cases, data in build/desk
	REMPART_DATA_FOLDER=build/desk $(BIN)/rempart demo load
	REMPART_DATA_FOLDER=build/desk $(BIN)/rempart serve

test: setup  ## run the tests
	$(BIN)/python -m pytest -q -n 2 --dist worksteal

everywhere: setup  ## run the tests, those of all pages on PostgreSQL, too
	PAGES=everywhere $(BIN)/python -m pytest -q -n 2 --dist worksteal

faults: setup  ## kill web and worker 200 times under load, on SQLite and on PostgreSQL
	$(BIN)/python -m rempart.testing.faults --database sqlite --kills 200
	$(BIN)/python -m rempart.testing.faults --database postgresql --kills 200

faults-reports: setup  ## fail and kill at every step of 300 reports, and of 60 on PostgreSQL
	$(BIN)/python -m rempart.testing.report_faults --runs 300
	$(BIN)/python -m rempart.testing.report_faults --database postgresql --runs 60

campaign: setup  ## run the long seeded campaigns: 10,000 mutated files, 20 kills of a 5,000-item job, 5,000 API calls
	$(BIN)/python -m pytest -q -m campaign --timeout 3600

lint: setup  ## check style
	$(BIN)/ruff check src tests tools
	$(BIN)/ruff format --check src tests tools

types: setup  ## check types
	$(BIN)/mypy

contracts: setup  ## check that data flows one way
	$(BIN)/lint-imports

reference: setup  ## check that the reference pages are those of the code
	$(BIN)/python tools/reference.py --check

docs: reference  ## check the reference pages, and every link and example
	$(BIN)/python -m pytest -q tests/docs

golden: setup  ## write the golden files anew (look at the diff before you commit)
	$(BIN)/python tools/reference.py
	REMPART_GOLDEN=write $(BIN)/python -m pytest -q tests/golden tests/reporting

$(VENV)/bench: $(VENV)/ready
	sed -n '/$(BENCH_LINE)/,$$p' requirements.lock > $(VENV)/peers.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r $(VENV)/peers.txt
	touch $@

bench: $(VENV)/bench  ## install the peers and run every benchmark beside them
	$(BIN)/rempart bench hash
	$(BIN)/rempart bench match
	$(BIN)/rempart bench lists
	$(BIN)/rempart bench screen
	$(BIN)/rempart bench origin
	$(BIN)/rempart bench serve
	$(BIN)/rempart bench report
	$(BIN)/rempart selftest

check: lint types contracts docs test  ## everything that has to be green before a commit

lock: setup  ## resolve the versions anew into requirements.lock
	$(BIN)/python tools/lock.py

clean:  ## remove what was built
	rm -rf build $(VENV)
