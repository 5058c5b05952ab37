# `make demo` and `make test` are the two commands; the rest is for developers.
PY := .venv/bin/python
.PHONY: demo run test check bench doctor translations lock format clean

demo: setup-run
	$(PY) -m app demo

run: setup-run
	$(PY) -m app client

doctor: setup-run
	$(PY) -m app doctor

bench: setup-test
	$(PY) -m app bench all

test: setup-test
	$(PY) -m pytest $(ARGS)

check: setup-test
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports

format: setup-test
	.venv/bin/ruff format .
	.venv/bin/ruff check --fix .

# Collects texts from the source and compiles them; translate in Qt Linguist in between.
# English has a file for its plurals only.
TS := resources/translations/watchroom
translations: setup-run
	.venv/bin/pyside6-lupdate -no-obsolete -locations none -extensions py app/ui -ts $(TS)_zh_CN.ts
	.venv/bin/pyside6-lupdate -no-obsolete -locations none -pluralonly -extensions py app/ui -ts $(TS)_en.ts
	.venv/bin/pyside6-lrelease $(TS)_zh_CN.ts $(TS)_en.ts

# Writes the lock files anew from pyproject.toml (needs uv; they carry hashes and no host).
lock:
	uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header pyproject.toml -o requirements.lock
	uv pip compile -q --upgrade --universal --python-version 3.11 --extra dev --generate-hashes --no-emit-index-url --no-annotate --no-header pyproject.toml -o requirements-dev.lock

clean:
	rm -rf .venv build out .mypy_cache .ruff_cache .pytest_cache

.PHONY: setup-run setup-test
setup-run:
	@packaging/setup.sh run
setup-test:
	@packaging/setup.sh test
