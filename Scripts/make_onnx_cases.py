#!/usr/bin/env python3
"""Write Tests/ONNXTests/cases.txt: small models of one operator each, with ONNX Runtime's results.

Usage: make_onnx_cases.py FILE

The inputs are pseudo-random and the same in every run. Each result's shape is checked against onnx's own
shape inference. A case is a few lines:

    case NAME OPSET
    node OPERATOR INPUTS -> OUTPUTS        inputs by name, `-` for one left out
    attr NAME KIND VALUES                  int, float, string, ints, floats, strings or tensor
    in NAME TYPE SHAPE VALUES              an argument; `const` for an initializer
    out NAME TYPE SHAPE VALUES
"""

from __future__ import annotations

import sys

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper, shape_inference

rng = np.random.default_rng(7)
lines: list[str] = []

TYPES = {
    np.dtype(np.float32): "f32",
    np.dtype(np.float64): "f64",
    np.dtype(np.int64): "i64",
    np.dtype(np.int32): "i32",
    np.dtype(np.int8): "i8",
    np.dtype(np.uint8): "ui8",
    np.dtype(np.bool_): "i1",
}


def reals(*shape: int, scale: float = 1.0) -> np.ndarray:
    """Numbers with few digits, so that the text gives them exactly enough."""
    return (np.round(rng.normal(size=shape), 2) * scale).astype(np.float32)


def text(array: np.ndarray) -> str:
    shape = "x".join(str(extent) for extent in array.shape) or "scalar"
    if array.dtype.kind == "f":
        values = " ".join(f"{value:.7g}" for value in array.ravel())
    else:
        values = " ".join(str(int(value)) for value in array.ravel())
    return f"{TYPES[array.dtype]} {shape} {values}".rstrip()


def attribute(name: str, value) -> str:
    if isinstance(value, np.ndarray):
        return f"attr {name} tensor {text(value)}"
    kinds = {int: "int", float: "float", str: "string"}
    if isinstance(value, (list, tuple)):
        return f"attr {name} {kinds[type(value[0])]}s {' '.join(str(v) for v in value)}"
    return f"attr {name} {kinds[type(value)]} {value}"


def case(operator, inputs, *, consts=(), outputs=1, opset=18, name=None, wanted=None, **attributes):
    """Adds a case. `inputs` and `consts` are arrays or None, in the operator's order; `consts` names the
    positions of `inputs` that are initializers."""
    names = ["-" if value is None else f"x{i}" for i, value in enumerate(inputs)]
    results = [f"y{i}" if wanted is None or i in wanted else "" for i in range(outputs)]
    tensors = {
        key: numpy_helper.from_array(value) if isinstance(value, np.ndarray) else value
        for key, value in attributes.items()
    }
    node = helper.make_node(
        operator, ["" if n == "-" else n for n in names], results, name=operator.lower(), **tensors
    )
    arguments = [
        helper.make_tensor_value_info(
            names[i], helper.np_dtype_to_tensor_dtype(value.dtype), value.shape
        )
        for i, value in enumerate(inputs)
        if value is not None and i not in consts
    ]
    initializers = [numpy_helper.from_array(inputs[i], names[i]) for i in consts]
    infos = [helper.make_value_info(r, onnx.TypeProto()) for r in results if r]
    graph = helper.make_graph([node], "case", arguments, infos, initializer=initializers)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)
    inferred = shape_inference.infer_shapes(model, strict_mode=True, data_prop=True)
    del model.graph.output[:]
    model.graph.output.extend(inferred.graph.output)
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    feed = {
        names[i]: value
        for i, value in enumerate(inputs)
        if value is not None and i not in consts
    }
    values = session.run(None, feed)
    for info, value in zip(inferred.graph.output, values):
        known = info.type.tensor_type
        shape = [d.dim_value if d.HasField("dim_value") else None for d in known.shape.dim]
        if known.HasField("shape"):
            assert len(shape) == value.ndim, (operator, shape, value.shape)
            assert all(a in (None, b) for a, b in zip(shape, value.shape)), (operator, shape)
    lines.append(f"case {name or operator} {opset}")
    lines.append(f"node {operator} {' '.join(names)} -> {' '.join(r or '-' for r in results)}")
    lines.extend(attribute(key, value) for key, value in attributes.items())
    for i, value in enumerate(inputs):
        if value is not None:
            lines.append(f"{'const' if i in consts else 'in'} {names[i]} {text(value)}")
    for result, value in zip([r for r in results if r], values):
        lines.append(f"out {result} {text(np.asarray(value))}")
    lines.append("")


