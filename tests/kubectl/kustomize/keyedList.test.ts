import { expect, test } from 'vitest'
import { mergeItems } from '#simulator/kubectl/kustomize/keyedList.ts'

const port = (text: string) => {
  const [number, protocol, name] = text.split(/[/:]/)
  return { containerPort: Number(number), ...(protocol && { protocol }), ...(name && { name }) }
}
const ports = (list: string) => (list ? list.split(' ').map(port) : [])
const shown = (items: readonly Record<string, unknown>[]) =>
  items.map(({ containerPort, protocol, name }) => [containerPort, protocol ?? '', name ?? ''].join('/')).join(' ')

// What `kubectl kustomize` of release 1.36.3 printed for these lists.
test.each([
  { list: '80', patch: '81/UDP', result: '81/UDP/ 80//' },
  { list: '80 81/UDP', patch: '82/TCP', result: '82/TCP/ 80// 81/UDP/' },
  { list: '80 81/UDP', patch: '81/UDP 80', result: '80// 81/UDP/' },
  { list: '80 81/UDP 82/TCP', patch: '90 91', result: '90// 91// 80// 81/UDP/ 82/TCP/' },
  { list: '80 70', patch: '90 70//q', result: '90// 70//q 80//' },
  { list: '82/TCP 81/UDP', patch: '81//x 5', result: '5// 82/TCP/ 81/UDP/' },
  { list: '', patch: '80 81/UDP', result: '80// 81/UDP/' },
  { list: '80', patch: '80/TCP', result: '80//' },
])('ports $list with a patch of $patch become $result', ({ list, patch, result }) => {
  const merged = mergeItems(ports(list), ports(patch), ['containerPort', 'protocol'], (item, change) =>
    item || change ? { ...item, ...change } : undefined,
  )
  expect(shown(merged)).toBe(result)
})
