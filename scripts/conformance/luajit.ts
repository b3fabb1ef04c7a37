import { ofDistribution } from './distribution';

/** The Lua that Envoy has. */
export const LUAJIT = ofDistribution({ name: 'luajit', versionArgs: ['-v'], variable: 'LUAJIT_BINARY' });
