"""What devices told of messages."""

from pathlib import Path

from tests.intake.msgstore.phone import said, say, script
from tests.intake.msgstore.reading import ANA, BO, of, read

SENT = said(say(1, "tea", sender=None), say(2, "cake", sender=None))
TOLD = ("person", "event", "start")


def test_each_time_of_a_receipt_is_an_acknowledgement_of_its_message(tmp_path: Path) -> None:
    receipts = """
    INSERT INTO receipt_user VALUES(1,1,1,1700000100000,1700000200000,0),
     (2,2,3,1700000100000,NULL,1700000300000),(3,2,77,1700000100000,-1,-1);
    """
    found = read(tmp_path, SENT, script(receipts))
    starts = dict(of(found, "messages", "row", "start"))
    assert of(found, "acknowledgements", *TOLD) == [
        (ANA, "delivered", starts[1]),
        (BO, "delivered", starts[2]),
        (None, "delivered", starts[2]),
        (ANA, "read", starts[1]),
        (BO, "played", starts[2]),
    ]
    times = [when.timestamp() for (when,) in of(found, "acknowledgements", "acknowledged_at")]
    assert times == [1700000100, 1700000100, 1700000100, 1700000200, 1700000300]


def test_a_device_s_receipt_is_its_owner_s(tmp_path: Path) -> None:
    receipts = """
    INSERT INTO jid VALUES(11,'447700900101','s.whatsapp.net',0,5,0,
     '447700900101.0:5@s.whatsapp.net'),(12,'190000000000003','lid',0,2,0,'190000000000003:2@lid');
    INSERT INTO receipt_device VALUES(1,1,11,1700000100000),(2,1,12,1700000100001),(3,1,99,5),
     (4,8,11,1700000100000);
    """
    found = read(tmp_path, SENT, script(receipts))
    assert of(found, "acknowledgements", "person", "event") == [
        (ANA, "delivered"),
        (BO, "delivered"),
        (None, "delivered"),
    ]
    assert of(found, "traces", "kind", "what") == [
        ("orphan-receipt", "a device's receipt of message 8, which is not there")
    ]


def test_a_receipt_without_its_message_shows_when_it_was(tmp_path: Path) -> None:
    receipts = "INSERT INTO receipt_user VALUES(1,7,1,1700000100000,1700000200000,0)"
    for sent in (SENT, said()):
        found = read(tmp_path, sent, script(receipts))
        assert of(found, "acknowledgements", "person") == []
        assert of(found, "traces", "what")[-1] == (
            (
                "a receipt of message 7, which is not there; receipt 2023-11-14T22:15:00Z; "
                "read 2023-11-14T22:16:40Z"
            ),
        )
