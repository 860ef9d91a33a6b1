import { expect, test } from 'vitest'
import { images } from '../../../src/simulator/cluster/images/registry.ts'

function tagsOf(repository: string) {
  const image = images.find(each => each.repository === repository)!
  return (tag: string) => image.hasTag(tag)
}

test.each([
  [
    'docker.io/library/nginx',
    ['latest', '1.27', '1.27.5', '1.14.2', 'alpine', '1.25-alpine', 'stable'],
    ['nope', '1.99', '1.27.9', 'v1'],
  ],
  ['docker.io/library/busybox', ['latest', '1.28', '1.36', '1.36.1', 'stable'], ['2', 'nope']],
  ['registry.k8s.io/e2e-test-images/agnhost', ['2.53', '2.45'], ['latest']],
  ['docker.io/nicolaka/netshoot', ['latest', 'v0.13'], ['v9']],
])('%s has the tags that the registry has', (repository, there, absent) => {
  const has = tagsOf(repository)
  expect(there.filter(tag => !has(tag))).toEqual([])
  expect(absent.filter(has)).toEqual([])
})

test('no repository is listed twice', () => {
  const names = images.map(image => image.repository)
  expect(new Set(names).size).toBe(names.length)
})
