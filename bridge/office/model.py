"""Holds what an office file says, checked and frozen: every other room may rely on an `Office`."""

from collections.abc import Mapping
from datetime import date
from difflib import get_close_matches
from typing import Annotated, Literal, Self

from pydantic import Field, SecretStr, ValidationInfo, WithJsonSchema, field_validator, model_validator

from bridge.office.fields import (
    CaFile,
    Chime,
    Code,
    Configuration,
    Dialable,
    HoldSound,
    Iban,
    Language,
    Number,
    OfficeName,
    OfficePart,
    Secret,
    Service,
    ShortText,
    TagorUrl,
    Text,
    reading_context,
)
from bridge.office.hours import OpeningHours
from bridge.office.services import (
    CallbackRules,
    LetterRules,
    MessageRules,
    NoteRules,
    OtherFileRules,
    PaymentRules,
    PlannedRules,
    SituationRules,
    TransferRules,
    VoicemailRules,
)
from bridge.office.sounds import own_sound

Way = Literal["pin", "reference_pin", "house_number", "caller_number"]
SAFE_PIN = 6
"""Digits of a PIN that is good enough to decide with, unless the office takes the risk itself."""
WEAK: frozenset[Way] = frozenset({"house_number", "caller_number"})
"""Ways to identify that a stranger can get through: they open less, and somebody must answer for them."""


_Digits = Annotated[int, Field(ge=1, le=12)]
_TWO_LENGTHS = WithJsonSchema(
    {
        "type": "array",
        "items": {"type": "integer", "minimum": 1, "maximum": 12},
        "minItems": 2,
        "maxItems": 2,
    }
)


class TagorAccess(OfficePart):
    """Where the office's Tagor is, and the credential that opens it.

    The credential is an API `key`, or a `client_id` with its `client_secret`.
    """

    url: TagorUrl
    """The address of Tagor's interface, without a slash at its end."""
    key: Secret | None = Field(None, alias="key_env")
    """The API key; the file names the environment variable that holds it."""
    client_id: Secret | None = Field(None, alias="client_id_env")
    """The name of a login in place of a key; the file names the environment variable that holds it."""
    client_secret: Secret | None = Field(None, alias="client_secret_env")
    """The secret of that login; the file names the environment variable that holds it."""
    ca_file: CaFile | None = None
    """The certificate of the authority that signed Tagor's own, if it is the office's own authority."""
    pin_scheme: bool = False
    """Whether Tagor is asked with the caller's own PIN where it can be, so that Tagor guards the file too."""
    at_a_time: int = Field(8, ge=1, le=256)
    """How many questions of callers may be in hand on one machine; each process has an equal share."""

    @model_validator(mode="after")
    def _check_credential(self) -> Self:
        login: list[SecretStr | None] = [self.client_id, self.client_secret]
        if bool(self.key) == any(login) or any(login) != all(login):
            raise ValueError("needs either key_env, or client_id_env and client_secret_env")
        return self


class CallLimits(OfficePart):
    """How many new calls the line leads on one machine; further callers get the switchboard at once.

    Each process counts its own share of these numbers, so they hold only roughly.
    """

    calls_a_minute: int = Field(120, ge=1, le=10_000)
    """How many new calls the whole office takes in a minute."""
    calls_a_number: int = Field(10, ge=1, le=10_000)
    """How many new calls one number may make in an hour; withheld numbers count for the office only."""


class AmountCodes(OfficePart):
    """Tagor's own ids (`TQSALDO_Id`) of what makes up a balance; without them nobody is told the parts."""

    principal: Code
    """What was claimed."""
    interest: Code
    """The interest."""
    costs: Code
    """The costs."""
    paid: Code
    """What came in."""


