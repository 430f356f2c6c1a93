"""What triage reads and writes. Every query names the organisation."""
