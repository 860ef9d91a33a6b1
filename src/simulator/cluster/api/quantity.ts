/** The number that a quantity like `100m`, `1.5Gi` or `2e3` stands for. */
export function parseQuantity(text: string): number {
  const match = /^([+-]?[0-9.]+)([eE][+-]?[0-9]+|[A-Za-z]*)$/.exec(text)
  if (!match) throw new Error(invalidQuantity)
  const [, digits = '', suffix = ''] = match
  return Number(digits) * (multipliers.get(suffix) ?? Number(`1${suffix}`))
}

const invalidQuantity = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
const multipliers = new Map<string, number>([
  ['', 1],
  ['n', 1e-9],
  ['u', 1e-6],
  ['m', 1e-3],
  ['k', 1e3],
  ['M', 1e6],
  ['G', 1e9],
  ['T', 1e12],
  ['P', 1e15],
  ['E', 1e18],
  ['Ki', 2 ** 10],
  ['Mi', 2 ** 20],
  ['Gi', 2 ** 30],
  ['Ti', 2 ** 40],
  ['Pi', 2 ** 50],
  ['Ei', 2 ** 60],
])
