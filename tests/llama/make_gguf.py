#!/usr/bin/env python3
"""Writes a tiny llama-architecture model whose output is known beforehand.

    make_gguf.py OUT.gguf

The blocks' output matrices are zero, so each block passes its input through; token embeddings are one-hot and
the output matrix is a table: the next token depends on the current token alone. A scenario is a text cut into
tokens that occur nowhere else, linked in a row and closed by an end token; a special token starts it. The chat
template (Jinja, run by llama-server) looks at the request and writes the start token last, so the REQUEST picks
the answer:

    last user message has "LOOP"   never ends (until max_tokens or the context is full)
                          "THINK"  <think>...</think> and an answer
                          "UTF8"   text with 2, 3 and 4 byte characters, one byte a token
                          "DICE"   one of two answers, even odds (for n, seed, temperature)
    tools given, last message is the user's: a call of the tool named below
    tools given and "BADTOOL", "CUTTOOL", "TWO": a broken call, a call cut short, two calls
    anything else                  a short sentence
    <|fim_middle|> (as /infill writes it): a line of code
    plain /v1/completions text: the "plain" scenario
"""
import array
import json
import math
import re
import struct
import sys

VOCABULARY = WIDTH = 512  # one-hot
LAYERS, FEED_FORWARD, CONTEXT = 2, 64, 32768
HEADS, KV_HEADS = 8, 1
HEAD = WIDTH // HEADS
NORMAL, CONTROL, UNUSED = 1, 3, 5  # token types


def byte_alphabet():
    """The byte-level BPE alphabet: a printable character for every byte."""
    printable = {byte for first, last in ((33, 126), (161, 172), (174, 255)) for byte in range(first, last + 1)}
    others = iter(range(256, 512))
    return [chr(byte if byte in printable else next(others)) for byte in range(256)]


ALPHABET = byte_alphabet()


def encode(text):
    return "".join(ALPHABET[byte] for byte in text.encode())


class Vocabulary:
    """Tokens, and for each the tokens that may follow it."""

    def __init__(self):
        self.tokens = list(ALPHABET)
        self.types = [NORMAL] * len(self.tokens)
        self.known = set(ALPHABET)
        self.next = {}

    def add(self, token, kind):
        self.known.add(token)
        self.tokens.append(token)
        self.types.append(kind)
        return len(self.tokens) - 1

    def special(self, name):
        return self.add(f"<|{name}|>", CONTROL)

    def link(self, token, following):
        self.next.setdefault(token, []).append(following)

    def pieces(self, text):
        """The text as tokens that occur nowhere else."""
        words = re.findall(r"\s*\S{1,8}|\s+$", text)
        ids = []
        while words:
            word = words.pop(0)
            while encode(word) in self.known:
                word += words.pop(0) if words else " "
            ids.append(self.add(encode(word), NORMAL))
        return ids

    def scenario(self, start, text, end=None):
        ids = self.pieces(text)
        for token, following in zip([start] + ids, ids):
            self.link(token, following)
        if end is not None:
            self.link(ids[-1], end)
        return ids


