"""What was copied is proven by readers that had no part in the copying."""

from pathlib import Path

import pikepdf
import pytest

from yiyu.docgen.pdf.readback import Copied, refuse_doubtful
from yiyu.registry.errors import FileFault


def test_a_mended_file_of_which_the_second_reader_finds_another_number_of_pages_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "修.pdf"
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.add_blank_page()
        pdf.save(path)
    refuse_doubtful(path, [Copied(path, 0, (0, 0), (), mended=True)])
    with pytest.raises(FileFault, match=r"两个程序读出的内容不一样.*修\.pdf"):
        refuse_doubtful(path, [Copied(path, 0, (0,), (), mended=True)])
