"""Who may do what: organisations, people, service tokens, sessions.

`invitations.first_admin_link(writer, now)` gives the link to the very first account.
"""

from rempart.people.invitations import first_admin_link

__all__ = ["first_admin_link"]
