// RUN: martlet opt --allow-unregistered-dialect --mlir-print-value-users %s | FileCheck %s --check-prefix=USERS
// RUN: martlet opt --allow-unregistered-dialect --mlir-print-unique-ssa-ids %s | FileCheck %s --check-prefix=UNIQUE
// RUN: martlet opt --allow-unregistered-dialect --mlir-use-nameloc-as-prefix %s | FileCheck %s --check-prefix=NAMED
// RUN: martlet opt --allow-unregistered-dialect --mlir-print-skip-regions %s | FileCheck %s --check-prefix=SKIP
// RUN: martlet opt --allow-unregistered-dialect --mlir-print-assume-verified %s | FileCheck %s --check-prefix=PLAIN
// RUN: martlet opt --allow-unregistered-dialect --mlir-elide-resource-strings-if-larger=16 %s | FileCheck %s --check-prefix=ELIDE
// RUN: martlet opt --allow-unregistered-dialect --print-op-generic --print-no-properties %s | FileCheck %s --check-prefix=ATTRIBUTES
// MLIR-OPT: no

func.func @f(%a: i32, %x: memref<4xf32>) -> i32 {
  %c0 = arith.constant 0 : index loc("zero")
  %n:2 = "t.two"(%a) : (i32) -> (i32, i32) loc("pair")
  %m = scf.for %i = %c0 to %c0 step %c0 iter_args(%acc = %a) -> i32 {
    %u = arith.addi %acc, %n#1 : i32
    %l = memref.load %x[%i] : memref<4xf32>
    scf.yield %u : i32
  }
  cf.br ^bb1(%m : i32)
^bb1(%q: i32):
  return %q : i32
}
func.func @g(%a: i32) -> tensor<2xi32> {
  %0 = arith.constant dense_resource<blob> : tensor<2xi32>
  return %0 : tensor<2xi32>
}
{-#
  dialect_resources: { builtin: { blob: "0x08000000010000000000000002000000" } },
  external_resources: { foo: { bar: "some long text", baz: true } }
#-}

// USERS: func.func @f(%arg0: i32, %arg1: memref<4xf32>) -> i32 {
// USERS-NEXT: // %arg0 is used by %3, %2#0, %2#1
// USERS-NEXT: // %arg1 is used by %8
// USERS-NEXT: %c0 = arith.constant 0 : index // user: %3
// USERS-NEXT: %2:2 = "t.two"(%arg0) : (i32) -> (i32, i32) // users: (unused), (%7)
// USERS-NEXT: %3 = scf.for
// USERS-NEXT: // %arg2 is used by %8
// USERS-NEXT: // %arg3 is used by %7
// USERS-NEXT: %7 = arith.addi %arg3, %2#1 : i32 // user: %9
// USERS-NEXT: %8 = memref.load {{.*}} // unused
// USERS-NEXT: scf.yield %7 : i32 // id: %9
// USERS-NEXT: } // user: %4
// USERS-NEXT: cf.br ^bb1(%3 : i32) // id: %4
// USERS-NEXT: ^bb1(%5: i32):
// USERS-NEXT: // %5 is used by %6
// USERS-NEXT: return %5 : i32 // id: %6

// UNIQUE: func.func @f(%arg1: i32, %arg2: memref<4xf32>)
// UNIQUE: %0:2 = "t.two"(%arg1)
// UNIQUE: %1 = scf.for %arg3 =
// UNIQUE-NEXT: %3 = arith.addi

// NAMED: %zero = arith.constant 0 : index
// NAMED-NEXT: %pair:2 = "t.two"
// NAMED: arith.addi %{{.*}}, %pair#1

// SKIP: module {...}
// SKIP-NOT: func.func

// PLAIN: %c0 = arith.constant 0 : index
// PLAIN: {-#
// PLAIN-NEXT: dialect_resources: {
// PLAIN-NEXT: builtin: {
// PLAIN-NEXT: blob: "0x08000000010000000000000002000000"
// PLAIN-NEXT: }
// PLAIN-NEXT: },
// PLAIN-NEXT: external_resources: {
// PLAIN-NEXT: foo: {
// PLAIN-NEXT: bar: "some long text",
// PLAIN-NEXT: baz: true

// ELIDE-NOT: blob: "0x
// ELIDE: external_resources: {
// ELIDE-NEXT: foo: {
// ELIDE-NEXT: bar: "some long text",

// ATTRIBUTES: "arith.constant"() {value = 0 : index} : () -> index
// ATTRIBUTES-NOT: <{
