"""The desk that sends texts and mails: the office's own templates, only to what is on the caller's file."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from bridge.conversation.decisions.commands import WriteCommand, WriteResult
from bridge.conversation.phone_numbers import belgian_mobile
from bridge.conversation.services.identification import ActionScope, OfficeServices
from bridge.flow.identity import IdentifiedFile
from bridge.office.services import CallerWish, SendCodes
from bridge.tagor import Generation


@dataclass(frozen=True, slots=True, repr=False)
class Ways:
    """Where something may be sent: a Belgian mobile (E.164) and a mail address, "" where that cannot be."""

    mobile: str = ""
    mail: str = ""


class MessagingService(OfficeServices):
    """An office's desk from which messages go out, each confirmed by the caller and sent once."""

    def __init__(self, seat: ActionScope) -> None:
        super().__init__(seat)
        self._messages = self._office.messages

    def ways_to_send(self, file: IdentifiedFile, thing: CallerWish) -> Ways:
        """How this may reach the defendant: the office has a template, and the file an address for it."""
        codes = self._messages.codes(thing)
        if not file.strong or file.party is None or not self._may_have(file, thing):
            return Ways()
        known = tuple(self._addresses(file))
        mobiles = [mobile for mobile in map(belgian_mobile, known) if mobile]
        mails = [address for address in known if "@" in address]
        return Ways(
            mobile=mobiles[0] if codes.sms and mobiles else "", mail=mails[0] if codes.mail and mails else ""
        )

    def send(self, file: IdentifiedFile, thing: CallerWish, way: Literal["text", "mail"]) -> WriteResult:
        """Send it to what is on file, once: one confirmation is one message.

        Raises:
            StillGoing: it is being sent.
        """
        known = self._known()
        if known is not None:
            return known
        wish = self._wish(file, self._messages.codes(thing), self.ways_to_send(file, thing), way)
        if not wish.address:
            return WriteResult("refused")
        return self._decide(wish)

    def _wish(
        self, file: IdentifiedFile, codes: SendCodes, ways: Ways, way: Literal["text", "mail"]
    ) -> WriteCommand:
        code, address = (codes.sms, ways.mobile) if way == "text" else (codes.mail, ways.mail)
        return WriteCommand(way, file.id, file.party, code=code, address=address, twin=self._by_twin())

    def _by_twin(self) -> bool:
        """Whether this Tagor sends by the older of its two ways."""
        if self._messages.through is not None:
            return self._messages.through == "service"
        return self._tagor.generation(deadline=self._deadline) is Generation.V1_08

    def _may_have(self, file: IdentifiedFile, thing: CallerWish) -> bool:
        config = self._messages.copy_config
        if thing != "copy" or config is None:
            return thing != "copy"
        return self._tagor.self_service_allowed(file.id, config, deadline=self._deadline)

    def _addresses(self, file: IdentifiedFile) -> Iterator[str]:
        """What is on file for this very defendant, the best known first."""
        facts = self.facts(file)
        yield from filter(None, (facts.mobile, facts.mail))
        if file.party is not None and not (facts.mobile and facts.mail):
            contacts = self._tagor.contacts(file.party, deadline=self._deadline)
            yield from (contact.content for contact in contacts if contact.used)
