import { expect, test } from 'vitest'
import { type Frame, frameLength, packetLength } from '#simulator/network/packet.ts'
import { encodeFrame } from '#simulator/network/wire.ts'
import { ping, request, serve, twoNodes } from './world.ts'

function hex(bytes: Uint8Array): string {
  return [...bytes].map(byte => byte.toString(16).padStart(2, '0')).join('')
}

/** The Internet checksum of bytes that hold their own: zero when it is right. */
function rest(bytes: Uint8Array, start = 0): number {
  let sum = start
  for (let i = 0; i < bytes.length; i += 2) sum += (bytes[i]! << 8) | (bytes[i + 1] ?? 0)
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16)
  return ~sum & 0xffff
}

function traffic(): { frames: Frame[]; lan: Frame[] } {
  const { world, left, right } = twoNodes()
  const [one, two] = [left.box('one'), right.box('two')]
  serve(two, 8080)
  const frames: Frame[] = []
  const lan: Frame[] = []
  one.interface('eth0')!.capture(frame => frames.push(frame))
  left.machine.interface('eth0')!.capture(frame => lan.push(frame))
  request(one, '10.244.2.2', 8080, 40000)
  ping(one, '10.244.2.2', { ttl: 1 })
  ping(one, '10.244.2.2', { size: 2000 })
  world.advance(1_000)
  return { frames, lan }
}

test('every frame takes as many bytes as its length says', () => {
  const { frames, lan } = traffic()
  expect(frames.length).toBeGreaterThan(15)
  for (const frame of [...frames, ...lan]) expect(encodeFrame(frame)).toHaveLength(frameLength(frame))
})

test('headers and segments hold right checksums', () => {
  for (const frame of traffic().frames) {
    if (frame.payload.kind !== 'ipv4') continue
    const bytes = encodeFrame(frame)
    expect(rest(bytes.subarray(14, 34))).toBe(0)
    const { body } = frame.payload
    if (body.kind === 'icmp') expect(rest(bytes.subarray(34))).toBe(0)
    if (body.kind !== 'tcp') continue
    const pseudo = [12, 14, 16, 18].reduce(
      (sum, at) => sum + (bytes[14 + at]! << 8) + bytes[15 + at]!,
      6 + bytes.length - 34,
    )
    expect(rest(bytes.subarray(34), pseudo)).toBe(0)
  }
})

test('the first segment of a handshake looks as on Linux', () => {
  const opening = traffic().frames.find(({ payload }) => payload.kind === 'ipv4' && payload.protocol === 'tcp')!
  const bytes = hex(encodeFrame(opening).subarray(14))
  expect(bytes.slice(0, 8)).toBe('4500003c')
  expect(bytes.slice(12, 20)).toBe('40004006')
  expect(bytes.slice(24, 48)).toBe('0af401020af402029c401f90')
  expect(bytes.slice(56, 72)).toMatch(/^00000000a002fd5c/)
  expect(bytes.slice(80)).toMatch(/^020405820402080a[\da-f]{8}0000000001030307$/)
})

test('a question for an Ethernet address', () => {
  const { frames } = traffic()
  const [mac, gateway] = [frames[0]!.source.replaceAll(':', ''), hex(Uint8Array.from([10, 244, 1, 1]))]
  expect(hex(encodeFrame(frames[0]!))).toBe(
    `ffffffffffff${mac}0806000108000604${'0001'}${mac}0af40102000000000000${gateway}`,
  )
})

test('a tunnelled frame stands whole behind the header of the tunnel', () => {
  const { frames, lan } = traffic()
  const inner = frames.find(({ payload }) => payload.kind === 'ipv4' && payload.protocol === 'tcp')!
  const outer = lan.find(({ payload }) => payload.kind === 'ipv4' && packetLength(payload) === 60 + 50)!
  const bytes = hex(encodeFrame(outer))
  expect(bytes.slice(84, 100)).toBe('0800000000000100')
  expect(bytes.slice(100 + 28, 100 + 28 + 8)).toBe(hex(encodeFrame(inner)).slice(28, 36))
})
