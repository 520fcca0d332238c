"""The option ``--cluster`` and what goes with it: the certificates of the office or the environment."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from yiyu.registry.commands.options import TEXT
from yiyu.registry.commands.show import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from yiyu.docgen.cluster.address import Certificates, ClusterAddress
    from yiyu.docgen.cluster.dispatch import Cluster
    from yiyu.docgen.cluster.identity import Duty
    from yiyu.docgen.pdf.convert import Converter
    from yiyu.docgen.scans.reading import ReadFiles
    from yiyu.registry.commands.invocation import Invocation
    from yiyu.registry.config import Workspace
    from yiyu.registry.session import OfficeSession

_FILES = ("ca", "cert", "key")


def cluster_option(work: str) -> Callable[[click.decorators.FC], click.decorators.FC]:
    """``--cluster ADDRESS`` of a command; ``work`` is what is done there."""
    text = f"{work}分给 Dask 集群的工作机做：tls://主机:端口，本机的可用 tcp://127.0.0.1:端口"
    return click.option("--cluster", type=TEXT, default="", metavar="ADDRESS", help=text)


@contextlib.contextmanager
def converting_office(invocation: Invocation, cluster: str) -> Iterator[tuple[OfficeSession, Converter]]:
    """An open session and what makes PDFs for it: the cluster at that address, for "" this machine."""
    from yiyu.docgen.cluster.converting import converting_on
    from yiyu.docgen.cluster.identity import Duty
    from yiyu.docgen.pdf.convert import convert

    with invocation.office() as office, contextlib.ExitStack() as stack:
        if cluster:
            found = stack.enter_context(connected_cluster(office.workspace, cluster, Duty.CONVERT))
        yield office, converting_on(found) if cluster else convert


@contextlib.contextmanager
def reading_office(invocation: Invocation, cluster: str) -> Iterator[tuple[OfficeSession, ReadFiles]]:
    """An open session and what reads scans for it: the cluster at that address, for "" this machine."""
    from yiyu.docgen.cluster.identity import Duty
    from yiyu.docgen.cluster.reading import reading_on
    from yiyu.docgen.scans.reading import read_files

    with invocation.office() as office, contextlib.ExitStack() as stack:
        if cluster:
            found = stack.enter_context(connected_cluster(office.workspace, cluster, Duty.READ))
        yield office, reading_on(found) if cluster else read_files


@contextlib.contextmanager
def connected_cluster(workspace: Workspace, cluster: str, duty: Duty) -> Iterator[Cluster]:
    """The cluster at that address. Raises as :func:`yiyu.docgen.cluster.dispatch.connect` does."""
    from yiyu.docgen.cluster.dispatch import connect

    with connect(*_where(workspace, cluster), duty, say) as found:
        yield found


def _where(workspace: Workspace, cluster: str) -> tuple[ClusterAddress, Certificates | None]:
    """The address and, where it is encrypted, the certificates: of the environment, else of ``yiyu.toml``."""
    from yiyu.docgen.cluster.address import certificates, cluster_address

    address = cluster_address(cluster)
    if not address.encrypted:
        return address, None
    named = {name: os.environ.get(f"YIYU_CLUSTER_{name.upper()}", "") for name in _FILES}
    of_office = {name: getattr(workspace.config, f"cluster_{name}") for name in _FILES}
    return address, certificates(
        {
            name: Path(named[name]) if named[name] else workspace.root / of_office[name] if of_office[name] else None
            for name in _FILES
        }
    )
