"""Messages are signed as Standard Webhooks has them: its published example, and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from governance_portal.lib.webhooks import ID, SIGNATURE, TIMESTAMP, NotSigned, secret_of, sign, verify

#: The example of the specification.
SECRET = "whsec_plJ3nmyCDGBKInavdOK15jsl"
BODY = b'{"event_type":"ping","data":{"success":true}}'
AT = datetime.fromtimestamp(1731705121, UTC)
SIGNED = {
    ID: "msg_loFOjxBNrRLzqYUf",
    TIMESTAMP: "1731705121",
    SIGNATURE: "v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0=",
}


def test_the_published_example_is_signed_and_verified_to_the_letter() -> None:
    assert sign(SECRET, "msg_loFOjxBNrRLzqYUf", AT, BODY) == SIGNED
    assert verify([SECRET], SIGNED, BODY, AT) == "msg_loFOjxBNrRLzqYUf"


def test_an_old_and_a_new_secret_hold_at_the_same_time() -> None:
    other = secret_of(b"a new one, 24 bytes long")
    both = f"{sign(other, 'm', AT, BODY)[SIGNATURE]} {sign(SECRET, 'm', AT, BODY)[SIGNATURE]}"
    headers = {ID: "m", TIMESTAMP: SIGNED[TIMESTAMP], SIGNATURE: both}
    assert [verify(secrets, headers, BODY, AT) for secrets in ([other], [SECRET], [other, SECRET])] == ["m"] * 3


@pytest.mark.parametrize(
    ("changed", "body", "later", "why"),
    [
        ({ID: ""}, BODY, 0, "webhook-id"),
        ({ID: "m" * 65}, BODY, 0, "webhook-id"),
        ({TIMESTAMP: "soon"}, BODY, 0, "webhook-timestamp"),
        ({}, BODY, 301, "5 分钟"),
        ({}, BODY, -301, "5 分钟"),
        ({}, BODY + b" ", 0, "签名不符"),
        ({ID: "msg_other"}, BODY, 0, "签名不符"),
        ({SIGNATURE: SIGNED[SIGNATURE].replace("v1,", "v2,")}, BODY, 0, "签名不符"),
        ({SIGNATURE: "v1,é"}, BODY, 0, "签名不符"),
    ],
)
def test_what_was_changed_or_kept_is_refused_with_the_reason(
    changed: dict[str, str], body: bytes, later: int, why: str
) -> None:
    with pytest.raises(NotSigned) as refused:
        verify([SECRET], {**SIGNED, **changed}, body, AT + timedelta(seconds=later))
    assert why in str(refused.value)


def test_a_secret_that_is_none_is_told_to_who_set_it() -> None:
    with pytest.raises(ValueError, match="whsec_"):
        sign("whsec_&&", "m", AT, BODY)
