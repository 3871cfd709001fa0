extension ProgramTracer {
  /// What the lines of a program assign, read from its text, in Python.
  static let statements = #"""
    def chain(node):
        """Whether it is a name with attributes and entries behind it."""
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

    def statements(tree):
        """By their line: statements with what they assign and the loops around them (one of several lines stands under each of
        them); and the headers of loops, each with the loops around it and its own."""
        simple, headers = {}, {}

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
        return simple, headers
    """#
}
