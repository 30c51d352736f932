"""Looks up in Tagor what an office file names there: templates, codes, account, and what the line may do."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping

from bridge.checks.check import Findings
from bridge.office.model import Office
from bridge.tagor import Deadline, Tagor, TagorError

_CONFIGURATIONS, _STATUSES, _BALANCES = "TQCFG", "TQSTATUS", "TQSALDO"
_INFO_KINDS, _INFO_DEFINITIONS, _KINDS_OF_FILES = "TQINFO", "TQINFODEF", "TQDOSSOORT"
_KINDS_OF_CONTACTS, _KINDS_OF_TASKS = "TQCOM", "TJOBM"
_DOCUMENTS, _NATURES = "TDOCM", "TQAARD"

# Tagor's contract tells that there are permissions, but names none: these are the stand-in's.
_NEEDED = {
    "MESSAGE": "no voicemail and no message reaches the office",
    "DOCUMENT": "no document can be ordered",
    "SOLVENCY": "no answer about somebody's means can be noted",
}


def examine(office: Office, tagor: Tagor, found: Findings, deadline: Callable[[], Deadline]) -> None:
    """Compare the office file with Tagor's lists; what cannot be asked is told, and hides nothing else."""
    questions: Mapping[str, Callable[[], Iterator[str]]] = {
        "code tables": lambda: _unknown_names(office, tagor, found, deadline),
        "permissions": lambda: _missing_permissions(office, tagor, deadline),
        "questionnaires": lambda: _unknown_questionnaires(office, tagor, deadline),
        "kinds of files": lambda: _hidden_kinds(office, tagor, deadline),
        "office and account": lambda: _other_account(office, tagor, deadline),
    }
    for subject, ask in questions.items():
        try:
            found.warnings += list(ask())
        except TagorError as error:
            found.warnings.append(
                f"{office.key}: Tagor cannot be asked about its {subject} ({error}): compare them yourself."
            )


def _unknown_names(
    office: Office, tagor: Tagor, found: Findings, deadline: Callable[[], Deadline]
) -> Iterator[str]:
    """Tell what no table of Tagor has; a table that Tagor keeps to itself is told as such."""
    by_table: dict[str, dict[str, str]] = defaultdict(dict)
    for table, entry, value in _named(office):
        if value:
            by_table[table][entry] = value
    for table, entries in by_table.items():
        rows = tagor.codes.listed(table, deadline=deadline())
        known = {name.lower() for row in rows for name in row}
        if not known:
            found.notes.append(
                f"{office.key}: Tagor lists no {table}: look yourself whether it knows "
                f"{', '.join(dict.fromkeys(entries.values()))}."
            )
            continue
        for entry, value in entries.items():
            if value.lower() not in known:
                yield (
                    f"{office.key}: {entry} is {value}, which Tagor's table {table} does not have: correct "
                    "it in the office file, or add it in Tagor."
                )


def _named(office: Office) -> Iterator[tuple[str, str, str]]:
    """Yield what the switched-on options name in Tagor: its table, the office file's entry, the value."""
    messages, plans, notes = office.messages, office.plans, office.notes
    if "post" not in office.switched_off:
        for wish in ("balance", "link", "faq", "copy", "statement"):
            codes = messages.codes(wish)
            yield _CONFIGURATIONS, f"messages.{wish}.sms", codes.sms
            yield _CONFIGURATIONS, f"messages.{wish}.mail", codes.mail
        yield _CONFIGURATIONS, "messages.copy_config", messages.copy_config or ""
    if "paymentplan" not in office.switched_off:
        yield _CONFIGURATIONS, "plans.self_service", plans.self_service or ""
        for status in sorted(plans.stop_statuses):
            yield _STATUSES, f"plans.stop_statuses ({status})", status
        yield _INFO_KINDS, "plans.info_kind", plans.info_kind
        yield _INFO_DEFINITIONS, "plans.info_definition", plans.info_definition
    if notes.on:
        yield _INFO_KINDS, "notes.info_kind", notes.info_kind
        yield _INFO_DEFINITIONS, "notes.info_definition", notes.info_definition
    if office.situation.mobile:
        yield _KINDS_OF_CONTACTS, "situation.mobile_kind", office.situation.mobile_kind
    if office.amount:
        for part in ("principal", "interest", "costs", "paid"):
            yield _BALANCES, f"amount.{part}", getattr(office.amount, part)
    yield from _named_about_files(office)


def _named_about_files(office: Office) -> Iterator[tuple[str, str, str]]:
    """Yield what the options name that tell of payments, agenda and documents."""
    for code in office.payments.natures:
        yield _NATURES, f"payments.natures ({code})", code
    yield _INFO_KINDS, "payments.note_kind", office.payments.note_kind
    for code in office.planned.public:
        yield _KINDS_OF_TASKS, f"planned.public ({code})", code
    for code in office.planned.over:
        yield _STATUSES, f"planned.over ({code})", code
    if "documents" not in office.switched_off:
        yield _DOCUMENTS, "letters.statement", office.letters.statement


def _unknown_questionnaires(office: Office, tagor: Tagor, deadline: Callable[[], Deadline]) -> Iterator[str]:
    """Tell which questionnaires Tagor does not have; it is not asked where the office names none."""
    if not office.situation.questions:
        return
    known = {one.id for one in tagor.questionnaires.known(deadline=deadline())}
    for language in office.languages:
        named = office.situation.questions.in_language(language)
        if named and named not in known:
            yield (
                f"{office.key}: situation.questions.{language} is {named}, which is none of Tagor's: "
                "correct it in the office file, or make it in Tagor."
            )


def _missing_permissions(office: Office, tagor: Tagor, deadline: Callable[[], Deadline]) -> Iterator[str]:
    for code, is_on in tagor.employees.permissions(deadline=deadline()).items():
        if not is_on and code in _NEEDED:
            yield (
                f"{office.key}: the Tagor user that the line asks as has the permission {code} off, so that "
                f"{_NEEDED[code]}: turn it on in Tagor."
            )


def _hidden_kinds(office: Office, tagor: Tagor, deadline: Callable[[], Deadline]) -> Iterator[str]:
    """Tell which kinds of file the line may not see: their callers would hear that no file fits."""
    within_reach = tagor.employees.kinds_within_reach(deadline=deadline())
    kinds = tagor.codes.listed(_KINDS_OF_FILES, deadline=deadline())
    hidden = [kind.code or kind.id for kind in kinds if kind.id not in within_reach]
    if within_reach and hidden:
        yield (
            f"{office.key}: the Tagor user that the line asks as may not see files of the kinds "
            f"{', '.join(hidden)}: their defendants are told nothing. Add them in Tagor if they shall phone."
        )


def _other_account(office: Office, tagor: Tagor, deadline: Callable[[], Deadline]) -> Iterator[str]:
    in_tagor = re.sub(r"\s", "", tagor.office.facts(deadline=deadline()).account).upper()
    if in_tagor and in_tagor != office.account:
        yield (
            f"{office.key}: callers hear another account than the one Tagor has for the office (it ends in "
            f"{in_tagor[-4:]}): see that account in the office file is the right one."
        )
