# Two commands do everything on a fresh machine: make demo, make test.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: help demo test lint types bench templates clean

help: ## 列出可用的命令
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

.venv/.yiyu: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[fast,scan]'
	@touch $@

.venv/.test: .venv/.yiyu
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[test]'
	@touch $@

.typing/yiyu:
	mkdir -p .typing && ln -sfn .. .typing/yiyu

demo: .venv/.yiyu ## 安装并做一遍演示
	$(BIN)/yiyu demo

test: .venv/.test ## 安装测试工具并运行全部测试
	$(BIN)/python -m pytest -n auto $(ARGS)

lint: .venv/.test ## 代码风格
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/.test .typing/yiyu ## 类型检查（mypy strict，含命令行）
	$(BIN)/mypy

bench: .venv/.test ## 速度与内存（结果见 docs/）
	for each in benchmarks/*.py; do $(BIN)/python $$each || exit 1; done

templates: .venv/.yiyu ## 重新生成随附的 Word 模板
	$(BIN)/python -m yiyu.docgen.fill.author

clean: ## 删除虚拟环境与临时文件
	rm -rf .venv .typing build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
