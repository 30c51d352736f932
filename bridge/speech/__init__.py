"""What the line says: prompts in nl, fr, de and en, and values spelled so that any voice says them right.

Other rooms import from here; the modules behind it are this room's own.
"""

from bridge.speech.catalogue import Catalogue
from bridge.speech.hours import say_hours
from bridge.speech.kinds import LONGEST, SAYERS, Sayer, Unspeakable
from bridge.speech.languages import LANGUAGES
from bridge.speech.notes import NoteBook
from bridge.speech.pace import seconds
from bridge.speech.problems import CatalogueError
from bridge.speech.prompts import Prompt
from bridge.speech.wording import Sentence, SpokenText

__all__ = [
    "LANGUAGES",
    "LONGEST",
    "SAYERS",
    "Catalogue",
    "CatalogueError",
    "NoteBook",
    "Prompt",
    "Sayer",
    "Sentence",
    "SpokenText",
    "Unspeakable",
    "say_hours",
    "seconds",
]
