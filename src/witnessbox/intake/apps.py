"""Which app a chat comes from, as reports and manifests name it, and what it is called here.

Copies of one conversation are sought among copies of one platform, so the name a report gives an
app must become the name that app's own exports have.  Pure.
"""

import re

_KNOWN = {
    "facebook messenger": "messenger",
    "facebookmessenger": "messenger",
    "messenger": "messenger",
    "native messages": "sms",
    "sms": "sms",
    "mms": "sms",
    "imessage": "imessage",
    "signal private messenger": "signal",
}
_FAMILIES = ("whatsapp", "telegram", "instagram")
"""Apps that are called by more names than one: for businesses, a second account, a clone."""
_NOT_NAME = re.compile(r"[^a-z0-9]+")
UNKNOWN = "unknown"


def platform_of(app: str | None) -> str:
    """Give the platform of an app; one that is not known keeps its own name, in small letters."""
    if app is None:
        return UNKNOWN
    folded = app.strip().lower()
    family = next((name for name in _FAMILIES if name in folded), None)
    if family is not None:
        return family
    return _KNOWN.get(folded) or _NOT_NAME.sub("", folded)[:40] or UNKNOWN
