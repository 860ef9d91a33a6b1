
import { ip, ping, prefix, request, serve, World } from './world.ts'
{
  const world = new World()
  const node = world.node('left', 1)
  const { machine, bridge } = node
  bridge.addAddress(prefix('10.245.0.1/16'))
  let t = performance.now()
  const boxes = Array.from({ length: 1000 }, (_, i) => {
    const box = world.network.createNamespace('b' + i, { machine: 'left' })
    const eth0 = box.addVeth('eth0', machine, 'veth' + i, 1450)
    eth0.peer.port.hairpin = true
    bridge.addPort(eth0.peer); eth0.peer.up()
    eth0.addAddress({ address: ip('10.245.0.0') + i + 2, length: 16 }); eth0.up()
    box.addRoute(prefix('0.0.0.0/0'), { gateway: ip('10.245.0.1') })
    return box
  })
  console.log('1000 boxes', performance.now() - t)
  t = performance.now()
  const lines = ['*nat', ':SERVICES - [0:0]', ':MARK-MASQ - [0:0]', ':MASQ - [0:0]', '-A PREROUTING -j SERVICES', '-A OUTPUT -j SERVICES', '-A POSTROUTING -j MASQ', '-A MARK-MASQ -j MARK --or-mark 0x4000', '-A MASQ -m mark ! --mark 0x4000/0x4000 -j RETURN', '-A MASQ -j MARK --xor-mark 0x4000', '-A MASQ -j MASQUERADE --random-fully']
  for (let s = 0; s < 1000; s++) {
    const vip = `10.96.${s >> 8}.${s & 255}`
    lines.push(`:SVC-${s} - [0:0]`, `:SEP-${s} - [0:0]`, `-A SERVICES -m comment --comment "default/web${s} cluster IP" -m tcp -p tcp -d ${vip} --dport 80 -j SVC-${s}`,
      `-A SVC-${s} -m comment --comment "x" -m tcp -p tcp -d ${vip} --dport 80 ! -s 10.244.0.0/15 -j MARK-MASQ`, `-A SVC-${s} -j SEP-${s}`,
      `-A SEP-${s} -s 10.245.0.${2 + s % 200}/32 -j MARK-MASQ`, `-A SEP-${s} -m tcp -p tcp -j DNAT --to-destination 10.245.0.${2 + s % 200}:8080`)
  }
  lines.push('COMMIT', '')
  machine.netfilter.restore(lines.join('\n'), { noFlush: true })
  console.log('restore 5000 rules', performance.now() - t)
  t = performance.now(); machine.netfilter.save(); console.log('save', performance.now() - t)
  for (const b of boxes.slice(0, 200)) serve(b, 8080)
  for (let round = 0; round < 3; round++) {
    t = performance.now()
    const before = world.network.carried
    const o = Array.from({ length: 500 }, (_, i) => request(boxes[300 + i]!, `10.96.${i >> 8}.${i & 255}`, 80))
    world.advance(100)
    const dt = performance.now() - t
    console.log('500 service requests', dt.toFixed(0), 'ms', o.filter(x => x.answer).length, ((world.network.carried - before) / dt * 1000).toFixed(0), 'frames/s')
  }
  for (const on of [true, false]) {
    world.network.trace.isOn = on
    t = performance.now()
    const before = world.network.carried
    for (let i = 0; i < 20000; i++) { ping(boxes[i % 1000]!, '10.245.0.2'); if (i % 10 === 0) world.advance(1) }
    world.advance(10)
    const dt = performance.now() - t
    console.log('20000 pings trace', on, dt.toFixed(0), 'ms', ((world.network.carried - before) / dt * 1000).toFixed(0), 'frames/s')
  }
  t = performance.now()
  console.log(JSON.stringify(world.network.snapshot()).length, 'snapshot', performance.now() - t)
}
