"""What of the installed packages Lambda never runs. Sources stay beside their byte code: tracebacks show them."""

import re
from pathlib import Path

# What zappa needs at its own command line only, the terminal's colours, and the sandbox's TCP server.
NOT_AT_RUN_TIME = [
    "argcomplete",
    "cfn-flip",
    "charset-normalizer",
    "click",
    "colorama",
    "hjson",
    "pip",
    "placebo",
    "pygments",
    "python-slugify",
    "pyyaml",
    "requests",
    "rich",
    "setuptools",
    "text-unidecode",
    "toml",
    "tqdm",
    "troposphere",
    "uvicorn",
    "wheel",
]

# Of the services that botocore describes: those that the function calls, and those that Zappa makes a client of.
SERVICES = {"secretsmanager", "lambda", "sts", "sns", "dynamodb", "s3"}

NEEDLESS = re.compile(
    r"^bin/"
    r"|^[^/]+\.dist-info/(?:licenses/|direct_url\.json)"
    r"|^django/(?:contrib/\w+|conf)/locale/(?!en/|__init__)[^/]+/"
    r"|^django/contrib/gis/"
    r"|^django/contrib/admin/static/|^django_htmx/static/"  # collected into build/static
    r"|^boto3/data/(?!dynamodb/|s3/|sns/)[^/]+/"
    r"|(?:^|/)tests/"
    r"|\.tar\.gz$"  # Zappa leaves them out
    r"|^(?:redis|anyio|werkzeug)/.*(?:\.pyi|py\.typed)$"
)
SERVICE = re.compile(r"^botocore/data/([^/]+)/")


def is_needless(name: str) -> bool:
    """Whether the file of that name, seen from site-packages, is not needed."""
    service = SERVICE.match(name)
    return NEEDLESS.search(name) is not None or (service is not None and service[1] not in SERVICES)


def prune(site_packages: Path) -> None:
    """Take out what is not needed, and folders that are empty then."""
    for path in sorted(site_packages.rglob("*"), reverse=True):
        if path.is_file() and is_needless(path.relative_to(site_packages).as_posix()):
            path.unlink()
        elif path.is_dir() and not any(path.iterdir()):
            path.rmdir()
