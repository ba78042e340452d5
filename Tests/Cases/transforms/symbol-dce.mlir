// RUN: martlet opt --symbol-dce --split-input-file %s | FileCheck %s
// CHECK lines: compare_with_mlir_opt.py

// Private symbols nobody refers to go, with those only they refer to.
func.func private @unused()
func.func private @used(i32) -> i32
func.func private @chain_a() {
  call @chain_b() : () -> ()
  return
}
func.func private @chain_b() {
  call @chain_a() : () -> ()
  return
}
func.func @main(%a: i32) -> i32 {
  %0 = call @used(%a) : (i32) -> i32
  return %0 : i32
}
func.func nested @nested() {
  return
}
func.func private @kept_by_constant() {
  return
}
func.func @takes() -> (() -> ()) {
  %f = constant @kept_by_constant : () -> ()
  return %f : () -> ()
}
memref.global "private" @unused_global : memref<4xf32> = dense<0.0>
memref.global "private" @used_global : memref<4xf32> = dense<1.0>
memref.global @public_global : memref<4xf32> = dense<2.0>
func.func @reads() -> memref<4xf32> {
  %0 = memref.get_global @used_global : memref<4xf32>
  return %0 : memref<4xf32>
}

// CHECK: module {
// CHECK-NEXT:   func.func private @used(i32) -> i32
// CHECK-NEXT:   func.func @main(%arg0: i32) -> i32 {
// CHECK-NEXT:     %0 = call @used(%arg0) : (i32) -> i32
// CHECK-NEXT:     return %0 : i32
// CHECK-NEXT:   }
// CHECK-NEXT:   func.func private @kept_by_constant() {
// CHECK-NEXT:     return
// CHECK-NEXT:   }
// CHECK-NEXT:   func.func @takes() -> (() -> ()) {
// CHECK-NEXT:     %f = constant @kept_by_constant : () -> ()
// CHECK-NEXT:     return %f : () -> ()
// CHECK-NEXT:   }
// CHECK-NEXT:   memref.global "private" @used_global : memref<4xf32> = dense<1.000000e+00>
// CHECK-NEXT:   memref.global @public_global : memref<4xf32> = dense<2.000000e+00>
// CHECK-NEXT:   func.func @reads() -> memref<4xf32> {
// CHECK-NEXT:     %0 = memref.get_global @used_global : memref<4xf32>
// CHECK-NEXT:     return %0 : memref<4xf32>
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

// Nested symbol tables.
module attributes {x.uses = @visible::@by_attribute} {
  module @visible {
    func.func private @by_attribute()
    func.func private @by_nobody()
    func.func nested @nested_by_nobody()
    func.func nested @nested_by_call() {
      return
    }
  }
  module @hidden attributes {sym_visibility = "private"} {
    func.func @inside() {
      return
    }
  }
  module @unreferenced attributes {sym_visibility = "nested"} {
    func.func private @gone()
    func.func @stays() {
      return
    }
  }
  func.func @main() {
    return
  }
}

// CHECK: module attributes {x.uses = @visible::@by_attribute} {
// CHECK-NEXT:   module @visible {
// CHECK-NEXT:   }
// CHECK-NEXT:   func.func @main() {
// CHECK-NEXT:     return
// CHECK-NEXT:   }
// CHECK-NEXT: }

// -----

// A table without a name cannot be seen from outside.
module {
  module {
    func.func nested @nested()
    func.func private @private()
    func.func @public() {
      return
    }
  }
}

// CHECK: module {
// CHECK-NEXT:   module {
// CHECK-NEXT:     func.func @public() {
// CHECK-NEXT:       return
// CHECK-NEXT:     }
// CHECK-NEXT:   }
// CHECK-NEXT: }
