import { expect, test } from 'vitest'
import { fullName, InvalidImageName, parseImageReference } from '../../../src/simulator/cluster/api/imageReference.ts'

test.each([
  ['nginx', 'docker.io/library/nginx:latest'],
  ['nginx:1.27', 'docker.io/library/nginx:1.27'],
  ['nicolaka/netshoot:v0.13', 'docker.io/nicolaka/netshoot:v0.13'],
  ['docker.io/nginx', 'docker.io/library/nginx:latest'],
  ['registry.k8s.io/pause:3.10', 'registry.k8s.io/pause:3.10'],
  ['localhost/a', 'localhost/a:latest'],
  ['localhost:5000/a/b:c', 'localhost:5000/a/b:c'],
  ['public.ecr.aws/docker/library/busybox:latest', 'public.ecr.aws/docker/library/busybox:latest'],
  [`nginx@sha256:${'a'.repeat(64)}`, `docker.io/library/nginx@sha256:${'a'.repeat(64)}`],
])('%s stands for %s', (text, full) => {
  expect(fullName(parseImageReference(text))).toBe(full)
})

test.each([
  ['Nginx:1.27', 'invalid reference format: repository name (library/Nginx) must be lowercase'],
  ['bad image', 'invalid reference format'],
  ['nginx:', 'invalid reference format'],
  ['a--/b', 'invalid reference format'],
  [
    'a'.repeat(64).replaceAll('a', 'f'),
    `invalid repository name (${'f'.repeat(64)}), cannot specify 64-byte hexadecimal strings`,
  ],
])('%s is refused', (text, message) => {
  expect(() => parseImageReference(text)).toThrow(new InvalidImageName(message))
})
