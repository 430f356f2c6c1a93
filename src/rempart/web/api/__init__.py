"""JSON for programmes, under /v1: one file for each feature."""
