"""Settings and office files with which no line may start: each is told in a sentence, without its value."""

from pathlib import Path

import pytest
from bad_input_configuration import GOOD, OFFICES, SETTINGS

from bridge.app.create import offices_of
from bridge.office.reading import OfficeError, read_offices
from bridge.settings import Settings, SettingsError

DEMO = (Path(__file__).parents[3] / "offices" / "demo.toml").read_text(encoding="utf-8")
PRIVATE = ("geheim", "changeme", "your_", "X" * 32, "x" * 32, "0" * 64)


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """Settings with which the demo's office starts."""
    (tmp_path / "demo.toml").write_text(DEMO, encoding="utf-8")
    return GOOD | {"BRIDGE_DEMO": "1", "BRIDGE_OFFICES": str(tmp_path), "TAGOR_KEY": "a key of Tagor's"}


def test_the_good_configuration_starts(environ: dict[str, str]):
    """What is spoiled below is taken when it is not."""
    assert Settings.read(GOOD).account == GOOD["BRIDGE_ACCOUNT"]
    assert [office.key for office in offices_of(Settings.read(environ), environ)] == ["demo"]


@pytest.mark.parametrize(("name", "value"), SETTINGS)
def test_a_bad_setting_starts_nothing(name: str, value: str):
    """The sentence begins with the setting's name."""
    with pytest.raises(SettingsError) as caught:
        Settings.read(GOOD | {name: value})
    assert str(caught.value).startswith(name)
    assert not any(private in str(caught.value) for private in PRIVATE)


@pytest.mark.parametrize(("good", "bad"), OFFICES)
def test_a_bad_office_file_starts_nothing(good: str, bad: str, environ: dict[str, str]):
    """The sentence names the file and the line; a premium number, a short PIN, a language nobody speaks."""
    assert good in DEMO
    file = Path(environ["BRIDGE_OFFICES"]) / "demo.toml"
    file.write_text(DEMO.replace("demo = true  ", "").replace(good, bad, 1), encoding="utf-8")
    with pytest.raises(OfficeError) as caught:
        read_offices(file.parent, environ, demo=False)
    told = [str(problem) for problem in caught.value.problems]
    assert all(sentence.startswith(f"{file}:") for sentence in told)
    assert not any(private in sentence for private in PRIVATE for sentence in told)
