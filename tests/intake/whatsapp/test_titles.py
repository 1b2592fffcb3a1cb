"""What a conversation is called."""

import pytest

from witnessbox.intake.whatsapp.titles import conversation


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("WhatsApp Chat with Night turn.txt", "Night turn"),
        ("WhatsApp Chat - Night turn.zip/_chat.txt", "Night turn"),
        ("phone/Chat de WhatsApp con Bo J. K.txt", "Bo J. K"),
        ("Conversa do WhatsApp com Ana.txt", "Ana"),
        ("Conversa no WhatsApp com Ana.txt", "Ana"),
        ("WhatsApp Chat mit Ute.zip/WhatsApp Chat mit Ute.txt", "Ute"),
        ("Discussion WhatsApp avec Inès.txt", "Inès"),
        ("WhatsApp-chat met Joost.txt", "Joost"),
        ("Чат WhatsApp с Аня.txt", "Аня"),
        ("与小安的 WhatsApp 聊天.txt", "小安"),
        ("WhatsApp 與 小安 的對話.txt", "小安"),
        ("Czat WhatsApp z Jola.txt", "Jola"),
        ("Ece ile WhatsApp Sohbeti.txt", "Ece"),
        ("دردشة واتساب مع أمل.txt", "أمل"),
        ("צ'אט WhatsApp עם נועה.txt", "נועה"),
        ("گفتگوی WhatsApp با مینا.txt", "مینا"),
        ("आशा के साथ WhatsApp चैट.txt", "आशा"),
        ("ハナとのWhatsAppチャット.txt", "ハナ"),
        ("지아님과의 WhatsApp 대화.txt", "지아"),
        ("WhatsApp-keskustelu henkilön Laura kanssa.txt", "Laura"),
        ("WhatsApp-chatt med Elsa.txt", "Elsa"),
        ("WhatsApp chat med Freja.txt", "Freja"),
        ("WhatsApp-samtale med Ingrid.txt", "Ingrid"),
    ],
)
def test_the_name_of_the_file_or_its_container_tells(name: str, title: str) -> None:
    assert conversation(name, None) == title


def test_notices_tell_where_no_name_does() -> None:
    assert conversation("_chat.txt", "Ops: night") == "Ops: night"


def test_the_files_stem_is_left() -> None:
    assert conversation("folder/export.txt", None) == "export"
