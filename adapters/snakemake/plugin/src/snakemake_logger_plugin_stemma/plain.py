"""Snakemake's objects as plain values that JSON can hold."""

# Deeper and longer values are left as their text.
DEEPEST = 8
LONGEST = 20_000


def plain(value, depth=0):
    """A JSON value; what is none becomes its text. Never raises."""
    try:
        return _plain(value, depth)
    except Exception:
        return _text(value)


def _plain(value, depth):
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return value  # most are
    if isinstance(value, (bool, int)):
        return value if not isinstance(value, int) or abs(value) < 2**53 else repr(value)
    if isinstance(value, float):
        return value if value == value and abs(value) != float("inf") else repr(value)
    if isinstance(value, str):
        return str(value)  # a subclass that carries flags
    if depth >= DEEPEST:
        return _text(value)
    if isinstance(value, dict):
        return {_text(name): plain(item, depth + 1) for name, item in value.items()}
    if isinstance(value, (list, tuple)) and not _is_named(value):
        return [plain(item, depth + 1) for item in value]
    if isinstance(value, (set, frozenset)):
        return sorted((plain(item, depth + 1) for item in value), key=str)
    if _is_named(value):
        named = list(value.items())
        if named:
            return {_text(name): plain(item, depth + 1) for name, item in named}
        return [plain(item, depth + 1) for item in value]
    return _text(value)


def _is_named(value):
    """Snakemake's lists whose members can have names: resources, wildcards, inputs."""
    return hasattr(value, "items") and hasattr(value, "_names")


def _text(value):
    try:
        text = value if isinstance(value, str) else str(value)
        return text if len(text) <= LONGEST else text[:LONGEST] + "…"
    except Exception:
        return "<" + type(value).__name__ + ">"
