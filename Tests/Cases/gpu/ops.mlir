// RUN: martlet opt %s
module attributes {gpu.container_module} {
  gpu.module @kernels [#nvvm.target<chip = "sm_90">, #rocdl.target<chip = "gfx90a">] {
    gpu.func @kernel(%x: f32, %m: memref<?xf32, 1>) workgroup(%shared : memref<32xf32, 3>) private(%own : memref<1xf32, 5>) kernel attributes {gpu.known_block_size = array<i32: 32, 1, 1>} {
      %tx = gpu.thread_id x
      %by = gpu.block_id y upper_bound 64
      %bz = gpu.block_dim z
      %gx = gpu.grid_dim x
      %id = gpu.global_id x
      %lane = gpu.lane_id
      %group = gpu.subgroup_id : index
      %groups = gpu.num_subgroups : index
      %size = gpu.subgroup_size : index
      %cid = gpu.cluster_id x
      %cdim = gpu.cluster_dim y
      %cbid = gpu.cluster_block_id z
      %cbdim = gpu.cluster_dim_blocks x
      %c1 = arith.constant 1 : i32
      %width = arith.constant 32 : i32
      %s, %valid = gpu.shuffle xor %x, %c1, %width : f32
      %rot, %ok = gpu.rotate %x, 1, 16 : f32
      %all = gpu.all_reduce add %x uniform {
      } : (f32) -> f32
      %each = gpu.all_reduce %x {
      ^bb0(%l: f32, %r: f32):
        %sum = arith.addf %l, %r : f32
        gpu.yield %sum : f32
      } : (f32) -> f32
      %sub = gpu.subgroup_reduce maximumf %x cluster(size = 8, stride = 2) : (f32) -> f32
      %cast = gpu.subgroup_broadcast %x, first_active_lane : f32
      gpu.printf "%f %d\n", %x, %c1 : f32, i32
      gpu.barrier
      gpu.return
    }
    gpu.func @helper(%x: f32) -> f32 {
      gpu.return %x : f32
    }
  }
  gpu.binary @binary [#gpu.object<#nvvm.target, kernels = <[#gpu.kernel_metadata<"kernel", (f32) -> (), metadata = {regs = 8 : i64}>]>, bin = "BLOB">]
  func.func @launches(%n: index, %x: f32, %m: memref<?xf32, 1>, %k: i32) {
    gpu.launch blocks(%bx, %by, %bz) in (%gx = %n, %gy = %n, %gz = %n) threads(%tx, %ty, %tz) in (%sx = %n, %sy = %n, %sz = %n) {
      gpu.terminator
    }
    %t0 = gpu.wait async
    %t1 = gpu.launch async [%t0] blocks(%bx, %by, %bz) in (%gx = %n, %gy = %n, %gz = %n) threads(%tx, %ty, %tz) in (%sx = %n, %sy = %n, %sz = %n) dynamic_shared_memory_size %k workgroup(%w : memref<32xf32, 3>) {
      %space = gpu.dynamic_shared_memory : memref<?xi8, #gpu.address_space<workgroup>>
      gpu.terminator
    }
    gpu.launch_func @kernels::@kernel clusters in (%n, %n, %n) blocks in (%n, %n, %n) threads in (%n, %n, %n) dynamic_shared_memory_size %k args(%x : f32, %m : memref<?xf32, 1>)
    %t2 = gpu.launch_func async [%t1] @kernels::@kernel blocks in (%n, %n, %n) threads in (%n, %n, %n) args(%x : f32, %m : memref<?xf32, 1>)
    gpu.wait [%t2]
    return
  }
  func.func @memory(%n: index, %h: memref<?xf32>, %x: f32, %cast: memref<*xf32>, %k: i32) {
    %t0 = gpu.wait async
    %d, %t1 = gpu.alloc async [%t0] (%n) : memref<?xf32, 1>
    %s = gpu.alloc host_shared () : memref<8xf32>
    %t2 = gpu.memcpy async [%t1] %d, %h : memref<?xf32, 1>, memref<?xf32>
    %t3 = gpu.memset async [%t2] %d, %x : memref<?xf32, 1>, f32
    %t4 = gpu.dealloc async [%t3] %d : memref<?xf32, 1>
    gpu.host_register %cast : memref<*xf32>
    gpu.host_unregister %cast : memref<*xf32>
    gpu.set_default_device %k
    gpu.wait [%t4]
    return
  }
  func.func @matrices(%m: memref<32x32xf16>, %i: index, %x: f16) {
    %a = gpu.subgroup_mma_load_matrix %m[%i, %i] {leadDimension = 32 : index} : memref<32x32xf16> -> !gpu.mma_matrix<16x16xf16, "AOp">
    %b = gpu.subgroup_mma_load_matrix %m[%i, %i] {leadDimension = 32 : index, transpose} : memref<32x32xf16> -> !gpu.mma_matrix<16x16xf16, "BOp">
    %c = gpu.subgroup_mma_constant_matrix %x : !gpu.mma_matrix<16x16xf16, "COp">
    %p = gpu.subgroup_mma_compute %a, %b, %c : !gpu.mma_matrix<16x16xf16, "AOp">, !gpu.mma_matrix<16x16xf16, "BOp"> -> !gpu.mma_matrix<16x16xf16, "COp">
    %q = gpu.subgroup_mma_elementwise addf %p, %c : (!gpu.mma_matrix<16x16xf16, "COp">, !gpu.mma_matrix<16x16xf16, "COp">) -> !gpu.mma_matrix<16x16xf16, "COp">
    %y = gpu.subgroup_mma_extract_thread_local %q[%i] : !gpu.mma_matrix<16x16xf16, "COp"> -> f16
    %z = gpu.subgroup_mma_insert_thread_local %y, %q[%i] : f16, !gpu.mma_matrix<16x16xf16, "COp"> -> !gpu.mma_matrix<16x16xf16, "COp">
    gpu.subgroup_mma_store_matrix %z, %m[%i, %i] {leadDimension = 32 : index} : !gpu.mma_matrix<16x16xf16, "COp">, memref<32x32xf16>
    return
  }
  func.func @sparse(%n: index, %i: memref<?xindex>, %v: memref<?xf64>, %w: memref<?xf64>) {
    %t = gpu.wait async
    %a, %t1 = gpu.create_csr async [%t] %n, %n, %n, %i, %i, %v : memref<?xindex>, memref<?xindex>, memref<?xf64>
    %x, %t2 = gpu.create_dn_tensor async [%t1] %v, %n : index into memref<?xf64>
    %size, %t3 = gpu.spmv_buffer_size async [%t2] %a, %x, %x into f64
    %t4 = gpu.spmv async [%t3] %a, %x, %x, %w : memref<?xf64> into f64
    %t5 = gpu.destroy_sp_mat async [%t4] %a
    %t6 = gpu.destroy_dn_tensor async [%t5] %x
    gpu.wait [%t6]
    return
  }
  func.func @warps(%lane: index) -> f32 {
    %0 = gpu.warp_execute_on_lane_0(%lane)[32] -> (f32) {
      %x = arith.constant 1.0 : f32
      gpu.yield %x : f32
    }
    return %0 : f32
  }
}
