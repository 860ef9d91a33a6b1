import { expect, test } from 'vitest'
import { inOrder } from '#simulator/machine/programs/nft/elementOrder.ts'

test('elements are listed by the number that their key is read as', () => {
  const elements = [
    '10.96.0.1 . tcp . 443 : goto a',
    '10.108.109.250 . tcp . 80 : goto b',
    '10.106.191.33 . tcp . 80 comment "x" : goto c',
    '10.101.97.101 . tcp . 80 : goto d',
  ]
  expect(inOrder(elements).map(element => element.at(-1))).toEqual(['c', 'd', 'b', 'a'])
  expect(inOrder(['tcp . 30083 : x', 'tcp . 30081 : y'])).toEqual(['tcp . 30081 : y', 'tcp . 30083 : x'])
  expect(inOrder(['10.96.0.10', '10.96.0.1'])).toEqual(['10.96.0.1', '10.96.0.10'])
})
