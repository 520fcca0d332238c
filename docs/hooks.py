"""What the site builder does besides."""

import re
from pathlib import Path

from mkdocs.structure.pages import Page

_HAN = r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef“”‘’—…]"
_BREAK = re.compile(rf"(?<={_HAN})\n(?={_HAN})")
_PRE = re.compile(r"(<pre.*?</pre>)", re.DOTALL)


def on_page_markdown(markdown: str, page: Page, **_: object) -> str:
    """The page of decisions takes in all of them, one heading lower."""
    if page.file.src_uri != "decisions.md":
        return markdown
    texts = [path.read_text("utf-8") for path in sorted((Path(__file__).parent / "decisions").glob("*.md"))]
    return "\n\n".join([markdown, *(re.sub(r"^#", "##", text, flags=re.MULTILINE) for text in texts)])


def on_page_content(html: str, **_: object) -> str:
    """A line of Chinese that goes on in the next one gets no blank between."""
    parts = _PRE.split(html)
    return "".join(part if part.startswith("<pre") else _BREAK.sub("", part) for part in parts)
