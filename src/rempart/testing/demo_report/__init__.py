"""The demo of reports: one benign case goes out to everybody who is owed something, and the emulators are all there is
on the other side. `rempart demo report`."""
