import { goBuild } from './go-build';
import { Tool } from './tool';

/** A second opinion on NetworkPolicies: says which connections they let through. */
export const CYCLONUS: Tool = {
  name: 'cyclonus',
  version: '0.5.6',
  variable: 'CYCLONUS_BINARY',
  build: file =>
    goBuild(
      {
        package: 'github.com/mattfenwick/cyclonus/cmd/cyclonus',
        module: 'github.com/mattfenwick/cyclonus',
        version: '0.5.6',
      },
      file,
    ),
};
