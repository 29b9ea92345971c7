"""The workflows for GitHub: pinned, with few rights, and running commands that exist."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
WORKFLOWS = {file.stem: yaml.safe_load(file.read_text("utf-8")) for file in FILES}
JOBS = {
    f"{name}/{job}": content
    for name, workflow in WORKFLOWS.items()
    for job, content in workflow["jobs"].items()
}
every_job = pytest.mark.parametrize("job", JOBS.values(), ids=JOBS)


def steps(job: dict[str, Any], word: str) -> list[str]:
    """Give what the steps of a job use or run."""
    return [step[word] for step in job["steps"] if word in step]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_action_is_pinned_by_its_hash_and_says_its_version(file: Path) -> None:
    used = re.findall(r"uses: (.*)", file.read_text("utf-8"))
    assert used
    for action in used:
        assert re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action)


def test_an_action_has_one_version_everywhere() -> None:
    text = "".join(file.read_text("utf-8") for file in FILES)
    pins = set(re.findall(r"uses: (.*)@(.*)", text))
    assert len(pins) == len({action for action, _ in pins})


@every_job
def test_a_job_has_the_rights_it_needs_and_a_time_limit(job: dict[str, Any]) -> None:
    rights = job.get("permissions", {})
    publishes = any("deploy-pages" in action for action in steps(job, "uses"))
    proposes = job is JOBS["update/propose"]
    assert "contents" not in rights or rights["contents"] == ("write" if proposes else "read")
    assert ("write" in rights.values()) == (publishes or proposes)
    assert job["timeout-minutes"] <= 30


@pytest.mark.parametrize("workflow", WORKFLOWS.values(), ids=WORKFLOWS)
def test_a_workflow_gives_no_rights_to_all_its_jobs(workflow: dict[str, Any]) -> None:
    assert workflow["permissions"] == {}


@every_job
def test_what_a_job_installs_is_held_to_hashes(job: dict[str, Any]) -> None:
    for command in steps(job, "run"):
        assert command.count("pip install") == command.count("--require-hashes")


@every_job
def test_no_checkout_keeps_its_credentials(job: dict[str, Any]) -> None:
    for step in job["steps"]:
        if "checkout" in step.get("uses", ""):
            assert step["with"]["persist-credentials"] is False


def test_where_the_repository_can_be_written_to_no_package_runs() -> None:
    """The job that may write has nothing checked out and nothing installed."""
    propose = JOBS["update/propose"]
    assert steps(propose, "uses") == []
    [script] = steps(propose, "run")
    programs = set(re.findall(r"^\s*(?:\w+=\$\()?(\w+) ", script, re.MULTILINE))
    assert programs == {"for", "gh", "if"}


@pytest.fixture(scope="module")
def sessions() -> set[str]:
    command = (sys.executable, "-m", "nox", "--list")
    listing = subprocess.check_output(command, cwd=ROOT, text=True)
    return set(re.findall(r"^[*-] (\S+)", listing, re.MULTILINE))


@every_job
def test_every_session_that_a_job_runs_exists(job: dict[str, Any], sessions: set[str]) -> None:
    for command in steps(job, "run"):
        for session in re.findall(r'nox -s "?([\w()$]+)', command):
            ends = ("oldest", "newest") if "$END" in session else ("",)
            assert {session.replace("$END", end) for end in ends} <= sessions


def test_all_tests_are_what_the_readme_says() -> None:
    """`.ci/run` runs README's test command."""
    assert steps(JOBS["tests/everything"], "run") == [".ci/run"]


def test_the_successor_reports_and_stops_nothing() -> None:
    successor = JOBS["tests/successor"]
    assert successor["continue-on-error"] is True
    report = successor["steps"][-1]
    assert report["run"] == 'python -m nox -s successor | tee -a "$GITHUB_STEP_SUMMARY"'
    assert report["shell"] == "bash"  # with pipefail


