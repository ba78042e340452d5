// A dialect of the tests' own: readings of instruments. It uses every part of ODS that the loader reads.
include "mlir/IR/OpBase.td"
include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/EnumAttr.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Gauge_Dialect : Dialect {
  let name = "gauge";
  let cppNamespace = "::gauge";
  let summary = "readings of instruments";
  let useDefaultTypePrinterParser = 1;
  let useDefaultAttributePrinterParser = 1;
}

// Enumerations: one of an attribute, one of an integer, one of bits.
def Gauge_Unit : I32EnumAttr<"Unit", "a unit", [
    I32EnumAttrCase<"Kelvin", 0, "kelvin">, I32EnumAttrCase<"Celsius", 1, "celsius">]> {
  let cppNamespace = "::gauge";
  let genSpecializedAttr = 0;
}
def Gauge_UnitAttr : EnumAttr<Gauge_Dialect, Gauge_Unit, "unit"> {
  let assemblyFormat = "`<` $value `>`";
}
def Gauge_Mode : I64EnumAttr<"Mode", "a mode", [
    I64EnumAttrCase<"Fast", 0, "fast">, I64EnumAttrCase<"Slow", 7, "slow">]> {
  let cppNamespace = "::gauge";
}
def Gauge_Flags : I32BitEnumAttr<"Flags", "flags", [
    I32BitEnumAttrCaseNone<"none">, I32BitEnumAttrCaseBit<"Noisy", 0, "noisy">,
    I32BitEnumAttrCaseBit<"Stale", 1, "stale">]> {
  let cppNamespace = "::gauge";
  let genSpecializedAttr = 0;
  let separator = "|";
}
def Gauge_FlagsAttr : EnumAttr<Gauge_Dialect, Gauge_Flags, "flags"> {
  let assemblyFormat = "`<` $value `>`";
}

class Gauge_Type<string name, string mnemonic_> : TypeDef<Gauge_Dialect, name> {
  let mnemonic = mnemonic_;
  let summary = mnemonic_ # " of an instrument";
}
def Gauge_Reading : Gauge_Type<"Reading", "reading"> {
  let parameters = (ins "::mlir::Type":$elementType,
                        DefaultValuedParameter<"::gauge::Unit", "Unit::Kelvin">:$unit);
  let assemblyFormat = "`<` $elementType (`,` $unit^)? `>`";
}
def Gauge_Token : Gauge_Type<"Token", "token">;
def Gauge_Box : Gauge_Type<"Box", "box"> {
  let parameters = (ins "::mlir::Type":$content);
  let hasCustomAssemblyFormat = 1;
}
def Gauge_Opaque : Gauge_Type<"Opaque", "opaque"> {
  let parameters = (ins "::mlir::Type":$a, "int":$b);
  let hasCustomAssemblyFormat = 1;
}

def Gauge_Range : AttrDef<Gauge_Dialect, "Range"> {
  let mnemonic = "range";
  let parameters = (ins "int64_t":$low, "int64_t":$high, OptionalParameter<"::mlir::StringAttr">:$label,
                        OptionalArrayRefParameter<"int64_t">:$marks);
  let assemblyFormat = "`<` struct(params) `>`";
}
def Gauge_Pair : AttrDef<Gauge_Dialect, "Pair"> {
  let mnemonic = "pair";
  let parameters = (ins "bool":$first, StringRefParameter<>:$second);
  let assemblyFormat = "`<` params `>`";
}
def Gauge_Hint : AttrDef<Gauge_Dialect, "Hint"> {
  let mnemonic = "hint";
  let parameters = (ins "::gauge::Unit":$value);
  let assemblyFormat = "$value";
}

class Gauge_Op<string mnemonic, list<Trait> traits = []> : Op<Gauge_Dialect, mnemonic, traits>;

