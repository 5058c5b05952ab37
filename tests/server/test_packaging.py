"""What is handed out to set up a server, checked as far as can be without a container engine."""

from __future__ import annotations

import argparse
import configparser
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import yaml

from app.server import cli

FOLDER = Path(__file__).resolve().parents[2] / "packaging" / "server"


def _options(words: list[str]) -> argparse.Namespace:
    """As the command reads them; ends the test for one that it does not know."""
    parser = argparse.ArgumentParser()
    cli.add_arguments(parser)
    return parser.parse_args(words)


def _compose() -> Any:
    return yaml.safe_load((FOLDER / "compose.yaml").read_text())


def test_the_unit_is_one_and_starts_the_command_as_it_is(tmp_path: Path) -> None:
    text = (FOLDER / "watchroom-server@.service").read_text()
    unit = configparser.ConfigParser(interpolation=None, strict=False)
    unit.optionxform = str  # type: ignore[assignment, method-assign]
    unit.read_string(text)
    words = shlex.split(unit["Service"]["ExecStart"].replace("%i", "8443"))
    assert words[:2] == ["/opt/watchroom/.venv/bin/watchroom", "server"]
    options = _options([w for w in words[2:] if not w.startswith("$")])
    assert options.port == 8443
    assert str(options.data) == "/var/lib/" + unit["Service"]["StateDirectory"]
    if shutil.which("systemd-analyze"):
        installed = tmp_path / "watchroom-server@8443.service"
        installed.write_text(text.replace("/opt/watchroom/.venv/bin/watchroom", "/bin/true"))
        done = subprocess.run(
            ["systemd-analyze", "verify", str(installed)],
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        about = [line for line in done.stderr.splitlines() if "watchroom" in line]
        assert not about, about


def test_two_servers_share_one_database_and_one_key() -> None:
    services = _compose()["services"]
    servers = [services[name] for name in ("server1", "server2")]
    assert servers[0]["environment"] == servers[1]["environment"]
    for service in servers:
        words = [w.replace("${SITE:?}", "s") for w in service["command"]]
        options = _options(words[1:])
        assert options.host == "0.0.0.0"
        assert options.proxy == services["proxy"]["networks"]["inside"]["ipv4_address"]
        assert options.relay_api == "http://relay:9997"
        assert "ports" not in service, "reached through the proxy only"
    assert "ports" not in services["database"]
    published = [p for s in services.values() for p in s.get("ports", [])]
    assert sorted(published) == ["443:443", "80:80", "8322:8322"], "the relay's API stays inside"


def test_every_variable_is_in_the_example_and_without_a_value() -> None:
    used = set(re.findall(r"\$\{(\w+)", (FOLDER / "compose.yaml").read_text()))
    example = dict(
        line.split("=", 1)
        for line in (FOLDER / "example.env").read_text().splitlines()
        if "=" in line and not line.startswith("#")
    )
    assert used == set(example)
    assert [name for name, value in example.items() if value] == ["SITE"]


def test_the_files_that_are_mounted_are_there_and_the_relay_asks() -> None:
    services = _compose()["services"]
    for service in services.values():
        for mount in service.get("volumes", []):
            source = mount.split(":")[0]
            if source.startswith("./") and source != "./relay-tls":
                assert (FOLDER / source).is_file(), source
    relay = yaml.safe_load((FOLDER / "mediamtx.yml").read_text())
    assert relay["authMethod"] == "http"
    assert relay["rtspEncryption"] == "strict"
    assert relay["authHTTPExclude"] == [{"action": "api"}]
    address = services["relay"]["environment"]["MTX_AUTHHTTPADDRESS"]
    assert "/api/relay/authorise?secret=" in address
    proxy = (FOLDER / "Caddyfile").read_text()
    assert "server1:8443 server2:8443" in proxy
    assert "/metrics /api/relay/*" in proxy