def test_three_systems_run_every_snippet_on_their_cpu() -> None:
    snippets = JOBS["tests/snippets"]
    assert steps(snippets, "run")[-1] == 'python -m nox -s "snippets(cpu)"'
    systems = [*snippets["strategy"]["matrix"]["system"], JOBS["tests/everything"]["runs-on"]]
    assert [system.partition("-")[0] for system in systems] == ["macos", "windows", "ubuntu"]


def test_without_a_gpu_cuda_is_said_not_to_have_run() -> None:
    cuda, not_run = JOBS["devices/cuda"], JOBS["devices/cuda-not-run"]
    assert (cuda["if"], not_run["if"]) == ("vars.CUDA_RUNNER != ''", "vars.CUDA_RUNNER == ''")
    assert "pull_request" not in WORKFLOWS["devices"][True]  # YAML reads `on` as true
    assert said_by(not_run).startswith("**CUDA: not run.** No runner")


def said_by(job: dict[str, Any], **environment: str) -> str:
    """Give what a job's last step writes into the summary of the run."""
    script = steps(job, "run")[-1].replace('"$GITHUB_STEP_SUMMARY"', "/dev/stdout")
    command = ("bash", "-e", "-c", script)
    environment = {**os.environ, **environment}
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, check=True
    ).stdout


def test_a_mac_is_probed_first_and_stops_nothing() -> None:
    mac = JOBS["devices/mps"]
    assert mac["runs-on"] == "macos-15"
    assert mac["continue-on-error"] is True
    commands = steps(mac, "run")
    probe = next(index for index, command in enumerate(commands) if "probe" in command)
    assert "snippets(mps)" in commands[probe + 1]
    said = said_by(mac, PROBE="failure", CHECK="skipped")
    assert said.startswith("MPS: probe convolution **failure**, snippets **skipped**.")


@pytest.mark.parametrize(
    ("device", "code", "said"),
    [("cpu", 0, ""), ("meta", 1, "meta does not run a convolution: ")],
)
def test_the_probe_trusts_a_device_that_agrees_with_the_cpu(
    device: str, code: int, said: str
) -> None:
    command = (sys.executable, ROOT / ".github" / "probe_convolution.py", device)
    result = subprocess.run(command, capture_output=True, text=True)
    assert (result.returncode, result.stderr[: len(said)]) == (code, said)
    assert "Traceback" not in result.stderr


def test_the_probe_does_not_trust_a_device_that_is_off() -> None:
    """Let a module that computes something else stand for the device."""
    wrong = """
import runpy, sys, torch
right = torch.nn.functional.conv2d
calls = []
def conv2d(*arguments):
    calls.append(arguments)
    return right(*arguments) + (len(calls) == 1) * 0.01
torch.nn.functional.conv2d = conv2d
sys.argv = ["probe", "cpu"]
runpy.run_path(".github/probe_convolution.py", run_name="__main__")
"""
    result = subprocess.run((sys.executable, "-c", wrong), cwd=ROOT, capture_output=True, text=True)
    assert (result.returncode, result.stderr) == (
        1,
        "cpu computes a convolution wrongly: it is 0.01 off\n",
    )


@pytest.mark.parametrize("shards", [2, 4])
def test_shards_share_the_pages_out(shards: int) -> None:
    parts = [pages_of(f"{shard}/{shards}") for shard in range(1, shards + 1)]
    every = [page.relative_to(ROOT).as_posix() for page in (ROOT / "docs").rglob("*.md")]
    assert sorted(page for part in parts for page in part) == sorted(every)
    assert max(map(len, parts)) - min(map(len, parts)) <= 1


def test_the_only_shard_names_no_page() -> None:
    assert pages_of("1/1") == []  # then everything is checked


def pages_of(shard: str) -> list[str]:
    command = (sys.executable, ".github/shard.py", shard)
    return subprocess.check_output(command, cwd=ROOT, text=True).split()


def test_the_site_is_built_for_the_address_it_is_published_at() -> None:
    build = JOBS["pages/build"]
    (step,) = (step for step in build["steps"] if "nox -s build" in step.get("run", ""))
    assert step["env"]["SITE_URL"] == "${{ steps.pages.outputs.base_url }}/"
    assert build["if"] == "github.event.repository.has_pages"
    assert said_by(JOBS["pages/not-published"]).startswith("**Pages: not published.**")


