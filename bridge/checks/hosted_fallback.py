"""Writes the function that the provider hosts for a number's fallback, and the page about it.

The provider asks a number's fallback when it cannot fetch or use a document. The bridge may be away then, or
it may have failed at one turn only. No TwiML document serves both cases: what follows a `Redirect` is never
read, so a caller whom it leads to a bridge that is away hears the provider's own error. A function can look
first.
"""

import json
from xml.sax.saxutils import escape

from bridge.office.model import Office
from bridge.telephony.provider import Provider

LOOK_SECONDS = 3
"""How long the function waits for the bridge; the provider itself waits 15 seconds for the function."""

_FUNCTION = """\
// Asks the bridge whether it can take calls. If so, the caller goes on there; if not, they hear an apology,
// and the switchboard rings.
const BRIDGE = {bridge};
const BACK = {back};
const APOLOGY = {document};

exports.handler = async function (context, event, callback) {{
  const backToCall = `<Response><Redirect method="POST">${{BACK}}</Redirect></Response>`;
  const response = new Twilio.Response();
  response.appendHeader("Content-Type", "text/xml");
  // The bridge's own fallback has just failed: going there again would go round in a circle.
  const tried = String(event.ErrorUrl || "").startsWith(`${{BRIDGE}}/voice/fallback`);
  response.setBody(!tried && (await isReady()) ? backToCall : APOLOGY);
  return callback(null, response);
}};

async function isReady() {{
  try {{
    return (await fetch(`${{BRIDGE}}/readyz`, {{ signal: AbortSignal.timeout({milliseconds}) }})).ok;
  }} catch {{
    return false;
  }}
}}
"""


def function_source(
    public_url: str, document: bytes, fragment: str, *, look_seconds: float = LOOK_SECONDS
) -> str:
    """Write the function (JavaScript, Twilio Functions) with the document that it answers by itself.

    `public_url` is the bridge's address; the bridge gets `look_seconds` to say that it is ready. `fragment`
    holds the provider's short time-outs for the way back into the call: a bridge that fails right after its
    answer would else keep the caller waiting for as long as the provider waits for anybody.
    """
    return _FUNCTION.format(
        bridge=json.dumps(public_url),
        back=json.dumps(escape(f"{public_url}/voice/fallback{fragment}")),
        document=json.dumps(document.decode()),
        milliseconds=round(1000 * look_seconds),
    )


def page(office: Office, document: bytes, public_url: str, provider: Provider) -> str:
    """Write what `bridge doctor --fallback` prints for an office: what to host, and what to do with it."""
    whose = f"{office.key}: {office.name_in(office.default_language)} ({', '.join(office.numbers)})"
    if provider.functions:
        function = function_source(public_url, document, provider.fragment)
        return f"{whose}\n\n{function}\n{_of_function(office, public_url)}"
    if provider.bin:
        return f"{whose}\n\n{document.decode()}\n\n{_of_bin(office, provider)}"
    return f"{whose}\n\n{provider.name} has no fallback: a call whose document it cannot fetch ends."


def _of_function(office: Office, public_url: str) -> str:
    return f"""\
"bridge connect" lets Twilio host this function and gives its address to the numbers; it tells first what it
would change. By hand:

1. In the Twilio console, under Functions and Assets, make a service and in it a function called
   "/fallback-{office.key}". Put the lines above in the place of its own ones, set it to "Protected", and
   deploy all.
2. Open each of the numbers above among the active numbers. Under Voice Configuration, for
   "Primary handler fails", choose Function, this service, and this function. Save.

Then phone the number and stop the bridge in the middle of the call: the apology is heard, and
{office.switchboard} rings. Start the bridge and phone again: the line answers as ever.

While {public_url}/readyz answers within {LOOK_SECONDS} seconds, a caller whose turn failed hears the
last question again; otherwise the apology, in each of the office's languages. A TwiML Bin with a Redirect is
no substitute: what follows a Redirect is never read. Run "bridge connect" again whenever switchboard,
languages or voices of the office change, or BRIDGE_PUBLIC_URL; "bridge doctor" tells when it is due."""


def _of_bin(office: Office, provider: Provider) -> str:
    return f"""\
1. In the console of {provider.name} make a {provider.bin} with the lines above.
2. Give its address as the fallback of each of the numbers above.

Then phone the number and stop the bridge in the middle of the call: the apology is heard, and
{office.switchboard} rings. A {provider.bin} cannot ask whether the bridge is ready, so a caller whose turn
failed reaches the switchboard also while it is. Change it whenever switchboard, languages or voices of the
office change."""
