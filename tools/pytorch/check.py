"""Runs the recipe of docs/own-network.md for every cell and element type, and writes what PyTorch predicts.

usage: check.py RECIPE FOLDER    (tools/pytorch.ts calls it and compares)
"""

import json
import os
import sys

import torch
from safetensors.torch import save_file

recipe = open(sys.argv[1], encoding="utf-8").read()
os.chdir(sys.argv[2])

layer = "nn.LSTM(16, 32, batch_first=True)"
assert recipe.count(layer) == 1, "the recipe has another layer now"
layers = {
    "lstm": layer,
    "gru": "nn.GRU(16, 32, batch_first=True)",
    "rnn": "nn.RNN(16, 32, batch_first=True)",
    "relu": "nn.RNN(16, 32, nonlinearity='relu', batch_first=True)",
    "lstm-without-biases": "nn.LSTM(16, 32, bias=False, batch_first=True)",
    "gru-square": "nn.GRU(16, 16, batch_first=True)",
}
sentence = "ben has a green kite . anna has a blue ball . the kite of ben is".split()


def results():
    for name, code in layers.items():
        own = recipe.replace(layer, code)
        if name == "gru-square":
            own = own.replace("nn.Linear(32", "nn.Linear(16")
        scope = {}
        exec(own, scope)
        model, words = scope["model"], scope["words"]
        metadata = {"vocabulary": json.dumps(words)}
        if name == "relu":
            metadata["nonlinearity"] = "relu"
        if name == "lstm":
            # what the document saves; the next recipe will write over it
            os.rename("my-lstm.safetensors", "as-documented.safetensors")
            yield case(name, "as-documented.safetensors", model, words)
        trained = {key: value.clone() for key, value in model.state_dict().items()}
        for dtype in torch.float64, torch.float32, torch.float16, torch.bfloat16:
            state = {key: value.to(dtype) for key, value in trained.items()}
            file = f"{name}-{str(dtype)[6:]}.safetensors"
            save_file(state, file, metadata=metadata)
            model.double().load_state_dict(state)
            yield case(name, file, model, words)
            model.float()


def case(name, file, model, words):
    """PyTorch's probabilities after every word of the sentence, computed in float64 with the numbers of the file."""
    indices = torch.tensor([[words.index(word) for word in sentence]])
    with torch.no_grad():
        probabilities = model.double()(indices).softmax(-1)[0].tolist()
    model.float()
    return {"name": name, "file": file, "sentence": sentence, "words": words, "probabilities": probabilities}


with open("results.json", "w", encoding="utf-8") as out:
    json.dump({"torch": torch.__version__, "cases": list(results())}, out)
