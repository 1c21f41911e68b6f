"""What a test does on the explorer's page, and what it reads there."""


def wait_for(page, state):
    """Wait until the explorer says that this is how it is: waiting, playing, done or wrong."""
    page.wait_for_selector(f".sim-explorer[data-state={state}]")


def control(page, path, kind):
    """Return the slider (range) or the box (text) of a value."""
    return page.locator(f'[data-path="{path}"] input[type={kind}]')


def type_into(page, path, text):
    """Type a value into its box, wherever it is folded away."""
    box = control(page, path, "text")
    box.evaluate("one => one.closest('details')?.setAttribute('open', '')")
    box.fill(text)
    box.press("Tab")


def numbers(page):
    """Return what the table says: of each quantity, plan A, plan B and the difference."""
    return {
        row.get_attribute("data-name"): row.locator("td").all_inner_texts()
        for row in page.locator(".sim-numbers tbody tr").all()
    }
