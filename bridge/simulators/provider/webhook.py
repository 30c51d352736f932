"""Posts a webhook to the bridge: form, signature, retries, redirects (twilio.com/docs/usage/webhooks)."""

from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass, field, replace
from random import Random
from urllib.parse import urldefrag, urlencode, urljoin, urlsplit, urlunsplit

from bridge.simulators.provider.account import PhoneLine, Profile
from bridge.simulators.provider.errors import DocumentRefused, ProviderError, WebhookFailed
from bridge.simulators.provider.retry_policy import RetryPolicy, apply_overrides
from bridge.simulators.provider.sound import wav_seconds
from bridge.simulators.provider.unannounced import Pairs
from bridge.simulators.provider.wire import NoAnswer, Post, http, new_session

WITHHELD = frozenset({"", "anonymous"})
_COUNTRIES = {"+32": "BE", "+31": "NL", "+33": "FR", "+49": "DE", "+44": "GB", "+352": "LU"}
_OK = range(200, 300)
_MOVED = frozenset({301, 302, 303, 307, 308})
_KEEP_METHOD = frozenset({307, 308})


@dataclass(frozen=True, slots=True)
class WebhookRequest:
    """Names what the call asks next: an absolute URL, and the result of the last verb (`Digits` and others).

    With `apart` the form holds only the ids of the call, as in callbacks about a recording. `rescue` marks
    the request to the fallback URL.
    """

    url: str
    method: str = "POST"
    result: Pairs = ()
    rescue: bool = False
    apart: bool = False


