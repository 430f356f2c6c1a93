"""Signing in through the organisation's own identity provider (OpenID Connect): who already has an account comes in.

It never makes an account and never changes a role: whoever runs the provider must not be able to.
"""

from rempart.people.oidc.journey import Journey
from rempart.people.oidc.provider import Endpoints, Misset, Provider, Refused, Silent

__all__ = ["Endpoints", "Journey", "Misset", "Provider", "Refused", "Silent"]
