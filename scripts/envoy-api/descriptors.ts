import { readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import {
  create,
  createFileRegistry,
  DescEnum,
  DescMessage,
  FileRegistry,
  fromBinary,
  Message,
  toBinary,
} from '@bufbuild/protobuf';
import {
  DescriptorProto,
  EnumDescriptorProto,
  FileDescriptorProto,
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
} from '@bufbuild/protobuf/wkt';
import { IN_USE } from './in-use';
import { ENVOY_VERSION } from '../conformance/envoy';
import { go } from '../conformance/go-build';
import { inWorkFolder } from '../conformance/work-folder';

/*
 * Envoy's API as descriptors of protocol buffers: the messages in use, with all that they are made of. They are taken from the Go
 * module of the API, whose generated code holds them, at the version of the Envoy that tests run.
 */

export const DESCRIPTORS_FILE = join(__dirname, 'descriptors.binpb');

const MODULE = 'github.com/envoyproxy/go-control-plane/envoy';

/** The file of the constraints on values, which Envoy checks when it loads a configuration. They are options of fields. */
const RULES_FILE = 'validate/validate.proto';
/** The number of each of these options. */
const RULES = 1071;

/** The descriptors that are checked in. */
export function readDescriptors(): FileRegistry {
  return createFileRegistry(fromBinary(FileDescriptorSetSchema, readFileSync(DESCRIPTORS_FILE)));
}

/** Makes the descriptors anew. Needs Go and its module proxy. */
export async function makeDescriptors(): Promise<Uint8Array> {
  const set = fromBinary(FileDescriptorSetSchema, await descriptorsOfModule());
  set.file = importedFirst(set.file);
  const registry = createFileRegistry(set);
  const kept = closure([
    ...Object.keys(IN_USE).map(name => messageOf(registry, name)),
    ...registry.getFile(RULES_FILE)!.messages,
    ...registry.getFile(RULES_FILE)!.extensions.map(({ extendee }) => extendee),
  ]);
  const fileOf = new Map([...kept].map(({ typeName, file }) => [`.${typeName}`, file.proto.name]));
  const files = new Set(fileOf.values());
  set.file = importedFirst(set.file.filter(({ name }) => files.has(name)).map(file => pruned(file, fileOf)));
  return toBinary(FileDescriptorSetSchema, set);
}

/** Files behind those that they import, and else by name. */
function importedFirst(files: readonly FileDescriptorProto[]): FileDescriptorProto[] {
  const byName = new Map(files.map(file => [file.name, file]));
  const ordered = new Set<FileDescriptorProto>();
  const add = (name: string): void => {
    const file = byName.get(name)!;
    file.dependency.forEach(add);
    ordered.add(file);
  };
  [...byName.keys()].sort().forEach(add);
  return [...ordered];
}

function messageOf(registry: FileRegistry, name: string): DescMessage {
  const found = registry.getMessage(name);
  if (found === undefined) {
    throw new Error(`${name} is no message of Envoy ${ENVOY_VERSION}`);
  }
  return found;
}

/** Descriptors of the files that messages in use are in, and of all that these import. */
function descriptorsOfModule(): Promise<Uint8Array> {
  const packages = Object.keys(IN_USE)
    .filter(name => name.startsWith('envoy.'))
    .map(name => [MODULE, ...name.slice('envoy.'.length, name.search(/\.[A-Z]/)).split('.')].join('/'));
  return inWorkFolder(async folder => {
    const output = join(folder, 'api.binpb');
    writeFileSync(join(folder, 'go.mod'), `module throwaway\ngo 1.26.0\nrequire ${MODULE} v${ENVOY_VERSION}\n`);
    writeFileSync(join(folder, 'main.go'), program([...new Set(packages)].sort()));
    await go(['run', '.', output], folder, `reading the API of Envoy ${ENVOY_VERSION}`);
    return readFileSync(output);
  });
}

/** A program that writes the descriptors of everything it is linked with. */
function program(packages: readonly string[]): string {
  return `package main

import (
	"os"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"

${packages.map(name => `	_ "${name}"`).join('\n')}
)

func main() {
	set := &descriptorpb.FileDescriptorSet{}
	protoregistry.GlobalFiles.RangeFiles(func(file protoreflect.FileDescriptor) bool {
		set.File = append(set.File, protodesc.ToFileDescriptorProto(file))
		return true
	})
	data, err := proto.MarshalOptions{Deterministic: true}.Marshal(set)
	if err == nil {
		err = os.WriteFile(os.Args[1], data, 0o644)
	}
	if err != nil {
		panic(err)
	}
}
`;
}

/** Messages with all that their fields are made of. */
function closure(roots: readonly DescMessage[]): ReadonlySet<DescMessage | DescEnum> {
  const kept = new Set<DescMessage | DescEnum>();
  const add = (desc: DescMessage | DescEnum | undefined): void => {
    if (desc !== undefined && !kept.has(desc)) {
      kept.add(desc);
      if (desc.kind === 'message') {
        desc.fields.forEach(field => [field.message, field.enum].forEach(add));
      }
    }
  };
  roots.forEach(add);
  return kept;
}

/** A file with the types that are kept alone, and nothing of how other languages use it. */
function pruned({ name, syntax, package: scope, ...file }: FileDescriptorProto, fileOf: ReadonlyMap<string, string>) {
  const extension = name === RULES_FILE ? file.extension : [];
  const messageType = messagesOf(file.messageType, `.${scope}`, fileOf);
  const types = [...messageType.flatMap(typesIn), ...extension.flatMap(field => [field.typeName, field.extendee])];
  return create(FileDescriptorProtoSchema, {
    name,
    syntax,
    package: scope,
    dependency: [...new Set(types.flatMap(type => fileOf.get(type) ?? []))].filter(other => other !== name).sort(),
    messageType,
    enumType: enumsOf(file.enumType, `.${scope}`, fileOf),
    extension,
  });
}

/** The messages of a file or a message that are kept. What another is nested in is there for its name, if for nothing else. */
function messagesOf(
  messages: readonly DescriptorProto[],
  scope: string,
  fileOf: ReadonlyMap<string, string>,
): DescriptorProto[] {
  return messages.flatMap(message => {
    const name = `${scope}.${message.name}`;
    const isKept = fileOf.has(name) || (message.options?.mapEntry === true && fileOf.has(scope));
    message.nestedType = messagesOf(message.nestedType, name, fileOf);
    message.enumType = enumsOf(message.enumType, name, fileOf);
    if (!isKept) {
      message.field = [];
      message.oneofDecl = [];
    }
    withoutAnnotations([message, ...message.field, ...message.oneofDecl]);
    return isKept || message.nestedType.length + message.enumType.length > 0 ? [message] : [];
  });
}

function enumsOf(
  enums: readonly EnumDescriptorProto[],
  scope: string,
  fileOf: ReadonlyMap<string, string>,
): EnumDescriptorProto[] {
  const kept = enums.filter(({ name }) => fileOf.has(`${scope}.${name}`));
  withoutAnnotations([...kept, ...kept.flatMap(({ value }) => value)]);
  return kept;
}

/** Of what others add to options, the constraints are of use. */
function withoutAnnotations(elements: readonly { readonly options?: Message }[]): void {
  for (const { options } of elements) {
    if (options !== undefined) {
      options.$unknown = options.$unknown?.filter(({ no }) => no === RULES);
    }
  }
}

function typesIn({ field, nestedType }: DescriptorProto): string[] {
  return [...field.map(({ typeName }) => typeName), ...nestedType.flatMap(typesIn)];
}
