"""The deployment kit: its files agree with each other, with the settings and with the commands."""

import re
from pathlib import Path

import pytest
import yaml

from bridge.commands.main import COMMANDS
from bridge.settings import Settings

ROOT = Path(__file__).parents[3]
KIT = ROOT / "deploy"
FILES = sorted(file for file in KIT.rglob("*") if file.is_file())
TEXTS = {file.relative_to(ROOT).as_posix(): file.read_text("utf-8") for file in FILES}
ELSEWHERE = {"BRIDGE_HOSTNAME", "BRIDGE_VERSION"}
"""What compose.yaml asks of its own file `.env`, which no bridge reads."""


@pytest.mark.parametrize("name", TEXTS)
def test_every_setting_in_the_kit_exists(name: str):
    """A misspelt one would stop the bridge, or be missed."""
    named = set(re.findall(r"\b(?:BRIDGE_[A-Z_]+|DATABASE_URL)\b", TEXTS[name]))
    assert named - ELSEWHERE <= set(Settings.names())


@pytest.mark.parametrize("name", TEXTS)
def test_every_command_in_the_kit_exists(name: str):
    """Wherever the program is named as a command or as a list."""
    lines = re.findall(
        r'bin/bridge ([a-z-]+)|command: bridge ([a-z-]+)|\["bridge", "([a-z-]+)"\]', TEXTS[name]
    )
    assert {word for found in lines for word in found if word} <= set(COMMANDS)


def test_everybody_speaks_of_one_port():
    """The image listens where the proxies, the probes and the service look."""
    port = str(Settings.model_fields["port"].default)
    for name, pattern in (
        ("deploy/Dockerfile", r"(?:EXPOSE |BRIDGE_PORT=)(\d+)"),
        ("deploy/compose.yaml", r'expose: \["(\d+)"\]'),
        ("deploy/Caddyfile", r"reverse_proxy bridge:(\d+)"),
        ("deploy/nginx.conf", r"server 127\.0\.0\.1:(\d+)"),
        ("deploy/kubernetes/bridge.yaml", r"(?:containerPort|port): (\d+)"),
    ):
        assert set(re.findall(pattern, TEXTS[name])) == {port}, name


def test_the_image_runs_as_nobody_and_asks_whether_it_is_ready():
    """And what it copies is there, and not kept from it."""
    text = TEXTS["deploy/Dockerfile"]
    stage = text.rpartition("\nFROM ")[2]
    assert re.search(r"^USER 10001$", stage, re.MULTILINE)
    assert "/readyz" in stage
    ignored = (ROOT / ".dockerignore").read_text("utf-8").split("\n")
    for source in re.findall(r"^COPY (?!--from)(.+) \S+$", text, re.MULTILINE):
        for path in source.split():
            assert (ROOT / path).exists()
            assert path not in ignored
    needed = ("README.md", "LICENSE", "gunicorn.conf.py", "offices", "bridge", "voice_flows")
    assert not set(needed) & set(ignored)
    assert {".env", "var", ".git", "tests"} <= set(ignored)


def test_compose_starts_nothing_before_the_tables_are_there():
    """And every container of ours may write nowhere but to /tmp."""
    services = yaml.safe_load(TEXTS["deploy/compose.yaml"])["services"]
    assert set(services) == {"migrate", "bridge", "worker", "database", "proxy"}
    for name in ("bridge", "worker"):
        assert services[name]["depends_on"] == {"migrate": {"condition": "service_completed_successfully"}}
    for name in ("migrate", "bridge", "worker"):
        ours = services[name]
        assert (ours["read_only"], ours["cap_drop"]) == (True, ["ALL"])
        assert [place.partition(":")[0] for place in ours["tmpfs"]] == ["/tmp"]  # noqa: S108 - the container's own
    assert "ports" not in services["bridge"]
    assert "ports" not in services["database"]


def test_kubernetes_keeps_the_line_open_while_it_changes():
    """No pod goes before another is ready, and none has more rights than it needs."""
    documents = [
        document
        for name in ("bridge", "migrate")
        for document in yaml.safe_load_all(TEXTS[f"deploy/kubernetes/{name}.yaml"])
    ]
    kinds = [document["kind"] for document in documents]
    assert sorted(kinds) == ["Deployment", "Deployment", "Job", "PodDisruptionBudget", "Service"]
    web = documents[0]["spec"]
    assert web["strategy"]["rollingUpdate"] == {"maxUnavailable": 0, "maxSurge": 1}
    assert web["replicas"] >= 2
    assert web["template"]["spec"]["containers"][0]["readinessProbe"]["httpGet"]["path"] == "/readyz"
    for document in documents:
        if document["kind"] in {"Deployment", "Job"}:
            pod = document["spec"]["template"]["spec"]
            assert pod["securityContext"]["runAsNonRoot"]
            allowed = pod["containers"][0]["securityContext"]
            assert (allowed["readOnlyRootFilesystem"], allowed["allowPrivilegeEscalation"]) == (True, False)


def test_systemd_restarts_as_bridge_restart_does():
    """A reload replaces the server; a wrong setting is not tried again and again."""
    unit = TEXTS["deploy/systemd/bridge.service"]
    assert "ExecReload=/opt/bridge/.venv/bin/bridge restart" in unit
    assert "Environment=BRIDGE_PID_FILE=" in unit
    assert {"Type=notify", "NotifyAccess=all", "RestartPreventExitStatus=78"} <= set(unit.splitlines())


def test_the_proxies_let_in_the_same_addresses():
    """Webhooks, sounds, health and figures; both give up together with the bridge's own time limits."""
    assert "^/(voice(/.*)?|sounds/.*|healthz|readyz|metrics)$" in TEXTS["deploy/nginx.conf"]
    assert "path /voice /voice/* /sounds/* /healthz /readyz /metrics" in TEXTS["deploy/Caddyfile"]
    assert "proxy_next_upstream off" in TEXTS["deploy/nginx.conf"]


def test_every_file_of_the_kit_is_explained():
    """Who reads the page about deployment learns what each of them is for."""
    text = (ROOT / "docs" / "deployment.md").read_text("utf-8") + (ROOT / "docs" / "operations.md").read_text(
        "utf-8"
    )
    assert [name for name in TEXTS if name not in text] == []
