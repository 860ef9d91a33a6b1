import { expect, test } from 'vitest'
import { findSections, type SearchIndex } from '../../../src/site/search/findSections.ts'
import { lessonSections } from '../../../src/site/search/lessonSections.ts'

const section = (title: string, text: string) => ({ title, heading: '', path: `/${title}/`, text })
const index: SearchIndex = {
  sections: [
    section('정책', '네트워크정책은 파드를 골라요.'),
    section('바깥', '클라우드의 로드밸런서가 주소를 줘요. 네트워크정책도 있어요.'),
    section('서비스', '엔드포인트슬라이스에 파드의 주소가 실려요.'),
  ],
  synonyms: [['엔드포인트', 'endpoint', 'endpoints']],
}
const titles = (query: string) => findSections(index, query).map(hit => hit.section.title)

test('words are found inside compounds, titles first', () => {
  expect(titles('정책')).toEqual(['정책', '바깥'])
  expect(titles('밸런서')).toEqual(['바깥'])
  expect(titles('엔드포인트')).toEqual(['서비스'])
})

test('an English term finds the Korean one', () => {
  expect(titles('Endpoint')).toEqual(['서비스'])
})

test('every word has to be there', () => {
  expect(titles('정책 로드')).toEqual(['바깥'])
  expect(titles('정책 게이트웨이')).toEqual([])
  expect(titles('  ')).toEqual([])
})

test('an excerpt shows the place', () => {
  const text = `${'가 '.repeat(200)}브리지${' 나'.repeat(200)}`
  const [hit] = findSections({ sections: [section('하나', text)], synonyms: [] }, '브리지')
  expect(hit?.excerpt).toMatch(/^… .*브리지.* …$/)
})

test('a lesson is searched by its steps, with its questions and commands', () => {
  const source = `---
title: x
---

An opening with \`code\`.

<Step id="one" title="1. First">

<Command line="kubectl get pods" />
See [the page](/en/glossary/).

<Predict id="p" question="Who > answers?" options={[{ value: 'a', text: 'the pod' }]} truth="a" because="It does." />

</Step>
`
  expect(lessonSections('T', '/en/x/', source)).toEqual([
    { title: 'T', heading: '', path: '/en/x/', text: 'An opening with code.' },
    {
      title: 'T',
      heading: '1. First',
      path: '/en/x/#one',
      text: 'kubectl get pods See the page. Who > answers? the pod It does.',
    },
  ])
})
