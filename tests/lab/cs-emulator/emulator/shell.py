"""Runs parsed scripts: scopes, pipelines, operators, errors. Commands come from the tables that are handed in."""

import fnmatch
import re

from emulator import dotnet
from emulator.parser import Parser
from emulator.values import Block, Date, Enum, Hash, Obj, PsError, number, text, truth


class Leave(Exception):
    def __init__(self, how, values=()):
        super().__init__(how)
        self.how, self.values = how, list(values)


class Exit(Exception):
    def __init__(self, code):
        super().__init__(code)
        self.code = code


class Shell:
    def __init__(self, commands, world, stdin, stdout, environment):
        self.commands = {name.lower(): command for name, command in commands.items()}
        self.world, self.stdin, self.stdout = world, stdin, stdout
        self.environment = {name.lower(): value for name, value in environment.items()}
        self.scopes = [{"true": True, "false": False, "null": None, "erroractionpreference": "Continue",
                        "lastexitcode": 0, "home": "C:\\Users\\poolshift", "psversiontable": Hash(PSVersion="5.1.14393.2248")}]
        self.functions = {}
        self.reader, self.writer = None, None  # what Console.SetIn and SetOut were given

    def run(self, source):
        return self.body(Parser(source).script())

    # --- scopes

    def look(self, name):
        if name.startswith("env:"):
            return self.environment.get(name[4:])
        for scope in reversed(self.scopes):
            if name in scope:
                return scope[name]
        return None

    def invoke(self, block, arguments=(), names=None):
        """A function or script block in a scope of its own; what it returns or leaves behind."""
        scope = {"args": list(arguments)}
        for index, name in enumerate(block.parameters):
            scope[name] = arguments[index] if index < len(arguments) else None
        scope.update(names or {})
        self.scopes.append(scope)
        try:
            return self.body(block.body)
        except Leave as left:
            if left.how != "return":
                raise
            return left.values
        finally:
            self.scopes.pop()

    def each(self, block, item):
        return self.invoke(block, (), {"_": item})

    # --- statements; each gives the list of objects that it leaves behind

    def body(self, statements):
        out = []
        for statement in statements:
            try:
                out += self.statement(statement)
            except Leave as left:
                left.values = out + left.values
                raise
        return out

    def statement(self, node):
        handler = getattr(self, "do_" + node[0], None)
        if handler:
            return handler(*node[1:])
        return self.objects(node)

    def do_function(self, name, parameters, body):
        self.functions[name.lower()] = Block(parameters, body)
        return []

    def do_if(self, branches, otherwise):
        for test, body in branches:
            if truth(self.value(test)):
                return self.body(body)
        return self.body(otherwise)

    def do_foreach(self, name, items, body):
        out = []
        for item in self.objects(items):
            self.scopes[-1][name] = item
            try:
                out += self.body(body)
            except Leave as left:
                if left.how == "return":
                    left.values = out + left.values
                    raise
                out += left.values
                if left.how == "break":
                    break
        return out

    def do_while(self, test, body):
        out = []
        while truth(self.value(test)):
            out += self.body(body)
        return out

    def do_try(self, body, caught, last):
        try:
            return self.body(body)
        except PsError as error:
            if caught is None:
                raise
            self.scopes[-1]["_"] = record(error)
            return self.body(caught)
        finally:
            self.body(last)

    def do_throw(self, what):
        value = text(self.value(what))
        raise PsError(value, value, "OperationStopped")

    def do_return(self, what):
        raise Leave("return", [] if what is None else self.objects(what))

    def do_break(self):
        raise Leave("break")

    def do_continue(self):
        raise Leave("continue")

    def do_exit(self, what):
        raise Exit(0 if what is None else int(number(self.value(what))))

    def do_assign(self, target, operator, statement):
        found = self.statement(statement)
        value = found[0] if len(found) == 1 else (None if not found else found)
        if statement[0] in ("list", "array") or (statement[0] == "cast" and statement[1].endswith("[]")):
            value = self.expression(statement)
        if operator == "+=":
            old = self.expression(target)
            value = dotnet.add(old, value)
        self.store(target, value)
        return []

    def store(self, target, value):
        if target[0] == "variable":
            self.scopes[-1][target[1]] = value
        elif target[0] == "member":
            owner = self.expression(target[1])
            owner.set(target[2], value) if isinstance(owner, Obj) else owner.__setitem__(target[2], value)
        elif target[0] == "index":
            self.expression(target[1])[self.value(target[2])] = value
        else:
            raise PsError("InvalidLeftHandSide", "The assignment expression is not valid.", "ParserError")

    # --- pipelines

    def objects(self, node):
        """The objects that a pipeline sends on: arrays are taken apart, once."""
        kind = node[0]
        if kind == "pipe":
            stream = self.objects(node[1][0])
            for part in node[1][1:]:
                stream = self.command(part, stream)
            return stream
        if kind in ("command", "call"):
            return self.command(node, None)
        value = self.statement(node) if "do_" + kind in dir(self) else self.expression(node)
        if isinstance(value, (list, tuple)):
            return list(value)
        void = kind == "member" and node[3] is not None  # of a method that returns nothing
        if value is None and (void or kind not in ("variable", "member", "index", "paren", "literal")):
            return []
        return [value]

    def command(self, node, stream):
        if node[0] == "call":
            return self.call(self.expression(node[1]), node[2])
        if node[0] != "command":
            raise PsError("ExpressionsMustBeFirstInPipeline", "Expressions are only allowed as the first element of a "
                          "pipeline.", "ParserError")
        name = node[1].lower()
        named, positional = self.arguments(node[2])
        if name in self.functions:
            return self.invoke(self.functions[name], positional)
        command = self.commands.get(name)
        if command is None:
            raise PsError("CommandNotFoundException", f"The term '{node[1]}' is not recognized as the name of a cmdlet, "
                          "function, script file, or operable program. Check the spelling of the name, or if a path was "
                          "included, verify that the path is correct and try again.", "ObjectNotFound", node[1])
        try:
            return command.run(self, named, positional, stream)
        except PsError as error:
            error.command = error.command or command.name
            action = named.look("ErrorAction") if isinstance(named, Hash) else None
            if text(action) == "SilentlyContinue":
                return []
            raise

    def call(self, what, arguments):
        named, positional = self.arguments(arguments)
        if isinstance(what, Block):
            return self.invoke(what, positional)
        return self.commands["\0program"].run(self, named, [what] + positional, None)

    def arguments(self, nodes):
        """Parameters by name, in one hashtable; a switch without a value is followed by nothing that could be one."""
        named, positional, index = Hash(), [], 0
        while index < len(nodes):
            kind, *rest = nodes[index]
            index += 1
            if kind == "splat":
                splatted = self.look(rest[0])
                for key, value in splatted.items():
                    named[key] = value
            elif kind == "value":
                positional.append(self.value(rest[0]))
            elif rest[1] is not None:
                named[rest[0]] = self.value(rest[1])
            elif index < len(nodes) and nodes[index][0] == "value" and rest[0].lower() not in dotnet.SWITCHES:
                named[rest[0]] = self.value(nodes[index][1])
                index += 1
            else:
                named[rest[0]] = True
        return named, positional

    # --- expressions

    def value(self, node):
        found = self.objects(node) if node[0] in ("pipe", "command", "call") else self.expression(node)
        if node[0] in ("pipe", "command", "call"):
            return None if not found else found[0] if len(found) == 1 else found
        return found

    def expression(self, node):
        kind = node[0]
        handler = getattr(self, "get_" + kind, None)
        if handler:
            return handler(*node[1:])
        found = self.statement(node)
        return None if not found else found[0] if len(found) == 1 else found

    def get_literal(self, value):
        return value

    def get_expand(self, word):
        if "$" not in word:
            return word
        return self.expression(Parser('"' + word + '"').quoted())

    def get_string(self, parts):
        return "".join(text(self.expression(part)) for part in parts)

    def get_variable(self, name):
        return self.look(name)

    def get_sub(self, body):
        found = self.body(body)
        return None if not found else found[0] if len(found) == 1 else found

    def get_paren(self, statement):
        if statement[0] == "array":
            return self.expression(statement)
        return self.value(statement) if "do_" + statement[0] not in dir(self) else self.get_sub([statement])

    def get_list(self, body):
        return self.body(body)

    def get_array(self, items):
        return [self.expression(item) for item in items]

    def get_hash(self, pairs):
        made = Hash()
        for key, statement in pairs:
            name = self.value(key)
            self.store(("index", ("made", made), ("literal", name)), None)
            made[name] = self.assigned(statement)
        return made

    def get_made(self, value):
        return value

    def assigned(self, statement):
        if statement[0] in ("list", "array"):
            return self.expression(statement)
        found = self.statement(statement)
        return None if not found else found[0] if len(found) == 1 else found

    def get_block(self, parameters, body):
        return Block(parameters, body)

    def get_type(self, name):
        return dotnet.type_named(name)

    def get_cast(self, name, operand):
        return dotnet.cast(name, self.expression(operand))

    def get_not(self, operand):
        return not truth(self.expression(operand))

    def get_logic(self, operator, left, right):
        if operator == "-and":
            return truth(self.value(left)) and truth(self.value(right))
        return truth(self.value(left)) or truth(self.value(right))

    def get_index(self, owner, index):
        held, at = self.expression(owner), self.value(index)
        if isinstance(held, Hash):
            return held.look(at)
        if isinstance(held, (list, bytes, str)):
            at = int(number(at))
            return held[at] if -len(held) <= at < len(held) else None
        if held is None:
            raise PsError("NullArray", "Cannot index into a null array.", "InvalidOperation")
        return held if number(at) == 0 else None

    def get_member(self, owner, name, arguments, static):
        held = self.expression(owner)
        if arguments is None:
            return dotnet.member(self, held, name, static)
        return dotnet.method(self, held, name, [self.value(item) for item in arguments], static)

    def get_binary(self, operator, left, right):
        a, b = self.value(left), self.value(right)
        if operator == "-is":
            return dotnet.is_of(a, b)
        if operator in ("+", "-", "*", "/", "%"):
            return dotnet.arithmetic(operator, a, b)
        if operator == "-f":
            return dotnet.formatted(a, b if isinstance(b, list) else [b])
        return compare(operator, a, b)


