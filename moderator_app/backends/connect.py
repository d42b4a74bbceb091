"""From an address, an account and a secret to a signed-in backend, by asking the server what it is."""

from __future__ import annotations

from moderator_app import errors
from moderator_app.backends.address import normalise
from moderator_app.backends.base import Backend
from moderator_app.backends.http import Http
from moderator_app.backends.native import NativeBackend
from moderator_app.model import Service, Site

NATIVE, WORDPRESS, CORAL = "native", "wordpress", "coral"

_OTHER_KINDS = {
    WORDPRESS: "This address is a WordPress site. This version talks to servers of the native contract only; "
    "ask the site's administrator for the address of one.",
    CORAL: "This address is a Coral server. This version talks to servers of the native contract only; "
    "ask the server's administrator for the address of one.",
}
_NOTHING_THERE = "No moderation server answers at this address. Check the address, the part behind the name included."
_WRONG_SECRET = "The server does not accept this secret. Check the address and the secret, and try again."  # noqa: S105


def connect(
    url: str,
    *,
    token: str,
    account: str = "",
    kind: str = "",
    deadline: float = 10.0,
    allow_plain_http: bool = False,
    authority: str = "",
) -> tuple[Site, Service, Backend]:
    """Sign in to the server at an address as a person types it.

    `account` is the id or name that the secret should belong to ("" for whoever it belongs to), `kind` is "native", or
    "" to find out; `deadline` is in seconds for each request, of which finding out takes up to five. The site that is
    returned has the account's id. Raises `errors.KnownTrouble`: `NotSupported` for an address or a server that cannot
    be used, `SignInNeeded` for a secret that is wrong or belongs to another account, or trouble with the server.
    """
    if kind in _OTHER_KINDS:
        raise errors.NotSupported(_OTHER_KINDS[kind])
    if kind not in ("", NATIVE):
        raise errors.NotSupported(f'There is no kind of server called "{kind[:40]}". Use "{NATIVE}".')
    base = normalise(url)
    http = Http(base, token=token, deadline=deadline, allow_plain_http=allow_plain_http, authority=authority)
    try:
        backend = NativeBackend(http)
        service = _introduced(backend, http)
        _same_account(service, account)
    except BaseException:
        http.close()
        raise
    return Site(url=base, kind=NATIVE, account=service.me.id, name=service.name), service, backend


def reopen(site: Site, *, token: str, deadline: float = 10.0) -> Backend:
    """A backend for a site that was signed in to before, without asking the server anything yet."""
    return NativeBackend(Http(site.url, token=token, deadline=deadline))


def _introduced(backend: NativeBackend, http: Http) -> Service:
    """What the server says of itself; when it makes no sense, the trouble names what the server is instead."""
    try:
        return backend.service()
    except errors.SignInNeeded as trouble:
        raise errors.SignInNeeded(_WRONG_SECRET, detail=trouble.detail) from None
    except (errors.BadAnswer, errors.Gone, errors.NotAllowed, errors.Refused) as trouble:
        if other := _other_kind(http):
            raise errors.NotSupported(other, detail=trouble.detail) from None
        if isinstance(trouble, errors.Gone):
            raise errors.BadAnswer(_NOTHING_THERE, detail=trouble.detail) from None
        raise


def _other_kind(http: Http) -> str:
    """The sentence about a server of another kind; "" when it does not look like one."""
    looks = {WORDPRESS: _looks_like_wordpress, CORAL: _looks_like_coral}
    return next((_OTHER_KINDS[kind] for kind, looks_like in looks.items() if looks_like(http)), "")


def _looks_like_wordpress(http: Http) -> bool:
    """WordPress names its interface in a header of its front page, and serves it below /wp-json/ by default."""
    try:
        if "https://api.w.org/" in http.look("/").link:
            return True
        interface = http.look("/wp-json/")
    except errors.ServerTrouble:
        return False
    return interface.status == 200 and ("https://api.w.org/" in interface.link or interface.is_json)


def _looks_like_coral(http: Http) -> bool:
    """Coral answers at /api/graphql in JSON, to a request that asks nothing by refusing it."""
    try:
        interface = http.look("/api/graphql")
    except errors.ServerTrouble:
        return False
    return interface.is_json and interface.status in (200, 400, 401, 403, 405)


def _same_account(service: Service, account: str) -> None:
    """Raises `errors.SignInNeeded` when the secret belongs to somebody else."""
    if account and account not in (service.me.id, service.me.name):
        owner = service.me.name or service.me.id
        raise errors.SignInNeeded(f"This secret belongs to the account {owner}. Use that account, or another secret.")
