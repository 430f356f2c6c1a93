"""What comes in: public notices, items of hosts, bundles of partners, orders of authorities."""
