"""What a browser answers that has made a passkey (WebAuthn 3, 6.1 and 6.5, attestation "none")."""

import base64
import hashlib
import json
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

CREDENTIAL = b"a-passkey-of-a-test"
#: The user is there, was verified, and a key follows.
_FLAGS = b"\x45"


def passkey_made(asked: Any, origin: str = "http://localhost:8766") -> str:
    """The answer to what was ``asked``."""
    import cbor2

    point = ec.generate_private_key(ec.SECP256R1()).public_key().public_numbers()
    x, y = (n.to_bytes(32, "big") for n in (point.x, point.y))
    key = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})
    place = hashlib.sha256(asked["rp"]["id"].encode()).digest()
    about = place + _FLAGS + bytes(4 + 16) + len(CREDENTIAL).to_bytes(2, "big") + CREDENTIAL + key
    said = {"type": "webauthn.create", "challenge": asked["challenge"], "origin": origin}
    return json.dumps(
        {
            "id": _text(CREDENTIAL),
            "rawId": _text(CREDENTIAL),
            "type": "public-key",
            "response": {
                "clientDataJSON": _text(json.dumps(said).encode()),
                "attestationObject": _text(
                    cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": about})
                ),
            },
        }
    )


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
