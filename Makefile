# Two commands do everything on a fresh machine: make demo, make test.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: help bundle demo test lint types lock bench templates docs clean fuzz kill clerks desk-clerks desk-kills soak mutants

help: ## 列出可用的命令
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check

.venv/.yiyu: pyproject.toml requirements.lock
	$(PYTHON) -m venv .venv
	$(PIP) install --require-hashes -r requirements.lock
	$(PIP) install --no-deps --no-build-isolation -e '.[fast,scan,fonts,desk,office]'
	@touch $@

.venv/.test: .venv/.yiyu requirements-dev.lock
	$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

LOCK := .venv/bin/uv pip compile pyproject.toml --quiet --group build --universal --python-version 3.11 \
    --generate-hashes --no-header --no-annotate --no-emit-index-url

lock: .venv/.test ## 重新锁定依赖的版本和校验和
	$(PIP) install uv
	$(LOCK) --upgrade --extra test -o requirements-dev.lock
	$(LOCK) --upgrade --extra fast --extra scan --extra fonts --extra desk --extra office -c requirements-dev.lock -o requirements.lock

.typing/yiyu:
	mkdir -p .typing && ln -sfn .. .typing/yiyu

demo: .venv/.yiyu ## 安装并做一遍演示
	$(BIN)/yiyu demo

test: .venv/.test ## 安装测试工具并运行全部测试
	$(BIN)/python -m pytest -n auto --dist worksteal $(ARGS)

lint: .venv/.test ## 代码风格
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/.test .typing/yiyu ## 类型检查（mypy strict，含命令行）
	$(BIN)/mypy

bundle: .venv/.test ## 离线文件夹（SYSTEM=windows 或 linux，OUT=目录，PYTHON_VERSION=3.12）
	$(PIP) install uv
	$(BIN)/python desk/bundle/gather.py $(or $(OUT),dist/医育) $(or $(SYSTEM),windows) $(or $(PYTHON_VERSION),3.12)

fuzz: .venv/.test ## 一万次字节变异，走同样的命令（N、SEED 可改）
	PYTHONPATH=tests $(BIN)/python -m hostile.mutations $(or $(N),10000) $(or $(SEED),1)

kill: .venv/.test ## 在每个写入点杀死命令，核对什么都没有丢（POINTS 可限每个命令的点数）
	PYTHONPATH=tests $(BIN)/python -P -m kill --points $(or $(POINTS),0)

clerks: .venv/.test ## 八人同时各做五百件事（CLERKS、WORKS 可改）
	PYTHONPATH=tests $(BIN)/python -P -m kill.clerks --clerks $(or $(CLERKS),8) --works $(or $(WORKS),500)

desk-clerks: .venv/.test ## 两个浏览器和一个命令行同时写两千次（WRITES 可改）
	PYTHONPATH=tests $(BIN)/python -P -m kill.desk_clerks --writes $(or $(WRITES),2000)

desk-kills: .venv/.test ## 工作台被杀死二百次，核对已接受的都在（POINTS 可改）
	PYTHONPATH=tests $(BIN)/python -P -m kill.desk_kills --points $(or $(POINTS),200)

soak: .venv/.test ## 两人同时做事，随时被杀，备份与恢复（默认十分钟，SECONDS 可改）
	PYTHONPATH=tests $(BIN)/python -P -m kill.soak --seconds $(or $(SECONDS),600)

mutants: .venv/.test ## 在守卫与规则里弄坏五十处，看测试能否发现（N、SEED 可改；要一小时）
	PYTHONPATH=tests $(BIN)/python -P -m mutants $(or $(N),50) $(or $(SEED),1)

bench: .venv/.test ## 速度与内存（结果见 docs/）
	for each in benchmarks/*.py; do $(BIN)/python $$each || exit 1; done

templates: .venv/.yiyu ## 重新生成随附的 Word 模板
	$(BIN)/python -m yiyu.docgen.fill.author

docs: .venv/.test ## 文档站点，建在 build/site
	$(BIN)/python docs/commands.py
	$(BIN)/python docs/indicators.py
	$(BIN)/python docs/errors.py
	$(BIN)/python docs/json_keys.py
	$(BIN)/python docs/library.py
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet --strict -f docs/mkdocs.yml

clean: ## 删除虚拟环境与临时文件
	rm -rf .venv .typing build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
