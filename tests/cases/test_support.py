"""What allegations rest on."""

from dataclasses import replace

from tests.cases.builders import ALLEGED, SPAN, case_file
from witnessbox.cases.support import Support, support, unsupported
from witnessbox.evidence.model import Span
from witnessbox.review.coding import Coding, standing

OTHER = Span("a" * 64, 10, 20)
PLACES = {("a" * 64, 0): "m1"}
SAID = Coding("", SPAN, "ana", ("bullying-threat",), 2)


def test_an_allegation_rests_on_messages_with_what_reviewers_said_of_them() -> None:
    words = standing([SAID], PLACES)
    held = case_file(replace(ALLEGED, messages=(SPAN, OTHER)))
    assert support(held, PLACES, words) == (
        Support("a1", SPAN, "m1", (replace(SAID, message="m1"),)),
        Support("a1", OTHER, None, ()),
    )


def test_what_nobody_found_relevant_supports_nothing_yet() -> None:
    read = replace(SAID, reviewer="bo", categories=(), severity=0)
    found = support(case_file(), PLACES, standing([read], PLACES))
    assert unsupported(found) == found
    assert unsupported(support(case_file(), PLACES, standing([read, SAID], PLACES))) == ()
