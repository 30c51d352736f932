"""What the webhooks of the provider need of the rest of the bridge: a handler of calls, and an account."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from bridge.conversation.reply import Whisper
from bridge.flow.inbound import CallEvent, FallbackRequest
from bridge.telephony.provider import Provider


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderAccount:
    """The one account of one provider whose webhooks the bridge answers.

    Attributes:
        public_url: the bridge's own address, as the provider calls and signs it.
        provider: what this provider can do and how it signs.
        account: the account's id at the provider; webhooks of another account are refused.
        secrets: the auth tokens that may have signed a webhook, with HMAC-SHA1; several are valid while they
            are rotated.
        signing_keys: the shared keys that may have signed a webhook, with HMAC-SHA256.
    """

    public_url: str
    provider: Provider
    account: str
    secrets: Sequence[str] = field(repr=False)
    signing_keys: Sequence[str] = field(default=(), repr=False)


class CallHandler(Protocol):
    """Answers the webhooks of calls; the composition root gives the only implementation.

    Every method may raise: the views then answer with a fallback document and log where it failed.
    """

    def admit(self, ring: CallEvent) -> bool:
        """Tell whether a new call may begin; the provider may ask about the same call more than once."""
        ...

    def take(self, event: CallEvent) -> bytes:
        """Answer one event of a call with a rendered document; the same event gets the same bytes."""
        ...

    def fallback(self, request: FallbackRequest) -> bytes:
        """Bring a caller back after the provider could not use a reply.

        The caller comes back to the last question, or to the beginning when the call is unknown. A transfer
        that may have rung is never begun again.
        """
        ...

    def ended(self, call_id: str) -> None:
        """Clean up after a call that is over; the provider may report the same end more than once."""
        ...

    def recorded(self, call_id: str, status: str) -> None:
        """Learn what became of a recording of the call; a report may come more than once, or never.

        `status` is the provider's word: `completed` can be fetched, `absent` and `failed` never will be.
        """
        ...

    def whisper(self, whisper: Whisper) -> bytes:
        """Render what a colleague hears before the caller is connected, without database and Tagor."""
        ...
