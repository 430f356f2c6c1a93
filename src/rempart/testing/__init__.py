"""Makers, conformance classes, peers and campaigns: everything tests, the demo and the self-test are made of."""
