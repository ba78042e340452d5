// RUN: martlet opt %s
func.func @f(%n: index, %a: memref<?x4xf32>) {
  %tt = bufferization.to_tensor %a restrict writable : memref<?x4xf32> to tensor<?x4xf32>
  %tb = bufferization.to_buffer %tt read_only : tensor<?x4xf32> to memref<?x4xf32>
  %bt = bufferization.alloc_tensor(%n) : tensor<?x4xf32>
  %bt2 = bufferization.alloc_tensor() copy(%tt) size_hint=%n {memory_space = 1 : i64} : tensor<?x4xf32>
  %md = bufferization.materialize_in_destination %tt in %bt : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  bufferization.materialize_in_destination %tt in restrict writable %a : (tensor<?x4xf32>, memref<?x4xf32>) -> ()
  bufferization.dealloc_tensor %bt : tensor<?x4xf32>
  %cl = bufferization.clone %a : memref<?x4xf32> to memref<?x4xf32>
  %true = arith.constant true
  %dd = bufferization.dealloc (%a : memref<?x4xf32>) if (%true) retain (%cl : memref<?x4xf32>)
  bufferization.dealloc
  return
}
