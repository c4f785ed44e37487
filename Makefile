# Futbol Report. Every target sets up what it needs: git, make, and uv or Python 3.12 are enough.

PORT ?= 8000

VENV := .venv
BIN := $(VENV)/bin
DATA := var
PACKAGES := futbolreport evaluations votes
SOURCES := $(shell find $(PACKAGES) -name '*.py')
MIGRATIONS := $(wildcard evaluations/migrations/*.py votes/migrations/*.py)

# Installed, compiled and migrated: one stamp each, so that a second `make run` skips all three. The stamp of
# the migrations carries the database's address, and without the database's file it does not count.
RUNTIME := $(VENV)/runtime.stamp
DEVELOPMENT := $(VENV)/development.stamp
COMPILED := $(VENV)/compiled.stamp
ADDRESS := $(shell { printf %s "$$DATABASE_URL"; grep -s '^DATABASE_URL=.' .env; } | cksum | cut -d' ' -f1)
SERVER := $(shell [ -z "$$DATABASE_URL" ] && ! grep -qs '^DATABASE_URL=.' .env || echo given)
MIGRATED := $(DATA)/migrated-$(ADDRESS).stamp
ifeq ($(SERVER)$(wildcard $(DATA)/futbolreport.sqlite3),)
.PHONY: $(MIGRATED)
endif

# Asked, not looked for: pyenv's shims are on PATH whether or not they lead anywhere.
UV = $(shell uv --version 2>/dev/null)
PYTHON = $(shell for python in python3.12 python3 python; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 12))' 2>/dev/null \
	&& { echo "$$python"; break; }; done)
INSTALL = $(if $(UV),uv pip install --python $(BIN)/python --compile-bytecode,$(BIN)/python -m pip install) \
	--quiet --require-hashes

# 2 is a partial run: its reports are there to be read.
RUN_EVALUATION = $(BIN)/python manage.py run_evaluation $(if $(CONFIG),--config "$(CONFIG)",--sandbox) $(ARGS) \
	|| [ $$? -eq 2 ]

.DEFAULT_GOAL := help
.PHONY: help setup run demo free-port check check-secrets fix package deploy requirements agreement \
	test test-slow test-crash test-race test-fuzz test-mutants test-lambda test-browser test-walks \
	bench bench-closing bench-fetch bench-lighthouse bench-pages bench-planted bench-proxied bench-scores bench-standings

help:
	@echo "make run           one evaluation in the sandbox: no key, no service, no cost; of your own: CONFIG=examples/tea.toml"
	@echo "make demo          a lived-in sandbox on http://127.0.0.1:$(PORT)/ (PORT=… for another), with a worker beside it"
	@echo "make test          every test but the slow ones, the data layer on SQLite and on PostgreSQL"
	@echo "make test-slow     the tests that take seconds each: samples of the races and crashes, drawn worlds, backups"
	@echo "make test-crash    kills a run at every boundary, and its resume at every later one, and 200 workers of one run; tables"
	@echo "make test-race     1,000 deliveries of the same events to 8 processes, 50 starts at one ceiling, 500 voters, 200 slots"
	@echo "make test-fuzz     20,000 odd values at every border: services, files, forms, visitors, settings; prints the table"
	@echo "make test-mutants  60 small changes a room: how many make a test fail; prints score and survivors"
	@echo "make test-lambda   the bundle under AWS's own runtime client: pages, votes, ticks"
	@echo "make test-browser  every page in Chromium, light, dark, phone and print; every payload in three modes"
	@echo "make test-walks    fourteen people's ways through the lived-in site, on desk and phone: what each must have in view"
	@echo "make check         style, types, import contracts, deployment settings, secrets, workflows"
	@echo "make fix           what of the style can be mended by itself"
	@echo "make bench         what the machinery costs beside a bare httpx script; how soon after its last answer a run is published"
	@echo "make bench-standings  whether the intervals of the standings hold the truth of made-up worlds, and what they cost"
	@echo "make bench-votes      what a vote costs beside a bare insert behind the same middleware"
	@echo "make bench-closing    what closing and computing cost with a million stored votes"
	@echo "make bench-fetch   what fetching, extracting and locking costs, and what traps cost"
	@echo "make bench-pages   how fast the side-by-side page is beside a bare Django view"
	@echo "make bench-lighthouse  what Lighthouse says of front page, run, models and ballot (npm)"
	@echo "make bench-proxied how many readers a caching proxy carries, and what still reaches the site"
	@echo "make package       the bundle for AWS Lambda, built for its Linux and checked"
	@echo "make deploy STAGE=…  that bundle, migrated, uploaded and looked at; asks before production"
	@echo "make bench-scores  how well the scores agree with people, and how fast they are"
	@echo "make bench-planted how many planted citations and quotations get the right verdict"
	@echo "make pictures      the pictures of the README and the docs, taken anew"
	@echo "make agreement     the same figures, kept for the page that explains the scores"
	@echo "make requirements  compile the .in files into pinned requirements"

setup: $(RUNTIME) $(DEVELOPMENT) $(COMPILED) .env $(MIGRATED)

run: $(RUNTIME) $(COMPILED) .env $(MIGRATED)
	@$(RUN_EVALUATION)

define BIND :=
import socket, sys
try:
    with socket.socket() as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind(("127.0.0.1", int(sys.argv[1])))
except (OSError, OverflowError, ValueError, UnicodeError) as error:
    port = " ".join(sys.argv[1:])
    sys.exit(f"Port {port} cannot be used ({error}): nothing was started. Choose another: make demo PORT=8001")
endef
free-port: export BIND := $(BIND)

# Told before anything is installed or made. Without any Python yet, the server says it in the end.
free-port:
	@python="$$(ls $(BIN)/python 2>/dev/null || echo "$(PYTHON)")"; [ -z "$$python" ] || "$$python" -c "$$BIND" "$(PORT)"


# Whatever .env says about a real site, the demo is a local one, and tells nobody.
demo: export NOTIFY_WEBHOOK :=
demo: export NOTIFY_EMAIL :=
demo: export DJANGO_RUNSERVER_HIDE_WARNING := true
demo: export DEBUG := true
demo: export ALLOWED_HOSTS := 127.0.0.1,localhost
demo: export SITE_URL := http://127.0.0.1:$(PORT)
demo: free-port $(RUNTIME) $(COMPILED) .env $(MIGRATED)
	@$(BIN)/python manage.py demo
	@mkdir -p build/static
	@trap 'exit 0' INT TERM; trap 'kill $$site $$watcher 2>/dev/null; wait' EXIT; \
	$(BIN)/python manage.py run_due --watch & watcher=$$!; \
	$(BIN)/python manage.py runserver --noreload 127.0.0.1:$(PORT) & site=$$!; \
	wait $$site

# One more than processors: many tests wait for a process, a browser or a clock.
PROCESSES := $(shell echo $$(($$(nproc 2>/dev/null || echo 1) + 1)))

# In the order of collection: what commits comes last, for it takes away what migrations have put there.
test: $(DEVELOPMENT) $(COMPILED)
	$(BIN)/pytest -n $(PROCESSES) --postgresql -m "database and not slow"
	$(BIN)/pytest -n $(PROCESSES) -m "not slow"

# What takes seconds of processor time each; CI runs it too.
test-slow: $(DEVELOPMENT) $(COMPILED)
	$(BIN)/pytest -n $(PROCESSES) -m slow

# Killed at every boundary on PostgreSQL, the resume too; SIGTERM, an exception and SQLite at every first one. And 200
# kills among the eight workers of one run.
test-crash: $(DEVELOPMENT) $(COMPILED)
	$(BIN)/python -m tests.crash.matrix
	$(BIN)/python -m tests.crash.matrix --single --at-once 0
	$(BIN)/python -m tests.crash.matrix --single --sqlite
	$(BIN)/python -m tests.crash.matrix --single --share 2
	$(BIN)/python -m tests.crash.matrix --single --sqlite --how term
	$(BIN)/python -m tests.crash.matrix --single --sqlite --how raise
	$(BIN)/python -m tests.crash.jobs
	$(BIN)/python -m tests.crash.jobs --sqlite
	$(BIN)/python -m tests.crash.shares
	STATEFUL_EXAMPLES=200 $(BIN)/pytest -q tests/stateful
	EVERY_PLACE=1 $(BIN)/pytest -q -n auto tests/faults
	EVERY_PLACE=1 $(BIN)/pytest -q -n auto --postgresql tests/faults/test_database.py

test-race: $(DEVELOPMENT) $(COMPILED)
	$(BIN)/python -m tests.races.deliveries
	$(BIN)/python -m tests.races.deliveries --sqlite --deliveries 100 --starts 20
	$(BIN)/python -m tests.races.voters
	$(BIN)/python -m tests.races.voters --pooler
	$(BIN)/python -m tests.races.tasks
	$(BIN)/python -m tests.races.readers
	$(BIN)/python -m tests.races.bursts
	$(BIN)/python -m tests.races.bursts --sqlite --voters 100 --rounds 20 --no-bare

# Over 20,000 in all: of some borders a sample, of some all that there are.
test-fuzz: $(DEVELOPMENT) $(COMPILED)
	MUTANTS=20000 $(BIN)/pytest -q -n auto --dist worksteal tests/fuzz
	EVERY_PLACE=1 $(BIN)/pytest -q -n auto tests/pipeline/test_keys_echoed.py

# One change after the other of what guards, pays, counts and shows; SAMPLE=0 tries all that there are.
test-mutants: SAMPLE ?= 60
test-mutants: $(DEVELOPMENT) $(COMPILED)
	$(BIN)/python -m tests.mutants --sample $(SAMPLE)

# For tools that read the settings and need nothing that they name.
UNCONFIGURED := SECRET_KEY=unused DATABASE_URL=sqlite://:memory:

# Builds the bundle and runs it as Lambda does, against a Runtime API on loopback.
test-lambda: $(DEVELOPMENT) $(COMPILED)
	DUE=200 $(BIN)/pytest -s tests/aws

test-browser: $(DEVELOPMENT) $(COMPILED)
	ROWS=10000 $(BIN)/pytest -s tests/desk -k long
	$(BIN)/pytest -s tests/browser

test-walks: $(DEVELOPMENT) $(COMPILED)
	$(BIN)/pytest -s -n 0 tests/walks

check: $(DEVELOPMENT) $(COMPILED) check-secrets
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(UNCONFIGURED) $(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	set -a; . deploy/production.env.example; SECRET_KEY=$$($(NEW_KEY)); \
	$(BIN)/python manage.py check --deploy --fail-level WARNING
	$(UNCONFIGURED) $(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/zizmor --offline --quiet .github
	$(BIN)/cfn-lint deploy/base.yaml deploy/operations.yaml
	$(BIN)/hadolint deploy/Dockerfile
	$(BIN)/check-jsonschema --builtin-schema vendor.compose-spec deploy/compose.yaml

# Package hashes look like keys. No key: names of variables, short words, and what begins with `test-`.
check-secrets: FILES = $(shell git ls-files --cached --others --exclude-standard)
check-secrets: $(DEVELOPMENT)
	@$(BIN)/detect-secrets-hook --no-verify --plugin .ci/key_shapes.py --exclude-files 'requirements.*\.txt' \
	--exclude-secrets '^[A-Z_]+$$' --exclude-secrets '^(?!BEGIN).{0,19}$$' --exclude-secrets '^test-' $(FILES)

fix: $(DEVELOPMENT)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(DEVELOPMENT) $(COMPILED) .env $(MIGRATED)
	$(BIN)/python -m benchmarks.overhead
	$(BIN)/python -m benchmarks.scoring

bench-pages: $(DEVELOPMENT) $(COMPILED)
	$(BIN)/python -m benchmarks.pages

bench-proxied: $(DEVELOPMENT) $(COMPILED)
	$(BIN)/python -m benchmarks.proxied

agreement: $(DEVELOPMENT) $(COMPILED)
	$(BIN)/python -m benchmarks.agreement

# The pictures of the README and of the docs, as the pages look now.
.PHONY: pictures
pictures: $(DEVELOPMENT) $(COMPILED)
	$(BIN)/pytest -s -n 0 tests/browser/pictures.py

bench-fetch: $(DEVELOPMENT) $(COMPILED)
	$(BIN)/python -m benchmarks.fetching

bench-standings: $(DEVELOPMENT) $(COMPILED)
	$(BIN)/python -m benchmarks.voting --processes 2

bench-votes: $(DEVELOPMENT) $(COMPILED)
	$(BIN)/python -m benchmarks.votes

bench-closing: $(DEVELOPMENT) $(COMPILED)
	$(BIN)/python -m benchmarks.closing

package: $(DEVELOPMENT)
	$(BIN)/python -m deploy.package

deploy: package
	@[ -n "$(STAGE)" ] || { echo "Which stage? make deploy STAGE=staging" >&2; exit 1; }
	$(BIN)/python -m deploy.release $(STAGE)

bench-scores: $(DEVELOPMENT) $(COMPILED)
	$(BIN)/python -m benchmarks.scores
	$(BIN)/python -m benchmarks.planted

# With npm, which brings Lighthouse itself.
bench-lighthouse: $(DEVELOPMENT) $(COMPILED)
	$(BIN)/python -m benchmarks.lighthouse

bench-planted: $(DEVELOPMENT) $(COMPILED)
	$(BIN)/python -m benchmarks.planted

COMPILE := uv pip compile --quiet --universal --python-version 3.12 --generate-hashes \
	--custom-compile-command "make requirements"

requirements:
	$(COMPILE) requirements.in --output-file requirements.txt
	$(COMPILE) requirements-dev.in --output-file requirements-dev.txt
	$(COMPILE) requirements-fulltext.in --output-file requirements-fulltext.txt
	$(COMPILE) requirements-server.in --output-file requirements-server.txt

# Set-up

# Made once and never cleared by itself: it may be a link that several checkouts share.
$(VENV)/pyvenv.cfg:
	@[ -n "$(UV)$(PYTHON)" ] || { echo "Futbol Report needs uv or Python 3.12; neither is on PATH." >&2; exit 1; }
	$(if $(UV),uv venv --quiet --python 3.12,$(PYTHON) -m venv) $(VENV)

$(RUNTIME): requirements.txt $(VENV)/pyvenv.cfg
	$(INSTALL) -r requirements.txt
	@touch $@

$(DEVELOPMENT): requirements-dev.txt requirements-fulltext.txt $(RUNTIME)
	$(INSTALL) -r requirements.txt -r requirements-dev.txt -r requirements-fulltext.txt
	@touch $@

# Without byte code the command takes twice as long to start, and some machines forbid Python to write it.
$(COMPILED): $(SOURCES) $(RUNTIME)
	@$(BIN)/python -m compileall -q $(PACKAGES)
	@touch $@

NEW_KEY := $(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(50))'

.env: | $(RUNTIME)
	@umask 077 && printf 'SECRET_KEY=%s\nDEBUG=true\n' "$$($(NEW_KEY))" > $@
	@echo "Wrote .env with a random SECRET_KEY; .env.example describes what else it may hold."

$(MIGRATED): $(MIGRATIONS) $(RUNTIME) | .env
	@mkdir -p $(DATA)
	@$(BIN)/python manage.py migrate --verbosity 0
	@touch $@
