"""Counts in the process of the submission, as a careless grader does, and writes a file in the end."""

import json
import sys
from pathlib import Path

reports = []


def pytest_runtest_logreport(report):
    reports.append(report)


def pytest_sessionfinish(session):
    outcome = {}
    for report in reports:
        if report.when == "call" or report.outcome != "passed":
            outcome[report.nodeid] = report.outcome
    with open("results.json", "w") as file:
        json.dump(
            {"total": session.testscollected, "tests": [{"name": n, "outcome": o} for n, o in outcome.items()]}, file
        )
