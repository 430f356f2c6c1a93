"""What partner hotlines and providers send in bulk: rows become cases; none is dropped."""
