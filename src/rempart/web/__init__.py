"""The HTTP edge: console, public pages, API."""
