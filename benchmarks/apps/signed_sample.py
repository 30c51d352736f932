"""The signed sample: what a careful app without any state does, as the provider's own pages show it."""

import os

from flask import Flask, Response, abort, request
from twilio.request_validator import RequestValidator
from twilio.twiml.voice_response import Gather, VoiceResponse

app = Flask(__name__, static_folder=None)
validator = RequestValidator(os.environ["BENCH_TOKEN"])


@app.post("/voice")
def voice() -> Response:
    """Check the signature and ask for a key."""
    if not validator.validate(request.url, request.form, request.headers.get("X-Twilio-Signature", "")):
        abort(403)
    answer = VoiceResponse()
    gather = Gather(num_digits=1, action="/voice", method="POST")
    gather.say("Goedendag, u spreekt met de telefoonlijn.", language="nl-BE", voice="Polly.Lisa-Neural")
    gather.say("Voor het saldo van uw dossier, druk op 1.", language="nl-BE", voice="Polly.Lisa-Neural")
    gather.say("Voor een medewerker, druk op 0.", language="nl-BE", voice="Polly.Lisa-Neural")
    answer.append(gather)
    return Response(str(answer), mimetype="text/xml")
