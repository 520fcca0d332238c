"""yiyu init."""

from pathlib import Path

import click

from yiyu.registry.commands.options import FOLDER, TEXT, dry_run
from yiyu.registry.commands.show import say
from yiyu.registry.office.workspaces import make_workspace


@click.command()
@click.argument("folder", type=FOLDER, metavar="DIR")
@click.option("--pack", type=TEXT, default="ordos", show_default=True, help="口径包")
@click.option("--region", type=TEXT, default="150600", show_default=True, help="本级行政区划代码（六位）")
@dry_run
def init(folder: Path, pack: str, region: str, dry_run: bool) -> None:
    """建立工作区：登记库、设置文件和存放文书的目录。"""
    make_workspace(folder, pack=pack, region=region, dry_run=dry_run)
    say(f"{'将建立' if dry_run else '已建立'}工作区 {folder}（口径包 {pack}，区划 {region}）")
    say(f"下一步：yiyu --workspace {folder} institution import 名册.xlsx")
