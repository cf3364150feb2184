#!/bin/bash
# Ready: this node finds itself up and a normal member of the ring, in the words of `nodetool status`.
# shellcheck disable=SC2086 # several options
state=$(java ${BRIEF_JVM_OPTIONS} -cp / OwnState "${POD_IP}") || exit 1
[[ ${state} == UN ]] && exit 0
echo "not up and normal: ${state:-${POD_IP} is not in the ring}"
exit 1
