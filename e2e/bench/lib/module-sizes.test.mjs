import assert from "node:assert/strict";
import { test } from "node:test";
import { homeOf, moduleSizes } from "./module-sizes.mjs";

test("a function belongs to the module of the page that it names, or else to its crate", () => {
  for (const [name, home] of [
    ["_RNvNtNtCslmT1FP23oLb_12batch_runner6domain8template10newer_than", "batch_runner::domain"],
    [
      "_RINvNtCs1OA3ihfmHv5_4core3ptr13drop_in_placeNtNtNtCslmT1FP23oLb_12batch_runner6domain5batch5BatchE",
      "batch_runner::domain",
    ],
    ["_RNvXNtCs1OA3ihfmHv5_4core3anyTbbENtB2_3Any7type_idCslmT1FP23oLb_12batch_runner", "core"],
    ["__wasm_split_00live00_export_87_part", "entries"],
    ["memcpy", "others"],
  ]) {
    assert.equal(homeOf(name), home, name);
  }
});

test("the sizes of a module's functions are summed by their homes", () => {
  const name = [..."_RNvNtC4core3fmt5write"].map((letter) => letter.charCodeAt(0));
  const section = (id, ...content) => [id, content.length, ...content];
  const names = section(1, 2, 1, name.length, ...name, 2, 1, 120);
  const bytes = Uint8Array.from([
    ...[0, 97, 115, 109, 1, 0, 0, 0],
    // One imported function, so that the first of its own is number 1.
    ...section(2, 1, 1, 97, 1, 98, 0, 0),
    ...section(10, 2, 2, 0, 11, 3, 0, 1, 11),
    ...section(0, 4, 110, 97, 109, 101, ...names),
  ]);
  assert.deepEqual(moduleSizes(bytes), [
    ["others", 3],
    ["core", 2],
  ]);
});
