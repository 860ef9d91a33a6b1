# Calls both ports of the Service vault from every pod at once, and says who got an answer.
call() {
  if kubectl exec -n "${1%/*}" "${1#*/}" -- curl -s -o /dev/null -m 2 "http://vault.bank:$2/" 2> /dev/null; then
    echo "$1 -> vault:$2 gets in"
  else
    echo "$1 -> vault:$2 -"
  fi
}
for who in bank/teller bank/actor audit/inspector audit/intern lobby/guest; do
  call $who 80 &
  call $who 90 &
done | sort
wait
