#!/bin/sh
# Unpacks a PostgreSQL server from Debian packages into a folder that becomes the root of an image.
#
#   unpack-postgresql.sh SUITE FOLDER
set -eu

suite=$1
root=$2

/bin/sh "$(dirname "$0")/../unpack-packages.sh" "$suite" "$root" postgresql

# It refuses to run as root, and asks for the name of whom it runs as.
echo 'postgres:x:999:999::/tmp:/bin/sh' >> "$root/etc/passwd"
echo 'postgres:x:999:' >> "$root/etc/group"
mkdir -p "$root/var/lib/postgresql/data"
chmod 1777 "$root/var/lib/postgresql/data"
