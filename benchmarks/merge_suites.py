"""``archive merge`` on every PDF below a folder, each joined to itself: what was accepted, why not, what was kept.

For suites of awkward PDFs, brought by hand. Equal files are run once. Each result is held against its source by counts made
here, by pikepdf alone: nothing of what yiyu reads is believed. One process works through many files; a file that takes
more than ``--limit`` seconds of processor time ends it, is noted, and the next process goes on.
"""

import argparse
import collections
import contextlib
import hashlib
import json
import resource
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String

AT_ONCE = 200
DEEPEST = 500
MEMORY = 4 * 1024**3
KEPT = "kept"


def entries(tree: Any, kind: str) -> Iterator[tuple[Any, Any]]:  # noqa: ANN401 - objects of pikepdf of any kind
    """Of a tree of names or numbers."""
    pending, seen = [tree], set()
    while pending:
        node = pending.pop()
        if not isinstance(node, Dictionary) or (node.is_indirect and node.objgen in seen):
            continue
        if node.is_indirect:
            seen.add(node.objgen)
        flat = list(node[kind]) if isinstance(node.get(kind), Array) else []
        yield from zip(flat[::2], flat[1::2], strict=False)
        pending += list(node.Kids) if isinstance(node.get("/Kids"), Array) else []


def below(one: Any, *keys: str) -> Any:  # noqa: ANN401
    for key in keys:
        one = one.get(key) if isinstance(one, Dictionary) else None
    return one


def listed(one: Any) -> list[Any]:  # noqa: ANN401
    return list(one) if isinstance(one, Array) else []


def walk(first: list[Any], after: str) -> Iterator[Any]:
    """Dictionaries and what hangs below them under ``after``, each once."""
    pending, seen = list(first), set()
    while pending:
        one = pending.pop()
        if isinstance(one, Array):
            pending += list(one)
        if not isinstance(one, Dictionary) or (one.is_indirect and one.objgen in seen):
            continue
        if one.is_indirect:
            seen.add(one.objgen)
        yield one
        pending.append(one.get(after))