class PlanRules(OfficePart):
    """What the office lets callers agree by phone, where payment plans are not switched off."""

    replace: bool = False
    """Whether a caller may end a running plan with a new one."""
    begin_days: int = Field(14, ge=0, le=31)
    """How many days after the call the first payment is due."""
    stop_statuses: frozenset[Text] = frozenset()
    """Tagor's codes of files for which a person decides, such as those with a summons."""
    self_service: Configuration | None = None
    """The configuration that Tagor must allow before a plan is offered, if the office uses one."""
    info_kind: Code = ""
    """Tagor's own code of a task line on the file."""
    info_definition: Code = ""
    """Tagor's own code of the definition of such a line."""
    short_pin_accepted_by: Text | None = None
    """Who accepts that a PIN below six digits agrees a plan; without a name such a PIN agrees nothing."""


class IdentificationRules(OfficePart):
    """How callers prove who they are."""

    way: Way = "pin"
    """What a caller must know; a weak way stands only together with who accepted its risk, and when."""
    # Six random digits are the 20 bits that ASVS 5.0 (6.5.4) wants of such a code.
    pin_digits: int = Field(6, ge=4, le=8)
    """How many digits a PIN has."""
    file_digits: Annotated[tuple[_Digits, _Digits], _TWO_LENGTHS] = (1, 12)
    """How many digits a file number has at least and at most."""
    # At a hundred guesses a day, one PIN of six digits is hit in 27 years.
    max_failures_hour: int = Field(20, ge=1, le=10_000)
    """How many failed attempts of all callers together the office allows in an hour; then people help."""
    max_failures_day: int = Field(100, ge=1, le=10_000)
    """The same for 24 hours; `bridge unlock --office NAME` begins both anew."""
    accepted_by: Text | None = None
    """Who accepts the risk of a weak way."""
    accepted_on: date | None = None
    """When that was accepted."""

    @model_validator(mode="after")
    def _check_acceptance(self) -> Self:
        if self.file_digits[0] > self.file_digits[1]:
            raise ValueError("needs file_digits as [fewest, most]")
        if self.way in WEAK and not (self.accepted_by and self.accepted_on):
            raise ValueError(
                f'lets callers in by {self.way}, which is weak: write accepted_by = "who accepts the risk" '
                "and accepted_on = the date"
            )
        return self


