// Calls TA-Lib functions and prints their answers as JSON. Reads {calls: [{name, inputs, options, outputs}]} from stdin: columns of equal length, the function's
// settings in TA-Lib's order, and how many columns it returns. Each answer is {begin, columns}: `begin` is the bar of the first value.
// The first argument is the folder that holds node_modules. The C functions are called directly, because the module's own
// wrappers read one bar too many and hand over one address for two results.
const { createRequire } = require("module");
const path = require("path");

// The module prefers fetch to the file system, and Node's fetch knows no file paths.
delete globalThis.fetch;
const talib = createRequire(path.resolve(process.argv[2], "here.js"))("talib-web");

function call(wasm, { name, inputs, options, outputs }) {
  const count = inputs[0].length;
  const allocate = () => wasm._malloc(count * 8);
  const results = wasm._malloc(16);
  const given = inputs.map(allocate);
  const answers = Array.from({ length: outputs }, allocate);
  given.forEach((at, i) => wasm.HEAPF64.set(inputs[i], at / 8));
  const values = [0, count - 1, ...given, ...options, results, results + 8, ...answers];
  const code = wasm.ccall(`TA_${name}`, "number", values.map(() => "number"), values);
  if (code !== 0) throw new Error(`TA_${name} answered ${code}`);
  const begin = wasm.HEAP32[results / 4];
  const length = wasm.HEAP32[results / 4 + 2];
  const columns = answers.map((at) => Array.from(wasm.HEAPF64.subarray(at / 8, at / 8 + length)));
  [...given, ...answers, results].forEach((at) => wasm._free(at));
  return { begin, columns };
}

async function main() {
  let text = "";
  for await (const part of process.stdin) text += part;
  const wasm = await talib.init(path.join(process.argv[2], "node_modules", "talib-web", "lib", "talib.wasm"));
  process.stdout.write(JSON.stringify(JSON.parse(text).calls.map((each) => call(wasm, each))));
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
