"""System.Xml.XmlDocument, as far as scripts use it, with the members that PowerShell adds: children and attributes by name.
What .NET documents of Save with PreserveWhitespace is what is written: each node as it was read, ` />` where nothing is within."""

from xml.dom import minidom
from xml.parsers.expat import ExpatError
from xml.sax.saxutils import escape, quoteattr

from emulator.values import Obj, PsError, text


def is_blank(node):
    return node.nodeType == node.TEXT_NODE and not node.data.strip()


def written(node):
    if node.nodeType == node.TEXT_NODE:
        return escape(node.data)
    if node.nodeType == node.COMMENT_NODE:
        return f"<!--{node.data}-->"
    if node.nodeType == node.DOCUMENT_NODE:
        return "".join(written(child) for child in node.childNodes)
    attributes = "".join(f" {name}={quoteattr(value)}" for name, value in node.attributes.items())
    inside = "".join(written(child) for child in node.childNodes)
    return f"<{node.tagName}{attributes}>{inside}</{node.tagName}>" if node.childNodes else f"<{node.tagName}{attributes} />"


def held(node):
    return None if node is None else Node(node)


class Node(Obj):
    def __init__(self, node):
        super().__init__(kind="XmlElement", methods={
            "RemoveChild": lambda _, child: held(self.node.removeChild(child.node)),
            "InsertAfter": self.insert_after,
            "CloneNode": lambda _, deep: held(self.node.cloneNode(deep)),
            "RemoveAttribute": lambda _, name: self.node.removeAttribute(name)})
        self.node = node

    def insert_after(self, _, child, place):
        self.node.insertBefore(child.node, place.node.nextSibling)
        return child

    def get(self, name):
        own = {"previoussibling": lambda node: held(node.previousSibling), "firstchild": lambda node: held(node.firstChild),
               "namespaceuri": lambda node: node.namespaceURI,
               "nodetype": lambda node: "Whitespace" if is_blank(node) else "Element"}.get(name.lower())
        return own(self.node) if own else self.adapted(name.lower())

    def adapted(self, name):
        found = [plain(child) for child in self.node.childNodes
                 if child.nodeType == child.ELEMENT_NODE and child.localName.lower() == name]
        found += [value for known, value in (self.node.attributes or {}).items() if known.lower() == name]
        return None if not found else found[0] if len(found) == 1 else found


def plain(element):
    """An element of nothing but text is that text."""
    inside = element.childNodes
    if not element.attributes and inside and all(child.nodeType == child.TEXT_NODE for child in inside):
        return "".join(child.data for child in inside)
    return Node(element)


class XmlDocument(Node):
    def __init__(self):
        super().__init__(None)
        self.keeps_blanks = False
        self.methods = {"LoadXml": lambda _, source: self.load(text(source)),
                        "Load": lambda shell, path: self.load(shell.world.path(path).read_text(encoding="utf-8-sig")),
                        "Save": self.save, "ImportNode": lambda _, other, deep: held(self.node.importNode(other.node, deep))}

    def load(self, source):
        try:
            self.node = minidom.parseString(source.encode())
        except ExpatError as error:
            raise PsError("XmlException", f"The document is not well-formed: {error}") from None

    def save(self, shell, path):
        if not self.keeps_blanks:
            raise PsError("NotEmulated", "Save without PreserveWhitespace lays the document out anew")
        shell.world.path(path).write_text(written(self.node), encoding="utf-8")

    def get(self, name):
        if name.lower() == "documentelement":
            return Node(self.node.documentElement)
        return super().get(name)

    def set(self, name, value):
        if name.lower() != "preservewhitespace":
            raise PsError("PropertyNotFound", f"The property '{name}' cannot be found on this object.")
        self.keeps_blanks = value
