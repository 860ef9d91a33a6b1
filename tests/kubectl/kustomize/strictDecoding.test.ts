import { expect, test } from 'vitest'
import { decodeStrictly, type Shape } from '#simulator/kubectl/kustomize/strictDecoding.ts'

const shape: Shape = {
  struct: 'Kustomization',
  fields: {
    namePrefix: 'string',
    resources: { list: 'string' },
    commonLabels: { map: 'string' },
    configMapGenerator: {
      list: { struct: 'ConfigMapArgs', fields: { name: 'string' }, embedded: { GeneratorArgs: ['name'] } },
    },
  },
}

test('fields are found without regard to upper and lower case', () => {
  expect(decodeStrictly({ Resources: ['a'], nameprefix: 'x' }, shape, 'types')).toEqual({
    resources: ['a'],
    namePrefix: 'x',
  })
})

test.each([
  [{ foo: 1 }, 'json: unknown field "foo"'],
  [{ namePrefix: 1 }, 'json: cannot unmarshal number into Go struct field Kustomization.namePrefix of type string'],
  [{ resources: 'a' }, 'json: cannot unmarshal string into Go struct field Kustomization.resources of type []string'],
  [
    { configMapGenerator: [{ name: 1 }] },
    'json: cannot unmarshal number into Go struct field ConfigMapArgs.configMapGenerator.GeneratorArgs.name of type string',
  ],
  [[], 'json: cannot unmarshal array into Go value of type types.Kustomization'],
])('%j is refused in the words of encoding/json', (value, message) => {
  expect(() => decodeStrictly(value, shape, 'types')).toThrow(message)
})
