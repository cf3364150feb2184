#!/bin/bash
# Ready: this node finds itself up and a normal member of the ring.
status=$(nodetool status | grep -F " ${POD_IP} ") || { echo "${POD_IP} is not in the ring"; exit 1; }
[[ ${status} == UN* ]] && exit 0
echo "not up and normal: ${status}"
exit 1
