"""What the desk serves: every router, and every entry of the main menu. One line for each feature."""

from fastapi import APIRouter

from rempart.web.pages import home

ROUTERS: tuple[APIRouter, ...] = (home.router,)

# (path, text). An entry is shown to whom the page behind it is open.
NAVIGATION: tuple[tuple[str, str], ...] = (
    ("/people", "nav.people"),
    ("/tokens", "nav.tokens"),
)
