"""What goes out to authorities: one folder per recipient; each builds, checks, sends and keeps receipts."""
