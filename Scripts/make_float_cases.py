#!/usr/bin/env python3
"""Write Tests/InterpreterTests/floats.txt: what other implementations make of floats.

usage: Scripts/make_float_cases.py > Tests/InterpreterTests/floats.txt

The formats of up to 16 bits come from ml_dtypes (which build/venv need not have: install ml_dtypes and
numpy to run this), f80 and f128 from C's long double and __float128 on x86-64 through gcc. The file is
committed, so that the tests need neither.

Lines are `decode KIND VALUE...` (the doubles of all bit patterns), `encode KIND VALUE:BITS...`, `OP KIND
A:B:RESULT...` with bits in hexadecimal, NaN being written `nan`, and for the wide kinds the same with what
the operation takes.
"""

import math
import os
import random
import struct
import subprocess
import tempfile

import ml_dtypes
import numpy

KINDS = {
    "bf16": "bfloat16",
    "f8E5M2": "float8_e5m2",
    "f8E4M3": "float8_e4m3",
    "f8E4M3FN": "float8_e4m3fn",
    "f8E5M2FNUZ": "float8_e5m2fnuz",
    "f8E4M3FNUZ": "float8_e4m3fnuz",
    "f8E4M3B11FNUZ": "float8_e4m3b11fnuz",
    "f8E3M4": "float8_e3m4",
    "f6E2M3FN": "float6_e2m3fn",
    "f6E3M2FN": "float6_e3m2fn",
    "f4E2M1FN": "float4_e2m1fn",
    "f8E8M0FNU": "float8_e8m0fnu",
}
WIDTHS = {"bf16": 16, "f6E2M3FN": 6, "f6E3M2FN": 6, "f4E2M1FN": 4}
HAS_NO_NAN = {"f6E2M3FN", "f6E3M2FN", "f4E2M1FN"}


def bits_of(value):
    return "nan" if numpy.isnan(value) else "%x" % struct.unpack("<Q", struct.pack("<d", value))[0]


def pattern_words(kind):
    return numpy.uint16 if kind == "bf16" else numpy.uint8


def write_small(kind, name, source):
    dtype = getattr(ml_dtypes, name)
    width = WIDTHS.get(kind, 8)
    words = pattern_words(kind)
    every = numpy.arange(1 << width, dtype=words)
    if kind == "bf16":
        every = numpy.array(
            sorted(source.sample(range(1 << 16), 200)) + [0, 1, 0x7F, 0x80, 0x7F80, 0x7F7F, 0x8000],
            dtype=words,
        )
    values = every.view(dtype).astype(numpy.float64)
    if kind != "bf16":
        print("decode", kind, *[bits_of(v) for v in values])

    def encoded(numbers):
        with numpy.errstate(all="ignore"):
            made = numpy.array(numbers, dtype=numpy.float32).astype(dtype)
        back = made.astype(numpy.float64)
        return ["nan" if numpy.isnan(b) else "%x" % w for w, b in zip(made.view(words), back)]

    finite = sorted({float(v) for v in values if numpy.isfinite(v)})
    inputs = [0.0, -0.0, 1e30, -1e30, float("inf"), float("-inf")]
    if kind not in HAS_NO_NAN:
        inputs.append(float("nan"))
    for a, b in source.sample(list(zip(finite, finite[1:])), min(60, len(finite) - 1)):
        middle = (a + b) / 2
        near = (b - a) / 64
        inputs += [middle, middle - near, middle + near]
    inputs += [finite[-1] * (1 + 2.0**-k) for k in range(1, 7)]
    inputs += [finite[0] * (1 + 2.0**-k) for k in range(1, 7)]
    if kind == "f8E8M0FNU":
        # MLIR makes the least number of a zero, ml_dtypes NaN.
        inputs = [v for v in inputs if v != 0]
    with numpy.errstate(all="ignore"):
        inputs = [float(numpy.float32(v)) for v in inputs]
    print("encode", kind, *["%s:%s" % pair for pair in zip(map(bits_of, inputs), encoded(inputs))])
    if kind == "f8E8M0FNU":
        return
    for op, f in [
        ("addf", numpy.add),
        ("subf", numpy.subtract),
        ("mulf", numpy.multiply),
        ("divf", numpy.divide),
    ]:
        left = numpy.array(source.choices(list(every), k=60), dtype=words)
        right = numpy.array(source.choices(list(every), k=60), dtype=words)
        cases = []
        for a, b in zip(left, right):
            x = numpy.array([a]).view(dtype).astype(numpy.float64)[0]
            y = numpy.array([b]).view(dtype).astype(numpy.float64)[0]
            with numpy.errstate(all="ignore"):
                exact = f(numpy.float64(x), numpy.float64(y))
                # Where the double is exact or far from a tie, one rounding more changes nothing.
                made = numpy.array([exact]).astype(dtype)
            back = made.astype(numpy.float64)[0]
            if numpy.isnan(exact) and kind in HAS_NO_NAN:
                continue
            result = "nan" if numpy.isnan(back) else "%x" % made.view(words)[0]
            cases.append("%x:%x:%s" % (a, b, result))
        print(op, kind, *cases)


