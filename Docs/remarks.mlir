func.func private @scale(%x: f32, %a: f32) -> f32 {
  %0 = arith.mulf %x, %a : f32
  return %0 : f32
}

func.func private @recurse(%x: f32) -> f32 {
  %0 = func.call @recurse(%x) : (f32) -> f32
  return %0 : f32
}

func.func @main(%m: memref<8xf32>, %x: f32, %n: index) -> f32 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.for %i = %c0 to %n step %c1 {
    %y = func.call @scale(%x, %x) : (f32, f32) -> f32
    %z = memref.load %m[%c0] : memref<8xf32>
    %s = arith.addf %y, %z : f32
    memref.store %s, %m[%i] : memref<8xf32>
  }
  %r = func.call @recurse(%x) : (f32) -> f32
  return %r : f32
}