class Counts:
    """What a file holds beside what is drawn on its pages."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self.root = pdf.Root
        self.pages = [page.obj for page in pdf.pages]
        self.numbers = {page.objgen for page in self.pages}
        self.places: dict[Any, Any] = {}
        for name, target in entries(below(self.root, "/Names", "/Dests"), "/Names"):
            if isinstance(name, String):
                self.places[bytes(name)] = target
        old = self.root.get("/Dests")
        for name, target in old.items() if isinstance(old, Dictionary) else ():
            self.places.setdefault(name.encode()[1:], target)
        self.notes = [
            note for page in self.pages for note in listed(page.get("/Annots")) if isinstance(note, Dictionary)
        ]

    def to_page(self, target: Any) -> bool:  # noqa: ANN401
        if isinstance(target, String | Name):
            target = self.places.get(bytes(target) if isinstance(target, String) else str(target).encode()[1:])
        if isinstance(target, Dictionary):
            target = target.get("/D")
        first = next(iter(listed(target)), None)
        return isinstance(first, Dictionary) and first.is_indirect and first.objgen in self.numbers

    def leads(self, holder: Any) -> bool:  # noqa: ANN401
        action = holder.get("/A")
        inside = isinstance(action, Dictionary) and action.get("/S") == "/GoTo"
        return self.to_page(holder.get("/Dest")) or (inside and self.to_page(action.get("/D")))

    def all(self) -> dict[str, int]:
        return {
            name: one
            for part in (self.names, self.labels, self.layers, self.outline, self.links, self.form, self.structure)
            for name, one in self.safely(part).items()
        }

    @staticmethod
    def safely(part: Any) -> dict[str, int]:  # noqa: ANN401
        with contextlib.suppress(pikepdf.PdfError, RuntimeError, ValueError, TypeError, AttributeError, KeyError):
            found: dict[str, int] = part()
            return found
        return {f"not counted: {part.__name__}": 1}

    def names(self) -> dict[str, int]:
        files = {bytes(name) for name, _ in entries(below(self.root, "/Names", "/EmbeddedFiles"), "/Names")}
        leading = sum(map(self.to_page, self.places.values()))
        return {"attachments": len(files), "named places": len(self.places), "of these to a page": leading}

    def labels(self) -> dict[str, int]:
        return {"page labels": len({int(at) for at, _ in entries(self.root.get("/PageLabels"), "/Nums")})}

    def layers(self) -> dict[str, int]:
        groups = {
            one.objgen for one in listed(below(self.root, "/OCProperties", "/OCGs")) if isinstance(one, Dictionary)
        }
        state = below(self.root, "/OCProperties", "/D")
        on, off = ({one.objgen for one in listed(below(state, key))} & groups for key in ("/ON", "/OFF"))
        hidden = groups - on if below(state, "/BaseState") == "/OFF" else off
        return {"layers": len(groups), "hidden layers": len(hidden)}

    def outline(self) -> dict[str, int]:
        pending, found, leading = [below(self.root, "/Outlines", "/First")], 0, 0
        seen = set()
        while pending:
            one = pending.pop()
            if not isinstance(one, Dictionary) or one.objgen in seen:
                continue
            seen.add(one.objgen)
            found, leading = found + 1, leading + self.leads(one)
            pending += [one.get("/Next"), one.get("/First")]
        return {"outline entries": found, "of these to a page (outline)": leading}

    def links(self) -> dict[str, int]:
        every = [note for note in self.notes if note.get("/Subtype") == "/Link"]
        web = sum(below(note, "/A", "/S") == "/URI" for note in every)
        return {"links inside the file": sum(map(self.leads, every)), "links to the web": web}

    def form(self) -> dict[str, int]:
        fields = list(walk(listed(below(self.root, "/AcroForm", "/Fields")), "/Kids"))
        named = sum("/T" in one for one in fields)
        return {"form fields": named, "widgets": sum(note.get("/Subtype") == "/Widget" for note in self.notes)}

    def structure(self) -> dict[str, int]:
        tree = self.root.get("/StructTreeRoot")
        known = below(tree, "/ClassMap")
        every = [one for one in walk([below(tree, "/K")], "/K") if "/S" in one]
        classed = [one for one in every if "/C" in one and isinstance(known, Dictionary)]
        with_class = sum(
            any(isinstance(name, Name) and str(name) in known for name in [one.C, *listed(one.C)]) for one in classed
        )
        parents = sum(1 for _ in entries(below(tree, "/ParentTree"), "/Nums"))
        return {
            "elements of structure": len(every),
            "elements with a class": with_class,
            "ties of pages to structure": parents,
        }


def counted(path: Path) -> dict[str, int]:
    with pikepdf.open(path) as pdf:
        return Counts(pdf).all()


def one(path: Path, out: Path) -> dict[str, object]:
    from yiyu.docgen.pdf.merge import merge
    from yiyu.registry.errors import UserError

    out.unlink(missing_ok=True)
    before = time.process_time()
    told: dict[str, object] = {}
    try:
        merged = merge([path, path], out)
    except UserError as fault:
        named, _, reasons = fault.where.partition("：")
        told = {"ended": "refused", "why": reasons if named == path.name and reasons else fault.what}
    except Exception:  # noqa: BLE001 - what is looked for
        told = {"ended": "crashed", "why": traceback.format_exc()[-2000:]}
    told["cpu"] = round(time.process_time() - before, 2)
    if told.get("ended"):
        return told
    left = sorted({said for file in merged.files for said in file.left})
    notes = sorted({said for file in merged.files for said in file.notes})
    return told | {"ended": KEPT, "notes": notes, "left": left, "there": counted(path), "result": counted(out)}


def work(listing: Path, results: Path, limit: float) -> None:
    """In a process of its own: a line for each file, a line before it too."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    sys.setrecursionlimit(max(sys.getrecursionlimit(), DEEPEST))
    with results.open("a") as stream, tempfile.TemporaryDirectory() as folder:
        for name in listing.read_text().splitlines():
            stream.write(json.dumps({"file": name, "ended": "begun"}) + "\n")
            stream.flush()
            signal.setitimer(signal.ITIMER_PROF, limit)  # what it does is to end the process
            found = one(Path(name), Path(folder) / "out.pdf")
            stream.write(json.dumps({"file": name} | found) + "\n")
            stream.flush()


