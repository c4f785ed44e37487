"""Zappa's own commands with our settings and our bundle, against a moto server; no AWS is there.

moto knows no HTTP APIs in CloudFormation, so the gateway is the older kind here; and `update` ends where moto has no
answer for function addresses, after code and configuration were updated.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import boto3
import pytest

from deploy import package
from tests import servers

ACCOUNT = "123456789012"  # moto's
FUNCTION = "futbolreport-production"


@pytest.fixture(scope="module")
def aws() -> Iterator[dict[str, str]]:
    """The environment that leads to a moto server with a role and a bucket, as the base stack makes them."""
    port = servers.free_port()
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            servers.wait_until_open(port, server, 60)
            given = {
                "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
                "AWS_ACCESS_KEY_ID": "test-key",
                "AWS_SECRET_ACCESS_KEY": "test-secret",
                "AWS_DEFAULT_REGION": "eu-central-1",
                "AWS_EC2_METADATA_DISABLED": "true",
            }
            with changed(given):
                boto3.client("iam").create_role(RoleName=f"{FUNCTION}-function", AssumeRolePolicyDocument="{}")
                place = {"LocationConstraint": "eu-central-1"}
                boto3.client("s3").create_bucket(Bucket="futbolreport-deployments", CreateBucketConfiguration=place)
                yield given
        finally:
            server.terminate()


@contextmanager
def changed(given: dict[str, str]) -> Iterator[None]:
    """This process' environment with these, for the block."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in given.items():
            patch.setenv(name, value)
        yield


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Our settings, of moto's account, with the gateway that moto has, and nobody to ask whether it answers."""
    given = json.loads((package.ROOT / "zappa_settings.json").read_text().replace("000000000000", ACCOUNT))
    given["production"] |= {"apigateway_version": "v1", "touch": False}
    file = tmp_path_factory.mktemp("settings") / "zappa_settings.json"
    file.write_text(json.dumps(given))
    return file


def zappa(settings: Path, aws: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "zappa.cli", *arguments, "--settings_file", str(settings)]
    environment = {**os.environ, **aws, "VIRTUAL_ENV": str(package.ENVIRONMENT)}
    return subprocess.run(command, cwd=settings.parent, env=environment, capture_output=True, text=True)


def test_zappa_deploys_schedules_updates_and_takes_down(bundle: Path, settings: Path, aws: dict[str, str]) -> None:
    deployed = zappa(settings, aws, "deploy", "production", "--zip", str(bundle))
    assert "Deployment complete" in deployed.stdout, deployed.stdout + deployed.stderr

    status = json.loads(zappa(settings, aws, "status", "production", "--json").stdout.splitlines()[-1])
    sizes = (status["Lambda Memory Size"], status["Lambda Timeout"], status["Lambda Runtime"])
    assert sizes == (1024, 900, "python3.12")
    assert status["Lambda Code Size"] == bundle.stat().st_size

    assert zappa(settings, aws, "schedule", "production").returncode == 0
    (rule,) = boto3.client("events").list_rules()["Rules"]
    assert rule["ScheduleExpression"] == "cron(0 * * * ? *)"
    (target,) = boto3.client("events").list_targets_by_rule(Rule=rule["Name"])["Targets"]
    assert target["Arn"] == status["Lambda ARN"]
    assert '"kwargs": {}' in target["InputTransformer"]["InputTemplate"]
    variables = boto3.client("lambda").get_function_configuration(FunctionName=FUNCTION)["Environment"]["Variables"]
    assert variables == {"INSTANTIATE_LAMBDA_HANDLER_ON_IMPORT": "1", "SECRETS_ID": "futbolreport/production"}

    updated = zappa(settings, aws, "update", "production", "--zip", str(bundle))
    assert "Updating Lambda function configuration" in updated.stderr + updated.stdout
    assert len(boto3.client("lambda").list_versions_by_function(FunctionName=FUNCTION)["Versions"]) > 2

    assert zappa(settings, aws, "undeploy", "production", "--yes").returncode == 0
    assert boto3.client("events").list_rules()["Rules"] == []


def release(stage: str, settings: Path, aws: dict[str, str], answer: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "deploy.release", stage, "--settings", str(settings)]
    environment = {**os.environ, **aws, "VIRTUAL_ENV": str(package.ENVIRONMENT)}
    return subprocess.run(command, cwd=package.ROOT, env=environment, input=answer, capture_output=True, text=True)


def test_a_release_asks_before_production_and_refuses_settings_that_name_no_account(
    bundle: Path, settings: Path, aws: dict[str, str]
) -> None:
    functions = boto3.client("lambda").list_functions
    for stage, file, answer, said in (
        ("production", settings, "yes\n", "Nothing was done."),
        ("production", package.ROOT / "zappa_settings.json", "production\n", "names no account"),
        ("elsewhere", settings, "", "There is no stage 'elsewhere'"),
    ):
        refused = release(stage, file, aws, answer)
        assert refused.returncode == 1
        assert said in refused.stderr
        assert functions()["Functions"] == []


def test_a_release_that_does_not_answer_names_the_way_back(
    bundle: Path, settings: Path, aws: dict[str, str], tmp_path: Path
) -> None:
    """Nothing runs behind moto's gateway, so that the new release never answers."""
    given = json.loads(settings.read_text())
    del given["production"]["aws_environment_variables"]["SECRETS_ID"]
    file = tmp_path / "zappa_settings.json"
    file.write_text(json.dumps(given))
    database = {"DATABASE_URL": f"sqlite:///{tmp_path / 'site.sqlite3'}"}
    said = release("production", file, aws | database, "production\n")
    assert said.returncode == 1, said.stdout
    assert "zappa rollback production -n 1" in said.stderr, said.stdout + said.stderr
    assert (tmp_path / "site.sqlite3").stat().st_size > 100_000
    assert [one["FunctionName"] for one in boto3.client("lambda").list_functions()["Functions"]] == [FUNCTION]
