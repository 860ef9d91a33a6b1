import { expect, test } from 'vitest'
import { dispatchChains } from '#simulator/cluster/cni/calico/dispatchChains.ts'

const unknown = '-m comment --comment "Unknown interface" --jump DROP'

test('interfaces whose names go on alike share a chain', () => {
  expect(
    dispatchChains(
      'to',
      ['cali9', 'cali12', 'cali11'].map(name => `${name}0000`),
    ),
  ).toEqual([
    {
      name: 'cali-to-wl-dispatch-1',
      rules: [
        '--out-interface cali110000 --goto cali-tw-cali110000',
        '--out-interface cali120000 --goto cali-tw-cali120000',
        unknown,
      ],
    },
    {
      name: 'cali-to-wl-dispatch',
      rules: [
        '--out-interface cali1+ --goto cali-to-wl-dispatch-1',
        '--out-interface cali90000 --goto cali-tw-cali90000',
        unknown,
      ],
    },
  ])
})

test('without pods everything is unknown', () => {
  expect(dispatchChains('from', [])).toEqual([{ name: 'cali-from-wl-dispatch', rules: [unknown] }])
})
