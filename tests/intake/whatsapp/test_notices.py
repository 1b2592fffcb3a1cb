"""What notices tell, in several languages."""

import pytest

from witnessbox.intake.whatsapp.notices import Change, changes
from witnessbox.intake.whatsapp.wordings import recognise

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
    ('Jola utworzył(a) grupę „Noc”', [Change("created", "Jola", "Noc")]),
    ("Dodałeś(-aś) Bo i Cy", [Change("added", None, "Bo"), Change("added", None, "Cy")]),
    ("Аня добавил(-а) участников: Боря и Вера",
     [Change("added", "Аня", "Боря"), Change("added", "Аня", "Вера")]),
    ("Вы присоединились по ссылке-приглашению", [Change("joined", None, "Вы")]),
    ('Ece, "a" olan grup adını "b" olarak değiştirdi', [Change("subject", "Ece", "b")]),
    ("Bu grubun davet bağlantısıyla katıldınız", [Change("joined", None, None)]),
    ("أمل أضاف بدر", [Change("added", "أمل", "بدر")]),
    ("لقد غادرت المجموعة", [Change("left", None, None)]),
    ("נועה הסיר/ה את איתן", [Change("removed", "נועה", "איתן")]),
    ("הצטרפת לקבוצה דרך קישור הזמנה של הקבוצה", [Change("joined", None, None)]),
    ('شما گروه "شب" را ایجاد کردید', [Change("created", None, "شب")]),
    ("आशा ने रवि को जोड़ा", [Change("added", "आशा", "रवि")]),
    ("ハナがグループ名を「夜」に変更しました", [Change("subject", "ハナ", "夜")]),
    ("グループを退会しました", [Change("left", None, None)]),
    ("지아님이 도현님을 추가했습니다", [Change("added", "지아", "도현")]),
    ("도현님이 나갔습니다", [Change("left", None, "도현")]),
    ("小安添加了小博", [Change("added", "小安", "小博")]),
    ("你使用群組連結加入。", [Change("joined", None, "你")]),
    ("Poistit henkilön Mika", [Change("removed", None, "Mika")]),
    ("Elsa lade till Nils och Tuva", [Change("added", "Elsa", name) for name in ("Nils", "Tuva")]),
    ("Freja oprettede gruppen \"Nat\"", [Change("created", "Freja", "Nat")]),
    ("Odd ble med via gruppens lenke", [Change("joined", None, "Odd")]),
    ('지아님이 "밤"그룹을 만들었습니다', [Change("created", "지아", "밤")]),
    ("Joost is deelnemer geworden via de uitnodigingslink", [Change("joined", None, "Joost")]),
    ("Ana changed the group description. Click to view.", []),
    ("Ana changed this group's icon", []),
    ("Messages and calls are end-to-end encrypted. Tap to learn more.", []),
    ("something nobody wrote a table for", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "told"), TOLD, ids=[text for text, _ in TOLD])
def test_a_notice_tells_its_changes(text: str, told: list[Change]) -> None:
    assert list(changes(text)) == told


@pytest.mark.parametrize(
    "text",
    [
        "Messages to this group are secured with end-to-end encryption. Tap for more info.",
        "باتت الرسائل التي ترسلها إلى هذه المجموعة محمية من خلال التشفير التام.",
        "Beskeder til denne gruppe er nu sikret med kryptering.",
        "Nachrichten an diese Gruppe sind jetzt mit Ende-zu-Ende-Verschlüsselung.",
        "پیام ها به این گروه هم اکنون با رمزگذاری سرتاسری محفوظ شده اند.",
        "Viestit tähän ryhmään salataan nyt täysin.",
        "Les messages envoyés dans ce groupe sont désormais protégés avec le chiffrement.",
        "כעת ההודעות הנשלחות בקבוצה זו מאובטחות עם הצפנה מקצה לקצה.",
        "इस समूह में भेजे गए संदेश शुरू से अंत तक एन्क्रिप्शन से सुरक्षित हैं.",
        "I messaggi inviati a questo gruppo sono ora protetti con la crittografia end-to-end.",
        "このグループへのメッセージは、エンドツーエンドの暗号化で保護されています。",
        "이 그룹의 메시지는 이제 종단간 암호화되어 안전합니다. 더 많은 정보를 보려면 탭하세요.",
        "Meldinger til denne gruppen er nå kryptert fra ende til ende.",
        "Berichten die naar deze groep worden verzonden, zijn nu beveiligd.",
        "Wiadomości do tej grupy są teraz zabezpieczone przez pełne szyfrowanie.",
        "As mensagens que enviar a este grupo passarão a ser completamente encriptadas.",
        "As mensagens enviadas a este grupo estão agora protegidas.",
        "As mensagens e as chamadas são criptografadas de ponta a ponta.",
        "Сообщения в данной группе теперь защищены сквозным шифрованием. Узнать больше.",
        "Meddelanden till denna grupp är nu säkrade med komplett kryptering.",
        "Bu gruba gönderdiğiniz mesajlar artık uçtan uca şifreleme ile korunmaktadır.",
        "此群组中的信息已进行端到端的加密，点击获取更多信息。",
        "此群組中的訊息和通話進行了端對端的加密，點擊獲取更多資訊。",
    ],
)
def test_the_line_that_says_how_a_group_is_encrypted_is_known(text: str) -> None:
    found = recognise(text)
    assert found is not None
    assert found[0].event == ""