def ints(*values: int) -> np.ndarray:
    return np.array(values, dtype=np.int64)


def scalar(value, dtype=np.float32) -> np.ndarray:
    return np.array(value, dtype=dtype)


def convolutions() -> None:
    x, w, b = reals(2, 3, 6, 5), reals(4, 3, 3, 2), reals(4)
    case("Conv", [x, w, b], consts=[1, 2], name="Conv2D")
    case("Conv", [x, w], consts=[1], name="Conv2DNoBias", pads=[1, 0, 2, 1], strides=[2, 1])
    case("Conv", [x, w, b], name="Conv2DComputedWeights", dilations=[2, 2], pads=[1, 1, 1, 1])
    case("Conv", [x, w, b], consts=[1, 2], name="Conv2DSameUpper", auto_pad="SAME_UPPER", strides=[2, 2])
    case("Conv", [x, w, b], consts=[1, 2], name="Conv2DSameLower", auto_pad="SAME_LOWER")
    case("Conv", [x, w, b], consts=[1, 2], name="Conv2DValid", auto_pad="VALID")
    case("Conv", [reals(2, 4, 7), reals(6, 2, 3), reals(6)], consts=[1, 2], name="Conv1DGroups", group=2, pads=[1, 1])
    case("Conv", [reals(1, 3, 5, 5), reals(6, 1, 3, 3), reals(6)], consts=[1, 2], name="Conv2DDepthwise", group=3, strides=[2, 2], pads=[1, 1, 1, 1])
    case("Conv", [reals(1, 1, 12), reals(5, 1, 4)], consts=[1], name="Conv1DOneChannel", strides=[3])
    case("Conv", [reals(1, 2, 3, 4, 3), reals(2, 2, 2, 2, 2), reals(2)], consts=[1, 2], name="Conv3D")


def pools() -> None:
    x = reals(1, 2, 5, 6)
    case("MaxPool", [x], name="MaxPool2D", kernel_shape=[2, 2], strides=[2, 2])
    case("MaxPool", [x], name="MaxPoolPads", kernel_shape=[3, 2], pads=[1, 0, 1, 1])
    case("MaxPool", [x], name="MaxPoolCeil", kernel_shape=[2, 4], strides=[2, 3], ceil_mode=1)
    case("MaxPool", [x], name="MaxPoolDilated", kernel_shape=[2, 2], dilations=[2, 3])
    case("MaxPool", [reals(2, 3, 9)], name="MaxPool1D", kernel_shape=[3], strides=[2], auto_pad="SAME_UPPER")
    case("MaxPool", [rng.integers(-100, 100, (1, 2, 4, 4)).astype(np.int8)], name="MaxPoolInt8", kernel_shape=[2, 2])
    case("MaxPool", [rng.integers(0, 255, (1, 2, 4, 4)).astype(np.uint8)], name="MaxPoolUInt8", kernel_shape=[2, 2])
    case("AveragePool", [x], name="AveragePool2D", kernel_shape=[2, 2], strides=[2, 2])
    case("AveragePool", [x], name="AveragePoolPads", kernel_shape=[3, 3], pads=[1, 1, 1, 1])
    case("AveragePool", [x], name="AveragePoolPadsCounted", kernel_shape=[3, 3], pads=[1, 1, 1, 1], count_include_pad=1)
    case("AveragePool", [reals(1, 2, 5, 7)], name="AveragePoolCeil", kernel_shape=[2, 2], strides=[3, 3], ceil_mode=1, opset=19)
    case("AveragePool", [reals(2, 3, 7)], name="AveragePool1D", kernel_shape=[3], strides=[2])
    case("GlobalAveragePool", [reals(2, 3, 4, 3)])
    case("GlobalMaxPool", [reals(2, 3, 4, 3)])


