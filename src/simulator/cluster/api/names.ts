/** What is wrong with a name; nothing when it is fine. Texts are those of k8s.io/apimachinery/pkg/util/validation. */
export type NameCheck = (name: string) => string[]

const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?'
const subdomain = `${label}(\\.${label})*`
const qualified = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]'
const labelValue = `(${qualified})?`
const dns1035 = '[a-z]([-a-z0-9]*[a-z0-9])?'
const variable = '[-._a-zA-Z][-._a-zA-Z0-9]*'
const configKey = '[-._a-zA-Z0-9]+'
const header = '[-A-Za-z0-9]+'
const percentage = '[0-9]+%'

const labelPattern = whole(label)
const subdomainPattern = whole(subdomain)
const qualifiedPattern = whole(qualified)
const labelValuePattern = whole(labelValue)
const dns1035Pattern = whole(dns1035)
const variablePattern = whole(variable)
const configKeyPattern = whole(configKey)
const wildcardPattern = whole(`\\*\\.${subdomain}`)
const headerPattern = whole(header)
const percentagePattern = whole(percentage)

const labelText =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character"
const subdomainText =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character"
const qualifiedText =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character"

/** Names of namespaces, containers and most things that become part of a host name. */
export function checkDns1123Label(name: string): string[] {
  const text = subdomainPattern.test(name) ? 'must not contain dots' : describe(labelText, label, 'my-name', '123-abc')
  return check(name, 63, labelPattern, text)
}

/** Names of most objects. */
export function checkDns1123Subdomain(name: string): string[] {
  return check(name, 253, subdomainPattern, describe(subdomainText, subdomain, 'example.com'))
}

/** Labels that must begin with a letter. */
export function checkDns1035Label(name: string): string[] {
  const text =
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character"
  return check(name, 63, dns1035Pattern, describe(text, dns1035, 'my-name', 'abc-123'))
}

/** Host names of Ingress rules that begin with `*.`. */
export function checkWildcardSubdomain(name: string): string[] {
  const text =
    "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character"
  return check(name, 253, wildcardPattern, describe(text, `\\*\\.${subdomain}`, '*.example.com'))
}

/** Keys of labels and annotations, names of resources and conditions: `example.com/name`. */
export function checkQualifiedName(name: string): string[] {
  const parts = name.split('/')
  if (parts.length > 2) {
    const text = describe(`a valid label key ${qualifiedText}`, qualified, 'MyName', 'my.name', '123-abc')
    return [`${text} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`]
  }
  const errors: string[] = []
  const own = parts[parts.length - 1]!
  if (parts.length === 2) {
    const prefix = parts[0]!
    if (prefix === '') errors.push('prefix part must be non-empty')
    else errors.push(...checkDns1123Subdomain(prefix).map(error => `prefix part ${error}`))
  }
  if (own === '') errors.push('name part must be non-empty')
  else if (bytesOf(own) > 63) errors.push(`name part ${maximumBytes(63)}`)
  if (!qualifiedPattern.test(own))
    errors.push(describe(`name part ${qualifiedText}`, qualified, 'MyName', 'my.name', '123-abc'))
  return errors
}

/** Values of labels. */
export function checkLabelValue(value: string): string[] {
  const errors: string[] = []
  if (bytesOf(value) > 63) errors.push(maximumBytes(63))
  if (!labelValuePattern.test(value)) {
    const text = `a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character`
    errors.push(describe(text, labelValue, 'MyValue', 'my_value', '12345'))
  }
  return errors
}

/** Keys of ConfigMaps and Secrets, which become file names. */
export function checkConfigMapKey(key: string): string[] {
  const errors: string[] = []
  if (bytesOf(key) > 253) errors.push(maximum(253))
  if (!configKeyPattern.test(key)) {
    const text = "a valid config key must consist of alphanumeric characters, '-', '_' or '.'"
    errors.push(describe(text, configKey, 'key.name', 'KEY_NAME', 'key-name'))
  }
  return [...errors, ...checkDots(key)]
}

/** Names of environment variables, as strictly as the first releases wanted them. */
export function checkEnvironmentName(name: string): string[] {
  const errors: string[] = []
  if (!variablePattern.test(name)) {
    const text =
      "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit"
    errors.push(describe(text, variable, 'my.env-name', 'MY_ENV.NAME', 'MyEnvName1'))
  }
  return [...errors, ...checkDots(name)]
}

/** Names of environment variables: anything printable but `=`. */
export function checkRelaxedEnvironmentName(name: string): string[] {
  if (name === '') return ['environment variable name must be non-empty']
  if (/^[ -<>-~]+$/.test(name)) return []
  return ["a valid environment variable name must consist only of printable ASCII characters other than '='"]
}

/** Names of ports. */
export function checkPortName(name: string): string[] {
  const errors: string[] = []
  if (name.length > 15) errors.push(maximum(15))
  if (!/^[-a-z0-9]+$/.test(name)) errors.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)')
  if (!/[a-z]/.test(name)) errors.push('must contain at least one letter (a-z)')
  if (name.includes('--')) errors.push('must not contain consecutive hyphens')
  if (name.startsWith('-') || name.endsWith('-')) errors.push('must not begin or end with a hyphen')
  return errors
}

/** Names of HTTP headers. */
export function checkHeaderName(name: string): string[] {
  if (headerPattern.test(name)) return []
  return [describe("a valid HTTP header must consist of alphanumeric characters or '-'", header, 'X-Header-Name')]
}

/** `25%`, as rolling updates and disruption budgets take it. */
export function checkPercentage(text: string): string[] {
  if (percentagePattern.test(text)) return []
  return [
    describe("a valid percent string must be a numeric string followed by an ending '%'", percentage, '1%', '93%'),
  ]
}

/** Numbers of ports. */
export function checkPort(port: number): string[] {
  return port >= 1 && port <= 65535 ? [] : [between(1, 65535)]
}

export function between(low: number, high: number): string {
  return `must be between ${low} and ${high}, inclusive`
}

/** Names that become a segment of a path: what roles are called. */
export function checkPathSegment(name: string): string[] {
  if (name === '.' || name === '..') return [`may not be '${name}'`]
  return ['/', '%'].filter(letter => name.includes(letter)).map(letter => `may not contain '${letter}'`)
}

/** The part of a generated name that is given is checked as if letters followed. */
export function asPrefix(name: string): string {
  return name.length > 1 && name.endsWith('-') ? `${name.slice(0, -2)}a` : name
}

function check(name: string, limit: number, pattern: RegExp, text: string): string[] {
  const errors: string[] = []
  if (bytesOf(name) > limit) errors.push(maximum(limit))
  if (!pattern.test(name)) errors.push(text)
  return errors
}

function checkDots(name: string): string[] {
  if (name === '.') return ["must not be '.'"]
  if (name === '..') return ["must not be '..'"]
  return name.startsWith('..') ? ["must not start with '..'"] : []
}

function describe(text: string, pattern: string, ...examples: readonly string[]): string {
  const list = examples.map(example => `'${example}'`).join(',  or ')
  return `${text} (e.g. ${list}, regex used for validation is '${pattern}')`
}

function maximum(length: number): string {
  return `must be no more than ${length} characters`
}

function maximumBytes(length: number): string {
  return `must be no more than ${length} bytes`
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length
}

function whole(pattern: string): RegExp {
  return new RegExp(`^${pattern}$`)
}
