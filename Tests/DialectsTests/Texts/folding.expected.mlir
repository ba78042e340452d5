module {
  func.func @addi_i8(%arg0: i8, %arg1: i8) -> (i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8) {
    %c-128_i8 = arith.constant -128 : i8
    %c-7_i8 = arith.constant -7 : i8
    %c-1_i8 = arith.constant -1 : i8
    %c0_i8 = arith.constant 0 : i8
    %c1_i8 = arith.constant 1 : i8
    %c2_i8 = arith.constant 2 : i8
    %c7_i8 = arith.constant 7 : i8
    %c127_i8 = arith.constant 127 : i8
    %c121_i8 = arith.constant 121 : i8
    %c-127_i8 = arith.constant -127 : i8
    %c-126_i8 = arith.constant -126 : i8
    %c-121_i8 = arith.constant -121 : i8
    %c-14_i8 = arith.constant -14 : i8
    %c-8_i8 = arith.constant -8 : i8
    %c-6_i8 = arith.constant -6 : i8
    %c-5_i8 = arith.constant -5 : i8
    %c120_i8 = arith.constant 120 : i8
    %c-2_i8 = arith.constant -2 : i8
    %c6_i8 = arith.constant 6 : i8
    %c126_i8 = arith.constant 126 : i8
    %c3_i8 = arith.constant 3 : i8
    %c8_i8 = arith.constant 8 : i8
    %c4_i8 = arith.constant 4 : i8
    %c9_i8 = arith.constant 9 : i8
    %c14_i8 = arith.constant 14 : i8
    %c-122_i8 = arith.constant -122 : i8
    %0 = arith.addi %arg0, %c-128_i8 : i8
    %1 = arith.addi %arg0, %c-128_i8 : i8
    %2 = arith.addi %arg0, %c-7_i8 : i8
    %3 = arith.addi %arg0, %c-7_i8 : i8
    %4 = arith.addi %arg0, %c-1_i8 : i8
    %5 = arith.addi %arg0, %c-1_i8 : i8
    %6 = arith.addi %arg0, %c1_i8 : i8
    %7 = arith.addi %arg0, %c1_i8 : i8
    %8 = arith.addi %arg0, %c2_i8 : i8
    %9 = arith.addi %arg0, %c2_i8 : i8
    %10 = arith.addi %arg0, %c7_i8 : i8
    %11 = arith.addi %arg0, %c7_i8 : i8
    %12 = arith.addi %arg0, %c127_i8 : i8
    %13 = arith.addi %arg0, %c127_i8 : i8
    %14 = arith.addi %arg0, %arg0 : i8
    return %c0_i8, %c121_i8, %c127_i8, %c-128_i8, %c-127_i8, %c-126_i8, %c-121_i8, %c-1_i8, %c121_i8, %c-14_i8, %c-8_i8, %c-7_i8, %c-6_i8, %c-5_i8, %c0_i8, %c120_i8, %c127_i8, %c-8_i8, %c-2_i8, %c-1_i8, %c0_i8, %c1_i8, %c6_i8, %c126_i8, %c-128_i8, %c-7_i8, %c-1_i8, %c0_i8, %c1_i8, %c2_i8, %c7_i8, %c127_i8, %c-127_i8, %c-6_i8, %c0_i8, %c1_i8, %c2_i8, %c3_i8, %c8_i8, %c-128_i8, %c-126_i8, %c-5_i8, %c1_i8, %c2_i8, %c3_i8, %c4_i8, %c9_i8, %c-127_i8, %c-121_i8, %c0_i8, %c6_i8, %c7_i8, %c8_i8, %c9_i8, %c14_i8, %c-122_i8, %c-1_i8, %c120_i8, %c126_i8, %c127_i8, %c-128_i8, %c-127_i8, %c-122_i8, %c-2_i8, %0, %1, %2, %3, %4, %5, %arg0, %arg0, %6, %7, %8, %9, %10, %11, %12, %13, %14 : i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8
  }
}
// -----
module {
  func.func @subi_i8(%arg0: i8, %arg1: i8) -> (i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8) {
    %c-128_i8 = arith.constant -128 : i8
    %c-7_i8 = arith.constant -7 : i8
    %c-1_i8 = arith.constant -1 : i8
    %c1_i8 = arith.constant 1 : i8
    %c2_i8 = arith.constant 2 : i8
    %c7_i8 = arith.constant 7 : i8
    %c127_i8 = arith.constant 127 : i8
    %c0_i8 = arith.constant 0 : i8
    %c-121_i8 = arith.constant -121 : i8
    %c-127_i8 = arith.constant -127 : i8
    %c126_i8 = arith.constant 126 : i8
    %c121_i8 = arith.constant 121 : i8
    %c-6_i8 = arith.constant -6 : i8
    %c-8_i8 = arith.constant -8 : i8
    %c-9_i8 = arith.constant -9 : i8
    %c-14_i8 = arith.constant -14 : i8
    %c122_i8 = arith.constant 122 : i8
    %c6_i8 = arith.constant 6 : i8
    %c-2_i8 = arith.constant -2 : i8
    %c-3_i8 = arith.constant -3 : i8
    %c8_i8 = arith.constant 8 : i8
    %c-126_i8 = arith.constant -126 : i8
    %c9_i8 = arith.constant 9 : i8
    %c3_i8 = arith.constant 3 : i8
    %c-5_i8 = arith.constant -5 : i8
    %c-125_i8 = arith.constant -125 : i8
    %c14_i8 = arith.constant 14 : i8
    %c5_i8 = arith.constant 5 : i8
    %c-120_i8 = arith.constant -120 : i8
    %c-122_i8 = arith.constant -122 : i8
    %c125_i8 = arith.constant 125 : i8
    %c120_i8 = arith.constant 120 : i8
    %0 = arith.subi %arg0, %c-128_i8 : i8
    %1 = arith.subi %arg0, %c-7_i8 : i8
    %2 = arith.subi %arg0, %c-1_i8 : i8
    %3 = arith.subi %arg0, %c1_i8 : i8
    %4 = arith.subi %arg0, %c2_i8 : i8
    %5 = arith.subi %arg0, %c7_i8 : i8
    %6 = arith.subi %arg0, %c127_i8 : i8
    return %c0_i8, %c-121_i8, %c-127_i8, %c-128_i8, %c127_i8, %c126_i8, %c121_i8, %c1_i8, %c121_i8, %c0_i8, %c-6_i8, %c-7_i8, %c-8_i8, %c-9_i8, %c-14_i8, %c122_i8, %c127_i8, %c6_i8, %c0_i8, %c-1_i8, %c-2_i8, %c-3_i8, %c-8_i8, %c-128_i8, %c-128_i8, %c7_i8, %c1_i8, %c0_i8, %c-1_i8, %c-2_i8, %c-7_i8, %c-127_i8, %c-127_i8, %c8_i8, %c2_i8, %c1_i8, %c0_i8, %c-1_i8, %c-6_i8, %c-126_i8, %c-126_i8, %c9_i8, %c3_i8, %c2_i8, %c1_i8, %c0_i8, %c-5_i8, %c-125_i8, %c-121_i8, %c14_i8, %c8_i8, %c7_i8, %c6_i8, %c5_i8, %c0_i8, %c-120_i8, %c-1_i8, %c-122_i8, %c-128_i8, %c127_i8, %c126_i8, %c125_i8, %c120_i8, %c0_i8, %0, %1, %2, %arg0, %3, %4, %5, %6, %c0_i8 : i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8
  }
}
// -----
module {
  func.func @muli_i8(%arg0: i8, %arg1: i8) -> (i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8) {
    %c-128_i8 = arith.constant -128 : i8
    %c-7_i8 = arith.constant -7 : i8
    %c-1_i8 = arith.constant -1 : i8
    %c0_i8 = arith.constant 0 : i8
    %c1_i8 = arith.constant 1 : i8
    %c2_i8 = arith.constant 2 : i8
    %c7_i8 = arith.constant 7 : i8
    %c127_i8 = arith.constant 127 : i8
    %c49_i8 = arith.constant 49 : i8
    %c-14_i8 = arith.constant -14 : i8
    %c-49_i8 = arith.constant -49 : i8
    %c-121_i8 = arith.constant -121 : i8
    %c-2_i8 = arith.constant -2 : i8
    %c-127_i8 = arith.constant -127 : i8
    %c4_i8 = arith.constant 4 : i8
    %c14_i8 = arith.constant 14 : i8
    %c121_i8 = arith.constant 121 : i8
    %0 = arith.muli %arg0, %c-128_i8 : i8
    %1 = arith.muli %arg0, %c-128_i8 : i8
    %2 = arith.muli %arg0, %c-7_i8 : i8
    %3 = arith.muli %arg0, %c-7_i8 : i8
    %4 = arith.muli %arg0, %c-1_i8 : i8
    %5 = arith.muli %arg0, %c-1_i8 : i8
    %6 = arith.muli %arg0, %c2_i8 : i8
    %7 = arith.muli %arg0, %c2_i8 : i8
    %8 = arith.muli %arg0, %c7_i8 : i8
    %9 = arith.muli %arg0, %c7_i8 : i8
    %10 = arith.muli %arg0, %c127_i8 : i8
    %11 = arith.muli %arg0, %c127_i8 : i8
    %12 = arith.muli %arg0, %arg0 : i8
    return %c0_i8, %c-128_i8, %c-128_i8, %c0_i8, %c-128_i8, %c0_i8, %c-128_i8, %c-128_i8, %c-128_i8, %c49_i8, %c7_i8, %c0_i8, %c-7_i8, %c-14_i8, %c-49_i8, %c-121_i8, %c-128_i8, %c7_i8, %c1_i8, %c0_i8, %c-1_i8, %c-2_i8, %c-7_i8, %c-127_i8, %c0_i8, %c0_i8, %c0_i8, %c0_i8, %c0_i8, %c0_i8, %c0_i8, %c0_i8, %c-128_i8, %c-7_i8, %c-1_i8, %c0_i8, %c1_i8, %c2_i8, %c7_i8, %c127_i8, %c0_i8, %c-14_i8, %c-2_i8, %c0_i8, %c2_i8, %c4_i8, %c14_i8, %c-2_i8, %c-128_i8, %c-49_i8, %c-7_i8, %c0_i8, %c7_i8, %c14_i8, %c49_i8, %c121_i8, %c-128_i8, %c-121_i8, %c-127_i8, %c0_i8, %c127_i8, %c-2_i8, %c121_i8, %c1_i8, %0, %1, %2, %3, %4, %5, %c0_i8, %c0_i8, %arg0, %arg0, %6, %7, %8, %9, %10, %11, %12 : i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8
  }
}
// -----
module {
  func.func @divui_i8(%arg0: i8, %arg1: i8) -> (i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8) {
    %c63_i8 = arith.constant 63 : i8
    %c3_i8 = arith.constant 3 : i8
    %c36_i8 = arith.constant 36 : i8
    %c35_i8 = arith.constant 35 : i8
    %c124_i8 = arith.constant 124 : i8
    %c18_i8 = arith.constant 18 : i8
    %c64_i8 = arith.constant 64 : i8
    %c-128_i8 = arith.constant -128 : i8
    %c-7_i8 = arith.constant -7 : i8
    %c-1_i8 = arith.constant -1 : i8
    %c0_i8 = arith.constant 0 : i8
    %c1_i8 = arith.constant 1 : i8
    %c2_i8 = arith.constant 2 : i8
    %c7_i8 = arith.constant 7 : i8
    %c127_i8 = arith.constant 127 : i8
    %0 = arith.divui %c-128_i8, %c0_i8 : i8
    %1 = arith.divui %c-7_i8, %c0_i8 : i8
    %2 = arith.divui %c-1_i8, %c0_i8 : i8
    %3 = arith.divui %c0_i8, %c0_i8 : i8
    %4 = arith.divui %c1_i8, %c0_i8 : i8
    %5 = arith.divui %c2_i8, %c0_i8 : i8
    %6 = arith.divui %c7_i8, %c0_i8 : i8
    %7 = arith.divui %c127_i8, %c0_i8 : i8
    %8 = arith.divui %arg0, %c-128_i8 : i8
    %9 = arith.divui %arg0, %c-7_i8 : i8
    %10 = arith.divui %arg0, %c-1_i8 : i8
    %11 = arith.divui %arg0, %c0_i8 : i8
    %12 = arith.divui %arg0, %c2_i8 : i8
    %13 = arith.divui %arg0, %c7_i8 : i8
    %14 = arith.divui %arg0, %c127_i8 : i8
    %15 = arith.divui %arg0, %arg0 : i8
    return %c1_i8, %c0_i8, %c0_i8, %0, %c-128_i8, %c64_i8, %c18_i8, %c1_i8, %c1_i8, %c1_i8, %c0_i8, %1, %c-7_i8, %c124_i8, %c35_i8, %c1_i8, %c1_i8, %c1_i8, %c1_i8, %2, %c-1_i8, %c127_i8, %c36_i8, %c2_i8, %c0_i8, %c0_i8, %c0_i8, %3, %c0_i8, %c0_i8, %c0_i8, %c0_i8, %c0_i8, %c0_i8, %c0_i8, %4, %c1_i8, %c0_i8, %c0_i8, %c0_i8, %c0_i8, %c0_i8, %c0_i8, %5, %c2_i8, %c1_i8, %c0_i8, %c0_i8, %c0_i8, %c0_i8, %c0_i8, %6, %c7_i8, %c3_i8, %c1_i8, %c0_i8, %c0_i8, %c0_i8, %c0_i8, %7, %c127_i8, %c63_i8, %c18_i8, %c1_i8, %8, %9, %10, %11, %arg0, %12, %13, %14, %15 : i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8
  }
}
// -----
module {
  func.func @divsi_i8(%arg0: i8, %arg1: i8) -> (i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8) {
    %c63_i8 = arith.constant 63 : i8
    %c-127_i8 = arith.constant -127 : i8
    %c3_i8 = arith.constant 3 : i8
    %c-2_i8 = arith.constant -2 : i8
    %c-3_i8 = arith.constant -3 : i8
    %c-18_i8 = arith.constant -18 : i8
    %c-64_i8 = arith.constant -64 : i8
    %c-128_i8 = arith.constant -128 : i8
    %c-7_i8 = arith.constant -7 : i8
    %c-1_i8 = arith.constant -1 : i8
    %c0_i8 = arith.constant 0 : i8
    %c1_i8 = arith.constant 1 : i8
    %c2_i8 = arith.constant 2 : i8
    %c7_i8 = arith.constant 7 : i8
    %c127_i8 = arith.constant 127 : i8
    %c18_i8 = arith.constant 18 : i8
    %0 = arith.divsi %c-128_i8, %c-1_i8 : i8
    %1 = arith.divsi %c-128_i8, %c0_i8 : i8
    %2 = arith.divsi %c-7_i8, %c0_i8 : i8
    %3 = arith.divsi %c-1_i8, %c0_i8 : i8
    %4 = arith.divsi %c0_i8, %c0_i8 : i8
    %5 = arith.divsi %c1_i8, %c0_i8 : i8
    %6 = arith.divsi %c2_i8, %c0_i8 : i8
    %7 = arith.divsi %c7_i8, %c0_i8 : i8
    %8 = arith.divsi %c127_i8, %c0_i8 : i8
    %9 = arith.divsi %arg0, %c-128_i8 : i8
    %10 = arith.divsi %arg0, %c-7_i8 : i8
    %11 = arith.divsi %arg0, %c-1_i8 : i8
    %12 = arith.divsi %arg0, %c0_i8 : i8
    %13 = arith.divsi %arg0, %c2_i8 : i8
    %14 = arith.divsi %arg0, %c7_i8 : i8
    %15 = arith.divsi %arg0, %c127_i8 : i8
    %16 = arith.divsi %arg0, %arg0 : i8
    return %c1_i8, %c18_i8, %0, %1, %c-128_i8, %c-64_i8, %c-18_i8, %c-1_i8, %c0_i8, %c1_i8, %c7_i8, %2, %c-7_i8, %c-3_i8, %c-1_i8, %c0_i8, %c0_i8, %c0_i8, %c1_i8, %3, %c-1_i8, %c0_i8, %c0_i8, %c0_i8, %c0_i8, %c0_i8, %c0_i8, %4, %c0_i8, %c0_i8, %c0_i8, %c0_i8, %c0_i8, %c0_i8, %c-1_i8, %5, %c1_i8, %c0_i8, %c0_i8, %c0_i8, %c0_i8, %c0_i8, %c-2_i8, %6, %c2_i8, %c1_i8, %c0_i8, %c0_i8, %c0_i8, %c-1_i8, %c-7_i8, %7, %c7_i8, %c3_i8, %c1_i8, %c0_i8, %c0_i8, %c-18_i8, %c-127_i8, %8, %c127_i8, %c63_i8, %c18_i8, %c1_i8, %9, %10, %11, %12, %arg0, %13, %14, %15, %16 : i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8
  }
}
// -----
module {
  func.func @ceildivui_i8(%arg0: i8, %arg1: i8) -> (i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8) {
    %c4_i8 = arith.constant 4 : i8
    %c3_i8 = arith.constant 3 : i8
    %c37_i8 = arith.constant 37 : i8
    %c36_i8 = arith.constant 36 : i8
    %c125_i8 = arith.constant 125 : i8
    %c19_i8 = arith.constant 19 : i8
    %c64_i8 = arith.constant 64 : i8
    %c-128_i8 = arith.constant -128 : i8
    %c-7_i8 = arith.constant -7 : i8
    %c-1_i8 = arith.constant -1 : i8
    %c0_i8 = arith.constant 0 : i8
    %c1_i8 = arith.constant 1 : i8
    %c2_i8 = arith.constant 2 : i8
    %c7_i8 = arith.constant 7 : i8
    %c127_i8 = arith.constant 127 : i8
    %0 = arith.ceildivui %c-128_i8, %c0_i8 : i8
    %1 = arith.ceildivui %c-7_i8, %c0_i8 : i8
    %2 = arith.ceildivui %c-1_i8, %c0_i8 : i8
    %3 = arith.ceildivui %c0_i8, %c0_i8 : i8
    %4 = arith.ceildivui %c1_i8, %c0_i8 : i8
    %5 = arith.ceildivui %c2_i8, %c0_i8 : i8
    %6 = arith.ceildivui %c7_i8, %c0_i8 : i8
    %7 = arith.ceildivui %c127_i8, %c0_i8 : i8
    %8 = arith.ceildivui %arg0, %c-128_i8 : i8
    %9 = arith.ceildivui %arg0, %c-7_i8 : i8
    %10 = arith.ceildivui %arg0, %c-1_i8 : i8
    %11 = arith.ceildivui %arg0, %c0_i8 : i8
    %12 = arith.ceildivui %arg0, %c2_i8 : i8
    %13 = arith.ceildivui %arg0, %c7_i8 : i8
    %14 = arith.ceildivui %arg0, %c127_i8 : i8
    %15 = arith.ceildivui %arg0, %arg0 : i8
    return %c1_i8, %c1_i8, %c1_i8, %0, %c-128_i8, %c64_i8, %c19_i8, %c2_i8, %c2_i8, %c1_i8, %c1_i8, %1, %c-7_i8, %c125_i8, %c36_i8, %c2_i8, %c2_i8, %c2_i8, %c1_i8, %2, %c-1_i8, %c-128_i8, %c37_i8, %c3_i8, %c0_i8, %c0_i8, %c0_i8, %3, %c0_i8, %c0_i8, %c0_i8, %c0_i8, %c1_i8, %c1_i8, %c1_i8, %4, %c1_i8, %c1_i8, %c1_i8, %c1_i8, %c1_i8, %c1_i8, %c1_i8, %5, %c2_i8, %c1_i8, %c1_i8, %c1_i8, %c1_i8, %c1_i8, %c1_i8, %6, %c7_i8, %c4_i8, %c1_i8, %c1_i8, %c1_i8, %c1_i8, %c1_i8, %7, %c127_i8, %c64_i8, %c19_i8, %c1_i8, %8, %9, %10, %11, %arg0, %12, %13, %14, %15 : i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8
  }
}
// -----
module {
  func.func @floordivsi_i8(%arg0: i8, %arg1: i8) -> (i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8) {
    %c63_i8 = arith.constant 63 : i8
    %c-127_i8 = arith.constant -127 : i8
    %c3_i8 = arith.constant 3 : i8
    %c-4_i8 = arith.constant -4 : i8
    %c-2_i8 = arith.constant -2 : i8
    %c-19_i8 = arith.constant -19 : i8
    %c-64_i8 = arith.constant -64 : i8
    %c-128_i8 = arith.constant -128 : i8
    %c-7_i8 = arith.constant -7 : i8
    %c-1_i8 = arith.constant -1 : i8
    %c0_i8 = arith.constant 0 : i8
    %c1_i8 = arith.constant 1 : i8
    %c2_i8 = arith.constant 2 : i8
    %c7_i8 = arith.constant 7 : i8
    %c127_i8 = arith.constant 127 : i8
    %c18_i8 = arith.constant 18 : i8
    %0 = arith.floordivsi %c-128_i8, %c-1_i8 : i8
    %1 = arith.floordivsi %c-128_i8, %c0_i8 : i8
    %2 = arith.floordivsi %c-7_i8, %c0_i8 : i8
    %3 = arith.floordivsi %c-1_i8, %c0_i8 : i8
    %4 = arith.floordivsi %c0_i8, %c0_i8 : i8
    %5 = arith.floordivsi %c1_i8, %c0_i8 : i8
    %6 = arith.floordivsi %c2_i8, %c0_i8 : i8
    %7 = arith.floordivsi %c7_i8, %c0_i8 : i8
    %8 = arith.floordivsi %c127_i8, %c0_i8 : i8
    %9 = arith.floordivsi %arg0, %c-128_i8 : i8
    %10 = arith.floordivsi %arg0, %c-7_i8 : i8
    %11 = arith.floordivsi %arg0, %c-1_i8 : i8
    %12 = arith.floordivsi %arg0, %c0_i8 : i8
    %13 = arith.floordivsi %arg0, %c2_i8 : i8
    %14 = arith.floordivsi %arg0, %c7_i8 : i8
    %15 = arith.floordivsi %arg0, %c127_i8 : i8
    %16 = arith.floordivsi %arg0, %arg0 : i8
    return %c1_i8, %c18_i8, %0, %1, %c-128_i8, %c-64_i8, %c-19_i8, %c-2_i8, %c0_i8, %c1_i8, %c7_i8, %2, %c-7_i8, %c-4_i8, %c-1_i8, %c-1_i8, %c0_i8, %c0_i8, %c1_i8, %3, %c-1_i8, %c-1_i8, %c-1_i8, %c-1_i8, %c0_i8, %c0_i8, %c0_i8, %4, %c0_i8, %c0_i8, %c0_i8, %c0_i8, %c-1_i8, %c-1_i8, %c-1_i8, %5, %c1_i8, %c0_i8, %c0_i8, %c0_i8, %c-1_i8, %c-1_i8, %c-2_i8, %6, %c2_i8, %c1_i8, %c0_i8, %c0_i8, %c-1_i8, %c-1_i8, %c-7_i8, %7, %c7_i8, %c3_i8, %c1_i8, %c0_i8, %c-1_i8, %c-19_i8, %c-127_i8, %8, %c127_i8, %c63_i8, %c18_i8, %c1_i8, %9, %10, %11, %12, %arg0, %13, %14, %15, %16 : i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8
  }
}
// -----
module {
  func.func @remui_i8(%arg0: i8, %arg1: i8) -> (i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8) {
    %c3_i8 = arith.constant 3 : i8
    %c6_i8 = arith.constant 6 : i8
    %c122_i8 = arith.constant 122 : i8
    %c4_i8 = arith.constant 4 : i8
    %c121_i8 = arith.constant 121 : i8
    %c-128_i8 = arith.constant -128 : i8
    %c-7_i8 = arith.constant -7 : i8
    %c-1_i8 = arith.constant -1 : i8
    %c0_i8 = arith.constant 0 : i8
    %c1_i8 = arith.constant 1 : i8
    %c2_i8 = arith.constant 2 : i8
    %c7_i8 = arith.constant 7 : i8
    %c127_i8 = arith.constant 127 : i8
    %0 = arith.remui %c-128_i8, %c0_i8 : i8
    %1 = arith.remui %c-7_i8, %c0_i8 : i8
    %2 = arith.remui %c-1_i8, %c0_i8 : i8
    %3 = arith.remui %c0_i8, %c0_i8 : i8
    %4 = arith.remui %c1_i8, %c0_i8 : i8
    %5 = arith.remui %c2_i8, %c0_i8 : i8
    %6 = arith.remui %c7_i8, %c0_i8 : i8
    %7 = arith.remui %c127_i8, %c0_i8 : i8
    %8 = arith.remui %arg0, %c-128_i8 : i8
    %9 = arith.remui %arg0, %c-7_i8 : i8
    %10 = arith.remui %arg0, %c-1_i8 : i8
    %11 = arith.remui %arg0, %c0_i8 : i8
    %12 = arith.remui %arg0, %c2_i8 : i8
    %13 = arith.remui %arg0, %c7_i8 : i8
    %14 = arith.remui %arg0, %c127_i8 : i8
    %15 = arith.remui %arg0, %arg0 : i8
    return %c0_i8, %c-128_i8, %c-128_i8, %0, %c0_i8, %c0_i8, %c2_i8, %c1_i8, %c121_i8, %c0_i8, %c-7_i8, %1, %c0_i8, %c1_i8, %c4_i8, %c122_i8, %c127_i8, %c6_i8, %c0_i8, %2, %c0_i8, %c1_i8, %c3_i8, %c1_i8, %c0_i8, %c0_i8, %c0_i8, %3, %c0_i8, %c0_i8, %c0_i8, %c0_i8, %c1_i8, %c1_i8, %c1_i8, %4, %c0_i8, %c1_i8, %c1_i8, %c1_i8, %c2_i8, %c2_i8, %c2_i8, %5, %c0_i8, %c0_i8, %c2_i8, %c2_i8, %c7_i8, %c7_i8, %c7_i8, %6, %c0_i8, %c1_i8, %c0_i8, %c7_i8, %c127_i8, %c127_i8, %c127_i8, %7, %c0_i8, %c1_i8, %c1_i8, %c0_i8, %8, %9, %10, %11, %c0_i8, %12, %13, %14, %15 : i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8
  }
}
// -----
module {
  func.func @remsi_i8(%arg0: i8, %arg1: i8) -> (i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8) {
    %c-128_i8 = arith.constant -128 : i8
    %c-7_i8 = arith.constant -7 : i8
    %c-1_i8 = arith.constant -1 : i8
    %c0_i8 = arith.constant 0 : i8
    %c1_i8 = arith.constant 1 : i8
    %c2_i8 = arith.constant 2 : i8
    %c7_i8 = arith.constant 7 : i8
    %c127_i8 = arith.constant 127 : i8
    %c-2_i8 = arith.constant -2 : i8
    %0 = arith.remsi %c-128_i8, %c0_i8 : i8
    %1 = arith.remsi %c-7_i8, %c0_i8 : i8
    %2 = arith.remsi %c-1_i8, %c0_i8 : i8
    %3 = arith.remsi %c0_i8, %c0_i8 : i8
    %4 = arith.remsi %c1_i8, %c0_i8 : i8
    %5 = arith.remsi %c2_i8, %c0_i8 : i8
    %6 = arith.remsi %c7_i8, %c0_i8 : i8
    %7 = arith.remsi %c127_i8, %c0_i8 : i8
    %8 = arith.remsi %arg0, %c-128_i8 : i8
    %9 = arith.remsi %arg0, %c-7_i8 : i8
    %10 = arith.remsi %arg0, %c-1_i8 : i8
    %11 = arith.remsi %arg0, %c0_i8 : i8
    %12 = arith.remsi %arg0, %c2_i8 : i8
    %13 = arith.remsi %arg0, %c7_i8 : i8
    %14 = arith.remsi %arg0, %c127_i8 : i8
    %15 = arith.remsi %arg0, %arg0 : i8
    return %c0_i8, %c-2_i8, %c0_i8, %0, %c0_i8, %c0_i8, %c-2_i8, %c-1_i8, %c-7_i8, %c0_i8, %c0_i8, %1, %c0_i8, %c-1_i8, %c0_i8, %c-7_i8, %c-1_i8, %c-1_i8, %c0_i8, %2, %c0_i8, %c-1_i8, %c-1_i8, %c-1_i8, %c0_i8, %c0_i8, %c0_i8, %3, %c0_i8, %c0_i8, %c0_i8, %c0_i8, %c1_i8, %c1_i8, %c0_i8, %4, %c0_i8, %c1_i8, %c1_i8, %c1_i8, %c2_i8, %c2_i8, %c0_i8, %5, %c0_i8, %c0_i8, %c2_i8, %c2_i8, %c7_i8, %c0_i8, %c0_i8, %6, %c0_i8, %c1_i8, %c0_i8, %c7_i8, %c127_i8, %c1_i8, %c0_i8, %7, %c0_i8, %c1_i8, %c1_i8, %c0_i8, %8, %9, %10, %11, %c0_i8, %12, %13, %14, %15 : i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8
  }
}
// -----
module {
  func.func @andi_i8(%arg0: i8, %arg1: i8) -> (i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8) {
    %c-128_i8 = arith.constant -128 : i8
    %c-7_i8 = arith.constant -7 : i8
    %c-1_i8 = arith.constant -1 : i8
    %c0_i8 = arith.constant 0 : i8
    %c1_i8 = arith.constant 1 : i8
    %c2_i8 = arith.constant 2 : i8
    %c7_i8 = arith.constant 7 : i8
    %c127_i8 = arith.constant 127 : i8
    %c121_i8 = arith.constant 121 : i8
    %0 = arith.andi %arg0, %c-128_i8 : i8
    %1 = arith.andi %arg0, %c-128_i8 : i8
    %2 = arith.andi %arg0, %c-7_i8 : i8
    %3 = arith.andi %arg0, %c-7_i8 : i8
    %4 = arith.andi %arg0, %c1_i8 : i8
    %5 = arith.andi %arg0, %c1_i8 : i8
    %6 = arith.andi %arg0, %c2_i8 : i8
    %7 = arith.andi %arg0, %c2_i8 : i8
    %8 = arith.andi %arg0, %c7_i8 : i8
    %9 = arith.andi %arg0, %c7_i8 : i8
    %10 = arith.andi %arg0, %c127_i8 : i8
    %11 = arith.andi %arg0, %c127_i8 : i8
    return %c-128_i8, %c-128_i8, %c-128_i8, %c0_i8, %c0_i8, %c0_i8, %c0_i8, %c0_i8, %c-128_i8, %c-7_i8, %c-7_i8, %c0_i8, %c1_i8, %c0_i8, %c1_i8, %c121_i8, %c-128_i8, %c-7_i8, %c-1_i8, %c0_i8, %c1_i8, %c2_i8, %c7_i8, %c127_i8, %c0_i8, %c0_i8, %c0_i8, %c0_i8, %c0_i8, %c0_i8, %c0_i8, %c0_i8, %c0_i8, %c1_i8, %c1_i8, %c0_i8, %c1_i8, %c0_i8, %c1_i8, %c1_i8, %c0_i8, %c0_i8, %c2_i8, %c0_i8, %c0_i8, %c2_i8, %c2_i8, %c2_i8, %c0_i8, %c1_i8, %c7_i8, %c0_i8, %c1_i8, %c2_i8, %c7_i8, %c7_i8, %c0_i8, %c121_i8, %c127_i8, %c0_i8, %c1_i8, %c2_i8, %c7_i8, %c127_i8, %0, %1, %2, %3, %arg0, %arg0, %c0_i8, %c0_i8, %4, %5, %6, %7, %8, %9, %10, %11, %arg0 : i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8
  }
}
// -----
module {
  func.func @ori_i8(%arg0: i8, %arg1: i8) -> (i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8) {
    %c-128_i8 = arith.constant -128 : i8
    %c-7_i8 = arith.constant -7 : i8
    %c-1_i8 = arith.constant -1 : i8
    %c0_i8 = arith.constant 0 : i8
    %c1_i8 = arith.constant 1 : i8
    %c2_i8 = arith.constant 2 : i8
    %c7_i8 = arith.constant 7 : i8
    %c127_i8 = arith.constant 127 : i8
    %c-127_i8 = arith.constant -127 : i8
    %c-126_i8 = arith.constant -126 : i8
    %c-121_i8 = arith.constant -121 : i8
    %c-5_i8 = arith.constant -5 : i8
    %c3_i8 = arith.constant 3 : i8
    %0 = arith.ori %arg0, %c-128_i8 : i8
    %1 = arith.ori %arg0, %c-128_i8 : i8
    %2 = arith.ori %arg0, %c-7_i8 : i8
    %3 = arith.ori %arg0, %c-7_i8 : i8
    %4 = arith.ori %arg0, %c1_i8 : i8
    %5 = arith.ori %arg0, %c1_i8 : i8
    %6 = arith.ori %arg0, %c2_i8 : i8
    %7 = arith.ori %arg0, %c2_i8 : i8
    %8 = arith.ori %arg0, %c7_i8 : i8
    %9 = arith.ori %arg0, %c7_i8 : i8
    %10 = arith.ori %arg0, %c127_i8 : i8
    %11 = arith.ori %arg0, %c127_i8 : i8
    return %c-128_i8, %c-7_i8, %c-1_i8, %c-128_i8, %c-127_i8, %c-126_i8, %c-121_i8, %c-1_i8, %c-7_i8, %c-7_i8, %c-1_i8, %c-7_i8, %c-7_i8, %c-5_i8, %c-1_i8, %c-1_i8, %c-1_i8, %c-1_i8, %c-1_i8, %c-1_i8, %c-1_i8, %c-1_i8, %c-1_i8, %c-1_i8, %c-128_i8, %c-7_i8, %c-1_i8, %c0_i8, %c1_i8, %c2_i8, %c7_i8, %c127_i8, %c-127_i8, %c-7_i8, %c-1_i8, %c1_i8, %c1_i8, %c3_i8, %c7_i8, %c127_i8, %c-126_i8, %c-5_i8, %c-1_i8, %c2_i8, %c3_i8, %c2_i8, %c7_i8, %c127_i8, %c-121_i8, %c-1_i8, %c-1_i8, %c7_i8, %c7_i8, %c7_i8, %c7_i8, %c127_i8, %c-1_i8, %c-1_i8, %c-1_i8, %c127_i8, %c127_i8, %c127_i8, %c127_i8, %c127_i8, %0, %1, %2, %3, %c-1_i8, %c-1_i8, %arg0, %arg0, %4, %5, %6, %7, %8, %9, %10, %11, %arg0 : i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8
  }
}
// -----
module {
  func.func @xori_i8(%arg0: i8, %arg1: i8) -> (i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8) {
    %c-128_i8 = arith.constant -128 : i8
    %c-7_i8 = arith.constant -7 : i8
    %c-1_i8 = arith.constant -1 : i8
    %c0_i8 = arith.constant 0 : i8
    %c1_i8 = arith.constant 1 : i8
    %c2_i8 = arith.constant 2 : i8
    %c7_i8 = arith.constant 7 : i8
    %c127_i8 = arith.constant 127 : i8
    %c121_i8 = arith.constant 121 : i8
    %c-127_i8 = arith.constant -127 : i8
    %c-126_i8 = arith.constant -126 : i8
    %c-121_i8 = arith.constant -121 : i8
    %c6_i8 = arith.constant 6 : i8
    %c-8_i8 = arith.constant -8 : i8
    %c-5_i8 = arith.constant -5 : i8
    %c-2_i8 = arith.constant -2 : i8
    %c-122_i8 = arith.constant -122 : i8
    %c-3_i8 = arith.constant -3 : i8
    %c3_i8 = arith.constant 3 : i8
    %c126_i8 = arith.constant 126 : i8
    %c5_i8 = arith.constant 5 : i8
    %c125_i8 = arith.constant 125 : i8
    %c120_i8 = arith.constant 120 : i8
    %0 = arith.xori %arg0, %c-128_i8 : i8
    %1 = arith.xori %arg0, %c-128_i8 : i8
    %2 = arith.xori %arg0, %c-7_i8 : i8
    %3 = arith.xori %arg0, %c-7_i8 : i8
    %4 = arith.xori %arg0, %c-1_i8 : i8
    %5 = arith.xori %arg0, %c-1_i8 : i8
    %6 = arith.xori %arg0, %c1_i8 : i8
    %7 = arith.xori %arg0, %c1_i8 : i8
    %8 = arith.xori %arg0, %c2_i8 : i8
    %9 = arith.xori %arg0, %c2_i8 : i8
    %10 = arith.xori %arg0, %c7_i8 : i8
    %11 = arith.xori %arg0, %c7_i8 : i8
    %12 = arith.xori %arg0, %c127_i8 : i8
    %13 = arith.xori %arg0, %c127_i8 : i8
    return %c0_i8, %c121_i8, %c127_i8, %c-128_i8, %c-127_i8, %c-126_i8, %c-121_i8, %c-1_i8, %c121_i8, %c0_i8, %c6_i8, %c-7_i8, %c-8_i8, %c-5_i8, %c-2_i8, %c-122_i8, %c127_i8, %c6_i8, %c0_i8, %c-1_i8, %c-2_i8, %c-3_i8, %c-8_i8, %c-128_i8, %c-128_i8, %c-7_i8, %c-1_i8, %c0_i8, %c1_i8, %c2_i8, %c7_i8, %c127_i8, %c-127_i8, %c-8_i8, %c-2_i8, %c1_i8, %c0_i8, %c3_i8, %c6_i8, %c126_i8, %c-126_i8, %c-5_i8, %c-3_i8, %c2_i8, %c3_i8, %c0_i8, %c5_i8, %c125_i8, %c-121_i8, %c-2_i8, %c-8_i8, %c7_i8, %c6_i8, %c5_i8, %c0_i8, %c120_i8, %c-1_i8, %c-122_i8, %c-128_i8, %c127_i8, %c126_i8, %c125_i8, %c120_i8, %c0_i8, %0, %1, %2, %3, %4, %5, %arg0, %arg0, %6, %7, %8, %9, %10, %11, %12, %13, %c0_i8 : i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8
  }
}
// -----
module {
  func.func @shli_i8(%arg0: i8, %arg1: i8) -> (i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8) {
    %c28_i8 = arith.constant 28 : i8
    %c14_i8 = arith.constant 14 : i8
    %c8_i8 = arith.constant 8 : i8
    %c4_i8 = arith.constant 4 : i8
    %c-4_i8 = arith.constant -4 : i8
    %c-2_i8 = arith.constant -2 : i8
    %c-28_i8 = arith.constant -28 : i8
    %c-14_i8 = arith.constant -14 : i8
    %c-128_i8 = arith.constant -128 : i8
    %c-7_i8 = arith.constant -7 : i8
    %c-1_i8 = arith.constant -1 : i8
    %c0_i8 = arith.constant 0 : i8
    %c1_i8 = arith.constant 1 : i8
    %c2_i8 = arith.constant 2 : i8
    %c7_i8 = arith.constant 7 : i8
    %c127_i8 = arith.constant 127 : i8
    %0 = arith.shli %c-128_i8, %c-128_i8 : i8
    %1 = arith.shli %c-128_i8, %c-7_i8 : i8
    %2 = arith.shli %c-128_i8, %c-1_i8 : i8
    %3 = arith.shli %c-128_i8, %c127_i8 : i8
    %4 = arith.shli %c-7_i8, %c-128_i8 : i8
    %5 = arith.shli %c-7_i8, %c-7_i8 : i8
    %6 = arith.shli %c-7_i8, %c-1_i8 : i8
    %7 = arith.shli %c-7_i8, %c127_i8 : i8
    %8 = arith.shli %c-1_i8, %c-128_i8 : i8
    %9 = arith.shli %c-1_i8, %c-7_i8 : i8
    %10 = arith.shli %c-1_i8, %c-1_i8 : i8
    %11 = arith.shli %c-1_i8, %c127_i8 : i8
    %12 = arith.shli %c0_i8, %c-128_i8 : i8
    %13 = arith.shli %c0_i8, %c-7_i8 : i8
    %14 = arith.shli %c0_i8, %c-1_i8 : i8
    %15 = arith.shli %c0_i8, %c127_i8 : i8
    %16 = arith.shli %c1_i8, %c-128_i8 : i8
    %17 = arith.shli %c1_i8, %c-7_i8 : i8
    %18 = arith.shli %c1_i8, %c-1_i8 : i8
    %19 = arith.shli %c1_i8, %c127_i8 : i8
    %20 = arith.shli %c2_i8, %c-128_i8 : i8
    %21 = arith.shli %c2_i8, %c-7_i8 : i8
    %22 = arith.shli %c2_i8, %c-1_i8 : i8
    %23 = arith.shli %c2_i8, %c127_i8 : i8
    %24 = arith.shli %c7_i8, %c-128_i8 : i8
    %25 = arith.shli %c7_i8, %c-7_i8 : i8
    %26 = arith.shli %c7_i8, %c-1_i8 : i8
    %27 = arith.shli %c7_i8, %c127_i8 : i8
    %28 = arith.shli %c127_i8, %c-128_i8 : i8
    %29 = arith.shli %c127_i8, %c-7_i8 : i8
    %30 = arith.shli %c127_i8, %c-1_i8 : i8
    %31 = arith.shli %c127_i8, %c127_i8 : i8
    %32 = arith.shli %arg0, %c-128_i8 : i8
    %33 = arith.shli %arg0, %c-7_i8 : i8
    %34 = arith.shli %arg0, %c-1_i8 : i8
    %35 = arith.shli %arg0, %c1_i8 : i8
    %36 = arith.shli %arg0, %c2_i8 : i8
    %37 = arith.shli %arg0, %c7_i8 : i8
    %38 = arith.shli %arg0, %c127_i8 : i8
    %39 = arith.shli %arg0, %arg0 : i8
    return %0, %1, %2, %c-128_i8, %c0_i8, %c0_i8, %c0_i8, %3, %4, %5, %6, %c-7_i8, %c-14_i8, %c-28_i8, %c-128_i8, %7, %8, %9, %10, %c-1_i8, %c-2_i8, %c-4_i8, %c-128_i8, %11, %12, %13, %14, %c0_i8, %c0_i8, %c0_i8, %c0_i8, %15, %16, %17, %18, %c1_i8, %c2_i8, %c4_i8, %c-128_i8, %19, %20, %21, %22, %c2_i8, %c4_i8, %c8_i8, %c0_i8, %23, %24, %25, %26, %c7_i8, %c14_i8, %c28_i8, %c-128_i8, %27, %28, %29, %30, %c127_i8, %c-2_i8, %c-4_i8, %c-128_i8, %31, %32, %33, %34, %arg0, %35, %36, %37, %38, %39 : i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8
  }
}
// -----
module {
  func.func @shrui_i8(%arg0: i8, %arg1: i8) -> (i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8) {
    %c31_i8 = arith.constant 31 : i8
    %c3_i8 = arith.constant 3 : i8
    %c63_i8 = arith.constant 63 : i8
    %c62_i8 = arith.constant 62 : i8
    %c124_i8 = arith.constant 124 : i8
    %c32_i8 = arith.constant 32 : i8
    %c64_i8 = arith.constant 64 : i8
    %c-128_i8 = arith.constant -128 : i8
    %c-7_i8 = arith.constant -7 : i8
    %c-1_i8 = arith.constant -1 : i8
    %c0_i8 = arith.constant 0 : i8
    %c1_i8 = arith.constant 1 : i8
    %c2_i8 = arith.constant 2 : i8
    %c7_i8 = arith.constant 7 : i8
    %c127_i8 = arith.constant 127 : i8
    %0 = arith.shrui %c-128_i8, %c-128_i8 : i8
    %1 = arith.shrui %c-128_i8, %c-7_i8 : i8
    %2 = arith.shrui %c-128_i8, %c-1_i8 : i8
    %3 = arith.shrui %c-128_i8, %c127_i8 : i8
    %4 = arith.shrui %c-7_i8, %c-128_i8 : i8
    %5 = arith.shrui %c-7_i8, %c-7_i8 : i8
    %6 = arith.shrui %c-7_i8, %c-1_i8 : i8
    %7 = arith.shrui %c-7_i8, %c127_i8 : i8
    %8 = arith.shrui %c-1_i8, %c-128_i8 : i8
    %9 = arith.shrui %c-1_i8, %c-7_i8 : i8
    %10 = arith.shrui %c-1_i8, %c-1_i8 : i8
    %11 = arith.shrui %c-1_i8, %c127_i8 : i8
    %12 = arith.shrui %c0_i8, %c-128_i8 : i8
    %13 = arith.shrui %c0_i8, %c-7_i8 : i8
    %14 = arith.shrui %c0_i8, %c-1_i8 : i8
    %15 = arith.shrui %c0_i8, %c127_i8 : i8
    %16 = arith.shrui %c1_i8, %c-128_i8 : i8
    %17 = arith.shrui %c1_i8, %c-7_i8 : i8
    %18 = arith.shrui %c1_i8, %c-1_i8 : i8
    %19 = arith.shrui %c1_i8, %c127_i8 : i8
    %20 = arith.shrui %c2_i8, %c-128_i8 : i8
    %21 = arith.shrui %c2_i8, %c-7_i8 : i8
    %22 = arith.shrui %c2_i8, %c-1_i8 : i8
    %23 = arith.shrui %c2_i8, %c127_i8 : i8
    %24 = arith.shrui %c7_i8, %c-128_i8 : i8
    %25 = arith.shrui %c7_i8, %c-7_i8 : i8
    %26 = arith.shrui %c7_i8, %c-1_i8 : i8
    %27 = arith.shrui %c7_i8, %c127_i8 : i8
    %28 = arith.shrui %c127_i8, %c-128_i8 : i8
    %29 = arith.shrui %c127_i8, %c-7_i8 : i8
    %30 = arith.shrui %c127_i8, %c-1_i8 : i8
    %31 = arith.shrui %c127_i8, %c127_i8 : i8
    %32 = arith.shrui %arg0, %c-128_i8 : i8
    %33 = arith.shrui %arg0, %c-7_i8 : i8
    %34 = arith.shrui %arg0, %c-1_i8 : i8
    %35 = arith.shrui %arg0, %c1_i8 : i8
    %36 = arith.shrui %arg0, %c2_i8 : i8
    %37 = arith.shrui %arg0, %c7_i8 : i8
    %38 = arith.shrui %arg0, %c127_i8 : i8
    %39 = arith.shrui %arg0, %arg0 : i8
    return %0, %1, %2, %c-128_i8, %c64_i8, %c32_i8, %c1_i8, %3, %4, %5, %6, %c-7_i8, %c124_i8, %c62_i8, %c1_i8, %7, %8, %9, %10, %c-1_i8, %c127_i8, %c63_i8, %c1_i8, %11, %12, %13, %14, %c0_i8, %c0_i8, %c0_i8, %c0_i8, %15, %16, %17, %18, %c1_i8, %c0_i8, %c0_i8, %c0_i8, %19, %20, %21, %22, %c2_i8, %c1_i8, %c0_i8, %c0_i8, %23, %24, %25, %26, %c7_i8, %c3_i8, %c1_i8, %c0_i8, %27, %28, %29, %30, %c127_i8, %c63_i8, %c31_i8, %c0_i8, %31, %32, %33, %34, %arg0, %35, %36, %37, %38, %39 : i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8
  }
}
// -----
module {
  func.func @shrsi_i8(%arg0: i8, %arg1: i8) -> (i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8) {
    %c31_i8 = arith.constant 31 : i8
    %c63_i8 = arith.constant 63 : i8
    %c3_i8 = arith.constant 3 : i8
    %c-2_i8 = arith.constant -2 : i8
    %c-4_i8 = arith.constant -4 : i8
    %c-32_i8 = arith.constant -32 : i8
    %c-64_i8 = arith.constant -64 : i8
    %c-128_i8 = arith.constant -128 : i8
    %c-7_i8 = arith.constant -7 : i8
    %c-1_i8 = arith.constant -1 : i8
    %c0_i8 = arith.constant 0 : i8
    %c1_i8 = arith.constant 1 : i8
    %c2_i8 = arith.constant 2 : i8
    %c7_i8 = arith.constant 7 : i8
    %c127_i8 = arith.constant 127 : i8
    %0 = arith.shrsi %c-128_i8, %c-128_i8 : i8
    %1 = arith.shrsi %c-128_i8, %c-7_i8 : i8
    %2 = arith.shrsi %c-128_i8, %c-1_i8 : i8
    %3 = arith.shrsi %c-128_i8, %c127_i8 : i8
    %4 = arith.shrsi %c-7_i8, %c-128_i8 : i8
    %5 = arith.shrsi %c-7_i8, %c-7_i8 : i8
    %6 = arith.shrsi %c-7_i8, %c-1_i8 : i8
    %7 = arith.shrsi %c-7_i8, %c127_i8 : i8
    %8 = arith.shrsi %c-1_i8, %c-128_i8 : i8
    %9 = arith.shrsi %c-1_i8, %c-7_i8 : i8
    %10 = arith.shrsi %c-1_i8, %c-1_i8 : i8
    %11 = arith.shrsi %c-1_i8, %c127_i8 : i8
    %12 = arith.shrsi %c0_i8, %c-128_i8 : i8
    %13 = arith.shrsi %c0_i8, %c-7_i8 : i8
    %14 = arith.shrsi %c0_i8, %c-1_i8 : i8
    %15 = arith.shrsi %c0_i8, %c127_i8 : i8
    %16 = arith.shrsi %c1_i8, %c-128_i8 : i8
    %17 = arith.shrsi %c1_i8, %c-7_i8 : i8
    %18 = arith.shrsi %c1_i8, %c-1_i8 : i8
    %19 = arith.shrsi %c1_i8, %c127_i8 : i8
    %20 = arith.shrsi %c2_i8, %c-128_i8 : i8
    %21 = arith.shrsi %c2_i8, %c-7_i8 : i8
    %22 = arith.shrsi %c2_i8, %c-1_i8 : i8
    %23 = arith.shrsi %c2_i8, %c127_i8 : i8
    %24 = arith.shrsi %c7_i8, %c-128_i8 : i8
    %25 = arith.shrsi %c7_i8, %c-7_i8 : i8
    %26 = arith.shrsi %c7_i8, %c-1_i8 : i8
    %27 = arith.shrsi %c7_i8, %c127_i8 : i8
    %28 = arith.shrsi %c127_i8, %c-128_i8 : i8
    %29 = arith.shrsi %c127_i8, %c-7_i8 : i8
    %30 = arith.shrsi %c127_i8, %c-1_i8 : i8
    %31 = arith.shrsi %c127_i8, %c127_i8 : i8
    %32 = arith.shrsi %arg0, %c-128_i8 : i8
    %33 = arith.shrsi %arg0, %c-7_i8 : i8
    %34 = arith.shrsi %arg0, %c-1_i8 : i8
    %35 = arith.shrsi %arg0, %c1_i8 : i8
    %36 = arith.shrsi %arg0, %c2_i8 : i8
    %37 = arith.shrsi %arg0, %c7_i8 : i8
    %38 = arith.shrsi %arg0, %c127_i8 : i8
    %39 = arith.shrsi %arg0, %arg0 : i8
    return %0, %1, %2, %c-128_i8, %c-64_i8, %c-32_i8, %c-1_i8, %3, %4, %5, %6, %c-7_i8, %c-4_i8, %c-2_i8, %c-1_i8, %7, %8, %9, %10, %c-1_i8, %c-1_i8, %c-1_i8, %c-1_i8, %11, %12, %13, %14, %c0_i8, %c0_i8, %c0_i8, %c0_i8, %15, %16, %17, %18, %c1_i8, %c0_i8, %c0_i8, %c0_i8, %19, %20, %21, %22, %c2_i8, %c1_i8, %c0_i8, %c0_i8, %23, %24, %25, %26, %c7_i8, %c3_i8, %c1_i8, %c0_i8, %27, %28, %29, %30, %c127_i8, %c63_i8, %c31_i8, %c0_i8, %31, %32, %33, %34, %arg0, %35, %36, %37, %38, %39 : i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8
  }
}
// -----
module {
  func.func @maxsi_i8(%arg0: i8, %arg1: i8) -> (i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8) {
    %c-128_i8 = arith.constant -128 : i8
    %c-7_i8 = arith.constant -7 : i8
    %c-1_i8 = arith.constant -1 : i8
    %c0_i8 = arith.constant 0 : i8
    %c1_i8 = arith.constant 1 : i8
    %c2_i8 = arith.constant 2 : i8
    %c7_i8 = arith.constant 7 : i8
    %c127_i8 = arith.constant 127 : i8
    %0 = arith.maxsi %arg0, %c-7_i8 : i8
    %1 = arith.maxsi %arg0, %c-7_i8 : i8
    %2 = arith.maxsi %arg0, %c-1_i8 : i8
    %3 = arith.maxsi %arg0, %c-1_i8 : i8
    %4 = arith.maxsi %arg0, %c0_i8 : i8
    %5 = arith.maxsi %arg0, %c0_i8 : i8
    %6 = arith.maxsi %arg0, %c1_i8 : i8
    %7 = arith.maxsi %arg0, %c1_i8 : i8
    %8 = arith.maxsi %arg0, %c2_i8 : i8
    %9 = arith.maxsi %arg0, %c2_i8 : i8
    %10 = arith.maxsi %arg0, %c7_i8 : i8
    %11 = arith.maxsi %arg0, %c7_i8 : i8
    return %c-128_i8, %c-7_i8, %c-1_i8, %c0_i8, %c1_i8, %c2_i8, %c7_i8, %c127_i8, %c-7_i8, %c-7_i8, %c-1_i8, %c0_i8, %c1_i8, %c2_i8, %c7_i8, %c127_i8, %c-1_i8, %c-1_i8, %c-1_i8, %c0_i8, %c1_i8, %c2_i8, %c7_i8, %c127_i8, %c0_i8, %c0_i8, %c0_i8, %c0_i8, %c1_i8, %c2_i8, %c7_i8, %c127_i8, %c1_i8, %c1_i8, %c1_i8, %c1_i8, %c1_i8, %c2_i8, %c7_i8, %c127_i8, %c2_i8, %c2_i8, %c2_i8, %c2_i8, %c2_i8, %c2_i8, %c7_i8, %c127_i8, %c7_i8, %c7_i8, %c7_i8, %c7_i8, %c7_i8, %c7_i8, %c7_i8, %c127_i8, %c127_i8, %c127_i8, %c127_i8, %c127_i8, %c127_i8, %c127_i8, %c127_i8, %c127_i8, %arg0, %arg0, %0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %c127_i8, %c127_i8, %arg0 : i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8
  }
}
// -----
module {
  func.func @maxui_i8(%arg0: i8, %arg1: i8) -> (i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8) {
    %c-128_i8 = arith.constant -128 : i8
    %c-7_i8 = arith.constant -7 : i8
    %c-1_i8 = arith.constant -1 : i8
    %c0_i8 = arith.constant 0 : i8
    %c1_i8 = arith.constant 1 : i8
    %c2_i8 = arith.constant 2 : i8
    %c7_i8 = arith.constant 7 : i8
    %c127_i8 = arith.constant 127 : i8
    %0 = arith.maxui %arg0, %c-128_i8 : i8
    %1 = arith.maxui %arg0, %c-128_i8 : i8
    %2 = arith.maxui %arg0, %c-7_i8 : i8
    %3 = arith.maxui %arg0, %c-7_i8 : i8
    %4 = arith.maxui %arg0, %c1_i8 : i8
    %5 = arith.maxui %arg0, %c1_i8 : i8
    %6 = arith.maxui %arg0, %c2_i8 : i8
    %7 = arith.maxui %arg0, %c2_i8 : i8
    %8 = arith.maxui %arg0, %c7_i8 : i8
    %9 = arith.maxui %arg0, %c7_i8 : i8
    %10 = arith.maxui %arg0, %c127_i8 : i8
    %11 = arith.maxui %arg0, %c127_i8 : i8
    return %c-128_i8, %c-7_i8, %c-1_i8, %c-128_i8, %c-128_i8, %c-128_i8, %c-128_i8, %c-128_i8, %c-7_i8, %c-7_i8, %c-1_i8, %c-7_i8, %c-7_i8, %c-7_i8, %c-7_i8, %c-7_i8, %c-1_i8, %c-1_i8, %c-1_i8, %c-1_i8, %c-1_i8, %c-1_i8, %c-1_i8, %c-1_i8, %c-128_i8, %c-7_i8, %c-1_i8, %c0_i8, %c1_i8, %c2_i8, %c7_i8, %c127_i8, %c-128_i8, %c-7_i8, %c-1_i8, %c1_i8, %c1_i8, %c2_i8, %c7_i8, %c127_i8, %c-128_i8, %c-7_i8, %c-1_i8, %c2_i8, %c2_i8, %c2_i8, %c7_i8, %c127_i8, %c-128_i8, %c-7_i8, %c-1_i8, %c7_i8, %c7_i8, %c7_i8, %c7_i8, %c127_i8, %c-128_i8, %c-7_i8, %c-1_i8, %c127_i8, %c127_i8, %c127_i8, %c127_i8, %c127_i8, %0, %1, %2, %3, %c-1_i8, %c-1_i8, %arg0, %arg0, %4, %5, %6, %7, %8, %9, %10, %11, %arg0 : i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8
  }
}
// -----
module {
  func.func @minsi_i8(%arg0: i8, %arg1: i8) -> (i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8) {
    %c-128_i8 = arith.constant -128 : i8
    %c-7_i8 = arith.constant -7 : i8
    %c-1_i8 = arith.constant -1 : i8
    %c0_i8 = arith.constant 0 : i8
    %c1_i8 = arith.constant 1 : i8
    %c2_i8 = arith.constant 2 : i8
    %c7_i8 = arith.constant 7 : i8
    %c127_i8 = arith.constant 127 : i8
    %0 = arith.minsi %arg0, %c-7_i8 : i8
    %1 = arith.minsi %arg0, %c-7_i8 : i8
    %2 = arith.minsi %arg0, %c-1_i8 : i8
    %3 = arith.minsi %arg0, %c-1_i8 : i8
    %4 = arith.minsi %arg0, %c0_i8 : i8
    %5 = arith.minsi %arg0, %c0_i8 : i8
    %6 = arith.minsi %arg0, %c1_i8 : i8
    %7 = arith.minsi %arg0, %c1_i8 : i8
    %8 = arith.minsi %arg0, %c2_i8 : i8
    %9 = arith.minsi %arg0, %c2_i8 : i8
    %10 = arith.minsi %arg0, %c7_i8 : i8
    %11 = arith.minsi %arg0, %c7_i8 : i8
    return %c-128_i8, %c-128_i8, %c-128_i8, %c-128_i8, %c-128_i8, %c-128_i8, %c-128_i8, %c-128_i8, %c-128_i8, %c-7_i8, %c-7_i8, %c-7_i8, %c-7_i8, %c-7_i8, %c-7_i8, %c-7_i8, %c-128_i8, %c-7_i8, %c-1_i8, %c-1_i8, %c-1_i8, %c-1_i8, %c-1_i8, %c-1_i8, %c-128_i8, %c-7_i8, %c-1_i8, %c0_i8, %c0_i8, %c0_i8, %c0_i8, %c0_i8, %c-128_i8, %c-7_i8, %c-1_i8, %c0_i8, %c1_i8, %c1_i8, %c1_i8, %c1_i8, %c-128_i8, %c-7_i8, %c-1_i8, %c0_i8, %c1_i8, %c2_i8, %c2_i8, %c2_i8, %c-128_i8, %c-7_i8, %c-1_i8, %c0_i8, %c1_i8, %c2_i8, %c7_i8, %c7_i8, %c-128_i8, %c-7_i8, %c-1_i8, %c0_i8, %c1_i8, %c2_i8, %c7_i8, %c127_i8, %c-128_i8, %c-128_i8, %0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %arg0, %arg0, %arg0 : i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8
  }
}
// -----
module {
  func.func @minui_i8(%arg0: i8, %arg1: i8) -> (i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8) {
    %c-128_i8 = arith.constant -128 : i8
    %c-7_i8 = arith.constant -7 : i8
    %c-1_i8 = arith.constant -1 : i8
    %c0_i8 = arith.constant 0 : i8
    %c1_i8 = arith.constant 1 : i8
    %c2_i8 = arith.constant 2 : i8
    %c7_i8 = arith.constant 7 : i8
    %c127_i8 = arith.constant 127 : i8
    %0 = arith.minui %arg0, %c-128_i8 : i8
    %1 = arith.minui %arg0, %c-128_i8 : i8
    %2 = arith.minui %arg0, %c-7_i8 : i8
    %3 = arith.minui %arg0, %c-7_i8 : i8
    %4 = arith.minui %arg0, %c1_i8 : i8
    %5 = arith.minui %arg0, %c1_i8 : i8
    %6 = arith.minui %arg0, %c2_i8 : i8
    %7 = arith.minui %arg0, %c2_i8 : i8
    %8 = arith.minui %arg0, %c7_i8 : i8
    %9 = arith.minui %arg0, %c7_i8 : i8
    %10 = arith.minui %arg0, %c127_i8 : i8
    %11 = arith.minui %arg0, %c127_i8 : i8
    return %c-128_i8, %c-128_i8, %c-128_i8, %c0_i8, %c1_i8, %c2_i8, %c7_i8, %c127_i8, %c-128_i8, %c-7_i8, %c-7_i8, %c0_i8, %c1_i8, %c2_i8, %c7_i8, %c127_i8, %c-128_i8, %c-7_i8, %c-1_i8, %c0_i8, %c1_i8, %c2_i8, %c7_i8, %c127_i8, %c0_i8, %c0_i8, %c0_i8, %c0_i8, %c0_i8, %c0_i8, %c0_i8, %c0_i8, %c1_i8, %c1_i8, %c1_i8, %c0_i8, %c1_i8, %c1_i8, %c1_i8, %c1_i8, %c2_i8, %c2_i8, %c2_i8, %c0_i8, %c1_i8, %c2_i8, %c2_i8, %c2_i8, %c7_i8, %c7_i8, %c7_i8, %c0_i8, %c1_i8, %c2_i8, %c7_i8, %c7_i8, %c127_i8, %c127_i8, %c127_i8, %c0_i8, %c1_i8, %c2_i8, %c7_i8, %c127_i8, %0, %1, %2, %3, %arg0, %arg0, %c0_i8, %c0_i8, %4, %5, %6, %7, %8, %9, %10, %11, %arg0 : i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8, i8
  }
}
// -----
module {
  func.func @addi_i1(%arg0: i1, %arg1: i1) -> (i1, i1, i1, i1, i1, i1, i1, i1, i1) {
    %true = arith.constant true
    %false = arith.constant false
    %0 = arith.addi %arg0, %true : i1
    %1 = arith.addi %arg0, %true : i1
    %2 = arith.addi %arg0, %arg0 : i1
    return %false, %true, %true, %false, %0, %1, %arg0, %arg0, %2 : i1, i1, i1, i1, i1, i1, i1, i1, i1
  }
}
// -----
module {
  func.func @subi_i1(%arg0: i1, %arg1: i1) -> (i1, i1, i1, i1, i1, i1, i1) {
    %true = arith.constant true
    %false = arith.constant false
    %0 = arith.subi %arg0, %true : i1
    return %false, %true, %true, %false, %0, %arg0, %false : i1, i1, i1, i1, i1, i1, i1
  }
}
// -----
module {
  func.func @muli_i1(%arg0: i1, %arg1: i1) -> (i1, i1, i1, i1, i1, i1, i1, i1, i1) {
    %true = arith.constant true
    %false = arith.constant false
    %0 = arith.muli %arg0, %arg0 : i1
    return %true, %false, %false, %false, %arg0, %arg0, %false, %false, %0 : i1, i1, i1, i1, i1, i1, i1, i1, i1
  }
}
// -----
module {
  func.func @divui_i1(%arg0: i1, %arg1: i1) -> (i1, i1, i1, i1, i1, i1, i1) {
    %true = arith.constant true
    %false = arith.constant false
    %0 = arith.divui %true, %false : i1
    %1 = arith.divui %false, %false : i1
    %2 = arith.divui %arg0, %false : i1
    %3 = arith.divui %arg0, %arg0 : i1
    return %true, %0, %false, %1, %arg0, %2, %3 : i1, i1, i1, i1, i1, i1, i1
  }
}
// -----
module {
  func.func @divsi_i1(%arg0: i1, %arg1: i1) -> (i1, i1, i1, i1, i1, i1, i1) {
    %true = arith.constant true
    %false = arith.constant false
    %0 = arith.divsi %true, %false : i1
    %1 = arith.divsi %false, %false : i1
    %2 = arith.divsi %arg0, %false : i1
    %3 = arith.divsi %arg0, %arg0 : i1
    return %true, %0, %false, %1, %arg0, %2, %3 : i1, i1, i1, i1, i1, i1, i1
  }
}
// -----
module {
  func.func @ceildivui_i1(%arg0: i1, %arg1: i1) -> (i1, i1, i1, i1, i1, i1, i1) {
    %true = arith.constant true
    %false = arith.constant false
    %0 = arith.ceildivui %true, %false : i1
    %1 = arith.ceildivui %false, %false : i1
    %2 = arith.ceildivui %arg0, %false : i1
    %3 = arith.ceildivui %arg0, %arg0 : i1
    return %true, %0, %false, %1, %arg0, %2, %3 : i1, i1, i1, i1, i1, i1, i1
  }
}
// -----
module {
  func.func @ceildivsi_i1(%arg0: i1, %arg1: i1) -> (i1, i1, i1, i1, i1, i1, i1) {
    %true = arith.constant true
    %false = arith.constant false
    %0 = arith.ceildivsi %true, %false : i1
    %1 = arith.ceildivsi %false, %false : i1
    %2 = arith.ceildivsi %arg0, %false : i1
    %3 = arith.ceildivsi %arg0, %arg0 : i1
    return %true, %0, %false, %1, %arg0, %2, %3 : i1, i1, i1, i1, i1, i1, i1
  }
}
// -----
module {
  func.func @floordivsi_i1(%arg0: i1, %arg1: i1) -> (i1, i1, i1, i1, i1, i1, i1) {
    %true = arith.constant true
    %false = arith.constant false
    %0 = arith.floordivsi %true, %false : i1
    %1 = arith.floordivsi %false, %false : i1
    %2 = arith.floordivsi %arg0, %false : i1
    %3 = arith.floordivsi %arg0, %arg0 : i1
    return %true, %0, %false, %1, %arg0, %2, %3 : i1, i1, i1, i1, i1, i1, i1
  }
}
// -----
module {
  func.func @remui_i1(%arg0: i1, %arg1: i1) -> (i1, i1, i1, i1, i1, i1, i1) {
    %true = arith.constant true
    %false = arith.constant false
    %0 = arith.remui %true, %false : i1
    %1 = arith.remui %false, %false : i1
    %2 = arith.remui %arg0, %false : i1
    %3 = arith.remui %arg0, %arg0 : i1
    return %false, %0, %false, %1, %false, %2, %3 : i1, i1, i1, i1, i1, i1, i1
  }
}
// -----
module {
  func.func @remsi_i1(%arg0: i1, %arg1: i1) -> (i1, i1, i1, i1, i1, i1, i1) {
    %true = arith.constant true
    %false = arith.constant false
    %0 = arith.remsi %true, %false : i1
    %1 = arith.remsi %false, %false : i1
    %2 = arith.remsi %arg0, %false : i1
    %3 = arith.remsi %arg0, %arg0 : i1
    return %false, %0, %false, %1, %false, %2, %3 : i1, i1, i1, i1, i1, i1, i1
  }
}
// -----
module {
  func.func @andi_i1(%arg0: i1, %arg1: i1) -> (i1, i1, i1, i1, i1, i1, i1, i1, i1) {
    %true = arith.constant true
    %false = arith.constant false
    return %true, %false, %false, %false, %arg0, %arg0, %false, %false, %arg0 : i1, i1, i1, i1, i1, i1, i1, i1, i1
  }
}
// -----
module {
  func.func @ori_i1(%arg0: i1, %arg1: i1) -> (i1, i1, i1, i1, i1, i1, i1, i1, i1) {
    %true = arith.constant true
    %false = arith.constant false
    return %true, %true, %true, %false, %true, %true, %arg0, %arg0, %arg0 : i1, i1, i1, i1, i1, i1, i1, i1, i1
  }
}
// -----
module {
  func.func @xori_i1(%arg0: i1, %arg1: i1) -> (i1, i1, i1, i1, i1, i1, i1, i1, i1) {
    %true = arith.constant true
    %false = arith.constant false
    %0 = arith.xori %arg0, %true : i1
    %1 = arith.xori %arg0, %true : i1
    return %false, %true, %true, %false, %0, %1, %arg0, %arg0, %false : i1, i1, i1, i1, i1, i1, i1, i1, i1
  }
}
// -----
module {
  func.func @shli_i1(%arg0: i1, %arg1: i1) -> (i1, i1, i1, i1, i1, i1, i1) {
    %true = arith.constant true
    %false = arith.constant false
    %0 = arith.shli %true, %true : i1
    %1 = arith.shli %false, %true : i1
    %2 = arith.shli %arg0, %true : i1
    %3 = arith.shli %arg0, %arg0 : i1
    return %0, %true, %1, %false, %2, %arg0, %3 : i1, i1, i1, i1, i1, i1, i1
  }
}
// -----
module {
  func.func @shrui_i1(%arg0: i1, %arg1: i1) -> (i1, i1, i1, i1, i1, i1, i1) {
    %true = arith.constant true
    %false = arith.constant false
    %0 = arith.shrui %true, %true : i1
    %1 = arith.shrui %false, %true : i1
    %2 = arith.shrui %arg0, %true : i1
    %3 = arith.shrui %arg0, %arg0 : i1
    return %0, %true, %1, %false, %2, %arg0, %3 : i1, i1, i1, i1, i1, i1, i1
  }
}
// -----
module {
  func.func @shrsi_i1(%arg0: i1, %arg1: i1) -> (i1, i1, i1, i1, i1, i1, i1) {
    %true = arith.constant true
    %false = arith.constant false
    %0 = arith.shrsi %true, %true : i1
    %1 = arith.shrsi %false, %true : i1
    %2 = arith.shrsi %arg0, %true : i1
    %3 = arith.shrsi %arg0, %arg0 : i1
    return %0, %true, %1, %false, %2, %arg0, %3 : i1, i1, i1, i1, i1, i1, i1
  }
}
// -----
module {
  func.func @maxsi_i1(%arg0: i1, %arg1: i1) -> (i1, i1, i1, i1, i1, i1, i1, i1, i1) {
    %true = arith.constant true
    %false = arith.constant false
    return %true, %false, %false, %false, %arg0, %arg0, %false, %false, %arg0 : i1, i1, i1, i1, i1, i1, i1, i1, i1
  }
}
// -----
module {
  func.func @maxui_i1(%arg0: i1, %arg1: i1) -> (i1, i1, i1, i1, i1, i1, i1, i1, i1) {
    %true = arith.constant true
    %false = arith.constant false
    return %true, %true, %true, %false, %true, %true, %arg0, %arg0, %arg0 : i1, i1, i1, i1, i1, i1, i1, i1, i1
  }
}
// -----
module {
  func.func @minsi_i1(%arg0: i1, %arg1: i1) -> (i1, i1, i1, i1, i1, i1, i1, i1, i1) {
    %true = arith.constant true
    %false = arith.constant false
    return %true, %true, %true, %false, %true, %true, %arg0, %arg0, %arg0 : i1, i1, i1, i1, i1, i1, i1, i1, i1
  }
}
// -----
module {
  func.func @minui_i1(%arg0: i1, %arg1: i1) -> (i1, i1, i1, i1, i1, i1, i1, i1, i1) {
    %true = arith.constant true
    %false = arith.constant false
    return %true, %false, %false, %false, %arg0, %arg0, %false, %false, %arg0 : i1, i1, i1, i1, i1, i1, i1, i1, i1
  }
}
// -----
module {
  func.func @addi_index(%arg0: index, %arg1: index) -> (index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index) {
    %c-1 = arith.constant -1 : index
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c9 = arith.constant 9 : index
    %c-2 = arith.constant -2 : index
    %c8 = arith.constant 8 : index
    %c2 = arith.constant 2 : index
    %c10 = arith.constant 10 : index
    %c18 = arith.constant 18 : index
    %0 = arith.addi %arg0, %c-1 : index
    %1 = arith.addi %arg0, %c-1 : index
    %2 = arith.addi %arg0, %c1 : index
    %3 = arith.addi %arg0, %c1 : index
    %4 = arith.addi %arg0, %c9 : index
    %5 = arith.addi %arg0, %c9 : index
    %6 = arith.addi %arg0, %arg0 : index
    return %c-2, %c-1, %c0, %c8, %c-1, %c0, %c1, %c9, %c0, %c1, %c2, %c10, %c8, %c9, %c10, %c18, %0, %1, %arg0, %arg0, %2, %3, %4, %5, %6 : index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index
  }
}
// -----
module {
  func.func @subi_index(%arg0: index, %arg1: index) -> (index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index) {
    %c-1 = arith.constant -1 : index
    %c1 = arith.constant 1 : index
    %c9 = arith.constant 9 : index
    %c0 = arith.constant 0 : index
    %c-2 = arith.constant -2 : index
    %c-10 = arith.constant -10 : index
    %c-9 = arith.constant -9 : index
    %c2 = arith.constant 2 : index
    %c-8 = arith.constant -8 : index
    %c10 = arith.constant 10 : index
    %c8 = arith.constant 8 : index
    %0 = arith.subi %arg0, %c-1 : index
    %1 = arith.subi %arg0, %c1 : index
    %2 = arith.subi %arg0, %c9 : index
    return %c0, %c-1, %c-2, %c-10, %c1, %c0, %c-1, %c-9, %c2, %c1, %c0, %c-8, %c10, %c9, %c8, %c0, %0, %arg0, %1, %2, %c0 : index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index
  }
}
// -----
module {
  func.func @muli_index(%arg0: index, %arg1: index) -> (index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index) {
    %c-1 = arith.constant -1 : index
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c9 = arith.constant 9 : index
    %c-9 = arith.constant -9 : index
    %c81 = arith.constant 81 : index
    %0 = arith.muli %arg0, %c-1 : index
    %1 = arith.muli %arg0, %c-1 : index
    %2 = arith.muli %arg0, %c9 : index
    %3 = arith.muli %arg0, %c9 : index
    %4 = arith.muli %arg0, %arg0 : index
    return %c1, %c0, %c-1, %c-9, %c0, %c0, %c0, %c0, %c-1, %c0, %c1, %c9, %c-9, %c0, %c9, %c81, %0, %1, %c0, %c0, %arg0, %arg0, %2, %3, %4 : index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index
  }
}
// -----
module {
  func.func @divui_index(%arg0: index, %arg1: index) -> (index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index) {
    %c2049638230412172401 = arith.constant 2049638230412172401 : index
    %c-1 = arith.constant -1 : index
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c9 = arith.constant 9 : index
    %0 = arith.divui %c-1, %c0 : index
    %1 = arith.divui %c0, %c0 : index
    %2 = arith.divui %c1, %c0 : index
    %3 = arith.divui %c9, %c0 : index
    %4 = arith.divui %arg0, %c-1 : index
    %5 = arith.divui %arg0, %c0 : index
    %6 = arith.divui %arg0, %c9 : index
    %7 = arith.divui %arg0, %arg0 : index
    return %c1, %0, %c-1, %c2049638230412172401, %c0, %1, %c0, %c0, %c0, %2, %c1, %c0, %c0, %3, %c9, %c1, %4, %5, %arg0, %6, %7 : index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index
  }
}
// -----
module {
  func.func @divsi_index(%arg0: index, %arg1: index) -> (index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index) {
    %c-9 = arith.constant -9 : index
    %c-1 = arith.constant -1 : index
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c9 = arith.constant 9 : index
    %0 = arith.divsi %c-1, %c0 : index
    %1 = arith.divsi %c0, %c0 : index
    %2 = arith.divsi %c1, %c0 : index
    %3 = arith.divsi %c9, %c0 : index
    %4 = arith.divsi %arg0, %c-1 : index
    %5 = arith.divsi %arg0, %c0 : index
    %6 = arith.divsi %arg0, %c9 : index
    %7 = arith.divsi %arg0, %arg0 : index
    return %c1, %0, %c-1, %c0, %c0, %1, %c0, %c0, %c-1, %2, %c1, %c0, %c-9, %3, %c9, %c1, %4, %5, %arg0, %6, %7 : index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index
  }
}
// -----
module {
  func.func @ceildivui_index(%arg0: index, %arg1: index) -> (index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index) {
    %c2049638230412172402 = arith.constant 2049638230412172402 : index
    %c-1 = arith.constant -1 : index
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c9 = arith.constant 9 : index
    %0 = arith.ceildivui %c-1, %c0 : index
    %1 = arith.ceildivui %c0, %c0 : index
    %2 = arith.ceildivui %c1, %c0 : index
    %3 = arith.ceildivui %c9, %c0 : index
    %4 = arith.ceildivui %arg0, %c-1 : index
    %5 = arith.ceildivui %arg0, %c0 : index
    %6 = arith.ceildivui %arg0, %c9 : index
    %7 = arith.ceildivui %arg0, %arg0 : index
    return %c1, %0, %c-1, %c2049638230412172402, %c0, %1, %c0, %c0, %c1, %2, %c1, %c1, %c1, %3, %c9, %c1, %4, %5, %arg0, %6, %7 : index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index
  }
}
// -----
module {
  func.func @ceildivsi_index(%arg0: index, %arg1: index) -> (index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index) {
    %c-9 = arith.constant -9 : index
    %c-1 = arith.constant -1 : index
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c9 = arith.constant 9 : index
    %0 = arith.ceildivsi %c-1, %c0 : index
    %1 = arith.ceildivsi %c0, %c0 : index
    %2 = arith.ceildivsi %c1, %c0 : index
    %3 = arith.ceildivsi %c9, %c0 : index
    %4 = arith.ceildivsi %arg0, %c-1 : index
    %5 = arith.ceildivsi %arg0, %c0 : index
    %6 = arith.ceildivsi %arg0, %c9 : index
    %7 = arith.ceildivsi %arg0, %arg0 : index
    return %c1, %0, %c-1, %c0, %c0, %1, %c0, %c0, %c-1, %2, %c1, %c1, %c-9, %3, %c9, %c1, %4, %5, %arg0, %6, %7 : index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index
  }
}
// -----
module {
  func.func @floordivsi_index(%arg0: index, %arg1: index) -> (index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index) {
    %c-9 = arith.constant -9 : index
    %c-1 = arith.constant -1 : index
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c9 = arith.constant 9 : index
    %0 = arith.floordivsi %c-1, %c0 : index
    %1 = arith.floordivsi %c0, %c0 : index
    %2 = arith.floordivsi %c1, %c0 : index
    %3 = arith.floordivsi %c9, %c0 : index
    %4 = arith.floordivsi %arg0, %c-1 : index
    %5 = arith.floordivsi %arg0, %c0 : index
    %6 = arith.floordivsi %arg0, %c9 : index
    %7 = arith.floordivsi %arg0, %arg0 : index
    return %c1, %0, %c-1, %c-1, %c0, %1, %c0, %c0, %c-1, %2, %c1, %c0, %c-9, %3, %c9, %c1, %4, %5, %arg0, %6, %7 : index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index
  }
}
// -----
module {
  func.func @remui_index(%arg0: index, %arg1: index) -> (index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index) {
    %c6 = arith.constant 6 : index
    %c-1 = arith.constant -1 : index
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c9 = arith.constant 9 : index
    %0 = arith.remui %c-1, %c0 : index
    %1 = arith.remui %c0, %c0 : index
    %2 = arith.remui %c1, %c0 : index
    %3 = arith.remui %c9, %c0 : index
    %4 = arith.remui %arg0, %c-1 : index
    %5 = arith.remui %arg0, %c0 : index
    %6 = arith.remui %arg0, %c9 : index
    %7 = arith.remui %arg0, %arg0 : index
    return %c0, %0, %c0, %c6, %c0, %1, %c0, %c0, %c1, %2, %c0, %c1, %c9, %3, %c0, %c0, %4, %5, %c0, %6, %7 : index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index
  }
}
// -----
module {
  func.func @remsi_index(%arg0: index, %arg1: index) -> (index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index) {
    %c-1 = arith.constant -1 : index
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c9 = arith.constant 9 : index
    %0 = arith.remsi %c-1, %c0 : index
    %1 = arith.remsi %c0, %c0 : index
    %2 = arith.remsi %c1, %c0 : index
    %3 = arith.remsi %c9, %c0 : index
    %4 = arith.remsi %arg0, %c-1 : index
    %5 = arith.remsi %arg0, %c0 : index
    %6 = arith.remsi %arg0, %c9 : index
    %7 = arith.remsi %arg0, %arg0 : index
    return %c0, %0, %c0, %c-1, %c0, %1, %c0, %c0, %c0, %2, %c0, %c1, %c0, %3, %c0, %c0, %4, %5, %c0, %6, %7 : index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index
  }
}
// -----
module {
  func.func @andi_index(%arg0: index, %arg1: index) -> (index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index) {
    %c-1 = arith.constant -1 : index
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c9 = arith.constant 9 : index
    %0 = arith.andi %arg0, %c1 : index
    %1 = arith.andi %arg0, %c1 : index
    %2 = arith.andi %arg0, %c9 : index
    %3 = arith.andi %arg0, %c9 : index
    return %c-1, %c0, %c1, %c9, %c0, %c0, %c0, %c0, %c1, %c0, %c1, %c1, %c9, %c0, %c1, %c9, %arg0, %arg0, %c0, %c0, %0, %1, %2, %3, %arg0 : index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index
  }
}
// -----
module {
  func.func @ori_index(%arg0: index, %arg1: index) -> (index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index) {
    %c-1 = arith.constant -1 : index
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c9 = arith.constant 9 : index
    %0 = arith.ori %arg0, %c1 : index
    %1 = arith.ori %arg0, %c1 : index
    %2 = arith.ori %arg0, %c9 : index
    %3 = arith.ori %arg0, %c9 : index
    return %c-1, %c-1, %c-1, %c-1, %c-1, %c0, %c1, %c9, %c-1, %c1, %c1, %c9, %c-1, %c9, %c9, %c9, %c-1, %c-1, %arg0, %arg0, %0, %1, %2, %3, %arg0 : index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index
  }
}
// -----
module {
  func.func @xori_index(%arg0: index, %arg1: index) -> (index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index) {
    %c-1 = arith.constant -1 : index
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c9 = arith.constant 9 : index
    %c-2 = arith.constant -2 : index
    %c-10 = arith.constant -10 : index
    %c8 = arith.constant 8 : index
    %0 = arith.xori %arg0, %c-1 : index
    %1 = arith.xori %arg0, %c-1 : index
    %2 = arith.xori %arg0, %c1 : index
    %3 = arith.xori %arg0, %c1 : index
    %4 = arith.xori %arg0, %c9 : index
    %5 = arith.xori %arg0, %c9 : index
    return %c0, %c-1, %c-2, %c-10, %c-1, %c0, %c1, %c9, %c-2, %c1, %c0, %c8, %c-10, %c9, %c8, %c0, %0, %1, %arg0, %arg0, %2, %3, %4, %5, %c0 : index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index
  }
}
// -----
module {
  func.func @shli_index(%arg0: index, %arg1: index) -> (index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index) {
    %c4608 = arith.constant 4608 : index
    %c18 = arith.constant 18 : index
    %c512 = arith.constant 512 : index
    %c2 = arith.constant 2 : index
    %c-512 = arith.constant -512 : index
    %c-2 = arith.constant -2 : index
    %c-1 = arith.constant -1 : index
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c9 = arith.constant 9 : index
    %0 = arith.shli %c-1, %c-1 : index
    %1 = arith.shli %c0, %c-1 : index
    %2 = arith.shli %c1, %c-1 : index
    %3 = arith.shli %c9, %c-1 : index
    %4 = arith.shli %arg0, %c-1 : index
    %5 = arith.shli %arg0, %c1 : index
    %6 = arith.shli %arg0, %c9 : index
    %7 = arith.shli %arg0, %arg0 : index
    return %0, %c-1, %c-2, %c-512, %1, %c0, %c0, %c0, %2, %c1, %c2, %c512, %3, %c9, %c18, %c4608, %4, %arg0, %5, %6, %7 : index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index
  }
}
// -----
module {
  func.func @shrui_index(%arg0: index, %arg1: index) -> (index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index) {
    %c4 = arith.constant 4 : index
    %c36028797018963967 = arith.constant 36028797018963967 : index
    %c9223372036854775807 = arith.constant 9223372036854775807 : index
    %c-1 = arith.constant -1 : index
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c9 = arith.constant 9 : index
    %0 = arith.shrui %c-1, %c-1 : index
    %1 = arith.shrui %c0, %c-1 : index
    %2 = arith.shrui %c1, %c-1 : index
    %3 = arith.shrui %c9, %c-1 : index
    %4 = arith.shrui %arg0, %c-1 : index
    %5 = arith.shrui %arg0, %c1 : index
    %6 = arith.shrui %arg0, %c9 : index
    %7 = arith.shrui %arg0, %arg0 : index
    return %0, %c-1, %c9223372036854775807, %c36028797018963967, %1, %c0, %c0, %c0, %2, %c1, %c0, %c0, %3, %c9, %c4, %c0, %4, %arg0, %5, %6, %7 : index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index
  }
}
// -----
module {
  func.func @shrsi_index(%arg0: index, %arg1: index) -> (index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index) {
    %c4 = arith.constant 4 : index
    %c-1 = arith.constant -1 : index
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c9 = arith.constant 9 : index
    %0 = arith.shrsi %c-1, %c-1 : index
    %1 = arith.shrsi %c0, %c-1 : index
    %2 = arith.shrsi %c1, %c-1 : index
    %3 = arith.shrsi %c9, %c-1 : index
    %4 = arith.shrsi %arg0, %c-1 : index
    %5 = arith.shrsi %arg0, %c1 : index
    %6 = arith.shrsi %arg0, %c9 : index
    %7 = arith.shrsi %arg0, %arg0 : index
    return %0, %c-1, %c-1, %c-1, %1, %c0, %c0, %c0, %2, %c1, %c0, %c0, %3, %c9, %c4, %c0, %4, %arg0, %5, %6, %7 : index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index
  }
}
// -----
module {
  func.func @maxsi_index(%arg0: index, %arg1: index) -> (index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index) {
    %c-1 = arith.constant -1 : index
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c9 = arith.constant 9 : index
    %0 = arith.maxsi %arg0, %c-1 : index
    %1 = arith.maxsi %arg0, %c-1 : index
    %2 = arith.maxsi %arg0, %c0 : index
    %3 = arith.maxsi %arg0, %c0 : index
    %4 = arith.maxsi %arg0, %c1 : index
    %5 = arith.maxsi %arg0, %c1 : index
    %6 = arith.maxsi %arg0, %c9 : index
    %7 = arith.maxsi %arg0, %c9 : index
    return %c-1, %c0, %c1, %c9, %c0, %c0, %c1, %c9, %c1, %c1, %c1, %c9, %c9, %c9, %c9, %c9, %0, %1, %2, %3, %4, %5, %6, %7, %arg0 : index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index
  }
}
// -----
module {
  func.func @maxui_index(%arg0: index, %arg1: index) -> (index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index) {
    %c-1 = arith.constant -1 : index
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c9 = arith.constant 9 : index
    %0 = arith.maxui %arg0, %c1 : index
    %1 = arith.maxui %arg0, %c1 : index
    %2 = arith.maxui %arg0, %c9 : index
    %3 = arith.maxui %arg0, %c9 : index
    return %c-1, %c-1, %c-1, %c-1, %c-1, %c0, %c1, %c9, %c-1, %c1, %c1, %c9, %c-1, %c9, %c9, %c9, %c-1, %c-1, %arg0, %arg0, %0, %1, %2, %3, %arg0 : index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index
  }
}
// -----
module {
  func.func @minsi_index(%arg0: index, %arg1: index) -> (index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index) {
    %c-1 = arith.constant -1 : index
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c9 = arith.constant 9 : index
    %0 = arith.minsi %arg0, %c-1 : index
    %1 = arith.minsi %arg0, %c-1 : index
    %2 = arith.minsi %arg0, %c0 : index
    %3 = arith.minsi %arg0, %c0 : index
    %4 = arith.minsi %arg0, %c1 : index
    %5 = arith.minsi %arg0, %c1 : index
    %6 = arith.minsi %arg0, %c9 : index
    %7 = arith.minsi %arg0, %c9 : index
    return %c-1, %c-1, %c-1, %c-1, %c-1, %c0, %c0, %c0, %c-1, %c0, %c1, %c1, %c-1, %c0, %c1, %c9, %0, %1, %2, %3, %4, %5, %6, %7, %arg0 : index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index
  }
}
// -----
module {
  func.func @minui_index(%arg0: index, %arg1: index) -> (index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index) {
    %c-1 = arith.constant -1 : index
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c9 = arith.constant 9 : index
    %0 = arith.minui %arg0, %c1 : index
    %1 = arith.minui %arg0, %c1 : index
    %2 = arith.minui %arg0, %c9 : index
    %3 = arith.minui %arg0, %c9 : index
    return %c-1, %c0, %c1, %c9, %c0, %c0, %c0, %c0, %c1, %c0, %c1, %c1, %c9, %c0, %c1, %c9, %arg0, %arg0, %c0, %c0, %0, %1, %2, %3, %arg0 : index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index
  }
}
// -----
module {
  func.func @addi_dyn(%arg0: tensor<?xi32>) -> tensor<?xi32> {
    %0 = arith.addi %arg0, %arg0 : tensor<?xi32>
    return %0 : tensor<?xi32>
  }
}
// -----
module {
  func.func @subi_dyn(%arg0: tensor<?xi32>) -> tensor<?xi32> {
    %0 = arith.subi %arg0, %arg0 : tensor<?xi32>
    return %0 : tensor<?xi32>
  }
}
// -----
module {
  func.func @muli_dyn(%arg0: tensor<?xi32>) -> tensor<?xi32> {
    %0 = arith.muli %arg0, %arg0 : tensor<?xi32>
    return %0 : tensor<?xi32>
  }
}
// -----
module {
  func.func @divui_dyn(%arg0: tensor<?xi32>) -> tensor<?xi32> {
    %0 = arith.divui %arg0, %arg0 : tensor<?xi32>
    return %0 : tensor<?xi32>
  }
}
// -----
module {
  func.func @divsi_dyn(%arg0: tensor<?xi32>) -> tensor<?xi32> {
    %0 = arith.divsi %arg0, %arg0 : tensor<?xi32>
    return %0 : tensor<?xi32>
  }
}
// -----
module {
  func.func @ceildivui_dyn(%arg0: tensor<?xi32>) -> tensor<?xi32> {
    %0 = arith.ceildivui %arg0, %arg0 : tensor<?xi32>
    return %0 : tensor<?xi32>
  }
}
// -----
module {
  func.func @ceildivsi_dyn(%arg0: tensor<?xi32>) -> tensor<?xi32> {
    %0 = arith.ceildivsi %arg0, %arg0 : tensor<?xi32>
    return %0 : tensor<?xi32>
  }
}
// -----
module {
  func.func @floordivsi_dyn(%arg0: tensor<?xi32>) -> tensor<?xi32> {
    %0 = arith.floordivsi %arg0, %arg0 : tensor<?xi32>
    return %0 : tensor<?xi32>
  }
}
// -----
module {
  func.func @remui_dyn(%arg0: tensor<?xi32>) -> tensor<?xi32> {
    %0 = arith.remui %arg0, %arg0 : tensor<?xi32>
    return %0 : tensor<?xi32>
  }
}
// -----
module {
  func.func @remsi_dyn(%arg0: tensor<?xi32>) -> tensor<?xi32> {
    %0 = arith.remsi %arg0, %arg0 : tensor<?xi32>
    return %0 : tensor<?xi32>
  }
}
// -----
module {
  func.func @andi_dyn(%arg0: tensor<?xi32>) -> tensor<?xi32> {
    return %arg0 : tensor<?xi32>
  }
}
// -----
module {
  func.func @ori_dyn(%arg0: tensor<?xi32>) -> tensor<?xi32> {
    return %arg0 : tensor<?xi32>
  }
}
// -----
module {
  func.func @shli_dyn(%arg0: tensor<?xi32>) -> tensor<?xi32> {
    %0 = arith.shli %arg0, %arg0 : tensor<?xi32>
    return %0 : tensor<?xi32>
  }
}
// -----
module {
  func.func @shrui_dyn(%arg0: tensor<?xi32>) -> tensor<?xi32> {
    %0 = arith.shrui %arg0, %arg0 : tensor<?xi32>
    return %0 : tensor<?xi32>
  }
}
// -----
module {
  func.func @shrsi_dyn(%arg0: tensor<?xi32>) -> tensor<?xi32> {
    %0 = arith.shrsi %arg0, %arg0 : tensor<?xi32>
    return %0 : tensor<?xi32>
  }
}
// -----
module {
  func.func @maxsi_dyn(%arg0: tensor<?xi32>) -> tensor<?xi32> {
    return %arg0 : tensor<?xi32>
  }
}
// -----
module {
  func.func @maxui_dyn(%arg0: tensor<?xi32>) -> tensor<?xi32> {
    return %arg0 : tensor<?xi32>
  }
}
// -----
module {
  func.func @minsi_dyn(%arg0: tensor<?xi32>) -> tensor<?xi32> {
    return %arg0 : tensor<?xi32>
  }
}
// -----
module {
  func.func @minui_dyn(%arg0: tensor<?xi32>) -> tensor<?xi32> {
    return %arg0 : tensor<?xi32>
  }
}
// -----
module {
  func.func @cmpi_eq_i8(%arg0: i8) -> (i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1) {
    %c-128_i8 = arith.constant -128 : i8
    %c-7_i8 = arith.constant -7 : i8
    %c-1_i8 = arith.constant -1 : i8
    %c0_i8 = arith.constant 0 : i8
    %c1_i8 = arith.constant 1 : i8
    %c2_i8 = arith.constant 2 : i8
    %c7_i8 = arith.constant 7 : i8
    %c127_i8 = arith.constant 127 : i8
    %true = arith.constant true
    %false = arith.constant false
    %0 = arith.cmpi eq, %arg0, %c-128_i8 : i8
    %1 = arith.cmpi eq, %arg0, %c-7_i8 : i8
    %2 = arith.cmpi eq, %arg0, %c-1_i8 : i8
    %3 = arith.cmpi eq, %arg0, %c0_i8 : i8
    %4 = arith.cmpi eq, %arg0, %c1_i8 : i8
    %5 = arith.cmpi eq, %arg0, %c2_i8 : i8
    %6 = arith.cmpi eq, %arg0, %c7_i8 : i8
    %7 = arith.cmpi eq, %arg0, %c127_i8 : i8
    return %true, %false, %false, %false, %false, %false, %false, %false, %false, %true, %false, %false, %false, %false, %false, %false, %false, %false, %true, %false, %false, %false, %false, %false, %false, %false, %false, %true, %false, %false, %false, %false, %false, %false, %false, %false, %true, %false, %false, %false, %false, %false, %false, %false, %false, %true, %false, %false, %false, %false, %false, %false, %false, %false, %true, %false, %false, %false, %false, %false, %false, %false, %false, %true, %0, %1, %2, %3, %4, %5, %6, %7, %true : i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1
  }
}
// -----
module {
  func.func @cmpi_sge_i8(%arg0: i8) -> (i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1) {
    %c-128_i8 = arith.constant -128 : i8
    %c-7_i8 = arith.constant -7 : i8
    %c-1_i8 = arith.constant -1 : i8
    %c0_i8 = arith.constant 0 : i8
    %c1_i8 = arith.constant 1 : i8
    %c2_i8 = arith.constant 2 : i8
    %c7_i8 = arith.constant 7 : i8
    %c127_i8 = arith.constant 127 : i8
    %true = arith.constant true
    %false = arith.constant false
    %0 = arith.cmpi sle, %arg0, %c-128_i8 : i8
    %1 = arith.cmpi sle, %arg0, %c-7_i8 : i8
    %2 = arith.cmpi sle, %arg0, %c-1_i8 : i8
    %3 = arith.cmpi sle, %arg0, %c0_i8 : i8
    %4 = arith.cmpi sle, %arg0, %c1_i8 : i8
    %5 = arith.cmpi sle, %arg0, %c2_i8 : i8
    %6 = arith.cmpi sle, %arg0, %c7_i8 : i8
    %7 = arith.cmpi sle, %arg0, %c127_i8 : i8
    return %true, %false, %false, %false, %false, %false, %false, %false, %true, %true, %false, %false, %false, %false, %false, %false, %true, %true, %true, %false, %false, %false, %false, %false, %true, %true, %true, %true, %false, %false, %false, %false, %true, %true, %true, %true, %true, %false, %false, %false, %true, %true, %true, %true, %true, %true, %false, %false, %true, %true, %true, %true, %true, %true, %true, %false, %true, %true, %true, %true, %true, %true, %true, %true, %0, %1, %2, %3, %4, %5, %6, %7, %true : i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1
  }
}
// -----
module {
  func.func @cmpi_ult_i8(%arg0: i8) -> (i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1) {
    %c-128_i8 = arith.constant -128 : i8
    %c-7_i8 = arith.constant -7 : i8
    %c-1_i8 = arith.constant -1 : i8
    %c0_i8 = arith.constant 0 : i8
    %c1_i8 = arith.constant 1 : i8
    %c2_i8 = arith.constant 2 : i8
    %c7_i8 = arith.constant 7 : i8
    %c127_i8 = arith.constant 127 : i8
    %false = arith.constant false
    %true = arith.constant true
    %0 = arith.cmpi ugt, %arg0, %c-128_i8 : i8
    %1 = arith.cmpi ugt, %arg0, %c-7_i8 : i8
    %2 = arith.cmpi ugt, %arg0, %c-1_i8 : i8
    %3 = arith.cmpi ugt, %arg0, %c0_i8 : i8
    %4 = arith.cmpi ugt, %arg0, %c1_i8 : i8
    %5 = arith.cmpi ugt, %arg0, %c2_i8 : i8
    %6 = arith.cmpi ugt, %arg0, %c7_i8 : i8
    %7 = arith.cmpi ugt, %arg0, %c127_i8 : i8
    return %false, %true, %true, %false, %false, %false, %false, %false, %false, %false, %true, %false, %false, %false, %false, %false, %false, %false, %false, %false, %false, %false, %false, %false, %true, %true, %true, %false, %true, %true, %true, %true, %true, %true, %true, %false, %false, %true, %true, %true, %true, %true, %true, %false, %false, %false, %true, %true, %true, %true, %true, %false, %false, %false, %false, %true, %true, %true, %true, %false, %false, %false, %false, %false, %0, %1, %2, %3, %4, %5, %6, %7, %false : i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1
  }
}
// -----
module {
  func.func @addf_f32(%arg0: f32) -> (f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32) {
    %cst = arith.constant 0.000000e+00 : f32
    %cst_0 = arith.constant -0.000000e+00 : f32
    %cst_1 = arith.constant 1.000000e+00 : f32
    %cst_2 = arith.constant -2.500000e+00 : f32
    %cst_3 = arith.constant 3.40282347E+38 : f32
    %cst_4 = arith.constant 0x7F800000 : f32
    %cst_5 = arith.constant 0xFF800000 : f32
    %cst_6 = arith.constant 0x7FC00000 : f32
    %cst_7 = arith.constant 1.000000e-01 : f32
    %cst_8 = arith.constant 1.401300e-45 : f32
    %cst_9 = arith.constant 2.000000e+00 : f32
    %cst_10 = arith.constant -1.500000e+00 : f32
    %cst_11 = arith.constant 1.100000e+00 : f32
    %cst_12 = arith.constant -5.000000e+00 : f32
    %cst_13 = arith.constant -2.400000e+00 : f32
    %cst_14 = arith.constant 2.000000e-01 : f32
    %cst_15 = arith.constant 2.802600e-45 : f32
    %0 = arith.addf %arg0, %cst : f32
    %1 = arith.addf %arg0, %cst_1 : f32
    %2 = arith.addf %arg0, %cst_2 : f32
    %3 = arith.addf %arg0, %cst_3 : f32
    %4 = arith.addf %arg0, %cst_4 : f32
    %5 = arith.addf %arg0, %cst_5 : f32
    %6 = arith.addf %arg0, %cst_6 : f32
    %7 = arith.addf %arg0, %cst_7 : f32
    %8 = arith.addf %arg0, %cst_8 : f32
    %9 = arith.addf %arg0, %arg0 : f32
    %10 = arith.addf %arg0, %cst fastmath<fast> : f32
    return %cst, %cst, %cst_1, %cst_2, %cst_3, %cst_4, %cst_5, %cst_6, %cst_7, %cst_8, %cst, %cst_0, %cst_1, %cst_2, %cst_3, %cst_4, %cst_5, %cst_6, %cst_7, %cst_8, %cst_1, %cst_1, %cst_9, %cst_10, %cst_3, %cst_4, %cst_5, %cst_6, %cst_11, %cst_1, %cst_2, %cst_2, %cst_10, %cst_12, %cst_3, %cst_4, %cst_5, %cst_6, %cst_13, %cst_2, %cst_3, %cst_3, %cst_3, %cst_3, %cst_4, %cst_4, %cst_5, %cst_6, %cst_3, %cst_3, %cst_4, %cst_4, %cst_4, %cst_4, %cst_4, %cst_4, %cst_6, %cst_6, %cst_4, %cst_4, %cst_5, %cst_5, %cst_5, %cst_5, %cst_5, %cst_6, %cst_5, %cst_6, %cst_5, %cst_5, %cst_6, %cst_6, %cst_6, %cst_6, %cst_6, %cst_6, %cst_6, %cst_6, %cst_6, %cst_6, %cst_7, %cst_7, %cst_11, %cst_13, %cst_3, %cst_4, %cst_5, %cst_6, %cst_14, %cst_7, %cst_8, %cst_8, %cst_1, %cst_2, %cst_3, %cst_4, %cst_5, %cst_6, %cst_7, %cst_15, %0, %arg0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10 : f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32
  }
}
// -----
module {
  func.func @subf_f32(%arg0: f32) -> (f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32) {
    %cst = arith.constant 0.000000e+00 : f32
    %cst_0 = arith.constant -0.000000e+00 : f32
    %cst_1 = arith.constant 1.000000e+00 : f32
    %cst_2 = arith.constant -2.500000e+00 : f32
    %cst_3 = arith.constant 3.40282347E+38 : f32
    %cst_4 = arith.constant 0x7F800000 : f32
    %cst_5 = arith.constant 0xFF800000 : f32
    %cst_6 = arith.constant 0x7FC00000 : f32
    %cst_7 = arith.constant 1.000000e-01 : f32
    %cst_8 = arith.constant 1.401300e-45 : f32
    %cst_9 = arith.constant -1.000000e+00 : f32
    %cst_10 = arith.constant 2.500000e+00 : f32
    %cst_11 = arith.constant -3.40282347E+38 : f32
    %cst_12 = arith.constant -1.000000e-01 : f32
    %cst_13 = arith.constant -1.401300e-45 : f32
    %cst_14 = arith.constant 3.500000e+00 : f32
    %cst_15 = arith.constant 0.899999976 : f32
    %cst_16 = arith.constant -3.500000e+00 : f32
    %cst_17 = arith.constant -2.600000e+00 : f32
    %cst_18 = arith.constant -0.899999976 : f32
    %cst_19 = arith.constant 2.600000e+00 : f32
    %0 = arith.subf %arg0, %cst_0 : f32
    %1 = arith.subf %arg0, %cst_1 : f32
    %2 = arith.subf %arg0, %cst_2 : f32
    %3 = arith.subf %arg0, %cst_3 : f32
    %4 = arith.subf %arg0, %cst_4 : f32
    %5 = arith.subf %arg0, %cst_5 : f32
    %6 = arith.subf %arg0, %cst_6 : f32
    %7 = arith.subf %arg0, %cst_7 : f32
    %8 = arith.subf %arg0, %cst_8 : f32
    %9 = arith.subf %arg0, %arg0 : f32
    return %cst, %cst, %cst_9, %cst_10, %cst_11, %cst_5, %cst_4, %cst_6, %cst_12, %cst_13, %cst_0, %cst, %cst_9, %cst_10, %cst_11, %cst_5, %cst_4, %cst_6, %cst_12, %cst_13, %cst_1, %cst_1, %cst, %cst_14, %cst_11, %cst_5, %cst_4, %cst_6, %cst_15, %cst_1, %cst_2, %cst_2, %cst_16, %cst, %cst_11, %cst_5, %cst_4, %cst_6, %cst_17, %cst_2, %cst_3, %cst_3, %cst_3, %cst_3, %cst, %cst_5, %cst_4, %cst_6, %cst_3, %cst_3, %cst_4, %cst_4, %cst_4, %cst_4, %cst_4, %cst_6, %cst_4, %cst_6, %cst_4, %cst_4, %cst_5, %cst_5, %cst_5, %cst_5, %cst_5, %cst_5, %cst_6, %cst_6, %cst_5, %cst_5, %cst_6, %cst_6, %cst_6, %cst_6, %cst_6, %cst_6, %cst_6, %cst_6, %cst_6, %cst_6, %cst_7, %cst_7, %cst_18, %cst_19, %cst_11, %cst_5, %cst_4, %cst_6, %cst, %cst_7, %cst_8, %cst_8, %cst_9, %cst_10, %cst_11, %cst_5, %cst_4, %cst_6, %cst_12, %cst, %arg0, %0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %arg0 : f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32
  }
}
// -----
module {
  func.func @mulf_f32(%arg0: f32) -> (f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32) {
    %cst = arith.constant 0.000000e+00 : f32
    %cst_0 = arith.constant -0.000000e+00 : f32
    %cst_1 = arith.constant 1.000000e+00 : f32
    %cst_2 = arith.constant -2.500000e+00 : f32
    %cst_3 = arith.constant 3.40282347E+38 : f32
    %cst_4 = arith.constant 0x7F800000 : f32
    %cst_5 = arith.constant 0xFF800000 : f32
    %cst_6 = arith.constant 0x7FC00000 : f32
    %cst_7 = arith.constant 1.000000e-01 : f32
    %cst_8 = arith.constant 1.401300e-45 : f32
    %cst_9 = arith.constant 6.250000e+00 : f32
    %cst_10 = arith.constant -2.500000e-01 : f32
    %cst_11 = arith.constant -2.802600e-45 : f32
    %cst_12 = arith.constant 3.40282347E+37 : f32
    %cst_13 = arith.constant 4.7683713E-7 : f32
    %cst_14 = arith.constant 0.0100000007 : f32
    %0 = arith.mulf %arg0, %cst : f32
    %1 = arith.mulf %arg0, %cst_0 : f32
    %2 = arith.mulf %arg0, %cst_2 : f32
    %3 = arith.mulf %arg0, %cst_3 : f32
    %4 = arith.mulf %arg0, %cst_4 : f32
    %5 = arith.mulf %arg0, %cst_5 : f32
    %6 = arith.mulf %arg0, %cst_6 : f32
    %7 = arith.mulf %arg0, %cst_7 : f32
    %8 = arith.mulf %arg0, %cst_8 : f32
    %9 = arith.mulf %arg0, %arg0 : f32
    return %cst, %cst_0, %cst, %cst_0, %cst, %cst_6, %cst_6, %cst_6, %cst, %cst, %cst_0, %cst, %cst_0, %cst, %cst_0, %cst_6, %cst_6, %cst_6, %cst_0, %cst_0, %cst, %cst_0, %cst_1, %cst_2, %cst_3, %cst_4, %cst_5, %cst_6, %cst_7, %cst_8, %cst_0, %cst, %cst_2, %cst_9, %cst_5, %cst_5, %cst_4, %cst_6, %cst_10, %cst_11, %cst, %cst_0, %cst_3, %cst_5, %cst_4, %cst_4, %cst_5, %cst_6, %cst_12, %cst_13, %cst_6, %cst_6, %cst_4, %cst_5, %cst_4, %cst_4, %cst_5, %cst_6, %cst_4, %cst_4, %cst_6, %cst_6, %cst_5, %cst_4, %cst_5, %cst_5, %cst_4, %cst_6, %cst_5, %cst_5, %cst_6, %cst_6, %cst_6, %cst_6, %cst_6, %cst_6, %cst_6, %cst_6, %cst_6, %cst_6, %cst, %cst_0, %cst_7, %cst_10, %cst_12, %cst_4, %cst_5, %cst_6, %cst_14, %cst, %cst, %cst_0, %cst_8, %cst_11, %cst_13, %cst_4, %cst_5, %cst_6, %cst, %cst, %0, %1, %arg0, %2, %3, %4, %5, %6, %7, %8, %9, %cst : f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32
  }
}
// -----
module {
  func.func @divf_f32(%arg0: f32) -> (f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32) {
    %cst = arith.constant 0.000000e+00 : f32
    %cst_0 = arith.constant -0.000000e+00 : f32
    %cst_1 = arith.constant 1.000000e+00 : f32
    %cst_2 = arith.constant -2.500000e+00 : f32
    %cst_3 = arith.constant 3.40282347E+38 : f32
    %cst_4 = arith.constant 0x7F800000 : f32
    %cst_5 = arith.constant 0xFF800000 : f32
    %cst_6 = arith.constant 0x7FC00000 : f32
    %cst_7 = arith.constant 1.000000e-01 : f32
    %cst_8 = arith.constant 1.401300e-45 : f32
    %cst_9 = arith.constant -4.000000e-01 : f32
    %cst_10 = arith.constant 2.93873588E-39 : f32
    %cst_11 = arith.constant 1.000000e+01 : f32
    %cst_12 = arith.constant -7.346840e-39 : f32
    %cst_13 = arith.constant -2.500000e+01 : f32
    %cst_14 = arith.constant -1.36112939E+38 : f32
    %cst_15 = arith.constant -4.000000e-02 : f32
    %cst_16 = arith.constant 2.938730e-40 : f32
    %cst_17 = arith.constant 1.401300e-44 : f32
    %0 = arith.divf %arg0, %cst : f32
    %1 = arith.divf %arg0, %cst_0 : f32
    %2 = arith.divf %arg0, %cst_2 : f32
    %3 = arith.divf %arg0, %cst_3 : f32
    %4 = arith.divf %arg0, %cst_4 : f32
    %5 = arith.divf %arg0, %cst_5 : f32
    %6 = arith.divf %arg0, %cst_6 : f32
    %7 = arith.divf %arg0, %cst_7 : f32
    %8 = arith.divf %arg0, %cst_8 : f32
    %9 = arith.divf %arg0, %arg0 : f32
    %10 = arith.divf %arg0, %cst fastmath<fast> : f32
    return %cst_6, %cst_6, %cst, %cst_0, %cst, %cst, %cst_0, %cst_6, %cst, %cst, %cst_6, %cst_6, %cst_0, %cst, %cst_0, %cst_0, %cst, %cst_6, %cst_0, %cst_0, %cst_4, %cst_5, %cst_1, %cst_9, %cst_10, %cst, %cst_0, %cst_6, %cst_11, %cst_4, %cst_5, %cst_4, %cst_2, %cst_1, %cst_12, %cst_0, %cst, %cst_6, %cst_13, %cst_5, %cst_4, %cst_5, %cst_3, %cst_14, %cst_1, %cst, %cst_0, %cst_6, %cst_4, %cst_4, %cst_4, %cst_5, %cst_4, %cst_5, %cst_4, %cst_6, %cst_6, %cst_6, %cst_4, %cst_4, %cst_5, %cst_4, %cst_5, %cst_4, %cst_5, %cst_6, %cst_6, %cst_6, %cst_5, %cst_5, %cst_6, %cst_6, %cst_6, %cst_6, %cst_6, %cst_6, %cst_6, %cst_6, %cst_6, %cst_6, %cst_4, %cst_5, %cst_7, %cst_15, %cst_16, %cst, %cst_0, %cst_6, %cst_1, %cst_4, %cst_4, %cst_5, %cst_8, %cst_0, %cst, %cst, %cst_0, %cst_6, %cst_17, %cst_1, %0, %1, %arg0, %2, %3, %4, %5, %6, %7, %8, %9, %10 : f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32
  }
}
// -----
module {
  func.func @remf_f32(%arg0: f32) -> (f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32) {
    %cst = arith.constant 0.000000e+00 : f32
    %cst_0 = arith.constant -0.000000e+00 : f32
    %cst_1 = arith.constant 1.000000e+00 : f32
    %cst_2 = arith.constant -2.500000e+00 : f32
    %cst_3 = arith.constant 3.40282347E+38 : f32
    %cst_4 = arith.constant 0x7F800000 : f32
    %cst_5 = arith.constant 0xFF800000 : f32
    %cst_6 = arith.constant 0x7FC00000 : f32
    %cst_7 = arith.constant 1.000000e-01 : f32
    %cst_8 = arith.constant 1.401300e-45 : f32
    %cst_9 = arith.constant 0.0999999865 : f32
    %cst_10 = arith.constant -5.000000e-01 : f32
    %cst_11 = arith.constant -0.0999999642 : f32
    %cst_12 = arith.constant 0.0500000194 : f32
    %0 = arith.remf %arg0, %cst : f32
    %1 = arith.remf %arg0, %cst_0 : f32
    %2 = arith.remf %arg0, %cst_1 : f32
    %3 = arith.remf %arg0, %cst_2 : f32
    %4 = arith.remf %arg0, %cst_3 : f32
    %5 = arith.remf %arg0, %cst_4 : f32
    %6 = arith.remf %arg0, %cst_5 : f32
    %7 = arith.remf %arg0, %cst_6 : f32
    %8 = arith.remf %arg0, %cst_7 : f32
    %9 = arith.remf %arg0, %cst_8 : f32
    %10 = arith.remf %arg0, %arg0 : f32
    %11 = arith.remf %arg0, %cst fastmath<fast> : f32
    return %cst_6, %cst_6, %cst, %cst, %cst, %cst, %cst, %cst_6, %cst, %cst, %cst_6, %cst_6, %cst_0, %cst_0, %cst_0, %cst_0, %cst_0, %cst_6, %cst_0, %cst_0, %cst_6, %cst_6, %cst, %cst_1, %cst_1, %cst_1, %cst_1, %cst_6, %cst_9, %cst, %cst_6, %cst_6, %cst_10, %cst_0, %cst_2, %cst_2, %cst_2, %cst_6, %cst_11, %cst_0, %cst_6, %cst_6, %cst, %cst, %cst, %cst_3, %cst_3, %cst_6, %cst_12, %cst, %cst_6, %cst_6, %cst_6, %cst_6, %cst_6, %cst_6, %cst_6, %cst_6, %cst_6, %cst_6, %cst_6, %cst_6, %cst_6, %cst_6, %cst_6, %cst_6, %cst_6, %cst_6, %cst_6, %cst_6, %cst_6, %cst_6, %cst_6, %cst_6, %cst_6, %cst_6, %cst_6, %cst_6, %cst_6, %cst_6, %cst_6, %cst_6, %cst_7, %cst_7, %cst_7, %cst_7, %cst_7, %cst_6, %cst, %cst, %cst_6, %cst_6, %cst_8, %cst_8, %cst_8, %cst_8, %cst_8, %cst_6, %cst_8, %cst, %0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11 : f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32
  }
}
// -----
module {
  func.func @maximumf_f32(%arg0: f32) -> (f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32) {
    %cst = arith.constant 0.000000e+00 : f32
    %cst_0 = arith.constant -0.000000e+00 : f32
    %cst_1 = arith.constant 1.000000e+00 : f32
    %cst_2 = arith.constant -2.500000e+00 : f32
    %cst_3 = arith.constant 3.40282347E+38 : f32
    %cst_4 = arith.constant 0x7F800000 : f32
    %cst_5 = arith.constant 0xFF800000 : f32
    %cst_6 = arith.constant 0x7FC00000 : f32
    %cst_7 = arith.constant 1.000000e-01 : f32
    %cst_8 = arith.constant 1.401300e-45 : f32
    %0 = arith.maximumf %arg0, %cst : f32
    %1 = arith.maximumf %arg0, %cst_0 : f32
    %2 = arith.maximumf %arg0, %cst_1 : f32
    %3 = arith.maximumf %arg0, %cst_2 : f32
    %4 = arith.maximumf %arg0, %cst_3 : f32
    %5 = arith.maximumf %arg0, %cst_4 : f32
    %6 = arith.maximumf %arg0, %cst_6 : f32
    %7 = arith.maximumf %arg0, %cst_7 : f32
    %8 = arith.maximumf %arg0, %cst_8 : f32
    %9 = arith.maximumf %arg0, %cst fastmath<fast> : f32
    return %cst, %cst, %cst_1, %cst, %cst_3, %cst_4, %cst, %cst_6, %cst_7, %cst_8, %cst, %cst_0, %cst_1, %cst_0, %cst_3, %cst_4, %cst_0, %cst_6, %cst_7, %cst_8, %cst_1, %cst_1, %cst_1, %cst_1, %cst_3, %cst_4, %cst_1, %cst_6, %cst_1, %cst_1, %cst, %cst_0, %cst_1, %cst_2, %cst_3, %cst_4, %cst_2, %cst_6, %cst_7, %cst_8, %cst_3, %cst_3, %cst_3, %cst_3, %cst_3, %cst_4, %cst_3, %cst_6, %cst_3, %cst_3, %cst_4, %cst_4, %cst_4, %cst_4, %cst_4, %cst_4, %cst_4, %cst_6, %cst_4, %cst_4, %cst, %cst_0, %cst_1, %cst_2, %cst_3, %cst_4, %cst_5, %cst_6, %cst_7, %cst_8, %cst_6, %cst_6, %cst_6, %cst_6, %cst_6, %cst_6, %cst_6, %cst_6, %cst_6, %cst_6, %cst_7, %cst_7, %cst_1, %cst_7, %cst_3, %cst_4, %cst_7, %cst_6, %cst_7, %cst_7, %cst_8, %cst_8, %cst_1, %cst_8, %cst_3, %cst_4, %cst_8, %cst_6, %cst_7, %cst_8, %0, %1, %2, %3, %4, %5, %arg0, %6, %7, %8, %arg0, %9 : f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32
  }
}
// -----
module {
  func.func @minimumf_f32(%arg0: f32) -> (f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32) {
    %cst = arith.constant 0.000000e+00 : f32
    %cst_0 = arith.constant -0.000000e+00 : f32
    %cst_1 = arith.constant 1.000000e+00 : f32
    %cst_2 = arith.constant -2.500000e+00 : f32
    %cst_3 = arith.constant 3.40282347E+38 : f32
    %cst_4 = arith.constant 0x7F800000 : f32
    %cst_5 = arith.constant 0xFF800000 : f32
    %cst_6 = arith.constant 0x7FC00000 : f32
    %cst_7 = arith.constant 1.000000e-01 : f32
    %cst_8 = arith.constant 1.401300e-45 : f32
    %0 = arith.minimumf %arg0, %cst : f32
    %1 = arith.minimumf %arg0, %cst_0 : f32
    %2 = arith.minimumf %arg0, %cst_1 : f32
    %3 = arith.minimumf %arg0, %cst_2 : f32
    %4 = arith.minimumf %arg0, %cst_3 : f32
    %5 = arith.minimumf %arg0, %cst_5 : f32
    %6 = arith.minimumf %arg0, %cst_6 : f32
    %7 = arith.minimumf %arg0, %cst_7 : f32
    %8 = arith.minimumf %arg0, %cst_8 : f32
    %9 = arith.minimumf %arg0, %cst fastmath<fast> : f32
    return %cst, %cst_0, %cst, %cst_2, %cst, %cst, %cst_5, %cst_6, %cst, %cst, %cst_0, %cst_0, %cst_0, %cst_2, %cst_0, %cst_0, %cst_5, %cst_6, %cst_0, %cst_0, %cst, %cst_0, %cst_1, %cst_2, %cst_1, %cst_1, %cst_5, %cst_6, %cst_7, %cst_8, %cst_2, %cst_2, %cst_2, %cst_2, %cst_2, %cst_2, %cst_5, %cst_6, %cst_2, %cst_2, %cst, %cst_0, %cst_1, %cst_2, %cst_3, %cst_3, %cst_5, %cst_6, %cst_7, %cst_8, %cst, %cst_0, %cst_1, %cst_2, %cst_3, %cst_4, %cst_5, %cst_6, %cst_7, %cst_8, %cst_5, %cst_5, %cst_5, %cst_5, %cst_5, %cst_5, %cst_5, %cst_6, %cst_5, %cst_5, %cst_6, %cst_6, %cst_6, %cst_6, %cst_6, %cst_6, %cst_6, %cst_6, %cst_6, %cst_6, %cst, %cst_0, %cst_7, %cst_2, %cst_7, %cst_7, %cst_5, %cst_6, %cst_7, %cst_8, %cst, %cst_0, %cst_8, %cst_2, %cst_8, %cst_8, %cst_5, %cst_6, %cst_8, %cst_8, %0, %1, %2, %3, %4, %arg0, %5, %6, %7, %8, %arg0, %9 : f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32
  }
}
// -----
module {
  func.func @maxnumf_f32(%arg0: f32) -> (f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32) {
    %cst = arith.constant 0.000000e+00 : f32
    %cst_0 = arith.constant -0.000000e+00 : f32
    %cst_1 = arith.constant 1.000000e+00 : f32
    %cst_2 = arith.constant -2.500000e+00 : f32
    %cst_3 = arith.constant 3.40282347E+38 : f32
    %cst_4 = arith.constant 0x7F800000 : f32
    %cst_5 = arith.constant 0xFF800000 : f32
    %cst_6 = arith.constant 0x7FC00000 : f32
    %cst_7 = arith.constant 1.000000e-01 : f32
    %cst_8 = arith.constant 1.401300e-45 : f32
    %0 = arith.maxnumf %arg0, %cst : f32
    %1 = arith.maxnumf %arg0, %cst_0 : f32
    %2 = arith.maxnumf %arg0, %cst_1 : f32
    %3 = arith.maxnumf %arg0, %cst_2 : f32
    %4 = arith.maxnumf %arg0, %cst_3 : f32
    %5 = arith.maxnumf %arg0, %cst_4 : f32
    %6 = arith.maxnumf %arg0, %cst_5 : f32
    %7 = arith.maxnumf %arg0, %cst_7 : f32
    %8 = arith.maxnumf %arg0, %cst_8 : f32
    %9 = arith.maxnumf %arg0, %cst fastmath<fast> : f32
    return %cst, %cst, %cst_1, %cst, %cst_3, %cst_4, %cst, %cst, %cst_7, %cst_8, %cst, %cst_0, %cst_1, %cst_0, %cst_3, %cst_4, %cst_0, %cst_0, %cst_7, %cst_8, %cst_1, %cst_1, %cst_1, %cst_1, %cst_3, %cst_4, %cst_1, %cst_1, %cst_1, %cst_1, %cst, %cst_0, %cst_1, %cst_2, %cst_3, %cst_4, %cst_2, %cst_2, %cst_7, %cst_8, %cst_3, %cst_3, %cst_3, %cst_3, %cst_3, %cst_4, %cst_3, %cst_3, %cst_3, %cst_3, %cst_4, %cst_4, %cst_4, %cst_4, %cst_4, %cst_4, %cst_4, %cst_4, %cst_4, %cst_4, %cst, %cst_0, %cst_1, %cst_2, %cst_3, %cst_4, %cst_5, %cst_5, %cst_7, %cst_8, %cst, %cst_0, %cst_1, %cst_2, %cst_3, %cst_4, %cst_5, %cst_6, %cst_7, %cst_8, %cst_7, %cst_7, %cst_1, %cst_7, %cst_3, %cst_4, %cst_7, %cst_7, %cst_7, %cst_7, %cst_8, %cst_8, %cst_1, %cst_8, %cst_3, %cst_4, %cst_8, %cst_8, %cst_7, %cst_8, %0, %1, %2, %3, %4, %5, %6, %arg0, %7, %8, %arg0, %9 : f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32
  }
}
// -----
module {
  func.func @minnumf_f32(%arg0: f32) -> (f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32) {
    %cst = arith.constant 0.000000e+00 : f32
    %cst_0 = arith.constant -0.000000e+00 : f32
    %cst_1 = arith.constant 1.000000e+00 : f32
    %cst_2 = arith.constant -2.500000e+00 : f32
    %cst_3 = arith.constant 3.40282347E+38 : f32
    %cst_4 = arith.constant 0x7F800000 : f32
    %cst_5 = arith.constant 0xFF800000 : f32
    %cst_6 = arith.constant 0x7FC00000 : f32
    %cst_7 = arith.constant 1.000000e-01 : f32
    %cst_8 = arith.constant 1.401300e-45 : f32
    %0 = arith.minnumf %arg0, %cst : f32
    %1 = arith.minnumf %arg0, %cst_0 : f32
    %2 = arith.minnumf %arg0, %cst_1 : f32
    %3 = arith.minnumf %arg0, %cst_2 : f32
    %4 = arith.minnumf %arg0, %cst_3 : f32
    %5 = arith.minnumf %arg0, %cst_4 : f32
    %6 = arith.minnumf %arg0, %cst_5 : f32
    %7 = arith.minnumf %arg0, %cst_7 : f32
    %8 = arith.minnumf %arg0, %cst_8 : f32
    %9 = arith.minnumf %arg0, %cst fastmath<fast> : f32
    return %cst, %cst_0, %cst, %cst_2, %cst, %cst, %cst_5, %cst, %cst, %cst, %cst_0, %cst_0, %cst_0, %cst_2, %cst_0, %cst_0, %cst_5, %cst_0, %cst_0, %cst_0, %cst, %cst_0, %cst_1, %cst_2, %cst_1, %cst_1, %cst_5, %cst_1, %cst_7, %cst_8, %cst_2, %cst_2, %cst_2, %cst_2, %cst_2, %cst_2, %cst_5, %cst_2, %cst_2, %cst_2, %cst, %cst_0, %cst_1, %cst_2, %cst_3, %cst_3, %cst_5, %cst_3, %cst_7, %cst_8, %cst, %cst_0, %cst_1, %cst_2, %cst_3, %cst_4, %cst_5, %cst_4, %cst_7, %cst_8, %cst_5, %cst_5, %cst_5, %cst_5, %cst_5, %cst_5, %cst_5, %cst_5, %cst_5, %cst_5, %cst, %cst_0, %cst_1, %cst_2, %cst_3, %cst_4, %cst_5, %cst_6, %cst_7, %cst_8, %cst, %cst_0, %cst_7, %cst_2, %cst_7, %cst_7, %cst_5, %cst_7, %cst_7, %cst_8, %cst, %cst_0, %cst_8, %cst_2, %cst_8, %cst_8, %cst_5, %cst_8, %cst_8, %cst_8, %0, %1, %2, %3, %4, %5, %6, %arg0, %7, %8, %arg0, %9 : f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32
  }
}
// -----
module {
  func.func @cmpf_olt_f32(%arg0: f32) -> (i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1) {
    %cst = arith.constant 0.000000e+00 : f32
    %cst_0 = arith.constant -0.000000e+00 : f32
    %cst_1 = arith.constant 1.000000e+00 : f32
    %cst_2 = arith.constant -2.500000e+00 : f32
    %cst_3 = arith.constant 3.40282347E+38 : f32
    %cst_4 = arith.constant 0x7F800000 : f32
    %cst_5 = arith.constant 0xFF800000 : f32
    %cst_6 = arith.constant 1.000000e-01 : f32
    %cst_7 = arith.constant 1.401300e-45 : f32
    %false = arith.constant false
    %true = arith.constant true
    %0 = arith.cmpf olt, %arg0, %cst : f32
    %1 = arith.cmpf olt, %arg0, %cst_0 : f32
    %2 = arith.cmpf olt, %arg0, %cst_1 : f32
    %3 = arith.cmpf olt, %arg0, %cst_2 : f32
    %4 = arith.cmpf olt, %arg0, %cst_3 : f32
    %5 = arith.cmpf olt, %arg0, %cst_4 : f32
    %6 = arith.cmpf olt, %arg0, %cst_5 : f32
    %7 = arith.cmpf olt, %arg0, %cst_6 : f32
    %8 = arith.cmpf olt, %arg0, %cst_7 : f32
    %9 = arith.cmpf olt, %arg0, %arg0 : f32
    return %false, %false, %true, %false, %true, %true, %false, %false, %true, %true, %false, %false, %true, %false, %true, %true, %false, %false, %true, %true, %false, %false, %false, %false, %true, %true, %false, %false, %false, %false, %true, %true, %true, %false, %true, %true, %false, %false, %true, %true, %false, %false, %false, %false, %false, %true, %false, %false, %false, %false, %false, %false, %false, %false, %false, %false, %false, %false, %false, %false, %true, %true, %true, %true, %true, %true, %false, %false, %true, %true, %false, %false, %false, %false, %false, %false, %false, %false, %false, %false, %false, %false, %true, %false, %true, %true, %false, %false, %false, %false, %false, %false, %true, %false, %true, %true, %false, %false, %true, %false, %0, %1, %2, %3, %4, %5, %6, %false, %7, %8, %9 : i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1
  }
}
// -----
module {
  func.func @cmpf_ult_f32(%arg0: f32) -> (i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1) {
    %cst = arith.constant 0.000000e+00 : f32
    %cst_0 = arith.constant -0.000000e+00 : f32
    %cst_1 = arith.constant 1.000000e+00 : f32
    %cst_2 = arith.constant -2.500000e+00 : f32
    %cst_3 = arith.constant 3.40282347E+38 : f32
    %cst_4 = arith.constant 0x7F800000 : f32
    %cst_5 = arith.constant 0xFF800000 : f32
    %cst_6 = arith.constant 1.000000e-01 : f32
    %cst_7 = arith.constant 1.401300e-45 : f32
    %false = arith.constant false
    %true = arith.constant true
    %0 = arith.cmpf ult, %arg0, %cst : f32
    %1 = arith.cmpf ult, %arg0, %cst_0 : f32
    %2 = arith.cmpf ult, %arg0, %cst_1 : f32
    %3 = arith.cmpf ult, %arg0, %cst_2 : f32
    %4 = arith.cmpf ult, %arg0, %cst_3 : f32
    %5 = arith.cmpf ult, %arg0, %cst_4 : f32
    %6 = arith.cmpf ult, %arg0, %cst_5 : f32
    %7 = arith.cmpf ult, %arg0, %cst_6 : f32
    %8 = arith.cmpf ult, %arg0, %cst_7 : f32
    %9 = arith.cmpf ult, %arg0, %arg0 : f32
    return %false, %false, %true, %false, %true, %true, %false, %true, %true, %true, %false, %false, %true, %false, %true, %true, %false, %true, %true, %true, %false, %false, %false, %false, %true, %true, %false, %true, %false, %false, %true, %true, %true, %false, %true, %true, %false, %true, %true, %true, %false, %false, %false, %false, %false, %true, %false, %true, %false, %false, %false, %false, %false, %false, %false, %false, %false, %true, %false, %false, %true, %true, %true, %true, %true, %true, %false, %true, %true, %true, %true, %true, %true, %true, %true, %true, %true, %true, %true, %true, %false, %false, %true, %false, %true, %true, %false, %true, %false, %false, %false, %false, %true, %false, %true, %true, %false, %true, %true, %false, %0, %1, %2, %3, %4, %5, %6, %true, %7, %8, %9 : i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1
  }
}
// -----
module {
  func.func @cmpf_une_f32(%arg0: f32) -> (i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1) {
    %cst = arith.constant 0.000000e+00 : f32
    %cst_0 = arith.constant -0.000000e+00 : f32
    %cst_1 = arith.constant 1.000000e+00 : f32
    %cst_2 = arith.constant -2.500000e+00 : f32
    %cst_3 = arith.constant 3.40282347E+38 : f32
    %cst_4 = arith.constant 0x7F800000 : f32
    %cst_5 = arith.constant 0xFF800000 : f32
    %cst_6 = arith.constant 1.000000e-01 : f32
    %cst_7 = arith.constant 1.401300e-45 : f32
    %false = arith.constant false
    %true = arith.constant true
    %0 = arith.cmpf une, %arg0, %cst : f32
    %1 = arith.cmpf une, %arg0, %cst_0 : f32
    %2 = arith.cmpf une, %arg0, %cst_1 : f32
    %3 = arith.cmpf une, %arg0, %cst_2 : f32
    %4 = arith.cmpf une, %arg0, %cst_3 : f32
    %5 = arith.cmpf une, %arg0, %cst_4 : f32
    %6 = arith.cmpf une, %arg0, %cst_5 : f32
    %7 = arith.cmpf une, %arg0, %cst_6 : f32
    %8 = arith.cmpf une, %arg0, %cst_7 : f32
    %9 = arith.cmpf une, %arg0, %arg0 : f32
    return %false, %false, %true, %true, %true, %true, %true, %true, %true, %true, %false, %false, %true, %true, %true, %true, %true, %true, %true, %true, %true, %true, %false, %true, %true, %true, %true, %true, %true, %true, %true, %true, %true, %false, %true, %true, %true, %true, %true, %true, %true, %true, %true, %true, %false, %true, %true, %true, %true, %true, %true, %true, %true, %true, %true, %false, %true, %true, %true, %true, %true, %true, %true, %true, %true, %true, %false, %true, %true, %true, %true, %true, %true, %true, %true, %true, %true, %true, %true, %true, %true, %true, %true, %true, %true, %true, %true, %true, %false, %true, %true, %true, %true, %true, %true, %true, %true, %true, %true, %false, %0, %1, %2, %3, %4, %5, %6, %true, %7, %8, %9 : i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1
  }
}
// -----
module {
  func.func @addf_f16(%arg0: f16) -> (f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16) {
    %cst = arith.constant 9.997550e-02 : f16
    %cst_0 = arith.constant 1.000000e+00 : f16
    %cst_1 = arith.constant 6.550400e+04 : f16
    %cst_2 = arith.constant -0.000000e+00 : f16
    %cst_3 = arith.constant 5.960460e-08 : f16
    %cst_4 = arith.constant 0x7E00 : f16
    %cst_5 = arith.constant 1.999510e-01 : f16
    %cst_6 = arith.constant 1.099610e+00 : f16
    %cst_7 = arith.constant 2.000000e+00 : f16
    %cst_8 = arith.constant 0x7C00 : f16
    %cst_9 = arith.constant 1.192090e-07 : f16
    %0 = arith.addf %arg0, %cst : f16
    %1 = arith.addf %arg0, %cst_0 : f16
    %2 = arith.addf %arg0, %cst_1 : f16
    %3 = arith.addf %arg0, %cst_3 : f16
    %4 = arith.addf %arg0, %cst_4 : f16
    %5 = arith.addf %arg0, %arg0 : f16
    %6 = arith.addf %arg0, %cst fastmath<fast> : f16
    return %cst_5, %cst_6, %cst_1, %cst, %cst, %cst_4, %cst_6, %cst_7, %cst_1, %cst_0, %cst_0, %cst_4, %cst_1, %cst_1, %cst_8, %cst_1, %cst_1, %cst_4, %cst, %cst_0, %cst_1, %cst_2, %cst_3, %cst_4, %cst, %cst_0, %cst_1, %cst_3, %cst_9, %cst_4, %cst_4, %cst_4, %cst_4, %cst_4, %cst_4, %cst_4, %0, %1, %2, %arg0, %3, %4, %5, %6 : f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16
  }
}
// -----
module {
  func.func @subf_f16(%arg0: f16) -> (f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16) {
    %cst = arith.constant 9.997550e-02 : f16
    %cst_0 = arith.constant 1.000000e+00 : f16
    %cst_1 = arith.constant 6.550400e+04 : f16
    %cst_2 = arith.constant -0.000000e+00 : f16
    %cst_3 = arith.constant 5.960460e-08 : f16
    %cst_4 = arith.constant 0x7E00 : f16
    %cst_5 = arith.constant 0.000000e+00 : f16
    %cst_6 = arith.constant -8.999020e-01 : f16
    %cst_7 = arith.constant -6.550400e+04 : f16
    %cst_8 = arith.constant 8.999020e-01 : f16
    %cst_9 = arith.constant -9.997550e-02 : f16
    %cst_10 = arith.constant -1.000000e+00 : f16
    %cst_11 = arith.constant -5.960460e-08 : f16
    %0 = arith.subf %arg0, %cst : f16
    %1 = arith.subf %arg0, %cst_0 : f16
    %2 = arith.subf %arg0, %cst_1 : f16
    %3 = arith.subf %arg0, %cst_2 : f16
    %4 = arith.subf %arg0, %cst_3 : f16
    %5 = arith.subf %arg0, %cst_4 : f16
    %6 = arith.subf %arg0, %arg0 : f16
    %7 = arith.subf %arg0, %cst fastmath<fast> : f16
    return %cst_5, %cst_6, %cst_7, %cst, %cst, %cst_4, %cst_8, %cst_5, %cst_7, %cst_0, %cst_0, %cst_4, %cst_1, %cst_1, %cst_5, %cst_1, %cst_1, %cst_4, %cst_9, %cst_10, %cst_7, %cst_5, %cst_11, %cst_4, %cst_9, %cst_10, %cst_7, %cst_3, %cst_5, %cst_4, %cst_4, %cst_4, %cst_4, %cst_4, %cst_4, %cst_4, %0, %1, %2, %3, %4, %5, %6, %7 : f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16
  }
}
// -----
module {
  func.func @mulf_f16(%arg0: f16) -> (f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16) {
    %cst = arith.constant 9.997550e-02 : f16
    %cst_0 = arith.constant 1.000000e+00 : f16
    %cst_1 = arith.constant 6.550400e+04 : f16
    %cst_2 = arith.constant -0.000000e+00 : f16
    %cst_3 = arith.constant 5.960460e-08 : f16
    %cst_4 = arith.constant 0x7E00 : f16
    %cst_5 = arith.constant 9.994500e-03 : f16
    %cst_6 = arith.constant 6.548000e+03 : f16
    %cst_7 = arith.constant 0.000000e+00 : f16
    %cst_8 = arith.constant 0x7C00 : f16
    %cst_9 = arith.constant 3.904340e-03 : f16
    %0 = arith.mulf %arg0, %cst : f16
    %1 = arith.mulf %arg0, %cst_1 : f16
    %2 = arith.mulf %arg0, %cst_2 : f16
    %3 = arith.mulf %arg0, %cst_3 : f16
    %4 = arith.mulf %arg0, %cst_4 : f16
    %5 = arith.mulf %arg0, %arg0 : f16
    %6 = arith.mulf %arg0, %cst fastmath<fast> : f16
    return %cst_5, %cst, %cst_6, %cst_2, %cst_7, %cst_4, %cst, %cst_0, %cst_1, %cst_2, %cst_3, %cst_4, %cst_6, %cst_1, %cst_8, %cst_2, %cst_9, %cst_4, %cst_2, %cst_2, %cst_2, %cst_7, %cst_2, %cst_4, %cst_7, %cst_3, %cst_9, %cst_2, %cst_7, %cst_4, %cst_4, %cst_4, %cst_4, %cst_4, %cst_4, %cst_4, %0, %arg0, %1, %2, %3, %4, %5, %6 : f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16
  }
}
// -----
module {
  func.func @divf_f16(%arg0: f16) -> (f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16) {
    %cst = arith.constant 9.997550e-02 : f16
    %cst_0 = arith.constant 1.000000e+00 : f16
    %cst_1 = arith.constant 6.550400e+04 : f16
    %cst_2 = arith.constant -0.000000e+00 : f16
    %cst_3 = arith.constant 5.960460e-08 : f16
    %cst_4 = arith.constant 0x7E00 : f16
    %cst_5 = arith.constant 1.549720e-06 : f16
    %cst_6 = arith.constant 0xFC00 : f16
    %cst_7 = arith.constant 0x7C00 : f16
    %cst_8 = arith.constant 1.000000e+01 : f16
    %cst_9 = arith.constant 1.525880e-05 : f16
    %cst_10 = arith.constant 5.960460e-07 : f16
    %cst_11 = arith.constant 0.000000e+00 : f16
    %0 = arith.divf %arg0, %cst : f16
    %1 = arith.divf %arg0, %cst_1 : f16
    %2 = arith.divf %arg0, %cst_2 : f16
    %3 = arith.divf %arg0, %cst_3 : f16
    %4 = arith.divf %arg0, %cst_4 : f16
    %5 = arith.divf %arg0, %arg0 : f16
    %6 = arith.divf %arg0, %cst fastmath<fast> : f16
    return %cst_0, %cst, %cst_5, %cst_6, %cst_7, %cst_4, %cst_8, %cst_0, %cst_9, %cst_6, %cst_7, %cst_4, %cst_7, %cst_1, %cst_0, %cst_6, %cst_7, %cst_4, %cst_2, %cst_2, %cst_2, %cst_4, %cst_2, %cst_4, %cst_10, %cst_3, %cst_11, %cst_6, %cst_0, %cst_4, %cst_4, %cst_4, %cst_4, %cst_4, %cst_4, %cst_4, %0, %arg0, %1, %2, %3, %4, %5, %6 : f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16
  }
}
// -----
module {
  func.func @remf_f16(%arg0: f16) -> (f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16) {
    %cst = arith.constant 9.997550e-02 : f16
    %cst_0 = arith.constant 1.000000e+00 : f16
    %cst_1 = arith.constant 6.550400e+04 : f16
    %cst_2 = arith.constant -0.000000e+00 : f16
    %cst_3 = arith.constant 5.960460e-08 : f16
    %cst_4 = arith.constant 0x7E00 : f16
    %cst_5 = arith.constant 0.000000e+00 : f16
    %cst_6 = arith.constant 2.441410e-04 : f16
    %cst_7 = arith.constant 9.606930e-02 : f16
    %0 = arith.remf %arg0, %cst : f16
    %1 = arith.remf %arg0, %cst_0 : f16
    %2 = arith.remf %arg0, %cst_1 : f16
    %3 = arith.remf %arg0, %cst_2 : f16
    %4 = arith.remf %arg0, %cst_3 : f16
    %5 = arith.remf %arg0, %cst_4 : f16
    %6 = arith.remf %arg0, %arg0 : f16
    %7 = arith.remf %arg0, %cst fastmath<fast> : f16
    return %cst_5, %cst, %cst, %cst_4, %cst_5, %cst_4, %cst_6, %cst_5, %cst_0, %cst_4, %cst_5, %cst_4, %cst_7, %cst_5, %cst_5, %cst_4, %cst_5, %cst_4, %cst_2, %cst_2, %cst_2, %cst_4, %cst_2, %cst_4, %cst_3, %cst_3, %cst_3, %cst_4, %cst_5, %cst_4, %cst_4, %cst_4, %cst_4, %cst_4, %cst_4, %cst_4, %0, %1, %2, %3, %4, %5, %6, %7 : f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16
  }
}
// -----
module {
  func.func @maximumf_f16(%arg0: f16) -> (f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16) {
    %cst = arith.constant 9.997550e-02 : f16
    %cst_0 = arith.constant 1.000000e+00 : f16
    %cst_1 = arith.constant 6.550400e+04 : f16
    %cst_2 = arith.constant -0.000000e+00 : f16
    %cst_3 = arith.constant 5.960460e-08 : f16
    %cst_4 = arith.constant 0x7E00 : f16
    %0 = arith.maximumf %arg0, %cst : f16
    %1 = arith.maximumf %arg0, %cst_0 : f16
    %2 = arith.maximumf %arg0, %cst_1 : f16
    %3 = arith.maximumf %arg0, %cst_2 : f16
    %4 = arith.maximumf %arg0, %cst_3 : f16
    %5 = arith.maximumf %arg0, %cst_4 : f16
    %6 = arith.maximumf %arg0, %cst fastmath<fast> : f16
    return %cst, %cst_0, %cst_1, %cst, %cst, %cst_4, %cst_0, %cst_0, %cst_1, %cst_0, %cst_0, %cst_4, %cst_1, %cst_1, %cst_1, %cst_1, %cst_1, %cst_4, %cst, %cst_0, %cst_1, %cst_2, %cst_3, %cst_4, %cst, %cst_0, %cst_1, %cst_3, %cst_3, %cst_4, %cst_4, %cst_4, %cst_4, %cst_4, %cst_4, %cst_4, %0, %1, %2, %3, %4, %5, %arg0, %6 : f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16
  }
}
// -----
module {
  func.func @minimumf_f16(%arg0: f16) -> (f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16) {
    %cst = arith.constant 9.997550e-02 : f16
    %cst_0 = arith.constant 1.000000e+00 : f16
    %cst_1 = arith.constant 6.550400e+04 : f16
    %cst_2 = arith.constant -0.000000e+00 : f16
    %cst_3 = arith.constant 5.960460e-08 : f16
    %cst_4 = arith.constant 0x7E00 : f16
    %0 = arith.minimumf %arg0, %cst : f16
    %1 = arith.minimumf %arg0, %cst_0 : f16
    %2 = arith.minimumf %arg0, %cst_1 : f16
    %3 = arith.minimumf %arg0, %cst_2 : f16
    %4 = arith.minimumf %arg0, %cst_3 : f16
    %5 = arith.minimumf %arg0, %cst_4 : f16
    %6 = arith.minimumf %arg0, %cst fastmath<fast> : f16
    return %cst, %cst, %cst, %cst_2, %cst_3, %cst_4, %cst, %cst_0, %cst_0, %cst_2, %cst_3, %cst_4, %cst, %cst_0, %cst_1, %cst_2, %cst_3, %cst_4, %cst_2, %cst_2, %cst_2, %cst_2, %cst_2, %cst_4, %cst_3, %cst_3, %cst_3, %cst_2, %cst_3, %cst_4, %cst_4, %cst_4, %cst_4, %cst_4, %cst_4, %cst_4, %0, %1, %2, %3, %4, %5, %arg0, %6 : f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16
  }
}
// -----
module {
  func.func @maxnumf_f16(%arg0: f16) -> (f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16) {
    %cst = arith.constant 9.997550e-02 : f16
    %cst_0 = arith.constant 1.000000e+00 : f16
    %cst_1 = arith.constant 6.550400e+04 : f16
    %cst_2 = arith.constant -0.000000e+00 : f16
    %cst_3 = arith.constant 5.960460e-08 : f16
    %cst_4 = arith.constant 0x7E00 : f16
    %0 = arith.maxnumf %arg0, %cst : f16
    %1 = arith.maxnumf %arg0, %cst_0 : f16
    %2 = arith.maxnumf %arg0, %cst_1 : f16
    %3 = arith.maxnumf %arg0, %cst_2 : f16
    %4 = arith.maxnumf %arg0, %cst_3 : f16
    %5 = arith.maxnumf %arg0, %cst fastmath<fast> : f16
    return %cst, %cst_0, %cst_1, %cst, %cst, %cst, %cst_0, %cst_0, %cst_1, %cst_0, %cst_0, %cst_0, %cst_1, %cst_1, %cst_1, %cst_1, %cst_1, %cst_1, %cst, %cst_0, %cst_1, %cst_2, %cst_3, %cst_2, %cst, %cst_0, %cst_1, %cst_3, %cst_3, %cst_3, %cst, %cst_0, %cst_1, %cst_2, %cst_3, %cst_4, %0, %1, %2, %3, %4, %arg0, %arg0, %5 : f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16
  }
}
// -----
module {
  func.func @minnumf_f16(%arg0: f16) -> (f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16) {
    %cst = arith.constant 9.997550e-02 : f16
    %cst_0 = arith.constant 1.000000e+00 : f16
    %cst_1 = arith.constant 6.550400e+04 : f16
    %cst_2 = arith.constant -0.000000e+00 : f16
    %cst_3 = arith.constant 5.960460e-08 : f16
    %cst_4 = arith.constant 0x7E00 : f16
    %0 = arith.minnumf %arg0, %cst : f16
    %1 = arith.minnumf %arg0, %cst_0 : f16
    %2 = arith.minnumf %arg0, %cst_1 : f16
    %3 = arith.minnumf %arg0, %cst_2 : f16
    %4 = arith.minnumf %arg0, %cst_3 : f16
    %5 = arith.minnumf %arg0, %cst fastmath<fast> : f16
    return %cst, %cst, %cst, %cst_2, %cst_3, %cst, %cst, %cst_0, %cst_0, %cst_2, %cst_3, %cst_0, %cst, %cst_0, %cst_1, %cst_2, %cst_3, %cst_1, %cst_2, %cst_2, %cst_2, %cst_2, %cst_2, %cst_2, %cst_3, %cst_3, %cst_3, %cst_2, %cst_3, %cst_3, %cst, %cst_0, %cst_1, %cst_2, %cst_3, %cst_4, %0, %1, %2, %3, %4, %arg0, %arg0, %5 : f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16, f16
  }
}
// -----
module {
  func.func @casts_i1(%arg0: i1) -> (i16, i16, i64, i64, i16, i16, i64, i64, f16, f16, bf16, bf16, f32, f32, f64, f64, f16, f16, bf16, bf16, f32, f32, f64, f64, index, index, index, index, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1) {
    %true = arith.constant true
    %false = arith.constant false
    %c1_i16 = arith.constant 1 : i16
    %c0_i16 = arith.constant 0 : i16
    %c1_i64 = arith.constant 1 : i64
    %c0_i64 = arith.constant 0 : i64
    %c-1_i16 = arith.constant -1 : i16
    %c-1_i64 = arith.constant -1 : i64
    %cst = arith.constant -1.000000e+00 : f16
    %cst_0 = arith.constant 0.000000e+00 : f16
    %cst_1 = arith.constant -1.000000e+00 : bf16
    %cst_2 = arith.constant 0.000000e+00 : bf16
    %cst_3 = arith.constant -1.000000e+00 : f32
    %cst_4 = arith.constant 0.000000e+00 : f32
    %cst_5 = arith.constant -1.000000e+00 : f64
    %cst_6 = arith.constant 0.000000e+00 : f64
    %cst_7 = arith.constant 1.000000e+00 : f16
    %cst_8 = arith.constant 1.000000e+00 : bf16
    %cst_9 = arith.constant 1.000000e+00 : f32
    %cst_10 = arith.constant 1.000000e+00 : f64
    %c-1 = arith.constant -1 : index
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %0 = math.ipowi %false, %true : i1
    return %c1_i16, %c0_i16, %c1_i64, %c0_i64, %c-1_i16, %c0_i16, %c-1_i64, %c0_i64, %cst, %cst_0, %cst_1, %cst_2, %cst_3, %cst_4, %cst_5, %cst_6, %cst_7, %cst_0, %cst_8, %cst_2, %cst_9, %cst_4, %cst_10, %cst_6, %c-1, %c0, %c1, %c0, %true, %false, %false, %true, %false, %true, %true, %false, %true, %false, %true, %true, %false, %true, %false, %true, %true, %false, %false, %false, %false, %false, %0, %true, %false, %false, %false, %false, %false, %true, %false, %false, %false, %false, %false, %false : i16, i16, i64, i64, i16, i16, i64, i64, f16, f16, bf16, bf16, f32, f32, f64, f64, f16, f16, bf16, bf16, f32, f32, f64, f64, index, index, index, index, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1, i1
  }
}
// -----
module {
  func.func @casts_index(%arg0: index) -> (i8, i8, i8, i8, i64, i64, i64, i64, i8, i8, i8, i8, i64, i64, i64, i64, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, i1, index, index, index, index, index, index, i1, index, index, index, index, index, index, i1, index, index, index, index, index, index, i1, index, index, index, index, index, index, i1, index, index, index, index, index, index, i1, index, index, index, index, index, index, i1, index, index, index, index, index, index, i1, index, index, index, index, index, index, i1, index, index, index, index, index, index, i1, index, index, index, index, index, index, i1, index, index, index, index, index, index, i1, index, index, index, index, index, index, i1, index, index, index, index, index, index, i1, index, index, index, index, index, index, i1, index, index, index, index, index, index, i1, index, index, index, index) {
    %c81 = arith.constant 81 : index
    %c18 = arith.constant 18 : index
    %c387420489 = arith.constant 387420489 : index
    %c10 = arith.constant 10 : index
    %c-1 = arith.constant -1 : index
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c9 = arith.constant 9 : index
    %c-1_i8 = arith.constant -1 : i8
    %c0_i8 = arith.constant 0 : i8
    %c1_i8 = arith.constant 1 : i8
    %c9_i8 = arith.constant 9 : i8
    %c-1_i64 = arith.constant -1 : i64
    %c0_i64 = arith.constant 0 : i64
    %c1_i64 = arith.constant 1 : i64
    %c9_i64 = arith.constant 9 : i64
    %c64 = arith.constant 64 : index
    %c63 = arith.constant 63 : index
    %c60 = arith.constant 60 : index
    %c2 = arith.constant 2 : index
    %c-2 = arith.constant -2 : index
    %true = arith.constant true
    %false = arith.constant false
    %c8 = arith.constant 8 : index
    %c-9 = arith.constant -9 : index
    %0 = math.ipowi %c0, %c-1 : index
    return %c-1_i8, %c0_i8, %c1_i8, %c9_i8, %c-1_i64, %c0_i64, %c1_i64, %c9_i64, %c-1_i8, %c0_i8, %c1_i8, %c9_i8, %c-1_i64, %c0_i64, %c1_i64, %c9_i64, %c1, %c0, %c1, %c9, %c0, %c64, %c63, %c60, %c0, %c64, %c0, %c0, %c64, %c0, %c1, %c2, %c-1, %c-2, %true, %c1, %c0, %c1, %c-2, %c1, %c-1, %false, %c0, %c0, %c0, %c0, %c-1, %c0, %true, %c-1, %c-1, %c-1, %c0, %c-1, %c8, %true, %c-9, %c-1, %c-9, %c8, %0, %c-1, %false, %c0, %c0, %c0, %c0, %c1, %c0, %false, %c0, %c0, %c0, %c0, %c0, %c1, %false, %c0, %c0, %c0, %c0, %c0, %c9, %false, %c0, %c0, %c0, %c0, %c1, %c0, %true, %c-1, %c-1, %c-1, %c0, %c1, %c1, %false, %c0, %c0, %c0, %c0, %c1, %c2, %false, %c1, %c0, %c1, %c0, %c1, %c10, %false, %c9, %c0, %c9, %c0, %c0, %c8, %true, %c-9, %c-1, %c-9, %c8, %c1, %c9, %false, %c0, %c0, %c0, %c0, %c9, %c10, %false, %c9, %c0, %c9, %c0, %c387420489, %c18, %false, %c81, %c0, %c81, %c0 : i8, i8, i8, i8, i64, i64, i64, i64, i8, i8, i8, i8, i64, i64, i64, i64, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, index, i1, index, index, index, index, index, index, i1, index, index, index, index, index, index, i1, index, index, index, index, index, index, i1, index, index, index, index, index, index, i1, index, index, index, index, index, index, i1, index, index, index, index, index, index, i1, index, index, index, index, index, index, i1, index, index, index, index, index, index, i1, index, index, index, index, index, index, i1, index, index, index, index, index, index, i1, index, index, index, index, index, index, i1, index, index, index, index, index, index, i1, index, index, index, index, index, index, i1, index, index, index, index, index, index, i1, index, index, index, index, index, index, i1, index, index, index, index
  }
}
// -----
module {
  func.func @a(%arg0: i32) -> i32 {
    return %arg0 : i32
  }
}
// -----
module {
  func.func @b(%arg0: i32, %arg1: i1) -> i32 {
    %c2_i32 = arith.constant 2 : i32
    %0 = arith.select %arg1, %arg0, %c2_i32 : i32
    return %0 : i32
  }
}
// -----
module {
  func.func @c(%arg0: i32, %arg1: i1) -> (i1, i1) {
    %true = arith.constant true
    %false = arith.constant false
    cf.cond_br %arg1, ^bb1, ^bb2
  ^bb1:  // pred: ^bb0
    return %true, %true : i1, i1
  ^bb2:  // pred: ^bb0
    return %false, %false : i1, i1
  }
}
// -----
module {
  func.func @d(%arg0: i32) -> i32 {
    return %arg0 : i32
  }
}
// -----
module {
  func.func @e(%arg0: f32) -> (f32, f32) {
    %0 = arith.addf %arg0, %arg0 : f32
    return %0, %0 : f32, f32
  }
}
// -----
module {
  func.func @g(%arg0: f32) -> (f32, f32) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    %0 = arith.addf %arg0, %arg0 : f32
    scf.for %arg1 = %c0 to %c2 step %c1 {
      "use.x"(%0) : (f32) -> ()
    }
    return %0, %0 : f32, f32
  }
}
// -----
module {
  func.func @h(%arg0: f32, %arg1: index) -> (f32, f32) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %0 = scf.for %arg2 = %c0 to %arg1 step %c1 iter_args(%arg3 = %arg0) -> (f32) {
      %1 = "use.x"(%arg3, %arg0) : (f32, f32) -> f32
      scf.yield %1 : f32
    }
    return %0, %arg0 : f32, f32
  }
}
// -----
module {
  func.func @i(%arg0: index) -> index {
    %0 = arith.addi %arg0, %arg0 : index
    return %0 : index
  }
}
// -----
module {
  func.func @k(%arg0: tensor<?x4xf32>, %arg1: index) -> (index, index, f32, tensor<2x4xf32>, index) {
    %c2 = arith.constant 2 : index
    %c4 = arith.constant 4 : index
    %cst = arith.constant 1.500000e+00 : f32
    %extracted_slice = tensor.extract_slice %arg0[0, 0] [2, 4] [1, 1] : tensor<?x4xf32> to tensor<2x4xf32>
    return %c4, %arg1, %cst, %extracted_slice, %c2 : index, index, f32, tensor<2x4xf32>, index
  }
}
// -----
module {
  func.func @l(%arg0: tensor<6x4xf32>, %arg1: index) -> (tensor<24xf32>, tensor<6x4xf32>, tensor<6xf32>, tensor<?x4xf32>, index) {
    %c2 = arith.constant 2 : index
    %cst = arith.constant dense<[1.000000e+00, 2.000000e+00, 3.000000e+00, 4.000000e+00, 5.000000e+00, 6.000000e+00]> : tensor<6xf32>
    %collapsed = tensor.collapse_shape %arg0 [[0, 1]] : tensor<6x4xf32> into tensor<24xf32>
    %0 = tensor.empty() : tensor<2x4xf32>
    %cast = tensor.cast %0 : tensor<2x4xf32> to tensor<?x4xf32>
    %inserted_slice = tensor.insert_slice %arg0 into %cast[0, 0] [6, 4] [1, 1] : tensor<6x4xf32> into tensor<?x4xf32>
    return %collapsed, %arg0, %cst, %inserted_slice, %c2 : tensor<24xf32>, tensor<6x4xf32>, tensor<6xf32>, tensor<?x4xf32>, index
  }
}
// -----
module {
  func.func @m(%arg0: vector<4xf32>, %arg1: f32, %arg2: index) -> (f32, vector<2x2xf32>, f32, vector<4xf32>) {
    %0 = vector.shape_cast %arg0 : vector<4xf32> to vector<2x2xf32>
    return %arg1, %0, %arg1, %arg0 : f32, vector<2x2xf32>, f32, vector<4xf32>
  }
}
// -----
module {
  func.func @n(%arg0: i32, %arg1: i32, %arg2: i1, %arg3: f32) -> (i32, i32, i1, i32, i32, i32, f16, i32, i8) {
    %c0_i32 = arith.constant 0 : i32
    %c3_i32 = arith.constant 3 : i32
    %0 = arith.addi %arg0, %c3_i32 : i32
    %1 = arith.truncf %arg3 : f32 to f16
    %2 = arith.trunci %arg0 : i32 to i8
    return %arg0, %0, %arg2, %c0_i32, %arg0, %arg0, %1, %arg0, %2 : i32, i32, i1, i32, i32, i32, f16, i32, i8
  }
}
