import { expect, test } from 'vitest'
import { echoText, formatPrintf, type PrintfDialect } from '#simulator/machine/printf.ts'

test.each<[format: string, args: string[], text: string]>([
  ['%d %s\\n', ['1', 'a', '2', 'b'], '1 a\n2 b\n'],
  ['%5.2f|%-8s|%08.3f', ['3.14159', 'ab', '2.5'], ' 3.14|ab      |0002.500'],
  ['%x %X %o %#x %#o', ['255', '255', '8', '255', '8'], 'ff FF 10 0xff 010'],
  ['%.0f %.0f %.0f', ['0.5', '1.5', '2.5'], '0 2 2'],
  ['%*d|%-*d|%.*f', ['5', '42', '5', '42', '2', '3.14159'], '   42|42   |3.14'],
  ['%x', ['-1'], 'ffffffffffffffff'],
  ['%5s|%-5s|', ['é', 'é'], '   é|é   |'],
  ['%b|', ['a\\tb\\0101\\c', 'z'], 'a\tbA'],
  ['%g %g %e', ['1000000', '0.0001', '12345.678'], '1e+06 0.0001 1.234568e+04'],
  ['\\303\\251', [], 'é'],
])('printf %j %j is the same in every shell', (format, args, text) => {
  for (const dialect of ['bash', 'gnu', 'dash'] as const)
    expect(formatPrintf(format, args, { dialect }).text).toBe(text)
})

test.each<[dialect: PrintfDialect, format: string, args: string[], text: string, errors: string[]]>([
  ['bash', '%d', ['12x'], '12', ['12x: invalid number']],
  ['gnu', '%d', ['12x'], '12', ["'12x': value not completely converted"]],
  ['dash', '%d', ['12x'], '12', ['12x: not completely converted']],
  ['ash', '%d', ['x'], '0', ["invalid number 'x'"]],
  ['bash', '%y', [], '', ["`y': invalid format character"]],
  ['gnu', '%y', [], '', ['%y: invalid conversion specification']],
  ['dash', '%y', [], '', ['%y: invalid directive']],
  ['ash', '%y', [], '', ['%y: invalid format']],
  ['gnu', 'x', ['y'], 'x', ['warning: ignoring excess arguments, starting with y']],
  ['bash', '%q', ["it's a"], "it\\'s\\ a", []],
  ['gnu', '%q', ["it's a"], '"it\'s a"', []],
])('%s printf %j %j', (dialect, format, args, text, errors) => {
  expect(formatPrintf(format, args, { dialect })).toEqual({ text, errors })
})

test.each([
  [['-n', 'a'], 'a'],
  [['-e', 'a\\tb\\0101'], 'a\tbA\n'],
  [['-e', 'a\\cb'], 'a'],
  [['-nE', 'a\\t'], 'a\\t'],
  [['-x', 'a'], '-x a\n'],
  [['a', '-n'], 'a -n\n'],
])('echo %j', (words, text) => {
  expect(echoText(words)).toBe(text)
})
