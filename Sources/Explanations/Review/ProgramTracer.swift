/// Python's side of `review`: it runs a program and writes down what each line assigned. It uses nothing but the standard
/// library, and asks NumPy's and PyTorch's arrays for their entries by their own methods.
///
/// `python3 -c SOURCE FILE DESCRIPTOR BYTES ARGUMENT…`; the records, one a line, fields apart by tabs:
/// v or s (the same bits as before), line, function, variable, type, extents, loops with their turns, holder, how it was
/// assigned (n anew, r from itself, c in place), the entries as hexadecimal digits of little-endian doubles, and the
/// formula by which the line made it, of earlier records: v0 is the first.
/// E, line, message: why it ended early.
package enum ProgramTracer {
  package static let source = [imports, reader, recorder].joined(separator: "\n\n")

  private static let imports = "import ast, os, struct, sys, types"

  private static let recorder = #"""
    def trace(path, arguments, out, budget):
        """Runs the program at `path` and writes a record for every number, list, array or tensor that one of its lines assigned."""
        with open(path, "rb") as file:
            source = file.read()
        folder = os.path.dirname(os.path.abspath(path))
        main = os.path.abspath(path)
        write = os.fdopen(out, "wb", buffering=1 << 16).write
        stream = write.__self__
        spent = 0
        last = {}

        def emit(*fields):
            stream.write(("\t".join(str(f).replace("\t", " ").replace("\n", " ") for f in fields) + "\n").encode("utf-8", "replace"))

        try:
            tree = ast.parse(source, main)
            code = compile(tree, main, "exec", dont_inherit=True)
        except (SyntaxError, ValueError) as error:
            emit("E", getattr(error, "lineno", 0) or 0, "not Python: " + str(getattr(error, "msg", error)))
            stream.flush()
            return 1

        simple, headers = {}, {}
        lambdas = [node for node in ast.walk(tree) if isinstance(node, ast.Lambda)]
        inline = ("<listcomp>", "<genexpr>", "<dictcomp>", "<setcomp>", "<lambda>")

        def chain(node):
            while isinstance(node, (ast.Attribute, ast.Subscript, ast.Starred)):
                node = node.value
            return isinstance(node, ast.Name)

        def targets(node):
            if isinstance(node, (ast.Tuple, ast.List)):
                return [t for item in node.elts for t in targets(item)]
            return [node] if chain(node) else []

        def assigned(statement):
            """Targets of a statement, and whether it changes a value that was there before."""
            found, changed = [], ""
            if isinstance(statement, ast.Assign):
                for target in statement.targets:
                    found += targets(target)
                read = {ast.dump(n).replace("Load()", "Store()") for n in ast.walk(statement.value) if isinstance(n, (ast.Name, ast.Attribute, ast.Subscript))}
                changed = "r" if any(ast.dump(target) in read for target in found) else ""
            elif isinstance(statement, (ast.AugAssign, ast.AnnAssign)):
                if getattr(statement, "value", None) is not None:
                    found += targets(statement.target)
                changed = "c" if isinstance(statement, ast.AugAssign) else ""
            elif isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
                call = statement.value
                if isinstance(call.func, ast.Attribute) and call.func.attr == "at" and call.args and chain(call.args[0]):
                    found.append(call.args[0])
                    changed = "c"
                elif isinstance(call.func, ast.Attribute) and chain(call.func.value):
                    if call.func.attr in ("append", "insert", "update", "fill", "copy_", "add_", "sub_", "mul_", "div_", "zero_"):
                        found.append(call.func.value)
                        changed = "" if call.func.attr in ("append", "insert", "update") else "c"
                for word in call.keywords:
                    if word.arg == "out" and chain(word.value):
                        found.append(word.value)
            for node in ast.walk(statement):
                if isinstance(node, ast.NamedExpr):
                    found.append(node.target)
            return found, changed

        def visit(body, loops):
            for statement in body:
                if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
                    visit(statement.body, [])
                elif isinstance(statement, ast.ClassDef):
                    visit(statement.body, [])
                elif hasattr(statement, "body") and isinstance(statement.body, list):
                    inner = loops
                    if isinstance(statement, (ast.For, ast.While, ast.AsyncFor)):
                        inner = loops + [statement.lineno]
                        headers[statement.lineno] = (statement, inner)
                        if isinstance(statement, ast.For):
                            simple.setdefault(statement.lineno, []).append((statement, (targets(statement.target), ""), loops))
                    visit(statement.body, inner)
                    for other in ("orelse", "finalbody"):
                        visit(getattr(statement, other, []) or [], loops)
                    for handler in getattr(statement, "handlers", []) or []:
                        visit(handler.body, loops)
                    for case in getattr(statement, "cases", []) or []:
                        visit(case.body, loops)
                else:
                    entry = (statement, assigned(statement), loops)
                    for line in range(statement.lineno, (statement.end_lineno or statement.lineno) + 1):
                        if line == statement.lineno or line not in simple:
                            simple.setdefault(line, []).append(entry)

        visit(tree.body, [])

        def isScalar(value):
            """A number with its gradient, an object of the program's own."""
            if type(value).__module__ != "__main__" or not hasattr(value, "grad"):
                return False
            return isinstance(getattr(value, "data", None), (int, float)) and isinstance(value.grad, (int, float))

        def gradient(value):
            if isinstance(value, (list, tuple)):
                parts = [gradient(item) for item in value]
                return None if any(p is None for p in parts) else parts
            # PyTorch warns of gradients that it does not keep.
            return getattr(value, "grad", None) if getattr(value, "is_leaf", True) or getattr(value, "retains_grad", False) else None

        def numbers(value, depth=0):
            """(kind, shape, list of floats or bytes) of what holds numbers; None of anything else."""
            if isinstance(value, bool):
                return ("int", (), [float(value)])
            if isinstance(value, int):
                return ("int", (), [float(value)]) if abs(value) < 1 << 1000 else None
            if isinstance(value, float):
                return ("float64", (), [value])
            kind = type(value)
            module = kind.__module__ or ""
            if isScalar(value):
                return ("float64", (), [float(value.data)])
            if module.split(".")[0] == "numpy" and hasattr(value, "dtype") and hasattr(value, "tobytes"):
                if value.dtype.kind not in "fiub" or value.size > 4_000_000:
                    return None
                name = "int" if value.dtype.kind in "iub" else str(value.dtype)
                return (name, tuple(value.shape), value.astype("<f8", order="C").tobytes())
            if module.split(".")[0] == "torch" and hasattr(value, "detach") and hasattr(value, "numel"):
                if value.numel() > 4_000_000 or value.is_complex():
                    return None
                name = str(value.dtype).split(".")[-1]
                name = name if name.startswith("float") or name.startswith("bfloat") else "int"
                flat = value.detach().cpu().double().reshape(-1).tolist()
                return (name, tuple(value.shape), flat)
            if isinstance(value, (list, tuple)) and value and depth < 8 and len(value) <= 1_000_000:
                parts = [numbers(item, depth + 1) for item in value]
                if any(p is None for p in parts) or any(p[1] != parts[0][1] for p in parts):
                    return None
                flat = []
                for p in parts:
                    data = p[2]
                    flat += struct.unpack("<%dd" % (len(data) // 8), data) if isinstance(data, bytes) else data
                name = next((p[0] for p in parts if p[0] != "int"), "int")
                return (name, (len(value),) + parts[0][1], flat)
            return None

        tape = {}
        seen = {}
        count = 0

        def content(found):
            kind, shape, data = found
            return shape, data if isinstance(data, bytes) else struct.pack("<%dd" % len(data), *data)

        def index(value):
            """The record that has these bits; whole numbers are no records."""
            found = numbers(value)
            if found is None or isinstance(value, (int, float)) and value == int(value):
                return None
            return seen.get(hash(content(found)))

        def record(line, function, turns, label, value, depth=0, changed="", holder=0, formula=None):
            nonlocal spent, count
            found = numbers(value)
            if found is None:
                if depth > 2:
                    return
                if isinstance(value, dict):
                    for key, item in list(value.items())[:400]:
                        if isinstance(key, (str, int)):
                            record(line, function, turns, "%s[%s]" % (label, ('"%s"' % key) if isinstance(key, str) else key), item, depth + 1)
                elif isinstance(value, (list, tuple)):
                    for index, item in enumerate(value[:400]):
                        record(line, function, turns, "%s[%d]" % (label, index), item, depth + 1)
                elif changed is not None:
                    scalar(line, function, turns, label, value, depth)
                return
            kind = found[0]
            shape, data = content(found)
            spent += len(data) * 2
            if spent > budget:
                emit("E", line, "the trace is full: more than %d MB of values (limit=)" % (budget >> 20))
                stream.flush()
                os._exit(3)
            key = (function, label, holder)
            mark = "v"
            if last.get(key) == (shape, data):
                mark = "s"
            last[key] = (shape, data)
            bits = hash((shape, data))
            if len(data) > 8 and bits in seen and formula is None and any(data):
                formula = "v%d" % seen[bits]
            seen[bits] = count
            count += 1
            emit(mark, line, function, label, kind, ",".join(map(str, shape)), " ".join("%d:%d" % t for t in turns), "%x" % holder, changed or "n", data.hex() if mark == "v" else "", formula or "")
            first = value
            while isinstance(first, (list, tuple)) and first:
                first = first[0]
            if isScalar(first) and (first is not value or function == "<module>") or getattr(value, "requires_grad", False) and getattr(value, "is_leaf", False):
                tape[label] = (value, bits)

        def scalar(line, function, turns, label, value, depth):
            # Objects of the program's own: a micrograd Value (data, grad), a layer with weights.
            if type(value).__module__ in ("builtins",) or isinstance(value, (type, types.ModuleType, types.FunctionType)):
                return
            if hasattr(value, "named_parameters"):
                for name, item in value.named_parameters():
                    record(line, function, turns, "%s.%s" % (label, name), item, depth + 1)
            fields = getattr(value, "__dict__", None)
            if not fields and hasattr(type(value), "__slots__"):
                fields = {s: getattr(value, s) for s in type(value).__slots__ if isinstance(s, str) and hasattr(value, s)}
            if not isinstance(fields, dict) or getattr(type(value), "__module__", "") != "__main__":
                return
            for name, item in list(fields.items())[:60]:
                if not name.startswith("_"):
                    record(line, function, turns, "%s.%s" % (label, name), item, depth + 1)

        grads = {}

        def gradients(line, function, turns):
            # What a line such as loss.backward() filled in, and opt.step() moved.
            for label, (held, bits) in list(tape.items()):
                slope = gradient(held)
                found = numbers(slope)
                if found is not None and (any(struct.unpack("<%dd" % (len(content(found)[1]) // 8), content(found)[1])) or label in grads):
                    state = hash(content(found))
                    before = grads.get(label)
                    grads[label] = state
                    if before != state:
                        record(line, function, turns, label + ".grad", slope, changed="c" if before is not None else "")
                state = hash(content(numbers(held)))
                if state != bits:
                    record(line, function, turns, label, held, changed="c")
                    tape[label] = (held, state)

        def plain(node, frame):
            allowed = (ast.Expression, ast.Constant, ast.Name, ast.Load, ast.BinOp, ast.Add, ast.Sub, ast.Mult, ast.JoinedStr, ast.FormattedValue,
                       ast.UnaryOp, ast.USub, ast.Call)
            for part in ast.walk(node):
                if not isinstance(part, allowed):
                    raise KeyError
                if isinstance(part, ast.Call) and not (isinstance(part.func, ast.Name) and part.func.id in ("str", "len") and len(part.args) == 1):
                    raise KeyError
            value = eval(compile(ast.Expression(node), "<key>", "eval"), frame.f_globals, frame.f_locals)
            if not isinstance(value, (str, int)):
                raise KeyError
            return value

        def fetch(node, frame):
            """(label, value) of a target; of an array that was changed in part, the whole array."""
            if isinstance(node, ast.Name):
                scope = frame.f_locals if node.id in frame.f_locals else frame.f_globals
                return node.id, scope[node.id]
            if isinstance(node, ast.Attribute):
                label, holder = fetch(node.value, frame)
                return "%s.%s" % (label, node.attr), getattr(holder, node.attr)
            if isinstance(node, ast.Starred):
                return fetch(node.value, frame)
            label, holder = fetch(node.value, frame)
            if not isinstance(holder, (dict, list)) or (isinstance(holder, list) and numbers(holder) is not None):
                return label, holder
            try:
                key = plain(node.slice, frame)
            except KeyError:
                return label, holder
            return "%s[%s]" % (label, ('"%s"' % key) if isinstance(key, str) else key), holder[key]

        def text_depth(node):
            depth = 0
            while isinstance(node, (ast.Attribute, ast.Subscript)):
                depth += isinstance(node, ast.Subscript)
                node = node.value
            return depth

        def holder(node, frame):
            """Whose attribute or entry it is: two layers have a self.W each."""
            try:
                if isinstance(node, ast.Attribute) or isinstance(node, ast.Subscript):
                    inner = fetch(node.value, frame)[1]
                    return id(inner) if not hasattr(inner, "dtype") else holder(node.value, frame)
            except Exception:
                pass
            return id(frame) if frame.f_code.co_name != "<module>" else 0

        states = {}

        class State:
            __slots__ = ("pending", "turns", "outer", "name", "formulas", "calls")

        def prepare(frame, state):
            """Formulas of what the pending statements assign, of the values before they run."""
            state.formulas, state.calls = {}, []
            if count > 60_000:
                return
            for node, (found, changed), loops in state.pending[1]:
                reader = Reader(frame, index, lambdas)
                if isinstance(node, ast.Return) and node.value is not None:
                    state.formulas[id(node)] = reader.read(node.value)
                elif not isinstance(node, ast.For):
                    for target in found:
                        state.formulas[id(target)] = reader.assigned(node, target)

        def filled(state, node):
            formula = state.formulas.get(id(node))
            while formula and "{" in formula:
                before, _, rest = formula.partition("{")
                call, _, rest = rest.partition("}")
                name, _, at = call.partition(" ")
                made = [i for n, i in state.calls if n == name]
                if len(made) <= int(at) or made[int(at)] is None:
                    return None
                formula = "%sv%d%s" % (before, made[int(at)], rest)
            return formula

        def finish(frame, state):
            statement = state.pending
            state.pending = None
            if statement is None:
                return
            line, entries = statement
            for node, (found, changed), loops in entries:
                turns = state.outer + [(l, state.turns.get(l, 0)) for l in loops]
                for target in found:
                    try:
                        label, value = fetch(target, frame)
                    except Exception:
                        continue
                    if isinstance(node, ast.Expr) and isinstance(value, list) and value:
                        record(node.lineno, state.name, turns, "%s[%d]" % (label, len(value) - 1), value[-1], formula=filled(state, target))
                    else:
                        whole = changed or ("c" if label.count("[") < text_depth(target) else "")
                        record(node.lineno, state.name, turns, label, value, 0, None if isinstance(node, ast.For) else whole, holder(target, frame), filled(state, target))
                if tape:
                    gradients(node.lineno, state.name, turns)

        def local(frame, event, argument):
            state = states.get(id(frame))
            if state is None:
                return local
            if event == "line":
                line = frame.f_lineno
                entries = simple.get(line, [])
                if state.pending is not None:
                    first = state.pending[1][0][0]
                    inside = first.lineno < line <= (first.end_lineno or first.lineno) and not hasattr(first, "body")
                    again = line == first.lineno and (first.end_lineno or line) > line and not hasattr(first, "body")
                    if inside or again:
                        return local
                    finish(frame, state)
                if line in headers:
                    node, _ = headers[line]
                    state.turns[line] = state.turns.get(line, -1) + 1
                    for other, (inner, path) in headers.items():
                        if other != line and line in path and path.index(line) < len(path) - 1:
                            state.turns[other] = -1
                state.pending = (line, entries) if entries else None
                if entries:
                    prepare(frame, state)
            elif event == "return":
                finish(frame, state)
                if isinstance(argument, (dict, tuple, list)) or numbers(argument) is not None:
                    node = None
                    for entry in simple.get(frame.f_lineno, []):
                        if isinstance(entry[0], ast.Return):
                            node = entry
                    if node is not None and node[0].value is not None and not isinstance(node[0].value, (ast.Name,)):
                        value = node[0].value
                        turns = state.outer + [(l, state.turns.get(l, 0)) for l in node[2]]
                        if isinstance(value, ast.Tuple) and isinstance(argument, tuple):
                            pass
                        elif isinstance(value, ast.Dict) and isinstance(argument, dict):
                            for key, item in argument.items():
                                if isinstance(key, str):
                                    record(node[0].lineno, state.name, turns, 'return["%s"]' % key, item)
                        else:
                            record(node[0].lineno, state.name, turns, "return", argument, formula=filled(state, node[0]))
                states.pop(id(frame), None)
                caller = calling(frame)
                if caller is not None:
                    caller.calls.append((state.name, index(argument)))
            elif event == "exception":
                state.pending = None
            return local

        def calling(frame):
            while frame.f_back is not None:
                frame = frame.f_back
                if id(frame) in states:
                    return states[id(frame)]
            return None

        def calls(frame, event, argument):
            if event != "call" or frame.f_code.co_filename != main or frame.f_code.co_name in inline:
                return None
            state = State()
            state.pending = None
            state.formulas, state.calls = {}, []
            state.turns = {}
            state.name = frame.f_code.co_name
            state.outer = []
            back = frame.f_back
            while back is not None:
                caller = states.get(id(back))
                if caller is not None:
                    loops = []
                    for entry in simple.get(back.f_lineno, []):
                        loops = entry[2]
                    state.outer = caller.outer + [(l, caller.turns.get(l, 0)) for l in loops]
                    break
                back = back.f_back
            states[id(frame)] = state
            names = frame.f_code.co_varnames[: frame.f_code.co_argcount + frame.f_code.co_kwonlyargcount]
            if state.name != "<module>":
                for name in names:
                    if name in frame.f_locals and name != "self":
                        record(frame.f_code.co_firstlineno, state.name, state.outer, name, frame.f_locals[name])
            return local

        module = types.ModuleType("__main__")
        module.__file__ = main
        sys.modules["__main__"] = module
        sys.argv = [path] + arguments
        sys.path.insert(0, folder)
        parent = os.getpid()

        def silence():
            sys.settrace(None)
            try:
                os.close(out)
            except OSError:
                pass
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=silence)
        status = 0
        sys.settrace(calls)
        try:
            exec(code, module.__dict__)
        except SystemExit as end:
            status = 0
        except BaseException as error:
            sys.settrace(None)
            line = 0
            walk = error.__traceback__
            while walk is not None:
                if walk.tb_frame.f_code.co_filename == main:
                    line = walk.tb_lineno
                walk = walk.tb_next
            emit("E", line, "%s: %s" % (type(error).__name__, error))
            status = 1
        finally:
            sys.settrace(None)
            if os.getpid() == parent:
                emit("D", 0, "end")
                stream.flush()
        try:
            sys.stdout.flush()
        except Exception:
            pass
        os._exit(status)

    trace(sys.argv[1], sys.argv[4:], int(sys.argv[2]), int(sys.argv[3]))
    """#
}
