import { expect, test } from 'vitest'
import { labChoices } from '#simulator/labChoices.ts'
import { linkOf, settingsOfLink } from '../../../src/site/playground/settingsLink.ts'
import {
  formValues,
  refusalOf,
  withAddon,
  withBackend,
  withFault,
  withNodes,
  withPlugin,
  withProxy,
} from '../../../src/site/playground/settingsText.ts'
import { en } from '../../../src/site/strings/en.ts'
import { ko } from '../../../src/site/strings/ko.ts'

const choices = await labChoices()

test('the form changes the text and reads it again', () => {
  let text = 'cni: {plugin: flannel, backend: vxlan}\nproxy: iptables\n'
  text = withNodes(withProxy(withBackend(withPlugin(text, 'calico'), 'vxlan'), 'nftables'), 4)
  text = withAddon(withAddon(withAddon(text, 'metallb', true), 'istio', true), 'metallb', false)
  expect(formValues(text)).toEqual({
    plugin: 'calico',
    backend: 'vxlan',
    proxy: 'nftables',
    nodes: '4',
    addons: ['istio'],
  })
  expect(refusalOf(text, choices)).toBeUndefined()
})

test('every choice makes a lab that can begin', () => {
  for (const { name, backends } of choices.plugins)
    for (const backend of ['', ...backends])
      expect(refusalOf(withBackend(withPlugin('', name), backend), choices)).toBeUndefined()
  for (const fault of choices.faults) expect(refusalOf(withFault('', fault), choices)).toBeUndefined()
  for (const addon of choices.addons) expect(refusalOf(withAddon('', addon, true), choices)).toBeUndefined()
  for (const proxy of choices.proxies) expect(refusalOf(withProxy('', proxy), choices)).toBeUndefined()
  for (const nodes of choices.nodes) expect(refusalOf(withNodes('', nodes), choices)).toBeUndefined()
})

test('every fault has its name in both languages', () => {
  const names = choices.faults.map(({ name }) => name)
  expect(Object.keys(en.faultNames)).toEqual(names)
  expect(Object.keys(ko.faultNames)).toEqual(names)
})

test('a text that makes no lab says why, and the form does not break on it', () => {
  expect(refusalOf('cni: [', choices)).toMatch(/^lab\.yaml: /)
  expect(refusalOf('cni: zilium', choices)).toContain('unknown plugin zilium (known: flannel, ')
  expect(refusalOf('cni: {plugin: weave, backend: vxlan}', choices)).toContain('weave has no backend vxlan')
  expect(formValues('cni: [').plugin).toBe('')
})

test('settings travel in a link', () => {
  const text = 'cni: {plugin: calico}\n# 한글도 가요 ???>>>\n'
  expect(settingsOfLink(linkOf(text))).toBe(text)
  expect(linkOf(text)).toMatch(/^#lab=[\w-]+$/)
  expect(settingsOfLink('#lab=%%%')).toBeUndefined()
  expect(settingsOfLink('#objects')).toBeUndefined()
})
