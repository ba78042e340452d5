#!/usr/bin/env python3
"""Write the table of how MLIR keeps each operation's properties in bytecode, from MLIR's generated headers.

Usage: make_property_table.py INCLUDE > Tests/MartletTests/properties.txt

INCLUDE is the folder that holds `mlir` (Debian's libmlir-22-dev: /usr/lib/llvm-22/include). A line is an
operation's name and its properties in the order they are written: `name` for an attribute that must be there,
`name?` for one that need not, `name#` for an integer, `name[]` for sizes of operand or result groups, `name*` for
anything else.
"""

from __future__ import annotations

import pathlib
import re
import sys

DIALECTS = """affine arith bufferization builtin cf complex func gpu index irdl linalg llvm math memref scf
sparse_tensor tensor transform ub vector""".split()

NAMES = re.compile(
    r'class (\w+) : public ::mlir::Op<|getOperationName\(\) \{\s*return ::llvm::StringLiteral\("([^"]+)"\)'
)
WRITER = re.compile(r"^void (\w+)::writeProperties\(.*?\) \{\n(.*?)^\}\n\n(?=\S)", re.S | re.M)
PROPERTY = re.compile(
    r"writer\.write(Optional)?Attribute\(prop\.(\w+)\)|auto &propStorage = prop\.(\w+);\s*(.*?);", re.S
)


def names(header: str) -> dict[str, str]:
    """Operation names by class."""
    found, current = {}, ""
    for match in NAMES.finditer(header):
        if match.group(1):
            current = match.group(1)
        elif current:
            found[current] = match.group(2)
    return found


def properties(body: str) -> list[str]:
    # What is written for old versions only comes first, under a condition.
    body = re.sub(r"^if \(writer.getBytecodeVersion\(\) < .*?^\}\n", "", body, flags=re.S | re.M)
    found = []
    for optional, attribute, native, code in PROPERTY.findall(body):
        if attribute:
            found.append(attribute + ("?" if optional else ""))
        elif native.endswith("SegmentSizes"):
            found.append(native + "[]")
        else:
            found.append(native + ("#" if code.startswith("writer.writeVarInt(static_cast") else "*"))
    return found


def main() -> None:
    root = pathlib.Path(sys.argv[1]) / "mlir"
    table: dict[str, list[str]] = {}
    for path in sorted(root.rglob("*.cpp.inc")):
        source = path.read_text(errors="replace")
        if "::writeProperties(" not in source:
            continue
        header = path.with_name(path.name.replace(".cpp.inc", ".h.inc"))
        known = names(header.read_text(errors="replace")) if header.exists() else {}
        for name, body in WRITER.findall(source):
            if known.get(name, "").split(".")[0] in DIALECTS:
                table[known[name]] = properties(body)
    for name in sorted(table):
        print(name, *table[name])


if __name__ == "__main__":
    main()
