"""A report as a reader's program sees it: its elements, its tables, its words."""

from html.parser import HTMLParser

VOID = {"meta", "br", "hr", "img", "wbr", "link", "input"}
HOSTILE = (
    "<script>window.broken = 1</script> \"A\" & 'b' \u202eturned\u0000 <img src=x onerror=x()>"
)


class Element:
    """An element with what is in it."""

    def __init__(self, name, attributes, parent):
        """Begin it."""
        self.name, self.attributes, self.parent, self.inside = name, attributes, parent, []

    def all(self, name):
        """Return the elements of this name that are in it, however deep, in their order."""
        found = []
        for one in self.inside:
            if isinstance(one, Element):
                found += [one] * (one.name == name) + one.all(name)
        return found

    def elements(self):
        """Return all elements in it."""
        below = [one for one in self.inside if isinstance(one, Element)]
        return below + [two for one in below for two in one.elements()]

    def text(self):
        """Return what can be read in it, on one line."""
        said = "".join(one.text() if isinstance(one, Element) else one for one in self.inside)
        return " ".join(said.split()) if self.name != "code" else said

    def by_id(self, name):
        """Return the element with this id."""
        return next(one for one in self.elements() if one.attributes.get("id") == name)

    def rows(self):
        """Return the cells of a table's rows that have as many as the table has columns."""
        rows = [
            [cell for cell in row.inside if isinstance(cell, Element)] for row in self.all("tr")
        ]
        return [[cell.text() for cell in row] for row in rows if len(row) > 1]


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.here = self.top = Element("", {}, None)

    def handle_starttag(self, tag, attrs):
        one = Element(tag, dict(attrs), self.here)
        self.here.inside.append(one)
        if tag not in VOID:
            self.here = one

    def handle_startendtag(self, tag, attrs):
        self.here.inside.append(Element(tag, dict(attrs), self.here))

    def handle_endtag(self, tag):
        assert tag == self.here.name, f"</{tag}> where <{self.here.name}> is open"
        self.here = self.here.parent

    def handle_data(self, data):
        self.here.inside.append(data)


def read_page(text):
    """Return the page; every element that is opened must be closed."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    assert reader.here is reader.top
    return reader.top
