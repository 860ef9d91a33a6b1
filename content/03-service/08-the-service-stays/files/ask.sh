# Asks a Service again and again, a fifth of a second apart, and counts who answered.
# How: sh ask.sh SERVICE TIMES
kubectl exec client -- sh -c "
  for i in \$(seq $2); do
    curl -s -m 1 http://$1/hostname
    case \$? in
      0) echo ;;
      7) echo refused ;;
      *) echo no answer ;;
    esac
    sleep 0.2
  done
" | sort | uniq -c
