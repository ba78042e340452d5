import MartletIR

extension NamedStructuredOp {
  private static func unary(_ name: String, _ function: ScalarFunction) -> NamedStructuredOp {
    NamedStructuredOp(
      elementwise: name, "Applies \(name)(x) elementwise", inputs: 1, .function(function))
  }

  private static func binary(_ name: String, _ function: ScalarFunction) -> NamedStructuredOp {
    NamedStructuredOp(
      elementwise: name, "Applies \(name)(x, y) elementwise", inputs: 2, .function(function))
  }

  private static func product(
    _ name: String, _ loops: String, _ subscripts: String, hasMaps: Bool = false,
    quantized: Bool = false
  ) -> NamedStructuredOp {
    NamedStructuredOp(
      name, "Sums products over the loops missing in the output", loops: loops, subscripts,
      quantized ? .quantizedContraction : .contraction, hasMapsAttribute: hasMaps)
  }

  private static func convolution(
    _ name: String, _ loops: String, _ subscripts: String, windows: Int
  ) -> NamedStructuredOp {
    NamedStructuredOp(
      name, "Convolution; the name gives the dimensions of input and kernel", loops: loops,
      subscripts, name.hasSuffix("_q") ? .quantizedContraction : .contraction, windows: windows)
  }

  private static func pooling(
    _ name: String, _ loops: String, _ subscripts: String, _ function: ScalarFunction
  ) -> NamedStructuredOp {
    let isUnsigned = function == .maxUnsigned || function == .minUnsigned
    return NamedStructuredOp(
      "pooling_\(name)", "Pooling; the second operand gives the window's shape", loops: loops,
      subscripts, .reduction(function, isUnsigned: isUnsigned),
      windows: subscripts.count { $0 == "." })
  }

  /// All named structured operations.
  public static let all: [NamedStructuredOp] =
    elementwise + products + convolutions + depthwiseConvolutions + poolings

  public static let elementwise: [NamedStructuredOp] = [
    NamedStructuredOp(elementwise: "copy", "Copies the input into the output", inputs: 1, .copy),
    NamedStructuredOp(
      elementwise: "fill", "Fills the output with a scalar", inputs: 1, .forward),
    unary("exp", .exp), unary("log", .log), unary("abs", .abs), unary("ceil", .ceil),
    unary("floor", .floor), unary("negf", .negf), unary("reciprocal", .reciprocal),
    unary("round", .round), unary("sqrt", .sqrt), unary("rsqrt", .rsqrt),
    unary("square", .square), unary("tanh", .tanh), unary("erf", .erf),
    binary("add", .add), binary("sub", .sub), binary("mul", .mul), binary("div", .div),
    binary("div_unsigned", .divUnsigned), binary("max", .maxSigned), binary("min", .minSigned),
    binary("powf", .powf),
    NamedStructuredOp(
      elementwise: "select", "Chooses by the first input between the others", inputs: 3,
      .function(.select)),
    NamedStructuredOp(
      "fill_rng_2d", "Fills a matrix with pseudo random numbers", loops: "mn", "; ; ; m n",
      .random),
  ]

  public static let products: [NamedStructuredOp] = [
    product("matmul", "mnk", "m k; k n; m n", hasMaps: true),
    product("batch_matmul", "bmnk", "b m k; b k n; b m n", hasMaps: true),
    product("batch_reduce_matmul", "bmnk", "b m k; b k n; m n", hasMaps: true),
    product("quantized_matmul", "mnk", "m k; k n; ; ; m n", quantized: true),
    product("quantized_batch_matmul", "bmnk", "b m k; b k n; ; ; b m n", quantized: true),
    product("mmt4d", "mnkopq", "m k o q; n k p q; m n o p"),
    product("batch_mmt4d", "bmnkopq", "b m k o q; b n k p q; b m n o p"),
    product("matvec", "mn", "m n; n; m"),
    product("vecmat", "mn", "n; n m; m"),
    product("batch_matvec", "bmn", "b m n; b n; b m"),
    product("batch_vecmat", "bmn", "b n; b n m; b m"),
    product("dot", "m", "m; m; "),
  ]

