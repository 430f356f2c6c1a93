"""VICS 2.0 JSON, as police tools exchange it: whole records, streamed in and out."""
