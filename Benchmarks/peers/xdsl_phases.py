#!/usr/bin/env python3
"""Time xDSL's phases on a file: one line `phase seconds` of processor time for each.

Usage: xdsl_phases.py FILE.mlir [PASS,PASS...]

Run by `martlet bench --peers` in each Python that has xDSL. The module is read once, verified, printed
generically as it is, and each pass runs on a copy of it.
"""

import gc
import io
import sys
import time

from xdsl.context import Context
from xdsl.dialects import get_all_dialects
from xdsl.parser import Parser
from xdsl.printer import Printer
from xdsl.transforms import get_all_passes


def main() -> int:
    if not 2 <= len(sys.argv) <= 3:
        print(__doc__, file=sys.stderr)
        return 2
    with open(sys.argv[1], encoding="utf-8") as file:
        text = file.read()
    context = Context(allow_unregistered=True)
    for name, make in get_all_dialects().items():
        context.register_dialect(name, make)
    gc.collect()

    start = time.process_time()
    module = Parser(context, text, sys.argv[1]).parse_module()
    print("parse", time.process_time() - start)

    start = time.process_time()
    module.verify()
    print("verify", time.process_time() - start)

    start = time.process_time()
    Printer(stream=io.StringIO()).print_op(module)
    print("print", time.process_time() - start)

    for name in sys.argv[2].split(",") if len(sys.argv) > 2 else []:
        copy = module.clone()
        run = get_all_passes()[name]()()
        start = time.process_time()
        run.apply(context, copy)
        print(name, time.process_time() - start)
    return 0


if __name__ == "__main__":
    sys.exit(main())
