"""What every printed page says of itself, for a reader of QR codes and for the eye. Pure.

A code has 16 or 20 characters, all in the alphanumeric set of QR (ISO/IEC 18004, table 5), so that it fits version 1::

    YY  9 characters of the document's id  2 page  2 pages  1 check
    YC  9 characters of the document's id  2 page  2 pages  4 copy  1 check

The first is on paper that is one of many alike, from before copies were told apart or printed from Word, and is read for ever.
"""

import functools
import hashlib
from dataclasses import dataclass

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Base 32 without I, L, O and U, which the eye takes for 1, 0 and V."""
PREFIX, COPY_PREFIX = "YY", "YC"
LENGTH, COPY_LENGTH = 16, 20
MOST_PAGES = 32 * 32 - 1
COPY_SIGNS = 4
_ID_LENGTH = 9
_COPY = slice(15, 15 + COPY_SIGNS)


@dataclass(frozen=True, slots=True)
class PageCode:
    """``page`` counts from 1; page 0 of 0 stands for the document where Word, not we, decides the pages.

    ``copy``: the number of the original that the page is of, "" where it has none.
    """

    document_id: str
    page: int
    pages: int
    copy: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """What is printed on a page: ``code`` for the QR, ``line`` and the number of the ``copy`` for the eye."""

    code: str
    line: str
    copy: str = ""

    def of_copy(self, copy: str) -> "Mark":
        """The same page of one original among several; of none where ``copy`` is ""."""
        page = decode(self.code)
        return Mark(encode(page.document_id, page.page, page.pages, copy), self.line, copy)


def copy_of(code: str) -> str:
    """The number of the copy in a code that was read before; "" where it has none."""
    return code[_COPY] if code.startswith(COPY_PREFIX) else ""


def document_id(number: str, kind: str, version: int) -> str:
    """Nine characters (45 bits of SHA-256) for one version of one document; the registry resolves them."""
    digest = hashlib.sha256(f"{number}\n{kind}\n{version}".encode()).digest()
    return _base32(int.from_bytes(digest[:6], "big") >> 3, _ID_LENGTH)


def encode(document_id: str, page: int, pages: int, copy: str = "") -> str:
    """The code of a page; 0 of 0 is the code of the document. Raises ValueError for what no page can be."""
    if len(document_id) != _ID_LENGTH or not set(document_id) <= set(ALPHABET):
        raise ValueError(f"文档标识应为 {_ID_LENGTH} 位（0–9、A–Z，不含 I、L、O、U），现为“{document_id}”")
    if pages > MOST_PAGES:
        raise ValueError(f"一份文书最多 {MOST_PAGES} 页，现为 {pages} 页")
    if not (1 <= page <= pages or page == pages == 0):
        raise ValueError(f"页码 {page} 不在 1 至 {pages} 之间")
    if copy and (len(copy) != COPY_SIGNS or not set(copy) <= set(ALPHABET)):
        raise ValueError(f"份号应为 {COPY_SIGNS} 位，现为“{copy}”")
    body = f"{COPY_PREFIX if copy else PREFIX}{document_id}{_base32(page, 2)}{_base32(pages, 2)}{copy}"
    return body + ALPHABET[_times_a(_remainder(body))]


def decode(text: str) -> PageCode:
    """Read a code back. Raises ValueError saying why ``text`` is none of ours, or was misread."""
    if (text[:2], len(text)) not in ((PREFIX, LENGTH), (COPY_PREFIX, COPY_LENGTH)):
        raise ValueError(f"不是页面码：应为 {PREFIX} 开头的 {LENGTH} 位，或 {COPY_PREFIX} 开头的 {COPY_LENGTH} 位")
    if not set(text) <= set(ALPHABET):
        raise ValueError("不是页面码：含有页面码不用的字符")
    if _remainder(text) != 0:
        raise ValueError("页面码有误：校验位不符，请重新扫描或核对")
    page, pages = (ALPHABET.index(text[at]) * 32 + ALPHABET.index(text[at + 1]) for at in (11, 13))
    if not (1 <= page <= pages or page == pages == 0):
        raise ValueError(f"页面码有误：页码 {page} 不在 1 至 {pages} 之间")
    return PageCode(text[2:11], page, pages, copy_of(text))


def mark(page: int, pages: int, *, number: str, kind: str, title: str, version: int) -> Mark:
    """What is printed on ``page`` of version ``version`` of the document ``kind`` of agreement ``number``.

    Page 0 of 0 gives the mark of the document itself, whose line names no page.
    """
    code = encode(document_id(number, kind, version), page, pages)
    place = f"第{page}页/共{pages}页 " if pages else ""
    return Mark(code, f"{number} {title} {place}v{version}")


def _base32(value: int, length: int) -> str:
    return "".join(ALPHABET[value >> 5 * at & 31] for at in reversed(range(length)))


def _times_a(value: int) -> int:
    """Multiply by the generator of GF(32), modulo x^5 + x^2 + 1."""
    value <<= 1
    return value ^ 0b100101 if value & 32 else value


def _remainder(text: str) -> int:
    """Sum of characters weighted by powers of the generator; 0 for a whole code.

    The weights of up to 31 characters are distinct and none is zero (the order is 31), so no single character can change and no two can
    change places unnoticed.
    """
    return functools.reduce(lambda total, character: _times_a(total) ^ ALPHABET.index(character), text, 0)
