"""Reports about recordings that lead somewhere else than to the provider."""

SID = "RE" + "1f" * 16
ACCOUNT = "AC" + "0a1b2c3d" * 4

HOSTS = [
    *("http://169.254.169.254/latest/meta-data/", "http://[::1]/", "http://[::ffff:127.0.0.1]/"),
    *("http://2130706433/", "http://0x7f000001/", "http://0177.0.0.1/", "http://127.1/", "http://0/"),
    *(
        "https://user@evil.example/",
        "https://api.twilio.com@evil.example/",
        "https://evil.example#api.twilio.com/",
    ),
    *("https://evil.example?api.twilio.com/", "https://api.twilio.com.evil.example/", "//evil.example/"),
    *(
        "https://xn--twili-7sa.com/",
        "http://api.twilio.com/",
        "https://api.twilio.com:8443/",
        "https://localhost/",
    ),
    *("file:///etc/passwd", "gopher://evil.example/", "ftp://evil.example/", "javascript:alert(1)//"),
]

REPORTS: list[dict[str, str]] = [
    *({"RecordingUrl": f"{host}{SID}"} for host in HOSTS),
    {"RecordingUrl": f"https://api.twilio.com/{SID} https://evil.example/"},
    {"RecordingUrl": "https://api.twilio.com/" + "a" * 4000 + SID},
    {"RecordingUrl": "https://api.twilio.com/2010-04-01/Recordings/"},
    {"AccountSid": "AC" + "f" * 32},
    {"RecordingSid": "RE" + "../" * 10 + "1f"},
    {"RecordingSid": SID + "/../../Calls"},
    {"RecordingSid": SID.upper()},
    {"RecordingStatus": "deleted"},
]
"""What a report holds in place of what it should: an odd value costs its field."""
