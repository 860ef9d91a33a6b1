import { useEffect, useState } from 'react'
import type { PacketPath } from '#simulator/packetPath.ts'
import { stopsOf, wayOf } from './packetWay.ts'
import type { Layout } from './topologyLayout.ts'

/** How long a packet takes from corner to corner, in milliseconds: slow enough to follow. */
const pace = 140

/** The last request on its way through the picture; numbered stops where motion is not wanted. */
export function PacketDot({ path, layout }: { path: PacketPath; layout: Layout }) {
  const points = wayOf(path.stops, layout)
  const [step, setStep] = useState(0)
  const [isStill, setStill] = useState(false)

  useEffect(() => setStill(matchMedia('(prefers-reduced-motion: reduce)').matches), [])
  useEffect(() => setStep(0), [path.id])
  useEffect(() => {
    if (isStill || step >= points.length - 1) return
    const timer = setTimeout(() => setStep(step + 1), pace)
    return () => clearTimeout(timer)
  }, [step, points.length, isStill])

  const at = points[Math.min(step, points.length - 1)]
  if (!at) return null
  if (isStill)
    return (
      <g className="packet">
        {stopsOf(path.stops, layout).map((point, index) => (
          <text key={`${index + 1}`} x={point.x} y={point.y} textAnchor="middle">
            {index + 1}
          </text>
        ))}
      </g>
    )
  return (
    <g className={`packet ${path.verdict}`}>
      <polyline
        points={points
          .slice(0, step + 1)
          .map(({ x, y }) => `${x},${y}`)
          .join(' ')}
      />
      <circle cx={at.x} cy={at.y} r={7} style={{ transition: `cx ${pace}ms linear, cy ${pace}ms linear` }} />
    </g>
  )
}