def recurrences() -> None:
    def data(directions=1, steps=4, batch=2, inputs=3, hidden=2):
        return [
            reals(steps, batch, inputs), reals(directions, 4 * hidden, inputs),
            reals(directions, 4 * hidden, hidden), reals(directions, 8 * hidden),
        ]

    case("LSTM", data(), consts=[1, 2, 3], outputs=3, hidden_size=2, name="LSTMForward")
    case("LSTM", data()[:3], consts=[1, 2], outputs=3, hidden_size=2, direction="reverse", name="LSTMReverse")
    case("LSTM", data(2), consts=[1, 2, 3], outputs=3, hidden_size=2, direction="bidirectional", name="LSTMBoth")
    state = [None, reals(1, 2, 2), reals(1, 2, 2)]
    case("LSTM", data() + state, consts=[1, 2, 3], outputs=3, hidden_size=2, name="LSTMState")
    case("LSTM", data() + state + [reals(1, 6)], consts=[1, 2, 3, 7], outputs=3, hidden_size=2, name="LSTMPeepholes")
    lengths = np.array([3, 4], dtype=np.int32)
    case("LSTM", data() + [lengths], consts=[1, 2, 3], outputs=3, hidden_size=2, name="LSTMLengths")
    case("LSTM", data(2) + [lengths], consts=[1, 2, 3, 4], outputs=3, hidden_size=2, direction="bidirectional", name="LSTMLengthsBoth")
    case("LSTM", data(), outputs=3, hidden_size=2, name="LSTMComputedWeights")
    case("LSTM", data(), consts=[1, 2, 3], outputs=2, wanted=[1], hidden_size=2, name="LSTMOnlyLast")
    case("LSTM", data(), consts=[1, 2, 3], outputs=3, hidden_size=2, clip=0.5, name="LSTMClip")
    case("LSTM", data(), consts=[1, 2, 3], outputs=3, hidden_size=2, input_forget=1, name="LSTMCoupled")
    case("LSTM", data(), consts=[1, 2, 3], outputs=3, hidden_size=2, activations=["Sigmoid", "Relu", "Tanh"], name="LSTMRelu")


def products() -> None:
    case("MatMul", [reals(3, 4), reals(4, 2)])
    case("MatMul", [reals(2, 3, 4), reals(4, 2)], name="MatMulSharedRight")
    case("MatMul", [reals(2, 1, 3, 4), reals(5, 4, 2)], name="MatMulBatch")
    case("MatMul", [reals(4), reals(2, 4, 3)], name="MatMulRow")
    case("MatMul", [reals(2, 3, 4), reals(4)], name="MatMulColumn")
    case("MatMul", [reals(4), reals(4)], name="MatMulDot")
    case("MatMul", [rng.integers(-9, 9, (3, 4)).astype(np.int32), rng.integers(-9, 9, (4, 2)).astype(np.int32)], name="MatMulInt")
    case("Gemm", [reals(3, 4), reals(5, 4), reals(5)], consts=[1, 2], transB=1)
    case("Gemm", [reals(4, 3), reals(4, 5), reals(3, 1)], name="GemmScaled", transA=1, alpha=0.5, beta=2.0)
    case("Gemm", [reals(3, 4), reals(4, 5)], name="GemmNoC")
    case("Gemm", [reals(3, 4), reals(4, 5), scalar(1.5)], name="GemmScalarC")
    x, p = reals(2, 3, 4), [reals(3), reals(3), reals(3), np.abs(reals(3)) + np.float32(0.1)]
    case("BatchNormalization", [x] + p, consts=[1, 2, 3, 4])
    case("BatchNormalization", [x] + p, name="BatchNormalizationComputed", epsilon=0.01)


