"""Addresses as they may stand on a page: readable, and nothing that a click or a program follows by mistake."""


def defanged(url: str) -> str:
    """The address made harmless: `https://dragon.example/a` is `hxxps://dragon[.]example/a`.

    Written into a form of ours it is understood again, see `intake.urls`.
    """
    scheme, mark, rest = url.partition("://")
    if not mark:
        scheme, rest = "", url
    host, slash, path = rest.partition("/")
    return scheme.replace("http", "hxxp") + mark + host.replace(".", "[.]") + slash + path
