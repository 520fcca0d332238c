"""Pictures of scanned pages: small ones of what waits, made once and kept, and the places that differ from the print."""

import hashlib
from pathlib import Path

from starlette.responses import Response

from yiyu.desk.asking import Asking
from yiyu.desk.pages.differences import own_differences
from yiyu.desk.works import FOLDER
from yiyu.docgen.scans.page import HALF_LABEL, Half
from yiyu.docgen.scans.reading import thumbnails
from yiyu.registry.errors import NotFound
from yiyu.registry.files import write_atomic
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.comparisons import difference_picture
from yiyu.registry.store.unplaced import UnplacedRow

_NONE = NotFound("没有这张图", remedy="请回到扫描件页重新打开")


def label_of(row: UnplacedRow) -> str:
    """File and page as people write them, without the letters that tell equal names apart."""
    name = row.path.rpartition("/")[2].partition("-")[2]
    return f"{name} 第 {row.file_page}{HALF_LABEL[Half(row.half)]} 页"


def page(asking: Asking) -> Response:
    """A page that waits, as a JPEG."""
    from yiyu.desk.pages.scans import own_unplaced

    path, at = asking.query.get("path", ""), asking.query.get("page", "")
    with asking.office() as office:
        if not any((one.path, str(one.file_page)) == (path, at) for one in own_unplaced(asking, office)):
            raise _NONE
        data = _kept(office, path, int(at))
    return Response(data, media_type="image/jpeg", headers={"Cache-Control": "private, max-age=86400"})


def difference(asking: Asking) -> Response:
    """A place that differs, as a PNG."""
    key = int(asking.part("key"))
    with asking.office() as office:
        if key not in {one.id for one in own_differences(office, every=True)}:
            raise _NONE
        return Response(difference_picture(office.db, key), media_type="image/png")


def _kept(office: OfficeSession, path: str, page_number: int) -> bytes:
    """The picture, from the folder of pictures where it was made before."""
    root = office.workspace.root
    place = root / FOLDER / "pictures" / f"{hashlib.sha256(f'{path} {page_number}'.encode()).hexdigest()}.jpg"
    if not place.is_file():
        made = dict(thumbnails({Path(root / path): [page_number]}))[Path(root / path)]
        if page_number not in made:
            raise _NONE
        write_atomic(place, made[page_number], office=root)
    return place.read_bytes()