  public static let convolutions: [NamedStructuredOp] = [
    convolution("conv_1d", "wx", "w.x; x; w", windows: 0),
    convolution("conv_2d", "hwyx", "h.y w.x; y x; h w", windows: 0),
    convolution("conv_3d", "dhwzyx", "d.z h.y w.x; z y x; d h w", windows: 0),
    convolution("conv_1d_nwc_wcf", "nwfxc", "n w.x c; x c f; n w f", windows: 1),
    convolution("conv_1d_ncw_fcw", "nfwcx", "n c w.x; f c x; n f w", windows: 1),
    convolution("conv_2d_nhwc_hwcf", "nhwfyxc", "n h.y w.x c; y x c f; n h w f", windows: 2),
    convolution("conv_2d_nhwc_fhwc", "nhwfyxc", "n h.y w.x c; f y x c; n h w f", windows: 2),
    convolution("conv_2d_nchw_fchw", "nfhwcyx", "n c h.y w.x; f c y x; n f h w", windows: 2),
    convolution(
      "conv_2d_nhwc_hwcf_q", "nhwfyxc", "n h.y w.x c; y x c f; ; ; n h w f", windows: 2),
    convolution(
      "conv_2d_nhwc_fhwc_q", "nhwfyxc", "n h.y w.x c; f y x c; ; ; n h w f", windows: 2),
    convolution(
      "conv_2d_nchw_fchw_q", "nfhwcyx", "n c h.y w.x; f c y x; ; ; n f h w", windows: 2),
    convolution(
      "conv_2d_ngchw_fgchw", "ngfhwcyx", "n g c h.y w.x; f g c y x; n g f h w", windows: 2),
    convolution(
      "conv_2d_ngchw_gfchw", "ngfhwcyx", "n g c h.y w.x; g f c y x; n g f h w", windows: 2),
    convolution(
      "conv_2d_nhwgc_gfhwc", "nhwgfyxc", "n h.y w.x g c; g f y x c; n h w g f", windows: 2),
    convolution(
      "conv_2d_nhwgc_gfhwc_q", "nhwgfyxc", "n h.y w.x g c; g f y x c; ; ; n h w g f", windows: 2),
    convolution(
      "conv_2d_ngchw_gfchw_q", "ngfhwcyx", "n g c h.y w.x; g f c y x; ; ; n g f h w", windows: 2),
    convolution(
      "conv_3d_ndhwc_dhwcf", "ndhwfzyxc", "n d.z h.y w.x c; z y x c f; n d h w f", windows: 3),
    convolution(
      "conv_3d_ndhwc_dhwcf_q", "ndhwfzyxc", "n d.z h.y w.x c; z y x c f; ; ; n d h w f",
      windows: 3),
    convolution(
      "conv_3d_ncdhw_fcdhw", "nfdhwczyx", "n c d.z h.y w.x; f c z y x; n f d h w", windows: 3),
  ]

  public static let depthwiseConvolutions: [NamedStructuredOp] = [
    convolution("depthwise_conv_1d_nwc_wc", "nwcx", "n w.x c; x c; n w c", windows: 1),
    convolution("depthwise_conv_1d_ncw_cw", "nwcx", "n c w.x; c x; n c w", windows: 1),
    convolution("depthwise_conv_1d_nwc_wcm", "nwcmx", "n w.x c; x c m; n w c m", windows: 1),
    convolution(
      "depthwise_conv_2d_nhwc_hwc", "nhwcyx", "n h.y w.x c; y x c; n h w c", windows: 2),
    convolution(
      "depthwise_conv_2d_nchw_chw", "nhwcyx", "n c h.y w.x; c y x; n c h w", windows: 2),
    convolution(
      "depthwise_conv_2d_nhwc_hwc_q", "nhwcyx", "n h.y w.x c; y x c; ; ; n h w c", windows: 2),
    convolution(
      "depthwise_conv_2d_nhwc_hwcm", "nhwcmyx", "n h.y w.x c; y x c m; n h w c m", windows: 2),
    convolution(
      "depthwise_conv_2d_nhwc_hwcm_q", "nhwcmyx", "n h.y w.x c; y x c m; ; ; n h w c m",
      windows: 2),
    convolution(
      "depthwise_conv_3d_ndhwc_dhwc", "ndhwzyxc", "n d.z h.y w.x c; z y x c; n d h w c",
      windows: 3),
    convolution(
      "depthwise_conv_3d_ncdhw_cdhw", "ndhwzyxc", "n c d.z h.y w.x; c z y x; n c d h w",
      windows: 3),
    convolution(
      "depthwise_conv_3d_ndhwc_dhwcm", "ndhwmzyxc", "n d.z h.y w.x c; z y x c m; n d h w c m",
      windows: 3),
  ]

  public static let poolings: [NamedStructuredOp] = {
    let nhwc = ("nhwcyx", "n h.y w.x c; y x; n h w c")
    let nchw = ("nchwyx", "n c h.y w.x; y x; n c h w")
    let nwc = ("nwcx", "n w.x c; x; n w c")
    let ncw = ("ncwx", "n c w.x; x; n c w")
    let ndhwc = ("ndhwczyx", "n d.z h.y w.x c; z y x; n d h w c")
    return [
      pooling("nhwc_sum", nhwc.0, nhwc.1, .add),
      pooling("nchw_sum", nchw.0, nchw.1, .add),
      pooling("nhwc_max", nhwc.0, nhwc.1, .maxSigned),
      pooling("nhwc_max_unsigned", nhwc.0, nhwc.1, .maxUnsigned),
      pooling("nchw_max", nchw.0, nchw.1, .maxSigned),
      pooling("nhwc_min", nhwc.0, nhwc.1, .minSigned),
      pooling("nhwc_min_unsigned", nhwc.0, nhwc.1, .minUnsigned),
      pooling("nwc_sum", nwc.0, nwc.1, .add),
      pooling("ncw_sum", ncw.0, ncw.1, .add),
      pooling("nwc_max", nwc.0, nwc.1, .maxSigned),
      pooling("nwc_max_unsigned", nwc.0, nwc.1, .maxUnsigned),
      pooling("ncw_max", ncw.0, ncw.1, .maxSigned),
      pooling("nwc_min", nwc.0, nwc.1, .minSigned),
      pooling("nwc_min_unsigned", nwc.0, nwc.1, .minUnsigned),
      pooling("ndhwc_sum", ndhwc.0, ndhwc.1, .add),
      pooling("ndhwc_max", ndhwc.0, ndhwc.1, .maxSigned),
      pooling("ndhwc_min", ndhwc.0, ndhwc.1, .minSigned),
    ]
  }()
}
