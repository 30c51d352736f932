"""The documents that are spoken when a reply could not be made: an apology, then the office's switchboard."""

from collections.abc import Mapping

from bridge.telephony.address import PublicUrl
from bridge.telephony.call_handler import ProviderAccount
from bridge.telephony.phone_numbers import match_number
from bridge.telephony.reply_check import ReplyCheck


class FallbackDocuments:
    """Holds a fallback document for every dialled number, rendered at start, so that none can fail later.

    `by_number` maps an office's E.164 number to its document; `otherwise` is for all other numbers.

    Raises:
        UnfitReplyError: a document that the account's provider cannot run.
    """

    def __init__(self, account: ProviderAccount, by_number: Mapping[str, bytes], otherwise: bytes) -> None:
        check = ReplyCheck(PublicUrl.parse(account.public_url), account.provider)
        for document in (*by_number.values(), otherwise):
            check.check(document)
        self._by_number, self._otherwise = dict(by_number), otherwise

    def for_number(self, dialled: str) -> bytes:
        """Give the document of the office whose number `dialled` is, or the one for all other numbers."""
        number = match_number(dialled, self._by_number)
        return self._otherwise if number is None else self._by_number[number]
