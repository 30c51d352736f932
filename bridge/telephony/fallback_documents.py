"""The documents that are spoken when a reply could not be made: an apology, then the office's switchboard."""

from collections.abc import Mapping
from dataclasses import dataclass

from bridge.flow.inbound import Dialled
from bridge.telephony.address import PublicUrl
from bridge.telephony.call_handler import ProviderAccount
from bridge.telephony.phone_numbers import match_number
from bridge.telephony.reply_check import ReplyCheck


@dataclass(frozen=True, slots=True)
class FallbackSet:
    """The fallback documents of one number, as the provider's bytes.

    `apology` is spoken first, and may ring the switchboard. A caller who comes back from a colleague hears
    `answered` or `unanswered`: nobody is rung a second time.
    """

    apology: bytes
    answered: bytes
    unanswered: bytes

    def after(self, dial: Dialled | None) -> bytes:
        """Give the document for a caller who comes back from this transfer, if from any."""
        if dial is None:
            return self.apology
        return self.answered if dial.outcome == "answered" else self.unanswered


class FallbackDocuments:
    """Holds the fallback documents of every dialled number, rendered at start, so that none can fail later.

    `by_number` maps an office's E.164 number to its documents; `otherwise` is for all other numbers.

    Raises:
        UnfitReplyError: a document that the account's provider cannot run.
    """

    def __init__(
        self, account: ProviderAccount, by_number: Mapping[str, FallbackSet], otherwise: FallbackSet
    ) -> None:
        # Checked here, for nobody would check or replace it at the moment at which it is needed.
        check = ReplyCheck(PublicUrl.parse(account.public_url), account.provider)
        for documents in (*by_number.values(), otherwise):
            for document in (documents.apology, documents.answered, documents.unanswered):
                check.check(document)
        self._by_number, self._otherwise = dict(by_number), otherwise

    def for_number(self, dialled: str, dial: Dialled | None = None) -> bytes:
        """Give the document of the office whose number `dialled` is, or the one for all other numbers.

        `dial` is how the transfer ended that the caller comes back from, if from any.
        """
        number = match_number(dialled, self._by_number)
        return (self._otherwise if number is None else self._by_number[number]).after(dial)