def test_new_versions_are_resolved_tried_and_only_then_proposed() -> None:
    resolve, propose = JOBS["update/resolve"], JOBS["update/propose"]
    lock, upload, tests = resolve["steps"][-3:]
    assert "python -m nox -s lock" in lock["run"]
    assert upload["with"] == {"name": "locked", "path": "constraints.txt\nlocked\n"}
    assert upload["if"] == tests["if"] == "steps.lock.outputs.changed"
    assert tests["run"] == ".ci/run"
    assert resolve["outputs"]["tests"] == f"${{{{ steps.{tests['id']}.outcome }}}}"
    assert (propose["needs"], propose["if"]) == ("resolve", "needs.resolve.outputs.changed")


GH = """#!/bin/sh
echo "$@" >> "$CALLS"
case "$*" in
  "run download"*) mkdir locked; touch constraints.txt locked/dev.txt locked/nox.txt;;
  *matching-refs*) echo "$OLD";;
  *.sha) echo "sha-of-call-$(wc -l < "$CALLS")";;
esac
"""


@pytest.mark.parametrize("old", ["", "refs/heads/update-python"])
@pytest.mark.parametrize(("outcome", "draft"), [("success", False), ("failure", True)])
def test_a_proposal_holds_the_lock_files_and_says_how_the_tests_went(
    outcome: str, draft: bool, old: str, tmp_path: Path
) -> None:
    program = tmp_path / "gh"
    program.write_text(GH)
    program.chmod(0o755)
    calls = tmp_path / "calls"
    told = {"TESTS": outcome, "GH_REPO": "we/lessons", "RUN": "the-run", "GITHUB_RUN_ID": "7"}
    told |= {"GITHUB_SHA": "c0ffee", "GITHUB_REF_NAME": "main", "CALLS": str(calls), "OLD": old}
    path = os.pathsep.join([str(tmp_path), os.environ["PATH"]])
    command = ("bash", "-e", "-c", steps(JOBS["update/propose"], "run")[-1])
    environment = {**os.environ, **told, "PATH": path}
    subprocess.run(command, env=environment, cwd=tmp_path, check=True)
    called = calls.read_text().splitlines()
    deleted = [called.pop(at) for at, call in enumerate(called) if "DELETE" in call]
    assert deleted == [f"api --method DELETE repos/we/lessons/git/{old} --silent"][: bool(old)]
    download, *blobs, _, tree, commit, _, branch, proposal = called
    assert download == "run download 7 --name locked"
    files = ("constraints.txt", "locked/dev.txt", "locked/nox.txt")
    assert [blob.partition("-F content=@")[2] for blob in blobs] == [
        f"{file} --jq .sha" for file in files
    ]
    written = re.findall(r"\[path\]=(\S+) -f \S+=100644 -f \S+=blob -f tree\[\]\[sha\]=(\S+)", tree)
    assert written == [(file, f"sha-of-call-{2 + number}") for number, file in enumerate(files)]
    assert "-f base_tree=sha-of-call-5 " in tree
    assert "-f tree=sha-of-call-6 -f parents[]=c0ffee " in commit
    assert branch.endswith("-f ref=refs/heads/update-python -f sha=sha-of-call-7")
    assert ("--draft" in proposal) == draft
    assert proposal.endswith(f"All tests with these versions: **{outcome}**, the-run.")


def test_dependabot_updates_each_lock_file_of_npm_and_the_actions() -> None:
    content = yaml.safe_load((ROOT / ".github" / "dependabot.yml").read_text("utf-8"))
    npm, actions = content["updates"]
    locks = [ROOT / folder.lstrip("/") / "package-lock.json" for folder in npm["directories"]]
    tracked = subprocess.check_output(
        ("git", "ls-files", "*package-lock.json"), cwd=ROOT, text=True
    )
    assert locks == [ROOT / line for line in sorted(tracked.split(), key=len)]
    assert (npm["package-ecosystem"], actions["package-ecosystem"]) == ("npm", "github-actions")
