"""The key of an office: made once, for its owner's eyes, told to nobody but by its public half."""

import sys
from pathlib import Path

import pytest
from build import opened

from yiyu.registry.config import KEY_NAME
from yiyu.registry.errors import FileFault, ProgramFault
from yiyu.registry.offices.keys import MADE, fingerprint, office_key, signed_by
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.events import events_of_kind


def test_it_is_made_at_the_first_time_and_is_the_same_ever_after(session: OfficeSession) -> None:
    first = office_key(session)
    assert office_key(session).public == first.public
    assert first.public.startswith("ed25519:")
    assert (session.workspace.root / KEY_NAME).stat().st_mode & 0o777 == 0o600
    assert [one.note for one in events_of_kind(session.db, MADE)] == [fingerprint(first.public)]
    assert signed_by(first.public, b"facts", first.sign(b"facts"))
    assert not signed_by(first.public, b"fact", first.sign(b"facts"))
    assert not signed_by("ed25519:", b"facts", first.sign(b"facts"))


def test_a_dry_run_keeps_none(session: OfficeSession) -> None:
    office_key(session, dry_run=True)
    assert not (session.workspace.root / KEY_NAME).exists()
    assert events_of_kind(session.db, MADE) == []


def test_a_fingerprint_is_short_enough_to_be_read_out() -> None:
    assert fingerprint("ed25519:" + "A" * 43 + "=") == "6668 7aad f862 bd77"


def test_one_that_others_can_read_is_not_used(session: OfficeSession) -> None:
    office_key(session)
    (session.workspace.root / KEY_NAME).chmod(0o604)
    with pytest.raises(FileFault, match="本级的密钥别人也能读"):
        office_key(session)


@pytest.mark.parametrize("data", [b"", b"x", b"-----BEGIN PRIVATE KEY-----\nMAo=\n-----END PRIVATE KEY-----\n"])
def test_one_that_is_none_is_refused(session: OfficeSession, data: bytes) -> None:
    path = session.workspace.root / KEY_NAME
    path.write_bytes(data)
    path.chmod(0o600)
    with pytest.raises(FileFault, match="本级的密钥读不懂"):
        office_key(session)


def test_one_that_was_lost_is_made_anew_only_where_that_is_asked_for(session: OfficeSession) -> None:
    first = office_key(session)
    (session.workspace.root / KEY_NAME).unlink()
    with pytest.raises(FileFault, match="本级的密钥不在了"):
        office_key(session)
    assert office_key(session, again=True).public != first.public


def test_without_the_library_the_extra_is_named(bare_office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cryptography", None)
    with opened(bare_office) as session, pytest.raises(ProgramFault, match=r"pip install 'yiyu\[office\]'"):
        office_key(session)
