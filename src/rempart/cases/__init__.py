"""The case desk: from notice to decision, danger first."""
