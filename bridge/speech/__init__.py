"""Makes the words of the line: prompts in nl, fr, de and en, and values as any voice reads them right.

Other rooms import from this module only.
"""

from bridge.speech.catalogue import Catalogue
from bridge.speech.french_figures import in_belgian_words
from bridge.speech.hours import say_hours
from bridge.speech.languages import LANGUAGES
from bridge.speech.notes import NoteBook
from bridge.speech.problems import CatalogueError
from bridge.speech.prompts import Prompt
from bridge.speech.speaking_time import speaking_seconds
from bridge.speech.wording import LONGEST, SAYERS, RecordedWords, Sayer, Sentence, SpokenText, Unspeakable

__all__ = [
    "LANGUAGES",
    "LONGEST",
    "SAYERS",
    "Catalogue",
    "CatalogueError",
    "NoteBook",
    "Prompt",
    "RecordedWords",
    "Sayer",
    "Sentence",
    "SpokenText",
    "Unspeakable",
    "in_belgian_words",
    "say_hours",
    "speaking_seconds",
]
