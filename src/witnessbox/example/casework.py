"""The example's case file and codings, each resting on planted messages by file and byte."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from random import Random
from typing import Any

from witnessbox.example.draws import happens
from witnessbox.example.model import Export, Label
from witnessbox.example.people import OFFICERS
from witnessbox.example.phones import PHONES
from witnessbox.example.places import Quotable

REVIEWERS = ("r.castellane", "m.ostrander")
_CODED_PLANTED = 150
_CODED_LOOKALIKES = 50
_SUPPORT = re.compile(r'^messages = "(.+)"$', re.MULTILINE)
_NAMES = re.compile(r'^names = "(o\d\d)"$', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class CaseFile:
    """The text of the case file, and how many messages its allegations rest on."""

    text: str
    messages: int


def case_file(found: Sequence[Quotable], exports: Iterable[Export]) -> CaseFile:
    """Write the case file: the prepared text, with names and messages put in their places."""
    prepared = (files("witnessbox.example") / "data" / "cases.toml").read_text(encoding="utf-8")
    names = _names(exports)
    rests_on: list[Quotable] = []

    def support(match: re.Match[str]) -> str:
        chosen = _chosen(match[1], found)
        rests_on.extend(chosen)
        return "messages = [\n" + "".join(_supporting(one) for one in chosen) + "]"

    text = _SUPPORT.sub(support, prepared)
    text = _NAMES.sub(lambda match: f"names = {_written(names[match[1]])}", text)
    return CaseFile(text, len(rests_on))


def _chosen(wish: str, found: Sequence[Quotable]) -> list[Quotable]:
    """Choose the gravest messages of a sender and category, or the forged one."""
    if wish == "forged":
        return [one for one in found if one.message.text.startswith("Look who owned up\n")]
    sender, category, count = wish.split(" ")
    able = [
        one
        for one in found
        if one.message.sender == sender
        and one.message.label is not None
        and one.message.label.category == category
    ]
    able.sort(key=lambda one: (-(one.message.label or Label("")).severity, one.message.key))
    return sorted(able[: int(count)], key=lambda one: one.message.key)


def _supporting(one: Quotable) -> str:
    place = one.place
    about = f"{one.message.key}, {place.reference}, {place.name}"
    return f'  {{ exhibit = "{place.exhibit}", start = {place.start} }},  # {about}\n'


def _names(exports: Iterable[Export]) -> dict[str, list[str]]:
    """Collect how each officer is written in the exports, once each."""
    used = {export.copy.plan.phone for export in exports}
    names: dict[str, list[str]] = {officer.key: [officer.profile] for officer in OFFICERS}
    for phone in PHONES:
        for key, name in phone.names if phone.key in used else ():
            if name not in names[key]:
                names[key].append(name)
    return names


def _written(names: list[str]) -> str:
    """Write names as TOML, marks that do not show as escapes."""
    return json.dumps(names, ensure_ascii=True).replace("\\ud83d\\udc6e", "👮")


def codings(found: Sequence[Quotable], stream: Random) -> list[dict[str, Any]]:
    """Let two reviewers code planted messages and look-alikes; they mostly agree."""
    planted = [one for one in found if one.message.label and one.message.label.role == "planted"]
    alike = [one for one in found if one.message.label and one.message.label.lookalike]
    chosen = stream.sample(planted, min(len(planted), _CODED_PLANTED))
    chosen += stream.sample(alike, min(len(alike), _CODED_LOOKALIKES))
    chosen.sort(key=lambda one: one.message.key)
    return [_coding(one, reviewer, stream) for reviewer in REVIEWERS for one in chosen]


def _coding(one: Quotable, reviewer: str, stream: Random) -> dict[str, Any]:
    label = one.message.label or Label("")
    categories, severity, note = _decided(label)
    banter = label.banter
    if reviewer == REVIEWERS[1] and happens(stream, 140):  # a second reader who sees it otherwise
        severity = max(1, severity - 1) if severity else 0
        banter = banter and happens(stream, 500)
        if happens(stream, 350):
            categories, severity, banter = [], 0, False
        note = "Read in its context."
    return {
        "exhibit": one.place.exhibit,
        "start": one.place.start,
        "reviewer": reviewer,
        "categories": categories,
        "severity": severity,
        "banter": banter,
        "note": note,
    }


def _decided(label: Label) -> tuple[list[str], int, str]:
    if label.category:
        return [label.category], label.severity, "Banter offered as an excuse." * label.banter
    if label.lookalike == "counter-speech":
        return ["challenge"], 0, "Objects to what others said."
    return [], 0, "Names a group or quotes; not abusive itself."