class Model:
    def __init__(self):
        v = self.vocabulary = Vocabulary()
        self.eos, im_start, self.im_end = v.special("endoftext"), v.special("im_start"), v.special("im_end")
        self.fim = {kind: v.special(name) for kind, name in (
            ("pre", "fim_prefix"), ("suf", "fim_suffix"), ("mid", "fim_middle"), ("pad", "fim_pad"),
            ("rep", "repo_name"), ("sep", "file_sep"))}
        self.start = {name: v.special("go_" + name) for name in (
            "say", "loop", "think", "utf8", "dice", "tool", "badtool", "cuttool", "two", "after", "pages")}
        self.scenarios()
        self.fill()

    def scenarios(self):
        v, start, im_end = self.vocabulary, self.start, self.im_end
        v.scenario(start["say"], "Hello! I am a very small model with a fixed answer, here to test clients.", im_end)
        loop = v.scenario(start["loop"], "tick one, tock two, tick three, tock four, and around again;\n")
        v.link(loop[-1], loop[0])
        v.scenario(start["think"], "<think>\nLet me reason about this request in two short steps.\n</think>\n\n"
                                   "The result is forty-two.", im_end)
        # Every byte of these characters is a token of its own: the ordinary byte tokens, each once.
        last = v.scenario(start["utf8"], "Bytes apart: ")[-1]
        for byte in "é→😀".encode():
            v.link(last, byte)
            last = byte
        v.scenario(last, " end of bytes.", im_end)
        v.scenario(start["dice"], "Heads came up this time.", im_end)
        v.scenario(start["dice"], "Tails came up instead.", im_end)

        def call(arguments):
            return f'<tool_call>\n{{"name": "get_weather", "arguments": {json.dumps(arguments)}}}\n</tool_call>'
        v.scenario(start["tool"], call({"city": "Oslo", "days": 3}), im_end)
        v.scenario(start["two"], call({"city": "Bergen"}) + "\n" + call({"city": "Narvik"}), im_end)
        v.scenario(start["badtool"], 'I will look. <tool_call>\n{"name": "no_such_tool", "arguments": [not json\n'
                                     '</tool_call>', im_end)
        v.scenario(start["cuttool"], '<tool_call>\n{"name": "get_weather", "arguments": {"city": "Tromso', self.eos)
        v.scenario(start["after"], "The tool said so, and that is the final word.", im_end)
        v.scenario(self.fim["mid"], "return left + right", self.eos)
        self.plain = v.scenario(start["pages"], "and then the plain text went on for a while before it stopped",
                                self.eos)[0]

    def fill(self):
        """Up to the size of the vocabulary, and a successor for every token."""
        v = self.vocabulary
        self.used = len(v.tokens)
        if self.used > VOCABULARY:
            sys.exit(f"make_gguf.py: {self.used} tokens do not fit into {VOCABULARY}")
        for number in range(self.used, VOCABULARY):
            v.add(f"<|unused_{number}|>", UNUSED)
        for byte in range(256):
            if byte not in v.next:
                v.link(byte, self.plain)
        for token in range(VOCABULARY):
            if token not in v.next:
                v.link(token, self.eos)


TEMPLATE = """\
{%- for m in messages %}<|im_start|>{{ m.role }}
{% if m.role == 'assistant' and m.reasoning_content %}<think>
{{ m.reasoning_content }}
</think>

{% endif %}{{ m.content if m.content is string else '' }}
{%- if m.tool_calls %}{% for c in m.tool_calls %}
<tool_call>
{"name": "{{ c.function.name }}", "arguments": {{ c.function.arguments | tojson }}}
</tool_call>{% endfor %}{% endif -%}
<|im_end|>
{% endfor %}
{%- if tools %}<|im_start|>system
Tools: {{ tools | tojson }}
Call one as <tool_call>
{"name": <function-name>, "arguments": <args-json-object>}
</tool_call><|im_end|>
{% endif %}
{%- if add_generation_prompt %}<|im_start|>assistant
{% set last = messages[-1] %}{% set t = last.content if last.content is string else '' %}
{%- if last.role == 'tool' %}<|go_after|>
{%- elif 'LOOP' in t %}<|go_loop|>
{%- elif 'THINK' in t %}<|go_think|>
{%- elif 'UTF8' in t %}<|go_utf8|>
{%- elif 'DICE' in t %}<|go_dice|>
{%- elif tools and 'BADTOOL' in t %}<|go_badtool|>
{%- elif tools and 'CUTTOOL' in t %}<|go_cuttool|>
{%- elif tools and 'TWO' in t %}<|go_two|>
{%- elif tools %}<|go_tool|>
{%- else %}<|go_say|>{% endif %}{% endif %}"""


# GGUF version 3: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
ALIGNMENT = 32


def u32(number):
    return struct.pack("<I", number)


def u64(number):
    return struct.pack("<Q", number)


def string(text):
    data = text.encode()
    return u64(len(data)) + data


# type name -> its number and how a value is written
TYPES = {"u32": (4, u32), "i32": (5, lambda number: struct.pack("<i", number)),
         "f32": (6, lambda number: struct.pack("<f", number)), "bool": (7, lambda flag: bytes([flag])),
         "string": (8, string)}
ARRAY = 9


def pair(key, kind, value):
    number, write = TYPES[kind]
    if isinstance(value, list):
        return string(key) + u32(ARRAY) + u32(number) + u64(len(value)) + b"".join(map(write, value))
    return string(key) + u32(number) + write(value)


