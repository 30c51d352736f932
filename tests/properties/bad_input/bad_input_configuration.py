"""What an operator or an office may write that must not start a line."""

SECRET = "9f2c4e71d0b35a8866e1f7c2a90d4b3e"
TOKEN = "5d8a0e3b7c914f26a1b0c9d8e7f60512"
GOOD = {
    "BRIDGE_PUBLIC_URL": "https://phone.kantoor.be",
    "BRIDGE_SECRET": SECRET,
    "BRIDGE_ACCOUNT": "AC" + "0123456789abcdef" * 2,
    "BRIDGE_TOKENS": TOKEN,
}

SETTINGS = [
    ("BRIDGE_SECRET", "changeme-changeme-changeme-changeme"),
    ("BRIDGE_SECRET", "0" * 64),
    ("BRIDGE_SECRET", "short-9f2c4e71d0"),
    ("BRIDGE_SECRET", f"{SECRET},your_secret_your_secret_your_secret"),
    ("BRIDGE_TOKENS", "your_auth_token"),
    ("BRIDGE_TOKENS", "x" * 32),
    ("BRIDGE_TOKENS", f"{TOKEN},{SECRET},{TOKEN[::-1]}"),
    ("BRIDGE_ACCOUNT", "AC" + "X" * 32),
    ("BRIDGE_ACCOUNT", "SK" + "0" * 32),
    ("BRIDGE_PUBLIC_URL", "http://phone.kantoor.be"),
    ("BRIDGE_PUBLIC_URL", "https://anna:geheim@phone.kantoor.be"),
    ("BRIDGE_PUBLIC_URL", "https://phone.kantoor.be:abc"),
    ("BRIDGE_PUBLIC_URL", "https://[::1]"),
    ("BRIDGE_PROVIDER_API", "http://169.254.169.254"),
    ("DATABASE_URL", "mysql://anna:geheim@db.kantoor.be/bridge"),
    ("BRIDGE_WORKERS", "0"),
    ("BRIDGE_PORT", "65536"),
    ("BRIDGE_LOG_LEVEL", "TRACE"),
    ("BRIDGE_TAGOR_SECONDS", "nan"),
    ("BRIDGE_TREADS", "8"),
]
"""A setting, and a value with which the line must not start."""

_TAGOR = 'url = "http://127.0.0.1:9000/v1/web"'
OFFICES = [
    ('"+3220000010"  ', '"+3290012345"'),
    ('"+3220000010"  ', '"+3270123456"'),
    ('"+3220000010"  ', '"+33123456789"'),
    ('"+3220000010"  ', '"+881612345678"'),
    ('"+3220000010"  ', '"02 000 00 10"'),
    ('["+3220000011", "+32460000012"]', '["+3290312345"]'),
    ("pin_digits = 6", "pin_digits = 3"),
    ("pin_digits = 6", "pin_digits = 6.5"),
    ("file_digits = [1, 12]", "file_digits = [9, 3]"),
    ('way = "pin"  ', 'way = "caller_number"'),
    ('languages = ["nl", "fr", "de", "en"]', 'languages = ["nl", "it"]'),
    ('default_language = "nl"', 'default_language = "es"'),
    ('fr = "rue de l\'Exemple 1, 1000 Bruxelles"', ""),
    ("BE68 5390 0754 7034", "BE68 5390 0754 7035"),
    ('key_env = "TAGOR_KEY"', 'key_env = "BRIDGE_SECRET"'),
    ('key_env = "TAGOR_KEY"', 'key_env = "tgr-7d1f0c5be2-geheim"'),
    (_TAGOR, 'url = "http://tagor.kantoor.be/v1/web"'),
    (_TAGOR, 'url = "https://tagor.kantoor.be/v1/web?key=geheim"'),
    ('monday = ["09:00-12:00", "13:30-17:00"]', 'monday = ["25:00-26:00"]'),
    ("longest = 120  ", "longest = 1000000"),
]
"""What stands in the demo's office file, and what somebody writes in its place."""
