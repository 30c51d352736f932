"""Sounds are files that everybody may have and every cache may keep."""

from flask import Flask

from bridge.telephony.address import PublicUrl
from bridge.telephony.sounds import sound_file, sounds_blueprint


def test_a_sound_is_served_to_be_kept():
    """Its address changes with what is in it, so that a cache never asks again."""
    app, file = Flask(__name__), sound_file("chime", b"a sound")
    app.register_blueprint(sounds_blueprint({file: b"a sound"}))
    assert PublicUrl.parse("https://a.be/line").sound(file) == f"https://a.be/line/sounds/{file}"
    answer = app.test_client().get(f"/sounds/{file}")
    assert (answer.status_code, answer.content_type, answer.data) == (200, "audio/wav", b"a sound")
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert sound_file("chime", b"another one") != file


def test_another_address_is_no_sound():
    """Nothing but the sounds themselves can be had here."""
    app = Flask(__name__)
    app.register_blueprint(sounds_blueprint({}))
    assert app.test_client().get("/sounds/chime-0.wav").status_code == 404