def metadata(model):
    v = model.vocabulary
    return [
        ("general.architecture", "string", "llama"), ("general.name", "string", "tiny-table"),
        ("general.file_type", "u32", 0),
        ("llama.vocab_size", "u32", VOCABULARY), ("llama.context_length", "u32", CONTEXT),
        ("llama.embedding_length", "u32", WIDTH), ("llama.block_count", "u32", LAYERS),
        ("llama.feed_forward_length", "u32", FEED_FORWARD), ("llama.attention.head_count", "u32", HEADS),
        ("llama.attention.head_count_kv", "u32", KV_HEADS), ("llama.attention.layer_norm_rms_epsilon", "f32", 1e-6),
        ("llama.rope.dimension_count", "u32", HEAD), ("llama.rope.freq_base", "f32", 10000),
        ("tokenizer.ggml.model", "string", "gpt2"), ("tokenizer.ggml.pre", "string", "gpt-2"),
        ("tokenizer.ggml.tokens", "string", v.tokens), ("tokenizer.ggml.token_type", "i32", v.types),
        ("tokenizer.ggml.merges", "string", ["t h"]),
        ("tokenizer.ggml.bos_token_id", "u32", model.eos), ("tokenizer.ggml.eos_token_id", "u32", model.eos),
        ("tokenizer.ggml.eot_token_id", "u32", model.im_end), ("tokenizer.ggml.padding_token_id", "u32", model.eos),
        ("tokenizer.ggml.add_bos_token", "bool", False),
        *((f"tokenizer.ggml.fim_{kind}_token_id", "u32", token) for kind, token in model.fim.items()),
        ("tokenizer.chat_template", "string", TEMPLATE),
    ]


def floats(values):
    data = array.array("f", values)
    if sys.byteorder == "big":
        data.byteswap()
    return data.tobytes()


def zeros(size):
    return bytes(4 * size)


def ones(size):
    return floats([1.0]) * size


def noise(size, seed):
    """Small numbers, the same each time; the product is rounded to a double before its low bits are taken."""
    values = array.array("d", bytes(8 * size))
    for i in range(size):
        seed = int(float(seed) * 1103515245.0 + 12345.0) & 0x7FFFFFFF
        values[i] = (seed / 0x7FFFFFFF - 0.5) * 0.05
    return floats(values)


def matrix(cells):
    """A square matrix of the vocabulary's size: zero but for `cells`, (row, column) -> value."""
    values = array.array("f", zeros(VOCABULARY * VOCABULARY))
    for (row, column), value in cells.items():
        values[row * VOCABULARY + column] = value
    return floats(values)


def tensors(model):
    peak = 30 / math.sqrt(WIDTH)  # a logit of 30 for a linked token
    links = {(to, token): peak for token, following in model.vocabulary.next.items() for to in following}
    width, ff, kv = WIDTH, FEED_FORWARD, KV_HEADS * HEAD
    yield "token_embd.weight", [width, width], matrix({(i, i): 1.0 for i in range(width)})
    yield "output_norm.weight", [width], ones(width)
    yield "output.weight", [width, width], matrix(links)
    for layer in range(LAYERS):
        at = f"blk.{layer}."
        yield at + "attn_norm.weight", [width], ones(width)
        yield at + "attn_q.weight", [width, width], noise(width * width, 1 + layer)
        yield at + "attn_k.weight", [width, kv], noise(width * kv, 2 + layer)
        yield at + "attn_v.weight", [width, kv], noise(width * kv, 3 + layer)
        yield at + "attn_output.weight", [width, width], zeros(width * width)
        yield at + "ffn_norm.weight", [width], ones(width)
        yield at + "ffn_gate.weight", [width, ff], noise(width * ff, 4 + layer)
        yield at + "ffn_up.weight", [width, ff], noise(width * ff, 5 + layer)
        yield at + "ffn_down.weight", [ff, width], zeros(ff * width)


def padding(size):
    return bytes(-size % ALIGNMENT)


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: make_gguf.py OUT.gguf")
    model = Model()
    pairs, weights = metadata(model), list(tensors(model))

    head = b"GGUF" + u32(3) + u64(len(weights)) + u64(len(pairs)) + b"".join(pair(*one) for one in pairs)
    offset = 0
    for name, shape, data in weights:
        head += string(name) + u32(len(shape)) + b"".join(map(u64, shape)) + u32(0) + u64(offset)  # 0: F32
        offset += len(data) + len(padding(len(data)))
    with open(sys.argv[1], "wb") as out:
        out.write(head + padding(len(head)))
        for _, _, data in weights:
            out.write(data + padding(len(data)))
        size = out.tell()
    print(f"{sys.argv[1]}: {size} bytes, {model.used} of {VOCABULARY} tokens used, {len(weights)} tensors")


main()
