"""The part of the PowerShell grammar that the emulator understands, as trees of tuples. What is outside of it is a parser
error, as a misspelt script would be."""

import re

from emulator.values import PsError

KEYWORDS = {"function", "if", "foreach", "while", "try", "throw", "return", "exit", "break", "continue"}
COMPARISONS = {"-eq", "-ne", "-like", "-notlike", "-match", "-notmatch", "-contains", "-notcontains", "-in", "-notin",
               "-gt", "-lt", "-ge", "-le", "-replace", "-split", "-join", "-is", "-ceq"}
WORD = re.compile(r"[A-Za-z_?%\\/*.:][^\s(){}|;,&'\"]*")
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(:[A-Za-z_][A-Za-z0-9_]*)?|[?^$_]")
PARAMETER = re.compile(r"-([A-Za-z][A-Za-z]*)(:?)")
OPERATOR = re.compile(r"-[a-z]+(?![A-Za-z])", re.IGNORECASE)
NUMBER = re.compile(r"\d+(\.\d+)?(?![A-Za-z0-9_])")
TYPE = re.compile(r"\[([A-Za-z][A-Za-z0-9_.]*(\[\])?)\]")


class Parser:
    def __init__(self, source):
        self.source, self.at = source, 0
        self.commas = True  # make arrays; between arguments of a method they separate

    def fail(self, what):
        line = self.source.count("\n", 0, self.at) + 1
        near = self.source[self.at:self.at + 30].split("\n")[0]
        raise PsError("ParserError", f"At line:{line}: {what} near `{near}`", "ParserError")

    # --- characters

    def peek(self, ahead=0):
        return self.source[self.at + ahead:self.at + ahead + 1]

    def space(self, lines=False):
        while self.at < len(self.source):
            letter = self.peek()
            if letter in " \t" or (lines and letter in "\r\n"):
                self.at += 1
            elif letter == "`" and self.peek(1) == "\n":
                self.at += 2
            elif letter == "#":
                while self.at < len(self.source) and self.peek() != "\n":
                    self.at += 1
            else:
                return

    def take(self, literal):
        if self.source.startswith(literal, self.at):
            self.at += len(literal)
            return True
        return False

    def expect(self, literal):
        self.space(lines=True)
        if not self.take(literal):
            self.fail(f"missing `{literal}`")

    def matched(self, pattern):
        found = pattern.match(self.source, self.at)
        if found:
            self.at = found.end()
        return found

    def with_commas(self, allowed, part, *arguments):
        keep, self.commas = self.commas, allowed
        try:
            return part(*arguments)
        finally:
            self.commas = keep

    # --- statements

    def script(self):
        body = self.statements("")
        if self.at < len(self.source):
            self.fail("unexpected text")
        return body

    def statements(self, end):
        return self.with_commas(True, self.all_statements, end)

    def all_statements(self, end):
        body = []
        while True:
            self.space(lines=True)
            while self.take(";"):
                self.space(lines=True)
            if self.at >= len(self.source) or (end and self.peek() == end):
                return body
            body.append(self.statement())
            self.space()
            if self.at < len(self.source) and self.peek() not in "\r\n;" and self.peek() != end:
                self.fail("unexpected text")

    def braces(self):
        self.expect("{")
        body = self.statements("}")
        self.expect("}")
        return body

    def block(self):
        self.expect("{")
        self.space(lines=True)
        parameters = []
        if re.match(r"param\s*\(", self.source[self.at:], re.IGNORECASE):
            self.at = self.source.index("(", self.at)
            parameters = self.parameters()
        body = self.statements("}")
        self.expect("}")
        return ("block", parameters, body)

    def parameters(self):
        names = []
        self.expect("(")
        while True:
            self.space(lines=True)
            if self.take(")"):
                return names
            if not self.take("$"):
                self.fail("missing parameter")
            names.append(self.matched(NAME).group().lower())
            self.space(lines=True)
            self.take(",")

    def statement(self):
        word = re.match(r"[A-Za-z]+(?![\w-])", self.source[self.at:])
        keyword = word.group().lower() if word else ""
        if keyword in KEYWORDS:
            self.at += len(keyword)
            return getattr(self, "on_" + keyword)()
        return self.assignment()

    def on_function(self):
        self.space()
        name = self.matched(re.compile(r"[\w-]+")).group()
        self.space()
        parameters = self.parameters() if self.peek() == "(" else []
        return ("function", name, parameters, self.braces())

    def condition(self):
        self.expect("(")
        self.space(lines=True)
        test = self.pipeline()
        self.expect(")")
        return test

    def on_if(self):
        branches = [(self.condition(), self.braces())]
        while True:
            mark = self.at
            self.space(lines=True)
            if self.take("elseif"):
                branches.append((self.condition(), self.braces()))
            elif self.take("else"):
                return ("if", branches, self.braces())
            else:
                self.at = mark
                return ("if", branches, [])

    def on_foreach(self):
        self.expect("(")
        self.expect("$")
        name = self.matched(NAME).group().lower()
        self.space()
        if not self.take("in"):
            self.fail("missing `in`")
        self.space()
        items = self.pipeline()
        self.expect(")")
        return ("foreach", name, items, self.braces())

    def on_while(self):
        return ("while", self.condition(), self.braces())

    def on_try(self):
        body, caught, last = self.braces(), None, []
        mark = self.at
        self.space(lines=True)
        if self.take("catch"):
            caught = self.braces()
            mark = self.at
            self.space(lines=True)
        if self.take("finally"):
            return ("try", body, caught, self.braces())
        self.at = mark
        return ("try", body, caught, last)

    def rest(self):
        self.space()
        return None if self.at >= len(self.source) or self.peek() in "\r\n;}" else self.pipeline()

    def on_throw(self):
        return ("throw", self.rest())

    def on_return(self):
        return ("return", self.rest())

    def on_exit(self):
        return ("exit", self.rest())

    def on_break(self):
        return ("break",)

    def on_continue(self):
        return ("continue",)

    def assignment(self):
        if self.peek() == "$":
            mark = self.at
            target = self.postfix()
            self.space()
            for operator in ("+=", "="):
                if self.take(operator):
                    self.space(lines=True)
                    return ("assign", target, operator, self.statement())
            self.at = mark
        return self.pipeline()

    # --- pipelines and commands

    def pipeline(self):
        parts = [self.element()]
        while True:
            self.space()
            if self.peek() != "|":
                return parts[0] if len(parts) == 1 else ("pipe", parts)
            self.at += 1
            self.space(lines=True)
            parts.append(self.element())

    def element(self):
        if self.take("&"):
            self.space()
            return ("call", self.postfix(), self.arguments())
        if self.peek() in "$('\"@[{!," or self.peek().isdigit() or re.match(r"-(not\b|\d)", self.source[self.at:]):
            return self.expression()
        word = self.matched(WORD)
        if not word:
            self.fail("not a command")
        return ("command", word.group(), self.arguments())

    def arguments(self):
        found = []
        while True:
            self.space()
            if self.at >= len(self.source) or self.peek() in "|;)}\r\n":
                return found
            parameter = self.matched(PARAMETER)
            if parameter:
                self.space()
                attached = bool(parameter.group(2))
                found.append(("parameter", parameter.group(1), self.argument() if attached else None))
            elif self.peek() == "@" and self.peek(1) not in "({":
                self.at += 1
                found.append(("splat", self.matched(NAME).group().lower()))
            else:
                found.append(("value", self.argument()))

    def argument(self):
        items = [self.argument_item()]
        while True:
            mark = self.at
            self.space()
            if not self.take(","):
                self.at = mark
                return items[0] if len(items) == 1 else ("array", items)
            self.space(lines=True)
            items.append(self.argument_item())

    def argument_item(self):
        if self.peek() in "$('\"@{[":
            return self.postfix()
        if self.peek().isdigit() and (found := self.matched(NUMBER)):
            return ("literal", int(found.group()))
        word = self.matched(re.compile(r"[^\s(){}|;,'\"]+"))
        if not word:
            self.fail("not an argument")
        return ("expand", word.group())

    # --- expressions

    def expression(self):
        left = self.comparison()
        while True:
            mark = self.at
            self.space()
            operator = self.matched(re.compile(r"-(and|or)\b", re.IGNORECASE))
            if not operator:
                self.at = mark
                return left
            self.space(lines=True)
            left = ("logic", operator.group().lower(), left, self.comparison())

    def comparison(self):
        left = self.sum()
        while True:
            mark = self.at
            self.space()
            operator = self.matched(OPERATOR)
            if not operator or operator.group().lower() not in COMPARISONS:
                self.at = mark
                return left
            self.space(lines=True)
            left = ("binary", operator.group().lower(), left, self.sum())

    def sum(self):
        left = self.product()
        while True:
            mark = self.at
            self.space()
            if self.peek() not in "+-" or re.match(r"-[A-Za-z]|\+=", self.source[self.at:]) or not self.peek():
                self.at = mark
                return left
            operator = self.peek()
            self.at += 1
            self.space(lines=True)
            left = ("binary", operator, left, self.product())

    def product(self):
        left = self.formatted()
        while True:
            mark = self.at
            self.space()
            if not self.peek() or self.peek() not in "*/%":
                self.at = mark
                return left
            operator = self.peek()
            self.at += 1
            self.space(lines=True)
            left = ("binary", operator, left, self.formatted())

    def formatted(self):
        left = self.comma()
        mark = self.at
        self.space()
        if self.matched(re.compile(r"-f\b", re.IGNORECASE)):
            self.space(lines=True)
            return ("binary", "-f", left, self.comma())
        self.at = mark
        return left

    def comma(self):
        if not self.commas:
            return self.unary()
        if self.take(","):
            self.space()
            return ("array", [self.unary()])
        items = [self.unary()]
        while True:
            mark = self.at
            self.space()
            if not self.take(","):
                self.at = mark
                return items[0] if len(items) == 1 else ("array", items)
            self.space(lines=True)
            items.append(self.unary())

    def unary(self):
        if self.take("!") or self.matched(re.compile(r"-not\b", re.IGNORECASE)):
            self.space()
            return ("not", self.unary())
        if self.take("-"):
            return ("binary", "-", ("literal", 0), self.unary())
        cast = TYPE.match(self.source, self.at)
        if cast and not self.source.startswith("::", cast.end()):
            self.at = cast.end()
            self.space()
            if self.at >= len(self.source) or self.peek() in ")\r\n;},|" or OPERATOR.match(self.source, self.at):
                return ("type", cast.group(1))
            return ("cast", cast.group(1), self.unary())
        return self.postfix()

    def postfix(self):
        value = self.primary()
        while True:
            if self.take("::"):
                value = ("member", value, self.matched(NAME).group(), self.call(), True)
            elif self.peek() == "." and (self.peek(1).isalpha() or self.peek(1) in "_$'"):
                self.at += 1
                name = self.matched(NAME)
                value = ("member", value, name.group(), self.call(), False)
            elif self.peek() == "[":
                self.at += 1
                self.space(lines=True)
                index = self.pipeline()
                self.expect("]")
                value = ("index", value, index)
            else:
                return value

    def call(self):
        if self.peek() != "(":
            return None
        self.at += 1
        arguments = []
        while True:
            self.space(lines=True)
            if self.take(")"):
                return arguments
            arguments.append(self.with_commas(False, self.expression))
            self.space(lines=True)
            self.take(",")

    def primary(self):
        letter = self.peek()
        if letter == "$" and self.peek(1) == "(":
            self.at += 2
            body = self.statements(")")
            self.expect(")")
            return ("sub", body)
        if letter == "$":
            self.at += 1
            name = self.matched(NAME)
            if not name:
                self.fail("not a variable")
            return ("variable", name.group().lower())
        if letter == "@":
            return self.collection()
        if letter == "(":
            self.at += 1
            self.space(lines=True)
            inner = self.with_commas(True, self.statement)
            self.expect(")")
            return ("paren", inner)
        if letter == "{":
            return self.block()
        if letter in "'\"":
            return self.quoted()
        found = TYPE.match(self.source, self.at)
        if found:
            self.at = found.end()
            return ("type", found.group(1))
        found = self.matched(NUMBER)
        if found:
            return ("literal", float(found.group()) if "." in found.group() else int(found.group()))
        return self.fail("not an expression")

    def collection(self):
        self.at += 1
        if self.take("("):
            body = self.statements(")")
            self.expect(")")
            return ("list", body)
        self.expect("{")
        return ("hash", self.with_commas(True, self.pairs))

    def pairs(self):
        found = []
        while True:
            self.space(lines=True)
            while self.take(";"):
                self.space(lines=True)
            if self.take("}"):
                return found
            key = self.postfix() if self.peek() in "$'\"(" else ("literal", self.matched(NAME).group())
            self.expect("=")
            self.space(lines=True)
            found.append((key, self.statement()))
            self.space()

    def quoted(self):
        quote = self.peek()
        self.at += 1
        parts, piece = [], ""
        while True:
            if self.at >= len(self.source):
                self.fail("the string is missing the terminator")
            letter = self.peek()
            self.at += 1
            if letter == quote:
                if self.peek() != quote:
                    break
                self.at += 1
                piece += quote
            elif quote == '"' and letter == "`":
                piece += {"n": "\n", "t": "\t", "r": "\r", "0": "\0"}.get(self.peek(), self.peek())
                self.at += 1
            elif quote == '"' and letter == "$" and (self.peek() == "(" or NAME.match(self.source, self.at)):
                parts.append(("literal", piece))
                piece = ""
                self.at -= 1
                parts.append(self.primary())
            else:
                piece += letter
        parts.append(("literal", piece))
        return parts[0] if len(parts) == 1 else ("string", parts)
