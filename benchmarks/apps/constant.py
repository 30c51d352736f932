"""A Flask constant: what routing, request and response objects cost."""

from flask import Flask, Response

from benchmarks.apps.bare import DOCUMENT

app = Flask(__name__, static_folder=None)


@app.post("/voice")
def voice() -> Response:
    """Answer every webhook with the same document."""
    return Response(DOCUMENT, mimetype="text/xml")
