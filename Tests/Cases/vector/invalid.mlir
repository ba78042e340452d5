// RUN: martlet opt --verify-diagnostics --split-input-file %s

func.func @masks(%m: vector<4xi1>, %a: vector<4xf32>) -> vector<4xf32> {
  // expected-error@+1 {{expects a MaskableOpInterface within the mask region}}
  %0 = vector.mask %m { arith.mulf %a, %a : vector<4xf32> } : vector<4xi1> -> vector<4xf32>
  return %0 : vector<4xf32>
}

// -----

func.func @mask_type(%m: vector<8xi1>, %a: vector<4xf32>) -> f32 {
  // expected-error@+1 {{expects a 'vector<4xi1>' mask for the maskable operation}}
  %0 = vector.mask %m { vector.reduction <add>, %a : vector<4xf32> into f32 } : vector<8xi1> -> f32
  return %0 : f32
}

// -----

func.func @scans(%a: vector<4x2xf32>, %b: vector<4xf32>) -> vector<4x2xf32> {
  // expected-error@+1 {{incompatible input/initial value shapes}}
  %0:2 = vector.scan <add>, %a, %b {inclusive = false, reduction_dim = 0} : vector<4x2xf32>, vector<4xf32>
  return %0#0 : vector<4x2xf32>
}

// -----

func.func @halves(%a: vector<3xf32>) -> vector<1xf32> {
  // expected-error@+1 {{the trailing dimension of the source vector has an even number of elements}}
  %0, %1 = vector.deinterleave %a : vector<3xf32> -> vector<1xf32>
  return %0 : vector<1xf32>
}

// -----

func.func @strides(%m: memref<4x4xf32, strided<[8, 2]>>, %i: index, %v: vector<2xf32>) {
  // expected-error@+1 {{most minor memref dim must have unit stride}}
  vector.store %v, %m[%i, %i] : memref<4x4xf32, strided<[8, 2]>>, vector<2xf32>
  return
}

// -----

// A missing token is told where it should have been.
func.func @missing(%v: vector<4xf32>) -> vector<4xf32> {
  // expected-error@+1 {{expected ':'}}
  %0 = vector.bitcast %v
  return %0 : vector<4xf32>
}
