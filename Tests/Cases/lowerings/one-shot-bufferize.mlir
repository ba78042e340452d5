// RUN: martlet opt --split-input-file --one-shot-bufferize=bufferize-function-boundaries %s | FileCheck %s
// CHECK lines: compare_with_mlir_opt.py

func.func @fill(%t: tensor<?xf32>, %f: f32) -> tensor<?xf32> {
  %r = linalg.fill ins(%f : f32) outs(%t : tensor<?xf32>) -> tensor<?xf32>
  return %r : tensor<?xf32>
}

// -----

// The old tensor is read behind the write.
func.func @copied(%t: tensor<4xf32>, %f: f32, %i: index) -> (tensor<4xf32>, f32) {
  %new = tensor.insert %f into %t[%i] : tensor<4xf32>
  %x = tensor.extract %t[%i] : tensor<4xf32>
  return %new, %x : tensor<4xf32>, f32
}

// -----

// A slice is taken, changed and put back in place.
func.func @slice(%t: tensor<16xf32>, %f: f32) -> tensor<16xf32> {
  %s = tensor.extract_slice %t[4] [8] [1] : tensor<16xf32> to tensor<8xf32>
  %r = linalg.fill ins(%f : f32) outs(%s : tensor<8xf32>) -> tensor<8xf32>
  %u = tensor.insert_slice %r into %t[4] [8] [1] : tensor<8xf32> into tensor<16xf32>
  return %u : tensor<16xf32>
}

// -----

func.func @loop(%t: tensor<?xf32>, %f: f32, %n: index) -> tensor<?xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %r = scf.for %i = %c0 to %n step %c1 iter_args(%s = %t) -> (tensor<?xf32>) {
    %u = tensor.insert %f into %s[%i] : tensor<?xf32>
    scf.yield %u : tensor<?xf32>
  }
  return %r : tensor<?xf32>
}

// -----

// Constants are not written to.
func.func @constant(%f: f32, %i: index) -> tensor<3xf32> {
  %k = arith.constant dense<[1.0, 2.0, 3.0]> : tensor<3xf32>
  %r = tensor.insert %f into %k[%i] : tensor<3xf32>
  return %r : tensor<3xf32>
}

// -----

func.func private @reads(%t: tensor<4xf32>, %i: index) -> f32 {
  %x = tensor.extract %t[%i] : tensor<4xf32>
  return %x : f32
}
func.func @calls(%t: tensor<4xf32>, %f: f32, %i: index) -> (tensor<4xf32>, f32) {
  %u = tensor.insert %f into %t[%i] : tensor<4xf32>
  %x = call @reads(%u, %i) : (tensor<4xf32>, index) -> f32
  return %u, %x : tensor<4xf32>, f32
}

// -----

func.func @branches(%c: i1, %a: tensor<4xf32>, %f: f32, %i: index) -> tensor<4xf32> {
  %r = scf.if %c -> (tensor<4xf32>) {
    %u = tensor.insert %f into %a[%i] : tensor<4xf32>
    scf.yield %u : tensor<4xf32>
  } else {
    scf.yield %a : tensor<4xf32>
  }
  return %r : tensor<4xf32>
}
