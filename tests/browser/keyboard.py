"""A visitor without a mouse: goes on with Tab, and must see at each stop where the focus is."""

from playwright.sync_api import Page

MOST_STOPS = 60
RING = """() => {
  const drawn = (place) => {
    const style = place && getComputedStyle(place);
    return style && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  };
  const focused = document.activeElement;
  if (focused.type === "date") return true; // the browser rings the button inside by itself
  return drawn(focused) || drawn(focused.closest(".card"));
}"""
NAME = """() => {
  const focused = document.activeElement;
  const label = focused.labels && focused.labels[0];
  return focused === document.body ? "" : (label || focused).innerText.trim();
}"""


def go_to(page: Page, name: str) -> None:
    """Presses Tab until the focus is on what is called `name`; each stop on the way must show the focus."""
    passed: list[str] = []
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        here = str(page.evaluate(NAME))
        if not here:
            continue
        assert page.evaluate(RING), f"the focus on {here!r} cannot be seen"
        if here.startswith(name):
            return
        passed.append(here)
    raise AssertionError(f"Tab does not lead to {name!r}, only to {passed}")


def press(page: Page, name: str) -> None:
    """Goes to a link or button that leads to another page, and presses Enter."""
    go_to(page, name)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def write(page: Page, name: str, *, text: str) -> None:
    """Goes to a field and writes into it."""
    go_to(page, name)
    page.keyboard.type(text)
