// Lua 5.4 in a thread of its own: what loads the WebAssembly does so by `import()`, which code that jest loads may not use.
const { parentPort } = require('worker_threads');
const { LuaFactory } = require('wasmoon');

const factory = new LuaFactory();

parentPort.on('message', async script => {
  const engine = await factory.createEngine({ injectObjects: false, enableProxy: false });
  try {
    parentPort.postMessage({ result: engine.doStringSync(script) });
  } catch (error) {
    parentPort.postMessage({ error: error.message });
  } finally {
    engine.global.close();
  }
});
