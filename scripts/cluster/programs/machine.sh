#!/bin/sh
# The first process of a machine that pods run on: mounts, network, host name and processes are its own, and all of it ends with it.
#   machine.sh FOLDER PACKAGES
set -e
folder=$1
packages=$2
mount --make-rshared /
hostname node1
# The programs of the packages are where they expect themselves to be, for this machine alone.
mount -t overlay overlay -o "lowerdir=$packages/usr:/usr" /usr
mount -t tmpfs tmpfs /run
mkdir -p /run/lock /run/netns /etc/cni "$folder/log"
mount --bind "$folder/log" /var/log
mkdir -p /var/log/pods
ip link set lo up
ip link add eth0 type veth peer name eth0peer
ip address add 10.10.0.2/24 dev eth0
ip link set eth0 up
ip link set eth0peer up
ip route add default via 10.10.0.1 dev eth0
echo 1 > /proc/sys/net/ipv4/ip_forward
echo 1 > /proc/sys/net/bridge/bridge-nf-call-iptables
# What kubelet sets is the whole kernel's, and none of our business: it finds it set, in files of this machine.
for setting in vm/overcommit_memory=1 vm/panic_on_oom=0 kernel/panic=10 kernel/panic_on_oops=1 \
  kernel/keys/root_maxkeys=1000000 kernel/keys/root_maxbytes=25000000; do
  file=/run/settings/${setting%=*}
  mkdir -p "$(dirname "$file")"
  echo "${setting#*=}" > "$file"
  mount --bind "$file" "/proc/sys/${setting%=*}"
done
for hierarchy in blkio cpu cpuacct cpuset devices freezer memory pids systemd; do
  mkdir -p "/sys/fs/cgroup/$hierarchy/mcp-node"
done
for file in cpuset.cpus cpuset.mems; do
  cat "/sys/fs/cgroup/cpuset/$file" > "/sys/fs/cgroup/cpuset/mcp-node/$file"
done
touch "$folder/ready"
# Takes leave of whatever ends without a parent.
while :; do
  sleep 3600 &
  wait $!
done
