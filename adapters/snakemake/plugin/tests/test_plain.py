import json

from snakemake_logger_plugin_stemma.plain import plain


class Named(list):
    def __init__(self, items, names):
        super().__init__(items)
        self._names = names

    def items(self):
        return [(name, self[at]) for name, at in self._names.items()]


class Broken:
    def __str__(self):
        raise RuntimeError("no text")


def test_values_that_json_holds_stay():
    assert plain({"a": [1, 2.5, None, True, "x"]}) == {"a": [1, 2.5, None, True, "x"]}


def test_named_lists_become_objects_and_unnamed_ones_lists():
    assert plain(Named([2, "/tmp"], {"mem_mb": 0, "tmpdir": 1})) == {"mem_mb": 2, "tmpdir": "/tmp"}
    assert plain(Named(["a"], {})) == ["a"]


def test_everything_else_becomes_text_and_nothing_raises():
    loop = []
    loop.append(loop)
    for value in [float("nan"), float("inf"), 2**80, b"\xff", {3}, object(), Broken(), loop, {Broken(): 1}]:
        json.dumps(plain(value), allow_nan=False)


def test_long_text_is_cut():
    assert len(plain(Exception("x" * 1_000_000))) < 30_000
