"""The hash chain over events: an altered, dropped or moved event no longer follows from the one before. Pure."""

import hashlib
import json
from collections.abc import Mapping


def link(previous: str, facts: Mapping[str, object]) -> str:
    """SHA-256 over the previous link and this event's facts as sorted JSON."""
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()
