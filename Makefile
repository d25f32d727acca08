# Two commands do everything: `make run` and `make test`. Both set up what is missing.
SHELL := /bin/bash
PYTHON ?= python3
CONTOR_PORT ?= 8000
export CONTOR_PORT
# Every command starts several processes: what one of them has compiled, the others read.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: setup setup-dev run test test-fast lint year bench golden lock migration clean

# uv installs the locked wheels several times faster than pip; it is itself pinned and hashed in requirements.bootstrap.lock.
.venv/bin/uv: requirements.bootstrap.lock
	@echo "Creating the environment .venv"
	@$(PYTHON) -m venv .venv
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.bootstrap.lock
	@touch $@

.venv/.run: .venv/bin/uv requirements.lock pyproject.toml
	@echo "Installing what Contor needs"
	@.venv/bin/uv pip install --quiet --python .venv/bin/python --require-hashes -r requirements.lock
	@.venv/bin/uv pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation -e .
	@touch $@

.venv/.dev: .venv/.run requirements.dev.lock
	@echo "Installing what developing needs"
	@.venv/bin/uv pip install --quiet --python .venv/bin/python --require-hashes -r requirements.dev.lock
	@touch $@

setup: .venv/.run
setup-dev: .venv/.dev

run: setup
	@exec .venv/bin/contor run

test: setup-dev
	@.venv/bin/python -m ruff check src tests benchmarks
	@.venv/bin/python -m ruff format --check src tests benchmarks
	@.venv/bin/lint-imports
# mypy runs beside the tests: alone it would keep one core waiting.
	@.venv/bin/python -m mypy & types=$$!; \
	.venv/bin/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(ARGS); tests=$$?; \
	wait $$types || { echo "mypy is not content; what it found is above."; exit 1; }; exit $$tests

# What judges the published descriptions and makes types of them (Node.js); without it those tests are skipped.
tests/node/node_modules: tests/node/package-lock.json
	@npm ci --prefix tests/node --ignore-scripts --no-audit --no-fund --silent
	@touch $@

# A year of 2,000 customers with twenty kills, on two cores about an hour; what it did and what broke is said as it goes. People work once
# a week in it, the bank each day; with CONTOR_YEAR_STRIDE=1 they do, too, for some hours.
year: setup-dev
	@CONTOR_YEAR_CUSTOMERS=2000 CONTOR_YEAR_STRIDE=$${CONTOR_YEAR_STRIDE:-7} CONTOR_YEAR_KILLS=20 nice -n 10 .venv/bin/python -m pytest -n 0 -s tests/scenarios/test_year_of_money.py $(ARGS)

bench: setup-dev
	@.venv/bin/python -m benchmarks $(ARGS)

# Makes the golden files say what the code does now. Review their difference like code.
golden: setup-dev
	@CONTOR_WRITE_GOLDEN=1 .venv/bin/python -m pytest -n 0 tests/golden $(ARGS)
	@git status --short tests/golden

lock: .venv/bin/uv
	@.venv/bin/uv pip compile --quiet --no-header --generate-hashes --python-version 3.11 --no-emit-index-url --no-annotate pyproject.toml requirements.build.in -o requirements.lock
	@.venv/bin/uv pip compile --quiet --no-header --generate-hashes --python-version 3.11 --no-emit-index-url --no-annotate --group dev -c requirements.lock -o requirements.dev.lock

migration: setup-dev
	@.venv/bin/python -m contor.migrations.new "$(MESSAGE)"

clean:
	rm -rf .venv build
