// RUN: martlet opt %s --split-input-file --verify-diagnostics

// expected-error @+1 {{name of dialect should not contain uppercase letters}}
irdl.dialect @Garden {}

// -----

irdl.dialect @garden {
  // expected-error @+1 {{name of type should not contain leading or double underscores}}
  irdl.type @_bed {}
}

// -----

irdl.dialect @garden {
  irdl.type @bed {
    %0 = irdl.any
    // expected-error @+1 {{name of parameter #1 is a duplicate of the name of parameter #0}}
    irdl.parameters(plant: %0, plant: %0)
  }
}

// -----

irdl.dialect @garden {
  // expected-error @+1 {{contains a value named 'x' for both its operands and results}}
  irdl.operation @dig {
    %0 = irdl.any
    irdl.operands(x: %0)
    irdl.results(x: %0)
  }
}

// -----

irdl.dialect @garden {
  irdl.type @bed {
    // expected-error @+1 {{symbol '@garden::@tree' not found}}
    %0 = irdl.base @garden::@tree
  }
}

// -----

irdl.dialect @garden {
  irdl.type @bed {
    // expected-error @+1 {{should start with '!' or '#'}}
    %0 = irdl.base "builtin.integer"
  }
}

// -----

irdl.dialect @garden {
  irdl.operation @dig {
    // expected-error @+1 {{the number of blocks is expected to be >= 1 but got 0}}
    %0 = irdl.region with size 0
  }
}

// -----

// expected-error @+1 {{expects parent op 'irdl.dialect'}}
irdl.operation @dig {}
