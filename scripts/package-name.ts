/** Loaded by ts-node (see test/tsconfig.json): makes `cdk8s-mcp` mean the sources of this repository. */
import { join } from 'path';
import { register } from 'tsconfig-paths';

register({ baseUrl: join(__dirname, '..'), paths: { 'cdk8s-mcp': ['src'] } });
