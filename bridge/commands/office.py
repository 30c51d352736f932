"""The commands for office files: write the first one of an office, and print what editors need."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click

from bridge.commands.errors import tells_errors
from bridge.provider_accounts import SHAPES


@click.group()
def office() -> None:
    """Write an office file, or tell editors about such files."""


@office.command()
@tells_errors
def schema() -> None:
    """Print the JSON Schema of office files."""
    from bridge.checks.reference import office_schema

    click.echo(office_schema(), nl=False)


QUESTIONS: Mapping[str, tuple[str, str]] = {
    "name": ("name", "The office's name, as the line says it"),
    "numbers": ("numbers", "The numbers that callers dial, with country (several with commas)"),
    "languages": ("languages", "The languages of the line, the first one first (nl, fr, de, en)"),
    "account": ("account", "The account that debtors pay to"),
    "switchboard": ("switchboard", "The switchboard's number, for callers who want a person"),
    "employees": ("employees", "Further numbers that the line may ring (several with commas; none is fine)"),
    "caller_id": ("caller_id", "The number that your people see when the line rings them"),
    "tagor": ("tagor.url", "The address of Tagor's interface, such as https://tagor.example.be/v1/web"),
    "key_env": ("tagor.key_env", "The NAME of the environment variable that holds Tagor's key"),
    "hours": ("hours", "When people answer"),
}
"""What is asked, in this order: by option, the entry of the file and the question."""
_LISTS = {"numbers", "languages", "employees"}


@office.command()
@click.argument("file_name", metavar="NAME")
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where the file goes; by default where BRIDGE_OFFICES says, else offices.",
)
@click.option("--name", help="The office's name, as the line says it.")
@click.option("--numbers", help="The numbers that callers dial, with commas.")
@click.option(
    "--provider",
    type=click.Choice(list(SHAPES)),
    envvar="BRIDGE_PROVIDER",
    help="Who carries the calls; by default twilio.",
)
@click.option("--staffed", is_flag=True, help="At the switchboard a person always picks up, never a mailbox.")
@click.option("--languages", help="The languages, with commas, the first one first: nl,fr,de,en.")
@click.option("--account", help="The account that debtors pay to.")
@click.option("--switchboard", help="The number for callers who want a person.")
@click.option("--employees", help="Further numbers that the line may ring, with commas.")
@click.option("--caller-id", help="The number your people see; by default the switchboard's.")
@click.option("--address", multiple=True, help="The address in a language, as in nl='Markt 1'; one for each.")
@click.option("--tagor", help="The address of Tagor's interface.")
@click.option("--key-env", help="The variable that holds Tagor's key; by default TAGOR_KEY_ and the name.")
@click.option("--hours", help="As in 'monday-friday 09:00-12:00, 13:30-17:00; saturday 09:00-12:00'.")
@click.option("--no-questions", is_flag=True, help="Ask nothing: whatever has no option must have a default.")
@tells_errors
def new(
    file_name: str,
    folder: Path | None,
    provider: str | None,
    address: tuple[str, ...],
    *,
    staffed: bool,
    no_questions: bool,
    **given: str | None,
) -> None:
    """Ask a few questions and write the file of an office.

    NAME is the file's name without .toml. What an option says is not asked. Nothing is ever overwritten.
    """
    from bridge.office.new_file import office_text

    folder = folder or Path(os.environ.get("BRIDGE_OFFICES", "").strip() or "offices")
    path = folder / f"{file_name}.toml"
    if path.exists():
        raise click.ClickException(f"{path} is there already: choose another name, or edit that file.")
    interview, asks = _Interview(file_name, folder), not no_questions
    if provider is None and asks:
        provider = click.prompt("Who carries the calls", default="twilio", type=click.Choice(list(SHAPES)))
    entries = interview.hold(given, address, asks=asks)
    if staffed or _must_be_staffed(provider or "twilio", asks=asks):
        entries["staffed"] = [entries["switchboard"]]
    folder.mkdir(parents=True, exist_ok=True)
    with path.open("x", encoding="utf-8") as file:  # whoever was faster keeps theirs
        file.write(office_text(entries))
    _write_schema(folder)
    key = entries["tagor"]["key_env"]
    click.echo(
        f"{path} is written. Put Tagor's key into the environment as {key}, look through the file, and run "
        "`bridge check`."
    )


def _must_be_staffed(provider: str, *, asks: bool) -> bool:
    """Tell whether the provider rings staffed numbers only, and the switchboard is one."""
    from bridge.telephony.providers import PROVIDERS

    if PROVIDERS[provider].whisper:
        return False
    why = f"{provider} cannot ask whoever picks up for a key, so that a mailbox would swallow the caller"
    if asks and click.confirm(f"{why}. Does a person always pick up at the switchboard?"):
        return True
    raise click.ClickException(f"{why}: give a switchboard where a person always picks up, and --staffed.")


def _write_schema(folder: Path) -> None:
    """Put the schema that the new file names beside it; it is ours, so an older one is replaced."""
    from bridge.checks.reference import office_schema
    from bridge.office.options import SCHEMA_FILE

    (folder / SCHEMA_FILE).write_text(office_schema(), encoding="utf-8")


class _Interview:
    """Holds the answers so far, and says of each whether an office file may have it."""

    def __init__(self, file_name: str, folder: Path) -> None:
        from bridge.office.office_file import OfficeFileError, read_office_file

        self._file_name, self._folder = file_name, folder
        self._entries: dict[str, Any] = {"tagor": {}}
        self._taken: dict[str, str] = {}
        for other in sorted(folder.glob("*.toml")):
            try:
                data = read_office_file(other).data
            except OfficeFileError:
                continue  # `bridge check` tells what is wrong with it
            if data.get("demo") is not True:
                self._taken |= dict.fromkeys(map(_digits, data.get("numbers", ())), other.name)
        if sentence := self._complaint("file name", file_name):
            raise click.ClickException(sentence)

    def hold(
        self, given: Mapping[str, str | None], address: tuple[str, ...], *, asks: bool
    ) -> dict[str, Any]:
        """Return the entries of the new file: what options say, and else what is answered."""
        defaults: dict[str, Callable[[], str | None]] = {
            "languages": lambda: "nl,fr,de,en" if asks else None,
            "employees": lambda: "",
            "caller_id": lambda: self._entries["switchboard"],
            "key_env": lambda: "TAGOR_KEY_" + self._file_name.upper().replace("-", "_"),
        }
        addresses = dict(one.partition("=")[::2] for one in address)
        for option, (entry, question) in QUESTIONS.items():
            default = defaults.get(option, lambda: None)()
            self._take(option, entry, question, given[option], default, asks=asks)
            if option == "languages":
                self._entries["default_language"] = self._entries["languages"][0]
                self._take_addresses(addresses, asks=asks)
        return self._entries

    def _take_addresses(self, given: Mapping[str, str], *, asks: bool) -> None:
        held: dict[str, str] = {}
        for language in self._entries["languages"]:
            before = next(reversed(held.values()), None) if asks else None
            entry, question = (
                f"address.{language}",
                f"The office's address, as the line says it in {language}",
            )
            self._take(f"address {language}=", entry, question, given.get(language), before, asks=asks)
            held[language] = self._entries["address"][language]

    def _take(
        self,
        option: str,
        entry: str,
        question: str,
        given: str | None,
        default: str | None,
        *,
        asks: bool,
    ) -> None:
        """Hold one answer: the option's, else the default, or what is typed until it is a right one."""
        flag = f"--{option.replace('_', '-')}"

        def read(text: str) -> Any:  # noqa: ANN401 - a value of an office file
            try:
                value = self._read(option, text)
            except ValueError as error:
                raise click.UsageError(str(error)) from None
            if sentence := self._complaint(entry, value):
                raise click.UsageError(sentence)
            return value

        if given is None and asks:
            hint = self._hint(option)
            value = click.prompt(f"{question}{hint}", default=default, value_proc=read)
        elif (text := default if given is None else given) is None:
            raise click.UsageError(f"{flag} is missing: {question[0].lower()}{question[1:]}.")
        else:
            value = read(text)
        self._put(self._entries, entry, value)

    @staticmethod
    def _hint(option: str) -> str:
        from bridge.office.new_file import HOURS_FORM

        return f", as in {HOURS_FORM}\n" if option == "hours" else ""

    @staticmethod
    def _read(option: str, text: str) -> Any:  # noqa: ANN401 - a value of an office file
        from bridge.office.new_file import read_hours

        if option == "hours":
            return read_hours(text)
        if option in _LISTS:
            return [part.strip() for part in text.split(",") if part.strip()]
        return text.strip()

    def _complaint(self, entry: str, value: Any) -> str:  # noqa: ANN401 - a value of an office file
        """Say what is wrong with an entry beside those that are held already, as `bridge check` would."""
        from bridge.office.fields import ReadingContext
        from bridge.office.reading import complaint

        # The key itself need not be there yet, only its name must be one.
        environ = {str(value): "will be set"} if entry == "tagor.key_env" else {}
        context = ReadingContext(self._folder, frozenset(), {}, False, environ)  # noqa: FBT003 - no demo
        data: dict[str, Any] = {**self._entries, "tagor": dict(self._entries["tagor"])}
        self._put(data, entry, value)
        if entry == "numbers" and (taken := [one for one in value if _digits(one) in self._taken]):
            return f"numbers holds {taken[0]}, which {self._taken[_digits(taken[0])]} has already."
        return complaint(data, entry, context)

    @staticmethod
    def _put(entries: dict[str, Any], entry: str, value: Any) -> None:  # noqa: ANN401 - as above
        part, _, name = entry.partition(".")
        if name:
            entries[part] = {**entries.get(part, {}), name: value}
        else:
            entries[part] = value


def _digits(number: object) -> str:
    return "".join(filter(str.isdigit, str(number)))
