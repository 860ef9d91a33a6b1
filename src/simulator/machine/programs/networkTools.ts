import type { Program } from '../program.ts'

/** A program that people know and that does nothing here but say so. */
function missing(name: string, summary: string, instead = ''): Program {
  return {
    name,
    summary,
    run: process => process.fail(`not simulated here${instead === '' ? '' : `: try ${instead}`}`),
  }
}

/** Network programs that are installed but not simulated. */
export const networkTools: readonly Program[] = [
  missing('arping', 'send ARP requests to a neighbour host', 'ip neigh'),
  missing('brctl', 'Ethernet bridge administration', 'bridge'),
  missing('ethtool', 'query or control network driver and hardware settings', 'ip -s link'),
  missing('hping3', 'send (almost) arbitrary TCP/IP packets to network hosts'),
  missing('ip6tables', 'administration tool for IPv6 packet filtering and NAT', 'iptables'),
  missing('ip6tables-save', 'dump IPv6 iptables rules', 'iptables-save'),
  missing('iperf3', 'perform network throughput tests'),
  missing('nmap', 'network exploration tool and security / port scanner', 'nc -zv'),
  missing('socat', 'multipurpose relay', 'nc'),
  missing('tshark', 'dump and analyze network traffic', 'tcpdump'),
]
