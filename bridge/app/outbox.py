"""Puts together what happens after a call: the courier, and how each kind of job is delivered."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from bridge.after_call.call_back import CallBackDelivery, CheckDelivery
from bridge.after_call.job_context import Counter
from bridge.after_call.note import NoteDelivery
from bridge.after_call.outbox_worker import Courier, Delivery
from bridge.after_call.voicemail import DeleteDelivery, Tapes, VoicemailDelivery
from bridge.clock import Clocks
from bridge.conversation.office_context import Branch
from bridge.settings import Settings
from bridge.speech import NoteBook
from bridge.store.repositories import Books
from bridge.telephony.provider import Provider
from bridge.telephony.recordings import Gone, Recordings, TooLarge

if TYPE_CHECKING:
    from bridge.store.job import Kind


def courier_of(
    settings: Settings,
    provider: Provider,
    clocks: Clocks,
    books: Books,
    *,
    branches: Mapping[str, Branch],
    notes: NoteBook,
    tapes: Tapes | None = None,
) -> Courier:
    """The courier of this bridge, for the offices it answers for (by key).

    `tapes` are where recordings lie, if not at the provider.
    """
    counter = Counter(branches, clocks.ticks)
    tapes = tapes or Recordings(
        settings.provider_api or provider.api,
        settings.account,
        settings.tokens[0].get_secret_value(),
        provider=provider,
    )
    deliveries: dict[Kind, Delivery] = {
        "note": NoteDelivery(counter, notes),
        "voicemail": VoicemailDelivery(counter, notes, tapes, (Gone, TooLarge)),
        "delete_recording": DeleteDelivery(tapes),
        "callback": CallBackDelivery(counter, notes, books.promises),
        "check_callback": CheckDelivery(counter, books.promises),
    }
    return Courier(books.outbox, deliveries, now=clocks.now, ticks=clocks.ticks)
