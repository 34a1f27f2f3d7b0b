# The command menu. `make demo` and `make test` need only python3 (3.11 or newer), make and git.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help install demo check format test test-system bench kibana agents clean

help: ## Show this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

# A half-made environment is removed: it would look finished the next time.
$(STAMP): setup.cfg constraints.txt
	@command -v $(PYTHON) >/dev/null \
		|| { echo "there is no $(PYTHON) here; name one with: make PYTHON=/path/to/python3.12 …" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "atalaia needs Python 3.11 or newer; name one with: make PYTHON=/path/to/python3.12 …" >&2; exit 1; }
	@test -x $(BIN)/pip || $(PYTHON) -m venv $(VENV) \
		|| { rm -rf $(VENV); \
			echo "$(PYTHON) cannot make a virtual environment; on Debian: apt-get install python3-venv" >&2; exit 1; }
	@echo "installing into $(VENV) (a few minutes the first time)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[test,check]' \
		|| { echo "the dependencies could not be installed; see the lines above" >&2; exit 1; }
	@touch $@

install: $(STAMP) ## Set up everything in .venv

demo: $(STAMP) ## Run the main job on a demonstration help desk (Ctrl-C stops it)
	$(BIN)/atalaia demo $(DEMO_ARGS)

check: $(STAMP) ## Lint and type-check, the pipelines too
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/atalaia pipeline check logstash/pipeline

format: $(STAMP) ## Format the code and apply safe lint fixes
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

test-system: ## Install the Debian packages the tests drive (Chromium, PostgreSQL, Redis, docker-compose) and PDF needs (Pango, Poppler)
	@missing=; \
		command -v chromium >/dev/null || missing="$$missing chromium"; \
		ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null \
			|| missing="$$missing postgresql"; \
		command -v redis-server >/dev/null || missing="$$missing redis-server"; \
		command -v pdftotext >/dev/null || missing="$$missing poppler-utils"; \
		/sbin/ldconfig -p | grep -q libpangoft2 || missing="$$missing libpango-1.0-0 libpangoft2-1.0-0"; \
		/sbin/ldconfig -p | grep -q libharfbuzz-subset || missing="$$missing libharfbuzz-subset0"; \
		ls /usr/share/fonts/truetype/dejavu >/dev/null 2>&1 || missing="$$missing fonts-dejavu-core"; \
		command -v docker-compose >/dev/null || docker compose version >/dev/null 2>&1 \
			|| missing="$$missing docker-compose"; \
		test -z "$$missing" || { \
			command -v apt-get >/dev/null && { [ "$$(id -u)" = 0 ] || command -v sudo >/dev/null; } || { \
				echo "the tests drive real servers, a browser and docker compose; install:$$missing" >&2; exit 1; }; \
			echo "installing for the tests:$$missing"; \
			SUDO=$$([ "$$(id -u)" = 0 ] || echo sudo); \
			$$SUDO apt-get update -qq \
				&& $$SUDO env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 \
					apt-get install -y -qq --no-install-recommends $$missing >/dev/null \
				|| { echo "could not install:$$missing; install them by hand, then run make again" >&2; exit 1; }; }

test: $(STAMP) test-system ## Run all tests on real parts (Elasticsearch, PostgreSQL, Redis, Chromium)
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile

bench: $(STAMP) ## Run the benchmarks; BENCH="store" runs one, EVENTS=100000 makes it small, BENCH="--help" tells more
	$(BIN)/python -m benchmarks $(BENCH)

kibana: $(STAMP) ## Rebuild kibana/saved_objects from its sources
	$(BIN)/python -m tests.kibana.building.build

agents: $(STAMP) ## Rebuild the list of user agents from uap-core's
	$(BIN)/python -m tests.atalaia.pipeline.agents.convert

clean: ## Remove what make created
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
