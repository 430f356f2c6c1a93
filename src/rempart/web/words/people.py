"""Texts of signing in, of one's own account, and of the pages that manage people."""

WORDS: dict[str, tuple[str, str]] = {
    "people.title": ("People", "Personnes"),
}