def write_roots(kind, fraction_bits, source):
    """Square roots from exact integers: libquadmath's are not always rounded right."""
    stored = fraction_bits + (1 if kind == "f80" else 0)
    cases = []
    for i in range(40):
        field = source.choice([1, 2, 16382, 16383, 16384, 32766, source.randrange(1, 32767)])
        fraction = source.getrandbits(fraction_bits)
        if i % 4 == 0:
            fraction &= ~0 << source.randrange(fraction_bits)
        if i % 5 == 0:
            field = 0
        significand = fraction | (1 << fraction_bits if field else 0)
        if significand == 0:
            continue
        exponent = max(field, 1) - 16383 - fraction_bits
        # 2^(2 * shift) times the number, exact, with at least two bits more than the root keeps.
        shift = fraction_bits + 8 + (exponent & 1)
        number = significand << (2 * shift + (exponent & 1))
        root = math.isqrt(number)
        scale = (exponent - (exponent & 1)) // 2 - shift
        dropped = root.bit_length() - (fraction_bits + 1)
        kept, rest = root >> dropped, root & ((1 << dropped) - 1)
        half = 1 << (dropped - 1)
        if rest > half or (rest == half and (root * root != number or kept & 1)):
            kept += 1
        if kept >> (fraction_bits + 1):
            kept >>= 1
            dropped += 1
        made = scale + dropped + 16383 + fraction_bits
        cases.append((field, significand, made, kept))
    keep = (1 << fraction_bits) - 1

    def text(field, significand):
        low = significand if kind == "f80" else significand & keep
        return "%x" % (field << stored | low)

    print("sqrt", kind, *["%s:%s" % (text(a, b), text(c, d)) for a, b, c, d in cases])


