import { expect, test } from 'vitest'
import { parseGoTemplate } from '../../../src/simulator/kubectl/output/goTemplate.ts'

const object = {
  metadata: { name: 'web', labels: { app: 'web', tier: 'front' } },
  data: { password: 'c2VjcmV0' },
  items: [{ n: 1 }, { n: 2 }, { n: 3 }],
}

const run = (template: string, allowMissing = true) =>
  parseGoTemplate(template, { name: 'output', allowMissing }).format(object)

test.each([
  ['{{.metadata.name}}', 'web'],
  ['{{ .metadata.name | len }}', '3'],
  ['{{range .items}}{{.n}} {{end}}', '1 2 3 '],
  ['{{range $i, $x := .items}}{{$i}}={{$x.n}};{{end}}', '0=1;1=2;2=3;'],
  ['{{range $k, $v := .metadata.labels}}{{$k}}={{$v}} {{end}}', 'app=web tier=front '],
  ['{{if eq .metadata.name "web"}}yes{{else}}no{{end}}', 'yes'],
  ['{{if and .metadata.labels (not .spec)}}bare{{end}}', 'bare'],
  ['{{with .metadata}}{{.name}}{{end}}', 'web'],
  ['{{with .spec}}spec{{else}}none{{end}}', 'none'],
  ['{{.data.password | base64decode}}', 'secret'],
  ['{{index .items 1}}', 'map[n:2]'],
  ['{{(index .items 2).n}}', '3'],
  ['{{printf "%-5s|%03d" .metadata.name 7}}', 'web  |007'],
  ['{{.nothing}}', '<no value>'],
  ['a {{- " b " -}} c', 'a b c'],
  ['{{/* said */}}x', 'x'],
  ['{{define "t"}}<{{.}}>{{end}}{{template "t" .metadata.name}}', '<web>'],
  ['{{range .items}}{{if eq (printf "%v" .n) "2"}}{{break}}{{end}}{{.n}}{{end}}', '1'],
])('%s', (template, text) => {
  expect(run(template)).toBe(text)
})

test.each([
  ['{{.a', 'template: output:1: unclosed action'],
  ['{{range .items}}', 'template: output:1: unexpected EOF'],
  ['{{nope .a}}', 'template: output:1: function "nope" not defined'],
  ['{{.metadata.name.x}}', "can't evaluate field x in type"],
])('%s is refused', (template, message) => {
  expect(() => run(template)).toThrow(message)
})
