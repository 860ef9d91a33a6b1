import { expect, test } from 'vitest'
import { proxiedPage, proxiedPath } from '../../../../src/simulator/cluster/apiserver/rest/proxyLinks.ts'

const prefix = '/api/v1/namespaces/default/pods/web/proxy'

test('paths lead through the proxy, other addresses stay', () => {
  expect(proxiedPath(prefix, '/a/b?c=1')).toBe(`${prefix}/a/b?c=1`)
  expect(proxiedPath(prefix, 'a/b')).toBe('a/b')
  expect(proxiedPath(prefix, 'https://example.com/')).toBe('https://example.com/')
  expect(proxiedPath(prefix, '//example.com/')).toBe('//example.com/')
  expect(proxiedPath(prefix, `${prefix}/a`)).toBe(`${prefix}/a`)
})

test('links, images and forms of a page are rewritten, its text is not', () => {
  const page = '<p title="/x">"/y"</p><a class="/z" href="/a">a</a><img src="/b.png" alt="/b"><form action="/c">'
  expect(proxiedPage(prefix, page)).toBe(
    `<p title="/x">"/y"</p><a class="/z" href="${prefix}/a">a</a><img src="${prefix}/b.png" alt="/b"><form action="${prefix}/c">`,
  )
})
