"""MLIR text of any size for the benchmarks of `martlet opt`; the same in every run."""

from __future__ import annotations

import random
import sys
from pathlib import Path

NESTED_FUNCTION = """\
  func.func @f{number}(%A: memref<64x64xf32>, %B: memref<64x64xf32>, %n: index, %c: i1) -> f32 {{
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %one = arith.constant 1 : index
    %offset = arith.constant {offset} : index
    %zero = arith.constant 0.0 : f32
    %sum = scf.for %i = %c0 to %n step %c1 iter_args(%outer = %zero) -> (f32) {{
      %row = scf.for %j = %c0 to %n step %one iter_args(%inner = %outer) -> (f32) {{
        %x = memref.load %A[%i, %j] : memref<64x64xf32>
        %y = memref.load %B[%i, %j] : memref<64x64xf32>
        %p = arith.mulf %x, %y : f32
        %q = arith.mulf %x, %y : f32
        %ii = arith.addi %i, %c0 : index
        %jj = arith.addi %j, %offset : index
        %less = arith.cmpi slt, %ii, %jj : index
        %s = scf.if %less -> (f32) {{
          %t = arith.addf %inner, %p : f32
          scf.yield %t : f32
        }} else {{
          %t = arith.subf %inner, %q : f32
          scf.yield %t : f32
        }}
        memref.store %s, %A[%ii, %j] : memref<64x64xf32>
        scf.yield %s : f32
      }}
      scf.yield %row : f32
    }}
    scf.if %c {{
      %u = func.call @f{callee}(%A, %B, %n, %c)
          : (memref<64x64xf32>, memref<64x64xf32>, index, i1) -> f32
      memref.store %u, %B[%c0, %c1] : memref<64x64xf32>
    }}
    func.return %sum : f32
  }}
"""


def write_module(path: Path, body: list[str]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(["builtin.module {", *body, "}"]) + "\n")
    return path


def chain(path: Path, count: int) -> Path:
    """`count` operations in one function: a constant, then pairs of a constant and a sum.

    Everything folds: canonicalization makes one constant of it.
    """
    generator = random.Random(0)
    lines = [f"    %0 = arith.constant {generator.randint(1, 1000)} : i32"]
    last = 0
    while len(lines) + 2 <= count:
        value = len(lines)
        lines.append(f"    %{value} = arith.constant {generator.randint(1, 1000)} : i32")
        lines.append(f"    %{value + 1} = arith.addi %{value}, %{last} : i32")
        last = value + 1
    head, tail = "  func.func @main() -> i32 {", f"    func.return %{last} : i32"
    return write_module(path, [head, *lines, tail, "  }"])


def nested(path: Path, functions: int) -> Path:
    """Functions of 28 operations: loops in loops, conditions, loads and stores, a call."""
    return write_module(
        path,
        [
            NESTED_FUNCTION.format(number=i, offset=i % 997, callee=max(i - 1, 0))
            for i in range(functions)
        ],
    )


def dense(path: Path, size: int) -> Path:
    """A constant of `size` x `size` floats, as a list."""
    generator = random.Random(0)
    rows = ", ".join(
        "[" + ", ".join(f"{generator.random():.6e}" for _ in range(size)) + "]"
        for _ in range(size)
    )
    shape = f"tensor<{size}x{size}xf32>"
    return write_module(
        path,
        [
            f"  func.func @main() -> {shape} {{",
            f"    %0 = arith.constant dense<[{rows}]> : {shape}",
            f"    func.return %0 : {shape}",
            "  }",
        ],
    )


if __name__ == "__main__":
    # ir_inputs.py chain|nested|dense SIZE: the text on standard output.
    kinds = {"chain": chain, "nested": nested, "dense": dense}
    if len(sys.argv) != 3 or sys.argv[1] not in kinds or not sys.argv[2].isdigit():
        sys.exit("usage: ir_inputs.py chain|nested|dense SIZE")
    kinds[sys.argv[1]](Path("/dev/stdout"), int(sys.argv[2]))
