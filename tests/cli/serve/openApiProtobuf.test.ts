import { expect, test } from 'vitest'
import { encodeOpenApi } from '../../../src/cli/serve/openApiProtobuf.ts'
import { ProtobufReader } from '../../../src/cli/serve/protobufReader.ts'

/** The values that stand at a path of field numbers. */
function at(bytes: Uint8Array, ...path: readonly number[]): (Uint8Array | bigint)[] {
  const [number, ...rest] = path
  if (number === undefined) return [bytes]
  const found = [...new ProtobufReader(bytes).fields()].filter(field => field.number === number)
  return found.flatMap(({ value }) => (typeof value === 'bigint' ? [value] : at(value, ...rest)))
}

const texts = (values: readonly (Uint8Array | bigint)[]) =>
  values.map(value => (typeof value === 'bigint' ? value : Buffer.from(value).toString()))

const gvk = { group: '', version: 'v1', kind: 'ConfigMap' }
const document = {
  swagger: '2.0',
  info: { title: 'Kubernetes', version: '1.36' },
  paths: {
    '/api/v1/configmaps': {
      post: {
        consumes: ['*/*'],
        parameters: [
          { name: 'body', in: 'body', required: true, schema: { $ref: '#/definitions/ConfigMap' } },
          { name: 'fieldValidation', in: 'query', type: 'string', uniqueItems: true },
        ],
        'x-kubernetes-group-version-kind': gvk,
      },
    },
  },
  definitions: {
    ConfigMap: {
      type: 'object',
      required: ['data'],
      properties: { data: { type: 'object', additionalProperties: { type: 'string' } } },
    },
  },
}

test('paths keep their parameters and the kind that they are about', () => {
  const bytes = encodeOpenApi(document)
  expect(texts(at(bytes, 1))).toEqual(['2.0'])
  const post = [8, 2, 2, 4]
  expect(texts(at(bytes, 8, 2, 1))).toEqual(['/api/v1/configmaps'])
  expect(texts(at(bytes, ...post, 8, 1, 1, 5, 1))).toEqual(['#/definitions/ConfigMap'])
  expect(texts(at(bytes, ...post, 8, 1, 2, 3, 4))).toEqual(['fieldValidation'])
  expect(texts(at(bytes, ...post, 13, 1))).toEqual(['x-kubernetes-group-version-kind'])
  expect(texts(at(bytes, ...post, 13, 2, 2))).toEqual([`${JSON.stringify(gvk)}\n`])
})

test('definitions keep types, properties and what is required', () => {
  const schema = [9, 1, 2]
  const bytes = encodeOpenApi(document)
  expect(texts(at(bytes, 9, 1, 1))).toEqual(['ConfigMap'])
  expect(texts(at(bytes, ...schema, 22, 1))).toEqual(['object'])
  expect(texts(at(bytes, ...schema, 19))).toEqual(['data'])
  expect(texts(at(bytes, ...schema, 25, 1, 1))).toEqual(['data'])
  expect(texts(at(bytes, ...schema, 25, 1, 2, 21, 1, 22, 1))).toEqual(['string'])
})
