"""What the Digital Services Act asks of a host besides reports to authorities."""
