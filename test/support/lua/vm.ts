import { spawnSync } from 'child_process';
import { once } from 'events';
import { readFileSync } from 'fs';
import { join } from 'path';
import { Worker } from 'worker_threads';

/*
 * Lua, to run the programs of the proxy without a proxy: LuaJIT, which is what Envoy has, where LUAJIT_BINARY names it; else
 * Lua 5.4 in WebAssembly, with LuaJIT's `bit` imitated. Strings are bytes there: here they are strings whose characters are
 * those bytes (`latin1`).
 */

// Lua in WebAssembly is slow where there is much to compute.
jest.setTimeout(120_000);

const { LUAJIT_BINARY } = process.env;
const BIT = luaFile('bit.lua');
const JSON_WRITER = luaFile('json.lua');

/** The text of a Lua file of this folder. */
export function luaFile(name: string): string {
  return readFileSync(join(__dirname, name), 'utf8');
}

/** Runs a chunk in a Lua of its own, and gives what it returns. */
export async function evaluate(chunk: string): Promise<any> {
  const script = `${JSON_WRITER}\nlocal write = io.write\nlocal result = to_json((function()\n${chunk}\nend)())\n`;
  return JSON.parse(
    LUAJIT_BINARY === undefined
      ? await inWebAssembly(`${BIT}\n${script}return result`)
      : inLuaJit(LUAJIT_BINARY, `${script}write(result)`),
  );
}

let worker: Worker | undefined;
let last: Promise<unknown> = Promise.resolve();

/** One script at a time. */
function inWebAssembly(script: string): Promise<string> {
  const result = last.then(() => ask(script));
  last = result.catch(() => undefined);
  return result;
}

async function ask(script: string): Promise<string> {
  worker ??= new Worker(join(__dirname, 'wasm-worker.js'));
  worker.ref();
  worker.postMessage(script);
  const [{ result, error }] = await once(worker, 'message');
  // It holds up nothing when there is no more to do.
  worker.unref();
  if (error !== undefined) {
    throw new Error(error);
  }
  return result;
}

function inLuaJit(binary: string, script: string): string {
  const { status, stdout, stderr, error } = spawnSync(binary, ['-'], { input: script, encoding: 'latin1' });
  if (status !== 0) {
    throw error ?? new Error(stderr);
  }
  return stdout;
}

/** The bytes of a text, as strings are given to Lua. */
export function utf8(text: string): string {
  return Buffer.from(text).toString('latin1');
}

/** A value as Lua's source: what is undefined is left out. */
export function literal(value: unknown): string {
  if (typeof value === 'string') {
    return `"${[...value].map(literalCharacter).join('')}"`;
  }
  if (Array.isArray(value)) {
    return `{ ${value.map(literal).join(', ')} }`;
  }
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).filter(([, item]) => item !== undefined);
    return `{ ${fields.map(([name, item]) => `[${literal(name)}] = ${literal(item)}`).join(', ')} }`;
  }
  return value === null ? 'nil' : String(value);
}

function literalCharacter(character: string): string {
  const byte = character.codePointAt(0)!;
  if (byte > 255) {
    throw new Error(`no byte: ${JSON.stringify(character)}`);
  }
  return /[ !#-[\]-~]/.test(character) ? character : `\\${String(byte).padStart(3, '0')}`;
}
