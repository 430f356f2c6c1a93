"""What is not needed any more goes: by hand with a certificate, and by itself after a time."""
