"""ICCAM, the exchange of hotlines: its vocabulary, a file for it, and an interface for a member's own client."""
