"""A command: what Click calls one, with the workspace it was called for."""

import click

from yiyu.registry.commands.invocation import Invocation, pass_invocation
from yiyu.registry.institutions.lookup import directory


@click.command("seats")
@pass_invocation
def seats(invocation: Invocation) -> None:
    """全部托育机构的托位合计。"""
    with invocation.office() as office:
        every = [one for one in directory(office).all if one.kind == "childcare"]
    click.echo(f"{len(every)} 家托育机构，托位 {sum(one.places or 0 for one in every)} 个")
