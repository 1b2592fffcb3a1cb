"""How the invented evidence is made: every setting of the generator, and two named sets of them.

Shares are per mille, so that nothing rounds differently on another machine.
"""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Dials:
    """How many phones and groups, and what goes wrong how often."""

    seed: int = 1
    # Who, and how much is said
    phones: int = 20
    people: int = 60
    groups: int = 50
    twins: int = 3  # groups with another's name and all but one of its members
    directs: int = 12  # conversations of two owners of phones, seen from both ends
    messages: int = 500  # of an ordinary group; sizes spread threefold both ways
    large: tuple[int, ...] = (12_000, 42_000)  # messages of the largest groups
    phones_of_large: int = 3
    phones_a_group: tuple[int, int] = (2, 10)
    repeated: int = 150  # of messages, beyond ordinary short ones: "ok", "😂"
    crossposted: int = 30  # of a group's messages, said again in its twin
    # In which form
    text_only: int = 500  # of phones; the others hand over a database
    twice: int = 200  # of phones that are exported twice, the second time as text
    with_media: int = 300  # of text copies that name their files
    limit: int = 40_000  # messages of a text copy without files
    limit_with_media: int = 10_000
    saved: int = 800  # of the people in a phone's address book
    renamed: int = 600  # of the saved who stand there under another name than their own
    you: int = 200  # of text phones that write "You" for their owner
    # Clocks
    clock_off: int = 400  # of phones, by minutes to days
    drift: int = 250  # of phones
    drift_ppm: int = 40  # at most
    jumps: int = 150  # of phones somebody set the clock of
    abroad: int = 250  # of phones that write another zone's time
    zone_stated: int = 400  # of those
    databases_off: int = 100  # of phones with databases, in the place of ``clock_off``
    # What is missing, and why
    deleted: int = 20  # of messages, on each phone by itself
    bulk: int = 150  # of copies from which a run was deleted
    bulk_run: tuple[int, int] = (20, 120)
    cleared: int = 60  # of copies that were cleared at some time
    early: int = 250  # of deliveries that were exported some weeks before the others
    timers: int = 80  # of groups whose messages disappeared for a while
    late: int = 150  # of members who joined late
    leaving: int = 80  # of members who left for good
    back: int = 80  # of members who were removed and came back
    # What differs
    media: int = 110  # of messages
    captions: int = 200  # of media
    edited: int = 12
    recalled: int = 12
    missed_changes: int = 150  # of edits and deletions for everyone that one copy did not get
    delayed: int = 8  # of messages a phone got after later ones
    forging: int = 150  # of text copies that somebody added lines to
    forged_lines: tuple[int, int] = (2, 8)
    altering: int = 100  # of text copies in which somebody changed times
    altered_lines: tuple[int, int] = (2, 6)


DEFAULT = Dials()

HARD = replace(
    DEFAULT,
    phones=3,
    people=14,
    groups=16,
    twins=1,
    directs=3,
    messages=800,
    large=(6_000,),
    phones_a_group=(3, 3),
    repeated=500,
    text_only=1000,
    twice=0,
    drift=1000,
    drift_ppm=100,
    jumps=500,
    deleted=200,
)
"""Three phones, text only, drifting clocks, much said over and over, a fifth missing."""