def movement() -> None:
    x = reals(2, 3, 4)
    case("Reshape", [x, ints(0, -1)], consts=[1])
    case("Reshape", [x, ints(4, 3, 2)], consts=[1], name="ReshapeGroups")
    case("Reshape", [reals(1, 1), ints()], consts=[1], name="ReshapeScalar")
    case("Flatten", [x], axis=2)
    case("Flatten", [x], axis=0, name="FlattenRow")
    case("Squeeze", [reals(1, 3, 1), ints(-1)], consts=[1])
    case("Squeeze", [reals(1, 3, 1)], name="SqueezeAll")
    case("Squeeze", [reals(1, 3, 1)], name="Squeeze11", opset=11, axes=[0])
    case("Unsqueeze", [x, ints(3, 0)], consts=[1])
    case("Transpose", [x], perm=[2, 0, 1])
    case("Transpose", [x], name="TransposeReversed")
    case("Concat", [reals(2, 1), reals(2, 3), reals(2, 2)], axis=-1)
    case("Split", [reals(5, 2), ints(2, 0, 3)], consts=[1], outputs=3, axis=0)
    case("Split", [reals(2, 7)], outputs=3, axis=1, num_outputs=3, name="SplitUneven")
    case("Split", [reals(2, 6)], outputs=2, axis=-1, name="Split11", opset=11)
    case("Slice", [reals(4, 5), ints(1, -3), ints(2**63 - 1, -1)], consts=[1, 2])
    case("Slice", [reals(5, 4), ints(-1), ints(-(2**63) + 1), ints(0), ints(-2)], consts=[1, 2, 3, 4], name="SliceBack")
    case("Slice", [reals(5, 4), ints(0, 1), ints(5, 4), ints(1, 0), ints(2, 3)], consts=[1, 2, 3, 4], name="SliceSteps")
    case("Slice", [reals(5, 4)], name="Slice9", opset=9, starts=[1], ends=[-1], axes=[0])
    p = ints(1, 2, 0, 1)
    case("Pad", [reals(3, 4), p, scalar(2.5)], consts=[1, 2])
    for mode in ("reflect", "edge", "wrap"):
        case("Pad", [reals(3, 4), p], consts=[1], mode=mode, opset=19, name=f"Pad{mode.title()}")
    case("Pad", [reals(3, 4), ints(-1, 1, 1, -2)], consts=[1], name="PadCrop")
    case("Pad", [reals(3, 4), ints(1, 2), None, ints(-1)], consts=[1, 3], mode="reflect", name="PadAxes")
    case("Pad", [reals(3, 4)], pads=[0, 1, 0, 1], value=1.5, opset=10, name="Pad10")
    case("Gather", [reals(3, 4), np.array([[2, -1], [0, 1]], dtype=np.int64)], axis=0)
    case("Gather", [reals(3, 4), np.array([1, 3], dtype=np.int32)], axis=1, consts=[1], name="GatherColumns")
    case("Gather", [reals(3, 4), scalar(-2, np.int64)], axis=1, consts=[1], name="GatherScalar")
    case("Expand", [reals(3, 1), ints(2, 1, 4)], consts=[1])
    case("Tile", [reals(2, 3), ints(2, 3)], consts=[1])
    case("Shape", [x], start=1)
    case("Size", [x])
    case("ConstantOfShape", [ints(2, 3)], consts=[0], value=np.array([7], dtype=np.int64))
    case("Range", [scalar(1, np.int64), scalar(10, np.int64), scalar(4, np.int64)], consts=[0, 1, 2])
    case("DepthToSpace", [reals(1, 8, 2, 3)], blocksize=2)
    case("DepthToSpace", [reals(1, 8, 2, 3)], blocksize=2, mode="CRD", name="DepthToSpaceCRD")
    case("SpaceToDepth", [reals(1, 2, 4, 6)], blocksize=2)
    case("Identity", [x])
    case("Dropout", [x])


def reductions() -> None:
    x = reals(2, 3, 4)
    for name in ("Mean", "Max", "Min", "Prod", "SumSquare", "L1", "L2", "LogSumExp"):
        case(f"Reduce{name}", [x, ints(1)], consts=[1], keepdims=0)
    case("ReduceLogSum", [np.abs(x) + np.float32(0.5), ints(-1)], consts=[1])
    case("ReduceSum", [x, ints(0, 2)], consts=[1])
    case("ReduceSum", [x], name="ReduceSumAll", keepdims=0)
    case("ReduceSum", [x], name="ReduceSumNoop", noop_with_empty_axes=1)
    case("ReduceSum", [x], name="ReduceSum11", opset=11, axes=[1])
    case("ReduceMean", [x], name="ReduceMean13", opset=13, axes=[-1])
    case("ReduceMax", [rng.integers(-9, 9, (3, 4)).astype(np.int32), ints(1)], consts=[1], name="ReduceMaxInt")
    case("ArgMax", [x], axis=1)
    case("ArgMin", [np.array([[1, 0, 0], [2, 2, 3]], dtype=np.float32)], axis=1, keepdims=0, select_last_index=1)
    case("Softmax", [x])
    case("Softmax", [x], axis=1, name="SoftmaxAxis")
    case("Softmax", [x], opset=11, name="Softmax11")
    case("LogSoftmax", [x], axis=0)
    case("LayerNormalization", [x, reals(4), reals(4)], consts=[1, 2], axis=-1)
    case("LayerNormalization", [x, reals(3, 4)], name="LayerNormalizationTwo", axis=1, epsilon=0.1)
    case("InstanceNormalization", [reals(2, 3, 5), reals(3), reals(3)], consts=[1, 2])


