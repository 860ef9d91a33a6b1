import { boolean, text } from './flag.ts'

const formats =
  'json, yaml, kyaml, name, go-template, go-template-file, template, templatefile, jsonpath, jsonpath-as-json, jsonpath-file'
const tableFormats = `${formats}, custom-columns, custom-columns-file, wide`

const names = formats.split(', ')
const tableNames = tableFormats.split(', ')

/** `--template` and its companions: how objects are printed as text. */
export const templateFlags = {
  'allow-missing-template-keys': boolean(
    'If true, ignore any errors in templates when a field or map key is missing in the template. Only applies to golang and jsonpath output formats.',
    true,
  ),
  template: text(
    'Template string or path to template file to use when -o=go-template, -o=go-template-file. The template format is golang templates [http://golang.org/pkg/text/template/#pkg-overview].',
  ),
  'show-managed-fields': boolean('If true, keep the managedFields when printing objects in JSON or YAML format.'),
}

/** `-o` of the commands that print one object. */
export const outputFlags = {
  ...templateFlags,
  output: text(`Output format. One of: (${formats}).`, '', { short: 'o', complete: names }),
}

/** `-o` where YAML is the default. */
export const yamlOutputFlags = {
  ...templateFlags,
  output: text(`Output format. One of: (${formats}).`, 'yaml', { short: 'o', complete: names }),
}

/** `-o` of `kubectl get`, which knows tables too. */
export const tableOutput = text(
  `Output format. One of: (${tableFormats}). See custom columns [https://kubernetes.io/docs/reference/kubectl/#custom-columns], golang template [http://golang.org/pkg/text/template/#pkg-overview] and jsonpath template [https://kubernetes.io/docs/reference/kubectl/jsonpath/].`,
  '',
  { short: 'o', complete: tableNames },
)

/** `--no-headers` of tables. */
export const noHeaders = boolean(
  "When using the default or custom-column output format, don't print headers (default print headers).",
)
