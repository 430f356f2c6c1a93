"""Where an address on the web is hosted: by whose machine, in whose network, in which country, and who says so."""
