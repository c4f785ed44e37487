"""`make deploy STAGE=…`: the bundle that was inspected, to one stage; asked before production, looked at afterwards.

Migrations come first and suit the release that still runs. What is uploaded are the very bytes of `make package`. A
release that does not answer is named together with the one command that brings the version before back.
"""

import argparse
import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from deploy.package import BUNDLE, ROOT

PLACEHOLDER = ":000000000000:"  # of the account, in the settings as they come
HEALTH_SECONDS = 30


class ReleaseError(Exception):
    """A release that was not begun, or stopped on its way; it says what was done and what to do."""


def main() -> None:
    """Check, ask, migrate, upload, look."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("stage")
    parser.add_argument("--settings", type=Path, default=ROOT / "zappa_settings.json")
    options = parser.parse_args()
    try:
        release(options.stage, options.settings)
    except ReleaseError as error:
        sys.exit(str(error))


def release(stage: str, path: Path) -> None:
    """Put the bundle on a stage. Raises ReleaseError."""
    settings = settings_of(stage, path)
    if not BUNDLE.is_file():
        raise ReleaseError("There is no bundle: `make package` builds it. Nothing was done.")
    if stage == "production" and input("This goes to production. Its name, to go on: ") != stage:
        raise ReleaseError("Nothing was done.")
    environment = os.environ | settings["aws_environment_variables"] | {"AWS_DEFAULT_REGION": settings["aws_region"]}
    step("migrating", [sys.executable, "manage.py", "migrate"], environment)
    zappa = [sys.executable, "-m", "zappa.cli"]
    command = "update" if is_deployed(stage, path, environment) else "deploy"
    upload = [*zappa, command, stage, "--zip", str(BUNDLE), "--settings_file", str(path)]
    step(command, upload, environment)
    look(stage, path, environment)
    print(f"{stage} runs {BUNDLE.name}. Back to the version before: zappa rollback {stage} -n 1")


def settings_of(stage: str, path: Path) -> dict[str, Any]:
    """The stage's settings, with those that it extends. Raises ReleaseError where they were not filled in."""
    stages = json.loads(path.read_text())
    if stage not in stages:
        raise ReleaseError(f"There is no stage {stage!r} in {path.name}: {', '.join(stages)}. Nothing was done.")
    own: dict[str, Any] = stages[stage]
    settings = stages.get(own.get("extends", ""), {}) | own
    if PLACEHOLDER in settings.get("role_arn", PLACEHOLDER):
        raise ReleaseError(f"{path.name} names no account yet: put the base stack's RoleArn there. Nothing was done.")
    return settings


def status_of(stage: str, path: Path, environment: dict[str, str]) -> dict[str, Any]:
    """What Zappa knows of the stage; empty where nothing is deployed."""
    command = [sys.executable, "-m", "zappa.cli", "status", stage, "--json", "--settings_file", str(path)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    return dict(json.loads(lines[-1])) if done.returncode == 0 and lines else {}


def is_deployed(stage: str, path: Path, environment: dict[str, str]) -> bool:
    """Whether the function is there already."""
    return bool(status_of(stage, path, environment).get("Lambda ARN"))


def step(name: str, command: list[str], environment: dict[str, str]) -> None:
    """Run one step before people's eyes. Raises ReleaseError where it fails."""
    print(f"{name} …", flush=True)
    if subprocess.run(command, cwd=ROOT, env=environment).returncode:
        raise ReleaseError(f"{name} failed; what came before it stays done, and the release that ran still runs.")


def look(stage: str, path: Path, environment: dict[str, str]) -> None:
    """Ask the new release how it is, and what its next run would do. Raises ReleaseError where it does not answer."""
    address = str(status_of(stage, path, environment).get("API Gateway URL", ""))
    back = f"Back to the version before: zappa rollback {stage} -n 1"
    try:
        with urllib.request.urlopen(f"{address}/healthz", timeout=HEALTH_SECONDS) as answer:
            print(answer.read().decode())
    except (urllib.error.URLError, ValueError, TimeoutError) as error:
        raise ReleaseError(f"{address}/healthz does not answer ({error}). {back}") from error
    dry = [sys.executable, "-m", "zappa.cli", "manage", stage, "run_evaluation --dry-run", "--settings_file", str(path)]
    if subprocess.run(dry, cwd=ROOT, env=environment).returncode:
        raise ReleaseError(f"The dry run failed. {back}")


if __name__ == "__main__":
    main()
