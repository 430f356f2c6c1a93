"""Orders of authorities: each with its clock, who verified its sender, and what effect was given to it."""
