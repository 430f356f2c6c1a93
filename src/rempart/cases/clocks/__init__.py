"""Duties that run against time: started by a rule of law, paused for its reasons, ended by an act, never forgotten."""