@dataclass(frozen=True, slots=True)
class SentRequest:
    """One request as it went out; sending it again gives the bridge the very same bytes."""

    url: str
    form: Pairs | None = field(repr=False)
    headers: dict[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class WebhookAnswer:
    """Holds what came back; `status` is 0 and `fault` set when nothing did. `seconds` covers all attempts."""

    sent: SentRequest
    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    trouble: str = ""
    fault: ProviderError | None = None
    seconds: float = 0.0
    redirects: int = 0

    def header(self, name: str) -> str:
        """Return the header `name`, whatever its case, or an empty string."""
        return next((value for given, value in self.headers.items() if given.lower() == name.lower()), "")


@dataclass(frozen=True, slots=True)
class CallParties:
    """Names who calls whom; `parent` is the id of the call that rings a colleague."""

    caller: str
    called: str
    direction: str = "inbound"
    parent: str = ""


class Webhook:
    """Asks the bridge on behalf of one call."""

    def __init__(
        self,
        line: PhoneLine,
        profile: Profile,
        caller: str,
        *,
        random: Random,
        post: Post | None,
        clock: Callable[[], float],
    ) -> None:
        """Prepare webhooks of one call; `post` None means real HTTP, `clock` counts seconds."""
        self.call_id = profile.call_id(random)
        self._line, self._profile = line, profile
        shown = profile.withheld if caller.lower() in WITHHELD else caller
        written = profile.addresses
        self.parties = CallParties(written.caller.format(shown), written.called.format(line.number))
        self._random, self._post, self._clock = random, post, clock
        self._session = new_session()

    def ask(self, ask: WebhookRequest, status: str) -> WebhookAnswer:
        """Send `ask` with CallStatus `status`, following redirects without the verb's result, as Twilio does.

        Never raises: what went wrong is the answer's `fault`.
        """
        began = self._clock()
        fields = self._ids() if ask.apart else self.form(status)
        own = tuple(self._profile.parameters(fields, ask.result).items())
        form = (*own, *self._profile.unannounced(self._random))
        result = self._profile.results(ask.result, self._random)
        answer = self._deliver(self._sent(ask.url, ask.method, (*form, *result)), ask.url)
        redirects = 0
        while answer.status in _MOVED and redirects < self._profile.redirects:
            redirects += 1
            url = urljoin(answer.sent.url, answer.header("Location"))
            # Only 307 and 308 keep a POST, as in a browser; the keys are lost in either case.
            method = ask.method if answer.status in _KEEP_METHOD else "GET"
            answer = self._deliver(self._sent(url, method, form), url)
        return replace(answer, fault=_fault(answer), seconds=self._clock() - began, redirects=redirects)

    def again(self, sent: SentRequest) -> bytes:
        """Send the same bytes once more, as a provider's retry does, and return the body; raises NoAnswer."""
        form = None if sent.form is None else list(sent.form)
        return self._poster(self._profile.retry_policy)(sent.url, form, sent.headers)[2]

    def sound_seconds(self, url: str) -> float:
        """Return how long the sound at a URL lasts, which is fetched unless it is still cached.

        Raises WebhookFailed when it cannot be had or is no sound.
        """
        cached = self._line.sounds.get(url)
        if cached is not None:
            return cached
        try:
            status, headers, body = self._poster(self._profile.retry_policy)(url, None, {"Accept": "audio/*"})
            if status not in _OK:
                raise WebhookFailed(11200, f"a sound was answered {status}, 200 is expected")
            seconds = wav_seconds(body)
        except NoAnswer as error:
            raise WebhookFailed(error.code, str(error)) from None
        except ValueError as error:
            raise WebhookFailed(12300, f"a sound cannot be played: {error}") from None
        if "max-age" in WebhookAnswer(SentRequest(url, None, {}), headers=headers).header("Cache-Control"):
            self._line.sounds[url] = seconds
        return seconds

    def leg(self, target: str, shown: str) -> "Webhook":
        """Return the webhooks of the colleague at `target`, who is rung and sees the number `shown`."""
        leg = copy(self)
        leg.call_id = self._profile.call_id(self._random)
        leg.parties = CallParties(shown, target, "outbound-dial", self.call_id)
        return leg

    def close(self) -> None:
        """Close the connections; the next request opens new ones."""
        self._session.close()

    def _sent(self, url: str, method: str, form: Pairs) -> SentRequest:
        bare = urldefrag(url).url
        parts = urlsplit(bare)
        # A provider sends the user part of a URL as a header, never in the request's own address.
        clean = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
        # Drawn once for a request, so that its retries carry the same one.
        token = {"I-Twilio-Idempotency-Token": f"{self._random.getrandbits(128):032x}"}
        if method == "GET":
            clean += ("&" if parts.query else "?") + urlencode(form)
            signed = self._profile.sign(self._line.auth_token, clean, ())
            return SentRequest(clean, None, {**self._profile.headers, **token, **signed})
        signed = self._signed(url, form)
        return SentRequest(clean, form, {**self._profile.headers, **token, **signed})

    def _signed(self, url: str, form: Pairs) -> dict[str, str]:
        """Sign a post: the address and its fields, or the body and the time."""
        token, sign_body = self._line.auth_token, self._profile.sign_body
        if sign_body is None:
            return self._profile.sign(token, url, form)
        return sign_body(token, urlencode(form).encode(), int(self._clock()))

    def form(self, status: str) -> dict[str, str]:
        """Return the parameters of every voice request, in the order they are seen in practice."""
        one, other = self.parties.caller, self.parties.called
        # Caller and Called are the old names of From and To, and still arrive.
        parties = {"Caller": one, "Called": other, "From": one, "To": other}
        # Outside the United States only the country is known.
        places = {f"{who}{what}": "" for who in parties for what in ("City", "State", "Zip")}
        countries = {
            f"{who}Country": next((land for code, land in _COUNTRIES.items() if party.startswith(code)), "")
            for who, party in parties.items()
        }
        call = {
            **self._ids(),
            "ApiVersion": "2010-04-01",
            "CallStatus": status,
            "Direction": self.parties.direction,
            **({"ParentCallSid": self.parties.parent} if self.parties.parent else {}),
        }
        return dict(sorted((call | parties | places | countries).items()))

    def _ids(self) -> dict[str, str]:
        return {"AccountSid": self._line.account_sid, "CallSid": self.call_id}

    def _deliver(self, sent: SentRequest, url: str) -> WebhookAnswer:
        """Send the same bytes until an answer comes, or the retries or the total time are used up."""
        fragment = urldefrag(url).fragment if self._profile.overrides else ""
        try:
            retry_policy = apply_overrides(self._profile.retry_policy, fragment)
        except DocumentRefused as fault:
            return WebhookAnswer(sent, fault=fault)
        began = self._clock()
        answer = WebhookAnswer(sent)
        for _ in range(retry_policy.retries + 1):
            left = retry_policy.total - (self._clock() - began)
            if left <= 0:
                break
            answer = self._once(sent, replace(retry_policy, read=min(retry_policy.read, left)))
            if answer.trouble not in retry_policy.retry_on:
                break
        return answer

    def _once(self, sent: SentRequest, retry_policy: RetryPolicy) -> WebhookAnswer:
        form = None if sent.form is None else list(sent.form)
        began = self._clock()
        try:
            status, headers, body = self._poster(retry_policy)(sent.url, form, sent.headers)
        except NoAnswer as error:
            return WebhookAnswer(sent, trouble=error.trouble, fault=WebhookFailed(error.code, str(error)))
        # Over HTTP the time-out has ended it by now; a post into this process ends only when it is done.
        if (taken := self._clock() - began) > retry_policy.read:
            late = WebhookFailed(11200, f"the answer took {taken:.1f} s, {retry_policy.read:g} s are allowed")
            return WebhookAnswer(sent, trouble="rt", fault=late)
        trouble = "" if status in _OK or status in _MOVED else f"{status // 100}xx"
        return WebhookAnswer(sent, status, headers, body, trouble)

    def _poster(self, retry_policy: RetryPolicy) -> Post:
        # `read` holds what is left of the total time, which connecting must not pass either.
        connect = min(retry_policy.connect, retry_policy.read)
        return self._post or http(self._session, connect, retry_policy.read, self._profile.max_document_bytes)


def _fault(answer: WebhookAnswer) -> ProviderError | None:
    if answer.fault or answer.status in _OK:
        return answer.fault
    if answer.status in _MOVED:
        return WebhookFailed(11215, "the webhook was redirected too often")
    return WebhookFailed(11200, f"the webhook answered {answer.status}, 200 is expected")
