"""Copies the code as a version for a machine: an edit of the original changes nothing in it."""

import re
import shutil
from pathlib import Path
from typing import Self

from bridge.package_files import GUNICORN_CONFIGURATION, import_folder, package_file

PACKAGES = ("bridge", "voice_flows")


class Release:
    """Holds the code in a folder of its own; a worker that starts later still finds the same."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @classmethod
    def of_today(cls, folder: Path) -> Self:
        """Copy the code as it is now."""
        for name in PACKAGES:
            shutil.copytree(import_folder() / name, folder / name)
        shutil.copytree(package_file("offices"), folder / "offices")
        shutil.copy2(package_file(GUNICORN_CONFIGURATION), folder)
        return cls(folder)

    @property
    def configuration(self) -> Path:
        """Return the configuration that gunicorn reads."""
        return self.folder / GUNICORN_CONFIGURATION

    def rename_step(self, flow: str, step: str, new: str) -> None:
        """Rename a step, so that calls which stand there are at no step that exists.

        Raises:
            LookupError: the flow has no such step.
        """
        table = self._table_of(flow)
        before, start, after = table.read_text("utf-8").partition(f"class {flow}(Flow")
        own, end, others = after.partition("\n\n\n")
        renamed = re.sub(rf'(?m)(?<=^    ){step}(?= *= )|(?<="){step}(?=")', new, own)
        if renamed == own:
            raise LookupError(f"{flow} has no step {step}")
        table.write_text(before + start + renamed + end + others, "utf-8")
        for prompts in (self.folder / "voice_flows" / "prompts").glob("*.toml"):
            text = prompts.read_text("utf-8")
            prompts.write_text(text.replace(f"[{flow}.{step}]", f"[{flow}.{new}]"), "utf-8")

    def _table_of(self, flow: str) -> Path:
        for table in (self.folder / "voice_flows").glob("*.py"):
            if f"class {flow}(Flow" in table.read_text("utf-8"):
                return table
        raise LookupError(f"there is no flow {flow}")
