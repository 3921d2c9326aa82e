"""The OpenAPI document says what is so: every answer is one that it knows."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, settings
from schemathesis.checks import negative_data_rejection
from tests.web.conftest import open_site
from tests.web.sockets import listening

from massage_ins_bridge.web.v1.routes import add_routes

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::hypothesis.errors.HypothesisDeprecationWarning"),
]
#: What no schema can say of a body or a parameter: how its fields go together.
RELATIONS = (
    *("is none that this list gave", "ends before it begins", "is no known time zone"),
    *("is not after", "lies before", "lies in the future", "says nothing", "asks for nothing"),
    *("is given twice", "send the client's id, or the client", "is over; leave it out"),
    *("is no account of this clinic", "lies in the past", "is empty", "are the clinic's"),
    *("say same_as with a client's id, or new: true", "must be an age", "is no key of clinic."),
    *("send the id of one: booking, or patient", "must be 1 to 365"),
    *("lacks {", "holds {", "holds a brace", "is longer than", "has a line break"),
    *("name the booking to try it with", "has nothing to tell today"),
    *("is no e-mail address", "the first one is the owner"),
    *("No file came with it", "is no photo or PDF", "is more than two years"),
    "is nobody who can sign in",
    "write the line's number, =, and new or a client's id",
)
CONFIG = {
    "positive_data_acceptance": {"enabled": False},  # looked at below
    "negative_data_rejection": {"expected-statuses": ["4xx"]},
    "ignored_auth": {"enabled": False},  # the key is sent with every call
}


def document() -> dict[str, Any]:
    app = FastAPI(title="massage-ins-bridge")
    add_routes(app)
    return app.openapi()


config = schemathesis.Config.from_dict({"checks": CONFIG})
contract = schemathesis.openapi.from_dict(document(), config=config)


@pytest.fixture(scope="module")
def keyed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    for site in open_site(tmp_path_factory.mktemp("contract")):
        with listening(site.http.app) as port:
            yield site.key, f"http://127.0.0.1:{port}"


@contract.parametrize()
@settings(max_examples=2, suppress_health_check=list(HealthCheck), derandomize=True)
def test_every_answer_is_documented(case: Any, keyed: tuple[str, str]) -> None:
    key, address = keyed
    answer = case.call(base_url=address, headers={"authorization": f"Bearer {key}"})
    # a blank day says nothing, as null does: in OpenAPI 3.1 a format describes and does not forbid
    blank = "format" in str(getattr(case.meta.phase.data, "description", ""))
    case.validate_response(answer, excluded_checks=[negative_data_rejection] if blank else [])
    if answer.status_code == 422 and case.meta.generation.mode.is_positive:
        told = [error["message"] for error in answer.json()["errors"]]
        assert all(any(known in text for known in RELATIONS) for text in told), told


def test_a_client_can_be_generated() -> None:
    made = document()
    assert made["openapi"].startswith("3.1")
    assert made["components"]["securitySchemes"]["key"]["scheme"] == "bearer"
    schemas = made["components"]["schemas"]
    assert "from" in schemas["Authorization"]["properties"]
    assert schemas["BookingDecision"]["properties"]["decision"]["$ref"].endswith("/Decision")
    assert set(schemas["Source"]["properties"]) == {"title", "href", "read_on", "sure"}
    for part in ("Requirement", "Waiver", "Finding"):
        assert schemas[part]["properties"]["source"]["$ref"].endswith("/Source")
    assert made["paths"]["/v1/tasks"]["get"]["operationId"] == "list_tasks"
    for path, operations in made["paths"].items():
        for method, operation in operations.items():
            good = [a for code, a in operation["responses"].items() if code[0] == "2"]
            assert len(good) == 1, (method, path)
            assert operation["security"] == [{"key": []}]
            if method != "delete":
                (first, *_) = good[0]["content"].values()
                assert first["schema"], (method, path)
