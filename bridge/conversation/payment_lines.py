"""The lines of a file that are payments, which only the office knows: a line below zero may be a credit."""

from collections.abc import Iterable

from bridge.tagor import Deadline, FileLine, Tagor


def payment_lines(
    tagor: Tagor, natures: Iterable[str], file: str, deadline: Deadline
) -> tuple[FileLine, ...]:
    """Ask for the lines of a file (id) with a day and one of these natures (codes), oldest first.

    Tagor is not asked where there are no codes.

    Raises:
        TagorError: Tagor gives no usable answer in time.
    """
    ids = {tagor.codes.id_of("TQAARD", code, deadline=deadline) or code for code in natures}
    lines = tagor.amounts.lines(file, deadline=deadline) if ids else ()
    return tuple(sorted((line for line in lines if line.nature_id in ids and line.day), key=_day))


def _day(line: FileLine) -> str:
    return str(line.day)
