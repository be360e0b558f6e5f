"""Who may write: whoever sends the token that the server was started with, as a bearer (RFC 6750, section 2.1)."""

from __future__ import annotations

import hmac

from graph.errors import HearsayError

SCHEME = "Bearer"


class NotPermitted(HearsayError):
    """Say that a request may not write; `status` is 401 where a token would help, 403 where none does."""

    def __init__(self, message: str, what_to_do: str, *, status: int) -> None:
        super().__init__(message)
        self.what_to_do = what_to_do
        self.status = status


def check_token(token: str | None, authorization: str | None) -> None:
    """Let a writer pass whose `Authorization` header has the token; the time taken tells nothing of it.

    Raises NotPermitted.
    """
    if token is None:
        raise NotPermitted(
            "this server takes no writes",
            "To allow them, start it with a secret of your own in HEARSAY_TOKEN and send that as "
            "`Authorization: Bearer …`. Articles are loaded by `hearsay load` where the server runs.",
            status=403,
        )
    scheme, _, given = (authorization or "").strip().partition(" ")
    if scheme.lower() != SCHEME.lower() or not hmac.compare_digest(given.strip().encode(), token.encode()):
        wrong = (
            "the token is not the one of this server" if authorization else "a write needs the server's token"
        )
        raise NotPermitted(
            wrong, "Send `Authorization: Bearer …` with what the server has in HEARSAY_TOKEN.", status=401
        )


def is_permitted(token: str | None, authorization: str | None) -> bool:
    """Tell whether a request may write."""
    try:
        check_token(token, authorization)
    except NotPermitted:
        return False
    return True
