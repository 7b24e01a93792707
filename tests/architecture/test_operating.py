"""docs/operating.md names every setting that the program reads, and no other."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "operating.md").read_text("utf-8")
READ = re.compile(r'(?:environment|self)\.(?:text|optional|secret|flag|number|names|folder)\(\s*"([A-Z0-9_]+)"')
SOURCES = [*ROOT.glob("*/settings.py"), ROOT / "service" / "trusting.py", ROOT / "registry" / "app.py"]


def settings_read() -> set[str]:
    return {name for source in SOURCES for name in READ.findall(source.read_text("utf-8"))}


def test_every_setting_is_told() -> None:
    missing = {name for name in settings_read() if not re.search(rf"\b(?:\w+_)?{name}\b", TEXT)}
    assert missing == set()


def test_every_setting_that_is_told_is_read() -> None:
    rows = [line.split("|")[1] for line in TEXT.splitlines() if line.startswith("| `")]
    told = {name for cell in rows for name in re.findall(r"`(?:<P>_)?([A-Z][A-Z0-9_]+)`", cell)}
    known = settings_read()
    unknown = {name for name in told if not {name, name.partition("_")[2]} & known}
    assert told
    assert unknown == set()
