"""What is checked beside the checks of Schemathesis; scripts/api-check.mjs says how it is called."""

import json
import os

import schemathesis

# Words that only the other workspace has.
HIDES = [word for word in os.environ.get("API_CHECK_HIDES", "").split("\n") if word]
# The id of the token that asks.
OWN = os.environ.get("API_CHECK_OWN", "")
# Whether the token asks at the addresses of the other workspace.
FOREIGN = bool(os.environ.get("API_CHECK_FOREIGN"))
# How the sentences begin that refuse a request for its form.
FORM = ("There is no field", "Send the field", "This can not be read", "The body is not")


@schemathesis.hook
def filter_case(context, case):
    """A token that revokes itself would see nothing but 401 from then on."""
    return not (OWN and case.path.endswith("/revoke") and OWN in str(case.path_parameters))


@schemathesis.check
def tells_nothing_of_the_other_workspace(ctx, response, case):
    """Words that only the other workspace has are in no answer, unless the request brought them."""
    sent = f"{case.body} {case.query} {case.path_parameters}"
    for word in HIDES:
        assert word in sent or word not in response.text, f"told to the other workspace: {word}"


@schemathesis.check
def is_closed_to_the_other_workspace(ctx, response, case):
    """A token at the addresses of another workspace finds nothing, whatever it asks."""
    if FOREIGN and "{workspace}" in case.path:
        assert response.status_code >= 400, f"answered {response.status_code} to the other workspace"


@schemathesis.check
def reads_what_the_document_allows(ctx, response, case):
    """What the document allows is refused for what it means, if at all, and never for its form."""
    positive = case.meta is not None and case.meta.generation.mode.is_positive
    if positive and response.status_code in (400, 422):
        problem = json.loads(response.text)
        said = [one["message"] for one in problem.get("fields", [])] or [problem["detail"]]
        assert not any(one.startswith(FORM) for one in said), f"refused for its form: {said}"
