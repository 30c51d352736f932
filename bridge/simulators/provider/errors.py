"""Defines the errors: what a provider holds against the bridge, and what a handset cannot do.

Exception
├── ProviderError             the bridge broke a rule: a provider's code (0 = a rule of the house), a sentence
│   ├── WebhookFailed         no usable answer came: refused, late, not 2xx, redirected too often
│   └── DocumentRefused       an answer came, but it cannot be played
│       └── RedirectLoop      the call asked for too many documents
└── HandsetError              the caller tried what the call does not wait for (a mistake in a test or script)
"""

HOUSE_RULE = 0


class ProviderError(Exception):
    """The bridge broke a provider's rule; `code` is the provider's number, 0 for a rule of the house."""

    def __init__(self, code: int, sentence: str) -> None:
        """Keep `code` and `sentence`; neither may hold what the caller typed or said."""
        super().__init__(f"{code or 'house rule'}: {sentence}")
        self.code = code
        self.sentence = sentence


class WebhookFailed(ProviderError):
    """The webhook brought no usable answer, so the provider turns to the fallback URL."""


class DocumentRefused(ProviderError):
    """The answer came, but the provider cannot play it."""


class RedirectLoop(DocumentRefused):
    """The call asked for more documents than any conversation needs."""


class HandsetError(Exception):
    """The caller did something the call is not waiting for, or after it was over."""