def elementwise() -> None:
    x = reals(2, 5, scale=1.5)
    for name in (
        "Abs Neg Relu Sign Sigmoid Tanh Exp Floor Ceil Round Erf Sin Cos Tan Atan Sinh Cosh Asinh Softplus "
        "Softsign HardSwish LeakyRelu Elu Celu Selu HardSigmoid ThresholdedRelu Mish"
    ).split():
        case(name, [x])
    case("Gelu", [x], opset=20)
    case("Gelu", [x], opset=20, approximate="tanh", name="GeluTanh")
    for name in ("Log", "Sqrt", "Reciprocal"):
        case(name, [np.abs(x) + np.float32(0.1)])
    for name in ("Asin", "Acos", "Atanh"):
        case(name, [np.tanh(x) * np.float32(0.9)])
    case("Acosh", [np.abs(x) + np.float32(1)])
    for name in ("Add", "Sub", "Mul", "Div"):
        case(name, [reals(2, 3, 1), np.abs(reals(3, 4)) + np.float32(0.5)])
    n = np.array([[7, -7, 5], [-5, 3, -8]], dtype=np.int32)
    d = np.array([2, -2, 3], dtype=np.int32)
    for name in ("Add", "Sub", "Mul", "Div", "Mod"):
        case(name, [n, d], name=f"{name}Int")
    case("Mod", [n, d], fmod=1, name="ModDividendSign")
    case("Mod", [x, np.abs(reals(5)) + np.float32(0.5)], fmod=1, name="ModFloat")
    case("Pow", [x, scalar(2.0)], consts=[1])
    case("Pow", [np.abs(x), scalar(0.5)], consts=[1], name="PowRoot")
    case("Pow", [np.abs(x), reals(5)], name="PowFloat")
    case("Pow", [n, np.array([2, 3, 0], dtype=np.int64)], name="PowInt")
    for name in ("Min", "Max", "Sum", "Mean"):
        case(name, [reals(2, 3), reals(3), reals(2, 1)])
    case("PRelu", [x, reals(5)])
    a = np.array([[True, False], [True, True]])
    for name in ("And", "Or", "Xor"):
        case(name, [a, np.array([True, False])])
    case("Not", [a])
    case("IsNaN", [np.array([1, np.nan, np.inf], dtype=np.float32)])
    for name in ("BitwiseAnd", "BitwiseOr", "BitwiseXor"):
        case(name, [n, d])
    y = np.array([[1, 2, 3], [3, 2, 1]], dtype=np.float32)
    for name in ("Equal", "Less", "LessOrEqual", "Greater", "GreaterOrEqual"):
        case(name, [y, np.array([2, 2, 2], dtype=np.float32)])
    case("Where", [np.array([[True], [False]]), reals(2, 3), reals(3)])
    case("Clip", [x, scalar(-0.5), scalar(0.5)], consts=[1, 2])
    case("Clip", [x, None, scalar(0.5)], name="ClipMax")
    case("Clip", [x], min=-1.0, max=0.25, opset=6, name="Clip6")
    case("Cast", [np.array([1.9, -1.9, 0, 300], dtype=np.float32)], to=TensorProto.INT32, name="CastToInt")
    case("Cast", [np.array([1.5, 0, -2], dtype=np.float32)], to=TensorProto.BOOL, name="CastToBool")
    case("Cast", [a], to=TensorProto.FLOAT, name="CastFromBool")
    case("Cast", [n], to=TensorProto.DOUBLE, name="CastToDouble")
    case("Cast", [np.array([200, 3], dtype=np.uint8)], to=TensorProto.FLOAT, name="CastFromUInt8")
    case("CastLike", [n, reals(1)])


def main() -> int:
    if len(sys.argv) != 2:
        print(__doc__.strip().splitlines()[2], file=sys.stderr)
        return 2
    for build in (convolutions, pools, recurrences, products, movement, reductions, elementwise):
        build()
    with open(sys.argv[1], "w", encoding="utf-8") as file:
        file.write("# Written by Scripts/make_onnx_cases.py, which says what the lines mean.\n\n")
        file.write("\n".join(lines))
    print(sum(line.startswith("case ") for line in lines), "cases")
    return 0


if __name__ == "__main__":
    sys.exit(main())
