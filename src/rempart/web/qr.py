"""QR codes, drawn here: what they hold goes nowhere else."""

import qrcode
from markupsafe import Markup

QUIET_MODULES = 4  # the white rim that scanners need, in modules (ISO/IEC 18004)


def qr_svg(text: str, label: str) -> Markup:
    """The text as an SVG picture that says what it is. Black on white, whatever the page's colours."""
    drawn = qrcode.QRCode(border=QUIET_MODULES)
    drawn.add_data(text)
    drawn.make()
    rows: list[list[bool]] = drawn.get_matrix()
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    return Markup(
        '<svg class="qr" role="img" aria-label="{label}" viewBox="0 0 {size} {size}" shape-rendering="crispEdges">'
        '<path fill="#fff" d="M0 0h{size}v{size}h-{size}z"/><path fill="#000" d="{path}"/></svg>'
    ).format(label=label, size=len(rows), path=path)
