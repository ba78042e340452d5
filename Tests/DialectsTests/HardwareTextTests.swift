import Testing

/// Every kind of operation of these dialects, as mlir-opt prints it in both forms.
@Suite struct HardwareTextTests {
  @Test(arguments: ["affine/ops", "complex/ops", "gpu/ops"])
  func text(_ name: String) throws { try TextCase(name: name).check() }
}
