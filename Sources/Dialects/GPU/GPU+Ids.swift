import MartletIR
import MartletRewriting
import MartletSupport
import MartletSyntax

/// Where a thread is and how many there are.
extension GPU {
  public static let blockDim = position(
    "block_dim", "number of threads of a workgroup along a dimension")

  public static let blockId = position(
    "block_id", "position of the workgroup in the grid")

  public static let clusterBlockId = position(
    "cluster_block_id", "position of the workgroup in its cluster")

  public static let clusterDimBlocks = position(
    "cluster_dim_blocks", "number of workgroups of a cluster along a dimension")

  public static let clusterDim = position(
    "cluster_dim", "number of clusters of the grid along a dimension")

  public static let clusterId = position(
    "cluster_id", "position of the cluster in the grid")

  public static let globalId = position(
    "global_id", "position of the thread in the grid")

  public static let gridDim = position(
    "grid_dim", "number of workgroups of the grid along a dimension")

  public static let laneId = count(
    "lane_id", "position of the thread in its subgroup",
    format: "(`upper_bound` $upper_bound^)? attr-dict")

  public static let numSubgroups = count("num_subgroups", "number of subgroups of a workgroup")

  public static let subgroupId = count("subgroup_id", "number of the subgroup in its workgroup")

  public static let subgroupSize = count("subgroup_size", "number of threads of a subgroup")

  public static let threadId = position(
    "thread_id", "position of the thread in its workgroup")
}
