"""Invented people, their phones, and how each phone writes the others' names."""

from random import Random

from benchmarks.reconcile.clocks import clock_of
from benchmarks.reconcile.dials import Dials
from benchmarks.reconcile.model import Person, Phone, Style

from witnessbox.example.draws import draws, happens
from witnessbox.example.layouts import layout

_GIVEN = (
    "Alan", "Beth", "Craig", "Dan", "Ella", "Femi", "Gwen", "Hannah", "Imran", "Joe", "Kez",
    "Lewis", "Mateo", "Nia", "Owen", "Priya", "Quentin", "Rosa", "Sam", "Tomasz", "Una", "Viktor",
    "Wendy", "Yusuf", "Zoë", "Adaeze", "Björn", "Chloé", "Darren", "Eilidh",
)  # fmt: skip
_FAMILY = (
    "Thistlewood", "Mosscrop", "Oakhurst", "Qadir-Hale", "Rudd", "Wierzbowy", "Fennimore", "Birch",
    "Trengrove", "Salcedo", "Drostwick", "Ellerbeek", "Chandrawick", "Hexworthy", "Larkfold",
    "Pennywell", "Saltmarsh", "Underhay", "Yarrowby", "Copplestone", "Dunmere", "Greyling",
)  # fmt: skip
_LAYOUTS = (
    "android-en-gb-24", "ios-en-gb-24", "android-de-24", "ios-fr-24", "android-en-us-12",
    "ios-de-24", "android-es-spaced", "ios-en-us-12", "android-nl-24", "android-en-ie-dotted",
    "android-en-gb-12", "android-en-ca-iso",
)  # fmt: skip
_ABROAD = ("Europe/Madrid", "Asia/Karachi", "America/New_York", "Europe/Warsaw")
HOME = "Europe/London"
YOU = {"en": "You", "de": "Du", "es": "Tú", "fr": "Vous", "nl": "Jij"}


def people(dials: Dials) -> tuple[Person, ...]:
    """Invent people; some share a given name, and so a nickname."""
    stream = draws(dials.seed, "people")
    found: dict[tuple[str, str], Person] = {}
    while len(found) < dials.people:
        given, family = stream.choice(_GIVEN), stream.choice(_FAMILY)
        place = len(found)
        found.setdefault(
            (given, family),
            Person(f"u{place:02}", given, family, given[:3], f"+44 7700 900{place:03}"),
        )
    return tuple(found.values())


def phones(dials: Dials, everyone: tuple[Person, ...]) -> tuple[Phone, ...]:
    """Give the first of them phones that are handed over."""
    texts = round(dials.phones * dials.text_only / 1000)
    return tuple(_phone(dials, everyone, place, place < texts) for place in range(dials.phones))


def _phone(dials: Dials, everyone: tuple[Person, ...], place: int, text: bool) -> Phone:  # noqa: FBT001 - one of two kinds
    key = f"p{place:02}"
    stream = draws(dials.seed, key)
    databases = (Style.ANDROID, Style.IOS)
    style = Style.TEXT if text else databases[place % 2]
    form = _LAYOUTS[place % len(_LAYOUTS)]
    if style is not Style.TEXT:
        form = "ios-en-gb-24" if style is Style.IOS else "android-en-gb-24"
    abroad = happens(stream, dials.abroad)
    owner = everyone[place]
    saved = frozenset(one.key for one in everyone if happens(stream, dials.saved))
    return Phone(
        key,
        owner,
        style,
        form,
        zone=stream.choice(_ABROAD) if abroad else HOME,
        zone_stated=abroad and happens(stream, dials.zone_stated),
        clock=clock_of(dials, stream, exact=not text),
        names=_names(dials, everyone, owner, saved, form),
        saved=saved,
        titles_ahead=happens(stream, 500),
    )


def _names(
    dials: Dials,
    everyone: tuple[Person, ...],
    owner: Person,
    saved: frozenset[str],
    form: str,
) -> tuple[tuple[str, str], ...]:
    """Name everybody, no two alike."""
    stream = draws(dials.seed, owner.key, "names")
    used = {}
    locale = layout(form).locale
    used[owner.key] = YOU[locale] if happens(stream, dials.you) else owner.full
    for one in everyone:
        if one.key != owner.key:
            name = _written(dials, one, one.key in saved, form, stream)
            used[one.key] = name if name not in used.values() else _number(one, form)
    return tuple(used.items())


def _written(dials: Dials, one: Person, saved: bool, form: str, stream: Random) -> str:  # noqa: FBT001 - one of two kinds
    if not saved:
        space = "\u202f" if form.startswith("ios") else " "
        return f"~{space}{one.given}" if happens(stream, 500) else _number(one, form)
    if not happens(stream, dials.renamed):
        return one.full
    others = (one.given, one.nickname, f"PC {one.family}", f"{one.nickname} Work 👮", one.given)
    return stream.choice(others)


def _number(one: Person, form: str) -> str:
    return f"\u202a{one.number}\u202c" if form.startswith("ios") else one.number
