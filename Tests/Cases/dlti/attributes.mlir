// RUN: martlet opt %s | FileCheck %s
// CHECK lines: compare_with_mlir_opt.py

module attributes {
  dlti.dl_spec = #dlti.dl_spec<#dlti.dl_entry<i32, dense<32> : vector<2xi64>>,
    "dlti.endianness" = "little", index = 64 : i64>,
  dlti.target_system_spec = #dlti.target_system_spec<
    "CPU" = #dlti.target_device_spec<"L1" = 4096 : i32>,
    "GPU" = #dlti.target_device_spec<#dlti.dl_entry<"width", 128 : i32>>>,
  dlti.map = #dlti.map<"f" = #dlti.function_pointer_alignment<64, function_dependent = false>>
} {}

// CHECK: module attributes {dlti.dl_spec = #dlti.dl_spec<i32 = dense<32> : vector<2xi64>, "dlti.endianness" = "little", index = 64 : i64>, dlti.map = #dlti.map<"f" = #dlti.function_pointer_alignment<64, function_dependent = false>>, dlti.target_system_spec = #dlti.target_system_spec<"CPU" = #dlti.target_device_spec<"L1" = 4096 : i32>, "GPU" = #dlti.target_device_spec<"width" = 128 : i32>>} {
// CHECK-NEXT: }
