"""The server itself: TLS by the certificate given, the names it answers to, a port that is taken."""

import datetime as dt
import http.client
import ipaddress
import json
import os
import signal
import socket
import ssl
import subprocess
import sys
from pathlib import Path

import pytest
from build import CLOCK, invoke
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from yiyu.desk.serving import bound, hosts


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for this computer and its key."""
    folder, key = tmp_path_factory.mktemp("tls"), ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(CLOCK - dt.timedelta(days=3650))
        .not_valid_after(CLOCK + dt.timedelta(days=3650))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    )
    return folder / "cert.pem", folder / "key.pem"


def test_the_office_is_served_over_tls_until_it_is_ended(office: Path, pair: tuple[Path, Path]) -> None:
    cert, key = pair
    command = ["--workspace", office, "desk", "--lan", "--host", "127.0.0.1", "--cert", cert, "--key", key]
    running = subprocess.Popen(
        [sys.executable, "-m", "yiyu.cli", *map(str, command), "--no-browser", "--json"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )  # fmt: skip
    assert running.stdout is not None
    try:
        told = json.loads("".join(iter(running.stdout.readline, "}\n")) + "}")
        assert told["address"].startswith("https://127.0.0.1:")
        port = int(told["address"].rstrip("/").rpartition(":")[2])
        context = ssl.create_default_context(cafile=str(cert))
        connection = http.client.HTTPSConnection("127.0.0.1", port, context=context, timeout=20)
        connection.request("GET", told["first"].partition(f":{port}")[2])
        answer = connection.getresponse()
        assert "第一位保管人" in answer.read().decode()
        assert answer.status == 200
        connection.request("GET", "/login")
        page = connection.getresponse()
        assert "登录" in page.read().decode()
        assert page.headers["Strict-Transport-Security"]
        connection.close()
        plain = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        with pytest.raises((http.client.BadStatusLine, ConnectionError)):
            plain.request("GET", "/")
            plain.getresponse()
        plain.close()
        running.send_signal(signal.SIGINT)
        assert running.wait(20) == 0
    finally:
        running.kill()
        _, said = running.communicate()
    assert "工作台已关闭" in said


def test_a_certificate_that_does_not_fit_its_key_is_refused(office: Path, pair: tuple[Path, Path]) -> None:
    done = invoke("--workspace", office, "desk", "--no-browser", "--cert", pair[1], "--key", pair[0])
    assert done.exit_code == 7
    assert "证书不能用" in done.stderr
    assert invoke("--workspace", office, "desk", "--cert", pair[0]).exit_code == 2


def test_a_port_that_is_taken_is_told_and_without_one_the_next_is_found(office: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = invoke("--workspace", office, "desk", "--no-browser", "--port", port)
        assert done.exit_code == 9
        assert f"端口 {port}已被别的程序占用" in done.stderr
    first, second = bound(False, 0), bound(False, 0)
    assert first.getsockname()[1] != second.getsockname()[1]
    first.close()
    second.close()


def test_for_oneself_it_answers_to_this_computer_alone() -> None:
    assert hosts(8765, lan=False) == ["127.0.0.1:8765", "localhost:8765"]
    assert hosts(443, lan=True, names=("yiyu.lan",))[:2] == ["yiyu.lan:443", "yiyu.lan"]