PROGRAM = r"""
#include <math.h>
#include <quadmath.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

typedef unsigned __int128 word;

static uint64_t state = 88172645463325252ull;
static uint64_t next(void) {
  state ^= state << 13;
  state ^= state >> 7;
  return state ^= state << 17;
}

static void show(word bits, int isNaN) {
  if (isNaN) printf("nan");
  else if (bits >> 64) printf("%llx%016llx", (unsigned long long)(bits >> 64), (unsigned long long)bits);
  else printf("%llx", (unsigned long long)bits);
}

/* Exponents near each other, at the ends of the range, or anywhere. */
static int exponent(int i) {
  switch (i % 5) {
  case 0: return 16383 + (int)(next() % 8) - 4;
  case 1: return 16383 + (int)(next() % 260) - 130;
  case 2: return (int)(next() % 3);
  case 3: return 32766 - (int)(next() % 3);
  default: return (int)(next() % 32767);
  }
}

/* Digits with long runs of ones or zeros now and then: what rounding is about. */
static uint64_t digits(int i) {
  uint64_t x = next();
  if (i % 3 == 1) x &= x >> 1 | 0xf000000000000000ull, x >>= next() % 64, x <<= next() % 64;
  if (i % 7 == 2) x = ~0ull << next() % 64;
  return x;
}

#define EACH(T, KIND, SIZE, S)                                                                       \
  static word bits_##S(T x) { word w = 0; memcpy(&w, &x, SIZE); return w; }                          \
  static T random_##S(int i);                                                                        \
  static void out_##S(T x) { show(bits_##S(x), x != x); }                                            \
  static void binary_##S(const char *name, T (*f)(T, T), int count) {                                \
    printf("%s %s", name, KIND);                                                                     \
    for (int i = 0; i < count; i++) {                                                                \
      T a = random_##S(i), b = i % 11 == 3 ? -a : random_##S(i);                                     \
      printf(" "); out_##S(a); printf(":"); out_##S(b); printf(":"); out_##S(f(a, b));               \
    }                                                                                                \
    printf("\n");                                                                                    \
  }                                                                                                  \
  static void unary_##S(const char *name, T (*f)(T), int count) {                                    \
    printf("%s %s", name, KIND);                                                                     \
    for (int i = 0; i < count; i++) {                                                                \
      T a = random_##S(i);                                                                           \
      printf(" "); out_##S(a); printf(":"); out_##S(f(a));                                           \
    }                                                                                                \
    printf("\n");                                                                                    \
  }                                                                                                  \
  static T add_##S(T a, T b) { return a + b; }                                                       \
  static T sub_##S(T a, T b) { return a - b; }                                                       \
  static T mul_##S(T a, T b) { return a * b; }                                                       \
  static T div_##S(T a, T b) { return a / b; }                                                       \
  static void all_##S(void) {                                                                        \
    binary_##S("addf", add_##S, 45);                                                                 \
    binary_##S("subf", sub_##S, 30);                                                                 \
    binary_##S("mulf", mul_##S, 40);                                                                 \
    binary_##S("divf", div_##S, 40);                                                                 \
    binary_##S("remf", fmod_##S, 25);                                                                \
    unary_##S("floor", floor_##S, 20);                                                               \
    unary_##S("ceil", ceil_##S, 20);                                                                 \
    unary_##S("trunc", trunc_##S, 20);                                                               \
    unary_##S("round", round_##S, 25);                                                               \
    unary_##S("roundeven", rint_##S, 25);                                                            \
    printf("fma %s", KIND);                                                                          \
    for (int i = 0; i < 40; i++) {                                                                   \
      T a = random_##S(5 * i), b = random_##S(5 * i), c = i & 1 ? -(a * b) : random_##S(5 * i);      \
      printf(" "); out_##S(a); printf(":"); out_##S(b); printf(":"); out_##S(c); printf(":");        \
      out_##S(fma_##S(a, b, c));                                                                     \
    }                                                                                                \
    printf("\ntruncf64 %s", KIND);                                                                   \
    for (int i = 0; i < 30; i++) {                                                                   \
      T a = i % 5 < 2 ? random_##S(i) : ldexp_##S(random_##S(0), (int)(next() % 60) - 1085);         \
      double d = (double)a; uint64_t w; memcpy(&w, &d, 8);                                           \
      printf(" "); out_##S(a); printf(":"); show(w, d != d);                                         \
    }                                                                                                \
    printf("\ntruncf32 %s", KIND);                                                                   \
    for (int i = 0; i < 30; i++) {                                                                   \
      T a = i % 5 < 2 ? random_##S(i) : ldexp_##S(random_##S(0), (int)(next() % 40) - 155);          \
      float d = (float)a; uint32_t w; memcpy(&w, &d, 4);                                             \
      printf(" "); out_##S(a); printf(":"); show(w, d != d);                                         \
    }                                                                                                \
    printf("\nextf64 %s", KIND);                                                                     \
    for (int i = 0; i < 20; i++) {                                                                   \
      uint64_t w = next(); if (i % 4 == 0) w &= 0x800fffffffffffffull;                               \
      double d; memcpy(&d, &w, 8);                                                                   \
      printf(" %llx:", (unsigned long long)w); out_##S((T)d);                                        \
    }                                                                                                \
    printf("\nsitofp %s", KIND);                                                                     \
    for (int i = 0; i < 20; i++) {                                                                   \
      int64_t w = (int64_t)next() >> next() % 64;                                                    \
      printf(" %llx:", (unsigned long long)w); out_##S((T)w);                                        \
    }                                                                                                \
    printf("\nuitofp %s", KIND);                                                                     \
    for (int i = 0; i < 20; i++) {                                                                   \
      uint64_t w = next() >> next() % 64;                                                            \
      printf(" %llx:", (unsigned long long)w); out_##S((T)w);                                        \
    }                                                                                                \
    printf("\nfptosi %s", KIND);                                                                     \
    for (int i = 0; i < 30; i++) {                                                                   \
      T a = ldexp_##S(random_##S(0), (int)(next() % 66));                                            \
      printf(" "); out_##S(a); printf(":");                                                          \
      if (a > -9223372036854775809.0L && a < 9223372036854775808.0L) show((uint64_t)(int64_t)a, 0);   \
      else printf("none");                                                                           \
    }                                                                                                \
    printf("\ncmpf %s", KIND);                                                                       \
    for (int i = 0; i < 30; i++) {                                                                   \
      T a = random_##S(i), b = i % 4 == 0 ? a : random_##S(i);                                       \
      printf(" "); out_##S(a); printf(":"); out_##S(b); printf(":%x", a < b ? 4 : a > b ? 2 : 1);     \
    }                                                                                                \
    printf("\n");                                                                                    \
  }

static long double fmod_w(long double a, long double b) { return fmodl(a, b); }
static long double floor_w(long double a) { return floorl(a); }
static long double ceil_w(long double a) { return ceill(a); }
static long double trunc_w(long double a) { return truncl(a); }
static long double round_w(long double a) { return roundl(a); }
static long double rint_w(long double a) { return rintl(a); }
static long double fma_w(long double a, long double b, long double c) { return fmal(a, b, c); }
static long double ldexp_w(long double a, int e) { return ldexpl(a, e); }
static __float128 fmod_q(__float128 a, __float128 b) { return fmodq(a, b); }
static __float128 floor_q(__float128 a) { return floorq(a); }
static __float128 ceil_q(__float128 a) { return ceilq(a); }
static __float128 trunc_q(__float128 a) { return truncq(a); }
static __float128 round_q(__float128 a) { return roundq(a); }
static __float128 rint_q(__float128 a) { return rintq(a); }
static __float128 fma_q(__float128 a, __float128 b, __float128 c) { return fmaq(a, b, c); }
static __float128 ldexp_q(__float128 a, int e) { return ldexpq(a, e); }

EACH(long double, "f80", 10, w)
EACH(__float128, "f128", 16, q)

static long double random_w(int i) {
  int e = exponent(i);
  uint64_t sign = next() & 1;
  word w = (word)(sign << 15 | e) << 64 | (digits(i) >> 1 | (e ? 1ull << 63 : 0));
  long double x = 0;
  memcpy(&x, &w, 10);
  return x;
}
static __float128 random_q(int i) {
  uint64_t sign = next() & 1;
  word w = (word)(sign << 63 | (uint64_t)exponent(i) << 48 | digits(i) >> 16) << 64 | digits(i + 1);
  __float128 x;
  memcpy(&x, &w, 16);
  return x;
}

int main(void) {
  all_w();
  all_q();
  return 0;
}
"""


def main():
    source = random.Random(7)
    for kind, name in KINDS.items():
        write_small(kind, name, source)
    write_roots("f80", 63, source)
    write_roots("f128", 112, source)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "wide")
        with open(path + ".c", "w") as file:
            file.write(PROGRAM)
        subprocess.run(
            ["gcc", "-O1", "-fno-builtin", path + ".c", "-o", path, "-lquadmath", "-lm"], check=True
        )
        print(subprocess.run([path], check=True, capture_output=True, text=True).stdout, end="")


if __name__ == "__main__":
    main()
