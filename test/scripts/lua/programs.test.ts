import { readFileSync } from 'fs';
import { lint } from '../../../scripts/lua/lint';
import { MODULE, PROGRAMS, programText, renderModule, sourceOf, strayFiles } from '../../../scripts/lua/programs';
import * as carried from '../../../src/backends/envoy/lua/programs';

describe('the programs of the proxy', () => {
  it('are carried by the library as they are in their files', () => {
    expect(readFileSync(MODULE, 'utf8') === renderModule()).toBe(true);
    expect(carried).toEqual(
      Object.fromEntries(PROGRAMS.map(program => [`${program.name.toUpperCase()}_PROGRAM`, programText(program)])),
    );
  });

  it('say nothing to the proxy of what they are', () => {
    expect(carried.MESSAGE_PROGRAM).not.toContain('--[[');
    expect(sourceOf('message.lua').text.endsWith(carried.MESSAGE_PROGRAM)).toBe(true);
  });

  it.each(PROGRAMS.map(({ name, files }) => [name, files] as const))('%s is without a finding', (_, files) => {
    expect(lint(files.map(sourceOf))).toEqual([]);
  });

  it('have all the files', () => {
    expect(strayFiles()).toEqual([]);
  });
});
