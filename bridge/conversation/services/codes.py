"""The words and the ids behind the codes of an office's Tagor, as far as it tells them."""

from contextlib import suppress

from bridge.conversation.services.action_scope import ActionScope
from bridge.tagor import NotSendable, TagorError


def words_of(scope: ActionScope, table: str, code: str, language: str) -> str:
    """Give the words for a code, "" where there is none or Tagor does not tell any."""
    # Words that are missing, and a code that cannot be asked, cost their own part of the sentence only.
    with suppress(TagorError, NotSendable):
        return scope.tagor.codes.words(table, [code], language, deadline=scope.deadline).get(code, "")
    return ""


def id_of(scope: ActionScope, table: str, code: str) -> str:
    """Give the id behind an office's code, the code itself where the table has no such one.

    Raises:
        TagorError: Tagor does not tell the table in time.
    """
    return scope.tagor.codes.id_of(table, code, deadline=scope.deadline) or code
