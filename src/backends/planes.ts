import { agentgateway } from './agentgateway';
import { DataPlane } from './data-plane';

const PLANES: readonly DataPlane[] = [agentgateway];

/** The data plane of a name. */
export function dataPlane(name: string): DataPlane {
  const plane = PLANES.find(candidate => candidate.name === name);
  if (plane === undefined) {
    throw new Error(`unknown data plane "${name}"`);
  }
  return plane;
}
