"""Answers, reactions, votes, receipts and earlier texts on the pages of a conversation."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pytest

from tests.web import built
from tests.web.conftest import Browser
from witnessbox.evidence import schema
from witnessbox.operation.model import Operation

READER = f"/conversations/{built.CONVERSATION}"
AT = datetime(2017, 3, 26, 4, 0, 5, tzinfo=UTC)
KETTLE = 6


@pytest.fixture
def told(operation: Operation) -> Operation:
    """Let the message about the kettle answer another one, and have all that can stand by it."""
    tables, copies = operation.tables, operation.tables.read(schema.COPIES)["copy"].to_pylist()

    def write(table: schema.Table, *rows: Mapping[str, Any]) -> None:
        same = {"message": built.message_id(KETTLE), "conversation": built.CONVERSATION}
        shown = {"position": KETTLE, "copies": copies, "exhibit": "e", "start": 0, "end": 1}
        batch = pa.RecordBatch.from_pylist([{**same, **shown, **row} for row in rows], table.schema)
        tables.write(table, built.CONVERSATION, [batch])

    messages = tables.read(schema.CANONICAL_MESSAGES, [built.CONVERSATION]).to_pylist()
    messages[KETTLE]["reply_to"] = built.message_id(5)
    write(schema.CANONICAL_MESSAGES, *messages)
    write(
        schema.CANONICAL_REACTIONS,
        {"name": "Kit", "reaction": "☕", "reacted_at": AT},
        {"name": None, "reaction": "☕", "copies": copies[:1]},
        {"name": "Lee", "reaction": ""},
    )
    write(
        schema.CANONICAL_VOTES,
        {"name": "Lee", "choice": "Tea & milk"},
        {"name": "Kit", "choice": None},
    )
    write(schema.CANONICAL_ACKNOWLEDGEMENTS, {"name": "Kit", "event": "read"})
    write(
        schema.VARIANTS,
        {"text": "Kettle is off", "earlier": True, "replaced_at": AT, "quoted": False},
        {"text": "Kettle is on", "earlier": False, "edited": True, "quoted": True},
    )
    return operation


def text_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", "", page).split())


@pytest.mark.usefixtures("told")
def test_the_reader_shows_whom_a_message_answers_and_who_reacted(owner: Browser) -> None:
    page = owner.get(READER).text
    assert f'href="{READER}/messages/{built.message_id(5)}/context"' in page
    assert "answers Lee only banter" in text_of(page)
    assert "☕ 2 by Kit, somebody not named" in text_of(page)
    assert "taken back by Lee" in text_of(page)


@pytest.mark.usefixtures("told")
def test_a_message_lists_its_texts_reactions_votes_and_whom_it_reached(owner: Browser) -> None:
    page = owner.get(f"{READER}/messages/{built.message_id(KETTLE)}").text
    assert "Tea &amp; milk" in page
    shown = text_of(page)
    assert "The texts it has had: 2" in shown
    assert "Kettle is off earlier, until 26 Mar 2017, 05:00:05 copies 1, 2" in shown
    assert "Kettle is on quoted edited copies 1, 2" in shown
    assert "somebody not named: ☕ copy 1" in shown
    assert "Lee: taken back copies 1, 2" in shown
    assert "Kit: not said what" in shown
    assert "Whom it reached: 1" in shown


def test_a_message_nothing_is_told_of_shows_no_empty_lists(owner: Browser) -> None:
    page = owner.get(f"{READER}/messages/{built.message_id(KETTLE)}").text
    assert "The texts it has had" not in page
    assert "Reactions:" not in page
