"""What Lighthouse says of the pages that a stranger meets first, on a lived-in site served as in production.

    python -m benchmarks.lighthouse [--program COMMAND] [--times N]

Needs npm and Chromium. Of several looks at a page the median counts. Ends with 1 where a page is below its bar:
accessibility and best practices 100, SEO 100 where indexing is allowed, performance 98.
"""

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

from tests import servers
from tests.walks.conftest import MORE_MODELS, served

PROGRAM = "npx --yes lighthouse@12"
BARS = {"performance": 98, "accessibility": 100, "best-practices": 100, "seo": 100}
FLAGS = " ".join(["--headless=new", *servers.CHROMIUM_FLAGS])


def pages_of(site: str) -> dict[str, str]:
    """The four pages by name: the front page leads to the open vote, the archive to the closed runs."""
    front, archive = (urllib.request.urlopen(site + path).read().decode() for path in ("/", "/runs/"))
    ballot = re.findall(r'href="(/runs/\d+/ballot/)', front)[0]
    closed = next(path for path in re.findall(r'href="(/runs/\d+/)"', archive) if path not in ballot)
    return {"front": "/", "run": closed, "models": "/models/", "ballot": ballot}


def scores_of(program: str, address: str, folder: Path) -> dict[str, float]:
    """The four scores of a page, of 100."""
    told = folder / "told.json"
    command = [*program.split(), address, "--quiet", "--output=json", f"--output-path={told}",
               f"--chrome-flags={FLAGS}", f"--only-categories={','.join(BARS)}"]  # fmt: skip
    environment = os.environ | {"CHROME_PATH": servers.chromium_executable()}
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"Lighthouse ended with {done.returncode} at {address}: {done.stderr[-1000:]}")
    found = json.loads(told.read_text())["categories"]
    return {name: round(100 * found[name]["score"]) for name in BARS}


def main() -> int:
    """Look at the pages, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", default=PROGRAM)
    parser.add_argument("--times", type=int, default=3)
    options, low = parser.parse_args(), []
    with tempfile.TemporaryDirectory(prefix="lighthouse-") as place:
        folder = Path(place)
        allowed = "from evaluations.models import Evaluation; Evaluation.objects.update(indexable=True)"
        commands = (["shell", "-v0", "-c", MORE_MODELS], ["demo"], ["shell", "-v0", "-c", allowed])
        with served(folder, *commands) as site:
            print(f"{'page':<8}" + "".join(f"{name:>16}" for name in BARS))
            for name, path in pages_of(site).items():
                looks = [scores_of(options.program, site + path, folder) for _ in range(options.times)]
                found = {kind: statistics.median(look[kind] for look in looks) for kind in BARS}
                print(f"{name:<8}" + "".join(f"{found[kind]:>16.0f}" for kind in BARS), flush=True)
                # A ballot is not for search engines: it says so, and that is no fault.
                bars = {kind: bar for kind, bar in BARS.items() if (name, kind) != ("ballot", "seo")}
                low += [f"{name}: {kind} {found[kind]:.0f}" for kind, bar in bars.items() if found[kind] < bar]
    print("\n".join(f"BELOW {line}" for line in low) or "every page at its bar")
    return int(bool(low))


if __name__ == "__main__":
    sys.exit(main())
