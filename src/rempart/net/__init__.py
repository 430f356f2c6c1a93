"""The only outbound network: to hosts that the operator allowed, bounded in size and time.

HTTP through an `Outbound`, mail through `send_mail`, names through `system_resolve` or a named DNS server.
"""

from rempart.net.allowed import Allowed, read_allowed
from rempart.net.answers import Answer, NoAnswer, NotSent

__all__ = ["Allowed", "Answer", "NoAnswer", "NotSent", "read_allowed"]
