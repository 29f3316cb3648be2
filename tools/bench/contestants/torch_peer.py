"""PyTorch, one thread, as a contestant of `npm run bench`: JSON lines in, JSON lines out."""

import json
import os
import re
import sys
import time

import torch


def blas():
    """Which BLAS is really loaded: distributions let the administrator choose behind a generic name."""
    try:
        with open("/proc/self/maps", encoding="utf8") as maps:
            paths = {line.split()[-1] for line in maps if re.search(r"blas|mkl_", line)}
    except OSError:
        paths = set()
    names = {os.path.realpath(path) for path in paths}
    for name in ("openblas", "mkl", "blis", "atlas"):
        if any(name in path.lower() for path in names):
            return {"openblas": "OpenBLAS", "mkl": "MKL", "blis": "BLIS", "atlas": "ATLAS"}[name]
    if paths:
        return "reference BLAS"
    found = re.search(r"BLAS_INFO=(\w+)", torch.__config__.show())
    return found.group(1) if found else "unknown BLAS"


def tensor(values, *shape):
    return torch.tensor(values, dtype=torch.float32).reshape(*shape)


def module_of(m):
    """The ready-made module with the weights of the material."""
    kind = {"rnn": torch.nn.RNN, "gru": torch.nn.GRU, "lstm": torch.nn.LSTM}[m["cell"]]
    module = kind(m["inputSize"], m["hiddenSize"])
    width = module.bias_ih_l0.shape[0]
    with torch.no_grad():
        module.weight_ih_l0.copy_(tensor(m["weightIh"], width, m["inputSize"]))
        module.weight_hh_l0.copy_(tensor(m["weightHh"], width, m["hiddenSize"]))
        module.bias_ih_l0.copy_(tensor(m["biasIh"], width))
        module.bias_hh_l0.copy_(tensor(m["biasHh"], width))
    return module


def flat(values):
    return values.detach().reshape(-1).tolist()


def way(name, run, outputs):
    return {"name": name, "run": run, "outputs": outputs}


def forward(m):
    module = module_of(m)
    x = tensor(m["x"], m["length"], m["rows"], m["inputSize"])

    def run(call=module):
        with torch.inference_mode():
            return call(x)[0]

    def outputs(call=module):
        return {"h": flat(run(call))}

    with torch.no_grad():
        traced = torch.jit.freeze(torch.jit.trace(module.eval(), x))
    return [
        way("module, inference_mode", run, outputs),
        way("traced and frozen", lambda: run(traced), lambda: outputs(traced)),
    ]


def backward(m):
    module = module_of(m)
    x = tensor(m["x"], m["length"], m["rows"], m["inputSize"]).requires_grad_()
    v = tensor(m["v"], m["length"], m["rows"], m["hiddenSize"])
    wanted = [module.weight_ih_l0, module.weight_hh_l0, module.bias_ih_l0, module.bias_hh_l0, x]

    def run():
        return torch.autograd.grad((module(x)[0] * v).sum(), wanted)

    def outputs():
        w, u, b, _, dx = run()
        return {"weightIh": flat(w), "weightHh": flat(u), "bias": flat(b), "x": flat(dx)}

    return [way("module, autograd.grad", run, outputs)]


def lstm_by_steps(m, xs):
    """The states after each step, each input a tensor of its own, so that no gradient goes further than it must."""
    H = m["hiddenSize"]
    w, u = tensor(m["weightIh"], 4 * H, -1), tensor(m["weightHh"], 4 * H, H)
    b = tensor(m["biasIh"], 4 * H) + tensor(m["biasHh"], 4 * H)
    h = c = torch.zeros(1, H)
    states = []
    for x in xs:
        i, f, g, o = (torch.addmm(b, x, w.t()) + h @ u.t()).chunk(4, 1)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        h = torch.sigmoid(o) * torch.tanh(c)
        states.append(h)
    return states


