import Testing

@testable import MartletRuntime

@Suite struct HostCPUTests {
  private func listing(_ flags: String) -> String {
    "processor\t: 0\nvendor_id\t: X\nmodel\t\t: 17\nflags\t\t: fpu sse2 \(flags)\nbugs\t: \n\nprocessor\t: 1\n"
  }

  @Test(arguments: [("", 16), ("avx", 16), ("avx avx2", 32), ("avx2 avx512f avx512vl", 64)])
  func widestVectors(_ flags: String, _ bytes: Int) {
    let identity = HostCPU.identity(ofListing: listing(flags))
    #expect(HostCPU.vectorBytes(ofIdentity: identity) == bytes)
  }

  @Test func machineIsKnown() {
    #expect([16, 32, 64].contains(HostCPU.vectorBytes))
    #expect(HostCPU.identity != "unknown")
  }
}
