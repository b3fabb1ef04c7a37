import { parseAllDocuments } from 'yaml';
import { ASKED_FEATURES } from './features';
import { filesOf, filesOnDisk, folderNames, strayFolders } from './folders';
import { storedService, storedWorkload } from '../../src/backends/kubernetes/stored-form';
import { Manifest } from '../support/validate';

const ADVICE = 'Where that is meant: npm run golden, and read the difference before you commit it.';

/** Says of a difference where it is, and what to do about it. */
function expectGolden(place: string, emitted: unknown, onDisk: unknown): void {
  try {
    expect(emitted).toEqual(onDisk);
  } catch (error) {
    (error as Error).message = `test/golden/${place}: ${(error as Error).message}\n\n${ADVICE}`;
    throw error;
  }
}

describe.each(folderNames())('%s', folder => {
  it('emits what stands there, and nothing else', () => {
    const emitted = filesOf(folder);
    const onDisk = filesOnDisk(folder);
    for (const file of Object.keys(emitted).filter(name => name in onDisk)) {
      expectGolden(`${folder}/${file}`, emitted[file], onDisk[file]);
    }
    expectGolden(folder, Object.keys(emitted).sort(), Object.keys(onDisk));
  });
});

it('has workloads and Services as an API server stores them, so that whoever compares sees no change', () => {
  for (const folder of folderNames()) {
    const documents = parseAllDocuments(filesOnDisk(folder)['objects.yaml'] ?? '').map(document => document.toJS());
    for (const object of documents.filter(isOurs)) {
      expectGolden(`${folder}/objects.yaml`, object, storedForm(object));
    }
  }
});

/** Whether an object is one that the library makes, and not one of the app beside it. */
function isOurs(object: Manifest | null): boolean {
  return object?.metadata.labels?.['app.kubernetes.io/managed-by'] === 'cdk8s-mcp';
}

/** What an API server would store of an object, as far as it is known here. */
function storedForm(object: Manifest): unknown {
  switch (object.kind) {
    case 'Deployment':
    case 'StatefulSet':
      return storedWorkload(object);
    case 'Service':
      return storedService(object);
    default:
      return object;
  }
}

it('has no folder without an app', () => {
  expectGolden('', strayFolders(), []);
});

it('has a folder for every feature of a data plane that a chart can ask for', () => {
  const known = new Set(folderNames());
  expect(ASKED_FEATURES.filter(feature => !known.has(feature))).toEqual([]);
});
