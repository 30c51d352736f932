"""The commands that write the generated pages: the drawings of the flows and the recorded calls."""

import sys
from collections.abc import Mapping
from pathlib import Path

import click

from bridge.commands.errors import tells_errors


@click.command()
@click.option("--check", "only_check", is_flag=True, help="Write nothing; status 1 when a drawing is stale.")
@tells_errors
def draw(only_check: bool) -> None:  # noqa: FBT001 - click's flag
    """Draw the flows anew in docs/flows and README.md, and write docs/reference anew."""
    from bridge.checks.flow_drawings import FOLDER, drawings
    from bridge.checks.reference import FOLDER as REFERENCE
    from bridge.checks.reference import reference
    from bridge.commands.main import main
    from bridge.package_files import project_folder
    from voice_flows import CALL

    root = project_folder()
    changed = _bring_up_to_date(drawings(CALL, root), root / FOLDER, "draw", "redrawn", only_check=only_check)
    changed += _bring_up_to_date(
        reference(root, main), root / REFERENCE, "draw", "rewritten", only_check=only_check
    )
    if only_check and changed:
        sys.exit(1)


@click.command()
@click.option("--check", "only_check", is_flag=True, help="Write nothing; status 1 when a page is stale.")
@tells_errors
def record(only_check: bool) -> None:  # noqa: FBT001 - click's flag
    """Play the calls of docs/calls and write them down.

    They are played against the stand-in Tagor, on the demo's office.
    """
    from bridge.checks.recorded_calls import FOLDER, recorded_calls
    from bridge.package_files import project_folder

    root = project_folder()
    changed = _bring_up_to_date(
        recorded_calls(root), root / FOLDER, "record", "recorded", only_check=only_check
    )
    if only_check and changed:
        sys.exit(1)


def _bring_up_to_date(
    pages: Mapping[Path, str], folder: Path, command: str, done: str, *, only_check: bool
) -> list[Path]:
    """Write the pages whose text differs, or only name them; return them."""
    from bridge.checks.generated_pages import rewrite, stale_pages
    from bridge.package_files import project_folder

    changed = stale_pages(pages, folder) if only_check else rewrite(pages, folder)
    for path in changed:
        state = f"is stale: run `bridge {command}`" if only_check else done
        click.echo(f"{path.relative_to(project_folder())}: {state}")
    return changed
