import { expect, test } from 'vitest'
import { AwkInterpreter, type AwkWorld } from '#simulator/machine/awk/interpreter.ts'
import { parseAwk } from '#simulator/machine/awk/parser.ts'

const pods = 'NAME READY STATUS AGE\nweb-1 1/1 Running 5\nweb-2 0/1 Error 12\ndb:x 1/1 Running 3.5\n'

/** Programs and what mawk 1.3.4 prints for the table of pods. */
const cases: readonly (readonly [program: string, output: string, status?: number])[] = [
  ['{print $1,$3}', 'NAME STATUS\nweb-1 Running\nweb-2 Error\ndb:x Running\n'],
  ['NR>1 {print $NF}', '5\n12\n3.5\n'],
  ['NR>1 && $3=="Running" {n++} END {print n}', '2\n'],
  ['/web/ {sum+=$4} END {printf "%.2f %d\\n", sum, sum}', '17.00 17\n'],
  ['BEGIN {FS=":"} {print $2}', '\n\n\nx 1/1 Running 3.5\n'],
  [
    '{gsub(/web/,"<&>"); print}',
    'NAME READY STATUS AGE\n<web>-1 1/1 Running 5\n<web>-2 0/1 Error 12\ndb:x 1/1 Running 3.5\n',
  ],
  ['NR==2,NR==3 {print $1}', 'web-1\nweb-2\n'],
  ['$4>4 {print $1}', 'NAME\nweb-1\nweb-2\n'],
  ['NR>1 {if ($4 > 4) print "old"; else print "new"}', 'old\nold\nnew\n'],
  ['function twice(x) { return x*2 } NR>1 {print twice($4)}', '10\n24\n7\n'],
  ['NR==2 {n=split($1,part,"-"); print n, part[1], part[2]}', '2 web 1\n'],
  ['BEGIN {while (i < 3) {print i++} exit 3}', '0\n1\n2\n', 3],
  ['NR>1 && !seen[$3]++ {print $3}', 'Running\nError\n'],
  ['BEGIN {printf("%5s|%-5s|%05d|%x|%c\\n","ab","cd",42,255,"hello")}', '   ab|cd   |00042|ff|h\n'],
  ['BEGIN {print 1==1.0, "a" < "b", -2^2, 5%3}', '1 1 -4 2\n'],
  ['BEGIN {OFS="-"} NR==2 {$1=$1; print}', 'web-1-1/1-Running-5\n'],
  ['NR==2 {print match($0,/[0-9]+/), RSTART, RLENGTH}', '5 5 1\n'],
  ['NR==2 {print length($1), toupper($1), substr($1,2,3)}', '5 WEB-1 eb-\n'],
  ['END {print NR}', '4\n'],
]

test.each(cases.map(([program, output, status = 0]) => ({ program, output, status })))(
  '$program',
  async ({ program, output, status }) => {
    expect(await run(program)).toEqual({ output, status })
  },
)

test.each([
  ['{print $1', 'missing } near end of file'],
  ['{print "a}', 'runaway string constant'],
  ['/a(/ {', 'missing } near end of file'],
])('%s is refused', (program, message) => {
  expect(() => parseAwk(program)).toThrow(message.split(' at')[0]!)
})

async function run(program: string): Promise<{ output: string; status: number }> {
  const lines = pods.split('\n').slice(0, -1)
  let output = ''
  const world: AwkWorld = {
    readRecord: async () => lines.shift(),
    write: async text => {
      output += text
    },
    readFrom: async () => null,
    close: async () => -1,
    system: async () => 127,
    skipFile() {},
    random: () => 0.5,
    seed: () => 0,
    formatTime: () => '',
    now: () => 0,
  }
  const status = await new AwkInterpreter(parseAwk(program), world).run()
  return { output, status }
}
