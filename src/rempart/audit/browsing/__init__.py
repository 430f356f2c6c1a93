"""Reading the ledger a page or a period at a time, always of one organisation."""
