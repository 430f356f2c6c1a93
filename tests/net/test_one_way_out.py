"""Nothing in the house opens a connection but the room `net`."""

import ast
from pathlib import Path

import rempart

SOURCE = Path(rempart.__file__).parent
CLIENTS = {
    "aiohttp",
    "ftplib",
    "http.client",
    "httpcore",
    "httpx",
    "imaplib",
    "poplib",
    "requests",
    "smtplib",
    "telnetlib",
    "urllib.request",
    "urllib3",
    "xmlrpc.client",
}
OPENING = {"create_connection", "getaddrinfo", "gethostbyname", "open_connection", "wrap_socket", "urlopen"}
# It looks up the address to listen on.
LISTENS = SOURCE / "cli" / "serve.py"
ELSEWHERE = [path for path in SOURCE.rglob("*.py") if path.relative_to(SOURCE).parts[0] not in ("net", "testing")]


def imported(tree: ast.AST) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def opens_a_connection(path: Path) -> bool:
    tree = ast.parse(path.read_text())
    named = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    named |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return bool(imported(tree) & CLIENTS or (named & OPENING and path != LISTENS))


def test_no_other_room_has_a_client() -> None:
    assert len(ELSEWHERE) > 300
    assert [path for path in ELSEWHERE if opens_a_connection(path)] == []


def test_the_search_finds_a_client(tmp_path: Path) -> None:
    for line in ("import urllib.request", "from http import client", "import socket\nsocket.create_connection"):
        (tmp_path / "a.py").write_text(line)
        assert opens_a_connection(tmp_path / "a.py")
