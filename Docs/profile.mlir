func.func @sum(%m: memref<64xi32>, %n: index) -> i32 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %two = arith.constant 2 : i32
  %zero = arith.constant 0 : i32
  %s = scf.for %i = %c0 to %n step %c1 iter_args(%a = %zero) -> (i32) {
    %x = memref.load %m[%i] : memref<64xi32>
    %y = arith.muli %two, %x : i32
    %z = arith.muli %two, %x : i32
    %t = arith.addi %y, %z : i32
    %u = arith.addi %t, %zero : i32
    %v = arith.addi %a, %u : i32
    scf.yield %v : i32
  }
  func.return %s : i32
}
