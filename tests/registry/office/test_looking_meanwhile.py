"""A look over the files of an office while others write in it."""

import shutil
import threading
from pathlib import Path

from yiyu.registry.office.integrity import leftovers


def test_what_others_take_away_meanwhile_is_no_fault_and_what_was_left_is_found(tmp_path: Path) -> None:
    over = threading.Event()

    def work() -> None:
        while not over.is_set():
            for at in range(40):
                (tmp_path / f"uploads/{at}/more").mkdir(parents=True)
            shutil.rmtree(tmp_path / "uploads")

    (tmp_path / ".1-2-x.part").touch()
    colleague = threading.Thread(target=work)
    colleague.start()
    try:
        for _ in range(150):
            assert ".1-2-x.part" in {fault.place for fault in leftovers(tmp_path)}
    finally:
        over.set()
        colleague.join()
