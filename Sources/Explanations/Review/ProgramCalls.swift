extension ProgramTracer {
  /// Calls in a statement as formulas, in Python: functions of NumPy and PyTorch, methods, and the program's own.
  static let calls = #"""
    class Calls:
        """What `Reader` makes of a call; names as NumPy and PyTorch have them."""

        SAME = "exp log sqrt abs tanh sigmoid relu sign maximum minimum where outer clip softmax logsumexp eye".split()
        ITSELF = ("array asarray ascontiguousarray float32 float64 float16 tensor copy clone astype detach numpy float double cpu item "
                  "contiguous to squeeze requires_grad_ tolist").split()
        REDUCTIONS = {"sum": "sum", "mean": "mean", "max": "max", "min": "min", "amax": "max", "amin": "min", "average": "mean"}
        INFIX = {"dot": "@", "matmul": "@", "mm": "@", "multiply": "*", "mul": "*", "add": "+", "subtract": "-", "sub": "-",
                 "divide": "/", "true_divide": "/", "div": "/", "power": "**", "pow": "**", "greater": ">", "less": "<"}

        def option(self, call, names, at, env):
            for word in call.keywords:
                if word.arg in names:
                    return self.place(word.value, env)
            return self.place(call.args[at], env) if at is not None and len(call.args) > at else None

        def call(self, node, env):
            function = node.func
            if isinstance(function, ast.Name):
                name = function.id
                if name in ("len", "int", "str"):
                    return repr(int(self.value(node, env)))
                if name == "float":
                    return self.text(node.args[0], env)
                if name == "sum" and len(node.args) == 1 and isinstance(node.args[0], (ast.GeneratorExp, ast.ListComp)):
                    return "(%s)" % " + ".join(self.items(node.args[0], env))
                if name in ("sum", "max", "min", "abs") and len(node.args) == 1:
                    return "%s(%s)" % (name, self.text(node.args[0], env))
                if name in ("max", "min") and len(node.args) == 2:
                    return "%simum(%s, %s)" % (name, self.text(node.args[0], env), self.text(node.args[1], env))
                return self.own(node, self.value(function, env), env)
            if not isinstance(function, ast.Attribute):
                raise KeyError
            name = function.attr
            try:
                holder = self.value(function.value, env)
            except Exception:
                holder = None
            if isinstance(holder, dict) and name == "get" and node.args:
                return self.entry(node, holder, env)
            if isinstance(holder, types.ModuleType):
                values = list(node.args)
            elif holder is not None and not hasattr(holder, "dtype") and not isinstance(holder, (int, float, list)):
                return self.own(node, getattr(holder, name), env)
            else:
                values = [function.value] + list(node.args)
            if name in self.SAME:
                if name == "softmax":
                    axis = self.option(node, ("axis", "dim"), None if len(values) == len(node.args) else 0, env)
                    return "softmax(%s%s)" % (self.text(values[0], env), "" if axis is None else ", axis=%d" % axis)
                return "%s(%s)" % (name, ", ".join(self.text(v, env) for v in values))
            if name in self.ITSELF:
                return self.text(values[0], env)
            if name in self.INFIX:
                return "(%s %s %s)" % (self.text(values[0], env), self.INFIX[name], self.text(values[1], env))
            if name in self.REDUCTIONS:
                at = len(node.args) - len(values) + 1
                axis = self.option(node, ("axis", "dim"), at, env)
                kept = self.option(node, ("keepdims", "keepdim"), None, env)
                inner = self.text(values[0], env)
                if axis is None:
                    return "%s(%s)" % (self.REDUCTIONS[name], inner)
                return "%s(%s, axis=%s%s)" % (self.REDUCTIONS[name], inner, axis, "" if kept else ", keepdims=False")
            if name == "numel" or name == "size" and node.args:
                return repr(int(holder.numel() if name == "numel" else holder.size(self.value(node.args[0], env))))
            if name == "square":
                return "(%s)**2" % self.text(values[0], env)
            if name in ("negative", "neg"):
                return "(-%s)" % self.text(values[0], env)
            if name in ("transpose", "permute") and len(values) > 2:
                return "transpose(%s)" % ", ".join(str(t) for t in [self.text(values[0], env)] + [int(self.value(v, env)) for v in values[1:]])
            if name in ("transpose", "t") and len(values) == 1:
                return self.text(values[0], env) + ".T"
            if name in ("ravel", "flatten") and len(values) == 1:
                return "reshape(%s, -1)" % self.text(values[0], env)
            if name in ("reshape", "view"):
                sizes = values[1].elts if len(values) == 2 and isinstance(values[1], ast.Tuple) else values[1:]
                if len(sizes) == 1 and not isinstance(sizes[0], ast.Constant):
                    found = self.value(sizes[0], env)
                    sizes = [ast.Constant(int(n)) for n in (found if isinstance(found, (tuple, list)) else [found])]
                return "reshape(%s)" % ", ".join([self.text(values[0], env)] + [str(int(self.value(s, env))) for s in sizes])
            if name in ("zeros", "ones") and isinstance(holder, types.ModuleType):
                sizes = values[0].elts if len(values) == 1 and isinstance(values[0], (ast.Tuple, ast.List)) else values
                return "%s(%s)" % (name, ", ".join(str(int(self.value(s, env))) for s in sizes))
            if name in ("zeros_like", "ones_like"):
                return "(0 * %s + %d)" % (self.text(values[0], env), name == "ones_like")
            if name in ("clamp", "clamp_min", "relu_"):
                low = self.option(node, ("min",), len(node.args) - len(values) + 1, env)
                return "maximum(%s, %s)" % (self.text(values[0], env), low or 0)
            if name == "einsum" and isinstance(holder, types.ModuleType):
                return 'einsum("%s", %s)' % (self.value(values[0], env).replace(" ", ""), ", ".join(self.text(v, env) for v in values[1:]))
            if name == "tensordot" and isinstance(holder, types.ModuleType):
                return self.contracted(node, values, env)
            raise KeyError

        def entry(self, node, table, env):
            """`table.get(key, 0)`: an entry, or what stands for one that is missing."""
            key = self.value(node.args[0], env)
            if key in table:
                at = self.index(table[key])
                return "v%d" % at if at is not None else repr(float(table[key]))
            return self.text(node.args[1], env)

        def contracted(self, node, values, env):
            """`tensordot` in the letters of einsum."""
            axes = self.option(node, ("axes", "dims"), 2, env)
            ranks = [len(self.value(v, env).shape) for v in values[:2]]
            if isinstance(axes, int):
                axes = (list(range(ranks[0] - axes, ranks[0])), list(range(axes)))
            first, second = ([a] if isinstance(a, int) else list(a) for a in axes)
            a = list("abcdefgh"[:ranks[0]])
            b = list("ijklmnop"[:ranks[1]])
            for i, j in zip(first, second):
                b[j] = a[i]
            summed = {a[i] for i in first}
            kept = [x for x in a + b if x not in summed]
            return 'einsum("%s,%s->%s", %s, %s)' % ("".join(a), "".join(b), "".join(kept), self.text(values[0], env), self.text(values[1], env))

        def module(self, function, texts):
            """An object of torch.nn, called."""
            kind = type(function).__name__
            if kind == "Sequential":
                for inner in function:
                    texts = [self.module(inner, texts)]
                return texts[0]
            if kind == "Linear":
                product = "%s @ v%d.T" % (texts[0], self.index(function.weight))
                return "(%s)" % product if function.bias is None else "(%s + v%d)" % (product, self.index(function.bias))
            if kind == "Softmax" and function.dim is not None:
                return "softmax(%s, axis=%d)" % (texts[0], function.dim)
            if kind == "Identity" or kind == "Dropout" and not function.training:
                return texts[0]
            if not type(function).__module__.endswith(".activation") or kind == "Softmax":
                raise KeyError
            return "%s(%s)" % (kind.lower(), texts[0])

        def own(self, node, function, env):
            """A call of the program's own: a lambda is read, a function's value is filled in when it has returned."""
            code = getattr(getattr(function, "__func__", function), "__code__", None)
            if code is not None and code.co_name == "<lambda>":
                found = [n for n in self.lambdas if n.lineno == code.co_firstlineno]
                if len(found) != 1:
                    raise KeyError
                names = [a.arg for a in found[0].args.args]
                return self.text(found[0].body, {name: self.text(a, env) for name, a in zip(names, node.args)})
            for argument in node.args:
                # Calls in the arguments return before this one does.
                try:
                    self.text(argument, env)
                except Exception:
                    pass
            name = code.co_name if code is not None else "__call__"
            if type(function).__module__.startswith("torch.nn"):
                return self.module(function, [self.text(a, env) for a in node.args])
            if isinstance(function, type) and function.__module__ == "__main__" and node.args:
                # A number that is an object is what it is made with.
                return self.text(node.args[0], env)
            count = self.calls.get(name, 0)
            self.calls[name] = count + 1
            return "{%s %d}" % (name, count)
    """#
}
