"""The whole desk in numbers: overview, search, transparency."""
