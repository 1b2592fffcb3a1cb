"""What notices tell, in several languages."""

import pytest

from witnessbox.intake.whatsapp.notices import Change, changes

TOLD = [
    ('Ana created group "Night"', [Change("created", "Ana", "Night")]),
    ("Ana added Bo, Cy and Di", [Change("added", "Ana", name) for name in ("Bo", "Cy", "Di")]),
    ("\u200eAna removed Bo", [Change("removed", "Ana", "Bo")]),
    ("Bo left", [Change("left", None, "Bo")]),
    ("Bo joined using this group's invite link", [Change("joined", None, "Bo")]),
    ("Bo joined using this group’s invite link", [Change("joined", None, "Bo")]),
    ("You're now an admin", [Change("admin", None, "You")]),
    ('Ana changed the subject from "a" to "b: c"', [Change("subject", "Ana", "b: c")]),
    ("Ana changed the group name to “b”", [Change("subject", "Ana", "b")]),
    ("Ana hat Bo und Cy hinzugefügt", [Change("added", "Ana", name) for name in ("Bo", "Cy")]),
    ('Ana cambió el asunto de "a" a "b"', [Change("subject", "Ana", "b")]),
    ("Ana a ajouté Bo", [Change("added", "Ana", "Bo")]),
    ("Bo a quitté le groupe", [Change("left", None, "Bo")]),
    ("Bo ha abbandonato il gruppo", [Change("left", None, "Bo")]),
    ("Ana heeft Bo verwijderd", [Change("removed", "Ana", "Bo")]),
    ('Ana criou o grupo "Noite"', [Change("created", "Ana", "Noite")]),
    ("Creaste el grupo \"Uno\"", [Change("created", None, "Uno")]),
    ("Ana te añadió", [Change("added", "Ana", None)]),
    ("Ana changed this group's icon", []),
    ("Messages and calls are end-to-end encrypted. Tap to learn more.", []),
    ("something nobody wrote a table for", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "told"), TOLD, ids=[text for text, _ in TOLD])
def test_a_notice_tells_its_changes(text: str, told: list[Change]) -> None:
    assert list(changes(text)) == told
