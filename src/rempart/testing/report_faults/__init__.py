"""The fault campaign of reports: the authority fails in every way, the worker is killed at every step, and each report
is finished once. `python -m rempart.testing.report_faults --runs 300`."""
