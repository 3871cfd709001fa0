/// Python's side of `review`: it runs a program and writes down what each line assigned. It uses nothing but the standard
/// library, and asks NumPy's and PyTorch's arrays for their entries by their own methods.
///
/// `python3 -c SOURCE FILE DESCRIPTOR BYTES SECONDS ARGUMENT…`; the records, one a line, fields apart by tabs:
/// v or s (the same bits as before), line, function, variable, type (+ behind it: of a tensor that PyTorch follows; & and which object: of a number that is one), extents, loops with their turns, holder, how it was
/// assigned (n anew, r from itself, c in place; k behind it: what a function of the program's own gave back; p and a line: what
/// it was called with there; @ and the lines of the calls around it, the innermost first), the entries as hexadecimal digits of little-endian doubles, and the
/// formula by which the line made it, of earlier records: v0 is the first.
/// E, line, message: why it ended early. D: it came to its end, or to an E.
package enum ProgramTracer {
  package static let source = [imports, statements, values, calls, reader, recorder].joined(separator: "\n\n")

  private static let imports = "import ast, os, signal, struct, sys, threading, types"

  private static let recorder = #"""
    def trace(path, arguments, out, budget):
        """Runs the program at `path` and writes a record for every number, list, array or tensor that one of its lines assigned."""
        with open(path, "rb") as file:
            source = file.read()
        folder = os.path.dirname(os.path.abspath(path))
        main = os.path.abspath(path)
        isOpen = True
        spent = 0
        last = {}

        def emit(*fields):
            # Nothing is kept back: the program may end itself, or be stopped, at any line.
            nonlocal isOpen
            rest = ("\t".join(str(f).replace("\t", " ").replace("\n", " ") for f in fields) + "\n").encode("utf-8", "replace")
            try:
                while isOpen and rest:
                    rest = rest[os.write(out, rest):]
            except OSError:
                isOpen = False

        try:
            tree = ast.parse(source, main)
            code = compile(tree, main, "exec", dont_inherit=True)
        except (SyntaxError, ValueError) as error:
            emit("E", getattr(error, "lineno", 0) or 0, "not Python: " + str(getattr(error, "msg", error)))
            return 1

        lambdas = [node for node in ast.walk(tree) if isinstance(node, ast.Lambda)]
        inline = ("<listcomp>", "<genexpr>", "<dictcomp>", "<setcomp>", "<lambda>")

        simple, headers = statements(tree)

        tape = {}
        seen = {}
        # The record of an array, by the array; of an object's attribute, by the object.
        made = {}
        fields = {}
        count = 0
        around = []

        def index(value):
            """The record that has these bits; whole numbers are no records."""
            found = numbers(value)
            if found is None or isinstance(value, (int, float)) and float(value).is_integer():
                return None
            bits = hash(content(found))
            # Of two with the same entries it is the one that is meant.
            own = made.get(id(value))
            return own[0] if own is not None and own[1] == bits else seen.get(bits)

        def record(line, function, turns, label, value, depth=0, changed="", holder=0, formula=None, origin=""):
            nonlocal spent, count
            found = numbers(value)
            if found is None:
                for name, part in columns(value) if depth < 6 else ():
                    record(line, function, turns, label + name, part, depth + 1, origin=origin, formula=column(value, name, part))
                if depth > 2:
                    return
                if isinstance(value, dict):
                    for key, item in list(value.items())[:400]:
                        if isinstance(key, (str, int)):
                            record(line, function, turns, "%s[%s]" % (label, ('"%s"' % key) if isinstance(key, str) else key), item, depth + 1, origin=origin)
                elif isinstance(value, (list, tuple)):
                    for at, item in enumerate(value[:400]):
                        record(line, function, turns, "%s[%d]" % (label, at), item, depth + 1, origin=origin)
                elif changed is not None:
                    scalar(line, function, turns, label, value, depth)
                return
            kind = found[0]
            shape, data = content(found)
            spent += len(data) * 2
            if spent > budget:
                emit("E", line, "the trace is full: more than %d MB of values (limit=)" % (budget >> 20))
                os._exit(3)
            key = (function, label, holder)
            mark = "v"
            if last.get(key) == (shape, data):
                mark = "s"
            last[key] = (shape, data)
            bits = hash((shape, data))
            isOne = len(data) == 8 and not (struct.unpack("<d", data)[0] * 1000).is_integer()
            if (len(data) > 8 or isOne) and bits in seen and formula is None and any(data):
                formula = "v%d" % seen[bits]
            seen[bits] = count
            if not isinstance(value, (int, float)):
                made[id(value)] = (count, bits)
            if holder and "." in label and not label.endswith("]"):
                fields[holder, label.rpartition(".")[2]] = (count, bits)
            count += 1
            mark_kind = "&%x" % id(value) if isScalar(value) else "+" if getattr(value, "requires_grad", None) is True else ""
            emit(mark, line, function, label, kind + mark_kind, ",".join(map(str, shape)), " ".join("%d:%d" % t for t in turns), "%x" % holder, (changed or "n") + origin + "@" + ",".join(map(str, around)), data.hex() if mark == "v" else "", formula or "")
            first = value
            while isinstance(first, (list, tuple)) and first:
                first = first[0]
            if isScalar(first) and (first is not value or function == "<module>") or getattr(value, "requires_grad", False) and getattr(value, "is_leaf", False):
                tape[label] = (value, bits)

        def column(items, name, parts):
            """What was recorded of one attribute of several objects; None where it is something else by now."""
            made = [fields.get((id(item), name[1:])) for item in items] if name.startswith(".") else [None]
            if any(m is None or m[1] != hash(content(numbers(part))) for m, part in zip(made, parts)):
                return None
            return "[%s]" % ", ".join("v%d" % m[0] for m in made)

        def scalar(line, function, turns, label, value, depth):
            # Objects of the program's own: a micrograd Value (data, grad), a layer with weights.
            if type(value).__module__ in ("builtins",) or isinstance(value, (type, types.ModuleType, types.FunctionType)):
                return
            if hasattr(value, "named_parameters"):
                for name, item in value.named_parameters():
                    record(line, function, turns, "%s.%s" % (label, name), item, depth + 1)
            held = getattr(value, "__dict__", None)
            if not held and hasattr(type(value), "__slots__"):
                held = {s: getattr(value, s) for s in type(value).__slots__ if isinstance(s, str) and hasattr(value, s)}
            if not isinstance(held, dict) or getattr(type(value), "__module__", "") != "__main__":
                return
            for name, item in list(held.items())[:60]:
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

        states = {}

        class State:
            __slots__ = ("pending", "turns", "outer", "name", "formulas", "calls", "call", "around")

        def prepare(frame, state):
            """Formulas of what the pending statements assign, of the values before they run."""
            state.formulas, state.calls = {}, []
            if count > 60_000:
                return
            for node, (found, changed), loops in state.pending[1]:
                reader = Reader(frame, index, lambdas)
                if isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple):
                    for item in node.value.elts:
                        state.formulas[id(item)] = reader.read(item)
                elif isinstance(node, ast.Return) and node.value is not None:
                    state.formulas[id(node)] = reader.read(node.value)
                elif not isinstance(node, ast.For):
                    for target in found:
                        state.formulas[id(target)] = reader.assigned(node, target)
                for _, item in written(node):
                    state.formulas[id(item)] = reader.read(item)

        def written(node):
            """The entries of a table or list that a statement writes out, each with what it is called behind the variable."""
            value = getattr(node, "value", None)
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], (ast.Tuple, ast.List)):
                return []
            if isinstance(value, ast.Dict):
                keys = [key.value if isinstance(key, ast.Constant) else None for key in value.keys]
                if all(isinstance(key, (str, int)) for key in keys):
                    return [('["%s"]' % key if isinstance(key, str) else "[%d]" % key, item) for key, item in zip(keys, value.values)]
            if isinstance(node, ast.Assign) and isinstance(value, (ast.List, ast.Tuple)) and not any(isinstance(i, ast.Starred) for i in value.elts):
                return [("[%d]" % at, item) for at, item in enumerate(value.elts)]
            return []

        def spread(node, state, turns, label, value):
            """Records each entry in its own line; false where the whole is one array, or something else."""
            items = written(node)
            held = list(value.values()) if isinstance(value, dict) else list(value) if isinstance(value, (list, tuple)) else []
            if not items or len(held) != len(items) or numbers(value) is not None or next(columns(value), None) is not None:
                return False
            for (name, item), part in zip(items, held):
                made = isinstance(item, ast.Call) and state.calls
                record(item.lineno, state.name, turns, label + name, part, 1, formula=filled(state, item), origin="k" if made else "")
            return True

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
                isResult = isinstance(getattr(node, "value", None), ast.Call) and state.calls
                turns = state.outer + [(l, state.turns.get(l, 0)) for l in loops]
                for target in found:
                    try:
                        label, value = fetch(target, frame)
                    except Exception:
                        continue
                    if isinstance(node, ast.Expr) and isinstance(value, list) and value:
                        record(node.lineno, state.name, turns, "%s[%d]" % (label, len(value) - 1), value[-1], formula=filled(state, target))
                    else:
                        if spread(node, state, turns, label, value):
                            continue
                        whole = changed or ("c" if label.count("[") < text_depth(target) else "")
                        record(node.lineno, state.name, turns, label, value, 0, None if isinstance(node, ast.For) else whole, holder(target, frame), filled(state, target), "k" if isResult else "")
                if tape:
                    gradients(node.lineno, state.name, turns)

        lock = threading.RLock()

        def guarded(frame, event, argument):
            # What the program's objects do when they are looked at is nothing of the program's.
            with lock:
                try:
                    local(frame, event, argument)
                except Exception:
                    pass
            return guarded

        def local(frame, event, argument):
            nonlocal around
            state = states.get(id(frame))
            if state is None:
                return
            around = state.around
            if event == "line":
                line = frame.f_lineno
                entries = simple.get(line, [])
                if state.pending is not None:
                    first = state.pending[1][0][0]
                    inside = first.lineno < line <= (first.end_lineno or first.lineno) and not hasattr(first, "body")
                    again = line == first.lineno and (first.end_lineno or line) > line and not hasattr(first, "body")
                    if inside or again:
                        return
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
                    # What was handed in and is given back as it was: a step may be missing.
                    names = frame.f_code.co_varnames[: frame.f_code.co_argcount]
                    if node is not None and node[0].value is not None and (not isinstance(node[0].value, ast.Name) or node[0].value.id in names):
                        value = node[0].value
                        turns = state.outer + [(l, state.turns.get(l, 0)) for l in node[2]]
                        if isinstance(value, ast.Tuple) and isinstance(argument, tuple):
                            for at, (item, part) in enumerate(zip(value.elts, argument)):
                                if len(value.elts) == len(argument) and not isinstance(item, (ast.Name, ast.Starred)):
                                    record(node[0].lineno, state.name, turns, "return[%d]" % at, part, formula=filled(state, item))
                        elif spread(node[0], state, turns, "return", argument):
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

        def calling(frame):
            while frame.f_back is not None:
                frame = frame.f_back
                if id(frame) in states:
                    return states[id(frame)]
            return None

        def calls(frame, event, argument):
            if event != "call" or frame.f_code.co_filename != main or frame.f_code.co_name in inline:
                return None
            with lock:
                try:
                    entered(frame)
                except Exception:
                    pass
            return guarded

        def entered(frame):
            nonlocal around
            state = State()
            state.around = []
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
                    state.around = ([back.f_lineno] + caller.around)[:12]
                    break
                back = back.f_back
            state.call = back.f_lineno if back is not None else 0
            states[id(frame)] = state
            around = state.around
            names = frame.f_code.co_varnames[: frame.f_code.co_argcount + frame.f_code.co_kwonlyargcount]
            if state.name != "<module>":
                for name in names:
                    if name in frame.f_locals and name != "self":
                        record(frame.f_code.co_firstlineno, state.name, state.outer, name, frame.f_locals[name], origin="p%d" % state.call)

        module = types.ModuleType("__main__")
        module.__file__ = main
        sys.modules["__main__"] = module
        sys.argv = [path] + arguments
        sys.path.insert(0, folder)
        # A window would wait for somebody to close it, and threads wait busily for products this small.
        for name, value in (("MPLBACKEND", "Agg"), ("OPENBLAS_NUM_THREADS", "1"), ("OMP_NUM_THREADS", "1")):
            os.environ.setdefault(name, value)
        parent = os.getpid()

        def silence():
            nonlocal isOpen
            isOpen = False
            sys.settrace(None)
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=silence)
        status = 0
        threading.settrace(calls)
        sys.settrace(calls)
        try:
            exec(code, module.__dict__)
            for thread in threading.enumerate():
                if thread is not threading.main_thread() and not thread.daemon:
                    thread.join()
        except BaseException as error:
            sys.settrace(None)
            line = 0
            walk = error.__traceback__
            while walk is not None:
                if walk.tb_frame.f_code.co_filename == main:
                    line = walk.tb_lineno
                walk = walk.tb_next
            isLeft = isinstance(error, SystemExit)
            if not isLeft or error.code not in (None, 0):
                emit("E", line, "%s: %s" % (type(error).__name__, error))
            status = 0 if isLeft else 1
        finally:
            sys.settrace(None)
            if os.getpid() == parent:
                emit("D", 0, "end")
        try:
            sys.stdout.flush()
        except Exception:
            pass
        os._exit(status)

    # Whoever asked for it may be gone before it is stopped.
    if hasattr(signal, "alarm"):
        signal.alarm(int(sys.argv[4]))
    trace(sys.argv[1], sys.argv[5:], int(sys.argv[2]), int(sys.argv[3]))
    """#
}
