"""Follow the tags of one part in order: each is parsed alone, blocks are paired, names resolved in their scope.

Nothing stops at the first fault. Each tag leaves a :class:`Step`, the source a trial of the part is made from: what is
faulty is left out of it or made neutral, so that the rest can still be tried.
"""

import re
from collections import ChainMap
from collections.abc import Sequence
from dataclasses import dataclass, field

from jinja2 import nodes

from yiyu.docgen.fill.dialects import foreign_tags
from yiyu.docgen.fill.lint.finding import Report
from yiyu.docgen.fill.lint.grammar import (
    CELL_TAGS,
    ENDS,
    MIDDLE,
    NEUTRAL,
    OPENERS,
    REFUSED,
    closes_later,
    meant,
    parsed,
    syntax_hint,
)
from yiyu.docgen.fill.lint.known import ANY, LOOP, FieldGroup, Known, Several
from yiyu.docgen.fill.lint.reading import ExpressionReader, Scope
from yiyu.docgen.fill.lint.tags import Tag
from yiyu.registry.model import Severity


@dataclass(slots=True)
class Step:
    """A tag, the index of its paragraph, and what stands for it in a trial."""

    paragraph: int
    tag: Tag
    source: str


@dataclass(slots=True)
class _OpenBlock:
    """An open block: its steps so far (opening, middle), and the scope inside."""

    word: str
    steps: list[Step]
    scope: Scope
    has_else: bool = False


BlockPair = tuple[Step, Step]
"""The opening of a block, and a middle or closing tag of it."""


