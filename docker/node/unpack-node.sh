#!/bin/sh
# Makes the root of an image that can stand for Node's own slim one, from Debian packages and a Node of this machine.
#
#   unpack-node.sh SUITE FOLDER NODE
#   tar -C FOLDER -c . | docker import -c 'ENV PATH=/usr/local/bin:/usr/bin:/bin' - NAME
#
# NODE is the program itself, such as node_modules/node/bin/node; Debian gives it its C and C++ libraries.
set -eu

fail() {
  echo "unpack-node: $*" >&2
  exit 1
}

[ $# -eq 3 ] || fail "needs three words: SUITE FOLDER NODE, such as trixie /tmp/node-root node_modules/node/bin/node."
suite=$1
root=$2
node=$3

# Before anything is fetched, and before a folder of an earlier time is emptied.
if [ ! -f "$node" ] || [ ! -x "$node" ]; then
  fail "there is no Node at $node: run \"npm ci\" in the repository, which brings the package of Node to node_modules/node, or name another Node 24."
fi

/bin/sh "$(dirname "$0")/../unpack-packages.sh" "$suite" "$root" libc6 libstdc++6

# As in Node's own image: the program's place, and a user without rights.
mkdir -p "$root/usr/local/bin" "$root/home/node"
cp "$node" "$root/usr/local/bin/node"
chmod 755 "$root/usr/local/bin/node"
echo 'node:x:1000:1000::/home/node:/bin/sh' >> "$root/etc/passwd"
echo 'node:x:1000:' >> "$root/etc/group"
