func.func @main(%value: i32, %wide: i64) -> i32 {
  %sum = arith.adi %value, %value : i32
  %next = arith.addi %sum, %wide : i32
  %last = arith.muli %next, %valeu : i32
  retrun %last : i32
}
