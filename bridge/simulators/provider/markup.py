"""Parses a document into a tree of verbs: well-formed XML without document types and instructions."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from bridge.simulators.provider.errors import DocumentRefused

UNPARSABLE = 12100


@dataclass(slots=True)
class Verb:
    """One element of a document: its name, its attributes, text and elements in order, its line."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    content: list["str | Verb"] = field(default_factory=list)
    line: int = 1

    @property
    def children(self) -> list["Verb"]:
        """Return the elements directly inside."""
        return [part for part in self.content if isinstance(part, Verb)]

    @property
    def own_text(self) -> str:
        """Return the text directly inside, without surrounding blanks."""
        return "".join(part for part in self.content if isinstance(part, str)).strip()

    @property
    def words(self) -> str:
        """Return all text inside, also that of nested tags, with single blanks."""
        return " ".join("".join(self._strings()).split())

    def _strings(self) -> Iterator[str]:
        for part in self.content:
            if isinstance(part, str):
                yield part
            else:
                yield from part._strings()  # noqa: SLF001 - its own kind

    def get(self, name: str, default: str = "") -> str:
        """Return the value of attribute `name`, or `default`."""
        return self.attributes.get(name, default)


def parse(body: bytes) -> Verb:
    """Return the root element of `body`.

    Raises DocumentRefused (12100) for anything but well-formed UTF-8 without a document type (so without
    entities of its own) and without processing instructions.
    """
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise DocumentRefused(UNPARSABLE, "the document is not UTF-8") from None
    if not text.startswith("<"):
        raise DocumentRefused(UNPARSABLE, "the document is empty or something stands before its first tag")
    return _Builder().build(text)


class _Builder:
    """Builds the tree while the parser reads."""

    def __init__(self) -> None:
        self._open = [Verb("")]
        self._parser = expat.ParserCreate(encoding="UTF-8")
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        # A document type may define entities that grow without end, and no document of ours has one.
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.ProcessingInstructionHandler = self._instruction

    def build(self, text: str) -> Verb:
        try:
            self._parser.Parse(text, True)  # noqa: FBT003 - expat takes it by position: this was all
        except expat.ExpatError as error:
            reason = expat.ErrorString(error.code)
            raise DocumentRefused(UNPARSABLE, f"line {error.lineno}: not well-formed XML: {reason}") from None
        return self._open[0].children[0]

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        verb = Verb(name, attributes, line=self._parser.CurrentLineNumber)
        self._open[-1].content.append(verb)
        self._open.append(verb)

    def _end(self, _name: str) -> None:
        self._open.pop()

    def _text(self, text: str) -> None:
        self._open[-1].content.append(text)

    def _doctype(self, *_details: object) -> None:
        raise DocumentRefused(UNPARSABLE, "a document type declaration has no place in a document")

    def _instruction(self, *_details: object) -> None:
        raise DocumentRefused(UNPARSABLE, "a processing instruction has no place in a document")
