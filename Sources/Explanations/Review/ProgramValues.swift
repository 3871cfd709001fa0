extension ProgramTracer {
  /// What is looked at of a program's objects, in Python: numbers, and the names under which they are held.
  static let values = #"""
    def field(value, name):
        """What an object holds under a name, without asking its class, which might do anything."""
        slot = getattr(type(value), name, None)
        if isinstance(slot, types.MemberDescriptorType):
            return slot.__get__(value)
        try:
            return object.__getattribute__(value, "__dict__").get(name)
        except AttributeError:
            return None

    def isScalar(value):
        """A number with its gradient, an object of the program's own."""
        if type(value).__module__ != "__main__":
            return False
        return isinstance(field(value, "data"), (int, float)) and isinstance(field(value, "grad"), (int, float))

    def gradient(value):
        """What stands in `.grad`, or a list of that; None where there is none."""
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

    def columns(value):
        """Of a list what each of its parts has at one place: the weights of neurons that are objects of the program's own, the
        inputs of pairs."""
        if not isinstance(value, (list, tuple)) or not 0 < len(value) <= 100_000 or any(type(item) is not type(value[0]) for item in value):
            return
        first = value[0]
        if isinstance(first, (list, tuple)):
            places = [("[*][%d]" % at, [item[at] for item in value]) for at in range(min(map(len, value)))[:8]]
        elif type(first).__module__ == "__main__":
            names = [name for name in getattr(first, "__dict__", {}) if not name.startswith("_")]
            places = [("." + name, [field(item, name) for item in value]) for name in names[:60]]
        else:
            return
        for name, part in places:
            found = numbers(part)
            if found is not None and len(found[1]) <= 2:
                yield name, part

    def content(found):
        """Extents and bytes of what `numbers` found."""
        kind, shape, data = found
        return shape, data if isinstance(data, bytes) else struct.pack("<%dd" % len(data), *data)

    def plain(node, frame):
        """A key that is written down or counted: nothing of the program's own is called for it."""
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
            # An object may be a key too: it is called as the program calls it there.
            if isinstance(holder, dict) and isinstance(node.slice, (ast.Name, ast.Attribute)):
                name, key = fetch(node.slice, frame)
                return "%s[%s]" % (label, name), holder[key]
            return label, holder
        return "%s[%s]" % (label, ('"%s"' % key) if isinstance(key, str) else key), holder[key]

    def text_depth(node):
        """How many brackets stand behind a target."""
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
    """#
}
