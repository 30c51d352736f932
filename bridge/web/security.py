"""Keeps pages to themselves: what a browser may load, whom they answer, and where posts may come from."""

from flask import Flask, Response, abort, request

_POLICY = "; ".join((
    "default-src 'none'",
    *(f"{kind} 'self'" for kind in ("script-src", "style-src", "img-src", "connect-src", "media-src")),
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
))  # fmt: skip
HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-cache",
}
"""Own scripts and styles only, in no other site's frame, and asked for anew each time."""


def secure(app: Flask, address: str = "") -> None:
    """Send `HEADERS` with every answer, and take posts from the pages of this server only.

    `address` is where browsers find it, if something stands in front; else where it was asked.
    """

    @app.before_request
    def _own_posts_only() -> None:
        # Browsers send the origin with every post, and no page can change it. GET changes nothing here.
        if request.method == "POST" and request.headers.get("Origin") != (address or request.host_url).rstrip(
            "/"
        ):
            abort(403)

    @app.after_request
    def _with_headers(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response
