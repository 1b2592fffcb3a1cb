"""An operation of three chats that share a picture, with a written one and a voice note."""

import shutil
from pathlib import Path

from tests.intake.pictures.made import dated, encoded, pattern, written
from tests.people import ANA, NOON
from witnessbox.intake.receive import Terms, receive
from witnessbox.operation import steps
from witnessbox.operation.model import Operation, new

WORDS = "the kettle is broken"
VOICE = b"OggS\0\2 a voice note that nobody can play"
VIDEO = b"\0\0\0\x20ftypisom a film that nobody can watch"
HEIC = Path(__file__).parents[1] / "samples" / "pictures" / "plain.heic"
MEME = pattern(11)
FORMS = {
    "nights": encoded(MEME, exif=dated("2012:01:01 10:00:00")),
    "days": encoded(MEME.resize((200, 150)), quality=30),
}


def operation(root: Path) -> Operation:
    """Receive two phones' folders and run every step."""
    made = new(
        root / "operation",
        name="Operation Lantern",
        zone="Europe/London",
        profile="ew-police",
        actor=ANA,
        at=NOON,
    )
    for number, (name, meme) in enumerate(FORMS.items(), 1):
        phone = root / name
        phone.mkdir(parents=True)
        others = f"{name} one\n", f"{name} two\n"
        said = [
            f"01/05/2017, 10:0{number} - Sam: {others[0]}",
            f"01/05/2017, 10:1{number} - Kit: IMG-20170501-WA000{number}.jpg (file attached)\n",
            f"01/05/2017, 10:2{number} - Sam: {others[1]}",
        ]
        (phone / f"IMG-20170501-WA000{number}.jpg").write_bytes(meme)
        if name == "nights":
            said += [
                "01/05/2017, 11:00 - Sam: IMG-20170501-WA0009.png (file attached)\n",
                "01/05/2017, 11:05 - Kit: PTT-20170501-WA0010.opus (file attached)\n",
                "01/05/2017, 11:06 - Kit: IMG-20170501-WA0011.jpg (file attached)\n",
                "01/05/2017, 11:07 - Kit: IMG-20170501-WA0012.jpg (file attached)\n",
                "01/05/2017, 11:08 - Kit: IMG-20170501-WA0013.heic (file attached)\n",
                "01/05/2017, 11:09 - Kit: VID-20170501-WA0014.mp4 (file attached)\n",
            ]
            (phone / "IMG-20170501-WA0009.png").write_bytes(encoded(written(WORDS), "PNG"))
            (phone / "PTT-20170501-WA0010.opus").write_bytes(VOICE)
            (phone / "IMG-20170501-WA0011.jpg").write_bytes(meme[:2000])
            shutil.copy(HEIC, phone / "IMG-20170501-WA0013.heic")
            (phone / "VID-20170501-WA0014.mp4").write_bytes(VIDEO)
        (phone / f"WhatsApp Chat with {name.title()}.txt").write_text("".join(said))
        terms = Terms("Bo Lindqvist", f"WB/{number}", "consent")
        receive(made.folder, made.ledger, [phone], terms, ANA, NOON)
    list(steps.run(made))
    return made
