# Each target works on a bare machine with Python 3.11 or newer; the first run sets up .venv from the lock.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
PY := .venv/bin/python
PACKAGES := keys credentials exchange trust service issuer wallet verifier registry pergamena
PIP := $(PY) -m pip install --quiet --disable-pip-version-check
# Workers of the test run: two by default, since every worker may hold a PostgreSQL and a Chromium.
WORKERS ?= 2

.PHONY: demo journey test check bench lock languages clean

demo: .venv/run.stamp
	$(PY) -m pergamena demo

journey: .venv/run.stamp
	$(PY) -m pergamena journey

test: .venv/dev.stamp node_peers
	sh tests/chromium.sh
	$(PY) -m pytest -n $(WORKERS) --dist loadfile --cov --cov-branch --cov-report=term:skip-covered

check: .venv/dev.stamp
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(PY) -m pytest -q tests/architecture

bench: .venv/dev.stamp
	$(PY) -m bench

# The lock holds names, versions and hashes, and no index address.
lock:
	uv pip compile --universal --python-version 3.11 --extra fast --generate-hashes --no-emit-index-url --no-header --prerelease=if-necessary-or-explicit pyproject.toml -o requirements.lock
	uv pip compile --universal --python-version 3.11 --all-extras --generate-hashes --no-emit-index-url --no-header --prerelease=if-necessary-or-explicit -c requirements.lock pyproject.toml -o requirements-dev.lock

# Every catalogue of translations holds every text of the tree; what is new waits there for its words.
languages: .venv/run.stamp
	$(PY) -m service.languages

clean:
	rm -rf .venv var node_modules tests/peers/node/node_modules

.PHONY: node_peers
node_peers:
	@if command -v npm >/dev/null 2>&1; then \
	  test -d tests/peers/node/node_modules || npm ci --prefix tests/peers/node --silent --no-audit --no-fund; \
	else echo "No Node.js here: the JavaScript peers are left out of this test run."; fi

.venv/run.stamp: requirements.lock
	test -x $(PY) || $(PYTHON) -m venv .venv
	$(PIP) --require-hashes -r requirements.lock
	touch $@

.venv/dev.stamp: requirements-dev.lock pyproject.toml
	test -x $(PY) || $(PYTHON) -m venv .venv
	$(PIP) --require-hashes -r requirements-dev.lock
	$(PIP) --no-deps --no-build-isolation -e .
	touch .venv/run.stamp $@