@dataclass(slots=True)
class Blocks:
    """What was found in a part: the steps, the pairs, the fields printed."""

    root: FieldGroup
    report: Report
    steps: list[Step] = field(default_factory=list)
    pairs: list[BlockPair] = field(default_factory=list)
    printed: set[str] = field(default_factory=set)
    _stack: list[_OpenBlock] = field(default_factory=list)

    @property
    def broken(self) -> bool:
        """Whether a block is left out or neutral in a trial, so that it may print what would not be printed together."""
        words = {*OPENERS, *MIDDLE, *ENDS} - {"raw", "endraw"}
        return any(step.tag.keyword in words and step.source in {"", *NEUTRAL.values()} for step in self.steps)

    def follow(self, tags: Sequence[tuple[int, Tag]]) -> None:
        """Follow all tags of the part, each with the index of its paragraph."""
        scope: Scope = ChainMap({})
        every = [tag for _, tag in tags]
        for place, (paragraph, tag) in enumerate(tags):
            step = Step(paragraph, tag, "")
            self.steps.append(step)
            inside = self._stack[-1].scope if self._stack else scope
            if self._stack and self._stack[-1].word == "raw" and tag.keyword != "endraw":
                continue
            try:
                if tag.mark == "{{":
                    self._print(step, inside)
                elif tag.mark == "{%":
                    self._block(step, inside, every[place + 1 :])
            except RecursionError:
                step.source = ""
                self._error(step, "code-refused", "标签里的括号或点层层嵌套过深", "请简化该处的标签")
        for frame in reversed(self._stack):
            self._unclosed(frame)

    def _print(self, step: Step, scope: Scope) -> None:
        node = self._parsed(step, f"{{{{ {step.tag.code} }}}}")
        if isinstance(node, nodes.Output):
            step.source = f"{{{{ {step.tag.code} }}}}"
            reader = self._reader(step)
            for child in node.nodes:
                reader.printed(child, scope)
            self.printed |= reader.used

    def _block(self, step: Step, scope: Scope, following: Sequence[Tag]) -> None:
        tag = step.tag
        word, rest, right = meant(tag)
        if not right and tag.whole:
            hint = f"请写成 {{%{tag.level} {f'{word} {rest}'.strip()} %}}" if word else "请核对标签名"
            self._error(step, "tag-unknown", f"不认识的标签“{tag.brief}”", hint)
        if word in REFUSED:
            self._error(step, "code-refused", f"模板不能使用“{word}”标签", "请删除该标签")
        elif word in ENDS:
            if rest:
                self._error(step, "syntax", f"“{tag.brief}”里“{word}”后面多了“{rest}”", f"请写成 {{% {word} %}}")
            self._close(step, ENDS[word], following)
        elif word in MIDDLE:
            self._middle(step, word, rest, scope)
        elif word in OPENERS:
            self._open(step, word, rest, scope)
        elif word in CELL_TAGS:
            self._cell_tag(step, word, rest, scope)

    def _open(self, step: Step, word: str, rest: str, scope: Scope) -> None:
        frame = _OpenBlock(word, [step], scope.new_child() if word not in {"if", "raw"} else scope)
        inline = word == "set" and ("=" in rest or not step.tag.whole)
        if not inline:
            self._stack.append(frame)
        if word == "raw":
            return
        ending = "" if inline else f"{{% end{word} %}}"
        node = self._parsed(step, f"{{% {word} {rest} %}}{ending}")
        if node is None:
            step.source = NEUTRAL.get(word, "")
            if word != "if":
                frame.scope.update(dict.fromkeys(re.findall(r"[^\W\d]\w*", rest.partition(" in ")[0]), ANY))
                frame.scope["loop"] = LOOP
        else:
            step.source = f"{{% {word} {rest} %}}"
            self._enter(step, node, scope, frame.scope)

    def _enter(self, step: Step, node: nodes.Node, outer: Scope, inner: Scope) -> None:
        """Read the head of a block or assignment and fill the scope inside it."""
        reader = self._reader(step)
        match node:
            case nodes.If():
                reader.read(node.test, outer)
            case nodes.For():
                _assign(inner, node.target, reader.iterated(node.iter, outer))
                inner["loop"] = LOOP
                if node.test is not None:
                    reader.read(node.test, inner)
                self.printed |= reader.used
            case nodes.Assign():
                _assign(outer, node.target, reader.read(node.node, outer))
                self.printed |= reader.used
            case nodes.AssignBlock():
                _assign(outer, node.target, ANY)
            case nodes.With():
                for target, value in zip(node.targets, node.values, strict=True):
                    _assign(inner, target, reader.read(value, outer))
            case nodes.Macro():
                outer[node.name] = ANY
                names = [argument.name for argument in node.args]
                inner.update(dict.fromkeys((*names, "caller", "varargs", "kwargs"), ANY))
            case nodes.CallBlock():
                reader.read(node.call, outer)
                inner.update({argument.name: ANY for argument in node.args})
            case nodes.FilterBlock():
                reader.read(node.filter, outer)

    def _middle(self, step: Step, word: str, rest: str, scope: Scope) -> None:
        frame = self._stack[-1] if self._stack else None
        if frame is None or frame.word not in MIDDLE[word]:
            owners = "或".join(f"{{% {owner} %}}" for owner in MIDDLE[word])
            self._error(step, "block-unmatched", f"“{step.tag.brief}”不在{owners}里", f"请放到{owners}之内")
            return
        self.pairs.append((frame.steps[0], step))
        if frame.has_else:
            self._error(step, "else-misplaced", f"“{step.tag.brief}”写在了 {{% else %}} 之后", "请移到 else 之前")
            return
        frame.steps.append(step)
        frame.has_else = word == "else"
        if word == "else":
            step.source = "{% else %}"
            return
        node = self._parsed(step, f"{{% if 1 %}}{{% elif {rest} %}}{{% endif %}}")
        step.source = f"{{% elif {rest} %}}" if node is not None else NEUTRAL["elif"]
        if isinstance(node, nodes.If):
            self._reader(step).read(node.elif_[0].test, scope)

    def _close(self, step: Step, opener: str, following: Sequence[Tag]) -> None:
        if not any(frame.word == opener for frame in self._stack):
            top = self._stack[-1] if self._stack else None
            if top is None or closes_later(top.word, following):
                hint = f"请补上开头，或删去“{step.tag.brief}”"
                self._error(step, "block-unmatched", f"“{step.tag.brief}”前面没有对应的 {{% {opener} … %}}", hint)
                return
            opening, opener = top.steps[0].tag, top.word
            message = f"“{step.tag.brief}”与开头“{opening.brief}”不配"
            self._error(step, "block-unmatched", message, f"请写成 {{%{opening.level} end{opener} %}}")
        while self._stack[-1].word != opener and not closes_later(self._stack[-1].word, following):
            self._unclosed(self._stack.pop())
        frame = next(one for one in reversed(self._stack) if one.word == opener)
        self.pairs.append((frame.steps[0], step))
        if frame is self._stack[-1]:
            step.source = f"{{% end{opener} %}}" if frame.steps[0].source else ""
        else:
            other = self._stack[-1].steps[0].tag.brief
            message = f"“{step.tag.brief}”与前面的“{other}”交叉：“{other}”还没有结束"
            self._error(step, "block-crossed", message, "请让后开始的先结束")
            for one in frame.steps:
                one.source = ""
        self._stack.remove(frame)

    def _unclosed(self, frame: _OpenBlock) -> None:
        opening = frame.steps[0]
        message = f"“{opening.tag.brief}”没有结束"
        suggestion = f"请在后面补上 {{%{opening.tag.level} end{frame.word} %}}"
        self._error(opening, "block-unclosed", message, suggestion)
        for step in frame.steps:
            step.source = ""

    def _cell_tag(self, step: Step, word: str, rest: str, scope: Scope) -> None:
        if word in {"vm", "hm"}:
            self._reader(step).read(nodes.Name("loop", "load"), scope)
        else:
            node = self._parsed(step, f"{{{{ {rest} }}}}")
            if isinstance(node, nodes.Output):
                self._reader(step).read(node.nodes[0], scope)

    def _error(self, step: Step, code: str, message: str, suggestion: str) -> None:
        self.report(step.paragraph, Severity.ERROR, code, message, suggestion)

    def _parsed(self, step: Step, source: str) -> nodes.Node | None:
        """Parse a tag made complete; reports a syntax fault and gives None."""
        node = parsed(source) if step.tag.whole else None
        if isinstance(node, str) and (foreign := next((f for f in foreign_tags(step.tag.raw) if f.marked), None)):
            self._error(step, "template-dialect", f"{foreign.told}，不能填写", foreign.remedy)
            return None
        if isinstance(node, str):
            self._error(step, "syntax", f"“{step.tag.brief}”写法有误：{node}", syntax_hint(step.tag))
            return None
        return node

    def _reader(self, step: Step) -> ExpressionReader:
        def report(code: str, message: str, suggestion: str) -> None:
            self._error(step, code, message, suggestion)
            step.source = NEUTRAL.get(step.tag.keyword, "")

        return ExpressionReader(self.root, report)


def _assign(scope: Scope, target: nodes.Node, known: Known) -> None:
    if isinstance(target, nodes.Name):
        scope[target.name] = known
    elif isinstance(target, nodes.Tuple):
        parts = known.items if isinstance(known, Several) and len(known.items) == len(target.items) else ()
        for place, item in enumerate(target.items):
            _assign(scope, item, parts[place] if parts else ANY)
