"""docxtpl's own road, for what lives in the package and not in the text: pictures, sub-documents, links, replaced media.

The text of every part is rendered as on the compiled road; docxtpl gathers the new parts and relationships meanwhile and
saves the package around it. Times and order are fixed, so here too the same context gives the same bytes.
"""

import io
import re
from collections.abc import Iterable, Mapping

from docx.oxml import parse_xml
from docxtpl import DocxTemplate

from yiyu.docgen.fill.numbering import with_lists
from yiyu.docgen.fill.package import Deflate, assemble, lay_out, read_members
from yiyu.docgen.fill.part import CompiledPart, scope
from yiyu.docgen.fill.source import DECLARATION, open_template
from yiyu.docgen.fill.values import CheckedContext
from yiyu.registry.errors import BadInput

_REFERENCE = re.compile(r'\sr:(?:id|embed|link|pict)="(\w+)"')


def fill(
    data: bytes,
    parts: Iterable[CompiledPart],
    constants: Mapping[str, bytes],
    checked: CheckedContext,
    owner: DocxTemplate,
    deflate: Deflate,
) -> bytes:
    """Fill with the objects of ``owner``, a docxtpl object of this template. Raises BadInput and TemplateFault."""
    owner.render_init()
    if owner.get_xml() != open_template(data).get_xml():
        raise BadInput("图片、链接或子文档是为另一份模板准备的", remedy="请用本模板的 docxtpl() 对象创建")
    own = {part.partname.membername: part for part in owner.docx.part.package.parts}
    values, rendered, lists = scope(checked.context), {}, dict[str, bytes]()
    for part in parts:
        owner.current_rendering_part = own[part.source.member]
        content = part.fill(values, marked_up=True)
        require_relations(content, own[part.source.member].rels)
        if restarts := part.source.restarts:
            content, lists[restarts.member] = restarts.number(content, after=own[restarts.member].element)
        if part.source.label.startswith(("页眉", "页脚")):
            # docxtpl parses these once more, which drops the line breaks of a picture's markup.
            content = DECLARATION + owner.xml_to_string(parse_xml(content)).encode()
        rendered[part.source.member] = content
    target = io.BytesIO()
    owner.is_rendered = True  # save() would read the template again
    owner.save(target)
    members = {**read_members(target.getvalue()), **constants}
    members |= {member: with_lists(members[member], added) for member, added in lists.items()}
    fixed = {name: content for name, content in members.items() if name not in rendered}
    return assemble(lay_out(fixed), ((name.encode(), content) for name, content in rendered.items()), deflate)


def require_relations(content: bytes, relations: Iterable[str]) -> None:
    """Refuse a part that names a relationship it has not: Word would call the document damaged. Raises BadInput."""
    missing = set(_REFERENCE.findall(content.decode())) - set(relations)
    if missing:
        raise BadInput(
            "链接、图片或子文档不属于这次填写", remedy="请用本模板新的 docxtpl() 对象创建，并作为 owner 一并交来"
        )
