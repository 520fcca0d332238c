"""Where a cluster may be: behind certificates of its own, or on this machine alone (decision 40)."""

import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path

from yiyu.registry.errors import BadInput, FileFault

_FORM = re.compile(r"(?:([a-z]+)://)?(\[[0-9A-Fa-f:]+\]|[A-Za-z0-9][A-Za-z0-9.-]{0,252}):([0-9]{1,5})")
_HERE = ("127.0.0.1", "[::1]")
_LAST_PORT = 65535


@dataclass(frozen=True, slots=True)
class ClusterAddress:
    """Of a scheduler; ``encrypted`` by TLS, else on this machine."""

    host: str
    port: int
    encrypted: bool

    def __str__(self) -> str:
        return f"{'tls' if self.encrypted else 'tcp'}://{self.host}:{self.port}"

    def admits(self, worker: str) -> bool:
        """Whether what this scheduler hands on to a worker at that address stays encrypted, or on this machine."""
        if self.encrypted:
            return worker.startswith("tls://")
        return worker.startswith(tuple(f"tcp://{host}:" for host in _HERE))


@dataclass(frozen=True, slots=True)
class Certificates:
    """PEM files of a cluster: who signed for it, and what this machine shows and signs with."""

    ca: Path
    cert: Path
    key: Path


def cluster_address(text: str) -> ClusterAddress:
    """Read ``tls://HOST:PORT``, or ``tcp://`` with 127.0.0.1, ::1 or localhost. Raises BadInput for anything else.

    The name localhost is not looked up: whoever can write the table of names could lead it elsewhere.
    """
    found = _FORM.fullmatch(text)
    scheme, host, port = (found[1] or "tcp", found[2].lower(), int(found[3])) if found else ("", "", 0)
    if scheme not in ("tls", "tcp") or not 0 < port <= _LAST_PORT:
        raise BadInput(
            f"集群地址“{text}”用不了", remedy="请写成 tls://主机:端口；调度程序在本机时写成 tcp://127.0.0.1:端口"
        )
    host = _HERE[0] if host == "localhost" else host
    if scheme == "tcp" and host not in _HERE:
        raise BadInput(
            f"集群地址“{text}”没有加密，同一网络上的人能看到、也能换掉送去的文书，没有连接",
            remedy="请给调度程序备好证书，改用 tls:// 地址（见 docs/site/cluster.md）；只有本机可以用 tcp://",
        )
    return ClusterAddress(host, port, scheme == "tls")


def certificates(files: dict[str, Path | None]) -> Certificates:
    """The files by the names ca, cert and key, looked at before anything is sent.

    Raises BadInput where one is not named, FileFault for one that is not there or a key that others can read.
    """
    missing = [f"cluster_{name}" for name, path in files.items() if path is None]
    if missing:
        raise BadInput(
            f"没有给出集群的证书：缺 {'、'.join(missing)}",
            remedy="请在 yiyu.toml 写明 cluster_ca、cluster_cert、cluster_key，或设环境变量 YIYU_CLUSTER_CA、YIYU_CLUSTER_CERT、YIYU_CLUSTER_KEY",
        )
    named = {name: path for name, path in files.items() if path is not None}
    for path in named.values():
        if not path.is_file():
            raise FileFault("找不到集群的证书文件", where=str(path), remedy="请检查 yiyu.toml 或环境变量中的路径")
    # A group may share an office, and with it the key.
    if os.name != "nt" and named["key"].stat().st_mode & stat.S_IRWXO:
        raise FileFault(
            "集群的私钥别人也能读，没有使用", where=str(named["key"]), remedy=f"请先运行 chmod o= {named['key']}"
        )
    return Certificates(**named)