def done(results: Path) -> dict[str, dict[str, Any]]:
    if not results.exists():
        return {}
    return {said["file"]: said for said in map(json.loads, results.read_text().splitlines())}


def run(files: list[Path], results: Path, limit: float, until: str) -> None:
    while True:
        known = done(results)
        todo = [str(path) for path in files if str(path) not in known]
        if not todo or (until and time.strftime("%H:%M", time.gmtime()) >= until):
            return
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as listing:
            listing.write("\n".join(todo[:AT_ONCE]))
            listing.flush()
            words = [sys.executable, "-P", __file__, "--work", listing.name, str(results), str(limit)]
            ended = subprocess.run(words, stderr=subprocess.DEVNULL, check=False).returncode
        last = list(done(results).values())[-1:]
        if ended and last and last[0]["ended"] == "begun":
            how = "stopped" if ended == -signal.SIGPROF else "crashed"
            with results.open("a") as stream:
                stream.write(json.dumps(last[0] | {"ended": how, "why": f"the process ended with {ended}"}) + "\n")


def distinct(folder: Path) -> list[Path]:
    """Each file once, in an order of chance that is the same next time: a run that was stopped is a fair sample."""
    known: dict[str, Path] = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() == ".pdf" and path.is_file():
            known.setdefault(hashlib.sha256(path.read_bytes()).hexdigest(), path)
    return [known[digest] for digest in sorted(known)]


def report(results: Path) -> None:
    known = done(results).values()
    ended = collections.Counter(one["ended"] for one in known)
    print(f"{len(known)} files: {dict(ended)}")
    finished = sorted((one.get("cpu", 0), one["file"]) for one in known)
    print("slowest:", finished[-3:])
    kept = [one for one in known if one["ended"] == KEPT]
    there: collections.Counter[str] = collections.Counter()
    left: collections.Counter[str] = collections.Counter()
    for one in kept:
        for name, count in one["there"].items():
            wanted = 2 * count + (2 if name in {"outline entries", "of these to a page (outline)"} else 0)
            there[name] += wanted
            left[name] += max(0, wanted - one["result"].get(name, 0))
    for name, count in there.items():
        print(f"| {name} | {count:,} | {count - left[name]:,} |")
    for title, key in (("left behind", "left"), ("notes", "notes")):
        said = collections.Counter(what for one in kept for what in one[key])
        print(title, said.most_common(40))
    print("why", collections.Counter(one["why"] for one in known if one["ended"] == "refused").most_common(40))
    for one in known:
        if one["ended"] in {"crashed", "stopped"}:
            print(one["ended"], one["file"], one["why"][-400:])


def main() -> None:
    if sys.argv[1:2] == ["--work"]:
        work(Path(sys.argv[2]), Path(sys.argv[3]), float(sys.argv[4]))
        return
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument(
        "--results", type=Path, required=True, help="a line of JSON for each file; what it has is not run again"
    )
    parser.add_argument("--limit", type=float, default=30, help="seconds of processor time for a file")
    parser.add_argument("--until", default="", help="HH:MM of UTC, when to stop")
    options = parser.parse_args()
    run(distinct(options.folder), options.results, options.limit, options.until)
    report(options.results)


if __name__ == "__main__":
    main()