def influence(m):
    """For each t one batched vector-Jacobian product of all H unit vectors, then a norm for each k."""
    T, I, H = m["length"], m["inputSize"], m["hiddenSize"]
    units = torch.eye(H).reshape(H, 1, H)
    module = module_of(m)
    x = tensor(m["x"], T, 1, I)

    def by_module():
        inputs = x.clone().requires_grad_()
        h = module(inputs)[0]
        table = torch.zeros(T, T)
        for t in range(T):
            (j,) = torch.autograd.grad(h[t], inputs, units, retain_graph=True, is_grads_batched=True)
            table[t, : t + 1] = j[:, : t + 1, 0].square().sum((0, 2)).sqrt()
        return table

    def by_steps():
        inputs = [row.clone().requires_grad_() for row in x]
        states = lstm_by_steps(m, inputs)
        table = torch.zeros(T, T)
        for t in range(T):
            js = torch.autograd.grad(
                states[t], inputs[: t + 1], units, retain_graph=True, is_grads_batched=True
            )
            table[t, : t + 1] = torch.stack(js).square().sum((1, 2, 3)).sqrt()
        return table

    return [
        way("module, batched autograd.grad", by_module, lambda: {"norms": flat(by_module())}),
        way("step by step, batched autograd.grad", by_steps, lambda: {"norms": flat(by_steps())}),
    ]


def training(m):
    T, N, V = m["length"], m["rows"], m["vocabulary"]
    words = torch.tensor(m["words"]).reshape(T, N)
    targets = torch.tensor(m["targets"])

    def one(name, **options):
        state = {}

        def reset():
            embedding = torch.nn.Embedding.from_pretrained(
                tensor(m["embedding"], V, m["inputSize"]), freeze=False
            )
            readout = torch.nn.Linear(m["hiddenSize"], V)
            with torch.no_grad():
                readout.weight.copy_(tensor(m["readoutWeight"], V, m["hiddenSize"]))
                readout.bias.copy_(tensor(m["readoutBias"], V))
            cell = module_of(m)
            state["parts"] = embedding, cell, readout
            parameters = [p for part in state["parts"] for p in part.parameters()]
            state["adam"] = torch.optim.Adam(parameters, lr=m["learningRate"], **options)

        def run():
            embedding, cell, readout = state["parts"]
            state["adam"].zero_grad(set_to_none=True)
            logits = readout(cell(embedding(words))[0])
            loss = torch.nn.functional.cross_entropy(logits.reshape(T * N, V), targets)
            loss.backward()
            state["adam"].step()
            return loss.item()

        def outputs():
            reset()
            return {"losses": [run() for _ in range(m["losses"])]}

        return way(name, run, outputs)

    return [one("modules, Adam"), one("modules, Adam with foreach", foreach=True)]


def measure(run, ms):
    start = time.perf_counter()
    run()
    alone = (time.perf_counter() - start) * 1000
    if alone >= ms:
        return {"runs": 1, "ms": alone}
    runs, step, elapsed = 0, 1, 0.0
    start = time.perf_counter()
    while elapsed < ms:
        for _ in range(step):
            run()
        runs += step
        before, elapsed = elapsed, (time.perf_counter() - start) * 1000
        if elapsed - before < 1:
            step *= 2
    return {"runs": runs, "ms": elapsed}


def prepare(material):
    kinds = {"forward": forward, "backward": backward, "influence": influence, "training": training}
    ways, report = kinds[material["kind"]](material), []
    for each in ways:
        try:
            report.append({"name": each["name"], "outputs": each["outputs"]()})
        except Exception as error:  # one way that fails must not end the others
            report.append({"name": each["name"], "error": str(error).split("\n")[0]})
    return ways, {"ways": report}


def main():
    # the protocol has the real standard output; whatever libraries print goes elsewhere
    out = os.fdopen(os.dup(1), "w", encoding="utf8")
    os.dup2(2, 1)

    def say(value):
        out.write(json.dumps(value) + "\n")
        out.flush()

    torch.set_num_threads(1)
    torch.set_num_interop_threads(1)
    torch.mm(torch.ones(64, 64), torch.ones(64, 64))
    capability = re.search(r"CPU capability usage: (\w+)", torch.__config__.show())
    parts = [blas(), "one thread"] + ([capability.group(1)] if capability else [])
    say({"about": f"PyTorch {torch.__version__} ({', '.join(parts)})"})
    ways = []
    for line in sys.stdin:
        message = json.loads(line)
        try:
            if message["op"] == "time":
                say(measure(ways[message["way"]]["run"], message["ms"]))
            else:
                with open(message["file"], encoding="utf8") as file:
                    ways, answer = prepare(json.load(file))
                say(answer)
        except Exception as error:
            say({"error": str(error).split("\n")[0]})


main()
