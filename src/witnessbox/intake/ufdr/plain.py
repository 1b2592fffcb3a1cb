"""What a message holds where a report is written as such tools write it: read without a parser.

A parser tells every element and every piece of text by itself, and a message has dozens of them.
So where a message's content is nothing but fields, and models of fields, written plainly, it is
matched at one go.  Whatever else stands there is for the parser.  Pure.
"""

import re

from witnessbox.intake.ufdr.model import MESSAGE_TYPES, Model

_VALUE = r"[^\"<>&\x00-\x1f]*"
_WHITE = r"[ \t\r\n]*+"
_SAID = r"[^\]\x00-\x08\x0b-\x1f]*+(?:\](?!\]>)[^\]\x00-\x08\x0b-\x1f]*+)*+"  # no CR: LF then
_BARE = r"[^<>&\]\x00-\x08\x0b-\x1f]*+"
_NESTED = 3  # models in models
DEEPEST = 2 * _NESTED + 2
"""How many elements may lie in one another in what is read here."""

_MODEL_TAG = (
    f'<model type="({_VALUE})"(?: id="({_VALUE})")?(?: deleted_state="({_VALUE})")?'
    f'(?: decoding_confidence="({_VALUE})")?(?: isrelated="{_VALUE}")?'
    f'(?: source_index="{_VALUE}")?(?: extractionId="({_VALUE})")?>'
)
_NAMED = f' name="({_VALUE})"(?: type="{_VALUE}")?'
_VALUE_TAG = (
    f'<value(?: type="{_VALUE}")?(?: format="{_VALUE}")?(?: formattedTimestamp="{_VALUE}")?>'
)
_FILLED = rf"{_WHITE}{_VALUE_TAG}(?:<!\[CDATA\[({_SAID})\]\]>|({_BARE}))</value>"
_SKIPPED = (
    f'<jumptargets(?: name="{_VALUE}")?(?: ?/>|>'
    f'(?:{_WHITE}<targetid(?: ismodel="{_VALUE}")?>{_BARE}</targetid>)*+{_WHITE}</jumptargets>)'
)


def _silent(pattern: str) -> str:
    """Take a pattern's groups off."""
    return re.sub(r"(?<!\\)\((?!\?)", "(?:", pattern)


def _content(nested: int) -> str:
    """Match what a model holds: fields, and so deep models in it."""
    named, filled = _silent(_NAMED), _silent(_FILLED)
    some = [
        f"<{tag}{named}(?: ?/>|>(?:{filled}|{_WHITE}<empty ?/>)?{_WHITE}</{tag}>)"
        for tag in ("field", "multiField")
    ]
    if nested:
        model = f"{_WHITE}{_silent(_MODEL_TAG)}{_content(nested - 1)}</model>"
        some += [
            f"<{tag}{named}(?: ?/>|>(?:{_WHITE}<empty ?/>|(?:{model})*+){_WHITE}</{tag}>)"
            for tag in ("modelField", "multiModelField")
        ]
    return f"{_WHITE}(?:(?:{'|'.join([*some, _SKIPPED])}){_WHITE})*+"


_CONTENT = re.compile(f"{_content(_NESTED)}(?=</model>)".encode())
_NEXT = re.compile(f"</model>{_WHITE}({_MODEL_TAG})".encode())
_PART = re.compile(
    r'<(?:(?:f|multiF)ield name(="[^"]*)"[^>]*>[ \t\r\n]*<value[^>]*>'
    r"(?:<!\[CDATA\[([^\]]*(?:\](?!\]>)[^\]]*)*)|([^<]*))"
    r'|(?:modelF|multiModelF)ield name(="[^"]*)"(?: type="[^"]*")?>|(model [^>]*>)|(/model>))'
)
"""The parts of what is plain; a name with the signs before it, so that it is never empty."""
_TOLD = re.compile(_MODEL_TAG[1:])


def fill(message: Model, data: bytes, at: int, most_bytes: int) -> int | None:
    """Put what stands behind a message's start tag into it; give where its end tag stands.

    None where it is not all plain; the message is as it was then.
    """
    found = _CONTENT.match(data, at)
    if found is None or found.end() - at > most_bytes or (said := _text(found[0])) is None:
        return None
    model, holder = message, ""
    around: list[tuple[Model, str]] = []
    for name, value, bare, under, begun, ended in _PART.findall(said):
        if name:
            model.put(name[2:], value or bare)
        elif under:
            holder = under[2:]
        elif begun:
            inner = _model(begun)
            model.models.setdefault(holder, []).append(inner)
            around.append((model, holder))
            model = inner
        elif ended:
            model, holder = around.pop()
    return found.end()


def following(data: bytes, at: int) -> tuple[int, int, Model] | None:
    """Give the message whose start tag follows an end tag, and where its tag begins and ends."""
    found = _NEXT.match(data, at)
    if found is None or (tag := _text(found[1])) is None:
        return None
    message = _model(tag[1:])
    return (found.start(1), found.end(), message) if message.type in MESSAGE_TYPES else None


def _model(tag: str) -> Model:
    """Begin a model from its start tag, which is plain."""
    told = _TOLD.match(tag)
    assert told is not None  # noqa: S101 - it was found to be plain
    kind, key, state, confidence, extraction = told.groups("")
    return Model(kind, key, state, confidence, extraction)


def _text(data: bytes) -> str | None:
    """Give bytes as text; None where that holds what XML does not allow."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return None
    return None if "\ufffe" in text or "\uffff" in text else text
