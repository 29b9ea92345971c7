"""Commands over the site: `python -m proof.site build` and `python -m proof.site serve`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import yaml
from mkdocs.exceptions import MkDocsException
from pymdownx.snippets import SnippetMissingError

from proof.faults import BadCall, FaultError

AUTHORS_FAULTS = (FaultError, MkDocsException, SnippetMissingError, yaml.YAMLError)


def main() -> int:
    """Run a command; 1 where the pages have a fault, 2 where the call has one."""
    parser = argparse.ArgumentParser(prog="python -m proof.site", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    building = commands.add_parser("build", help="build site/, ready for any static host")
    building.add_argument("--into", type=Path, help="a folder other than site/")
    serving = commands.add_parser("serve", help="serve the same pages, rebuilt on every change")
    serving.add_argument("--port", type=int, default=8000)
    arguments = parser.parse_args()
    try:
        # Outside a project these modules cannot be imported, which is a bad call.
        if arguments.command == "build":
            from proof.project import ROOT
            from proof.site.build import build

            build((arguments.into or ROOT / "site").resolve())
        else:
            from proof.site.serve import serve

            serve(arguments.port)
    except AUTHORS_FAULTS as fault:
        print(fault, file=sys.stderr)
        return 1
    except BadCall as error:
        print(f"python -m proof.site: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
