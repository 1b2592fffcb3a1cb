"""Models put together out of a hardened parser's events."""

from xml.parsers import expat

from witnessbox.intake.hardened_xml import RefusedXmlError, hardened
from witnessbox.intake.limits import Limits
from witnessbox.intake.ufdr.damage import XmlErrors
from witnessbox.intake.ufdr.model import Model

ELEMENT_BYTES = 64  # what an element costs beside its text


class Builder:
    """Puts models together out of the parser's events."""

    def __init__(self, limits: Limits) -> None:
        self.longest_bytes, self.deepest = limits.ufdr_record_bytes, limits.xml_depth
        self.tags: list[str] = []
        self.models: list[Model] = []
        self.holders: list[str] = []
        self.done: Model | None = None
        self.held = 0
        self._field: str | None = None
        self._text: list[str] | None = None

    def listen(self, parser: expat.XMLParserType) -> None:
        """Take the events of a parser from here on."""
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.text

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Take the start of an element.  Raises RefusedXmlError beyond a limit."""
        self.tags.append(tag)
        if len(self.tags) > self.deepest:
            raise RefusedXmlError(f"elements lie more than {self.deepest} deep in one another")
        if tag == "model":
            self.open(Model.of(attributes))
        elif tag in ("field", "multiField"):
            self._field = attributes.get("name", "")
        elif tag in ("modelField", "multiModelField"):
            self.holders.append(attributes.get("name", ""))
        elif tag == "value" and self._field is not None and self.models:
            self._text = []
        self._hold(ELEMENT_BYTES)

    def end(self, tag: str) -> None:
        """Take the end of an element."""
        self.tags.pop()
        if tag == "model" and self.models:
            self.close(self.models.pop())
        elif tag == "value" and self._text is not None and self._field is not None:
            self.models[-1].put(self._field, "".join(self._text))
            self._text = None
        elif tag in ("field", "multiField"):
            self._field = None
        elif tag in ("modelField", "multiModelField"):
            self.holders.pop()

    def text(self, data: str) -> None:
        """Take text; only a field's value is kept."""
        if self._text is not None:
            self._text.append(data)
            self._hold(len(data))

    def open(self, model: Model) -> None:
        """Begin a model under the one that is open."""
        if self.models:
            name = self.holders[-1] if self.holders else ""
            self.models[-1].models.setdefault(name, []).append(model)
        self.models.append(model)

    def close(self, model: Model) -> None:
        """End a model."""
        self.done = model

    @property
    def is_clear(self) -> bool:
        """Say whether no field is open."""
        return self._field is None and self._text is None

    def forget(self) -> None:
        """Drop the field that was open."""
        self._field = self._text = None

    def _hold(self, cost: int) -> None:
        self.held += cost
        if self.models and self.held > self.longest_bytes:
            raise RefusedXmlError(f"a record is longer than {self.longest_bytes:,} bytes")


def fragment(data: bytes, limits: Limits) -> Model | None:
    """Read one message that stands by itself; None where it is not well-formed."""
    builder = Builder(limits)
    parser = hardened()
    builder.listen(parser)
    try:
        parser.Parse(data, True)  # noqa: FBT003 - expat's own
    except XmlErrors:
        return None
    return builder.done
