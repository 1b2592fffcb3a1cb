"""What kind of thing a body is."""

import pytest

from witnessbox.evidence.model import Kind
from witnessbox.intake.whatsapp.kinds import Classifier, Enclosed

M = "\u200e"
ANDROID, IOS = Classifier(marks_expected=False), Classifier(marks_expected=True)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("tea?", Kind.TEXT),
        ("", Kind.EMPTY),
        ("<Media omitted>", Kind.MEDIA),
        ("<media omitted>", Kind.MEDIA),
        ("<Medien ausgeschlossen>", Kind.MEDIA),
        ("imagem não revelada", Kind.MEDIA),
        ("Visitekaartje weggelaten", Kind.CONTACT),
        ("IMG-20240304-WA0001.jpg (archivo adjuntado)", Kind.MEDIA),
        ("Gemist spraakgesprek", Kind.CALL),
        ("This message was deleted", Kind.DELETED),
        ("Du hast diese Nachricht gelöscht.", Kind.DELETED),
        ("Se eliminó este mensaje", Kind.DELETED),
        ("Missed video call", Kind.CALL),
        ("POLL:\nTea?\nOPTION: Yes (1 vote)", Kind.POLL),
        ("EVENT: quiz", Kind.EVENT),
        ("location: https://maps.google.com/?q=1,2", Kind.LOCATION),
        ("live location shared", Kind.LOCATION),
        ("Bo.vcf (file attached)", Kind.CONTACT),
        ("null", Kind.MEDIA),
        ("This message was deleted, she said", Kind.TEXT),
        ("I like tea (file attached", Kind.TEXT),
    ],
)
def test_a_body_is_told_by_its_wording(body: str, kind: Kind) -> None:
    assert ANDROID.judge(body).kind is kind


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (f"{M}image omitted", Kind.MEDIA),
        (f"{M}This message was deleted.", Kind.DELETED),
        (f"{M}Voice call, {M}12 min", Kind.CALL),
        (f"{M}POLL:\nTea?\n{M}OPTION: Yes ({M}1 vote)", Kind.POLL),
        (f"{M}Contact card omitted", Kind.CONTACT),
        (f"rota.pdf • {M}3 pages {M}document omitted", Kind.MEDIA),
        (f"{M}Ana added Bo", Kind.NOTICE),
    ],
)
def test_the_platforms_mark_stands_before_what_it_writes(body: str, kind: Kind) -> None:
    assert IOS.judge(body).kind is kind


@pytest.mark.parametrize("body", ["ei kuvaa", "语音通话", "Аудиозвонок"])
def test_what_people_also_type_needs_the_mark(body: str) -> None:
    assert ANDROID.judge(body).kind is Kind.TEXT
    assert ANDROID.judge(f"{M}{body}").kind in {Kind.MEDIA, Kind.CALL}


def test_the_same_words_without_the_mark_were_typed() -> None:
    nature = IOS.judge("image omitted")
    assert (nature.kind, nature.typed) == (Kind.TEXT, True)


@pytest.mark.parametrize(
    ("body", "enclosed"),
    [
        ("IMG-20240304-WA0001.jpg (file attached)\nlook", ("IMG-20240304-WA0001.jpg", "image")),
        ("STK-20240304-WA0001.webp (Datei angehängt)", ("STK-20240304-WA0001.webp", "sticker")),
        ("rota final.pdf (archivo adjunto)", ("rota final.pdf", "document")),
        (f"{M}<attached: 00000042-PHOTO-2020-06-07-15-13-20.jpg>",
         ("00000042-PHOTO-2020-06-07-15-13-20.jpg", "image")),
        ("< attached: 00000042-AUDIO-2020-06-07-15-13-20.opus >",
         ("00000042-AUDIO-2020-06-07-15-13-20.opus", "audio")),
        ("2015-08-04-VIDEO-00004762.mp4 <attached>", ("2015-08-04-VIDEO-00004762.mp4", "video")),
    ],
)  # fmt: skip
def test_an_attachment_is_named_as_written(body: str, enclosed: tuple[str, str]) -> None:
    name, media = enclosed
    assert ANDROID.judge(body).enclosed == (Enclosed(name, media, omitted=False),)


def test_an_omitted_document_keeps_its_name() -> None:
    found = IOS.judge(f"rota.pdf • {M}3 pages {M}document omitted").enclosed
    assert found == (Enclosed("rota.pdf", "document", omitted=True),)


@pytest.mark.parametrize(
    "body", ["ok <This message was edited>", "gut <Diese Nachricht wurde bearbeitet.>"]
)
def test_the_edited_mark_is_the_last_thing_in_a_body(body: str) -> None:
    assert ANDROID.judge(body).edited
    assert not ANDROID.judge(f"{body} she wrote").edited


def test_an_edited_mark_typed_by_hand_lacks_the_platforms() -> None:
    assert IOS.judge(f"ok {M}<This message was edited>").edited
    assert not IOS.judge("ok <This message was edited>").edited
