"""The takedown monitor: whether what was reported is still there, without ever fetching it."""
