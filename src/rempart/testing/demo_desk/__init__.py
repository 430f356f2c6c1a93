"""The demo of the case desk: people, lists and a month of benign cases, told by the real features. Nothing real, ever.

Its passwords are known to everybody: a desk that holds it answers on loopback only.
"""
