"""Checks beside those of Schemathesis: nothing of one workspace is told to a token of the other."""

import os

import schemathesis

HIDES = [word for word in os.environ.get("API_CHECK_HIDES", "").split("\n") if word]
FOREIGN = bool(os.environ.get("API_CHECK_FOREIGN"))


@schemathesis.check
def tells_nothing_of_the_other_workspace(ctx, response, case):
    """Words that only the other workspace has are in no answer."""
    sent = str(case.body) + str(case.query) + str(case.path_parameters)
    for word in HIDES:
        assert word not in response.text or word in sent, f"told to the other workspace: {word}"


@schemathesis.check
def is_closed_to_the_other_workspace(ctx, response, case):
    """A token at the addresses of another workspace finds nothing, whatever it asks."""
    if FOREIGN and "{workspace}" in case.path:
        assert response.status_code >= 400, f"answered {response.status_code} to the other workspace"
