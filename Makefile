# Every command a developer needs. A clone needs nothing but python3 (3.11 or later).
.DEFAULT_GOAL := help
PYTHON ?= python3
# uv from PATH, else one of our own below .venv-uv, brought by pip.
UV := $(shell command -v uv 2>/dev/null || echo .venv-uv/bin/uv)
RUN := $(UV) run --frozen
# Tests start hundreds of processes, each of which imports the site: 6 seconds of a core, and 2 where it is compiled.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo dev test journeys-slow faults guards check lint types ladder migrations format bench bench-front bench-archive bench-groups bench-rings bench-moderation golden messages deploy-check clean

help:  ## list the commands
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

$(UV):
	@echo "Bringing uv, which brings the rest."
	@$(PYTHON) -c 'import sys; sys.exit("Kawaraban needs Python 3.11 or later; this is %d.%d." % sys.version_info[:2] if sys.version_info < (3, 11) else 0)'
	@$(PYTHON) -m venv .venv-uv
	@.venv-uv/bin/python -m pip install --quiet --disable-pip-version-check 'uv>=0.13,<0.14'

.venv/.synced: pyproject.toml uv.lock | $(UV)
	@$(UV) sync --quiet --frozen
	@touch $@

demo: .venv/.synced  ## a running demo newsroom at http://127.0.0.1:8000
	@$(RUN) --no-sync kawaraban demo

dev: .venv/.synced  ## the same, with Django's debug pages and fresh style sheets
	@KAWARABAN_DEBUG=1 $(RUN) --no-sync kawaraban demo

test: .venv/.synced  ## the whole suite, on SQLite and PostgreSQL, with a real browser
	@$(RUN) --no-sync python -m tests.run

journeys-slow: .venv/.synced  ## the journeys in a slow browser on a slow line, where races are lost; takes an hour
	@SLOW=4 $(RUN) --no-sync python -m tests.run sqlite tests/journeys

faults: .venv/.synced  ## take away workers, web processes, databases, Valkey and power under load; takes half an hour
	@FAULTS=1 $(RUN) --no-sync python -m tests.run sqlite tests/test_job_faults.py tests/test_wire_faults.py -s
	@FAULTS=1 $(RUN) --no-sync python -m tests.run postgres tests/test_job_faults.py tests/test_wire_faults.py -s
	@$(RUN) --no-sync python -m faults

guards: .venv/.synced  ## takes each guard of the front away and sees that a test misses it; takes minutes
	@$(RUN) --no-sync python -m tests.guards

check: lint types ladder migrations test  ## what CI runs

lint: .venv/.synced  ## style and common mistakes
	@$(RUN) --no-sync ruff check .
	@$(RUN) --no-sync ruff format --check .

types: .venv/.synced  ## mypy, strict
	@$(RUN) --no-sync python -m tests.with_site mypy kawaraban bench faults

ladder: .venv/.synced  ## rooms import downwards
	@$(RUN) --no-sync lint-imports --no-cache

migrations: .venv/.synced  ## models and migrations agree
	@$(RUN) --no-sync python -m tests.with_site kawaraban manage makemigrations --check --dry-run

format: .venv/.synced  ## format the code
	@$(RUN) --no-sync ruff check --fix-only --quiet .
	@$(RUN) --no-sync ruff format --quiet .

golden: .venv/.synced  ## rewrite the golden pages; review the diff like code
	@GOLDEN=1 $(RUN) --no-sync pytest -q tests/test_golden.py

messages: .venv/.synced  ## bring the catalogues of words up to date, and compile them
	@$(RUN) --no-sync python -m tests.messages

bench: .venv/.synced  ## what a page costs
	@$(RUN) --no-sync python -m tests.with_site python -m bench render
	@$(RUN) --no-sync python -m bench.quoting
	@$(RUN) --no-sync python -m bench.screening
	@$(RUN) --no-sync python -m bench.opinion
	@$(RUN) --no-sync python -m bench.brigades
	@$(RUN) --no-sync python -m tests.with_site python -m bench likeness

bench-front: .venv/.synced  ## what one small server carries, beside nginx; takes five minutes (apt-get install wrk nginx)
	@$(RUN) --no-sync python -m bench.front

bench-archive: .venv/.synced  ## what pages and searches cost beside 100,000 stories; takes minutes
	@$(RUN) --no-sync python -m tests.with_site python -m bench archive

bench-groups: .venv/.synced  ## a thread with a million votes, and its opinion groups found with the database; takes minutes
	@$(RUN) --no-sync python -m tests.with_site python -m bench fits

bench-rings: .venv/.synced  ## how many votes of a ring are found, and how many of a crowd are taken for one
	@$(RUN) --no-sync python -m bench.rings

bench-moderation: .venv/.synced  ## what a population, its trolls and a raid do to a site over HTTP; takes minutes
	@$(RUN) --no-sync python -m tests.with_site python -m bench desk
	@$(RUN) --no-sync python -m tests.with_site env -u KAWARABAN_VOTE_DELAY python -m bench moderation

deploy-check:  ## build as the image does, and let systemd, Caddy, nginx and Compose look at deploy/
	@deploy/check.sh

clean:  ## remove what make has brought; the site in var/ stays
	@rm -rf .venv .venv-uv .mypy_cache .ruff_cache .pytest_cache