def Gauge_ReadOp : Gauge_Op<"read", [Pure]> {
  let summary = "reads an instrument";
  let arguments = (ins SymbolNameAttr:$name, OptionalAttr<Gauge_Range>:$range,
                       DefaultValuedAttr<Gauge_UnitAttr, "::gauge::Unit::Kelvin">:$unit,
                       UnitAttr:$quiet);
  let results = (outs Gauge_Reading:$result);
  let assemblyFormat = [{
    $name (`in` $range^)? (`unit` $unit^)? (`quiet` $quiet^)? attr-dict `:` type($result)
  }];
}

def Gauge_AddOp : Gauge_Op<"add", [Pure, Commutative, SameOperandsAndResultType]> {
  let arguments = (ins Gauge_Reading:$lhs, Gauge_Reading:$rhs);
  let results = (outs Gauge_Reading:$sum);
  let assemblyFormat = "$lhs `,` $rhs attr-dict `:` type($sum)";
}

def Gauge_ValueOp : Gauge_Op<"value", [
    TypesMatchWith<"the value is what the reading holds", "reading", "value",
                   "::llvm::cast<ReadingType>($_self).getElementType()">]> {
  let arguments = (ins Gauge_Reading:$reading);
  let results = (outs AnyType:$value);
  let assemblyFormat = "$reading attr-dict `:` qualified(type($reading))";
}

def Gauge_SelectOp : Gauge_Op<"select", [
    AttrSizedOperandSegments, AllTypesMatch<["fallback", "result"]>,
    PredOpTrait<"at most two choices", CPred<"$_op.getNumOperands() <= 4">>]> {
  let arguments = (ins Variadic<Index>:$choices, Optional<I1>:$condition, AnyInteger:$fallback,
                       Gauge_Mode:$mode,
                       ConfinedAttr<I64Attr, [IntMinValue<1>, IntMaxValue<8>]>:$width,
                       DefaultValuedAttr<Gauge_FlagsAttr, "Flags::none">:$flags);
  let results = (outs AnyInteger:$result);
  let assemblyFormat = [{
    $mode `[` $choices `]` (`if` $condition^)? `else` $fallback `width` $width
    oilist(`flags` $flags) attr-dict `:` type($fallback)
  }];
}

def Gauge_ScopeOp : Gauge_Op<"scope", [SingleBlock, SingleBlockImplicitTerminator<"EndOp">]> {
  let arguments = (ins Variadic<AnyType>:$inputs);
  let regions = (region AnyRegion:$body);
  let assemblyFormat = "(`(` $inputs^ `:` type($inputs) `)`)? $body attr-dict-with-keyword";
}
def Gauge_EndOp : Gauge_Op<"end", [Terminator, HasParent<"ScopeOp">]> {
  let assemblyFormat = "attr-dict";
}
def Gauge_JumpOp : Gauge_Op<"jump", [Terminator]> {
  let successors = (successor AnySuccessor:$target, VariadicSuccessor<AnySuccessor>:$others);
  let assemblyFormat = "$target (`or` $others^)? attr-dict";
}
def Gauge_ShapeOp : Gauge_Op<"slice"> {
  let arguments = (ins AnyRankedTensor:$source, Variadic<Index>:$sizes, DenseI64ArrayAttr:$static_sizes,
                       OptionalAttr<DenseI32ArrayAttr>:$order);
  let results = (outs 2DTensorOf<[F32, F64]>:$result);
  let assemblyFormat = [{
    $source custom<DynamicIndexList>($sizes, $static_sizes) (`order` $order^)? attr-dict
      `:` functional-type($source, results)
  }];
}
def Gauge_RawOp : Gauge_Op<"raw"> {
  let arguments = (ins TypedArrayAttrBase<I32Attr, "32-bit integers">:$values);
  let hasCustomAssemblyFormat = 1;
}
def Gauge_CheckedOp : Gauge_Op<"checked"> {
  let arguments = (ins Type<CPred<"someFunction($_self)">, "what a function says">:$value);
  let assemblyFormat = "$value attr-dict `:` type($value)";
}
