"""Posts a webhook to the bridge: signed form, headers, retries, redirects (telephony.md §1 to §4)."""

from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass, field, replace
from random import Random
from urllib.parse import urldefrag, urlencode, urljoin, urlsplit, urlunsplit

from bridge.simulators.provider.account import PhoneLine, Profile
from bridge.simulators.provider.errors import DocumentRefused, ProviderError, WebhookFailed
from bridge.simulators.provider.retry_policy import RetryPolicy, apply_overrides
from bridge.simulators.provider.unannounced import Pairs, with_odd_values, with_sip_results
from bridge.simulators.provider.wire import NoAnswer, Post, http, new_session

WITHHELD = frozenset({"", "anonymous"})
_COUNTRIES = {"+32": "BE", "+31": "NL", "+33": "FR", "+49": "DE", "+44": "GB", "+352": "LU"}
_OK = range(200, 300)
_MOVED = frozenset({301, 302, 303, 307, 308})
_KEEP_METHOD = frozenset({307, 308})


@dataclass(frozen=True, slots=True)
class WebhookRequest:
    """Names what the call asks next: an absolute URL, and the result of the last verb (`Digits` and others).

    `apart` from the call's course only its ids are told along: so do callbacks about a recording.
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
        self.parties = CallParties(shown, line.number)
        self._random, self._post, self._clock = random, post, clock
        self._session = new_session()

    def ask(self, ask: WebhookRequest, status: str) -> WebhookAnswer:
        """Send `ask` with CallStatus `status`, following redirects without the verb's result, as Twilio does.

        Never raises: what went wrong is the answer's `fault`.
        """
        began = self._clock()
        own = tuple((self._ids() if ask.apart else self.form(status)).items())
        form = (*own, *self._profile.unannounced(self._random))
        answer = self._deliver(self._sent(ask.url, ask.method, (*form, *self._result(ask.result))), ask.url)
        redirects = 0
        while answer.status in _MOVED and redirects < self._profile.redirects:
            redirects += 1
            url = urljoin(answer.sent.url, answer.header("Location"))
            method = ask.method if answer.status in _KEEP_METHOD else "GET"
            answer = self._deliver(self._sent(url, method, form), url)
        return replace(answer, fault=_fault(answer), seconds=self._clock() - began, redirects=redirects)

    def again(self, sent: SentRequest) -> bytes:
        """Send the same bytes once more, as a provider's retry does, and return the body; raises NoAnswer."""
        form = None if sent.form is None else list(sent.form)
        return self._poster(self._profile.retry_policy)(sent.url, form, sent.headers)[2]

    def leg(self, target: str, shown: str) -> "Webhook":
        """Return the webhooks of the colleague at `target`, who is rung and sees the number `shown`."""
        leg = copy(self)
        leg.call_id = self._profile.call_id(self._random)
        leg.parties = CallParties(shown, target, "outbound-dial", self.call_id)
        return leg

    def close(self) -> None:
        """Close the connections; the next request opens new ones."""
        self._session.close()

    def _result(self, result: Pairs) -> Pairs:
        """Return what the verb brought, as odd as this provider sends it."""
        return with_sip_results(with_odd_values(result), self._random) if self._profile.odd else result

    def _sent(self, url: str, method: str, form: Pairs) -> SentRequest:
        bare = urldefrag(url).url
        parts = urlsplit(bare)
        clean = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
        token = {"I-Twilio-Idempotency-Token": f"{self._random.getrandbits(128):032x}"}
        if method == "GET":
            clean += ("&" if parts.query else "?") + urlencode(form)
            signed = self._profile.sign(self._line.auth_token, clean, ())
            return SentRequest(clean, None, {**self._profile.headers, **token, **signed})
        signed = self._profile.sign(self._line.auth_token, url, form)
        return SentRequest(clean, form, {**self._profile.headers, **token, **signed})

    def form(self, status: str) -> dict[str, str]:
        """Return the parameters of every voice request, in the order they are seen in practice."""
        one, other = self.parties.caller, self.parties.called
        parties = {"Caller": one, "Called": other, "From": one, "To": other}
        places = {f"{who}{what}": "" for who in parties for what in ("City", "State", "Zip")}
        countries = {f"{who}Country": _country(party) for who, party in parties.items()}
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
        if (taken := self._clock() - began) > retry_policy.read:
            late = WebhookFailed(11200, f"the answer took {taken:.1f} s, {retry_policy.read:g} s are allowed")
            return WebhookAnswer(sent, trouble="rt", fault=late)
        trouble = "" if status in _OK or status in _MOVED else f"{status // 100}xx"
        return WebhookAnswer(sent, status, headers, body, trouble)

    def _poster(self, retry_policy: RetryPolicy) -> Post:
        connect = min(retry_policy.connect, retry_policy.read)
        return self._post or http(self._session, connect, retry_policy.read, self._profile.max_document_bytes)


def _fault(answer: WebhookAnswer) -> ProviderError | None:
    if answer.fault or answer.status in _OK:
        return answer.fault
    if answer.status in _MOVED:
        return WebhookFailed(11215, "the webhook was redirected too often")
    return WebhookFailed(11200, f"the webhook answered {answer.status}, 200 is expected")


def _country(number: str) -> str:
    return next((country for prefix, country in _COUNTRIES.items() if number.startswith(prefix)), "")
