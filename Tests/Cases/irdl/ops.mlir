// RUN: martlet opt %s | FileCheck %s
// RUN: martlet opt --mlir-print-op-generic %s | FileCheck %s --check-prefix=GENERIC

// CHECK-LABEL: irdl.dialect @garden
irdl.dialect @garden {
  // CHECK: irdl.attribute @empty
  irdl.attribute @empty {}
  // CHECK: irdl.type @bed {
  // CHECK-NEXT: %[[ANY:.*]] = irdl.any
  // CHECK-NEXT: irdl.parameters(plant: %[[ANY]])
  irdl.type @bed {
    %0 = irdl.any
    irdl.parameters(plant: %0)
  }
  // CHECK: irdl.operation @water
  irdl.operation @water {
    // CHECK-NEXT: %[[I:.*]] = irdl.is i32
    %0 = irdl.is i32
    // CHECK-NEXT: %[[B:.*]] = irdl.base "!builtin.vector"
    %1 = irdl.base "!builtin.vector"
    // CHECK-NEXT: %[[E:.*]] = irdl.base @garden::@empty
    %2 = irdl.base @garden::@empty
    // CHECK-NEXT: %[[ONE:.*]] = irdl.any_of(%[[I]], %[[B]])
    %3 = irdl.any_of(%0, %1)
    // CHECK-NEXT: %[[P:.*]] = irdl.parametric @garden::@bed<%[[ONE]]>
    %4 = irdl.parametric @garden::@bed<%3>
    // CHECK-NEXT: %[[ALL:.*]] = irdl.all_of(%[[P]], %[[ONE]])
    %5 = irdl.all_of(%4, %3)
    // CHECK-NEXT: %[[C:.*]] = irdl.c_pred "isGreen"
    %6 = irdl.c_pred "isGreen"
    // CHECK-NEXT: irdl.operands(bed: %[[P]], cans: variadic %[[I]], hose: optional %[[C]])
    // GENERIC: "irdl.operands"({{.*}}) <{names = ["bed", "cans", "hose"], variadicity = #irdl<variadicity_array[ single,  variadic,  optional]>}>
    irdl.operands(bed: %4, cans: variadic %0, hose: optional %6)
    // CHECK-NEXT: irdl.results(wet: %[[ALL]])
    irdl.results(wet: %5)
    // CHECK-NEXT: irdl.attributes {"mood" = %[[E]], "amount" = %[[I]]}
    irdl.attributes {"mood" = %2, "amount" = %0}
    // CHECK-NEXT: %[[R0:.*]] = irdl.region
    // CHECK-NEXT: %[[R1:.*]] = irdl.region()
    // CHECK-NEXT: %[[R2:.*]] = irdl.region(%[[I]], %[[I]]) with size 3
    // GENERIC: "irdl.region"({{.*}}) <{constrainedArguments, numberOfBlocks = 3 : i32}>
    %7 = irdl.region
    %8 = irdl.region()
    %9 = irdl.region(%0, %0) with size 3
    // CHECK-NEXT: irdl.regions(a: %[[R0]], b: %[[R1]], c: %[[R2]])
    irdl.regions(a: %7, b: %8, c: %9)
  }
}
