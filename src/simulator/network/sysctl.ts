import { connectionSettings } from './conntrack.ts'

/** Kernel settings of a new network namespace. */
export function defaultSettings(): Map<string, string> {
  return new Map([
    ['net.bridge.bridge-nf-call-arptables', '1'],
    ['net.bridge.bridge-nf-call-ip6tables', '1'],
    ['net.bridge.bridge-nf-call-iptables', '1'],
    ['net.core.somaxconn', '4096'],
    ['net.ipv4.conf.all.accept_local', '0'],
    ['net.ipv4.conf.all.arp_announce', '0'],
    ['net.ipv4.conf.all.arp_ignore', '0'],
    ['net.ipv4.conf.all.forwarding', '0'],
    ['net.ipv4.conf.all.proxy_arp', '0'],
    ['net.ipv4.conf.all.route_localnet', '0'],
    ['net.ipv4.conf.all.rp_filter', '0'],
    ['net.ipv4.icmp_echo_ignore_all', '0'],
    ['net.ipv4.ip_default_ttl', '64'],
    ['net.ipv4.ip_forward', '0'],
    ['net.ipv4.ip_local_port_range', '32768\t60999'],
    ['net.ipv4.ip_unprivileged_port_start', '1024'],
    ['net.ipv4.tcp_fin_timeout', '60'],
    ['net.ipv4.tcp_retries2', '15'],
    ['net.ipv4.tcp_syn_retries', '6'],
    ['net.ipv4.tcp_synack_retries', '5'],
    ['net.netfilter.nf_conntrack_max', '262144'],
    ...connectionSettings(),
  ])
}
