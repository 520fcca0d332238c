"""A lean Word package: own styles and font table, nothing else of python-docx's default template, fixed times."""

import datetime as dt
import io
import zipfile
from xml.sax.saxutils import quoteattr

from docx import Document
from docx.document import Document as DocumentType
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.oxml.xmlchemy import BaseOxmlElement

from yiyu.docgen.fill.author.styles import FONTS, STYLES, styles_xml
from yiyu.docgen.wording import BEGINS_NO_LINE

BUILT = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
ZIP_TIME = (1980, 1, 1, 0, 0, 0)
KEPT = {
    RELATIONSHIP_TYPE.STYLES,
    RELATIONSHIP_TYPE.SETTINGS,
    RELATIONSHIP_TYPE.OFFICE_DOCUMENT,
    RELATIONSHIP_TYPE.CORE_PROPERTIES,
}


def new_document(title: str, *, two_sided: bool) -> DocumentType:
    """Start an empty A4 document; ``two_sided`` gives odd and even pages their own header and footer."""
    document = Document()
    for holder in (document.part, document.part.package):
        for key in [key for key, relation in holder.rels.items() if relation.reltype not in KEPT]:
            del holder.rels[key]
    replace_children(document.styles.element, styles_xml(STYLES))
    replace_children(document.settings.element, _settings_xml(two_sided=two_sided))
    fonts = Part(PackURI("/word/fontTable.xml"), CONTENT_TYPE.WML_FONT_TABLE, _fonts_xml(), document.part.package)
    document.part.relate_to(fonts, RELATIONSHIP_TYPE.FONT_TABLE)
    properties = document.core_properties
    properties.title = title
    properties.author = properties.last_modified_by = properties.comments = properties.keywords = ""
    properties.created = properties.modified = BUILT
    properties.revision = 1
    properties.language = "zh-CN"
    return document


def packed(document: DocumentType) -> bytes:
    """Give the bytes of the file: the same document, the same bytes."""
    loose, tight = io.BytesIO(), io.BytesIO()
    document.save(loose)
    with zipfile.ZipFile(loose) as source, zipfile.ZipFile(tight, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as target:
        for name in source.namelist():
            member = zipfile.ZipInfo(name, ZIP_TIME)
            member.compress_type, member.create_system = zipfile.ZIP_DEFLATED, 3  # as on Linux, wherever it is built
            target.writestr(member, source.read(name))
    return tight.getvalue()


def replace_children(element: BaseOxmlElement, xml: str) -> None:
    """Give an element the children of ``xml``, which is one element of its kind."""
    for child in list(element):
        element.remove(child)
    element.extend(parse_xml(xml))


def _settings_xml(*, two_sided: bool) -> str:
    return f"""<w:settings {nsdecls("w")}>
<w:zoom w:percent="100"/>
{"<w:evenAndOddHeaders/>" if two_sided else ""}
<w:defaultTabStop w:val="420"/>
<w:characterSpacingControl w:val="compressPunctuation"/>
<w:noLineBreaksBefore w:lang="zh-CN" w:val={quoteattr(BEGINS_NO_LINE)}/>
<w:compat>
<w:spaceForUL/><w:balanceSingleByteDoubleByteWidth/><w:doNotLeaveBackslashAlone/><w:ulTrailSpace/>
<w:doNotExpandShiftReturn/><w:useFELayout/>
<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>
</w:compat>
<w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/>
<w:decimalSymbol w:val="."/><w:listSeparator w:val=","/>
</w:settings>"""


def _fonts_xml() -> bytes:
    """Name the fonts with the stand-in Word takes where one is not installed (domain.md#type-and-grid)."""
    rows = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{alternative}"/><w:charset w:val="86"/>'
        f'<w:family w:val="{family}"/></w:font>'
        for name, alternative, family in FONTS
    )
    roman = '<w:font w:name="Times New Roman"><w:charset w:val="00"/><w:family w:val="roman"/></w:font>'
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    return f"{head}<w:fonts {nsdecls('w')}>{roman}{rows}</w:fonts>".encode()