class Office(OfficePart):
    """One office: its names and words, its numbers and hours, its Tagor, and how it lets callers in."""

    key: str = Field(alias="file name", pattern=r"^[a-z][a-z0-9_-]{0,30}$")
    """The name of the office's file without .toml; logs, metrics and the database know the office by it."""
    demo: bool = False
    """Whether the office exists in the demo only."""
    numbers: tuple[Number, ...]
    """What callers dial to reach this line: numbers (E.164), and users of SIP (`sip:line@pbx.example.be`)."""
    languages: tuple[Language, ...]
    """The languages the line speaks, in the order in which callers hear them."""
    default_language: Language
    """The language of the first words, before anything is known of the caller."""
    name: OfficeName
    """The office's name as the line says it, in every one of `languages`, or one name for all of them."""
    voices: Mapping[Language, Text] = {}
    """The provider's voice for each language that shall not have the line's own."""
    chime: Chime = Field(default_factory=lambda: own_sound("chime"))
    """What callers hear first, while their number is looked up."""
    hold_sound: HoldSound = Field(default_factory=lambda: own_sound("hold"))
    """What callers hear, again and again, while they wait."""
    address: Mapping[Language, Text]
    """The office's address as the line says it, in every one of `languages`."""
    account: Iban
    """The account (IBAN without blanks) that debtors pay to."""
    abroad: bool = False
    """Whether the line may dial numbers of other countries."""
    switchboard: Dialable
    """The number that answers when a caller wants a person."""
    employees: tuple[Dialable, ...] = ()
    """The other numbers that the line may dial."""
    staffed: tuple[Dialable, ...] = ()
    """Those of the two where a person always picks up, never a mailbox: where the provider cannot ask whoever
    picks up for a key, no other number is rung."""
    caller_id: Dialable
    """The number that an employee sees when the line rings them."""
    switched_off: frozenset[Service] = frozenset()
    """What the office does not offer by phone."""
    tagor: TagorAccess
    limits: CallLimits = CallLimits()
    identification: IdentificationRules = IdentificationRules()
    plans: PlanRules = PlanRules()
    transfer: TransferRules = TransferRules()
    voicemail: VoicemailRules = VoicemailRules()
    callbacks: CallbackRules = CallbackRules()
    messages: MessageRules = MessageRules()
    letters: LetterRules = LetterRules()
    payments: PaymentRules = PaymentRules()
    planned: PlannedRules = PlannedRules()
    situation: SituationRules = SituationRules()
    other_files: OtherFileRules = OtherFileRules()
    notes: NoteRules = NoteRules()
    amount: AmountCodes | None = None
    """The codes of what makes up a balance; without them callers hear the whole amount only."""
    counselling: Mapping[Language, ShortText] | None = None
    """Who helps people with debts, in every one of `languages`; without it nothing is said about that."""
    hours: OpeningHours

    def name_in(self, language: str) -> str:
        """Give the office's name as it is said in one of its languages."""
        return self.name[language]  # type: ignore[index]  # a language it has

    @property
    def pin_decides(self) -> bool:
        """Whether a PIN is good enough to decide with: long, or somebody accepts the risk of a short one."""
        return self.identification.pin_digits >= SAFE_PIN or self.plans.short_pin_accepted_by is not None

    @property
    def may_dial(self) -> frozenset[str]:
        """The only numbers that the bridge ever dials for this office."""
        return frozenset({self.switchboard, *self.employees})

    @field_validator("staffed")
    @classmethod
    def _check_staffed(cls, staffed: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        switchboard, employees = info.data.get("switchboard"), info.data.get("employees", ())
        for number in staffed:
            if switchboard and number not in {switchboard, *employees}:
                raise ValueError(f"holds {number}, which is neither the switchboard nor one of employees")
        return staffed

    @field_validator("numbers", "languages")
    @classmethod
    def _check_entries(cls, entries: tuple[str, ...]) -> tuple[str, ...]:
        if not entries or len(set(entries)) < len(entries):
            raise ValueError("must hold at least one entry, and none twice")
        return entries

    @field_validator("default_language")
    @classmethod
    def _check_spoken(cls, language: Language, info: ValidationInfo) -> Language:
        if language not in info.data.get("languages", (language,)):
            raise ValueError("must be one of languages")
        return language

    @field_validator("voices")
    @classmethod
    def _check_voices(cls, voices: Mapping[Language, Text], info: ValidationInfo) -> Mapping[Language, Text]:
        for language, voice in voices.items():
            known = reading_context(info).voices.get(language, {voice})
            if voice not in known:
                near = get_close_matches(voice, sorted(known), n=1)
                advice = f"the nearest is {near[0]}" if near else f"there is {', '.join(sorted(known))}"
                raise ValueError(f"names {voice} for {language}, which the provider does not have: {advice}")
        return voices

    @field_validator("switchboard", "employees")
    @classmethod
    def _check_not_own(cls, dialled: str | tuple[str, ...], info: ValidationInfo) -> str | tuple[str, ...]:
        for number in (dialled,) if isinstance(dialled, str) else dialled:
            if number in info.data.get("numbers", ()):
                raise ValueError(
                    f"holds {number}, which is this line itself: write another, or a transfer rings the line"
                )
        return dialled

    @field_validator("name", "address", "counselling")
    @classmethod
    def _check_every_language(
        cls, words: Mapping[Language, str], info: ValidationInfo
    ) -> Mapping[Language, str]:
        silent = [language for language in info.data.get("languages", ()) if language not in words]
        if silent:
            raise ValueError(f"has no words for {', '.join(silent)}: write them, or take it out of languages")
        return words
