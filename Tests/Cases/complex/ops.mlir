// RUN: martlet opt %s
func.func @arithmetic(%a: complex<f32>, %b: complex<f32>, %re: f32, %im: f32, %v: tensor<4xcomplex<f32>>) {
  %c = complex.constant [1.5 : f32, -2.0 : f32] : complex<f32>
  %0 = complex.create %re, %im : complex<f32>
  %1 = complex.add %a, %b : complex<f32>
  %2 = complex.sub %a, %b fastmath<nnan, contract> : complex<f32>
  %3 = complex.mul %1, %2 : complex<f32>
  %4 = complex.div %3, %c fastmath<fast> : complex<f32>
  %5 = complex.pow %4, %a : complex<f32>
  %6 = complex.atan2 %5, %b : complex<f32>
  %k = arith.constant 2 : i32
  %7 = complex.powi %6, %k : complex<f32>, i32
  %8 = complex.eq %a, %b : complex<f32>
  %9 = complex.neq %a, %b : complex<f32>
  return
}
func.func @functions(%a: complex<f64>) -> (f64, f64, f64, f64) {
  %0 = complex.exp %a : complex<f64>
  %1 = complex.expm1 %0 : complex<f64>
  %2 = complex.log %1 : complex<f64>
  %3 = complex.log1p %2 : complex<f64>
  %4 = complex.sin %3 : complex<f64>
  %5 = complex.cos %4 : complex<f64>
  %6 = complex.tan %5 : complex<f64>
  %7 = complex.tanh %6 : complex<f64>
  %8 = complex.sqrt %7 : complex<f64>
  %9 = complex.rsqrt %8 : complex<f64>
  %10 = complex.neg %9 : complex<f64>
  %11 = complex.conj %10 : complex<f64>
  %12 = complex.sign %11 : complex<f64>
  %re = complex.re %12 : complex<f64>
  %im = complex.im %12 fastmath<ninf> : complex<f64>
  %abs = complex.abs %12 : complex<f64>
  %angle = complex.angle %12 : complex<f64>
  return %re, %im, %abs, %angle : f64, f64, f64, f64
}
func.func @bits(%a: complex<f32>) -> i64 {
  %0 = complex.bitcast %a : complex<f32> to i64
  return {kept = #complex.number<:f64 1.0, -0.5>} %0 : i64
}
