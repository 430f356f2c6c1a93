"""Reports to the CyberTipline of NCMEC: its grammar, our checks, and a submission that survives any crash."""
