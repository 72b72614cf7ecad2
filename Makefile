.DEFAULT_GOAL := help
PYTHON ?= python3.11
PORT ?= 8000
BIN := .venv/bin
JOBS ?= 2

.PHONY: help run test lint format bench

help:  ## Say what there is
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

.venv/ready: requirements.txt requirements-dev.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@

.env:
	$(PYTHON) -c "import secrets; print('SECRET_KEY=' + secrets.token_urlsafe(50))" > $@
	printf 'DEBUG=0\nHTTPS=0\nDEMO=1\nDEMO_TODAY=2024-11-18\n' >> $@

run: .venv/ready .env  ## The tracker with the real plan and demo people on http://127.0.0.1:8000 (or PORT)
	$(BIN)/python manage.py migrate --verbosity 0
	$(BIN)/python manage.py load_plan
	$(BIN)/python manage.py load_rules
	$(BIN)/python manage.py create_demo --if-empty
	$(BIN)/python manage.py collectstatic --noinput --verbosity 0
	@echo "http://127.0.0.1:$(PORT)"
	$(BIN)/gunicorn --workers 2 --bind 127.0.0.1:$(PORT) vuthu_recruit.wsgi

test: .venv/ready  ## Everything, on SQLite; on PostgreSQL with DATABASE_URL
	$(BIN)/python -m pytest -n $(JOBS) --dist worksteal -q

lint: .venv/ready  ## ruff, the template formatter, Django's checks, missing migrations
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	git ls-files 'templates/*.html' | xargs $(BIN)/djade --check --target-version 5.2
	SECRET_KEY=lint DEBUG=1 $(BIN)/python manage.py check
	SECRET_KEY=lint DEBUG=1 $(BIN)/python manage.py makemigrations --check --dry-run

format: .venv/ready  ## Put files into shape
	$(BIN)/ruff check --fix --quiet .
	$(BIN)/ruff format --quiet .
	git ls-files 'templates/*.html' | xargs $(BIN)/djade --target-version 5.2 || true

bench: .venv/ready  ## Ratios, each measured in one run
	$(BIN)/python -m pytest tests/benchmarks -p no:xdist -q -s
