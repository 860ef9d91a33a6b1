# Pulls the cable of one pod. Which one? That is for you to find out.
pod=$(kubectl get pods red blue green -o jsonpath='{range .items[*]}{.metadata.uid} {.metadata.name}{"\n"}{end}' | sort | head -n 1 | cut -d ' ' -f 2)
index=$(kubectl exec "$pod" -- ip -o link show eth0 | sed 's/.*@if\([0-9]*\):.*/\1/')
cable=$(ssh node1 ip -o link | grep "^$index: " | cut -d ' ' -f 2 | cut -d @ -f 1)
ssh node1 ip link set "$cable" down
date > /tmp/pulled
echo "One cable is out."
