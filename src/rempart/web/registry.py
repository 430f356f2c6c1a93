"""What the desk serves: every router, and every entry of the main menu. One line for each feature."""

from fastapi import APIRouter

from rempart.web.api import actions, appeal_codes, bundles, hooks, items
from rempart.web.api import orders as orders_api
from rempart.web.pages import (
    account,
    appeal,
    appeals,
    case,
    cluster,
    deciding,
    health,
    helplines,
    home,
    join,
    ledger,
    notice,
    notice_status,
    oidc,
    orders,
    overview,
    people,
    queue,
    reveal,
    search,
    sign_in,
    taxonomy,
    tokens,
)

ROUTERS: tuple[APIRouter, ...] = (
    items.router,
    actions.router,
    bundles.router,
    hooks.router,
    orders_api.router,
    home.router,
    notice.router,
    notice_status.router,
    appeal.router,
    appeals.router,
    appeal_codes.router,
    helplines.router,
    sign_in.router,
    oidc.router,
    join.router,
    account.router,
    people.router,
    tokens.router,
    health.router,
    queue.router,
    case.router,
    deciding.router,
    cluster.router,
    reveal.router,
    taxonomy.router,
    orders.router,
    overview.router,
    search.router,
    ledger.router,
)

# (path, text). An entry is shown to whom the page behind it is open.
NAVIGATION: tuple[tuple[str, str], ...] = (
    ("/queue", "nav.queue"),
    ("/orders", "nav.orders"),
    ("/overview", "nav.overview"),
    ("/appeals", "nav.appeals"),
    ("/search", "nav.search"),
    ("/ledger", "nav.ledger"),
    ("/taxonomy", "nav.taxonomy"),
    ("/people", "nav.people"),
    ("/tokens", "nav.tokens"),
)
