"""``--cluster`` of reports: the offices below are asked by the workers of a Dask cluster."""

import contextlib
import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

import click

from yiyu.docgen.cluster.options import cluster_option, connected_cluster
from yiyu.registry.commands.invocation import Invocation
from yiyu.registry.session import OfficeSession

over_offices = cluster_option("下级各办公室的数")


@contextlib.contextmanager
def counting_office(invocation: Invocation, as_of: dt.date | None, cluster: str) -> Iterator[OfficeSession]:
    """An open session whose offices below are asked here, or on the cluster at that address.

    Raises UsageError for a cluster where there is no office below, ProgramFault where it cannot be reached.
    """
    with invocation.office(as_of) as office, contextlib.ExitStack() as stack:
        if not cluster:
            yield office
            return
        from yiyu.docgen.cluster.identity import Duty
        from yiyu.docgen.reports.cluster_counting import ClusterOffices
        from yiyu.registry.offices.below import HeldOffices

        if not isinstance(office.below, HeldOffices):
            raise click.UsageError("这个工作区没有下级办公室，不用 --cluster；下级写在 yiyu.toml 的 [offices] 里")
        found = stack.enter_context(connected_cluster(office.workspace, cluster, Duty.COUNT))
        yield replace(office, below=ClusterOffices(found, office.below))
