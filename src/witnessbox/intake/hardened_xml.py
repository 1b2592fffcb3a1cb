"""XML from strangers: no document type, no entities, nothing fetched, whatever a file asks for.

A document type is where entities that grow without bound and references to other files are
declared.  No chat export needs one, so a file that has one is not read beyond it.
"""

from typing import NoReturn
from xml.parsers import expat

from witnessbox.errors import WitnessboxError


class RefusedXmlError(WitnessboxError):
    """The XML asks for something no export needs, or goes beyond a limit."""


def hardened() -> expat.XMLParserType:
    """Make a parser that refuses document types and reads UTF-8 whatever the file declares.

    Its handlers see an element's first byte in ``CurrentByteIndex``.  Text comes in pieces.
    """
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    parser.ExternalEntityRefHandler = _refuse
    return parser


def _refuse(*_: object) -> NoReturn:
    raise RefusedXmlError("a document type, which no export needs")
