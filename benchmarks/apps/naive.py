"""The naive app: it asks Tagor inside each webhook, one question a webhook, while the caller hears nothing.

It asks the same questions as the bridge in a call about the balance, and says about the same words.
"""

import json
import os
from typing import Any

import requests
from flask import Flask, Response, abort, request
from twilio.request_validator import RequestValidator
from twilio.twiml.voice_response import Gather, VoiceResponse

TAGORS: dict[str, list[str]] = json.loads(os.environ["BENCH_TAGORS"])
"""The address and the key of the Tagor behind each number of the line."""
VOICE = {"language": "nl-BE", "voice": "Polly.Lisa-Neural"}
PATIENCE = 14.0
"""Seconds for a question: the provider gives up after fifteen."""

app = Flask(__name__, static_folder=None)
validator = RequestValidator(os.environ["BENCH_TOKEN"])
tagor = requests.Session()
tagor.trust_env = False
files: dict[str, dict[str, str]] = {}
"""What is known of each call's file, by CallSid; one process is enough here."""


def ask(operation: str, **fields: str) -> dict[str, Any]:
    """Ask the Tagor of the number that was called, and wait for as long as it takes."""
    url, key = TAGORS[request.form["To"]]
    answer = tagor.post(
        f"{url}/TagorService/{operation}",
        json={"request": fields},
        headers={"Authorization": f"Tgr {key}"},
        timeout=PATIENCE,
    )
    response: dict[str, Any] = answer.json()["response"]
    return response


def said(*sentences: str, then: str) -> Response:
    """Say sentences and go on to the next webhook."""
    answer = VoiceResponse()
    for sentence in sentences:
        answer.say(sentence, **VOICE)
    answer.redirect(then, method="POST")
    return Response(str(answer), mimetype="text/xml")


def asked(*sentences: str, digits: int, then: str) -> Response:
    """Say sentences and wait for keys."""
    answer = VoiceResponse()
    gather = Gather(num_digits=digits, action=then, method="POST", action_on_empty_result=True)
    for sentence in sentences:
        gather.say(sentence, **VOICE)
    answer.append(gather)
    return Response(str(answer), mimetype="text/xml")


@app.before_request
def check() -> None:
    """Refuse what the provider did not sign."""
    if not validator.validate(request.url, request.form, request.headers.get("X-Twilio-Signature", "")):
        abort(403)


@app.post("/voice")
def ring() -> Response:
    """Ask who calls, and greet."""
    first = ask("ClipToFile", Telnr=request.form["From"])["dsClipToFileDossiers"]
    row = first["dsClipToFileDossiers"]["ttClipToFileDossiers"][0]
    files[request.form["CallSid"]] = {"id": row["TDOS_id"], "name": row["Dossiernaam"]}
    return asked(
        "Goedendag, u spreekt met de telefoonlijn van het kantoor.",
        "Voor het saldo van uw dossier, druk op 1.",
        digits=1,
        then="/menu",
    )


@app.post("/menu")
def menu() -> Response:
    """Ask for the PIN."""
    return asked("Toets nu de pincode in die op onze brief staat.", digits=6, then="/pin")


@app.post("/pin")
def pin() -> Response:
    """Ask whether the PIN is right."""
    name = files[request.form["CallSid"]]["name"]
    found = ask("PinToFile", Dossier=name, Pin=request.form.get("Digits", ""))
    return said(then="/file") if found["Success"] else said("Dat is niet juist.", then="/menu")


@app.post("/file")
def file() -> Response:
    """Ask about the file, and say which it is."""
    known = files[request.form["CallSid"]]
    known["creditor"] = ask("GetDosInfo", TDOS_Id=known["id"])["Aanlegger"]
    return said(f"Het gaat over dossier {known['name']}, voor {known['creditor']}.", then="/balance")


@app.post("/balance")
def balance() -> Response:
    """Ask for the balance, and say it."""
    euro = ask("GetSaldo", TDOS_Id=files[request.form["CallSid"]]["id"])["Saldo"]
    return said(f"Er staat nog {euro} euro open.", then="/plan")


@app.post("/plan")
def plan() -> Response:
    """Ask for the payment plan, and what else the caller wants."""
    runs = ask("PaymentInfo", TDOS_Id=files[request.form["CallSid"]]["id"])["Betaalplan"]
    words = "Er loopt een afbetalingsplan." if runs else "Er loopt geen afbetalingsplan."
    return asked(words, "Om te eindigen, druk op 9.", digits=1, then="/goodbye")


@app.post("/goodbye")
def goodbye() -> Response:
    """End the call."""
    files.pop(request.form["CallSid"], None)
    answer = VoiceResponse()
    answer.say("Bedankt voor uw oproep. Tot ziens.", **VOICE)
    answer.hangup()
    return Response(str(answer), mimetype="text/xml")