def same(a, b):
    if a is None or b is None:  # $null equals nothing else, not even the empty string
        return a is None and b is None
    if isinstance(a, (str, Enum)) or isinstance(b, (str, Enum)):
        return text(a).lower() == text(b).lower()
    if isinstance(a, Date) and isinstance(b, Date):
        return a.moment == b.moment
    return a == b


def compare(operator, a, b):
    if isinstance(a, list) and operator in ("-eq", "-ne", "-like", "-notlike", "-match"):
        return [item for item in a if compare(operator, item, b)]
    if operator in ("-eq", "-ceq"):
        return same(a, b)
    if operator == "-ne":
        return not same(a, b)
    if operator in ("-like", "-notlike"):
        return fnmatch.fnmatchcase(text(a).lower(), text(b).lower()) == (operator == "-like")
    if operator in ("-match", "-notmatch"):
        return bool(re.search(text(b), text(a), re.IGNORECASE)) == (operator == "-match")
    if operator in ("-contains", "-notcontains", "-in", "-notin"):
        many, one = (a, b) if "contains" in operator else (b, a)
        many = many if isinstance(many, list) else [many]
        return any(same(item, one) for item in many) == (operator in ("-contains", "-in"))
    if operator in ("-gt", "-lt", "-ge", "-le"):
        if isinstance(a, Date):
            x, y = a.moment, b.moment
        else:
            x, y = number(a), number(b)
        return {"-gt": x > y, "-lt": x < y, "-ge": x >= y, "-le": x <= y}[operator]
    if operator == "-replace":
        pattern, by = b if isinstance(b, list) else (b, "")
        return re.sub(text(pattern), text(by), text(a), flags=re.IGNORECASE)
    if operator == "-split":
        return re.split(text(b), text(a), flags=re.IGNORECASE)
    return text(b).join(text(item) for item in (a if isinstance(a, list) else [a]))


def record(error):
    return Obj({"FullyQualifiedErrorId": error.error_id,
                "Exception": Obj({"Message": error.message}, "Exception"),
                "CategoryInfo": Obj({"Category": Enum(error.category, 0)}, "CategoryInfo"),
                "InvocationInfo": Obj({"MyCommand": error.command or None}, "InvocationInfo")}, "ErrorRecord")
