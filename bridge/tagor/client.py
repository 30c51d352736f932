"""The bridge's Tagor: typed questions in, facts in the bridge's own words out."""

from datetime import date
from decimal import Decimal

from bridge.tagor.employee_client import EmployeeClient
from bridge.tagor.errors import TagorInvalidResponse
from bridge.tagor.http.deadline import Deadline
from bridge.tagor.models import (
    AgreedPlan,
    CallerHint,
    Contact,
    FileFacts,
    Generation,
    LookupMiss,
    Medium,
    OfficeFacts,
    Ping,
    PlanCriteria,
    ProvenFile,
    Reference,
    RunningPlan,
    SavedPlan,
)
from bridge.tagor.operations import callers, files, notifications, office, plans
from bridge.tagor.schema.fields import write_language
from bridge.tagor.schema.request_validation import checked, checked_if_given, checked_monthly, checked_months

MAX_DEFENDANTS = 99
"""Defendants of one file that a reference can tell apart."""


class Tagor(EmployeeClient):
    """One office's Tagor; make one per worker process, any thread may use it.

    Every question takes a `deadline` that holds for all that is sent for it, and raises one of

        TagorUnreachable: no usable answer by then;
        TagorRefused: Tagor said no, or did not accept the credential;
        TagorBroken: the answer is not what the contract says;
        ValueError: what is asked cannot be sent; the text names the argument, never its value.

    What changes something is sent once, whatever happens: on a connection of its own, made within 2 seconds.
    There `TagorRefused` is a clear no, and an error's `sent` is False only if nothing left the bridge; after
    anything else nobody knows: look in Tagor.

    Args:
        base_url: the office's own, as in `https://tagor.example.be/v1/web`.
        credential: who asks.
        ca_file: a PEM file with the only authority to trust, or None for the public ones.
        pool: connections kept open; as many as there are threads.
        allow_http: whether `http:` is allowed to this machine itself (demo, tests).
        clock: seconds that only go up; a token's life is counted on it.
        max_bytes: the longest answer that is read, beyond what was sent: Tagor may repeat that.
        adapters: what carries requests, in place of sockets (a rehearsal).
        promise: makes what threads wait for that share a login (a rehearsal).
    """

    # The office and its Tagor

    def ping(self, *, deadline: Deadline) -> Ping:
        """Ask what is up; leaves nothing behind and shows no credential."""
        return self._ask(office.CONFIG_PING, deadline)

    def generation(self, *, deadline: Deadline) -> Generation:
        """Ask which generation of the interface the office runs."""
        try:
            told = self._ask(office.CONFIG_VERSION, deadline)
        except TagorInvalidResponse:
            told = None  # an office may answer to `Config/Info` only, the one way its vendor describes
        told = told or self._ask(office.CONFIG_INFO_VERSION, deadline)
        if told is None:
            raise TagorInvalidResponse(
                office.CONFIG_INFO.path, "Tagor does not tell its version: check the credential."
            )
        return told

    def office(self, *, deadline: Deadline) -> OfficeFacts:
        """Ask for the office's name, address and account."""
        return self._ask(office.CONFIG_INFO, deadline)

    def office_open(self, file: str | None = None, *, deadline: Deadline) -> bool:
        """Ask whether an employee is there now, for this kind of file (id) or for the office as such."""
        return self._ask(office.KANTOOR_OPEN, deadline, checked_if_given("the file id", file))

    # Who is calling

    def caller(self, number: str, *, deadline: Deadline) -> CallerHint | None:
        """Ask which defendant an E.164 number may belong to; None for a client, anybody else or nobody."""
        return self._ask(callers.CLIP_TO_FILE, deadline, checked("the phone number", number))

    def file_by_pin(self, name: str, pin: str, *, deadline: Deadline) -> ProvenFile | None:
        """Ask which file a name and a PIN open together; None says no more than that they do not."""
        values = checked("the file name", name), checked("the PIN", pin)
        return self._ask(callers.PIN_TO_FILE, deadline, *values)

    def file_by_reference(
        self, reference: str, index: int | None = None, *, deadline: Deadline
    ) -> Reference | LookupMiss:
        """Ask which file a letter's reference means; `index` (1 is the first) names one of its defendants."""
        if index is not None and not 1 <= index <= MAX_DEFENDANTS:
            raise ValueError("The index cannot be sent to Tagor: it counts defendants from 1.")
        meant = checked("the reference", reference) + ("" if index is None else f"|{index}")
        return self._ask(callers.GET_VOXTRON_REFERENTIE, deadline, meant)

    def defendant_by_house_number(self, file: str, house_number: str, *, deadline: Deadline) -> int | None:
        """Ask which defendant of a file (id) lives at a house number; 1 is the first."""
        values = checked("the file id", file), checked("the house number", house_number)
        return self._ask(callers.GET_VOXTRON_VERW_BY_HUIS_NR, deadline, *values)

    def pin_opens(self, file: str, pin: str, *, deadline: Deadline) -> bool:
        """Ask whether a PIN belongs to a file (id)."""
        values = checked("the file id", file), checked("the PIN", pin)
        return self._ask(callers.GET_VOXTRON_VERW_BY_PIN, deadline, *values)

    # What the caller may hear about a file

    def file_facts(self, file: str, party: str | None, *, deadline: Deadline) -> FileFacts:
        """Ask what is known about a file (id), as seen by one of its defendants (id).

        With None the defendant is whom Tagor chooses, the first one: on a file with several, defendant, mail
        and mobile may then be another's.
        """
        values = checked("the file id", file), checked_if_given("the party id", party)
        return self._ask(files.GET_DOS_INFO, deadline, *values)

    def balance(self, file: str, *, deadline: Deadline) -> Decimal:
        """Ask what is owed on a file (id), in euro; below zero is credit. Leaves a note on the file."""
        return self._ask(files.GET_SALDO, deadline, checked("the file id", file))

    def running_plan(self, file: str, *, deadline: Deadline) -> RunningPlan | None:
        """Ask for the payment plan that runs on a file (id), None if there is none."""
        return self._ask(files.PAYMENT_INFO, deadline, checked("the file id", file))

    def self_service_allowed(self, file: str, config: str, *, deadline: Deadline) -> bool:
        """Ask whether a defendant may help themselves on a file (id), by a configuration the office named."""
        values = checked("the file id", file), checked("the self-service configuration", config)
        return self._ask(files.SELF_SERVICE_ALLOWED, deadline, *values)

    # Payment plans

    def plan_criteria(self, file: str, party: str | None, *, deadline: Deadline) -> PlanCriteria:
        """Ask which payment plans the office allows one of the defendants (id) of a file (id)."""
        values = checked("the file id", file), checked_if_given("the party id", party)
        return self._ask(plans.GET_PAYMENT_PLAN_CRITERIA, deadline, *values)

    def plans(self, file: str, *, active_only: bool = True, deadline: Deadline) -> tuple[AgreedPlan, ...]:
        """Ask for the payment plans on a file (id), also for those that ended unless `active_only`."""
        values = checked("the file id", file), "true" if active_only else None
        return self._ask(plans.GET_PAYMENT_PLANS, deadline, *values)

    def save_plan(
        self,
        file: str,
        party: str | None,
        *,
        monthly: Decimal | None = None,
        months: int | None = None,
        start: date | None = None,
        phone: str | None = None,
        deadline: Deadline,
    ) -> SavedPlan:
        """Change Tagor: make a payment plan, and end every earlier one on the file (id).

        Asked for either by euro a month or by months, from `start` or from the office's usual day; `phone`
        (E.164) marks it as made by phone.
        """
        if (monthly is None) == (months is None):
            raise ValueError("The plan cannot be sent to Tagor: give its monthly amount or its months.")
        return self._ask(
            plans.SAVE_PAYMENT_PLAN,
            deadline,
            checked("the file id", file),
            checked_if_given("the party id", party),
            None if monthly is None else checked_monthly(monthly),
            None if months is None else checked_months(months),
            None if start is None else f"{start:%Y-%m-%d}",
            checked_if_given("the phone number", phone),
        )

    def approve_plan(
        self, file: str, language: str, *, phone: str | None = None, deadline: Deadline
    ) -> Medium:
        """Change Tagor: approve the last payment plan on a file (id), and confirm it in a language (`nl`).

        The confirmation is a text to `phone` (E.164) if that is a Belgian mobile, else a mail.
        """
        values = checked("the file id", file), checked_if_given("the phone number", phone)
        return self._ask(plans.APPROVE_PAYMENT_PLAN, deadline, *values, write_language(language))

    # What leaves the office for a defendant

    def send_text(
        self,
        file: str,
        party: str | None,
        code: str,
        *,
        mobile: str = "",
        twin: bool = False,
        deadline: Deadline,
    ) -> None:
        """Change Tagor: text the office's template `code` about a file (id) to a defendant (id).

        It goes to `mobile`, or in generation 2.00 to the defendant's own; `twin` sends it the older way.
        """
        values = notifications.values_of(
            file, party, checked_if_given("the mobile number", mobile or None), code
        )
        self._ask(notifications.SEND_SMS_TWIN if twin else notifications.SEND_SMS, deadline, *values)

    def send_mail(
        self,
        file: str,
        party: str | None,
        code: str,
        *,
        address: str = "",
        twin: bool = False,
        deadline: Deadline,
    ) -> None:
        """Change Tagor: mail the office's template `code` about a file (id) to a defendant (id).

        It goes to the defendant's own address, to `address` only without a defendant; `twin` as above.
        """
        values = notifications.values_of(
            file, party, checked_if_given("the mail address", address or None), code
        )
        self._ask(notifications.SEND_MAIL_TWIN if twin else notifications.SEND_MAIL, deadline, *values)

    def contacts(self, party: str, *, deadline: Deadline) -> tuple[Contact, ...]:
        """Ask which numbers and addresses there are for a party (id)."""
        found = self._ask(notifications.GET_CONTACT_DETAILS, deadline, checked("the party id", party))
        if any(contact.party != party for contact in found):
            raise TagorInvalidResponse(
                notifications.GET_CONTACT_DETAILS.path,
                "Tagor tells of another party: a colleague takes over.",
            )
        return found
