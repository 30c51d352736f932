"""What an office file says once it is checked: a frozen `Office` that every other room may rely on."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, SecretStr, ValidationInfo, field_validator, model_validator

from bridge.office.fields import (
    CaFile,
    Code,
    Configuration,
    Dialable,
    Iban,
    Language,
    Number,
    Part,
    Secret,
    Sentence,
    Service,
    TagorUrl,
    Text,
)
from bridge.office.hours import Hours
from bridge.office.services import Callbacks, Messages, Notes, Transfer, Voicemail

Way = Literal["pin", "reference_pin", "house_number", "caller_number"]
WEAK: frozenset[Way] = frozenset({"house_number", "caller_number"})


class TagorAccess(Part):
    """Where the office's Tagor is and what opens it: an API `key`, or a `client_id` with its `client_secret`.

    `pin_scheme` asks with the caller's own PIN where Tagor can. `at_a_time` bounds the callers' questions in
    hand on one machine, of which every process has its share: rounded down, and at least one.
    """

    url: TagorUrl
    key: Secret | None = Field(None, alias="key_env")
    client_id: Secret | None = Field(None, alias="client_id_env")
    client_secret: Secret | None = Field(None, alias="client_secret_env")
    ca_file: CaFile | None = None
    pin_scheme: bool = False
    at_a_time: int = Field(8, ge=1, le=64)

    @model_validator(mode="after")
    def _one_credential(self) -> Self:
        login: list[SecretStr | None] = [self.client_id, self.client_secret]
        if bool(self.key) == any(login) or any(login) != all(login):
            raise ValueError("needs either key_env, or client_id_env and client_secret_env")
        return self


class Limits(Part):
    """How many new calls the line leads on one machine; beyond that callers get the switchboard at once.

    `calls_a_minute` counts all the office's calls, `calls_a_number` those of one number in an hour; withheld
    numbers count for the office only. Every process has its share, so both are no more than about right.
    """

    calls_a_minute: int = Field(120, ge=1, le=10_000)
    calls_a_number: int = Field(10, ge=1, le=10_000)


class Plans(Part):
    """What the office lets callers agree by phone; switch the service off to let them agree nothing.

    `replace`: a caller may end a running plan with a new one. `begin_days` from the call the first payment is
    due. `stop_statuses` are Tagor's codes of files for which a person decides, such as a summons.
    `self_service` is the configuration that Tagor must allow, if any. `info_kind` and `info_definition` are
    Tagor's own codes for a task line on the file. A PIN below six digits lets nobody agree anything, unless
    `short_pin_accepted_by` says who accepts that.
    """

    replace: bool = False
    begin_days: int = Field(14, ge=0, le=31)
    stop_statuses: frozenset[Text] = frozenset()
    self_service: Configuration | None = None
    info_kind: Code = ""
    info_definition: Code = ""
    short_pin_accepted_by: Text | None = None


class Identification(Part):
    """How callers prove who they are; `pin_digits` and `file_digits` (fewest, most) are what they key in.

    A weak `way` opens less, and stands only with who accepted its risk and when.
    """

    way: Way = "pin"
    pin_digits: int = Field(6, ge=4, le=8)
    file_digits: tuple[Annotated[int, Field(ge=1, le=12)], Annotated[int, Field(ge=1, le=12)]] = (1, 12)
    accepted_by: Text | None = None
    accepted_on: date | None = None

    @model_validator(mode="after")
    def _agreed(self) -> Self:
        if self.file_digits[0] > self.file_digits[1]:
            raise ValueError("needs file_digits as [fewest, most]")
        if self.way in WEAK and not (self.accepted_by and self.accepted_on):
            raise ValueError(
                f'lets callers in by {self.way}, which is weak: write accepted_by = "who accepts the risk" '
                "and accepted_on = the date"
            )
        return self


class Office(Part):
    """One office: names and words to speak, numbers, hours, its Tagor, and how it lets callers in.

    Numbers are E.164, `account` is an IBAN without blanks, `address` has words for every one of `languages`,
    and so has `counselling`, where given: with whom people in trouble may turn for help with their debts.
    """

    key: str = Field(alias="file name", pattern=r"^[a-z][a-z0-9_-]{0,30}$")
    demo: bool = False
    name: Text
    numbers: tuple[Number, ...]
    languages: tuple[Language, ...]
    default_language: Language
    voices: Mapping[Language, Text] = {}
    address: Mapping[Language, Text]
    account: Iban
    abroad: bool = False
    switchboard: Dialable
    employees: tuple[Dialable, ...] = ()
    caller_id: Dialable
    switched_off: frozenset[Service] = frozenset()
    tagor: TagorAccess
    limits: Limits = Limits()
    identification: Identification = Identification()
    plans: Plans = Plans()
    transfer: Transfer = Transfer()
    voicemail: Voicemail = Voicemail()
    callbacks: Callbacks = Callbacks()
    messages: Messages = Messages()
    notes: Notes = Notes()
    counselling: Mapping[Language, Sentence] | None = None
    hours: Hours

    @property
    def may_dial(self) -> frozenset[str]:
        """The only numbers the bridge ever dials for this office."""
        return frozenset({self.switchboard, *self.employees})

    @field_validator("numbers", "languages")
    @classmethod
    def _some_once(cls, entries: tuple[str, ...]) -> tuple[str, ...]:
        if not entries or len(set(entries)) < len(entries):
            raise ValueError("must hold at least one entry, and none twice")
        return entries

    @field_validator("default_language")
    @classmethod
    def _spoken(cls, language: Language, info: ValidationInfo) -> Language:
        if language not in info.data.get("languages", (language,)):
            raise ValueError("must be one of languages")
        return language

    @field_validator("address", "counselling")
    @classmethod
    def _in_every_language(
        cls, words: Mapping[Language, str], info: ValidationInfo
    ) -> Mapping[Language, str]:
        silent = [language for language in info.data.get("languages", ()) if language not in words]
        if silent:
            raise ValueError(f"has no words for {', '.join(silent)}")
        return words
