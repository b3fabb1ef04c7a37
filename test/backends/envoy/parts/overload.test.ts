import { overload, overloadManager } from '../../../../src/backends/envoy/parts/overload';
import { Gateway } from '../../../../src/model/gateway';
import { gatewayOf } from '../../../support/literals';
import { planOfEntries } from '../plans';

const MIB = 2 ** 20;
const manager = (memoryLimit?: number): any => overloadManager(gatewayOf({ memoryLimit }));
const found = (gateway: Partial<Gateway>) =>
  overload.check!(planOfEntries([], gateway)).map(({ id, severity, property, value }) => [
    id,
    severity,
    property,
    value,
  ]);

it.each([128, 512, 4096])('heap and connections follow from the memory limit of %d MiB', mebibytes => {
  const [heap, connections] = manager(mebibytes * MIB).resource_monitors.map(({ typed_config }: any) => typed_config);
  expect(heap.max_heap_size_bytes).toBeLessThan(0.75 * mebibytes * MIB);
  expect(connections.max_active_downstream_connections).toBe(8 * mebibytes);
});

it('begins with what takes most, and refuses everybody last', () => {
  const { actions, loadshed_points: points } = manager(512 * MIB);
  const begins = Object.fromEntries(
    [...actions, ...points].map(({ name, triggers: [{ scaled, threshold }] }: any) => [
      name.split('.').pop(),
      scaled?.scaling_threshold ?? threshold.value,
    ]),
  );
  expect(begins.reset_high_memory_stream).toBeLessThan(begins.http1_server_abort_dispatch);
  expect(begins.http1_server_abort_dispatch).toBeLessThan(begins.stop_accepting_requests);
  expect(begins.stop_accepting_requests).toBeLessThan(begins.stop_accepting_connections);
});

it('bounds nothing where nothing limits the memory, and says so', () => {
  expect(manager()).toBeUndefined();
  expect(found({ memoryLimit: undefined })).toEqual([
    ['envoy-memory-unlimited', 'warning', 'resources.memory.limit', undefined],
  ]);
});

it('refuses a limit that Envoy could not even start with', () => {
  expect(found({ memoryLimit: 127 * MIB })).toEqual([
    ['envoy-memory-small', 'error', 'resources.memory.limit', '127Mi'],
  ]);
  expect(found({ memoryLimit: 128 * MIB })).toEqual([]);
});

it('refuses bodies that a few callers could fill the memory with', () => {
  const traffic = (sizeLimit: number): Pick<Gateway, 'traffic'> => ({
    traffic: {
      path: 'app/gw',
      demands: [],
      requestFiltering: { sizeLimit, headerFilters: [], bodyFilters: [] },
    },
  });
  expect(found(traffic(22 * MIB))).toEqual([]);
  expect(found(traffic(64 * MIB))).toEqual([
    ['envoy-memory-bodies', 'error', 'requestFiltering.sizeLimit', '64Mi of 512Mi'],
  ]);
});
