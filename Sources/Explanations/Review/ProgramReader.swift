extension ProgramTracer {
  /// Python too: what a statement computes, as a formula in this program's own language, so that the line can be tried
  /// again with other inputs.
  static let reader = #"""
    class Reader(Calls):
        """Writes the right side of a statement as a formula of what was recorded before it: v12 is the thirteenth record.

        Whatever it cannot read makes the whole formula None; what it reads wrongly shows when the formula is tried."""

        OPERATORS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.MatMult: "@", ast.Pow: "**"}
        COMPARISONS = {ast.Gt: ">", ast.GtE: ">=", ast.Lt: "<", ast.LtE: "<=", ast.Eq: "==", ast.NotEq: "!="}

        def __init__(self, frame, index, lambdas):
            self.frame, self.index, self.lambdas = frame, index, lambdas
            self.calls, self.room = {}, 4000

        def read(self, node):
            try:
                return self.text(node, {})
            except Exception:
                return None

        def assigned(self, statement, target):
            """What a statement gives to one of its targets, the whole array where it changes a part of it."""
            try:
                if isinstance(statement, ast.Expr):
                    return self.added(statement.value)
                pairs = [(t, statement.value) for t in getattr(statement, "targets", [])]
                for whole, value in list(pairs):
                    if isinstance(whole, (ast.Tuple, ast.List)) and isinstance(value, (ast.Tuple, ast.List)) and len(whole.elts) == len(value.elts):
                        pairs += list(zip(whole.elts, value.elts))
                value = next((v for t, v in pairs if t is target), None)
                if isinstance(statement, ast.AugAssign):
                    value = ast.BinOp(target, statement.op, statement.value)
                if isinstance(statement, ast.AnnAssign):
                    value = statement.value
                if value is None:
                    return None
                if isinstance(target, ast.Subscript):
                    # What is recorded is the whole: a row of a list of rows may have the entries of something else.
                    try:
                        whole = fetch(target, self.frame)[1]
                    except Exception:
                        # A key that is new.
                        whole = None
                    inner, places = target, []
                    while isinstance(inner, ast.Subscript):
                        places = (inner.slice.elts if isinstance(inner.slice, ast.Tuple) else [inner.slice]) + places
                        inner = inner.value
                        try:
                            held = self.value(inner, {})
                        except Exception:
                            continue
                        if isinstance(held, list) and whole is not None and held is not whole:
                            continue
                        if not isinstance(held, dict) and self.index(held) is not None:
                            return self.part(statement, inner, held, places, value)
                return self.text(value, {})
            except Exception:
                return None

        def part(self, statement, base, held, places, value):
            whole = self.text(base, {})
            if len(places) == 2 and isinstance(statement, ast.AugAssign) and isinstance(places[0], ast.Call):
                # dZ[range(m), y] -= 1
                sign = {ast.Sub: "-", ast.Add: "+"}[type(statement.op)]
                return "(%s %s %s * onehot(%s, %d))" % (whole, sign, self.text(statement.value, {}), self.text(places[1], {}), held.shape[1])
            try:
                at = [int(self.value(p, {})) for p in places]
            except Exception:
                mask = self.text(places[0], {})
                if isinstance(statement, ast.AugAssign):
                    value = ast.BinOp(base, statement.op, statement.value)
                return "where(%s, %s, %s)" % (mask, self.text(value, {}), whole)
            sizes, rest = [], held
            while len(sizes) < 2 and hasattr(rest, "__len__"):
                sizes.append(len(rest))
                rest = rest[0]
            rows = ["eye(%d)[%d]" % (n, i % n) for n, i in zip(sizes, at)]
            mark = rows[0] if len(sizes) == 1 else "outer(%s, %s)" % tuple(rows) if len(rows) == 2 else "reshape(%s, %d, 1)" % (rows[0], sizes[0])
            return "(%s * (1 - %s) + %s * %s)" % (whole, mark, mark, self.text(value, {}))

        def added(self, call):
            name = call.func.attr
            if name in ("append", "insert"):
                return self.text(call.args[-1], {})
            if name == "at" and len(call.args) == 3:
                # np.add.at(dE, tokens, dX)
                return "(%s + onehot(%s, %d).T @ %s)" % (self.text(call.args[0], {}), self.text(call.args[1], {}), len(self.value(call.args[0], {})), self.text(call.args[2], {}))
            marks = {"add_": "+", "sub_": "-", "mul_": "*", "div_": "/"}
            if name in marks:
                return "(%s %s %s)" % (self.text(call.func.value, {}), marks[name], self.text(call.args[0], {}))
            return None

        # Values

        def value(self, node, env):
            """What a name, attribute or entry holds now; of calls only len and range are made."""
            if isinstance(node, ast.Constant):
                return node.value
            if isinstance(node, ast.Name):
                if node.id in env:
                    if isinstance(env[node.id], int):
                        return env[node.id]
                    raise KeyError
                scope = self.frame.f_locals if node.id in self.frame.f_locals else self.frame.f_globals
                return scope[node.id]
            if isinstance(node, ast.Attribute):
                return getattr(self.value(node.value, env), node.attr)
            if isinstance(node, ast.Subscript):
                return self.value(node.value, env)[self.place(node.slice, env)]
            if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.Not)):
                inner = self.value(node.operand, env)
                return -inner if isinstance(node.op, ast.USub) else not inner
            if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub, ast.Mult, ast.FloorDiv, ast.Mod, ast.Div)):
                a, b = self.value(node.left, env), self.value(node.right, env)
                if not isinstance(a, (int, float, str)) or not isinstance(b, (int, float, str)):
                    raise KeyError
                return {ast.Add: lambda: a + b, ast.Sub: lambda: a - b, ast.Mult: lambda: a * b, ast.FloorDiv: lambda: a // b,
                        ast.Mod: lambda: a % b, ast.Div: lambda: a / b}[type(node.op)]()
            if isinstance(node, ast.Compare) and len(node.ops) == 1:
                a, b = self.value(node.left, env), self.value(node.comparators[0], env)
                if not isinstance(a, (int, float, str, type(None))) or not isinstance(b, (int, float, str, type(None))):
                    raise KeyError
                return {ast.Gt: lambda: a > b, ast.GtE: lambda: a >= b, ast.Lt: lambda: a < b, ast.LtE: lambda: a <= b, ast.Eq: lambda: a == b,
                        ast.NotEq: lambda: a != b, ast.Is: lambda: a is b, ast.IsNot: lambda: a is not b}[type(node.ops[0])]()
            if isinstance(node, ast.JoinedStr):
                return "".join(str(self.value(part.value if isinstance(part, ast.FormattedValue) else part, env)) for part in node.values)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("len", "str", "int"):
                return {"len": len, "str": str, "int": int}[node.func.id](self.value(node.args[0], env))
            raise KeyError

        def place(self, node, env):
            if isinstance(node, ast.Slice):
                return slice(*[None if p is None else self.value(p, env) for p in (node.lower, node.upper, node.step)])
            if isinstance(node, ast.Tuple):
                return tuple(self.place(item, env) for item in node.elts)
            return self.value(node, env)

        # Formulas

        def text(self, node, env):
            self.room -= 1
            if self.room < 0:
                raise KeyError
            if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
                return repr(float(node.value)) if isinstance(node.value, float) else repr(int(node.value))
            if isinstance(node, ast.Name) and node.id in env:
                return env[node.id] if isinstance(env[node.id], str) else str(env[node.id])
            if isinstance(node, ast.Attribute) and node.attr in ("T", "mT"):
                return self.text(node.value, env) + ".T"
            if isinstance(node, (ast.Name, ast.Attribute, ast.Subscript)):
                return self.chain(node, env)
            if isinstance(node, ast.BinOp):
                if type(node.op) in self.OPERATORS:
                    return "(%s %s %s)" % (self.text(node.left, env), self.OPERATORS[type(node.op)], self.text(node.right, env))
                return repr(self.value(node, env))
            if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
                return "(-%s)" % self.text(node.operand, env)
            if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.UAdd):
                return self.text(node.operand, env)
            if isinstance(node, ast.Compare) and len(node.ops) == 1:
                return "(%s %s %s)" % (self.text(node.left, env), self.COMPARISONS[type(node.ops[0])], self.text(node.comparators[0], env))
            if isinstance(node, ast.IfExp):
                try:
                    return self.text(node.body if self.value(node.test, env) else node.orelse, env)
                except KeyError:
                    return "where(%s, %s, %s)" % tuple(self.text(n, env) for n in (node.test, node.body, node.orelse))
            if isinstance(node, (ast.List, ast.Tuple)):
                return "[%s]" % ", ".join(self.text(item, env) for item in node.elts)
            if isinstance(node, (ast.ListComp, ast.GeneratorExp)):
                return "[%s]" % ", ".join(self.items(node, env))
            if isinstance(node, ast.Call):
                return self.call(node, env)
            raise KeyError

        def chain(self, node, env):
            try:
                value = self.value(node, env)
            except Exception:
                value = None
            if isinstance(value, (bool, int)):
                return str(int(value))
            if value is not None:
                at = self.index(value)
                if at is not None:
                    return "v%d" % at
                if isinstance(value, float) and isinstance(node, (ast.Name, ast.Attribute)):
                    return repr(value)
            places = []
            if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Tuple) and len(node.slice.elts) == 2:
                # v[:, None] and v[None, :]
                marks = [isinstance(p, ast.Slice) and not (p.lower or p.upper or p.step) for p in node.slice.elts]
                if sorted(marks) == [False, True] and self.isNew(node.slice.elts[marks.index(False)]):
                    return "reshape(%s, %s)" % (self.text(node.value, env), "-1, 1" if marks[0] else "1, -1")
            while isinstance(node, ast.Subscript):
                parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
                places = [self.position(p, env) for p in parts] + places
                node = node.value
                if isinstance(node, ast.Call) or isinstance(node, ast.Name) and isinstance(env.get(node.id), str):
                    break
                try:
                    if self.index(self.value(node, env)) is not None:
                        break
                except Exception:
                    pass
            if not places:
                raise KeyError
            return "%s[%s]" % (self.text(node, env), ", ".join(places))

        def isNew(self, node):
            return isinstance(node, ast.Constant) and node.value is None or isinstance(node, ast.Attribute) and node.attr == "newaxis"

        def position(self, node, env):
            if isinstance(node, ast.Slice):
                return ":".join("" if p is None else str(int(self.value(p, env))) for p in (node.lower, node.upper))
            return str(int(self.value(node, env)))

        def items(self, node, env):
            def over(generators, env):
                if not generators:
                    return [self.text(node.elt, env)]
                found = []
                for item in self.each(generators[0].iter, env):
                    inner = dict(env)
                    self.bind(generators[0].target, item, inner)
                    if all(self.value(test, inner) for test in generators[0].ifs):
                        found += over(generators[1:], inner)
                return found
            return over(node.generators, env)

        def bind(self, target, item, env):
            if isinstance(target, ast.Name):
                env[target.id] = item
            else:
                for part, value in zip(target.elts, item):
                    self.bind(part, value, env)

        def each(self, node, env):
            """Of what a comprehension runs through: whole numbers, and texts of entries."""
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                if node.func.id == "range":
                    return list(range(*[self.value(a, env) for a in node.args]))
                if node.func.id == "zip":
                    return list(zip(*[self.each(a, env) for a in node.args]))
                if node.func.id == "enumerate":
                    return list(enumerate(self.each(node.args[0], env)))
                if node.func.id == "reversed":
                    return list(reversed(self.each(node.args[0], env)))
            text = self.text(node, env)
            try:
                count = len(self.value(node, env))
            except Exception:
                whole, _, rest = text.partition("[")
                raise KeyError
            if count > 400:
                raise KeyError
            if text.endswith("]"):
                return ["%s, %d]" % (text[:-1], i) for i in range(count)]
            return ["%s[%d]" % (text, i) for i in range(count)]
    """#
}
