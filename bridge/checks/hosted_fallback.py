"""Writes the function that the provider hosts for a number's fallback, and the page about it.

The provider asks a number's fallback when it cannot fetch or use a document. The bridge may be away then, or
it may have failed at one turn only. No TwiML document serves both cases: what follows a `Redirect` is never
read, so a caller whom it leads to a bridge that is away hears the provider's own error. A function can look
first.
"""

import json

from bridge.office.model import Office

LOOK_SECONDS = 3
"""How long the function waits for the bridge; the provider itself waits 15 seconds for the function."""

_FUNCTION = """\
// Asks the bridge whether it can take calls. If so, the caller goes on there; if not, they hear an apology,
// and the switchboard rings.
const BRIDGE = {bridge};
const APOLOGY = {document};

exports.handler = async function (context, event, callback) {{
  const backToCall = `<Response><Redirect method="POST">${{BRIDGE}}/voice/fallback</Redirect></Response>`;
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


def function_source(public_url: str, document: bytes, *, look_seconds: float = LOOK_SECONDS) -> str:
    """Write the function (JavaScript, Twilio Functions) with the document that it answers by itself.

    `public_url` is the bridge's address; the bridge gets `look_seconds` to say that it is ready.
    """
    return _FUNCTION.format(
        bridge=json.dumps(public_url),
        document=json.dumps(document.decode()),
        milliseconds=round(1000 * look_seconds),
    )


def page(office: Office, document: bytes, public_url: str) -> str:
    """Write what `bridge doctor --fallback` prints for an office: the function, and what to do with it."""
    name = f"fallback-{office.key}"
    return f"""\
{office.key}: {office.name_in(office.default_language)} ({", ".join(office.numbers)})

{function_source(public_url, document)}
1. In the Twilio console, under Functions and Assets, make a service and in it a function called "/{name}".
   Put the lines above in the place of its own ones, set it to "Protected", and deploy all.
2. Open each of the numbers above among the active numbers. Under Voice Configuration, for
   "Primary handler fails", choose Function, this service, and "/{name}". Save.
3. Phone the number and stop the bridge in the middle of the call: the apology is heard, then
   {office.switchboard} rings. Start the bridge and phone again: the line answers as ever.

While {public_url}/readyz answers within {LOOK_SECONDS} seconds, a caller whose turn failed hears the
last question again; otherwise the apology, in each of the office's languages. A TwiML Bin with a Redirect is
no substitute: what follows a Redirect is never read. Deploy the function anew whenever switchboard, languages
or voices of the office change, or BRIDGE_PUBLIC_URL."""
