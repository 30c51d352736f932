"""Serves the sounds that replies play; they hold nothing private, so everybody may have them."""

from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256

from flask import Blueprint, Response

_CACHED = "public, max-age=31536000, immutable"


@lru_cache(maxsize=64)  # every renderer of an office asks for the same few
def sound_file(name: str, wav: bytes) -> str:
    """Name the file of a sound by what is in it, so that no cache ever holds an older one."""
    return f"{name}-{sha256(wav).hexdigest()[:16]}.wav"


def sounds_blueprint(files: Mapping[str, bytes]) -> Blueprint:
    """Make the addresses `/sounds/<file>` of these WAV files; any other one is answered 404."""
    blueprint = Blueprint("sounds", __name__)

    @blueprint.get("/sounds/<file>")
    def sound(file: str) -> Response:
        if file not in files:
            return Response(status=404)
        return Response(files[file], content_type="audio/wav", headers={"Cache-Control": _CACHED})

    return blueprint
