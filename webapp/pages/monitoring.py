"""The metrics, for the machine that watches the desk and for nobody else."""

from __future__ import annotations

import hmac
import ipaddress

from flask import Blueprint, Response, request
from prometheus_client import CONTENT_TYPE_LATEST

from webapp.access import public
from webapp.desk import current_desk
from webapp.metrics import current_metrics
from webapp.proxies import THROUGH_PROXY

blueprint = Blueprint("monitoring", __name__)


@blueprint.get("/metrics")
@public
def metrics() -> Response:
    """All figures; whoever shows the token may read them, or where there is none, this machine alone."""
    token = current_desk().settings.metrics_token
    if token and not _shows(token):
        answer = Response("a token is needed\n", 401, content_type="text/plain")
        answer.headers["WWW-Authenticate"] = 'Bearer realm="metrics"'
        return answer
    if not token and not _is_this_machine():
        return Response("for this machine alone\n", 403, content_type="text/plain")
    return Response(current_metrics().text(), content_type=CONTENT_TYPE_LATEST)


def _shows(token: str) -> bool:
    shown = request.authorization
    given = shown.token if shown is not None and shown.type == "bearer" and shown.token else ""
    return hmac.compare_digest(given.encode(), token.encode())


def _is_this_machine() -> bool:
    """Asked directly from here; what came through a proxy comes from elsewhere."""
    if request.environ.get(THROUGH_PROXY):
        return False
    try:
        return ipaddress.ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False
