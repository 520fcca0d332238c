"""A command: what Click calls one, with the office it was called for."""

import click

import yiyu


@click.command("seats")
@yiyu.pass_office
def seats(office: yiyu.Office) -> None:
    """全部托育机构的托位合计。"""
    every = office.institutions.list(kind=yiyu.Kind.CHILDCARE)
    click.echo(f"{len(every)} 家托育机构，托位 {sum(one.places or 0 for one in every)} 个")
